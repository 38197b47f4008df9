//! `window.RCAdapter` for the page's own scripts: off until the user says so, and nothing is dialled or sent
//! that the user did not click for.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use switchboard::protocol::stored::Adapter;
use switchboard_demo::{Headers, Options, Widget, crm};
use switchboard_e2e::ways::{commands, word};
use switchboard_e2e::{Document, Kind, LIMIT, Scene, play, until};

#[test]
fn the_pages_own_scripts_use_the_phone_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        options(),
        the_pages_own_scripts_use_the_phone,
    )
}

#[test]
fn the_pages_own_scripts_use_the_phone_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        options(),
        the_pages_own_scripts_use_the_phone,
    )
}

fn options() -> Options {
    Options {
        past: crm::past_calls(),
        ..Options::default()
    }
}

async fn the_pages_own_scripts_use_the_phone(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    let page = scene.crm(Headers::Plain, "/phone").await?;
    scene.served_by(&page, Adapter::Isolated).await?;
    ensure!(
        page.eval("typeof RCAdapter").await? == json!("undefined"),
        "nothing is offered unasked"
    );
    page.close().await?;
    scene.offer_page_api(&site).await?;
    for adapter in [Adapter::Isolated, Adapter::Window] {
        scene.choose_adapter(&site, adapter).await?;
        let page = scene.crm(Headers::Plain, "/phone").await?;
        let widget = scene.served_by(&page, adapter).await?;
        page.show().await?;
        methods_work(&page, &widget).await.context(word(adapter))?;
        if adapter == Adapter::Isolated {
            let panel = scene.panel(&page).await?;
            said(&page, "toggleMinimized").await?;
            panel.holds("innerHeight === 40").await?;
            said(&page, "toggleMinimized").await?;
            panel.holds("innerHeight > 400").await?;
        }
        page.close().await?;
    }
    Ok(())
}

async fn methods_work(page: &Document, widget: &Arc<Widget>) -> Result<()> {
    let calls = |it: &Widget| commands(it, "rc-adapter-new-call");
    page.holds("document.querySelector('#unasked').textContent !== ''")
        .await?;
    // Calls are answered in their order: after this one the first was heard.
    page.eval("RCAdapter.isWindowPoppedUp()").await?;
    ensure!(
        calls(widget).is_empty() && widget.platform().live().is_empty(),
        "a script that nobody clicked for does not dial"
    );

    page.click("#clickToCall").await?;
    widget
        .wait_for("a call to Ada", LIMIT, |it| {
            let live = it.platform().live();
            live.iter()
                .any(|it| it.other.number == "+14155550142")
                .then_some(())
        })
        .await?;
    ensure!(calls(widget).len() == 1, "one call: {:?}", calls(widget));
    page.click("#controlCall").await?;
    widget
        .wait_for("the call is over", LIMIT, |it| {
            it.platform().live().is_empty().then_some(())
        })
        .await?;
    page.click("#clickToSMS").await?;
    widget
        .wait_for("a text is begun", LIMIT, |it| {
            (commands(it, "rc-adapter-new-sms").len() == 1).then_some(())
        })
        .await?;
    page.click("#navigateTo").await?;
    widget
        .wait_for("the history is open", LIMIT, |it| {
            (it.route() == "/history").then_some(())
        })
        .await?;

    let unlogged = said(page, "getUnloggedCalls").await?;
    let listed = unlogged.get("calls").and_then(Value::as_array);
    ensure!(
        listed.is_some_and(|it| !it.is_empty()),
        "the calls that nobody logged: {unlogged}"
    );
    said(page, "alertMessage").await?;
    ensure!(
        widget.alerts().iter().any(|it| it == "Said by the page"),
        "the page's words are shown: {:?}",
        widget.alerts()
    );
    Ok(())
}

/// Clicks a method's button and waits for what comes back.
async fn said(page: &Document, method: &str) -> Result<Value> {
    page.eval(&format!(
        "void (document.querySelector('#{method}-said').textContent = '')"
    ))
    .await?;
    page.click(&format!("#{method}")).await?;
    until(&format!("{method} comes back"), async || {
        let text = page
            .eval(&format!(
                "document.querySelector('#{method}-said').textContent"
            ))
            .await?;
        let text = text.as_str().unwrap_or_default();
        ensure!(!text.starts_with("refused"), "{method}: {text}");
        Ok(serde_json::from_str(text).ok())
    })
    .await
}
