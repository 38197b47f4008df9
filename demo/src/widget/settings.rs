//! The settings tree that a service may bring: what of it is good, and how it changes.

use serde_json::{Map, Value, json};

use crate::json::{field, items, put, text};

/// Returns the items that the widget keeps, and a word on each that it drops.
///
/// An item of the old form, a name and a boolean alone, becomes a boolean whose id is the name.
pub fn checked(given: &[Value]) -> (Vec<Value>, Vec<String>) {
    let mut dropped = Vec::new();
    let kept = given
        .iter()
        .filter_map(|it| take(kept_item(it), it, &mut dropped))
        .collect();
    (kept, dropped)
}

/// What became of an item: as it is kept, with words on what was left out inside it; or why it is dropped.
type Kept = Result<(Value, Vec<String>), &'static str>;

fn take(kept: Kept, item: &Value, dropped: &mut Vec<String>) -> Option<Value> {
    match kept {
        Ok((item, below)) => {
            dropped.extend(below);
            Some(item)
        }
        Err(why) => {
            let name = [text(item, "id"), text(item, "name")];
            let name = name.into_iter().find(|it| !it.is_empty());
            dropped.push(format!(
                "the setting {} was dropped: {why}",
                name.unwrap_or("without a name")
            ));
            None
        }
    }
}

fn kept_item(item: &Value) -> Kept {
    let name = named(item)?;
    if item.get("id").is_none() && item.get("type").is_none() {
        let value = item.get("value").and_then(Value::as_bool);
        let value = value.ok_or("the old form needs a boolean value")?;
        let item = json!({ "id": name, "name": name, "type": "boolean", "value": value });
        return Ok((item, Vec::new()));
    }
    if !item.get("id").is_some_and(Value::is_string) {
        return Err("its id is not a text");
    }
    if item.get("order").is_some_and(|it| !it.is_number()) {
        return Err("its order is not a number");
    }
    let plain = (item.clone(), Vec::new());
    match text(item, "type") {
        "boolean" if field(item, "value").is_boolean() => Ok(plain),
        "boolean" => Err("its value is not a boolean"),
        "option" if options_are_good(item) => Ok(plain),
        "option" => Err("its options are not a list of id and name"),
        "button" if field(item, "buttonLabel").is_string() => Ok(plain),
        "button" => Err("it has no buttonLabel"),
        "externalLink" if is_web(text(item, "uri")) => Ok(plain),
        "externalLink" => Err("its uri is not http(s)"),
        "section" => with_items(item, kept_in_section),
        "group" => with_items(item, kept_item),
        _ => Err("its type is unknown"),
    }
}

fn named(item: &Value) -> Result<&str, &'static str> {
    item.get("name")
        .and_then(Value::as_str)
        .ok_or("its name is not a text")
}

fn kept_in_section(item: &Value) -> Kept {
    const TYPES: &[&str] = &[
        "boolean",
        "string",
        "text",
        "option",
        "array",
        "admonition",
        "typography",
    ];
    named(item)?;
    if !item.get("id").is_some_and(Value::is_string) {
        return Err("its id is not a text");
    }
    if !TYPES.contains(&text(item, "type")) {
        return Err("its type is not one for a section");
    }
    if text(item, "type") == "option" && !options_are_good(item) {
        return Err("its options are not a list of id and name");
    }
    Ok((item.clone(), Vec::new()))
}

fn with_items(item: &Value, kept: impl Fn(&Value) -> Kept) -> Kept {
    let inner = item.get("items").and_then(Value::as_array);
    let inner = inner.ok_or("its items are not a list")?;
    let mut dropped = Vec::new();
    let inner: Vec<Value> = inner
        .iter()
        .filter_map(|it| take(kept(it), it, &mut dropped))
        .collect();
    let mut item = item.clone();
    put(&mut item, "items", inner);
    Ok((item, dropped))
}

fn options_are_good(item: &Value) -> bool {
    let is_good = |it: &Value| field(it, "id").is_string() && field(it, "name").is_string();
    item.get("options")
        .and_then(Value::as_array)
        .is_some_and(|it| it.iter().all(is_good))
}

/// Returns whether something is a page on the web.
pub(super) fn is_web(uri: &str) -> bool {
    uri.starts_with("https://") || uri.starts_with("http://")
}

/// Returns an item of the tree. What is inside a section is found by the section alone.
#[must_use]
pub fn find<'a>(tree: &'a [Value], id: &str) -> Option<&'a Value> {
    tree.iter().find_map(|item| {
        if text(item, "id") == id {
            return Some(item);
        }
        let inner = (text(item, "type") == "group").then(|| items(item, "items"))?;
        find(inner, id)
    })
}

/// Returns an item of the tree, to be changed.
pub(super) fn find_mut<'a>(tree: &'a mut [Value], id: &str) -> Option<&'a mut Value> {
    for item in tree {
        if text(item, "id") == id {
            return Some(item);
        }
        if text(item, "type") == "group"
            && let Some(inner) = item.get_mut("items").and_then(Value::as_array_mut)
            && let Some(found) = find_mut(inner, id)
        {
            return Some(found);
        }
    }
    None
}

/// Returns the values of a section's items by id: what its form starts with.
pub(super) fn values(section: &Value) -> Value {
    let values = items(section, "items").iter().filter_map(|it| {
        let value = it.get("value")?.clone();
        Some((text(it, "id").to_owned(), value))
    });
    Value::Object(values.collect::<Map<_, _>>())
}

/// Puts the values of a form into a section.
pub(super) fn fill(section: &mut Value, form: &Value) {
    let inner = section.get_mut("items").and_then(Value::as_array_mut);
    for item in inner.into_iter().flatten() {
        let id = text(item, "id").to_owned();
        if let Some(value) = form.get(&id) {
            put(item, "value", value.clone());
        }
    }
}
