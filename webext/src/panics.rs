//! Panics are seen, and say nothing about anybody.

use std::panic;

use crate::chrome;

/// Makes a panic report its place in the code, never its message: a message can hold a name or a number.
pub fn install_panic_hook() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(
            || "unknown place".to_owned(),
            |location| format!("{}:{}", location.file(), location.line()),
        );
        chrome::console_error(&format!("Switchboard stopped at {place}"));
    }));
}

/// Reports an error in the console, once and without the data it was about.
///
/// `what` is a fixed text, so that no caller can put a name or a number into it.
pub fn report(what: &'static str) {
    chrome::console_error(&format!("Switchboard: {what}"));
}
