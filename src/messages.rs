//! How messages become the log entries of their days.
//!
//! A message is kept by its own id, and a day entry is a view of the messages that name it. The day is
//! that of the message by the user's clock when the message is first seen; after that neither a journey
//! nor a change of the hour moves it, so that nothing is doubled.

use crate::calls::Links;
use crate::protocol::stored::{
    ContactLink, LogEntry, LogKind, LogState, Message, Millis, TimelineEvent, Why,
};
use crate::protocol::widget_messages::{Conversation, one_line};

/// How many events an entry remembers.
const TIMELINE: usize = 40;
/// The most characters of a preview.
const PREVIEW: usize = 140;
/// The most ids that an entry goes by: one for each way to write its date that was met.
const MOST_ALIASES: usize = 100;

/// Returns the key of a day entry; `day` as in "2026-11-20".
pub fn key_of(conversation: &str, day: &str) -> String {
    format!("messages:{conversation}/{day}")
}

/// Returns what is known of a message when it is said again.
///
/// It stays in its entry. An older state of it changes nothing, and what it once said is not lost.
pub fn merged(known: &Message, said: &Message) -> Message {
    if said.changed_at < known.changed_at {
        return known.clone();
    }
    let text = |known: &String, said: &String| if said.is_empty() { known } else { said }.clone();
    Message {
        id: known.id.clone(),
        conversation: known.conversation.clone(),
        entry: known.entry.clone(),
        at: known.at,
        kind: said.kind,
        direction: said.direction,
        changed_at: said.changed_at,
        text: text(&known.text, &said.text),
        status: text(&known.status, &said.status),
        from: if said.from.number.is_empty() {
            known.from.clone()
        } else {
            said.from.clone()
        },
        to: if said.to.is_empty() {
            known.to.clone()
        } else {
            said.to.clone()
        },
        attachments: if said.attachments.is_empty() {
            known.attachments.clone()
        } else {
            said.attachments.clone()
        },
    }
}

/// Who wants a day kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The widget, by itself: what the user deleted stays deleted.
    Automatic,
    /// The user.
    ByHand,
    /// The user is typing into a form that is not saved yet.
    Draft,
}

/// What a request says about a day.
#[derive(Clone)]
pub struct DayEvent<'a> {
    /// The conversation.
    pub conversation: &'a Conversation,
    /// Who wants it kept.
    pub wish: Wish,
    /// The widget's trigger type.
    pub trigger: &'static str,
    /// Where the widget stands that asks: a site, or the window.
    pub place: &'a str,
    /// The contacts on the sites that it serves.
    pub links: &'a Links,
    /// When.
    pub now: Millis,
}

/// Brings a day entry up to date with its messages, or begins one; `messages` are all that name it.
///
/// The same event with the same messages again changes nothing, not even the time of the last change.
pub fn apply(
    known: Option<LogEntry>,
    key: &str,
    event: &DayEvent<'_>,
    messages: &[Message],
) -> LogEntry {
    let before = known.clone();
    let mut entry = known.unwrap_or_default();
    if entry.state == LogState::Deleted && event.wish == Wish::Automatic {
        return entry;
    }
    entry.state = match (event.wish, &before) {
        (Wish::Automatic | Wish::ByHand, _) => LogState::Saved,
        (Wish::Draft, Some(known)) if known.state != LogState::Deleted => known.state.clone(),
        (Wish::Draft, _) => LogState::Draft,
    };
    key.clone_into(&mut entry.key);
    entry.kind = LogKind::Messages;
    look(&mut entry, messages);
    let conversation = event.conversation;
    if entry.conversation.is_empty() {
        entry.conversation.clone_from(&conversation.id);
    }
    if entry.number.is_empty() {
        entry.number.clone_from(&conversation.correspondent.number);
    }
    if !conversation.correspondent.name.is_empty() {
        entry
            .caller_name
            .clone_from(&conversation.correspondent.name);
    }
    let own = entry.conversation.clone();
    for alias in [&own, &conversation.id, &conversation.log_id] {
        add_alias(&mut entry, alias);
    }
    better(event.links, &entry).add_to(&mut entry);
    let newest = messages
        .iter()
        .max_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    remember(&mut entry, event, newest.map_or("", |it| &it.status));
    if before.as_ref() != Some(&entry) {
        entry.updated_at = event.now;
    }
    entry
}

/// What the messages of an entry make of it.
fn look(entry: &mut LogEntry, messages: &[Message]) {
    let newest = messages
        .iter()
        .max_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let (Some(newest), Some(first)) = (newest, messages.iter().map(|it| it.at).min()) else {
        return;
    };
    let file = || newest.attachments.first().map_or("", |it| it.name.as_str());
    let words = match newest.text.as_str() {
        "" => file(),
        words => words,
    };
    entry.started_at = first;
    entry.direction = newest.direction;
    entry.message_kind = newest.kind;
    entry.message_count = u32::try_from(messages.len()).unwrap_or(u32::MAX);
    entry.preview = one_line(words, PREVIEW);
}

/// Adds an id that an entry goes by.
pub fn add_alias(entry: &mut LogEntry, alias: &str) {
    let known = entry.aliases.iter().any(|it| it == alias);
    if !known && !alias.is_empty() && entry.aliases.len() < MOST_ALIASES {
        entry.aliases.push(alias.to_owned());
    }
}

/// Whom the worker found for itself is only taken where nobody is known. The name of then is kept.
fn better(links: &Links, entry: &LogEntry) -> Links {
    let is_better = |site: &str, link: &ContactLink| match entry.links.get(site) {
        None => true,
        Some(known) if known.id == link.id => link.chosen && !known.chosen,
        Some(_) => matches!(link.why, Why::Chosen | Why::Widget),
    };
    let mut better = links.clone();
    better.by_site.retain(|site, link| is_better(site, link));
    better
}

/// The widget sends a whole day again after each load: what it did by itself is remembered once.
fn remember(entry: &mut LogEntry, event: &DayEvent<'_>, status: &str) {
    let by_itself = event.wish == Wish::Automatic;
    let repeated = entry.timeline.iter().any(|known| {
        known.trigger == event.trigger
            && known.result == status
            && known.site == event.place
            && (by_itself || known.at == event.now)
    });
    if repeated || event.wish == Wish::Draft || entry.timeline.len() >= TIMELINE {
        return;
    }
    entry.timeline.push(TimelineEvent {
        at: event.now,
        trigger: event.trigger.to_owned(),
        result: status.to_owned(),
        site: event.place.to_owned(),
    });
}

#[cfg(test)]
mod tests {
    use super::{DayEvent, Links, Wish, apply, merged};
    use crate::protocol::stored::{LogEntry, LogState, Message};
    use crate::protocol::widget_messages::Conversation;
    use serde_json::json;

    /// The service asks before it writes; the user may delete the entry between the two.
    #[test]
    fn an_entry_that_is_deleted_at_the_last_moment_stays_deleted() {
        let conversation =
            json!({ "conversationId": "7001", "messages": [{ "id": 501, "subject": "hello" }] });
        let conversation = Conversation::of(&conversation, 5).expect("a conversation");
        let gone = LogEntry {
            state: LogState::Deleted,
            ..LogEntry::default()
        };
        for (wish, state) in [
            (Wish::Automatic, LogState::Deleted),
            (Wish::Draft, LogState::Draft),
            (Wish::ByHand, LogState::Saved),
        ] {
            let event = DayEvent {
                conversation: &conversation,
                wish,
                trigger: "auto",
                place: "https://crm.example",
                links: &Links::default(),
                now: 7,
            };
            let entry = apply(
                Some(gone.clone()),
                "messages:7001/1970-01-01",
                &event,
                &conversation.messages,
            );
            assert_eq!(entry.state, state);
            assert_eq!(entry.preview.is_empty(), wish == Wish::Automatic);
        }
    }

    #[test]
    fn what_a_message_once_said_is_not_lost() {
        let known = Message {
            id: "501".to_owned(),
            entry: "messages:7001/2026-11-20".to_owned(),
            at: 5,
            changed_at: 5,
            text: "Please call me back.".to_owned(),
            ..Message::default()
        };
        let said = Message {
            entry: String::new(),
            at: 6,
            changed_at: 7,
            text: String::new(),
            status: "Received".to_owned(),
            ..known.clone()
        };
        let now = merged(&known, &said);
        assert_eq!((now.text, now.at), (known.text.clone(), 5));
        assert_eq!((now.status.as_str(), now.entry), ("Received", known.entry));
    }
}
