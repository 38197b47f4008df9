//! The settings: the two switches, the service's own tree, its authorization.

use std::fmt::Write as _;

use serde_json::Value;

use super::{button, switch};
use crate::html::escape;
use crate::json::{field, items, text};
use crate::widget::{Logger, Widget};

/// Returns the settings page.
pub(super) fn settings(widget: &Widget) -> String {
    let mut out = String::from(r#"<div class="list settings">"#);
    for which in [Logger::Calls, Logger::Messages] {
        out.push_str(&auto_log(widget, which));
    }
    let mut tree = widget.settings();
    tree.sort_by_key(order);
    for item in &tree {
        out.push_str(&setting(item));
    }
    out.push_str(&authorization(widget));
    out.push_str(&button("sign-out", "", "Sign out", "link danger"));
    out.push_str("</div>");
    out
}

/// Smaller comes first; what says nothing stays behind what does.
fn order(item: &Value) -> i64 {
    field(item, "order").as_i64().unwrap_or(i64::MAX)
}

fn auto_log(widget: &Widget, which: Logger) -> String {
    let on = widget.is_auto(which);
    let locked = widget.is_auto_log_locked(which);
    let state = widget.state();
    let service = &state.service;
    if service.text(which.path_key()).is_none() || service.is(which.hidden_key()) {
        return String::new();
    }
    let word = |end: &str| service.text(&which.key(end)).unwrap_or_default();
    let label = [word("AutoSettingLabel"), which.label()];
    let label = label.into_iter().find(|it| !it.is_empty());
    let below = if locked {
        word("AutoSettingReadOnlyReason")
    } else {
        word("AutoSettingDescription")
    };
    let action = match which {
        Logger::Calls => "auto-log",
        Logger::Messages => "auto-log-messages",
    };
    let warning = word("AutoSettingWarning");
    let mut out = switch(action, "", label.unwrap_or_default(), on, below);
    if !warning.is_empty() {
        let _written = write!(out, r#"<p class="alert warning">{}</p>"#, escape(warning));
    }
    out
}

fn setting(item: &Value) -> String {
    let (id, name) = (text(item, "id"), text(item, "name"));
    match text(item, "type") {
        "boolean" => {
            let on = field(item, "value").as_bool().unwrap_or_default();
            switch("setting", id, name, on, text(item, "description"))
        }
        "option" => {
            let options = items(item, "options").iter();
            let chosen = options.filter(|it| text(it, "id") == text(item, "value"));
            let chosen: String = chosen.map(|it| escape(text(it, "name"))).collect();
            row(name, &format!("<span>{chosen}</span>"))
        }
        "button" => row(
            name,
            &button(
                "setting-button",
                id,
                &escape(text(item, "buttonLabel")),
                "small",
            ),
        ),
        "section" => row(name, &button("section", id, "Open", "small")),
        "externalLink" => row(
            name,
            &format!(
                r#"<a class="link" target="_blank" rel="noopener" href="{}">Open</a>"#,
                escape(text(item, "uri"))
            ),
        ),
        "group" => {
            let inner: String = items(item, "items").iter().map(setting).collect();
            format!(r#"<h3 class="group">{}</h3>{inner}"#, escape(name))
        }
        _ => String::new(),
    }
}

fn row(name: &str, right: &str) -> String {
    format!(
        r#"<div class="setting"><b class="grow">{}</b>{right}</div>"#,
        escape(name)
    )
}

fn authorization(widget: &Widget) -> String {
    let Some(shown) = widget.authorization() else {
        return String::new();
    };
    let press = shown.button.map_or(String::new(), |it| {
        button("authorize", "", &escape(&it), "small")
    });
    let logo = shown.logo.map_or(String::new(), |it| {
        format!(r#"<img class="logo" alt="" src="{}">"#, escape(&it))
    });
    let [license, description] = shown.license;
    let license = if license.is_empty() && description.is_empty() {
        String::new()
    } else {
        let refresh = button("license", "", "Refresh", "link");
        format!(
            "<small>{} {} {refresh}</small>",
            escape(&license),
            escape(&description)
        )
    };
    format!(
        r#"<div class="setting service">{logo}<span class="grow"><b>{}</b><small>{}</small><small>{}</small>{license}</span>{press}</div>"#,
        escape(&shown.title),
        escape(&shown.status),
        escape(&shown.info),
    )
}
