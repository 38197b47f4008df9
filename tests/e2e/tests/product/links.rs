//! Links to numbers: whichever way the widget stands, a click reaches it once.

use std::sync::Arc;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use switchboard::protocol::stored::Adapter;
use switchboard_demo::{Boot, Headers, Options, Widget};
use switchboard_e2e::ways::{commands, word};
use switchboard_e2e::{Document, Kind, LIMIT, Scene, play};

#[test]
fn a_click_on_a_link_reaches_the_widget_once_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        a_click_on_a_link_reaches_the_widget_once,
    )
}

#[test]
fn a_click_on_a_link_reaches_the_widget_once_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        Options::default(),
        a_click_on_a_link_reaches_the_widget_once,
    )
}

#[test]
fn a_click_before_the_widget_is_there_is_kept_for_it_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        signed_out(),
        a_click_before_the_widget_is_there_is_kept_for_it,
    )
}

#[test]
fn a_click_before_the_widget_is_there_is_kept_for_it_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        signed_out(),
        a_click_before_the_widget_is_there_is_kept_for_it,
    )
}

fn signed_out() -> Options {
    Options {
        signed_in: false,
        ..Options::default()
    }
}

const NEW_CALL: &str = "rc-adapter-new-call";
const NEW_TEXT: &str = "rc-adapter-new-sms";

async fn a_click_on_a_link_reaches_the_widget_once(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    for adapter in [Adapter::Isolated, Adapter::Page, Adapter::Window] {
        scene.choose_adapter(&site, adapter).await?;
        let page = scene.crm(Headers::Plain, "/links").await?;
        let widget = scene.served_by(&page, adapter).await?;
        page.show().await?;
        called(&page, &widget, "#tel", "+14155550142", 1).await?;
        page.show().await?;
        page.click("#sms").await?;
        let texts = widget
            .wait_for("the text is begun", LIMIT, |it| {
                let texts = commands(it, NEW_TEXT);
                (!texts.is_empty()).then_some(texts)
            })
            .await?;
        ensure!(
            is_to(texts.first(), "+14155550142")
                && texts
                    .first()
                    .is_some_and(|it| it.get("text") == Some(&json!("On my way"))),
            "the text as the link has it: {texts:?}"
        );
        page.show().await?;
        called(&page, &widget, "#callto", "+493023125014", 2).await?;
        // What came twice would have come by now, for the last click went the same way.
        let (calls, texts) = (commands(&widget, NEW_CALL), commands(&widget, NEW_TEXT));
        ensure!(
            calls.len() == 2 && texts.len() == 1,
            "{}: once each: {calls:?} {texts:?}",
            word(adapter)
        );
        page.close().await?;
    }
    Ok(())
}

/// Clicks a link; the number is called, as the so manieth.
async fn called(
    page: &Document,
    widget: &Arc<Widget>,
    link: &str,
    number: &str,
    count: usize,
) -> Result<()> {
    page.click(link).await?;
    widget
        .wait_for(&format!("a call to {number}"), LIMIT, |it| {
            let live = it.platform().live();
            live.iter()
                .any(|it| it.other.number == number)
                .then_some(())
        })
        .await?;
    let calls = commands(widget, NEW_CALL);
    let to_call = |it: &Value| it.get("toCall") == Some(&json!(true));
    ensure!(
        calls.len() == count && is_to(calls.last(), number) && calls.iter().all(to_call),
        "{link}: one command more: {calls:?}"
    );
    widget.end();
    Ok(())
}

fn is_to(command: Option<&Value>, number: &str) -> bool {
    let to = command.and_then(|it| it.get("phoneNumber")?.as_str());
    let digits = |it: &str| it.chars().filter(char::is_ascii_digit).collect::<String>();
    to.map(digits) == Some(digits(number))
}

async fn a_click_before_the_widget_is_there_is_kept_for_it(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    for adapter in [Adapter::Isolated, Adapter::Window] {
        scene.choose_adapter(&site, adapter).await?;
        scene.demo.set_widget_boot(Boot::Held);
        let page = scene.crm(Headers::Plain, "/links").await?;
        let at = match adapter {
            Adapter::Window => scene.window().await?,
            Adapter::Isolated | Adapter::Page => scene.panel(&page).await?,
        };
        let base = scene.demo.widget_base();
        at.frame("the widget", |url| url.starts_with(&base)).await?;
        page.show().await?;
        page.click("#tel").await?;
        ensure!(
            page.eval("location.pathname").await? == json!("/links"),
            "the page stays"
        );
        scene.demo.set_widget_boot(Boot::Normal);
        let widget = scene
            .demo
            .wait_widget("a widget that nobody is signed in to", LIMIT, |it| {
                it.is_attached() && !it.is_signed_in()
            })
            .await?;
        ensure!(
            commands(&widget, NEW_CALL).is_empty(),
            "before the sign-in it would be lost"
        );
        widget.sign_in();
        widget
            .wait_for("the call that was asked for", LIMIT, |it| {
                (!it.platform().live().is_empty()).then_some(())
            })
            .await?;
        widget.end();
        // Another click goes the same way; what was kept is not given out again before it.
        page.show().await?;
        called(&page, &widget, "#callto", "+493023125014", 2).await?;
        widget.sign_out();
        page.close().await?;
    }
    Ok(())
}
