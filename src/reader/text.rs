//! Judgements on pieces of text: is this a number, an address, a name?

use super::words;

/// Marks of the beginning of an extension, longest first.
const EXTENSIONS: &[&str] = &[
    ";ext=",
    "extension",
    "durchwahl",
    "anschluss",
    "interno",
    "ramal",
    "poste",
    "toestel",
    "extn",
    "ext.",
    "ext",
    "内線",
    "分机",
    "xtn",
    "x",
    "#",
    "*",
];

/// Returns the first phone number in a text and what is left around it.
///
/// A number begins with `+`, `(` or a digit, goes on in digits and the marks between them, holds 5 to 17 digits and may end in an extension.
pub(crate) fn find_phone(text: &str) -> Option<(&str, String)> {
    let mut from = 0;
    while let Some(rest) = text.get(from..) {
        let begin = rest.find(|c: char| is_digit(c) || c == '+' || c == '＋' || c == '(')?;
        let start = from + begin;
        let after_word = text
            .get(..start)?
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric);
        let run = text.get(start..)?;
        let length = number_length(run);
        if length > 0 && !after_word {
            let end = start + length;
            let end = end + extension_length(text.get(end..)?);
            let around = format!("{} {}", text.get(..start)?, text.get(end..)?);
            return Some((text.get(start..end)?.trim(), around));
        }
        let step = run
            .find(|c: char| !is_between(c) && !is_digit(c))
            .unwrap_or(run.len());
        from = start + step.max(run.chars().next().map_or(1, char::len_utf8));
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
    let trimmed = text.trim_start_matches([' ', '\u{a0}', ',', ';', '(', '-']);
    let lower = trimmed.to_lowercase();
    if lower.len() != trimmed.len() {
        return 0;
    }
    let before = text.len() - trimmed.len();
    let semicolon = text.starts_with(";ext=");
    let (trimmed, lower, before) = if semicolon {
        (text, text.to_lowercase(), 0)
    } else {
        (trimmed, lower, before)
    };
    for mark in EXTENSIONS {
        let Some(rest) = lower.strip_prefix(mark) else {
            continue;
        };
        let value = rest.trim_start_matches([' ', '.', ':', '\u{a0}', '=']);
        let digits = value.len() - value.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if (1..=7).contains(&digits) {
            return before + trimmed.len() - value.len() + digits;
        }
    }
    0
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
    let Some((number, around)) = find_phone(text) else {
        return false;
    };
    if !around.trim().is_empty() {
        return false;
    }
    let digits = count_digits(number);
    let parts = number
        .split(|c: char| !is_digit(c))
        .filter(|it| !it.is_empty());
    let lengths: Vec<usize> = parts.map(str::len).collect();
    // "2025-11-04" and its like, "10.0.0.12", "1.234.567,00".
    let date = matches!(
        lengths.as_slice(),
        [4, 2, 2] | [2, 2, 4] | [1 | 2, 1 | 2, 4] | [4, 1 | 2, 1 | 2]
    );
    let starts = number.starts_with(['+', '＋', '(', '0']);
    let american = matches!(lengths.as_slice(), [3, 3, 4, ..] | [1, 3, 3, 4, ..]);
    !date
        && digits >= 7
        && (number.starts_with('+')
            || (lengths.len() > 1 && digits >= 9 && (starts || american))
            || (starts && digits >= 10))
}

/// Returns how many digits a text has.
pub(crate) fn count_digits(text: &str) -> usize {
    text.chars().filter(|c| is_digit(*c)).count()
}

/// Returns the whole e-mail addresses in a text; one that is cut short ("ada@exam…") is none.
pub(crate) fn emails_in(text: &str) -> Vec<&str> {
    text.split(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '(' | ')' | '"' | '[' | ']' | '|')
    })
    .filter_map(|word| {
        let word = word.trim_start_matches("mailto:");
        let word = word.split('?').next().unwrap_or(word);
        if word.ends_with("...") || word.ends_with('…') {
            return None;
        }
        let word = word.trim_matches(['.', ':', '\'']);
        is_email(word).then_some(word)
    })
    .collect()
}

fn is_email(word: &str) -> bool {
    let Some((local, domain)) = word.split_once('@') else {
        return false;
    };
    let plain = |c: char| c.is_alphanumeric() || "-._+'!#$%&*/=^`{|}~".contains(c);
    let Some((before, last)) = domain.rsplit_once('.') else {
        return false;
    };
    !local.is_empty()
        && local.chars().all(plain)
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
        && !text.contains(['@', '\n'])
        && text.chars().any(char::is_alphabetic)
        && count_digits(text) <= 4
        && !words::is_interface(text)
}

/// Returns whether a text looks like the name of a person: two to five capitalised words, or a few characters of a script without case.
pub(crate) fn looks_personal(text: &str) -> bool {
    if !can_be_name(text)
        || words::is_company(text)
        || count_digits(text) > 0
        || text.contains([':', '/', '!', '?', '…', '|'])
    {
        return false;
    }
    let all: Vec<&str> = text.split_whitespace().collect();
    let caseless = |word: &str| {
        word.chars()
            .all(|c| c.is_alphabetic() && !c.is_uppercase() && !c.is_lowercase())
    };
    if all.iter().any(|it| caseless(it)) {
        return text.chars().count() <= 12;
    }
    let big = all
        .iter()
        .filter(|it| it.chars().next().is_some_and(char::is_uppercase))
        .count();
    let ends = [all.first(), all.last()].into_iter().flatten();
    // "Engines XYZ": an abbreviation in a name written small is a company's.
    let shouted = |word: &&str| word.chars().count() >= 3 && word.chars().all(char::is_uppercase);
    let shouts = all.iter().filter(|it| shouted(it)).count();
    (2..=6).contains(&all.len())
        && big >= 2
        && (shouts == 0 || shouts == all.len())
        && ends
            .into_iter()
            .all(|it| it.chars().any(char::is_uppercase) || it.ends_with('.'))
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
    let initials: String = name
        .split(|c: char| c.is_whitespace() || c == '-')
        .filter_map(|it| it.chars().next())
        .collect();
    text != name
        && text.chars().count() <= 3
        && !text.is_empty()
        && initials.to_lowercase().starts_with(&text.to_lowercase())
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
    JOINTS.iter().find_map(|joint| {
        let (title, company) = text.split_once(joint)?;
        let (title, company) = (title.trim(), company.trim());
        // "today at 9:43" is a time.
        let named = company.starts_with(char::is_alphabetic) && can_be_name(company);
        (!title.is_empty() && named && title.len() <= 80).then_some((title, company))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_with_its_extension() {
        let number = |text| find_phone(text).map(|(number, _)| number);
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
