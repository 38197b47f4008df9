//! How messages between our own contexts are written: postcard's bytes, one character each.
//!
//! Not JSON, because the page agent is loaded on every page and a JSON library would be a third of it.
//! Both ends are always of the same build: a page agent whose extension was replaced can reach nobody.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Returns a value as text; empty if it cannot be written, which no value of ours can.
pub fn encode<T: Serialize>(value: &T) -> String {
    let bytes = postcard::to_allocvec(value).unwrap_or_default();
    bytes.into_iter().map(char::from).collect()
}

/// Returns the value that a text holds; `None` if it holds none.
pub fn decode<T: DeserializeOwned>(text: &str) -> Option<T> {
    let bytes: Option<Vec<u8>> = text
        .chars()
        .map(|byte| u8::try_from(u32::from(byte)).ok())
        .collect();
    postcard::from_bytes(&bytes?).ok()
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn what_is_written_is_read_and_anything_else_is_not() {
        let value = (Some("Jörg Münz".to_owned()), -7_i64, vec![true, false]);
        assert_eq!(decode(&encode(&value)), Some(value));
        for odd in [
            "",
            "\u{1}",
            "{\"json\":true}",
            "日本",
            "\u{ff}\u{ff}\u{ff}\u{ff}\u{ff}\u{ff}",
        ] {
            assert_eq!(
                decode::<(Option<String>, i64, Vec<bool>)>(odd),
                None,
                "{odd:?}"
            );
        }
    }
}
