//! The two switches: whether calls and messages are logged by themselves.

use serde_json::{Value, json};

use super::Widget;

/// Which of the two loggers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Logger {
    /// Calls.
    Calls,
    /// Messages.
    Messages,
}

impl Logger {
    /// What its registration keys begin with.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Calls => "callLogger",
            Self::Messages => "messageLogger",
        }
    }

    /// The key of its path.
    pub(super) const fn path_key(self) -> &'static str {
        match self {
            Self::Calls => "callLoggerPath",
            Self::Messages => "messageLoggerPath",
        }
    }

    /// The key that hides its switch; the two differ.
    pub(super) const fn hidden_key(self) -> &'static str {
        match self {
            Self::Calls => "callLoggerAutoLogSettingHidden",
            Self::Messages => "messageLoggerAutoSettingHidden",
        }
    }

    /// The parameter that turns it on where nobody has chosen.
    const fn param(self) -> &'static str {
        match self {
            Self::Calls => "defaultAutoLogCallEnabled",
            Self::Messages => "defaultAutoLogMessageEnabled",
        }
    }

    const fn notification(self) -> &'static str {
        match self {
            Self::Calls => "rc-callLogger-auto-log-notify",
            Self::Messages => "rc-messageLogger-auto-log-notify",
        }
    }

    /// The label of its switch where the service gives none.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Calls => "Auto log calls",
            Self::Messages => "Auto log messages",
        }
    }

    /// The name of one of its registration keys: `callLogger` and `AutoSettingLabel`.
    pub(super) fn key(self, end: &str) -> String {
        format!("{}{end}", self.prefix())
    }
}

impl Widget {
    /// Returns whether calls are logged by themselves.
    pub fn auto_log(&self) -> bool {
        self.is_auto(Logger::Calls)
    }

    /// Returns whether messages are logged by themselves.
    pub fn auto_log_messages(&self) -> bool {
        self.is_auto(Logger::Messages)
    }

    /// Returns whether the user cannot turn a switch.
    pub fn is_auto_log_locked(&self, which: Logger) -> bool {
        self.state().service.is(&which.key("AutoSettingReadOnly"))
    }

    /// Turns the switch for logging calls, unless it is locked.
    pub fn set_auto_log(&self, on: bool) {
        if !self.is_auto_log_locked(Logger::Calls) {
            self.turn_auto_log(Some(on), None);
        }
    }

    /// Turns the switch for logging messages, unless it is locked.
    pub fn set_auto_log_messages(&self, on: bool) {
        if !self.is_auto_log_locked(Logger::Messages) {
            self.turn_auto_log(None, Some(on));
        }
    }

    pub(super) fn is_auto(&self, which: Logger) -> bool {
        {
            let state = self.state();
            if state.service.is(&which.key("AutoSettingReadOnly"))
                && let Some(forced) = state.forced.get(&which)
            {
                return *forced;
            }
        }
        let stored = self.partition.stored();
        let chosen = match which {
            Logger::Calls => stored.auto_log_calls,
            Logger::Messages => stored.auto_log_messages,
        };
        chosen.unwrap_or_else(|| self.facts.has_param(which.param()))
    }

    /// Takes the value of a read-only switch: at a sign-in and with the logger's first registration, not later.
    pub(super) fn force_auto_log(&self, which: Logger) {
        let mut state = self.state();
        let value = state.service.get(&which.key("AutoSettingReadOnlyValue"));
        match value.and_then(Value::as_bool) {
            Some(forced) => state.forced.insert(which, forced),
            None => state.forced.remove(&which),
        };
    }

    pub(super) fn tell_auto_log(&self, which: Logger) {
        self.tell(json!({ "type": which.notification(), "autoLog": self.is_auto(which) }));
    }

    /// Turns one or both switches; the choice is stored and told.
    pub(super) fn turn_auto_log(&self, calls: Option<bool>, messages: Option<bool>) {
        if let Some(on) = calls {
            self.partition.stored().auto_log_calls = Some(on);
            let told = {
                let state = self.state();
                state.logged_in && state.service.text("callLoggerPath").is_some()
            };
            if told {
                self.tell_auto_log(Logger::Calls);
            }
        }
        if let Some(on) = messages {
            self.partition.stored().auto_log_messages = Some(on);
            self.tell_auto_log(Logger::Messages);
        }
        self.draw();
    }
}
