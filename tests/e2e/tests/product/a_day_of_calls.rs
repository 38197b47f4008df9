//! From the switch in the popup to the log after a restart of the browser, on a page without any
//! policy and on one that forbids everything foreign.

use anyhow::{Result, ensure};
use switchboard_demo::partition::MatchCache;
use switchboard_demo::{Headers, Options, RingOptions, Widget};
use switchboard_e2e::scene::{until_logged, until_recorded};
use switchboard_e2e::{Kind, LIMIT, Scene, play};

#[test]
fn a_day_of_calls_in_chromium() -> Result<()> {
    play(Kind::Chromium, options(), a_day_of_calls)
}

#[test]
fn a_day_of_calls_in_firefox() -> Result<()> {
    play(Kind::Firefox, options(), a_day_of_calls)
}

fn options() -> Options {
    Options {
        signed_in: false,
        ..Options::default()
    }
}

async fn a_day_of_calls(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    scene.log_by_themselves(&site, true).await?;

    let mut sessions = Vec::new();
    for headers in [Headers::Plain, Headers::CspSelf] {
        let page = scene.crm(headers, "/contacts").await?;
        let widget = scene
            .demo
            .wait_widget("a widget in the page", LIMIT, Widget::is_open)
            .await?;
        widget.sign_in();
        let widget = scene.widget().await?;
        let frame = page
            .frame("the widget's", |url| {
                url.starts_with(&scene.demo.widget_base())
            })
            .await?;
        // Only Chromium tells; a frame that is not allowed the microphone cannot even ask for it.
        for feature in ["microphone", "autoplay"] {
            let allowed = frame
                .eval(&format!(
                    "document.featurePolicy?.allowsFeature('{feature}') ?? true"
                ))
                .await?;
            ensure!(
                allowed == true,
                "the widget's frame may use the {feature}: {allowed}"
            );
        }
        ensure!(
            widget.facts().secure,
            "the widget's frame is a secure context"
        );

        people_are_listed_and_found(&widget).await?;
        sessions.push(an_incoming_call_is_logged_by_itself(&widget).await?);
        sessions.push(a_call_is_logged_by_hand(&widget).await?);
        let missed: Vec<String> = widget
            .transcript()
            .missed()
            .map(|it| it.path.clone())
            .collect();
        ensure!(
            missed.is_empty(),
            "requests without an answer in time: {missed:?}"
        );
        ensure!(
            widget.transcript().faults.is_empty(),
            "{:?}",
            widget.transcript().faults
        );
        page.close().await?;
    }
    let before = until_logged(scene, "four calls, one entry each", |rows| rows.len() == 4).await?;

    // The widget's own memory of what is logged is emptied, so that it must ask.
    for widget in scene.demo.all_widgets() {
        widget.partition().stored().entities = MatchCache::default();
    }
    scene.browser.restart().await?;
    let _page = scene.crm(Headers::Plain, "/contacts").await?;
    let widget = scene.widget().await?;
    for session in &sessions {
        widget
            .wait_for("the call is still known as logged", LIMIT, |it| {
                it.is_logged(session).then_some(())
            })
            .await?;
    }
    ensure!(
        scene.book().await? == before,
        "the log is what it was before the restart"
    );
    Ok(())
}

async fn people_are_listed_and_found(widget: &std::sync::Arc<Widget>) -> Result<()> {
    widget
        .wait_for("Ada in the contacts", LIMIT, |it| {
            names(&it.contacts())
                .contains(&"Ada Whitfield".to_owned())
                .then_some(())
        })
        .await?;
    let found = widget.search("ada").await;
    ensure!(
        found.iter().any(|it| it.name == "Ada Whitfield"),
        "a search finds her: {found:?}"
    );
    Ok(())
}

async fn an_incoming_call_is_logged_by_itself(widget: &std::sync::Arc<Widget>) -> Result<String> {
    let session = widget.ring("+14155550142", &RingOptions::default());
    widget
        .wait_for("the caller's name", LIMIT, |it| {
            names(&it.matches("+14155550142"))
                .contains(&"Ada Whitfield".to_owned())
                .then_some(())
        })
        .await?;
    widget.answer();
    widget.end();
    until_recorded(widget, &session).await?;
    Ok(session)
}

async fn a_call_is_logged_by_hand(widget: &std::sync::Arc<Widget>) -> Result<String> {
    widget.set_auto_log(false);
    let session = widget.ring("+442079460018", &RingOptions::default());
    widget.answer();
    widget.end();
    widget
        .wait_for("the call is in the history", LIMIT, |it| {
            it.platform().record_of(&session)
        })
        .await?;
    ensure!(
        widget.transcript().logs(&session).next().is_none(),
        "nothing is logged by itself"
    );
    widget.press_log(&session);
    widget
        .wait_for("the call is logged by hand", LIMIT, |it| {
            it.is_logged(&session).then_some(())
        })
        .await?;
    widget.set_auto_log(true);
    Ok(session)
}

fn names(people: &[serde_json::Value]) -> Vec<String> {
    people
        .iter()
        .filter_map(|it| it.get("name")?.as_str().map(str::to_owned))
        .collect()
}
