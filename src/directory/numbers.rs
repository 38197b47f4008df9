//! Numbers of contacts: as they are stored, indexed and found again.

use crate::phone::keys::{Closeness, closeness};
use crate::phone::{Numbering, ParsedNumber, Region, bare_extension, digits_of};
use crate::protocol::page::PhoneKind;
use crate::protocol::stored::{Contact, Millis, Phone};
use crate::protocol::widget::with_extension;

/// Returns a number as it is stored.
pub(super) fn phone_of(
    raw: &str,
    kind: PhoneKind,
    numbering: &impl Numbering,
    region: Option<Region>,
) -> Phone {
    let parsed = numbering.parse(raw, region);
    Phone {
        raw: raw.to_owned(),
        extension: parsed.as_ref().and_then(|number| number.extension.clone()),
        e164: parsed.map(|number| number.e164),
        kind,
    }
}

pub(super) fn same_number(a: &Phone, b: &Phone) -> bool {
    let understood = a.e164.is_some() && a.e164 == b.e164 && a.extension == b.extension;
    // The same notation can mean another number since the region was changed.
    understood || digits_of(&a.raw) == digits_of(&b.raw)
}

/// The later notation, with the more telling kind of the two.
pub(super) fn richer(known: &Phone, said: &Phone) -> Phone {
    let kind = if said.kind == PhoneKind::Phone {
        known.kind
    } else {
        said.kind
    };
    Phone {
        kind,
        ..said.clone()
    }
}

/// A number in one notation: E.164 with its extension, or else its digits.
pub(super) fn plain_number(phone: &Phone) -> String {
    match (&phone.e164, &phone.extension) {
        (Some(e164), Some(extension)) => format!("{e164}*{extension}"),
        (Some(e164), None) => e164.clone(),
        (None, _) => digits_of(&phone.raw),
    }
}

/// What the one does not say, the other still holds.
pub(super) fn fill_from(contact: &mut Contact, old: &Contact) {
    for phone in &old.phones {
        match contact
            .phones
            .iter_mut()
            .find(|said| same_number(said, phone))
        {
            Some(said) => *said = richer(phone, said),
            None => contact.phones.push(phone.clone()),
        }
    }
    for email in &old.emails {
        if !contact.emails.contains(email) {
            contact.emails.push(email.clone());
        }
    }
    for (said, known) in [
        (&mut contact.company, &old.company),
        (&mut contact.job_title, &old.job_title),
        (&mut contact.avatar, &old.avatar),
        (&mut contact.url, &old.url),
    ] {
        if said.is_none() {
            said.clone_from(known);
        }
    }
    contact.number_keys = number_keys(contact);
}

/// Understands a contact's numbers anew, after the site's region has changed.
/// Returns `None` if nothing changes.
pub fn renumbered(
    contact: &Contact,
    numbering: &impl Numbering,
    region: Option<Region>,
    now: Millis,
) -> Option<Contact> {
    let phones: Vec<Phone> = contact
        .phones
        .iter()
        .map(|phone| phone_of(&phone.raw, phone.kind, numbering, region))
        .collect();
    if phones == contact.phones {
        return None;
    }
    let mut contact = contact.clone();
    contact.phones = phones;
    contact.number_keys = number_keys(&contact);
    contact.changed_at = now;
    Some(contact)
}

/// What the number index holds for a contact.
pub(super) fn number_keys(contact: &Contact) -> Vec<String> {
    let keys = contact.phones.iter();
    let mut keys: Vec<String> = keys
        .filter_map(|phone| key_of(&contact.site, phone))
        .collect();
    keys.sort();
    keys.dedup();
    keys
}

/// Returns what the number index holds for a number of a site's contact.
pub fn key_of(site: &str, phone: &Phone) -> Option<String> {
    let key = match &phone.e164 {
        Some(e164) => e164.clone(),
        None => extension_key(bare_extension(&phone.raw)?),
    };
    Some(number_key(site, &key))
}

fn number_key(site: &str, key: &str) -> String {
    format!("{site} {key}")
}

/// Extensions of the user's own phone system are no E.164 numbers.
fn extension_key(extension: &str) -> String {
    format!("ext {extension}")
}

/// A number the widget asks about, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// As the widget writes it: the key of its answer.
    pub asked: String,
    number: Option<ParsedNumber>,
    /// The key to look it up by.
    pub key: Option<String>,
}

impl Wanted {
    /// The number in E.164, without its extension.
    pub fn e164(&self) -> Option<&str> {
        self.number.as_ref().map(|number| number.e164.as_str())
    }

    /// The number as the widget dials it; as it was asked if it cannot be understood.
    pub fn to_dial(&self) -> String {
        match &self.number {
            Some(number) => with_extension(&number.e164, number.extension.as_deref()),
            None => self.asked.clone(),
        }
    }
}

/// Understands a number the widget asks about.
pub fn wanted(
    asked: &str,
    site: &str,
    numbering: &impl Numbering,
    region: Option<Region>,
) -> Wanted {
    let parsed = numbering.parse(asked, region);
    let extension = bare_extension(asked);
    let key = match (&parsed, extension) {
        (Some(number), _) => Some(number_key(site, &number.e164)),
        (None, Some(extension)) => Some(number_key(site, &extension_key(extension))),
        (None, None) => None,
    };
    Wanted {
        asked: asked.to_owned(),
        number: parsed,
        key,
    }
}

/// Returns who has a number, of the contacts that share its key: those that fit it best, and only those;
/// people before organisations, the latest reading first.
///
/// With an extension: who has that extension, else who has the number without one. Without:
/// who has the number without one, else everybody who has it.
pub fn matches<'a>(
    wanted: &Wanted,
    candidates: impl IntoIterator<Item = &'a Contact>,
) -> Vec<&'a Contact> {
    let Some(key) = &wanted.key else {
        return Vec::new();
    };
    let ranked: Vec<(Closeness, &Contact)> = candidates
        .into_iter()
        .filter(|contact| !contact.deleted && contact.number_keys.contains(key))
        .filter_map(|contact| Some((nearest(wanted, contact)?, contact)))
        .collect();
    let best = ranked.iter().map(|(rank, _)| *rank).min();
    let mut found: Vec<&Contact> = ranked
        .into_iter()
        .filter(|(rank, _)| Some(*rank) == best)
        .map(|(_, contact)| contact)
        .collect();
    found.sort_by_key(|contact| (contact.organisation, -contact.read_at));
    found
}

fn nearest(wanted: &Wanted, contact: &Contact) -> Option<Closeness> {
    let Some(asked) = &wanted.number else {
        // A bare extension: its key says it all.
        return Some(Closeness::Same);
    };
    contact
        .phones
        .iter()
        .filter_map(|phone| closeness(asked, &understood(phone)?))
        .min()
}

fn understood(phone: &Phone) -> Option<ParsedNumber> {
    Some(ParsedNumber {
        e164: phone.e164.clone()?,
        extension: phone.extension.clone(),
        valid: true,
    })
}
