//! The browser's own interfaces, as narrow as we use them.

use js_sys::{Array, Function, Object, Promise};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// An event of the extension interface (`runtime.onMessage`, `storage.onChanged`).
    #[derive(Clone)]
    pub(crate) type Event;

    #[wasm_bindgen(method, js_name = addListener)]
    pub(crate) fn add_listener(this: &Event, listener: &Function);
    #[wasm_bindgen(method, js_name = removeListener)]
    pub(crate) fn remove_listener(this: &Event, listener: &Function);

    #[wasm_bindgen(thread_local_v2, js_name = chrome)]
    pub(crate) static CHROME: JsValue;
    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "runtime"], js_name = onMessage)]
    pub(crate) static ON_MESSAGE: Event;
    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "storage"], js_name = onChanged)]
    pub(crate) static ON_STORAGE_CHANGED: Event;
    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "storage"], js_name = local)]
    pub(crate) static LOCAL: StorageArea;
    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "storage"], js_name = session)]
    pub(crate) static SESSION: StorageArea;

    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = sendMessage, catch)]
    pub(crate) fn send_message(message: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = getURL)]
    pub(crate) fn get_url(path: &str) -> String;

    /// A part of extension storage.
    pub(crate) type StorageArea;
    #[wasm_bindgen(method, catch)]
    pub(crate) fn get(this: &StorageArea, key: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, js_name = get, catch)]
    pub(crate) fn get_all(this: &StorageArea) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(crate) fn set(this: &StorageArea, items: &Object) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(crate) fn remove(this: &StorageArea, key: &str) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "permissions"], js_name = request, catch)]
    pub(crate) fn permissions_request(which: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "permissions"], js_name = remove, catch)]
    pub(crate) fn permissions_remove(which: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "permissions"], js_name = contains, catch)]
    pub(crate) fn permissions_contains(which: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "permissions"], js_name = getAll, catch)]
    pub(crate) fn permissions_all() -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "scripting"], js_name = registerContentScripts, catch)]
    pub(crate) fn register_content_scripts(scripts: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "scripting"], js_name = unregisterContentScripts, catch)]
    pub(crate) fn unregister_content_scripts(filter: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "scripting"], js_name = getRegisteredContentScripts, catch)]
    pub(crate) fn registered_content_scripts() -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "scripting"], js_name = executeScript, catch)]
    pub(crate) fn execute_script(injection: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = query, catch)]
    pub(crate) fn tabs_query(query: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = create, catch)]
    pub(crate) fn tabs_create(properties: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = update, catch)]
    pub(crate) fn tabs_update(tab: i32, properties: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = get, catch)]
    pub(crate) fn tabs_get(tab: i32) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = remove, catch)]
    pub(crate) fn tabs_remove(tab: i32) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "windows"], js_name = create, catch)]
    pub(crate) fn windows_create(properties: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "windows"], js_name = update, catch)]
    pub(crate) fn windows_update(window: i32, properties: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = reload, catch)]
    pub(crate) fn tabs_reload(tab: i32) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = sendMessage, catch)]
    pub(crate) fn tabs_send_message(
        tab: i32,
        message: &str,
        options: &JsValue,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "i18n"], js_name = getMessage)]
    pub(crate) fn get_message(key: &str, values: &Array) -> String;
    #[wasm_bindgen(js_namespace = ["chrome", "i18n"], js_name = getUILanguage)]
    pub(crate) fn get_ui_language() -> String;

    /// The browser's `Date`, for what throws.
    pub(crate) type Date;
    #[wasm_bindgen(constructor)]
    pub(crate) fn new(ms: f64) -> Date;
    #[wasm_bindgen(method, js_name = toLocaleDateString, catch)]
    pub(crate) fn to_locale_date_string(this: &Date, locale: &str) -> Result<String, JsValue>;

    #[wasm_bindgen(js_name = setTimeout)]
    pub(crate) fn set_timeout(callback: &Function, ms: i32) -> JsValue;
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    pub(crate) fn random_values(into: &mut [u8]);
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    pub(crate) fn console_error(message: &str);
}
