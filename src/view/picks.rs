//! Which rows of a list are ticked.

use std::collections::BTreeSet;

/// The ticks of a list whose rows come and go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picks {
    /// Whether a row is ticked that the user has not touched.
    at_first: bool,
    touched: BTreeSet<String>,
}

/// How many rows are ticked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ticked {
    /// None.
    None,
    /// Some of them.
    Some,
    /// All; there is at least one.
    All,
}

impl Picks {
    /// A list in which nothing is ticked at first.
    pub fn none() -> Self {
        Self::default()
    }

    /// A list in which everything is ticked at first.
    pub fn all() -> Self {
        Self {
            at_first: true,
            ..Self::default()
        }
    }

    /// Whether a row is ticked.
    pub fn has(&self, key: &str) -> bool {
        self.at_first != self.touched.contains(key)
    }

    /// Ticks a row, or takes its tick away.
    pub fn set(&mut self, key: &str, on: bool) {
        if on == self.at_first {
            self.touched.remove(key);
        } else {
            self.touched.insert(key.to_owned());
        }
    }

    /// Returns the keys that are ticked, of those that are there, in their order.
    pub fn of<'a>(&self, keys: impl Iterator<Item = &'a str>) -> Vec<String> {
        keys.filter(|key| self.has(key))
            .map(str::to_owned)
            .collect()
    }

    /// Forgets the rows that are no longer there.
    pub fn keep<'a>(&mut self, keys: impl Iterator<Item = &'a str>) {
        let there: BTreeSet<&str> = keys.collect();
        self.touched.retain(|key| there.contains(key.as_str()));
    }

    /// Returns how many of the rows that are there are ticked.
    pub fn ticked<'a>(&self, keys: impl Iterator<Item = &'a str>) -> Ticked {
        let (on, off) = keys.fold((false, false), |(on, off), key| {
            let has = self.has(key);
            (on || has, off || !has)
        });
        match (on, off) {
            (false, _) => Ticked::None,
            (true, true) => Ticked::Some,
            (true, false) => Ticked::All,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Picks, Ticked};

    const KEYS: [&str; 3] = ["a", "b", "c"];

    fn keys() -> impl Iterator<Item = &'static str> {
        KEYS.into_iter()
    }

    #[test]
    fn a_list_is_ticked_as_it_began_until_the_user_says_otherwise() {
        for (mut picks, before, touch, after) in [
            (Picks::none(), vec![], true, vec!["b"]),
            (Picks::all(), vec!["a", "b", "c"], false, vec!["a", "c"]),
        ] {
            assert_eq!(picks.of(keys()), before);
            picks.set("b", touch);
            assert_eq!(picks.of(keys()), after);
            picks.set("b", !touch);
            assert_eq!(picks.of(keys()), before);
        }
    }

    #[test]
    fn a_row_that_went_away_comes_back_untouched() {
        let mut picks = Picks::none();
        picks.set("a", true);
        picks.set("b", true);
        picks.keep(["b", "c"].into_iter());
        assert_eq!(picks.of(keys()), ["b"]);
    }

    #[test]
    fn the_box_above_the_list_shows_none_some_or_all() {
        let mut picks = Picks::all();
        assert_eq!(picks.ticked(keys()), Ticked::All);
        picks.set("a", false);
        assert_eq!(picks.ticked(keys()), Ticked::Some);
        assert_eq!(Picks::none().ticked(keys()), Ticked::None);
        assert_eq!(Picks::all().ticked(std::iter::empty()), Ticked::None);
    }
}
