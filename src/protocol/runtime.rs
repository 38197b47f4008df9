//! The requests and replies between our own contexts.
//!
//! A request is a [`ToBackground`] and its reply a `Result<Reply, Refusal>`, both written by [`super::codec`].
//! Who may ask what follows from the sender (see `roles`), never from the text.
//! No reply at all means that the worker died on the way: the sender asks again, and every request is
//! written so that asking twice does what asking once does.
//! What the widget says, and what is said to it, passes through as the JSON it is: only the worker looks
//! inside.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use switchboard_rules::SiteRule;

use super::book::{
    AskUnlogged, ContactsOf, DeleteEntries, DismissUnlogged, EntryOf, EntryView, ForgetContacts,
    ListLogs, ListPeople, LogPage, LogUnlogged, MarkContact, MergeContacts, PeoplePage, PersonView,
    RepairEntry, SaveEntry, Unchoose, UnloggedOf, UnloggedView, WipeSite,
};
use super::codec;
use super::page::Reading;
use super::stored::{Adapter, GlobalSettings, Millis, Obstacle, PanelPlace, SiteId, WindowPlace};
use std::collections::BTreeMap;

/// A request to the worker, by who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToBackground {
    /// From a page agent.
    Agent(AgentRequest),
    /// From a frame page.
    Frame(FrameRequest),
    /// From the popup.
    Popup(PopupRequest),
    /// From the log book.
    Book(BookRequest),
}

/// What a page agent may ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AgentRequest {
    /// See [`AgentHello`].
    Hello(AgentHello),
    /// See [`TicketPlease`].
    Ticket(TicketPlease),
    /// See [`PageRead`].
    Read(PageRead),
    /// See [`SavePlace`].
    Place(SavePlace),
    /// See [`InjectAdapter`].
    Inject(InjectAdapter),
    /// See [`WidgetSaid`].
    Widget(WidgetSaid),
    /// See [`DialPlease`].
    Dial(DialPlease),
    /// See [`MetObstacle`].
    Obstacle(MetObstacle),
    /// See [`CallTold`].
    Call(CallTold),
    /// See [`WindowPlease`].
    Window(WindowPlease),
    /// See [`UnmountPlease`].
    Unmount(UnmountPlease),
    /// See [`DisposeAdapter`].
    Dispose(DisposeAdapter),
    /// See [`OfferPageApi`].
    OfferApi(OfferPageApi),
    /// See [`PageCalls`].
    Api(PageCalls),
}

/// What a frame page may ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FrameRequest {
    /// See [`OpenFrame`].
    Open(OpenFrame),
    /// See [`WidgetSaid`].
    Widget(WidgetSaid),
    /// See [`SaveWindow`].
    Window(SaveWindow),
    /// See [`NewWindow`].
    New(NewWindow),
}

/// What the popup may ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PopupRequest {
    /// See [`SiteViewOf`].
    View(SiteViewOf),
    /// See [`WantSite`].
    Want(WantSite),
    /// See [`TurnOn`].
    On(TurnOn),
    /// See [`TurnOff`].
    Off(TurnOff),
    /// See [`SaveSite`].
    Site(SaveSite),
    /// See [`SaveGlobal`].
    Global(SaveGlobal),
    /// See [`AnswerWelcome`].
    Welcome(AnswerWelcome),
    /// See [`ShowWindow`].
    Window(ShowWindow),
    /// See [`DeclineAdvice`].
    Decline(DeclineAdvice),
}

/// What the log book may ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BookRequest {
    /// See [`ListLogs`].
    List(ListLogs),
    /// See [`EntryOf`].
    Entry(EntryOf),
    /// See [`SaveEntry`].
    Save(SaveEntry),
    /// See [`DeleteEntries`].
    Delete(DeleteEntries),
    /// See [`RepairEntry`].
    Repair(RepairEntry),
    /// See [`UnloggedOf`].
    Unlogged(UnloggedOf),
    /// See [`AskUnlogged`].
    AskUnlogged(AskUnlogged),
    /// See [`LogUnlogged`].
    LogUnlogged(LogUnlogged),
    /// See [`DismissUnlogged`].
    DismissUnlogged(DismissUnlogged),
    /// See [`ListPeople`].
    People(ListPeople),
    /// See [`ContactsOf`].
    Person(ContactsOf),
    /// See [`ForgetContacts`].
    Forget(ForgetContacts),
    /// See [`MergeContacts`].
    Merge(MergeContacts),
    /// See [`MarkContact`].
    Mark(MarkContact),
    /// See [`WipeSite`].
    Wipe(WipeSite),
    /// See [`Unchoose`].
    Unchoose(Unchoose),
}

/// The requests of one kind of sender.
///
/// A sender links the code of its own requests alone: the page agent is loaded on every page.
pub trait By: Serialize + Into<ToBackground> {
    /// The index of its variant of [`ToBackground`].
    const INDEX: u8;
}

/// A request and the type of its reply.
pub trait Request: Clone + Into<Self::By> {
    /// Who asks it.
    type By: By;
    /// What the worker answers.
    type Reply: Serialize + DeserializeOwned;
}

/// Returns the text of a request, as [`ToBackground`] is read.
pub fn text_of<R: Request>(request: R) -> String {
    let request: R::By = request.into();
    let mut text = String::from(char::from(R::By::INDEX));
    text.push_str(&codec::encode(&request));
    text
}

/// Ties a request to its place in [`ToBackground`] and to its reply.
macro_rules! requests {
    ($($index:literal $context:ident($variants:ident): $($variant:ident($request:ty) -> $reply:ty),+ ;)+) => {
        $(
            impl From<$variants> for ToBackground {
                fn from(request: $variants) -> Self {
                    Self::$context(request)
                }
            }
            impl By for $variants {
                const INDEX: u8 = $index;
            }
            $(
                impl From<$request> for $variants {
                    fn from(request: $request) -> Self {
                        Self::$variant(request)
                    }
                }
                impl Request for $request {
                    type By = $variants;
                    type Reply = $reply;
                }
            )+
        )+
    };
}

requests! {
    0 Agent(AgentRequest):
        Hello(AgentHello) -> Option<AgentConfig>,
        Ticket(TicketPlease) -> String,
        Read(PageRead) -> (),
        Place(SavePlace) -> (),
        Inject(InjectAdapter) -> bool,
        Dial(DialPlease) -> bool,
        Obstacle(MetObstacle) -> Option<AgentConfig>,
        Call(CallTold) -> (),
        Window(WindowPlease) -> (),
        Unmount(UnmountPlease) -> bool,
        Dispose(DisposeAdapter) -> (),
        OfferApi(OfferPageApi) -> bool,
        Api(PageCalls) -> PageReply;
    1 Frame(FrameRequest):
        Open(OpenFrame) -> FrameConfig,
        Window(SaveWindow) -> (),
        New(NewWindow) -> ();
    2 Popup(PopupRequest):
        View(SiteViewOf) -> SiteView,
        Want(WantSite) -> (),
        On(TurnOn) -> SiteView,
        Off(TurnOff) -> SiteView,
        Site(SaveSite) -> SiteView,
        Global(SaveGlobal) -> SiteView,
        Welcome(AnswerWelcome) -> SiteView,
        Window(ShowWindow) -> SiteView,
        Decline(DeclineAdvice) -> SiteView;
    3 Book(BookRequest):
        List(ListLogs) -> LogPage,
        Entry(EntryOf) -> Option<EntryView>,
        Save(SaveEntry) -> Option<EntryView>,
        Delete(DeleteEntries) -> (),
        Repair(RepairEntry) -> Option<EntryView>,
        Unlogged(UnloggedOf) -> Vec<UnloggedView>,
        AskUnlogged(AskUnlogged) -> u32,
        LogUnlogged(LogUnlogged) -> u32,
        DismissUnlogged(DismissUnlogged) -> (),
        People(ListPeople) -> PeoplePage,
        Person(ContactsOf) -> Option<PersonView>,
        Forget(ForgetContacts) -> (),
        Merge(MergeContacts) -> (),
        Mark(MarkContact) -> (),
        Wipe(WipeSite) -> (),
        Unchoose(Unchoose) -> ();
}

/// Why the worker did not do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// The sender may not ask that, or the request cannot be read.
    NotAllowed,
    /// The ticket is used, too old or not for this tab.
    BadTicket,
    /// Storage failed; the text says at what, never with whose data.
    Storage(String),
}

// ---- page agent ----

/// A page agent has started, or the settings have changed.
/// Answered with `None` on a site that is not on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentHello {
    /// What the page agent knows of its page.
    pub page: PageFacts,
    /// Whether it has just started, rather than heard that settings changed.
    pub fresh: bool,
}

/// What a page agent knows of its page before it has put anything in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageFacts {
    /// Whether the agent runs as translated JavaScript because the page refuses wasm.
    pub translated: bool,
    /// Whether the page's policy forbids the microphone. Only Chromium says so, and only there it counts.
    pub no_microphone: bool,
    /// Whether the page is isolated from other origins (COOP and COEP), and takes no frame of theirs.
    pub isolated: bool,
}

/// What a page agent needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentConfig {
    /// The site it stands on.
    pub site: SiteId,
    /// How the widget is put in here: as the user wants it, or as the page lets it.
    pub adapter: Adapter,
    /// Whether the page's own scripts are offered `window.RCAdapter`.
    pub page_api: bool,
    /// Where the panel stands.
    pub place: PanelPlace,
    /// The origin of the widget.
    pub widget_origin: String,
    /// The rule for this site, if there is one.
    pub rule: Option<SiteRule>,
    /// Whether the user consents to the reading of this site's contacts.
    pub read_contacts: bool,
    /// Whether a click on a number dials it.
    pub mark_numbers: bool,
}

/// A ticket for one frame page, please.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketPlease {}

/// What the page shows now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRead {
    /// The people and companies.
    pub reading: Reading,
    /// The page's address at the time of reading.
    pub url: String,
}

/// The panel was moved, minimised or restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavePlace {
    /// Where it stands now.
    pub place: PanelPlace,
}

/// RingCentral's `adapter.js`, please; answered with whether the page took the script tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InjectAdapter {}

/// The most characters of a row's text that are told with a clicked number.
pub const MOST_ROW_TEXT: usize = 2_000;

/// The most links of a row that are told with it.
pub const MOST_ROW_LINKS: usize = 50;

/// The user clicked a number in the page.
///
/// Answered with whether a widget was there to dial it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DialPlease {
    /// The number as the page's link has it.
    pub number: String,
    /// The text of the row, card or section around it, at most [`MOST_ROW_TEXT`]: the person is looked
    /// for there. Empty without the user's consent to the reading of contacts.
    pub row: String,
    /// The addresses of the links in that row, absolute, at most [`MOST_ROW_LINKS`].
    pub links: Vec<String>,
    /// What the widget shall do with it.
    pub then: Dialling,
}

/// What the widget shall do with a number that was clicked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dialling {
    /// Nothing: whoever takes the page's links does it.
    #[default]
    Nothing,
    /// Call it.
    Call,
    /// Begin a text message to it, with this text.
    Text(String),
}

/// Something keeps the widget out of this page. Answered with what holds here from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetObstacle {
    /// What.
    pub obstacle: Obstacle,
    /// What the page agent knows of its page.
    pub page: PageFacts,
}

/// A call in this page's widget has begun or ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallTold {
    /// Whether there is one now.
    pub on: bool,
}

/// The widget's own window, please.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowPlease {
    /// Whether the user asked for it just now: then it is raised too. Else it is opened once per session of
    /// the browser, for who closes it does not want it back at every page.
    pub by_user: bool,
}

/// The page was not looked at for long and has no call: may its widget go?
/// Answered with whether another widget of the site, or the window, stays to hear the phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnmountPlease {}

/// Take RingCentral's adapter out of the page again, please.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisposeAdapter {}

/// Offer the page's own scripts `window.RCAdapter`, please; answered with whether it is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferPageApi {}

/// The page's own script called a method of `window.RCAdapter`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageCalls {
    /// Counts the calls of this page; the answer names it.
    pub call: u32,
    /// The method's name.
    pub method: String,
    /// Its arguments, as a JSON list.
    pub arguments: String,
    /// Whether the user has just done something in the page.
    pub gesture: bool,
}

/// What becomes of such a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageReply {
    /// It is done; there is nothing to answer.
    Done,
    /// The widget will answer, see [`FromBackground::PageAnswer`].
    Waits,
    /// It is not done; the text says why, in English, for the page's developer.
    Refused(String),
}

/// The widget said something that concerns the service.
///
/// It has the same shape from a frame page and from a page agent (page adapter); it is answered
/// with the messages to post to the widget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WidgetSaid {
    /// Its message as received, as JSON.
    pub message: String,
    /// Whether this is the first sign-in status since the widget booted: the moment to register.
    pub boot: bool,
}

/// [`WidgetSaid`] by a frame page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameWidgetSaid(pub WidgetSaid);

impl From<FrameWidgetSaid> for FrameRequest {
    fn from(said: FrameWidgetSaid) -> Self {
        Self::Widget(said.0)
    }
}

impl Request for FrameWidgetSaid {
    type By = FrameRequest;
    type Reply = Vec<String>;
}

/// [`WidgetSaid`] by a page agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentWidgetSaid(pub WidgetSaid);

impl From<AgentWidgetSaid> for AgentRequest {
    fn from(said: AgentWidgetSaid) -> Self {
        Self::Widget(said.0)
    }
}

impl Request for AgentWidgetSaid {
    type By = AgentRequest;
    type Reply = Vec<String>;
}

// ---- frame ----

/// A frame page wants to be admitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenFrame {
    /// The ticket from its own address.
    pub ticket: String,
}

/// What a frame page needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameConfig {
    /// The site it serves.
    pub site: SiteId,
    /// What to call the site.
    pub site_name: String,
    /// The widget's address, whole.
    pub widget_url: String,
    /// The widget's origin.
    pub widget_origin: String,
    /// Whether it is the window of its own, for all sites.
    pub window: bool,
    /// For the window: why it is there, and for which site.
    pub because: Option<(Obstacle, String)>,
}

/// Where the window stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveWindow {
    /// Its place and size.
    pub place: WindowPlace,
}

/// A frame page in a window that was not admitted, as one that the browser has restored: the user wants it
/// to be the phone. Another window is opened in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewWindow {}

/// From the frame page to its page agent, over the message port between them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FrameToAgent {
    /// The frame page is there: the browser did not refuse it to the page.
    Here,
    /// Move the panel by so many CSS pixels.
    Move {
        /// To the right.
        dx: i32,
        /// Down.
        dy: i32,
    },
    /// The move is over: remember the place.
    MoveEnd,
    /// The user minimised or restored the panel.
    Minimise {
        /// Whether only the header is to be shown.
        on: bool,
    },
    /// Somebody is calling: show the panel.
    Ring,
    /// A call in the browser has begun or ended: leaving the page would end it.
    BrowserCall {
        /// Whether there is one now.
        on: bool,
    },
    /// The widget has said nothing yet: is there anything in the page's headers that keeps it out?
    Silent,
    /// The user wants the window instead of a widget that does not start.
    GiveUp,
    /// The user's presence, in the widget's words, for `window.RCAdapter`.
    Presence {
        /// `telephonyStatus`.
        telephony: String,
        /// `userStatus`.
        user: String,
        /// `dndStatus`.
        dnd: String,
    },
}

/// From the page agent to its frame page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AgentToFrame {
    /// The panel is minimised or restored.
    Minimised {
        /// Whether only the header is shown.
        on: bool,
    },
}

/// From the worker to one frame page, or to the page agent of one tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FromBackground {
    /// Post these to the widget.
    Post {
        /// The messages, as JSON.
        messages: Vec<String>,
    },
    /// Show what waits for the user.
    Attention(Attention),
    /// Offer an invitation for the clipboard and as an e-mail.
    Invite(InviteOffer),
    /// The widget answered what the page asked of `window.RCAdapter`.
    PageAnswer {
        /// As [`PageCalls::call`].
        call: u32,
        /// The answer, as JSON.
        answer: String,
    },
}

/// What waits for the user, to be seen in the book.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attention {
    /// Calls that were made while no widget was up.
    pub unlogged: u32,
    /// Entries that failed.
    pub failed: u32,
}

/// An invitation to a meeting that the user has just scheduled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteOffer {
    /// The meeting's title.
    pub title: String,
    /// The whole text, for the clipboard.
    pub text: String,
    /// A `mailto:` address of a draft to the contacts in view.
    pub mailto: String,
    /// The names that the draft goes to.
    pub names: Vec<String>,
}

// ---- popup ----

/// The view of a site, please.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteViewOf {
    /// The address of the page, or the site itself.
    pub url: String,
    /// The tab it stands in, where the popup was opened over one.
    pub tab: Option<i32>,
    /// The browser's language, for a first guess at the region ("en-GB").
    pub language: String,
}

/// The user wants this site on; the browser is being asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantSite {
    /// As [`SiteViewOf`].
    pub view: SiteViewOf,
}

/// The browser has granted the site: turn it on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnOn {
    /// As [`SiteViewOf`].
    pub view: SiteViewOf,
}

/// Turn the site off and give the permission back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnOff {
    /// As [`SiteViewOf`].
    pub view: SiteViewOf,
}

/// The user changed settings of the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveSite {
    /// As [`SiteViewOf`].
    pub view: SiteViewOf,
    /// What the user wishes.
    pub wish: SiteWish,
}

/// What the user decides about one site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteWish {
    /// The region, two capitals.
    pub region: String,
    /// How the widget is put in.
    pub adapter: Adapter,
    /// Whether contacts may be read, listed and matched.
    pub read_contacts: bool,
    /// Whether a click on a number dials it.
    pub mark_numbers: bool,
    /// Parameters of the widget's address.
    pub widget_options: BTreeMap<String, String>,
    /// Whether the page's own scripts get `window.RCAdapter`.
    pub page_api: bool,
}

/// The user changed settings of all sites. What cannot be used is refused by `SiteView::problem`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveGlobal {
    /// As [`SiteViewOf`].
    pub view: SiteViewOf,
    /// The settings as the user wants them; revisions and `welcomed` are the worker's and ignored.
    pub global: GlobalSettings,
}

/// The question of the first run is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerWelcome {
    /// As [`SiteViewOf`].
    pub view: SiteViewOf,
    /// Whether calls and messages shall be logged by themselves.
    pub auto_log: bool,
}

/// The user wants the phone's own window; it is opened or raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowWindow {
    /// As [`SiteViewOf`].
    pub view: SiteViewOf,
}

/// The user does not want to be advised of the window on this site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclineAdvice {
    /// As [`SiteViewOf`].
    pub view: SiteViewOf,
}

/// Everything the popup shows.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that is shown or not"
)]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteView {
    /// The site; empty where Switchboard cannot work (a browser page, a file).
    pub site: SiteId,
    /// What to call it: the host, or the CRM's name and tenant.
    pub name: String,
    /// The match pattern to ask the browser for (`https://crm.example/*`).
    pub pattern: String,
    /// Whether it is on: wished by the user and granted by the browser.
    pub on: bool,
    /// What the user decided about this site; the region is a guess where it was never said.
    pub wish: SiteWish,
    /// What was read in this tab.
    pub read: Option<ReadView>,
    /// How many contacts of this site are kept.
    pub contacts_kept: u32,
    /// How many log entries there are in all.
    pub logs_kept: u32,
    /// What waits for the user in the book.
    pub attention: Attention,
    /// The global settings.
    pub global: GlobalSettings,
    /// Whether the question of the first run is still open.
    pub ask_welcome: bool,
    /// What is wrong, as a message key.
    pub problem: Option<String>,
    /// Whether the page agent runs as translated JavaScript here.
    pub translated: bool,
    /// The redirect URI to register with a client id of one's own.
    pub redirect_uri: String,
    /// The match pattern of the server that keeps recordings, voicemails and faxes.
    pub media_pattern: String,
    /// Whether files are to be downloaded from there, and the browser does not permit it.
    pub media_refused: bool,
    /// How the widget is put into the page of this tab.
    pub placed: Adapter,
    /// Why not as the user wants it.
    pub obstacle: Option<Obstacle>,
    /// Whether the window of its own is open.
    pub window_open: bool,
    /// How many calls were lost to pages that loaded again, where the window is to be advised for it.
    pub calls_lost: u32,
    /// Whether this package holds RingCentral's adapter as a choice.
    pub has_page_adapter: bool,
}

/// What was read in a tab.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadView {
    /// How many people and companies.
    pub contacts: u32,
    /// How many numbers they have.
    pub numbers: u32,
    /// The first few names.
    pub names: Vec<String>,
    /// When.
    pub at: Millis,
}
