//! Requests as the widget sends them, and what becomes of them: each file in `tests/wire/` is a story.
//!
//! A story has people (read on the page first), settings that differ from the defaults, and steps:
//! - `{"says": <message>, "boot": bool, "posts": [...]}`: the widget says something; what is posted to it;
//! - `{"asks": <path>, "body": ..., "response": ..., "posts": [...]}`: a request, its response, and what is
//!   posted besides;
//! - `{"book": {"log": [...]}}` and the like: what the user does in the book;
//! - `{"later_ms": n}`: time passes.
//!
//! In the end `logs`, `contacts`, `done` and `told` are compared. An expected object needs only the fields it
//! names; a list must have the same length. `"<any>"` fits everything.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

mod common;

use std::fs;
use std::path::Path;

use common::{SITE, World, said};
use serde_json::{Value, json};
use switchboard::protocol::book::{AskUnlogged, DismissUnlogged, LogUnlogged, UnloggedOf};
use switchboard::protocol::page::{PageContact, Reading};
use switchboard::protocol::runtime::PageRead;
use switchboard::protocol::stored::GlobalSettings;
use switchboard::protocol::stored::SiteSettings;
use switchboard::roles::Role;
use switchboard::service::ports::Store as _;

/// Returns what differs, with the way to it.
fn differs(expected: &Value, found: &Value, way: &str) -> Option<String> {
    match (expected, found) {
        (Value::String(any), _) if any == "<any>" => None,
        (Value::Object(expected), Value::Object(found)) => {
            expected.iter().find_map(|(name, value)| {
                let there = found.get(name).unwrap_or(&Value::Null);
                differs(value, there, &format!("{way}.{name}"))
            })
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => expected
            .iter()
            .zip(found)
            .enumerate()
            .find_map(|(at, (one, other))| differs(one, other, &format!("{way}[{at}]"))),
        _ if expected == found => None,
        _ => Some(format!("{way}: expected {expected}, found {found}")),
    }
}

/// What is wrong with one story.
struct Findings {
    story: String,
    found: Vec<String>,
}

impl Findings {
    fn check(&mut self, place: &str, expected: Option<&Value>, found: &Value) {
        if let Some(difference) = expected.and_then(|it| differs(it, found, "")) {
            self.found
                .push(format!("{}: {place}: {difference}", self.story));
        }
    }
}

/// The fields of `change` over those of `base`.
fn over(base: &Value, change: &Value) -> Value {
    let mut all = base.as_object().cloned().unwrap_or_default();
    for (name, value) in change.as_object().into_iter().flatten() {
        all.insert(name.clone(), value.clone());
    }
    Value::Object(all)
}

fn world_of(told: &Value) -> World {
    let world = World::with_site_on();
    world.admit_frame(5);
    let records = &world.service.store;
    pollster::block_on(records.update_settings(|settings| {
        let global = json!(settings.global);
        settings.global = serde_json::from_value::<GlobalSettings>(over(&global, &told["global"]))
            .expect("global settings");
        let own = json!(settings.sites[SITE]);
        let own: SiteSettings =
            serde_json::from_value(over(&own, &told["site"])).expect("site settings");
        settings.sites.insert(SITE.to_owned(), own);
    }))
    .expect("memory");
    let people: Vec<PageContact> =
        serde_json::from_value(told["people"].clone()).unwrap_or_default();
    if !people.is_empty() {
        world.agent(PageRead {
            reading: Reading {
                contacts: people,
                ..Reading::default()
            },
            url: "https://crm.example/people".to_owned(),
        });
    }
    world.service.browser.posted.borrow_mut().clear();
    world.service.browser.done.borrow_mut().clear();
    world
}

fn book(world: &World, what: &Value) -> Value {
    let texts = |list: &Value| -> Vec<String> {
        serde_json::from_value(list.clone()).expect("a list of texts")
    };
    if !what["ask"].is_null() {
        return json!(world.ask(Role::Book, AskUnlogged {}));
    }
    if !what["dismiss"].is_null() {
        world.ask(
            Role::Book,
            DismissUnlogged {
                site: SITE.to_owned(),
            },
        );
        return Value::Null;
    }
    if what["log"].is_array() {
        return json!(world.ask(
            Role::Book,
            LogUnlogged {
                site: SITE.to_owned(),
                keys: texts(&what["log"]),
            },
        ));
    }
    json!(world.ask(Role::Book, UnloggedOf {}))
}

fn play(name: &str, story: &Value) -> Vec<String> {
    let mut findings = Findings {
        story: name.to_owned(),
        found: Vec::new(),
    };
    let world = world_of(story);
    for (at, step) in story["steps"].as_array().into_iter().flatten().enumerate() {
        let place = format!("step {}", at + 1);
        if let Some(ms) = step["later_ms"].as_i64() {
            world.later(ms);
        } else if let Some(broken) = step["storage_is_broken"].as_bool() {
            world.service.store.logs_are_broken.set(broken);
        } else if step["says"].is_object() {
            let boot = step["boot"] == true;
            let posts = world.widget_says(&step["says"], boot);
            findings.check(&place, step.get("posts"), &json!(posts));
        } else if let Some(path) = step["asks"].as_str() {
            let mut posts = world.widget_says(&said(path, &step["body"]), false);
            let answer = posts.remove(0);
            assert_eq!(
                answer["type"], "rc-post-message-response",
                "{name}: {place}"
            );
            findings.check(&place, step.get("response"), &answer["response"]);
            findings.check(&place, step.get("posts"), &json!(posts));
        } else {
            let seen = book(&world, &step["book"]);
            findings.check(&place, step.get("sees"), &seen);
        }
    }
    let records = &world.service.store;
    findings.check("logs", story.get("logs"), &json!(world.logs()));
    let contacts = pollster::block_on(records.contacts(SITE)).expect("memory");
    findings.check("contacts", story.get("contacts"), &json!(contacts));
    let failed = pollster::block_on(records.failed_logs()).expect("memory");
    findings.check("failed", story.get("failed"), &json!(failed));
    findings.check("done", story.get("done"), &json!(world.done()));
    let posted: Vec<Value> = world
        .service
        .browser
        .posted
        .borrow()
        .iter()
        .flat_map(|(_, _, messages)| messages.clone())
        .collect();
    findings.check("told", story.get("told"), &json!(posted));
    let kept = format!("{:?}{:?}", world.logs(), failed);
    assert!(!kept.contains("access_token"), "{name}: a token is kept");
    findings.found
}

#[test]
fn every_story_ends_as_it_should() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire");
    let mut files: Vec<_> = fs::read_dir(&folder)
        .expect("the stories are there")
        .map(|file| file.expect("a file").path())
        .collect();
    files.sort();
    assert!(!files.is_empty());
    let mut wrong = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a story is readable");
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let story = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        wrong.extend(play(&name, &story));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
