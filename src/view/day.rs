//! Which day a row belongs to.

use crate::protocol::stored::Millis;

const DAY_MS: Millis = 24 * 60 * 60 * 1000;
const MINUTE_MS: Millis = 60 * 1000;

/// A day of the user's calendar: days since 1 January 1970 where the user is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(i64);

impl Day {
    /// Returns the day that a moment falls on.
    ///
    /// Units: `offset_minutes` is what the browser's `getTimezoneOffset` says *for that moment*
    /// (positive west of Greenwich), because summer time begins and ends.
    pub fn of(at: Millis, offset_minutes: i32) -> Self {
        let local = at.saturating_sub(Millis::from(offset_minutes) * MINUTE_MS);
        Self(local.div_euclid(DAY_MS))
    }

    /// Returns the message key of a day that has a name of its own, seen from `today`.
    pub fn name_key(self, today: Self) -> Option<&'static str> {
        match today.0.checked_sub(self.0)? {
            -1 => Some("day_tomorrow"),
            0 => Some("day_today"),
            1 => Some("day_yesterday"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Day;

    /// 20 November 2026, 00:30 UTC.
    const AT: i64 = 1_795_134_600_000;

    #[test]
    fn the_same_moment_is_another_day_elsewhere() {
        let in_london = Day::of(AT, 0);
        let in_new_york = Day::of(AT, 300);
        assert_eq!(in_new_york.name_key(in_london), Some("day_yesterday"));
        assert_eq!(in_london.name_key(in_london), Some("day_today"));
    }

    #[test]
    fn only_the_days_around_today_have_names() {
        let today = Day::of(AT, 0);
        let tomorrow = Day::of(AT + super::DAY_MS, 0);
        assert_eq!(tomorrow.name_key(today), Some("day_tomorrow"));
        assert_eq!(Day::of(AT - 2 * super::DAY_MS, 0).name_key(today), None);
        assert_eq!(Day::of(AT + 2 * super::DAY_MS, 0).name_key(today), None);
    }

    #[test]
    fn moments_before_1970_do_not_share_the_day_of_those_after_it() {
        assert_ne!(Day::of(-1, 0), Day::of(1, 0));
    }
}
