//! The extension is updated under an open page: its old page agent steps aside for the new one.

use anyhow::{Result, ensure};
use switchboard_demo::{Headers, Options, RingOptions};
use switchboard_e2e::scene::until_recorded;
use switchboard_e2e::{Kind, LIMIT, Scene, play};

#[test]
fn an_update_leaves_one_panel_that_works_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        an_update_leaves_one_panel_that_works,
    )
}

#[test]
fn an_update_leaves_one_panel_that_works_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        Options::default(),
        an_update_leaves_one_panel_that_works,
    )
}

async fn an_update_leaves_one_panel_that_works(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    scene.log_by_themselves(&site, true).await?;
    let page = scene.crm(Headers::Plain, "/contacts").await?;
    let before = scene.widget().await?.id();

    scene.browser.update_extension().await?;
    page.show().await?;
    let widget = scene
        .demo
        .wait_for(
            "one widget, and another than before",
            LIMIT,
            |it| match it.widgets().as_slice() {
                [one] if one.id() != before && one.is_signed_in() && one.is_attached() => {
                    Some(one.clone())
                }
                _ => None,
            },
        )
        .await?;
    let frames = page.tree().await?.children.len();
    ensure!(frames == 1, "one panel, not {frames}");

    let session = widget.ring("+14155550142", &RingOptions::default());
    widget.answer();
    widget.end();
    until_recorded(&widget, &session).await
}
