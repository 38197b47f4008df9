//! The people of a site: how readings become contacts, and how contacts are found again.
//!
//! - [`read`]: what a page states, understood, and what it changes.
//! - [`gone`]: what is kept of a contact that was forgotten, wiped or merged into another.
//! - [`numbers`]: who has a number.
//! - [`mod@search`]: whom a typed text means, and how the answer passes the widget's own filter.

pub mod gone;
pub mod numbers;
pub mod read;
pub mod search;

pub use numbers::{Wanted, matches, renumbered, wanted};
pub use read::{Ingested, Occasion, Understood, id_of, ingest, phones_of, understand};
pub use search::search;

use crate::protocol::stored::Contact;

/// Lower case, with the accents of Latin letters taken off, so that "jose" finds "José".
pub fn folded(text: &str) -> String {
    // Most are, and a search folds everybody.
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars()
        .flat_map(char::to_lowercase)
        .map(plain_letter)
        .collect()
}

fn plain_letter(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ğ' => 'g',
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' => 's',
        'ť' | 'ţ' => 't',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    }
}

/// Returns the company, else what else tells a contact from a namesake; empty if there is nothing.
pub fn about(contact: &Contact) -> String {
    let parts: Vec<&str> = [&contact.company, &contact.job_title]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    parts.join(", ")
}

/// Whether two contacts are likely one: the same name, or a number or an e-mail address in common.
pub fn are_likely_one(one: &Contact, other: &Contact) -> bool {
    one.organisation == other.organisation
        && (folded(one.name.trim()) == folded(other.name.trim())
            || one.phones.iter().any(|phone| {
                let same = |known| numbers::same_number(known, phone);
                other.phones.iter().any(same)
            })
            || one.emails.iter().any(|email| {
                let same = |known: &String| known.eq_ignore_ascii_case(email);
                other.emails.iter().any(same)
            }))
}
