//! Judgements on pieces of text: is this a number, an address, a name?

use switchboard_rules::pieces::{
    before, contains, cut, cut_last, find_any, joined, pieces, trim, trim_start,
};

use super::words::{self, fold};

/// Marks of the beginning of an extension, longest first.
const EXTENSIONS: &str = ";ext= extension durchwahl anschluss interno ramal poste toestel extn ext. ext 内線 分机 xtn x # *";

/// A phone number in a text, and what is around it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'t> {
    pub number: &'t str,
    pub before: &'t str,
    pub behind: &'t str,
}

impl Found<'_> {
    /// Returns what is left of the text without the number.
    pub(crate) fn around(&self) -> String {
        joined(&[self.before, " ", self.behind])
    }
}

/// Returns the first phone number in a text.
///
/// A number begins with `+`, `(` or a digit, goes on in digits and the marks between them, holds 5 to 17 digits and may end in an extension.
pub(crate) fn find_phone(text: &str) -> Option<Found<'_>> {
    let mut last = ' ';
    let mut passed = 0;
    for (start, c) in text.char_indices() {
        let after_word = last.is_alphanumeric();
        last = c;
        if start < passed || !(is_digit(c) || matches!(c, '+' | '＋' | '(')) {
            continue;
        }
        let run = text.get(start..)?;
        let length = number_length(run);
        if length > 0 && !after_word {
            let end = start + length;
            let end = end + extension_length(text.get(end..)?);
            return Some(Found {
                number: text.get(start..end)?.trim(),
                before: text.get(..start)?,
                behind: text.get(end..)?,
            });
        }
        // What is no number at its beginning is none at its second digit.
        let other = |it: &(usize, char)| !is_between(it.1) && !is_digit(it.1);
        let step = run.char_indices().find(other);
        passed = start + step.map_or(run.len(), |(at, _)| at);
    }
    None
}

/// Length in bytes of the number a text begins with, 0 if it does not.
fn number_length(text: &str) -> usize {
    let mut digits = 0;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if is_digit(c) {
            digits += 1;
            end = at + c.len_utf8();
        } else if c == ')' {
            end = if digits > 0 { at + 1 } else { end };
        } else if !is_between(c) || (c == '+' && at > 0) {
            // "1-800-FLOWERS" is nobody's; a letter right behind belongs to an id, unless it begins an extension.
            if c.is_alphabetic() && end == at && extension_length(text.get(at..).unwrap_or("")) == 0
            {
                return 0;
            }
            break;
        }
    }
    if (5..=17).contains(&digits) { end } else { 0 }
}

/// Length in bytes of the extension a text begins with, 0 if it does not.
fn extension_length(text: &str) -> usize {
    let mut start = text;
    if !text.starts_with(";ext=") {
        while let Some(rest) = start
            .strip_prefix('\u{a0}')
            .or_else(|| Some(trim_start(start, " ,;(-")).filter(|it| it.len() < start.len()))
        {
            start = rest;
        }
    }
    for mark in pieces(EXTENSIONS, " ") {
        let Some(rest) = behind_folded(start, mark) else {
            continue;
        };
        let rest = trim_start(rest, " .:=");
        let rest = rest.strip_prefix('\u{a0}').unwrap_or(rest);
        let digits = rest.len() - trim_start(rest, "0123456789").len();
        if (1..=7).contains(&digits) {
            return text.len() - rest.len() + digits;
        }
    }
    0
}

/// Returns what stands behind a beginning in small letters, in whatever case the text is written.
fn behind_folded<'t>(text: &'t str, beginning: &str) -> Option<&'t str> {
    let mut rest = text.chars();
    for c in beginning.chars() {
        if fold(rest.next()?) != c {
            return None;
        }
    }
    Some(rest.as_str())
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

fn is_between(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{a0}'
            | '\u{202f}'
            | '\u{2009}'
            | '-'
            | '‐'
            | '‑'
            | '–'
            | '.'
            | '/'
            | '('
            | ')'
            | '+'
            | '＋'
            | '－'
    )
}

/// Returns whether a whole text, with nothing that says so, is surely a phone number: `+44 20 7946 0018`, `(555) 700-1122`, `020 7946 0018 ext. 204`.
pub(crate) fn is_surely_phone(text: &str) -> bool {
    let Some(Found {
        number,
        before,
        behind,
    }) = find_phone(text)
    else {
        return false;
    };
    if !before.trim().is_empty() || !behind.trim().is_empty() {
        return false;
    }
    let digits = count_digits(number);
    let mut parts = 0;
    let mut lengths = [0; 4];
    for part in split(number, |c| !is_digit(c)) {
        if let Some(length) = lengths.get_mut(parts) {
            *length = part.len();
        }
        parts += 1;
    }
    // "2025-11-04" and its like, "10.0.0.12", "1.234.567,00".
    let date = matches!(
        lengths,
        [4, 2, 2, 0] | [2, 2, 4, 0] | [1 | 2, 1 | 2, 4, 0] | [4, 1 | 2, 1 | 2, 0]
    );
    let starts = matches!(number.chars().next(), Some('+' | '＋' | '(' | '0'));
    let american = matches!(lengths, [3, 3, 4, _] | [1, 3, 3, 4]);
    !date
        && digits >= 7
        && (number.starts_with('+')
            || (parts > 1 && digits >= 9 && (starts || american))
            || (starts && digits >= 10))
}

/// Returns the ASCII digits of a text.
pub(crate) fn digits_of(text: &str) -> String {
    let mut digits = text.to_owned();
    digits.retain(|it| it.is_ascii_digit());
    digits
}

/// Returns how many digits a text has.
pub(crate) fn count_digits(text: &str) -> usize {
    text.chars().filter(|c| is_digit(*c)).count()
}

/// Splits a text at some characters; empty pieces are left out.
pub(crate) fn split(text: &str, is_mark: fn(char) -> bool) -> Split<'_> {
    Split {
        rest: text,
        is_mark,
    }
}

/// See [`split`].
pub(crate) struct Split<'t> {
    rest: &'t str,
    is_mark: fn(char) -> bool,
}

impl<'t> Iterator for Split<'t> {
    type Item = &'t str;

    #[inline(never)]
    fn next(&mut self) -> Option<&'t str> {
        while !self.rest.is_empty() {
            let mut behind = self.rest.chars();
            let mut end = 0;
            for c in behind.by_ref() {
                if (self.is_mark)(c) {
                    break;
                }
                end += c.len_utf8();
            }
            let piece = self.rest.get(..end).unwrap_or("");
            self.rest = behind.as_str();
            if !piece.is_empty() {
                return Some(piece);
            }
        }
        None
    }
}

/// Returns the lines of a text that are not blank, trimmed.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    pieces(text, "\n")
        .map(str::trim)
        .filter(|it| !it.is_empty())
}

/// Returns the whole e-mail addresses in a text; one that is cut short ("ada@exam…") is none.
pub(crate) fn emails_in(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    if !contains(text, "@") {
        return found;
    }
    let is_mark = |c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '(' | ')' | '"' | '[' | ']' | '|')
    };
    for word in split(text, is_mark) {
        let word = before(word.strip_prefix("mailto:").unwrap_or(word), "?");
        if word.ends_with("...") || word.ends_with('…') {
            continue;
        }
        let word = trim(word, ".:'");
        if is_email(word) {
            found.push(word);
        }
    }
    found
}

fn is_email(word: &str) -> bool {
    let Some((local, domain)) = cut(word, "@") else {
        return false;
    };
    let Some((before, last)) = cut_last(domain, b'.') else {
        return false;
    };
    let in_local = |c: char| {
        c.is_alphanumeric()
            || (c.is_ascii_graphic()
                && !matches!(
                    c,
                    '"' | '(' | ')' | ',' | ':' | ';' | '<' | '>' | '@' | '[' | '\\' | ']'
                ))
    };
    !local.is_empty()
        && local.chars().all(in_local)
        && !before.is_empty()
        && last.chars().count() >= 2
        && last.chars().all(char::is_alphanumeric)
        && domain
            .chars()
            .all(|c| c.is_alphanumeric() || c == '-' || c == '.')
}

/// Returns whether a text can be the name of a person or company at all.
pub(crate) fn can_be_name(text: &str) -> bool {
    let length = text.chars().count();
    (2..=80).contains(&length)
        && find_any(text, "@\n").is_none()
        && text.chars().any(char::is_alphabetic)
        && count_digits(text) <= 4
        && !words::is_interface(text)
}

/// Returns whether a text looks like the name of a person: two to five capitalised words, or a few characters of a script without case.
pub(crate) fn looks_personal(text: &str) -> bool {
    if !can_be_name(text)
        || words::is_company(text)
        || count_digits(text) > 0
        || find_any(text, ":/!?|").is_some()
        || contains(text, "…")
    {
        return false;
    }
    let (mut words, mut big, mut shouts, mut ends) = (0, 0, 0, true);
    let mut last_ends = true;
    for word in split(text, char::is_whitespace) {
        let (mut letters, mut capitals, mut caseless) = (0, 0, true);
        for c in word.chars() {
            letters += 1;
            capitals += usize::from(c.is_uppercase());
            caseless &= c.is_alphabetic() && !c.is_uppercase() && !c.is_lowercase();
        }
        if caseless {
            return text.chars().count() <= 12;
        }
        words += 1;
        big += usize::from(word.starts_with(char::is_uppercase));
        // "Engines XYZ": an abbreviation in a name written small is a company's.
        shouts += usize::from(letters >= 3 && capitals == letters);
        last_ends = capitals > 0 || word.ends_with('.');
        ends &= words > 1 || last_ends;
    }
    (2..=6).contains(&words) && big >= 2 && (shouts == 0 || shouts == words) && ends && last_ends
}

/// Returns whether a text is the initials of an avatar rather than a name: one to three capitals.
pub(crate) fn is_initials(text: &str) -> bool {
    let letters = text.chars().count();
    (1..=3).contains(&letters)
        && text
            .chars()
            .all(|c| c.is_uppercase() || (!c.is_lowercase() && c.is_alphabetic() && letters == 1))
}

/// Returns whether a short text is made of the first letters of a name's words, as avatars show them: "AB", "山太".
pub(crate) fn is_initials_of(text: &str, name: &str) -> bool {
    let mut letters = text.chars();
    let mut count = 0;
    for word in split(name, |c| c.is_whitespace() || c == '-') {
        let Some(letter) = letters.next() else { break };
        if word.chars().next().map(fold) != Some(fold(letter)) {
            return false;
        }
        count += 1;
    }
    text != name && (1..=3).contains(&count) && letters.next().is_none()
}

/// Takes "Head of Design at Engines Ltd" apart into title and company.
pub(crate) fn title_at_company(text: &str) -> Option<(&str, &str)> {
    const JOINTS: &[&str] = &[
        " at ",
        " @ ",
        " bei ",
        " chez ",
        " presso ",
        " bij ",
        " na empresa ",
        " en la empresa ",
    ];
    for joint in JOINTS {
        let Some((title, company)) = cut(text, joint) else {
            continue;
        };
        let (title, company) = (title.trim(), company.trim());
        // "today at 9:43" is a time.
        let named = company.starts_with(char::is_alphabetic) && can_be_name(company);
        if !title.is_empty() && named && title.len() <= 80 {
            return Some((title, company));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_with_its_extension() {
        let number = |text| find_phone(text).map(|it| it.number);
        assert_eq!(
            number("020 7946 0018 ext. 204"),
            Some("020 7946 0018 ext. 204")
        );
        assert_eq!(
            number("Work: +49 (0)30 5550 115 (main)"),
            Some("+49 (0)30 5550 115")
        );
        assert_eq!(number("(555)7001122x22"), Some("(555)7001122x22"));
        assert_eq!(
            number("+44 20 7946 0018 #204"),
            Some("+44 20 7946 0018 #204")
        );
        assert_eq!(
            number("tel:+442079460018;ext=204"),
            Some("+442079460018;ext=204")
        );
        assert_eq!(
            number("０２０ ７９４６ ００１８"),
            Some("０２０ ７９４６ ００１８")
        );
        assert_eq!(number("5b7e0c91d2a84f36e"), None);
        assert_eq!(number("12"), None);
    }

    #[test]
    fn dates_and_amounts_are_no_numbers() {
        for text in [
            "2025-11-04",
            "11/04/2025",
            "20251104",
            "1.234,00",
            "E14 9SH",
            "order ref 20250307-61542",
            "10118",
        ] {
            assert!(!is_surely_phone(text), "{text}");
        }
        for text in [
            "+44 20 7946 0018",
            "(555) 700-1122",
            "020 7946 0018 ext. 204",
            "555-700-1122",
        ] {
            assert!(is_surely_phone(text), "{text}");
        }
    }

    #[test]
    fn a_cut_address_is_none() {
        assert_eq!(
            emails_in("ada@exam… bob@example.org, carl@example.org."),
            ["bob@example.org", "carl@example.org"]
        );
        assert!(emails_in("ada@example.o... @ada").is_empty());
    }

    #[test]
    fn names_look_like_names() {
        for name in [
            "Ada Byron",
            "Una O'Hara",
            "Clara von der Au",
            "山田 太郎",
            "Zoé-Inés Peña Ríos",
        ] {
            assert!(looks_personal(name), "{name}");
        }
        for text in [
            "Engines Ltd",
            "last activity",
            "Contacts",
            "Order 17",
            "Head of",
        ] {
            assert!(!looks_personal(text), "{text}");
        }
    }
}
