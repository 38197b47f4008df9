//! The rows the log book has loaded, kept right over paging and refreshing.

use crate::protocol::book::{LogPage, LogRow};
use crate::protocol::stored::Millis;

/// The rows that are loaded, newest first, and where to go on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    rows: Vec<LogRow>,
    next: Option<(Millis, String)>,
}

impl Ledger {
    /// Returns the rows, newest first.
    pub fn rows(&self) -> &[LogRow] {
        &self.rows
    }

    /// Returns what to ask for to load older rows, if there are more.
    pub fn next(&self) -> Option<&(Millis, String)> {
        self.next.as_ref()
    }

    /// Adds the page that was asked for with [`Ledger::next`].
    pub fn add_older(&mut self, page: LogPage) {
        // A row may have come in twice, if the log was written between the two requests.
        self.rows
            .retain(|row| page.rows.iter().all(|it| it.key != row.key));
        self.rows.extend(page.rows);
        self.next = page.next;
        self.sort();
    }

    /// Takes the newest page over: what it shows replaces what was known of that stretch of time,
    /// older rows stay.
    pub fn refresh(&mut self, page: LogPage) {
        let oldest = page.rows.last().map(place_of);
        match (oldest, &page.next) {
            (Some(oldest), Some(_)) if self.rows.iter().any(|row| place_of(row) < oldest) => {
                self.rows.retain(|row| {
                    place_of(row) < oldest && page.rows.iter().all(|it| it.key != row.key)
                });
                self.rows.extend(page.rows);
            }
            // The page is all there is, or it reaches as far as we had come.
            _ => {
                self.rows = page.rows;
                self.next = page.next;
            }
        }
        self.sort();
    }

    fn sort(&mut self) {
        self.rows
            .sort_by_cached_key(|row| std::cmp::Reverse(place_of(row)));
    }
}

fn place_of(row: &LogRow) -> (Millis, String) {
    (row.started_at, row.key.clone())
}

#[cfg(test)]
mod tests {
    use super::Ledger;
    use crate::protocol::book::{LogPage, LogRow};

    fn row(at: i64, note: &str) -> LogRow {
        LogRow {
            key: format!("call:{at}"),
            started_at: at,
            note: note.to_owned(),
            ..LogRow::default()
        }
    }

    fn page(times: &[i64], more: bool) -> LogPage {
        let rows: Vec<LogRow> = times.iter().map(|at| row(*at, "")).collect();
        let next = rows
            .last()
            .filter(|_| more)
            .map(|it| (it.started_at, it.key.clone()));
        LogPage { rows, next }
    }

    fn times(ledger: &Ledger) -> Vec<i64> {
        ledger.rows().iter().map(|it| it.started_at).collect()
    }

    #[test]
    fn paging_appends_and_ends() {
        let mut ledger = Ledger::default();
        ledger.refresh(page(&[9, 8], true));
        assert_eq!(ledger.next(), Some(&(8, "call:8".to_owned())));
        ledger.add_older(page(&[7], false));
        assert_eq!(times(&ledger), [9, 8, 7]);
        assert_eq!(ledger.next(), None);
    }

    #[test]
    fn a_refresh_brings_new_rows_and_changes_and_keeps_what_was_paged_in() {
        let mut ledger = Ledger::default();
        ledger.refresh(page(&[9, 8], true));
        ledger.add_older(page(&[7, 6], true));
        let mut newest = page(&[10, 9], true);
        newest.rows[1].note = "called back".to_owned();
        ledger.refresh(newest);
        assert_eq!(times(&ledger), [10, 9, 8, 7, 6]);
        assert_eq!(ledger.rows()[1].note, "called back");
        assert_eq!(ledger.next(), Some(&(6, "call:6".to_owned())));
    }

    #[test]
    fn a_row_that_was_removed_goes_with_the_next_refresh() {
        let mut ledger = Ledger::default();
        ledger.refresh(page(&[9, 8, 7], true));
        ledger.refresh(page(&[9, 7], true));
        assert_eq!(times(&ledger), [9, 7]);
        ledger.refresh(LogPage::default());
        assert!(ledger.rows().is_empty());
    }
}
