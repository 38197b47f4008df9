#![allow(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "scratch"
)]
use switchboard_e2e::*;
use tokio::io::*;
async fn serve(port: u16) {
    let l = tokio::net::TcpListener::bind(("127.0.0.1", port))
        .await
        .unwrap();
    loop {
        let (mut s, _) = l.accept().await.unwrap();
        tokio::spawn(async move {
            let mut b = vec![0; 8192];
            let n = s.read(&mut b).await.unwrap_or(0);
            let t = String::from_utf8_lossy(&b[..n]).to_string();
            let csp = if t.starts_with("GET /strict") {
                "Content-Security-Policy: default-src 'none'; script-src 'self'\r\n"
            } else {
                ""
            };
            let body = "<!doctype html><title>p</title><body>hello";
            let r = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{csp}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            s.write_all(r.as_bytes()).await.ok();
            s.shutdown().await.ok();
        });
    }
}
async fn run(kind: Kind) -> anyhow::Result<()> {
    let port = if kind == Kind::Chromium { 18081 } else { 18082 };
    tokio::spawn(serve(port));
    let t = std::time::Instant::now();
    let mut b = Browser::start(kind, std::path::Path::new("/tmp/mext"), &["crm.test"]).await?;
    println!("### {kind:?} start {:?}", t.elapsed());
    for path in ["plain", "strict"] {
        let d = b.tab(&format!("http://crm.test:{port}/{path}")).await?;
        d.holds("(document.documentElement.dataset.notes||'').includes('documentId for frame')||(document.documentElement.dataset.notes||'').includes('tabs for frame')").await.ok();
        // page's own embedding
        d.eval("void(()=>{for(const [n,u] of [['page-dynamic',document.documentElement.dataset.frameUrl],['page-static',STATIC]]){const f=document.createElement('iframe');f.src=u+'?by='+n;f.id=n;document.body.append(f)}})()".replace("STATIC",&format!("'{}'",b.extension.page("frame/frame.html"))).as_str()).await?;
        tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
        println!(
            "tree {:#?}",
            b.tabs()
                .await?
                .iter()
                .map(|n| format!(
                    "{} -> {:?}",
                    n.url,
                    n.children.iter().map(|c| &c.url).collect::<Vec<_>>()
                ))
                .collect::<Vec<_>>()
        );
        println!(
            "frames.length {}",
            d.eval("[frames.length,document.querySelectorAll('iframe').length]")
                .await?
        );
        println!(
            "notes {path} {}",
            serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(
                d.eval("document.documentElement.dataset.notes")
                    .await?
                    .as_str()
                    .unwrap_or("null")
            )?)?
        );
        d.eval("void document.dispatchEvent(new Event('ask'))")
            .await?;
        d.holds("!!document.documentElement.dataset.report")
            .await
            .ok();
        println!(
            "worker {path} {}",
            serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(
                d.eval("document.documentElement.dataset.report")
                    .await?
                    .as_str()
                    .unwrap_or("null")
            )?)?
        );
        if path == "strict" {
            d.eval("void document.dispatchEvent(new Event('reload-ext'))")
                .await?;
            let state = "({ticks:document.documentElement.dataset.ticks,rid:document.documentElement.dataset.rid,attached:document.documentElement.dataset.attached,all:{...sessionStorage}})";
            for _ in 0..4 {
                tokio::time::sleep(std::time::Duration::from_millis(800)).await;
                match d.eval(state).await {
                    Ok(v) => println!("after reload {v}"),
                    Err(e) => println!("after reload err {e}"),
                }
                println!(
                    "tree {:?}",
                    b.tabs()
                        .await?
                        .iter()
                        .map(|n| format!(
                            "{} -> {:?}",
                            n.url,
                            n.children.iter().map(|c| &c.url).collect::<Vec<_>>()
                        ))
                        .collect::<Vec<_>>()
                );
            }
            d.eval("void(delete document.documentElement.dataset.report, document.dispatchEvent(new Event('ask')))").await?;
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            println!(
                "ask after reload {}",
                d.eval("document.documentElement.dataset.report??null")
                    .await?
            );
            let pic = d.picture().await?;
            println!("picture {} bytes", pic.len());
        }
    }
    let t = std::time::Instant::now();
    b.restart().await?;
    println!("restart {:?}", t.elapsed());
    b.quit().await?;
    Ok(())
}
#[tokio::main(flavor = "current_thread")]
async fn main() {
    for (n, k) in [("chromium", Kind::Chromium), ("firefox", Kind::Firefox)] {
        if std::env::args().nth(1).is_none_or(|a| a == n) {
            if let Err(e) = run(k).await {
                println!("{n} FAILED {e:?}");
            }
        }
    }
}
