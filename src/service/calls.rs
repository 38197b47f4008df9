//! Calls: their log entries, the form on the widget's log page, and what a moving call sets off.

use serde_json::{Map, Value, json};

use super::ports::{Browser, Store};
use super::widget::{Answer, At};
use super::{Done, Service};
use crate::calls::{self, CallEvent, ContactSaid, Links, Phase};
use crate::form;
use crate::phone::Numbering;
use crate::protocol::runtime::Refusal;
use crate::protocol::stored::{LogEntry, LogForm, LogState, Millis, Why};
use crate::protocol::widget::{id_text, paths, types};
use crate::scope::{Scope, WINDOW};
use crate::view::notice;

/// How much of its time limit an answer may take before the widget is told to ask again what is logged:
/// after a late answer it does not do so by itself.
const LATE_MS: Millis = 12_000;

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// Keeps a call. The widget is answered only after the entry is durable; when it cannot be kept
    /// the widget is answered all the same, the user is told, and what came is kept as a failed entry.
    pub(super) async fn log_call(&self, at: At<'_>, body: &Value) -> Answer {
        let began = self.browser.now();
        let Some(event) = CallEvent::of(body) else {
            return self.keep_unreadable(at.site, paths::CALL_LOG, body).await;
        };
        if event.trigger == "viewLog" {
            let key = calls::key_of(&event.call.session_id);
            self.browser.open_book(&key).await;
            return Answer::ok();
        }
        let answer = match self.keep_call(at, body, &event).await {
            // What follows is a service; the call is safe whatever becomes of it.
            Ok(entry) => {
                Answer::ok().then(self.kept(at, body, &event, entry).await.unwrap_or_default())
            }
            Err(_) => self.park_call(at.site, &event).await,
        };
        if self.browser.now() - began > LATE_MS {
            let session = std::slice::from_ref(&event.call.session_id);
            return answer.then([calls::ask_if_logged(session)]);
        }
        answer
    }

    /// Writes what a log request says, and returns the entry: it is durable then.
    async fn keep_call(&self, at: At<'_>, body: &Value, event: &CallEvent) -> Done<LogEntry> {
        let links = self.links_of(at, event).await?;
        let key = calls::key_of(&event.call.session_id);
        let now = self.browser.now();
        let entry = self
            .store
            .update_log(&key, |entry| {
                calls::apply(entry, event, &links, at.site, now)
            })
            .await?;
        if event.trigger == "logForm" {
            let said = form::said(body.get("formData").unwrap_or(&Value::Null));
            let kept = self.keep_form(at, &key, &said, true).await?;
            return Ok(kept.unwrap_or(entry));
        }
        Ok(entry)
    }

    /// What follows from a call that was kept; returns what is to be posted besides the answer.
    async fn kept(
        &self,
        at: At<'_>,
        body: &Value,
        event: &CallEvent,
        entry: LogEntry,
    ) -> Done<Vec<Value>> {
        let settings = self.store.settings().await?;
        let scope = Scope::of(at.site, &settings);
        if let ContactSaid::Chosen(id) = &event.contact
            && let Some((site, id)) = scope.meant(id)
        {
            self.remember_choice(site, &event.call.number, id).await?;
        }
        self.offer_no_more(std::slice::from_ref(&event.call.session_id))
            .await?;
        self.browser.announce();
        if calls::by_hand(&event.trigger) {
            // The widget that speaks asks by itself.
            let session = std::slice::from_ref(&event.call.session_id);
            self.tell_logged(session, Some(at)).await?;
        }
        if settings.global.recordings_with_token
            && let Some((id, url)) = recording_of(body)
        {
            // The token is good for minutes, so the file is fetched before the widget is answered.
            self.keep_files(&entry.key, &[(&id, url)]).await?;
        }
        let mut posts = match &event.contact {
            // The widget knows whom it names.
            ContactSaid::Found(_) => Vec::new(),
            ContactSaid::Chosen(_) | ContactSaid::Nothing => {
                self.preselection(&scope, &entry).await?
            }
        };
        let asked = body.get("redirect") == Some(&Value::Bool(true));
        let by_button = matches!(event.trigger.as_str(), "createLog" | "editLog");
        if asked && by_button && settings.global.log_form == LogForm::Page {
            posts.extend(self.open_form(at.site, &entry).await?);
        }
        Ok(posts)
    }

    /// Has all widgets ask again whether these calls are logged, and with what;
    /// all but the one that speaks, where one does.
    pub(super) async fn tell_logged(&self, sessions: &[String], by: Option<At<'_>>) -> Done<()> {
        if sessions.is_empty() {
            return Ok(());
        }
        let message = calls::ask_if_logged(sessions);
        for place in self.places().await? {
            let but = by.filter(|it| it.site == place).map(|it| it.tab);
            self.post_elsewhere(&place, but, std::slice::from_ref(&message))
                .await?;
        }
        Ok(())
    }

    /// The contacts of a call: the one the event names, else the likeliest who has the number, on each site
    /// that the widget serves.
    pub(super) async fn links_of(&self, at: At<'_>, event: &CallEvent) -> Done<Links> {
        let said = match &event.contact {
            ContactSaid::Chosen(id) => Some((id, Why::Chosen)),
            ContactSaid::Found(id) => Some((id, Why::Widget)),
            ContactSaid::Nothing => None,
        };
        let mut named = None;
        if let Some((id, why)) = said {
            let scope = self.scope(at.site).await?;
            named = self.contact_meant(&scope, id).await?.map(|it| (it, why));
        }
        let call = &event.call;
        self.links_at(at, (&call.number, &call.caller_name), named)
            .await
    }

    /// Where several share the number the widget names nobody: it is told whom we took, once.
    async fn preselection(&self, scope: &Scope, entry: &LogEntry) -> Done<Vec<Value>> {
        let links = scope.links(entry);
        let (Some((site, link)), Some(session)) = (links.first(), &entry.telephony_session_id)
        else {
            return Ok(Vec::new());
        };
        let alone = links.len() == 1 && matches!(link.why, Why::OnlyOne | Why::Unsaid);
        let id = scope.id_of(site, &link.id);
        let claim = format!("select:{}:{session}:{id}", scope.place());
        if alone || !self.store.claim(&claim).await? {
            return Ok(Vec::new());
        }
        Ok(vec![json!({
            "type": types::SELECT_CONTACT,
            "telephonySessionId": session,
            "contactId": id,
        })])
    }

    /// The place of the log cannot be written: what is known of the call is kept beside it.
    async fn park_call(&self, place: &str, event: &CallEvent) -> Answer {
        let key = calls::key_of(&event.call.session_id);
        let known = self.store.log(&key).await.ok().flatten();
        let now = self.browser.now();
        let mut entry = calls::apply(known, event, &Links::default(), place, now);
        entry.state = LogState::Failed(notice::FAILED_STORAGE.to_owned());
        self.park(&entry).await
    }

    /// A log request that is about nothing we can read is kept as it came, for a later version or a
    /// human eye.
    async fn keep_unreadable(&self, place: &str, path: &str, body: &Value) -> Answer {
        let now = self.browser.now();
        let key = format!("failed:{}", self.browser.secret());
        let entry = calls::unreadable(&key, path, body, place, now);
        match self.store.update_log(&key, |_| entry.clone()).await {
            Ok(_) => {
                self.browser.announce();
                Answer::data(Value::Null).then([self.alert("alert_log_unreadable", "danger")])
            }
            Err(_) => self.park(&entry).await,
        }
    }

    async fn park(&self, entry: &LogEntry) -> Answer {
        let text = match self.store.park_log(entry).await {
            Ok(()) => "alert_log_parked",
            Err(_) => "alert_log_failed",
        };
        self.browser.announce();
        Answer::data(Value::Null).then([self.alert(text, "danger")])
    }

    /// Which of these calls are logged.
    pub(super) async fn calls_logged(&self, place: &str, body: &Value) -> Done<Answer> {
        let scope = self.scope(place).await?;
        let sessions = body
            .get("sessionIds")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut data = Map::new();
        for session in sessions.iter().filter_map(Value::as_str) {
            let entry = self.store.log(&calls::key_of(session)).await?;
            if let Some(entity) = entry.and_then(|entry| calls::matched(&entry, &scope)) {
                data.insert(session.to_owned(), json!([entity]));
            }
        }
        Ok(Answer::data(json!(data)))
    }

    /// The form of a call was changed: what is typed is kept as it is typed. A call that is not logged
    /// yet, as with the widget's own form, is kept as a draft.
    pub(super) async fn call_form_changed(&self, at: At<'_>, body: &Value) -> Done<Answer> {
        let Some(event) = CallEvent::of(body) else {
            return Err(Refusal::NotAllowed);
        };
        let key = calls::key_of(&event.call.session_id);
        let typed = body.get("formData").unwrap_or(&Value::Null);
        self.draft(at, &key, &event).await?;
        let said = form::said(typed);
        let Some(entry) = self.keep_form(at, &key, &said, false).await? else {
            return Ok(Answer::ok());
        };
        let settings = self.store.settings().await?;
        if settings.global.log_form == LogForm::Page && form::is_to_be_redrawn(body) {
            let page = self.redraw_form(at.site, &entry, typed).await?;
            return Ok(Answer::ok().then([page]));
        }
        Ok(Answer::ok())
    }

    /// Makes a draft of a call that has no entry.
    pub(super) async fn draft(&self, at: At<'_>, key: &str, event: &CallEvent) -> Done<LogEntry> {
        if let Some(entry) = self.store.log(key).await?
            && entry.state != LogState::Deleted
        {
            return Ok(entry);
        }
        let links = self.links_of(at, event).await?;
        let now = self.browser.now();
        let entry = self
            .store
            .update_log(key, |known| match known {
                Some(known) if known.state != LogState::Deleted => known,
                _ => LogEntry {
                    state: LogState::Draft,
                    ..calls::apply(None, event, &links, at.site, now)
                },
            })
            .await?;
        Ok(entry)
    }

    /// A call on any of the user's devices has changed: its contact's record opens, and when it is over
    /// the form, where the user wants that. Every tab hears of every call; the first one acts.
    pub(super) async fn call_moved(&self, at: At<'_>, message: &Value) -> Done<Vec<Value>> {
        let Some(event) = CallEvent::of(message) else {
            return Ok(Vec::new());
        };
        let settings = self.store.settings().await?;
        let global = &settings.global;
        let session = event.call.session_id.as_str();
        let phase = calls::phase(message.get("call").unwrap_or(&Value::Null));
        if phase == Phase::Ringing && at.site == WINDOW {
            self.browser.draw_attention(at.tab).await;
        }
        match phase {
            Phase::Ringing if global.open_on_ring => self.show_caller(at, &event).await?,
            Phase::Answered if global.open_on_answer => self.show_caller(at, &event).await?,
            Phase::Outgoing if global.open_on_outgoing => self.show_caller(at, &event).await?,
            Phase::Over if global.ask_for_notes && global.log_form == LogForm::Page => {
                return self.ask_for_note(at, session, &event).await;
            }
            _ => {}
        }
        Ok(Vec::new())
    }

    async fn ask_for_note(&self, at: At<'_>, session: &str, event: &CallEvent) -> Done<Vec<Value>> {
        if !self.store.claim(&format!("note:{session}")).await? {
            return Ok(Vec::new());
        }
        let entry = self.draft(at, &calls::key_of(session), event).await?;
        self.open_form(at.site, &entry).await
    }

    async fn show_caller(&self, at: At<'_>, event: &CallEvent) -> Done<()> {
        let entry = self
            .store
            .log(&calls::key_of(&event.call.session_id))
            .await?;
        let scope = self.scope(at.site).await?;
        let linked = entry.as_ref().and_then(|entry| scope.link(entry));
        let contact = if let Some((site, link)) = linked {
            self.contact_now(site, &link.id).await?
        } else {
            let call = &event.call;
            let people = self.people_at(at, &call.number, &call.caller_name).await?;
            people.into_iter().next().map(|(contact, _)| contact)
        };
        let Some(url) = contact.and_then(|contact| contact.url) else {
            return Ok(());
        };
        // A call that rings, is answered and is made opens the record once.
        let claim = format!("show:{}", event.call.session_id);
        if self.store.claim(&claim).await? {
            self.show_record(&url).await;
        }
        Ok(())
    }
}

/// The id of a request's recording, and its address with the token.
fn recording_of(body: &Value) -> Option<(String, &str)> {
    let recording = body.pointer("/call/recording")?;
    let id = recording.get("id").and_then(id_text)?;
    Some((id, recording.get("contentUri")?.as_str()?))
}
