//! The switch, the browser's own settings and a restart: what is off is gone at once, what is on comes back.

use anyhow::{Result, ensure};
use serde_json::json;
use switchboard_demo::{Headers, Options};
use switchboard_e2e::{Document, Kind, LIMIT, Scene, play};

#[test]
fn a_site_that_is_turned_off_is_left_as_it_was_found_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        a_site_that_is_turned_off_is_left_as_it_was_found,
    )
}

#[test]
fn a_site_that_is_turned_off_is_left_as_it_was_found_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        Options::default(),
        a_site_that_is_turned_off_is_left_as_it_was_found,
    )
}

const PAGE: &str = "document.documentElement.outerHTML";

async fn a_site_that_is_turned_off_is_left_as_it_was_found(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    let page = scene.crm(Headers::Plain, "/contacts").await?;
    let found = page.eval(PAGE).await?;
    page.eval("void (window.loaded = 'once')").await?;

    scene.turn_on(&site).await?;
    page.show().await?;
    scene.widget().await?;
    ensure!(
        page.eval(PAGE).await? != found,
        "something of ours is in the page"
    );
    scene.turn_off(&site).await?;
    gone(scene, &page, &found).await?;

    // The same page again, and this time the browser takes the permission away.
    scene.turn_on(&site).await?;
    page.show().await?;
    scene.widget().await?;
    scene.browser.withdraw(&site).await?;
    gone(scene, &page, &found).await?;
    ensure!(
        page.eval("window.loaded").await? == json!("once"),
        "nothing needed a reload"
    );
    let popup = scene.popup(&site).await?;
    popup
        .holds("document.querySelector('#switch').ariaChecked === 'false'")
        .await?;
    ensure!(
        registered(&popup).await? == json!(0),
        "nothing is registered for a site that is off"
    );

    // On again, and after a restart everything is in its place.
    scene.turn_on(&site).await?;
    scene.browser.restart().await?;
    let page = scene.crm(Headers::Plain, "/contacts").await?;
    scene.widget().await?;
    page.close().await?;
    let popup = scene.popup(&site).await?;
    ensure!(
        registered(&popup).await? == json!(1),
        "the content script is registered once"
    );
    Ok(())
}

/// Waits until the page is as it was found, without a reload.
async fn gone(scene: &Scene, page: &Document, found: &serde_json::Value) -> Result<()> {
    scene
        .demo
        .wait_for("the widget is gone", LIMIT, |it| {
            it.widgets().is_empty().then_some(())
        })
        .await?;
    page.holds(&format!("{PAGE} === {found}")).await
}

async fn registered(own: &Document) -> Result<serde_json::Value> {
    own.eval("chrome.scripting.getRegisteredContentScripts().then(all => all.length)")
        .await
}
