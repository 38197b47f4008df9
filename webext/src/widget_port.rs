//! The way to the widget and back, pinned to its window and its origin.

use js_sys::{JSON, JsString, Object, Reflect};
use switchboard::protocol::runtime::{Request, WidgetSaid};
use switchboard::protocol::widget::{empty_data, limit_ms, types};
use switchboard::relay::Words;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlIFrameElement, MessageEvent};

use crate::error::JsError;
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

    /// Returns what the widget said, in words and whole as JSON; `None` for a message of anybody else.
    pub fn accept(&self, event: &MessageEvent) -> Option<(Words, String)> {
        let window = JsValue::from(self.frame.content_window()?);
        let from_widget =
            event.source().is_some_and(|source| *source == window) && event.origin() == self.origin;
        if !from_widget {
            return None;
        }
        let data = event.data();
        // `undefined` has no text, whatever the type of `stringify` says.
        let text = JsValue::from(JSON::stringify(&data).ok()?);
        let text: &JsString = text.dyn_ref()?;
        if text.length() > LONGEST {
            return None;
        }
        Some((Words::read(|path| field(&data, path)), String::from(text)))
    }

    /// Tells the worker what the widget said, and posts what it answers. A request is answered within the
    /// widget's own limit, whatever happens to the worker.
    pub fn tell_worker<R>(&self, words: &Words, message: &str, boot: bool, by: fn(WidgetSaid) -> R)
    where
        R: Request<Reply = Vec<String>> + 'static,
    {
        let (port, words) = (self.clone(), words.clone());
        let said = by(WidgetSaid {
            message: message.to_owned(),
            boot,
        });
        spawn_local(async move {
            let limit = if words.is_request() {
                limit_ms(&words.path)
            } else {
                NO_LIMIT_MS
            };
            match ask_within(said, limit.saturating_sub(RESERVE_MS)).await {
                Ok(answers) => answers.iter().for_each(|answer| port.post(answer)),
                // It fails only where the frame is gone.
                Err(_) if words.is_request() => drop(port.answer_empty(&words)),
                Err(_) => {}
            }
        });
    }

    /// Posts a message, as JSON, to the widget; to nobody if another page has taken its place.
    pub fn post(&self, message: &str) {
        if let Ok(value) = JSON::parse(message) {
            // It fails only where the frame is gone.
            drop(self.post_value(&value));
        }
    }

    fn answer_empty(&self, words: &Words) -> Result<(), JsError> {
        let response = Object::new();
        let data = JSON::parse(empty_data(&words.path))?;
        Reflect::set(&response, &"data".into(), &data)?;
        let answer = Object::new();
        Reflect::set(&answer, &"type".into(), &types::RESPONSE.into())?;
        let id = JsValue::from_str(&words.request_id);
        Reflect::set(&answer, &"responseId".into(), &id)?;
        Reflect::set(&answer, &"response".into(), &response)?;
        self.post_value(&answer)
    }

    fn post_value(&self, value: &JsValue) -> Result<(), JsError> {
        let window = self
            .frame
            .content_window()
            .ok_or_else(|| JsError::new("the frame is gone"))?;
        Ok(window.post_message(value, &self.origin)?)
    }
}

fn field(value: &JsValue, path: &[&str]) -> String {
    path.iter()
        .try_fold(value.clone(), |value, name| {
            Reflect::get(&value, &JsValue::from_str(name)).ok()
        })
        .and_then(|value| match value.as_bool() {
            Some(on) => Some(if on { "true" } else { "false" }.to_owned()),
            None => value.as_string(),
        })
        .unwrap_or_default()
}
