//! The page adapter: RingCentral's own `adapter.js` runs in the page's world, and this relays between the
//! widget it puts in and the worker.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use switchboard::agent::Event;
use switchboard::protocol::runtime::{AgentWidgetSaid, FromBackground, InjectAdapter};
use switchboard::relay::{Relay, RelayEffect};
use switchboard_webext as webext;
use wasm_bindgen::JsCast as _;
use web_sys::{Document, HtmlIFrameElement, MessageEvent};
use webext::{Listener, WidgetPort};

use crate::shell::Shell;

/// The frame that `adapter.js` makes. Source: RingCentral Embeddable 2.3.1.
const FRAME_ID: &str = "rc-widget-adapter-frame";

/// The relay; dropping it ends it. The widget stays: the page's world owns it.
pub(crate) struct PageAdapter {
    _messages: EventListener,
    _worker: Listener,
}

impl PageAdapter {
    /// Listens before the adapter comes, so that no message of its boot is missed.
    pub(crate) fn prepare(shell: &Rc<Shell>, origin: &str) -> (Self, InjectAdapter) {
        let relay = RefCell::new(Relay::default());
        let weak = Rc::downgrade(shell);
        let widget_origin = origin.to_owned();
        let messages = EventListener::new(shell.window(), "message", move |event| {
            let (Some(shell), Some(event)) = (weak.upgrade(), event.dyn_ref::<MessageEvent>())
            else {
                return;
            };
            let Some(port) = port(&shell.document, &widget_origin) else {
                return;
            };
            let Some((words, message)) = port.accept(event) else {
                return;
            };
            let effects = relay.borrow_mut().hear(&words);
            for effect in effects {
                match effect {
                    RelayEffect::Tell { boot } => {
                        port.tell_worker(&words, &message, boot, AgentWidgetSaid);
                    }
                    RelayEffect::Agent(said) => shell.on(Event::Frame(said)),
                    // The adapter has a header of its own.
                    RelayEffect::Presence(_) => {}
                }
            }
        });
        let document = shell.document.clone();
        let widget_origin = origin.to_owned();
        let worker = webext::on_message(move |message| {
            // The rest is for frame pages.
            let FromBackground::Post { messages } = message else {
                return;
            };
            if let Some(port) = port(&document, &widget_origin) {
                for message in &messages {
                    port.post(message);
                }
            }
        });
        let adapter = Self {
            _messages: messages,
            _worker: worker,
        };
        (adapter, InjectAdapter {})
    }
}

/// The page can put another frame under this name; the origin is what tells the widget.
fn port(document: &Document, origin: &str) -> Option<WidgetPort> {
    let frame: HtmlIFrameElement = document.get_element_by_id(FRAME_ID)?.dyn_into().ok()?;
    Some(WidgetPort::new(frame, origin))
}
