//! Time: how fast things happen, and a wall clock that obeys a paused tokio.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// How long the things take that nobody waits for in a test.
///
/// The protocol's own time limits are not in here: they never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// From the first login status to the signed-in one.
    pub sign_in: Duration,
    /// From the last key in a search field to the request.
    pub typing: Duration,
    /// From the end of a call to its record in the call history.
    pub call_record: Duration,
    /// From there to the recording.
    pub recording: Duration,
    /// How long ago a call must have ended to count as unlogged.
    pub settled: Duration,
    /// After how long the other side picks up; `None` waits for `answer`.
    pub pick_up: Option<Duration>,
}

impl Pace {
    /// As the real thing: what a demonstration shows.
    #[must_use]
    pub const fn real() -> Self {
        Self {
            sign_in: Duration::from_millis(900),
            typing: Duration::from_millis(800),
            call_record: Duration::from_secs(5),
            recording: Duration::from_secs(4),
            settled: Duration::from_secs(20),
            pick_up: Some(Duration::from_secs(2)),
        }
    }

    /// Fast, and nothing happens by itself that a test would rather say.
    #[must_use]
    pub const fn brisk() -> Self {
        Self {
            sign_in: Duration::from_millis(40),
            typing: Duration::from_millis(30),
            call_record: Duration::from_millis(250),
            recording: Duration::from_millis(150),
            settled: Duration::from_millis(200),
            pick_up: None,
        }
    }
}

/// A wall clock that moves with tokio's clock, so that a paused test has no hidden time in it.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    wall_ms: u64,
    started: Instant,
}

impl Clock {
    /// Starts at the machine's time.
    #[must_use]
    pub fn new() -> Self {
        let wall = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self {
            wall_ms: millis(wall),
            started: Instant::now(),
        }
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        self.wall_ms.saturating_add(millis(self.started.elapsed()))
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

/// Whole milliseconds of a duration.
#[must_use]
pub fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Returns `ms` since the epoch as the platform writes it: UTC, ISO 8601, with milliseconds.
#[must_use]
pub fn iso(ms: u64) -> String {
    let (days, rest) = (ms / 86_400_000, ms % 86_400_000);
    let (year, month, day) = civil(days);
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, milli) = (rest / 1000 % 60, rest % 1000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

/// Returns `ms` since the epoch in UTC, ISO 8601, without milliseconds.
#[must_use]
pub fn iso_seconds(ms: u64) -> String {
    let long = iso(ms);
    let short = long.split('.').next().unwrap_or_default();
    format!("{short}Z")
}

/// Year, month and day of the day that many days after 1970-01-01, by the era arithmetic of the proleptic calendar.
pub(crate) fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468; // Counted from 0000-03-01, so that leap days end a year.
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::iso;

    #[test]
    fn iso_times_have_milliseconds_and_a_z() {
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(1_795_160_495_828), "2026-11-20T07:41:35.828Z");
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00.000Z");
    }
}
