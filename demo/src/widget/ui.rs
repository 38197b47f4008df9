//! What the user sees and has typed.

use serde_json::Value;

use super::contacts::Suggestion;

/// Where the widget's own page is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Screen {
    /// One of the tabs.
    Tab(&'static str),
    /// The details of a synced contact; the activities, if its tab is open.
    Contact {
        id: String,
        activities: Option<Activities>,
    },
    /// A form, with what it was drawn with (so that typing draws nothing).
    Form {
        of: FormOf,
        data: Value,
        drawn: Value,
    },
    /// A message to somebody new, and what it was drawn with.
    Compose {
        to: String,
        text: String,
        drawn: (String, String),
    },
    /// A conversation, what is being written in it, and what that was drawn with.
    Conversation {
        id: String,
        text: String,
        drawn: String,
    },
    /// The page that schedules a meeting.
    Schedule,
}

/// What a form is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FormOf {
    /// The log of a call: its session.
    Call(String),
    /// The log of a conversation.
    Messages(String),
    /// A section of the settings.
    Section(String),
    /// A page or a tab of the host's own.
    Page(String),
}

/// Somebody whom the host would rather have left alone, while the user is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Held {
    /// A call to this number.
    Call(String),
    /// A text to these numbers.
    Text(Vec<String>, String),
}

/// What the activities tab shows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Activities {
    /// The spinner, for ever if nothing comes.
    Loading,
    /// The list.
    Loaded(Vec<Value>),
}

/// An alert over the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// What the host dismisses it by.
    pub id: String,
    /// `info`, `success`, `warning`, `danger`.
    pub level: String,
    /// Its text.
    pub message: String,
    /// Titles with texts and links below them, as the host gave them; else null.
    pub details: Value,
}

/// What the user sees and has typed.
#[derive(Debug, Clone)]
pub(crate) struct Ui {
    pub(crate) screen: Screen,
    pub(crate) dial: String,
    pub(crate) suggestions: Vec<Suggestion>,
    pub(crate) alerts: Vec<Alert>,
    pub(crate) confirm: Option<(Held, String)>,
}
