//! Messages and meetings.

use std::fmt::Write as _;

use serde_json::Value;

use super::{ago, button, extras, face, name_of, picker, status};
use crate::html::escape;
use crate::json::text;
use crate::platform::{Direction, Message, MessageKind};
use crate::widget::messages::Group;
use crate::widget::{ButtonKind, Widget};

/// Returns the list of conversations, the newest first.
pub(super) fn list(widget: &Widget) -> String {
    let mut seen = Vec::new();
    let mut out = format!(
        r#"<div class="sub"><span class="chip on">All</span><span class="grow"></span>{}</div><div class="list">"#,
        button("go", "/composeText", "New", "link")
    );
    for group in widget.groups() {
        if !seen.contains(&group.conversation) {
            out.push_str(&row(widget, &group));
            seen.push(group.conversation);
        }
    }
    out.push_str("</div>");
    out
}

fn summary(message: &Message) -> String {
    let words = match message.kind {
        MessageKind::VoiceMail => {
            let said = message.transcript.clone().unwrap_or_default();
            format!("Voicemail · {} s · {said}", message.length)
        }
        MessageKind::Fax if message.length == 1 => "Fax · 1 page".to_owned(),
        MessageKind::Fax => format!("Fax · {} pages", message.length),
        MessageKind::Sms | MessageKind::Pager => message.text.clone(),
    };
    escape(&words)
}

fn row(widget: &Widget, group: &Group) -> String {
    let Some(newest) = group.messages.first() else {
        return String::new();
    };
    let now = widget.platform.clock().now_ms();
    let given = newest.others.first().map_or("", |it| it.name.as_str());
    let name = name_of(widget, group.other(), given);
    format!(
        r#"<div class="item{}" data-conversation="{id}">{}<div class="grow"><button class="talk" data-do="conversation" data-id="{id}"><span class="line"><b>{}</b><small>{}</small></span><small class="words">{}</small></button><div class="actions">{}</div></div></div>"#,
        if newest.read { "" } else { " new" },
        face(&name),
        escape(&name),
        ago(now, newest.created_ms),
        summary(newest),
        actions(widget, group),
        id = escape(&group.conversation),
    )
}

fn actions(widget: &Widget, group: &Group) -> String {
    let id = group.conversation.as_str();
    let title = {
        let state = widget.state();
        let has_logger = state.service.text("messageLoggerPath").is_some();
        let title = state.service.text("messageLoggerTitle").unwrap_or("Log");
        has_logger.then(|| title.to_owned())
    };
    let mut out = String::new();
    if let Some(title) = title {
        out.push_str(&status(&widget.message_entities(&group.log_id)));
        if widget.is_conversation_logged(id) {
            out.push_str(r#"<span class="badge">Logged</span>"#);
        }
        out.push_str(&button(
            "log-conversation",
            id,
            &escape(&title),
            "small log",
        ));
    }
    out.push_str(&picker(widget, "pick-correspondent", id, id, group.other()));
    out.push_str(&extras(widget, ButtonKind::MessageAction, id));
    out
}

/// Returns a conversation with the field to write in it.
pub(super) fn conversation(widget: &Widget, id: &str, drawn: &str) -> String {
    let groups = widget.groups_of(id);
    let Some(newest) = groups.first() else {
        return String::new();
    };
    let name = name_of(widget, newest.other(), newest.other());
    let mut out = format!(
        r#"<div class="pad thread"><div class="sub">{}<b class="grow">{}</b></div><div class="actions">{}</div>"#,
        button("tab", "messages", "‹", "link"),
        escape(&name),
        actions(widget, newest),
    );
    for group in groups.iter().rev() {
        let _written = write!(out, r#"<p class="day">{}</p>"#, escape(&group.date));
        for message in group.messages.iter().rev() {
            let side = match message.direction {
                Direction::Inbound => "theirs",
                Direction::Outbound => "ours",
            };
            let _written = write!(out, r#"<p class="say {side}">{}</p>"#, summary(message));
            for file in &message.attachments {
                if file.content_type == "text/vcard" {
                    let name = file.file_name.as_deref().unwrap_or("Contact card");
                    let id = message.id.to_string();
                    out.push_str(&button("vcard", &id, &escape(name), "small"));
                }
            }
        }
    }
    let kind = newest.messages.first().map(|it| it.kind);
    if kind.is_some_and(MessageKind::is_text) {
        out.push_str(&write_field(widget, drawn));
    }
    out.push_str("</div>");
    out
}

fn write_field(widget: &Widget, drawn: &str) -> String {
    format!(
        r#"<textarea rows="3" placeholder="Message" data-do="write" data-id="text">{}</textarea><div class="buttons">{}{}</div>"#,
        escape(drawn),
        extras(widget, ButtonKind::SmsToolbar, ""),
        button("send", "", "Send", "primary"),
    )
}

/// Returns the page of a new message.
pub(super) fn compose(widget: &Widget, drawn: &(String, String)) -> String {
    format!(
        r#"<div class="pad thread"><h2>New message</h2><label>To <input data-do="write" data-id="to" value="{}"></label>{}</div>"#,
        escape(&drawn.0),
        write_field(widget, &drawn.1),
    )
}

/// Returns the meetings to come and those that were.
pub(super) fn meetings(widget: &Widget) -> String {
    let can_log = widget.path("meetingLoggerPath").is_some();
    let title = {
        let state = widget.state();
        let title = state.service.text("meetingLoggerTitle").unwrap_or("Log");
        title.to_owned()
    };
    let mut out = format!(
        r#"<div class="sub"><b class="grow">Meetings</b>{}</div><div class="list">"#,
        button("go", "/meeting/schedule", "Schedule", "link")
    );
    match widget.upcoming_meetings() {
        None => out.push_str(r#"<p class="pad dim">Loading…</p>"#),
        Some(upcoming) => {
            for meeting in &upcoming {
                out.push_str(&to_come(meeting));
            }
        }
    }
    let now = widget.platform.clock().now_ms();
    for meeting in widget.platform.meetings() {
        let log = if can_log {
            button("log-meeting", &meeting.id, &escape(&title), "small log")
        } else {
            String::new()
        };
        let _written = write!(
            out,
            r#"<div class="item"><div class="grow"><div class="line"><b>{}</b><small>{}</small></div><small>{} min</small><div class="actions">{log}</div></div></div>"#,
            escape(&meeting.title),
            ago(now, meeting.started_ms),
            meeting.duration / 60,
        );
    }
    out.push_str("</div>");
    out
}

fn to_come(meeting: &Value) -> String {
    let location = text(meeting, "location");
    let join = if location.contains("/join/") {
        r#"<span class="chip on">Join</span>"#
    } else {
        ""
    };
    let start = text(meeting, "startTime").replacen('T', " ", 1);
    format!(
        r#"<div class="item"><div class="grow"><div class="line"><b>{}</b><small>{}</small></div><div class="actions">{join}</div></div></div>"#,
        escape(text(meeting, "title")),
        escape(start.get(..16).unwrap_or_default()),
    )
}

/// Returns the page that schedules a meeting.
pub(super) fn schedule(widget: &Widget) -> String {
    let title = {
        let state = widget.state();
        let title = state
            .service
            .text("meetingInviteTitle")
            .unwrap_or("Schedule");
        title.to_owned()
    };
    format!(
        r#"<div class="pad form"><h2>Schedule a meeting</h2><p class="dim">Now, for an hour.</p><div class="buttons">{}{}</div></div>"#,
        button("go", "goBack", "Back", ""),
        button("schedule", "", &escape(&title), "primary"),
    )
}
