//! What storage holds: contacts and log entries in IndexedDB, settings in `storage.local`,
//! short-lived facts about frames and tabs in `storage.session`.
//!
//! Every field has a default, so that a record written by an older version is read by a newer one,
//! and a field this version does not know never makes a record unreadable.
//! `tests/stored/` keeps one frozen record of each kind per version.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::page::{PageContact, PhoneKind};

/// The version of the IndexedDB schema: object stores and indexes.
pub const DATABASE_VERSION: u32 = 2;

/// The version of [`Settings`].
pub const SETTINGS_VERSION: u32 = 3;

/// Where the widget is loaded from until somebody says otherwise.
/// Source: RingCentral Embeddable's own documentation.
pub const DEFAULT_WIDGET_BASE: &str =
    "https://apps.ringcentral.com/integration/ringcentral-embeddable/latest";

/// What [`GlobalSettings::media_limit_mb`] may be: a file is held in memory while it is downloaded.
pub const MEDIA_LIMIT_MB: RangeInclusive<u32> = 1..=200;

/// What [`GlobalSettings::list_limit`] may be: the widget holds its whole list in memory.
pub const LIST_LIMIT: RangeInclusive<u32> = 100..=20_000;

/// Milliseconds since 1970, UTC.
pub type Millis = i64;

/// The browser's id of a frame in its tab; 0 is the top document. Firefox's exceed 32 bits (seen in ESR 153).
pub type FrameId = i64;

/// A site: an origin (`https://crm.example`), or the group of hosts that a site rule declares.
pub type SiteId = String;

/// A contact of one site, merged over all readings.
///
/// Key in the store: `[site, id]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and stored by its name"
)]
pub struct Contact {
    /// The site it was read on.
    pub site: SiteId,
    /// Stable within the site; see `directory::id_of`.
    pub id: String,
    /// The name as shown.
    pub name: String,
    /// Every number known.
    pub phones: Vec<Phone>,
    /// Every e-mail address known.
    pub emails: Vec<String>,
    /// The company.
    pub company: Option<String>,
    /// The job title.
    pub job_title: Option<String>,
    /// Absolute address of a picture.
    pub avatar: Option<String>,
    /// Absolute address of the record.
    pub url: Option<String>,
    /// Whether this is an organisation rather than a person.
    pub organisation: bool,
    /// When it was last seen on a page.
    pub read_at: Millis,
    /// The page it was last seen on.
    pub read_from: String,
    /// When any of the above last changed, `read_at` and `read_from` aside.
    pub changed_at: Millis,
    /// Forgotten by the user, merged into another or wiped with its site; kept so that the widget can be told.
    pub deleted: bool,
    /// The contact that it was merged into, as a duplicate.
    pub merged_into: Option<String>,
    /// The ids of the contacts that were merged into it.
    pub merged: Vec<String>,
    /// Whether a new reading brings a deleted contact back: it was wiped with its site, not forgotten by name.
    pub returns: bool,
    /// Whether the user made it, in the form of a log: then it was never on a page.
    pub own: bool,
    /// What the user says about being contacted; `None` leaves it to the page.
    pub do_not_contact: Option<bool>,
    /// Whether the page says that this contact does not want to be contacted.
    pub page_says_no: bool,
    /// What the number index holds: `<site> <number key>` for each number; for one that the user forgot
    /// `<site> gone <mark>`, by which it is known again and nobody else is.
    pub number_keys: Vec<String>,
}

/// A number of a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Phone {
    /// As the page writes it.
    pub raw: String,
    /// In E.164 ("+442079460321"), where the number can be understood.
    pub e164: Option<String>,
    /// Its extension, digits only.
    pub extension: Option<String>,
    /// What it is for.
    pub kind: PhoneKind,
}

impl Contact {
    /// Whether this contact is not to be called or written to: the user's word, else the page's.
    pub fn says_no(&self) -> bool {
        self.do_not_contact.unwrap_or(self.page_says_no)
    }
}

/// Whom the user chose for a number that several contacts share.
///
/// Key in the store: `number`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choice {
    /// `<site> <number key>`, as in [`Contact::number_keys`].
    pub number: String,
    /// The contact's id on that site.
    pub contact: String,
    /// When the user chose.
    pub at: Millis,
}

/// What a log entry is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogKind {
    /// One call, by session id.
    #[default]
    Call,
    /// One day of a conversation.
    Messages,
    /// One meeting.
    Meeting,
}

/// Which way a call went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Somebody called the user.
    #[default]
    Inbound,
    /// The user called somebody.
    Outbound,
}

/// How far a call has come, in the order in which a later one knows more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Ringing or being dialled.
    #[default]
    Ringing,
    /// People are talking, or one is on hold.
    Connected,
    /// Over, as the widget saw it.
    Ended,
    /// As the server's call log states it.
    Recorded,
}

/// Whether an entry is what it should be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogState {
    /// Durable.
    #[default]
    Saved,
    /// Kept, but something is wrong with it; the text is a message key.
    Failed(String),
    /// Typed into the widget's own form and not saved yet: it does not count as logged.
    Draft,
    /// A meeting that is to come.
    Planned,
    /// Deleted by the user. What is kept of it is its key, so that a late event does not bring it back.
    Deleted,
}

/// What kind of messages a day entry holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageKind {
    /// Text messages, those with pictures among them.
    #[default]
    Sms,
    /// Messages inside the company.
    Pager,
    /// A voicemail.
    Voicemail,
    /// A fax.
    Fax,
}

/// One message, as it is kept.
///
/// Key in the store: `id`. Messages are kept one by one; a day entry is a view of those that name it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Message {
    /// RingCentral's message id.
    pub id: String,
    /// RingCentral's conversation id; the message id for a voicemail or a fax.
    pub conversation: String,
    /// The key of the day entry it stands in; it never changes, wherever the user travels.
    pub entry: String,
    /// What it is.
    pub kind: MessageKind,
    /// Which way it went.
    pub direction: Direction,
    /// When it was made.
    pub at: Millis,
    /// When RingCentral last changed it.
    pub changed_at: Millis,
    /// What it says; for a voicemail what was understood of it.
    pub text: String,
    /// Who sent it.
    pub from: Party,
    /// To whom.
    pub to: Vec<Party>,
    /// RingCentral's word for how it fared (`Received`, `Delivered`, `SendingFailed`).
    pub status: String,
    /// Files.
    pub attachments: Vec<Attachment>,
}

/// One side of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Party {
    /// The number, or the extension inside the company.
    pub number: String,
    /// The name as RingCentral states it.
    pub name: String,
}

/// A file of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attachment {
    /// RingCentral's id.
    pub id: String,
    /// Its content type ("audio/mpeg").
    pub kind: String,
    /// Its file name, where there is one.
    pub name: String,
    /// A page that shows it after a sign-in; it holds no token.
    pub link: Option<String>,
    /// The file's address, without a token.
    pub uri: Option<String>,
}

/// A file that was downloaded while its token was good, or that could not be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Media {
    /// The id of the recording or attachment.
    pub id: String,
    /// The key of the file in the media store.
    pub key: String,
    /// Its content type.
    pub kind: String,
    /// Its length in bytes.
    pub bytes: u32,
    /// How it went.
    pub state: MediaState,
}

/// Whether a file is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaState {
    /// It is in the media store.
    #[default]
    Kept,
    /// The server no longer took its token.
    Expired,
    /// It is larger than the user allows.
    TooLarge,
    /// The browser does not permit the server's address.
    NotAllowed,
    /// The server or the network failed, or took too long.
    Failed,
}

/// An event that a page stated.
///
/// Key in the store: `[site, id]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlannedEvent {
    /// The site it was read on.
    pub site: SiteId,
    /// Its address, else its title and beginning.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its beginning.
    pub starts_at: Millis,
    /// Its end.
    pub ends_at: Millis,
    /// Where it is; an address with `/join/` can be joined from the widget.
    pub location: String,
    /// Absolute address of its own page.
    pub url: String,
    /// When it was last read.
    pub read_at: Millis,
}

/// Why a contact was taken for the person of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Entries of older versions do not say.
    #[default]
    Unsaid,
    /// The user chose this person for this entry.
    Chosen,
    /// The user chose this person for this number before.
    ChosenBefore,
    /// Nobody else of this site has the number.
    OnlyOne,
    /// The widget named this person.
    Widget,
    /// The person's record was open.
    RecordOpen,
    /// The user clicked the number in the person's row.
    RowClicked,
    /// The last call with the number was with this person.
    LastCall,
    /// The person was read last.
    LatestReading,
}

/// A call, a day of messages or a meeting, as it is kept.
///
/// Key in the store: `key`, `call:<session id>` for a call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogEntry {
    /// The idempotency key: the same call always has the same.
    pub key: String,
    /// What it is about.
    pub kind: LogKind,
    /// RingCentral's session id, the key of its log requests and matchers.
    pub session_id: String,
    /// RingCentral's telephony session id (`s-…`), the key of its phone events.
    pub telephony_session_id: Option<String>,
    /// When it began, or is to begin.
    pub started_at: Millis,
    /// How long it lasted, in seconds, once that is known.
    pub duration_s: Option<u32>,
    /// Which way it went.
    pub direction: Direction,
    /// How far it has come.
    pub stage: Stage,
    /// The widget's word for the outcome ("Accepted", "Missed", "Disconnected").
    pub result: String,
    /// The other side's number as the widget gives it.
    pub number: String,
    /// The name that the phone network gave for it.
    pub caller_name: String,
    /// The contact, per site.
    pub links: BTreeMap<SiteId, ContactLink>,
    /// The site whose contact stands for all of them where only one can be shown: that on which the user chose
    /// last, else the likeliest for a widget that serves several sites. Empty where nothing says so.
    pub foremost: SiteId,
    /// The sites on which the user said that it was nobody.
    pub nobody: Vec<SiteId>,
    /// The user's note.
    pub note: String,
    /// What the user calls it; empty for the words made from its facts.
    pub subject: String,
    /// What the user says came of it; one of `form::OUTCOMES`, or empty.
    pub outcome: String,
    /// The title of a meeting.
    pub title: String,
    /// Where a meeting is joined.
    pub location: String,
    /// The text of a meeting's invitation.
    pub details: String,
    /// RingCentral's conversation id, of a day of messages.
    pub conversation: String,
    /// What kind of messages it holds.
    pub message_kind: MessageKind,
    /// How many messages stood in it when it was last written.
    pub message_count: u32,
    /// The beginning of its newest message.
    pub preview: String,
    /// The conversation's id, and every log id that the widget has used for this day; the alias index.
    pub aliases: Vec<String>,
    /// Files that were downloaded for it.
    pub media: Vec<Media>,
    /// The recording, once there is one.
    pub recording: Option<Recording>,
    /// Notes the widget's assistant wrote.
    pub ai_note: Option<String>,
    /// What was said.
    pub transcript: Option<String>,
    /// The widget's own latest words about it, without tokens.
    pub payload: Value,
    /// The events that built it, oldest first.
    pub timeline: Vec<TimelineEvent>,
    /// Whether it is as it should be.
    pub state: LogState,
    /// When it was last written.
    pub updated_at: Millis,
    /// What the contact index holds: `<site> <contact id>` for each link.
    pub contact_keys: Vec<String>,
}

/// The contact of a log entry, on one site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactLink {
    /// The contact's id on that site.
    pub id: String,
    /// Its name when it was linked, for the day when the contact is gone.
    pub name: String,
    /// Whether the user chose it (then nothing but the user changes it).
    pub chosen: bool,
    /// Why this one.
    pub why: Why,
}

/// Where a recording can be heard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recording {
    /// RingCentral's id.
    pub id: String,
    /// A page that plays it after a sign-in; it holds no token.
    pub link: Option<String>,
    /// The media's address, without a token.
    pub content_uri: Option<String>,
}

/// One event of a log entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TimelineEvent {
    /// When it reached us.
    pub at: Millis,
    /// The widget's trigger type (`presenceUpdate`, `logForm`).
    pub trigger: String,
    /// The widget's word for the state of the call.
    pub result: String,
    /// The site whose widget said it.
    pub site: SiteId,
}

/// Everything the user decides.
///
/// Key in `storage.local`: `settings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// See [`SETTINGS_VERSION`].
    pub version: u32,
    /// What holds everywhere.
    pub global: GlobalSettings,
    /// What holds on one site.
    pub sites: BTreeMap<SiteId, SiteSettings>,
    /// What holds in the widget's own window.
    pub window: WindowSettings,
    /// A site the user asked to turn on, until the browser has granted it.
    pub wanted: Option<WantedSite>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: SETTINGS_VERSION,
            global: GlobalSettings::default(),
            sites: BTreeMap::new(),
            window: WindowSettings::default(),
            wanted: None,
        }
    }
}

impl Settings {
    /// Settings of any version, as this version means them.
    #[must_use]
    pub fn upgraded(mut self) -> Self {
        if self.version < 2 {
            // Version 1 asked about calls alone; who did not want these logged does not want messages logged.
            self.global.auto_log_messages = self.global.auto_log_calls;
        }
        if self.version < 3 {
            // Whoever has said nothing about several tabs gets what is the default since.
            for (name, value) in default_options() {
                self.global.widget_options.entry(name).or_insert(value);
            }
        }
        self.version = self.version.max(SETTINGS_VERSION);
        self
    }
}

/// A site that waits for the browser's permission.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WantedSite {
    /// The site.
    pub site: SiteId,
    /// The match pattern that was asked for.
    pub pattern: String,
    /// When.
    pub at: Millis,
}

/// Settings of all sites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, and stored by its name"
)]
pub struct GlobalSettings {
    /// The folder of the widget's `app.html` and `adapter.js`, without a slash at the end.
    pub widget_base: String,
    /// The RingCentral app's client id; empty for the widget's own.
    pub client_id: String,
    /// The RingCentral server; empty for the widget's own.
    pub app_server: String,
    /// Whether calls are logged by themselves.
    pub auto_log_calls: bool,
    /// Counts the user's choices of `auto_log_calls`, wherever they were made.
    pub auto_log_revision: u32,
    /// Whether messages are logged by themselves.
    pub auto_log_messages: bool,
    /// Counts the user's choices of `auto_log_messages`.
    pub auto_log_messages_revision: u32,
    /// What the log button opens.
    pub log_form: LogForm,
    /// Whether the form opens by itself when a call is over.
    pub ask_for_notes: bool,
    /// Whether a known caller's record opens when it rings.
    pub open_on_ring: bool,
    /// Whether it opens when the user answers.
    pub open_on_answer: bool,
    /// Whether it opens when the user calls.
    pub open_on_outgoing: bool,
    /// Whether a contact that wants no contact is refused; else the user is asked.
    pub refuse_do_not_contact: bool,
    /// Whether the user is asked before a premium-rate number is called.
    pub confirm_premium: bool,
    /// Whether the user is asked before a number of another country is called.
    pub confirm_international: bool,
    /// Whether recordings are downloaded: the widget then puts an access token into their address.
    pub recordings_with_token: bool,
    /// Whether voicemails and faxes are.
    pub attachments_with_token: bool,
    /// The largest file that is kept, in megabytes.
    pub media_limit_mb: u32,
    /// The most contacts that the widget's list holds.
    pub list_limit: u32,
    /// Parameters of the widget's address, by name; see `widget_options`.
    pub widget_options: BTreeMap<String, String>,
    /// Whether the question of the first run has been answered.
    pub welcomed: bool,
}

impl Default for GlobalSettings {
    fn default() -> Self {
        Self {
            widget_base: DEFAULT_WIDGET_BASE.to_owned(),
            client_id: String::new(),
            app_server: String::new(),
            auto_log_calls: true,
            auto_log_revision: 0,
            auto_log_messages: true,
            auto_log_messages_revision: 0,
            log_form: LogForm::Page,
            ask_for_notes: false,
            open_on_ring: false,
            open_on_answer: false,
            open_on_outgoing: false,
            refuse_do_not_contact: true,
            confirm_premium: true,
            confirm_international: false,
            recordings_with_token: false,
            attachments_with_token: false,
            media_limit_mb: 25,
            list_limit: 5_000,
            widget_options: default_options(),
            welcomed: false,
        }
    }
}

/// A CRM is open in many tabs, and RingCentral lets an extension be registered for browser calls five times:
/// the widgets of one site share one registration. See ADR 14.
fn default_options() -> BTreeMap<String, String> {
    [("multipleTabsSupport".to_owned(), "1".to_owned())].into()
}

impl GlobalSettings {
    /// Whether files are downloaded from RingCentral's media server.
    pub fn downloads(&self) -> bool {
        self.recordings_with_token || self.attachments_with_token
    }
}

/// What the widget's log button opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogForm {
    /// Our form on the widget's log page; the call is logged at once.
    #[default]
    Page,
    /// The widget's own form (`showLogModal`); the call is logged when it is saved.
    Modal,
}

/// Settings of one site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, and stored by its name"
)]
pub struct SiteSettings {
    /// Whether the user turned it on.
    pub enabled: bool,
    /// The match patterns that the browser granted for it (`https://crm.example/*`).
    pub patterns: Vec<String>,
    /// How the widget is put in.
    pub adapter: Adapter,
    /// The country of numbers written without one: ISO 3166, two capitals; empty while unknown.
    pub region: String,
    /// Where the panel stands.
    pub place: PanelPlace,
    /// The `auto_log_revision` that this site's widget has been told.
    pub auto_log_told: u32,
    /// The `auto_log_messages_revision` that it has been told.
    pub auto_log_messages_told: u32,
    /// The user's consent to read this site's contacts, and to list and match them.
    pub read_contacts: bool,
    /// Whether numbers in the page can be dialled by a click.
    pub mark_numbers: bool,
    /// Parameters of the widget's address on this site; they win over the global ones.
    pub widget_options: BTreeMap<String, String>,
    /// Whether the page's own scripts get `window.RCAdapter` although the widget is not in the page's world.
    pub page_api: bool,
    /// How many calls in the browser ended because the page was loaded again.
    pub calls_lost: u32,
    /// Whether the user does not want to be advised of the window on this site.
    pub advice_declined: bool,
}

impl Default for SiteSettings {
    fn default() -> Self {
        Self {
            enabled: false,
            patterns: Vec::new(),
            adapter: Adapter::default(),
            region: String::new(),
            place: PanelPlace::default(),
            auto_log_told: 0,
            auto_log_messages_told: 0,
            // The switch that turns a site on is the consent, and says so.
            read_contacts: true,
            mark_numbers: true,
            widget_options: BTreeMap::new(),
            page_api: false,
            calls_lost: 0,
            advice_declined: false,
        }
    }
}

/// Settings of the widget's own window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WindowSettings {
    /// Where it stood last.
    pub place: Option<WindowPlace>,
    /// As [`SiteSettings::auto_log_told`].
    pub auto_log_told: u32,
    /// As [`SiteSettings::auto_log_messages_told`].
    pub auto_log_messages_told: u32,
}

/// Where a window stands on the screen and how big it is, in the screen's CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WindowPlace {
    /// From the left edge of the screens; negative on one that stands left of the first.
    pub left: i32,
    /// From the upper edge.
    pub top: i32,
    /// Its whole width.
    pub width: i32,
    /// Its whole height.
    pub height: i32,
}

/// How the widget is put into the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Adapter {
    /// Our own frame, out of the page's reach.
    #[default]
    Isolated,
    /// RingCentral's `adapter.js`, in the page's own world.
    Page,
    /// Our frame page in a window of its own, which serves all sites.
    Window,
}

/// Why the widget does not stand where the user wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// The page forbids the microphone to its frames (Permissions-Policy).
    Microphone,
    /// The page takes no frames of other sites (COEP).
    Embedder,
    /// The page refuses RingCentral's script (content security policy, Trusted Types, COEP).
    Script,
    /// The page took the script and refuses the frame that it makes.
    Frame,
    /// The page keeps taking our panel out.
    Removed,
    /// The widget did not start, and the user chose the window instead.
    Silent,
    /// This package comes without RingCentral's script, as a store demands.
    NotPackaged,
}

/// Where the panel stands: distances from the right and lower edge of the viewport, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PanelPlace {
    /// From the right edge.
    pub right: i32,
    /// From the lower edge.
    pub bottom: i32,
    /// Whether only the header is shown.
    pub minimised: bool,
}

impl Default for PanelPlace {
    fn default() -> Self {
        Self {
            right: 24,
            bottom: 24,
            minimised: false,
        }
    }
}

/// A frame page that was admitted.
///
/// Key in `storage.session`: `frame:<tab>:<frame>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FrameSession {
    /// The site it serves, or the window.
    pub site: SiteId,
    /// Whether its widget is signed in and takes numbers.
    pub ready: bool,
}

/// A frame page that may come.
///
/// Key in `storage.session`: `ticket:<ticket>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ticket {
    /// The tab whose page agent asked for it.
    pub tab: i32,
    /// The site it is for.
    pub site: SiteId,
    /// When it was given.
    pub at: Millis,
    /// For the window: why it is opened, and for which site.
    pub because: Option<(Obstacle, SiteId)>,
}

/// The most contacts of a page that are remembered as being in view.
pub const MOST_IN_VIEW: usize = 50;

/// A number that the user clicked in a page.
///
/// Key in `storage.session`: `dialled:<site>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dialled {
    /// As [`Choice::number`].
    pub number: String,
    /// The contact in whose row it stood; empty where the row says nobody.
    pub contact: String,
    /// When.
    pub at: Millis,
}

/// What is known of the widget of a site for as long as the browser runs.
///
/// Key in `storage.session`: `widget:<site>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WidgetFacts {
    /// Its locale ("en-US"): it writes dates by it.
    pub locale: String,
    /// Who is signed in; empty for nobody.
    pub login_number: String,
    /// What keeps the widget out of this site's pages, where it did so once.
    pub obstacle: Option<Obstacle>,
    /// When the window was last asked of the browser.
    pub opened_at: Millis,
    /// The sites whose contacts its list holds.
    pub listed: Vec<SiteId>,
    /// Since when it is these.
    pub listed_at: Millis,
}

/// A number that waits for a widget to dial it.
///
/// Key in `storage.session`: `pending:<tab>` for the widget in a tab, `pending:window` for the window's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pending {
    /// The message for the widget, as JSON.
    pub message: String,
    /// When the user clicked.
    pub at: Millis,
}

/// The form that the user was typing in when it was last heard of.
///
/// Key in `storage.local`: `typing`. It outlives an update of the extension, which `storage.session` does not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Typing {
    /// The entry's key.
    pub key: String,
    /// The site whose widget it was.
    pub site: SiteId,
    /// The tab it stood in.
    pub tab: i32,
    /// When something was typed last.
    pub at: Millis,
}

/// Calls that the widget knows and we do not.
///
/// Key in `storage.session`: `unlogged:<site>`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Unlogged {
    /// The calls as the widget gave them, without tokens, newest first.
    pub calls: Vec<Value>,
    /// When it was asked.
    pub at: Millis,
    /// Whether the user does not want to be reminded of them.
    pub dismissed: bool,
}

/// What a tab's page agent last said.
///
/// Key in `storage.session`: `tab:<tab>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TabReport {
    /// The site.
    pub site: SiteId,
    /// How many people and companies the page shows.
    pub contacts: u32,
    /// How many numbers they have.
    pub numbers: u32,
    /// The first few names, for the popup.
    pub names: Vec<String>,
    /// When it was read.
    pub at: Millis,
    /// The page that was read.
    pub url: String,
    /// The ids of the contacts it shows, at most [`MOST_IN_VIEW`].
    pub in_view: Vec<String>,
    /// The id of the contact whose record it is.
    pub open_record: Option<String>,
    /// Whether the page agent had to run as translated JavaScript.
    pub translated: bool,
    /// How the widget is put in there.
    pub placed: Adapter,
    /// Why not as the user wants it.
    pub obstacle: Option<Obstacle>,
    /// Whether a call runs in this tab's widget.
    pub in_call: bool,
}

impl From<&PageContact> for Contact {
    fn from(page: &PageContact) -> Self {
        Self {
            name: page.name.clone(),
            emails: page.emails.clone(),
            company: page.company.clone(),
            job_title: page.job_title.clone(),
            avatar: page.avatar.clone(),
            url: page.url.clone(),
            organisation: page.organisation,
            ..Self::default()
        }
    }
}
