//! Listeners with owners.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

use crate::chrome::Event;

/// A listener on an event of the extension interface; dropping it removes it.
#[must_use = "a listener that is dropped at once never hears anything"]
pub struct Listener {
    event: Event,
    callback: Closure<dyn FnMut(wasm_bindgen::JsValue, wasm_bindgen::JsValue)>,
}

impl Listener {
    pub(crate) fn new(
        event: Event,
        callback: Closure<dyn FnMut(wasm_bindgen::JsValue, wasm_bindgen::JsValue)>,
    ) -> Self {
        event.add_listener(callback.as_ref().unchecked_ref());
        Self { event, callback }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.event
            .remove_listener(self.callback.as_ref().unchecked_ref());
    }
}
