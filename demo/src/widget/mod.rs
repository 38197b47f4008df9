//! The stand-in widget: everything that `app.html` says and shows, decided here, on the server.
//!
//! The page itself is a pipe: what its parent posts comes in, what this posts goes to its parent, as does the HTML it shows.
//! Like the real widget it asks nobody who they are: it answers whoever embeds it and posts to `*`.
//!
//! [`service`] what a registration does, [`settings`] the tree it may bring, [`contacts`] the list and the search;
//! `host` what comes in, `press` what the user does on the page, `drive` the same for tests;
//! `flows` contacts and the matchers, `logs` and `messages` the two loggers, [`autolog`] their switches, `forms` the
//! log pages, `compose` calls and texts that go out, `meetings`, `buttons`; `view` the HTML.

pub mod autolog;
mod buttons;
mod compose;
pub mod contacts;
mod dates;
mod drive;
mod facts;
mod flows;
mod forms;
mod host;
mod logs;
mod meetings;
mod messages;
mod press;
pub mod service;
pub mod settings;
mod ui;
mod view;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use ring::rand::{SecureRandom as _, SystemRandom};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::json::put;
use crate::partition::{Partition, lock};
use crate::platform::{Call, CallState, Direction, Event, Platform};
use crate::transcript::{Exchange, Outcome, Transcript};
pub use autolog::Logger;
pub use buttons::ButtonKind;
pub use compose::Reached;
use contacts::ContactBook;
pub use drive::Authorization;
pub use facts::{Build, Facts};
use service::Service;
pub use ui::Alert;
pub(crate) use ui::{Activities, FormOf, Held, Screen, Ui};

/// An automatic log event of one call.
#[derive(Debug, Clone)]
pub(crate) enum LogEvent {
    /// A new call, a change, the end.
    Presence(Box<Call>),
    /// The record, or its recording, is in the history.
    Record,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "the real widget's modules each know one such fact, and they combine freely"
)]
pub(crate) struct State {
    pub(crate) listening: bool,
    pub(crate) logged_in: bool,
    pub(crate) closed: bool,
    pub(crate) service: Service,
    pub(crate) attached: bool,
    pub(crate) match_times: (Duration, Duration),
    pub(crate) book: ContactBook,
    pub(crate) syncing: bool,
    pub(crate) call_log_page: Option<Value>,
    pub(crate) message_log_page: Option<Value>,
    /// The host's own pages, in the order of their registration.
    pub(crate) own_pages: Vec<Value>,
    pub(crate) banner: Option<Value>,
    pub(crate) features: BTreeMap<String, bool>,
    /// The upcoming meetings of the last answer; `None` while it is waited for.
    pub(crate) upcoming: Option<Vec<Value>>,
    /// What a read-only switch is forced to.
    pub(crate) forced: HashMap<Logger, bool>,
    /// Whether messages are being gathered for their log.
    pub(crate) gathering: bool,
    /// The newest message of every group that went out by itself, by log id.
    pub(crate) sent_groups: HashMap<String, (u64, u64)>,
    /// Where the user was before, oldest first, and is now.
    pub(crate) routes: Vec<(String, Screen)>,
    pub(crate) user_status: String,
    pub(crate) dnd_status: String,
    pub(crate) ui: Ui,
    /// What the dialer's field is drawn with; what the user types there is in `ui.dial` alone.
    pub(crate) prefill: String,
    waiting: HashMap<String, oneshot::Sender<Option<Value>>>,
    transcript: Transcript,
    loggers: HashMap<String, mpsc::UnboundedSender<LogEvent>>,
    turns: HashMap<String, Arc<tokio::sync::Mutex<()>>>,
    wanted_numbers: BTreeSet<String>,
    wanted_sessions: BTreeSet<String>,
    wanted_groups: BTreeSet<String>,
    seen: HashMap<String, CallState>,
    drawn: HashMap<&'static str, String>,
    typed: u64,
    alerts: u64,
}

/// One loaded page of the widget.
pub struct Widget {
    id: u64,
    platform: Arc<Platform>,
    partition: Arc<Partition>,
    facts: Facts,
    out: mpsc::UnboundedSender<Value>,
    state: Mutex<State>,
    number_turn: tokio::sync::Mutex<()>,
    session_turn: tokio::sync::Mutex<()>,
    group_turn: tokio::sync::Mutex<()>,
    search_turn: tokio::sync::Mutex<()>,
}

impl std::fmt::Debug for Widget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Widget")
            .field("id", &self.id)
            .field("facts", &self.facts)
            .finish_non_exhaustive()
    }
}

impl Widget {
    /// Boots a page: `out` receives `{"post": …}` and `{"html": {…}}` for it.
    pub fn boot(
        id: u64,
        platform: &Arc<Platform>,
        partition: &Arc<Partition>,
        facts: Facts,
        out: mpsc::UnboundedSender<Value>,
    ) -> Arc<Self> {
        let widget = Arc::new(Self {
            id,
            platform: Arc::clone(platform),
            partition: Arc::clone(partition),
            facts,
            out,
            state: Mutex::new(State {
                listening: false,
                logged_in: false,
                closed: false,
                service: Service::default(),
                attached: false,
                match_times: Service::default().match_times(),
                book: ContactBook::default(),
                syncing: false,
                call_log_page: None,
                message_log_page: None,
                own_pages: Vec::new(),
                banner: None,
                features: BTreeMap::new(),
                upcoming: None,
                forced: HashMap::new(),
                gathering: false,
                sent_groups: HashMap::new(),
                routes: Vec::new(),
                user_status: "Available".to_owned(),
                dnd_status: "TakeAllCalls".to_owned(),
                ui: Ui {
                    screen: Screen::Tab("phone"),
                    dial: String::new(),
                    suggestions: Vec::new(),
                    alerts: Vec::new(),
                    confirm: None,
                },
                prefill: String::new(),
                waiting: HashMap::new(),
                transcript: Transcript::default(),
                loggers: HashMap::new(),
                turns: HashMap::new(),
                wanted_numbers: BTreeSet::new(),
                wanted_sessions: BTreeSet::new(),
                wanted_groups: BTreeSet::new(),
                seen: HashMap::new(),
                drawn: HashMap::new(),
                typed: 0,
                alerts: 0,
            }),
            number_turn: tokio::sync::Mutex::default(),
            session_turn: tokio::sync::Mutex::default(),
            group_turn: tokio::sync::Mutex::default(),
            search_turn: tokio::sync::Mutex::default(),
        });
        let weak = Arc::downgrade(&widget);
        platform.watch(move |event| {
            let Some(widget) = weak.upgrade() else {
                return false;
            };
            widget.on_platform(event);
            !widget.state().closed
        });
        if widget.facts.visible || widget.partition.stored().leader.is_none() {
            widget.partition.stored().leader = Some(id);
        }
        widget.say_hello();
        widget
    }

    /// Posts what a boot posts before the account is there; the order is the real widget's.
    fn say_hello(self: &Arc<Self>) {
        let adapter = self.partition.stored().adapter.clone();
        let kept = |name: &str, default: Value| adapter.get(name).cloned().unwrap_or(default);
        let size = kept("size", json!({ "width": 300, "height": 500 }));
        let position = kept(
            "position",
            json!({ "translateX": null, "translateY": null, "minTranslateX": null, "minTranslateY": null }),
        );
        self.tell(json!({ "type": "rc-dialer-status-notify", "ready": false }));
        self.tell(
            json!({ "type": "rc-meeting-status-notify", "ready": false, "permission": false }),
        );
        self.tell(json!({ "type": "rc-brand-assets-notify", "logoUri": "/logo.svg", "iconUri": "/logo.svg" }));
        self.tell_connection("disconnected", &Value::Null);
        self.tell(json!({
            "type": "rc-adapter-pushAdapterState", "size": size, "position": position,
            "minimized": kept("minimized", json!(false)), "closed": kept("closed", json!(false)),
            "telephonyStatus": null, "userStatus": null, "dndStatus": null,
        }));
        self.tell(
            json!({ "type": "rc-adapter-syncPresence", "telephonyStatus": null, "userStatus": null,
            "dndStatus": null, "presenceOption": null }),
        );
        self.tell(json!({ "type": "rc-adapter-pushLocale", "locale": self.locale(), "strings": {
            "currentCallBtn": "Current call", "viewCallsBtn": "View calls", "ringCallsInfo": "0 ringing",
            "onHoldCallsInfo": "0 on hold", "otherDeviceCallsInfo": "0 elsewhere", "availableBtn": "Available",
            "busyBtn": "Busy", "offlineBtn": "Invisible", "doNotAcceptAnyCallsBtn": "Do not disturb" } }));
        self.tell(json!({ "type": "rc-adapter-theme-notify", "theme": "light" }));
        self.tell(json!({ "type": "rc-adapter-ai-assistant-settings-notify",
            "showAiAssistantWidget": false, "autoStartAiAssistant": false }));
        self.tell(json!({ "type": "rc-adapter-syncSize", "size": size }));
        self.tell(json!({ "type": "rc-adapter-side-drawer-open-notify", "open": false }));
        self.tell(
            json!({ "type": "rc-login-status-notify", "loggedIn": false, "admin": false,
            "features": {}, "isFreshLogin": null }),
        );
        self.state().listening = true;
        self.tell(json!({ "type": "rc-route-changed-notify", "path": "/" }));
        self.draw();
        if self.partition.stored().signed_in {
            let widget = Arc::clone(self);
            tokio::spawn(async move {
                tokio::time::sleep(widget.platform.pace().sign_in).await;
                widget.log_in(false);
            });
        }
    }

    /// The language it speaks: the browser's, or American English where it does not know that one.
    fn locale(&self) -> &str {
        dates::supported(&self.facts.language)
    }

    /// Its number, counted up over all loads.
    #[must_use]
    pub const fn id(&self) -> u64 {
        self.id
    }

    /// What the loader saw around it.
    #[must_use]
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Where its user's things are stored.
    #[must_use]
    pub const fn partition(&self) -> &Arc<Partition> {
        &self.partition
    }

    /// The telephone company it is signed in to.
    #[must_use]
    pub const fn platform(&self) -> &Arc<Platform> {
        &self.platform
    }

    /// The page is gone. A call whose sound went through it ends.
    pub fn close(&self) {
        {
            let mut state = self.state();
            state.closed = true;
            state.loggers.clear();
            state.waiting.clear();
        }
        {
            let mut stored = self.partition.stored();
            if stored.leader == Some(self.id) {
                stored.leader = None;
            }
        }
        self.platform.hang_up_calls_of(self.id);
        self.platform.changed();
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    // Speaking.

    /// Posts to the parent and writes it down.
    pub(crate) fn tell(&self, message: Value) {
        let line = json!({ "post": &message });
        self.state().transcript.notifications.push(message);
        self.send(line);
        self.platform.changed();
    }

    fn send(&self, line: Value) {
        // A closed page hears nothing, which is how pages are.
        let _sent = self.out.send(line).is_ok();
    }

    /// Writes down that the host did something the real widget would punish.
    pub(crate) fn fault(&self, fault: impl Into<String>) {
        self.state().transcript.faults.push(fault.into());
        self.platform.changed();
    }

    /// Writes down an exception of the real widget.
    pub(crate) fn throw(&self, what: impl Into<String>) {
        let what = what.into();
        self.state().transcript.thrown.push(what.clone());
        self.fault(what);
    }

    /// Writes down what the real widget leaves out with a word on its console.
    pub(crate) fn warn(&self, what: String) {
        self.state().transcript.warnings.push(what);
        self.platform.changed();
    }

    pub(crate) fn tell_connection(&self, status: &str, device: &Value) {
        self.tell(json!({ "type": "rc-webphone-connection-status-notify",
            "connectionStatus": format!("connectionStatus-{status}"), "deviceId": device }));
    }

    /// Says how calls are made.
    pub(crate) fn tell_calling(&self) {
        let kept = self.partition.stored().call_with.clone();
        let call_with = kept.as_deref().unwrap_or("browser");
        let mode = if call_with == "browser" {
            "webphone"
        } else {
            call_with
        };
        self.tell(json!({ "type": "rc-calling-settings-notify", "callWith": call_with, "callingMode": mode }));
    }

    pub(crate) fn tell_presence(&self) {
        let live = self.platform.live();
        let status = live.last().map_or("NoCall", |it| it.state.word());
        let (user, dnd) = {
            let state = self.state();
            (state.user_status.clone(), state.dnd_status.clone())
        };
        self.tell(json!({ "type": "rc-adapter-syncPresence", "telephonyStatus": status, "userStatus": user,
            "dndStatus": dnd, "presenceOption": user }));
    }

    /// Asks the host and waits for its answer: the `response`, `None` when none came in time or it was undefined.
    pub(crate) async fn ask(
        &self,
        path: &str,
        body: Option<Value>,
        limit: Duration,
    ) -> Option<Value> {
        let id = uuid();
        let (answered, answer) = oneshot::channel();
        let mut request =
            json!({ "type": "rc-post-message-request", "requestId": id, "path": path });
        if let Some(body) = &body {
            put(&mut request, "body", body.clone());
        }
        {
            let mut state = self.state();
            if state.closed {
                return None;
            }
            state.waiting.insert(id.clone(), answered);
            state.transcript.requests.push(Exchange {
                path: path.to_owned(),
                body,
                response: None,
                asked_ms: self.platform.clock().now_ms(),
                took: None,
                limit,
                outcome: Outcome::Waiting,
                id: id.clone(),
                since: Instant::now(),
            });
        }
        self.send(json!({ "post": request }));
        self.platform.changed();
        let answer = tokio::time::timeout(limit, answer).await;
        let mut state = self.state();
        state.waiting.remove(&id);
        if answer.is_err() {
            state.transcript.give_up(&id);
        }
        drop(state);
        self.platform.changed();
        answer.ok()?.ok().flatten().filter(|it| !it.is_null())
    }

    /// Takes an answer; the first one wins.
    pub(crate) fn on_answer(&self, message: &Value) {
        let id = message
            .get("responseId")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let response = message.get("response").cloned();
        let waiting = {
            let mut state = self.state();
            let waited = state.transcript.answer(id, response.clone());
            waited.then(|| state.waiting.remove(id)).flatten()
        };
        if let Some(waiting) = waiting {
            let _heard = waiting.send(response).is_ok();
        }
        self.platform.changed();
    }

    // What happens at the telephone company.

    fn on_platform(self: &Arc<Self>, event: &Event) {
        if let Event::Session {
            partition,
            signed_in,
        } = event
        {
            if partition == self.partition.id() {
                if *signed_in {
                    self.log_in(true);
                } else {
                    self.log_out();
                }
            }
            return;
        }
        if !self.state().logged_in {
            return;
        }
        match event {
            Event::Call(call) => self.on_call(call),
            Event::Detail(call, what) => {
                let kind = format!("rc-call-{what}-notify");
                let contact = self.first_match(&call.other.number);
                if *what == "mute" {
                    self.tell(
                        json!({ "type": kind, "call": call.webphone("connected", &contact) }),
                    );
                }
            }
            Event::History(session) => {
                self.tell(json!({ "type": "rc-call-history-synced-notify" }));
                let followed = self.state().loggers.contains_key(session);
                // Only the newest few are looked at for recordings.
                let history = self.platform.history();
                let newest = history.iter().take(20).any(|it| it.session_id == *session);
                if newest && (followed || !self.entities(session).is_empty()) {
                    self.log_event(session, LogEvent::Record);
                }
                let widget = Arc::clone(self);
                tokio::spawn(async move { widget.match_everything().await });
            }
            Event::Noted(session) => {
                let followed = self.state().loggers.contains_key(session);
                if self.takes_notes() && (followed || !self.entities(session).is_empty()) {
                    self.log_event(session, LogEvent::Record);
                }
            }
            Event::Messages(changed) => self.on_messages(changed),
            Event::Session { .. } => {}
        }
        self.draw();
    }

    pub(crate) fn first_match(&self, number: &str) -> Value {
        self.matches(number).into_iter().next().unwrap_or_default()
    }

    pub(crate) fn on_call(self: &Arc<Self>, call: &Call) {
        let before = {
            let mut state = self.state();
            if call.ended {
                state.seen.remove(&call.session_id)
            } else {
                state.seen.insert(call.session_id.clone(), call.state)
            }
        };
        self.tell_presence();
        self.tell(json!({ "type": "rc-telephony-session-notify", "telephonySession": call.telephony_session() }));
        self.tell(json!({ "type": "rc-active-call-notify", "call": call.active() }));
        let (kind, status) = match (call.ended, before, call.state) {
            (true, ..) => ("end", "finished"),
            (_, None, CallState::Ringing) if call.direction == Direction::Inbound => {
                ("ring", "connecting")
            }
            (_, None, _) => ("init", "setup"),
            (_, _, CallState::OnHold) => ("hold", "onHold"),
            (_, Some(CallState::OnHold), _) => ("resume", "connected"),
            _ => ("start", "connected"),
        };
        let contact = self.first_match(&call.other.number);
        self.tell(json!({ "type": format!("rc-call-{kind}-notify"), "call": call.webphone(status, &contact) }));
        let ringing = self
            .platform
            .live()
            .iter()
            .any(|it| it.state == CallState::Ringing);
        self.tell(json!({ "type": "rc-adapter-pushRingState", "ringing": ringing }));
        self.log_event(&call.session_id, LogEvent::Presence(Box::new(call.clone())));
        if kind == "start" {
            self.tick();
        }
    }

    /// Draws the timer of a connected call once a second, until none is left.
    fn tick(self: &Arc<Self>) {
        let widget = Arc::clone(self);
        tokio::spawn(async move {
            while widget.is_open() && !widget.platform.live().is_empty() {
                widget.draw();
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        });
    }

    fn log_in(self: &Arc<Self>, fresh: bool) {
        {
            let mut state = self.state();
            if state.closed || state.logged_in || !self.partition.stored().signed_in {
                return;
            }
            state.logged_in = true;
        }
        self.tell(
            json!({ "type": "rc-region-settings-notify", "countryCode": "US", "areaCode": "" }),
        );
        self.tell(json!({
            "type": "rc-login-status-notify", "loggedIn": true, "loginNumber": "+16505550100*101",
            "contractedCountryCode": "US", "admin": true,
            "features": { "sms": true, "meeting": true, "glip": false, "smartNote": self.takes_notes(), "call": true,
                "ringSenseInsights": false },
            "isFreshLogin": fresh,
        }));
        self.tell_calling();
        for which in [Logger::Calls, Logger::Messages] {
            self.force_auto_log(which);
        }
        self.tell_auto_log(Logger::Messages);
        self.go("/dialer", Screen::Tab("phone"));
        self.tell(json!({ "type": "rc-dialer-status-notify", "ready": true }));
        self.tell(json!({ "type": "rc-meeting-status-notify", "ready": true, "permission": true }));
        self.tell_connection("connecting", &Value::Null);
        self.tell_connection("connected", &json!("330001"));
        self.tell_presence();
        self.tell(json!({ "type": "rc-call-history-synced-notify" }));
        self.tell_fresh_messages();
        if self.state().service.text("callLoggerPath").is_some() {
            self.tell_auto_log(Logger::Calls);
        }
        for call in self.platform.live() {
            self.on_call(&call);
        }
        let widget = Arc::clone(self);
        tokio::spawn(async move { widget.match_everything().await });
        self.messages_loaded();
        self.draw();
    }

    fn log_out(&self) {
        {
            let mut state = self.state();
            state.logged_in = false;
            state.routes.clear();
        }
        self.tell(
            json!({ "type": "rc-login-status-notify", "loggedIn": false, "admin": false,
            "features": {}, "isFreshLogin": null }),
        );
        self.tell(json!({ "type": "rc-route-changed-notify", "path": "/" }));
        self.draw();
    }

    /// Where the page is drawn anew for another reason, what was typed is drawn with it. Returns whether there was any.
    fn catch_up(&self, regions: &[(&'static str, String)]) -> bool {
        let mut state = self.state();
        let body = regions.iter().find(|it| it.0 == "body").map(|it| &it.1);
        if state.drawn.get("body") == body {
            return false;
        }
        match &mut state.ui.screen {
            Screen::Form { data, drawn, .. } if data != drawn => drawn.clone_from(data),
            Screen::Conversation { text, drawn, .. } if text != drawn => drawn.clone_from(text),
            Screen::Compose { to, text, drawn } if (&*to, &*text) != (&drawn.0, &drawn.1) => {
                *drawn = (to.clone(), text.clone());
            }
            _ => return false,
        }
        true
    }

    /// Shows what is new on the page.
    pub(crate) fn draw(&self) {
        let mut regions = view::regions(self);
        if self.catch_up(&regions) {
            regions = view::regions(self);
        }
        let mut changed = serde_json::Map::new();
        {
            let mut state = self.state();
            for (name, html) in &regions {
                // A region inside another one is gone when that one is drawn anew.
                let outer = match *name {
                    "suggestions" => "body",
                    "timer" => "call",
                    _ => "",
                };
                if state.drawn.get(name) != Some(html) || changed.contains_key(outer) {
                    changed.insert((*name).to_owned(), Value::from(html.as_str()));
                }
            }
            state.drawn = regions.into_iter().collect();
        }
        if !changed.is_empty() {
            self.send(json!({ "html": changed }));
            self.platform.changed();
        }
    }
}

/// Returns a random identity in the form of a version 4 UUID.
fn uuid() -> String {
    let mut bytes = [0_u8; 16];
    // Without randomness the identities would still be unique enough to fail a test loudly.
    let _filled = SystemRandom::new().fill(&mut bytes).is_ok();
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.into_iter().enumerate() {
        let byte = match at {
            6 => 0x40 | (byte & 0x0f),
            8 => 0x80 | (byte & 0x3f),
            _ => byte,
        };
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _written = write!(text, "{byte:02x}").is_ok();
    }
    text
}
