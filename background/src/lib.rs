//! The worker: gives the core a store and a browser, and passes requests and events on to it.
//!
//! It keeps nothing that it cannot lose. Its loader (`worker.js`) registers every listener before this
//! module is there, because the browser starts a sleeping worker for an event and forgets what is
//! registered late.

mod browser;
mod store;

use std::rc::Rc;

use anyhow::Context as _;
use js_sys::{Function, Promise};
use serde_json::Value;
use switchboard::phone::Libphonenumber;
use switchboard::roles::{self, Role, Sender};
use switchboard::service::Service;
use switchboard_webext as webext;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{future_to_promise, spawn_local};

use browser::BrowserShell;
use store::BrowserStore;

type Worker = Service<BrowserStore, BrowserShell, Libphonenumber>;

thread_local! {
    /// The one worker of this process; it holds an open database and no records.
    static WORKER: Rc<Worker> = {
        let store = BrowserStore::default();
        Rc::new(Service {
            browser: BrowserShell { store: store.clone() },
            store,
            numbering: Libphonenumber,
        })
    };
}

fn worker() -> Rc<Worker> {
    WORKER.with(Rc::clone)
}

/// Answers a request of another context: a promise of its reply. Both are JSON texts.
///
/// `sender` is the browser's `MessageSender` as JSON. A message that is no text is nobody's.
#[wasm_bindgen]
pub fn on_message(message: &JsValue, sender: String) -> Promise {
    let request = message.as_string().unwrap_or_default();
    future_to_promise(async move {
        let reply = worker().answer(role_of(&sender), &request).await;
        Ok(JsValue::from(reply))
    })
}

/// Something happened that is nobody's request: a start, or a change of permissions.
#[wasm_bindgen]
pub fn on_event(name: String) {
    spawn_local(async move {
        let worker = worker();
        let done = match name.as_str() {
            "started" => worker.started(false).await,
            "installed" | "startup" => worker.started(true).await,
            "permission-added" => worker.permission_added().await,
            "permission-removed" => worker.permission_removed().await,
            _ => Ok(()),
        };
        if done.is_err() {
            webext::panics::report("storage failed while the sites were put in order");
        }
    });
}

/// Gives the worker the packaged functions that add RingCentral's script to a page and take it out again.
#[wasm_bindgen]
pub fn use_injector(add: Function, dispose: Function) {
    browser::use_injector(browser::Injector { add, dispose });
}

/// Prepares the module; called once by the loader.
#[wasm_bindgen(start)]
pub fn prepare() {
    webext::install_panic_hook();
}

fn role_of(sender: &str) -> Option<Role> {
    let sender = sender_of(sender).ok()?;
    roles::role_of(&sender, &[webext::own_origin()])
}

fn sender_of(json: &str) -> anyhow::Result<Sender> {
    let sender: Value = serde_json::from_str(json).context("reading who sent a message")?;
    Ok(Sender {
        url: sender
            .get("url")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        tab: sender
            .pointer("/tab/id")
            .and_then(Value::as_i64)
            .and_then(|id| i32::try_from(id).ok()),
        frame: sender.get("frameId").and_then(Value::as_i64),
    })
}
