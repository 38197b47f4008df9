//! What a service puts on the page beside its data: buttons, a banner, links in alerts, vCards.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::Widget;
use super::service::limit;
use crate::json::{field, items, put, text};

/// Where a registered button stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ButtonKind {
    /// Over the field of a message; it is not told which conversation.
    SmsToolbar,
    /// At a call.
    CallAction,
    /// At a conversation.
    MessageAction,
    /// At a contact's number.
    ContactAction,
}

impl ButtonKind {
    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::SmsToolbar => "smsToolbar",
            Self::CallAction => "callAction",
            Self::MessageAction => "messageAction",
            Self::ContactAction => "contactAction",
        }
    }
}

impl Widget {
    /// Returns a path of the service.
    pub(super) fn path(&self, key: &str) -> Option<String> {
        self.state().service.text(key).map(str::to_owned)
    }

    /// Sends one of the small requests whose answer changes nothing.
    pub(super) fn ask_in_background(
        self: &Arc<Self>,
        key: &str,
        body: impl FnOnce(&Self) -> Option<Value>,
    ) {
        if let (Some(path), Some(body)) = (self.path(key), body(self)) {
            let widget = Arc::clone(self);
            tokio::spawn(async move { widget.ask(&path, Some(body), limit::REST).await });
        }
        self.platform.changed();
    }

    /// Returns the buttons of one place, as they were registered.
    pub fn buttons(&self, kind: ButtonKind) -> Vec<Value> {
        let state = self.state();
        let buttons = state.service.buttons().iter();
        buttons
            .filter(|it| text(it, "type") == kind.word())
            .cloned()
            .collect()
    }

    /// Presses a registered button. `resource` is the call's session, the conversation, or the contact's id.
    ///
    /// Returns whether there is such a button, and something to press it at.
    pub fn press_button(self: &Arc<Self>, kind: ButtonKind, id: &str, resource: &str) -> bool {
        let buttons = self.buttons(kind);
        let Some(button) = buttons.iter().find(|it| text(it, "id") == id) else {
            return false;
        };
        let mut body =
            json!({ "button": { "id": id, "type": kind.word(), "label": field(button, "label") } });
        let resource = match kind {
            ButtonKind::SmsToolbar => None,
            ButtonKind::CallAction => self.call_body(resource).map(|it| it.0),
            ButtonKind::MessageAction => self.newest_group(resource),
            ButtonKind::ContactAction => self.contact_number(resource),
        };
        match resource {
            Some(resource) => put(&mut body, "resource", resource),
            None if kind == ButtonKind::SmsToolbar => {}
            None => return false,
        }
        self.ask_in_background("buttonEventPath", |_| Some(body));
        true
    }

    /// Returns a contact of the list with its first number.
    fn contact_number(&self, id: &str) -> Option<Value> {
        let state = self.state();
        let contact = state.book.find(id)?;
        let number = items(contact, "phoneNumbers").first()?;
        Some(
            json!({ "contact": contact, "phoneNumber": field(number, "phoneNumber"),
            "phoneType": field(number, "phoneType") }),
        )
    }

    // The banner.

    /// Takes a banner, or takes it away.
    pub(super) fn take_banner(&self, banner: &Value) {
        let is_one =
            banner.is_object() && !banner.get("hidden").is_some_and(super::service::truthy);
        self.state().banner = is_one.then(|| banner.clone());
        self.platform.changed();
    }

    /// Returns the banner as the host gave it.
    pub fn banner(&self) -> Option<Value> {
        self.state().banner.clone()
    }

    /// Presses the action of the banner; without one nothing happens.
    pub fn press_banner(self: &Arc<Self>) {
        let Some(banner) = self.banner() else { return };
        if field(&banner, "action").is_object() {
            let button = banner_button(&banner);
            self.ask_in_background("buttonEventPath", |_| Some(json!({ "button": button })));
        }
    }

    /// Closes the banner, if it can be closed.
    pub fn dismiss_banner(self: &Arc<Self>) {
        let Some(banner) = self.banner() else { return };
        if !banner.get("closable").is_some_and(super::service::truthy) {
            return;
        }
        self.state().banner = None;
        let mut button = banner_button(&banner);
        button.insert("dismissed".to_owned(), json!(true));
        self.ask_in_background("buttonEventPath", |_| Some(json!({ "button": button })));
        self.draw();
    }

    // Links and files.

    /// Clicks a link in the details of an alert.
    pub fn press_alert_link(self: &Arc<Self>, id: &str) {
        self.ask_in_background("buttonEventPath", |_| {
            Some(json!({ "button": { "id": id, "type": "linkInAlertDetail" } }))
        });
    }

    /// Clicks the refresh sign beside the license line.
    pub fn press_license_refresh(self: &Arc<Self>) {
        self.ask_in_background("buttonEventPath", |_| {
            Some(json!({ "button": { "id": "refreshLicense", "type": "refreshLicense" } }))
        });
    }

    /// Clicks the vCard of a message; the host gets its address where it wants it. Returns whether there is one.
    pub fn press_vcard(self: &Arc<Self>, message: u64) -> bool {
        let messages = self.platform.messages();
        let message = messages.iter().find(|it| it.id == message);
        let uri = message.and_then(|it| it.file("text/vcard", &self.platform.media()));
        let Some(uri) = uri else { return false };
        self.ask_in_background("vcardHandlerPath", |_| Some(json!({ "vcardUri": uri })));
        true
    }
}

fn banner_button(banner: &Value) -> Map<String, Value> {
    let mut button = Map::new();
    button.insert("id".to_owned(), field(banner, "id").clone());
    button.insert("type".to_owned(), json!("customizedBanner"));
    if let Some(label) = field(banner, "action").get("label") {
        button.insert("label".to_owned(), label.clone());
    }
    button
}
