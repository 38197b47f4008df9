//! Meetings: invitations, those to come, and those that were held.

use serde_json::{Value, json};

use crate::address::Address;
use crate::moment;
use crate::protocol::page::{PageEvent, Reading};
use crate::protocol::stored::{
    Contact, LogEntry, LogKind, LogState, Millis, PlannedEvent, Recording, Stage, TimelineEvent,
};
use crate::protocol::widget::{id_text, text, without_token};
use crate::protocol::widget_messages::{cut, one_line, web_address};

/// How long a meeting is taken to last that does not say.
const USUAL_MS: Millis = 60 * 60 * 1000;
/// The most events taken from one page.
const MOST_EVENTS: usize = 100;
/// The most characters of a page's JSON-LD script that are read.
const MOST_LINKED_DATA: usize = 1_000_000;
/// The most characters of a title and of a place that are kept.
const MOST_TITLE: usize = 300;
const MOST_LOCATION: usize = 1_000;
/// The most characters of an invitation.
const MOST_DETAILS: usize = 20_000;
/// The most people and recordings of a meeting that are written down.
const MOST_PARTS: usize = 200;
/// The longest meeting, in seconds: a year.
const MOST_SECONDS: i64 = 366 * 24 * 60 * 60;
/// The most meetings of the widget's list.
const MOST_UPCOMING: usize = 50;
/// The most addresses of a draft.
const MOST_ADDRESSES: usize = 20;
/// The most characters of a draft's text as they stand in its address: mail programs take some 2,000 in all.
const MOST_BODY: usize = 1_800;
/// The most characters of a draft's subject, likewise.
const MOST_SUBJECT: usize = 200;
/// How many events an entry remembers.
const TIMELINE: usize = 40;

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
    let url = web_address(&event.url).map(without_token);
    let url = url.unwrap_or_default();
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

// ---- invitations ----

/// A meeting as the widget plans it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invitation {
    /// The key of its entry. It holds place and beginning, so the same meeting planned again is the same.
    pub key: String,
    /// Its title; empty for none.
    pub title: String,
    /// Where it is joined.
    pub location: String,
    /// The text of the invitation.
    pub details: String,
    /// Its beginning.
    pub starts_at: Millis,
    /// Its length in seconds, where it has an end.
    pub duration_s: Option<u32>,
}

impl Invitation {
    /// Reads the `meeting` of a meeting that was scheduled; `None` without a beginning, or with nothing to
    /// know it by.
    pub fn of_meeting(meeting: &Value, clock: &dyn Fn(Millis) -> i64) -> Option<Self> {
        let starts_at = moment::parse(text(meeting, "timeFrom"), clock)?;
        let ends_at = moment::parse(text(meeting, "timeTo"), clock);
        let lasts = ends_at.map(|it| (it - starts_at) / 1_000);
        let invitation = Self {
            key: String::new(),
            title: one_line(text(meeting, "topic"), MOST_TITLE),
            location: one_line(text(meeting, "location"), MOST_LOCATION),
            details: cut(text(meeting, "details"), MOST_DETAILS),
            starts_at,
            duration_s: lasts.and_then(seconds),
        };
        invitation.with_key(&moment::text(starts_at))
    }

    /// Reads the `conference` of a widget of old: a number to dial and a text, beginning now. `day` is
    /// today ("2026-11-20"): the same conference of the same day is the same.
    pub fn of_conference(conference: &Value, now: Millis, day: &str) -> Option<Self> {
        let number = one_line(text(conference, "dialInNumber"), MOST_LOCATION);
        let words = text(conference, "inviteText");
        let mut details = cut(words, MOST_DETAILS);
        if !number.is_empty() && !words.contains(&number) {
            details.push('\n');
            details.push_str(&number);
        }
        let location = match one_line(text(conference, "location"), MOST_LOCATION) {
            none if none.is_empty() => number,
            location => location,
        };
        let invitation = Self {
            key: String::new(),
            title: one_line(text(conference, "topic"), MOST_TITLE),
            location,
            details,
            starts_at: now,
            duration_s: None,
        };
        invitation.with_key(day)
    }

    fn with_key(mut self, when: &str) -> Option<Self> {
        let place = if self.location.is_empty() {
            &self.title
        } else {
            &self.location
        };
        if place.is_empty() {
            return None;
        }
        self.key = format!("invite:{place} {when}");
        Some(self)
    }
}

/// Returns the whole text of an invitation: its own, with the place where that does not say it.
pub fn invitation(details: &str, location: &str) -> String {
    if details.contains(location) {
        return details.to_owned();
    }
    format!("{details}\n\n{location}").trim().to_owned()
}

fn seconds(seconds: i64) -> Option<u32> {
    (1..=MOST_SECONDS)
        .contains(&seconds)
        .then(|| u32::try_from(seconds).ok())?
}

/// Makes the entry of a meeting that is to come, or brings it up to date. One that was held stays so.
pub fn plan(known: Option<LogEntry>, invitation: &Invitation, site: &str, now: Millis) -> LogEntry {
    let before = known.clone();
    let mut entry = known.unwrap_or_default();
    if before.is_none() || entry.state == LogState::Deleted {
        entry.state = LogState::Planned;
    }
    entry.key.clone_from(&invitation.key);
    entry.kind = LogKind::Meeting;
    if entry.state == LogState::Planned {
        entry.title.clone_from(&invitation.title);
        entry.details.clone_from(&invitation.details);
        entry.duration_s = invitation.duration_s;
    }
    if before.is_none() {
        entry.started_at = invitation.starts_at;
    }
    entry.location.clone_from(&invitation.location);
    if let Some(id) = join_id(&invitation.location) {
        add(&mut entry.aliases, join_alias(id));
    }
    remember(&mut entry, "invite", site, now);
    entry
}

/// The id of the room that an address to join leads to: `https://v.ringcentral.com/join/5550001111`.
fn join_id(location: &str) -> Option<&str> {
    let (_, rest) = location.split_once("/join/")?;
    let end = rest.find(|it: char| !it.is_ascii_alphanumeric());
    rest.get(..end.unwrap_or(rest.len()))
        .filter(|id| !id.is_empty())
}

fn join_alias(id: &str) -> String {
    format!("join:{id}")
}

/// Whom a draft goes to: the addresses and the names of those who may be written to.
pub fn receivers(contacts: &[Contact]) -> (Vec<String>, Vec<String>) {
    contacts
        .iter()
        .filter(|it| !it.deleted && !it.says_no())
        .filter_map(|it| {
            let address = it.emails.iter().find(|it| is_address(it))?;
            Some((address.trim().to_owned(), it.name.clone()))
        })
        .take(MOST_ADDRESSES)
        .unzip()
}

fn is_address(text: &str) -> bool {
    let text = text.trim();
    let odd = |it: char| it.is_whitespace() || it.is_control() || ",;<>\"".contains(it);
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.contains('@') && !text.contains(odd)
    })
}

/// Returns the `mailto:` address of a draft. A text that is too long for mail programs is cut; the whole
/// one is for the clipboard. Source: RFC 6068.
pub fn mailto(title: &str, details: &str, addresses: &[String]) -> String {
    let to: Vec<String> = addresses
        .iter()
        .filter(|it| is_address(it))
        .take(MOST_ADDRESSES)
        .map(|it| encoded(it.trim(), "@", usize::MAX))
        .collect();
    // Line breaks are CRLF in a mail's body.
    let body = details.replace("\r\n", "\n").replace('\n', "\r\n");
    format!(
        "mailto:{}?subject={}&body={}",
        to.join(","),
        encoded(&one_line(title, MOST_TITLE), "", MOST_SUBJECT),
        encoded(&body, "", MOST_BODY)
    )
}

/// Percent-encodes everything but RFC 3986's unreserved characters and those of `plain`, up to so many
/// characters, and never half a character.
fn encoded(text: &str, plain: &str, most: usize) -> String {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    let digit = |it: u8| HEX.get(usize::from(it)).copied().unwrap_or('0');
    let mut out = String::new();
    for letter in text.chars() {
        let mut bytes = [0; 4];
        let bytes = letter.encode_utf8(&mut bytes);
        let stays =
            letter.is_ascii_alphanumeric() || "-._~".contains(letter) || plain.contains(letter);
        let needs = if stays { 1 } else { 3 * bytes.len() };
        if out.len() + needs > most {
            break;
        }
        if stays {
            out.push(letter);
        } else {
            for byte in bytes.bytes() {
                out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
    out
}

// ---- meetings to come ----

/// Returns the list for the widget: what is planned here and what the site's pages state, each once, the
/// next first, without what is over.
pub fn upcoming(planned: &[LogEntry], events: &[PlannedEvent], now: Millis) -> Vec<Value> {
    let planned = planned.iter().filter(|it| it.state == LogState::Planned);
    let mut all: Vec<PlannedEvent> = planned
        .map(|entry| {
            let length = entry
                .duration_s
                .map_or(USUAL_MS, |it| Millis::from(it) * 1_000);
            PlannedEvent {
                id: entry.key.clone(),
                title: entry.title.clone(),
                starts_at: entry.started_at,
                ends_at: entry.started_at.saturating_add(length),
                location: entry.location.clone(),
                ..PlannedEvent::default()
            }
        })
        .collect();
    all.extend(events.iter().cloned());
    all.retain(|it| it.ends_at > now);
    // A stable sort: what is planned here comes before what a page says of the same.
    all.sort_by_key(|it| it.starts_at);
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|it| seen.insert((it.starts_at, it.title.clone())));
    all.iter().take(MOST_UPCOMING).map(listed).collect()
}

/// The widget opens `editEventUrl`, so it is an address of the web or it is left out.
fn listed(event: &PlannedEvent) -> Value {
    let mut listed = json!({
        "id": event.id,
        "title": event.title,
        "startTime": moment::text(event.starts_at),
        "endTime": moment::text(event.ends_at),
        "location": event.location,
    });
    let address = [&event.url, &event.location]
        .into_iter()
        .find_map(|it| web_address(it));
    if let (Some(address), Some(fields)) = (address, listed.as_object_mut()) {
        fields.insert("editEventUrl".to_owned(), json!(address));
    }
    listed
}

// ---- meetings that were held ----

/// A meeting of RingCentral's history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// RingCentral's id.
    pub id: String,
    /// The id of the room, as in its address to join.
    pub short_id: String,
    /// Its title.
    pub title: String,
    /// Its beginning.
    pub started_at: Option<Millis>,
    /// Its length in seconds.
    pub duration_s: Option<u32>,
    /// Who was there, and where else a recording can be seen: one line each.
    pub details: String,
    /// The first recording.
    pub recording: Option<Recording>,
}

impl Held {
    /// Reads the `meeting` of a log request; `None` without an id.
    pub fn of(meeting: &Value, clock: &dyn Fn(Millis) -> i64) -> Option<Self> {
        let id = meeting.get("id").and_then(id_text)?;
        let items = |field: &str| {
            let items = meeting.get(field).and_then(Value::as_array);
            items.into_iter().flatten().take(MOST_PARTS)
        };
        let mut people: Vec<String> = Vec::new();
        let host = meeting.get("hostInfo").into_iter();
        for person in host.chain(items("participants")) {
            add(
                &mut people,
                one_line(text(person, "displayName"), MOST_TITLE),
            );
        }
        let mut recordings: Vec<Recording> = items("recordings").filter_map(recorded).collect();
        let first = (!recordings.is_empty()).then(|| recordings.remove(0));
        let mut lines = vec![people.join(", ")];
        lines.extend(recordings.into_iter().filter_map(|it| it.link));
        lines.retain(|it| !it.is_empty());
        let started_at = match meeting.get("startTime") {
            Some(Value::String(text)) => moment::parse(text, clock),
            Some(number) => number.as_i64().filter(|it| *it > 0),
            None => None,
        };
        Some(Self {
            id: cut(&id, MOST_TITLE),
            short_id: one_line(text(meeting, "shortId"), MOST_TITLE),
            title: one_line(text(meeting, "displayName"), MOST_TITLE),
            started_at,
            duration_s: meeting
                .get("duration")
                .and_then(Value::as_i64)
                .and_then(seconds),
            details: cut(&lines.join("\n"), MOST_DETAILS),
            recording: first,
        })
    }

    /// The key of its entry, where it was not planned here.
    pub fn key(&self) -> String {
        format!("meeting:{}", self.id)
    }

    /// What a planned entry that it can complete is found by.
    pub fn join_alias(&self) -> Option<String> {
        (!self.short_id.is_empty()).then(|| join_alias(&self.short_id))
    }
}

/// Only the page that shows a recording is kept: the address of the file itself is good for minutes.
fn recorded(recording: &Value) -> Option<Recording> {
    Some(Recording {
        id: cut(&recording.get("id").and_then(id_text)?, MOST_TITLE),
        link: Some(without_token(web_address(text(recording, "link"))?)),
        content_uri: None,
    })
}

/// Writes a held meeting into its entry, which may be that of the plan. Again it changes nothing.
pub fn hold(known: Option<LogEntry>, key: &str, held: &Held, site: &str, now: Millis) -> LogEntry {
    let before = known.clone();
    let mut entry = known.unwrap_or_default();
    key.clone_into(&mut entry.key);
    entry.kind = LogKind::Meeting;
    entry.session_id.clone_from(&held.id);
    entry.state = LogState::Saved;
    entry.stage = Stage::Recorded;
    if !held.title.is_empty() {
        entry.title.clone_from(&held.title);
    }
    let unknown = if entry.started_at == 0 {
        now
    } else {
        entry.started_at
    };
    entry.started_at = held.started_at.unwrap_or(unknown);
    entry.duration_s = held.duration_s.or(entry.duration_s);
    if held.recording.is_some() {
        entry.recording.clone_from(&held.recording);
    }
    if entry.details.is_empty() {
        entry.details.clone_from(&held.details);
    } else if !entry.details.contains(&held.details) {
        entry.details = cut(
            &format!("{}\n\n{}", entry.details, held.details),
            MOST_DETAILS,
        );
    }
    add(&mut entry.aliases, held.key());
    if before.as_ref() != Some(&entry) {
        remember(&mut entry, "meetingLog", site, now);
        entry.updated_at = now;
    }
    entry
}

fn add(list: &mut Vec<String>, item: String) {
    if !item.is_empty() && !list.contains(&item) {
        list.push(item);
    }
}

fn remember(entry: &mut LogEntry, trigger: &str, site: &str, now: Millis) {
    if entry.timeline.len() < TIMELINE {
        entry.timeline.push(TimelineEvent {
            at: now,
            trigger: trigger.to_owned(),
            result: String::new(),
            site: site.to_owned(),
        });
    }
    entry.updated_at = now;
}
