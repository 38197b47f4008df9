//! What the service needs of the world: a store and a browser.
//!
//! The background crate implements both over the browser; [`super::memory`] is their twin for tests.

use std::fmt;

use crate::protocol::runtime::FromBackground;
use crate::protocol::stored::{
    Choice, Contact, Dialled, FrameId, FrameSession, LogEntry, Media, Message, Millis, Pending,
    PlannedEvent, Settings, SiteId, TabReport, Ticket, Typing, Unlogged, WidgetFacts, WindowPlace,
};

/// Storage failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError {
    /// What was being done, without anybody's data.
    pub doing: &'static str,
}

impl fmt::Display for StoreError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "storage failed while {}", self.doing)
    }
}

impl std::error::Error for StoreError {}

/// The result of a call of the store.
pub type Stored<T> = Result<T, StoreError>;

/// Lasting records, settings and short-lived facts.
///
/// An implementation guarantees:
/// - `update_log` and `update_settings` read, change and write with nothing in between, also when
///   several run at once, for the events of one call come from several tabs at the same moment;
/// - when `update_log` has returned, the entry survives a crash of the browser.
#[expect(
    async_fn_in_trait,
    reason = "everything runs on the one thread of the worker"
)]
pub trait Store {
    /// The settings; the defaults if there are none.
    async fn settings(&self) -> Stored<Settings>;
    /// Changes the settings and returns them.
    async fn update_settings(&self, change: impl FnOnce(&mut Settings)) -> Stored<Settings>;

    /// A contact.
    async fn contact(&self, site: &str, id: &str) -> Stored<Option<Contact>>;
    /// The contacts of a site, deleted ones too, in the order of their ids.
    async fn contacts(&self, site: &str) -> Stored<Vec<Contact>>;
    /// How many contacts a site has, deleted ones too.
    async fn count_contacts(&self, site: &str) -> Stored<u32>;
    /// The contacts that have one of these number keys.
    async fn contacts_with(&self, number_keys: &[String]) -> Stored<Vec<Contact>>;
    /// The contacts of a site that were read last, not the deleted ones; the latest first.
    async fn newest_contacts(&self, site: &str, limit: u32) -> Stored<Vec<Contact>>;
    /// The contacts of a site that changed at or after a time, deleted ones too.
    async fn contacts_changed(&self, site: &str, since: Millis) -> Stored<Vec<Contact>>;
    /// Writes contacts, replacing those of the same site and id.
    async fn put_contacts(&self, contacts: &[Contact]) -> Stored<()>;

    /// Whom the user chose for these number keys.
    async fn choices(&self, number_keys: &[String]) -> Stored<Vec<Choice>>;
    /// Remembers a choice.
    async fn put_choice(&self, choice: &Choice) -> Stored<()>;
    /// Forgets a choice.
    async fn drop_choice(&self, number_key: &str) -> Stored<()>;

    /// Messages by their ids; those that are not there are left out.
    async fn messages(&self, ids: &[String]) -> Stored<Vec<Message>>;
    /// The messages of a day entry, in no order.
    async fn messages_of(&self, entry: &str) -> Stored<Vec<Message>>;
    /// Writes messages, replacing those of the same id; durable when it returns.
    async fn put_messages(&self, messages: &[Message]) -> Stored<()>;

    /// The events of a site that begin at or after a time.
    async fn events(&self, site: &str, since: Millis) -> Stored<Vec<PlannedEvent>>;
    /// Writes events, replacing those of the same site and id.
    async fn put_events(&self, events: &[PlannedEvent]) -> Stored<()>;

    /// A log entry.
    async fn log(&self, key: &str) -> Stored<Option<LogEntry>>;
    /// Changes a log entry, or makes one, and returns it.
    async fn update_log(
        &self,
        key: &str,
        change: impl FnOnce(Option<LogEntry>) -> LogEntry,
    ) -> Stored<LogEntry>;
    /// The newest entries, older than `before` if given; newest first.
    async fn newest_logs(
        &self,
        before: Option<(Millis, String)>,
        limit: u32,
    ) -> Stored<Vec<LogEntry>>;
    /// The newest entries of a contact key, newest first.
    async fn logs_of_contact(&self, contact_key: &str, limit: u32) -> Stored<Vec<LogEntry>>;
    /// The entries that carry an alias, newest first.
    async fn logs_with_alias(&self, alias: &str) -> Stored<Vec<LogEntry>>;
    /// The entries that failed, newest first; those too that could not be written where the others are.
    async fn failed_logs(&self) -> Stored<Vec<LogEntry>>;
    /// Keeps an entry elsewhere, when the place for entries cannot be written.
    async fn park_log(&self, entry: &LogEntry) -> Stored<()>;
    /// Takes a parked entry; it is gone from there.
    async fn unpark_log(&self, key: &str) -> Stored<Option<LogEntry>>;
    /// How many entries there are.
    async fn count_logs(&self) -> Stored<u32>;

    /// Remembers a ticket.
    async fn put_ticket(&self, ticket: &str, value: &Ticket) -> Stored<()>;
    /// Takes a ticket: it is good once.
    async fn take_ticket(&self, ticket: &str) -> Stored<Option<Ticket>>;
    /// An admitted frame page.
    async fn frame(&self, tab: i32, frame: FrameId) -> Stored<Option<FrameSession>>;
    /// Admits a frame page.
    async fn put_frame(&self, tab: i32, frame: FrameId, session: &FrameSession) -> Stored<()>;
    /// The admitted frame pages of a site; some may be gone.
    async fn frames_of(&self, site: &str) -> Stored<Vec<(i32, FrameId)>>;
    /// Forgets a frame page that is gone.
    async fn drop_frame(&self, tab: i32, frame: FrameId) -> Stored<()>;
    /// What a tab's page agent last said.
    async fn tab_report(&self, tab: i32) -> Stored<Option<TabReport>>;
    /// Remembers it.
    async fn put_tab_report(&self, tab: i32, report: &TabReport) -> Stored<()>;
    /// What the page agents of a site last said, by tab; some tabs may be gone.
    async fn tab_reports(&self, site: &str) -> Stored<Vec<(i32, TabReport)>>;
    /// What is known of a site's widget.
    async fn widget_facts(&self, site: &str) -> Stored<WidgetFacts>;
    /// Changes it and returns it. What the widget says at once is heard side by side.
    async fn update_widget_facts(
        &self,
        site: &str,
        change: impl FnOnce(&mut WidgetFacts),
    ) -> Stored<WidgetFacts>;
    /// The calls that a site's widget knows and we do not.
    async fn unlogged(&self, site: &str) -> Stored<Option<Unlogged>>;
    /// Remembers them.
    async fn put_unlogged(&self, site: &str, unlogged: &Unlogged) -> Stored<()>;
    /// The number that was last clicked on a site.
    async fn dialled(&self, site: &str) -> Stored<Option<Dialled>>;
    /// Remembers it.
    async fn put_dialled(&self, site: &str, dialled: &Dialled) -> Stored<()>;
    /// Has a number wait for a widget; the place is a tab's id, or `None` for the window.
    async fn put_pending(&self, tab: Option<i32>, pending: &Pending) -> Stored<()>;
    /// Takes what waits for a widget; it is gone from there, whoever else asks.
    async fn take_pending(&self, tab: Option<i32>) -> Stored<Option<Pending>>;
    /// The form that was typed in last.
    async fn typing(&self) -> Stored<Option<Typing>>;
    /// Remembers it, or forgets it.
    async fn put_typing(&self, typing: Option<&Typing>) -> Stored<()>;
    /// Whether this is the first claim of a name since the browser started: several tabs say the same.
    async fn claim(&self, name: &str) -> Stored<bool>;
}

/// A content script registered with the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// Its id: the site's.
    pub id: SiteId,
    /// Where it runs.
    pub patterns: Vec<String>,
}

/// What a download may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaLimits {
    /// The most bytes.
    pub bytes: u32,
    /// The most milliseconds.
    pub ms: u32,
}

/// What the service does to the browser.
///
/// Nothing here can fail for the caller: a tab may be gone and a permission withdrawn at any moment,
/// and reconciliation makes it good at the next start.
#[expect(
    async_fn_in_trait,
    reason = "everything runs on the one thread of the worker"
)]
pub trait Browser {
    /// The match patterns that are granted.
    async fn granted(&self) -> Vec<String>;
    /// Gives a permission back.
    async fn release(&self, pattern: &str);
    /// The content scripts that are registered.
    async fn registered(&self) -> Vec<Registered>;
    /// Registers one.
    async fn register(&self, script: &Registered);
    /// Removes one.
    async fn unregister(&self, id: &str);
    /// Starts the content script in the tabs that show a page of this pattern.
    async fn start_in_open_tabs(&self, pattern: &str);
    /// Adds a script tag to the page of a tab, in the page's own world; whether the page took it.
    async fn add_script(&self, tab: i32, src: &str) -> bool;
    /// Has a frame page, or the page agent in frame 0, post messages (JSON) to its widget; whether it is still there.
    async fn post(&self, tab: i32, frame: FrameId, messages: &[String]) -> bool;
    /// Tells a frame page something that is not for its widget; whether it is still there.
    async fn tell_frame(&self, tab: i32, frame: FrameId, message: &FromBackground) -> bool;
    /// Downloads a file into the media store under a key, within a time and a size, and says how it went.
    /// `url` holds a token, which is kept nowhere.
    async fn keep_media(&self, url: &str, key: &str, limits: MediaLimits) -> Media;
    /// Removes a file from the media store.
    async fn drop_media(&self, key: &str);
    /// The day of a moment where the user is: "2026-11-20".
    fn day(&self, at: Millis) -> String;
    /// The short date of a moment where the user is, as a locale ("de-DE") writes it: "20.11.2026".
    fn short_date(&self, at: Millis, locale: &str) -> String;
    /// The offset of the user's clock from UTC at a moment, in minutes; positive east of Greenwich.
    fn offset_min(&self, at: Millis) -> i64;
    /// Shows a page: in its tab if it is open, else in a tab of the site, else in a new one.
    async fn show(&self, url: &str, pattern: Option<&str>);
    /// Runs RingCentral's way of taking its adapter out of a page.
    async fn dispose_adapter(&self, tab: i32);
    /// Puts the packaged `window.RCAdapter` into the page of a tab; whether it is there.
    async fn offer_page_api(&self, tab: i32) -> bool;
    /// Opens a page of ours as a window without a tab strip and returns its tab.
    async fn open_window(&self, page: &str, place: Option<WindowPlace>) -> Option<i32>;
    /// Brings the window of a tab to the front; whether the tab is there.
    async fn raise(&self, tab: i32) -> bool;
    /// Has the window of a tab ask for attention without taking the focus.
    async fn draw_attention(&self, tab: i32);
    /// Closes a tab.
    async fn close(&self, tab: i32);
    /// The tabs that are open, of those given.
    async fn open_tabs(&self, of: &[i32]) -> Vec<i32>;
    /// Tells our own pages that are open that something new is stored.
    fn announce(&self);
    /// Opens the log book at an entry.
    async fn open_book(&self, key: &str);
    /// A text in the user's language.
    fn text(&self, key: &str, values: &[&str]) -> String;
    /// The address of our icon.
    fn icon(&self) -> String;
    /// The time.
    fn now(&self) -> Millis;
    /// A text that nobody can guess.
    fn secret(&self) -> String;
}
