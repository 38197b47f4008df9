//! The form on the widget's log pages: what it offers, and what the user made of it.
//!
//! The widget draws a form from a JSON schema and tells every change, so what is typed is kept as it is
//! typed. Ids are texts everywhere, because the widget compares them strictly.

use serde_json::{Map, Value, json};

use crate::protocol::widget::text;

/// What a user can say came of a call, as message keys `outcome_said_<word>`.
pub const OUTCOMES: [&str; 6] = [
    "reached",
    "left_message",
    "no_answer",
    "call_back",
    "wrong_number",
    "not_interested",
];

/// The outcome field's value for none of them: a choice whose value is empty counts as no choice at all.
const NO_OUTCOME: &str = "none";

/// Begins the values of the contact field that are no contact's id.
const OWN: &str = "switchboard:";
const NOBODY: &str = "switchboard:nobody";
const SOMEONE_ELSE: &str = "switchboard:other";
const NEW: &str = "switchboard:new";

/// A contact the form offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// Its id on the site.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What tells it from a namesake: its company, its number.
    pub about: String,
}

/// What the form shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The page's title.
    pub title: String,
    /// Who may be meant, the likeliest first.
    pub offers: Vec<Offer>,
    /// The id of the contact that is chosen; empty for nobody.
    pub contact: String,
    /// What the user calls the entry.
    pub subject: String,
    /// What the entry is called if the user calls it nothing.
    pub usual_subject: String,
    /// The note.
    pub note: String,
    /// What came of it; `None` where the question makes no sense (messages).
    pub outcome: Option<String>,
    /// What stands in the form now, where it is only drawn anew while the user is at it.
    pub typed: Option<Value>,
}

/// Returns the page as the widget wants it; `text` gives texts by message key.
pub fn page(form: &Form, text: &dyn Fn(&str) -> String) -> Value {
    let data = form.typed.clone().unwrap_or_else(|| first_data(form));
    let mut fields = Map::new();
    let mut looks = Map::new();
    fields.insert("contact".to_owned(), contact_field(form, &data, text));
    let chosen = data_text(&data, "contact");
    // A field that is not asked for is hidden rather than left out: the widget keeps what it knew of it.
    for (name, when, label) in [
        ("contactSearch", SOMEONE_ELSE, "form_search"),
        ("contactName", NEW, "form_new_name"),
    ] {
        fields.insert(
            name.to_owned(),
            json!({ "type": "string", "title": text(label) }),
        );
        if chosen != when {
            looks.insert(name.to_owned(), json!({ "ui:widget": "hidden" }));
        }
    }
    fields.insert(
        "subject".to_owned(),
        json!({ "type": "string", "title": text("form_subject") }),
    );
    looks.insert(
        "subject".to_owned(),
        json!({ "ui:placeholder": form.usual_subject }),
    );
    if form.outcome.is_some() {
        fields.insert("outcome".to_owned(), outcome_field(text));
    }
    fields.insert(
        "note".to_owned(),
        json!({ "type": "string", "title": text("form_note") }),
    );
    looks.insert(
        "note".to_owned(),
        json!({ "ui:widget": "textarea", "ui:placeholder": text("form_note_hint") }),
    );
    // The page for messages has no button of its own accord.
    looks.insert(
        "submitButtonOptions".to_owned(),
        json!({ "submitText": text("form_save") }),
    );
    json!({
        "title": form.title,
        "schema": { "type": "object", "properties": fields },
        "uiSchema": looks,
        "formData": data,
    })
}

fn first_data(form: &Form) -> Value {
    let contact = if form.contact.is_empty() {
        NOBODY
    } else {
        &form.contact
    };
    let mut data = json!({
        "contact": contact,
        "contactSearch": "",
        "contactName": "",
        "subject": form.subject,
        "note": form.note,
    });
    if let (Some(outcome), Some(fields)) = (&form.outcome, data.as_object_mut()) {
        let outcome = if outcome.is_empty() {
            NO_OUTCOME
        } else {
            outcome
        };
        fields.insert("outcome".to_owned(), json!(outcome));
    }
    data
}

fn contact_field(form: &Form, data: &Value, text: &dyn Fn(&str) -> String) -> Value {
    let mut options: Vec<Value> = form
        .offers
        .iter()
        .map(|it| json!({ "const": it.id, "title": it.name, "description": it.about }))
        .collect();
    // A value without an option would be drawn as an error.
    let chosen = data_text(data, "contact");
    let offered = form.offers.iter().any(|it| it.id == chosen);
    if !offered && !chosen.starts_with(OWN) {
        options.push(json!({ "const": chosen, "title": chosen }));
    }
    for (value, label) in [
        (NOBODY, "form_nobody"),
        (SOMEONE_ELSE, "form_someone_else"),
        (NEW, "form_new_contact"),
    ] {
        options.push(json!({ "const": value, "title": text(label) }));
    }
    json!({ "type": "string", "title": text("form_contact"), "oneOf": options })
}

fn outcome_field(text: &dyn Fn(&str) -> String) -> Value {
    let mut options = vec![json!({ "const": NO_OUTCOME, "title": text("outcome_said_nothing") })];
    options.extend(
        OUTCOMES
            .iter()
            .map(|it| json!({ "const": it, "title": text(&format!("outcome_said_{it}")) })),
    );
    json!({ "type": "string", "title": text("form_outcome"), "oneOf": options })
}

/// Whether a change of the form asks for other fields, or for other people to choose from.
pub fn is_to_be_redrawn(body: &Value) -> bool {
    let keys = body.get("keys").and_then(Value::as_array);
    keys.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .any(|key| ["contact", "contactSearch"].contains(&key))
}

/// Whom the form names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Picked {
    /// The form does not say, or the user has not come to an end yet.
    #[default]
    Unsaid,
    /// This contact.
    Contact(String),
    /// Nobody.
    Nobody,
    /// Somebody of this name, who is not known yet.
    New(String),
    /// Somebody who is to be looked for by this text.
    Search(String),
}

/// What a form says. `None` is what it does not speak of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The contact.
    pub picked: Picked,
    /// The subject.
    pub subject: Option<String>,
    /// The note.
    pub note: Option<String>,
    /// What came of it.
    pub outcome: Option<String>,
}

/// Reads the `formData` of our form, or of the widget's own (`contactId` and `note`).
pub fn said(data: &Value) -> Said {
    let field = |name: &str| data.get(name).and_then(Value::as_str).map(str::to_owned);
    let outcome = match data_text(data, "outcome") {
        NO_OUTCOME => Some(String::new()),
        outcome => OUTCOMES.contains(&outcome).then(|| outcome.to_owned()),
    };
    Said {
        picked: picked(data),
        subject: field("subject"),
        note: field("note"),
        outcome,
    }
}

fn picked(data: &Value) -> Picked {
    let contact = match data_text(data, "contact") {
        "" => data_text(data, "contactId"),
        contact => contact,
    };
    let typed = |name| data_text(data, name).trim();
    match contact {
        NOBODY => Picked::Nobody,
        NEW if typed("contactName").is_empty() => Picked::Unsaid,
        NEW => Picked::New(typed("contactName").to_owned()),
        SOMEONE_ELSE if typed("contactSearch").is_empty() => Picked::Unsaid,
        SOMEONE_ELSE => Picked::Search(typed("contactSearch").to_owned()),
        id if id.is_empty() || id.starts_with(OWN) => Picked::Unsaid,
        id => Picked::Contact(id.to_owned()),
    }
}

fn data_text<'a>(data: &'a Value, field: &str) -> &'a str {
    text(data, field)
}

#[cfg(test)]
mod tests {
    use super::{Form, Offer, Picked, page, said};
    use serde_json::{Value, json};

    fn key(key: &str) -> String {
        key.to_owned()
    }

    fn form() -> Form {
        Form {
            offers: vec![Offer {
                id: "a1".to_owned(),
                name: "Ada".to_owned(),
                about: "Engines".to_owned(),
            }],
            contact: "a1".to_owned(),
            note: "left word".to_owned(),
            outcome: Some(String::new()),
            ..Form::default()
        }
    }

    #[test]
    fn the_form_opens_with_what_is_known() {
        let page = page(&form(), &key);
        assert_eq!(page["formData"]["contact"], "a1");
        assert_eq!(page["formData"]["note"], "left word");
        assert_eq!(
            page["uiSchema"]["submitButtonOptions"]["submitText"],
            "form_save"
        );
    }

    #[test]
    fn every_value_of_a_choice_has_its_option() {
        let typed = json!({ "contact": "b2", "note": "x" });
        let form = Form {
            typed: Some(typed.clone()),
            ..form()
        };
        let page = page(&form, &key);
        assert_eq!(page["formData"], typed);
        let options = page["schema"]["properties"]["contact"]["oneOf"].as_array();
        let values: Vec<&Value> = options
            .into_iter()
            .flatten()
            .map(|it| &it["const"])
            .collect();
        assert!(values.contains(&&json!("b2")));
    }

    #[test]
    fn a_field_is_shown_when_it_is_asked_for() {
        let hidden = |contact: &str| {
            let form = Form {
                typed: Some(json!({ "contact": contact })),
                ..form()
            };
            let page = page(&form, &key);
            ["contactSearch", "contactName"].map(|it| page["uiSchema"][it]["ui:widget"] == "hidden")
        };
        assert_eq!(hidden("a1"), [true, true]);
        assert_eq!(hidden("switchboard:other"), [false, true]);
        assert_eq!(hidden("switchboard:new"), [true, false]);
    }

    #[test]
    fn what_the_user_made_of_it_is_read_leniently() {
        for (data, picked) in [
            (json!({ "contact": "a1" }), Picked::Contact("a1".to_owned())),
            (
                json!({ "contactId": "a1" }),
                Picked::Contact("a1".to_owned()),
            ),
            (json!({ "contact": "switchboard:nobody" }), Picked::Nobody),
            (
                json!({ "contact": "switchboard:new", "contactName": " " }),
                Picked::Unsaid,
            ),
            (
                json!({ "contact": "switchboard:new", "contactName": "Bo" }),
                Picked::New("Bo".to_owned()),
            ),
            (
                json!({ "contact": "switchboard:other", "contactSearch": "bo" }),
                Picked::Search("bo".to_owned()),
            ),
            (json!({ "contact": 7 }), Picked::Unsaid),
            (Value::Null, Picked::Unsaid),
        ] {
            assert_eq!(said(&data).picked, picked, "{data}");
        }
        for (word, outcome) in [
            ("reached", Some("reached")),
            ("none", Some("")),
            ("", None),
            ("nonsense", None),
        ] {
            let said = said(&json!({ "outcome": word }));
            assert_eq!(said.outcome.as_deref(), outcome, "{word}");
        }
    }
}
