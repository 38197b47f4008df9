//! The worker is killed between the events of a call, and while it writes: one entry, nothing lost.

use std::sync::Arc;

use anyhow::{Result, ensure};
use serde_json::Value;
use switchboard_demo::{Headers, Options, RingOptions, Widget};
use switchboard_e2e::scene::until_recorded;
use switchboard_e2e::{Kind, LIMIT, Scene, play};

#[test]
fn a_call_survives_the_worker_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        a_call_survives_the_worker,
    )
}

#[test]
fn a_call_survives_the_worker_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        Options::default(),
        a_call_survives_the_worker,
    )
}

/// When the worker is killed.
#[derive(Clone, Copy)]
enum When {
    /// After it has answered an event.
    Between,
    /// When the widget has asked and is not answered yet.
    During,
}

async fn a_call_survives_the_worker(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    scene.log_by_themselves(&site, true).await?;
    let _page = scene.crm(Headers::Plain, "/contacts").await?;
    let widget = scene.widget().await?;

    let mut keys = Vec::new();
    for when in [When::Between, When::During, When::During, When::During] {
        keys.push(format!("call:{}", a_call(scene, &widget, when).await?));
    }

    let transcript = widget.transcript();
    let missed: Vec<&str> = transcript.missed().map(|it| it.path.as_str()).collect();
    ensure!(
        missed.is_empty(),
        "requests without an answer in time: {missed:?}"
    );
    let entries = scene.stored_logs().await?;
    let mut found: Vec<&str> = entries
        .iter()
        .filter_map(|it| it.get("key")?.as_str())
        .collect();
    found.sort_unstable();
    keys.sort_unstable();
    ensure!(
        found == keys,
        "each call is there once: {found:?}, not {keys:?}"
    );
    for entry in &entries {
        let timeline = entry
            .get("timeline")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let told: Vec<&str> = timeline
            .iter()
            .filter_map(|it| it.get("result")?.as_str())
            .collect();
        for result in ["Ringing", "CallConnected", "Disconnected", "Accepted"] {
            ensure!(told.contains(&result), "{result} is lost: {told:?}");
        }
    }
    Ok(())
}

/// A call with a kill at each of its events; returns its session.
async fn a_call(scene: &Scene, widget: &Arc<Widget>, when: When) -> Result<String> {
    let session = widget.ring("+14155550142", &RingOptions::default());
    kill(scene, widget, &session, "Ringing", when).await?;
    widget.answer();
    kill(scene, widget, &session, "CallConnected", when).await?;
    widget.end();
    kill(scene, widget, &session, "Disconnected", when).await?;
    until_recorded(widget, &session).await?;
    Ok(session)
}

/// Kills the worker at the event of a call whose result is `result`, and waits for the answer.
async fn kill(
    scene: &Scene,
    widget: &Arc<Widget>,
    session: &str,
    result: &str,
    when: When,
) -> Result<()> {
    let wanted = format!("the log request of {result}");
    let is = |it: &switchboard_demo::Exchange| {
        it.body
            .as_ref()
            .and_then(|body| body.pointer("/call/result")?.as_str())
            == Some(result)
    };
    let asked = |it: &Widget| it.transcript().logs(session).any(is).then_some(());
    let answered = |it: &Widget| {
        it.transcript()
            .logs(session)
            .any(|it| is(it) && it.took.is_some())
            .then_some(())
    };
    match when {
        When::Between => widget.wait_for(&wanted, LIMIT, answered).await?,
        When::During => widget.wait_for(&wanted, LIMIT, asked).await?,
    }
    scene.browser.kill_worker().await?;
    widget
        .wait_for(&format!("{wanted}, answered"), LIMIT, answered)
        .await
}
