//! Files of log entries: downloaded by the worker, played by the book.
//!
//! A file is `{key, kind, data: Blob}` in a store of its own, so that entries stay small.

use js_sys::{Object, Promise, Reflect};
use serde_json::json;
use switchboard::protocol::stored::MediaState;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Response, Url};

use crate::chrome;
use crate::database::Database;
use crate::error::JsError;
use crate::scripting::to_js;

/// The database of all our records.
pub const DATABASE: &str = "switchboard";
/// The store of files in it.
pub const STORE: &str = "media";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch, catch)]
    fn fetch(url: &str, options: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = AbortSignal, js_name = timeout)]
    fn abort_after(ms: u32) -> JsValue;
}

/// Downloads a file and keeps it under a key. Returns its content type and length, or why it is not kept.
///
/// `url` may hold a token; it is used once and appears in no error.
///
/// # Errors
/// Why it is not kept, as it is written into the entry.
pub async fn keep(
    database: &Database,
    url: &str,
    key: &str,
    most_bytes: u32,
    within_ms: u32,
) -> Result<(String, u32), MediaState> {
    if !may_reach(url).await {
        return Err(MediaState::NotAllowed);
    }
    let response = response(url, within_ms)
        .await
        .map_err(|_| MediaState::Failed)?;
    match response.status() {
        200..=299 => {}
        401 | 403 => return Err(MediaState::Expired),
        _ => return Err(MediaState::Failed),
    }
    let announced = response.headers().get("content-length").ok().flatten();
    if announced
        .and_then(|length| length.parse::<u64>().ok())
        .is_some_and(|length| length > u64::from(most_bytes))
    {
        return Err(MediaState::TooLarge);
    }
    let blob = body(&response).await.map_err(|_| MediaState::Failed)?;
    let Some(bytes) = whole(blob.size()).filter(|bytes| *bytes <= most_bytes) else {
        return Err(MediaState::TooLarge);
    };
    let kind = blob.type_();
    let record = record(key, &kind, &blob).map_err(|_| MediaState::Failed)?;
    database
        .put_value(STORE, &record)
        .await
        .map_err(|_| MediaState::Failed)?;
    Ok((kind, bytes))
}

/// Returns an address under which this page can play a kept file; `None` if there is no such file.
/// The caller gives it back with [`release`].
///
/// # Errors
/// The browser's.
pub async fn object_url(key: &str) -> Result<Option<String>, JsError> {
    let database = Database::open_as_it_is(DATABASE).await?;
    let Some(record) = database.get_value(STORE, &json!(key)).await? else {
        return Ok(None);
    };
    let blob: Blob = Reflect::get(&record, &"data".into())?
        .dyn_into()
        .map_err(|_| JsError::new("a kept file cannot be read"))?;
    Ok(Some(Url::create_object_url_with_blob(&blob)?))
}

/// Gives an address of [`object_url`] back.
pub fn release(url: &str) {
    // It fails only for what is no such address.
    drop(Url::revoke_object_url(url));
}

async fn may_reach(url: &str) -> bool {
    let Ok(address) = Url::new(url) else {
        return false;
    };
    // A pattern has no port: Firefox takes none with one.
    let pattern = format!("{}//{}/*", address.protocol(), address.hostname());
    let Ok(which) = to_js(&json!({ "origins": [pattern] })) else {
        return false;
    };
    match chrome::permissions_contains(&which) {
        Ok(promise) => JsFuture::from(promise).await.is_ok_and(|it| it.is_truthy()),
        Err(_) => false,
    }
}

async fn response(url: &str, within_ms: u32) -> Result<Response, JsError> {
    let options = Object::new();
    for (name, value) in [
        ("credentials", JsValue::from("omit")),
        ("cache", JsValue::from("no-store")),
        ("referrerPolicy", JsValue::from("no-referrer")),
        ("signal", abort_after(within_ms)),
    ] {
        Reflect::set(&options, &name.into(), &value)?;
    }
    JsFuture::from(fetch(url, &options)?)
        .await?
        .dyn_into()
        .map_err(|_| JsError::new("no response"))
}

async fn body(response: &Response) -> Result<Blob, JsError> {
    JsFuture::from(response.blob()?)
        .await?
        .dyn_into()
        .map_err(|_| JsError::new("no body"))
}

fn record(key: &str, kind: &str, blob: &Blob) -> Result<JsValue, JsError> {
    let record = Object::new();
    for (name, value) in [
        ("key", JsValue::from(key)),
        ("kind", JsValue::from(kind)),
        ("data", JsValue::from(blob)),
    ] {
        Reflect::set(&record, &name.into(), &value)?;
    }
    Ok(record.into())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is checked on the same line"
)]
fn whole(size: f64) -> Option<u32> {
    (0.0..=f64::from(u32::MAX))
        .contains(&size)
        .then_some(size as u32)
}
