//! Texts in the user's language, from `_locales`.

use js_sys::Array;
use wasm_bindgen::JsValue;

use crate::chrome;

/// Returns the text of a message key; empty if there is none.
pub fn text(key: &str) -> String {
    chrome::get_message(key, &Array::new())
}

/// Returns the text of a message key with its placeholders filled in, in their order.
pub fn text_with(key: &str, values: &[&str]) -> String {
    chrome::get_message(
        key,
        &values
            .iter()
            .map(|value| JsValue::from_str(value))
            .collect(),
    )
}

/// Returns the browser's language as a tag ("en-GB").
pub fn ui_language() -> String {
    chrome::get_ui_language()
}
