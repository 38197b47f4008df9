//! `storage.local` for settings and `storage.session` for what may be forgotten.

use js_sys::{JSON, Object, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;

use crate::chrome::{self, StorageArea};
use crate::error::JsError;
use crate::listener::Listener;

/// The key of the settings in `storage.local`.
pub const SETTINGS_KEY: &str = "settings";

/// Which storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Lasts until the extension is removed.
    Local,
    /// Lasts until the browser is closed; in memory only.
    Session,
}

impl Area {
    fn with<T>(self, run: impl FnOnce(&StorageArea) -> T) -> T {
        match self {
            Self::Local => chrome::LOCAL.with(run),
            Self::Session => chrome::SESSION.with(run),
        }
    }
}

/// Returns what stands under a key; `None` if nothing does.
///
/// # Errors
/// The browser's, or that what stands there cannot be read as a `T`.
pub async fn get<T: DeserializeOwned>(area: Area, key: &str) -> Result<Option<T>, JsError> {
    let items = JsFuture::from(area.with(|area| area.get(key))?).await?;
    let value = Reflect::get(&items, &key.into())?;
    if value.is_undefined() {
        return Ok(None);
    }
    let text = String::from(JSON::stringify(&value)?);
    serde_json::from_str(&text)
        .map(Some)
        .map_err(|_| JsError::new("a stored value cannot be read"))
}

/// Returns everything that stands in a storage.
///
/// # Errors
/// As [`get`].
pub async fn all<T: DeserializeOwned>(area: Area) -> Result<T, JsError> {
    let items = JsFuture::from(area.with(StorageArea::get_all)?).await?;
    let text = String::from(JSON::stringify(&items)?);
    serde_json::from_str(&text).map_err(|_| JsError::new("a stored value cannot be read"))
}

/// Writes a value under a key.
///
/// # Errors
/// The browser's (quota, closed storage).
pub async fn set(area: Area, key: &str, value: &impl Serialize) -> Result<(), JsError> {
    let text =
        serde_json::to_string(value).map_err(|_| JsError::new("a value cannot be written"))?;
    let items = Object::new();
    Reflect::set(&items, &key.into(), &JSON::parse(&text)?)?;
    JsFuture::from(area.with(|area| area.set(&items))?).await?;
    Ok(())
}

/// Removes a key.
///
/// # Errors
/// The browser's.
pub async fn remove(area: Area, key: &str) -> Result<(), JsError> {
    JsFuture::from(area.with(|area| area.remove(key))?).await?;
    Ok(())
}

/// Calls back when the settings have changed.
pub fn on_settings_changed(mut callback: impl FnMut() + 'static) -> Listener {
    let listener = move |changes: JsValue, area: JsValue| {
        let ours = Reflect::has(&changes, &SETTINGS_KEY.into()).unwrap_or(false);
        if ours && area.as_string().as_deref() == Some("local") {
            callback();
        }
    };
    Listener::new(
        chrome::ON_STORAGE_CHANGED.with(Clone::clone),
        Closure::new(listener),
    )
}
