//! What storage holds: contacts and log entries in IndexedDB, settings in `storage.local`,
//! short-lived facts about frames and tabs in `storage.session`.
//!
//! Every field has a default, so that a record written by an older version is read by a newer one,
//! and a field this version does not know never makes a record unreadable.
//! `tests/stored/` keeps one frozen record of each kind per version.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::page::{PageContact, PhoneKind};

/// The version of the IndexedDB schema: object stores and indexes.
pub const DATABASE_VERSION: u32 = 1;

/// The version of [`Settings`].
pub const SETTINGS_VERSION: u32 = 1;

/// Where the widget is loaded from until somebody says otherwise.
/// Source: RingCentral Embeddable's own documentation.
pub const DEFAULT_WIDGET_BASE: &str =
    "https://apps.ringcentral.com/integration/ringcentral-embeddable/latest";

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
    /// Forgotten by the user; kept so that the widget can be told.
    pub deleted: bool,
    /// What the number index holds: `<site> <number key>` for each number.
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
    /// When it began.
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
    /// The user's note.
    pub note: String,
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
    /// A site the user asked to turn on, until the browser has granted it.
    pub wanted: Option<WantedSite>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: SETTINGS_VERSION,
            global: GlobalSettings::default(),
            sites: BTreeMap::new(),
            wanted: None,
        }
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
            welcomed: false,
        }
    }
}

/// Settings of one site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
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
    /// The site it serves.
    pub site: SiteId,
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
    /// Whether the page agent had to run as translated JavaScript.
    pub translated: bool,
    /// What went wrong with the adapter, as a message key.
    pub trouble: Option<String>,
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
