//! The one thing HTML needs everywhere: text that stays text.

/// Returns `text` with everything escaped that could end a text or an attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// Returns up to two initials of a name, for the round badge beside it.
pub(crate) fn initials(name: &str) -> String {
    let mut letters: Vec<char> = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|letter| letter.is_alphabetic()))
        .collect();
    letters.truncate(2);
    if letters.is_empty() {
        "#".to_owned()
    } else {
        letters.into_iter().flat_map(char::to_uppercase).collect()
    }
}

/// Returns a hue (degrees) that is always the same for the same name.
pub(crate) fn hue(name: &str) -> u32 {
    name.bytes().fold(17_u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u32::from(byte))
    }) % 360
}
