//! What a frame page, or a page agent with the page adapter, makes of the widget's messages.
//!
//! It checks nothing but meaning: that a message really came from the widget (its window and its origin)
//! is checked before. It answers nothing itself: requests go to the worker.

use crate::protocol::runtime::FrameToAgent;
use crate::protocol::widget::{OWN_REQUEST, types};

/// The words of a message that the relay needs; empty where the message has none, or something else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// `type`.
    pub kind: String,
    /// `requestId`.
    pub request_id: String,
    /// `responseId`.
    pub response_id: String,
    /// `path`.
    pub path: String,
    /// `call.id`.
    pub call_id: String,
    /// `call.direction`.
    pub call_direction: String,
    /// `call.telephonyStatus`.
    pub call_status: String,
    /// `telephonyStatus`.
    pub telephony_status: String,
    /// `userStatus`.
    pub user_status: String,
    /// `dndStatus`.
    pub dnd_status: String,
    /// `ready`; "true" or "false".
    pub ready: String,
}

impl Words {
    /// Reads them; `field` returns the text at a path of fields, "true" or "false" for what is true or
    /// false, empty if there is neither.
    pub fn read(mut field: impl FnMut(&[&str]) -> String) -> Self {
        Self {
            kind: field(&["type"]),
            request_id: field(&["requestId"]),
            response_id: field(&["responseId"]),
            path: field(&["path"]),
            call_id: field(&["call", "id"]),
            call_direction: field(&["call", "direction"]),
            call_status: field(&["call", "telephonyStatus"]),
            telephony_status: field(&["telephonyStatus"]),
            user_status: field(&["userStatus"]),
            dnd_status: field(&["dndStatus"]),
            ready: field(&["ready"]),
        }
    }

    /// Whether the widget waits for an answer.
    pub fn is_request(&self) -> bool {
        self.kind == types::REQUEST && !self.request_id.is_empty() && !self.path.is_empty()
    }

    /// Whether the widget answers us; its own adapter asks it too.
    fn answers_us(&self) -> bool {
        self.response_id.starts_with(OWN_REQUEST)
    }
}

/// What is to be done about a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RelayEffect {
    /// Tell the worker the message, and post to the widget what it answers.
    Tell {
        /// Whether the widget can hear a registration from now on.
        boot: bool,
    },
    /// Show this presence.
    Presence(Presence),
    /// Tell the page agent.
    Agent(FrameToAgent),
}

/// What the header shows of the user and the line, the most pressing thing first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Presence {
    /// Somebody is calling.
    Ringing,
    /// In a call.
    OnCall,
    /// Does not take calls.
    DoNotDisturb,
    /// Busy by choice.
    Busy,
    /// Signed in and free.
    Available,
    /// Not signed in, or not to be seen.
    #[default]
    Offline,
}

impl Presence {
    /// The name that the look of the header goes by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ringing => "ring",
            Self::OnCall => "call",
            Self::DoNotDisturb => "dnd",
            Self::Busy => "busy",
            Self::Available => "available",
            Self::Offline => "offline",
        }
    }

    /// The key of its text.
    pub fn text_key(self) -> &'static str {
        match self {
            Self::Ringing => "presence_ring",
            Self::OnCall => "presence_call",
            Self::DoNotDisturb => "presence_dnd",
            Self::Busy => "presence_busy",
            Self::Available => "presence_available",
            Self::Offline => "presence_offline",
        }
    }
}

/// The state of one widget, from one boot to the next.
#[derive(Clone, Debug, Default)]
pub struct Relay {
    registered: bool,
    history_told: bool,
    browser_calls: Vec<String>,
    /// What the page agent was told of it: the line, the user, and whether calls are taken.
    presence: [String; 3],
}

impl Relay {
    /// Returns what is to be done about a message of the widget.
    pub fn hear(&mut self, words: &Words) -> Vec<RelayEffect> {
        const TELL: RelayEffect = RelayEffect::Tell { boot: false };
        match words.kind.as_str() {
            types::REQUEST if words.is_request() => vec![TELL],
            types::HOST_RESPONSE if words.answers_us() => vec![TELL],
            types::ADAPTER_STATE => self.boot(),
            types::LOGIN_STATUS => self.login_status(),
            types::HISTORY_SYNCED => self.history_synced(),
            types::LOCALE | types::CALL_AUTO_LOG | types::MESSAGE_AUTO_LOG => vec![TELL],
            // A number that waits for the widget is dialled then.
            types::DIALER_STATUS if words.ready == "true" => vec![TELL],
            types::PRESENCE => self.presence(words),
            types::ACTIVE_CALL => ringing(words).into_iter().chain([TELL]).collect(),
            // A call that only rings is none yet: leaving the page then loses no conversation.
            types::CALL_RING => vec![RelayEffect::Agent(FrameToAgent::Ring)],
            types::CALL_INIT | types::CALL_START => self.browser_call(&words.call_id, true),
            types::CALL_END => self.browser_call(&words.call_id, false),
            _ => Vec::new(),
        }
    }

    /// The widget has (re)started: nothing of ours is registered, and its browser calls are gone.
    fn boot(&mut self) -> Vec<RelayEffect> {
        self.registered = false;
        self.history_told = false;
        let had_calls = !self.browser_calls.is_empty();
        self.browser_calls.clear();
        if had_calls {
            vec![RelayEffect::Agent(FrameToAgent::BrowserCall { on: false })]
        } else {
            Vec::new()
        }
    }

    /// The first of these after a boot, whatever it says, means that a registration will be heard.
    fn login_status(&mut self) -> Vec<RelayEffect> {
        let boot = !self.registered;
        self.registered = true;
        self.history_told = false;
        vec![RelayEffect::Tell { boot }]
    }

    /// Every call brings one of these; what nobody logged while away is known after the first one that
    /// follows a sign-in. Here and not in the worker, where messages overtake each other.
    fn history_synced(&mut self) -> Vec<RelayEffect> {
        if std::mem::replace(&mut self.history_told, true) {
            Vec::new()
        } else {
            vec![RelayEffect::Tell { boot: false }]
        }
    }

    /// The widget repeats itself; the page agent is told what is new.
    fn presence(&mut self, words: &Words) -> Vec<RelayEffect> {
        let mut effects = vec![RelayEffect::Presence(presence_of(words))];
        let told = [
            &words.telephony_status,
            &words.user_status,
            &words.dnd_status,
        ];
        if told != self.presence.each_ref() {
            self.presence = told.map(Clone::clone);
            effects.push(RelayEffect::Agent(FrameToAgent::Presence {
                telephony: words.telephony_status.clone(),
                user: words.user_status.clone(),
                dnd: words.dnd_status.clone(),
            }));
        }
        effects
    }

    /// Leaving the page ends a call that runs in the browser; only the first and the last change matter.
    fn browser_call(&mut self, id: &str, on: bool) -> Vec<RelayEffect> {
        let before = self.browser_calls.is_empty();
        self.browser_calls.retain(|known| known != id);
        if on {
            self.browser_calls.push(id.to_owned());
        }
        if before == self.browser_calls.is_empty() {
            Vec::new()
        } else {
            vec![RelayEffect::Agent(FrameToAgent::BrowserCall { on })]
        }
    }
}

/// A call on any of the user's devices rings here too.
fn ringing(words: &Words) -> Option<RelayEffect> {
    let rings = words.call_status == "Ringing" && words.call_direction == "Inbound";
    rings.then_some(RelayEffect::Agent(FrameToAgent::Ring))
}

fn presence_of(words: &Words) -> Presence {
    match words.telephony_status.as_str() {
        "Ringing" => return Presence::Ringing,
        "CallConnected" | "OnHold" | "ParkedCall" => return Presence::OnCall,
        _ => {}
    }
    if words.dnd_status == "DoNotAcceptAnyCalls" {
        return Presence::DoNotDisturb;
    }
    match words.user_status.as_str() {
        "Available" => Presence::Available,
        "Busy" => Presence::Busy,
        _ => Presence::Offline,
    }
}

#[cfg(test)]
mod tests {
    use super::{Presence, Relay, RelayEffect, Words};
    use crate::protocol::runtime::FrameToAgent;
    use serde_json::{Value, json};

    fn hear(relay: &mut Relay, message: &Value) -> Vec<RelayEffect> {
        let words = Words::read(|path| {
            let found = path
                .iter()
                .try_fold(message, |value, field| value.get(field));
            match found {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Bool(on)) => on.to_string(),
                _ => String::new(),
            }
        });
        relay.hear(&words)
    }

    fn boots(effects: &[RelayEffect]) -> bool {
        matches!(effects, [RelayEffect::Tell { boot: true, .. }])
    }

    #[test]
    fn a_service_is_registered_once_per_boot_at_the_first_login_status() {
        let mut relay = Relay::default();
        let state = json!({ "type": "rc-adapter-pushAdapterState" });
        let login = json!({ "type": "rc-login-status-notify", "loggedIn": false });
        assert!(hear(&mut relay, &state).is_empty());
        assert!(boots(&hear(&mut relay, &login)));
        assert!(!boots(&hear(&mut relay, &login)));
        hear(&mut relay, &state);
        assert!(boots(&hear(&mut relay, &login)));
    }

    #[test]
    fn the_history_is_told_of_once_after_each_login_status() {
        let mut relay = Relay::default();
        let login = json!({ "type": "rc-login-status-notify", "loggedIn": true });
        let synced = json!({ "type": "rc-call-history-synced-notify" });
        let told = [RelayEffect::Tell { boot: false }];
        for _ in 0..2 {
            hear(&mut relay, &login);
            assert_eq!(hear(&mut relay, &synced), told);
            assert_eq!(hear(&mut relay, &synced), []);
        }
    }

    #[test]
    fn a_browser_call_is_told_when_the_first_begins_and_the_last_ends() {
        let mut relay = Relay::default();
        let say = |kind: &str, id: &str| json!({ "type": kind, "call": { "id": id } });
        let told = |on| RelayEffect::Agent(FrameToAgent::BrowserCall { on });
        assert_eq!(
            hear(&mut relay, &say("rc-call-init-notify", "a")),
            [told(true)]
        );
        assert_eq!(hear(&mut relay, &say("rc-call-start-notify", "a")), []);
        assert_eq!(hear(&mut relay, &say("rc-call-init-notify", "b")), []);
        assert_eq!(hear(&mut relay, &say("rc-call-end-notify", "a")), []);
        assert_eq!(
            hear(&mut relay, &say("rc-call-end-notify", "b")),
            [told(false)]
        );
    }

    #[test]
    fn a_call_that_only_rings_shows_the_panel_and_warns_of_nothing() {
        let mut relay = Relay::default();
        let ring = json!({ "type": "rc-call-ring-notify", "call": { "id": "a" } });
        assert_eq!(
            hear(&mut relay, &ring),
            [RelayEffect::Agent(FrameToAgent::Ring)]
        );
    }

    #[test]
    fn a_reboot_ends_the_browser_calls_of_the_widget_that_was() {
        let mut relay = Relay::default();
        hear(
            &mut relay,
            &json!({ "type": "rc-call-start-notify", "call": { "id": "a" } }),
        );
        assert_eq!(
            hear(
                &mut relay,
                &json!({ "type": "rc-adapter-pushAdapterState" })
            ),
            [RelayEffect::Agent(FrameToAgent::BrowserCall { on: false })]
        );
    }

    #[test]
    fn a_ring_is_more_pressing_than_any_status() {
        let mut relay = Relay::default();
        for (telephony, user, dnd, shown) in [
            ("Ringing", "Available", "TakeAllCalls", Presence::Ringing),
            ("NoCall", "Available", "TakeAllCalls", Presence::Available),
            (
                "NoCall",
                "Available",
                "DoNotAcceptAnyCalls",
                Presence::DoNotDisturb,
            ),
            ("OnHold", "Busy", "TakeAllCalls", Presence::OnCall),
            ("", "", "", Presence::Offline),
        ] {
            let message = json!({
                "type": "rc-adapter-syncPresence",
                "telephonyStatus": telephony, "userStatus": user, "dndStatus": dnd,
            });
            assert_eq!(
                hear(&mut relay, &message).first(),
                Some(&RelayEffect::Presence(shown))
            );
        }
    }

    #[test]
    fn the_page_agent_hears_of_a_presence_that_is_new() {
        let mut relay = Relay::default();
        let says = |telephony: &str, user: &str| {
            json!({
                "type": "rc-adapter-syncPresence",
                "telephonyStatus": telephony, "userStatus": user, "dndStatus": "TakeAllCalls",
            })
        };
        let told = |effects: &[RelayEffect]| {
            effects.iter().any(|it| {
                matches!(it, RelayEffect::Agent(FrameToAgent::Presence { dnd, .. }) if dnd == "TakeAllCalls")
            })
        };
        assert!(told(&hear(&mut relay, &says("NoCall", "Available"))));
        assert!(!told(&hear(&mut relay, &says("NoCall", "Available"))));
        // The header shows the same for both, a page's own script may not.
        assert!(told(&hear(&mut relay, &says("CallConnected", "Available"))));
        assert!(told(&hear(&mut relay, &says("OnHold", "Available"))));
    }

    #[test]
    fn the_worker_hears_when_the_dialer_is_ready_and_not_when_it_is_not() {
        let says = |ready| json!({ "type": "rc-dialer-status-notify", "ready": ready });
        let told = [RelayEffect::Tell { boot: false }];
        assert_eq!(hear(&mut Relay::default(), &says(true)), told);
        assert_eq!(hear(&mut Relay::default(), &says(false)), []);
    }

    #[test]
    fn the_worker_hears_what_it_acts_on() {
        for message in [
            json!({ "type": "rc-post-message-request", "requestId": "1", "path": "/contacts" }),
            json!({ "type": "rc-adapter-pushLocale", "locale": "en-US" }),
            json!({ "type": "rc-callLogger-auto-log-notify", "autoLog": true }),
            json!({ "type": "rc-messageLogger-auto-log-notify", "autoLog": true }),
            json!({ "type": "rc-call-history-synced-notify" }),
            json!({ "type": "rc-adapter-message-response", "responseId": "switchboard:alert:1" }),
            json!({ "type": "rc-active-call-notify", "call": { "telephonyStatus": "CallConnected" } }),
        ] {
            let told = [RelayEffect::Tell { boot: false }];
            assert_eq!(hear(&mut Relay::default(), &message), told, "{message}");
        }
    }

    #[test]
    fn a_call_that_rings_on_any_device_is_shown_and_told() {
        let ring = json!({
            "type": "rc-active-call-notify",
            "call": { "telephonyStatus": "Ringing", "direction": "Inbound" },
        });
        assert_eq!(
            hear(&mut Relay::default(), &ring),
            [
                RelayEffect::Agent(FrameToAgent::Ring),
                RelayEffect::Tell { boot: false }
            ]
        );
    }

    #[test]
    fn what_is_no_message_of_the_widget_does_nothing() {
        let mut relay = Relay::default();
        for odd in [
            json!(null),
            json!("rc-post-message-request"),
            json!({ "type": 7 }),
            json!({ "type": "rc-post-message-request", "path": "/contacts" }),
            json!({ "type": "rc-route-changed-notify", "path": "/contacts" }),
            json!({ "type": "rc-adapter-message-response", "responseId": "rc-adapter:1" }),
        ] {
            assert!(hear(&mut relay, &odd).is_empty());
        }
    }
}
