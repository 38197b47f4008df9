//! How what is kept becomes what is shown: the decisions behind the popup and the log book.
//!
//! Everything here is pure. Texts are named by message key (`_locales`), times stay numbers;
//! the shells ask the browser for the user's language and clock.
//!
//! - [`notice`]: the message keys for what is wrong, and where in the popup each is shown.
//! - [`site`]: which face the popup shows for a site.
//! - [`outcome`]: how a call ended, in one word.
//! - [`person`]: whom a log row names, and which addresses may become links.
//! - [`duration()`]: lengths of time as digits.
//! - [`day`]: which day a row belongs to.
//! - [`ledger`]: the rows the log book has loaded, kept right over paging and refreshing.
//! - [`route`]: which part of the log book an address opens.
//! - [`entry`]: an entry in words.
//! - [`mod@file`]: how a recording or an attachment is shown.
//! - [`draft`]: a text that is saved as it is typed.
//! - [`picks`]: which rows are ticked.

pub mod attention;
pub mod day;
pub mod draft;
mod duration;
pub mod entry;
pub mod file;
pub mod ledger;
pub mod notice;
pub mod outcome;
pub mod person;
pub mod picks;
pub mod route;
pub mod site;

pub use duration::{duration, iso_duration};
pub use outcome::outcome_key;

/// Returns the message key of a counted text: `read_people` and the plural category "one" give `read_people_one`.
///
/// The category is the word of `Intl.PluralRules`; every counted text has at least `_other`.
pub fn plural_key(base: &str, category: &str) -> String {
    format!("{base}_{category}")
}

#[cfg(test)]
mod tests;
