//! The message port to our packaged script in the page's own world. The page can hold the other end.

use js_sys::{Array, JSON, JsString, Reflect};
use switchboard::agent::PageState;
use switchboard::page_api::First;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{MessageEvent, MessagePort};

use crate::dom;

/// What the script hands its port over with.
const INTRODUCTION: &str = "RCAdapter";

/// The longest name of a method, in characters.
const MOST_METHOD: u32 = 64;

/// The longest list of arguments, in characters of JSON: a text message can carry pictures.
const MOST_ARGUMENTS: u32 = 4 * 1024 * 1024;

/// A call of `window.RCAdapter` by the page's own script.
#[derive(Clone, Debug, PartialEq)]
pub struct PageCall {
    /// Its number, which the answer names.
    pub call: u32,
    /// The method's name.
    pub method: String,
    /// Its arguments as a JSON list; empty if they are too long or cannot be written.
    pub arguments: String,
    /// What the first of them is.
    pub first: First,
    /// Whether the user has just done something in the page; `false` where the browser does not say.
    pub gesture: bool,
}

/// Our end; dropping it takes `window.RCAdapter` out of the page.
pub struct PagePort {
    port: MessagePort,
    _listener: Closure<dyn FnMut(MessageEvent)>,
}

impl PagePort {
    /// Takes the port that a message to the page's window brings; `None` if it brings none, or is from
    /// another window.
    pub fn accept(event: &MessageEvent, mut heard: impl FnMut(PageCall) + 'static) -> Option<Self> {
        let window = JsValue::from(dom::page_window()?);
        let from_page = event.source().is_some_and(|source| *source == window);
        if !from_page || event.data().as_string().as_deref() != Some(INTRODUCTION) {
            return None;
        }
        let port: MessagePort = event.ports().get(0).dyn_into().ok()?;
        let listener = Closure::new(move |event: MessageEvent| {
            if let Some(call) = read(&event.data()) {
                heard(call);
            }
        });
        // Setting the handler also starts the port.
        port.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        Some(Self {
            port,
            _listener: listener,
        })
    }

    /// Gives the answer, JSON, to a call.
    pub fn answer(&self, call: u32, answer: &str) {
        self.send(&format!("{{\"call\":{call},\"answer\":{answer}}}"));
    }

    /// Says why a call is refused.
    pub fn refuse(&self, call: u32, why: &str) {
        self.send(&format!("{{\"call\":{call},\"refused\":{}}}", quoted(why)));
    }

    /// Tells how the widget stands now.
    pub fn tell(&self, state: &PageState) {
        let PageState {
            minimised, closed, ..
        } = state;
        let (telephony, user, dnd) = (
            quoted(&state.telephony),
            quoted(&state.user),
            quoted(&state.dnd),
        );
        self.send(&format!(
            "{{\"state\":{{\"minimized\":{minimised},\"closed\":{closed},\"telephonyStatus\":{telephony},\"userStatus\":{user},\"dndStatus\":{dnd}}}}}"
        ));
    }

    /// Text, for an object of ours is not the page's to read in Firefox.
    fn send(&self, text: &str) {
        // It fails only where the other end is gone.
        drop(self.port.post_message(&JsValue::from_str(text)));
    }
}

impl Drop for PagePort {
    fn drop(&mut self) {
        self.send("{\"end\":true}");
        self.port.close();
    }
}

fn quoted(text: &str) -> String {
    JSON::stringify(&JsValue::from_str(text)).map_or_else(|_| "\"\"".to_owned(), String::from)
}

/// The page can have put anything here.
fn read(data: &JsValue) -> Option<PageCall> {
    let call = field(data, "call").as_f64().and_then(whole)?;
    let method = field(data, "method");
    let method: &JsString = method.dyn_ref()?;
    let arguments = field(data, "args");
    if method.length() > MOST_METHOD || !Array::is_array(&arguments) {
        return None;
    }
    let first = Reflect::get_u32(&arguments, 0).unwrap_or(JsValue::UNDEFINED);
    Some(PageCall {
        call,
        method: String::from(method),
        arguments: written(&arguments).unwrap_or_default(),
        first: First {
            flag: first.as_bool(),
            width: field(&first, "width").as_f64(),
            height: field(&first, "height").as_f64(),
        },
        gesture: has_gesture(),
    })
}

fn written(value: &JsValue) -> Option<String> {
    // `undefined` has no text, whatever the type of `stringify` says.
    let text = JsValue::from(JSON::stringify(value).ok()?);
    let text: &JsString = text.dyn_ref()?;
    (text.length() <= MOST_ARGUMENTS).then(|| String::from(text))
}

fn has_gesture() -> bool {
    let Some(window) = dom::page_window() else {
        return false;
    };
    let activation = field(&field(&window, "navigator"), "userActivation");
    field(&activation, "isActive").is_truthy()
}

/// Returns a field; `undefined` of what has none.
fn field(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is checked on the same line"
)]
fn whole(number: f64) -> Option<u32> {
    (0.0..=f64::from(u32::MAX))
        .contains(&number)
        .then_some(number as u32)
}
