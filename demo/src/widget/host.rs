//! What comes in: messages of the host.

use std::sync::Arc;

use serde_json::{Value, json};

use super::service::{Registered, truthy};
use super::{Logger, Screen, Widget};
use crate::json::{items, text};
use crate::platform::{Call, CallState, OWN_NUMBER};

/// How many calls of a page of unlogged ones come with the assistant's notes.
const NOTED: usize = 10;

fn texts(value: &Value, key: &str) -> Vec<String> {
    let texts = items(value, key).iter().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

impl Widget {
    /// Takes a line from the page: `{"message": …}`, `{"do": …}` or `{"visible": …}`.
    pub fn on_page(self: &Arc<Self>, line: &Value) {
        if let Some(message) = line.get("message") {
            self.on_host(message);
        } else if line.get("do").is_some() {
            self.press(line);
        } else if line.get("visible").is_some_and(truthy) {
            self.partition.stored().leader = Some(self.id);
        }
    }

    /// Takes a message that some window posted to the widget.
    pub fn on_host(self: &Arc<Self>, message: &Value) {
        if !message.is_object() {
            return;
        }
        let kind = text(message, "type").to_owned();
        {
            let mut state = self.state();
            if !state.listening {
                state.transcript.lost.push(message.clone());
                return;
            }
            if kind != "rc-post-message-response" {
                state.transcript.commands.push(message.clone());
            }
        }
        self.platform.changed();
        if message.get("callbackUri").is_some() {
            self.sign_in();
            return;
        }
        match kind.as_str() {
            "rc-post-message-response" => self.on_answer(message),
            "rc-adapter-message-request" => {
                let (widget, message) = (Arc::clone(self), message.clone());
                tokio::spawn(async move { widget.on_host_request(&message).await });
            }
            "rc-adapter-register-third-party-service" => {
                self.on_register(message.get("service").unwrap_or(&Value::Null));
            }
            _ => self.on_command(&kind, message),
        }
        self.draw();
    }

    fn on_register(self: &Arc<Self>, service: &Value) {
        let mut warnings = Vec::new();
        let loggers = [Logger::Calls, Logger::Messages];
        let (registered, fresh, authorized, signed_in) = {
            let mut state = self.state();
            let had = loggers.map(|it| state.service.text(it.path_key()).is_some());
            let registered = state.service.register(service, &mut warnings);
            let fresh: Vec<Logger> = loggers
                .into_iter()
                .zip(had)
                .filter(|(it, had)| !had && state.service.text(it.path_key()).is_some())
                .map(|(it, _)| it)
                .collect();
            let authorized = state.service.is_authorized();
            (registered, fresh, authorized, state.logged_in)
        };
        for warning in warnings {
            self.warn(warning);
        }
        match registered {
            Registered::Ignored => self.fault("a registration without a name"),
            Registered::Thrown(why) => self.throw(format!("the registration threw: {why}")),
            Registered::Taken => {}
        }
        for which in fresh {
            self.force_auto_log(which);
            match which {
                Logger::Calls if signed_in => self.tell_auto_log(which),
                Logger::Messages if signed_in => self.messages_loaded(),
                _ => {}
            }
        }
        // A registration that threw before it came to the banner shows none.
        let banner = service.get("banner");
        let taken = banner.is_some() && self.state().service.get("banner") == banner;
        if let Some(banner) = banner.filter(|_| taken) {
            self.take_banner(banner);
        }
        if registered != Registered::Taken {
            return;
        }
        let was_attached = self.is_attached();
        if authorized && !was_attached {
            self.attach();
        } else if authorized {
            self.start_contacts(None);
            self.refresh();
        } else {
            self.state().attached = false;
        }
    }

    fn on_authorization(self: &Arc<Self>, message: &Value) {
        let (changed, authorized) = {
            let mut state = self.state();
            let changed = state.service.authorize(message);
            (changed, state.service.is_authorized())
        };
        match changed {
            Err(why) if self.state().service.authorized().is_some() => self.throw(why),
            Err(why) => self.fault(why),
            Ok(true) if authorized => self.attach(),
            Ok(true) => self.state().attached = false,
            Ok(false) => {}
        }
        self.platform.changed();
    }

    fn on_command(self: &Arc<Self>, kind: &str, message: &Value) {
        match kind {
            "rc-adapter-update-authorization-status" => self.on_authorization(message),
            "rc-adapter-sync-third-party-contacts" => self.sync_for_host(),
            "rc-adapter-trigger-contact-match" => {
                let known = self.known_numbers();
                let asked = texts(message, "phoneNumbers");
                let asked = asked.into_iter().filter(|it| known.contains(it)).collect();
                let widget = Arc::clone(self);
                tokio::spawn(async move { widget.match_numbers(asked, true).await });
            }
            "rc-adapter-trigger-call-logger-match" => {
                let known = self.known_sessions();
                let asked = texts(message, "sessionIds");
                let asked = asked.into_iter().filter(|it| known.contains(it)).collect();
                let widget = Arc::clone(self);
                tokio::spawn(async move { widget.match_sessions(asked, true).await });
            }
            "rc-adapter-update-third-party-settings" => {
                let settings = items(message, "settings").to_vec();
                let dropped = self.state().service.set_settings(&settings);
                for warning in dropped {
                    self.warn(warning);
                }
            }
            "rc-adapter-refresh-license-status" => self.state().service.set_license(message),
            "rc-adapter-update-call-log-page" => {
                self.take_log_page(Logger::Calls, message.get("page"));
            }
            "rc-adapter-update-messages-log-page" => {
                self.take_log_page(Logger::Messages, message.get("page"));
            }
            "rc-adapter-register-customized-page" => self.take_own_page(message.get("page")),
            "rc-adapter-update-customized-banner" => {
                self.take_banner(message.get("banner").unwrap_or(&Value::Null));
            }
            "rc-adapter-update-features-flags" => self.take_features(message),
            "rc-adapter-update-auto-log-settings" => {
                let flag = |key: &str| message.get(key).and_then(Value::as_bool);
                self.turn_auto_log(flag("call"), flag("message"));
            }
            "rc-adapter-set-call-contact-matches-select" => {
                let (call, contact) = (
                    text(message, "telephonySessionId"),
                    text(message, "contactId"),
                );
                self.partition
                    .stored()
                    .picked
                    .insert(call.to_owned(), contact.to_owned());
            }
            _ => self.on_app_command(kind, message),
        }
    }

    /// The commands that are not about the service.
    fn on_app_command(self: &Arc<Self>, kind: &str, message: &Value) {
        match kind {
            "rc-adapter-new-call" => self.on_new_call(message),
            "rc-adapter-new-sms" if self.is_signed_in() => self.on_new_sms(message),
            "rc-adapter-auto-populate-conversation" => self.put_text(text(message, "text")),
            "rc-adapter-control-call" => self.on_control_call(message),
            "rc-adapter-navigate-to" => self.on_navigate(text(message, "path")),
            "rc-adapter-login" => {
                if self.facts.has_param("disableLoginPopup") {
                    self.tell(json!({ "type": "rc-login-popup-notify", "oAuthUri": "/sign-in" }));
                } else {
                    self.sign_in();
                }
            }
            "rc-adapter-logout" => self.sign_out(),
            "rc-adapter-set-presence" => {
                self.set_presence(text(message, "userStatus"), text(message, "dndStatus"));
            }
            "rc-adapter-presenceItemClicked" => {
                let chosen = text(message, "presenceType");
                let (user, dnd) = if chosen.contains("Calls") {
                    ("", chosen)
                } else {
                    (chosen, "")
                };
                self.set_presence(user, dnd);
            }
            "rc-calling-settings-update" => {
                let call_with = text(message, "callWith");
                if ["browser", "softphone", "ringout", "jupiter"].contains(&call_with) {
                    self.partition.stored().call_with = Some(call_with.to_owned());
                }
                self.tell_calling();
            }
            "rc-sms-settings-update" if self.facts.has_param("enableSmsSettingEvent") => {
                self.tell(
                    json!({ "type": "rc-sms-settings-notify", "senderNumber": OWN_NUMBER,
                    "senderNumbers": [OWN_NUMBER] }),
                );
            }
            "rc-adapter-syncMinimized" => self.keep_adapter("minimized", message),
            "rc-adapter-syncClosed" => self.keep_adapter("closed", message),
            "rc-adapter-syncSize" => self.keep_adapter("size", message),
            "rc-adapter-syncPosition" => self.keep_adapter("position", message),
            "rc-adapter-webphone-sessions-sync" => {
                let calls: Vec<Value> = self
                    .platform
                    .live()
                    .iter()
                    .map(|it| self.webphone(it))
                    .collect();
                self.tell(json!({ "type": "rc-webphone-sessions-sync", "calls": calls }));
            }
            // Everything else is kept in the transcript; the page looks the same.
            _ => {}
        }
    }

    /// Takes what is not empty.
    fn set_presence(&self, user: &str, dnd: &str) {
        {
            let mut state = self.state();
            if !user.is_empty() {
                user.clone_into(&mut state.user_status);
            }
            if !dnd.is_empty() {
                dnd.clone_into(&mut state.dnd_status);
            }
        }
        self.tell_presence();
    }

    /// Keeps how the adapter stands; it is told at the next boot, and nothing moves now.
    fn keep_adapter(&self, name: &'static str, message: &Value) {
        if let Some(value) = message.get(name) {
            let mut stored = self.partition.stored();
            stored.adapter.insert(name, value.clone());
        }
    }

    fn webphone(&self, call: &Call) -> Value {
        let status = match call.state {
            CallState::Ringing => "connecting",
            CallState::Connected => "connected",
            CallState::OnHold => "onHold",
        };
        call.webphone(status, &self.first_match(&call.other.number))
    }

    fn on_new_call(self: &Arc<Self>, message: &Value) {
        let number = text(message, "phoneNumber").to_owned();
        if !self.is_signed_in() || number.is_empty() {
            return;
        }
        self.put_number(&number);
        self.go("/dialer", Screen::Tab("phone"));
        if message.get("toCall").is_some_and(truthy) {
            let widget = Arc::clone(self);
            tokio::spawn(async move { widget.call(&number, None).await });
        }
    }

    pub(super) fn put_number(&self, number: &str) {
        let mut state = self.state();
        number.clone_into(&mut state.ui.dial);
        number.clone_into(&mut state.prefill);
        // Drawn again even where the same number was drawn before: something else may stand in the field by now.
        state.drawn.remove("body");
    }

    fn on_control_call(self: &Arc<Self>, message: &Value) {
        let wanted = text(message, "callId").to_owned();
        let live = self.platform.live();
        let call = live
            .iter()
            .find(|it| it.webphone_id() == wanted || it.id == wanted);
        let Some(call) = call.or_else(|| live.last().filter(|_| wanted.is_empty())) else {
            return;
        };
        self.control(call, text(message, "callAction"));
    }

    pub(super) fn control(&self, call: &Call, action: &str) {
        let session = call.session_id.as_str();
        match action {
            "answer" => self.platform.answer(session, Some(self.id)),
            "reject" | "hangup" | "toVoicemail" | "forward" | "transfer" => {
                self.platform.end(session);
            }
            "hold" => self.platform.hold(session, true),
            "unhold" => self.platform.hold(session, false),
            "mute" => self.platform.mute(session, true),
            "unmute" => self.platform.mute(session, false),
            "startRecord" => self.platform.record(session),
            _ => {}
        }
    }

    pub(super) fn on_navigate(self: &Arc<Self>, path: &str) {
        if let Some(session) = path.strip_prefix("/log/call/") {
            let (widget, session) = (Arc::clone(self), session.to_owned());
            self.open_log_form(&session);
            tokio::spawn(async move { widget.match_sessions(vec![session], true).await });
            return;
        }
        if let Some(conversation) = path.strip_prefix("/log/messages/") {
            self.open_message_form(conversation);
            return;
        }
        if let Some(conversation) = path.strip_prefix("/conversations/") {
            self.open_conversation(conversation);
            return;
        }
        if let Some(contact) = path.strip_prefix("/contacts/") {
            self.open_contact(contact.rsplit('/').next().unwrap_or_default());
            return;
        }
        let own = path.strip_prefix("/customized/");
        if let Some(id) = own.or_else(|| path.strip_prefix("/customizedTabs/")) {
            self.open_own_page(id);
            return;
        }
        let screen = match path {
            "goBack" => return self.go_back(),
            "/meeting/home" => return self.open_meetings(),
            "/meeting/schedule" => return self.open_schedule(),
            "/dialer" => {
                self.put_number(&self.dialed_text());
                Screen::Tab("phone")
            }
            "/history" | "/history/recordings" => Screen::Tab("history"),
            "/messages" | "/messages/voicemail" | "/messages/fax" => Screen::Tab("messages"),
            "/settings" => Screen::Tab("settings"),
            "/contacts" => {
                self.start_contacts(None);
                Screen::Tab("contacts")
            }
            "/composeText" => Screen::Compose {
                to: String::new(),
                text: String::new(),
                drawn: Default::default(),
            },
            _ => return,
        };
        self.go(path, screen);
    }

    /// Opens the details of a contact of the list. Of any other the widget throws and hangs.
    pub fn open_contact(&self, id: &str) {
        let known = self.state().book.find(id).cloned();
        let Some(contact) = known else {
            self.throw("details of a contact that is not in the synced list");
            return;
        };
        if !contact.get("phoneNumbers").is_some_and(Value::is_array) {
            self.throw("details of a contact without phoneNumbers");
        }
        let screen = Screen::Contact {
            id: id.to_owned(),
            activities: None,
        };
        self.go(
            &format!("/contacts/{}/{id}", text(&contact, "type")),
            screen,
        );
    }

    /// Answers a request of the host, or does not, as the real widget.
    async fn on_host_request(self: &Arc<Self>, message: &Value) {
        let body = message.get("body").filter(|it| it.is_object());
        let response = match (text(message, "path"), body) {
            ("/unlogged-calls", Some(body)) => {
                self.match_sessions(self.known_sessions(), false).await;
                self.unlogged_calls(body)
            }
            ("/get-call-log", Some(body)) => self.call_log(body),
            ("/custom-alert-message", body) => {
                let (source, words, level) = match body {
                    Some(body) => (body, text(body, "message"), text(body, "level")),
                    None => (
                        message,
                        text(message, "alertMessage"),
                        text(message, "alertLevel"),
                    ),
                };
                let ttl = source.get("ttl").and_then(Value::as_u64);
                let details = body
                    .and_then(|it| it.get("details"))
                    .cloned()
                    .unwrap_or_default();
                json!(self.alert_for(level, words, details, ttl.unwrap_or_default()))
            }
            ("/dismiss-alert-message", Some(body)) => {
                let id = text(body, "id");
                self.state()
                    .ui
                    .alerts
                    .retain(|it| !id.is_empty() && it.id != id);
                self.platform.changed();
                self.draw();
                json!("ok")
            }
            ("/create-sms-template", Some(_)) => json!("ok"),
            ("/schedule-meeting", Some(form)) => self.scheduled(form),
            ("/check-popup-window", _) => json!(false),
            // An undefined body throws in there, and the host waits for ever.
            (
                "/unlogged-calls"
                | "/get-call-log"
                | "/dismiss-alert-message"
                | "/create-sms-template"
                | "/schedule-meeting",
                _,
            ) => {
                self.fault("a host request that gets no answer");
                return;
            }
            _ => json!({ "data": "no matched path" }),
        };
        let id = message.get("requestId").cloned().unwrap_or_default();
        self.tell(json!({ "type": "rc-adapter-message-response", "responseId": id, "response": response }));
    }

    fn unlogged_calls(&self, body: &Value) -> Value {
        if !self.is_signed_in() {
            return json!({ "calls": [], "hasMore": false });
        }
        let number =
            |key: &str, default: u64| body.get(key).and_then(Value::as_u64).unwrap_or(default);
        let per_page = usize::try_from(number("perPage", 20)).unwrap_or(20).max(1);
        let page = usize::try_from(number("page", 1)).unwrap_or(1).max(1);
        let settled = crate::clock::millis(self.platform.pace().settled);
        let before = self.platform.clock().now_ms().saturating_sub(settled);
        let unlogged: Vec<String> = self
            .history()
            .into_iter()
            .filter(|it| it.ended_ms() <= before && !self.is_logged(&it.session_id))
            .map(|it| it.session_id)
            .collect();
        let calls: Vec<Value> = unlogged
            .iter()
            .skip((page - 1) * per_page)
            .take(per_page)
            .enumerate()
            .filter_map(|(number, session)| {
                let mut call = self.call_body(session)?.0;
                if number < NOTED {
                    self.add_notes(&mut call, session);
                }
                Some(call)
            })
            .collect();
        json!({ "calls": calls, "hasMore": unlogged.len() > page * per_page })
    }

    fn call_log(&self, body: &Value) -> Value {
        let (session, telephony) = (text(body, "sessionId"), text(body, "telephonySessionId"));
        if session.is_empty() && telephony.is_empty() {
            return json!({ "error": "no session" });
        }
        let history = self.platform.history();
        let record = history
            .iter()
            .find(|it| it.session_id == session || it.telephony_session_id == telephony);
        let call = record.and_then(|it| {
            let mut call = self.call_body(&it.session_id)?.0;
            self.add_notes(&mut call, &it.session_id);
            Some(call)
        });
        json!({ "call": call })
    }
}
