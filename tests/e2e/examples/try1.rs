#![allow(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "scratch"
)]
use switchboard_demo::*;
use switchboard_e2e::*;
async fn run(s: &mut Scene) -> anyhow::Result<()> {
    let site = s.demo.crm_origin();
    s.turn_on(&site).await?;
    let page = s.crm(Headers::Plain, "/contacts").await?;
    let w = s.widget().await?;
    tokio::time::sleep(std::time::Duration::from_millis(4000)).await;
    let t = w.transcript();
    for r in &t.requests {
        println!(
            "{} {:?} took {:?} body {} resp {}",
            r.path,
            r.outcome,
            r.took,
            r.body
                .as_ref()
                .map(|b| b.to_string())
                .unwrap_or_default()
                .chars()
                .take(300)
                .collect::<String>(),
            r.response
                .as_ref()
                .map(|b| b.to_string())
                .unwrap_or_default()
                .chars()
                .take(400)
                .collect::<String>()
        );
    }
    for c in &t.commands {
        println!(
            "cmd {}",
            c.to_string().chars().take(300).collect::<String>()
        );
    }
    println!("faults {:?} contacts {}", t.faults, w.contacts().len());
    println!("view {}", s.view(&page).await?);
    Ok(())
}
fn main() {
    for (n, k) in [("chromium", Kind::Chromium), ("firefox", Kind::Firefox)] {
        if std::env::args().nth(1).is_none_or(|a| a == n) {
            let t = std::time::Instant::now();
            println!("{n} {:?}", play(k, Options::default(), run));
            println!("{:?}", t.elapsed())
        }
    }
}
