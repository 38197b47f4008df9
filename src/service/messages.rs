//! Messages: their log entries by day, which of them are logged, and their form.

use serde_json::Value;

use super::ports::{Browser, Store};
use super::widget::{Answer, At};
use super::{Done, Service};
use crate::phone::Numbering;

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// Keeps the messages of a log request.
    pub(super) async fn log_messages(&self, _at: At<'_>, _body: &Value) -> Answer {
        Answer::ok()
    }

    /// Which days of conversations are logged.
    pub(super) async fn messages_logged(&self, _site: &str, _body: &Value) -> Done<Answer> {
        Ok(Answer::data(serde_json::json!({})))
    }

    /// The form of a conversation was changed.
    pub(super) async fn message_form_changed(&self, _at: At<'_>, _body: &Value) -> Done<Answer> {
        Ok(Answer::ok())
    }
}
