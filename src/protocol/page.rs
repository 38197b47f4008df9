//! What was read on a page: people as the page states them, before any number is understood.

use serde::{Deserialize, Serialize};

/// A person (or company) as one page shows it.
///
/// Shape: `{"id":"17","name":"Ada Byron","phones":[{"raw":"020 7946 0321 ext. 317","kind":"work"}],"emails":["ada@example.org"],"company":"Engines Ltd","job_title":"Analyst","url":"https://crm.example/contacts/17","source":"table"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageContact {
    /// The CRM's record id, where the page or its address states one.
    pub id: Option<String>,
    /// The name as shown.
    pub name: String,
    /// The numbers, in the order of the page.
    pub phones: Vec<PagePhone>,
    /// E-mail addresses, whole, in the order of the page.
    pub emails: Vec<String>,
    /// The company the person belongs to.
    pub company: Option<String>,
    /// The job title.
    pub job_title: Option<String>,
    /// Absolute address of a picture.
    pub avatar: Option<String>,
    /// Absolute address of the record's own page.
    pub url: Option<String>,
    /// Whether this is an organisation rather than a person.
    pub organisation: bool,
    /// How it was read.
    pub source: Source,
    /// Whether the page says that this contact does not want to be contacted.
    pub do_not_contact: bool,
}

/// A number as the page writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PagePhone {
    /// The text, with its extension if it has one ("020 7946 0321 ext. 317").
    pub raw: String,
    /// What the page says it is for.
    pub kind: PhoneKind,
}

/// What a number is for; the names are those the widget knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PhoneKind {
    /// Work, office.
    Business,
    /// An extension of the user's own phone system.
    Extension,
    /// Home, private.
    Home,
    /// Mobile, cell.
    Mobile,
    /// Said to be a phone number and no more.
    #[default]
    Phone,
    /// A company's main line.
    Company,
    /// A direct line.
    Direct,
    /// A fax machine: kept, never dialled by a voice call.
    Fax,
    /// Anything else the page names.
    Other,
}

/// How a contact was read, best first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// By a rule for this site.
    Rule,
    /// By structured data: JSON-LD, microdata, hCard.
    Structured,
    /// From a table or grid with recognisable headers.
    Table,
    /// From label and value pairs of a record page.
    Fields,
    /// From typed links beside a name.
    #[default]
    Links,
}

/// What one reading of a page brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reading {
    /// The people and companies, in the order of the page.
    pub contacts: Vec<PageContact>,
    /// The record id of the page's own record, where the page is about one.
    pub open_record: Option<String>,
    /// Events that the page states in its markup (microdata, hCalendar).
    pub events: Vec<PageEvent>,
    /// The page's JSON-LD scripts, as they stand; the worker reads them.
    pub linked_data: Vec<String>,
}

/// An event that a page states in a form made for machines (schema.org, hCalendar).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageEvent {
    /// Its title.
    pub title: String,
    /// Its beginning, ISO 8601 as the page writes it.
    pub starts: String,
    /// Its end, the same; empty where the page states none.
    pub ends: String,
    /// Where it is, as a text or an address.
    pub location: String,
    /// Absolute address of its own page; empty where the page states none.
    pub url: String,
}
