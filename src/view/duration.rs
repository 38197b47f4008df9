//! Lengths of time as digits.

/// Returns a length of time as a clock shows it: `0:07`, `4:07`, `1:02:09`.
///
/// Units: seconds.
pub fn duration(seconds: u32) -> String {
    let (hours, minutes, seconds) = parts(seconds);
    if hours == 0 {
        format!("{minutes}:{seconds:02}")
    } else {
        format!("{hours}:{minutes:02}:{seconds:02}")
    }
}

/// Returns a length of time for the `datetime` attribute of `<time>`: `PT1H2M9S`.
///
/// Units: seconds.
/// Source: HTML Standard, "Durations".
pub fn iso_duration(seconds: u32) -> String {
    let (hours, minutes, seconds) = parts(seconds);
    format!("PT{hours}H{minutes}M{seconds}S")
}

fn parts(seconds: u32) -> (u32, u32, u32) {
    (seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::{duration, iso_duration};

    #[test]
    fn hours_are_shown_only_when_there_are_some() {
        for (seconds, shown) in [
            (0, "0:00"),
            (7, "0:07"),
            (247, "4:07"),
            (3599, "59:59"),
            (3729, "1:02:09"),
            (360_000, "100:00:00"),
        ] {
            assert_eq!(duration(seconds), shown);
        }
        assert_eq!(iso_duration(3729), "PT1H2M9S");
    }
}
