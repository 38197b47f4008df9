//! How the user left a page: what is open, what is shown. Nothing that matters is kept here.
//!
//! `localStorage` of the extension's own origin; it may be full or forbidden, then nothing is remembered.

use gloo_storage::{LocalStorage, Storage as _};

/// Returns whether something was on when the page was left.
pub fn is_on(key: &str, otherwise: bool) -> bool {
    LocalStorage::get(key).unwrap_or(otherwise)
}

/// Remembers whether something is on.
pub fn set_on(key: &str, on: bool) {
    // View state is a convenience: that it cannot be kept is no one's problem.
    drop(LocalStorage::set(key, on));
}
