//! The page agent: what a content script does about what happens in its page.
//!
//! A state machine, `Event -> Vec<Effect>`. It holds no token, no secret and no history;
//! after [`Effect::Leave`] the page is as it was found.

mod adapter;
mod offer;
mod words;

use switchboard_rules::pieces::before;

use crate::panel::{self, PanelBox, PanelSize, Viewport};
use crate::protocol::page::Reading;
use crate::protocol::runtime::{AgentConfig, AgentToFrame, Dialling, FrameToAgent};
use crate::protocol::stored::{Adapter, Millis, Obstacle, PanelPlace};
use crate::reader;

use adapter::Heard;
pub use words::{Effect, Event, PageCommand, PageState};

/// A widget that nobody has looked at for so long goes, in milliseconds.
const UNSEEN_MS: Millis = 30 * 60_000;

/// A ring is shown in a tab that is seen so soon after it, in milliseconds: longer rings no
/// phone, and the clock of a hidden tab is a minute late.
const RING_MS: Millis = 120_000;

/// A page that takes the panel out more often than this within [`REMOVALS_MS`] does not want it.
const MOST_REMOVALS: usize = 5;
const REMOVALS_MS: Millis = 60_000;

/// A frame page that has not spoken for so long may be refused, in milliseconds; after the second it is.
const FRAME_LATE_MS: Millis = 3_000;
const FRAME_GONE_MS: Millis = 20_000;

/// Where the widget stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Widget {
    /// Not there yet, or not any more.
    #[default]
    None,
    /// Asked for.
    Coming(Adapter),
    /// There.
    Up(Adapter),
    /// The page adapter is being taken out.
    Leaving,
    /// The page keeps it out; the worker will say what comes in its place.
    KeptOut,
    /// The page's own script took it out.
    Disposed,
}

/// A frame page that was put in and has not spoken yet. Chromium refuses it to pages that take no frames of
/// other origins, and says so to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Awaited {
    /// Since when, as far as the tab was seen.
    since: Option<Millis>,
    /// Whether the page's headers were asked for.
    asked: bool,
}

/// The state of one page.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is true or not whatever the others are"
)]
#[derive(Clone, Debug, Default)]
pub struct Agent {
    config: Option<AgentConfig>,
    visible: bool,
    viewport: Option<Viewport>,
    widget: Widget,
    moving: Option<PanelPlace>,
    /// As the page's own script wants it.
    size: PanelSize,
    /// Whether the page's own script has the panel out of sight.
    closed: bool,
    in_call: bool,
    now: Millis,
    unseen_since: Option<Millis>,
    rang_at: Option<Millis>,
    removals: Vec<Millis>,
    heard: Heard,
    awaited: Option<Awaited>,
    last_reading: Option<Reading>,
    /// What `window.RCAdapter` was told last; nothing where it is not offered.
    told: Option<PageState>,
    presence: PageState,
    gone: bool,
    effects: Vec<Effect>,
}

impl Agent {
    /// Returns what is to be done about an event. After [`Effect::Leave`] nothing ever is.
    pub fn on(&mut self, event: Event) -> Vec<Effect> {
        if !self.gone {
            self.react(event);
        }
        if !self.gone {
            self.tell_page();
        }
        std::mem::take(&mut self.effects)
    }

    fn react(&mut self, event: Event) {
        match event {
            Event::Configured(Some(config)) => self.configured(*config),
            Event::Configured(None) | Event::Orphaned => self.leave(),
            Event::Seen => self.seen(),
            Event::Hidden => self.visible = false,
            Event::Returned => self.returned(),
            Event::Clock { at, loaded } => self.clock(at, loaded),
            Event::MayUnmount(may) => {
                if may && self.is_unseen() {
                    self.take_out();
                }
            }
            Event::Ticket(ticket) => self.mount(ticket),
            Event::Frame(said) => self.frame_said(said),
            Event::PanelLost { at } => self.panel_lost(at),
            Event::Embedder { policy } => {
                if refuses_frames(&policy) && self.widget == Widget::Up(Adapter::Isolated) {
                    self.act(Effect::MetObstacle(Obstacle::Embedder));
                }
            }
            Event::Resized(viewport) => {
                self.viewport = Some(viewport);
                self.placed();
            }
            Event::PageChanged => {
                if self.may_read() {
                    self.act(Effect::ReadSoon);
                }
            }
            Event::Read(reading) => self.read(reading),
            Event::LinkClicked { href } => self.link_clicked(&href),
            Event::Injected { ok } => self.injected(ok),
            Event::AdapterRefused => self.adapter_refused(),
            Event::AdapterSpoke { boot } => self.adapter_spoke(boot),
            Event::AdapterMinimised(on) => self.adapter_minimised(on),
            Event::AdapterDisposed => {
                if self.widget == Widget::Leaving {
                    self.widget = Widget::None;
                    self.put_in();
                }
            }
            Event::PageApi(command) => self.page_asks(command),
        }
    }

    fn act(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    fn configured(&mut self, config: AgentConfig) {
        self.consent(config.read_contacts);
        // What the user did here since the place was saved is newer than what was saved.
        let before = self.config.take();
        let place = before.as_ref().map_or(config.place, |before| before.place);
        let other_widget = before.is_some_and(|before| {
            before.widget_origin != config.widget_origin || before.adapter != config.adapter
        });
        self.config = Some(AgentConfig { place, ..config });
        if other_widget {
            self.take_out();
        }
        self.put_in();
    }

    fn may_read(&self) -> bool {
        self.config.as_ref().is_some_and(|it| it.read_contacts)
    }

    /// Without the user's consent the page is not looked at.
    fn consent(&mut self, given: bool) {
        match (self.may_read(), given) {
            (false, true) => self.effects.extend([Effect::Watch, Effect::ReadSoon]),
            (true, false) => {
                self.last_reading = None;
                self.act(Effect::StopReading);
            }
            _ => {}
        }
    }

    fn seen(&mut self) {
        self.visible = true;
        self.put_in();
        let rang = self.rang_at.take();
        if rang.is_some_and(|at| self.now - at < RING_MS) {
            self.show();
        }
    }

    /// What had been frozen is dead: the worker has forgotten it, and so have the servers.
    fn returned(&mut self) {
        if !self.in_call && self.is_mounted() {
            self.take_out();
            self.put_in();
        }
    }

    fn clock(&mut self, at: Millis, loaded: bool) {
        self.now = at;
        self.await_frame();
        self.await_adapter(loaded);
        if !self.is_unseen() {
            self.unseen_since = None;
        } else if at - *self.unseen_since.get_or_insert(at) >= UNSEEN_MS {
            // Asked again after as long a time.
            self.unseen_since = Some(at);
            self.act(Effect::AskUnmount);
        }
    }

    /// Whether there is a widget in this page itself.
    fn is_mounted(&self) -> bool {
        matches!(self.widget, Widget::Up(Adapter::Isolated | Adapter::Page))
    }

    fn is_unseen(&self) -> bool {
        !self.visible && !self.in_call && self.is_mounted()
    }

    /// The widget comes when the tab is first seen, once.
    fn put_in(&mut self) {
        let Some(config) = &self.config else {
            return;
        };
        if !self.visible || self.widget != Widget::None {
            return;
        }
        self.widget = Widget::Coming(config.adapter);
        match config.adapter {
            Adapter::Isolated => self.act(Effect::AskTicket),
            Adapter::Page => self.inject(),
            Adapter::Window => {
                self.widget = Widget::Up(Adapter::Window);
                self.act(Effect::AskWindow { by_user: false });
            }
        }
    }

    fn take_out(&mut self) {
        self.call(false);
        self.awaited = None;
        self.moving = None;
        self.presence = PageState::default();
        self.widget = match self.widget {
            Widget::Up(Adapter::Isolated) => {
                self.act(Effect::Unmount);
                Widget::None
            }
            Widget::Coming(Adapter::Page) | Widget::Up(Adapter::Page) => {
                self.act(Effect::DisposeAdapter);
                Widget::Leaving
            }
            Widget::Leaving => Widget::Leaving,
            _ => Widget::None,
        };
    }

    /// The worker is told, and its answer is what holds here from then on.
    fn kept_out(&mut self, obstacle: Obstacle) {
        self.take_out();
        self.widget = Widget::KeptOut;
        self.act(Effect::MetObstacle(obstacle));
    }

    fn mount(&mut self, ticket: String) {
        let Some(place) = self.panel_box() else {
            return;
        };
        if self.widget != Widget::Coming(Adapter::Isolated) {
            return;
        }
        self.widget = Widget::Up(Adapter::Isolated);
        self.awaited = Some(Awaited {
            since: None,
            asked: false,
        });
        self.act(Effect::Mount {
            ticket,
            place,
            minimised: self.is_minimised(),
        });
    }

    fn await_frame(&mut self) {
        let (now, visible) = (self.now, self.visible);
        let Some(awaited) = &mut self.awaited else {
            return;
        };
        awaited.since = visible.then(|| awaited.since.unwrap_or(now));
        let waited = awaited.since.map_or(0, |since| now - since);
        if waited >= FRAME_GONE_MS {
            self.kept_out(Obstacle::Silent);
        } else if waited >= FRAME_LATE_MS && !std::mem::replace(&mut awaited.asked, true) {
            self.act(Effect::AskEmbedder);
        }
    }

    fn panel_lost(&mut self, at: Millis) {
        if self.widget != Widget::Up(Adapter::Isolated) {
            return;
        }
        self.removals.retain(|before| at - before < REMOVALS_MS);
        self.removals.push(at);
        if self.removals.len() > MOST_REMOVALS {
            self.removals.clear();
            self.kept_out(Obstacle::Removed);
        } else {
            self.take_out();
            self.put_in();
        }
    }

    fn frame_said(&mut self, said: FrameToAgent) {
        let (Some(config), Some(viewport)) = (&self.config, self.viewport) else {
            return;
        };
        let place = self.moving.unwrap_or(config.place);
        match said {
            FrameToAgent::Here => self.awaited = None,
            FrameToAgent::Move { dx, dy } => {
                self.moving = Some(panel::moved(place, dx, dy, self.size, viewport));
                self.placed();
            }
            FrameToAgent::MoveEnd => {
                if let Some(place) = self.moving.take() {
                    self.keep(place);
                }
            }
            FrameToAgent::Minimise { on } => {
                if self.minimise(on) {
                    self.save();
                }
            }
            FrameToAgent::Ring => self.ring(),
            FrameToAgent::BrowserCall { on } => self.call(on),
            FrameToAgent::Silent => {
                if self.widget == Widget::Up(Adapter::Isolated) {
                    self.act(Effect::AskEmbedder);
                }
            }
            FrameToAgent::GiveUp => {
                if self.widget == Widget::Up(Adapter::Isolated) {
                    self.act(Effect::MetObstacle(Obstacle::Silent));
                }
            }
            FrameToAgent::Presence {
                telephony,
                user,
                dnd,
            } => {
                self.presence = PageState {
                    telephony,
                    user,
                    dnd,
                    ..PageState::default()
                }
            }
        }
    }

    /// The phone rings in every tab; the user is looking at one.
    fn ring(&mut self) {
        if self.visible {
            self.show();
        } else {
            self.rang_at = Some(self.now);
        }
    }

    fn call(&mut self, on: bool) {
        if self.in_call != on {
            self.in_call = on;
            self.act(Effect::WarnBeforeLeaving(on));
            self.act(Effect::TellCall { on });
        }
    }

    /// Brings the widget before the user's eyes.
    fn show(&mut self) {
        if std::mem::take(&mut self.closed) {
            self.placed();
        }
        if self.minimise(false) {
            self.save();
        }
        if self.widget == Widget::Up(Adapter::Isolated) {
            self.act(Effect::Raise);
        }
    }

    fn is_minimised(&self) -> bool {
        self.config.as_ref().is_some_and(|it| it.place.minimised)
    }

    /// Returns whether that was news.
    fn minimise(&mut self, on: bool) -> bool {
        let Some(config) = self.config.as_mut().filter(|it| it.place.minimised != on) else {
            return false;
        };
        config.place.minimised = on;
        self.placed();
        match self.widget {
            Widget::Up(Adapter::Isolated) => {
                self.act(Effect::Frame(AgentToFrame::Minimised { on }));
            }
            Widget::Up(Adapter::Page) => self.act(Effect::MinimiseAdapter(on)),
            _ => {}
        }
        true
    }

    fn keep(&mut self, place: PanelPlace) {
        if let Some(config) = &mut self.config {
            config.place = place;
        }
        self.placed();
        self.save();
    }

    fn save(&mut self) {
        if let Some(config) = &self.config {
            self.act(Effect::SavePlace(config.place));
        }
    }

    fn placed(&mut self) {
        if let (Widget::Up(Adapter::Isolated), Some(place)) = (self.widget, self.panel_box()) {
            self.act(Effect::Place(place));
        }
    }

    fn panel_box(&self) -> Option<PanelBox> {
        let place = self.moving.or_else(|| Some(self.config.as_ref()?.place))?;
        Some(PanelBox {
            shown: !self.closed,
            ..panel::fit(place, self.size, self.viewport?)
        })
    }

    /// A page often changes without showing anybody new; the worker is told only of what is new.
    fn read(&mut self, reading: Reading) {
        if self.may_read() && self.last_reading.as_ref() != Some(&reading) {
            self.last_reading = Some(reading.clone());
            self.act(Effect::Send(reading));
        }
    }

    /// A number is dialled once: by RingCentral's adapter where that takes the page's links, else by our own
    /// widget, which is put in for it. The worker learns of it in either case, for the row says who is meant.
    fn link_clicked(&mut self, href: &str) {
        let Some(config) = self.config.as_ref().filter(|it| it.mark_numbers) else {
            return;
        };
        let (with_row, in_window) = (config.read_contacts, config.adapter == Adapter::Window);
        let Some((number, then)) = reader::dialled_by(href) else {
            return;
        };
        if self.adapter_takes(href) {
            if with_row {
                self.act(Effect::Dial {
                    number,
                    with_row,
                    then: Dialling::Nothing,
                });
            }
            return;
        }
        self.act(Effect::HoldLink);
        if !in_window {
            // The user wants it back.
            if self.widget == Widget::Disposed {
                self.widget = Widget::None;
            }
            self.put_in();
            self.show();
        }
        self.act(Effect::Dial {
            number,
            with_row,
            then,
        });
        if in_window {
            self.act(Effect::AskWindow { by_user: true });
        }
    }

    fn leave(&mut self) {
        self.call(false);
        self.gone = true;
        self.act(Effect::Leave);
    }
}

/// Whether `cross-origin-embedder-policy` keeps frames of other sites out, which do not state it themselves.
/// Parameters may follow it.
fn refuses_frames(policy: &str) -> bool {
    let policy = before(policy, ";").trim();
    matches!(policy, "require-corp" | "credentialless")
}
