//! Meetings: invitations, those to come, and those that were held.

use serde_json::Value;

use crate::address::Address;
use crate::moment;
use crate::protocol::page::{PageEvent, Reading};
use crate::protocol::stored::{Millis, PlannedEvent};
use crate::protocol::widget::{text, without_token};

/// How long a meeting is taken to last that does not say.
const USUAL_MS: Millis = 60 * 60 * 1000;
/// The most events taken from one page.
const MOST_EVENTS: usize = 100;
/// The most characters of a page's JSON-LD script that are read.
const MOST_LINKED_DATA: usize = 1_000_000;
/// The most characters of a title and of a place that are kept.
const MOST_TITLE: usize = 300;
const MOST_LOCATION: usize = 1_000;

// ---- events of pages ----

/// Returns the events that a page states, in its markup and in its JSON-LD, without those that are over.
///
/// `clock` gives the offset of the user's clock from UTC in minutes, for times without one.
pub fn events_of_reading(
    reading: &Reading,
    site: &str,
    now: Millis,
    clock: &dyn Fn(Millis) -> i64,
) -> Vec<PlannedEvent> {
    let mut events: Vec<PlannedEvent> = reading
        .events
        .iter()
        .filter_map(|event| planned(event, "", site, now, clock))
        .collect();
    events.extend(events_of(&reading.linked_data, site, now, clock));
    let mut seen = std::collections::BTreeSet::new();
    events.retain(|event| seen.insert(event.id.clone()));
    events.truncate(MOST_EVENTS);
    events
}

/// Returns the events of JSON-LD scripts; one that cannot be read has none.
pub fn events_of(
    linked_data: &[String],
    site: &str,
    now: Millis,
    clock: &dyn Fn(Millis) -> i64,
) -> Vec<PlannedEvent> {
    let mut events = Vec::new();
    for script in linked_data {
        if script.len() > MOST_LINKED_DATA {
            continue;
        }
        let Ok(data) = serde_json::from_str::<Value>(script) else {
            continue;
        };
        // A graph, a list, an event inside a place: wherever it stands, an event is one.
        let mut waiting = vec![&data];
        while let Some(value) = waiting.pop() {
            match value {
                Value::Array(items) => waiting.extend(items.iter().rev()),
                Value::Object(fields) => {
                    if is_event(value) {
                        let (event, duration) = event_of(value);
                        events.extend(planned(&event, &duration, site, now, clock));
                    }
                    waiting.extend(fields.values().filter(|it| it.is_array() || it.is_object()));
                }
                _ => {}
            }
            if events.len() >= MOST_EVENTS {
                return events;
            }
        }
    }
    events
}

/// Whether it is a schema.org `Event` or a kind of it (`BusinessEvent`) that still takes place.
fn is_event(value: &Value) -> bool {
    let kinds = value.get("@type").map(one_or_more).unwrap_or_default();
    let named = kinds
        .iter()
        .filter_map(|it| it.as_str())
        .any(|kind| kind.ends_with("Event"));
    named && !text(value, "eventStatus").ends_with("EventCancelled")
}

fn one_or_more(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        other => vec![other],
    }
}

/// The event, and its length where it states one.
fn event_of(value: &Value) -> (PageEvent, String) {
    let event = PageEvent {
        title: text(value, "name").to_owned(),
        starts: text(value, "startDate").to_owned(),
        ends: text(value, "endDate").to_owned(),
        location: value.get("location").map(place_of).unwrap_or_default(),
        url: text(value, "url").to_owned(),
    };
    (event, text(value, "duration").to_owned())
}

/// An address to join is worth more than the name of a room.
fn place_of(location: &Value) -> String {
    let places = one_or_more(location);
    let texts = places.iter().flat_map(|place| {
        let own = place.as_str().unwrap_or_default();
        [text(place, "url"), own, text(place, "name")]
    });
    let texts: Vec<&str> = texts.filter(|it| !it.is_empty()).collect();
    let joined = texts.iter().find(|it| Address::parse(it).is_some());
    joined
        .or(texts.first())
        .copied()
        .unwrap_or_default()
        .to_owned()
}

fn planned(
    event: &PageEvent,
    duration: &str,
    site: &str,
    now: Millis,
    clock: &dyn Fn(Millis) -> i64,
) -> Option<PlannedEvent> {
    let title = one_line(&event.title, MOST_TITLE);
    let starts_at = moment::parse(&event.starts, clock)?;
    let length = moment::duration_ms(duration).unwrap_or(USUAL_MS);
    let ends_at = moment::parse(&event.ends, clock)
        .filter(|end| *end > starts_at)
        .unwrap_or(starts_at + length);
    if title.is_empty() || ends_at < now {
        return None;
    }
    let url = web_address(&event.url).unwrap_or_default();
    let id = if url.is_empty() {
        format!("{title} {}", moment::text(starts_at))
    } else {
        url.clone()
    };
    Some(PlannedEvent {
        site: site.to_owned(),
        id,
        title,
        starts_at,
        ends_at,
        location: one_line(&event.location, MOST_LOCATION),
        url,
        read_at: now,
    })
}

/// An address that may be opened; it is kept without a token.
fn web_address(url: &str) -> Option<String> {
    let url = url.trim();
    (url.len() <= MOST_LOCATION && Address::parse(url).is_some()).then(|| without_token(url))
}

/// A text in one line, of at most so many characters.
fn one_line(text: &str, most: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(most).collect()
}
