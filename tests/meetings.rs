//! Meetings: those that pages state, those that are planned in the widget, and those that were held.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use switchboard::meetings::{events_of, events_of_reading};
use switchboard::moment;
use switchboard::protocol::page::{PageEvent, Reading};

const SITE: &str = "https://crm.example";
const NOW: i64 = 1_795_000_000_000; // 2026-11-18T11:06:40Z

/// One line per event: title, beginning, end, place, id.
fn lines(linked_data: &[&str]) -> Vec<String> {
    let scripts: Vec<String> = linked_data.iter().map(|it| (*it).to_owned()).collect();
    events_of(&scripts, SITE, NOW, &|_| 60)
        .iter()
        .map(|it| {
            format!(
                "{} | {} | {} | {} | {}",
                it.title,
                moment::text(it.starts_at),
                moment::text(it.ends_at),
                it.location,
                it.id
            )
        })
        .collect()
}

#[test]
fn events_are_found_wherever_they_stand_in_linked_data() {
    let found = lines(&[
        r#"{"@context":"https://schema.org","@graph":[{"@type":"Organization","name":"Engines"},
            {"@type":["Thing","BusinessEvent"],"name":"Review  of\nthe engine","startDate":"2026-11-20T09:00:00+01:00",
             "endDate":"2026-11-20T10:30:00+01:00","url":"https://crm.example/events/1",
             "location":[{"@type":"Place","name":"Room 2"},{"@type":"VirtualLocation","url":"https://v.example/join/555"}]}]}"#,
        r#"[{"@type":"Event","name":"Lunch","startDate":"2026-11-20T12:00","duration":"PT30M","location":"Canteen"}]"#,
    ]);
    assert_eq!(
        found,
        [
            "Review of the engine | 2026-11-20T08:00:00Z | 2026-11-20T09:30:00Z | https://v.example/join/555 | https://crm.example/events/1",
            "Lunch | 2026-11-20T11:00:00Z | 2026-11-20T11:30:00Z | Canteen | Lunch 2026-11-20T11:00:00Z",
        ]
    );
}

#[test]
fn what_is_no_event_to_come_is_left_out() {
    let nested = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    for script in [
        "not json",
        "null",
        nested.as_str(),
        r#"{"@type":"Event"}"#,
        r#"{"@type":"Event","name":"","startDate":"2026-11-20"}"#,
        r#"{"@type":"Event","name":"When?","startDate":"soon"}"#,
        r#"{"@type":"Event","name":7,"startDate":20261120}"#,
        r#"{"@type":"Person","name":"Ada","startDate":"2026-11-20"}"#,
        r#"{"@type":"Event","name":"Over","startDate":"2026-11-17T09:00Z"}"#,
        r#"{"@type":"Event","name":"Off","startDate":"2026-11-20","eventStatus":"https://schema.org/EventCancelled"}"#,
    ] {
        assert_eq!(lines(&[script]), Vec::<String>::new(), "{script:.60}");
    }
    // One bad script takes nothing from the others.
    let good = r#"{"@type":"Event","name":"Good","startDate":"2026-11-20T08:00Z"}"#;
    assert_eq!(lines(&["{", good]).len(), 1);
}

#[test]
fn an_event_that_a_page_states_twice_is_one() {
    let event = PageEvent {
        title: "Review".to_owned(),
        starts: "2026-11-20T08:00Z".to_owned(),
        url: "https://crm.example/events/1?access_token=secret".to_owned(),
        ..PageEvent::default()
    };
    let reading = Reading {
        events: vec![event.clone(), event],
        linked_data: vec![
            r#"{"@type":"Event","name":"Review","startDate":"2026-11-20T08:00Z","url":"https://crm.example/events/1"}"#.to_owned(),
            r#"{"@type":"Event","name":"Trick","startDate":"2026-11-20T08:00Z","url":"javascript:alert(1)"}"#.to_owned(),
        ],
        ..Reading::default()
    };
    let events = events_of_reading(&reading, SITE, NOW, &|_| 0);
    let ids: Vec<&str> = events.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(
        ids,
        ["https://crm.example/events/1", "Trick 2026-11-20T08:00:00Z"]
    );
    assert_eq!(events[1].url, "");
}
