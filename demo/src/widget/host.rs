//! What comes in: messages of the host, and what the user presses on the page.

use std::sync::Arc;

use serde_json::{Value, json};

use super::service::{Registered, limit, truthy};
use super::{Activities, Screen, Widget};
use crate::json::{field, items, put, text};
use crate::platform::{Call, CallState};

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
        let (registered, had_logger, logs, authorized, signed_in) = {
            let mut state = self.state();
            let had = state.service.text("callLoggerPath").is_some();
            let registered = state.service.register(service);
            let has = state.service.text("callLoggerPath").is_some();
            (
                registered,
                had,
                has,
                state.service.is_authorized(),
                state.logged_in,
            )
        };
        match registered {
            Registered::Ignored => self.fault("a registration without a name"),
            Registered::Thrown(why) => self.fault(format!("the registration threw: {why}")),
            Registered::Taken => {}
        }
        if logs && !had_logger && signed_in {
            self.tell_auto_log_calls();
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
            "rc-adapter-sync-third-party-contacts" => {
                self.start_contacts(Some("api"));
                let widget = Arc::clone(self);
                tokio::spawn(async move {
                    let mut numbers = widget.known_numbers();
                    numbers.truncate(30);
                    widget.match_numbers(numbers, false).await;
                });
            }
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
                let settings = message.get("settings").and_then(Value::as_array).cloned();
                self.state()
                    .service
                    .set_settings(&settings.unwrap_or_default());
            }
            "rc-adapter-refresh-license-status" => self.state().service.set_license(message),
            "rc-adapter-update-call-log-page" => self.take_log_page(message.get("page")),
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
            "rc-adapter-new-sms" if self.is_signed_in() => {
                let (number, words) = (text(message, "phoneNumber"), text(message, "text"));
                self.show(Screen::Compose {
                    number: number.to_owned(),
                    text: words.to_owned(),
                });
                self.tell(json!({ "type": "rc-route-changed-notify", "path": "/composeText" }));
            }
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
                {
                    let mut state = self.state();
                    for (key, chosen) in [("userStatus", 0), ("dndStatus", 1)] {
                        let value = text(message, key).to_owned();
                        if !value.is_empty() {
                            let slot = if chosen == 0 {
                                &mut state.user_status
                            } else {
                                &mut state.dnd_status
                            };
                            *slot = value;
                        }
                    }
                }
                self.tell_presence();
            }
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
        self.show(Screen::Tab("phone"));
        self.tell(json!({ "type": "rc-route-changed-notify", "path": "/dialer" }));
        if message.get("toCall").is_some_and(truthy) {
            let widget = Arc::clone(self);
            tokio::spawn(async move { widget.call(&number, None).await });
        }
    }

    fn put_number(&self, number: &str) {
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

    fn control(&self, call: &Call, action: &str) {
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

    fn on_navigate(self: &Arc<Self>, path: &str) {
        if let Some(session) = path.strip_prefix("/log/call/") {
            let (widget, session) = (Arc::clone(self), session.to_owned());
            self.open_log_form(&session);
            tokio::spawn(async move { widget.match_sessions(vec![session], true).await });
            return;
        }
        let screen = match path {
            "/dialer" => {
                self.put_number(&self.dialed_text());
                Screen::Tab("phone")
            }
            "/history" | "/history/recordings" => Screen::Tab("history"),
            "/settings" => Screen::Tab("settings"),
            "/contacts" => {
                self.start_contacts(None);
                Screen::Tab("contacts")
            }
            other => {
                if let Some(contact) = other.strip_prefix("/contacts/") {
                    self.open_contact(contact.rsplit('/').next().unwrap_or_default());
                }
                return;
            }
        };
        self.show(screen);
        self.tell(json!({ "type": "rc-route-changed-notify", "path": path }));
    }

    fn open_contact(&self, id: &str) {
        let known = self.state().book.find(id).is_some();
        if known {
            self.show(Screen::Contact {
                id: id.to_owned(),
                activities: None,
            });
        } else {
            self.fault("details of a contact that is not in the synced list");
        }
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
                let (message, level) = match body {
                    Some(body) => (text(body, "message"), text(body, "level")),
                    None => (text(message, "alertMessage"), text(message, "alertLevel")),
                };
                let details = body
                    .and_then(|it| it.get("details"))
                    .cloned()
                    .unwrap_or_default();
                json!(self.alert(level, message, details))
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
        let unlogged: Vec<Value> = self
            .platform
            .history()
            .into_iter()
            .filter(|it| it.ended_ms() <= before && !self.is_logged(&it.session_id))
            .filter_map(|it| Some(self.call_body(&it.session_id)?.0))
            .collect();
        let calls: Vec<&Value> = unlogged
            .iter()
            .skip((page - 1) * per_page)
            .take(per_page)
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
        let call = record.and_then(|it| Some(self.call_body(&it.session_id)?.0));
        json!({ "call": call })
    }

    /// Does what the user pressed or typed: `{"do": name, "id": …, "value": …}`.
    pub fn press(self: &Arc<Self>, action: &Value) {
        let (id, value) = (
            text(action, "id").to_owned(),
            text(action, "value").to_owned(),
        );
        match text(action, "do") {
            "sign-in" => self.sign_in(),
            "sign-out" => self.sign_out(),
            "tab" => self.on_navigate(match id.as_str() {
                "history" => "/history",
                "contacts" => "/contacts",
                "settings" => "/settings",
                _ => "/dialer",
            }),
            "type" => self.search_soon(&value),
            "key" => {
                let number = self.dialed_text() + &id;
                self.put_number(&number);
                self.draw();
            }
            "call" => {
                let typed = self.state().ui.dial.clone();
                let number = if id.is_empty() { typed } else { id };
                let widget = Arc::clone(self);
                tokio::spawn(async move { widget.call(&number, None).await });
            }
            "call-contact" => {
                let rows = self.suggestions();
                let row = rows
                    .into_iter()
                    .find(|it| format!("{} {}", it.id, it.number) == id);
                let name = self.state().service.name().unwrap_or_default().to_owned();
                if let Some(row) = row {
                    let contact = json!({ "id": row.id, "name": row.name, "type": name, "phoneType": row.kind });
                    let widget = Arc::clone(self);
                    tokio::spawn(async move { widget.call(&row.number, Some(&contact)).await });
                }
            }
            "confirm" => {
                let asked = self.state().ui.confirm.take();
                if let Some((number, _)) = asked.filter(|_| id == "yes") {
                    self.dial_now(&number);
                }
                self.draw();
            }
            "answer" | "reject" | "hangup" | "hold" | "unhold" | "mute" | "unmute"
            | "startRecord" => {
                let live = self.platform.live();
                if let Some(call) = live.iter().find(|it| it.session_id == id) {
                    self.control(call, text(action, "do"));
                }
            }
            "log" => self.press_log(&id),
            "view-log" => {
                let widget = Arc::clone(self);
                tokio::spawn(async move { widget.log_manually(&id, "viewLog", true).await });
            }
            "refresh-match" => {
                let widget = Arc::clone(self);
                tokio::spawn(async move { widget.ask_numbers(vec![id], Some("manual")).await });
            }
            "pick" => self.pick(&id, &value),
            "close-alert" => {
                self.state().ui.alerts.retain(|it| it.id != id);
                self.draw();
            }
            other => self.press_in_service(other, &id, &value),
        }
        self.platform.changed();
    }

    /// The buttons that have to do with the registered service.
    fn press_in_service(self: &Arc<Self>, order: &str, id: &str, value: &str) {
        match order {
            "view-contact" => self.view_contact(id),
            "refresh-contacts" => self.sync_contacts(),
            "contact" => self.open_contact(id),
            "activities" => self.open_activities(id),
            "activity" => self.open_activity(id),
            "form" => self.type_into_form(id, value),
            "form-button" => {
                let form = match &self.state().ui.screen {
                    Screen::LogForm { data, .. } => data.clone(),
                    _ => return,
                };
                self.ask_in_background("buttonEventPath", |_| {
                    Some(json!({ "button": { "id": id, "type": "button", "formData": form } }))
                });
            }
            "form-save" => {
                let widget = Arc::clone(self);
                tokio::spawn(async move { widget.save_form().await });
            }
            "auto-log" => {
                let on = !self.auto_log();
                self.set_auto_log(on);
            }
            "authorize" => self.ask_in_background("authorizationPath", |widget| {
                Some(json!({ "authorized": widget.state().service.authorized()? }))
            }),
            "setting" => self.turn_setting(id),
            "setting-button" => self.press_setting_button(id),
            "feedback" => self.ask_in_background("feedbackPath", |_| Some(json!({ "show": true }))),
            "alert-link" => self.ask_in_background("buttonEventPath", |_| {
                Some(json!({ "button": { "id": id, "type": "linkInAlertDetail" } }))
            }),
            "call-action" => self.press_call_action(id),
            _ => {}
        }
        self.platform.changed();
    }

    /// Sends one of the small requests whose answer changes nothing.
    fn ask_in_background(self: &Arc<Self>, key: &str, body: impl FnOnce(&Self) -> Option<Value>) {
        let path = self.state().service.text(key).map(str::to_owned);
        if let (Some(path), Some(body)) = (path, body(self)) {
            let widget = Arc::clone(self);
            tokio::spawn(async move { widget.ask(&path, Some(body), limit::REST).await });
        }
    }

    /// The user picks another contact for a call: with auto log on, the host hears of it.
    fn pick(self: &Arc<Self>, session: &str, contact: &str) {
        let Some((call, ..)) = self.call_body(session) else {
            return;
        };
        let telephony = text(&call, "telephonySessionId").to_owned();
        self.partition
            .stored()
            .picked
            .insert(telephony, contact.to_owned());
        if self.auto_log() {
            let (widget, session) = (Arc::clone(self), session.to_owned());
            tokio::spawn(
                async move { widget.log_manually(&session, "contactUpdated", false).await },
            );
        }
    }

    fn view_contact(self: &Arc<Self>, session: &str) {
        let Some((_, other, _)) = self.call_body(session) else {
            return;
        };
        let name = self.state().service.name().unwrap_or_default().to_owned();
        let contact = self
            .matches(&other.number)
            .into_iter()
            .find(|it| text(it, "type") == name);
        let Some(contact) = contact else { return };
        if self
            .state()
            .service
            .text("viewMatchedContactPath")
            .is_some()
        {
            self.ask_in_background("viewMatchedContactPath", |_| Some(contact));
        } else {
            self.open_contact(text(&contact, "id"));
        }
    }

    fn open_activities(self: &Arc<Self>, id: &str) {
        let (path, contact) = {
            let state = self.state();
            let path = state.service.text("activitiesPath").map(str::to_owned);
            (
                path.filter(|_| state.attached),
                state.book.find(id).cloned(),
            )
        };
        let (Some(path), Some(contact)) = (path, contact) else {
            return;
        };
        let id = id.to_owned();
        self.show(Screen::Contact {
            id: id.clone(),
            activities: Some(Activities::Loading),
        });
        let widget = Arc::clone(self);
        tokio::spawn(async move {
            let body = json!({ "contact": contact });
            let response = widget
                .ask(&path, Some(body), limit::REST)
                .await
                .unwrap_or_default();
            match response.get("data").and_then(Value::as_array) {
                Some(list) => {
                    let activities = Some(Activities::Loaded(list.clone()));
                    widget.show(Screen::Contact { id, activities });
                }
                None => widget.fault("activities that are not an array: the spinner stays"),
            }
        });
    }

    fn open_activity(self: &Arc<Self>, id: &str) {
        let activity = {
            let state = self.state();
            let Screen::Contact {
                activities: Some(Activities::Loaded(list)),
                ..
            } = &state.ui.screen
            else {
                return;
            };
            list.iter().find(|it| text(it, "id") == id).cloned()
        };
        if let Some(activity) = activity {
            self.ask_in_background("activityPath", |_| Some(json!({ "activity": activity })));
        }
    }

    fn type_into_form(self: &Arc<Self>, key: &str, value: &str) {
        if let Screen::LogForm { data, .. } = &mut self.state().ui.screen {
            put(data, key, value);
        }
        let (widget, key) = (Arc::clone(self), key.to_owned());
        tokio::spawn(async move { widget.form_changed(&key).await });
    }

    /// Takes the host's page for the log form; an open form shows it at once.
    fn take_log_page(&self, page: Option<&Value>) {
        let mut state = self.state();
        let Some(Value::Object(new)) = page else {
            return;
        };
        let mut merged = state.call_log_page.take().unwrap_or_else(|| json!({}));
        for (key, value) in new {
            put(&mut merged, key, value.clone());
        }
        if let Screen::LogForm { data, drawn, .. } = &mut state.ui.screen {
            let given = field(&merged, "formData");
            *data = if given.is_object() {
                given.clone()
            } else {
                json!({})
            };
            *drawn = data.clone();
        }
        state.call_log_page = Some(merged);
    }

    fn turn_setting(self: &Arc<Self>, id: &str) {
        let turned = {
            let mut state = self.state();
            let items = state
                .service
                .get("settings")
                .and_then(Value::as_array)
                .cloned();
            let item = items
                .unwrap_or_default()
                .into_iter()
                .find(|it| text(it, "id") == id);
            let on = item
                .and_then(|it| it.get("value").and_then(Value::as_bool))
                .unwrap_or_default();
            state.service.turn_setting(id, !on)
        };
        if let Some((settings, setting)) = turned {
            self.ask_in_background("settingsPath", |_| {
                Some(json!({ "settings": settings, "setting": setting }))
            });
        }
        self.draw();
    }

    fn press_setting_button(self: &Arc<Self>, id: &str) {
        let items = self
            .state()
            .service
            .get("settings")
            .and_then(Value::as_array)
            .cloned();
        let item = items
            .unwrap_or_default()
            .into_iter()
            .find(|it| text(it, "id") == id);
        if let Some(item) = item {
            self.ask_in_background("buttonEventPath", |_| {
                Some(
                    json!({ "button": { "id": id, "type": "setting", "label": field(&item, "buttonLabel"),
                    "name": field(&item, "name") } }),
                )
            });
        }
    }

    fn press_call_action(self: &Arc<Self>, id: &str) {
        let (button, session) = id.split_once(' ').unwrap_or_default();
        let buttons = self
            .state()
            .service
            .get("buttons")
            .and_then(Value::as_array)
            .cloned();
        let button = buttons
            .unwrap_or_default()
            .into_iter()
            .find(|it| text(it, "id") == button);
        if let (Some(button), Some((call, ..))) = (button, self.call_body(session)) {
            self.ask_in_background("buttonEventPath", |_| {
                Some(json!({ "button": { "id": field(&button, "id"), "type": field(&button, "type"), "label": field(&button, "label") },
                    "resource": call }))
            });
        }
    }
}
