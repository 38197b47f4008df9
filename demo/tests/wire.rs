//! The stand-in's messages against recordings of the real widget: the same keys, of the same types.
//!
//! The recordings are not part of this repository: `SWITCHBOARD_SHARED` says where they are.

#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test's helpers fail as loudly as the test itself"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use common::{Bed, Host, everything, pass};
use serde_json::{Value, json};
use switchboard_demo::{RingOptions, crm};

/// Paths to every value with its type: `call.from.phoneNumber: text`.
type Shape = BTreeSet<(String, &'static str)>;

/// Present or absent from call to call, in the recordings too.
const OPTIONAL: &[&str] = &[
    "call.recording",
    "call.toNumberEntity",
    "contractedCountryCode",
    "telephonySession.parties",
];
/// What hosts and directories say is theirs; the widget only passes it on.
const FOREIGN: &[&str] = &[
    "fromEntity",
    "toEntity",
    "call.fromMatches",
    "call.toMatches",
    "call.activityMatches",
    "contact",
    "activity",
    "settings",
    "setting",
    "callerIds",
    "call.contactMatch",
    "call.sipData",
    "correspondentEntity",
    "selfEntity",
    "conversation.conversationLogMatches",
];

fn recordings(file: &str) -> Option<Value> {
    let shared = std::env::var_os("SWITCHBOARD_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    );
    let path = shared.join("wire").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: no recordings at SWITCHBOARD_SHARED");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

fn walk(value: &Value, path: &str, shape: &mut Shape) {
    if FOREIGN.contains(&path) {
        shape.insert((path.to_owned(), "foreign"));
        return;
    }
    let kind = match value {
        // Null says nothing about the type; that the key is there is what counts.
        Value::Null => "any",
        Value::Bool(_) => "flag",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    };
    if !path.is_empty() {
        shape.insert((path.to_owned(), kind));
    }
    let below = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        }
    };
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(key, it)| walk(it, &below(key), shape)),
        Value::Array(items) => items.iter().for_each(|it| walk(it, &below("[]"), shape)),
        _ => {}
    }
}

fn shape_of(value: &Value) -> Shape {
    let mut shape = Shape::new();
    walk(value, "", &mut shape);
    shape
}

fn is_optional(path: &str) -> bool {
    OPTIONAL
        .iter()
        .any(|it| path == *it || path.starts_with(&format!("{it}.")))
}

/// The keys that matter, as `call.from`: two levels, for below that stand the two sides of a call, which differ by caller.
fn keys(shape: &Shape) -> BTreeSet<String> {
    shape
        .iter()
        .map(|(path, _)| path.clone())
        .filter(|it| it.matches('.').count() < 2 && !is_optional(it))
        .collect()
}

/// Checks one message of ours against all recordings of its kind.
fn check(what: &str, ours: &Value, recorded: &[Value]) -> Vec<String> {
    let shape = shape_of(ours);
    let shapes: Vec<Shape> = recorded.iter().map(shape_of).collect();
    let mut types: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (path, kind) in shapes.iter().flatten() {
        types.entry(path).or_default().insert(kind);
    }
    let mut wrong = Vec::new();
    for (path, kind) in &shape {
        match types.get(path.as_str()) {
            None if path == "contractedCountryCode" => {}
            None => wrong.push(format!("{what}: {path} is in no recording")),
            Some(kinds) if *kind == "any" || kinds.contains("any") || kinds.contains(kind) => {}
            Some(kinds) => wrong.push(format!("{what}: {path} is {kind}, recorded as {kinds:?}")),
        }
    }
    if !shapes.iter().any(|it| keys(it) == keys(&shape)) {
        let nearest = shapes.iter().map(|it| {
            keys(it)
                .symmetric_difference(&keys(&shape))
                .cloned()
                .collect::<Vec<_>>()
        });
        let nearest = nearest.min_by_key(Vec::len);
        wrong.push(format!(
            "{what}: no recording has exactly these keys; the nearest differs by {nearest:?}"
        ));
    }
    wrong
}

fn trigger(body: &Value) -> String {
    body["triggerType"].as_str().unwrap_or_default().to_owned()
}

/// Texts, a voicemail, a fax, a meeting: logged by hand, and those of today by themselves.
async fn messages_and_meetings(bed: &Bed, host: &Host) {
    let meeting = bed.platform.add_past_meeting(&crm::past_meetings()[0]);
    host.widget.log_meeting(&meeting);
    let text = host.widget.receive_sms("+14155550142", "Hello");
    let voicemail = host
        .widget
        .leave_voicemail("+13035550110", 14, "Please call.");
    pass(1.0).await;
    for conversation in [&text, &voicemail] {
        host.widget.press_log_conversation(conversation);
        pass(1.0).await;
    }
    host.widget.set_auto_log_messages(true);
    host.widget.receive_fax("+17135550155", 2);
    host.widget.receive_sms("+14155550142", "Are you there?");
    pass(1.0).await;
}

/// Makes the widget send everything it can.
async fn everything_once() -> Vec<Host> {
    let bed = Bed::new(true, &crm::past_calls());
    let host = bed.load("?defaultAutoLogCallEnabled=1");
    host.register_everything();
    pass(3.0).await;
    let widget = &host.widget;
    widget.search("ada").await;
    widget.sync_contacts();
    let past = bed.platform.history()[0].session_id.clone();
    widget.press_log(&past);
    pass(1.0).await;
    widget.press_log(&past);
    pass(1.0).await;
    for order in [
        json!({ "do": "view-contact", "id": past }),
        json!({ "do": "contact", "id": "101" }),
        json!({ "do": "activities", "id": "101" }),
        json!({ "do": "setting", "id": "open" }),
        json!({ "do": "setting-button", "id": "doIt" }),
        json!({ "do": "feedback" }),
        json!({ "do": "authorize" }),
        json!({ "do": "tab", "id": "meetings" }),
        json!({ "do": "go", "id": "/meeting/schedule" }),
        json!({ "do": "schedule" }),
    ] {
        widget.press(&order);
        pass(0.5).await;
    }
    widget.press(&json!({ "do": "activities", "id": "101" }));
    pass(0.5).await;
    widget.press(&json!({ "do": "activity", "id": "act-1" }));
    widget.ring(
        "+14155550142",
        &RingOptions {
            name: Some("WHITFIELD ADA".into()),
        },
    );
    pass(2.0).await;
    widget.answer();
    pass(2.0).await;
    widget.record();
    widget.end();
    pass(20.0).await;
    host.say(
        &json!({ "type": "rc-adapter-new-call", "phoneNumber": "+14155550142", "toCall": true }),
    );
    pass(1.0).await;
    widget.end();
    pass(20.0).await;
    host.say(&json!({ "type": "rc-adapter-message-request", "requestId": "r", "path": "/unlogged-calls", "body": {} }));
    pass(1.0).await;
    messages_and_meetings(&bed, &host).await;

    let bed = Bed::new(true, &crm::past_calls());
    let modal = bed.load("");
    modal.register_everything();
    let mut service = everything();
    service.as_object_mut().unwrap().remove("contactsPath");
    service["showLogModal"] = json!(true);
    modal.register(&service);
    pass(3.0).await;
    modal
        .widget
        .press_log(&bed.platform.history()[0].session_id);
    pass(1.0).await;
    modal
        .widget
        .press(&json!({ "do": "form", "id": "note", "value": "typed" }));
    pass(1.0).await;
    modal.widget.press(&json!({ "do": "form-save" }));
    pass(1.0).await;
    vec![host, modal]
}

#[tokio::test(start_paused = true)]
async fn requests_have_the_keys_of_the_recordings() {
    let Some(recorded) = recordings("requests-by-path.json") else {
        return;
    };
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for host in everything_once().await {
        for request in &host.widget.transcript().requests {
            let ours = request.body.clone().unwrap_or_default();
            let of_kind: Vec<Value> = recorded[&request.path]
                .as_array()
                .unwrap_or_else(|| panic!("nothing recorded on {}", request.path))
                .iter()
                .map(|it| it["body"].clone())
                .filter(|it| trigger(it) == trigger(&ours))
                .collect();
            let what = format!("{} {}", request.path, trigger(&ours));
            seen.insert(what.clone());
            if request.path != "/contacts/view" {
                wrong.extend(check(&what, &ours, &of_kind));
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let expected = [
        "/activities ",
        "/activity ",
        "/authorize ",
        "/button-click ",
        "/callLogger callLogSync",
        "/callLogger createLog",
        "/callLogger editLog",
        "/callLogger logForm",
        "/callLogger presenceUpdate",
        "/callLogger/inputChanged ",
        "/callLogger/match ",
        "/contacts ",
        "/contacts/match ",
        "/contacts/search ",
        "/contacts/view ",
        "/doNotContact ",
        "/feedback ",
        "/meeting/invite ",
        "/meetingLogger ",
        "/meetingUpcomingList ",
        "/messageLogger auto",
        "/messageLogger manual",
        "/messageLogger/match ",
        "/settings ",
    ];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), expected);
}

#[tokio::test(start_paused = true)]
async fn notifications_have_the_keys_of_the_recordings() {
    let Some(recorded) = recordings("notifications-samples.json") else {
        return;
    };
    let mut wrong = Vec::new();
    for host in everything_once().await {
        for ours in &host.widget.transcript().notifications {
            let kind = ours["type"].as_str().unwrap();
            // Nobody recorded these: a browser call needs a telephone network, which the recordings had not.
            let Some(samples) = recorded[kind]
                .as_array()
                .filter(|_| kind != "rc-adapter-message-response")
            else {
                continue;
            };
            if matches!(kind, "rc-call-end-notify" | "rc-call-init-notify")
                && ours["call"]["direction"] == "Inbound"
            {
                continue;
            }
            // Of the messages only texts were fresh enough to be told of.
            if ours["message"]["type"]
                .as_str()
                .is_some_and(|it| it != "SMS")
            {
                continue;
            }
            let mut samples: Vec<Value> = samples.iter().map(|it| it["data"].clone()).collect();
            if kind == "rc-call-end-notify" {
                // The recorded calls were refused before the network named their parties and their beginning.
                for sample in &mut samples {
                    sample["call"]["partyData"] = json!({ "partyId": "p", "sessionId": "s" });
                    sample["call"]["startTime"] = json!(1);
                }
            }
            let mut ours = ours.clone();
            if kind == "rc-call-end-notify" {
                ours["call"]["startTime"] = json!(1);
            }
            wrong.extend(check(kind, &ours, &samples));
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
