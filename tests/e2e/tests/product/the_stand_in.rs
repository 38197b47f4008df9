//! The stand-in for RingCentral's adapter, which the other stories take for the real one: here without the
//! product, as a page that loads it by itself sees it.

use anyhow::{Result, ensure};
use serde_json::json;
use switchboard_demo::{Headers, Options, Widget};
use switchboard_e2e::ways::commands;
use switchboard_e2e::{Kind, LIMIT, Scene, play};

#[test]
fn the_stand_in_behaves_as_the_adapter_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        the_stand_in_behaves_as_the_adapter,
    )
}

#[test]
fn the_stand_in_behaves_as_the_adapter_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        Options::default(),
        the_stand_in_behaves_as_the_adapter,
    )
}

const LOOK: &str = "(it => `${it.className} ${it.style.zIndex}`)(document.querySelector('#mine'))";

async fn the_stand_in_behaves_as_the_adapter(scene: &mut Scene) -> Result<()> {
    let page = scene.crm(Headers::Plain, "/links").await?;
    let address = format!(
        "{}adapter.js?prefix=mine&zIndex=7&defaultDirection=left&disableCall=false&clientId=",
        scene.demo.widget_base()
    );
    page.eval(&format!(
        "void document.head.append(Object.assign(document.createElement('script'), {{ src: {} }}))",
        json!(address)
    ))
    .await?;
    let widget = scene
        .demo
        .wait_widget("its widget", LIMIT, Widget::is_signed_in)
        .await?;
    let query = &widget.facts().query;
    ensure!(
        query.starts_with("?prefix=mine&disableCall=false&fromAdapter=1&_t="),
        "what is the app's is handed on: {query}"
    );
    page.holds(&format!("{LOOK} === 'Adapter_root Adapter_left 7'"))
        .await?;

    // The user's click is kept by the widget, a message to the window moves the adapter alone.
    page.click(".Adapter_toggle").await?;
    page.holds(&format!(
        "{LOOK} === 'Adapter_root Adapter_left Adapter_minimized 7' && RCAdapter.minimized"
    ))
    .await?;
    widget
        .wait_for("the widget keeps it", LIMIT, |it| {
            let kept = it.partition().stored().adapter.get("minimized").cloned();
            (kept == Some(json!(true))).then_some(())
        })
        .await?;
    page.eval("void postMessage({ type: 'rc-adapter-syncMinimized', minimized: false }, '*')")
        .await?;
    page.holds(&format!("{LOOK} === 'Adapter_root Adapter_left 7'"))
        .await?;
    let kept = widget
        .partition()
        .stored()
        .adapter
        .get("minimized")
        .cloned();
    ensure!(
        kept == Some(json!(true)),
        "the widget was not told: {kept:?}"
    );

    let unlogged = page.eval("RCAdapter.getUnloggedCalls(10, 1)").await?;
    ensure!(
        unlogged == json!({ "calls": [], "hasMore": false }),
        "a promise method: {unlogged}"
    );
    page.click("#tel").await?;
    widget
        .wait_for("the link was dialled", LIMIT, |it| {
            (!it.platform().live().is_empty()).then_some(())
        })
        .await?;
    ensure!(
        commands(&widget, "rc-adapter-new-call").len() == 1,
        "with one command"
    );
    widget.answer();
    page.holds("RCAdapter.telephonyStatus === 'CallConnected'")
        .await?;
    widget.end();

    page.eval("RCAdapterDispose()").await?;
    ensure!(
        page.eval("[typeof RCAdapter, document.querySelector('#mine')]")
            .await?
            == json!(["undefined", null]),
        "nothing is left of it"
    );
    Ok(())
}
