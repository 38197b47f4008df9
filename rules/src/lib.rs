//! The format of site rules: what is known of one CRM, as data.
//!
//! A rule says on which hosts a CRM lives, which part of the address names its tenant, what a record's address looks like, and,
//! where a page cannot be read by itself, a few simple selectors.
//! The rules that come with the product stand in `sites/*.toml`; taught and imported ones have the same shape.
//!
//! - [`address`]: the patterns of hosts and addresses.
//! - [`selector`]: the selectors of list and field hints.
//! - [`pieces`]: cutting texts, for all who read addresses and labels.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub mod address;
pub mod pieces;
pub mod selector;

use address::{HostPattern, Pattern, Place};
use selector::Selector;

/// The version of the format that this crate reads and writes.
pub const VERSION: u32 = 1;

/// What is known of one CRM.
///
/// Shape: `{"version":1,"id":"acme","name":"Acme CRM","hosts":["{tenant}.acme.example"],"records":[{"type":"person","url":"/people/{id:digits}"}]}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteRule {
    /// The format's version, [`VERSION`].
    pub version: u32,
    /// The rule's own name in site ids: lower-case letters, digits and `-`.
    pub id: String,
    /// The CRM's name as its users know it.
    pub name: String,
    /// Host patterns: `app.acme.example`, `*.acme.example`, `{tenant}.acme.example`.
    pub hosts: Vec<String>,
    /// Address patterns with `{tenant}`, where the tenant is not part of the host; the first that fits counts.
    #[serde(default)]
    pub tenant: Vec<String>,
    /// What records' addresses look like; the first that fits counts.
    #[serde(default)]
    pub records: Vec<RecordRule>,
    /// Where the rows of a list stand.
    #[serde(default)]
    pub list: Option<ListHint>,
    /// Where a record page shows its fields.
    #[serde(default)]
    pub fields: Fields,
}

/// The selectors of a record's fields: a map in the file, a handful of pairs in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(pub Vec<(Field, Vec<String>)>);

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(field, selectors)| (field, selectors)))
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("fields with their selectors")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Fields::default();
                while let Some(pair) = map.next_entry()? {
                    fields.0.push(pair);
                }
                Ok(fields)
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// What one kind of record's address looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordRule {
    /// The kind of record.
    #[serde(rename = "type")]
    pub kind: RecordKind,
    /// An address pattern with `{id}`; see [`Pattern`].
    pub url: String,
}

/// The kinds of records a rule can tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordKind {
    /// A person: contact, lead, end user.
    Person,
    /// A company: account, organisation, customer.
    Company,
    /// A deal or opportunity.
    Deal,
    /// A ticket or case.
    Ticket,
    /// Any other record.
    Other,
}

/// Where the rows of a list stand, for lists that are no table and have no roles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListHint {
    /// Selector of a row or card.
    pub row: String,
    /// Selector of the cells in a row, in the order of the headers.
    #[serde(default)]
    pub cell: Option<String>,
    /// Selector of the header cells.
    #[serde(default)]
    pub header: Option<String>,
    /// Attribute of the row that holds the record's id.
    #[serde(default)]
    pub id: Option<String>,
}

/// What a piece of a page says about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The whole name.
    Name,
    /// The given name.
    FirstName,
    /// The family name.
    LastName,
    /// A number of no stated kind.
    Phone,
    /// A mobile number.
    Mobile,
    /// A fax number.
    Fax,
    /// An e-mail address.
    Email,
    /// The company.
    Company,
    /// The job title.
    JobTitle,
    /// The record id.
    Id,
}

/// A record that an address names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordName {
    /// The kind of record.
    pub kind: RecordKind,
    /// The CRM's id, as it stands in the address.
    pub id: String,
}

impl SiteRule {
    /// Returns whether the rule speaks of this host (lower case, without port).
    pub fn covers(&self, host: &str) -> bool {
        self.hosts
            .iter()
            .any(|pattern| HostPattern(pattern).find_tenant(host).is_some())
    }

    /// Returns the tenant that an address names, in the host or else in the path.
    pub fn tenant_of(&self, place: &Place<'_>) -> Option<String> {
        let in_host = self
            .hosts
            .iter()
            .find_map(|pattern| HostPattern(pattern).find_tenant(place.host))
            .filter(|tenant| !tenant.is_empty());
        if let Some(tenant) = in_host {
            return Some(tenant.to_owned());
        }
        self.tenant
            .iter()
            .filter_map(|pattern| Pattern::parse(pattern).ok())
            .find_map(|pattern| pattern.find(place)?.tenant)
    }

    /// Returns the record that an address names.
    pub fn record_of(&self, place: &Place<'_>) -> Option<RecordName> {
        self.records.iter().find_map(|record| {
            let found = Pattern::parse(&record.url).ok()?.find(place)?;
            Some(RecordName {
                kind: record.kind,
                id: found.id?,
            })
        })
    }

    /// Checks everything that the shape alone does not promise.
    ///
    /// # Errors
    /// Says which part is wrong; the rule must not be used.
    pub fn check(&self) -> Result<(), RuleError> {
        if self.version != VERSION {
            return Err(RuleError::Version(self.version));
        }
        let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        if self.id.is_empty() || !self.id.bytes().all(plain) {
            return Err(RuleError::Id(self.id.clone()));
        }
        if self.hosts.is_empty() {
            return Err(RuleError::NoHost);
        }
        for host in &self.hosts {
            HostPattern(host).check()?;
        }
        for pattern in &self.tenant {
            if !Pattern::parse(pattern)?.names("tenant") {
                return Err(RuleError::Without("{tenant}", pattern.clone()));
            }
        }
        for record in &self.records {
            if !Pattern::parse(&record.url)?.names("id") {
                return Err(RuleError::Without("{id}", record.url.clone()));
            }
        }
        let list = self.list.iter();
        let in_list = list.flat_map(|it| [Some(&it.row), it.cell.as_ref(), it.header.as_ref()]);
        let in_fields = self.fields.0.iter().flat_map(|(_, selectors)| selectors);
        for selector in in_list.flatten().chain(in_fields) {
            Selector::parse(selector)?;
        }
        Ok(())
    }
}

/// What is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleError {
    /// Written in another version of the format.
    Version(u32),
    /// An id that is empty or not plain.
    Id(String),
    /// No host at all.
    NoHost,
    /// A host pattern that is none.
    Host(String),
    /// An address pattern that is none.
    Pattern(String),
    /// A pattern without the part it is there for.
    Without(&'static str, String),
    /// A selector that is none.
    Selector(String),
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(found) => write!(f, "version {found}, not {VERSION}"),
            Self::Id(id) => write!(f, "id \"{id}\" is not lower-case letters, digits and -"),
            Self::NoHost => f.write_str("no hosts"),
            Self::Host(host) => write!(f, "\"{host}\" is no host pattern"),
            Self::Pattern(pattern) => write!(f, "\"{pattern}\" is no address pattern"),
            Self::Without(part, pattern) => write!(f, "\"{pattern}\" has no {part}"),
            Self::Selector(selector) => write!(f, "\"{selector}\" is no selector"),
        }
    }
}

impl std::error::Error for RuleError {}
