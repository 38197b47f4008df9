//! The way to the widget and back, pinned to its window and its origin.

use js_sys::{JSON, JsString};
use serde_json::Value;
use switchboard::protocol::runtime::{Request, WidgetSaid};
use switchboard::protocol::widget::{WidgetRequest, empty_answer, limit_ms};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{HtmlIFrameElement, MessageEvent};

use crate::runtime::ask_within;

/// Messages longer than this (characters of JSON) are nobody's call or contact.
const LONGEST: u32 = 16 * 1024 * 1024;

/// Kept of the widget's limit, so that even an answer of last resort is in time.
const RESERVE_MS: u32 = 500;

/// How long the worker is told something that nobody waits for.
const NO_LIMIT_MS: u32 = 60_000;

/// A widget in a frame.
///
/// The widget checks nothing of what it receives and sends to whomever holds it, so this side must.
#[derive(Clone, Debug)]
pub struct WidgetPort {
    frame: HtmlIFrameElement,
    origin: String,
}

impl WidgetPort {
    /// The widget of this origin in this frame.
    pub fn new(frame: HtmlIFrameElement, origin: &str) -> Self {
        Self {
            frame,
            origin: origin.to_owned(),
        }
    }

    /// Returns what the widget said; `None` for a message of anybody else.
    pub fn accept(&self, event: &MessageEvent) -> Option<Value> {
        let window = JsValue::from(self.frame.content_window()?);
        let from_widget =
            event.source().is_some_and(|source| *source == window) && event.origin() == self.origin;
        if !from_widget {
            return None;
        }
        // `undefined` has no text, whatever the type of `stringify` says.
        let text = JsValue::from(JSON::stringify(&event.data()).ok()?);
        let text: &JsString = text.dyn_ref()?;
        if text.length() > LONGEST {
            return None;
        }
        serde_json::from_str(&String::from(text)).ok()
    }

    /// Tells the worker what the widget said, and posts what it answers. A request is answered within the
    /// widget's own limit, whatever happens to the worker.
    pub async fn tell_worker<R>(&self, message: Value, boot: bool, by: fn(WidgetSaid) -> R)
    where
        R: Request<Reply = Vec<Value>>,
    {
        let limit = WidgetRequest::of(&message).map_or(NO_LIMIT_MS, |it| limit_ms(it.path));
        let said = WidgetSaid {
            message: message.clone(),
            boot,
        };
        let answers = ask_within(by(said), limit.saturating_sub(RESERVE_MS)).await;
        match (answers, WidgetRequest::of(&message)) {
            (Ok(answers), _) => answers.iter().for_each(|answer| self.post(answer)),
            (Err(_), Some(request)) => {
                self.post(&request.answer(&empty_answer(request.path)));
            }
            (Err(_), None) => {}
        }
    }

    /// Posts a message to the widget, and to nobody else if another page has taken its place.
    pub fn post(&self, message: &Value) {
        let value = JSON::parse(&message.to_string());
        if let (Some(window), Ok(value)) = (self.frame.content_window(), value) {
            // It fails only where the frame is gone; then there is nobody to tell.
            drop(window.post_message(&value, &self.origin));
        }
    }
}
