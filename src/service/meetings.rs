//! Meetings: invitations, those to come, and their log.

use serde_json::Value;

use super::ports::{Browser, Store};
use super::widget::{Answer, At};
use super::{Done, Service};
use crate::phone::Numbering;

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// A meeting was scheduled in the widget.
    pub(super) async fn meeting_scheduled(&self, _at: At<'_>, _body: &Value) -> Done<Answer> {
        Ok(Answer::ok())
    }

    /// A conference was set up in a widget of old.
    pub(super) async fn conference_set_up(&self, _at: At<'_>, _body: &Value) -> Done<Answer> {
        Ok(Answer::ok())
    }

    /// The meetings to come.
    pub(super) async fn upcoming_meetings(&self, _site: &str) -> Done<Answer> {
        Ok(Answer::data(serde_json::json!([])))
    }

    /// Keeps a meeting of the widget's history.
    pub(super) async fn log_meeting(&self, _at: At<'_>, _body: &Value) -> Answer {
        Answer::ok()
    }
}
