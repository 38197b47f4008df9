//! What becomes of an entry that failed: one that could not be written where the others are, and one
//! that could not be read when it came.

use crate::calls::contact_key;
use crate::protocol::stored::{LogEntry, LogState, Message, Millis};

/// Joins an entry that was kept elsewhere with what the log knows under its key.
///
/// The one written later wins; what it does not say is taken from the other, and an entry that the
/// user deleted stays deleted.
pub fn join(known: Option<LogEntry>, parked: LogEntry, now: Millis) -> LogEntry {
    let Some(known) = known else {
        return LogEntry {
            updated_at: now,
            ..parked
        };
    };
    if known.state == LogState::Deleted {
        return known;
    }
    let (mut entry, other) = if known.updated_at > parked.updated_at {
        (known, parked)
    } else {
        (parked, known)
    };
    for (text, said) in [
        (&mut entry.result, other.result),
        (&mut entry.number, other.number),
        (&mut entry.caller_name, other.caller_name),
        (&mut entry.note, other.note),
        (&mut entry.subject, other.subject),
        (&mut entry.outcome, other.outcome),
        (&mut entry.title, other.title),
        (&mut entry.location, other.location),
        (&mut entry.details, other.details),
        (&mut entry.conversation, other.conversation),
        (&mut entry.preview, other.preview),
    ] {
        if text.is_empty() {
            *text = said;
        }
    }
    entry.stage = entry.stage.max(other.stage);
    entry.duration_s = entry.duration_s.or(other.duration_s);
    entry.telephony_session_id = entry.telephony_session_id.or(other.telephony_session_id);
    entry.recording = entry.recording.or(other.recording);
    entry.ai_note = entry.ai_note.or(other.ai_note);
    entry.transcript = entry.transcript.or(other.transcript);
    entry.message_count = entry.message_count.max(other.message_count);
    if entry.payload.is_null() {
        entry.payload = other.payload;
    }
    for (site, link) in other.links {
        entry.links.entry(site).or_insert(link);
    }
    entry.contact_keys = entry
        .links
        .iter()
        .map(|(site, link)| contact_key(site, &link.id))
        .collect();
    add_missing(&mut entry.aliases, other.aliases);
    add_missing(&mut entry.media, other.media);
    add_missing(&mut entry.timeline, other.timeline);
    entry.timeline.sort_by_key(|event| event.at);
    entry.updated_at = now;
    entry
}

/// Whether messages are missing from an entry that says how many it holds.
pub fn lacks_messages(entry: &LogEntry, messages: &[Message]) -> bool {
    messages.len() < entry.message_count as usize
}

/// Returns what is kept of an entry that the user deletes: what a late event is known by, and nobody's data.
pub fn tombstone(entry: LogEntry, now: Millis) -> LogEntry {
    LogEntry {
        key: entry.key,
        kind: entry.kind,
        session_id: entry.session_id,
        started_at: entry.started_at,
        aliases: entry.aliases,
        state: LogState::Deleted,
        updated_at: now,
        ..LogEntry::default()
    }
}

/// Returns what is kept of a message of a deleted entry: that it was there.
pub fn emptied(message: Message) -> Message {
    Message {
        id: message.id,
        conversation: message.conversation,
        entry: message.entry,
        kind: message.kind,
        direction: message.direction,
        at: message.at,
        changed_at: message.changed_at,
        ..Message::default()
    }
}

fn add_missing<T: PartialEq>(known: &mut Vec<T>, said: Vec<T>) {
    for item in said {
        if !known.contains(&item) {
            known.push(item);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{join, tombstone};
    use crate::protocol::stored::{ContactLink, LogEntry, LogState, Stage};

    fn entry(note: &str, updated_at: i64) -> LogEntry {
        LogEntry {
            key: "call:1".to_owned(),
            note: note.to_owned(),
            updated_at,
            ..LogEntry::default()
        }
    }

    #[test]
    fn a_parked_entry_fills_what_the_log_does_not_know_and_loses_nothing() {
        let mut known = entry("asked for the price", 10);
        known.links.insert(
            "https://crm.example".to_owned(),
            ContactLink {
                id: "a1".to_owned(),
                ..ContactLink::default()
            },
        );
        let mut parked = entry("", 20);
        parked.stage = Stage::Recorded;
        known.duration_s = Some(35);
        let joined = join(Some(known), parked, 30);
        assert_eq!(joined.note, "asked for the price");
        assert_eq!(joined.duration_s, Some(35));
        assert_eq!(joined.stage, Stage::Recorded);
        assert_eq!(joined.links["https://crm.example"].id, "a1");
        assert_eq!(joined.updated_at, 30);
    }

    #[test]
    fn what_was_written_later_wins_and_what_was_deleted_stays_so() {
        let joined = join(Some(entry("newer", 20)), entry("older", 10), 30);
        assert_eq!(joined.note, "newer");
        let joined = join(Some(entry("older", 10)), entry("newer", 20), 30);
        assert_eq!(joined.note, "newer");
        let gone = tombstone(entry("newer", 20), 25);
        let joined = join(Some(gone), entry("parked", 40), 50);
        assert_eq!(joined.state, LogState::Deleted);
        assert_eq!(joined.note, "");
    }
}
