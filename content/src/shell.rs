//! Events in, effects out.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use switchboard::agent::{Agent, Effect, Event, PageState};
use switchboard::panel::Viewport;
use switchboard::protocol::page::Reading;
use switchboard::protocol::runtime::{
    AgentConfig, AgentHello, CallTold, DialPlease, Dialling, DisposeAdapter, InjectAdapter,
    MetObstacle, PageFacts, PageRead, SavePlace, TicketPlease, UnmountPlease, WindowPlease,
};
use switchboard_webext as webext;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Document, PageTransitionEvent, VisibilityState, Window};
use webext::{AskError, Listener};

use crate::clicks::{self, Click};
use crate::page_adapter::PageAdapter;
use crate::page_api::PageApi;
use crate::panel::{self, Panel};
use crate::reading::Watch;

/// How often a page agent looks whether its extension is still there, in milliseconds. The browsers give
/// no sign of it that can be relied on.
const ORPHAN_LOOK_MS: u32 = 3_000;

/// How often it is looked at most whether something covers the panel, in milliseconds.
const COVER_LOOK_MS: u32 = 1_000;

/// What says which frames of other sites a page takes.
const EMBEDDER_POLICY: &str = "cross-origin-embedder-policy";

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
    /// How often it was asked for to look whether something covers the panel, since that was done.
    looks: Cell<u32>,
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
            looks: Cell::new(0),
            gone: Cell::new(false),
        });
        if webext::dom::is_prerendering(&shell.document) {
            // The worker hears no page that nobody has come to yet.
            let weak = Rc::downgrade(&shell);
            let comes = EventListener::once(&shell.document, "prerenderingchange", move |_| {
                Self::with_later(&weak, Self::begin);
            });
            shell.listeners.borrow_mut().push(comes);
        } else {
            shell.begin();
        }
        Some(shell)
    }

    fn begin(self: &Rc<Self>) {
        self.listen();
        self.tick_on();
        self.on(Event::Resized(self.viewport()));
        self.seen();
        self.ask_settings();
    }

    pub(crate) fn is_gone(&self) -> bool {
        self.gone.get()
    }

    /// Asks the worker what holds on this site now.
    pub(crate) fn ask_settings(self: &Rc<Self>) {
        let hello = AgentHello {
            page: self.facts(),
            fresh: self.config.borrow().is_none(),
        };
        self.ask(hello, Self::configured);
    }

    fn configured(self: &Rc<Self>, config: Option<AgentConfig>) {
        self.config.borrow_mut().clone_from(&config);
        self.on(Event::Configured(config.map(Box::new)));
    }

    fn facts(&self) -> PageFacts {
        PageFacts {
            translated: self.translated,
            no_microphone: webext::dom::forbids_microphone(&self.document),
            isolated: webext::dom::is_isolated(&self.window),
        }
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
            Effect::Mount {
                ticket,
                place,
                minimised,
            } => match Panel::mount(self, &ticket, place, minimised) {
                Ok(panel) => *self.panel.borrow_mut() = Some(panel),
                Err(_) => webext::panics::report("the panel could not be put into the page"),
            },
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
            Effect::Raise => self.look_whether_covered(),
            Effect::AskUnmount => self.ask(UnmountPlease {}, |shell, may| {
                shell.on(Event::MayUnmount(may));
            }),
            Effect::AskEmbedder => self.ask_embedder(),
            Effect::MetObstacle(obstacle) => {
                let page = self.facts();
                self.ask(MetObstacle { obstacle, page }, Self::configured);
            }
            Effect::TellCall { on } => self.ask(CallTold { on }, |_, ()| {}),
            Effect::AskWindow { by_user } => self.ask(WindowPlease { by_user }, |_, ()| {}),
            Effect::InjectAdapter => self.inject_adapter(),
            Effect::DisposeAdapter => self.dispose_adapter(),
            Effect::MinimiseAdapter(on) => {
                if let Some(adapter) = &*self.adapter.borrow() {
                    adapter.minimise(self, on);
                }
            }
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

    fn inject_adapter(self: &Rc<Self>) {
        let Some(config) = self.config.borrow().clone() else {
            return;
        };
        let adapter = PageAdapter::prepare(self, &config.widget_origin);
        // One that an earlier page agent put in has long booted, and may be in a call.
        let there = adapter.is_there();
        *self.adapter.borrow_mut() = Some(adapter);
        self.ask(InjectAdapter {}, move |shell, ok| {
            shell.on(Event::Injected { ok });
            if ok && there {
                shell.on(Event::AdapterSpoke { boot: true });
            }
        });
    }

    fn dispose_adapter(self: &Rc<Self>) {
        drop(self.adapter.take());
        let shell = Rc::downgrade(self);
        // Whatever the worker answers: there is no more to be done.
        webext::ask_then(DisposeAdapter {}, move |_| {
            with(&shell, |shell| shell.on(Event::AdapterDisposed));
        });
    }

    fn ask_embedder(self: &Rc<Self>) {
        let (shell, url) = (Rc::downgrade(self), self.url());
        spawn_local(async move {
            let policy = webext::dom::header_of(&url, EMBEDDER_POLICY).await;
            with(&shell, |shell| shell.on(Event::Embedder { policy }));
        });
    }

    /// Looks at once, and not again before some time has passed, however often it is asked for.
    pub(crate) fn look_whether_covered(self: &Rc<Self>) {
        let asked = self.looks.get();
        self.looks.set(asked.saturating_add(1));
        if asked > 0 {
            return;
        }
        let shell = Rc::downgrade(self);
        spawn_local(async move {
            let mut resting = true;
            while resting {
                with(&shell, Self::raise_if_covered);
                webext::sleep(COVER_LOOK_MS).await;
                resting = (shell.upgrade()).is_some_and(|it| it.looks.get() > 1 && !it.is_gone());
            }
            with(&shell, |shell| shell.looks.set(0));
        });
    }

    fn raise_if_covered(self: &Rc<Self>) {
        self.looks.set(1);
        if let (Some(panel), true) = (&*self.panel.borrow(), self.is_visible()) {
            panel.raise_if_covered(&self.document);
        }
    }

    /// The panel's frame is dead.
    pub(crate) fn lost(shell: &Weak<Self>) {
        // Writing a page anew takes all listeners off it.
        Self::with_later(shell, |shell| {
            shell.listen();
            shell.on(Event::PanelLost { at: webext::now() });
        });
    }

    fn url(&self) -> String {
        let location = self.document.location();
        location
            .and_then(|location| location.href().ok())
            .unwrap_or_default()
    }

    fn send(self: &Rc<Self>, reading: Reading) {
        let url = self.url();
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
            // Some of these do not bubble.
            let phase = EventListenerOptions {
                phase: EventListenerPhase::Capture,
                passive: true,
            };
            EventListener::new_with_options(target, name, phase, move |_| with(&shell, run))
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
            on(document, "toggle", Self::look_whether_covered),
            self.listen_to_return(),
            clicks::listen(self),
        ];
        let shell = Rc::downgrade(self);
        let listener = webext::on_settings_changed(move || with(&shell, Self::ask_settings));
        *self.settings.borrow_mut() = Some(listener);
    }

    /// A page that comes out of the back/forward cache has heard nothing meanwhile.
    fn listen_to_return(self: &Rc<Self>) -> EventListener {
        let shell = Rc::downgrade(self);
        EventListener::new(&self.window, "pageshow", move |event| {
            let event: &PageTransitionEvent = event.unchecked_ref();
            if event.is_trusted() && event.persisted() {
                with(&shell, |shell| {
                    shell.on(Event::Returned);
                    shell.ask_settings();
                });
            }
        })
    }

    fn is_visible(&self) -> bool {
        self.document.visibility_state() == VisibilityState::Visible
    }

    fn seen(self: &Rc<Self>) {
        if self.is_visible() {
            self.tick();
            self.on(Event::Seen);
            self.on(Event::PageChanged);
            self.look_whether_covered();
        } else {
            self.on(Event::Hidden);
        }
    }

    fn tick(self: &Rc<Self>) {
        self.on(Event::Clock {
            at: webext::now(),
            loaded: self.document.ready_state() == "complete",
        });
        if let Some(adapter) = &*self.adapter.borrow() {
            adapter.look_at_header(self);
        }
    }

    /// Says how late it is, and looks whether the extension is still there.
    fn tick_on(self: &Rc<Self>) {
        let shell = Rc::downgrade(self);
        spawn_local(async move {
            loop {
                webext::sleep(ORPHAN_LOOK_MS).await;
                let Some(shell) = shell.upgrade().filter(|shell| !shell.is_gone()) else {
                    return;
                };
                if webext::is_orphaned() {
                    shell.on(Event::Orphaned);
                } else {
                    shell.tick();
                }
            }
        });
    }

    /// Tells the core when whoever calls has done: what tells may be dropped for it.
    pub(crate) fn later(shell: &Weak<Self>, event: Event) {
        let shell = shell.clone();
        spawn_local(async move { with(&shell, |shell| shell.on(event)) });
    }

    fn with_later(shell: &Weak<Self>, run: fn(&Rc<Self>)) {
        let shell = shell.clone();
        spawn_local(async move { with(&shell, run) });
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
