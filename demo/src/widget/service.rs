//! The third-party service as the widget keeps it: one per page load, merged by every registration.

use std::time::Duration;

use serde_json::{Map, Value};

use super::settings;

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
    &["conferenceInvitePath", "conferenceInviteTitle"],
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
    &["buttonEventPath"],
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
    /// Takes a registration; what it drops with a word goes into `warnings`.
    pub fn register(&mut self, service: &Value, warnings: &mut Vec<String>) -> Registered {
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
            // Pairs: without its other half the widget reads none of it.
            let half = match *first {
                "meetingInvitePath" => Some("meetingInviteTitle"),
                "conferenceInvitePath" => Some("conferenceInviteTitle"),
                _ => None,
            };
            if half.is_some_and(|it| !service.get(it).is_some_and(truthy)) {
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
            let list = |key: &str| service.get(key).and_then(Value::as_array);
            match *first {
                "settingsPath" => {
                    let settings = list("settings").filter(|it| !it.is_empty());
                    warnings.extend(settings.map_or(Vec::new(), |it| self.set_settings(it)));
                }
                "buttonEventPath" => {
                    let buttons = list("buttons");
                    warnings.extend(buttons.map_or(Vec::new(), |it| self.set_buttons(it)));
                }
                _ => {}
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
                "licenseStatusColor",
                "licenseDescription",
            ] {
                self.take(service, key);
            }
            let logo = self.text("authorizationLogo").unwrap_or_default();
            if !(settings::is_web(logo) || logo.starts_with("data:image")) {
                self.keys.remove("authorizationLogo");
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

    /// Keeps the good items of a settings tree; returns a word on each that was dropped.
    pub fn set_settings(&mut self, items: &[Value]) -> Vec<String> {
        let (kept, dropped) = settings::checked(items);
        self.keys.insert("settings".to_owned(), Value::from(kept));
        dropped
    }

    /// The settings tree.
    #[must_use]
    pub fn settings(&self) -> &[Value] {
        let tree = self.keys.get("settings").and_then(Value::as_array);
        tree.map_or(&[], |it| it.as_slice())
    }

    /// Changes an item of the settings; returns the tree and the item as they are now.
    pub(super) fn change_setting(
        &mut self,
        id: &str,
        change: impl FnOnce(&mut Value),
    ) -> Option<(Value, Value)> {
        let settings = self.keys.get_mut("settings")?;
        let item = settings::find_mut(settings.as_array_mut()?, id)?;
        change(item);
        let item = item.clone();
        Some((settings.clone(), item))
    }

    /// The buttons that are good: the others lack an id, a type, a label or an icon.
    #[must_use]
    pub fn buttons(&self) -> &[Value] {
        let buttons = self.keys.get("buttons").and_then(Value::as_array);
        buttons.map_or(&[], |it| it.as_slice())
    }

    /// Keeps the buttons that are whole; returns a word on each that is not.
    fn set_buttons(&mut self, given: &[Value]) -> Vec<String> {
        let is_whole = |it: &&Value| {
            ["id", "type", "label", "icon"]
                .iter()
                .all(|key| it.get(*key).is_some_and(Value::is_string))
        };
        let (whole, broken): (Vec<&Value>, Vec<&Value>) = given.iter().partition(is_whole);
        let whole: Vec<Value> = whole.into_iter().cloned().collect();
        self.keys.insert("buttons".to_owned(), Value::from(whole));
        let broken = broken.into_iter();
        broken
            .map(|it| format!("the button {} was dropped", crate::json::text(it, "id")))
            .collect()
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
            .filter(|it| it.is_string())
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
        for key in ["licenseStatus", "licenseStatusColor", "licenseDescription"] {
            self.take(message, key);
        }
    }
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
