//! What is kept of a contact that was forgotten, wiped or merged into another: nothing personal, but
//! enough to tell the widgets, and to know it again.

use super::numbers::{fill_from, number_keys};
use super::read::mark;
use crate::protocol::stored::{Contact, Millis};

/// What is kept of a contact that the user forgot by name: it stays forgotten when it is read again, also
/// where a page states it without its id.
pub fn forgotten(contact: &Contact, now: Millis) -> Contact {
    Contact {
        number_keys: marks_of(contact)
            .map(|mark| gone_key(&contact.site, &mark))
            .collect(),
        ..tombstone(contact, now)
    }
}

/// What is kept of a contact that was wiped with its site: a new reading brings it back.
pub fn wiped(contact: &Contact, now: Millis) -> Contact {
    Contact {
        returns: true,
        ..tombstone(contact, now)
    }
}

/// Merges a duplicate into the contact that stays; returns what is kept of the duplicate.
///
/// What the user says of one holds for both, and a no of either is a no.
pub fn merge(winner: &mut Contact, duplicate: &Contact, now: Millis) -> Contact {
    fill_from(winner, duplicate);
    winner.do_not_contact = match (winner.do_not_contact, duplicate.do_not_contact) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (one, other) => one.or(other),
    };
    winner.page_says_no |= duplicate.page_says_no;
    // What was merged before comes along.
    for id in duplicate.merged.iter().chain([&duplicate.id]) {
        if !winner.merged.contains(id) {
            winner.merged.push(id.clone());
        }
    }
    winner.number_keys = number_keys(winner);
    winner.changed_at = now;
    Contact {
        merged_into: Some(winner.id.clone()),
        ..tombstone(duplicate, now)
    }
}

/// A contact of the same site and id with nothing personal in it.
fn tombstone(contact: &Contact, now: Millis) -> Contact {
    Contact {
        site: contact.site.clone(),
        id: contact.id.clone(),
        organisation: contact.organisation,
        merged: contact.merged.clone(),
        changed_at: now,
        deleted: true,
        ..Contact::default()
    }
}

/// What the number index holds for somebody forgotten.
pub(super) fn gone_key(site: &str, mark: &str) -> String {
    format!("{site} gone {mark}")
}

/// By what a contact is known again: its name, with each number and each address.
pub(super) fn marks_of(contact: &Contact) -> impl Iterator<Item = String> {
    let numbers = contact.phones.iter().map(super::numbers::plain_number);
    let emails = contact.emails.iter().map(|email| email.to_lowercase());
    numbers
        .chain(emails)
        .map(|key| mark(&contact.name, contact.organisation, &key))
}
