//! What waits for the user, in words, and where it is seen to.

use crate::protocol::runtime::Attention;

/// Returns what waits: the stem of each text's key, and the number in it. Nothing waits where it is empty.
pub fn lines(attention: Attention) -> Vec<(&'static str, u32)> {
    [
        ("attention_unlogged", attention.unlogged),
        ("attention_failed", attention.failed),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .collect()
}

/// Returns what is said of it where there is little room, as [`lines`] does.
pub fn pill(attention: Attention) -> Option<(&'static str, u32)> {
    let short = [
        ("attention_pill", attention.unlogged),
        ("attention_pill_failed", attention.failed),
    ];
    short.into_iter().find(|(_, count)| *count > 0)
}

/// Returns the page where it is seen to, from the extension's root.
pub fn page(attention: Attention) -> &'static str {
    if attention.unlogged > 0 {
        "book/book.html#unlogged"
    } else {
        "book/book.html"
    }
}

#[cfg(test)]
mod tests {
    use super::{lines, page, pill};
    use crate::protocol::runtime::Attention;

    #[test]
    fn only_what_waits_is_spoken_of() {
        let of = |unlogged, failed| Attention { unlogged, failed };
        assert_eq!(lines(of(0, 0)), []);
        assert_eq!(lines(of(7, 0)), [("attention_unlogged", 7)]);
        assert_eq!(lines(of(7, 1)).len(), 2);
        assert_eq!(pill(of(0, 0)), None);
        assert_eq!(pill(of(7, 1)), Some(("attention_pill", 7)));
        assert_eq!(pill(of(0, 1)), Some(("attention_pill_failed", 1)));
        assert_eq!(page(of(7, 1)), "book/book.html#unlogged");
        assert_eq!(page(of(0, 1)), "book/book.html");
    }
}
