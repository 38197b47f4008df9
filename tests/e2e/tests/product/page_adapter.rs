//! RingCentral's own adapter, for a site whose owner trusts it.

use anyhow::{Result, ensure};
use serde_json::json;
use switchboard_demo::{Headers, Options, RingOptions};
use switchboard_e2e::{Kind, LIMIT, Scene, play};

#[test]
fn the_adapter_of_another_host_serves_the_page_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        the_adapter_of_another_host_serves_the_page,
    )
}

#[test]
fn the_adapter_of_another_host_serves_the_page_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        Options::default(),
        the_adapter_of_another_host_serves_the_page,
    )
}

async fn the_adapter_of_another_host_serves_the_page(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    scene.log_by_themselves(&site, true).await?;
    let popup = scene.popup(&site).await?;
    popup.click("#adapter-page").await?;
    popup
        .holds("document.querySelector('#saved').textContent !== ''")
        .await?;
    popup.close().await?;

    let page = scene.crm(Headers::Plain, "/contacts").await?;
    let widget = scene.widget().await?;
    let seen = page.eval("[typeof RCAdapter, frames.length]").await?;
    ensure!(
        seen == json!(["object", 1]),
        "the page has the adapter and its frame: {seen}"
    );

    let forged = json!({
        "type": "rc-post-message-request", "requestId": "forged", "path": "/callLogger",
        "body": { "triggerType": "presenceUpdate", "call": { "sessionId": "forged", "direction": "Inbound",
            "result": "Disconnected", "from": { "phoneNumber": "+14155550142" }, "startTime": 1_795_159_712_840_u64 } },
    });
    page.eval(&format!("void postMessage({forged}, '*')"))
        .await?;

    let session = widget.ring("+14155550142", &RingOptions::default());
    widget
        .wait_for("the caller's name", LIMIT, |it| {
            it.matches("+14155550142")
                .iter()
                .any(|it| it.get("name") == Some(&json!("Ada Whitfield")))
                .then_some(())
        })
        .await?;
    widget.answer();
    widget.end();
    widget
        .wait_for("the call is logged", LIMIT, |it| {
            it.is_logged(&session).then_some(())
        })
        .await?;
    let keys: Vec<String> = scene.book().await?.into_iter().map(|row| row.key).collect();
    ensure!(
        keys == [format!("call:{session}")],
        "only the real call is logged: {keys:?}"
    );
    Ok(())
}
