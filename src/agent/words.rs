//! What happens in a page, and what can be done about it.

use crate::panel::{PanelBox, Viewport};
use crate::protocol::page::Reading;
use crate::protocol::runtime::{AgentConfig, AgentToFrame, Dialling, FrameToAgent};
use crate::protocol::stored::{Millis, Obstacle, PanelPlace};

/// Something happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The worker told what holds here; `None` means that the site is off.
    Configured(Option<Box<AgentConfig>>),
    /// The tab is seen by the user.
    Seen,
    /// It is not seen any more.
    Hidden,
    /// The page was put back as it had been left, out of the back/forward cache.
    Returned,
    /// It is now so late; told every few seconds, and less often while the tab is hidden.
    Clock {
        /// The time.
        at: Millis,
        /// Whether the page has loaded whole.
        loaded: bool,
    },
    /// The worker said whether the widget of a tab that was not seen for long may go.
    MayUnmount(bool),
    /// The worker gave a ticket for a frame page.
    Ticket(String),
    /// The frame page said something.
    Frame(FrameToAgent),
    /// The page took our panel out or moved it, or its frame was loaded again: it is dead.
    PanelLost {
        /// When.
        at: Millis,
    },
    /// The page's headers have been looked at.
    Embedder {
        /// The one that says which frames of other sites may stand in it (COEP).
        policy: String,
    },
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
    /// The page refused the frame that the page adapter makes.
    AdapterRefused,
    /// The page adapter's widget said something, for the first time or about its boot.
    AdapterSpoke {
        /// Whether it has booted just now.
        boot: bool,
    },
    /// The page adapter shows its header alone, or all.
    AdapterMinimised(bool),
    /// The page adapter has been taken out.
    AdapterDisposed,
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
        /// Whether it is its header alone.
        minimised: bool,
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
    /// See that nothing of the page covers the panel.
    Raise,
    /// Ask the worker whether the widget of this tab may go.
    AskUnmount,
    /// Ask the page's own server which frames of other sites it takes.
    AskEmbedder,
    /// Tell the worker what keeps the widget out.
    MetObstacle(Obstacle),
    /// Tell the worker that a call has begun or ended.
    TellCall {
        /// Whether there is one now.
        on: bool,
    },
    /// Ask the worker for the widget's own window.
    AskWindow {
        /// Whether the user asked for it just now.
        by_user: bool,
    },
    /// Ask the worker to put the page adapter in, and relay for it.
    InjectAdapter,
    /// Have the page adapter taken out, and stop relaying.
    DisposeAdapter,
    /// Have the page adapter show its header alone, or all.
    MinimiseAdapter(bool),
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
