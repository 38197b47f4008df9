//! The widget in its iframe, and what passes between it and the worker.

use std::cell::RefCell;
use std::rc::Rc;

use anyhow::{Context as _, Result, anyhow};
use switchboard::protocol::runtime::{FrameConfig, FrameWidgetSaid};
use switchboard::relay::{Relay, RelayEffect};
use switchboard_ui::{by_id, document};
use switchboard_webext as webext;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlIFrameElement, MessageEvent};
use webext::{Channel, JsError, WidgetPort};

use crate::bar::Bar;

/// What the widget may do, as its own adapter grants it.
/// Source: RingCentral Embeddable 2.3.1.
const SANDBOX: &str = "allow-same-origin allow-scripts allow-forms allow-popups allow-downloads allow-popups-to-escape-sandbox";
const ALLOW: &str = "microphone; autoplay";

/// The widget.
pub(crate) struct Widget {
    port: WidgetPort,
    relay: RefCell<Relay>,
    bar: Rc<Bar>,
    agent: Rc<Channel>,
}

impl Widget {
    pub(crate) fn put_in(config: &FrameConfig, bar: Rc<Bar>, agent: Rc<Channel>) -> Result<Self> {
        let frame: HtmlIFrameElement = document()?
            .create_element("iframe")
            .map_err(JsError::from)
            .context("making the widget's frame")?
            .dyn_into()
            .map_err(|_| anyhow!("an iframe is another element than expected"))?;
        for (name, value) in [
            ("sandbox", SANDBOX),
            ("allow", ALLOW),
            ("title", &webext::text("frame_widget_title")),
            ("src", &config.widget_url),
        ] {
            frame.set_attribute(name, value).map_err(JsError::from)?;
        }
        let port = WidgetPort::new(frame.clone(), &config.widget_origin);
        by_id::<Element>("stage")?
            .append_child(&frame)
            .map_err(JsError::from)
            .context("showing the widget")?;
        Ok(Self {
            port,
            relay: RefCell::default(),
            bar,
            agent,
        })
    }

    /// A message has arrived at this page, from whomever.
    pub(crate) fn heard(&self, event: &MessageEvent) {
        let Some((words, message)) = self.port.accept(event) else {
            return;
        };
        let effects = self.relay.borrow_mut().hear(&words);
        for effect in effects {
            match effect {
                RelayEffect::Tell { boot } => {
                    self.port
                        .tell_worker(&words, &message, boot, FrameWidgetSaid);
                }
                RelayEffect::Presence(presence) => self.bar.presence(presence),
                RelayEffect::Agent(said) => self.agent.send(&said),
            }
        }
    }

    /// Posts the worker's messages to the widget.
    pub(crate) fn post(&self, messages: &[String]) {
        for message in messages {
            self.port.post(message);
        }
    }
}
