//! The page adapter: RingCentral's own `adapter.js` runs in the page's world, and this relays between the
//! widget it puts in and the worker, and keeps its header in step with ours.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use switchboard::agent::Event;
use switchboard::protocol::runtime::{AgentWidgetSaid, FromBackground};
use switchboard::protocol::widget::types;
use switchboard::relay::{Relay, RelayEffect};
use switchboard_webext as webext;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Document, Element, HtmlIFrameElement, MessageEvent, MutationObserver, MutationObserverInit,
    SecurityPolicyViolationEvent, SecurityPolicyViolationEventDisposition,
};
use webext::{Listener, WidgetPort};

use crate::shell::Shell;

/// How the id of the adapter's frame ends; it begins with the `prefix` of its address, which is the id of
/// the element around it. Source: RingCentral Embeddable 2.3.1.
const FRAME_SUFFIX: &str = "-adapter-frame";

/// The class of that element while only the header is shown. Source: as above.
const MINIMISED: &str = "Adapter_minimized";

/// The relay; dropping it ends it. The widget stays: the page's world owns it.
pub(crate) struct PageAdapter {
    frame: Rc<Frame>,
    header: RefCell<Option<Header>>,
    _messages: EventListener,
    _refusals: EventListener,
    _worker: Listener,
}

/// The adapter's frame, once it is there.
struct Frame {
    document: Document,
    origin: String,
    known: RefCell<Option<HtmlIFrameElement>>,
}

/// The element around the frame, and what watches its classes.
struct Header {
    element: Element,
    observer: MutationObserver,
    _callback: Closure<dyn FnMut()>,
}

impl Drop for Header {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl PageAdapter {
    /// Listens before the adapter comes, so that no message of its boot is missed.
    pub(crate) fn prepare(shell: &Rc<Shell>, origin: &str) -> Self {
        let frame = Rc::new(Frame {
            document: shell.document.clone(),
            origin: origin.to_owned(),
            known: RefCell::default(),
        });
        let posts = Rc::clone(&frame);
        let worker = webext::on_message(move |message| {
            // The rest is for frame pages.
            let FromBackground::Post { messages } = message else {
                return;
            };
            if let Some(port) = posts.port() {
                for message in &messages {
                    port.post(message);
                }
            }
        });
        Self {
            _messages: hear(shell, &frame),
            _refusals: hear_refusals(shell, &frame),
            _worker: worker,
            header: RefCell::default(),
            frame,
        }
    }

    /// Whether the adapter has made its frame.
    pub(crate) fn is_there(&self) -> bool {
        self.frame.find().is_some()
    }

    /// Has the adapter show its header alone, or all, and the widget remember it.
    pub(crate) fn minimise(&self, shell: &Shell, on: bool) {
        let message = format!(r#"{{"type":"rc-adapter-syncMinimized","minimized":{on}}}"#);
        // The adapter listens to its own page, whoever speaks there.
        webext::dom::post_to_page(shell.window(), &message);
        if let Some(port) = self.frame.port() {
            port.post(&message);
        }
    }

    /// Tells what the adapter's header shows now, and from now on whenever it changes.
    pub(crate) fn look_at_header(&self, shell: &Rc<Shell>) {
        let Some(element) = self.frame.header() else {
            return;
        };
        let watched = self.header.borrow().as_ref().map(|it| it.element.clone());
        if watched.as_ref() != Some(&element) {
            *self.header.borrow_mut() = Header::watch(shell, &element);
        }
        shell.on(minimised(&element));
    }
}

impl Header {
    fn watch(shell: &Rc<Shell>, element: &Element) -> Option<Self> {
        let (weak, watched) = (Rc::downgrade(shell), element.clone());
        let callback = Closure::new(move || {
            if let Some(shell) = weak.upgrade() {
                shell.on(minimised(&watched));
            }
        });
        let observer = MutationObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        let options = MutationObserverInit::new();
        options.set_attributes(true);
        observer.observe_with_options(element, &options).ok()?;
        Some(Self {
            element: element.clone(),
            observer,
            _callback: callback,
        })
    }
}

impl Frame {
    /// The page can put another frame under this name; the origin is what tells the widget.
    fn find(&self) -> Option<HtmlIFrameElement> {
        let mut known = self.known.borrow_mut();
        if let Some(frame) = known.as_ref().filter(|frame| frame.is_connected()) {
            return Some(frame.clone());
        }
        let wanted = format!("iframe[id$='{FRAME_SUFFIX}'][src^='{}/']", self.origin);
        let found = self.document.query_selector(&wanted).ok().flatten();
        *known = found.and_then(|found| found.dyn_into().ok());
        known.clone()
    }

    fn port(&self) -> Option<WidgetPort> {
        Some(WidgetPort::new(self.find()?, &self.origin))
    }

    fn header(&self) -> Option<Element> {
        let id = self.find()?.id();
        self.document
            .get_element_by_id(id.strip_suffix(FRAME_SUFFIX)?)
    }
}

fn minimised(header: &Element) -> Event {
    Event::AdapterMinimised(header.class_name().contains(MINIMISED))
}

fn hear(shell: &Rc<Shell>, frame: &Rc<Frame>) -> EventListener {
    let (weak, frame) = (Rc::downgrade(shell), Rc::clone(frame));
    let relay = RefCell::new(Relay::default());
    let spoke = Cell::new(false);
    EventListener::new(shell.window(), "message", move |event| {
        let (Some(shell), Some(event)) = (weak.upgrade(), event.dyn_ref::<MessageEvent>()) else {
            return;
        };
        // Pages may talk to themselves all the time.
        if event.origin() != frame.origin {
            return;
        }
        let Some(port) = frame.port() else {
            return;
        };
        let Some((words, message)) = port.accept(event) else {
            return;
        };
        let boot = words.kind == types::ADAPTER_STATE;
        if !spoke.replace(true) || boot {
            shell.on(Event::AdapterSpoke { boot });
        }
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
    })
}

/// The page's content security policy says which frames it takes.
fn hear_refusals(shell: &Rc<Shell>, frame: &Rc<Frame>) -> EventListener {
    let (weak, frame): (Weak<Shell>, _) = (Rc::downgrade(shell), Rc::clone(frame));
    EventListener::new(&shell.document, "securitypolicyviolation", move |event| {
        // What the browser says itself is of this kind.
        let violation: &SecurityPolicyViolationEvent = event.unchecked_ref();
        if !event.is_trusted()
            || violation.disposition() != SecurityPolicyViolationEventDisposition::Enforce
        {
            return;
        }
        let of_frames = matches!(
            violation.effective_directive().as_str(),
            "frame-src" | "child-src" | "default-src"
        );
        let blocked = violation.blocked_uri();
        let rest = blocked.strip_prefix(&frame.origin);
        if of_frames && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
            Shell::later(&weak, Event::AdapterRefused);
        }
    })
}
