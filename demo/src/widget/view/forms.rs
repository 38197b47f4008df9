//! Forms: the log of a call or a conversation, a section of the settings.

use std::fmt::Write as _;

use serde_json::Value;

use super::{button, clock, switch};
use crate::html::escape;
use crate::json::{field, items, text};
use crate::widget::{FormOf, Widget, settings};

/// Returns the form that is open, drawn with `data`.
pub(super) fn form(widget: &Widget, of: &FormOf, data: &Value) -> String {
    match of {
        FormOf::Call(session) => call_form(widget, session, data),
        FormOf::Messages(conversation) => message_form(widget, conversation, data),
        FormOf::Section(id) => section_form(widget, id, data),
        FormOf::Page(id) => {
            let page = widget.own_page(id).unwrap_or_default();
            let fields = page_fields(&page, data);
            framed(text(&page, "title"), "", &fields, save_of(&page))
        }
    }
}

fn framed(title: &str, below: &str, fields: &str, save: Option<&str>) -> String {
    let save = save.map_or(String::new(), |it| {
        button("form-save", "", &escape(it), "primary")
    });
    format!(
        r#"<div class="pad form"><h2>{}</h2><p class="dim">{}</p>{fields}<div class="buttons">{}{save}</div></div>"#,
        escape(title),
        escape(below),
        button("go", "goBack", "Back", ""),
    )
}

/// Returns what stands on a page's Save, if the page says it.
fn save_of(page: &Value) -> Option<&str> {
    let options = field(field(page, "uiSchema"), "submitButtonOptions");
    let label = text(options, "submitText");
    options
        .is_object()
        .then_some(if label.is_empty() { "Save" } else { label })
}

fn call_form(widget: &Widget, session: &str, data: &Value) -> String {
    let Some((call, other, _)) = widget.call_body(session) else {
        return String::new();
    };
    let mut below = format!("{} · {}", other.number, text(&call, "result"));
    // Only a call that is over has a length that stays.
    if call.get("action").is_some() {
        let length = field(&call, "duration").as_u64().unwrap_or_default();
        let _written = write!(below, " · {}", clock(length));
    }
    let page = widget.state().call_log_page.clone();
    let Some(page) = page else {
        let fields = own_fields(&widget.matches(&other.number), data);
        return framed("Log call", &below, &fields, Some("Save"));
    };
    let save = save_of(&page).unwrap_or("Save");
    let fields = page_fields(&page, data);
    framed(text(&page, "title"), &below, &fields, Some(save))
}

fn message_form(widget: &Widget, conversation: &str, data: &Value) -> String {
    let page = widget.state().message_log_page.clone().unwrap_or_default();
    let groups = widget.groups_of(conversation);
    let below = groups.first().map_or("", |it| it.other());
    framed(
        text(&page, "title"),
        below,
        &page_fields(&page, data),
        save_of(&page),
    )
}

fn section_form(widget: &Widget, id: &str, data: &Value) -> String {
    let section = {
        let state = widget.state();
        settings::find(state.service.settings(), id).cloned()
    };
    let section = section.unwrap_or_default();
    let fields: String = items(&section, "items")
        .iter()
        .map(|it| section_field(it, data))
        .collect();
    framed(
        text(&section, "name"),
        text(&section, "description"),
        &fields,
        Some("Save"),
    )
}

fn section_field(item: &Value, data: &Value) -> String {
    let (id, name) = (text(item, "id"), text(item, "name"));
    match text(item, "type") {
        "boolean" => {
            let on = field(data, id).as_bool().unwrap_or_default();
            switch("form-flag", id, name, on, text(item, "description"))
        }
        "option" => {
            let options = items(item, "options").iter();
            let choices: Vec<(&str, &str)> = options
                .map(|it| (text(it, "id"), text(it, "name")))
                .collect();
            select(id, name, &choices, text(data, id))
        }
        "text" => lines(id, name, text(data, id)),
        "string" => line(id, name, text(data, id)),
        "array" => {
            let words: Vec<&str> = items(data, id).iter().filter_map(Value::as_str).collect();
            words_of(name, &words.join(", "))
        }
        "admonition" => admonition(text(item, "severity"), text(item, "value")),
        _ => words_of("", text(item, "value")),
    }
}

fn words_of(label: &str, words: &str) -> String {
    format!("<p>{} {}</p>", escape(label), escape(words))
}

fn admonition(severity: &str, words: &str) -> String {
    format!(
        r#"<div class="alert {}">{}</div>"#,
        escape(severity),
        escape(words)
    )
}

fn line(key: &str, label: &str, value: &str) -> String {
    format!(
        r#"<label>{}<input data-do="form" data-id="{}" value="{}"></label>"#,
        escape(label),
        escape(key),
        escape(value)
    )
}

fn select(key: &str, label: &str, choices: &[(&str, &str)], chosen: &str) -> String {
    let mut options = String::new();
    for (id, name) in choices {
        let on = if *id == chosen { " selected" } else { "" };
        let _written = write!(
            options,
            r#"<option value="{}"{on}>{}</option>"#,
            escape(id),
            escape(name)
        );
    }
    format!(
        r#"<label>{}<select data-do="form" data-id="{}">{options}</select></label>"#,
        escape(label),
        escape(key)
    )
}

fn lines(key: &str, label: &str, value: &str) -> String {
    format!(
        r#"<label>{}<textarea rows="5" data-do="form" data-id="{}">{}</textarea></label>"#,
        escape(label),
        escape(key),
        escape(value)
    )
}

/// The widget's own form: a contact and a note.
fn own_fields(found: &[Value], data: &Value) -> String {
    let mut choices: Vec<(&str, &str)> = found
        .iter()
        .map(|it| (text(it, "id"), text(it, "name")))
        .collect();
    if choices.is_empty() {
        choices.push(("", "No match"));
    }
    let contact = select("contactId", "Contact", &choices, text(data, "contactId"));
    contact + &lines("note", "Note", text(data, "note"))
}

/// The host's form: texts, choices, switches, words, buttons. What its look hides is left out.
fn page_fields(page: &Value, data: &Value) -> String {
    let (schema, look) = (field(page, "schema"), field(page, "uiSchema"));
    let properties = field(schema, "properties");
    let ordered: Vec<&str> = items(look, "ui:order")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let mut keys: Vec<&String> = properties
        .as_object()
        .map(|it| it.keys().collect())
        .unwrap_or_default();
    keys.sort_by_key(|key| {
        let place = ordered.iter().position(|it| it == key);
        place.unwrap_or(usize::MAX)
    });
    let fields = keys
        .into_iter()
        .map(|key| page_field(key, field(properties, key), field(look, key), data));
    fields.collect()
}

fn page_field(key: &str, property: &Value, look: &Value, data: &Value) -> String {
    let label = text(property, "title");
    let words = text(property, "description");
    let choices = choices_of(property);
    let choices: Vec<(&str, &str)> = choices
        .iter()
        .map(|it| (it.0.as_str(), it.1.as_str()))
        .collect();
    let widget = text(look, "ui:widget");
    match (text(look, "ui:field"), text(property, "type")) {
        _ if widget == "hidden" => String::new(),
        ("button", _) => button("form-button", key, &escape(label), "small"),
        ("admonition", _) => admonition(text(look, "ui:severity"), words),
        ("typography", _) => words_of("", words),
        (_, "boolean") => {
            let on = field(data, key).as_bool().unwrap_or_default();
            switch("form-flag", key, label, on, words)
        }
        (_, "string") if !choices.is_empty() => select(key, label, &choices, text(data, key)),
        (_, "string") if widget == "textarea" => lines(key, label, text(data, key)),
        (_, "string" | "number" | "integer") => {
            let value = field(data, key);
            let shown = value.as_str().map_or_else(
                || {
                    if value.is_number() {
                        value.to_string()
                    } else {
                        String::new()
                    }
                },
                str::to_owned,
            );
            line(key, label, &shown)
        }
        _ => String::new(),
    }
}

fn choices_of(property: &Value) -> Vec<(String, String)> {
    let named = items(property, "oneOf").iter();
    let named = named.map(|it| (text(it, "const").to_owned(), text(it, "title").to_owned()));
    let bare = items(property, "enum").iter().filter_map(Value::as_str);
    let bare = bare.map(|it| (it.to_owned(), it.to_owned()));
    named.chain(bare).collect()
}
