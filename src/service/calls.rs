//! Calls: their log entries, the form on the widget's log page, and what a moving call sets off.

use serde_json::{Map, Value, json};

use super::ports::{Browser, Store};
use super::widget::{Answer, At};
use super::{Done, Service};
use crate::calls::{self, CallEvent, ContactSaid};
use crate::phone::Numbering;
use crate::protocol::runtime::Refusal;
use crate::protocol::stored::{ContactLink, Why};

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// Keeps a call. The widget is answered only after the entry is durable; when it cannot be kept
    /// the widget is answered all the same, and the user is told.
    pub(super) async fn log_call(&self, at: At<'_>, body: &Value) -> Answer {
        match self.keep_call(at.site, body).await {
            Ok(()) => Answer::ok(),
            Err(_) => Answer::data(Value::Null).then([self.alert("alert_log_failed", "danger")]),
        }
    }

    async fn keep_call(&self, site: &str, body: &Value) -> Done<()> {
        let event = CallEvent::of(body).ok_or(Refusal::NotAllowed)?;
        let link = self.link_of(site, &event).await?;
        let key = calls::key_of(&event.call.session_id);
        let now = self.browser.now();
        self.store
            .update_log(&key, |entry| calls::apply(entry, &event, link, site, now))
            .await?;
        self.browser.announce();
        Ok(())
    }

    /// The contact of a call on a site: the one the event names; else, where exactly one has the
    /// number, that one.
    async fn link_of(&self, site: &str, event: &CallEvent) -> Done<Option<ContactLink>> {
        let (id, why) = match &event.contact {
            ContactSaid::Chosen(id) => (id, Why::Chosen),
            ContactSaid::Found(id) => (id, Why::Widget),
            ContactSaid::Nothing => {
                let people = self.people_of(site, &event.call.number).await?;
                let first = people.into_iter().next();
                return Ok(first.map(|(contact, why)| calls::link(&contact, why)));
            }
        };
        let contact = self.store.contact(site, id).await?;
        Ok(contact.map(|contact| calls::link(&contact, why)))
    }

    /// Which of these calls are logged.
    pub(super) async fn calls_logged(&self, site: &str, body: &Value) -> Done<Answer> {
        let sessions = body
            .get("sessionIds")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut data = Map::new();
        for session in sessions.iter().filter_map(Value::as_str) {
            let entry = self.store.log(&calls::key_of(session)).await?;
            if let Some(entity) = entry.and_then(|entry| calls::matched(&entry, site)) {
                data.insert(session.to_owned(), json!([entity]));
            }
        }
        Ok(Answer::data(json!(data)))
    }

    /// The form of a call was changed: what is typed is kept as it is typed.
    pub(super) async fn call_form_changed(&self, _at: At<'_>, _body: &Value) -> Done<Answer> {
        Ok(Answer::ok())
    }

    /// A call on any of the user's devices has changed.
    pub(super) async fn call_moved(&self, _at: At<'_>, _message: &Value) -> Done<Vec<Value>> {
        Ok(Vec::new())
    }
}
