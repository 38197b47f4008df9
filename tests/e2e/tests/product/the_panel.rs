//! The panel in the page: minimised, moved, ringing, and never lost outside the window.

use anyhow::{Result, ensure};
use switchboard_demo::{Headers, Options, RingOptions};
use switchboard_e2e::{Document, Kind, Scene, play};

#[test]
fn the_panel_stays_where_it_is_put_and_is_never_lost_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        the_panel_stays_where_it_is_put_and_is_never_lost,
    )
}

#[test]
fn the_panel_stays_where_it_is_put_and_is_never_lost_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        Options::default(),
        the_panel_stays_where_it_is_put_and_is_never_lost,
    )
}

/// The header alone.
const MINIMISED: &str = "innerHeight === 40";
/// Everything.
const RESTORED: &str = "innerHeight > 400";

async fn the_panel_stays_where_it_is_put_and_is_never_lost(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    let page = scene.crm(Headers::Plain, "/contacts").await?;
    let widget = scene.widget().await?;
    let panel = scene.panel(&page).await?;

    panel.holds(RESTORED).await?;
    panel.click("#minimise").await?;
    panel.holds(MINIMISED).await?;
    widget.ring("+14155550142", &RingOptions::default());
    panel.holds(RESTORED).await?;
    widget.end();

    // With the mouse, step by step: the panel follows.
    let edges = page.eval(&format!("({PLACE}).slice(0, 2)")).await?;
    let (left, top): (i64, i64) = serde_json::from_value(edges)?;
    page.press(left + 80, top + 20).await?;
    for step in 1..=3 {
        let (left, top) = (left - 60 * step, top - 15 * step);
        page.move_to(left + 80, top + 20).await?;
        page.holds(&format!(
            "(([x, y]) => x === {left} && y === {top})({PLACE})"
        ))
        .await?;
    }
    page.release().await?;

    // With the keyboard alone, and kept over a reload.
    let before = page.eval(PLACE).await?;
    panel
        .eval("document.querySelector('#drag').focus()")
        .await?;
    let (left, up) = ('\u{e012}', '\u{e013}');
    panel.keys(&format!("{left}{left}{up}")).await?;
    page.holds(&format!(
        "(([left, top], [x, y]) => y < top && left - x === 2 * (top - y))({before}, {PLACE})"
    ))
    .await?;
    let moved = page.eval(PLACE).await?;
    page.reload().await?;
    scene.widget().await?;
    page.holds(&format!(
        "JSON.stringify({PLACE}) === JSON.stringify({moved})"
    ))
    .await?;

    // A small window.
    page.set_viewport(Some((360, 300))).await?;
    page.holds(&format!("(([x, y, right, bottom]) => x >= 0 && y >= 0 && right <= innerWidth && bottom <= innerHeight)({PLACE})"))
        .await?;
    page.set_viewport(None).await?;

    leaving_during_a_call_is_warned_of(scene, &page).await
}

async fn leaving_during_a_call_is_warned_of(scene: &Scene, page: &Document) -> Result<()> {
    let widget = scene.widget().await?;
    let panel = scene.panel(page).await?;
    panel.click("#minimise").await?;
    panel.holds(MINIMISED).await?;
    // Browsers ask only for pages that the user has touched.
    page.click("h1").await?;
    widget.ring("+14155550142", &RingOptions::default());
    panel.holds(RESTORED).await?;
    // Heard after the frame page itself has heard it, for it has listened for longer.
    panel
        .eval(
            "(() => {
                window.started = false;
                addEventListener('message', (event) => {
                    if (event.data?.type === 'rc-call-start-notify') window.started = true;
                });
            })()",
        )
        .await?;
    widget.answer();
    panel.holds("window.started").await?;
    // What the panel says comes in order: when this is done, the page agent knows of the call.
    panel.click("#minimise").await?;
    panel.holds(MINIMISED).await?;
    ensure!(
        page.asks_before_leaving().await?,
        "the browser asks before a page with a call is left"
    );
    // Without the question, which would hold up the end.
    page.close().await
}

/// The panel's left, upper, right and lower edge, as far as the page can find out.
const PLACE: &str = "(() => {
    const box = document.documentElement.lastElementChild.getBoundingClientRect();
    return [box.left, box.top, box.right, box.bottom];
})()";
