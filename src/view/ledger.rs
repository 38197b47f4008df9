//! The rows the log book has loaded, kept right over paging and refreshing.

use crate::protocol::book::{LogPage, LogRow};
use crate::protocol::stored::{LogState, Millis};

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

    /// Shows an entry as it is now, where it stands among the rows; one that is not among them stays away.
    pub fn replace(&mut self, row: &LogRow) {
        for known in self.rows.iter_mut().filter(|it| it.key == row.key) {
            known.clone_from(row);
        }
        self.tidy();
    }

    /// Takes entries away that the user has deleted.
    pub fn forget(&mut self, keys: &[String]) {
        self.rows.retain(|row| !keys.contains(&row.key));
    }

    /// Adds the page that was asked for with [`Ledger::next`].
    pub fn add_older(&mut self, page: LogPage) {
        // A row may have come in twice, if the log was written between the two requests.
        self.rows
            .retain(|row| page.rows.iter().all(|it| it.key != row.key));
        self.rows.extend(page.rows);
        self.next = page.next;
        self.tidy();
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
        self.tidy();
    }

    fn tidy(&mut self) {
        self.rows.retain(|row| row.state != LogState::Deleted);
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
    use crate::protocol::stored::LogState;

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
    fn an_edited_row_changes_in_its_place_and_a_deleted_one_goes_however_old_it_is() {
        let mut ledger = Ledger::default();
        ledger.refresh(page(&[9, 8], true));
        ledger.add_older(page(&[7, 6, 5], true));
        ledger.replace(&row(7, "called back"));
        ledger.replace(&row(1, "not loaded"));
        assert_eq!(ledger.rows()[2].note, "called back");
        ledger.forget(&["call:6".to_owned(), "call:1".to_owned()]);
        assert_eq!(times(&ledger), [9, 8, 7, 5]);
        let mut gone = row(5, "");
        gone.state = LogState::Deleted;
        ledger.replace(&gone);
        assert_eq!(times(&ledger), [9, 8, 7]);
        assert_eq!(ledger.next(), Some(&(5, "call:5".to_owned())));
    }

    #[test]
    fn a_meeting_that_is_put_off_moves_and_stands_there_once() {
        let mut ledger = Ledger::default();
        ledger.refresh(page(&[9, 8], true));
        ledger.add_older(page(&[7, 6], false));
        let mut newest = page(&[9, 8], true);
        newest.rows.insert(
            0,
            LogRow {
                key: "call:7".to_owned(),
                state: LogState::Planned,
                ..row(20, "")
            },
        );
        ledger.refresh(newest);
        assert_eq!(times(&ledger), [20, 9, 8, 6]);
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
