//! Our buttons in the widget, and the banner.

use serde_json::Value;

use super::ports::{Browser, Store};
use super::widget::{Answer, At};
use super::{Done, Service};
use crate::phone::Numbering;

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// A button of ours was pressed.
    pub(super) async fn button_pressed(&self, _at: At<'_>, _body: &Value) -> Done<Answer> {
        Ok(Answer::ok())
    }

    /// What needs the user's attention, as the widget's banner.
    pub(super) async fn banner(&self) -> Done<Option<Value>> {
        Ok(None)
    }
}
