//! The telephone company: one account, its calls, messages and meetings, their records and recordings.
//!
//! Every signed-in widget sees the same, as it is when one person has two tabs open on two sites.
//! What a widget says about it is its own affair ([`crate::widget`]).
//!
//! [`media`] what can be listened to, and who may; [`messages`] texts, voicemails, faxes; [`meetings`] video meetings.

pub mod media;
pub mod meetings;
pub mod messages;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::clock::{Clock, Pace, iso};
use crate::json::put;
use crate::partition::lock;
use media::Tokens;
pub use media::{ACCESS_TOKEN, Media};
pub use meetings::{Meeting, PastMeeting};
pub use messages::{Message, MessageKind, PastMessage};

/// The name of the person whose phone this is.
pub const USER_NAME: &str = "Sam Rivera";
/// The account's main number.
pub const MAIN_NUMBER: &str = "+16505550100";
/// The person's own number.
pub const OWN_NUMBER: &str = "+16505550101";
/// The person's own extension.
pub const OWN_EXTENSION: &str = "101";
const EXTENSION_ID: &str = "9200000101";
const ACCOUNT_ID: &str = "9200000001";
const API: &str = "https://platform.example-phone.test/restapi/v1.0/account/9200000001";

/// Which way a call goes, seen from the person whose phone this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Somebody calls.
    Inbound,
    /// The person calls.
    Outbound,
}

impl Direction {
    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Inbound => "Inbound",
            Self::Outbound => "Outbound",
        }
    }
}

/// The other side of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// E.164, or a bare extension number.
    pub number: String,
    /// The name the phone network gives.
    pub name: String,
}

impl Party {
    /// The field the number belongs into: colleagues have extensions only.
    const fn is_extension(&self) -> bool {
        self.number.len() <= 6
    }

    fn live(&self) -> Value {
        if self.is_extension() {
            json!({ "extensionNumber": self.number })
        } else {
            json!({ "phoneNumber": self.number })
        }
    }

    fn recorded(&self) -> Value {
        if self.is_extension() {
            json!({ "name": self.name, "extensionNumber": self.number, "extensionId": "9200000102" })
        } else {
            json!({ "name": self.name, "phoneNumber": self.number, "location": "Example Town" })
        }
    }
}

/// What a live call is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallState {
    /// Nobody has answered.
    Ringing,
    /// They talk.
    Connected,
    /// One of them waits.
    OnHold,
}

impl CallState {
    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ringing => "Ringing",
            Self::Connected => "CallConnected",
            Self::OnHold => "OnHold",
        }
    }
}

/// A call that is going on, or the last state of one that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The key of log requests and matchers.
    pub session_id: String,
    /// The key of browser-call events (`s-…`).
    pub telephony_session_id: String,
    /// The call's identity in presence; changes with the record.
    pub id: String,
    /// Which way it goes.
    pub direction: Direction,
    /// The other side.
    pub other: Party,
    /// What it is doing.
    pub state: CallState,
    /// Whether it is over.
    pub ended: bool,
    /// Whether the microphone is off.
    pub muted: bool,
    /// Whether it is being recorded.
    pub recording: bool,
    /// Milliseconds since the epoch.
    pub started_ms: u64,
    /// When it was picked up.
    pub answered_ms: Option<u64>,
    /// When it ended.
    pub ended_ms: Option<u64>,
    /// The widget that carries the sound; a call answered on a desk phone has none.
    pub owner: Option<u64>,
}

impl Call {
    /// Returns who calls and who is called, as presence writes them.
    fn sides(&self) -> (Value, String, Value, String) {
        let own = json!({ "phoneNumber": OWN_NUMBER });
        let (other, name) = (self.other.live(), self.other.name.clone());
        match self.direction {
            Direction::Inbound => (other, name, own, USER_NAME.to_owned()),
            Direction::Outbound => (own, USER_NAME.to_owned(), other, name),
        }
    }

    /// Returns the call as `rc-active-call-notify` has it.
    #[must_use]
    pub fn active(&self) -> Value {
        let (from, from_name, to, to_name) = self.sides();
        let mut call = json!({
            "direction": self.direction.word(), "queueCall": false,
            "from": from, "fromName": from_name, "to": to, "toName": to_name,
            "telephonyStatus": if self.ended { "NoCall" } else { self.state.word() },
            "sessionId": self.session_id, "telephonySessionId": self.telephony_session_id,
            "partyId": self.party_id(), "startTime": self.started_ms, "offset": 0,
        });
        if self.ended {
            put(&mut call, "terminationType", "final");
        }
        call
    }

    /// Returns the call as the call logger sends it while it lives and when it ends, without the matches.
    #[must_use]
    pub fn presence(&self, now_ms: u64) -> Value {
        let (from, from_name, to, to_name) = self.sides();
        let mut call = json!({
            "id": self.id, "direction": self.direction.word(), "queueCall": false,
            "from": from, "fromName": from_name, "to": to, "toName": to_name,
            "telephonyStatus": self.state.word(),
            "sessionId": self.session_id, "telephonySessionId": self.telephony_session_id,
            "partyId": self.party_id(), "startTime": self.started_ms,
            "sipData": { "callId": self.id, "toTag": "t", "fromTag": "f", "remoteUri": "sip:remote",
                "localUri": "sip:local", "rcSessionId": self.session_id },
            "offset": 0,
            "duration": self.ended_ms.unwrap_or(now_ms).saturating_sub(self.started_ms) / 1000,
            "result": if self.ended { "Disconnected" } else { self.state.word() },
        });
        if self.ended {
            put(&mut call, "isRecording", false);
        }
        call
    }

    /// Returns the raw session of `rc-telephony-session-notify`.
    #[must_use]
    pub fn telephony_session(&self) -> Value {
        let (from, from_name, to, to_name) = self.sides();
        let code = match (self.ended, self.state) {
            (true, _) => "Disconnected",
            (false, CallState::Ringing) => "Proceeding",
            (false, CallState::Connected) => "Answered",
            (false, CallState::OnHold) => "Hold",
        };
        let named = |mut side: Value, name: String| {
            put(&mut side, "name", name);
            side
        };
        json!({
            "sequence": 1, "sessionId": self.session_id, "serverId": "demo",
            "accountId": ACCOUNT_ID, "extensionId": EXTENSION_ID,
            "parties": [{
                "accountId": ACCOUNT_ID, "extensionId": EXTENSION_ID, "id": self.party_id(),
                "direction": self.direction.word(), "to": named(to, to_name), "from": named(from, from_name),
                "status": { "code": code, "rcc": false },
                "missedCall": self.ended && self.answered_ms.is_none() && self.direction == Direction::Inbound,
                "standAlone": false, "muted": self.muted,
            }],
            "origin": { "type": "Call" }, "id": self.telephony_session_id, "creationTime": iso(self.started_ms),
        })
    }

    /// Returns the browser's own view of the call, as `rc-call-…-notify` has it.
    ///
    /// `status` is the last part of `callStatus`; `contact` the first match, `null` where there is none.
    #[must_use]
    pub fn webphone(&self, status: &str, contact: &Value) -> Value {
        let own = format!("{}*{OWN_EXTENSION}", MAIN_NUMBER.trim_start_matches('+'));
        let (from, to) = match self.direction {
            Direction::Inbound => (self.other.number.clone(), own),
            Direction::Outbound => (own, self.other.number.clone()),
        };
        let mut call = json!({
            "id": self.webphone_id(), "direction": self.direction.word(),
            "callStatus": format!("webphone-session-{status}"), "to": to, "from": from,
            "fromTag": "demo", "creationTime": self.started_ms,
            "isOnHold": self.state == CallState::OnHold, "isOnMute": self.muted, "isOnFlip": false,
            "isOnTransfer": false, "isToVoicemail": false, "isForwarded": false, "isReplied": false,
            "recordStatus": if self.recording { "webphone-record-recording" } else { "webphone-record-idle" },
            "contactMatch": contact, "minimized": false,
            "partyData": { "partyId": self.party_id(), "sessionId": self.telephony_session_id },
            "lastActiveTime": self.started_ms, "cached": false, "removed": false, "callQueueName": null,
        });
        match self.direction {
            Direction::Inbound => {
                put(&mut call, "fromUserName", self.other.name.as_str());
                put(&mut call, "callId", self.id.as_str());
            }
            Direction::Outbound => {
                put(&mut call, "fromNumber", OWN_NUMBER);
                if status == "setup" {
                    // Before the first answer of the network nobody knows its party.
                    put(&mut call, "partyData", Value::Null);
                } else {
                    put(&mut call, "callId", self.id.as_str());
                }
            }
        }
        if let Some(at) = self.answered_ms {
            put(&mut call, "startTime", at);
        }
        if let Some(at) = self.ended_ms {
            put(&mut call, "endTime", at);
        }
        call
    }

    /// The identity `rc-adapter-control-call` uses.
    #[must_use]
    pub fn webphone_id(&self) -> String {
        format!("{}-web", self.id)
    }

    fn party_id(&self) -> String {
        format!("p{}-1", self.telephony_session_id.trim_start_matches('s'))
    }

    /// Seconds of talk so far.
    #[must_use]
    pub fn talked(&self, now_ms: u64) -> u64 {
        self.answered_ms.map_or(0, |at| {
            self.ended_ms.unwrap_or(now_ms).saturating_sub(at) / 1000
        })
    }
}

/// A call in the call history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The record's own identity.
    pub id: String,
    /// The key of log requests and matchers.
    pub session_id: String,
    /// The same for browser-call events.
    pub telephony_session_id: String,
    /// Which way it went.
    pub direction: Direction,
    /// The other side.
    pub other: Party,
    /// Milliseconds since the epoch.
    pub started_ms: u64,
    /// Seconds.
    pub duration: u64,
    /// `Accepted`, `Missed`, `Call connected`, `Voicemail`, …
    pub result: String,
    /// The recording's identity, if there is one.
    pub recording: Option<String>,
    /// What the assistant noted about the call, once it is done.
    pub ai_note: Option<String>,
    /// What was said, as text.
    pub transcript: Option<String>,
}

impl Record {
    /// Returns the record as the call logger sends it, without the matches.
    ///
    /// `with_token` is the registration's `recordingWithToken`.
    #[must_use]
    pub fn logged(&self, media: &Media, with_token: bool) -> Value {
        let own = json!({ "name": USER_NAME, "phoneNumber": OWN_NUMBER, "extensionNumber": OWN_EXTENSION,
            "extensionId": EXTENSION_ID, "location": "San Mateo, CA" });
        let (other, name) = (self.other.recorded(), self.other.name.as_str());
        let (from, from_name, to, to_name) = match self.direction {
            Direction::Inbound => (other, name, own, USER_NAME),
            Direction::Outbound => (own, USER_NAME, other, name),
        };
        let mut call = json!({
            "id": self.id, "sessionId": self.session_id, "telephonySessionId": self.telephony_session_id,
            "startTime": self.started_ms, "duration": self.duration, "durationMs": self.duration * 1000,
            "type": "Voice", "internalType": "Local", "direction": self.direction.word(),
            "action": "Phone Call", "result": self.result, "to": to, "from": from,
            "extension": { "uri": format!("{API}/extension/{EXTENSION_ID}"), "id": 9_200_000_101_u64 },
            "reason": "", "reasonDescription": "",
            "lastModifiedTime": iso(self.started_ms + self.duration * 1000),
            "fromName": from_name, "toName": to_name,
        });
        if let Some(recording) = &self.recording {
            let path = media::recording_path(recording);
            let recording = json!({
                "uri": format!("{API}/recording/{recording}"), "id": recording, "type": "OnDemand",
                "contentUri": media.address(&path, with_token),
                "link": media.link(&path),
            });
            put(&mut call, "recording", recording);
        }
        call
    }

    /// When it ended, milliseconds since the epoch.
    #[must_use]
    pub const fn ended_ms(&self) -> u64 {
        self.started_ms + self.duration * 1000
    }
}

/// What the person's directory entry looks like in match lists.
#[must_use]
pub fn own_entity() -> Value {
    json!({
        "id": EXTENSION_ID, "type": "company", "status": "Enabled", "firstName": "Sam", "lastName": "Rivera",
        "email": "sam.rivera@example.org", "extensionNumber": OWN_EXTENSION, "account": { "id": ACCOUNT_ID },
        "phoneNumbers": [
            { "phoneNumber": OWN_EXTENSION, "phoneType": "extension" },
            { "phoneNumber": OWN_NUMBER, "type": "VoiceFax", "usageType": "DirectNumber", "phoneType": "direct" },
        ],
        "name": USER_NAME, "emails": ["sam.rivera@example.org"], "hasProfileImage": false,
        "contactStatus": "Enabled", "entityType": "rcContact",
    })
}

/// Returns what the account's own directory knows about a number: the person, and a colleague.
#[must_use]
pub fn directory(number: &str) -> Vec<Value> {
    match number {
        OWN_NUMBER | OWN_EXTENSION => vec![own_entity()],
        "102" => vec![json!({
            "id": "9200000102", "type": "company", "status": "Enabled", "firstName": "Kim", "lastName": "Ito",
            "email": "kim.ito@example.org", "extensionNumber": "102", "account": { "id": ACCOUNT_ID },
            "phoneNumbers": [{ "phoneNumber": "102", "phoneType": "extension" }],
            "name": "Kim Ito", "emails": ["kim.ito@example.org"], "hasProfileImage": false,
            "contactStatus": "Enabled", "entityType": "rcContact",
        })],
        _ => Vec::new(),
    }
}

/// How a call comes in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RingOptions {
    /// The name the phone network gives; without one it is `WIRELESS CALLER`.
    pub name: Option<String>,
}

/// A call that happened before, or while nobody looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastCall {
    /// Which way it went.
    pub direction: Direction,
    /// The other side's number.
    pub number: String,
    /// The name the phone network gave.
    pub name: String,
    /// How long ago it began.
    pub minutes_ago: u64,
    /// Seconds; 0 for a missed one.
    pub duration: u64,
    /// Whether it was recorded.
    pub recorded: bool,
}

/// What happened at the telephone company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A call began, was picked up, held, or ended.
    Call(Call),
    /// Something smaller about a call: muted, recorded. No log event follows.
    Detail(Call, &'static str),
    /// A record or a recording came into the history.
    History(String),
    /// The assistant is done with a call of the history.
    Noted(String),
    /// Messages came, were sent, or were read: their identities.
    Messages(Vec<u64>),
    /// Somebody signed in or out, in every tab of one storage partition.
    Session {
        /// Which partition.
        partition: String,
        /// In or out.
        signed_in: bool,
    },
}

/// Returns whether the watcher wants to hear more.
type Watcher = Box<dyn Fn(&Event) -> bool + Send + Sync>;

#[derive(Debug, Default)]
struct Books {
    live: Vec<Call>,
    /// Over, and not in the history yet.
    ended: Vec<Call>,
    /// Oldest first.
    history: Vec<Record>,
    recorded: Vec<String>,
    /// Oldest first.
    messages: Vec<Message>,
    /// The conversation that a set of participants has.
    threads: HashMap<String, String>,
    /// Oldest first.
    meetings: Vec<Meeting>,
    next: u64,
}

/// The telephone company.
pub struct Platform {
    clock: Clock,
    pace: Pace,
    books: Mutex<Books>,
    tokens: Mutex<Tokens>,
    watchers: Mutex<Vec<Arc<Watcher>>>,
    changes: watch::Sender<u64>,
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Platform")
            .field("books", &self.books)
            .finish_non_exhaustive()
    }
}

impl Platform {
    /// Opens it, with calls that already happened.
    #[must_use]
    pub fn new(pace: Pace, past: &[PastCall]) -> Arc<Self> {
        let platform = Arc::new(Self {
            clock: Clock::new(),
            pace,
            books: Mutex::default(),
            tokens: Mutex::default(),
            watchers: Mutex::default(),
            changes: watch::Sender::new(0),
        });
        for call in past {
            platform.add_past_call(call);
        }
        platform
    }

    /// Its clock.
    #[must_use]
    pub const fn clock(&self) -> Clock {
        self.clock
    }

    /// Its pace.
    #[must_use]
    pub const fn pace(&self) -> Pace {
        self.pace
    }

    /// Counts up whenever anything changes, here or in a widget.
    #[must_use]
    pub const fn changes(&self) -> &watch::Sender<u64> {
        &self.changes
    }

    /// Waits until something holds; checks again after every change, never by the clock.
    ///
    /// # Errors
    ///
    /// It did not hold within `limit`; `what` says what was waited for.
    pub async fn wait_for<T>(
        &self,
        what: &str,
        limit: Duration,
        mut found: impl FnMut() -> Option<T>,
    ) -> anyhow::Result<T> {
        let mut changes = self.changes.subscribe();
        let wait = async {
            loop {
                changes.borrow_and_update();
                if let Some(it) = found() {
                    return Some(it);
                }
                if changes.changed().await.is_err() {
                    return None;
                }
            }
        };
        let waited = tokio::time::timeout(limit, wait).await;
        waited
            .ok()
            .flatten()
            .with_context(|| format!("waited {limit:?} for {what}"))
    }

    /// Wakes whoever waits for a change.
    pub fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    /// Calls `watcher` with every event until it returns false.
    pub fn watch(&self, watcher: impl Fn(&Event) -> bool + Send + Sync + 'static) {
        lock(&self.watchers).push(Arc::new(Box::new(watcher)));
    }

    fn tell(&self, event: &Event) {
        // Outside the lock: a watcher may well ask back.
        let watchers = lock(&self.watchers).clone();
        for watcher in watchers {
            if !watcher(event) {
                lock(&self.watchers).retain(|it| !Arc::ptr_eq(it, &watcher));
            }
        }
        self.changed();
    }

    /// Tells every tab of a partition that somebody signed in or out.
    pub fn tell_session(&self, partition: &str, signed_in: bool) {
        self.tell(&Event::Session {
            partition: partition.to_owned(),
            signed_in,
        });
    }

    /// Returns the calls that are going on.
    pub fn live(&self) -> Vec<Call> {
        lock(&self.books).live.clone()
    }

    /// Returns a call that is going on, or is over and not in the history yet.
    pub fn call_of(&self, session: &str) -> Option<Call> {
        let books = lock(&self.books);
        let mut calls = books.live.iter().chain(&books.ended);
        calls.find(|it| it.session_id == session).cloned()
    }

    /// Returns the call history, newest first.
    pub fn history(&self) -> Vec<Record> {
        let mut records = lock(&self.books).history.clone();
        records.sort_by_key(|it| std::cmp::Reverse(it.started_ms));
        records
    }

    /// Returns one record.
    pub fn record_of(&self, session: &str) -> Option<Record> {
        lock(&self.books)
            .history
            .iter()
            .find(|it| it.session_id == session)
            .cloned()
    }

    fn begin(&self, direction: Direction, other: Party, owner: Option<u64>) -> Call {
        let now = self.clock.now_ms();
        let call = {
            let mut books = lock(&self.books);
            books.next += 1;
            let number = books.next;
            let call = Call {
                session_id: format!("{}", 990_000_000_000 + number),
                telephony_session_id: format!("s-demo{number:06}"),
                id: format!("demo-live-{number}"),
                direction,
                other,
                state: CallState::Ringing,
                ended: false,
                muted: false,
                recording: false,
                started_ms: now,
                answered_ms: None,
                ended_ms: None,
                owner,
            };
            books.live.push(call.clone());
            call
        };
        self.tell(&Event::Call(call.clone()));
        call
    }

    /// Somebody calls. Returns the session.
    pub fn ring(&self, from: &str, options: &RingOptions) -> String {
        let name = options
            .name
            .clone()
            .unwrap_or_else(|| "WIRELESS CALLER".to_owned());
        let other = Party {
            number: from.to_owned(),
            name,
        };
        self.begin(Direction::Inbound, other, None).session_id
    }

    /// The person calls, from the widget `owner`. Returns the session.
    pub fn dial(self: &Arc<Self>, to: &str, owner: Option<u64>) -> String {
        let name = self.name_of(to).unwrap_or_default();
        let other = Party {
            number: to.to_owned(),
            name,
        };
        let session = self.begin(Direction::Outbound, other, owner).session_id;
        if let Some(after) = self.pace.pick_up {
            let (platform, session) = (Arc::clone(self), session.clone());
            tokio::spawn(async move {
                tokio::time::sleep(after).await;
                platform.answer(&session, owner);
            });
        }
        session
    }

    /// Returns the name the phone network once gave for a number.
    pub fn name_of(&self, number: &str) -> Option<String> {
        let books = lock(&self.books);
        let live = books.live.iter().map(|it| &it.other);
        let past = books.history.iter().map(|it| &it.other);
        live.chain(past)
            .find(|it| it.number == number && !it.name.is_empty())
            .map(|it| it.name.clone())
    }

    fn change(&self, session: &str, change: impl FnOnce(&mut Call)) -> Option<Call> {
        let mut books = lock(&self.books);
        let call = books.live.iter_mut().find(|it| it.session_id == session)?;
        change(call);
        Some(call.clone())
    }

    /// Somebody picks up. `owner` is the widget that carries the sound, if one does.
    pub fn answer(&self, session: &str, owner: Option<u64>) {
        let now = self.clock.now_ms();
        let ringing = self
            .live()
            .iter()
            .any(|it| it.session_id == session && it.state == CallState::Ringing);
        if !ringing {
            return;
        }
        let call = self.change(session, |call| {
            call.state = CallState::Connected;
            call.answered_ms = Some(now);
            call.owner = owner.or(call.owner);
        });
        if let Some(call) = call {
            self.tell(&Event::Call(call));
        }
    }

    /// Holds or takes back.
    pub fn hold(&self, session: &str, on: bool) {
        let state = if on {
            CallState::OnHold
        } else {
            CallState::Connected
        };
        if let Some(call) = self.change(session, |call| call.state = state) {
            self.tell(&Event::Call(call));
        }
    }

    /// Turns the microphone off or on.
    pub fn mute(&self, session: &str, on: bool) {
        if let Some(call) = self.change(session, |call| call.muted = on) {
            self.tell(&Event::Detail(call, "mute"));
        }
    }

    /// Records: a live call gets its recording after its record, one that is over at once.
    pub fn record(&self, session: &str) {
        lock(&self.books).recorded.push(session.to_owned());
        if let Some(call) = self.change(session, |call| call.recording = true) {
            self.tell(&Event::Detail(call, "record"));
        } else if self.record_of(session).is_some() {
            self.add_recording(session);
        }
    }

    fn add_recording(&self, session: &str) {
        {
            let mut books = lock(&self.books);
            books.next += 1;
            let number = format!("{}", 55_000 + books.next);
            if let Some(record) = books.history.iter_mut().find(|it| it.session_id == session) {
                record.recording = Some(number);
            }
        }
        self.tell(&Event::History(session.to_owned()));
    }

    /// The assistant is done with a call of the history. Without a record nothing happens.
    pub fn add_ai_note(&self, session: &str, note: &str, transcript: Option<&str>) {
        {
            let mut books = lock(&self.books);
            let Some(record) = books.history.iter_mut().find(|it| it.session_id == session) else {
                return;
            };
            record.ai_note = Some(note.to_owned());
            record.transcript = transcript.map(str::to_owned);
        }
        self.tell(&Event::Noted(session.to_owned()));
    }

    /// Ends a call. Its record follows after the pace's delay, a recording after another.
    pub fn end(self: &Arc<Self>, session: &str) {
        let now = self.clock.now_ms();
        let call = self.change(session, |call| {
            call.ended = true;
            call.ended_ms = Some(now);
        });
        let Some(call) = call else { return };
        {
            let mut books = lock(&self.books);
            books.live.retain(|it| it.session_id != session);
            books.ended.push(call.clone());
        }
        self.tell(&Event::Call(call.clone()));
        let platform = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(platform.pace.call_record).await;
            platform.write_down(&call);
            let recorded = lock(&platform.books).recorded.contains(&call.session_id);
            if recorded {
                tokio::time::sleep(platform.pace.recording).await;
                platform.add_recording(&call.session_id);
            }
        });
    }

    fn write_down(&self, call: &Call) {
        let result = match (call.direction, call.answered_ms) {
            (Direction::Inbound, Some(_)) => "Accepted",
            (Direction::Inbound, None) => "Missed",
            (Direction::Outbound, Some(_)) => "Call connected",
            (Direction::Outbound, None) => "Hang Up",
        };
        {
            let mut books = lock(&self.books);
            books.next += 1;
            let record = Record {
                id: format!("Demo{:06}A", books.next),
                session_id: call.session_id.clone(),
                telephony_session_id: call.telephony_session_id.clone(),
                direction: call.direction,
                other: call.other.clone(),
                started_ms: call.started_ms,
                duration: call.talked(call.started_ms),
                result: result.to_owned(),
                recording: None,
                ai_note: None,
                transcript: None,
            };
            books.history.push(record);
            books.ended.retain(|it| it.session_id != call.session_id);
        }
        self.tell(&Event::History(call.session_id.clone()));
    }

    /// A call that no widget saw. Returns the session.
    pub fn add_past_call(&self, past: &PastCall) -> String {
        let now = self.clock.now_ms();
        let session = {
            let mut books = lock(&self.books);
            books.next += 1;
            let number = books.next;
            let result = match (past.direction, past.duration) {
                (Direction::Inbound, 0) => "Missed",
                (Direction::Inbound, _) => "Accepted",
                (Direction::Outbound, 0) => "Hang Up",
                (Direction::Outbound, _) => "Call connected",
            };
            let session = format!("{}", 880_000_000_000 + number);
            books.history.push(Record {
                id: format!("Demo{number:06}A"),
                session_id: session.clone(),
                telephony_session_id: format!("s-past{number:06}"),
                direction: past.direction,
                other: Party {
                    number: past.number.clone(),
                    name: past.name.clone(),
                },
                started_ms: now.saturating_sub(past.minutes_ago * 60_000),
                duration: past.duration,
                result: result.to_owned(),
                recording: past.recorded.then(|| format!("{}", 55_000 + number)),
                ai_note: None,
                transcript: None,
            });
            session
        };
        self.tell(&Event::History(session.clone()));
        session
    }

    /// Ends the calls whose sound went through a widget that is gone: its page was left.
    pub fn hang_up_calls_of(self: &Arc<Self>, owner: u64) {
        for call in self.live() {
            if call.owner == Some(owner) {
                self.end(&call.session_id);
            }
        }
    }
}
