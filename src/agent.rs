//! The page agent: what a content script does about what happens in its page.
//!
//! A state machine, `Event -> Vec<Effect>`. It holds no token, no secret and no history;
//! after [`Effect::Leave`] the page is as it was found.

use crate::panel::{self, PanelBox, Viewport};
use crate::protocol::page::Reading;
use crate::protocol::runtime::{AgentConfig, AgentToFrame, Dialling, FrameToAgent};
use crate::protocol::stored::{Adapter, PanelPlace};
use crate::reader;

/// Something happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The worker told what holds here; `None` means that the site is off.
    Configured(Option<Box<AgentConfig>>),
    /// The tab is seen by the user.
    Seen,
    /// The worker gave a ticket for a frame page.
    Ticket(String),
    /// The frame page said something.
    Frame(FrameToAgent),
    /// The viewport has another size.
    Resized(Viewport),
    /// The page has changed, or shows another record.
    PageChanged,
    /// The page has been read.
    Read(Reading),
    /// The user clicked a link, with the main button or a key and nothing held down.
    LinkClicked {
        /// Where it leads, as the page writes it.
        href: String,
    },
    /// The worker tried to put the page adapter in.
    Injected {
        /// Whether the page took it.
        ok: bool,
    },
    /// The page's own script wants something of the panel, through `window.RCAdapter`.
    PageApi(PageCommand),
    /// The extension was updated, reloaded or removed.
    Orphaned,
}

/// What a page's own script can ask of the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageCommand {
    /// Show the header alone, or all.
    SetMinimised(bool),
    /// The one of the two that it is not.
    ToggleMinimised,
    /// Take the panel out of sight; the widget lives on.
    SetClosed(bool),
    /// Out of sight, or back.
    ToggleClosed,
    /// Give the panel a size, in CSS pixels, for as long as this page is there.
    SetSize {
        /// Its width.
        width: i32,
        /// Its height with the header.
        height: i32,
    },
    /// Take the widget out until the page is loaded again.
    Dispose,
    /// Open the widget's own window.
    PopUp,
}

/// What a page's own script can know of the widget.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageState {
    /// Whether only the header is shown.
    pub minimised: bool,
    /// Whether the panel is out of sight.
    pub closed: bool,
    /// `telephonyStatus`, in the widget's words; empty until it is known, as the other two.
    pub telephony: String,
    /// `userStatus`.
    pub user: String,
    /// `dndStatus`.
    pub dnd: String,
}

/// Something is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the worker for a ticket.
    AskTicket,
    /// Put the frame page into the page.
    Mount {
        /// Its ticket.
        ticket: String,
        /// Its box.
        place: PanelBox,
    },
    /// Give the panel another box.
    Place(PanelBox),
    /// Tell the frame page.
    Frame(AgentToFrame),
    /// Ask the worker to keep the place.
    SavePlace(PanelPlace),
    /// Warn before the page is left, or stop to.
    WarnBeforeLeaving(bool),
    /// Take the panel out of the page.
    Unmount,
    /// Ask the worker to put the page adapter in, and relay for it.
    InjectAdapter,
    /// Begin to watch the page for changes.
    Watch,
    /// Read the page as soon as it is idle.
    ReadSoon,
    /// Stop watching, and give up a reading that is under way.
    StopReading,
    /// Give the worker what was read.
    Send(Reading),
    /// Keep the browser from following the link that was clicked.
    HoldLink,
    /// Tell the worker of the number that was clicked.
    Dial {
        /// The number as the link has it.
        number: String,
        /// Whether to say what stands around it.
        with_row: bool,
        /// What the widget shall do with it.
        then: Dialling,
    },
    /// Offer `window.RCAdapter` to the page's own scripts.
    OfferPageApi,
    /// Take it back.
    EndPageApi,
    /// Tell the page's scripts how the widget stands now.
    PageState(PageState),
    /// Take everything out of the page and stop.
    Leave,
}

/// Where the widget stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Widget {
    /// Not there yet.
    #[default]
    None,
    /// Asked for.
    Coming(Adapter),
    /// There.
    Up(Adapter),
}

/// The state of one page.
#[derive(Clone, Debug, Default)]
pub struct Agent {
    config: Option<AgentConfig>,
    seen: bool,
    viewport: Option<Viewport>,
    widget: Widget,
    moving: Option<PanelPlace>,
    warns: bool,
    last_reading: Option<Reading>,
    gone: bool,
}

impl Agent {
    /// Returns what is to be done about an event. After [`Effect::Leave`] nothing ever is.
    pub fn on(&mut self, event: Event) -> Vec<Effect> {
        if self.gone {
            return Vec::new();
        }
        match event {
            Event::Configured(Some(config)) => self.configured(*config),
            Event::Configured(None) | Event::Orphaned => self.leave(),
            Event::Seen => {
                self.seen = true;
                self.put_in()
            }
            Event::Ticket(ticket) => self.mount(ticket),
            Event::Frame(said) => self.frame_said(said),
            Event::Resized(viewport) => {
                self.viewport = Some(viewport);
                self.placed()
            }
            Event::PageChanged if self.may_read() => vec![Effect::ReadSoon],
            Event::PageChanged => Vec::new(),
            Event::Read(reading) => self.read(reading),
            Event::LinkClicked { href } => self.link_clicked(&href),
            Event::Injected { ok } => {
                self.widget = if ok {
                    Widget::Up(Adapter::Page)
                } else {
                    Widget::None
                };
                Vec::new()
            }
            Event::PageApi(_) => Vec::new(),
        }
    }

    fn configured(&mut self, config: AgentConfig) -> Vec<Effect> {
        let mut effects = self.consent(config.read_contacts);
        let Some(before) = self.config.take() else {
            self.config = Some(config);
            effects.extend(self.put_in());
            return effects;
        };
        // Another widget needs another frame; the page adapter cannot be taken out of a page again.
        let other_widget =
            before.widget_origin != config.widget_origin || before.adapter != config.adapter;
        // What the user did here since the place was saved is newer than what was saved.
        self.config = Some(AgentConfig {
            place: before.place,
            ..config
        });
        if !other_widget || self.widget != Widget::Up(Adapter::Isolated) {
            return effects;
        }
        self.widget = Widget::None;
        effects.extend(self.stop_warning());
        effects.push(Effect::Unmount);
        effects.extend(self.put_in());
        effects
    }

    fn may_read(&self) -> bool {
        self.config
            .as_ref()
            .is_some_and(|config| config.read_contacts)
    }

    /// Without the user's consent the page is not looked at.
    fn consent(&mut self, given: bool) -> Vec<Effect> {
        match (self.may_read(), given) {
            (false, true) => vec![Effect::Watch, Effect::ReadSoon],
            (true, false) => {
                self.last_reading = None;
                vec![Effect::StopReading]
            }
            _ => Vec::new(),
        }
    }

    /// The widget comes when the tab is first seen, once.
    fn put_in(&mut self) -> Vec<Effect> {
        let Some(config) = &self.config else {
            return Vec::new();
        };
        if !self.seen || self.widget != Widget::None {
            return Vec::new();
        }
        self.widget = Widget::Coming(config.adapter);
        vec![match config.adapter {
            Adapter::Isolated => Effect::AskTicket,
            Adapter::Page => Effect::InjectAdapter,
            Adapter::Window => return Vec::new(),
        }]
    }

    fn mount(&mut self, ticket: String) -> Vec<Effect> {
        let Some(place) = self.panel_box() else {
            return Vec::new();
        };
        if self.widget != Widget::Coming(Adapter::Isolated) {
            return Vec::new();
        }
        self.widget = Widget::Up(Adapter::Isolated);
        vec![Effect::Mount { ticket, place }]
    }

    fn frame_said(&mut self, said: FrameToAgent) -> Vec<Effect> {
        let (Some(config), Some(viewport)) = (&self.config, self.viewport) else {
            return Vec::new();
        };
        let place = self.moving.unwrap_or(config.place);
        match said {
            FrameToAgent::Move { dx, dy } => {
                self.moving = Some(panel::moved(place, dx, dy, viewport));
                self.placed()
            }
            FrameToAgent::MoveEnd => match self.moving.take() {
                Some(place) => self.keep(place),
                None => Vec::new(),
            },
            FrameToAgent::Minimise { on } => self.minimise(on),
            FrameToAgent::Ring => self.minimise(false),
            FrameToAgent::BrowserCall { on } => {
                self.warns = on;
                vec![Effect::WarnBeforeLeaving(on)]
            }
            FrameToAgent::Silent | FrameToAgent::GiveUp | FrameToAgent::Presence { .. } => {
                Vec::new()
            }
        }
    }

    fn minimise(&mut self, on: bool) -> Vec<Effect> {
        let Some(config) = &self.config else {
            return Vec::new();
        };
        if config.place.minimised == on {
            return Vec::new();
        }
        let place = PanelPlace {
            minimised: on,
            ..config.place
        };
        let mut effects = self.keep(place);
        effects.push(Effect::Frame(AgentToFrame::Minimised { on }));
        effects
    }

    fn keep(&mut self, place: PanelPlace) -> Vec<Effect> {
        if let Some(config) = &mut self.config {
            config.place = place;
        }
        let mut effects = self.placed();
        effects.push(Effect::SavePlace(place));
        effects
    }

    fn placed(&self) -> Vec<Effect> {
        match (self.widget, self.panel_box()) {
            (Widget::Up(Adapter::Isolated), Some(place)) => vec![Effect::Place(place)],
            _ => Vec::new(),
        }
    }

    fn panel_box(&self) -> Option<PanelBox> {
        let place = self.moving.or_else(|| Some(self.config.as_ref()?.place))?;
        Some(panel::fit(place, self.viewport?))
    }

    /// A page often changes without showing anybody new; the worker is told only of what is new.
    fn read(&mut self, reading: Reading) -> Vec<Effect> {
        if !self.may_read() || self.last_reading.as_ref() == Some(&reading) {
            return Vec::new();
        }
        self.last_reading = Some(reading.clone());
        vec![Effect::Send(reading)]
    }

    /// A number is dialled once: by our own widget if it is up in this page, else by whoever takes the
    /// page's links; the worker learns of it all the same, for the row says who is meant.
    fn link_clicked(&mut self, href: &str) -> Vec<Effect> {
        if !self.config.as_ref().is_some_and(|it| it.mark_numbers) {
            return Vec::new();
        }
        let Some(number) = reader::dialled_by(href) else {
            return Vec::new();
        };
        let with_row = self.may_read();
        let dial = self.widget == Widget::Up(Adapter::Isolated);
        let mut effects = Vec::new();
        if dial {
            effects.push(Effect::HoldLink);
            effects.extend(self.minimise(false));
        }
        if dial || with_row {
            effects.push(Effect::Dial {
                number,
                with_row,
                then: if dial {
                    Dialling::Call
                } else {
                    Dialling::Nothing
                },
            });
        }
        effects
    }

    fn leave(&mut self) -> Vec<Effect> {
        self.gone = true;
        let mut effects = self.stop_warning();
        effects.push(Effect::Leave);
        effects
    }

    fn stop_warning(&mut self) -> Vec<Effect> {
        if std::mem::take(&mut self.warns) {
            vec![Effect::WarnBeforeLeaving(false)]
        } else {
            Vec::new()
        }
    }
}
