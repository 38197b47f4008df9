//! Tabs.

use js_sys::{Array, Reflect};
use serde_json::json;
use switchboard::protocol::codec;
use switchboard::protocol::runtime::FromBackground;
use switchboard::protocol::stored::FrameId;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::chrome;
use crate::error::JsError;
use crate::scripting::to_js;

/// A tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// The browser's id of it.
    pub id: i32,
    /// Its address, where we may know it.
    pub url: Option<String>,
}

/// Returns the tab the user looks at.
///
/// # Errors
/// The browser's.
pub async fn active() -> Result<Option<Tab>, JsError> {
    let found = query(&json!({ "active": true, "currentWindow": true })).await?;
    Ok(found.into_iter().next())
}

/// Returns the tabs whose address matches a pattern.
///
/// # Errors
/// The browser's.
pub async fn matching(pattern: &str) -> Result<Vec<Tab>, JsError> {
    query(&json!({ "url": pattern })).await
}

/// Returns all tabs.
///
/// # Errors
/// The browser's.
pub async fn all() -> Result<Vec<Tab>, JsError> {
    query(&json!({})).await
}

/// Closes a tab.
///
/// # Errors
/// The browser's: the tab is gone.
pub async fn close(tab: i32) -> Result<(), JsError> {
    JsFuture::from(chrome::tabs_remove(tab)?).await?;
    Ok(())
}

/// Opens an address in a new tab.
///
/// # Errors
/// The browser's.
pub async fn open(url: &str) -> Result<(), JsError> {
    let properties = to_js(&json!({ "url": url }))?;
    JsFuture::from(chrome::tabs_create(&properties)?).await?;
    Ok(())
}

/// Shows a tab; with an address, it goes there.
///
/// # Errors
/// The browser's: the tab is gone.
pub async fn show(tab: i32, url: Option<&str>) -> Result<(), JsError> {
    let properties = match url {
        Some(url) => json!({ "active": true, "url": url }),
        None => json!({ "active": true }),
    };
    JsFuture::from(chrome::tabs_update(tab, &to_js(&properties)?)?).await?;
    Ok(())
}

/// Loads a tab again.
///
/// # Errors
/// The browser's: the tab is gone.
pub async fn reload(tab: i32) -> Result<(), JsError> {
    JsFuture::from(chrome::tabs_reload(tab)?).await?;
    Ok(())
}

/// Tells one frame of a tab, whether it holds a page agent or a page of ours.
///
/// A broadcast does not do: in Firefox it does not reach a frame page inside a web page (seen in ESR 153).
///
/// # Errors
/// The browser's: the frame is gone.
pub async fn tell(tab: i32, frame: FrameId, message: &FromBackground) -> Result<(), JsError> {
    let text = codec::encode(message);
    let options = to_js(&json!({ "frameId": frame }))?;
    JsFuture::from(chrome::tabs_send_message(tab, &text, &options)?).await?;
    Ok(())
}

async fn query(query: &serde_json::Value) -> Result<Vec<Tab>, JsError> {
    let tabs = JsFuture::from(chrome::tabs_query(&to_js(query)?)?).await?;
    Ok(Array::from(&tabs)
        .iter()
        .filter_map(|tab| tab_of(&tab))
        .collect())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "tab ids are 32-bit whole numbers"
)]
fn tab_of(tab: &JsValue) -> Option<Tab> {
    let id = Reflect::get(tab, &"id".into()).ok()?.as_f64()? as i32;
    let url = Reflect::get(tab, &"url".into()).ok()?.as_string();
    Some(Tab { id, url })
}
