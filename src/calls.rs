//! How the events of a call become one log entry.
//!
//! The widget sends three to six events per call, some late, some twice, from any tab and any site.
//! Whatever their order, the entry is the same in the end: a later stage knows more than an earlier one,
//! a field once known is never lost, and a note is only changed by the user.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::protocol::stored::{
    Contact, ContactLink, LogEntry, LogKind, LogState, Millis, SiteId, TimelineEvent, Why,
};
use crate::protocol::widget::{self, Call, types};
use crate::scope::Scope;
use crate::view::notice;

/// The trigger type of calls that the user logs in bulk; the widget has no word for it.
pub const BULK: &str = "bulk";

/// How many events an entry remembers.
const TIMELINE: usize = 40;

/// What one log request says.
#[derive(Clone, Debug, PartialEq)]
pub struct CallEvent {
    /// The call.
    pub call: Call,
    /// The request's `call` as it may be kept.
    pub payload: Value,
    /// The widget's trigger type.
    pub trigger: String,
    /// The note, where the user wrote one.
    pub note: Option<String>,
    /// The contact, where the event names one.
    pub contact: ContactSaid,
    /// Notes of the widget's assistant.
    pub ai_note: Option<String>,
    /// What was said in the call.
    pub transcript: Option<String>,
}

/// What a log request says about the contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactSaid {
    /// The user chose this id.
    Chosen(String),
    /// The widget found this id.
    Found(String),
    /// Nothing; the worker may look for itself.
    Nothing,
}

impl CallEvent {
    /// Reads the body of a log request; `None` if it is about no call.
    pub fn of(body: &Value) -> Option<Self> {
        let raw = body.get("call")?;
        let call = Call::of(raw)?;
        let trigger = widget::text(body, "triggerType").to_owned();
        let form = body.get("formData").unwrap_or(&Value::Null);
        let note = body
            .get("note")
            .or_else(|| form.get("note"))
            .and_then(Value::as_str)
            .map(str::to_owned);
        let words = |field| match widget::text(body, field) {
            "" => None,
            words => Some(words.to_owned()),
        };
        Some(Self {
            contact: contact_said(body, raw, form, &trigger),
            payload: widget::without_tokens(raw),
            note,
            ai_note: words("aiNote"),
            transcript: words("transcript"),
            call,
            trigger,
        })
    }
}

/// With `showLogModal` both entities are null and the form holds the contact.
fn contact_said(body: &Value, call: &Value, form: &Value, trigger: &str) -> ContactSaid {
    let in_form = widget::text(form, "contactId");
    if !in_form.is_empty() {
        return ContactSaid::Chosen(in_form.to_owned());
    }
    let outbound = widget::text(call, "direction") == "Outbound";
    let side = if outbound { "toEntity" } else { "fromEntity" };
    match body.get(side).and_then(widget::our_entity_id) {
        Some(id) if trigger == "contactUpdated" => ContactSaid::Chosen(id.to_owned()),
        Some(id) => ContactSaid::Found(id.to_owned()),
        // Whom the user, or we, picked of several; the widget calls it so for both directions.
        None => match widget::text(call, "toNumberEntity") {
            "" => ContactSaid::Nothing,
            id => ContactSaid::Found(id.to_owned()),
        },
    }
}

/// How far a call has come, as `rc-active-call-notify` tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Somebody calls.
    Ringing,
    /// The user has answered.
    Answered,
    /// The user calls somebody.
    Outgoing,
    /// It is over.
    Over,
    /// Held, parked, or anything else.
    Other,
}

/// Returns the phase of the `call` of such a message.
pub fn phase(call: &Value) -> Phase {
    let status = widget::text(call, "telephonyStatus");
    let over = status == "NoCall" || !widget::text(call, "terminationType").is_empty();
    match (status, widget::text(call, "direction")) {
        _ if over => Phase::Over,
        ("Ringing", "Inbound") => Phase::Ringing,
        ("CallConnected", "Inbound") => Phase::Answered,
        ("Ringing" | "Proceeding" | "Setup" | "CallConnected", "Outbound") => Phase::Outgoing,
        _ => Phase::Other,
    }
}

/// The message that has the widget ask again which of these calls are logged.
pub fn ask_if_logged(sessions: &[String]) -> Value {
    json!({ "type": types::TRIGGER_LOGGED, "sessionIds": sessions })
}

/// A log request that cannot be read, as an entry that can be looked at and tried again: its payload is
/// the request's body, its one event says where it was sent.
pub fn unreadable(key: &str, path: &str, body: &Value, site: &str, now: Millis) -> LogEntry {
    LogEntry {
        key: key.to_owned(),
        started_at: now,
        updated_at: now,
        payload: widget::without_tokens(body),
        timeline: vec![TimelineEvent {
            at: now,
            trigger: path.to_owned(),
            site: site.to_owned(),
            ..TimelineEvent::default()
        }],
        state: LogState::Failed(notice::FAILED_UNREADABLE.to_owned()),
        ..LogEntry::default()
    }
}

/// Returns the key of a call's entry.
pub fn key_of(session_id: &str) -> String {
    format!("call:{session_id}")
}

/// Returns what the contact index holds for a contact.
pub fn contact_key(site: &str, contact: &str) -> String {
    format!("{site} {contact}")
}

/// Returns the link to a contact.
pub fn link(contact: &Contact, why: Why) -> ContactLink {
    ContactLink {
        id: contact.id.clone(),
        name: contact.name.clone(),
        chosen: why == Why::Chosen,
        why,
    }
}

/// The contacts to which something is linked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// One for each site that has somebody.
    pub by_site: BTreeMap<SiteId, ContactLink>,
    /// The one of several sites whose contact is the likeliest, or was named by the widget.
    pub foremost: Option<SiteId>,
}

impl Links {
    /// Links an entry; see [`relink`].
    pub fn add_to(&self, entry: &mut LogEntry) {
        for (site, link) in &self.by_site {
            relink(entry, site, link.clone());
        }
        let chosen = entry.links.get(&entry.foremost).is_some_and(|it| it.chosen);
        if let Some(foremost) = &self.foremost
            && entry.links.contains_key(foremost)
            && !chosen
        {
            entry.foremost.clone_from(foremost);
        }
    }
}

/// Adds an event to a call's entry, or begins one.
///
/// `links` are the contacts that the event's words or the worker's own search led to; `place` is where the
/// widget stands that tells the event: a site, or the window.
pub fn apply(
    entry: Option<LogEntry>,
    event: &CallEvent,
    links: &Links,
    place: &str,
    now: Millis,
) -> LogEntry {
    let call = &event.call;
    if let Some(deleted) = entry
        .as_ref()
        .filter(|entry| entry.state == LogState::Deleted && !by_hand(&event.trigger))
    {
        return deleted.clone();
    }
    let mut entry = entry.unwrap_or_else(|| LogEntry {
        key: key_of(&call.session_id),
        kind: LogKind::Call,
        session_id: call.session_id.clone(),
        started_at: call.started_at.unwrap_or(now),
        direction: call.direction,
        stage: call.stage,
        payload: Value::Null,
        ..LogEntry::default()
    });

    if call.stage >= entry.stage {
        entry.stage = call.stage;
        entry.direction = call.direction;
        entry.started_at = call.started_at.unwrap_or(entry.started_at);
        entry.duration_s = call.duration_s.or(entry.duration_s);
        take(&mut entry.result, &call.result);
        take(&mut entry.number, &call.number);
        take(&mut entry.caller_name, &call.caller_name);
        entry.payload = merged(&entry.payload, &event.payload);
    } else {
        // A late event: it may only fill what nobody knew.
        entry.duration_s = entry.duration_s.or(call.duration_s);
        fill(&mut entry.result, &call.result);
        fill(&mut entry.number, &call.number);
        fill(&mut entry.caller_name, &call.caller_name);
        entry.payload = merged(&event.payload, &entry.payload);
    }
    entry.telephony_session_id = entry
        .telephony_session_id
        .or_else(|| call.telephony_session_id.clone());
    if call.recording.is_some() {
        entry.recording.clone_from(&call.recording);
    }
    if let Some(note) = &event.note {
        entry.note.clone_from(note);
    }
    entry.ai_note = event.ai_note.clone().or(entry.ai_note);
    entry.transcript = event.transcript.clone().or(entry.transcript);
    links.add_to(&mut entry);
    remember(&mut entry, event, place, now);
    entry.state = LogState::Saved;
    entry.updated_at = now;
    entry
}

/// Whether the user asked for this entry; the rest comes by itself.
pub fn by_hand(trigger: &str) -> bool {
    matches!(trigger, "createLog" | "editLog" | "logForm" | BULK)
}

/// A contact that the user chose is only replaced by another that the user chose.
pub fn relink(entry: &mut LogEntry, site: &str, link: ContactLink) {
    if link.chosen {
        entry.nobody.retain(|it| it != site);
        site.clone_into(&mut entry.foremost);
    } else if entry.nobody.iter().any(|it| it == site) {
        return;
    }
    let known = entry.links.get(site);
    let same = known.is_some_and(|known| known.id == link.id);
    // The widget repeats whom we told it; how that came about is the better reason.
    if !link.chosen && known.is_some_and(|known| known.chosen || (same && known.why != Why::Unsaid))
    {
        return;
    }
    entry.links.insert(site.to_owned(), link);
    index_links(entry);
}

/// Takes the contact of a site away, by the user's wish: only the user links another.
pub fn unlink(entry: &mut LogEntry, site: &str) {
    entry.links.remove(site);
    if entry.foremost == site {
        entry.foremost.clear();
    }
    if !entry.nobody.iter().any(|it| it == site) {
        entry.nobody.push(site.to_owned());
    }
    index_links(entry);
}

fn index_links(entry: &mut LogEntry) {
    entry.contact_keys = entry
        .links
        .iter()
        .map(|(site, link)| contact_key(site, &link.id))
        .collect();
}

/// The same event can come again after a reload; it is remembered once.
fn remember(entry: &mut LogEntry, event: &CallEvent, place: &str, now: Millis) {
    let repeated = entry.timeline.iter().any(|known| {
        known.trigger == event.trigger && known.result == event.call.result && known.site == place
    });
    if repeated || entry.timeline.len() >= TIMELINE {
        return;
    }
    entry.timeline.push(TimelineEvent {
        at: now,
        trigger: event.trigger.clone(),
        result: event.call.result.clone(),
        site: place.to_owned(),
    });
}

fn take(known: &mut String, said: &str) {
    if !said.is_empty() {
        said.clone_into(known);
    }
}

fn fill(known: &mut String, said: &str) {
    if known.is_empty() {
        said.clone_into(known);
    }
}

/// The fields of both, the later ones winning; an empty value never wins over a full one.
fn merged(earlier: &Value, later: &Value) -> Value {
    let (Some(known), Some(said)) = (earlier.as_object(), later.as_object()) else {
        return if later.is_object() { later } else { earlier }.clone();
    };
    let mut all = known.clone();
    for (name, value) in said {
        let empty = value.is_null()
            || value.as_str() == Some("")
            || value.as_array().is_some_and(Vec::is_empty);
        if !(empty && all.contains_key(name)) {
            all.insert(name.clone(), value.clone());
        }
    }
    Value::Object(all)
}

/// What the entity matcher answers for an entry; `None` for one that does not count as logged.
///
/// The contact is one of the sites that the asking widget serves, or none.
pub fn matched(entry: &LogEntry, scope: &Scope) -> Option<Value> {
    if entry.state != LogState::Saved {
        return None;
    }
    let mut entity = json!({ "id": entry.key, "note": entry.note });
    if let (Some((site, link)), Some(fields)) = (scope.link(entry), entity.as_object_mut()) {
        let id = scope.id_of(site, &link.id);
        fields.insert("contact".to_owned(), json!({ "id": id }));
        fields.insert("contactId".to_owned(), json!(id));
    }
    Some(entity)
}
