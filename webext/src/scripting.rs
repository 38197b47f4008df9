//! Content scripts, registered and injected.

use js_sys::{Array, Function, JSON, Object, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::chrome;
use crate::error::JsError;

/// The files of the content script, in the order of their loading.
const CONTENT_FILES: [&str; 2] = ["content/content.js", "content/loader.js"];

/// A registered content script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Its id: ours is the site's.
    pub id: String,
    /// The match patterns it runs on.
    pub matches: Vec<String>,
}

/// Returns what is registered now.
///
/// # Errors
/// The browser's.
pub async fn registered() -> Result<Vec<Registration>, JsError> {
    let scripts = JsFuture::from(chrome::registered_content_scripts()?).await?;
    Array::from(&scripts)
        .iter()
        .map(|script| {
            Ok(Registration {
                id: Reflect::get(&script, &"id".into())?
                    .as_string()
                    .unwrap_or_default(),
                matches: list_of(&script, "matches")?,
            })
        })
        .collect()
}

/// Registers the content script for a site.
///
/// # Errors
/// The browser's: a pattern it cannot read, an id that is taken.
pub async fn register(registration: &Registration) -> Result<(), JsError> {
    let scripts = to_js(&json!([{
        "id": registration.id,
        "matches": registration.matches,
        "js": CONTENT_FILES,
        "runAt": "document_idle",
        "allFrames": false,
        "persistAcrossSessions": true,
    }]))?;
    JsFuture::from(chrome::register_content_scripts(&scripts)?).await?;
    Ok(())
}

/// Removes a registration.
///
/// # Errors
/// The browser's: there is none of this id.
pub async fn unregister(id: &str) -> Result<(), JsError> {
    let filter = to_js(&json!({ "ids": [id] }))?;
    JsFuture::from(chrome::unregister_content_scripts(&filter)?).await?;
    Ok(())
}

/// Runs the content script in a tab that is open already.
///
/// # Errors
/// The browser's: the tab shows a page that may not be touched.
pub async fn inject(tab: i32) -> Result<(), JsError> {
    let injection = to_js(&json!({
        "target": { "tabId": tab, "frameIds": [0] },
        "files": CONTENT_FILES,
    }))?;
    JsFuture::from(chrome::execute_script(&injection)?).await?;
    Ok(())
}

/// Runs a packaged script in the page's own world.
///
/// # Errors
/// The browser's: the tab shows a page that may not be touched, or there is no such file.
pub async fn inject_into_page(tab: i32, file: &str) -> Result<(), JsError> {
    let injection = to_js(&json!({
        "target": { "tabId": tab, "frameIds": [0] },
        "world": "MAIN",
        "files": [file],
    }))?;
    JsFuture::from(chrome::execute_script(&injection)?).await?;
    Ok(())
}

/// Runs a packaged function in the page's own world and returns what it returned.
///
/// # Errors
/// The browser's, or what the function threw (Trusted Types, for instance).
pub async fn run_in_page(
    tab: i32,
    function: &Function,
    arguments: &[&str],
) -> Result<bool, JsError> {
    let injection = to_js(&json!({
        "target": { "tabId": tab, "frameIds": [0] },
        "world": "MAIN",
        "args": arguments,
    }))?;
    Reflect::set(&injection, &"func".into(), function)?;
    let results = JsFuture::from(chrome::execute_script(&injection)?).await?;
    let first = Array::from(&results).get(0);
    let result = Reflect::get(&first, &"result".into()).unwrap_or(JsValue::UNDEFINED);
    Ok(result.is_truthy())
}

/// Turns JSON into a JavaScript value.
pub(crate) fn to_js(value: &Value) -> Result<JsValue, JsError> {
    JSON::parse(&value.to_string()).map_err(JsError::from)
}

/// Returns the texts of an array property.
pub(crate) fn list_of(object: &JsValue, property: &str) -> Result<Vec<String>, JsError> {
    let list = Reflect::get(object, &property.into())?;
    Ok(list
        .dyn_ref::<Object>()
        .map(|list| {
            Array::from(list)
                .iter()
                .filter_map(|item| item.as_string())
                .collect()
        })
        .unwrap_or_default())
}
