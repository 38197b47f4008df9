//! Access to sites, asked one by one.

use std::future::Future;

use js_sys::Promise;
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::chrome;
use crate::error::JsError;
use crate::scripting::{list_of, to_js};

/// Asks the user for one site.
///
/// The browser is asked before this function returns, because a user's click counts only until then.
///
/// # Errors
/// The browser's; it refuses without a click.
pub fn request(pattern: &str) -> impl Future<Output = Result<bool, JsError>> + use<> {
    let promise = to_js(&json!({ "origins": [pattern] }))
        .and_then(|which| chrome::permissions_request(&which).map_err(JsError::from));
    answer(promise)
}

/// Gives the permission for a site back; `false` if there was none.
///
/// # Errors
/// The browser's.
pub async fn remove(pattern: &str) -> Result<bool, JsError> {
    let which = to_js(&json!({ "origins": [pattern] }))?;
    answer(chrome::permissions_remove(&which).map_err(JsError::from)).await
}

/// Returns the match patterns of all sites granted.
///
/// # Errors
/// The browser's.
pub async fn granted() -> Result<Vec<String>, JsError> {
    let all = JsFuture::from(chrome::permissions_all()?).await?;
    list_of(&all, "origins")
}

async fn answer(promise: Result<Promise, JsError>) -> Result<bool, JsError> {
    let granted: JsValue = JsFuture::from(promise?).await?;
    Ok(granted.is_truthy())
}
