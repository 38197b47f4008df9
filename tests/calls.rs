//! However the events of a call arrive, they end in the same entry.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use serde_json::{Value, json};
use switchboard::calls::{CallEvent, Links, apply, unlink};
use switchboard::protocol::stored::{ContactLink, LogEntry, Stage};

const SITE: &str = common::SITE;

/// The six events of an answered and recorded call, as the widget sends them.
fn story() -> Vec<Value> {
    let event = |trigger: &str, result: &str, duration: u32| {
        let mut body = common::call("9100", result, duration);
        body["triggerType"] = json!(trigger);
        body
    };
    let mut record = event("callLogSync", "Accepted", 64);
    record["call"]["action"] = json!("Phone Call");
    record["call"]["startTime"] = json!(1_795_159_713_000_i64);
    record["call"]["lastModifiedTime"] = json!("2026-11-20T07:28:52Z");
    let mut recorded = record.clone();
    recorded["call"]["recording"] = json!({
        "id": "77",
        "contentUri": "https://media.example/77/content?access_token=secret",
        "link": "https://reader.example/?media=77",
    });
    let mut form = record.clone();
    form["triggerType"] = json!("logForm");
    form["note"] = json!("Wants an offer");
    vec![
        event("presenceUpdate", "Ringing", 0),
        event("presenceUpdate", "CallConnected", 3),
        event("presenceUpdate", "Disconnected", 66),
        record,
        recorded,
        form,
    ]
}

fn entry_of(bodies: &[Value]) -> LogEntry {
    let mut entry = None;
    for body in bodies {
        let event = CallEvent::of(body).expect("a call");
        entry = Some(apply(entry, &event, &Links::default(), SITE, 7));
    }
    let mut entry = entry.expect("events");
    // In which order things were heard is the one thing that may differ.
    entry.timeline.clear();
    entry
}

/// On [`SITE`] alone.
fn links(link: ContactLink) -> Links {
    Links {
        by_site: [(SITE.to_owned(), link)].into(),
        foremost: None,
    }
}

fn permutations(items: &[Value]) -> Vec<Vec<Value>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    (0..items.len())
        .flat_map(|first| {
            let mut rest = items.to_vec();
            let head = rest.remove(first);
            permutations(&rest).into_iter().map(move |mut tail| {
                tail.insert(0, head.clone());
                tail
            })
        })
        .collect()
}

#[test]
fn any_order_of_the_events_gives_the_same_call() {
    let wanted = entry_of(&story());
    assert_eq!(wanted.stage, Stage::Recorded);
    assert_eq!(wanted.result, "Accepted");
    assert_eq!(wanted.duration_s, Some(64));
    assert_eq!(wanted.note, "Wants an offer");
    assert_eq!(wanted.caller_name, "WIRELESS CALLER");
    assert_eq!(wanted.started_at, 1_795_159_713_000);
    let recording = wanted.recording.clone().expect("a recording");
    assert_eq!(
        recording.content_uri.as_deref(),
        Some("https://media.example/77/content")
    );
    let orders = permutations(&story());
    assert_eq!(orders.len(), 720);
    for order in orders {
        let entry = entry_of(&order);
        assert_eq!(
            LogEntry {
                payload: Value::Null,
                ..entry.clone()
            },
            LogEntry {
                payload: Value::Null,
                ..wanted.clone()
            }
        );
        assert_eq!(
            entry.payload["recording"]["id"], "77",
            "no field of the payload is lost"
        );
    }
}

#[test]
fn the_same_events_again_change_nothing() {
    let once = entry_of(&story());
    let mut twice = story();
    twice.extend(story());
    assert_eq!(entry_of(&twice), once);
}

#[test]
fn an_event_without_a_note_leaves_the_note_and_a_form_may_clear_it() {
    let mut events = story();
    let mut cleared = events[5].clone();
    cleared["note"] = json!("");
    assert_eq!(entry_of(&events).note, "Wants an offer");
    events.push(cleared);
    assert_eq!(entry_of(&events).note, "");
}

#[test]
fn nobody_is_a_choice_too_and_only_the_user_takes_it_back() {
    let link = |chosen| {
        links(ContactLink {
            id: "17".to_owned(),
            chosen,
            ..ContactLink::default()
        })
    };
    let event = CallEvent::of(&story()[0]).expect("a call");
    let mut entry = apply(None, &event, &link(false), SITE, 1);
    unlink(&mut entry, SITE);
    let entry = apply(Some(entry), &event, &link(false), SITE, 2);
    assert!(entry.links.is_empty() && entry.contact_keys.is_empty());
    let entry = apply(Some(entry), &event, &link(true), SITE, 3);
    let entry = apply(Some(entry), &event, &link(false), SITE, 4);
    assert!(entry.links[SITE].chosen && entry.nobody.is_empty());
}

#[test]
fn a_contact_that_the_user_chose_is_not_replaced_by_one_that_was_found() {
    let link = |id: &str, chosen| {
        links(ContactLink {
            id: id.to_owned(),
            name: id.to_owned(),
            chosen,
            ..ContactLink::default()
        })
    };
    let event = CallEvent::of(&story()[0]).expect("a call");
    let entry = apply(None, &event, &link("found", false), SITE, 1);
    let entry = apply(Some(entry), &event, &link("chosen", true), SITE, 2);
    let entry = apply(Some(entry), &event, &link("found", false), SITE, 3);
    assert_eq!(entry.links[SITE].id, "chosen");
    assert_eq!(entry.contact_keys, [format!("{SITE} chosen")]);
    let entry = apply(Some(entry), &event, &link("other", true), SITE, 4);
    assert_eq!(entry.links[SITE].id, "other");
}

#[test]
fn a_call_that_says_almost_nothing_is_kept_and_one_without_a_session_is_not() {
    let bare = json!({ "call": { "sessionId": 12, "startTime": "soon", "duration": -1, "from": [] }, "triggerType": 5 });
    let entry = entry_of(&[bare]);
    assert_eq!(entry.key, "call:12");
    assert_eq!(entry.duration_s, None);
    assert_eq!(entry.started_at, 7);
    for odd in [
        json!(null),
        json!({}),
        json!({ "call": {} }),
        json!({ "call": { "sessionId": "" } }),
    ] {
        assert_eq!(CallEvent::of(&odd), None);
    }
}
