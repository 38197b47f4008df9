//! The widget does not start: the panel says so in good time, tries again when it is told to, and opens the
//! window when that is wanted instead.

use std::time::Instant;

use anyhow::{Result, ensure};
use switchboard_demo::{Boot, Headers, Options};
use switchboard_e2e::{Document, Kind, LIMIT, Scene, play};

#[test]
fn a_widget_that_does_not_start_is_not_a_riddle_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        a_widget_that_does_not_start_is_not_a_riddle,
    )
}

#[test]
fn a_widget_that_does_not_start_is_not_a_riddle_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        Options::default(),
        a_widget_that_does_not_start_is_not_a_riddle,
    )
}

/// Where the panel says why, and what can be done.
const WHY: &str = "#plate";
const RETRY: &str = "#plate-again";
const WINDOW: &str = "#plate-window";

async fn a_widget_that_does_not_start_is_not_a_riddle(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    scene.log_by_themselves(&site, true).await?;

    scene.demo.set_widget_boot(Boot::Silent);
    let page = scene.crm(Headers::Plain, "/contacts").await?;
    let panel = scene.panel(&page).await?;
    said(&panel).await?;
    // It is still silent, then it is back.
    panel.click(RETRY).await?;
    gone(&panel).await?;
    said(&panel).await?;
    scene.demo.set_widget_boot(Boot::Normal);
    panel.click(RETRY).await?;
    let widget = scene.widget_in(&page).await?;
    gone(&panel).await?;
    scene.one_call_is_logged(&widget).await?;
    page.close().await?;

    scene.demo.set_widget_boot(Boot::Unreachable);
    let page = scene.crm(Headers::Plain, "/companies").await?;
    let panel = scene.panel(&page).await?;
    said(&panel).await?;
    scene.demo.set_widget_boot(Boot::Normal);
    page.show().await?;
    panel.click(WINDOW).await?;
    let window = scene.window().await?;
    let widget = scene.widget_in(&window).await?;
    scene.one_call_is_logged(&widget).await?;
    let left = page.tree().await?.children.len();
    ensure!(left == 0, "the panel has gone: {left} frames");
    Ok(())
}

/// Waits until the panel says that nothing comes; 20 seconds are enough for that.
async fn said(panel: &Document) -> Result<()> {
    let from = Instant::now();
    panel
        .holds(&format!("!document.querySelector('{WHY}').hidden"))
        .await?;
    ensure!(from.elapsed() < LIMIT, "said in good time");
    Ok(())
}

async fn gone(panel: &Document) -> Result<()> {
    panel
        .holds(&format!("document.querySelector('{WHY}').hidden"))
        .await
}
