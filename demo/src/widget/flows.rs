//! Requests and their order: contacts, search, and the matchers of numbers and calls.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::contacts::{entities, suggestions};
use super::service::{limit, truthy};
use super::{Screen, Widget, messages};
use crate::json::put;
use crate::platform::OWN_NUMBER;

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
        // Whoever was seen last asks for all tabs.
        if !self.is_leader() {
            return;
        }
        tokio::spawn(async move {
            widget.refresh_numbers().await;
            let mut sessions = widget.known_sessions();
            sessions.truncate(REFRESHED);
            widget.match_sessions(sessions, true).await;
            widget.refresh_groups(REFRESHED).await;
            widget.match_everything().await;
        });
    }

    /// Asks for the first few numbers, as far as they are stale.
    async fn refresh_numbers(&self) {
        let mut numbers = self.known_numbers();
        numbers.truncate(REFRESHED);
        self.match_numbers(numbers, false).await;
    }

    // Contacts.

    /// Starts a run; a trigger while one runs starts no other.
    pub(super) fn start_contacts(self: &Arc<Self>, kind: Option<&'static str>) {
        let widget = Arc::clone(self);
        tokio::spawn(async move { widget.run_contacts(kind).await });
    }

    /// Runs because the host said so, and asks for the first few stale numbers afterwards.
    pub(super) fn sync_for_host(self: &Arc<Self>) {
        let widget = Arc::clone(self);
        tokio::spawn(async move {
            widget.run_contacts(Some("api")).await;
            widget.refresh_numbers().await;
        });
    }

    async fn run_contacts(&self, kind: Option<&'static str>) {
        let runs = {
            let mut state = self.state();
            if !state.attached || state.service.text("contactsPath").is_none() {
                return;
            }
            std::mem::replace(&mut state.syncing, true)
        };
        if runs {
            let done = |it: &Self| (!it.state().syncing).then_some(());
            let longest = limit::CONTACTS * MOST_PAGES;
            let _waited = self.wait_for("the contacts", longest, done).await.is_ok();
            return;
        }
        self.draw();
        let run = self.contact_run(kind).await;
        {
            let mut state = self.state();
            state.syncing = false;
            if let Some((contacts, timestamp)) = run {
                state.book.take(contacts, timestamp);
            }
        }
        self.platform.changed();
        self.draw();
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

    pub(super) async fn find(&self, text: &str) -> Vec<Value> {
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

    /// Returns every number the widget currently knows, newest first: live calls, the history, messages, the person's own.
    pub(super) fn known_numbers(&self) -> Vec<String> {
        let live = self.platform.live().into_iter().map(|it| it.other.number);
        let past = self.history().into_iter().map(|it| it.other.number);
        let messages = self.platform.messages().into_iter();
        let written = messages.flat_map(|it| it.others.into_iter().map(|it| it.number));
        let mut numbers: Vec<String> = Vec::new();
        let all = live.chain(past).chain(written);
        for number in all.chain([OWN_NUMBER.to_owned()]) {
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        numbers
    }

    /// Returns every session the widget currently knows, newest first.
    pub(super) fn known_sessions(&self) -> Vec<String> {
        let live = self.platform.live().into_iter().map(|it| it.session_id);
        let past = self.history().into_iter().map(|it| it.session_id);
        live.chain(past).collect()
    }

    /// The general trigger: everything that is stale.
    pub(super) async fn match_everything(&self) {
        let (kept, _) = self.state().match_times;
        {
            let mut stored = self.partition.stored();
            stored.contacts.drop_older(kept);
            stored.entities.drop_older(ENTITIES_KEPT);
            stored.groups.drop_older(messages::ENTITIES_KEPT);
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

    // Where the user is.

    /// Goes to a page: it is shown, remembered and told.
    pub(super) fn go(&self, path: &str, screen: Screen) {
        {
            let mut state = self.state();
            let here = state.ui.screen.clone();
            // What was typed meanwhile is remembered with the page.
            if let Some((_, last)) = state.routes.last_mut() {
                *last = here;
            }
            state.routes.push((path.to_owned(), screen.clone()));
        }
        self.show(screen);
        self.tell(json!({ "type": "rc-route-changed-notify", "path": path }));
    }

    /// Goes back to the page before, if there is one.
    pub(super) fn go_back(&self) {
        let before = {
            let mut state = self.state();
            if state.routes.len() < 2 {
                return;
            }
            state.routes.pop();
            state.routes.last().cloned()
        };
        if let Some((path, screen)) = before {
            self.show(screen);
            self.tell(json!({ "type": "rc-route-changed-notify", "path": path }));
        }
    }

    pub(super) fn show(&self, screen: Screen) {
        self.state().ui.screen = screen;
        self.platform.changed();
        self.draw();
    }
}
