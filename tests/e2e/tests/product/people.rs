//! The people of a page in the phone: listed, searched, told apart where they share a number, forgotten.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use switchboard_demo::{ButtonKind, Exchange, Headers, Options, RingOptions, Widget, crm};
use switchboard_e2e::scene::until_recorded;
use switchboard_e2e::{Document, Kind, LIMIT, Scene, play};

#[test]
fn people_are_found_told_apart_and_forgotten_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        people_are_found_told_apart_and_forgotten,
    )
}

#[test]
fn people_are_found_told_apart_and_forgotten_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        Options::default(),
        people_are_found_told_apart_and_forgotten,
    )
}

/// The number of Daniel Reyes and of Priya Raman.
const SHARED: &str = "+13035550110";

async fn people_are_found_told_apart_and_forgotten(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    scene.log_by_themselves(&site, true).await?;
    let page = scene.crm(Headers::Plain, "/contacts").await?;
    let widget = scene.widget().await?;

    everybody_is_listed(&widget).await?;
    searches_find(&widget).await?;
    let (chosen, session) = a_choice_is_remembered(&widget).await?;
    activities_survive_the_worker(scene, &widget, &chosen, &session).await?;
    page.show().await?;
    a_record_is_opened_once(scene, &page, &widget, &session, &chosen).await?;
    who_is_forgotten_or_merged_leaves_the_list(scene, &widget, &chosen).await
}

async fn everybody_is_listed(widget: &Arc<Widget>) -> Result<()> {
    let everybody = |it: &Widget| {
        let contacts = it.contacts();
        let is_listed = |name: &str| contacts.iter().any(|it| text(it, "name") == name);
        crm::PEOPLE
            .iter()
            .filter(|it| !it.phones.is_empty())
            .all(|it| is_listed(it.name))
            .then_some(())
    };
    widget
        .wait_for("everybody of the page in the contacts", LIMIT, everybody)
        .await
}

async fn searches_find(widget: &Arc<Widget>) -> Result<()> {
    for (typed, name, number) in [
        ("whi", "Ada Whitfield", "+14155550142"),
        ("coral bay", "Hannah Ito", "+61491570006"),
        ("whitfeild", "Ada Whitfield", "+14155550142"),
        ("5550177", "Priya Raman", "+13035550177"),
    ] {
        let rows = widget.search(typed).await;
        ensure!(
            rows.iter()
                .any(|it| it.name.starts_with(name) && it.number == number),
            "{typed:?} finds {name}: {rows:?}"
        );
    }
    Ok(())
}

/// Two people share a number: one of them is taken, the other is picked, and the next call is the
/// other's. Returns the other, and the session of a call with them.
async fn a_choice_is_remembered(widget: &Arc<Widget>) -> Result<(Value, String)> {
    let session = widget.ring(SHARED, &RingOptions::default());
    let sharing = widget
        .wait_for("both who share the number", LIMIT, |it| {
            let people = it.matches(SHARED);
            (people.len() == 2).then_some(people)
        })
        .await?;
    let taken = preselected(widget, &session).await?;
    let is_taken = |it: &&Value| text(it, "id") == taken;
    let first = sharing.iter().find(is_taken).context("one of the two")?;
    let other = sharing
        .iter()
        .find(|it| !is_taken(it))
        .context("the other of the two")?;

    let why = why(widget, &session, text(first, "name")).await?;
    ensure!(
        why.contains(text(other, "name")),
        "the alert names the other: {why}"
    );
    ensure!(!why.contains("unchoose:"), "nothing was chosen yet: {why}");

    widget.answer();
    widget.pick_contact(&session, text(other, "id"));
    let is_pick = |it: &Exchange| it.field("triggerType") == Some(&json!("contactUpdated"));
    widget
        .wait_for("the choice has arrived", LIMIT, |it| {
            let answered = |it: &Exchange| is_pick(it) && it.took.is_some();
            it.transcript().logs(&session).any(answered).then_some(())
        })
        .await?;
    widget.end();
    until_recorded(widget, &session).await?;

    let next = widget.ring(SHARED, &RingOptions::default());
    let taken = preselected(widget, &next).await?;
    ensure!(taken == text(other, "id"), "the choice is remembered");
    let said = why_of(widget, &next, text(other, "name")).await?;
    let link = said
        .iter()
        .find(|id| id.starts_with("unchoose:"))
        .context("a link that takes the choice back")?;
    widget.press_alert_link(link);
    widget
        .wait_for("the choice is taken back", LIMIT, |it| {
            let mut alerts = it.shown_alerts().into_iter();
            alerts.any(|it| it.level == "success").then_some(())
        })
        .await?;
    clear_alerts(widget);
    let said = why_of(widget, &next, text(other, "name")).await?;
    ensure!(
        !said.iter().any(|id| id.starts_with("unchoose:")),
        "nothing is left to take back: {said:?}"
    );
    widget.answer();
    widget.end();
    until_recorded(widget, &next).await?;
    Ok((other.clone(), session))
}

/// Whom the widget was told to take for a call.
async fn preselected(widget: &Arc<Widget>, session: &str) -> Result<String> {
    let live = widget.platform().live();
    let call = live.iter().find(|it| it.session_id == session);
    let telephony = call
        .context("a call that is going on")?
        .telephony_session_id
        .clone();
    widget
        .wait_for("somebody is taken for the call", LIMIT, |it| {
            it.partition().stored().picked.get(&telephony).cloned()
        })
        .await
}

/// Asks why it is this person; returns what the alert says below the name.
async fn why(widget: &Arc<Widget>, session: &str, name: &str) -> Result<String> {
    ensure!(
        widget.press_button(ButtonKind::CallAction, "why", session),
        "there is a button that asks why"
    );
    let alert = widget
        .wait_for("the answer", LIMIT, |it| {
            let mut alerts = it.shown_alerts().into_iter();
            alerts.find(|it| it.message == name)
        })
        .await?;
    clear_alerts(widget);
    Ok(alert.details.to_string())
}

/// The same; returns the ids of what the alert's details hold.
async fn why_of(widget: &Arc<Widget>, session: &str, name: &str) -> Result<Vec<String>> {
    let details: Value = serde_json::from_str(&why(widget, session, name).await?)?;
    let parts = details.as_array().into_iter().flatten();
    let items = parts.filter_map(|it| it.get("items")?.as_array()).flatten();
    Ok(items.map(|it| text(it, "id").to_owned()).collect())
}

fn clear_alerts(widget: &Arc<Widget>) {
    for alert in widget.shown_alerts() {
        widget.close_alert(&alert.id);
    }
}

async fn activities_survive_the_worker(
    scene: &Scene,
    widget: &Arc<Widget>,
    contact: &Value,
    session: &str,
) -> Result<()> {
    let key = format!("call:{session}");
    scene.browser.kill_worker().await?;
    // The widget waits three seconds, and what comes later is never shown.
    widget.open_activities(text(contact, "id"));
    widget
        .wait_for("the call among the activities", LIMIT, |it| {
            let body = it.html().get("body").cloned().unwrap_or_default();
            body.contains(&key).then_some(())
        })
        .await?;
    widget.open_activity(&key);
    let book = scene
        .tab_with("the log book at the call", |url| {
            url.ends_with(&format!("book/book.html#{key}"))
        })
        .await?;
    let name = json!(text(contact, "name"));
    book.holds(&format!(
        "document.querySelector('#entry-name')?.textContent === {name}"
    ))
    .await?;
    book.close().await
}

async fn a_record_is_opened_once(
    scene: &Scene,
    page: &Document,
    widget: &Arc<Widget>,
    session: &str,
    contact: &Value,
) -> Result<()> {
    let person = crm::PEOPLE
        .iter()
        .find(|it| it.name == text(contact, "name"));
    let path = format!("/contacts/{}", person.context("somebody of the CRM")?.id);
    // The first of the matches is asked for: whoever was called last.
    widget.press_view_contact(session);
    let record = scene
        .tab_with("the record", |url| url.ends_with(&path))
        .await?;
    record
        .holds("document.visibilityState === 'visible'")
        .await?;

    page.show().await?;
    record
        .holds("document.visibilityState === 'hidden'")
        .await?;
    widget.press_view_contact(session);
    record
        .holds("document.visibilityState === 'visible'")
        .await?;
    let tabs = scene.browser.tabs().await?;
    let open = tabs.iter().filter(|it| it.url.ends_with(&path)).count();
    ensure!(open == 1, "the record is open once, not {open} times");
    record.close().await?;
    page.show().await
}

async fn who_is_forgotten_or_merged_leaves_the_list(
    scene: &Scene,
    widget: &Arc<Widget>,
    kept: &Value,
) -> Result<()> {
    let book = scene.book_at("#people").await?;
    open_person(&book, widget, "Keiko Tanaka").await?;
    book.click("#person [data-act=forget]").await?;
    book.click("#confirm-yes").await?;
    gone_by_a_delta(widget, "Keiko Tanaka").await?;
    book.holds("document.querySelector('#person').hidden")
        .await?;

    let (daniel, priya) = ("Daniel Reyes", "Priya Raman");
    let name = text(kept, "name");
    let twin = if name == daniel { priya } else { daniel };
    open_person(&book, widget, name).await?;
    book.click(&format!(
        "#person-twins [data-act=merge][data-of={}]",
        json!(id_of(widget, twin).context("the other in the list")?)
    ))
    .await?;
    book.click("#confirm-yes").await?;
    gone_by_a_delta(widget, twin).await?;
    book.holds("document.querySelector('#person-twins-part').hidden")
        .await?;
    // Both numbers are the one's now.
    widget
        .wait_for("one is left who has the number", LIMIT, |it| {
            let contacts = it.contacts();
            let has = |it: &&Value| it.to_string().contains(SHARED);
            (contacts.iter().filter(has).count() == 1).then_some(())
        })
        .await?;
    book.close().await
}

/// Opens somebody in the book's list of people.
async fn open_person(book: &Document, widget: &Arc<Widget>, name: &str) -> Result<()> {
    let id = id_of(widget, name).context("somebody in the list")?;
    book.click(&format!("#people [data-id={}] a", json!(id)))
        .await?;
    book.holds(&format!(
        "!document.querySelector('#person-body').hidden \
         && document.querySelector('#person-name').textContent === {}",
        json!(name)
    ))
    .await
}

/// Waits until somebody is not in the widget's list any more, because the host said so.
async fn gone_by_a_delta(widget: &Arc<Widget>, name: &str) -> Result<()> {
    widget
        .wait_for(&format!("{name} has left the list"), LIMIT, |it| {
            id_of(it, name).is_none().then_some(())
        })
        .await?;
    let transcript = widget.transcript();
    let last = transcript
        .requests
        .iter()
        .rfind(|it| it.field("syncTimestamp").is_some())
        .context("a request for the list")?;
    let is_delta = last.field("syncTimestamp").is_some_and(Value::is_number);
    let listed = last
        .response
        .as_ref()
        .and_then(|it| it.get("data")?.as_array());
    let deleted = |it: &Value| it.get("deleted") == Some(&json!(true));
    ensure!(
        is_delta && listed.is_some_and(|it| it.iter().any(deleted)),
        "{name} leaves by a delta: {last:?}"
    );
    Ok(())
}

fn id_of(widget: &Widget, name: &str) -> Option<String> {
    let contacts = widget.contacts();
    let mut named = contacts.iter().filter(|it| text(it, "name") == name);
    named.next().map(|it| text(it, "id").to_owned())
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}
