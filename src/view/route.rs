//! Which part of the log book an address's fragment opens.

use crate::protocol::stored::SiteId;

/// A part of the log book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// The log.
    #[default]
    Log,
    /// The log with one entry open, by its key.
    Entry(String),
    /// The people.
    People,
    /// The people with one of them open.
    Person {
        /// The site.
        site: SiteId,
        /// The contact's id there.
        id: String,
    },
    /// The calls that are not logged yet.
    Unlogged,
}

impl Route {
    /// Reads a fragment (`#call:9001`, `#people/<site>/<id>`), with or without its `#`.
    /// What is nothing else is the log.
    pub fn of(fragment: &str) -> Self {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        let mut parts = fragment.splitn(3, '/');
        match (parts.next(), parts.next(), parts.next()) {
            (None | Some("" | "log"), None, None) => Self::Log,
            (Some("unlogged"), None, None) => Self::Unlogged,
            (Some("people"), Some(site), Some(id)) if !site.is_empty() && !id.is_empty() => {
                Self::Person {
                    site: decoded(site),
                    id: decoded(id),
                }
            }
            (Some("people"), _, _) => Self::People,
            _ => Self::Entry(decoded(fragment)),
        }
    }

    /// Returns the fragment, with its `#`.
    pub fn fragment(&self) -> String {
        match self {
            Self::Log => "#log".to_owned(),
            Self::Entry(key) => format!("#{}", encoded(key)),
            Self::People => "#people".to_owned(),
            Self::Person { site, id } => format!("#people/{}/{}", encoded(site), encoded(id)),
            Self::Unlogged => "#unlogged".to_owned(),
        }
    }

    /// Returns the view that it belongs to, as the page names it.
    pub fn view(&self) -> &'static str {
        match self {
            Self::Log | Self::Entry(_) => "log",
            Self::People | Self::Person { .. } => "people",
            Self::Unlogged => "unlogged",
        }
    }
}

fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~:".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for half in [byte >> 4, byte & 15] {
                encoded.extend(char::from_digit(u32::from(half), 16));
            }
        }
    }
    encoded
}

/// What is no escape stays as it is: keys reach us unescaped, too.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = after
            .split_at_checked(2)
            .filter(|_| *first == b'%')
            .and_then(|(digits, after)| {
                let digits = std::str::from_utf8(digits).ok()?;
                Some((u8::from_str_radix(digits, 16).ok()?, after))
            });
        let (byte, after) = escaped.unwrap_or((*first, after));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::Route;

    #[test]
    fn a_fragment_says_what_is_open() {
        for (fragment, route) in [
            ("", Route::Log),
            ("#", Route::Log),
            ("#log", Route::Log),
            ("#call:9001", Route::Entry("call:9001".to_owned())),
            ("#100%", Route::Entry("100%".to_owned())),
            ("#people", Route::People),
            ("#people/", Route::People),
            ("#people/https%3A%2F%2Fcrm.example", Route::People),
            ("#people/https%3A%2F%2Fcrm.example/", Route::People),
            ("#people//a1", Route::People),
            (
                "#people/https%3A%2F%2Fcrm.example/a/1",
                Route::Person {
                    site: "https://crm.example".to_owned(),
                    id: "a/1".to_owned(),
                },
            ),
            ("#unlogged", Route::Unlogged),
        ] {
            assert_eq!(Route::of(fragment), route, "{fragment}");
        }
    }

    #[test]
    fn every_route_comes_back_from_its_fragment() {
        for route in [
            Route::Log,
            Route::Entry("messages:c/1 ä%41:2026-11-20".to_owned()),
            Route::People,
            Route::Person {
                site: "https://crm.example".to_owned(),
                id: "https://crm.example/people/Jörg%20Münz".to_owned(),
            },
            Route::Unlogged,
        ] {
            assert_eq!(Route::of(&route.fragment()), route);
        }
    }
}
