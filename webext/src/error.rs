//! What a browser call can fail with, sorted by what the caller can do about it.

use std::fmt;

use wasm_bindgen::{JsCast as _, JsValue};

/// What the caller can do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The extension was updated, reloaded or removed under a running script: tear down.
    Orphaned,
    /// Nobody answered: the worker slept or died. Ask again.
    Unreachable,
    /// Anything else: report it once.
    Other,
}

/// A failed browser call.
///
/// It holds text, since a `JsValue` cannot leave its thread.
#[derive(Clone, Debug)]
pub struct JsError {
    name: String,
    message: String,
}

impl JsError {
    /// An error of our own about a browser's answer.
    #[cold]
    pub fn new(message: &str) -> Self {
        Self {
            name: "Error".to_owned(),
            message: message.to_owned(),
        }
    }

    /// What the caller can do.
    ///
    /// The texts are those of Chromium 156 and Firefox 153; what is not known is `Other`.
    pub fn kind(&self) -> ErrorKind {
        let says = |part: &str| self.message.contains(part);
        if says("Extension context invalidated") {
            ErrorKind::Orphaned
        } else if says("Receiving end does not exist")
            || says("message channel closed before a response")
            || says("message port closed before a response")
        {
            ErrorKind::Unreachable
        } else {
            ErrorKind::Other
        }
    }
}

impl From<JsValue> for JsError {
    fn from(value: JsValue) -> Self {
        match value.dyn_ref::<js_sys::Error>() {
            Some(error) => Self {
                name: String::from(error.name()),
                message: String::from(error.message()),
            },
            None => Self::new(&value.as_string().unwrap_or_else(|| "unknown".to_owned())),
        }
    }
}

impl fmt::Display for JsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.name, self.message)
    }
}

impl std::error::Error for JsError {}

#[cfg(test)]
mod tests {
    use super::{ErrorKind, JsError};

    #[test]
    fn texts_of_both_browsers_are_sorted_by_what_the_caller_can_do() {
        for (text, kind) in [
            ("Extension context invalidated.", ErrorKind::Orphaned),
            (
                "Could not establish connection. Receiving end does not exist.",
                ErrorKind::Unreachable,
            ),
            (
                "A listener indicated an asynchronous response by returning true, but the message channel closed before a response was received",
                ErrorKind::Unreachable,
            ),
            ("QuotaExceededError", ErrorKind::Other),
        ] {
            assert_eq!(JsError::new(text).kind(), kind, "{text}");
        }
    }
}
