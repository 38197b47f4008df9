//! Days as the widget's user writes them: a conversation's log is kept per day, and the day is in its name.

use crate::clock::civil;

/// Returns a language the widget speaks: the browser's, or American English.
pub(super) fn supported(language: &str) -> &str {
    const KNOWN: &[&str] = &[
        "en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "it-IT", "ja-JP", "fr-CA",
    ];
    if KNOWN.contains(&language) {
        language
    } else {
        "en-US"
    }
}

/// Returns the short local date of `ms` since the epoch; `offset` is how far local time is ahead of UTC, in minutes.
pub(super) fn short_date(language: &str, offset: i32, ms: u64) -> String {
    let local = ms.saturating_add_signed(i64::from(offset) * 60_000);
    let (year, month, day) = civil(local / 86_400_000);
    match supported(language) {
        "en-GB" | "fr-FR" => format!("{day:02}/{month:02}/{year}"),
        "es-ES" | "it-IT" => format!("{day}/{month}/{year}"),
        "de-DE" => format!("{day}.{month}.{year}"),
        "ja-JP" => format!("{year}/{month}/{day}"),
        "fr-CA" => format!("{year}-{month:02}-{day:02}"),
        _ => format!("{month}/{day}/{year}"),
    }
}

#[cfg(test)]
mod tests {
    use super::short_date;

    #[test]
    fn a_day_is_written_as_the_language_writes_it() {
        let ms = 1_795_160_495_828;
        for (language, written) in [
            ("en-US", "11/20/2026"),
            ("en-GB", "20/11/2026"),
            ("de-DE", "20.11.2026"),
            ("ja-JP", "2026/11/20"),
            ("fr-CA", "2026-11-20"),
            ("pt-BR", "11/20/2026"),
        ] {
            assert_eq!(short_date(language, 0, ms), written, "{language}");
        }
        assert_eq!(short_date("en-GB", -480, ms), "19/11/2026");
        assert_eq!(short_date("en-GB", 17 * 60, ms), "21/11/2026");
    }
}
