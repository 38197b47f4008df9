//! What we tell the widget that we can do: `rc-adapter-register-third-party-service`.
//!
//! Everything goes out in one message per boot of the widget: a second registration with a contacts path
//! throws inside the widget and the rest of it is lost, and `authorizationPath` without a boolean
//! `authorized` aborts it.

use serde_json::{Value, json};

use super::stored::{GlobalSettings, LogForm};
use super::widget::{SERVICE_NAME, paths, types};

/// How long the widget keeps a name for a number, in milliseconds, and how long a number without one.
/// The page may show new people at any moment, and our answer comes from an index: asking costs little.
const MATCH_TTL_MS: u32 = 15 * 60 * 1000;
const NO_MATCH_TTL_MS: u32 = 30 * 1000;

/// What a registration says beside what never changes.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What to call the place where the widget stands.
    pub place_name: &'a str,
    /// Our picture, as a `data:` address: the widget shows no other kind but http.
    pub icon: &'a str,
    /// The settings of all sites.
    pub global: &'a GlobalSettings,
    /// The user's consent to read the site's contacts. `None` in the window: it serves several sites, each
    /// with a consent of its own, and the widget has one button.
    pub consent: Option<bool>,
    /// Our switches in the widget's settings.
    pub settings: &'a Value,
}

/// What makes a message of facts and texts.
pub type Make = fn(Facts<'_>, &dyn Fn(&str) -> String) -> Value;

/// Returns the message that registers our service; `text` gives texts by message key.
pub fn registration(facts: Facts<'_>, text: &dyn Fn(&str) -> String) -> Value {
    let parts = [
        identity(&facts, text),
        contacts(&facts),
        meetings(text),
        calls(facts.global, text),
        messages(facts.global, text),
        consent(&facts, text).unwrap_or_default(),
        surface(&facts, text),
    ];
    let mut service = serde_json::Map::new();
    for part in parts {
        if let Value::Object(fields) = part {
            service.extend(fields);
        }
    }
    json!({ "type": types::REGISTER, "service": service })
}

/// Returns the message that changes what stands beside our name. It has no contacts path, with which it
/// would throw; the keys it leaves out keep their values.
pub fn update(facts: Facts<'_>, text: &dyn Fn(&str) -> String) -> Value {
    json!({ "type": types::REGISTER, "service": identity(&facts, text) })
}

fn identity(facts: &Facts<'_>, text: &dyn Fn(&str) -> String) -> Value {
    let info = match facts.consent {
        Some(true) => "widget_info_on",
        Some(false) => "widget_info_off",
        None => "widget_info_window",
    };
    json!({
        "name": SERVICE_NAME,
        "displayName": format!("{SERVICE_NAME}: {}", facts.place_name),
        "info": text(info),
    })
}

fn contacts(facts: &Facts<'_>) -> Value {
    json!({
        "contactsPath": paths::CONTACTS,
        "contactIcon": facts.icon,
        "contactSearchPath": paths::SEARCH,
        "contactMatchPath": paths::MATCH,
        "contactMatchTtl": MATCH_TTL_MS,
        "contactNoMatchTtl": NO_MATCH_TTL_MS,
        "viewMatchedContactPath": paths::VIEW,
        "activitiesPath": paths::ACTIVITIES,
        "activityPath": paths::ACTIVITY,
        // Widgets of today show the service's name instead.
        "activityName": SERVICE_NAME,
        "doNotContactPath": paths::DO_NOT_CONTACT,
    })
}

fn meetings(text: &dyn Fn(&str) -> String) -> Value {
    json!({
        "meetingInvitePath": paths::MEETING_INVITE,
        "meetingInviteTitle": text("widget_invite"),
        "meetingUpcomingPath": paths::MEETINGS,
        "meetingLoggerPath": paths::MEETING_LOG,
        "meetingLoggerTitle": text("widget_log_meeting"),
        // Removed from the widget in 1.9.0, and harmless since.
        "conferenceInvitePath": paths::CONFERENCE_INVITE,
        "conferenceInviteTitle": text("widget_invite_conference"),
    })
}

fn calls(global: &GlobalSettings, text: &dyn Fn(&str) -> String) -> Value {
    json!({
        "callLoggerPath": paths::CALL_LOG,
        "callLoggerTitle": text("widget_log_call"),
        "callLoggerAutoSettingLabel": text("widget_auto_log_calls"),
        "callLoggerAutoSettingDescription": text("widget_auto_log_calls_help"),
        "callLogEntityMatcherPath": paths::CALL_LOGGED,
        "callLogPageInputChangedEventPath": paths::CALL_FORM,
        "showLogModal": global.log_form == LogForm::Modal,
        "recordingWithToken": global.recordings_with_token,
    })
}

fn messages(global: &GlobalSettings, text: &dyn Fn(&str) -> String) -> Value {
    json!({
        "messageLoggerPath": paths::MESSAGE_LOG,
        "messageLoggerTitle": text("widget_log_messages"),
        "messageLoggerAutoSettingLabel": text("widget_auto_log_messages"),
        "messageLoggerAutoSettingDescription": text("widget_auto_log_messages_help"),
        "messageLogEntityMatcherPath": paths::MESSAGE_LOGGED,
        "messagesLogPageInputChangedEventPath": paths::MESSAGE_FORM,
        "attachmentWithToken": global.attachments_with_token,
    })
}

/// The button mirrors the user's consent to read the site's contacts. A service without one counts as
/// consented.
fn consent(facts: &Facts<'_>, text: &dyn Fn(&str) -> String) -> Option<Value> {
    let authorized = facts.consent?;
    Some(json!({
        "authorizationPath": paths::AUTHORIZE,
        "authorized": authorized,
        "authorizedTitle": text("widget_unauthorize"),
        "unauthorizedTitle": text("widget_authorize"),
        "authorizedAccount": facts.place_name,
        "authorizationLogo": facts.icon,
        "showAuthRedDot": true,
    }))
}

/// A button needs an id, a type, a label and an icon, or the widget drops it.
fn surface(facts: &Facts<'_>, text: &dyn Fn(&str) -> String) -> Value {
    let button = |id: &str, kind: &str, label: &str, icon: &str| json!({ "id": id, "type": kind, "label": text(label), "icon": icon });
    json!({
        "settingsPath": paths::SETTINGS,
        "settings": facts.settings,
        "buttonEventPath": paths::BUTTON,
        "buttons": [
            button(buttons::OPEN, "callAction", "widget_open_record", "view"),
            button(buttons::WHY, "callAction", "widget_why", "people"),
            button(buttons::NOTE, "callAction", "widget_add_note", "edit"),
            button(buttons::OPEN, "messageAction", "widget_open_record", "view"),
            button(buttons::WHY, "messageAction", "widget_why", "people"),
            button(buttons::NOTE, "messageAction", "widget_add_note", "edit"),
            button(buttons::OPEN, "contactAction", "widget_open_record", "view"),
            button(buttons::WHY, "contactAction", "widget_why", "people"),
        ],
    })
}

/// The ids of our buttons.
pub mod buttons {
    /// Opens the contact's record in the CRM.
    pub const OPEN: &str = "open";
    /// Says why this contact was taken.
    pub const WHY: &str = "why";
    /// Opens the form of the entry.
    pub const NOTE: &str = "note";
    /// The book, from our settings in the widget.
    pub const BOOK: &str = "book";
    /// The banner's action.
    pub const ATTENTION: &str = "attention";
    /// Begins the id of the link that takes a remembered choice back; the number's key follows.
    pub const UNCHOOSE: &str = "unchoose:";
}
