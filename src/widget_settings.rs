//! Our switches in the widget's settings: which there are, and what a change of them means.

use serde_json::{Value, json};

use crate::protocol::stored::{GlobalSettings, SiteSettings};

/// Returns the tree of settings that the widget shows; `text` gives texts by message key.
pub fn tree(
    _global: &GlobalSettings,
    _own: &SiteSettings,
    _text: &dyn Fn(&str) -> String,
) -> Value {
    json!([])
}
