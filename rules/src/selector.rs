//! The selectors of hints: one compound selector, no combinators, so that matching is a look at one element.
//!
//! `tag`, `.class`, `[attribute]`, `[attribute=value]`, `[attribute^=start]`, `[attribute*=part]`, in any number, the tag first.

use crate::RuleError;
use crate::pieces::{contains, cut, pieces};

/// A simple selector.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector<'s> {
    tag: &'s str,
    tests: Vec<Test<'s>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test<'s> {
    Class(&'s str),
    Has(&'s str),
    Equals(&'s str, &'s str),
    Starts(&'s str, &'s str),
    Contains(&'s str, &'s str),
}

impl<'s> Selector<'s> {
    /// Reads a selector.
    ///
    /// # Errors
    /// Names the selector if it is none of these.
    pub fn parse(text: &'s str) -> Result<Self, RuleError> {
        Self::read(text).ok_or_else(|| RuleError::Selector(text.to_owned()))
    }

    fn read(text: &'s str) -> Option<Self> {
        let (tag, mut rest) = word_of(text)?;
        let mut tests = Vec::new();
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('.') {
                let (class, after) = word_of(after)?;
                if class.is_empty() {
                    return None;
                }
                tests.push(Test::Class(class));
                rest = after;
                continue;
            }
            let (inside, after) = cut(rest.strip_prefix('[')?, "]")?;
            rest = after;
            let Some((name, value)) = cut(inside, "=") else {
                tests.push(Test::Has(inside));
                continue;
            };
            let value = value.trim_matches(['"', '\'']);
            tests.push(if let Some(name) = name.strip_suffix('^') {
                Test::Starts(name, value)
            } else if let Some(name) = name.strip_suffix('*') {
                Test::Contains(name, value)
            } else {
                Test::Equals(name, value)
            });
        }
        (!tag.is_empty() || !tests.is_empty()).then_some(Self { tag, tests })
    }

    /// Returns whether an element fits; `attribute` gives the element's attributes by name.
    pub fn fits<'e>(&self, tag: &str, attribute: impl Fn(&str) -> Option<&'e str>) -> bool {
        self.fits_any(tag, &attribute)
    }

    fn fits_any<'e>(&self, tag: &str, attribute: &dyn Fn(&str) -> Option<&'e str>) -> bool {
        (self.tag.is_empty() || self.tag == tag)
            && self.tests.iter().all(|test| match *test {
                Test::Class(class) => attribute("class")
                    .is_some_and(|all| pieces(all, " \t\n\r\u{c}").any(|it| it == class)),
                Test::Has(name) => attribute(name).is_some(),
                Test::Equals(name, value) => attribute(name) == Some(value),
                Test::Starts(name, value) => {
                    attribute(name).is_some_and(|it| it.starts_with(value))
                }
                Test::Contains(name, value) => {
                    attribute(name).is_some_and(|it| contains(it, value))
                }
            })
    }
}

/// Splits off the name that a text begins with, which may be empty.
fn word_of(text: &str) -> Option<(&str, &str)> {
    let plain = |it: u8| it.is_ascii_alphanumeric() || it == b'-' || it == b'_' || it >= 0x80;
    let end = text.bytes().position(|it| !plain(it));
    text.split_at_checked(end.unwrap_or(text.len()))
}
