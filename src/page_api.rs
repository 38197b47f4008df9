//! `window.RCAdapter` for a page's own scripts: what each of its methods asks of the panel or of the widget.
//!
//! The page is not trusted: a message to the widget is made of the documented fields alone, and each must
//! be of its type. What opens a line, sends something or hands a call to somebody needs the user's hand in
//! the page; what ends or silences does not.
//! Source of names and arguments: RingCentral Embeddable's own documentation, 2.3 and 3.0 beta.

use serde_json::{Map, Value, json};

use crate::agent::PageCommand;
use crate::protocol::stored::Adapter;
use crate::protocol::widget::{id_text, types};

/// The longest text that is taken, in bytes; an attachment's content is only bounded with all the rest.
const MOST_TEXT: usize = 10_000;
/// The longest number, in bytes.
const MOST_NUMBER: usize = 64;
/// The most attachments of a text message.
const MOST_ATTACHMENTS: usize = 10;
/// The widest and highest panel that is asked for, in CSS pixels; the screen sets the limit.
const MOST_PIXELS: f64 = 10_000.0;
/// How many calls a page of unlogged ones has, unless the page's script says.
const PER_PAGE: u64 = 20;
const MOST_PER_PAGE: u64 = 100;

/// What the first argument of a call is, as far as the panel's own methods want to know.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct First {
    /// It is this.
    pub flag: Option<bool>,
    /// It has this `width`.
    pub width: Option<f64>,
    /// It has this `height`.
    pub height: Option<f64>,
}

/// Returns what a method asks of the panel, or why not; `None` for a method that is not about the panel.
/// `gesture`: the user has just done something in the page.
pub fn panel_command(
    method: &str,
    first: First,
    gesture: bool,
) -> Option<Result<PageCommand, &'static str>> {
    let flag = |of: fn(bool) -> PageCommand| first.flag.map(of).ok_or("it takes true or false");
    Some(match method {
        "setMinimized" => flag(PageCommand::SetMinimised),
        "toggleMinimized" => Ok(PageCommand::ToggleMinimised),
        "setClosed" => flag(PageCommand::SetClosed),
        "toggleClosed" => Ok(PageCommand::ToggleClosed),
        "setSize" => match (first.width.and_then(pixels), first.height.and_then(pixels)) {
            (Some(width), Some(height)) => Ok(PageCommand::SetSize { width, height }),
            _ => Err("it takes { width, height } in pixels"),
        },
        "dispose" => Ok(PageCommand::Dispose),
        "popupWindow" if gesture => Ok(PageCommand::PopUp),
        "popupWindow" => Err(NEEDS_USER),
        _ => return None,
    })
}

/// Returns how a page whose widget is put in so shows it when a method has done its work: a number that is
/// dialled is to be seen.
pub fn shown_by(method: &str, adapter: Adapter) -> &'static [PageCommand] {
    match (method, adapter) {
        ("clickToCall" | "clickToSMS", Adapter::Window) => &[PageCommand::PopUp],
        ("clickToCall" | "clickToSMS", _) => &[
            PageCommand::SetClosed(false),
            PageCommand::SetMinimised(false),
        ],
        _ => &[],
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the range is checked on the same line"
)]
fn pixels(number: f64) -> Option<i32> {
    (1.0..=MOST_PIXELS)
        .contains(&number)
        .then_some(number as i32)
}

/// What a call wants.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// This message posted to the widget.
    Post(Value),
    /// The same, with a `phoneNumber` as the page writes it: a widget may be opened for it.
    Number(Value),
    /// The widget's answer to this request.
    Ask {
        /// Its path.
        path: &'static str,
        /// Its body.
        body: Value,
    },
    /// Whether the widget's own window is open.
    IsWindowOpen,
}

const NEEDS_USER: &str = "it works only right after the user did something in the page";

/// Returns what a call wants of the widget.
///
/// # Errors
/// Why it is refused, for the page's developer. `arguments` is a JSON list; `gesture` as in
/// [`panel_command`].
pub fn wanted(method: &str, arguments: &str, gesture: bool) -> Result<Wanted, String> {
    let arguments: Vec<Value> =
        serde_json::from_str(arguments).map_err(|_| "its arguments cannot be read".to_owned())?;
    let at = |index: usize| arguments.get(index).unwrap_or(&Value::Null);
    let wanted = match method {
        "clickToCall" => Wanted::Number(json!({
            "type": types::NEW_CALL,
            "phoneNumber": number(at(0))?,
            "toCall": flag(at(1), "toCall")?.unwrap_or(false),
        })),
        "clickToSMS" => Wanted::Number(new_sms(at)?),
        "controlCall" => Wanted::Post(control_call(at(0), at(1), at(2))?),
        "navigateTo" => Wanted::Post(json!({ "type": types::NAVIGATE, "path": path(at(0))? })),
        "logoutUser" => Wanted::Post(json!({ "type": "rc-adapter-logout" })),
        "setEnvironment" => Wanted::Post(json!({ "type": "rc-adapter-set-environment" })),
        "updateCallingSetting" => message("rc-calling-settings-update", at(0), CALLING)?,
        "updateSmsSetting" => message("rc-sms-settings-update", at(0), SMS)?,
        "updateRingtone" => message("rc-adapter-update-ringtone", at(0), RINGTONE)?,
        "setAutoLog" => message(types::SET_AUTO_LOG, at(0), AUTO_LOG)?,
        "setPhoneNumberFormat" => {
            message("rc-adapter-set-phone-number-format", at(0), NUMBER_FORMAT)?
        }
        "getUnloggedCalls" => Wanted::Ask {
            path: "/unlogged-calls",
            body: json!({
                "perPage": at(0).as_u64().unwrap_or(PER_PAGE).clamp(1, MOST_PER_PAGE),
                "page": at(1).as_u64().unwrap_or(1).max(1),
            }),
        },
        "getCallLog" => ask("/get-call-log", at(0), CALL_LOG)?,
        "alertMessage" if at(0).get("message").is_none() => {
            return Err("it takes an object with a message".to_owned());
        }
        "alertMessage" => ask("/custom-alert-message", at(0), ALERT)?,
        "dismissMessage" => Wanted::Ask {
            path: "/dismiss-alert-message",
            body: id_text(at(0)).map_or_else(|| json!({}), |id| json!({ "id": id })),
        },
        "createSMSTemplate" => Wanted::Ask {
            path: "/create-sms-template",
            body: json!({
                "displayName": needed(at(0), "a name")?,
                "text": needed(at(1), "a text")?,
            }),
        },
        "scheduleMeeting" if at(0).is_object() => Wanted::Ask {
            path: "/schedule-meeting",
            body: at(0).clone(),
        },
        "scheduleMeeting" => return Err("it takes an object".to_owned()),
        "refreshLoginSession" => Wanted::Ask {
            path: "/refresh-login-session",
            body: json!({ "force": flag(at(0), "force")?.unwrap_or(false) }),
        },
        "isWindowPoppedUp" => Wanted::IsWindowOpen,
        "showFeedback" => return Err("feedback is not taken through this page".to_owned()),
        _ => return Err("there is no such method".to_owned()),
    };
    if needs_user(method, at(0)) && !gesture {
        return Err(NEEDS_USER.to_owned());
    }
    Ok(wanted)
}

/// Automatic logging is among these, for it is one switch of all sites: a page could turn it at every load.
fn needs_user(method: &str, first: &Value) -> bool {
    match method {
        "clickToCall" | "clickToSMS" | "scheduleMeeting" | "setAutoLog" => true,
        "controlCall" => {
            let action = first.as_str().unwrap_or_default();
            ACTIONS.iter().any(|it| it.name == action && it.needs_user)
        }
        _ => false,
    }
}

/// What can be done to a call.
struct Action {
    name: &'static str,
    needs_user: bool,
    /// The option that it cannot be done without.
    option: Option<&'static str>,
}

const fn action(name: &'static str, needs_user: bool) -> Action {
    Action {
        name,
        needs_user,
        option: None,
    }
}

const fn action_with(name: &'static str, option: &'static str) -> Action {
    Action {
        name,
        needs_user: true,
        option: Some(option),
    }
}

const ACTIONS: [Action; 14] = [
    action("answer", true),
    action("reject", false),
    action("hangup", false),
    action("hold", false),
    action("unhold", true),
    action_with("transfer", "transferNumber"),
    action("toVoicemail", true),
    action_with("forward", "forwardNumber"),
    action("startRecord", true),
    action("stopRecord", false),
    action("mute", false),
    action("unmute", true),
    action("toggleRingingDialog", false),
    action_with("dtmf", "dtmf"),
];

fn control_call(action: &Value, id: &Value, options: &Value) -> Result<Value, String> {
    let action = ACTIONS
        .iter()
        .find(|it| action.as_str() == Some(it.name))
        .ok_or("there is no such action")?;
    let mut message = json!({ "type": "rc-adapter-control-call", "callAction": action.name });
    if let Some(id) = id_text(id) {
        put(&mut message, "callId", json!(id));
    }
    if let Some(option) = action.option {
        let given = options.get(option).unwrap_or(&Value::Null);
        put(&mut message, "options", json!({ option: number(given)? }));
    }
    Ok(message)
}

fn new_sms<'a>(at: impl Fn(usize) -> &'a Value) -> Result<Value, String> {
    let mut message = json!({ "type": "rc-adapter-new-sms", "phoneNumber": number(at(0))? });
    if let Some(said) = text(at(1), "the text")? {
        put(&mut message, "text", json!(said));
    }
    if let Some(on) = flag(at(2), "conversation")? {
        put(&mut message, "conversation", json!(on));
    }
    if !at(3).is_null() {
        put(&mut message, "attachments", attachments(at(3))?);
    }
    if let Some(name) = text(at(4).get("name").unwrap_or(&Value::Null), "name")? {
        put(&mut message, "recipient", json!({ "name": name }));
    }
    Ok(message)
}

/// The widget loads an attachment from its address: only one that holds it whole is taken.
fn attachments(given: &Value) -> Result<Value, String> {
    let wrong = "attachments are a list of { name, content } with data URIs";
    let list = given
        .as_array()
        .filter(|it| it.len() <= MOST_ATTACHMENTS)
        .ok_or(wrong)?;
    let one = |it: &Value| {
        let name = it.get("name")?.as_str()?;
        let content = it.get("content")?.as_str()?;
        content
            .starts_with("data:")
            .then(|| json!({ "name": name, "content": content }))
    };
    let all: Option<Vec<Value>> = list.iter().map(one).collect();
    Ok(Value::Array(all.ok_or(wrong)?))
}

/// What a field may hold.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Flag,
    /// From zero to this.
    Number(f64),
    OneOf(&'static [&'static str]),
    /// Of a sound: loaded from the web, or whole.
    Sound,
    /// Sections of an alert.
    Details,
}

/// The documented fields of an argument.
type Fields = &'static [(&'static str, Kind)];

const CALLING: Fields = &[
    (
        "callWith",
        Kind::OneOf(&["browser", "softphone", "ringout", "jupiter"]),
    ),
    ("myLocation", Kind::Text),
    ("ringoutPrompt", Kind::Flag),
    ("fromNumber", Kind::Text),
];
const SMS: Fields = &[("senderNumber", Kind::Text)];
const RINGTONE: Fields = &[
    ("name", Kind::Text),
    ("uri", Kind::Sound),
    ("volume", Kind::Number(1.0)),
];
const AUTO_LOG: Fields = &[("call", Kind::Flag), ("message", Kind::Flag)];
const NUMBER_FORMAT: Fields = &[
    (
        "formatType",
        Kind::OneOf(&["national", "international", "custom"]),
    ),
    ("template", Kind::Text),
    ("readOnly", Kind::Flag),
    ("readOnlyReason", Kind::Text),
];
const CALL_LOG: Fields = &[
    ("sessionId", Kind::Text),
    ("telephonySessionId", Kind::Text),
];
const ALERT: Fields = &[
    ("message", Kind::Text),
    (
        "level",
        Kind::OneOf(&["info", "success", "warning", "danger"]),
    ),
    ("ttl", Kind::Number(86_400_000.0)),
    ("details", Kind::Details),
];

/// A message of the fields of an object.
fn message(of_type: &str, given: &Value, fields: Fields) -> Result<Wanted, String> {
    let mut message = picked(given, fields)?;
    message.insert("type".to_owned(), json!(of_type));
    Ok(Wanted::Post(Value::Object(message)))
}

/// A request with the fields of an object.
fn ask(path: &'static str, given: &Value, fields: Fields) -> Result<Wanted, String> {
    let body = Value::Object(picked(given, fields)?);
    Ok(Wanted::Ask { path, body })
}

/// Returns the documented fields of an object, at least one.
fn picked(given: &Value, fields: Fields) -> Result<Map<String, Value>, String> {
    let names = || {
        let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    };
    let mut picked = Map::new();
    for (name, kind) in fields {
        match given.get(*name) {
            None | Some(Value::Null) => {}
            Some(value) if fits(value, *kind) => {
                picked.insert((*name).to_owned(), value.clone());
            }
            Some(_) => return Err(format!("{name} is not what it should be")),
        }
    }
    if picked.is_empty() {
        return Err(format!("it takes an object with {}", names()));
    }
    Ok(picked)
}

fn fits(value: &Value, kind: Kind) -> bool {
    let text = value.as_str();
    match kind {
        Kind::Text => text.is_some_and(|it| it.len() <= MOST_TEXT),
        Kind::Flag => value.is_boolean(),
        Kind::Number(most) => value.as_f64().is_some_and(|it| (0.0..=most).contains(&it)),
        Kind::OneOf(all) => text.is_some_and(|it| all.contains(&it)),
        Kind::Sound => text.is_some_and(|it| is_web(it) || it.starts_with("data:audio/")),
        Kind::Details => value.is_array() && leads_to_the_web(value),
    }
}

/// An alert's links are followed in the widget's own page, where no other kind may be.
fn leads_to_the_web(details: &Value) -> bool {
    match details {
        Value::Array(items) => items.iter().all(leads_to_the_web),
        Value::Object(fields) => fields.iter().all(|(name, value)| {
            let leads = name != "href" || value.as_str().is_some_and(is_web);
            leads && leads_to_the_web(value)
        }),
        _ => true,
    }
}

fn is_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

/// Some scripts write numbers without quotation marks.
fn number(given: &Value) -> Result<String, String> {
    id_text(given)
        .filter(|it| {
            it.len() <= MOST_NUMBER
                && it.contains(|sign: char| sign.is_ascii_digit() || "*#".contains(sign))
        })
        .ok_or_else(|| "it takes a number".to_owned())
}

fn path(given: &Value) -> Result<&str, String> {
    given
        .as_str()
        .filter(|it| it.len() <= MOST_TEXT && (it.starts_with('/') || *it == "goBack"))
        .ok_or_else(|| "it takes a path that begins with a slash, or goBack".to_owned())
}

fn needed<'a>(given: &'a Value, what: &str) -> Result<&'a str, String> {
    let given = given
        .as_str()
        .filter(|it| !it.is_empty() && it.len() <= MOST_TEXT);
    given.ok_or_else(|| format!("it takes {what}"))
}

fn text<'a>(given: &'a Value, what: &str) -> Result<Option<&'a str>, String> {
    match given {
        Value::Null => Ok(None),
        Value::String(text) if text.len() <= MOST_TEXT => Ok(Some(text)),
        _ => Err(format!("{what} is not what it should be")),
    }
}

fn flag(given: &Value, what: &str) -> Result<Option<bool>, String> {
    match given {
        Value::Null => Ok(None),
        Value::Bool(on) => Ok(Some(*on)),
        _ => Err(format!("{what} is true or false")),
    }
}

fn put(message: &mut Value, name: &str, value: Value) {
    if let Some(fields) = message.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}
