//! Calls and texts that go out, and the question whether they may.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::service::{limit, truthy};
use super::{Alert, Held, Screen, Widget};
use crate::json::{field, put, text};

/// What became of an attempt to reach somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// It went out.
    Went,
    /// The host forbade it; an alert says why.
    Refused,
    /// The host advised against it; the user is asked.
    Asked,
    /// Nobody is signed in, there is no number, or there is a call with it already.
    Impossible,
}

impl Widget {
    /// Calls a number: asks whether it may be called first, where somebody wants to be asked.
    ///
    /// Three seconds without an answer mean yes.
    pub(super) async fn call(self: &Arc<Self>, number: &str, contact: Option<&Value>) -> Reached {
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
            return Reached::Impossible;
        }
        let mut body = recipient(&number, contact);
        put(&mut body, "actionType", "call");
        if let Some(held) = self.held_back(body, Held::Call(number.clone())).await {
            return held;
        }
        self.dial_now(&number);
        Reached::Went
    }

    /// Sends a text to numbers, each with the contact it was picked from, if any; asks first, as for a call.
    pub(super) async fn write_to(
        self: &Arc<Self>,
        to: &[(String, Option<Value>)],
        words: &str,
    ) -> Reached {
        if to.is_empty() || words.is_empty() || !self.is_signed_in() {
            return Reached::Impossible;
        }
        let recipients: Vec<Value> = to
            .iter()
            .map(|(number, contact)| recipient(number, contact.as_ref()))
            .collect();
        let numbers: Vec<String> = to.iter().map(|(number, _)| number.clone()).collect();
        let body = json!({ "recipients": recipients, "actionType": "sms" });
        let held = Held::Text(numbers.clone(), words.to_owned());
        if let Some(held) = self.held_back(body, held).await {
            return held;
        }
        self.send_now(&numbers, words);
        Reached::Went
    }

    /// Asks the host whether somebody may be reached. Only a clear no within the limit holds anything back.
    async fn held_back(&self, body: Value, what: Held) -> Option<Reached> {
        let path = self.path("doNotContactPath")?;
        let response = self.ask(&path, Some(body), limit::REST).await?;
        let verdict = response.get("data").cloned().unwrap_or_default();
        if !verdict.get("result").is_some_and(truthy) {
            return None;
        }
        let message = verdict.get("message").and_then(Value::as_str);
        let message = message.unwrap_or("Do not contact").to_owned();
        if text(&verdict, "mode") == "restrict" {
            self.alert("warning", &message, Value::Null);
            return Some(Reached::Refused);
        }
        self.state().ui.confirm = Some((what, message));
        self.platform.changed();
        self.draw();
        Some(Reached::Asked)
    }

    /// Answers the question that [`Reached::Asked`] left on the page.
    pub fn press_confirm(self: &Arc<Self>, yes: bool) {
        let held = self.state().ui.confirm.take();
        match held.filter(|_| yes) {
            Some((Held::Call(number), _)) => self.dial_now(&number),
            Some((Held::Text(numbers, words), _)) => self.send_now(&numbers, &words),
            None => {}
        }
        self.platform.changed();
        self.draw();
    }

    fn dial_now(self: &Arc<Self>, number: &str) {
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

    fn send_now(self: &Arc<Self>, numbers: &[String], words: &str) {
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        let conversation = self.platform.send_message(&numbers, words);
        let is_open = {
            let mut state = self.state();
            state.drawn.remove("body");
            matches!(&state.ui.screen, Screen::Conversation { id, .. } if *id == conversation)
        };
        if is_open {
            self.put_text("");
        } else {
            self.open_conversation(&conversation);
        }
    }

    /// Puts words into the field of the open conversation or of the new message.
    pub(super) fn put_text(&self, words: &str) {
        {
            let mut state = self.state();
            match &mut state.ui.screen {
                Screen::Conversation { text, drawn, .. } => {
                    words.clone_into(text);
                    words.clone_into(drawn);
                }
                Screen::Compose { text, drawn, .. } => {
                    words.clone_into(text);
                    words.clone_into(&mut drawn.1);
                }
                _ => return,
            }
            state.drawn.remove("body");
        }
        self.draw();
    }

    /// Shows an alert; returns its identity. `ttl` is in milliseconds; without one it stays.
    pub(super) fn alert_for(
        self: &Arc<Self>,
        level: &str,
        message: &str,
        details: Value,
        ttl: u64,
    ) -> String {
        let id = self.alert(level, message, details);
        if ttl > 0 {
            let (widget, id) = (Arc::clone(self), id.clone());
            tokio::spawn(async move {
                tokio::time::sleep(std::time::Duration::from_millis(ttl)).await;
                widget.close_alert(&id);
            });
        }
        id
    }

    /// Shows an alert that stays; returns its identity.
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

    /// Takes an alert away.
    pub fn close_alert(&self, id: &str) {
        self.state().ui.alerts.retain(|it| it.id != id);
        self.platform.changed();
        self.draw();
    }
}

/// What the host is told about somebody to be reached: the number as typed, or the contact as picked.
fn recipient(number: &str, contact: Option<&Value>) -> Value {
    let mut body = Map::new();
    body.insert("phoneNumber".to_owned(), json!(number));
    if let Some(contact) = contact {
        let kind = field(contact, "type");
        let entity = contact.get("entityType").unwrap_or(kind);
        for (key, value) in [
            ("contactId", field(contact, "id")),
            ("name", field(contact, "name")),
            ("contactType", kind),
            ("entityType", entity),
            ("phoneType", field(contact, "phoneType")),
        ] {
            body.insert(key.to_owned(), value.clone());
        }
    }
    Value::Object(body)
}
