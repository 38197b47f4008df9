//! What a frame page, or a page agent with the page adapter, makes of the widget's messages.
//!
//! It checks nothing but meaning: that a message really came from the widget (its window and its origin)
//! is checked before. It answers nothing itself: requests go to the worker.

use serde_json::Value;

use crate::protocol::runtime::FrameToAgent;
use crate::protocol::widget::{WidgetRequest, text, type_of, types};

/// What is to be done about a message.
#[derive(Clone, Debug, PartialEq)]
pub enum RelayEffect {
    /// Tell the worker, and post to the widget what it answers.
    Tell {
        /// The message.
        message: Value,
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
    browser_calls: Vec<String>,
}

impl Relay {
    /// Returns what is to be done about a message of the widget.
    pub fn hear(&mut self, message: Value) -> Vec<RelayEffect> {
        match type_of(&message) {
            types::REQUEST if WidgetRequest::of(&message).is_some() => {
                vec![RelayEffect::Tell {
                    message,
                    boot: false,
                }]
            }
            types::ADAPTER_STATE => self.boot(),
            types::LOGIN_STATUS => self.login_status(message),
            types::CALL_AUTO_LOG => vec![RelayEffect::Tell {
                message,
                boot: false,
            }],
            types::PRESENCE => vec![RelayEffect::Presence(presence_of(&message))],
            types::ACTIVE_CALL => ringing(&message),
            types::CALL_RING => {
                let mut effects = vec![RelayEffect::Agent(FrameToAgent::Ring)];
                effects.extend(self.browser_call(&message, true));
                effects
            }
            types::CALL_INIT | types::CALL_START => self.browser_call(&message, true),
            types::CALL_END => self.browser_call(&message, false),
            _ => Vec::new(),
        }
    }

    /// The widget has (re)started: nothing of ours is registered, and its browser calls are gone.
    fn boot(&mut self) -> Vec<RelayEffect> {
        self.registered = false;
        let had_calls = !self.browser_calls.is_empty();
        self.browser_calls.clear();
        if had_calls {
            vec![RelayEffect::Agent(FrameToAgent::BrowserCall { on: false })]
        } else {
            Vec::new()
        }
    }

    /// The first of these after a boot, whatever it says, means that a registration will be heard.
    fn login_status(&mut self, message: Value) -> Vec<RelayEffect> {
        let boot = !self.registered;
        self.registered = true;
        vec![RelayEffect::Tell { message, boot }]
    }

    /// Leaving the page ends a call that runs in the browser; only the first and the last change matter.
    fn browser_call(&mut self, message: &Value, on: bool) -> Vec<RelayEffect> {
        let id = message.get("call").map_or("", |call| text(call, "id"));
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
fn ringing(message: &Value) -> Vec<RelayEffect> {
    let call = message.get("call").unwrap_or(&Value::Null);
    let rings = text(call, "telephonyStatus") == "Ringing" && text(call, "direction") == "Inbound";
    if rings {
        vec![RelayEffect::Agent(FrameToAgent::Ring)]
    } else {
        Vec::new()
    }
}

fn presence_of(message: &Value) -> Presence {
    match text(message, "telephonyStatus") {
        "Ringing" => return Presence::Ringing,
        "CallConnected" | "OnHold" | "ParkedCall" => return Presence::OnCall,
        _ => {}
    }
    if text(message, "dndStatus") == "DoNotAcceptAnyCalls" {
        return Presence::DoNotDisturb;
    }
    match text(message, "userStatus") {
        "Available" => Presence::Available,
        "Busy" => Presence::Busy,
        _ => Presence::Offline,
    }
}

#[cfg(test)]
mod tests {
    use super::{Presence, Relay, RelayEffect};
    use crate::protocol::runtime::FrameToAgent;
    use serde_json::json;

    fn boots(effects: &[RelayEffect]) -> bool {
        matches!(effects, [RelayEffect::Tell { boot: true, .. }])
    }

    #[test]
    fn a_service_is_registered_once_per_boot_at_the_first_login_status() {
        let mut relay = Relay::default();
        let state = json!({ "type": "rc-adapter-pushAdapterState" });
        let login = json!({ "type": "rc-login-status-notify", "loggedIn": false });
        assert!(relay.hear(state.clone()).is_empty());
        assert!(boots(&relay.hear(login.clone())));
        assert!(!boots(&relay.hear(login.clone())));
        relay.hear(state);
        assert!(boots(&relay.hear(login)));
    }

    #[test]
    fn a_browser_call_is_told_when_the_first_begins_and_the_last_ends() {
        let mut relay = Relay::default();
        let say = |kind: &str, id: &str| json!({ "type": kind, "call": { "id": id } });
        let told = |on| RelayEffect::Agent(FrameToAgent::BrowserCall { on });
        assert_eq!(relay.hear(say("rc-call-init-notify", "a")), [told(true)]);
        assert_eq!(relay.hear(say("rc-call-start-notify", "a")), []);
        assert_eq!(relay.hear(say("rc-call-init-notify", "b")), []);
        assert_eq!(relay.hear(say("rc-call-end-notify", "a")), []);
        assert_eq!(relay.hear(say("rc-call-end-notify", "b")), [told(false)]);
    }

    #[test]
    fn a_reboot_ends_the_browser_calls_of_the_widget_that_was() {
        let mut relay = Relay::default();
        relay.hear(json!({ "type": "rc-call-start-notify", "call": { "id": "a" } }));
        assert_eq!(
            relay.hear(json!({ "type": "rc-adapter-pushAdapterState" })),
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
            assert_eq!(relay.hear(message), [RelayEffect::Presence(shown)]);
        }
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
        ] {
            assert!(relay.hear(odd).is_empty());
        }
    }
}
