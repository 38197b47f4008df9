//! The widget in a window of its own: one sign-in and one phone for all sites, wherever their tabs go.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use switchboard::protocol::stored::Adapter;
use switchboard_demo::server::OTHER_CRM_HOST;
use switchboard_demo::{Headers, Options, RingOptions, Widget};
use switchboard_e2e::scene::{linked, until_recorded};
use switchboard_e2e::{Document, Kind, LIMIT, Scene, play, until};

#[test]
fn one_window_serves_all_sites_in_chromium() -> Result<()> {
    play(Kind::Chromium, options(), one_window_serves_all_sites)
}

#[test]
fn one_window_serves_all_sites_in_firefox() -> Result<()> {
    play(Kind::Firefox, options(), one_window_serves_all_sites)
}

fn options() -> Options {
    Options {
        signed_in: false,
        ..Options::default()
    }
}

const ADA: &str = "+14155550142";

async fn one_window_serves_all_sites(scene: &mut Scene) -> Result<()> {
    let (site, other) = (scene.demo.crm_origin(), scene.demo.other_crm_origin());
    scene.turn_on(&site).await?;
    scene.turn_on_too(&other).await?;
    scene.log_by_themselves(&site, true).await?;
    for site in [&site, &other] {
        scene.choose_adapter(site, Adapter::Window).await?;
    }

    let page = scene.crm(Headers::Plain, "/contacts").await?;
    let window = scene.window().await.context("opened by itself")?;
    let widget = until("the widget in the window", async || {
        scene.find_widget_in(&window).await
    })
    .await?;
    widget.sign_in();
    let widget = {
        let same = scene.widget_in(&window).await?;
        ensure!(same.id() == widget.id(), "the window was not loaded again");
        same
    };
    let [first] = all_of(&widget, "Ada Whitfield", 1)
        .await?
        .try_into()
        .ok()
        .context("one Ada")?;
    let elsewhere = scene
        .browser
        .tab(
            &scene
                .demo
                .crm_url_at(OTHER_CRM_HOST, Headers::Plain, "/contacts"),
        )
        .await?;
    let both = all_of(&widget, "Ada Whitfield", 2).await?;
    let second = both
        .into_iter()
        .find(|it| *it != first)
        .context("another Ada")?;
    let there = scene.windows().await?.len();
    ensure!(there == 1, "one window for both sites, not {there}");
    ensure!(
        scene.demo.widgets().len() == 1,
        "and no widget anywhere else"
    );

    let session = a_call_is_logged_for_both_sites(scene, &widget).await?;
    the_right_sites_record_is_opened(scene, &widget, &session, [&first, &second]).await?;
    a_call_survives_navigation(scene, &page, &widget).await?;
    elsewhere.close().await?;

    let widget = its_place_is_kept(scene, &site, window).await?;
    a_second_wish_raises_the_same_window(scene, &site, &widget).await?;
    a_restored_tab_asks(scene).await
}

/// Waits until so many of this name are listed; returns their ids.
async fn all_of(widget: &Arc<Widget>, name: &str, count: usize) -> Result<Vec<String>> {
    widget
        .wait_for(
            &format!("{count} called {name} in the contacts"),
            LIMIT,
            |it| {
                let contacts = it.contacts();
                let named = contacts
                    .iter()
                    .filter(|it| it.get("name").is_some_and(|it| it == name));
                let ids: Vec<String> = named
                    .filter_map(|it| it.get("id")?.as_str().map(str::to_owned))
                    .collect();
                (ids.len() == count).then_some(ids)
            },
        )
        .await
}

async fn a_call_is_logged_for_both_sites(scene: &Scene, widget: &Arc<Widget>) -> Result<String> {
    let session = scene.one_call_is_logged(widget).await?;
    let entry = scene.stored_call(&session).await?;
    ensure!(
        linked(&entry) == ["Ada Whitfield", "Ada Whitfield"],
        "it is Ada on both sites: {:?}",
        linked(&entry)
    );
    Ok(session)
}

/// Both have the same number and, on their own site, the same record.
async fn the_right_sites_record_is_opened(
    scene: &Scene,
    widget: &Arc<Widget>,
    session: &str,
    ids: [&String; 2],
) -> Result<()> {
    let sites = [scene.demo.crm_origin(), scene.demo.other_crm_origin()];
    for (id, site) in ids.into_iter().zip(sites) {
        widget.pick_contact(session, id);
        widget
            .wait_for("the choice is taken", LIMIT, |it| {
                it.partition()
                    .stored()
                    .picked
                    .values()
                    .any(|it| it == id)
                    .then_some(())
            })
            .await?;
        widget.press_view_contact(session);
        let record = scene
            .tab_with(&format!("Ada's record on {site}"), |url| {
                url.starts_with(&site) && url.ends_with("/contacts/101")
            })
            .await?;
        record
            .holds("document.visibilityState === 'visible'")
            .await?;
        record.close().await?;
    }
    Ok(())
}

async fn a_call_survives_navigation(
    scene: &Scene,
    page: &Document,
    widget: &Arc<Widget>,
) -> Result<()> {
    let session = widget.ring(ADA, &RingOptions::default());
    widget.answer();
    page.show().await?;
    page.goto(&scene.demo.crm_url(Headers::Plain, "/companies"))
        .await?;
    page.reload().await?;
    ensure!(
        widget.is_open()
            && widget
                .platform()
                .live()
                .iter()
                .any(|it| it.session_id == session),
        "the call goes on"
    );
    widget.end();
    until_recorded(widget, &session).await?;
    scene.is_logged_once(&session).await
}

const BOUNDS: &str = "chrome.windows.getAll().then(all => all.filter(it => it.type === 'popup')
    .map(({ left, top, width, height }) => [left, top, width, height]))";

/// The window is put elsewhere, closed, and opened again by the popup's button.
async fn its_place_is_kept(scene: &Scene, site: &str, window: Document) -> Result<Arc<Widget>> {
    let own = scene.popup(site).await?;
    own.eval(
        "chrome.windows.getAll().then(all => chrome.windows.update(
            all.find(it => it.type === 'popup').id, { left: 140, top: 60, width: 420, height: 700 }))",
    )
    .await?;
    // As far as this screen lets it.
    let put = until("the window is elsewhere", async || {
        let bounds = own.eval(BOUNDS).await?;
        Ok((bounds.pointer("/0/2") == Some(&json!(420))).then_some(bounds))
    })
    .await?;
    until("its place is kept", async || {
        let settings = own
            .eval("chrome.storage.local.get('settings').then(it => JSON.stringify(it))")
            .await?;
        Ok(settings
            .as_str()
            .is_some_and(|it| it.contains("\"width\":420") || it.contains("\\\"width\\\":420"))
            .then_some(()))
    })
    .await?;
    window.close().await?;
    own.holds("chrome.windows.getAll().then(all => all.every(it => it.type !== 'popup'))")
        .await?;
    scene
        .demo
        .wait_for("the widget is gone", LIMIT, |it| {
            it.widgets().is_empty().then_some(())
        })
        .await?;
    own.click("#window").await?;
    let window = scene.window().await.context("opened again")?;
    let widget = scene.widget_in(&window).await?;
    let stands: Value = own.eval(BOUNDS).await?;
    // Here Chromium gives every new window the size that its command line says, and moves it up to fit.
    let known = match scene.browser.kind {
        Kind::Chromium => "/0/0",
        Kind::Firefox => "/0",
    };
    ensure!(
        stands.pointer(known) == put.pointer(known),
        "it stands where it stood: {stands}, not {put}"
    );
    own.close().await?;
    Ok(widget)
}

async fn a_second_wish_raises_the_same_window(
    scene: &Scene,
    site: &str,
    widget: &Arc<Widget>,
) -> Result<()> {
    let popup = scene.popup(site).await?;
    popup.click("#window").await?;
    popup
        .holds("chrome.windows.getAll().then(all => all.find(it => it.type === 'popup').focused)")
        .await?;
    let there = scene.windows().await?.len();
    ensure!(there == 1, "still one window, not {there}");
    ensure!(widget.is_open(), "and it was not loaded again");
    popup.close().await
}

/// The browser opens the window's page again, without a ticket that is good for anything.
async fn a_restored_tab_asks(scene: &Scene) -> Result<()> {
    scene.window().await?.close().await?;
    let restored = scene
        .browser
        .tab(&scene.browser.extension.page("frame/window.html#used"))
        .await?;
    restored
        .holds("document.body.dataset.state === 'refused'")
        .await?;
    restored.click("#plate-window").await?;
    let window = until("a window with the phone in it", async || {
        for window in scene.windows().await? {
            if scene.find_widget_in(&window).await?.is_some() {
                return Ok(Some(window));
            }
        }
        Ok(None)
    })
    .await?;
    scene.widget_in(&window).await.map(drop)
}
