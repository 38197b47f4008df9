//! The selectors of hints: one compound selector, no combinators, so that matching is a look at one element.
//!
//! `tag`, `.class`, `[attribute]`, `[attribute=value]`, `[attribute^=start]`, `[attribute*=part]`, in any number, the tag first.

use crate::RuleError;

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
        let word = |c: char| c.is_alphanumeric() || "-_".contains(c);
        let end = text.find(|c| !word(c)).unwrap_or(text.len());
        let (tag, mut rest) = text.split_at_checked(end)?;
        let mut tests = Vec::new();
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('.') {
                let end = after.find(|c| !word(c)).unwrap_or(after.len());
                let (class, after) = after.split_at_checked(end)?;
                if class.is_empty() {
                    return None;
                }
                tests.push(Test::Class(class));
                rest = after;
                continue;
            }
            let (inside, after) = rest.strip_prefix('[')?.split_once(']')?;
            rest = after;
            let Some((name, value)) = inside.split_once('=') else {
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
        (self.tag.is_empty() || self.tag == tag)
            && self.tests.iter().all(|test| match *test {
                Test::Class(class) => attribute("class")
                    .is_some_and(|all| all.split_ascii_whitespace().any(|it| it == class)),
                Test::Has(name) => attribute(name).is_some(),
                Test::Equals(name, value) => attribute(name) == Some(value),
                Test::Starts(name, value) => {
                    attribute(name).is_some_and(|it| it.starts_with(value))
                }
                Test::Contains(name, value) => attribute(name).is_some_and(|it| it.contains(value)),
            })
    }
}
