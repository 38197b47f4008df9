//! RingCentral's words: the messages between a service and the widget.
//!
//! The names and shapes are the widget's, which is why they are not ours to choose.
//! What comes in is read field by field and never trusted to be complete: a field that is missing or
//! of another type counts as absent, for a call must be logged whatever else is odd about it.
//! Source: RingCentral Embeddable 2.3.1, its documentation and its recorded messages.

use serde_json::{Value, json};

use super::stored::{Contact, Direction, Millis, Stage};

/// The name of our service; the `type` of every contact we give.
pub const SERVICE_NAME: &str = "Switchboard";

/// What the ids of our own requests to the widget begin with: its adapter asks too.
pub const OWN_REQUEST: &str = "switchboard:";

/// Types of messages.
pub mod types {
    /// The widget asks, and waits for an answer.
    pub const REQUEST: &str = "rc-post-message-request";
    /// Our answer.
    pub const RESPONSE: &str = "rc-post-message-response";
    /// We ask, and the widget may answer.
    pub const HOST_REQUEST: &str = "rc-adapter-message-request";
    /// Registers a service.
    pub const REGISTER: &str = "rc-adapter-register-third-party-service";
    /// Sent once per boot of the widget.
    pub const ADAPTER_STATE: &str = "rc-adapter-pushAdapterState";
    /// Sent at boot, at sign-in and at sign-out.
    pub const LOGIN_STATUS: &str = "rc-login-status-notify";
    /// Whether its dialer is there to take a number; said at boot and after a sign-in.
    pub const DIALER_STATUS: &str = "rc-dialer-status-notify";
    /// Its language, at boot.
    pub const LOCALE: &str = "rc-adapter-pushLocale";
    /// The widget answers a request of ours.
    pub const HOST_RESPONSE: &str = "rc-adapter-message-response";
    /// The call history has been loaded, or loaded again.
    pub const HISTORY_SYNCED: &str = "rc-call-history-synced-notify";
    /// The switch for logging calls.
    pub const CALL_AUTO_LOG: &str = "rc-callLogger-auto-log-notify";
    /// The switch for logging messages.
    pub const MESSAGE_AUTO_LOG: &str = "rc-messageLogger-auto-log-notify";
    /// Sets both switches.
    pub const SET_AUTO_LOG: &str = "rc-adapter-update-auto-log-settings";
    /// Presence of the user and of the line.
    pub const PRESENCE: &str = "rc-adapter-syncPresence";
    /// Asks for the contacts list again.
    pub const SYNC_CONTACTS: &str = "rc-adapter-sync-third-party-contacts";
    /// Asks for matches of numbers again.
    pub const TRIGGER_MATCH: &str = "rc-adapter-trigger-contact-match";
    /// Asks which calls are logged again.
    pub const TRIGGER_LOGGED: &str = "rc-adapter-trigger-call-logger-match";
    /// Says whether the user consents; `authorizedAccount` must always be a text.
    pub const AUTHORIZATION: &str = "rc-adapter-update-authorization-status";
    /// Replaces our settings in the widget.
    pub const SETTINGS: &str = "rc-adapter-update-third-party-settings";
    /// Replaces the form on the widget's page for logging a call.
    pub const CALL_LOG_PAGE: &str = "rc-adapter-update-call-log-page";
    /// Replaces the form on its page for logging messages.
    pub const MESSAGES_LOG_PAGE: &str = "rc-adapter-update-messages-log-page";
    /// Shows a page of the widget.
    pub const NAVIGATE: &str = "rc-adapter-navigate-to";
    /// Chooses one of several contacts of a call.
    pub const SELECT_CONTACT: &str = "rc-adapter-set-call-contact-matches-select";
    /// Shows a banner.
    pub const BANNER: &str = "rc-adapter-update-customized-banner";
    /// Calls a number.
    pub const NEW_CALL: &str = "rc-adapter-new-call";
    /// Begins a text message.
    pub const NEW_SMS: &str = "rc-adapter-new-sms";
    /// A call in the browser rings.
    pub const CALL_RING: &str = "rc-call-ring-notify";
    /// A call in the browser is being made.
    pub const CALL_INIT: &str = "rc-call-init-notify";
    /// A call in the browser is connected.
    pub const CALL_START: &str = "rc-call-start-notify";
    /// A call in the browser is over.
    pub const CALL_END: &str = "rc-call-end-notify";
    /// A call on any device has changed.
    pub const ACTIVE_CALL: &str = "rc-active-call-notify";
}

/// The paths we register.
pub mod paths {
    /// The contacts list.
    pub const CONTACTS: &str = "/contacts";
    /// Search in the dialer.
    pub const SEARCH: &str = "/contacts/search";
    /// Names for numbers.
    pub const MATCH: &str = "/contacts/match";
    /// "View contact details".
    pub const VIEW: &str = "/contacts/view";
    /// The activities of a contact.
    pub const ACTIVITIES: &str = "/activities";
    /// A click on one of them.
    pub const ACTIVITY: &str = "/activity";
    /// A call to be logged.
    pub const CALL_LOG: &str = "/callLogger";
    /// Which calls are logged.
    pub const CALL_LOGGED: &str = "/callLogger/match";
    /// The form of a call was changed.
    pub const CALL_FORM: &str = "/callLogger/inputChanged";
    /// Messages to be logged.
    pub const MESSAGE_LOG: &str = "/messageLogger";
    /// Which days of messages are logged.
    pub const MESSAGE_LOGGED: &str = "/messageLogger/match";
    /// The form of a conversation was changed.
    pub const MESSAGE_FORM: &str = "/messageLogger/inputChanged";
    /// A meeting was scheduled.
    pub const MEETING_INVITE: &str = "/meeting/invite";
    /// The meetings to come.
    pub const MEETINGS: &str = "/meeting/upcoming";
    /// A meeting to be logged.
    pub const MEETING_LOG: &str = "/meetingLogger";
    /// A conference was set up (widgets up to 1.8.8).
    pub const CONFERENCE_INVITE: &str = "/conference/invite";
    /// The button that gives and withdraws consent.
    pub const AUTHORIZE: &str = "/authorize";
    /// Our settings were changed in the widget.
    pub const SETTINGS: &str = "/settings";
    /// May this contact be called or written to?
    pub const DO_NOT_CONTACT: &str = "/doNotContact";
    /// Any button of ours was pressed.
    pub const BUTTON: &str = "/button";
}

/// How long the widget waits for the answer to a request, in milliseconds.
///
/// What it does then is bad for the user (numbers cached as unknown, endless spinners), so an answer is
/// given before. Unknown paths get the shortest limit there is.
pub fn limit_ms(path: &str) -> u32 {
    match path {
        paths::CONTACTS => 60_000,
        paths::SEARCH | paths::MATCH | paths::CALL_LOGGED | paths::MESSAGE_LOGGED => 30_000,
        paths::CALL_LOG | paths::MESSAGE_LOG => 15_000,
        paths::MEETING_LOG => 6_000,
        _ => 3_000,
    }
}

/// The `data`, as JSON, of the answer that does least harm when the worker cannot be reached in time.
pub fn empty_data(path: &str) -> &'static str {
    match path {
        paths::CONTACTS | paths::SEARCH | paths::ACTIVITIES | paths::MEETINGS => "[]",
        paths::MATCH | paths::CALL_LOGGED | paths::MESSAGE_LOGGED => "{}",
        _ => "null",
    }
}

/// A request of the widget.
#[derive(Clone, Debug, PartialEq)]
pub struct WidgetRequest<'a> {
    /// To be repeated in the answer.
    pub id: &'a str,
    /// A path we registered, or some other.
    pub path: &'a str,
    /// What it asks; `Null` where the widget sent `undefined`.
    pub body: &'a Value,
}

impl<'a> WidgetRequest<'a> {
    /// Reads a message; `None` if it is not a request.
    pub fn of(message: &'a Value) -> Option<Self> {
        const NOTHING: &Value = &Value::Null;
        if type_of(message) != types::REQUEST {
            return None;
        }
        Some(Self {
            id: message.get("requestId")?.as_str()?,
            path: message.get("path")?.as_str()?,
            body: message.get("body").unwrap_or(NOTHING),
        })
    }

    /// The message that answers it.
    pub fn answer(&self, response: &Value) -> Value {
        json!({ "type": types::RESPONSE, "responseId": self.id, "response": response })
    }
}

/// Returns the type of a message; empty if it has none.
pub fn type_of(message: &Value) -> &str {
    text(message, "type")
}

/// Returns a text field; empty if there is none.
pub fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// A contact as the widget wants it.
///
/// `phoneNumbers` is always an array and each number always has a type: without either the widget's
/// pages break.
pub fn contact(contact: &Contact) -> Value {
    let numbers: Vec<Value> = contact
        .phones
        .iter()
        .map(|phone| json!({ "phoneNumber": phone_number(phone), "phoneType": phone.kind }))
        .collect();
    let mut out = json!({
        "id": contact.id,
        "type": SERVICE_NAME,
        "name": contact.name,
        "phoneNumbers": numbers,
        "emails": contact.emails,
    });
    if let Some(fields) = out.as_object_mut() {
        for (name, value) in [
            ("company", &contact.company),
            ("jobTitle", &contact.job_title),
            ("profileImageUrl", &contact.avatar),
        ] {
            if let Some(value) = value {
                fields.insert(name.to_owned(), json!(value));
            }
        }
        if contact.deleted {
            fields.insert("deleted".to_owned(), json!(true));
        }
    }
    out
}

/// A number as the widget writes it: E.164, with `*` before an extension; as on the page if it cannot
/// be understood.
pub fn phone_number(phone: &super::stored::Phone) -> String {
    match &phone.e164 {
        Some(e164) => with_extension(e164, phone.extension.as_deref()),
        None => phone.raw.clone(),
    }
}

/// A number in E.164 with its extension, as the widget writes it.
pub fn with_extension(e164: &str, extension: Option<&str>) -> String {
    match extension {
        Some(extension) => format!("{e164}*{extension}"),
        None => e164.to_owned(),
    }
}

/// A call of a log request, read leniently from either of its two forms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// The key of everything.
    pub session_id: String,
    /// The key of phone events.
    pub telephony_session_id: Option<String>,
    /// When it began.
    pub started_at: Option<Millis>,
    /// How long it has lasted, in seconds.
    pub duration_s: Option<u32>,
    /// Which way it went.
    pub direction: Direction,
    /// How far it has come.
    pub stage: Stage,
    /// The widget's word for its state.
    pub result: String,
    /// The other side's number.
    pub number: String,
    /// The other side's name, from the phone network.
    pub caller_name: String,
    /// The recording.
    pub recording: Option<super::stored::Recording>,
}

impl Call {
    /// Reads the `call` of a log request; `None` without a session id, for nothing could be done with it.
    pub fn of(call: &Value) -> Option<Self> {
        let session_id = id_text(call.get("sessionId")?)?;
        let direction = if text(call, "direction") == "Outbound" {
            Direction::Outbound
        } else {
            Direction::Inbound
        };
        let (side, name) = match direction {
            Direction::Inbound => ("from", "fromName"),
            Direction::Outbound => ("to", "toName"),
        };
        let party = call.get(side).unwrap_or(&Value::Null);
        let number = match text(party, "phoneNumber") {
            "" => text(party, "extensionNumber"),
            number => number,
        };
        let caller_name = match text(call, name) {
            "" => text(party, "name"),
            name => name,
        };
        let result = match text(call, "result") {
            "" => text(call, "telephonyStatus"),
            result => result,
        };
        Some(Self {
            session_id,
            telephony_session_id: call.get("telephonySessionId").and_then(id_text),
            started_at: call.get("startTime").and_then(Value::as_i64),
            duration_s: call
                .get("duration")
                .and_then(Value::as_f64)
                .and_then(whole_seconds),
            direction,
            stage: stage_of(call, result),
            result: result.to_owned(),
            number: number.to_owned(),
            caller_name: caller_name.to_owned(),
            recording: call.get("recording").and_then(recording_of),
        })
    }
}

/// The two forms are told apart by `action`, which only the server's record has.
fn stage_of(call: &Value, result: &str) -> Stage {
    if call.get("action").is_some() {
        return Stage::Recorded;
    }
    match result {
        "Ringing" | "Setup" | "Proceeding" | "" => Stage::Ringing,
        "Disconnected" | "Finished" | "NoCall" => Stage::Ended,
        _ => Stage::Connected,
    }
}

fn recording_of(recording: &Value) -> Option<super::stored::Recording> {
    let field = |name| match text(recording, name) {
        "" => None,
        value => Some(without_token(value)),
    };
    Some(super::stored::Recording {
        id: recording.get("id").and_then(id_text)?,
        link: field("link"),
        content_uri: field("contentUri"),
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is checked on the same line"
)]
fn whole_seconds(seconds: f64) -> Option<u32> {
    (0.0..=f64::from(u32::MAX))
        .contains(&seconds)
        .then_some(seconds as u32)
}

/// Returns an id as a text; RingCentral writes some as numbers.
pub fn id_text(value: &Value) -> Option<String> {
    match value {
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// Returns the payload as it may be kept: no access token in any address, nothing of the SIP session.
pub fn without_tokens(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(without_token(text)),
        Value::Array(items) => Value::Array(items.iter().map(without_tokens).collect()),
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .filter(|(name, _)| !is_secret(name))
                .map(|(name, value)| (name.clone(), without_tokens(value)))
                .collect(),
        ),
        other => other.clone(),
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "sipdata" || name == "webphonesession" || name.ends_with("token")
}

/// Cuts `access_token=…` (plain or percent-encoded) out of an address.
pub fn without_token(text: &str) -> String {
    const NAME: &str = "access_token";
    let mut rest = text;
    let mut out = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once(NAME) {
        out.push_str(before);
        let value_ends = if after.starts_with("%3D") || after.starts_with("%3d") {
            after.find("%26").or_else(|| after.find('&'))
        } else {
            after.find(['&', '#', '"', ' '])
        };
        rest = value_ends
            .and_then(|end| after.get(end..))
            .unwrap_or_default();
        // What joined the token to the address goes with it.
        for joint in ["?", "&", "%3F", "%26", "%3f"] {
            if let Some(shorter) = out.strip_suffix(joint) {
                let keep = shorter.len();
                let next_is_field = rest.starts_with('&') || rest.starts_with("%26");
                if next_is_field {
                    // The next field takes the token's place behind the same joint.
                    rest = rest
                        .strip_prefix("%26")
                        .or_else(|| rest.strip_prefix('&'))
                        .unwrap_or(rest);
                } else {
                    out.truncate(keep);
                }
                break;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The contact id of an entity that is one of ours; the widget also sends RingCentral's own people.
pub fn our_entity_id(entity: &Value) -> Option<&str> {
    if text(entity, "type") != SERVICE_NAME {
        return None;
    }
    match text(entity, "id") {
        "" => None,
        id => Some(id),
    }
}

#[cfg(test)]
mod tests {
    use super::{limit_ms, paths, without_token, without_tokens};
    use serde_json::json;

    #[test]
    fn a_token_is_cut_out_wherever_it_stands() {
        for (with, without) in [
            (
                "https://m/1/content?access_token=abc",
                "https://m/1/content",
            ),
            ("https://m/1?a=1&access_token=abc", "https://m/1?a=1"),
            ("https://m/1?access_token=abc&b=2", "https://m/1?b=2"),
            ("https://m/1?access_token=abc#t", "https://m/1#t"),
            (
                "https://r/?media=https%3A%2F%2Fm%2F1%3Faccess_token%3Dabc",
                "https://r/?media=https%3A%2F%2Fm%2F1",
            ),
            ("no token here", "no token here"),
        ] {
            assert_eq!(without_token(with), without);
        }
    }

    #[test]
    fn secrets_are_dropped_at_any_depth() {
        let kept = without_tokens(&json!({
            "call": { "sipData": { "toTag": "t" }, "webphoneSession": {}, "id": "1" },
            "list": [{ "accessToken": "x", "uri": "https://m/2?access_token=y" }],
        }));
        assert_eq!(
            kept,
            json!({ "call": { "id": "1" }, "list": [{ "uri": "https://m/2" }] })
        );
    }

    #[test]
    fn an_unknown_path_gets_the_shortest_limit() {
        assert_eq!(limit_ms("/something/new"), 3_000);
        assert_eq!(limit_ms(paths::CALL_LOG), 15_000);
    }
}
