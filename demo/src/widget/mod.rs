//! The stand-in widget: everything that `app.html` says and shows, decided here, on the server.
//!
//! The page itself is a pipe: what its parent posts comes in, what this posts goes to its parent, as does the HTML it shows.
//! Like the real widget it asks nobody who they are: it answers whoever embeds it and posts to `*`.
//! Messages (SMS, voicemail, fax) and meetings are registered and kept, but nothing happens with them yet.
//!
//! [`service`] what a registration does, [`contacts`] the list and the search, [`flows`](self) requests and their order,
//! `view` the HTML.

pub mod contacts;
mod flows;
mod host;
pub mod service;
mod view;

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use anyhow::Context as _;
use ring::rand::{SecureRandom as _, SystemRandom};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::json::put;
use crate::partition::{Partition, lock};
use crate::platform::{Call, CallState, Direction, Event, Platform, RingOptions, directory};
use crate::transcript::{Exchange, Outcome, Transcript};
use contacts::{ContactBook, Suggestion};
use service::Service;

/// What the loader saw around it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The identity of the storage it lives in.
    pub partition: String,
    /// Whether it is embedded at all (`window.parent !== window`).
    pub embedded: bool,
    /// `isSecureContext`.
    pub secure: bool,
    /// `navigator.language`.
    pub language: String,
    /// The query of its address, with the question mark.
    pub query: String,
    /// `location.ancestorOrigins`, nearest first; empty where the browser does not say.
    pub ancestors: Vec<String>,
    /// Whether the tab can be seen.
    pub visible: bool,
    /// Whether the frame may use the microphone, where the browser says.
    pub microphone: Option<bool>,
}

impl Facts {
    /// Reads what the loader reported.
    #[must_use]
    pub fn from_hello(hello: &Value) -> Self {
        let text = |key: &str| {
            hello
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let flag = |key: &str| hello.get(key).and_then(Value::as_bool).unwrap_or_default();
        let ancestors = hello.get("ancestors").and_then(Value::as_array);
        Self {
            partition: text("partition"),
            embedded: flag("embedded"),
            secure: flag("secure"),
            language: text("language"),
            query: text("query"),
            ancestors: ancestors
                .into_iter()
                .flatten()
                .filter_map(|it| it.as_str().map(str::to_owned))
                .collect(),
            visible: flag("visible"),
            microphone: hello.get("microphone").and_then(Value::as_bool),
        }
    }

    /// Returns whether a parameter is in the query; its value does not matter.
    #[must_use]
    pub fn has_param(&self, name: &str) -> bool {
        self.query
            .trim_start_matches('?')
            .split('&')
            .any(|pair| pair.split('=').next() == Some(name))
    }
}

/// Where the widget's own page is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Screen {
    /// One of the tabs.
    Tab(&'static str),
    /// The details of a synced contact; the activities, if its tab is open.
    Contact {
        id: String,
        activities: Option<Activities>,
    },
    /// The form for a call: what is in it, and what it was drawn with (so that typing draws nothing).
    LogForm {
        session: String,
        data: Value,
        drawn: Value,
    },
    /// A message being written: kept for when messages come.
    Compose { number: String, text: String },
}

/// What the activities tab shows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Activities {
    /// The spinner, for ever if nothing comes.
    Loading,
    /// The list.
    Loaded(Vec<Value>),
}

/// An alert over the page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Alert {
    pub(crate) id: String,
    pub(crate) level: String,
    pub(crate) message: String,
    pub(crate) details: Value,
}

/// What the user sees and has typed.
#[derive(Debug, Clone)]
pub(crate) struct Ui {
    pub(crate) screen: Screen,
    pub(crate) dial: String,
    pub(crate) suggestions: Vec<Suggestion>,
    pub(crate) alerts: Vec<Alert>,
    pub(crate) confirm: Option<(String, String)>,
}

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
                seen: HashMap::new(),
                drawn: HashMap::new(),
                typed: 0,
                alerts: 0,
            }),
            number_turn: tokio::sync::Mutex::default(),
            session_turn: tokio::sync::Mutex::default(),
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
        let size = json!({ "width": 300, "height": 500 });
        self.tell(json!({ "type": "rc-dialer-status-notify", "ready": false }));
        self.tell(
            json!({ "type": "rc-meeting-status-notify", "ready": false, "permission": false }),
        );
        self.tell(json!({ "type": "rc-brand-assets-notify", "logoUri": "/logo.svg", "iconUri": "/logo.svg" }));
        self.tell_connection("disconnected", &Value::Null);
        self.tell(json!({
            "type": "rc-adapter-pushAdapterState", "size": size, "minimized": false, "closed": false,
            "position": { "translateX": null, "translateY": null, "minTranslateX": null, "minTranslateY": null },
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

    fn locale(&self) -> &str {
        let language = self.facts.language.as_str();
        let known = [
            "en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "it-IT", "ja-JP", "fr-CA",
        ];
        if known.contains(&language) {
            language
        } else {
            "en-US"
        }
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

    // What tests and the control page do and see.

    /// Returns whether the page is still there.
    pub fn is_open(&self) -> bool {
        !self.state().closed
    }

    /// Returns whether somebody is signed in here.
    pub fn is_signed_in(&self) -> bool {
        self.state().logged_in
    }

    /// Returns whether a registration came to its end, and is authorized.
    pub fn is_attached(&self) -> bool {
        self.state().attached
    }

    /// Returns the registered service.
    pub fn service(&self) -> Service {
        self.state().service.clone()
    }

    /// Returns everything said so far.
    pub fn transcript(&self) -> Transcript {
        self.state().transcript.clone()
    }

    /// Returns the synced list.
    pub fn contacts(&self) -> Vec<Value> {
        self.state().book.list().to_vec()
    }

    /// Returns how many contact runs succeeded since the page was loaded.
    pub fn contact_runs(&self) -> u32 {
        self.state().book.runs
    }

    /// Returns the rows under the dialer.
    pub fn suggestions(&self) -> Vec<Suggestion> {
        self.state().ui.suggestions.clone()
    }

    /// Returns the texts of the alerts that can be seen.
    pub fn alerts(&self) -> Vec<String> {
        self.state()
            .ui
            .alerts
            .iter()
            .map(|it| it.message.clone())
            .collect()
    }

    /// Returns what is shown, region by region.
    pub fn html(&self) -> HashMap<&'static str, String> {
        self.state().drawn.clone()
    }

    /// Returns what is in the dialer's field.
    pub fn dialed_text(&self) -> String {
        self.state().ui.dial.clone()
    }

    /// Waits until `found` returns something; checks again after every change, never by the clock.
    ///
    /// # Errors
    ///
    /// Nothing was found within `limit`; `what` says what was waited for.
    pub async fn wait_for<T>(
        &self,
        what: &str,
        limit: Duration,
        mut found: impl FnMut(&Self) -> Option<T>,
    ) -> anyhow::Result<T> {
        let mut changes = self.platform.changes().subscribe();
        let wait = async {
            loop {
                changes.borrow_and_update();
                if let Some(it) = found(self) {
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

    /// Waits for an answered request on `path` that `accept` likes.
    ///
    /// # Errors
    ///
    /// None came within `limit`.
    pub async fn wait_answered(
        &self,
        path: &str,
        limit: Duration,
        accept: impl Fn(&Exchange) -> bool,
    ) -> anyhow::Result<Exchange> {
        self.wait_for(&format!("an answer on {path}"), limit, |it| {
            let state = it.state();
            let mut asked = state.transcript.on(path);
            asked
                .find(|it| it.outcome == Outcome::Answered && accept(it))
                .cloned()
        })
        .await
    }

    /// Signs in, as the user who comes back from the sign-in window.
    pub fn sign_in(self: &Arc<Self>) {
        self.partition.stored().signed_in = true;
        self.platform.tell_session(self.partition.id(), true);
    }

    /// Signs out, in every tab of the partition.
    pub fn sign_out(self: &Arc<Self>) {
        self.partition.stored().signed_in = false;
        self.platform.tell_session(self.partition.id(), false);
    }

    /// Somebody calls the account. Returns the session.
    pub fn ring(&self, from: &str, options: &RingOptions) -> String {
        self.platform.ring(from, options)
    }

    /// Picks up in this widget whatever rings; an outbound call is picked up by the other side.
    pub fn answer(&self) {
        for call in self.platform.live() {
            if call.state == CallState::Ringing {
                self.platform.answer(&call.session_id, Some(self.id));
            }
        }
    }

    /// Ends whatever is going on.
    pub fn end(&self) {
        for call in self.platform.live() {
            self.platform.end(&call.session_id);
        }
    }

    /// Records the live call, or adds a recording to the newest one of the history.
    pub fn record(&self) {
        let live = self.platform.live().first().map(|it| it.session_id.clone());
        let newest = || {
            self.platform
                .history()
                .first()
                .map(|it| it.session_id.clone())
        };
        if let Some(session) = live.or_else(newest) {
            self.platform.record(&session);
        }
    }

    /// Presses refresh in the Contacts tab.
    pub fn sync_contacts(self: &Arc<Self>) {
        self.start_contacts(Some("manual"));
    }

    /// Types into the dialer and waits for what appears under it.
    pub async fn search(self: &Arc<Self>, text: &str) -> Vec<Suggestion> {
        text.clone_into(&mut self.state().ui.dial);
        self.search_now(text).await;
        self.suggestions()
    }

    /// Presses the log button of a call: creates, edits, or opens the form.
    pub fn press_log(self: &Arc<Self>, session: &str) {
        let (widget, session) = (Arc::clone(self), session.to_owned());
        tokio::spawn(async move { widget.log_button(&session).await });
    }

    /// Turns the switch for logging calls.
    pub fn set_auto_log(self: &Arc<Self>, on: bool) {
        self.turn_auto_log(Some(on), None);
    }

    /// Returns whether calls are logged by themselves.
    pub fn auto_log(&self) -> bool {
        let state = self.state();
        if state.service.is("callLoggerAutoSettingReadOnly")
            && let Some(forced) = state
                .service
                .get("callLoggerAutoSettingReadOnlyValue")
                .and_then(Value::as_bool)
        {
            return forced;
        }
        let stored = self.partition.stored().auto_log_calls;
        stored.unwrap_or_else(|| self.facts.has_param("defaultAutoLogCallEnabled"))
    }

    /// Returns what is known about a number: the account's own directory first, then the CRM.
    pub fn matches(&self, number: &str) -> Vec<Value> {
        let mut found = directory(number);
        if self.is_attached() {
            found.extend_from_slice(self.partition.stored().contacts.found(number));
        }
        found
    }

    /// Returns the log entities of a call.
    pub fn entities(&self, session: &str) -> Vec<Value> {
        self.partition.stored().entities.found(session).to_vec()
    }

    /// Returns whether the call shows the badge: an entity that is not a mere status.
    pub fn is_logged(&self, session: &str) -> bool {
        self.entities(session)
            .iter()
            .any(|it| it.get("type").and_then(Value::as_str) != Some("status"))
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

    pub(crate) fn tell_connection(&self, status: &str, device: &Value) {
        self.tell(json!({ "type": "rc-webphone-connection-status-notify",
            "connectionStatus": format!("connectionStatus-{status}"), "deviceId": device }));
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
                if followed || !self.entities(session).is_empty() {
                    self.log_event(session, LogEvent::Record);
                }
                let widget = Arc::clone(self);
                tokio::spawn(async move { widget.match_everything().await });
            }
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
            "features": { "sms": true, "meeting": true, "glip": false, "smartNote": false, "call": true,
                "ringSenseInsights": false },
            "isFreshLogin": fresh,
        }));
        self.tell(json!({ "type": "rc-calling-settings-notify", "callWith": "browser", "callingMode": "webphone" }));
        self.tell_auto_log_messages();
        self.tell(json!({ "type": "rc-route-changed-notify", "path": "/dialer" }));
        self.tell(json!({ "type": "rc-dialer-status-notify", "ready": true }));
        self.tell(json!({ "type": "rc-meeting-status-notify", "ready": true, "permission": true }));
        self.tell_connection("connecting", &Value::Null);
        self.tell_connection("connected", &json!("330001"));
        self.tell_presence();
        self.tell(json!({ "type": "rc-call-history-synced-notify" }));
        if self.state().service.text("callLoggerPath").is_some() {
            self.tell_auto_log_calls();
        }
        for call in self.platform.live() {
            self.on_call(&call);
        }
        let widget = Arc::clone(self);
        tokio::spawn(async move { widget.match_everything().await });
        self.draw();
    }

    fn log_out(&self) {
        self.state().logged_in = false;
        self.tell(
            json!({ "type": "rc-login-status-notify", "loggedIn": false, "admin": false,
            "features": {}, "isFreshLogin": null }),
        );
        self.tell(json!({ "type": "rc-route-changed-notify", "path": "/" }));
        self.draw();
    }

    pub(crate) fn tell_auto_log_calls(&self) {
        self.tell(json!({ "type": "rc-callLogger-auto-log-notify", "autoLog": self.auto_log() }));
    }

    fn tell_auto_log_messages(&self) {
        let stored = self.partition.stored().auto_log_messages;
        let on = stored.unwrap_or_else(|| self.facts.has_param("defaultAutoLogMessageEnabled"));
        self.tell(json!({ "type": "rc-messageLogger-auto-log-notify", "autoLog": on }));
    }

    /// Turns one or both switches; the choice is stored and told.
    pub(crate) fn turn_auto_log(&self, calls: Option<bool>, messages: Option<bool>) {
        if let Some(on) = calls {
            self.partition.stored().auto_log_calls = Some(on);
            let told = {
                let state = self.state();
                state.logged_in && state.service.text("callLoggerPath").is_some()
            };
            if told {
                self.tell_auto_log_calls();
            }
        }
        if let Some(on) = messages {
            self.partition.stored().auto_log_messages = Some(on);
            self.tell_auto_log_messages();
        }
        self.draw();
    }

    /// Shows what is new on the page.
    pub(crate) fn draw(&self) {
        let regions = view::regions(self);
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
