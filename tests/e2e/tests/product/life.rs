//! Pages that come and go in other ways than being loaded: back and forward, and rendered before they are seen.

use anyhow::{Result, ensure};
use serde_json::json;
use switchboard_demo::{Headers, Options};
use switchboard_e2e::{Document, Kind, LIMIT, Scene, play};

#[test]
fn back_and_forward_leave_one_panel_that_works_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        back_and_forward_leave_one_panel_that_works,
    )
}

#[test]
fn back_and_forward_leave_one_panel_that_works_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        Options::default(),
        back_and_forward_leave_one_panel_that_works,
    )
}

/// Firefox does not render pages ahead.
#[test]
fn a_page_that_is_rendered_ahead_gets_its_panel_when_it_is_seen() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        a_page_that_is_rendered_ahead,
    )
}

async fn back_and_forward_leave_one_panel_that_works(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    scene.log_by_themselves(&site, true).await?;
    let page = scene.crm(Headers::Plain, "/contacts").await?;
    works(scene, &page).await?;
    page.goto(&scene.demo.crm_url(Headers::Plain, "/companies"))
        .await?;
    works(scene, &page).await?;
    for (step, path) in [(-1, "/contacts"), (1, "/companies"), (-1, "/contacts")] {
        page.eval(&format!("void setTimeout(() => history.go({step}))"))
            .await?;
        page.holds(&format!(
            "location.pathname === '{path}' && document.readyState === 'complete'"
        ))
        .await?;
        works(scene, &page).await?;
    }
    Ok(())
}

/// One panel, one widget, and a call that is logged.
async fn works(scene: &Scene, page: &Document) -> Result<()> {
    page.show().await?;
    let widget = scene.widget_in(page).await?;
    scene
        .demo
        .wait_for("one widget", LIMIT, |it| {
            (it.widgets().len() == 1).then_some(())
        })
        .await?;
    scene.one_call_is_logged(&widget).await?;
    let frames = page.tree().await?.children.len();
    ensure!(frames == 1, "one panel, not {frames}");
    ensure!(widget.is_open(), "and it is still the same");
    Ok(())
}

async fn a_page_that_is_rendered_ahead(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    scene.log_by_themselves(&site, true).await?;
    let page = scene.crm(Headers::Plain, "/soon").await?;
    let before = scene.widget_in(&page).await?.id();
    page.show().await?;
    page.click("#next").await?;
    // What was rendered ahead takes the place of the page, in the protocol as another tab.
    let page = scene
        .tab_with("the list", |url| url.ends_with("/contacts"))
        .await?;
    page.holds("document.readyState === 'complete' && !document.prerendering")
        .await?;
    let ahead = page
        .eval("performance.getEntriesByType('navigation')[0].activationStart > 0")
        .await?;
    ensure!(ahead == json!(true), "it was rendered ahead");
    let widget = scene.widget_in(&page).await?;
    ensure!(
        widget.id() == before + 1,
        "one widget came, when it was seen"
    );
    scene.one_call_is_logged(&widget).await.map(drop)
}
