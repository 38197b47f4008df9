//! Requests and their order: contacts, search, the two matchers, logs.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::contacts::{entities, suggestions};
use super::service::{limit, truthy};
use super::{Alert, LogEvent, Screen, Widget};
use crate::json::{field, put, text};
use crate::platform::{Direction, MAIN_NUMBER, OWN_EXTENSION, OWN_NUMBER, Party};

/// After how long a call's log entities are asked again, and after how long they are forgotten.
const ENTITIES_AGAIN: Duration = Duration::from_secs(2 * 3600);
const ENTITIES_KEPT: Duration = Duration::from_secs(4 * 3600);
/// How long a search answer is good.
const SEARCH_KEPT: Duration = Duration::from_secs(5 * 60);
/// How much a refresh asks, where a general trigger asks everything.
const REFRESHED: usize = 30;
/// More pages than this are a host that never ends a run.
const MOST_PAGES: u32 = 500;

impl Widget {
    // Attaching.

    /// Starts whatever an authorized service gets: its contacts at once, its matches when signed in.
    pub(super) fn attach(self: &Arc<Self>) {
        {
            let mut state = self.state();
            state.attached = true;
            state.match_times = state.service.match_times();
        }
        self.start_contacts(None);
        self.refresh();
        self.draw();
    }

    /// Asks the first few of each matcher again, then everything stale.
    pub(super) fn refresh(self: &Arc<Self>) {
        let widget = Arc::clone(self);
        tokio::spawn(async move {
            let mut numbers = widget.known_numbers();
            numbers.truncate(REFRESHED);
            widget.match_numbers(numbers, false).await;
            let mut sessions = widget.known_sessions();
            sessions.truncate(REFRESHED);
            widget.match_sessions(sessions, true).await;
            widget.match_everything().await;
        });
    }

    // Contacts.

    /// Starts a run; a trigger while one runs starts no other.
    pub(super) fn start_contacts(self: &Arc<Self>, kind: Option<&'static str>) {
        {
            let mut state = self.state();
            if !state.attached || state.syncing || state.service.text("contactsPath").is_none() {
                return;
            }
            state.syncing = true;
        }
        self.draw();
        let widget = Arc::clone(self);
        tokio::spawn(async move {
            let run = widget.contact_run(kind).await;
            {
                let mut state = widget.state();
                state.syncing = false;
                if let Some((contacts, timestamp)) = run {
                    state.book.take(contacts, timestamp);
                }
            }
            widget.platform.changed();
            widget.draw();
        });
    }

    /// Asks page after page. One page that fails discards them all.
    async fn contact_run(&self, kind: Option<&str>) -> Option<(Vec<Value>, Option<Value>)> {
        let (path, name, timestamp) = {
            let state = self.state();
            let path = state.service.text("contactsPath")?.to_owned();
            let name = state.service.name()?.to_owned();
            (path, name, state.book.timestamp().clone())
        };
        let mut contacts = Vec::new();
        let mut first_timestamp = None;
        let mut page = json!(1);
        for number in 0..MOST_PAGES {
            let mut body = json!({ "page": page, "syncTimestamp": timestamp });
            if let Some(kind) = kind {
                put(&mut body, "type", kind);
            }
            let response = self.ask(&path, Some(body), limit::CONTACTS).await?;
            if number == 0 {
                first_timestamp = response.get("syncTimestamp").cloned();
            }
            let Some(list) = response.get("data").and_then(Value::as_array) else {
                self.fault("a page of contacts that is not an array");
                break;
            };
            self.judge_contacts(list, &name);
            contacts.extend_from_slice(list);
            match response.get("nextPage").filter(|it| truthy(it)) {
                Some(next) => page = next.clone(),
                None => break,
            }
        }
        Some((contacts, first_timestamp))
    }

    /// Writes down what breaks the real widget's contact pages, once per run and kind.
    fn judge_contacts(&self, list: &[Value], name: &str) {
        let lacks = |test: &dyn Fn(&Value) -> bool| list.iter().any(|it| !test(it));
        if lacks(&|it| it.get("id").is_some_and(Value::is_string)) {
            self.fault("a contact whose id is not a string");
        }
        if lacks(&|it| it.get("type").and_then(Value::as_str) == Some(name)) {
            self.fault("a contact whose type is not the service's name");
        }
        if lacks(&|it| it.get("phoneNumbers").is_some_and(Value::is_array)) {
            self.fault("a contact without phoneNumbers");
        }
    }

    // Search.

    /// Searches after the pause that a typist makes, unless more was typed.
    pub(super) fn search_soon(self: &Arc<Self>, text: &str) {
        let turn = {
            let mut state = self.state();
            text.clone_into(&mut state.ui.dial);
            state.typed += 1;
            state.typed
        };
        let (widget, text) = (Arc::clone(self), text.to_owned());
        tokio::spawn(async move {
            tokio::time::sleep(widget.platform.pace().typing).await;
            if widget.state().typed == turn {
                widget.search_now(&text).await;
            }
        });
    }

    pub(super) async fn search_now(&self, text: &str) {
        let found = self.find(text).await;
        match suggestions(&found, text) {
            Ok(rows) => self.state().ui.suggestions = rows,
            Err(fault) => {
                self.state().ui.suggestions.clear();
                self.fault(fault);
            }
        }
        self.platform.changed();
        self.draw();
    }

    async fn find(&self, text: &str) -> Vec<Value> {
        let path = {
            let state = self.state();
            let path = state.service.text("contactSearchPath").map(str::to_owned);
            path.filter(|_| state.attached && state.logged_in && text.chars().count() >= 3)
        };
        let Some(path) = path else { return Vec::new() };
        let _turn = self.search_turn.lock().await;
        if let Some((at, found)) = self.partition.stored().searches.get(text)
            && at.elapsed() < SEARCH_KEPT
        {
            return found.clone();
        }
        let response = self
            .ask(&path, Some(json!({ "searchString": text })), limit::MATCH)
            .await;
        let data = response.as_ref().and_then(|it| it.get("data"));
        let found = data.and_then(Value::as_array).cloned().unwrap_or_default();
        let searched = (Instant::now(), found.clone());
        self.partition
            .stored()
            .searches
            .insert(text.to_owned(), searched);
        found
    }

    // Matching.

    /// Returns every number the widget currently knows, newest first: live calls, the history, the person's own.
    pub(super) fn known_numbers(&self) -> Vec<String> {
        let live = self.platform.live().into_iter().map(|it| it.other.number);
        let past = self
            .platform
            .history()
            .into_iter()
            .map(|it| it.other.number);
        let mut numbers: Vec<String> = Vec::new();
        for number in live.chain(past).chain([OWN_NUMBER.to_owned()]) {
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        numbers
    }

    /// Returns every session the widget currently knows, newest first.
    pub(super) fn known_sessions(&self) -> Vec<String> {
        let live = self.platform.live().into_iter().map(|it| it.session_id);
        let past = self.platform.history().into_iter().map(|it| it.session_id);
        live.chain(past).collect()
    }

    /// The general trigger: everything that is stale.
    pub(super) async fn match_everything(&self) {
        let (kept, _) = self.state().match_times;
        {
            let mut stored = self.partition.stored();
            stored.contacts.drop_older(kept);
            stored.entities.drop_older(ENTITIES_KEPT);
        }
        if self.is_leader() {
            self.match_numbers(self.known_numbers(), false).await;
        }
        self.match_sessions(self.known_sessions(), false).await;
    }

    /// Asks for numbers; while a request runs, what comes meanwhile waits for one follow-up. `forced` ignores the cache.
    pub(super) async fn match_numbers(&self, numbers: Vec<String>, forced: bool) {
        self.state().wanted_numbers.extend(numbers.iter().cloned());
        let _turn = self.number_turn.lock().await;
        let wanted: Vec<String> = {
            let mut state = self.state();
            let again = state.match_times.1;
            let wanted = std::mem::take(&mut state.wanted_numbers);
            let stored = self.partition.stored();
            let is_due = |it: &String| stored.contacts.is_stale(it, again);
            // In the order they were asked for; what others added follows.
            let mut ordered: Vec<String> = numbers
                .iter()
                .filter(|it| forced || is_due(it))
                .cloned()
                .collect();
            let others = wanted
                .into_iter()
                .filter(|it| !numbers.contains(it) && is_due(it));
            ordered.extend(others);
            ordered
        };
        self.ask_numbers(wanted, None).await;
    }

    /// Asks for numbers at once, past the queue: for a ring, a dial, and the refresh button (`from`).
    pub(super) async fn ask_numbers(&self, numbers: Vec<String>, from: Option<&str>) {
        let path = {
            let state = self.state();
            let path = state.service.text("contactMatchPath").map(str::to_owned);
            path.filter(|_| state.attached && state.logged_in && !numbers.is_empty())
        };
        let Some(path) = path else { return };
        let caller_ids: BTreeMap<&str, String> = numbers
            .iter()
            .filter_map(|it| Some((it.as_str(), self.platform.name_of(it)?)))
            .collect();
        let mut body = json!({ "phoneNumbers": numbers, "callerIds": caller_ids });
        if let Some(from) = from {
            put(&mut body, "triggerFrom", from);
        }
        let response = self.ask(&path, Some(body), limit::MATCH).await;
        let data = response.as_ref().and_then(|it| it.get("data"));
        {
            let mut stored = self.partition.stored();
            for number in &numbers {
                // A failure is an answer too: nobody, for all of them.
                stored.contacts.put(number, entities(data, number));
            }
        }
        self.platform.changed();
        self.draw();
    }

    /// Asks for the log entities of calls, as [`Self::match_numbers`] does for numbers.
    pub(super) async fn match_sessions(&self, sessions: Vec<String>, forced: bool) {
        self.state()
            .wanted_sessions
            .extend(sessions.iter().cloned());
        let _turn = self.session_turn.lock().await;
        let (path, wanted) = {
            let mut state = self.state();
            let wanted = std::mem::take(&mut state.wanted_sessions);
            let path = state
                .service
                .text("callLogEntityMatcherPath")
                .map(str::to_owned);
            let path = path.filter(|_| state.attached && state.logged_in);
            let stored = self.partition.stored();
            let is_due = |it: &String| stored.entities.is_stale(it, ENTITIES_AGAIN);
            let mut ordered: Vec<String> = sessions
                .iter()
                .filter(|it| forced || is_due(it))
                .cloned()
                .collect();
            ordered.extend(
                wanted
                    .into_iter()
                    .filter(|it| !sessions.contains(it) && is_due(it)),
            );
            (path, ordered)
        };
        let Some(path) = path.filter(|_| !wanted.is_empty()) else {
            return;
        };
        let live: Vec<String> = self
            .platform
            .live()
            .into_iter()
            .map(|it| it.session_id)
            .collect();
        let active: Vec<&String> = wanted.iter().filter(|it| live.contains(it)).collect();
        let body = json!({ "sessionIds": wanted, "activeSessionIds": active });
        let response = self.ask(&path, Some(body), limit::MATCH).await;
        let data = response.as_ref().and_then(|it| it.get("data"));
        {
            let mut stored = self.partition.stored();
            for session in &wanted {
                let found = data
                    .and_then(|it| it.get(session))
                    .and_then(Value::as_array);
                stored
                    .entities
                    .put(session, found.cloned().unwrap_or_default());
            }
        }
        self.platform.changed();
        self.draw();
    }

    /// Returns whether this tab is the one that sends automatic events.
    pub(super) fn is_leader(&self) -> bool {
        let mut stored = self.partition.stored();
        *stored.leader.get_or_insert(self.id) == self.id
    }

    // Logging.

    /// Hands an automatic event to the call's own queue: the events of one call never overtake each other.
    pub(super) fn log_event(self: &Arc<Self>, session: &str, event: LogEvent) {
        let mut state = self.state();
        let queue = state.loggers.entry(session.to_owned()).or_insert_with(|| {
            let (queue, events) = mpsc::unbounded_channel();
            tokio::spawn(Arc::clone(self).log_queue(session.to_owned(), events));
            queue
        });
        let _queued = queue.send(event).is_ok();
    }

    async fn log_queue(
        self: Arc<Self>,
        session: String,
        mut events: mpsc::UnboundedReceiver<LogEvent>,
    ) {
        let mut prepared = false;
        let mut logged = false;
        while let Some(event) = events.recv().await {
            if !self.is_leader() || !self.state().logged_in {
                continue;
            }
            if !std::mem::replace(&mut prepared, true) {
                self.prepare(&session, &event).await;
            }
            logged |= self.log_automatically(&session, &event, !logged).await;
        }
    }

    /// Waits for what the first event of a call needs: who it is, and whether it is logged already.
    async fn prepare(&self, session: &str, event: &LogEvent) {
        let numbers = async {
            match event {
                LogEvent::Presence(call) if !call.ended => {
                    if call.direction == Direction::Outbound {
                        let own =
                            format!("{}*{OWN_EXTENSION}", MAIN_NUMBER.trim_start_matches('+'));
                        self.ask_numbers(vec![own], None).await;
                    }
                    self.ask_numbers(vec![call.other.number.clone()], None)
                        .await;
                    self.match_numbers(vec![OWN_NUMBER.to_owned()], false).await;
                }
                _ => self.match_numbers(self.known_numbers(), false).await,
            }
        };
        tokio::join!(
            numbers,
            self.match_sessions(vec![session.to_owned()], false)
        );
    }

    async fn log_automatically(&self, session: &str, event: &LogEvent, first: bool) -> bool {
        let Some(path) = self.logger_path() else {
            return false;
        };
        let turn = self.turn_of(session);
        let in_flight = turn.try_lock().is_err();
        let _turn = turn.lock().await;
        let matched = !self.entities(session).is_empty();
        if !(self.auto_log() || matched || in_flight) {
            return false;
        }
        let (kind, mut call, other, direction) = match event {
            LogEvent::Presence(call) => {
                let now = self.platform.clock().now_ms();
                let (other, direction) = (call.other.clone(), call.direction);
                ("presenceUpdate", call.presence(now), other, direction)
            }
            LogEvent::Record => {
                let Some(record) = self.platform.record_of(session) else {
                    return false;
                };
                let with_token = self.state().service.is("recordingWithToken");
                let (call, direction) = (record.logged(with_token), record.direction);
                ("callLogSync", call, record.other, direction)
            }
        };
        let introduces = first && !matched && matches!(event, LogEvent::Presence(_));
        self.add_matches(&mut call, &other, direction);
        let telephony = text(&call, "telephonySessionId").to_owned();
        if !introduces {
            put(&mut call, "isTransferredCall", false);
            put(&mut call, "transferredMiddleNumber", Value::Null);
        }
        let mut body = json!({ "call": call, "triggerType": kind });
        if introduces {
            let (from, to) = Self::sides(&other, direction);
            put(&mut body, "fromEntity", self.only_match(&from));
            put(&mut body, "toEntity", self.only_match(&to));
        }
        let answered = self.ask(&path, Some(body), limit::LOG).await.is_some();
        if introduces {
            self.keep_choice(&telephony, &self.only_match(&other.number));
        }
        if answered {
            self.match_sessions(vec![session.to_owned()], true).await;
        }
        true
    }

    fn logger_path(&self) -> Option<String> {
        self.state()
            .service
            .text("callLoggerPath")
            .map(str::to_owned)
    }

    fn turn_of(&self, session: &str) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(self.state().turns.entry(session.to_owned()).or_default())
    }

    fn sides(other: &Party, direction: Direction) -> (String, String) {
        let own = OWN_NUMBER.to_owned();
        match direction {
            Direction::Inbound => (other.number.clone(), own),
            Direction::Outbound => (own, other.number.clone()),
        }
    }

    /// Returns the contact of a side: the only match over all sources, else nobody.
    fn only_match(&self, number: &str) -> Value {
        match self.matches(number).as_slice() {
            [only] => only.clone(),
            _ => Value::Null,
        }
    }

    /// Adds to a call what is known about both sides and its log.
    pub(super) fn add_matches(&self, call: &mut Value, other: &Party, direction: Direction) {
        let (from, to) = Self::sides(other, direction);
        put(call, "fromMatches", self.matches(&from));
        put(call, "toMatches", self.matches(&to));
        let entities = self.entities(text(call, "sessionId"));
        put(call, "activityMatches", entities);
        let telephony = text(call, "telephonySessionId");
        let picked = self.partition.stored().picked.get(telephony).cloned();
        if let Some(id) = picked {
            put(call, "toNumberEntity", id);
        }
    }

    /// Remembers the contact of a call, if there is one.
    fn keep_choice(&self, telephony: &str, contact: &Value) {
        let id = text(contact, "id");
        if !id.is_empty() {
            let mut stored = self.partition.stored();
            stored.picked.insert(telephony.to_owned(), id.to_owned());
        }
    }

    /// Returns a call as the history has it, or as it is now, with its matches.
    pub(super) fn call_body(&self, session: &str) -> Option<(Value, Party, Direction)> {
        let with_token = self.state().service.is("recordingWithToken");
        let live = self
            .platform
            .live()
            .into_iter()
            .find(|it| it.session_id == session);
        let (mut call, other, direction) = if let Some(record) = self.platform.record_of(session) {
            (record.logged(with_token), record.other, record.direction)
        } else {
            let live = live?;
            (
                live.presence(self.platform.clock().now_ms()),
                live.other,
                live.direction,
            )
        };
        self.add_matches(&mut call, &other, direction);
        Some((call, other, direction))
    }

    /// The log button: creates or edits, or opens the form where the service asked for it.
    pub(super) async fn log_button(self: &Arc<Self>, session: &str) {
        if self.state().service.is("showLogModal") {
            self.open_log_form(session);
            self.match_sessions(vec![session.to_owned()], true).await;
        } else {
            let kind = if self.is_logged(session) {
                "editLog"
            } else {
                "createLog"
            };
            self.log_manually(session, kind, true).await;
        }
    }

    /// Sends a log that the user asked for.
    pub(super) async fn log_manually(&self, session: &str, kind: &str, redirect: bool) {
        let Some(path) = self.logger_path() else {
            return;
        };
        let turn = self.turn_of(session);
        let _turn = turn.lock().await;
        let Some((call, other, direction)) = self.call_body(session) else {
            return;
        };
        let telephony = text(&call, "telephonySessionId").to_owned();
        let entity = self.chosen(&telephony, &other);
        self.keep_choice(&telephony, &entity);
        // Once more, with the choice in it.
        let Some((call, ..)) = self.call_body(session) else {
            return;
        };
        let (from, to) = match direction {
            Direction::Inbound => (entity, Value::Null),
            Direction::Outbound => (Value::Null, entity),
        };
        let body = json!({ "call": call, "triggerType": kind, "redirect": redirect,
            "fromEntity": from, "toEntity": to });
        if self.ask(&path, Some(body), limit::LOG).await.is_some() {
            self.match_sessions(vec![session.to_owned()], true).await;
        }
    }

    /// Returns the contact picked for a call, else the only one there is.
    fn chosen(&self, telephony: &str, other: &Party) -> Value {
        let picked = self.partition.stored().picked.get(telephony).cloned();
        let found = self.matches(&other.number);
        found
            .iter()
            .find(|it| {
                picked.is_some() && it.get("id").and_then(Value::as_str) == picked.as_deref()
            })
            .cloned()
            .unwrap_or_else(|| self.only_match(&other.number))
    }

    /// Opens the widget's own form, filled with what the log entity says.
    pub(super) fn open_log_form(&self, session: &str) {
        let Some((_, other, _)) = self.call_body(session) else {
            return;
        };
        let page = self.state().call_log_page.clone();
        let data = match page.as_ref().map(|it| field(it, "formData")) {
            Some(data) if data.is_object() => data.clone(),
            Some(_) => json!({}),
            None => self.own_form(session, &other),
        };
        self.show(Screen::LogForm {
            session: session.to_owned(),
            drawn: data.clone(),
            data,
        });
        self.tell(
            json!({ "type": "rc-route-changed-notify", "path": format!("/log/call/{session}") }),
        );
    }

    /// What the widget's own form starts with: the log's note and contact, else the first match.
    fn own_form(&self, session: &str, other: &Party) -> Value {
        let entity = self.entities(session).into_iter().next();
        let entity = entity.unwrap_or_default();
        let linked = field(&entity, "contact");
        let linked = linked.get("id").unwrap_or(linked).as_str();
        let first = self.first_match(&other.number);
        let contact = linked.or_else(|| field(&first, "id").as_str());
        let mut form = json!({ "note": text(&entity, "note") });
        if let Some(contact) = contact {
            put(&mut form, "contactId", contact);
        }
        form
    }

    fn form_data(&self) -> Option<(String, Value)> {
        match &self.state().ui.screen {
            Screen::LogForm { session, data, .. } => Some((session.clone(), data.clone())),
            _ => None,
        }
    }

    /// Tells the host that a field of the form changed, if it wants to know.
    pub(super) async fn form_changed(&self, key: &str) {
        let Some((session, form)) = self.form_data() else {
            return;
        };
        let (path, page) = {
            let state = self.state();
            let path = state
                .service
                .text("callLogPageInputChangedEventPath")
                .map(str::to_owned);
            (path, state.call_log_page.clone())
        };
        let (Some(path), Some((mut call, ..))) = (path, self.call_body(&session)) else {
            return;
        };
        // The form has the recording as the history keeps it, without link and token.
        if let Some(recording) = call.get_mut("recording").and_then(Value::as_object_mut) {
            recording.remove("link");
            let bare = recording
                .get("contentUri")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let bare = bare.split('?').next().unwrap_or_default().to_owned();
            recording.insert("contentUri".to_owned(), json!(bare));
        }
        let mut body = json!({ "call": call, "formData": form, "keys": [key] });
        if let Some(page) = page {
            put(&mut body, "page", page);
        }
        self.ask(&path, Some(body), limit::REST).await;
    }

    /// Saves the form: the chosen contact is in the form's data, not in the entities.
    pub(super) async fn save_form(&self) {
        let (Some((session, form)), Some(path)) = (self.form_data(), self.logger_path()) else {
            return;
        };
        let turn = self.turn_of(&session);
        let _turn = turn.lock().await;
        let Some((call, ..)) = self.call_body(&session) else {
            return;
        };
        let body = json!({ "call": call, "triggerType": "logForm", "note": field(&form, "note"), "formData": form,
            "redirect": true, "fromEntity": null, "toEntity": null });
        self.show(Screen::Tab("history"));
        if self.ask(&path, Some(body), limit::LOG).await.is_some() {
            self.match_sessions(vec![session], true).await;
        }
    }

    // Calling.

    /// Calls a number: asks whether it may be called first, where somebody wants to be asked.
    ///
    /// Three seconds without an answer mean yes.
    pub(super) async fn call(self: &Arc<Self>, number: &str, contact: Option<&Value>) {
        let number: String = number
            .chars()
            .filter(|it| it.is_ascii_digit() || *it == '+')
            .collect();
        let busy = self
            .platform
            .live()
            .iter()
            .any(|it| it.other.number == number);
        if number.is_empty() || busy || !self.is_signed_in() {
            return;
        }
        let path = self
            .state()
            .service
            .text("doNotContactPath")
            .map(str::to_owned);
        if let Some(path) = path {
            let body = match contact {
                Some(contact) => json!({
                    "phoneNumber": number, "contactId": field(contact, "id"), "name": field(contact, "name"),
                    "contactType": field(contact, "type"), "entityType": field(contact, "type"),
                    "phoneType": field(contact, "phoneType"), "actionType": "call",
                }),
                None => json!({ "phoneNumber": number, "actionType": "call" }),
            };
            let response = self
                .ask(&path, Some(body), limit::REST)
                .await
                .unwrap_or_default();
            let verdict = response.get("data").cloned().unwrap_or_default();
            if verdict.get("result").is_some_and(truthy) {
                let message = verdict.get("message").and_then(Value::as_str);
                let message = message.unwrap_or("Do not contact").to_owned();
                if verdict.get("mode").and_then(Value::as_str) == Some("restrict") {
                    self.alert("warning", &message, Value::Null);
                } else {
                    self.state().ui.confirm = Some((number, message));
                    self.draw();
                }
                return;
            }
        }
        self.dial_now(&number);
    }

    pub(super) fn dial_now(self: &Arc<Self>, number: &str) {
        {
            let mut state = self.state();
            state.ui.confirm = None;
            state.ui.dial.clear();
            // An empty field is drawn by sending the body anew, even if it was drawn empty before.
            state.prefill.clear();
            state.drawn.remove("body");
            state.ui.suggestions.clear();
        }
        self.platform.dial(number, Some(self.id));
    }

    /// Shows an alert; returns its identity.
    pub(super) fn alert(&self, level: &str, message: &str, details: Value) -> String {
        let id = {
            let mut state = self.state();
            state.alerts += 1;
            let id = format!("alert-{}", state.alerts);
            state.ui.alerts.push(Alert {
                id: id.clone(),
                level: level.to_owned(),
                message: message.to_owned(),
                details,
            });
            id
        };
        self.platform.changed();
        self.draw();
        id
    }

    pub(super) fn show(&self, screen: Screen) {
        self.state().ui.screen = screen;
        self.platform.changed();
        self.draw();
    }
}
