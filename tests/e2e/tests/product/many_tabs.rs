//! Eight tabs of two sites and the window, all at once: one phone for the user.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use switchboard::protocol::stored::Adapter;
use switchboard_demo::server::{CRM_HOST, OTHER_CRM_HOST};
use switchboard_demo::{Headers, Options, RingOptions, Widget};
use switchboard_e2e::scene::is_recorded;
use switchboard_e2e::{Document, Kind, LIMIT, Scene, play};

#[test]
fn eight_tabs_and_the_window_are_one_phone_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        options(),
        eight_tabs_and_the_window_are_one_phone,
    )
}

#[test]
fn eight_tabs_and_the_window_are_one_phone_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        options(),
        eight_tabs_and_the_window_are_one_phone,
    )
}

/// A third site, whose phone is in the window.
const THIRD: &str = "third-crm.example";

fn options() -> Options {
    Options {
        crm_hosts: vec![THIRD.to_owned()],
        ..Options::default()
    }
}

async fn eight_tabs_and_the_window_are_one_phone(scene: &mut Scene) -> Result<()> {
    let (site, other) = (scene.demo.crm_origin(), scene.demo.other_crm_origin());
    scene.turn_on(&site).await?;
    scene.turn_on_too(&other).await?;
    scene.log_by_themselves(&site, true).await?;
    let third = scene.demo.site_origin(THIRD);
    scene.turn_on_too(&third).await?;
    scene.choose_adapter(&third, Adapter::Window).await?;
    let first = scene.browser.tab(&format!("{third}/contacts")).await?;
    let window = scene.window().await?;
    first.close().await?;
    let mut widgets = vec![scene.widget_in(&window).await?];
    let mut pages = Vec::new();
    for path in ["/contacts", "/companies", "/contacts/101", "/links"] {
        for host in [CRM_HOST, OTHER_CRM_HOST] {
            let url = scene.demo.crm_url_at(host, Headers::Plain, path);
            let page = scene.browser.tab(&url).await?;
            widgets.push(scene.widget_in(&page).await?);
            pages.push(page);
        }
    }
    ensure!(
        scene.demo.widgets().len() == 9,
        "a widget in every tab and one in the window"
    );

    settings_are_in_step(&widgets).await?;
    // Taken in the tab in front, in another one, and in the window.
    for at in [8, 3, 0] {
        let widget = widgets.get(at).context("a widget")?;
        let session = widget.ring("+14155550142", &RingOptions::default());
        widget.answer();
        widget.end();
        // Each site has a tab that tells, and so has the window: the same call comes from all of them.
        for at in [0, 7, 8] {
            let site = widgets.get(at).context("a widget")?.partition().id();
            scene
                .demo
                .wait_for("the record of the call is logged", LIMIT, |it| {
                    let mut there = it.widgets().into_iter();
                    there
                        .any(|it| it.partition().id() == site && is_recorded(&it, &session))
                        .then_some(())
                })
                .await?;
        }
        scene.is_logged_once(&session).await?;
    }
    let rows = scene.book().await?.len();
    ensure!(rows == 3, "three calls, three entries, not {rows}");

    a_ring_shows_where_the_user_looks(scene, &pages).await
}

async fn settings_are_in_step(widgets: &[Arc<Widget>]) -> Result<()> {
    let is = |widget: &Widget, on: bool| {
        let settings = widget.settings();
        let mut with_id = settings
            .iter()
            .filter(|it| it.get("id").is_some_and(|it| it == "openOnRing"));
        with_id.any(|it| it.get("value").is_some_and(|it| *it == on))
    };
    let first = widgets.first().context("the window's")?;
    let on = !is(first, true);
    first.toggle_setting("openOnRing");
    for widget in widgets {
        widget
            .wait_for("the switch is in step", LIMIT, |it| {
                is(it, on).then_some(())
            })
            .await?;
    }
    first.toggle_setting("openOnRing");
    for widget in widgets {
        widget
            .wait_for("and turned back", LIMIT, |it| is(it, !on).then_some(()))
            .await?;
    }
    let last = widgets.last().context("a tab's")?;
    let by_itself = !last.auto_log_messages();
    last.set_auto_log_messages(by_itself);
    for widget in widgets {
        widget
            .wait_for("messages are logged alike", LIMIT, |it| {
                (it.auto_log_messages() == by_itself).then_some(())
            })
            .await?;
    }
    Ok(())
}

/// What the panel itself knows; a tab that is not seen is not laid out.
const MINIMISED: &str = "document.querySelector('#minimise').ariaExpanded === 'false'";
const RESTORED: &str = "document.querySelector('#minimise').ariaExpanded === 'true'";

async fn a_ring_shows_where_the_user_looks(scene: &Scene, pages: &[Document]) -> Result<()> {
    let (Some(looked_at), Some(behind)) = (pages.first(), pages.get(2)) else {
        return Ok(());
    };
    for page in [behind, looked_at] {
        page.show().await?;
        let panel = scene.panel(page).await?;
        panel.click("#minimise").await?;
        panel.holds(MINIMISED).await?;
    }
    let widget = scene.widget_in(looked_at).await?;
    widget.ring("+14155550142", &RingOptions::default());
    scene.panel(looked_at).await?.holds(RESTORED).await?;
    // It has rung there too.
    let there = scene.widget_in(behind).await?;
    there
        .wait_for("the ring", LIMIT, |it| {
            it.transcript()
                .told("rc-call-ring-notify")
                .next()
                .is_some()
                .then_some(())
        })
        .await?;
    ensure!(
        scene.panel(behind).await?.eval(MINIMISED).await? == serde_json::json!(true),
        "the tab behind stays as it was"
    );
    widget.end();
    Ok(())
}
