//! The message keys for what is wrong or in the way, and where each is shown.
//!
//! The worker and the page agent report these keys, so that nothing is reported for which there is no
//! text. Each problem has two texts: the key's own says what is wrong, `<key>_help` what to do.

use crate::protocol::stored::{GlobalSettings, Obstacle};
use crate::widget_address::{AddressError, checked};
use crate::widget_options::{self, OptionError};

/// The user said no when the browser asked (the popup's own).
pub const PERMISSION_REFUSED: &str = "problem_permission_refused";
/// The worker did not answer (the popup's and the book's own).
pub const NO_ANSWER: &str = "problem_no_answer";
/// Storage failed (`Refusal::Storage`).
pub const STORAGE: &str = "problem_storage";
/// The widget's message could not be read in full; it is kept as it came.
pub const FAILED_UNREADABLE: &str = "failed_unreadable";
/// The widget was not answered in its time, and may offer to log the call again.
pub const FAILED_LATE: &str = "failed_late";
/// Part of the entry could not be written.
pub const FAILED_STORAGE: &str = "failed_storage";
/// Shown for a failure that this version has no text for.
pub const FAILED_UNKNOWN: &str = "failed_unknown";

/// Every problem of a site, those of an address in the settings aside.
pub const PROBLEMS: [&str; 3] = [PERMISSION_REFUSED, NO_ANSWER, STORAGE];

/// Every failure of a log entry.
pub const FAILURES: [&str; 4] = [
    FAILED_UNREADABLE,
    FAILED_LATE,
    FAILED_STORAGE,
    FAILED_UNKNOWN,
];

/// Whether a problem says that settings were not saved, because an address or an option among them cannot
/// be used.
pub fn is_refusal(problem: &str) -> bool {
    is_wrong_address(problem)
        || OptionError::ALL
            .iter()
            .any(|it| it.message_key() == problem)
}

/// Whether a problem is that of an address, which is shown at its field.
pub fn is_wrong_address(problem: &str) -> bool {
    [AddressError::NotAnAddress, AddressError::NotHttps]
        .iter()
        .any(|it| it.message_key() == problem)
}

/// Returns the message key of what is wrong with an address as the user typed it; empty is the default, and right.
pub fn wrong_address(typed: &str) -> Option<&'static str> {
    if typed.trim().is_empty() {
        return None;
    }
    checked(typed).err().map(AddressError::message_key)
}

/// Whether the worker would refuse these settings.
pub fn would_be_refused(typed: &GlobalSettings) -> bool {
    wrong_address(&typed.widget_base).is_some()
        || wrong_address(&typed.app_server).is_some()
        || widget_options::for_all_sites(&typed.widget_options).is_err()
}

/// Returns the message key of what keeps the widget from where the user wants it, and where it is instead.
/// It has a [`help_key`], too.
pub fn obstacle_key(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Microphone => "obstacle_microphone",
        Obstacle::Embedder => "obstacle_embedder",
        Obstacle::Script => "obstacle_script",
        Obstacle::Frame => "obstacle_frame",
        Obstacle::Removed => "obstacle_removed",
        Obstacle::Silent => "obstacle_silent",
        Obstacle::NotPackaged => "obstacle_not_packaged",
    }
}

/// Returns the message key of why the phone is in a window of its own, with the site's name to be filled
/// in; `None` for what leads to no window.
pub fn window_key(obstacle: Obstacle) -> Option<&'static str> {
    match obstacle {
        Obstacle::Microphone => Some("because_microphone"),
        Obstacle::Embedder => Some("because_embedder"),
        Obstacle::Removed => Some("because_removed"),
        Obstacle::Silent => Some("because_silent"),
        Obstacle::Script | Obstacle::Frame | Obstacle::NotPackaged => None,
    }
}

/// Returns the message key of what to do about a problem.
pub fn help_key(problem: &str) -> String {
    format!("{problem}_help")
}

#[cfg(test)]
mod tests {
    use super::{is_refusal, is_wrong_address, would_be_refused, wrong_address};
    use crate::protocol::stored::GlobalSettings;

    #[test]
    fn an_empty_address_is_right_and_a_wrong_one_is_told_in_the_words_of_the_worker() {
        assert_eq!(wrong_address("  "), None);
        assert_eq!(wrong_address("https://w.example/x"), None);
        assert!(wrong_address("http://w.example").is_some_and(is_refusal));
        assert!(wrong_address("w.example").is_some_and(is_refusal));
        let typed = GlobalSettings {
            app_server: "platform".to_owned(),
            ..GlobalSettings::default()
        };
        assert!(would_be_refused(&typed));
        assert!(is_refusal("problem_option_number") && !is_wrong_address("problem_option_number"));
        assert!(!would_be_refused(&GlobalSettings::default()));
    }
}
