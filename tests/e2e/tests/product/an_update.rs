//! The extension is updated under an open page: its old page agent steps aside for the new one.

use anyhow::{Result, ensure};
use switchboard_demo::{Headers, Options, RingOptions, Widget};
use switchboard_e2e::scene::until_recorded;
use switchboard_e2e::{Kind, LIMIT, Scene, play};

#[test]
fn an_update_leaves_one_panel_that_works_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        an_update_leaves_one_panel_that_works,
    )
}

#[test]
fn an_update_leaves_one_panel_that_works_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        Options::default(),
        an_update_leaves_one_panel_that_works,
    )
}

async fn an_update_leaves_one_panel_that_works(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    scene.log_by_themselves(&site, true).await?;
    let page = scene.crm(Headers::Plain, "/contacts").await?;
    let typing = a_note_is_being_typed(scene).await?;
    let before = scene.widget().await?.id();

    scene.browser.update_extension().await?;
    page.show().await?;
    let widget = scene
        .demo
        .wait_for(
            "one widget, and another than before",
            LIMIT,
            |it| match it.widgets().as_slice() {
                [one] if one.id() != before && one.is_signed_in() && one.is_attached() => {
                    Some(one.clone())
                }
                _ => None,
            },
        )
        .await?;
    let frames = page.tree().await?.children.len();
    ensure!(frames == 1, "one panel, not {frames}");

    // The form that was being filled in is open again, with what was typed.
    let form = widget
        .wait_for("the form is open again", LIMIT, Widget::form)
        .await?;
    ensure!(
        form.get("note").is_some_and(|it| it == NOTE)
            && widget.route() == format!("/log/call/{typing}"),
        "with the note, and of the same call: {form}"
    );

    let session = widget.ring("+14155550142", &RingOptions::default());
    widget.answer();
    widget.end();
    until_recorded(&widget, &session).await
}

const NOTE: &str = "Wants 40 seats";

/// Opens the form of a call that is over and types a note, without saving it. Returns the call's session.
async fn a_note_is_being_typed(scene: &Scene) -> Result<String> {
    let widget = scene.widget().await?;
    let session = widget.ring("+14155550142", &RingOptions::default());
    widget.answer();
    widget.end();
    until_recorded(&widget, &session).await?;
    widget.press_log(&session);
    widget.wait_for("the form", LIMIT, Widget::form).await?;
    widget.type_in_form("note", NOTE);
    let own = scene.popup(&scene.demo.crm_origin()).await?;
    scene
        .until_entry(&own, &format!("call:{session}"), "the note is kept", |it| {
            it.get("note").is_some_and(|it| it == NOTE)
        })
        .await?;
    own.close().await?;
    Ok(session)
}
