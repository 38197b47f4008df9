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

/// Returns the day of a moment where the user is: "2026-11-20".
pub fn day(at: Millis) -> String {
    let date = js_sys::Date::new(&number(at).into());
    let (year, month) = (date.get_full_year(), date.get_month() + 1);
    format!("{year:04}-{month:02}-{:02}", date.get_date())
}

/// Returns the short date of a moment where the user is, as a locale ("de-DE") writes it; as American
/// English does where the browser does not know the locale.
pub fn short_date(at: Millis, locale: &str) -> String {
    let date = chrome::Date::new(number(at));
    date.to_locale_date_string(locale)
        .or_else(|_| date.to_locale_date_string("en-US"))
        .unwrap_or_default()
}

/// Returns the offset of the user's clock from UTC at a moment, in minutes; positive east of Greenwich.
#[expect(
    clippy::cast_possible_truncation,
    reason = "offsets are whole minutes, of less than a day"
)]
pub fn offset_min(at: Millis) -> i64 {
    -(js_sys::Date::new(&number(at).into()).get_timezone_offset() as i64)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "the browser's own times are numbers of this kind"
)]
fn number(at: Millis) -> f64 {
    at as f64
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
