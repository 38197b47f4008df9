//! What the worker does about each message of the widget: which part of the service answers it.

use serde_json::{Value, json};

use super::ports::{Browser, Store};
use super::switches::untold_auto_log;
use super::{Done, Service};
use crate::phone::Numbering;
use crate::protocol::registration::{self, Facts};
use crate::protocol::runtime::{Refusal, WidgetSaid};
use crate::protocol::stored::Settings;
pub(super) use crate::protocol::widget::OWN_REQUEST;
use crate::protocol::widget::{WidgetRequest, paths, text, type_of, types};
use crate::widget_settings;

/// Where a widget stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'a> {
    /// The site in whose pages it stands, or [`crate::scope::WINDOW`]; see [`crate::scope::Scope`] for what it serves.
    pub site: &'a str,
    /// Its tab.
    pub tab: i32,
}

impl<'a> At<'a> {
    /// In no tab of a place; no tab has this id.
    pub(super) fn anywhere(site: &'a str) -> Self {
        Self { site, tab: -1 }
    }
}

/// A response, and what else is to be posted to the widget after it.
pub(super) struct Answer {
    pub response: Value,
    pub more: Vec<Value>,
}

impl Answer {
    /// An answer of data alone.
    pub(super) fn data(data: Value) -> Self {
        let response = Value::Object([("data".to_owned(), data)].into_iter().collect());
        Self {
            response,
            more: Vec::new(),
        }
    }

    /// The answer to what only wants to be acknowledged.
    pub(super) fn ok() -> Self {
        Self::data(json!("ok"))
    }

    /// The same with messages after it.
    pub(super) fn then(mut self, more: impl IntoIterator<Item = Value>) -> Self {
        self.more.extend(more);
        self
    }
}

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// Returns the messages to post to the widget that said something, as JSON.
    pub(super) async fn widget_said(&self, at: At<'_>, said: &WidgetSaid) -> Done<Vec<String>> {
        let message = serde_json::from_str(&said.message).map_err(|_| Refusal::NotAllowed)?;
        let posts = self.heard(at, &message, said.boot).await?;
        Ok(posts.iter().map(Value::to_string).collect())
    }

    async fn heard(&self, at: At<'_>, message: &Value, boot: bool) -> Done<Vec<Value>> {
        match type_of(message) {
            types::REQUEST => {
                let request = WidgetRequest::of(message).ok_or(Refusal::NotAllowed)?;
                let answer = self.respond(at, &request).await?;
                let mut posts = vec![request.answer(&answer.response)];
                posts.extend(answer.more);
                Ok(posts)
            }
            types::LOGIN_STATUS => self.signed(at, message, boot).await,
            types::LOCALE => self.locale_said(at.site, message).await,
            types::CALL_AUTO_LOG | types::MESSAGE_AUTO_LOG => {
                self.auto_log_said(at.site, message).await
            }
            // The first one after a sign-in: see the relay.
            types::HISTORY_SYNCED => {
                // A signed-in widget takes numbers by now, whether it said so or not, and knows its calls.
                let mut posts = self.widget_ready(at).await?;
                posts.extend(self.form_again(at).await?);
                posts.push(self.which_unlogged(1));
                Ok(posts)
            }
            types::DIALER_STATUS if message.get("ready") == Some(&Value::Bool(true)) => {
                self.widget_ready(at).await
            }
            types::HOST_RESPONSE => self.host_answered(at, message).await,
            types::ACTIVE_CALL => self.call_moved(at, message).await,
            _ => Ok(Vec::new()),
        }
    }

    /// At the first of these after a boot the service is registered, whatever it says: `loggedIn: false`
    /// comes at every boot and is no sign-out.
    async fn signed(&self, at: At<'_>, message: &Value, boot: bool) -> Done<Vec<Value>> {
        let settings = self.store.settings().await?;
        let mut posts = Vec::new();
        if boot {
            posts.push(self.registration(&settings, at.site, registration::registration));
        }
        let signed_in = message.get("loggedIn") == Some(&Value::Bool(true));
        if boot || !signed_in {
            self.set_ready(at, false).await?;
        }
        let number = text(message, "loginNumber");
        let mut another = false;
        self.store
            .update_widget_facts(at.site, |facts| {
                let known = &facts.login_number;
                another = signed_in && !known.is_empty() && known != number;
                if signed_in {
                    number.clone_into(&mut facts.login_number);
                }
            })
            .await?;
        if signed_in {
            posts.extend(untold_auto_log(&settings, at.site));
        }
        if another {
            // The widget keeps showing the people it got for the one before.
            posts.push(json!({ "type": types::SYNC_CONTACTS }));
        }
        if signed_in {
            posts.extend(self.attention_of(at.site).await?);
        }
        Ok(posts)
    }

    /// A message that registers the service, or changes its registration.
    pub(super) fn registration(
        &self,
        settings: &Settings,
        place: &str,
        make: registration::Make,
    ) -> Value {
        let own = settings.sites.get(place);
        let text = |key: &str| self.browser.text(key, &[]);
        let facts = Facts {
            place_name: &self.place_name(place),
            icon: &self.browser.icon(),
            global: &settings.global,
            consent: own.map(|own| own.read_contacts),
            settings: &widget_settings::tree(&settings.global, own, &text),
        };
        make(facts, &text)
    }

    /// The widget writes the days of conversations as its language does.
    async fn locale_said(&self, place: &str, message: &Value) -> Done<Vec<Value>> {
        let locale = text(message, "locale");
        self.store
            .update_widget_facts(place, |facts| locale.clone_into(&mut facts.locale))
            .await?;
        Ok(Vec::new())
    }

    async fn respond(&self, at: At<'_>, request: &WidgetRequest<'_>) -> Done<Answer> {
        let body = request.body;
        match request.path {
            paths::CONTACTS => self.contacts_page(at.site, body).await,
            paths::SEARCH => self.contacts_found(at.site, body).await,
            paths::MATCH => self.contacts_matched(at, body).await,
            paths::VIEW => self.view_contact(at.site, body).await,
            paths::ACTIVITIES => self.activities(at.site, body).await,
            paths::ACTIVITY => self.activity(body).await,
            paths::DO_NOT_CONTACT => self.may_contact(at.site, body).await,
            paths::CALL_LOG => Ok(self.log_call(at, body).await),
            paths::CALL_LOGGED => self.calls_logged(at.site, body).await,
            paths::CALL_FORM => self.call_form_changed(at, body).await,
            paths::MESSAGE_LOG => Ok(self.log_messages(at, body).await),
            paths::MESSAGE_LOGGED => self.messages_logged(at.site, body).await,
            paths::MESSAGE_FORM => self.message_form_changed(at, body).await,
            paths::MEETING_INVITE => self.meeting_scheduled(at, body).await,
            paths::CONFERENCE_INVITE => self.conference_set_up(at, body).await,
            paths::MEETINGS => self.upcoming_meetings(at.site).await,
            paths::MEETING_LOG => Ok(self.log_meeting(at, body).await),
            paths::AUTHORIZE => self.consent_pressed(at, body).await,
            paths::SETTINGS => self.settings_changed(at, body).await,
            paths::BUTTON => self.button_pressed(at, body).await,
            _ => Ok(Answer::data(Value::Null)),
        }
    }

    /// The protocol has no way to say that something failed, but it can show a message.
    pub(super) fn alert(&self, key: &str, level: &str) -> Value {
        self.host_request(
            "alert",
            "/custom-alert-message",
            &json!({ "message": self.browser.text(key, &[]), "level": level, "ttl": 30_000 }),
        )
    }

    /// A request to the widget. Its answer comes back with the same id, which begins with `purpose`.
    pub(super) fn host_request(&self, purpose: &str, path: &str, body: &Value) -> Value {
        json!({
            "type": types::HOST_REQUEST,
            "requestId": format!("{OWN_REQUEST}{purpose}:{}", self.browser.secret()),
            "path": path,
            "body": body,
        })
    }
}
