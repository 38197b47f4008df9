//! Every text that a page, a shell or this module names by key is there.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::notice::{FAILURES, PROBLEMS, help_key, obstacle_key, window_key};
use crate::boot::Reason;
use crate::protocol::stored::Obstacle;

const MESSAGES: &str = include_str!("../../_locales/en/messages.json");

const PAGES: [(&str, &str); 3] = [
    ("popup.html", include_str!("../../popup/popup.html")),
    ("book.html", include_str!("../../book/book.html")),
    ("frame.html", include_str!("../../frame/frame.html")),
];

const SHELLS: [(&str, &str); 15] = [
    ("frame/src/bar.rs", include_str!("../../frame/src/bar.rs")),
    (
        "frame/src/plate.rs",
        include_str!("../../frame/src/plate.rs"),
    ),
    ("popup/src/lib.rs", include_str!("../../popup/src/lib.rs")),
    (
        "popup/src/controls.rs",
        include_str!("../../popup/src/controls.rs"),
    ),
    ("popup/src/draw.rs", include_str!("../../popup/src/draw.rs")),
    ("book/src/lib.rs", include_str!("../../book/src/lib.rs")),
    ("book/src/log.rs", include_str!("../../book/src/log.rs")),
    ("book/src/rows.rs", include_str!("../../book/src/rows.rs")),
    ("book/src/entry.rs", include_str!("../../book/src/entry.rs")),
    (
        "book/src/contacts.rs",
        include_str!("../../book/src/contacts.rs"),
    ),
    ("book/src/files.rs", include_str!("../../book/src/files.rs")),
    (
        "book/src/unlogged.rs",
        include_str!("../../book/src/unlogged.rs"),
    ),
    (
        "book/src/people.rs",
        include_str!("../../book/src/people.rs"),
    ),
    (
        "book/src/person.rs",
        include_str!("../../book/src/person.rs"),
    ),
    ("book/src/shell.rs", include_str!("../../book/src/shell.rs")),
];

const VIEW: [(&str, &str); 4] = [
    ("outcome.rs", include_str!("outcome.rs")),
    ("day.rs", include_str!("day.rs")),
    ("entry.rs", include_str!("entry.rs")),
    ("file.rs", include_str!("file.rs")),
];

fn messages() -> Map<String, Value> {
    serde_json::from_str(MESSAGES).expect("messages.json is an object")
}

/// Returns what stands between each `before` and the next quotation mark.
fn quoted_after<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(before)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
}

fn has(messages: &Map<String, Value>, key: &str) -> bool {
    messages.contains_key(key)
}

#[test]
fn every_key_in_the_pages_has_a_text() {
    let messages = messages();
    for (page, html) in PAGES {
        for attribute in ["", "-title", "-label", "-placeholder"] {
            for key in quoted_after(html, &format!(" data-i18n{attribute}=\"")) {
                assert!(has(&messages, key), "{page}: {key}");
            }
        }
    }
}

#[test]
fn every_key_in_the_shells_has_a_text() {
    let messages = messages();
    for (file, source) in SHELLS {
        let source = source.replace(".context(", "");
        for call in ["text(\"", "text_with(\""] {
            for key in quoted_after(&source, call) {
                assert!(has(&messages, key), "{file}: {key}");
            }
        }
        for key in quoted_after(&source, "counted(\"") {
            for category in ["one", "other"] {
                let key = super::plural_key(key, category);
                assert!(has(&messages, &key), "{file}: {key}");
            }
        }
    }
}

#[test]
fn every_problem_says_what_is_wrong_and_what_to_do() {
    let messages = messages();
    for problem in PROBLEMS {
        assert!(has(&messages, problem), "{problem}");
        assert!(has(&messages, &help_key(problem)), "{problem}");
    }
    for failure in FAILURES {
        assert!(has(&messages, failure), "{failure}");
    }
    for (file, source) in VIEW {
        for prefix in [
            "\"outcome_",
            "\"day_",
            "\"kind_",
            "\"why_",
            "\"file_",
            "\"direction_",
        ] {
            for rest in quoted_after(source, prefix) {
                let key = format!("{}{rest}", prefix.trim_start_matches('"'));
                assert!(has(&messages, &key), "{file}: {key}");
            }
        }
    }
}

#[test]
fn every_obstacle_says_what_is_in_the_way_and_what_to_do() {
    let messages = messages();
    for obstacle in [
        Obstacle::Microphone,
        Obstacle::Embedder,
        Obstacle::Script,
        Obstacle::Frame,
        Obstacle::Removed,
        Obstacle::Silent,
        Obstacle::NotPackaged,
    ] {
        let key = obstacle_key(obstacle);
        assert!(has(&messages, key), "{key}");
        assert!(has(&messages, &help_key(key)), "{key}");
        if let Some(key) = window_key(obstacle) {
            assert!(has(&messages, key), "{key}");
        }
    }
    for reason in [Reason::Offline, Reason::Unreachable, Reason::Silent] {
        assert!(has(&messages, reason.text_key()), "{reason:?}");
        assert!(has(&messages, reason.help_key()), "{reason:?}");
    }
}

#[test]
fn the_texts_are_sorted_and_none_is_empty() {
    let keys: Vec<&str> = MESSAGES
        .lines()
        .filter_map(|line| line.strip_prefix("  \"")?.split('"').next())
        .collect();
    assert!(keys.is_sorted(), "{keys:?}");
    assert_eq!(keys.len(), keys.iter().collect::<BTreeSet<_>>().len());
    for (key, entry) in messages() {
        let text = entry.get("message").and_then(Value::as_str).unwrap_or("");
        assert!(!text.is_empty(), "{key}");
    }
}
