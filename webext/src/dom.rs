//! What pages offer beyond `web-sys`, or only to extensions.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{CssStyleSheet, Element, ShadowRoot, Window};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = window)]
    static WINDOW: Option<Window>;

    /// An element, with what `web-sys` leaves out.
    type MoreElement;

    #[wasm_bindgen(method, js_name = checkVisibility, catch)]
    fn check_visibility(this: &MoreElement, options: &Object) -> Result<bool, JsValue>;

    /// Firefox's way to a closed shadow root.
    #[wasm_bindgen(method, getter, js_name = openOrClosedShadowRoot)]
    fn open_or_closed_shadow_root(this: &MoreElement) -> Option<ShadowRoot>;

    /// A shadow root, with what `web-sys` leaves out.
    type MoreShadowRoot;

    #[wasm_bindgen(method, setter, js_name = adoptedStyleSheets)]
    fn set_adopted_style_sheets(this: &MoreShadowRoot, sheets: &Array);

    /// Chromium's way to a closed shadow root.
    #[wasm_bindgen(js_namespace = ["chrome", "dom"], js_name = openOrClosedShadowRoot, catch)]
    fn chromium_shadow_root(element: &Element) -> Result<Option<ShadowRoot>, JsValue>;
}

thread_local! {
    static VISIBILITY: Object = {
        let options = Object::new();
        // Setting a property of a new object cannot fail.
        drop(Reflect::set(&options, &"visibilityProperty".into(), &JsValue::TRUE));
        options
    };
}

/// Returns the page's window.
///
/// `web_sys::window` looks at `globalThis`, which in Firefox's content scripts is a sandbox and no window
/// (seen in ESR 153).
pub fn page_window() -> Option<Window> {
    WINDOW.with(Clone::clone)
}

/// Returns whether an element is displayed.
pub fn is_displayed(element: &Element) -> bool {
    let element: &MoreElement = element.unchecked_ref();
    VISIBILITY.with(|options| element.check_visibility(options).unwrap_or(true))
}

/// Gives a shadow root its style sheets; a page's content security policy does not see them.
pub fn adopt(root: &ShadowRoot, sheets: &[&CssStyleSheet]) {
    let root: &MoreShadowRoot = root.unchecked_ref();
    root.set_adopted_style_sheets(&sheets.iter().map(|sheet| JsValue::from(*sheet)).collect());
}

/// Returns an element's shadow root, closed or not.
pub fn shadow_root_of(element: &Element) -> Option<ShadowRoot> {
    let more: &MoreElement = element.unchecked_ref();
    element
        .shadow_root()
        .or_else(|| more.open_or_closed_shadow_root())
        .or_else(|| chromium_shadow_root(element).ok().flatten())
}
