//! The log button and its form: logged at once, kept as it is typed, saved, looked at and changed in the
//! book, and the same with the widget's own form.
#![allow(
    clippy::indexing_slicing,
    reason = "a field that JSON lacks is null, not a panic"
)]

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use switchboard::protocol::widget::types;
use switchboard_demo::{
    ButtonKind, Direction, Exchange, Headers, Options, Outcome, PastCall, RingOptions, Widget,
};
use switchboard_e2e::scene::linked;
use switchboard_e2e::{Document, Kind, LIMIT, Scene, play, until};

#[test]
fn the_log_forms_in_chromium() -> Result<()> {
    play(Kind::Chromium, Options::default(), the_log_forms)
}

#[test]
fn the_log_forms_in_firefox() -> Result<()> {
    play(Kind::Firefox, Options::default(), the_log_forms)
}

const ADA: &str = "+14155550142";
const STRANGER: &str = "+16505550123";

async fn the_log_forms(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    scene.log_by_themselves(&site, false).await?;
    let [other, third] = [STRANGER, ADA].map(|number| past_call(scene, number));
    let own = scene.popup(&site).await?;
    let page = scene.crm(Headers::Plain, "/contacts").await?;
    let widget = scene.widget().await?;
    let ada = named(&widget, ADA, "Ada Whitfield").await?;
    // One that the widget has followed: only of such calls does it tell more by itself.
    let session = widget.ring(ADA, &RingOptions::default());
    widget.answer();
    widget.end();
    widget
        .wait_for("the call is in the history", LIMIT, |it| {
            it.platform().record_of(&session)
        })
        .await?;

    the_form_is_kept_as_it_is_typed(scene, &own, &widget, &session, &ada).await?;
    somebody_new(scene, &own, &widget, &other).await?;
    the_book_and_the_widget_agree(scene, &own, &widget, &session).await?;
    the_call_buttons(scene, &widget, &other, &third).await?;

    scene
        .set_in_popup(&site, "#calls", "#ask-for-notes")
        .await?;
    page.show().await?;
    a_note_is_asked_for(&widget).await?;

    scene.set_in_popup(&site, "#calls", "#form-modal").await?;
    let widget = scene.reload(&page, &widget).await?;
    the_widgets_own_form(scene, &own, &widget, &ada).await
}

async fn the_form_is_kept_as_it_is_typed(
    scene: &Scene,
    own: &Document,
    widget: &Arc<Widget>,
    session: &str,
    ada: &str,
) -> Result<()> {
    widget.press_log(session);
    let form = form_of(widget, session).await?;
    ensure!(form["contact"] == ada, "Ada is chosen: {form}");
    noted(widget, session, "").await?;

    let key = format!("call:{session}");
    for note in ["Wants", "Wants 40 seats"] {
        widget.type_in_form("note", note);
        scene
            .until_entry(own, &key, "the note is kept before Save", |it| {
                it["note"] == note
            })
            .await?;
    }

    // Somebody else, looked for inside the form.
    widget.type_in_form("contact", "switchboard:other");
    page_of(widget, "a field to search in", |it| {
        it["uiSchema"]["contactSearch"]["ui:widget"] != "hidden"
    })
    .await?;
    widget.type_in_form("contactSearch", "raman");
    let page = page_of(widget, "Priya Raman is offered", |it| {
        option(it, "Priya Raman").is_some()
    })
    .await?;
    let priya = option(&page, "Priya Raman").context("Priya's id")?;
    widget.type_in_form("contact", priya.as_str());
    scene
        .until_entry(own, &key, "Priya is its contact", |it| {
            linked(it) == ["Priya Raman"]
        })
        .await?;

    widget.type_in_form("contact", ada);
    widget.type_in_form("subject", "Renewal");
    widget.type_in_form("outcome", "reached");
    ensure!(
        widget
            .form()
            .is_some_and(|it| it["note"] == "Wants 40 seats"),
        "what was typed stays in the form"
    );
    widget.press_form_save();
    scene
        .until_entry(own, &key, "all of the form is kept", |it| {
            it["subject"] == "Renewal"
                && it["outcome"] == "reached"
                && linked(it) == ["Ada Whitfield"]
        })
        .await?;
    noted(widget, session, "Wants 40 seats").await?;

    widget.press_log(session);
    let form = form_of(widget, session).await?;
    for (field, said) in [
        ("contact", ada),
        ("note", "Wants 40 seats"),
        ("subject", "Renewal"),
        ("outcome", "reached"),
    ] {
        ensure!(form[field] == said, "{field} is filled in: {form}");
    }
    Ok(())
}

/// A caller nobody knows becomes a contact in the form, and has a name from then on.
async fn somebody_new(
    scene: &Scene,
    own: &Document,
    widget: &Arc<Widget>,
    session: &str,
) -> Result<()> {
    widget.press_log(session);
    let form = form_of(widget, session).await?;
    ensure!(
        form["contact"] == "switchboard:nobody",
        "nobody has the number: {form}"
    );
    widget.type_in_form("contact", "switchboard:new");
    page_of(widget, "a field for the name", |it| {
        it["uiSchema"]["contactName"]["ui:widget"] != "hidden"
    })
    .await?;
    widget.type_in_form("contactName", "Nora Quill");
    widget.press_form_save();
    scene
        .until_entry(
            own,
            &format!("call:{session}"),
            "Nora is its contact",
            |it| linked(it) == ["Nora Quill"],
        )
        .await?;
    named(widget, STRANGER, "Nora Quill").await.map(drop)
}

async fn the_book_and_the_widget_agree(
    scene: &Scene,
    own: &Document,
    widget: &Arc<Widget>,
    session: &str,
) -> Result<()> {
    let key = format!("call:{session}");
    widget.press_view_log(session);
    let fragment = format!("#{key}");
    let book = until("the book at the call", async || {
        let tabs = scene.browser.tabs().await?;
        let book = tabs.into_iter().find(|it| it.url.ends_with(&fragment));
        Ok(book.map(|it| it.document))
    })
    .await?;
    book.holds("document.querySelector('#entry-note')?.value === 'Wants 40 seats'")
        .await?;
    book.fill("#entry-note", "Wants 50 seats").await?;
    book.holds("document.querySelector('#entry-saved').dataset.said === 'saved'")
        .await?;
    noted(widget, session, "Wants 50 seats").await?;

    book.click("#entry [data-act=delete]").await?;
    book.click("#confirm-yes").await?;
    widget
        .wait_for("the call is not logged any more", LIMIT, |it| {
            (!it.is_logged(session)).then_some(())
        })
        .await?;
    book.close().await?;

    // What comes later by itself does not bring it back.
    widget.set_auto_log(true);
    let asked = widget.transcript().logs(session).count();
    widget.platform().record(session);
    let record = |it: &Exchange| {
        let recorded = it.field("call").and_then(|call| call.get("recording"));
        recorded.is_some() && it.outcome == Outcome::Answered
    };
    widget
        .wait_for("the recording is told", LIMIT, |it| {
            let told = it.transcript().logs(session).skip(asked).any(record);
            told.then_some(())
        })
        .await?;
    widget.set_auto_log(false);
    scene
        .until_entry(own, &key, "it stays deleted", |it| it["state"] == "deleted")
        .await?;
    ensure!(!widget.is_logged(session), "it is not logged again");
    let rows = scene.book().await?;
    ensure!(
        rows.iter().all(|it| it.key != key),
        "it is not in the book: {rows:?}"
    );
    Ok(())
}

async fn the_call_buttons(
    scene: &Scene,
    widget: &Arc<Widget>,
    nora: &str,
    ada: &str,
) -> Result<()> {
    let press = |id: &str, session: &str| {
        let pressed = widget.press_button(ButtonKind::CallAction, id, session);
        pressed.then_some(()).context("there is no such button")
    };
    press("open", nora)?;
    alert(widget, "There is no record to open").await?;
    press("why", ada)?;
    alert(widget, "Ada Whitfield").await?;

    press("note", ada)?;
    let form = form_of(widget, ada).await?;
    ensure!(form["note"] == "", "an empty form: {form}");
    ensure!(!widget.is_logged(ada), "a form alone is no log");

    press("open", ada)?;
    let record = until("Ada's record", async || {
        let tabs = scene.browser.tabs().await?;
        let record = tabs
            .into_iter()
            .find(|it| it.url == scene.demo.crm_url(Headers::Plain, "/contacts/101"));
        Ok(record.map(|it| it.document))
    })
    .await?;
    record.close().await
}

async fn a_note_is_asked_for(widget: &Arc<Widget>) -> Result<()> {
    let session = widget.ring(ADA, &RingOptions::default());
    widget.answer();
    widget.end();
    form_of(widget, &session).await.map(drop)
}

async fn the_widgets_own_form(
    scene: &Scene,
    own: &Document,
    widget: &Arc<Widget>,
    ada: &str,
) -> Result<()> {
    let session = past_call(scene, ADA);
    named(widget, ADA, "Ada Whitfield").await?;
    widget.press_log(&session);
    let form = form_of(widget, &session).await?;
    ensure!(
        form == json!({ "note": "", "contactId": ada }),
        "it is the widget's own: {form}"
    );
    let key = format!("call:{session}");
    widget.type_in_form("note", "By the widget");
    scene
        .until_entry(own, &key, "a draft", |it| {
            it["state"] == "draft" && it["note"] == "By the widget"
        })
        .await?;
    ensure!(!widget.is_logged(&session), "a draft is no log");
    widget.press_form_save();
    noted(widget, &session, "By the widget").await?;
    scene
        .until_entry(own, &key, "saved with its contact", |it| {
            it["state"] == "saved" && linked(it) == ["Ada Whitfield"]
        })
        .await?;
    Ok(())
}

fn past_call(scene: &Scene, number: &str) -> String {
    scene.demo.add_past_call(&PastCall {
        direction: Direction::Inbound,
        number: number.to_owned(),
        name: "WIRELESS CALLER".to_owned(),
        minutes_ago: 20,
        duration: 61,
        recorded: false,
    })
}

/// The id of the contact that the widget names for a number.
async fn named(widget: &Widget, number: &str, name: &str) -> Result<String> {
    widget
        .wait_for(&format!("{name} for {number}"), LIMIT, |it| {
            let matches = it.matches(number);
            let person = matches.iter().find(|it| it["name"] == name)?;
            person["id"].as_str().map(str::to_owned)
        })
        .await
}

/// What is in the form of a call, once it is open.
async fn form_of(widget: &Widget, session: &str) -> Result<Value> {
    let path = format!("/log/call/{session}");
    widget
        .wait_for("the form of the call", LIMIT, |it| {
            it.form().filter(|_| it.route() == path)
        })
        .await
}

/// The log page as it was drawn last.
async fn page_of(widget: &Widget, wanted: &str, fits: impl Fn(&Value) -> bool) -> Result<Value> {
    widget
        .wait_for(wanted, LIMIT, |it| {
            let transcript = it.transcript();
            let mut pages = transcript.commands.iter();
            let last = pages.rfind(|it| it["type"] == types::CALL_LOG_PAGE)?;
            Some(last["page"].clone()).filter(|it| fits(it))
        })
        .await
}

/// The value of the contact field for somebody it offers.
fn option(page: &Value, name: &str) -> Option<String> {
    let options = page["schema"]["properties"]["contact"]["oneOf"].as_array()?;
    let offer = options.iter().find(|it| it["title"] == name)?;
    offer["const"].as_str().map(str::to_owned)
}

/// Waits until the widget shows a call as logged, with this note.
async fn noted(widget: &Widget, session: &str, note: &str) -> Result<()> {
    widget
        .wait_for(&format!("logged with the note {note}"), LIMIT, |it| {
            let entities = it.entities(session);
            entities.iter().any(|it| it["note"] == note).then_some(())
        })
        .await
}

async fn alert(widget: &Widget, words: &str) -> Result<()> {
    widget
        .wait_for(&format!("an alert: {words}"), LIMIT, |it| {
            let mut alerts = it.alerts().into_iter();
            alerts.any(|it| it.contains(words)).then_some(())
        })
        .await
}
