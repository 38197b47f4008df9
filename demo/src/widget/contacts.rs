//! The list behind the Contacts tab, and what the widget does to contacts before it shows them.

use serde_json::{Map, Value, json};

use super::service::truthy;

/// The synced list: in memory only, so every page load starts with none.
#[derive(Debug, Clone, Default)]
pub struct ContactBook {
    list: Vec<Value>,
    timestamp: Value,
    /// How many runs succeeded.
    pub runs: u32,
}

impl ContactBook {
    /// The contacts, in the host's order.
    #[must_use]
    pub fn list(&self) -> &[Value] {
        &self.list
    }

    /// What the next run sends as `syncTimestamp`: `null` until a run succeeded.
    #[must_use]
    pub const fn timestamp(&self) -> &Value {
        &self.timestamp
    }

    /// Returns a contact of the list.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Value> {
        self.list.iter().find(|it| id_of(it) == Some(id))
    }

    /// Takes a whole run: all its contacts, and the `syncTimestamp` of its first page.
    ///
    /// Both timestamps present makes it a delta; anything else replaces the list.
    pub fn take(&mut self, contacts: Vec<Value>, timestamp: Option<Value>) {
        let timestamp = timestamp.filter(truthy);
        let contacts: Vec<Value> = contacts.into_iter().map(normalised).collect();
        if truthy(&self.timestamp) && timestamp.is_some() {
            let ids: Vec<&str> = contacts.iter().filter_map(id_of).collect();
            self.list
                .retain(|it| id_of(it).is_none_or(|id| !ids.contains(&id)));
            let kept = contacts
                .iter()
                .filter(|it| !it.get("deleted").is_some_and(truthy))
                .cloned();
            self.list.extend(kept);
        } else {
            self.list = contacts;
        }
        self.timestamp = timestamp.unwrap_or(Value::Null);
        self.runs += 1;
    }
}

fn id_of(contact: &Value) -> Option<&str> {
    contact.get("id")?.as_str()
}

/// Returns a contact with its numbers as the widget keeps them: number and type alone, the type a known one.
fn normalised(mut contact: Value) -> Value {
    if let Some(numbers) = contact
        .get_mut("phoneNumbers")
        .and_then(Value::as_array_mut)
    {
        for number in numbers {
            let kind = number
                .get("phoneType")
                .and_then(Value::as_str)
                .map(phone_type);
            *number = json!({
                "phoneNumber": number.get("phoneNumber").cloned().unwrap_or_default(),
                "phoneType": kind.unwrap_or("unknown"),
            });
        }
    }
    contact
}

fn phone_type(given: &str) -> &'static str {
    const KNOWN: &[&str] = &[
        "business",
        "extension",
        "home",
        "mobile",
        "phone",
        "unknown",
        "company",
        "contact",
        "direct",
        "fax",
        "other",
    ];
    let bare = given.strip_suffix("Phone").unwrap_or(given);
    KNOWN
        .iter()
        .find(|it| **it == bare)
        .copied()
        .unwrap_or("other")
}

/// One row under the dialer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Whose number it is.
    pub name: String,
    /// The number as the host gave it.
    pub number: String,
    /// `mobile`, `direct`, …
    pub kind: String,
    /// The contact's id.
    pub id: String,
}

/// Returns the rows that the widget shows for a search answer: filtered again, per number, at most 50.
///
/// # Errors
///
/// A number without `phoneType` throws in the widget, and nothing at all is shown.
pub fn suggestions(found: &[Value], text: &str) -> Result<Vec<Suggestion>, &'static str> {
    let text = text.to_lowercase();
    let word = |contact: &Value, key: &str| {
        contact
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let mut rows = Vec::new();
    for contact in found {
        let names = [
            word(contact, "firstName"),
            word(contact, "lastName"),
            word(contact, "name"),
        ];
        let by_name = names.join(" ").to_lowercase().contains(&text);
        let numbers = contact.get("phoneNumbers").and_then(Value::as_array);
        for number in numbers.into_iter().flatten() {
            if number.get("phoneType").and_then(Value::as_str).is_none() {
                return Err("a search result without phoneType");
            }
            let digits = word(number, "phoneNumber");
            if by_name || digits.contains(&text) {
                rows.push(Suggestion {
                    name: word(contact, "name"),
                    number: digits,
                    kind: word(number, "phoneType"),
                    id: word(contact, "id"),
                });
            }
        }
    }
    rows.truncate(50);
    Ok(rows)
}

/// Returns the entities for one number of a match answer: an array, each with its `entityType`; anything else is no match.
#[must_use]
pub fn entities(data: Option<&Value>, key: &str) -> Vec<Value> {
    let found = data.and_then(|it| it.get(key)).and_then(Value::as_array);
    found
        .into_iter()
        .flatten()
        .map(|entity| {
            let mut entity = entity.clone();
            let kind = entity.get("type").cloned();
            if let (Some(fields), Some(kind)) = (entity.as_object_mut(), kind) {
                Map::entry(fields, "entityType").or_insert(kind);
            }
            entity
        })
        .collect()
}
