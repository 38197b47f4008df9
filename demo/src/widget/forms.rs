//! The log pages of calls and conversations, and the sections of the settings: forms that end with Save.

use std::sync::Arc;

use serde_json::{Value, json};

use super::service::limit;
use super::settings::{self, fill, values};
use super::{FormOf, Logger, Screen, Widget};
use crate::json::{field, put, text};
use crate::platform::Party;

impl Widget {
    /// Opens the form of a call's log, filled with what the log entity says.
    pub(super) fn open_log_form(&self, session: &str) {
        let Some((_, other, _)) = self.call_body(session) else {
            return;
        };
        let page = self.state().call_log_page.clone();
        let data = match page.as_ref().map(|it| field(it, "formData")) {
            Some(data) if data.is_object() => data.clone(),
            Some(_) => json!({}),
            None => self.own_form(session, &other),
        };
        self.open_form(FormOf::Call(session.to_owned()), data);
    }

    /// Opens the log page of a conversation, which is the host's alone.
    pub(super) fn open_message_form(&self, conversation: &str) {
        let page = self.state().message_log_page.clone().unwrap_or_default();
        let data = field(&page, "formData");
        let data = if data.is_object() {
            data.clone()
        } else {
            json!({})
        };
        self.open_form(FormOf::Messages(conversation.to_owned()), data);
    }

    /// Opens a section of the settings.
    pub fn open_section(&self, id: &str) {
        let section = {
            let state = self.state();
            settings::find(state.service.settings(), id).cloned()
        };
        if let Some(section) = section.filter(|it| text(it, "type") == "section") {
            self.open_form(FormOf::Section(id.to_owned()), values(&section));
        }
    }

    /// Opens a page or a tab of the host's own; of one that is not registered nothing is shown.
    pub fn open_own_page(&self, id: &str) {
        if let Some(page) = self.own_page(id) {
            let data = field(&page, "formData");
            let data = if data.is_object() {
                data.clone()
            } else {
                json!({})
            };
            self.open_form(FormOf::Page(id.to_owned()), data);
        }
    }

    /// Returns a page of the host's own, as all its registrations made it.
    pub fn own_page(&self, id: &str) -> Option<Value> {
        let state = self.state();
        let mut pages = state.own_pages.iter();
        pages.find(|it| text(it, "id") == id).cloned()
    }

    /// Takes a page of the host's own: a new one, or what changes about one that is there.
    pub(super) fn take_own_page(&self, page: Option<&Value>) {
        let Some(Value::Object(new)) = page else {
            return;
        };
        let Some(id) = new.get("id").and_then(Value::as_str) else {
            self.fault("a page without an id");
            return;
        };
        let mut state = self.state();
        let known = state.own_pages.iter_mut().find(|it| text(it, "id") == id);
        if let Some(known) = known {
            for (key, value) in new {
                put(known, key, value.clone());
            }
        } else {
            state.own_pages.push(Value::Object(new.clone()));
        }
        let given = new.get("formData").filter(|it| it.is_object());
        if let Screen::Form { of, data, drawn } = &mut state.ui.screen
            && *of == FormOf::Page(id.to_owned())
        {
            if let Some(given) = given {
                data.clone_from(given);
            }
            drawn.clone_from(data);
        }
    }

    fn open_form(&self, of: FormOf, data: Value) {
        let path = match &of {
            FormOf::Call(session) => format!("/log/call/{session}"),
            FormOf::Messages(conversation) => format!("/log/messages/{conversation}"),
            FormOf::Section(id) => format!("/settings/thirdParty/{id}"),
            FormOf::Page(id) => match text(&self.own_page(id).unwrap_or_default(), "type") {
                "tab" => format!("/customizedTabs/{id}"),
                _ => format!("/customized/{id}"),
            },
        };
        let drawn = data.clone();
        self.go(&path, Screen::Form { of, data, drawn });
    }

    /// What the widget's own form starts with: the log's note and contact, else the first match.
    fn own_form(&self, session: &str, other: &Party) -> Value {
        let entity = self.entities(session).into_iter().next();
        let entity = entity.unwrap_or_default();
        let linked = field(&entity, "contact");
        let linked = match linked.get("id").unwrap_or(linked) {
            // Only a contact that is there lets the other key be looked at.
            Value::Object(_) => field(&entity, "contactId").as_str(),
            id => id.as_str(),
        };
        let first = self.first_match(&other.number);
        let contact = linked.or_else(|| field(&first, "id").as_str());
        let mut form = json!({ "note": text(&entity, "note") });
        if let Some(contact) = contact {
            put(&mut form, "contactId", contact);
        }
        form
    }

    /// Returns what the open form is about and what is in it.
    pub(super) fn open_form_data(&self) -> Option<(FormOf, Value)> {
        match &self.state().ui.screen {
            Screen::Form { of, data, .. } => Some((of.clone(), data.clone())),
            _ => None,
        }
    }

    /// Takes the host's page for a log form, merged over the one before; an open form shows it at once.
    pub(super) fn take_log_page(&self, which: Logger, page: Option<&Value>) {
        let Some(Value::Object(new)) = page else {
            return;
        };
        let mut state = self.state();
        let slot = match which {
            Logger::Calls => &mut state.call_log_page,
            Logger::Messages => &mut state.message_log_page,
        };
        let mut merged = slot.take().unwrap_or_else(|| json!({}));
        for (key, value) in new {
            put(&mut merged, key, value.clone());
        }
        *slot = Some(merged);
        let given = new.get("formData").filter(|it| it.is_object());
        if let Screen::Form { of, data, drawn } = &mut state.ui.screen {
            let is_open = matches!(
                (of, which),
                (FormOf::Call(_), Logger::Calls) | (FormOf::Messages(_), Logger::Messages)
            );
            if is_open && let Some(given) = given {
                *data = given.clone();
            }
            *drawn = data.clone();
        }
    }

    /// Types into, or chooses in, a field of the open form. Without a form nothing happens.
    pub fn type_in_form(self: &Arc<Self>, key: &str, value: impl Into<Value>) {
        if let Screen::Form { data, .. } = &mut self.state().ui.screen {
            put(data, key, value);
        }
        self.platform.changed();
        let (widget, key) = (Arc::clone(self), key.to_owned());
        tokio::spawn(async move { widget.form_changed(&key).await });
    }

    /// Presses a button in the open form: the host hears of it on its button path.
    pub fn press_form_button(self: &Arc<Self>, id: &str) {
        let Some((_, data)) = self.open_form_data() else {
            return;
        };
        self.ask_in_background("buttonEventPath", |_| {
            Some(json!({ "button": { "id": id, "type": "button", "formData": data } }))
        });
    }

    /// Presses Save in the open form. A log page of messages has it only where the host asked for it.
    pub fn press_form_save(self: &Arc<Self>) {
        let Some((of, data)) = self.open_form_data() else {
            return;
        };
        let widget = Arc::clone(self);
        match of {
            FormOf::Call(session) => {
                tokio::spawn(async move { widget.save_call_form(session, data).await });
            }
            FormOf::Messages(conversation) => {
                let page = self.state().message_log_page.clone().unwrap_or_default();
                if has_save(&page) {
                    self.go_back();
                    tokio::spawn(
                        async move { widget.save_message_form(&conversation, &data).await },
                    );
                }
            }
            FormOf::Page(id) => {
                let page = self.own_page(&id).unwrap_or_default();
                if has_save(&page) {
                    self.ask_in_background("buttonEventPath", |_| {
                        Some(json!({ "button": { "id": id, "type": "submit", "formData": data } }))
                    });
                }
            }
            FormOf::Section(id) => {
                self.change_setting(&id, |section| fill(section, &data));
                self.go_back();
            }
        }
    }

    /// Tells the host that a field of the form changed, if it wants to know.
    async fn form_changed(&self, key: &str) {
        let Some((of, data)) = self.open_form_data() else {
            return;
        };
        let (path_key, mut body) = match &of {
            FormOf::Call(session) => {
                let Some((mut call, ..)) = self.call_body(session) else {
                    return;
                };
                strip_recording(&mut call);
                let body = json!({ "call": call, "formData": data, "keys": [key] });
                ("callLogPageInputChangedEventPath", body)
            }
            FormOf::Messages(conversation) => {
                let days = self.days_of(conversation);
                let body = json!({ "conversation": days, "formData": data, "keys": [key] });
                ("messagesLogPageInputChangedEventPath", body)
            }
            FormOf::Page(_) => {
                let body = json!({ "formData": data, "keys": [key] });
                ("customizedPageInputChangedEventPath", body)
            }
            FormOf::Section(_) => return,
        };
        let page = match &of {
            FormOf::Messages(_) => self.state().message_log_page.clone(),
            FormOf::Page(id) => self.own_page(id),
            _ => self.state().call_log_page.clone(),
        };
        let Some(path) = self.path(path_key) else {
            return;
        };
        if let Some(page) = page {
            put(&mut body, "page", page);
        }
        self.ask(&path, Some(body), limit::REST).await;
    }

    /// Saves the form of a call: the chosen contact is in the form's data, not in the entities.
    async fn save_call_form(&self, session: String, data: Value) {
        let Some(path) = self.logger_path() else {
            return;
        };
        self.go_back();
        let turn = self.turn_of(&session);
        let _turn = turn.lock().await;
        let Some((call, ..)) = self.call_body(&session) else {
            return;
        };
        let mut body = json!({ "call": call, "triggerType": "logForm", "formData": data,
            "redirect": true, "fromEntity": null, "toEntity": null });
        if let Some(note) = data.get("note") {
            put(&mut body, "note", note.clone());
        }
        self.add_notes(&mut body, &session);
        if self.ask(&path, Some(body), limit::LOG).await.is_some() {
            self.match_sessions(vec![session], true).await;
        }
    }
}

/// Returns whether a page has Save: where it says what stands on it, or that it stands there.
fn has_save(page: &Value) -> bool {
    field(field(page, "uiSchema"), "submitButtonOptions").is_object()
}

/// The form has the recording as the history keeps it, without link and token.
fn strip_recording(call: &mut Value) {
    if let Some(recording) = call.get_mut("recording").and_then(Value::as_object_mut) {
        recording.remove("link");
        let bare = recording
            .get("contentUri")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let bare = bare.split('?').next().unwrap_or_default().to_owned();
        recording.insert("contentUri".to_owned(), json!(bare));
    }
}
