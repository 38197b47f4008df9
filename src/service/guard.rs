//! Whether somebody may be called or written to.

use serde_json::Value;

use super::ports::{Browser, Store};
use super::widget::Answer;
use super::{Done, Service};
use crate::phone::Numbering;

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// May these people be called or written to?
    pub(super) async fn may_contact(&self, _site: &str, _body: &Value) -> Done<Answer> {
        Ok(Answer::data(serde_json::json!({ "result": false })))
    }
}
