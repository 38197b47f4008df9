//! Moments as ISO 8601 writes them.
//!
//! Only what RingCentral and pages write is read: a day, or a day and a time, in the basic or the
//! extended form, with an offset or by the user's clock. A date library costs the worker several times
//! as much as this.

use crate::protocol::stored::Millis;

const MINUTE_MS: Millis = 60_000;
const HOUR_MS: Millis = 60 * MINUTE_MS;
const DAY_MS: Millis = 24 * HOUR_MS;

/// Returns the moment that a text names: `2026-11-20T08:00:00Z`, `20261120T0900+0100`, `2026-11-20`.
///
/// Without an offset it is meant by the user's clock, whose offset from UTC in minutes `clock` gives for a
/// moment; a day alone is its midnight.
pub fn parse(text: &str, clock: &dyn Fn(Millis) -> i64) -> Option<Millis> {
    let text = text.trim();
    let (date, rest) = match text.find(['T', 't', ' ']) {
        Some(at) => (text.get(..at)?, text.get(at + 1..)?),
        None => (text, ""),
    };
    let (time, offset) = match rest.find(['Z', 'z', '+', '-']) {
        Some(at) => (rest.get(..at)?, Some(offset_ms(rest.get(at..)?)?)),
        None => (rest, None),
    };
    let stated = day_ms(date)? + time_ms(time)?;
    if let Some(offset) = offset {
        return Some(stated - offset);
    }
    // The offset of the moment itself counts, which can be another than that of a moment nearby.
    let near = stated - clock(stated) * MINUTE_MS;
    Some(stated - clock(near) * MINUTE_MS)
}

/// Returns a moment in UTC, to the second: `2026-11-20T08:00:00Z`.
pub fn text(at: Millis) -> String {
    let (year, month, day) = civil(at.div_euclid(DAY_MS));
    let second = at.rem_euclid(DAY_MS) / 1_000;
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Returns how long an ISO 8601 duration of hours, minutes and seconds is (`PT1H30M`).
pub fn duration_ms(text: &str) -> Option<Millis> {
    let mut rest = text.trim().strip_prefix("PT")?;
    let mut total = 0;
    while !rest.is_empty() {
        let end = rest.find(|it: char| !it.is_ascii_digit())?;
        let count = number(rest.get(..end).filter(|it| it.len() <= 6)?)?;
        total += match rest.get(end..=end)? {
            "H" => count * HOUR_MS,
            "M" => count * MINUTE_MS,
            "S" => count * 1_000,
            _ => return None,
        };
        rest = rest.get(end + 1..)?;
    }
    (total > 0).then_some(total)
}

/// The year, month and day of a day counted from 1970-01-01, by the usual arithmetic of eras of 400 years.
pub fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// The opposite of [`civil`]; `None` for a day that no calendar has.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) {
        return None;
    }
    let shifted_year = year - i64::from(month <= 2);
    let era = shifted_year.div_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let year_of_era = shifted_year.rem_euclid(400);
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    let days = era * 146_097 + of_era - 719_468;
    (civil(days) == (year, month, day)).then_some(days)
}

fn number(digits: &str) -> Option<i64> {
    let all = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    digits.parse().ok().filter(|_| all)
}

/// Two digits from a place on.
fn two(digits: &str, at: usize) -> Option<i64> {
    number(digits.get(at..at + 2)?)
}

fn day_ms(date: &str) -> Option<Millis> {
    let digits = date.replace('-', "");
    if digits.len() != 8 {
        return None;
    }
    let day = days(
        number(digits.get(..4)?)?,
        two(&digits, 4)?,
        two(&digits, 6)?,
    )?;
    Some(day * DAY_MS)
}

fn time_ms(time: &str) -> Option<Millis> {
    let (time, fraction) = time.split_once(['.', ',']).unwrap_or((time, ""));
    if !fraction.is_empty() {
        // Nobody plans by fractions of a second, but they must be one.
        number(fraction.get(..fraction.len().min(9))?)?;
    }
    let digits = time.replace(':', "");
    let of = |at| {
        if digits.len() > at {
            two(&digits, at)
        } else {
            Some(0)
        }
    };
    let (hour, minute, second) = (of(0)?, of(2)?, of(4)?);
    let fits = digits.len() <= 6 && hour <= 24 && minute < 60 && second <= 60;
    fits.then_some(hour * HOUR_MS + minute * MINUTE_MS + second * 1_000)
}

/// `Z`, `+01:00`, `-0530`, `+02`.
fn offset_ms(offset: &str) -> Option<Millis> {
    if offset.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let digits = offset.get(1..)?.replace(':', "");
    let minutes = match digits.len() {
        2 => 0,
        4 => two(&digits, 2)?,
        _ => return None,
    };
    let hours = two(&digits, 0)?;
    let fits = hours <= 18 && minutes < 60;
    fits.then_some(sign * (hours * HOUR_MS + minutes * MINUTE_MS))
}

#[cfg(test)]
mod tests {
    use super::{duration_ms, parse, text};

    /// Central Europe: two hours from UTC until the change of 2026-10-25 at 01:00 UTC, one hour after.
    fn berlin(at: i64) -> i64 {
        if at < 1_792_890_000_000 { 120 } else { 60 }
    }

    #[test]
    fn moments_are_read_as_people_and_machines_write_them() {
        for (written, utc) in [
            ("2026-11-20T08:00:00Z", "2026-11-20T08:00:00Z"),
            ("2026-11-20T08:00:00.123z", "2026-11-20T08:00:00Z"),
            ("2026-11-20T08:00+01:00", "2026-11-20T07:00:00Z"),
            ("20261120T0800-0530", "2026-11-20T13:30:00Z"),
            (" 2026-11-20 08:00:00+02 ", "2026-11-20T06:00:00Z"),
            ("2024-02-29T24:00Z", "2024-03-01T00:00:00Z"),
            ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"),
            // By the user's clock, on both sides of the change of the hour.
            ("2026-10-24T12:00", "2026-10-24T10:00:00Z"),
            ("2026-10-26T12:00", "2026-10-26T11:00:00Z"),
            ("2026-11-20", "2026-11-19T23:00:00Z"),
        ] {
            let read = parse(written, &berlin).map(text);
            assert_eq!(read.as_deref(), Some(utc), "{written}");
        }
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for written in [
            "",
            "tomorrow",
            "2026-02-29",
            "2026-13-01",
            "2026-11-00",
            "2026-11-20T25:00Z",
            "2026-11-20T08:61Z",
            "2026-11-20T08:00+99:00",
            "2026-11-20T08:00Zulu",
            "2026-11-20T8:00",
            "٢٠٢٦-11-20",
            "2026-11-20T08:00:00.xZ",
            "99999999999999999999",
        ] {
            assert_eq!(parse(written, &berlin), None, "{written}");
        }
    }

    #[test]
    fn durations_of_a_day_are_read() {
        assert_eq!(duration_ms("PT1H30M"), Some(5_400_000));
        assert_eq!(duration_ms("PT45M"), Some(2_700_000));
        for written in ["", "P1D", "PT", "PT1X", "PTH", "PT99999999H"] {
            assert_eq!(duration_ms(written), None, "{written}");
        }
    }
}
