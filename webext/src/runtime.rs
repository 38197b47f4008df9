//! Asking the worker, and hearing it.

use std::fmt;

use js_sys::{Array, Promise, Reflect};
use switchboard::protocol::codec;
use switchboard::protocol::runtime::{self, FromBackground, Refusal, Request};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::error::{ErrorKind, JsError};
use crate::listener::Listener;
use crate::{chrome, time};

/// How long a sender keeps trying, unless it says otherwise. A cold worker answers within 100 ms.
const PATIENCE_MS: u32 = 10_000;

/// Why a request has no reply.
#[derive(Clone, Debug)]
pub enum AskError {
    /// The worker said no.
    Refused(Refusal),
    /// The worker did not answer in time, however often it was asked.
    NoAnswer,
    /// The extension was updated or removed: this script must step aside.
    Orphaned,
    /// The reply could not be read.
    Unreadable,
}

impl fmt::Display for AskError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Refused(_) => "the worker refused",
            Self::NoAnswer => "the worker did not answer",
            Self::Orphaned => "the extension was replaced",
            Self::Unreadable => "the worker's reply could not be read",
        })
    }
}

impl std::error::Error for AskError {}

/// Asks the worker and waits for its reply; asks again if the worker died on the way.
///
/// # Errors
/// `Orphaned`: tear down. `Refused`: do not repeat. Else the caller may tell the user.
pub async fn ask<R: Request>(request: R) -> Result<R::Reply, AskError> {
    ask_within(request, PATIENCE_MS).await
}

/// As [`ask`], for at most `patience_ms` milliseconds.
///
/// # Errors
/// As [`ask`].
pub async fn ask_within<R: Request>(request: R, patience_ms: u32) -> Result<R::Reply, AskError> {
    let reply = ask_text(&runtime::text_of(request), patience_ms).await;
    read::<R>(reply)
}

/// As [`ask`], and goes on with the reply. The waiting is compiled once for all requests, which matters to
/// the page agent alone.
pub fn ask_then<R: Request + 'static>(
    request: R,
    then: impl FnOnce(Result<R::Reply, AskError>) + 'static,
) {
    let then = Box::new(move |reply| then(read::<R>(reply)));
    wait(runtime::text_of(request), then);
}

/// Goes on with the text of a reply.
type Then = Box<dyn FnOnce(Result<String, AskError>)>;

fn wait(text: String, then: Then) {
    spawn_local(async move { then(ask_text(&text, PATIENCE_MS).await) });
}

fn read<R: Request>(reply: Result<String, AskError>) -> Result<R::Reply, AskError> {
    let reply: Result<R::Reply, Refusal> = codec::decode(&reply?).ok_or(AskError::Unreadable)?;
    reply.map_err(AskError::Refused)
}

/// The part of [`ask_within`] that is the same for every request, compiled once.
async fn ask_text(text: &str, patience_ms: u32) -> Result<String, AskError> {
    let give_up_at = time::now() + i64::from(patience_ms);
    // A dead worker is started by the next message, so the first repetition is at once.
    let mut pause_ms = 0;
    loop {
        if is_orphaned() {
            return Err(AskError::Orphaned);
        }
        match send(text, give_up_at - time::now()).await {
            Ok(Some(reply)) => return Ok(reply),
            // No reply: the worker was killed while it worked, or did not answer in time.
            Ok(None) => {}
            Err(error) => match error.kind() {
                ErrorKind::Orphaned => return Err(AskError::Orphaned),
                ErrorKind::Unreachable | ErrorKind::Other => {}
            },
        }
        if time::now() + i64::from(pause_ms) >= give_up_at {
            return Err(AskError::NoAnswer);
        }
        time::sleep(pause_ms).await;
        pause_ms = (pause_ms * 2).clamp(20, 1_000);
    }
}

async fn send(text: &str, within_ms: i64) -> Result<Option<String>, JsError> {
    let within_ms = u32::try_from(within_ms).unwrap_or(0);
    let reply = JsValue::from(chrome::send_message(text)?);
    let timer = JsValue::from(time::timer(within_ms));
    let first = JsFuture::from(Promise::race(&Array::of2(&reply, &timer))).await?;
    Ok(first.as_string())
}

/// Calls back with every message of the worker.
///
/// Only the extension's own scripts can send on this channel; what comes from a tab is ignored,
/// for the worker has none.
pub fn on_message(mut callback: impl FnMut(FromBackground) + 'static) -> Listener {
    let listener = move |message: JsValue, sender: JsValue| {
        let from_tab = Reflect::get(&sender, &"tab".into()).is_ok_and(|tab| tab.is_object());
        let message = message.as_string().and_then(|text| codec::decode(&text));
        if let (Some(message), false) = (message, from_tab) {
            callback(message);
        }
    };
    Listener::new(
        chrome::ON_MESSAGE.with(Clone::clone),
        Closure::new(listener),
    )
}

/// Returns the address of a packaged file.
pub fn url_of(path: &str) -> String {
    chrome::get_url(path)
}

/// Returns the origin of the extension's own pages, as `getURL` states it here.
pub fn own_origin() -> String {
    let url = chrome::get_url("");
    url.trim_end_matches('/').to_owned()
}

/// Returns whether the extension was updated, reloaded or removed under this script.
///
/// `chrome` is looked up by its name: in Firefox's content scripts it is a name of the sandbox and no
/// property of what `js_sys::global` finds (seen in ESR 153).
pub fn is_orphaned() -> bool {
    let id = chrome::CHROME.with(|chrome| {
        Reflect::get(chrome, &"runtime".into())
            .and_then(|runtime| Reflect::get(&runtime, &"id".into()))
    });
    !id.is_ok_and(|id| id.is_string())
}
