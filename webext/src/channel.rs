//! A message port between a page agent and its frame page: nobody else can hear it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use switchboard::protocol::codec;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{HtmlIFrameElement, MessageChannel, MessageEvent, MessagePort};

use crate::error::JsError;

/// One end; dropping it closes the channel.
pub struct Channel {
    port: MessagePort,
    _listener: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Opens a channel to the page in a frame, introducing itself with a secret that both know.
    ///
    /// The frame's page must be listening, and must check the secret.
    ///
    /// # Errors
    /// The browser's: the frame is gone.
    pub fn open<T: DeserializeOwned>(
        frame: &HtmlIFrameElement,
        secret: &str,
        heard: impl FnMut(T) + 'static,
    ) -> Result<Self, JsError> {
        let pair = MessageChannel::new()?;
        let window = frame
            .content_window()
            .ok_or_else(|| JsError::new("the frame is gone"))?;
        let ports = js_sys::Array::of1(&pair.port2());
        // The frame's origin differs between browsers and sessions; its window is ours alone, and the
        // secret is of no use to any other page.
        window.post_message_with_transfer(&JsValue::from_str(secret), "*", &ports)?;
        Ok(Self::on(pair.port1(), heard))
    }

    /// Takes the channel that an introduction brings; `None` if it does not hold the secret.
    pub fn accept<T: DeserializeOwned>(
        introduction: &MessageEvent,
        secret: &str,
        heard: impl FnMut(T) + 'static,
    ) -> Option<Self> {
        if secret.is_empty() || introduction.data().as_string().as_deref() != Some(secret) {
            return None;
        }
        let port: MessagePort = introduction.ports().get(0).dyn_into().ok()?;
        Some(Self::on(port, heard))
    }

    fn on<T: DeserializeOwned>(port: MessagePort, mut heard: impl FnMut(T) + 'static) -> Self {
        let listener = Closure::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            if let Some(message) = codec::decode(&text) {
                heard(message);
            }
        });
        // Setting the handler also starts the port.
        port.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        Self {
            port,
            _listener: listener,
        }
    }

    /// Sends a message to the other end.
    pub fn send(&self, message: &impl Serialize) {
        // It fails only where the other end is gone.
        let text = JsValue::from_str(&codec::encode(message));
        drop(self.port.post_message(&text));
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.port.close();
    }
}
