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
    s.browser.allow(&site).await?;
    let p = s
        .browser
        .tab(
            &s.browser
                .extension
                .page(&format!("popup/popup.html?site={site}")),
        )
        .await?;
    tokio::time::sleep(std::time::Duration::from_millis(2000)).await;
    println!("face {}", p.eval("document.body.dataset.face").await?);
    println!("body {}", p.eval("document.body.innerText").await?);
    println!("ask {}",p.eval(&format!("Promise.race([chrome.runtime.sendMessage({}),new Promise(r=>setTimeout(r,3000,'timeout'))])",serde_json::json!(serde_json::json!({"Popup":{"View":{"url":site,"tab":null,"language":"en"}}}).to_string()))).await?);
    println!("init {}",p.eval("import('/background/background.js').then(async m=>{try{await m.default({module_or_path:chrome.runtime.getURL('background/background_bg.wasm')});return 'inited '+await m.on_message(JSON.stringify({Popup:{View:{url:'https://crm.example:1',tab:null,language:'en'}}}),JSON.stringify({url:location.href}))}catch(e){return String(e)+e.stack}})").await?);
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
