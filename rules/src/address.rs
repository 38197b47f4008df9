//! Patterns of hosts and addresses: a small language, so that a rule stays readable and costs no regex.
//!
//! An address pattern is a path, then maybe a query, then maybe a fragment, as an address is written:
//! `/contacts/{tenant:digits}/record/0-1/{id:digits}`, `/main.aspx?etn=contact&id={id}`, `/nc/#/contacts/{id}`.
//!
//! - In a path, `{id}` and `{tenant}` stand for a whole segment or the rest of one, `*` for any segment, a last `**` for any number of segments.
//! - `{id:digits}`, `{id:hex}` (with `-` and braces, as GUIDs are written) and `{id:word}` (letters, digits, `-`, `_`) accept no other text.
//! - The parts of a query may come in any order, among others; a value that begins with `/` is a path itself.
//! - A fragment is matched as a path, up to its own `?` or `;`.

use crate::RuleError;
use crate::pieces::{before, contains, cut, pieces};

/// An address, taken apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place<'a> {
    /// The host in lower case, without port.
    pub host: &'a str,
    /// The path, beginning with `/`.
    pub path: &'a str,
    /// The query without `?`.
    pub query: &'a str,
    /// The fragment without `#`.
    pub fragment: &'a str,
}

/// What a pattern found in an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The text at `{id}`.
    pub id: Option<String>,
    /// The text at `{tenant}`.
    pub tenant: Option<String>,
}

/// A host pattern: exact, `*.suffix` or `{tenant}.suffix`.
#[derive(Clone, Copy, Debug)]
pub struct HostPattern<'a>(pub &'a str);

impl HostPattern<'_> {
    /// Returns the tenant where the host fits, an empty text where the pattern names none.
    pub fn find_tenant<'h>(&self, host: &'h str) -> Option<&'h str> {
        let whole = self.0;
        if let Some(suffix) = whole.strip_prefix("{tenant}") {
            let tenant = host.strip_suffix(suffix)?;
            return (!tenant.is_empty() && !contains(tenant, ".")).then_some(tenant);
        }
        if let Some(suffix) = whole.strip_prefix('*') {
            return host
                .strip_suffix(suffix)
                .filter(|before| !before.is_empty())
                .map(|_| "");
        }
        (host == whole).then_some("")
    }

    /// Checks the pattern.
    ///
    /// # Errors
    /// Names the pattern if it is none.
    pub fn check(&self) -> Result<(), RuleError> {
        let fixed = ["{tenant}", "*"]
            .iter()
            .find_map(|start| self.0.strip_prefix(start)?.strip_prefix('.'))
            .unwrap_or(self.0);
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
        if fixed.contains('.')
            && fixed.split('.').all(|label| !label.is_empty())
            && fixed.chars().all(plain)
        {
            Ok(())
        } else {
            Err(RuleError::Host(self.0.to_owned()))
        }
    }
}

/// An address pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    path: Segments,
    query: Vec<(String, Segments)>,
    fragment: Option<Segments>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Segments {
    parts: Vec<Segment>,
    /// Whether more segments may follow.
    open: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Any,
    /// Literal text, then what is to be found.
    Capture(String, Name, Accepts),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Id,
    Tenant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Accepts {
    Text,
    Digits,
    Hex,
    Word,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Names the pattern if it is none.
    pub fn parse(pattern: &str) -> Result<Self, RuleError> {
        Self::read(pattern).ok_or_else(|| RuleError::Pattern(pattern.to_owned()))
    }

    fn read(pattern: &str) -> Option<Self> {
        let (rest, fragment) = match cut(pattern, "#") {
            Some((rest, fragment)) => (rest, Some(Segments::parse(fragment)?)),
            None => (pattern, None),
        };
        let (path, parts) = cut(rest, "?").unwrap_or((rest, ""));
        if !path.starts_with('/') {
            return None;
        }
        let mut query = Vec::new();
        for part in pieces(parts, "&") {
            let (name, value) = cut(part, "=")?;
            query.push((name.to_owned(), Segments::parse(value)?));
        }
        Some(Self {
            path: Segments::parse(path)?,
            query,
            fragment,
        })
    }

    /// Returns whether the pattern has `{name}`.
    pub fn names(&self, name: &str) -> bool {
        let all = std::iter::once(&self.path)
            .chain(self.query.iter().map(|(_, value)| value))
            .chain(&self.fragment);
        all.flat_map(|segments| &segments.parts).any(|part| {
            matches!(
                (part, name),
                (Segment::Capture(_, Name::Id, _), "id")
                    | (Segment::Capture(_, Name::Tenant, _), "tenant")
            )
        })
    }

    /// Returns what the pattern finds in an address, if it fits.
    pub fn find(&self, place: &Place<'_>) -> Option<Found> {
        let mut found = Found::default();
        self.path.find(place.path, &mut found)?;
        for (name, value) in &self.query {
            let mut parts = pieces(place.query, "&").filter_map(|part| cut(part, "="));
            let (_, given) = parts.find(|(own, _)| own == name)?;
            value.find(&decoded(given), &mut found)?;
        }
        if let Some(fragment) = &self.fragment {
            let given = before(place.fragment, "?;");
            fragment.find(given, &mut found)?;
        }
        Some(found)
    }
}

impl Segments {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut open = false;
        for part in pieces(text, "/") {
            if open {
                return None;
            }
            open = part == "**";
            if !open {
                parts.push(Segment::parse(part)?);
            }
        }
        Some(Self { parts, open })
    }

    fn find(&self, text: &str, found: &mut Found) -> Option<()> {
        let mut given = pieces(text, "/");
        for part in &self.parts {
            let segment = given.next()?;
            match part {
                Segment::Any => {}
                Segment::Literal(literal) => {
                    if !literal.eq_ignore_ascii_case(segment) {
                        return None;
                    }
                }
                Segment::Capture(before, name, accepts) => {
                    let segment = decoded(segment);
                    let text = segment.strip_prefix(before.as_str())?;
                    if text.is_empty() || !text.bytes().all(|it| accepts.accepts(it)) {
                        return None;
                    }
                    let place = match name {
                        Name::Id => &mut found.id,
                        Name::Tenant => &mut found.tenant,
                    };
                    *place = Some(text.to_owned());
                }
            }
        }
        (self.open || given.next().is_none()).then_some(())
    }
}

impl Segment {
    fn parse(part: &str) -> Option<Self> {
        if part == "*" {
            return Some(Self::Any);
        }
        if !part.bytes().any(|it| matches!(it, b'{' | b'}' | b'*')) {
            return Some(Self::Literal(part.to_owned()));
        }
        let (before, rest) = cut(part, "{")?;
        let inside = rest.strip_suffix('}')?;
        let (name, accepts) = cut(inside, ":").unwrap_or((inside, "text"));
        let name = match name {
            "id" => Name::Id,
            "tenant" => Name::Tenant,
            _ => return None,
        };
        let accepts = match accepts {
            "text" => Accepts::Text,
            "digits" => Accepts::Digits,
            "hex" => Accepts::Hex,
            "word" => Accepts::Word,
            _ => return None,
        };
        Some(Self::Capture(before.to_owned(), name, accepts))
    }
}

impl Accepts {
    fn accepts(self, byte: u8) -> bool {
        match self {
            Self::Text => true,
            Self::Digits => byte.is_ascii_digit(),
            Self::Hex => byte.is_ascii_hexdigit() || matches!(byte, b'-' | b'{' | b'}'),
            Self::Word => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'),
        }
    }
}

/// Percent-decodes; what is not valid stays as it is.
pub fn decoded(text: &str) -> String {
    if !contains(text, "%") {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let digits = (byte == b'%')
            .then(|| Some((hex_of(ahead.next()?)?, hex_of(ahead.next()?)?)))
            .flatten();
        if let Some((high, low)) = digits {
            bytes.push(high * 16 + low);
            rest = ahead;
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex_of(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}
