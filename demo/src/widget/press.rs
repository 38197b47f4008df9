//! What the user does on the page, as the loader says it.

use std::sync::Arc;

use serde_json::{Value, json};

use super::service::limit;
use super::{Activities, ButtonKind, Logger, Screen, Widget, settings};
use crate::json::{field, put, text};

impl Widget {
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
                "messages" => "/messages",
                "contacts" => "/contacts",
                "meetings" => "/meeting/home",
                "settings" => "/settings",
                _ => "/dialer",
            }),
            "go" => self.on_navigate(&id),
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
                let (contact, number) = id.split_once(' ').unwrap_or_default();
                let (widget, contact, number) =
                    (Arc::clone(self), contact.to_owned(), number.to_owned());
                tokio::spawn(async move { widget.dial_contact(&contact, &number).await });
            }
            "confirm" => self.press_confirm(id == "yes"),
            "answer" | "reject" | "hangup" | "hold" | "unhold" | "mute" | "unmute"
            | "startRecord" => {
                let live = self.platform.live();
                if let Some(call) = live.iter().find(|it| it.session_id == id) {
                    self.control(call, text(action, "do"));
                }
            }
            "close-alert" => self.close_alert(&id),
            other => self.press_in_log(other, &id, &value),
        }
        self.platform.changed();
    }

    /// What has to do with calls, messages and their logs.
    fn press_in_log(self: &Arc<Self>, order: &str, id: &str, value: &str) {
        match order {
            "log" => self.press_log(id),
            "view-log" => self.press_view_log(id),
            "refresh-match" => self.refresh_contact(id),
            "pick" => self.pick_contact(id, value),
            "form" => self.type_in_form(id, value),
            "form-flag" => {
                let on = self.open_form_data().map(|it| it.1);
                let on = on
                    .and_then(|it| field(&it, id).as_bool())
                    .unwrap_or_default();
                self.type_in_form(id, !on);
            }
            "form-button" => self.press_form_button(id),
            "form-save" => self.press_form_save(),
            "conversation" => self.open_conversation(id),
            "log-conversation" => self.press_log_conversation(id),
            "pick-correspondent" => self.pick_correspondent(id, value),
            "write" => self.write(id, value),
            "send" => {
                let widget = Arc::clone(self);
                tokio::spawn(async move { widget.send_written().await });
            }
            "vcard" => {
                let _there = self.press_vcard(id.parse().unwrap_or_default());
            }
            other => self.press_in_service(other, id),
        }
    }

    /// The buttons that have to do with the registered service.
    fn press_in_service(self: &Arc<Self>, order: &str, id: &str) {
        match order {
            "view-contact" => self.press_view_contact(id),
            "refresh-contacts" => self.sync_contacts(),
            "contact" => self.open_contact(id),
            "activities" => self.open_activities(id),
            "activity" => self.open_activity(id),
            "auto-log" => self.set_auto_log(!self.auto_log()),
            "auto-log-messages" => self.set_auto_log_messages(!self.is_auto(Logger::Messages)),
            "authorize" => self.press_authorize(),
            "setting" => self.toggle_setting(id),
            "setting-button" => self.press_setting_button(id),
            "section" => self.open_section(id),
            "feedback" => self.ask_in_background("feedbackPath", |_| Some(json!({ "show": true }))),
            "alert-link" => self.press_alert_link(id),
            "license" => self.press_license_refresh(),
            "banner" => self.press_banner(),
            "close-banner" => self.dismiss_banner(),
            "log-meeting" => self.log_meeting(id),
            "schedule" => {
                let now = self.platform.clock().now_ms();
                self.schedule_meeting("Sam Rivera's meeting", now, now + 3_600_000);
            }
            other => {
                let kinds = [
                    ButtonKind::SmsToolbar,
                    ButtonKind::CallAction,
                    ButtonKind::MessageAction,
                    ButtonKind::ContactAction,
                ];
                let kind = kinds.into_iter().find(|it| it.word() == other);
                let (button, resource) = id.split_once(' ').unwrap_or((id, ""));
                if let Some(kind) = kind {
                    let _there = self.press_button(kind, button, resource);
                }
            }
        }
    }

    /// Presses "View contact details" at a call. Without a path for it the widget looks into its own list.
    pub fn press_view_contact(self: &Arc<Self>, session: &str) {
        let Some((call, other, _)) = self.call_body(session) else {
            return;
        };
        let name = self.state().service.name().unwrap_or_default().to_owned();
        let telephony = text(&call, "telephonySessionId");
        let picked = self.partition.stored().picked.get(telephony).cloned();
        let mut matches = self.matches(&other.number);
        matches.retain(|it| text(it, "type") == name);
        // Whoever was picked, else the first.
        let is_picked = |it: &&Value| Some(text(it, "id")) == picked.as_deref();
        let Some(contact) = matches.iter().find(is_picked).or(matches.first()).cloned() else {
            return;
        };
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

    /// Opens the activities of a contact of the list: the host is asked, each time.
    pub fn open_activities(self: &Arc<Self>, id: &str) {
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
            let response = widget.ask(&path, Some(body), limit::REST).await;
            let data = response.as_ref().and_then(|it| it.get("data"));
            match data {
                Some(Value::Array(list)) => {
                    let activities = Some(Activities::Loaded(list.clone()));
                    widget.show(Screen::Contact { id, activities });
                }
                Some(_) => widget.throw("activities that are not an array: the tab crashes"),
                None => widget.fault("no activities: the spinner stays"),
            }
        });
    }

    /// Clicks one of the activities that are shown.
    pub fn open_activity(self: &Arc<Self>, id: &str) {
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

    /// Types into the field of a message (`text`) or its recipient (`to`).
    fn write(self: &Arc<Self>, field: &str, value: &str) {
        match (&mut self.state().ui.screen, field) {
            (Screen::Conversation { text, .. } | Screen::Compose { text, .. }, "text") => {
                value.clone_into(text);
            }
            (Screen::Compose { to, .. }, "to") => value.clone_into(to),
            _ => {}
        }
    }

    /// Sends what was written on the page.
    async fn send_written(self: &Arc<Self>) {
        let screen = self.state().ui.screen.clone();
        let (to, words) = match screen {
            Screen::Compose { to, text, .. } => (vec![to], text),
            Screen::Conversation { id, text, .. } => {
                let groups = self.groups_of(&id);
                let newest = groups.first().and_then(|it| it.messages.first());
                let others = newest.map(|it| it.others.clone()).unwrap_or_default();
                (others.into_iter().map(|it| it.number).collect(), text)
            }
            _ => return,
        };
        let to: Vec<(String, Option<Value>)> = to.into_iter().map(|it| (it, None)).collect();
        self.write_to(&to, &words).await;
    }

    // Settings.

    /// Changes an item of the settings and tells the host the whole tree.
    pub(super) fn change_setting(self: &Arc<Self>, id: &str, change: impl FnOnce(&mut Value)) {
        let changed = self.state().service.change_setting(id, change);
        if let Some((settings, setting)) = changed {
            self.ask_in_background("settingsPath", |_| {
                Some(json!({ "settings": settings, "setting": setting }))
            });
        }
        self.draw();
    }

    fn setting(&self, id: &str) -> Option<Value> {
        let state = self.state();
        settings::find(state.service.settings(), id).cloned()
    }

    /// Turns a boolean of the settings; a read-only one stays.
    pub fn toggle_setting(self: &Arc<Self>, id: &str) {
        let item = self.setting(id).unwrap_or_default();
        if let Some(on) = field(&item, "value").as_bool() {
            self.choose_setting(id, !on);
        }
    }

    /// Chooses an option of the settings, by the option's id; a read-only one stays.
    pub fn choose_setting(self: &Arc<Self>, id: &str, value: impl Into<Value>) {
        let item = self.setting(id).unwrap_or_default();
        let kind = text(&item, "type");
        let locked = item.get("readOnly").is_some_and(super::service::truthy);
        if matches!(kind, "boolean" | "option") && !locked {
            self.change_setting(id, |it| put(it, "value", value));
        }
    }

    /// Presses a button of the settings.
    pub fn press_setting_button(self: &Arc<Self>, id: &str) {
        if let Some(item) = self.setting(id).filter(|it| text(it, "type") == "button") {
            self.ask_in_background("buttonEventPath", |_| {
                Some(
                    json!({ "button": { "id": id, "type": "setting", "label": field(&item, "buttonLabel"),
                    "name": field(&item, "name") } }),
                )
            });
        }
    }
}
