//! Calls that nobody logged: offered once, logged by a click, never offered again.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use switchboard_demo::partition::MatchCache;
use switchboard_demo::{Headers, Options, Widget, crm};
use switchboard_e2e::{Document, Kind, LIMIT, Scene, play};

#[test]
fn calls_while_away_are_offered_until_they_are_logged_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        options(),
        calls_while_away_are_offered_until_they_are_logged,
    )
}

#[test]
fn calls_while_away_are_offered_until_they_are_logged_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        options(),
        calls_while_away_are_offered_until_they_are_logged,
    )
}

fn options() -> Options {
    Options {
        past: crm::past_calls(),
        signed_in: false,
        ..Options::default()
    }
}

async fn calls_while_away_are_offered_until_they_are_logged(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    let page = scene.crm(Headers::Plain, "/contacts").await?;
    let widget = scene
        .demo
        .wait_widget("a widget in the page", LIMIT, Widget::is_open)
        .await?;
    widget.sign_in();
    let widget = scene.widget().await?;
    let all = crm::past_calls().len();
    is_offered(scene, &page, &widget, Some(all)).await?;
    widget
        .wait_for("the page's people", LIMIT, |it| {
            (it.contacts().len() >= 15).then_some(())
        })
        .await?;

    let mut logged = some_are_logged(scene, &widget, all).await?;
    is_offered(scene, &page, &widget, Some(all - logged.len())).await?;
    logged.insert(one_is_logged_in_the_phone(&widget).await?);
    let left = all - logged.len();
    is_offered(scene, &page, &widget, Some(left)).await?;

    let widget = come_back(scene, &page).await?;
    is_offered(scene, &page, &widget, Some(left)).await?;
    scene.browser.restart().await?;
    forget_what_is_logged(scene);
    let page = scene.crm(Headers::Plain, "/contacts").await?;
    let widget = scene.widget().await?;
    is_offered(scene, &page, &widget, Some(left)).await?;
    let book = scene.book_at("#unlogged").await?;
    let again = offered_keys(&book, left).await?;
    ensure!(
        again.is_disjoint(&logged),
        "what is logged is offered no more: {again:?}"
    );

    // Not now, until the user looks again.
    book.click("#unlogged-sites [data-act=dismiss]").await?;
    nothing_is_listed(&book).await?;
    is_offered(scene, &page, &widget, None).await?;
    let widget = come_back(scene, &page).await?;
    is_asked_for_unlogged(&widget).await?;
    is_offered(scene, &page, &widget, None).await?;
    nothing_is_listed(&book).await?;
    book.show().await?;
    book.click("#unlogged-ask").await?;
    offered_keys(&book, left).await?;
    is_offered(scene, &page, &widget, Some(left)).await?;
    book.close().await?;

    // Not now, said in the phone.
    widget.dismiss_banner();
    is_offered(scene, &page, &widget, None).await
}

/// Waits until the pill of the panel and the phone's banner say how many calls are not logged, or nothing.
async fn is_offered(
    scene: &Scene,
    page: &Document,
    widget: &Arc<Widget>,
    count: Option<usize>,
) -> Result<()> {
    let panel = scene.panel(page).await?;
    let (pill, banner) = match count {
        Some(count) => (
            json!(format!("{count} to log")),
            Some(format!("Calls that nobody logged yet: {count}")),
        ),
        None => (json!(null), None),
    };
    panel
        .holds(&format!(
            "(pill => pill.hidden ? null : pill.textContent)(document.querySelector('#attention')) === {pill}"
        ))
        .await?;
    widget
        .wait_for(&format!("the banner says {banner:?}"), LIMIT, |it| {
            let shown = it.banner();
            let message = shown.and_then(|it| Some(it.get("message")?.as_str()?.to_owned()));
            (message == banner).then_some(())
        })
        .await
}

/// Logs Ada's call and Clara's in the book; returns the keys of both.
async fn some_are_logged(
    scene: &Scene,
    widget: &Arc<Widget>,
    all: usize,
) -> Result<BTreeSet<String>> {
    let book = scene.book_at("#unlogged").await?;
    offered_keys(&book, all).await?;
    let mut keys = BTreeSet::new();
    // Nobody else is ticked.
    book.click("#unlogged-sites .pick-all").await?;
    for name in ["Ada Whitfield", "Clara Voss"] {
        let row = format!(
            "[...document.querySelectorAll('[data-call]')]\
             .find(row => row.querySelector('.name').textContent === {})",
            json!(name)
        );
        let key = book.eval(&format!("{row}.dataset.call")).await?;
        let key = key.as_str().context("a key")?.to_owned();
        book.click(&format!("[data-call={}] .pick input", json!(key)))
            .await?;
        keys.insert(key);
    }
    book.click("#unlogged-sites [data-act=log]").await?;
    book.holds("document.querySelector('#unlogged-said').textContent === '2 calls were logged.'")
        .await?;
    offered_keys(&book, all - keys.len()).await?;
    book.close().await?;

    for key in &keys {
        let session = key.trim_start_matches("call:");
        widget
            .wait_for(&format!("{key} shows as logged"), LIMIT, |it| {
                it.is_logged(session).then_some(())
            })
            .await?;
    }
    let in_log: BTreeSet<String> = scene.book().await?.into_iter().map(|it| it.key).collect();
    ensure!(in_log == keys, "these two are in the log: {in_log:?}");
    Ok(keys)
}

/// Logs Edward's call in the phone; returns its key.
async fn one_is_logged_in_the_phone(widget: &Arc<Widget>) -> Result<String> {
    let history = widget.history();
    let edward = history.iter().find(|it| it.other.number == "+442079460018");
    let session = edward.context("Edward's call")?.session_id.clone();
    widget.press_log(&session);
    widget
        .wait_for("the call shows as logged", LIMIT, |it| {
            it.is_logged(&session).then_some(())
        })
        .await?;
    Ok(format!("call:{session}"))
}

/// Waits until the book offers so many calls; returns their keys.
async fn offered_keys(book: &Document, count: usize) -> Result<BTreeSet<String>> {
    book.holds(&format!(
        "document.querySelectorAll('[data-call]').length === {count}"
    ))
    .await?;
    let keys = book
        .eval("[...document.querySelectorAll('[data-call]')].map(row => row.dataset.call)")
        .await?;
    Ok(serde_json::from_value(keys)?)
}

async fn nothing_is_listed(book: &Document) -> Result<()> {
    book.holds(
        "!document.querySelector('#unlogged-empty').hidden \
         && document.querySelectorAll('[data-call]').length === 0",
    )
    .await
}

/// Loads the page again; returns its widget, which must ask what is logged.
async fn come_back(scene: &Scene, page: &Document) -> Result<Arc<Widget>> {
    let before = scene.widget().await?.id();
    forget_what_is_logged(scene);
    page.show().await?;
    page.reload().await?;
    scene
        .demo
        .wait_widget("the widget of the page as it is now", LIMIT, |it| {
            it.id() != before && it.is_signed_in() && it.is_attached()
        })
        .await
}

/// Empties the widgets' own memory of what is logged.
fn forget_what_is_logged(scene: &Scene) {
    for widget in scene.demo.all_widgets() {
        widget.partition().stored().entities = MatchCache::default();
    }
}

/// Waits until the widget has told which calls are not logged, and has heard what came of it.
async fn is_asked_for_unlogged(widget: &Arc<Widget>) -> Result<()> {
    let has = |all: &[Value], kind: &str| all.iter().any(|it| it["type"] == kind);
    widget
        .wait_for("the widget tells of its calls", LIMIT, |it| {
            let told = it.transcript().notifications;
            has(&told, "rc-adapter-message-response").then_some(())
        })
        .await?;
    widget
        .wait_for("the widget hears what waits", LIMIT, |it| {
            let heard = it.transcript().commands;
            has(&heard, "rc-adapter-update-customized-banner").then_some(())
        })
        .await
}
