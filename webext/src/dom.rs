//! What pages offer beyond `web-sys`, or only to extensions.

use js_sys::{Array, JSON, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CssStyleSheet, Document, Element, ShadowRoot, Window};

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

    /// A document, with what `web-sys` leaves out.
    type MoreDocument;

    #[wasm_bindgen(method, getter)]
    fn prerendering(this: &MoreDocument) -> Option<bool>;

    #[wasm_bindgen(method, getter, js_name = featurePolicy)]
    fn feature_policy(this: &MoreDocument) -> Option<FeaturePolicy>;

    /// What a page allows itself and its frames. Only Chromium tells.
    type FeaturePolicy;

    #[wasm_bindgen(method, js_name = allowsFeature, catch)]
    fn allows_feature(this: &FeaturePolicy, feature: &str) -> Result<bool, JsValue>;

    /// A window, with what `web-sys` leaves out.
    type MoreWindow;

    #[wasm_bindgen(method, getter, js_name = crossOriginIsolated)]
    fn cross_origin_isolated(this: &MoreWindow) -> Option<bool>;

    #[wasm_bindgen(js_name = fetch, catch)]
    fn fetch(url: &str, options: &Object) -> Result<Promise, JsValue>;

    /// The answer of a server.
    type Answer;

    #[wasm_bindgen(method, getter)]
    fn headers(this: &Answer) -> Headers;

    /// Its headers.
    type Headers;

    #[wasm_bindgen(method, catch)]
    fn get(this: &Headers, name: &str) -> Result<Option<String>, JsValue>;

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

/// Returns whether the browser has loaded the page ahead, and the user is not there yet.
pub fn is_prerendering(document: &Document) -> bool {
    let document: &MoreDocument = document.unchecked_ref();
    document.prerendering().unwrap_or(false)
}

/// Returns whether the page's policy forbids the microphone; `false` where the browser does not tell.
pub fn forbids_microphone(document: &Document) -> bool {
    let document: &MoreDocument = document.unchecked_ref();
    let policy = document.feature_policy();
    policy.is_some_and(|policy| !policy.allows_feature("microphone").unwrap_or(true))
}

/// Returns whether the page is isolated from other origins (COOP and COEP).
pub fn is_isolated(window: &Window) -> bool {
    let window: &MoreWindow = window.unchecked_ref();
    window.cross_origin_isolated().unwrap_or(false)
}

/// Asks a server for a header of a page, without the page; empty where it has none or there is no answer.
pub async fn header_of(url: &str, name: &str) -> String {
    let asked = async {
        let options = Object::new();
        Reflect::set(&options, &"method".into(), &"HEAD".into())?;
        let answer = JsFuture::from(fetch(url, &options)?).await?;
        let answer: Answer = answer.unchecked_into();
        answer.headers().get(name)
    };
    asked.await.ok().flatten().unwrap_or_default()
}

/// Posts a message, as JSON, to the scripts of the page itself.
pub fn post_to_page(window: &Window, message: &str) {
    let origin = window.location().origin();
    if let (Ok(origin), Ok(value)) = (origin, JSON::parse(message)) {
        // It fails only where the page has no origin, as in a sandbox.
        drop(window.post_message(&value, &origin));
    }
}
