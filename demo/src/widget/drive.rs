//! What tests and the control page do and see: the user's hands and eyes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::contacts::Suggestion;
use super::service::Service;
use super::{Alert, Reached, Widget};
use crate::json::{field, items, put, text};
use crate::platform::{CallState, RingOptions, directory};
use crate::transcript::{Exchange, Outcome, PathTiming, Transcript};

/// What the authorization block of the settings shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    /// The service's name as it is shown.
    pub title: String,
    /// The small text under it.
    pub info: String,
    /// `Connected as …`, `Connected`, `Disconnected`.
    pub status: String,
    /// What stands on the button; a service without an authorization path has none.
    pub button: Option<String>,
    /// The address of the logo, if it is one that is shown.
    pub logo: Option<String>,
    /// Whether the Settings tab has a red dot.
    pub red_dot: bool,
    /// The license line: its status and its description, empty where there is none.
    pub license: [String; 2],
}

impl Widget {
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
        let found = || found(self);
        self.platform.wait_for(what, limit, found).await
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

    /// Presses "View log details" of a call; only a logged call has it.
    pub fn press_view_log(self: &Arc<Self>, session: &str) {
        if self.is_logged(session) {
            let (widget, session) = (Arc::clone(self), session.to_owned());
            tokio::spawn(async move { widget.log_manually(&session, "viewLog", true).await });
        }
    }

    /// Picks a contact for a call, out of several that match its number.
    pub fn pick_contact(self: &Arc<Self>, session: &str, contact: &str) {
        let Some((call, ..)) = self.call_body(session) else {
            return;
        };
        let telephony = text(&call, "telephonySessionId").to_owned();
        self.partition
            .stored()
            .picked
            .insert(telephony, contact.to_owned());
        let (widget, session) = (Arc::clone(self), session.to_owned());
        tokio::spawn(async move { widget.contact_picked(&session).await });
    }

    /// Presses "Refresh contact" at a number of the call list or the inbox.
    pub fn refresh_contact(self: &Arc<Self>, number: &str) {
        let (widget, number) = (Arc::clone(self), number.to_owned());
        tokio::spawn(async move { widget.ask_numbers(vec![number], Some("manual")).await });
    }

    /// Types a number into the dialer and presses call.
    pub async fn dial(self: &Arc<Self>, number: &str) -> Reached {
        self.call(number, None).await
    }

    /// Calls the number of a contact that was picked in the dialer's search or the contact list.
    pub async fn dial_contact(self: &Arc<Self>, contact: &str, number: &str) -> Reached {
        match self.known_contact(contact, number) {
            Some(contact) => self.call(number, Some(&contact)).await,
            None => Reached::Impossible,
        }
    }

    /// Sends a text to typed numbers.
    pub async fn send_sms(self: &Arc<Self>, to: &[&str], words: &str) -> Reached {
        let to: Vec<_> = to.iter().map(|it| ((*it).to_owned(), None)).collect();
        self.write_to(&to, words).await
    }

    /// Sends a text to the number of a contact that was picked.
    pub async fn send_sms_to(
        self: &Arc<Self>,
        contact: &str,
        number: &str,
        words: &str,
    ) -> Reached {
        match self.known_contact(contact, number) {
            Some(contact) => {
                self.write_to(&[(number.to_owned(), Some(contact))], words)
                    .await
            }
            None => Reached::Impossible,
        }
    }

    /// Returns a contact that is shown somewhere, with the type of its number.
    fn known_contact(&self, id: &str, number: &str) -> Option<Value> {
        let state = self.state();
        let kind_of = |contact: &Value| {
            let numbers = items(contact, "phoneNumbers").iter();
            let mut fitting = numbers.filter(|it| text(it, "phoneNumber") == number);
            fitting.next().map(|it| field(it, "phoneType").clone())
        };
        let mut contact = if let Some(contact) = state.book.find(id) {
            let kind = kind_of(contact)?;
            let mut contact = contact.clone();
            put(&mut contact, "phoneType", kind);
            contact
        } else {
            let rows = &state.ui.suggestions;
            let row = rows.iter().find(|it| it.id == id && it.number == number)?;
            json!({ "id": row.id, "name": row.name, "type": state.service.name(), "phoneType": row.kind })
        };
        let kind = field(&contact, "type").clone();
        if contact.get("entityType").is_none() {
            put(&mut contact, "entityType", kind);
        }
        Some(contact)
    }

    /// Somebody writes. Returns the conversation.
    pub fn receive_sms(&self, from: &str, words: &str) -> String {
        self.platform.receive_sms(from, words)
    }

    /// Somebody leaves a voicemail of so many seconds. Returns its conversation.
    pub fn leave_voicemail(&self, from: &str, seconds: u32, transcript: &str) -> String {
        self.platform.leave_voicemail(from, seconds, transcript)
    }

    /// Somebody sends a fax of so many pages. Returns its conversation.
    pub fn receive_fax(&self, from: &str, pages: u32) -> String {
        self.platform.receive_fax(from, pages)
    }

    /// Presses the button of the authorization block; without an authorization path there is none.
    pub fn press_authorize(self: &Arc<Self>) {
        self.ask_in_background("authorizationPath", |widget| {
            Some(json!({ "authorized": widget.state().service.authorized()? }))
        });
    }

    /// Returns what the authorization block of the settings shows; `None` without a service.
    pub fn authorization(&self) -> Option<Authorization> {
        let state = self.state();
        let service = &state.service;
        let word = |key: &str| service.text(key).unwrap_or_default().to_owned();
        let name = service.name()?;
        let account = word("authorizedAccount");
        let status = match (state.syncing, service.is_authorized()) {
            (_, false) => "Disconnected".to_owned(),
            _ if account.is_empty() => "Connected".to_owned(),
            _ => format!("Connected as {account}"),
        };
        let button = service.authorized().map(|authorized| {
            let (key, default) = if authorized {
                ("authorizedTitle", "Unauthorize")
            } else {
                ("unauthorizedTitle", "Authorize")
            };
            if state.syncing && authorized {
                "Syncing".to_owned()
            } else {
                service.text(key).unwrap_or(default).to_owned()
            }
        });
        Some(Authorization {
            title: service.text("displayName").unwrap_or(name).to_owned(),
            info: word("info"),
            status,
            button,
            logo: service.text("authorizationLogo").map(str::to_owned),
            red_dot: service.is("showAuthRedDot") && service.authorized() == Some(false),
            license: [word("licenseStatus"), word("licenseDescription")],
        })
    }

    /// Returns the settings tree as the widget keeps it.
    pub fn settings(&self) -> Vec<Value> {
        self.state().service.settings().to_vec()
    }

    /// Returns the parameters of the widget's address.
    pub fn params(&self) -> BTreeMap<String, String> {
        self.facts.params()
    }

    /// Returns the alerts that can be seen, with their details.
    pub fn shown_alerts(&self) -> Vec<Alert> {
        self.state().ui.alerts.clone()
    }

    /// Returns the question whether somebody should be reached all the same, if it is open.
    pub fn question(&self) -> Option<String> {
        let state = self.state();
        state.ui.confirm.as_ref().map(|(_, words)| words.clone())
    }

    /// Returns where the user is.
    pub fn route(&self) -> String {
        let state = self.state();
        state
            .routes
            .last()
            .map_or_else(|| "/".to_owned(), |it| it.0.clone())
    }

    /// Returns what is in the open form, by field; `None` where none is open.
    pub fn form(&self) -> Option<Value> {
        self.open_form_data().map(|it| it.1)
    }

    /// Returns how fast the host answered, path by path.
    pub fn timing(&self) -> Vec<PathTiming> {
        self.state().transcript.timing()
    }

    /// Returns every exception that the real widget would have thrown, in words, oldest first.
    pub fn thrown(&self) -> Vec<String> {
        self.state().transcript.thrown.clone()
    }

    /// Returns what the real widget would have dropped with a word on its console, oldest first.
    pub fn warnings(&self) -> Vec<String> {
        self.state().transcript.warnings.clone()
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
}
