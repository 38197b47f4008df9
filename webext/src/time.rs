//! Clock, pause and chance.

use std::fmt::Write as _;

use js_sys::Promise;
use switchboard::protocol::stored::Millis;
use wasm_bindgen_futures::JsFuture;

use crate::chrome;

/// Returns the time, in milliseconds since 1970.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the clock gives whole milliseconds far below 2^53"
)]
pub fn now() -> Millis {
    js_sys::Date::now() as Millis
}

/// Waits.
pub async fn sleep(ms: u32) {
    // A timer cannot fail.
    drop(JsFuture::from(timer(ms)).await);
}

/// Returns a promise of `undefined` after a time.
pub(crate) fn timer(ms: u32) -> Promise {
    Promise::new(&mut |resolve, _| {
        chrome::set_timeout(&resolve, i32::try_from(ms).unwrap_or(i32::MAX));
    })
}

/// Returns 128 random bits in hexadecimal, for tickets that nobody can guess.
pub fn random_hex() -> String {
    let mut bytes = [0_u8; 16];
    chrome::random_values(&mut bytes);
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _: Result<(), _> = write!(text, "{byte:02x}");
        text
    })
}
