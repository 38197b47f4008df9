//! How a call ended, in one word.

use crate::protocol::book::LogRow;
use crate::protocol::stored::{Direction, LogEntry, LogKind, Millis, Stage};

/// A call that began so long ago is not going on any more, whatever was last heard of it.
const STALE_AFTER_MS: Millis = 12 * 60 * 60 * 1000;

/// How a call ended, or how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Ringing here.
    Ringing,
    /// Being dialled.
    Dialling,
    /// People are talking.
    InProgress,
    /// It is held or parked.
    OnHold,
    /// Somebody answered.
    Answered,
    /// The user did not answer.
    Missed,
    /// The other side did not answer.
    NoAnswer,
    /// It went to voicemail.
    Voicemail,
    /// It was declined.
    Declined,
    /// The line was busy.
    Busy,
    /// It could not be put through.
    Failed,
    /// It was blocked.
    Blocked,
    /// It is over; nobody has said how yet.
    Ended,
    /// No widget was there to see its end.
    EndUnseen,
    /// The widget's own word, where we have none.
    Said(String),
}

/// How an outcome is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It is going on now.
    Live,
    /// As one would wish.
    Good,
    /// Neither.
    Plain,
    /// Somebody may have to call back.
    Bad,
}

impl Tone {
    /// Returns its word for the `data-tone` attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Good => "good",
            Self::Plain => "plain",
            Self::Bad => "bad",
        }
    }
}

impl Outcome {
    /// Returns the outcome of a log row; days of messages and meetings have none.
    pub fn of(row: &LogRow, now: Millis) -> Option<Self> {
        if row.kind != LogKind::Call {
            return None;
        }
        let live = row.stage < Stage::Ended;
        if live && now.saturating_sub(row.started_at) > STALE_AFTER_MS {
            return Some(Self::EndUnseen);
        }
        Some(Self::of_call(&row.result, row.stage, row.direction))
    }

    fn of_call(result: &str, stage: Stage, direction: Direction) -> Self {
        Self::of_word(result, stage, direction).unwrap_or_else(|| match (stage, direction) {
            (Stage::Ringing, Direction::Inbound) => Self::Ringing,
            (Stage::Ringing, Direction::Outbound) => Self::Dialling,
            (Stage::Connected, _) => Self::InProgress,
            (Stage::Ended | Stage::Recorded, _) if result.is_empty() => Self::Ended,
            (Stage::Ended | Stage::Recorded, _) => Self::Said(result.to_owned()),
        })
    }

    /// `Accepted`, `Missed`, `Call connected`, `Disconnected`, `Ringing` and `CallConnected` were seen from the widget.
    /// The others are RingCentral's words as far as we know them, and unverified: an unknown word is shown as it is.
    fn of_word(word: &str, stage: Stage, direction: Direction) -> Option<Self> {
        let word: String = word
            .chars()
            .filter(|it| it.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        Some(match word.as_str() {
            "ringing" | "proceeding" | "setup" => match direction {
                Direction::Inbound => Self::Ringing,
                Direction::Outbound => Self::Dialling,
            },
            "inprogress" => Self::InProgress,
            // The live state and the call log's word differ only in a space; the stage tells them apart.
            "callconnected" if stage < Stage::Ended => Self::InProgress,
            "onhold" | "hold" | "parkedcall" | "parked" => Self::OnHold,
            "accepted" | "callconnected" | "callaccepted" | "answered" => Self::Answered,
            "missed" | "abandoned" => Self::Missed,
            "noanswer" | "hangup" | "stopped" => match direction {
                Direction::Inbound => Self::Missed,
                Direction::Outbound => Self::NoAnswer,
            },
            "voicemail" => Self::Voicemail,
            "rejected" | "declined" => Self::Declined,
            "busy" => Self::Busy,
            "blocked" => Self::Blocked,
            "disconnected" | "finished" | "gone" | "unknown" => Self::Ended,
            "callfailed"
            | "callfailure"
            | "internalerror"
            | "wrongnumber"
            | "ipphoneoffline"
            | "nocallingcredit"
            | "restrictednumber"
            | "suspendedaccount"
            | "internationaldisabled"
            | "internationalrestricted"
            | "notallowed"
            | "linedisconnected" => Self::Failed,
            _ => return None,
        })
    }

    /// Returns the message key of its text; the widget's own word has none.
    pub fn key(&self) -> Option<&'static str> {
        Some(match self {
            Self::Ringing => "outcome_ringing",
            Self::Dialling => "outcome_dialling",
            Self::InProgress => "outcome_in_progress",
            Self::OnHold => "outcome_on_hold",
            Self::Answered => "outcome_answered",
            Self::Missed => "outcome_missed",
            Self::NoAnswer => "outcome_no_answer",
            Self::Voicemail => "outcome_voicemail",
            Self::Declined => "outcome_declined",
            Self::Busy => "outcome_busy",
            Self::Failed => "outcome_failed",
            Self::Blocked => "outcome_blocked",
            Self::Ended => "outcome_ended",
            Self::EndUnseen => "outcome_end_unseen",
            Self::Said(_) => return None,
        })
    }

    /// Returns how it is coloured.
    pub fn tone(&self) -> Tone {
        match self {
            Self::Ringing | Self::Dialling | Self::InProgress | Self::OnHold => Tone::Live,
            Self::Answered => Tone::Good,
            Self::Missed | Self::Failed => Tone::Bad,
            Self::NoAnswer
            | Self::Voicemail
            | Self::Declined
            | Self::Busy
            | Self::Blocked
            | Self::Ended
            | Self::EndUnseen
            | Self::Said(_) => Tone::Plain,
        }
    }
}

/// Returns the message key for what a log entry is, in one word: the outcome of a call, or what else it is.
pub fn outcome_key(entry: &LogEntry) -> &'static str {
    match entry.kind {
        LogKind::Call => Outcome::of_call(&entry.result, entry.stage, entry.direction)
            .key()
            .unwrap_or("outcome_ended"),
        LogKind::Messages => "kind_messages",
        LogKind::Meeting => "kind_meeting",
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, STALE_AFTER_MS};
    use crate::protocol::book::LogRow;
    use crate::protocol::stored::{Direction, LogKind, Stage};

    fn outcome(stage: Stage, direction: Direction, result: &str) -> Option<Outcome> {
        let row = LogRow {
            stage,
            direction,
            result: result.to_owned(),
            started_at: 1_000,
            ..LogRow::default()
        };
        Outcome::of(&row, 2_000)
    }

    #[test]
    fn the_words_of_the_call_log_and_of_the_live_call_are_understood() {
        use Direction::{Inbound, Outbound};
        use Stage::{Connected, Ended, Recorded, Ringing};
        for (stage, direction, word, expected) in [
            (Ringing, Inbound, "Ringing", Outcome::Ringing),
            (Ringing, Outbound, "Ringing", Outcome::Dialling),
            (Connected, Inbound, "CallConnected", Outcome::InProgress),
            (Connected, Inbound, "OnHold", Outcome::OnHold),
            (Ended, Inbound, "Disconnected", Outcome::Ended),
            (Ended, Inbound, "", Outcome::Ended),
            (Recorded, Inbound, "Accepted", Outcome::Answered),
            (Recorded, Outbound, "Call connected", Outcome::Answered),
            (Recorded, Inbound, "Missed", Outcome::Missed),
            (Recorded, Outbound, "No Answer", Outcome::NoAnswer),
            (Recorded, Outbound, "Hang Up", Outcome::NoAnswer),
            (Recorded, Inbound, "Hang Up", Outcome::Missed),
            (Recorded, Inbound, "Voicemail", Outcome::Voicemail),
            (Recorded, Outbound, "IP Phone Offline", Outcome::Failed),
            (
                Recorded,
                Outbound,
                "Nobel",
                Outcome::Said("Nobel".to_owned()),
            ),
        ] {
            assert_eq!(outcome(stage, direction, word), Some(expected), "{word}");
        }
    }

    #[test]
    fn a_call_that_rang_yesterday_is_not_ringing_today() {
        let row = LogRow {
            stage: Stage::Connected,
            result: "CallConnected".to_owned(),
            ..LogRow::default()
        };
        assert_eq!(Outcome::of(&row, STALE_AFTER_MS), Some(Outcome::InProgress));
        assert_eq!(
            Outcome::of(&row, STALE_AFTER_MS + 1),
            Some(Outcome::EndUnseen)
        );
    }

    #[test]
    fn a_day_of_messages_has_no_outcome() {
        let row = LogRow {
            kind: LogKind::Messages,
            ..LogRow::default()
        };
        assert_eq!(Outcome::of(&row, 0), None);
    }
}
