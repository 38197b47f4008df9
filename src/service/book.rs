//! What the log book asks.

use super::ports::{Browser, Store};
use super::{Done, Service};
use crate::phone::Numbering;
use crate::protocol::book::{
    DeleteEntries, EntryView, ListLogs, LogPage, LogRow, RepairEntry, SaveEntry,
};
use crate::protocol::stored::LogEntry;
use crate::{calls, sites};

/// The most entries of one page.
const MOST: u32 = 200;

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    pub(super) async fn list_logs(&self, list: ListLogs) -> Done<LogPage> {
        let limit = list.limit.clamp(1, MOST);
        // One more than asked says whether there is more.
        let mut entries = self.store.newest_logs(list.before, limit + 1).await?;
        let more = entries.len() > limit as usize;
        entries.truncate(limit as usize);
        let next = entries
            .last()
            .filter(|_| more)
            .map(|entry| (entry.started_at, entry.key.clone()));
        let mut rows = Vec::with_capacity(entries.len());
        for entry in entries {
            rows.push(self.row(entry).await?);
        }
        Ok(LogPage { rows, next })
    }

    /// Has every widget ask again which of these calls are logged.
    pub(super) async fn tell_logged(&self, sessions: &[String]) -> Done<()> {
        if sessions.is_empty() {
            return Ok(());
        }
        let sessions: Vec<&str> = sessions.iter().map(String::as_str).collect();
        let settings = self.store.settings().await?;
        for (site, _) in settings.sites.iter().filter(|(_, own)| own.enabled) {
            self.post(site, &[calls::ask_if_logged(&sessions)]).await?;
        }
        Ok(())
    }

    pub(super) async fn entry(&self, _key: &str) -> Done<Option<EntryView>> {
        Ok(None)
    }

    pub(super) async fn save_entry(&self, _save: SaveEntry) -> Done<Option<EntryView>> {
        Ok(None)
    }

    pub(super) async fn delete_entries(&self, _delete: DeleteEntries) -> Done<()> {
        Ok(())
    }

    pub(super) async fn repair_entry(&self, _repair: RepairEntry) -> Done<Option<EntryView>> {
        Ok(None)
    }

    pub(super) async fn row(&self, entry: LogEntry) -> Done<LogRow> {
        let mut contact = String::new();
        let mut contact_url = None;
        for (site, link) in &entry.links {
            // The name of today where the contact still exists, else the name of then.
            let now = self.store.contact(site, &link.id).await?;
            if contact.is_empty() {
                contact.clone_from(now.as_ref().map_or(&link.name, |it| &it.name));
            }
            contact_url = contact_url.or(now.and_then(|it| it.url));
        }
        Ok(LogRow {
            sites: entry
                .links
                .keys()
                .map(|site| sites::name_of(site))
                .collect(),
            key: entry.key,
            kind: entry.kind,
            started_at: entry.started_at,
            duration_s: entry.duration_s,
            direction: entry.direction,
            stage: entry.stage,
            result: entry.result,
            contact,
            contact_url,
            number: entry.number,
            caller_name: entry.caller_name,
            note: entry.note,
            subject: if entry.subject.is_empty() {
                entry.title
            } else {
                entry.subject
            },
            outcome: entry.outcome,
            message_kind: entry.message_kind,
            message_count: entry.message_count,
            preview: entry.preview,
            recording: entry.recording.and_then(|recording| recording.link),
            state: entry.state,
        })
    }
}
