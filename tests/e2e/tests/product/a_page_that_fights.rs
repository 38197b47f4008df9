//! Pages that take our panel out, move it, dress it, cover it or replace everything around it: it comes back,
//! on top, and works; where the page goes on for ever, the phone goes into its own window.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use switchboard::protocol::stored::{Adapter, Obstacle};
use switchboard_demo::{Headers, Options};
use switchboard_e2e::{Document, Kind, Scene, play};

#[test]
fn the_panel_comes_back_and_works_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        the_panel_comes_back_and_works,
    )
}

#[test]
fn the_panel_comes_back_and_works_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        Options::default(),
        the_panel_comes_back_and_works,
    )
}

#[test]
fn a_page_that_goes_on_gets_the_window_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        a_page_that_goes_on_gets_the_window,
    )
}

#[test]
fn a_page_that_goes_on_gets_the_window_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        Options::default(),
        a_page_that_goes_on_gets_the_window,
    )
}

/// Each is played when our element comes, and once more when the widget is up.
const TRICKS: [&str; 8] = [
    "removes",
    "moves",
    "dresses",
    "covers",
    "covers-on-top",
    "swaps-body",
    "swaps-all",
    "writes",
];

async fn the_panel_comes_back_and_works(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    scene.log_by_themselves(&site, true).await?;
    for trick in TRICKS {
        withstands(scene, trick).await.context(trick)?;
    }
    waits_for_a_question(scene).await
}

/// A page that asks something before anything else has the user's hands, as the browser wants it; the phone
/// stays, works, and is on top again when the question is answered.
async fn waits_for_a_question(scene: &Scene) -> Result<()> {
    let page = scene.crm(Headers::Plain, "/hostile/asks-first").await?;
    page.holds("window.played === 1").await?;
    let widget = scene.served_by(&page, Adapter::Isolated).await?;
    scene.one_call_is_logged(&widget).await?;
    page.show().await?;
    page.eval("document.querySelector('dialog').close()")
        .await?;
    on_top(&page).await?;
    ensure!(widget.is_open(), "the same phone");
    page.close().await
}

async fn withstands(scene: &Scene, trick: &str) -> Result<()> {
    let page = scene
        .crm(Headers::Plain, &format!("/hostile/{trick}"))
        .await?;
    page.holds("window.played === 1").await?;
    scene.served_by(&page, Adapter::Isolated).await?;
    on_top(&page).await?;
    page.eval(&format!("play({})", json!(trick))).await?;
    on_top(&page).await?;
    let widget = scene.served_by(&page, Adapter::Isolated).await?;
    scene.one_call_is_logged(&widget).await?;
    page.show().await?;
    on_top(&page).await?;
    page.close().await
}

/// Waits until a click where the panel stands at first would go to something that is not the page's.
async fn on_top(page: &Document) -> Result<()> {
    page.holds(
        "(it => it !== null && it !== document.documentElement && !it.matches('body, main, main *, .cover, .bar, .bar *, h1'))
            (document.elementFromPoint(innerWidth - 120, innerHeight - 200))",
    )
    .await
}

async fn a_page_that_goes_on_gets_the_window(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    scene.log_by_themselves(&site, true).await?;
    let page = scene.crm(Headers::Plain, "/hostile/removes?always").await?;
    let widget = scene.served_by(&page, Adapter::Window).await?;
    let view = scene.view(&page).await?;
    ensure!(
        view.obstacle == Some(Obstacle::Removed),
        "the reason is known: {:?}",
        view.obstacle
    );
    ensure!(
        !scene.told(&page).await?.is_empty(),
        "and the popup says it"
    );
    scene.one_call_is_logged(&widget).await?;
    page.show().await?;
    let played = page.eval("played").await?.as_u64().unwrap_or_default();
    ensure!(
        (2..=8).contains(&played),
        "some tries, and not for ever: {played}"
    );
    Ok(())
}
