//! Conversations: each of their days is one entry, however often and in whatever language the widget tells
//! of it.
#![allow(
    clippy::indexing_slicing,
    reason = "a field that JSON lacks is null, not a panic"
)]

use std::sync::Arc;

use anyhow::{Result, ensure};
use serde_json::json;
use switchboard::protocol::widget::types;
use switchboard_demo::partition::MatchCache;
use switchboard_demo::{
    Direction, Headers, MessageKind, Options, Outcome, PastMessage, Transcript, Widget,
};
use switchboard_e2e::scene::linked;
use switchboard_e2e::{Document, Kind, LIMIT, Scene, play, until};

#[test]
fn messages_are_kept_by_day_in_chromium() -> Result<()> {
    play(Kind::Chromium, options(), messages_are_kept_by_day)
}

#[test]
fn messages_are_kept_by_day_in_firefox() -> Result<()> {
    play(Kind::Firefox, options(), messages_are_kept_by_day)
}

const ADA: &str = "+14155550142";
const EDWARD: &str = "+442079460018";
const REDWOOD: &str = "+13035550110";

/// A conversation of two days, neither of them today.
fn options() -> Options {
    let message = |text: &str, minutes_ago| PastMessage {
        kind: MessageKind::Sms,
        direction: Direction::Inbound,
        number: EDWARD.to_owned(),
        name: "HARBOUR".to_owned(),
        text: text.to_owned(),
        minutes_ago,
    };
    Options {
        past_messages: vec![
            message("See you on Tuesday.", 3000),
            message("Sorry, Wednesday.", 1500),
        ],
        ..Options::default()
    }
}

async fn messages_are_kept_by_day(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    let own = scene.popup(&site).await?;
    let page = scene.crm(Headers::Plain, "/contacts").await?;
    let widget = scene.widget_that_lists("Ada Whitfield").await?;

    let texts = widget.receive_sms(ADA, "Is the quote ready?");
    let key = logged_today(scene, &own, &widget, &texts).await?;
    scene.browser.kill_worker().await?;
    widget.send_sms(&[ADA], "It is in your inbox.").await;
    let entry = scene
        .until_entry(&own, &key, "question and answer", |it| {
            it["message_count"] == 2
        })
        .await?;
    ensure!(linked(&entry) == ["Ada Whitfield"], "it is Ada's: {entry}");

    let voicemail = widget.leave_voicemail(REDWOOD, 12, "Please move it to next week.");
    let spoken = logged_today(scene, &own, &widget, &voicemail).await?;
    let fax = widget.receive_fax(REDWOOD, 3);
    let faxed = logged_today(scene, &own, &widget, &fax).await?;

    let days = by_hand(scene, &own, &widget).await?;

    // The page is loaded again: all of today comes again, and nothing changes.
    let before = scene.stored_logs().await?;
    let widget = scene.reload(&page, &widget).await?;
    for conversation in [&texts, &voicemail, &fax] {
        widget
            .wait_for("today's messages are told again", LIMIT, |it| {
                told_again(&it.transcript(), conversation).then_some(())
            })
            .await?;
    }
    let after = scene.stored_logs().await?;
    ensure!(before == after, "nothing changed: {before:?}, {after:?}");

    // The same days under other names: the widget now writes dates in German.
    scene.demo.set_locale("de-DE");
    widget.partition().stored().groups = MatchCache::default();
    let widget = scene.reload(&page, &widget).await?;
    let edward = conversation_with(&widget, EDWARD);
    for conversation in [&texts, &edward] {
        let names = widget.log_ids_of(conversation);
        ensure!(
            names.iter().all(|it| it.contains('.')),
            "the dates are German: {names:?}"
        );
        widget
            .wait_for("every day is still known as logged", LIMIT, |it| {
                let mut days = names.iter();
                days.all(|day| !it.message_entities(day).is_empty())
                    .then_some(())
            })
            .await?;
    }
    let keys = scene.stored_logs().await?.len();
    ensure!(keys == before.len(), "no entry is new: {keys}");

    the_book_shows(
        scene,
        &key,
        &["Is the quote ready?", "It is in your inbox."],
    )
    .await?;
    the_book_shows(scene, &days, &["Sorry, Wednesday."]).await?;
    for entry in [&spoken, &faxed] {
        let book = scene.entry(entry).await?;
        book.holds(
            "document.querySelector('#entry-messages .file a.away')?.href.startsWith('https://')",
        )
        .await?;
        let words = book
            .eval("document.querySelector('#entry-messages').innerText")
            .await?;
        let transcript = words
            .as_str()
            .unwrap_or_default()
            .contains("Please move it");
        ensure!(
            transcript == (*entry == spoken),
            "a voicemail has its words: {words}"
        );
        book.close().await?;
    }
    Ok(())
}

/// The log button of a conversation with two days: two entries, and one form, which belongs to the newest.
/// Returns the newest day's key.
async fn by_hand(scene: &Scene, own: &Document, widget: &Arc<Widget>) -> Result<String> {
    let known = scene.stored_logs().await?.len();
    let conversation = conversation_with(widget, EDWARD);
    widget.press_log_conversation(&conversation);
    let path = format!("/log/messages/{conversation}");
    widget
        .wait_for("the form", LIMIT, |it| {
            it.form().filter(|_| it.route() == path)
        })
        .await?;
    let days = widget.log_ids_of(&conversation);
    ensure!(days.len() == 2, "two days: {days:?}");
    widget
        .wait_for("both days are logged", LIMIT, |it| {
            let mut days = days.iter();
            days.all(|day| !it.message_entities(day).is_empty())
                .then_some(())
        })
        .await?;
    let transcript = widget.transcript();
    let opened = transcript
        .commands
        .iter()
        .filter(|it| it["type"] == types::NAVIGATE && it["path"] == json!(path))
        .count();
    ensure!(opened == 1, "one click opens one form, not {opened}");
    let stored = scene.stored_logs().await?;
    ensure!(
        stored.len() == known + 2,
        "an entry for each day: {stored:?}"
    );

    widget.type_in_form("note", "Wednesday it is");
    let newest = stored
        .iter()
        .filter(|it| it["conversation"] == json!(conversation))
        .max_by_key(|it| it["started_at"].as_i64());
    let key = newest.map_or("", |it| it["key"].as_str().unwrap_or_default());
    scene
        .until_entry(own, key, "the note is kept before Save", |it| {
            it["note"] == "Wednesday it is"
        })
        .await?;
    widget.press_form_save();
    widget
        .wait_for("the note at the newest day", LIMIT, |it| {
            let newest = days.first().map(|day| it.message_entities(day))?;
            newest
                .iter()
                .any(|it| it["note"] == "Wednesday it is")
                .then_some(())
        })
        .await?;
    Ok(key.to_owned())
}

/// Waits until a conversation of today is logged, and the widget knows it; returns its entry's key.
async fn logged_today(
    scene: &Scene,
    own: &Document,
    widget: &Widget,
    conversation: &str,
) -> Result<String> {
    let entity = widget
        .wait_for("it is logged by itself", LIMIT, |it| {
            let days = it.log_ids_of(conversation);
            let entities = days.first().map(|day| it.message_entities(day))?;
            entities.into_iter().next()
        })
        .await?;
    let key = entity["id"].as_str().unwrap_or_default().to_owned();
    scene
        .until_entry(own, &key, "it is kept", |it| it["state"] == "saved")
        .await?;
    Ok(key)
}

async fn the_book_shows(scene: &Scene, key: &str, texts: &[&str]) -> Result<()> {
    let book = scene.entry(key).await?;
    let wanted = json!(texts);
    until(&format!("{key} shows {wanted}"), async || {
        let shown = book
            .eval("[...document.querySelectorAll('#entry-messages .bubble')].map(it => it.textContent)")
            .await?;
        Ok((shown == wanted).then_some(()))
    })
    .await?;
    book.close().await
}

fn told_again(transcript: &Transcript, conversation: &str) -> bool {
    let mut told = transcript.message_logs(conversation);
    told.any(|it| it.outcome == Outcome::Answered)
}

fn conversation_with(widget: &Widget, number: &str) -> String {
    let messages = widget.platform().messages();
    let found = messages
        .iter()
        .find(|it| it.others.iter().any(|it| it.number == number));
    found.map(|it| it.conversation.clone()).unwrap_or_default()
}
