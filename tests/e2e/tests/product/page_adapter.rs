//! RingCentral's own adapter, for a site whose owner trusts it.

use std::sync::Arc;

use anyhow::{Result, ensure};
use serde_json::json;
use switchboard::protocol::stored::Adapter;
use switchboard_demo::{Headers, Options, RingOptions, Widget};
use switchboard_e2e::{Document, Kind, LIMIT, Scene, play};

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
    it_is_minimised_and_restored_in_step(scene, &page, &widget, &site).await
}

/// What the user does in the adapter's header is how our own panel then stands, and the other way round.
async fn it_is_minimised_and_restored_in_step(
    scene: &Scene,
    page: &Document,
    widget: &Arc<Widget>,
    site: &str,
) -> Result<()> {
    const SMALL: &str =
        "document.querySelector('#rc-widget').classList.contains('Adapter_minimized')";
    page.show().await?;
    page.click("#rc-widget .Adapter_toggle").await?;
    page.holds(SMALL).await?;
    until_minimised(scene, site, true).await?;

    let widget = scene.reload(page, widget).await?;
    page.holds(SMALL).await?;
    widget.ring("+14155550142", &RingOptions::default());
    page.holds(&format!("!({SMALL})")).await?;
    until_minimised(scene, site, false).await?;
    widget.answer();
    widget.end();

    page.click("#rc-widget .Adapter_toggle").await?;
    until_minimised(scene, site, true).await?;
    scene.choose_adapter(site, Adapter::Isolated).await?;
    page.show().await?;
    let panel = scene.panel(page).await?;
    panel
        .holds("document.querySelector('#minimise').ariaExpanded === 'false'")
        .await
}

/// Waits until the place that is kept for a site says so.
async fn until_minimised(scene: &Scene, site: &str, on: bool) -> Result<()> {
    let own = scene
        .browser
        .tab_behind(&scene.browser.extension.page("popup/popup.html"))
        .await?;
    own.holds(&format!(
        "chrome.storage.local.get('settings')
            .then(it => it.settings.sites[{}].place.minimised === {on})",
        json!(site)
    ))
    .await?;
    own.close().await
}
