//! A word from the worker to the pages that are open: something new is stored, ask again.
//!
//! It carries no data. Pages that are closed hear nothing and need nothing.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::BroadcastChannel;

/// The channel's name; only pages of the extension's own origin share it.
const NAME: &str = "switchboard";

/// Says that something new is stored.
pub fn announce() {
    if let Ok(channel) = BroadcastChannel::new(NAME) {
        // It fails only where the browser is about to end the worker.
        drop(channel.post_message(&JsValue::NULL));
        channel.close();
    }
}

/// A listener to [`announce`]; dropping it removes it.
#[must_use = "a listener that is dropped at once never hears anything"]
pub struct News {
    channel: BroadcastChannel,
    _callback: Closure<dyn FnMut()>,
}

/// Calls back when something new is stored.
///
/// # Errors
/// The browser's.
pub fn on_news(callback: impl FnMut() + 'static) -> Result<News, crate::JsError> {
    let channel = BroadcastChannel::new(NAME)?;
    let callback = Closure::new(callback);
    let handler: &Closure<dyn FnMut()> = &callback;
    channel.set_onmessage(Some(handler.as_ref().unchecked_ref()));
    Ok(News {
        channel,
        _callback: callback,
    })
}

impl Drop for News {
    fn drop(&mut self) {
        self.channel.close();
    }
}
