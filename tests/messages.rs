//! Messages: each file of `tests/messages` is a story of requests, of what is stored and what is answered.
//!
//! A story is a list of steps, of these words:
//! - `people`: `[id, name, number]` each, read from the page; `global`: settings of all sites;
//! - `time`, `clock` (`[from, minutes east]` each), `locale`: when and where the user is;
//! - `log`: a log request in short (see [`request`]), or `ask` with a `body` as it stands; with `answer`,
//!   the response, and `then`, what is posted after it;
//! - `delete`: an entry, as the book does it; `broken`: whether storage fails; `downloads`: how they go;
//! - `entries`, `messages`, `parked`: what is stored, the newest first, as far as it is stated;
//! - `quiet`: the steps in it change nothing that is stored and announce nothing;
//! - `done`: what was done to the browser since it was last looked at.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use std::fs;
use std::path::Path;

use common::{SITE, World, person, said};
use serde_json::{Value, json};
use switchboard::moment;
use switchboard::protocol::stored::{
    GlobalSettings, LogEntry, LogState, MediaState, Message, MessageKind,
};
use switchboard::service::ports::Store as _;

const OTHER_SITE: &str = "https://other.example";

fn at(iso: &Value) -> i64 {
    let iso = iso.as_str().expect("a moment");
    moment::parse(iso, &|_| 0).expect("a moment is ISO 8601")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A request of the widget from its short form. A message is `[id, direction, moment, text]`, and may
/// have an object with more fields behind that; fields beside these go into the body as they stand.
fn request(short: &Value) -> Value {
    let messages: Vec<Value> = list(&short["messages"]).iter().map(message).collect();
    let id = short["conversation"].as_str().expect("a conversation");
    let mut conversation = json!({
        "conversationLogId": format!("{id}/{}", short["date"].as_str().unwrap_or_default()),
        "conversationId": id,
        "date": short["date"],
        "type": short.get("type").unwrap_or(&json!("SMS")),
        "creationTime": messages.first().map(|it| it["creationTime"].clone()),
        "messages": messages,
        "self": { "phoneNumber": "+16505550100", "name": "Me" },
        "correspondents": [{ "phoneNumber": "+16505550103", "name": "SOMEBODY" }],
        "conversationLogMatches": [],
    });
    if short.get("date").is_none() {
        conversation["conversationLogId"] = json!(id);
    }
    let mut body = json!({
        "conversation": conversation,
        "triggerType": short.get("trigger").unwrap_or(&json!("auto")),
    });
    let known = ["messages", "conversation", "date", "type", "trigger"];
    for (name, value) in short.as_object().expect("an object") {
        if !known.contains(&name.as_str()) {
            body[name] = value.clone();
        }
    }
    body
}

fn message(short: &Value) -> Value {
    let made = at(&short[2]);
    let outbound = short[1] == "Outbound";
    let me = json!({ "phoneNumber": "+16505550100", "name": "Me" });
    let other = json!({ "phoneNumber": "+16505550103" });
    let mut message = json!({
        "id": short[0],
        "direction": short[1],
        "from": if outbound { &me } else { &other },
        "to": [if outbound { &other } else { &me }],
        "creationTime": made,
        "lastModifiedTime": made,
        "messageStatus": if outbound { "Sent" } else { "Received" },
        "subject": short[3],
    });
    for (name, value) in short[4].as_object().into_iter().flatten() {
        message[name] = value.clone();
    }
    message
}

/// Whether everything that is stated is there; lists are stated whole.
fn holds(stated: &Value, found: &Value) -> bool {
    match (stated, found) {
        (Value::Object(stated), Value::Object(found)) => stated.iter().all(|(name, value)| {
            let nothing = Value::Null;
            holds(value, found.get(name).unwrap_or(&nothing))
        }),
        (Value::Array(stated), Value::Array(found)) => {
            stated.len() == found.len() && stated.iter().zip(found).all(|(s, f)| holds(s, f))
        }
        _ => stated == found,
    }
}

fn expect(place: &str, stated: &Value, found: &Value) {
    assert!(
        holds(stated, found),
        "{place}\nwanted {}\nfound  {}",
        serde_json::to_string_pretty(stated).expect("JSON"),
        serde_json::to_string_pretty(found).expect("JSON")
    );
}

fn messages_of(world: &World, entries: &[LogEntry]) -> Vec<Message> {
    let mut all: Vec<Message> = entries
        .iter()
        .flat_map(|it| {
            pollster::block_on(world.service.store.messages_of(&it.key)).expect("memory")
        })
        .collect();
    all.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    all
}

fn stored(world: &World) -> Value {
    let entries = world.logs();
    json!({ "entries": entries, "messages": messages_of(world, &entries) })
}

/// As the book deletes: what late events are known by stays.
fn delete(world: &World, key: &str) {
    let store = &world.service.store;
    let messages: Vec<Message> = pollster::block_on(store.messages_of(key))
        .expect("memory")
        .into_iter()
        .map(|it| Message {
            text: String::new(),
            status: String::new(),
            ..it
        })
        .collect();
    pollster::block_on(store.put_messages(&messages)).expect("memory");
    pollster::block_on(store.update_log(key, |known| {
        let known = known.expect("the entry is there");
        LogEntry {
            key: known.key,
            kind: known.kind,
            started_at: known.started_at,
            aliases: known.aliases,
            state: LogState::Deleted,
            ..LogEntry::default()
        }
    }))
    .expect("memory");
}

fn ask(world: &World, place: &str, step: &Value, path: &str, body: &Value) {
    let site = step["site"].as_str().unwrap_or(SITE);
    let posts = world.widget_of(site, &said(path, body), false);
    if let Some(answer) = step.get("answer") {
        assert_eq!(&posts[0]["response"], answer, "{place}: the answer");
    }
    let then = json!(posts[1..]);
    expect(place, step.get("then").unwrap_or(&json!([])), &then);
}

/// The words of a step, in the order in which they are done.
const WORDS: [&str; 21] = [
    "note",
    "people",
    "global",
    "broken",
    "downloads",
    "time",
    "clock",
    "locale",
    "delete",
    "site",
    "body",
    "answer",
    "then",
    "typed",
    "log",
    "ask",
    "quiet",
    "entries",
    "messages",
    "parked",
    "done",
];

fn take(world: &World, place: &str, step: &Value) {
    let browser = &world.service.browser;
    let step_has = step.as_object().expect("a step");
    for word in step_has.keys() {
        assert!(WORDS.contains(&word.as_str()), "{place}: no word is {word}");
    }
    for word in WORDS {
        let Some(value) = step_has.get(word) else {
            continue;
        };
        match word {
            "people" => {
                let people: Vec<_> = list(value)
                    .iter()
                    .map(|it| [0, 1, 2].map(|part| it[part].as_str().expect("a text")))
                    .map(|[id, name, number]| person(id, name, number))
                    .collect();
                world.reads(&people);
            }
            "global" => {
                let global: GlobalSettings =
                    serde_json::from_value(value.clone()).expect("settings");
                pollster::block_on(world.service.store.update_settings(|it| it.global = global))
                    .expect("memory");
            }
            "time" => browser.time.set(at(value)),
            "clock" => {
                *browser.clock.borrow_mut() = list(value)
                    .iter()
                    .map(|it| (at(&it[0]), it[1].as_i64().expect("minutes")))
                    .collect();
            }
            "locale" => {
                let locale = json!({ "type": "rc-adapter-pushLocale", "locale": value });
                world.widget_says(&locale, false);
            }
            "log" => ask(world, place, step, "/messageLogger", &request(value)),
            "ask" => {
                let path = value.as_str().expect("a path");
                ask(world, place, step, path, &step["body"]);
            }
            "typed" => {
                let days: serde_json::Map<String, Value> = list(&value["days"])
                    .iter()
                    .map(|day| {
                        let date = day["date"].as_str().expect("a date").to_owned();
                        (date, request(day)["conversation"].clone())
                    })
                    .collect();
                let body = json!({ "conversation": days, "formData": value["form"], "keys": value["keys"] });
                ask(world, place, step, "/messageLogger/inputChanged", &body);
            }
            "delete" => delete(world, value.as_str().expect("a key")),
            "broken" => {
                let broken = value.as_bool().expect("yes or no");
                world.service.store.logs_are_broken.set(broken);
            }
            "downloads" => {
                let states: Vec<MediaState> =
                    serde_json::from_value(value.clone()).expect("states");
                *browser.downloads.borrow_mut() = states;
            }
            "entries" => expect(place, value, &json!(world.logs())),
            "messages" => expect(place, value, &json!(messages_of(world, &world.logs()))),
            "parked" => {
                let failed = pollster::block_on(world.service.store.failed_logs());
                expect(place, value, &json!(failed.expect("memory")));
            }
            "quiet" => {
                let before = (stored(world), browser.announced.get());
                for step in list(value) {
                    take(world, place, step);
                }
                let after = (stored(world), browser.announced.get());
                assert_eq!(before, after, "{place}: something changed");
            }
            "done" => {
                assert_eq!(json!(world.done()), *value, "{place}: what was done");
                browser.done.borrow_mut().clear();
            }
            // What belongs to another word.
            _ => {}
        }
    }
}

fn tell(path: &Path) {
    let text = fs::read_to_string(path).expect("a story");
    let story: Value = serde_json::from_str(&text).expect("a story is JSON");
    let world = World::with_site_on();
    world.turn_on(&format!("{OTHER_SITE}/"));
    world.service.browser.done.borrow_mut().clear();
    let name = path.file_stem().expect("a name").to_string_lossy();
    for (index, step) in list(&story).iter().enumerate() {
        take(&world, &format!("{name}, step {}", index + 1), step);
    }
    let kept = stored(&world).to_string();
    assert!(!kept.contains("access_token"), "{name}: a token was kept");
}

fn told(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages");
    tell(&folder.join(name).with_extension("json"));
}

macro_rules! stories {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            told(stringify!($name));
        })*

        #[test]
        fn every_story_is_told() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages");
            let mut there: Vec<String> = fs::read_dir(folder)
                .expect("the folder")
                .map(|it| it.expect("a file").path())
                .map(|it| it.file_stem().expect("a name").to_string_lossy().into_owned())
                .collect();
            there.sort();
            let mut told = vec![$(stringify!($name)),*];
            told.sort_unstable();
            assert_eq!(there, told);
        }
    };
}

stories! {
    a_day_grows
    a_day_is_sent_again
    a_deleted_day
    a_journey
    a_person_is_chosen
    a_threads_and_single_messages
    a_voicemail
    broken_storage
    hostile_requests
    languages_of_dates
    many_days_at_once
    summer_time_ends
    typing_is_kept
}

#[test]
fn the_recorded_messages_end_in_one_entry_for_each_conversation_and_day() {
    let Some(recorded) = common::recorded_requests() else {
        return;
    };
    let world = World::with_site_on();
    let samples = recorded["/messageLogger"].as_array().expect("samples");
    let mut days: Vec<String> = Vec::new();
    let mut ids: Vec<String> = Vec::new();
    for sample in samples {
        let conversation = &sample["body"]["conversation"];
        days.extend(
            conversation["conversationLogId"]
                .as_str()
                .map(str::to_owned),
        );
        ids.extend(
            list(&conversation["messages"])
                .iter()
                .map(|it| it["id"].to_string()),
        );
        let posts = world.widget_says(&said("/messageLogger", &sample["body"]), false);
        assert_eq!(posts[0]["response"], json!({ "data": "ok" }));
    }
    for list in [&mut days, &mut ids] {
        list.sort_unstable();
        list.dedup();
    }
    assert!(days.len() > 3, "only {} days were recorded", days.len());
    let entries = world.logs();
    assert_eq!(entries.len(), days.len());
    assert_eq!(messages_of(&world, &entries).len(), ids.len());
    assert!(entries.iter().all(|it| !it.number.is_empty()));
    // A fax without a file name has no words.
    let silent = entries.iter().filter(|it| it.preview.is_empty());
    assert!(
        silent
            .into_iter()
            .all(|it| it.message_kind == MessageKind::Fax)
    );
    let kept = stored(&world).to_string();
    assert!(!kept.contains("access_token"), "a token was kept");
    // Each is found again under the id that the widget knows it by.
    let asked = world.asks(
        "/messageLogger/match",
        &json!({ "conversationLogIds": days }),
    );
    assert_eq!(
        asked["data"].as_object().map(serde_json::Map::len),
        Some(days.len())
    );
    // Sent again it is the same.
    let before = world.service.browser.announced.get();
    for sample in samples {
        let mut body = sample["body"].clone();
        body["triggerType"] = json!("auto");
        body["correspondentEntity"] = Value::Null;
        world.widget_says(&said("/messageLogger", &body), false);
        world.widget_says(&said("/messageLogger", &body), false);
    }
    let once = world.service.browser.announced.get();
    assert!(once - before <= u32::try_from(days.len()).expect("few"));
}

#[test]
fn nothing_is_kept_that_is_longer_than_what_people_send() {
    let world = World::with_site_on();
    let huge = "x ".repeat(15_000);
    let body = json!({ "triggerType": huge, "conversation": {
        "conversationLogId": huge, "conversationId": "7001",
        "messages": [
            { "id": huge, "subject": "left out" },
            { "id": 501, "subject": huge, "messageStatus": huge, "from": { "phoneNumber": huge, "name": huge },
              "attachments": vec![json!({ "id": 1, "link": format!("https://a.example/{huge}"), "fileName": huge }); 52] },
        ],
        "correspondents": vec![json!({ "phoneNumber": huge, "name": huge }); 52],
    } });
    assert_eq!(world.asks("/messageLogger", &body), json!({ "data": "ok" }));
    let entries = world.logs();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].message_count, 1);
    let kept = stored(&world).to_string().len();
    assert!(kept < 60_000, "{kept} bytes were kept");
    let body = json!({ "conversationLogIds": vec![json!(huge); 20] });
    assert_eq!(
        world.asks("/messageLogger/match", &body),
        json!({ "data": {} })
    );
}
