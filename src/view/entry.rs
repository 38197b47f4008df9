//! An entry in words: what it is about, why it has its contact, what the user said came of it.

use super::person::Person;
use crate::protocol::book::LogRow;
use crate::protocol::stored::{Direction, LogKind, LogState, MessageKind, Why};

/// Returns the message key that says why an entry has the contact it has; `None` where nobody knows.
pub fn why_key(why: Why) -> Option<&'static str> {
    Some(match why {
        Why::Unsaid => return None,
        Why::Chosen => "why_chosen",
        Why::ChosenBefore => "why_chosen_before",
        Why::OnlyOne => "why_only_one",
        Why::Widget => "why_widget",
        Why::RecordOpen => "why_record_open",
        Why::RowClicked => "why_row_clicked",
        Why::LastCall => "why_last_call",
        Why::LatestReading => "why_latest_reading",
    })
}

/// Returns the message key of what the user said came of a call: one of `form::OUTCOMES`, or nothing said.
pub fn said_key(outcome: &str) -> &'static str {
    match outcome {
        "reached" => "outcome_said_reached",
        "left_message" => "outcome_said_left_message",
        "no_answer" => "outcome_said_no_answer",
        "call_back" => "outcome_said_call_back",
        "wrong_number" => "outcome_said_wrong_number",
        "not_interested" => "outcome_said_not_interested",
        _ => "outcome_said_nothing",
    }
}

/// What an entry is, for its picture and its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The id of its symbol in the page.
    pub icon: &'static str,
    /// The message key of its name.
    pub key: &'static str,
}

/// Returns what an entry is.
pub fn sort(row: &LogRow) -> Sort {
    let (icon, key) = match (row.kind, row.direction, row.message_kind) {
        (LogKind::Call, Direction::Inbound, _) => ("#icon-inbound", "direction_inbound"),
        (LogKind::Call, Direction::Outbound, _) => ("#icon-outbound", "direction_outbound"),
        (LogKind::Messages, _, MessageKind::Sms) => ("#icon-messages", "kind_sms"),
        (LogKind::Messages, _, MessageKind::Pager) => ("#icon-team", "kind_pager"),
        (LogKind::Messages, _, MessageKind::Voicemail) => ("#icon-voicemail", "kind_voicemail"),
        (LogKind::Messages, _, MessageKind::Fax) => ("#icon-fax", "kind_fax"),
        (LogKind::Meeting, _, _) => ("#icon-meeting", "kind_meeting"),
    };
    Sort { icon, key }
}

/// Returns what to call an entry: whom it names, or the title of a meeting that names nobody.
pub fn name(row: &LogRow) -> Option<&str> {
    let person = Person::of(row);
    let title = Some(row.subject.trim()).filter(|it| !it.is_empty());
    match row.kind {
        LogKind::Meeting if !person.is_known() => title.or(person.shown()),
        _ => person.shown(),
    }
}

/// Returns the subject, where it is not what the entry is called already.
pub fn subject(row: &LogRow) -> Option<&str> {
    Some(row.subject.trim()).filter(|it| !it.is_empty() && name(row) != Some(*it))
}

/// Whether an entry holds several messages, so that it is worth saying how many.
pub fn is_conversation(row: &LogRow) -> bool {
    row.kind == LogKind::Messages
        && matches!(row.message_kind, MessageKind::Sms | MessageKind::Pager)
}

/// What is to be said about an entry's state, above everything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// It is as it should be.
    Fine,
    /// Something is wrong with it: the message key of the cause.
    Failed(&'a str),
    /// It is not saved in the phone yet.
    Draft,
    /// It is to come.
    Planned,
}

/// Returns what is to be said about an entry's state.
pub fn standing(state: &LogState) -> Standing<'_> {
    match state {
        LogState::Saved | LogState::Deleted => Standing::Fine,
        LogState::Failed(cause) => Standing::Failed(cause),
        LogState::Draft => Standing::Draft,
        LogState::Planned => Standing::Planned,
    }
}

#[cfg(test)]
mod tests {
    use super::{name, said_key, sort, subject, why_key};
    use crate::form::OUTCOMES;
    use crate::protocol::book::LogRow;
    use crate::protocol::stored::{LogKind, MessageKind, Why};

    #[test]
    fn every_outcome_of_the_form_has_words_of_its_own() {
        for outcome in OUTCOMES {
            assert!(said_key(outcome).ends_with(&format!("_{outcome}")));
        }
        assert_eq!(said_key(""), "outcome_said_nothing");
        assert_eq!(said_key("of a later version"), "outcome_said_nothing");
    }

    #[test]
    fn only_entries_of_old_do_not_say_why() {
        assert_eq!(why_key(Why::Unsaid), None);
        assert_eq!(why_key(Why::LastCall), Some("why_last_call"));
    }

    #[test]
    fn a_meeting_with_nobody_known_is_called_by_its_title() {
        let mut row = LogRow {
            kind: LogKind::Meeting,
            subject: "Kick-off".to_owned(),
            ..LogRow::default()
        };
        assert_eq!((name(&row), subject(&row)), (Some("Kick-off"), None));
        row.contact = "Ada Byron".to_owned();
        assert_eq!(
            (name(&row), subject(&row)),
            (Some("Ada Byron"), Some("Kick-off"))
        );
        row.kind = LogKind::Call;
        row.contact.clear();
        assert_eq!((name(&row), subject(&row)), (None, Some("Kick-off")));
    }

    #[test]
    fn messages_are_told_apart_by_their_kind() {
        let mut keys: Vec<&str> = [
            MessageKind::Sms,
            MessageKind::Pager,
            MessageKind::Voicemail,
            MessageKind::Fax,
        ]
        .into_iter()
        .map(|message_kind| {
            let row = LogRow {
                kind: LogKind::Messages,
                message_kind,
                ..LogRow::default()
            };
            sort(&row).key
        })
        .collect();
        keys.dedup();
        assert_eq!(
            keys,
            ["kind_sms", "kind_pager", "kind_voicemail", "kind_fax"]
        );
    }
}
