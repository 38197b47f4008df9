//! Cutting texts to pieces, by bytes.
//!
//! The standard library's searchers are made for long texts and are compiled anew for every kind of pattern;
//! addresses and labels are short, and one plain loop serves them all.

/// Returns where a text first holds `part`, in bytes.
pub fn find(text: &str, part: &str) -> Option<usize> {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    let Some((first, rest)) = part.split_first() else {
        return Some(0);
    };
    let mut behind = text;
    while let Some((byte, after)) = behind.split_first() {
        if byte == first && after.starts_with(rest) {
            return Some(text.len() - behind.len());
        }
        behind = after;
    }
    None
}

/// Returns whether a text holds `part`.
pub fn contains(text: &str, part: &str) -> bool {
    find(text, part).is_some()
}

/// Returns what stands before and behind the first `mark`.
pub fn cut<'t>(text: &'t str, mark: &str) -> Option<(&'t str, &'t str)> {
    let at = find(text, mark)?;
    Some((text.get(..at)?, text.get(at + mark.len()..)?))
}

/// Returns what stands before and behind the last `mark`, which is ASCII.
pub fn cut_last(text: &str, mark: u8) -> Option<(&str, &str)> {
    let mut at = text.len();
    for byte in text.bytes().rev() {
        at -= 1;
        if byte == mark {
            return Some((text.get(..at)?, text.get(at + 1..)?));
        }
    }
    None
}

/// Returns where the first of `marks`, all ASCII, stands in a text.
pub fn find_any(text: &str, marks: &str) -> Option<usize> {
    let marks = marks.as_bytes();
    text.bytes().position(|it| marks.contains(&it))
}

/// Returns what stands before the first of `marks`, all ASCII: the whole text where there is none.
pub fn before<'t>(text: &'t str, marks: &str) -> &'t str {
    let end = find_any(text, marks).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

/// Returns the pieces between `marks`, all ASCII; empty ones are left out.
pub fn pieces<'t>(text: &'t str, marks: &'static str) -> Pieces<'t> {
    Pieces { rest: text, marks }
}

/// Returns whether a list, its words parted by blanks, has a word.
pub fn is_one_of(word: &str, list: &'static str) -> bool {
    pieces(list, " ").any(|it| it == word)
}

/// Returns a text without the `marks`, all ASCII, that it begins and ends with.
pub fn trim<'t>(text: &'t str, marks: &str) -> &'t str {
    trim_end(trim_start(text, marks), marks)
}

/// Returns a text without the `marks`, all ASCII, that it begins with.
pub fn trim_start<'t>(text: &'t str, marks: &str) -> &'t str {
    let start = text.bytes().position(|it| !marks.as_bytes().contains(&it));
    start.and_then(|it| text.get(it..)).unwrap_or("")
}

/// Returns a text without the `marks`, all ASCII, that it ends with.
pub fn trim_end<'t>(text: &'t str, marks: &str) -> &'t str {
    let kept = text.bytes().rposition(|it| !marks.as_bytes().contains(&it));
    kept.and_then(|it| text.get(..=it)).unwrap_or("")
}

/// Returns texts joined.
pub fn joined(parts: &[&str]) -> String {
    let mut out = String::new();
    for part in parts {
        out.push_str(part);
    }
    out
}

/// See [`pieces`].
#[derive(Clone, Debug)]
pub struct Pieces<'t> {
    rest: &'t str,
    marks: &'static str,
}

impl<'t> Iterator for Pieces<'t> {
    type Item = &'t str;

    #[inline(never)]
    fn next(&mut self) -> Option<&'t str> {
        while !self.rest.is_empty() {
            let piece = before(self.rest, self.marks);
            self.rest = self.rest.get(piece.len() + 1..).unwrap_or("");
            if !piece.is_empty() {
                return Some(piece);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_its_marks_stand() {
        assert_eq!(cut("a://b://c", "://"), Some(("a", "b://c")));
        assert_eq!(cut("ab", "abc"), None);
        assert_eq!(cut_last("a.b.c", b'.'), Some(("a.b", "c")));
        assert_eq!(before("path?query#x", "#?"), "path");
        assert!(contains("straße", "aß") && !contains("", "a"));
        assert_eq!(trim("..ä: .", ".: "), "ä");
        assert_eq!(trim("..", "."), "");
        let all: Vec<&str> = pieces("/ä//b&c", "/&").collect();
        assert_eq!(all, ["ä", "b", "c"]);
        assert_eq!(pieces("", "/").next(), None);
    }
}
