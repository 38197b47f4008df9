//! The widget's page, region by region. A region is sent again only when its HTML changed, so a field keeps its focus.

mod forms;
mod messages;
mod settings;

use std::fmt::Write as _;

use serde_json::Value;

use super::{Activities, ButtonKind, FormOf, Held, Screen, Ui, Widget};
use crate::html::{escape, hue, initials};
use crate::json::{field, text};
use crate::platform::{Call, CallState, Direction, OWN_NUMBER, Record, USER_NAME};

const PHONE: &str = r#"<svg viewBox="0 0 24 24"><path d="M6.600 3.500 9.500 3l1.800 4.600-2 1.700a13 13 0 0 0 5.400 5.400l1.700-2L21 14.500l-.5 2.900c-.2 1.300-1.300 2.200-2.600 2.100C10.500 19 5 13.500 4.500 6.100c-.1-1.300.8-2.400 2.100-2.600z"/></svg>"#;
const CLOCK: &str = r#"<svg viewBox="0 0 24 24"><circle cx="12" cy="12" r="8.500"/><path d="M12 7v5.300l3.300 2"/></svg>"#;
const PEOPLE: &str = r#"<svg viewBox="0 0 24 24"><circle cx="12" cy="8.500" r="3.800"/><path d="M4.800 20c.6-3.900 3.500-6 7.200-6s6.600 2.100 7.200 6"/></svg>"#;
const BUBBLE: &str =
    r#"<svg viewBox="0 0 24 24"><path d="M4 6.500h16v10H11l-4 3.300v-3.300H4z"/></svg>"#;
const CAMERA: &str = r#"<svg viewBox="0 0 24 24"><rect x="3.500" y="7" width="11.500" height="10" rx="2"/><path d="m15 11 5.500-3v8L15 13"/></svg>"#;
const APPS: &str = r#"<svg viewBox="0 0 24 24"><path d="M5 5h5v5H5zM14 5h5v5h-5zM5 14h5v5H5zM14 14h5v5h-5z"/></svg>"#;
const GEAR: &str = r#"<svg viewBox="0 0 24 24"><path d="M4 8h9M17 8h3M4 16h3M11 16h9"/><circle cx="15" cy="8" r="2.200"/><circle cx="9" cy="16" r="2.200"/></svg>"#;

/// Returns every region with its HTML.
pub(super) fn regions(widget: &Widget) -> Vec<(&'static str, String)> {
    let (ui, signed_in) = {
        let state = widget.state();
        (state.ui.clone(), state.logged_in)
    };
    if !signed_in {
        let wait = widget.partition.stored().signed_in;
        return vec![
            ("top", String::new()),
            ("alerts", alerts(widget, &ui)),
            ("body", sign_in(wait)),
            ("suggestions", String::new()),
            ("call", String::new()),
            ("tabs", String::new()),
            ("timer", String::new()),
        ];
    }
    vec![
        ("top", top(widget)),
        ("alerts", alerts(widget, &ui)),
        ("body", body(widget, &ui)),
        ("suggestions", suggestions(widget, &ui)),
        ("call", calls(widget)),
        ("tabs", tabs(widget, &ui)),
        ("timer", timer(widget)),
    ]
}

fn face(name: &str) -> String {
    format!(
        r#"<span class="face" data-hue="{}">{}</span>"#,
        hue(name) / 30,
        escape(&initials(name))
    )
}

fn button(action: &str, id: &str, label: &str, class: &str) -> String {
    format!(
        r#"<button class="{class}" data-do="{action}" data-id="{}">{label}</button>"#,
        escape(id)
    )
}

fn sign_in(wait: bool) -> String {
    if wait {
        return r#"<div class="welcome"><span class="mark"></span><p class="dim">Signing in…</p></div>"#.to_owned();
    }
    format!(
        r#"<div class="welcome"><span class="mark"></span><h1>Your phone, here</h1><p class="dim">Calls, contacts and history beside the page you work in.</p>{}</div>"#,
        button("sign-in", "", "Sign in", "primary wide")
    )
}

fn top(widget: &Widget) -> String {
    let status = widget.state().user_status.clone();
    format!(
        r#"<span class="presence {}"></span><b>{USER_NAME}</b><span class="dim">{OWN_NUMBER}</span>"#,
        escape(&status.to_lowercase())
    )
}

fn tabs(widget: &Widget, ui: &Ui) -> String {
    let current = match &ui.screen {
        Screen::Tab(name) => name,
        Screen::Contact { .. } => "contacts",
        Screen::Form { of, .. } => match of {
            FormOf::Call(_) => "history",
            FormOf::Messages(_) => "messages",
            FormOf::Section(_) => "settings",
            FormOf::Page(id) => id,
        },
        Screen::Compose { .. } | Screen::Conversation { .. } => "messages",
        Screen::Schedule => "meetings",
    };
    let dot = {
        let state = widget.state();
        state.service.is("showAuthRedDot") && state.service.authorized() == Some(false)
    };
    let mut out = String::new();
    for (name, label, icon, feature) in [
        ("phone", "Phone", PHONE, ""),
        ("history", "History", CLOCK, ""),
        ("messages", "Text", BUBBLE, "text"),
        ("contacts", "People", PEOPLE, "contacts"),
        ("meetings", "Video", CAMERA, "meetings"),
        ("settings", "Settings", GEAR, ""),
    ] {
        if !widget.has_feature(feature) {
            continue;
        }
        let on = if name == current { " on" } else { "" };
        let dot = if dot && name == "settings" {
            r#"<i class="dot"></i>"#
        } else {
            ""
        };
        let _written = write!(
            out,
            r#"<button class="tab{on}" data-do="tab" data-id="{name}">{icon}<span>{label}</span>{dot}</button>"#
        );
    }
    out.push_str(&own_tabs(widget, current));
    out
}

/// Returns the tabs of the host's own, those that are not hidden.
fn own_tabs(widget: &Widget, current: &str) -> String {
    let pages = widget.state().own_pages.clone();
    let mut out = String::new();
    for page in pages {
        let hidden = page.get("hidden").is_some_and(super::service::truthy);
        if text(&page, "type") != "tab" || hidden {
            continue;
        }
        let id = text(&page, "id");
        let on = if id == current { " on" } else { "" };
        let unread = field(&page, "unreadCount").as_u64().unwrap_or_default();
        let dot = if unread > 0 {
            r#"<i class="dot"></i>"#
        } else {
            ""
        };
        let _written = write!(
            out,
            r#"<button class="tab{on}" data-do="go" data-id="/customizedTabs/{}">{APPS}<span>{}</span>{dot}</button>"#,
            escape(id),
            escape(text(&page, "title"))
        );
    }
    out
}

fn alerts(widget: &Widget, ui: &Ui) -> String {
    let mut out = banner(widget);
    for alert in &ui.alerts {
        let mut details = String::new();
        for group in alert.details.as_array().into_iter().flatten() {
            let _written = write!(details, "<p><b>{}</b> ", escape(text(group, "title")));
            for item in group
                .get("items")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                if text(item, "type") == "link" {
                    details.push_str(&button(
                        "alert-link",
                        text(item, "id"),
                        &escape(text(item, "text")),
                        "link",
                    ));
                } else {
                    let _written = write!(details, "{} ", escape(text(item, "text")));
                }
            }
            details.push_str("</p>");
        }
        let _written = write!(
            out,
            r#"<div class="alert {}" role="alert"><div>{}{details}</div>{}</div>"#,
            escape(&alert.level),
            escape(&alert.message),
            button("close-alert", &alert.id, "×", "close"),
        );
    }
    if let Some((held, message)) = &ui.confirm {
        let (verb, whom) = match held {
            Held::Call(number) => ("Call", number.clone()),
            Held::Text(numbers, _) => ("Write to", numbers.join(", ")),
        };
        let _written = write!(
            out,
            r#"<div class="alert warning" role="alertdialog"><div>{}<p>{verb} {} all the same?</p>{}{}</div></div>"#,
            escape(message),
            escape(&whom),
            button("confirm", "yes", "Go on", "primary"),
            button("confirm", "no", "Cancel", ""),
        );
    }
    out
}

fn banner(widget: &Widget) -> String {
    let Some(banner) = widget.banner() else {
        return String::new();
    };
    let action = field(field(&banner, "action"), "label").as_str();
    let action = action.map_or(String::new(), |it| {
        button("banner", "", &escape(it), "link")
    });
    let close = if banner.get("closable").is_some_and(super::service::truthy) {
        button("close-banner", "", "×", "close")
    } else {
        String::new()
    };
    format!(
        r#"<div class="alert {}"><div>{} {action}</div>{close}</div>"#,
        escape(text(&banner, "severity")),
        escape(text(&banner, "message")),
    )
}

fn body(widget: &Widget, ui: &Ui) -> String {
    match &ui.screen {
        Screen::Tab("history") => history(widget),
        Screen::Tab("contacts") => contacts(widget),
        Screen::Tab("settings") => settings::settings(widget),
        Screen::Tab("messages") => messages::list(widget),
        Screen::Tab("meetings") => messages::meetings(widget),
        Screen::Tab(_) => dialer(widget),
        Screen::Contact { id, activities } => contact(widget, id, activities.as_ref()),
        Screen::Form { of, drawn, .. } => forms::form(widget, of, drawn),
        Screen::Compose { drawn, .. } => messages::compose(widget, drawn),
        Screen::Conversation { id, drawn, .. } => messages::conversation(widget, id, drawn),
        Screen::Schedule => messages::schedule(widget),
    }
}

/// The field keeps what was typed; it is drawn again only when something else put a number there.
fn dialer(widget: &Widget) -> String {
    let value = widget.state().prefill.clone();
    let mut keys = String::new();
    for (digit, letters) in [
        ("1", ""),
        ("2", "ABC"),
        ("3", "DEF"),
        ("4", "GHI"),
        ("5", "JKL"),
        ("6", "MNO"),
        ("7", "PQRS"),
        ("8", "TUV"),
        ("9", "WXYZ"),
        ("*", ""),
        ("0", "+"),
        ("#", ""),
    ] {
        let _written = write!(
            keys,
            r#"<button data-do="key" data-id="{digit}"><b>{digit}</b><small>{letters}</small></button>"#
        );
    }
    format!(
        r#"<div class="dialer"><input class="number" data-do="type" value="{}" placeholder="Name or number" autocomplete="off"><div id="suggestions"></div><div class="keys">{keys}</div><button class="go" data-do="call" aria-label="Call">{PHONE}</button></div>"#,
        escape(&value)
    )
}

fn suggestions(widget: &Widget, ui: &Ui) -> String {
    if !matches!(ui.screen, Screen::Tab("phone")) || ui.dial.chars().count() < 3 {
        return String::new();
    }
    let source = escape(widget.state().service.name().unwrap_or_default());
    let mut out = String::new();
    if !ui.suggestions.is_empty() {
        let _written = write!(out, "<h3>{source}</h3>");
    }
    for row in &ui.suggestions {
        let _written = write!(
            out,
            r#"<button class="row" data-do="call-contact" data-id="{} {}">{}<span class="grow"><b>{}</b><small>{} · {}</small></span></button>"#,
            escape(&row.id),
            escape(&row.number),
            face(&row.name),
            escape(&row.name),
            escape(&row.number),
            escape(&row.kind),
        );
    }
    out
}

fn name_of(widget: &Widget, number: &str, fallback: &str) -> String {
    let first = widget.first_match(number);
    let name = text(&first, "name");
    let name = if name.is_empty() { fallback } else { name };
    if name.is_empty() {
        number.to_owned()
    } else {
        name.to_owned()
    }
}

fn ago(now_ms: u64, then_ms: u64) -> String {
    match now_ms.saturating_sub(then_ms) / 60_000 {
        0 => "now".to_owned(),
        minutes @ 1..60 => format!("{minutes} min"),
        minutes @ 60..1440 => format!("{} h", minutes / 60),
        minutes => format!("{} d", minutes / 1440),
    }
}

fn clock(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// Returns the registered buttons of one place, for one thing in it.
fn extras(widget: &Widget, kind: ButtonKind, resource: &str) -> String {
    let buttons = widget.buttons(kind).into_iter().map(|it| {
        let id = format!("{} {resource}", text(&it, "id"));
        button(kind.word(), &id, &escape(text(&it, "label")), "small")
    });
    buttons.collect()
}

/// Returns what the first log entity says, if it is a mere status.
fn status(entities: &[Value]) -> String {
    let status = entities.first().filter(|it| text(it, "type") == "status");
    status.map_or(String::new(), |it| {
        format!(
            r#"<span class="status {}">{}</span>"#,
            escape(text(it, "status")),
            escape(text(it, "message"))
        )
    })
}

/// Returns a choice of who it was, where several people have the number.
fn picker(widget: &Widget, action: &str, id: &str, key: &str, number: &str) -> String {
    let found = widget.matches(number);
    if found.len() < 2 {
        return String::new();
    }
    let picked = widget.partition.stored().picked.get(key).cloned();
    let mut options = String::new();
    for contact in &found {
        let on = Some(text(contact, "id")) == picked.as_deref();
        let _written = write!(
            options,
            r#"<option value="{}"{}>{}</option>"#,
            escape(text(contact, "id")),
            if on { " selected" } else { "" },
            escape(text(contact, "name"))
        );
    }
    format!(
        r#"<select class="small" data-do="{action}" data-id="{}"><option value="">Who?</option>{options}</select>"#,
        escape(id)
    )
}

fn history(widget: &Widget) -> String {
    let rows: String = widget
        .history()
        .iter()
        .map(|it| past_call(widget, it))
        .collect();
    format!(r#"<div class="list">{rows}</div>"#)
}

fn log_actions(widget: &Widget, session: &str) -> String {
    let (title, hide_edit) = {
        let state = widget.state();
        if state.service.text("callLoggerPath").is_none() {
            return String::new();
        }
        let title = state.service.text("callLoggerTitle").unwrap_or("Log call");
        let hide = state.service.is("callLoggerHideEditLogButton");
        (title.to_owned(), hide)
    };
    let mut actions = status(&widget.entities(session));
    if widget.is_logged(session) {
        actions.push_str(&button("view-log", session, "Logged", "badge"));
        if !hide_edit {
            actions.push_str(&button("log", session, "Edit log", "small"));
        }
    } else if !widget.is_pending(session) {
        actions.push_str(&button("log", session, &escape(&title), "small log"));
    }
    actions
}

fn past_call(widget: &Widget, record: &Record) -> String {
    let now = widget.platform.clock().now_ms();
    let can_view = widget.path("viewMatchedContactPath").is_some();
    let session = record.session_id.as_str();
    let matched = !widget.matches(&record.other.number).is_empty();
    let name = name_of(widget, &record.other.number, &record.other.name);
    let missed = record.result == "Missed";
    let arrow = match (record.direction, missed) {
        (_, true) => "↙ missed",
        (Direction::Inbound, _) => "↙",
        (Direction::Outbound, _) => "↗",
    };
    let length = if record.duration > 0 {
        format!(" · {}", clock(record.duration))
    } else {
        String::new()
    };
    let mut actions = log_actions(widget, session);
    let telephony = &record.telephony_session_id;
    actions.push_str(&picker(
        widget,
        "pick",
        session,
        telephony,
        &record.other.number,
    ));
    if matched && can_view {
        actions.push_str(&button("view-contact", session, "Contact", "small"));
    }
    actions.push_str(&button("call", &record.other.number, "Call", "small"));
    actions.push_str(&extras(widget, ButtonKind::CallAction, session));
    if record.recording.is_some() {
        actions.push_str(r#"<span class="badge quiet">● Recording</span>"#);
    }
    format!(
        r#"<div class="item{}" data-session="{session}">{}<div class="grow"><div class="line"><b>{}</b><small>{}</small></div><small class="dim">{arrow} {}{length}</small><div class="actions">{actions}</div></div></div>"#,
        if missed { " missed" } else { "" },
        face(&name),
        escape(&name),
        ago(now, record.started_ms),
        escape(&record.other.number),
    )
}

fn contacts(widget: &Widget) -> String {
    let state = widget.state();
    let Some(name) = state.service.name().filter(|_| state.attached) else {
        return r#"<div class="welcome"><p class="dim">No directory is connected to this page.</p></div>"#.to_owned();
    };
    let mut out = format!(
        r#"<div class="sub"><span class="chip on">{}</span><span class="chip">Personal</span><span class="grow"></span>{}</div><div class="list">"#,
        escape(name),
        button(
            "refresh-contacts",
            "",
            if state.syncing {
                "Syncing…"
            } else {
                "Refresh"
            },
            "link"
        ),
    );
    for contact in state.book.list() {
        let name = text(contact, "name");
        let below = [text(contact, "jobTitle"), text(contact, "company")];
        let below: Vec<&str> = below.into_iter().filter(|it| !it.is_empty()).collect();
        let _written = write!(
            out,
            r#"<button class="row" data-do="contact" data-id="{}">{}<span class="grow"><b>{}</b><small>{}</small></span></button>"#,
            escape(text(contact, "id")),
            face(name),
            escape(name),
            escape(&below.join(" · ")),
        );
    }
    out.push_str("</div>");
    out
}

fn contact(widget: &Widget, id: &str, activities: Option<&Activities>) -> String {
    let state = widget.state();
    let contact = state.book.find(id).cloned().unwrap_or_default();
    let name = text(&contact, "name");
    let mut out = format!(
        r#"<div class="pad"><div class="person">{}<h2>{}</h2><p class="dim">{} {}</p></div>"#,
        face(name),
        escape(name),
        escape(text(&contact, "jobTitle")),
        escape(text(&contact, "company")),
    );
    for number in contact
        .get("phoneNumbers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let digits = text(number, "phoneNumber");
        let _written = write!(
            out,
            r#"<div class="field"><small>{}</small><span>{}</span>{}</div>"#,
            escape(text(number, "phoneType")),
            escape(digits),
            button("call", digits, "Call", "small"),
        );
    }
    for email in contact
        .get("emails")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let _written = write!(
            out,
            r#"<div class="field"><small>email</small><span>{}</span></div>"#,
            escape(email.as_str().unwrap_or_default())
        );
    }
    let has_activities = state.attached && state.service.text("activitiesPath").is_some();
    drop(state);
    out.push_str(&extras(widget, ButtonKind::ContactAction, id));
    if has_activities {
        out.push_str(&button("activities", id, "Activities", "chip"));
        match activities {
            Some(Activities::Loading) => out.push_str(r#"<p class="dim">Loading…</p>"#),
            Some(Activities::Loaded(list)) => {
                let now = widget.platform.clock().now_ms();
                for item in list {
                    let then = item.get("time").and_then(Value::as_u64).unwrap_or(now);
                    let _written = write!(
                        out,
                        r#"<button class="row" data-do="activity" data-id="{}"><span class="grow"><b>{}</b><small>{}</small></span></button>"#,
                        escape(text(item, "id")),
                        escape(text(item, "subject")),
                        ago(now, then),
                    );
                }
            }
            None => {}
        }
    }
    out.push_str("</div>");
    out
}

/// The clock of the newest call is a region of its own: the buttons beside it must not be replaced under the finger.
fn timer(widget: &Widget) -> String {
    let live = widget.platform.live();
    let Some(call) = live.last().filter(|it| it.state != CallState::Ringing) else {
        return String::new();
    };
    let held = if call.state == CallState::OnHold {
        "On hold · "
    } else {
        ""
    };
    let talked = call.talked(widget.platform.clock().now_ms());
    format!("{held}{}", clock(talked))
}

/// The newest call covers the others.
fn calls(widget: &Widget) -> String {
    let live = widget.platform.live();
    live.last()
        .map(|it| call_card(widget, it))
        .unwrap_or_default()
}

fn call_card(widget: &Widget, call: &Call) -> String {
    let name = name_of(widget, &call.other.number, &call.other.name);
    let found = widget.first_match(&call.other.number);
    let below = [text(&found, "jobTitle"), text(&found, "company")];
    let below: Vec<&str> = below.into_iter().filter(|it| !it.is_empty()).collect();
    let session = call.session_id.as_str();
    let (state, buttons) = match (call.state, call.direction) {
        (CallState::Ringing, Direction::Inbound) => (
            "Incoming call",
            format!(
                "{}{}",
                button("reject", session, "Decline", "round danger"),
                button("answer", session, "Answer", "round good")
            ),
        ),
        (CallState::Ringing, Direction::Outbound) => {
            ("Calling…", button("hangup", session, "End", "round danger"))
        }
        (state, _) => {
            let held = state == CallState::OnHold;
            let mute = if call.muted {
                ("unmute", "Unmute")
            } else {
                ("mute", "Mute")
            };
            let holding = if held {
                ("unhold", "Resume")
            } else {
                ("hold", "Hold")
            };
            let record = if call.recording { "● Rec" } else { "Record" };
            (
                r#"<span id="timer"></span>"#,
                format!(
                    "{}{}{}{}",
                    button(mute.0, session, mute.1, "round"),
                    button(holding.0, session, holding.1, "round"),
                    button("startRecord", session, record, "round"),
                    button("hangup", session, "End", "round danger"),
                ),
            )
        }
    };
    format!(
        r#"<section class="card {}" data-session="{session}">{}<h2>{}</h2><p>{}</p><p class="dim">{}</p><p class="state">{state}</p><div class="buttons">{buttons}</div></section>"#,
        if call.state == CallState::Ringing {
            "ringing"
        } else {
            "active"
        },
        face(&name),
        escape(&name),
        escape(&call.other.number),
        escape(&below.join(" · ")),
    )
}

fn switch(action: &str, id: &str, label: &str, on: bool, below: &str) -> String {
    let below = if below.is_empty() {
        String::new()
    } else {
        format!("<small>{}</small>", escape(below))
    };
    format!(
        r#"<button class="setting" role="switch" aria-checked="{on}" data-do="{action}" data-id="{}"><span class="grow"><b>{}</b>{below}</span><i class="switch"></i></button>"#,
        escape(id),
        escape(label),
    )
}
