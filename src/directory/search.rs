//! Whom a text in the dialer means, and how the answer passes the widget's own filter.
//!
//! The widget asks for matches of a text and then looks for that text again, literally: it keeps a row
//! where the lower-cased text occurs in the name or in the number. Whoever was found by something else
//! would never be seen, so the name that is answered carries what was found, behind a dot:
//! "Ada Byron · Engines Ltd". See [`Query::row`].

use super::folded;
use super::numbers::plain_number;
use crate::phone::{Numbering, ParsedNumber, Region, bare_extension, digits_of};
use crate::protocol::stored::{Contact, Phone};
use crate::protocol::widget;

/// The fewest digits that are looked for inside numbers.
const FEWEST_DIGITS: usize = 3;
/// The fewest letters of a word in which a typing error is forgiven, as typed and as it stands.
const FEWEST_LETTERS: usize = 4;

/// How a contact was found, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Hit {
    /// Every word begins a word of the name.
    Name,
    /// Every word begins a word of the name, the company or an e-mail address.
    Other,
    /// The digits stand in a number, and what else was typed begins words.
    Number,
    /// As the first, but for one typing error.
    NearName,
    /// As the second, but for one typing error.
    NearOther,
}

/// What was typed, understood.
#[derive(Clone, Debug, Default)]
pub struct Query {
    text: String,
    words: Vec<String>,
    /// The words besides the number.
    beside: Vec<String>,
    /// The digits as typed, and without the prefix that stands before a national or foreign number.
    digits: Vec<String>,
    number: Option<ParsedNumber>,
}

impl Query {
    /// Understands a text whose digits are a piece of some number.
    pub fn new(text: &str) -> Self {
        let words: Vec<String> = folded(text)
            .split_whitespace()
            .map(|word| {
                word.trim_matches([',', ';', '(', ')', '"', '\''])
                    .to_owned()
            })
            .filter(|word| !word.is_empty())
            .collect();
        let has_letters = |word: &String| word.chars().any(char::is_alphabetic);
        let (beside, digits) = if bare_extension(text).is_some() {
            (Vec::new(), digits_of(text))
        } else {
            let (beside, numbers): (Vec<String>, Vec<String>) =
                words.iter().cloned().partition(has_letters);
            (beside, digits_of(&numbers.concat()))
        };
        Self {
            text: text.to_lowercase(),
            words,
            beside,
            digits: notations(&digits),
            number: None,
        }
    }

    /// Understands a text that may also be a whole number, in any notation.
    pub fn with_number(text: &str, numbering: &impl Numbering, region: Option<Region>) -> Self {
        Self {
            number: numbering.parse(text, region),
            ..Self::new(text)
        }
    }

    /// Returns the contacts that are meant, best first.
    pub fn find<'a>(&self, contacts: impl IntoIterator<Item = &'a Contact>) -> Vec<&'a Contact> {
        let found = find_over([(self, contacts)]).into_iter();
        found.map(|(_, contact)| contact).collect()
    }

    fn hit(&self, contact: &Contact) -> Option<Hit> {
        if self.words.is_empty() {
            return None;
        }
        let mut all = folded(&contact.name);
        let name_ends = all.len();
        for part in contact.company.iter().chain(&contact.emails) {
            all.push(' ');
            all.push_str(&folded(part));
        }
        let name = all.get(..name_ends).unwrap_or_default();
        let all_begin = |words: &[String], text: &str| {
            let mut words = words.iter();
            words.all(|word| begins_a_word(text, |rest| rest.starts_with(word)))
        };
        if all_begin(&self.words, name) {
            return Some(Hit::Name);
        }
        if all_begin(&self.words, &all) {
            return Some(Hit::Other);
        }
        if contact.phones.iter().any(|phone| self.is_in(phone))
            && (self.number.is_some() || all_begin(&self.beside, &all))
        {
            return Some(Hit::Number);
        }
        if !self.nearly_begins(&all) {
            return None;
        }
        let near_name = self.nearly_begins(name);
        Some(if near_name {
            Hit::NearName
        } else {
            Hit::NearOther
        })
    }

    /// Whether a number is the one that was typed, or holds the digits that were.
    fn is_in(&self, phone: &Phone) -> bool {
        let whole = self.number.as_ref().is_some_and(|number| {
            let extension = number.extension.is_none() || number.extension == phone.extension;
            phone.e164.as_ref() == Some(&number.e164) && extension
        });
        let holds = |text: &str| {
            let text = digits_of(text);
            self.digits.iter().any(|digits| text.contains(digits))
        };
        whole || holds(&plain_number(phone)) || holds(&phone.raw)
    }

    /// Whether every word begins a word of a text, one of them with one typing error.
    fn nearly_begins(&self, text: &str) -> bool {
        let mut errors = 0;
        self.words.iter().all(|word| {
            if begins_a_word(text, |rest| rest.starts_with(word)) {
                return true;
            }
            errors += 1;
            let letters: Vec<char> = word.chars().collect();
            errors == 1
                && letters.len() >= FEWEST_LETTERS
                && letters.iter().all(|letter| letter.is_alphabetic())
                && begins_a_word(text, |rest| begins_but_for_one(rest, &letters))
        })
    }

    /// Returns a contact that was found, as it is answered.
    ///
    /// Its name begins with the contact's name and holds the typed text, unless one of its numbers does: the
    /// company, the e-mail address or the number in which the text stands follows behind a dot, and where
    /// it stands in none of them (words in another order, a typing error, another notation) the text itself.
    /// Where a number was looked for, only the numbers that were meant are answered.
    pub fn row(&self, contact: &Contact) -> Contact {
        let mut row = contact.clone();
        let holds = |text: &str| text.to_lowercase().contains(&self.text);
        if holds(&row.name) {
            return row;
        }
        let mut parts: Vec<&str> = Vec::new();
        if self.hit(contact) == Some(Hit::Number) {
            row.phones.retain(|phone| self.is_in(phone));
            if row.phones.iter().any(|it| holds(&widget::phone_number(it))) {
                return row;
            }
            parts.extend(row.phones.iter().map(|phone| phone.raw.as_str()));
        }
        parts.extend(contact.company.as_deref());
        parts.extend(contact.emails.iter().map(String::as_str));
        let with = |part: &str| format!("{} · {part}", contact.name);
        let carried = parts.into_iter().map(with).find(|name| holds(name));
        row.name = carried.unwrap_or_else(|| with(&self.text));
        row
    }
}

/// Returns the contacts of several sites that are meant, best first, each with the query as its site
/// understands it.
pub fn find_over<'q, 'a, C: IntoIterator<Item = &'a Contact>>(
    sites: impl IntoIterator<Item = (&'q Query, C)>,
) -> Vec<(&'q Query, &'a Contact)> {
    let mut found: Vec<(Hit, &Query, &Contact)> = Vec::new();
    for (query, contacts) in sites {
        for contact in contacts.into_iter().filter(|it| !it.deleted) {
            if let Some(hit) = query.hit(contact) {
                found.push((hit, query, contact));
            }
        }
    }
    found.sort_by(|(a, _, one), (b, _, other)| {
        (a, one.organisation, &one.name, &one.id, &one.site).cmp(&(
            b,
            other.organisation,
            &other.name,
            &other.id,
            &other.site,
        ))
    });
    let found = found.into_iter();
    found.map(|(_, query, contact)| (query, contact)).collect()
}

/// Returns the contacts that a text means, best first.
pub fn search<'a>(text: &str, contacts: &'a [Contact], limit: usize) -> Vec<&'a Contact> {
    let mut found = Query::new(text).find(contacts);
    found.truncate(limit);
    found
}

/// The digits as typed, and as E.164 has them: without the `00` or the `0` in front.
fn notations(digits: &str) -> Vec<String> {
    let mut all = vec![digits.to_owned()];
    for prefix in ["00", "0"] {
        all.extend(digits.strip_prefix(prefix).map(str::to_owned));
    }
    all.retain(|digits| digits.len() >= FEWEST_DIGITS);
    all
}

/// Whether a text, from the beginning of one of its words on, is what is looked for.
fn begins_a_word(text: &str, is_it: impl Fn(&str) -> bool) -> bool {
    let mut before = ' ';
    text.char_indices().any(|(at, letter)| {
        let begins =
            before.is_whitespace() || (!before.is_alphanumeric() && letter.is_alphanumeric());
        before = letter;
        begins && text.get(at..).is_some_and(&is_it)
    })
}

/// Whether a text begins with some letters but for one error: a letter too many, one missing, another one,
/// or two the wrong way round.
fn begins_but_for_one(text: &str, typed: &[char]) -> bool {
    let word = text.chars().take_while(|letter| letter.is_alphanumeric());
    if word.take(FEWEST_LETTERS).count() < FEWEST_LETTERS {
        return false;
    }
    let same = text.chars().zip(typed).take_while(|(a, b)| a == *b).count();
    let rest = |from: usize| typed.get(from..).unwrap_or_default();
    let begins = |from: usize, typed: &[char]| {
        let mut letters = text.chars().skip(from);
        typed.iter().all(|letter| letters.next() == Some(*letter))
    };
    let swapped = || match (
        text.chars().nth(same),
        text.chars().nth(same + 1),
        rest(same),
    ) {
        (Some(one), Some(two), [first, second, after @ ..]) => {
            one == *second && two == *first && begins(same + 2, after)
        }
        _ => false,
    };
    rest(same).is_empty()
        || begins(same + 1, rest(same + 1))
        || begins(same, rest(same + 1))
        || begins(same + 1, rest(same))
        || swapped()
}
