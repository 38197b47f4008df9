//! The third-party service as the widget keeps it: one per page load, merged by every registration.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::json::put;

/// How long the widget waits, by what it asks.
pub mod limit {
    use std::time::Duration;

    /// One page of contacts.
    pub const CONTACTS: Duration = Duration::from_secs(60);
    /// A search, and each of the matchers.
    pub const MATCH: Duration = Duration::from_secs(30);
    /// A log.
    pub const LOG: Duration = Duration::from_secs(15);
    /// A meeting's log.
    pub const MEETING_LOG: Duration = Duration::from_secs(6);
    /// Everything else.
    pub const REST: Duration = Duration::from_secs(3);
}

/// Keys that a registration takes, step by step. A step that throws takes the rest with it.
///
/// The first of each step is the key without which the others are not read.
const STEPS: &[&[&str]] = &[
    &["contactsPath", "contactIcon"],
    &["contactSearchPath"],
    &["contactMatchPath", "contactMatchTtl", "contactNoMatchTtl"],
    &["viewMatchedContactPath"],
    &["activitiesPath", "activityPath", "activityName"],
    &[
        "meetingInvitePath",
        "meetingInviteTitle",
        "meetingUpcomingPath",
    ],
    &["meetingLoggerPath", "meetingLoggerTitle"],
    &[
        "callLoggerPath",
        "callLoggerTitle",
        "recordingWithToken",
        "showLogModal",
        "callLoggerAutoSettingLabel",
        "callLoggerAutoSettingDescription",
        "callLoggerAutoSettingWarning",
        "callLoggerAutoSettingReadOnly",
        "callLoggerAutoSettingReadOnlyReason",
        "callLoggerAutoSettingReadOnlyValue",
        "callLoggerAutoLogSettingHidden",
        "callLoggerHideEditLogButton",
    ],
    &["callLogPageInputChangedEventPath"],
    &["callLogEntityMatcherPath"],
    &[
        "messageLoggerPath",
        "messageLoggerTitle",
        "attachmentWithToken",
        "messageLoggerAutoSettingLabel",
        "messageLoggerAutoSettingDescription",
        "messageLoggerAutoSettingReadOnly",
        "messageLoggerAutoSettingReadOnlyReason",
        "messageLoggerAutoSettingReadOnlyValue",
        "messageLoggerAutoSettingHidden",
    ],
    &["messagesLogPageInputChangedEventPath"],
    &["messageLogEntityMatcherPath"],
    &["feedbackPath"],
    &["settingsPath"],
    &["vcardHandlerPath"],
    &["buttonEventPath", "buttons"],
    &["customizedPageInputChangedEventPath"],
    &["doNotContactPath"],
    &["banner"],
];

/// Keys of the logger step that are computed anew at every registration with the logger's path.
const RECOMPUTED: &[&str] = &[
    "recordingWithToken",
    "showLogModal",
    "attachmentWithToken",
    "callLoggerAutoSettingReadOnly",
    "callLoggerAutoLogSettingHidden",
    "callLoggerHideEditLogButton",
    "messageLoggerAutoSettingReadOnly",
    "messageLoggerAutoSettingHidden",
];

/// What a registration did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registered {
    /// It had no name; nothing happened.
    Ignored,
    /// It threw, and what came after was not read.
    Thrown(&'static str),
    /// All of it was taken.
    Taken,
}

/// The registered service.
#[derive(Debug, Clone, Default)]
pub struct Service {
    keys: Map<String, Value>,
    registered: bool,
    authorized: Option<bool>,
    contact_source: bool,
}

impl Service {
    /// Takes a registration.
    pub fn register(&mut self, service: &Value) -> Registered {
        let Some(name) = service
            .get("name")
            .and_then(Value::as_str)
            .filter(|it| !it.is_empty())
        else {
            return Registered::Ignored;
        };
        let same_name = self.name() == Some(name);
        self.keys.insert("name".to_owned(), Value::from(name));
        self.take(service, "displayName");
        let info = service.get("info").filter(|it| truthy(it)).cloned();
        self.keys
            .insert("info".to_owned(), info.unwrap_or_else(|| Value::from("")));
        for step in STEPS {
            let Some(first) = step
                .first()
                .filter(|it| service.get(it).is_some_and(truthy))
            else {
                continue;
            };
            // A pair: without its other half the widget reads none of it.
            if *first == "meetingInvitePath"
                && !service.get("meetingInviteTitle").is_some_and(truthy)
            {
                continue;
            }
            for key in *step {
                if RECOMPUTED.contains(key) {
                    self.keys.remove(*key);
                }
                self.take(service, key);
            }
            if *first == "contactsPath" {
                if self.contact_source && same_name {
                    return Registered::Thrown("sourceName already exists");
                }
                self.contact_source = true;
            }
            if *first == "settingsPath" {
                match service.get("settings").and_then(Value::as_array) {
                    Some(items) if !items.is_empty() => self.set_settings(items),
                    _ => {}
                }
            }
        }
        if service.get("authorizationPath").is_some_and(truthy) {
            let Some(authorized) = service.get("authorized").and_then(Value::as_bool) else {
                return Registered::Thrown("authorizationPath without a boolean authorized");
            };
            for key in [
                "authorizationPath",
                "authorizedTitle",
                "unauthorizedTitle",
                "authorizedAccount",
                "authorizationLogo",
                "showAuthRedDot",
                "licenseStatus",
                "licenseDescription",
            ] {
                self.take(service, key);
            }
            self.authorized = Some(authorized);
        }
        self.registered = true;
        Registered::Taken
    }

    fn take(&mut self, service: &Value, key: &str) {
        if let Some(value) = service.get(key) {
            self.keys.insert(key.to_owned(), value.clone());
        }
    }

    /// Keeps a settings tree; an item of the old form becomes a boolean, one without a name is dropped.
    pub fn set_settings(&mut self, items: &[Value]) {
        let kept = items.iter().filter_map(|item| {
            let name = item.get("name")?.as_str()?;
            if item.get("id").is_none() && item.get("type").is_none() {
                let value = item.get("value")?.as_bool()?;
                return Some(serde_json::json!({ "id": name, "name": name, "type": "boolean", "value": value }));
            }
            Some(item.clone())
        });
        let kept: Vec<Value> = kept.collect();
        self.keys.insert("settings".to_owned(), Value::from(kept));
    }

    /// Turns a boolean of the settings; returns the tree and the item as they are now.
    pub fn turn_setting(&mut self, id: &str, value: bool) -> Option<(Value, Value)> {
        let settings = self.keys.get_mut("settings")?;
        let item = find_item(settings.as_array_mut()?, id)?;
        put(item, "value", value);
        let item = item.clone();
        Some((settings.clone(), item))
    }

    /// Takes an authorization status; returns whether the widget took it at all.
    ///
    /// Without `authorizedAccount` the widget throws inside and nothing changes.
    pub fn authorize(&mut self, message: &Value) -> Result<bool, &'static str> {
        if self.authorized.is_none() {
            return Err("authorization status before an authorization state exists");
        }
        let account = message
            .get("authorizedAccount")
            .ok_or("authorization status without authorizedAccount")?;
        let authorized = message.get("authorized").is_some_and(truthy);
        self.keys
            .insert("authorizedAccount".to_owned(), account.clone());
        let changed = self.authorized != Some(authorized);
        self.authorized = Some(authorized);
        Ok(changed)
    }

    /// The internal name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.text("name")
    }

    /// Returns a key that is a non-empty text.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.keys.get(key)?.as_str().filter(|it| !it.is_empty())
    }

    /// Returns a key as it came.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.keys.get(key)
    }

    /// Returns whether a key is there and neither false, 0, null nor empty.
    #[must_use]
    pub fn is(&self, key: &str) -> bool {
        self.keys.get(key).is_some_and(truthy)
    }

    /// Returns whether a registration came to its end.
    #[must_use]
    pub const fn is_registered(&self) -> bool {
        self.registered
    }

    /// Returns whether the gated paths may be asked: without an authorization path the service counts as authorized.
    #[must_use]
    pub fn is_authorized(&self) -> bool {
        self.registered && self.authorized.unwrap_or(true)
    }

    /// The authorization state, if one was registered.
    #[must_use]
    pub const fn authorized(&self) -> Option<bool> {
        self.authorized
    }

    /// After how long a stored match is deleted, and after how long it is asked again.
    #[must_use]
    pub fn match_times(&self) -> (Duration, Duration) {
        let millis = |key: &str, default: u64| {
            let given = self.keys.get(key).and_then(Value::as_u64);
            Duration::from_millis(given.filter(|it| *it > 0).unwrap_or(default))
        };
        (
            millis("contactMatchTtl", 7_200_000),
            millis("contactNoMatchTtl", 300_000),
        )
    }

    /// Replaces the license line.
    pub fn set_license(&mut self, message: &Value) {
        for key in ["licenseStatus", "licenseDescription"] {
            self.take(message, key);
        }
    }
}

fn find_item<'a>(items: &'a mut [Value], id: &str) -> Option<&'a mut Value> {
    for item in items {
        if item.get("id").and_then(Value::as_str) == Some(id) {
            return Some(item);
        }
        if item.get("type").and_then(Value::as_str) == Some("group")
            && let Some(inner) = item.get_mut("items").and_then(Value::as_array_mut)
            && let Some(found) = find_item(inner, id)
        {
            return Some(found);
        }
    }
    None
}

/// Returns what JavaScript's `if` would say.
#[must_use]
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(it) => *it,
        Value::Number(it) => it.as_f64() != Some(0.0),
        Value::String(it) => !it.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}
