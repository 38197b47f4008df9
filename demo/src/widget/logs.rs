//! The log of calls: by itself, by a button, by a form.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::service::limit;
use super::{LogEvent, Widget};
use crate::json::{put, text};
use crate::platform::{Direction, MAIN_NUMBER, OWN_EXTENSION, OWN_NUMBER, Party, Record};

impl Widget {
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
                let (call, direction) = (
                    record.logged(&self.platform.media(), with_token),
                    record.direction,
                );
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
            let theirs = self.chosen(&telephony, &other);
            let (from, to) = match direction {
                Direction::Inbound => (theirs, self.only_match(OWN_NUMBER)),
                Direction::Outbound => (self.only_match(OWN_NUMBER), theirs),
            };
            put(&mut body, "fromEntity", from);
            put(&mut body, "toEntity", to);
        }
        self.add_notes(&mut body, session);
        let answered = self.ask(&path, Some(body), limit::LOG).await.is_some();
        if introduces {
            self.keep_choice(&telephony, &self.chosen(&telephony, &other));
        }
        if answered {
            self.match_sessions(vec![session.to_owned()], true).await;
        }
        true
    }

    /// Returns whether the assistant's notes reach this widget.
    pub(super) fn takes_notes(&self) -> bool {
        self.facts.has_param("enableSmartNote")
    }

    /// Adds what the assistant noted about a call that is over; no note yet is `null`.
    pub(super) fn add_notes(&self, body: &mut Value, session: &str) {
        let Some(record) = self.platform.record_of(session) else {
            return;
        };
        if self.takes_notes() {
            let note = record.ai_note.map_or(Value::Null, Value::from);
            put(body, "aiNote", note);
            if let Some(transcript) = record.transcript {
                put(body, "transcript", transcript);
            }
        }
    }

    pub(super) fn logger_path(&self) -> Option<String> {
        self.state()
            .service
            .text("callLoggerPath")
            .map(str::to_owned)
    }

    pub(super) fn turn_of(&self, session: &str) -> Arc<tokio::sync::Mutex<()>> {
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
    pub(super) fn only_match(&self, number: &str) -> Value {
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

    /// Returns a call as the history has it, or as it is or was a moment ago, with its matches.
    pub(super) fn call_body(&self, session: &str) -> Option<(Value, Party, Direction)> {
        let with_token = self.state().service.is("recordingWithToken");
        let (mut call, other, direction) = if let Some(record) = self.platform.record_of(session) {
            (
                record.logged(&self.platform.media(), with_token),
                record.other,
                record.direction,
            )
        } else {
            let call = self.platform.call_of(session)?;
            (
                call.presence(self.platform.clock().now_ms()),
                call.other,
                call.direction,
            )
        };
        self.add_matches(&mut call, &other, direction);
        Some((call, other, direction))
    }

    /// The log button: creates or edits, or opens the form where the service asked for it.
    ///
    /// A pending status takes the button away, as the service may for calls that are logged.
    pub(super) async fn log_button(self: &Arc<Self>, session: &str) {
        let logged = self.is_logged(session);
        let (modal, hidden) = {
            let state = self.state();
            let hidden = state.service.is("callLoggerHideEditLogButton");
            (state.service.is("showLogModal"), logged && hidden)
        };
        if hidden || self.is_pending(session) {
            return;
        }
        if modal {
            self.open_log_form(session);
            self.match_sessions(vec![session.to_owned()], true).await;
        } else {
            let kind = if logged { "editLog" } else { "createLog" };
            self.log_manually(session, kind, true).await;
        }
    }

    /// The user picked another contact for a call: with auto log on, the host hears of it, or the form opens.
    pub(super) async fn contact_picked(self: &Arc<Self>, session: &str) {
        if !self.auto_log() {
            return;
        }
        if self.state().service.is("showLogModal") {
            self.open_log_form(session);
            self.match_sessions(vec![session.to_owned()], true).await;
        } else {
            self.log_manually(session, "contactUpdated", false).await;
        }
    }

    /// Returns whether the log of a call is being saved somewhere.
    pub(super) fn is_pending(&self, session: &str) -> bool {
        self.entities(session)
            .iter()
            .any(|it| text(it, "type") == "status" && text(it, "status") == "pending")
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
        let mut body = json!({ "call": call, "triggerType": kind, "redirect": redirect,
            "fromEntity": from, "toEntity": to });
        self.add_notes(&mut body, session);
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

    /// Returns the call history as far as it is loaded: seven days, newest first.
    pub fn history(&self) -> Vec<Record> {
        const LOADED_MS: u64 = 7 * 24 * 3600 * 1000;
        let now = self.platform.clock().now_ms();
        let mut records = self.platform.history();
        records.retain(|it| now.saturating_sub(it.started_ms) <= LOADED_MS);
        records
    }
}
