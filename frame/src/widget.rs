//! The widget in its iframe, and what passes between it and the worker.

use std::cell::RefCell;
use std::rc::Rc;

use anyhow::{Context as _, Result, anyhow};
use switchboard::boot::{Boot, Effect, Event, Mark};
use switchboard::protocol::runtime::{FrameConfig, FrameToAgent, FrameWidgetSaid};
use switchboard::relay::{Relay, RelayEffect};
use switchboard_ui::{EventListener, by_id, document, listen, window};
use switchboard_webext as webext;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, HtmlIFrameElement, MessageEvent, RequestCache, RequestInit, RequestMode};
use webext::{JsError, WidgetPort};

use crate::around::Around;
use crate::bar::Bar;
use crate::plate::Plate;

/// What the widget may do, as its own adapter grants it.
/// Source: RingCentral Embeddable 2.3.1.
const SANDBOX: &str = "allow-same-origin allow-scripts allow-forms allow-popups allow-downloads allow-popups-to-escape-sandbox";
const ALLOW: &str = "microphone; autoplay";

/// The widget.
pub(crate) struct Widget {
    stage: Element,
    frame: HtmlIFrameElement,
    url: String,
    origin: String,
    port: WidgetPort,
    relay: RefCell<Relay>,
    boot: RefCell<Boot>,
    bar: Rc<Bar>,
    around: Rc<Around>,
    plate: Plate,
}

impl Widget {
    /// A widget that is not put in yet.
    pub(crate) fn new(
        config: &FrameConfig,
        bar: Rc<Bar>,
        around: Rc<Around>,
        plate: Plate,
    ) -> Result<Self> {
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
        Ok(Self {
            stage: by_id("stage")?,
            port: WidgetPort::new(frame.clone(), &config.widget_origin),
            frame,
            url: config.widget_url.clone(),
            origin: config.widget_origin.clone(),
            relay: RefCell::default(),
            boot: RefCell::default(),
            bar,
            around,
            plate,
        })
    }

    /// Puts it in, or in again: a frame that is taken out and put in loads anew, and leaves nothing in the
    /// tab's history.
    pub(crate) fn put_in(self: &Rc<Self>) -> Result<()> {
        self.frame.remove();
        self.stage
            .append_child(&self.frame)
            .map_err(JsError::from)
            .context("showing the widget")?;
        self.on(Event::PutIn);
        Ok(())
    }

    /// Listens to what bears on its start.
    pub(crate) fn listen(self: &Rc<Self>) -> Result<Vec<EventListener>> {
        let on_click = |button: &Element, event: Event| {
            let widget = Rc::clone(self);
            listen(button, "click", move |click| {
                if click.is_trusted() {
                    widget.on(event);
                }
            })
        };
        let widget = Rc::clone(self);
        Ok(vec![
            on_click(&self.plate.again, Event::TryAgain),
            on_click(&self.plate.window, Event::GiveUp),
            listen(&window()?.into(), "online", move |_| {
                widget.on(Event::Online);
            }),
        ])
    }

    /// A message has arrived at this page, from whomever.
    pub(crate) fn heard(self: &Rc<Self>, event: &MessageEvent) {
        let Some((words, message)) = self.port.accept(event) else {
            return;
        };
        self.on(Event::Heard);
        let effects = self.relay.borrow_mut().hear(&words);
        for effect in effects {
            match effect {
                RelayEffect::Tell { boot } => {
                    self.port
                        .tell_worker(&words, &message, boot, FrameWidgetSaid);
                }
                RelayEffect::Presence(presence) => self.bar.presence(presence),
                RelayEffect::Agent(said) => self.around.tell(&said),
            }
        }
    }

    /// Posts the worker's messages to the widget.
    pub(crate) fn post(&self, messages: &[String]) {
        for message in messages {
            self.port.post(message);
        }
    }

    /// Tells the core how the start goes, and does what it decides.
    fn on(self: &Rc<Self>, event: Event) {
        let effects = self.boot.borrow_mut().on(event);
        for effect in effects {
            match effect {
                Effect::Clock { attempt } => self.clock(attempt),
                Effect::AskPage => self.around.tell(&FrameToAgent::Silent),
                Effect::TryAddress { attempt } => self.try_address(attempt),
                Effect::Show(reason) => {
                    let host = self.origin.strip_prefix("https://").unwrap_or(&self.origin);
                    self.plate.explain(reason, host, self.around.is_window());
                }
                Effect::Started => {
                    self.plate.hide();
                    drop(crate::state("open"));
                }
                Effect::PutInAnew => {
                    self.plate.hide();
                    if self.put_in().is_err() {
                        webext::panics::report("the widget could not be put in anew");
                    }
                    // The button is gone, and the keyboard must not fall out of the page with it.
                    drop(self.frame.focus());
                }
                Effect::OpenWindow => self.around.tell(&FrameToAgent::GiveUp),
            }
        }
    }

    fn clock(self: &Rc<Self>, attempt: u32) {
        for mark in Mark::ALL {
            let widget = Rc::clone(self);
            spawn_local(async move {
                webext::sleep(mark.after_ms()).await;
                let online = window().is_ok_and(|it| it.navigator().on_line());
                widget.on(Event::Came {
                    attempt,
                    mark,
                    online,
                });
            });
        }
    }

    /// Asks for nothing but an answer: what it says, only the widget's own frame may read.
    fn try_address(self: &Rc<Self>, attempt: u32) {
        let Ok(window) = window() else { return };
        let options = RequestInit::new();
        options.set_mode(RequestMode::NoCors);
        options.set_cache(RequestCache::NoStore);
        let answer = window.fetch_with_str_and_init(&self.url, &options);
        let widget = Rc::clone(self);
        spawn_local(async move {
            let reached = JsFuture::from(answer).await.is_ok();
            widget.on(Event::Tried { attempt, reached });
        });
    }
}
