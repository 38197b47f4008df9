//! Events in, effects out.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_events::{EventListener, EventListenerOptions};
use switchboard::agent::{Agent, Effect, Event, PageState};
use switchboard::panel::Viewport;
use switchboard::protocol::page::Reading;
use switchboard::protocol::runtime::{
    AgentConfig, AgentHello, DialPlease, Dialling, PageFacts, PageRead, SavePlace, TicketPlease,
};
use switchboard_webext as webext;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Document, VisibilityState, Window};
use webext::{AskError, Listener};

use crate::clicks::{self, Click};
use crate::page_adapter::PageAdapter;
use crate::page_api::PageApi;
use crate::panel::{self, Panel};
use crate::reading::Watch;

/// How often a page agent looks whether its extension is still there, in milliseconds. The browsers give
/// no sign of it that can be relied on.
const ORPHAN_LOOK_MS: u32 = 3_000;

/// The page agent's hold on its page; dropping it leaves the page as it was found.
pub(crate) struct Shell {
    window: Window,
    pub(crate) document: Document,
    translated: bool,
    agent: RefCell<Agent>,
    config: RefCell<Option<AgentConfig>>,
    panel: RefCell<Option<Panel>>,
    adapter: RefCell<Option<PageAdapter>>,
    page_api: RefCell<Option<PageApi>>,
    watch: RefCell<Option<Watch>>,
    click: RefCell<Option<Click>>,
    warning: RefCell<Option<EventListener>>,
    listeners: RefCell<Vec<EventListener>>,
    settings: RefCell<Option<Listener>>,
    gone: Cell<bool>,
}

impl Shell {
    /// Takes hold of the page; `None` where there is none.
    pub(crate) fn start(translated: bool) -> Option<Rc<Self>> {
        let window = webext::dom::page_window()?;
        let document = window.document()?;
        panel::remove_leftovers(&document);
        let shell = Rc::new(Self {
            window,
            document,
            translated,
            agent: RefCell::default(),
            config: RefCell::default(),
            panel: RefCell::default(),
            adapter: RefCell::default(),
            page_api: RefCell::default(),
            watch: RefCell::default(),
            click: RefCell::default(),
            warning: RefCell::default(),
            listeners: RefCell::default(),
            settings: RefCell::default(),
            gone: Cell::new(false),
        });
        shell.listen();
        shell.look_for_orphanhood();
        shell.on(Event::Resized(shell.viewport()));
        shell.seen();
        shell.ask_settings();
        Some(shell)
    }

    pub(crate) fn is_gone(&self) -> bool {
        self.gone.get()
    }

    /// Asks the worker what holds on this site now.
    pub(crate) fn ask_settings(self: &Rc<Self>) {
        let hello = AgentHello {
            page: PageFacts {
                translated: self.translated,
                ..PageFacts::default()
            },
            fresh: false,
        };
        self.ask(hello, |shell, config| {
            shell.config.borrow_mut().clone_from(&config);
            shell.on(Event::Configured(config.map(Box::new)));
        });
    }

    /// Tells the core what happened and does what it decides.
    pub(crate) fn on(self: &Rc<Self>, event: Event) {
        let effects = self.agent.borrow_mut().on(event);
        for effect in effects {
            self.perform(effect);
        }
    }

    /// The same while a click is being looked at: only during it can the browser be held.
    pub(crate) fn during(self: &Rc<Self>, click: Click, event: Event) {
        *self.click.borrow_mut() = Some(click);
        self.on(event);
        drop(self.click.take());
    }

    fn perform(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::AskTicket => {
                self.ask(TicketPlease {}, |shell, ticket| {
                    shell.on(Event::Ticket(ticket));
                });
            }
            Effect::Mount { ticket, place } => self.mount(&ticket, place),
            Effect::Place(place) => {
                if let Some(panel) = &*self.panel.borrow() {
                    panel.place(place);
                }
            }
            Effect::Frame(message) => {
                if let Some(panel) = &*self.panel.borrow() {
                    panel.tell(message);
                }
            }
            Effect::SavePlace(place) => self.ask(SavePlace { place }, |_, ()| {}),
            Effect::WarnBeforeLeaving(on) => self.warn_before_leaving(on),
            Effect::Unmount => drop(self.panel.take()),
            Effect::InjectAdapter => self.inject_adapter(),
            Effect::Watch => *self.watch.borrow_mut() = Watch::start(self),
            Effect::ReadSoon => {
                if let Some(watch) = &*self.watch.borrow() {
                    watch.read_soon(self);
                }
            }
            Effect::StopReading => drop(self.watch.take()),
            Effect::Send(reading) => self.send(reading),
            Effect::HoldLink => {
                if let Some(click) = &*self.click.borrow() {
                    click.hold();
                }
            }
            Effect::Dial {
                number,
                with_row,
                then,
            } => self.dial(number, with_row, then),
            Effect::OfferPageApi => self.offer_page_api(),
            Effect::EndPageApi => self.end_page_api(),
            Effect::PageState(state) => self.page_state(&state),
            Effect::Leave => self.leave(),
        }
    }

    fn offer_page_api(self: &Rc<Self>) {
        *self.page_api.borrow_mut() = Some(PageApi::prepare(self));
    }

    fn end_page_api(&self) {
        drop(self.page_api.take());
    }

    fn page_state(&self, state: &PageState) {
        if let Some(api) = &*self.page_api.borrow() {
            api.tell(state);
        }
    }

    fn mount(self: &Rc<Self>, ticket: &str, place: switchboard::panel::PanelBox) {
        let minimised = self
            .config
            .borrow()
            .as_ref()
            .is_some_and(|config| config.place.minimised);
        let shell = Rc::downgrade(self);
        let heard = move |said| {
            if let Some(shell) = shell.upgrade() {
                shell.on(Event::Frame(said));
            }
        };
        match Panel::mount(&self.document, ticket, place, minimised, heard) {
            Ok(panel) => *self.panel.borrow_mut() = Some(panel),
            Err(_) => webext::panics::report("the panel could not be put into the page"),
        }
    }

    fn inject_adapter(self: &Rc<Self>) {
        let Some(config) = self.config.borrow().clone() else {
            return;
        };
        let (adapter, request) = PageAdapter::prepare(self, &config.widget_origin);
        *self.adapter.borrow_mut() = Some(adapter);
        self.ask(request, |shell, ok| shell.on(Event::Injected { ok }));
    }

    fn send(self: &Rc<Self>, reading: Reading) {
        let url = self
            .document
            .location()
            .and_then(|location| location.href().ok())
            .unwrap_or_default();
        self.ask(PageRead { reading, url }, |_, ()| {});
    }

    fn dial(self: &Rc<Self>, number: String, with_row: bool, then: Dialling) {
        let click = self.click.borrow();
        let click = click.as_ref().filter(|_| with_row);
        let (row, links) = click.map(Click::row).unwrap_or_default();
        let request = DialPlease {
            number,
            row,
            links,
            then,
        };
        self.ask(request, |_, _| {});
    }

    fn warn_before_leaving(&self, on: bool) {
        let warning = on.then(|| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&self.window, "beforeunload", options, |event| {
                event.prevent_default();
            })
        });
        drop(self.warning.replace(warning));
    }

    fn leave(&self) {
        self.gone.set(true);
        drop(self.panel.take());
        drop(self.adapter.take());
        self.end_page_api();
        drop(self.watch.take());
        drop(self.warning.take());
        drop(self.settings.take());
        drop(self.listeners.take());
    }

    fn listen(self: &Rc<Self>) {
        let on = |target: &web_sys::EventTarget, name: &'static str, run: fn(&Rc<Self>)| {
            let shell = Rc::downgrade(self);
            EventListener::new(target, name, move |_| with(&shell, run))
        };
        let (window, document) = (&self.window, &self.document);
        *self.listeners.borrow_mut() = vec![
            on(window, "resize", |shell| {
                shell.on(Event::Resized(shell.viewport()));
            }),
            on(document, "visibilitychange", Self::seen),
            on(window, "popstate", |shell| shell.on(Event::PageChanged)),
            on(window, "hashchange", |shell| shell.on(Event::PageChanged)),
            on(document, "change", |shell| shell.on(Event::PageChanged)),
            clicks::listen(self),
        ];
        let shell = Rc::downgrade(self);
        let listener = webext::on_settings_changed(move || with(&shell, Self::ask_settings));
        *self.settings.borrow_mut() = Some(listener);
    }

    fn seen(self: &Rc<Self>) {
        if self.document.visibility_state() == VisibilityState::Visible {
            self.on(Event::Seen);
            self.on(Event::PageChanged);
        }
    }

    fn look_for_orphanhood(self: &Rc<Self>) {
        let shell = Rc::downgrade(self);
        spawn_local(async move {
            loop {
                webext::sleep(ORPHAN_LOOK_MS).await;
                let Some(shell) = shell.upgrade().filter(|shell| !shell.is_gone()) else {
                    return;
                };
                if webext::is_orphaned() {
                    shell.on(Event::Orphaned);
                }
            }
        });
    }

    /// Asks the worker, and goes on with its reply if the page agent is still there by then.
    fn ask<R>(self: &Rc<Self>, request: R, then: impl FnOnce(&Rc<Self>, R::Reply) + 'static)
    where
        R: switchboard::protocol::runtime::Request + 'static,
    {
        let shell = Rc::downgrade(self);
        webext::ask_then(request, move |reply| {
            let Some(shell) = shell.upgrade().filter(|shell| !shell.is_gone()) else {
                return;
            };
            match reply {
                Ok(reply) => then(&shell, reply),
                Err(AskError::Orphaned) => shell.on(Event::Orphaned),
                // The site has been turned off meanwhile, or the next event will ask again.
                Err(_) => {}
            }
        });
    }

    /// The viewport without its scrollbars: distances from the edges are measured from there.
    /// It is the size of the scrolling element, which is the root, or the body in quirks mode.
    fn viewport(&self) -> Viewport {
        let scrolling = self.document.scrolling_element();
        let size = |of: fn(&web_sys::Element) -> i32| scrolling.as_ref().map_or(0, of);
        Viewport {
            width: size(web_sys::Element::client_width),
            height: size(web_sys::Element::client_height),
        }
    }
}

fn with(shell: &Weak<Shell>, run: impl FnOnce(&Rc<Shell>)) {
    if let Some(shell) = shell.upgrade().filter(|shell| !shell.is_gone()) {
        run(&shell);
    }
}

impl Shell {
    /// The page's window.
    pub(crate) fn window(&self) -> &Window {
        &self.window
    }

    /// Whether an element is our own.
    pub(crate) fn is_ours(&self, element: &web_sys::Element) -> bool {
        self.panel
            .borrow()
            .as_ref()
            .is_some_and(|panel| panel.is_host(element))
    }

    /// What holds here.
    pub(crate) fn config(&self) -> Option<AgentConfig> {
        self.config.borrow().clone()
    }
}
