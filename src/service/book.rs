//! What the log book asks: the log, one entry, and what the user does to them.

use super::ports::{Browser, Store};
use super::widget::At;
use super::{Done, Service};
use crate::calls::{self, CallEvent};
use crate::form::OUTCOMES;
use crate::meetings;
use crate::phone::Numbering;
use crate::protocol::book::{
    ContactChoice, DeleteEntries, EntryView, FileView, LinkView, ListLogs, LogPage, LogRow,
    MessageView, RepairEntry, SaveEntry,
};
use crate::protocol::stored::{
    Attachment, Contact, LogEntry, LogKind, LogState, Media, Message, Millis, Why,
};
use crate::repair;
use crate::scope::links_of;
use crate::sites;
use crate::view::notice::{FAILED_LATE, FAILED_STORAGE, FAILED_UNREADABLE};

/// The most entries of one page.
const MOST: u32 = 200;

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// A page of the log: without what the user deleted, with what is kept elsewhere because it could
    /// not be written.
    pub(super) async fn list_logs(&self, list: ListLogs) -> Done<LogPage> {
        let limit = list.limit.clamp(1, MOST) as usize;
        // One more than asked says whether there is more.
        let mut entries = self.undeleted(list.before.clone(), limit + 1).await?;
        for (parked, known) in self.parked().await? {
            if known {
                for entry in entries.iter_mut().filter(|it| it.key == parked.key) {
                    entry.state = parked.state.clone();
                }
                continue;
            }
            let place = place_of(&parked);
            // One that is older than this page is cut off with what is more than asked.
            let is_here = list.before.as_ref().is_none_or(|before| place < *before);
            if is_here {
                entries.push(parked);
            }
        }
        entries.sort_by_cached_key(|entry| std::cmp::Reverse(place_of(entry)));
        let more = entries.len() > limit;
        entries.truncate(limit);
        let next = entries.last().filter(|_| more).map(place_of);
        let mut rows = Vec::with_capacity(entries.len());
        for entry in entries {
            rows.push(self.row(entry).await?);
        }
        Ok(LogPage { rows, next })
    }

    /// The newest entries that the user has not deleted, however many deleted ones lie between them.
    async fn undeleted(
        &self,
        mut before: Option<(Millis, String)>,
        count: usize,
    ) -> Done<Vec<LogEntry>> {
        let mut found = Vec::new();
        while found.len() < count {
            let missing = count - found.len();
            let asked = u32::try_from(missing).unwrap_or(MOST).max(2);
            let read = self.store.newest_logs(before.take(), asked).await?;
            let at_the_end = read.len() < asked as usize;
            before = read.last().map(place_of);
            found.extend(read.into_iter().filter(|it| it.state != LogState::Deleted));
            if at_the_end {
                break;
            }
        }
        Ok(found)
    }

    /// The entries that are kept elsewhere, and whether the log knows one of the same key.
    async fn parked(&self) -> Done<Vec<(LogEntry, bool)>> {
        let mut parked = Vec::new();
        for entry in self.store.failed_logs().await? {
            match self.store.log(&entry.key).await? {
                Some(known) if known == entry => {}
                known => parked.push((entry, known.is_some())),
            }
        }
        Ok(parked)
    }

    async fn parked_of(&self, key: &str) -> Done<Option<LogEntry>> {
        let parked = self.parked().await?;
        Ok(parked
            .into_iter()
            .map(|(entry, _)| entry)
            .find(|entry| entry.key == key))
    }

    /// An entry, as the log has it or as it is kept elsewhere; nothing if the user deleted it.
    async fn undeleted_entry(&self, key: &str) -> Done<Option<LogEntry>> {
        let entry = match self.store.log(key).await? {
            Some(entry) => Some(entry),
            None => self.parked_of(key).await?,
        };
        Ok(entry.filter(|entry| entry.state != LogState::Deleted))
    }

    pub(super) async fn entry(&self, key: &str) -> Done<Option<EntryView>> {
        let Some(mut entry) = self.undeleted_entry(key).await? else {
            return Ok(None);
        };
        if let Some(parked) = self.parked_of(key).await? {
            entry.state = parked.state;
        }
        Ok(Some(self.entry_view(entry).await?))
    }

    async fn entry_view(&self, entry: LogEntry) -> Done<EntryView> {
        let mut messages = self.store.messages_of(&entry.key).await?;
        messages.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        let links = self.links(&entry).await?;
        let recording = entry.recording.as_ref().map(|recording| FileView {
            link: recording.link.clone(),
            ..file(&recording.id, &entry.media)
        });
        let timeline = entry.timeline.iter();
        let (details, mailto) = if entry.state == LogState::Planned {
            let text = meetings::invitation(&entry.details, &entry.location);
            let mailto = meetings::mailto(&entry.title, &text, &[]);
            (text, mailto)
        } else {
            (entry.details.clone(), String::new())
        };
        Ok(EntryView {
            choices: self.choices(&entry, &links).await?,
            links,
            messages: messages
                .into_iter()
                .map(|message| message_view(message, &entry.media))
                .collect(),
            ai_note: entry.ai_note.clone(),
            transcript: entry.transcript.clone(),
            files: recording.into_iter().collect(),
            location: entry.location.clone(),
            details,
            mailto,
            timeline: timeline
                .map(|event| (event.at, event.trigger.clone(), event.result.clone()))
                .collect(),
            row: self.row(entry).await?,
        })
    }

    async fn links(&self, entry: &LogEntry) -> Done<Vec<LinkView>> {
        let mut links = Vec::with_capacity(entry.links.len());
        for (site, link) in &entry.links {
            let now = self.contact_now(site, &link.id).await?;
            links.push(LinkView {
                site: site.clone(),
                site_name: sites::name_of(site),
                contact: now.as_ref().map_or(&link.id, |it| &it.id).clone(),
                name: now.as_ref().map_or(&link.name, |it| &it.name).clone(),
                url: now.and_then(|it| it.url),
                why: link.why,
            });
        }
        Ok(links)
    }

    /// Whom an entry could be linked to, on every site that is on or linked already.
    async fn choices(&self, entry: &LogEntry, links: &[LinkView]) -> Done<Vec<ContactChoice>> {
        if entry.number.is_empty() {
            return Ok(Vec::new());
        }
        let mut sites = self.enabled_sites().await?;
        sites.extend(links.iter().map(|link| link.site.clone()));
        sites.sort();
        sites.dedup();
        let mut choices = Vec::new();
        for site in sites {
            for (contact, _) in self.people_of(&site, &entry.number).await? {
                choices.push(choice(contact));
            }
        }
        Ok(choices)
    }

    pub(super) async fn save_entry(&self, save: SaveEntry) -> Done<Option<EntryView>> {
        let Some(entry) = self.undeleted_entry(&save.key).await? else {
            return Ok(None);
        };
        let contact = match &save.contact {
            None => None,
            Some((site, id)) if id.is_empty() => Some((site, None)),
            Some((site, id)) => match self.contact_now(site, id).await? {
                Some(contact) => {
                    self.remember_choice(site, &entry.number, &contact.id)
                        .await?;
                    Some((site, Some(contact)))
                }
                None => None,
            },
        };
        let now = self.browser.now();
        let change = |mut entry: LogEntry| {
            if let Some(note) = &save.note {
                entry.note.clone_from(note);
            }
            if let Some(subject) = &save.subject {
                entry.subject.clone_from(subject);
            }
            if let Some(outcome) = &save.outcome
                && (outcome.is_empty() || OUTCOMES.contains(&outcome.as_str()))
            {
                entry.outcome.clone_from(outcome);
            }
            match &contact {
                Some((site, Some(contact))) => {
                    calls::relink(&mut entry, site, calls::link(contact, Why::Chosen));
                }
                Some((site, None)) => calls::unlink(&mut entry, site),
                None => {}
            }
            entry.updated_at = now;
            entry
        };
        if self.store.log(&save.key).await?.is_some() {
            let written = self
                .store
                .update_log(&save.key, |known| match known.unwrap_or(entry) {
                    // Deleted in another tab a moment ago.
                    gone if gone.state == LogState::Deleted => gone,
                    entry => change(entry),
                })
                .await?;
            self.tell_of_entries(&[&written]).await?;
        } else {
            // It could not be written into the log and still cannot; what the user says of it is kept with it.
            self.store.park_log(&change(entry)).await?;
            self.browser.announce();
        }
        self.entry(&save.key).await
    }

    pub(super) async fn delete_entries(&self, delete: DeleteEntries) -> Done<()> {
        let mut gone = Vec::new();
        for key in &delete.keys {
            if let Some(entry) = self.undeleted_entry(key).await? {
                gone.push(self.bury(entry).await?);
            }
        }
        let gone: Vec<&LogEntry> = gone.iter().collect();
        self.tell_of_entries(&gone).await
    }

    /// The entry goes last: what failed on the way is done when the user deletes it again.
    async fn bury(&self, entry: LogEntry) -> Done<LogEntry> {
        let key = entry.key.clone();
        let messages = self.store.messages_of(&key).await?;
        let emptied: Vec<Message> = messages.into_iter().map(repair::emptied).collect();
        if !emptied.is_empty() {
            self.store.put_messages(&emptied).await?;
        }
        for media in &entry.media {
            self.browser.drop_media(&media.key).await;
        }
        let now = self.browser.now();
        let gone = self
            .store
            .update_log(&key, |known| repair::tombstone(known.unwrap_or(entry), now))
            .await?;
        self.store.unpark_log(&key).await?;
        Ok(gone)
    }

    pub(super) async fn repair_entry(&self, repair: RepairEntry) -> Done<Option<EntryView>> {
        let key = repair.key;
        let parked = self.parked_of(&key).await?;
        let entry = match parked {
            Some(parked) => Some(self.bring_back(parked).await?),
            None => self.store.log(&key).await?,
        };
        let Some(entry) = entry else {
            return Ok(None);
        };
        let LogState::Failed(cause) = &entry.state else {
            return self.entry(&key).await;
        };
        let mended = match cause.as_str() {
            FAILED_UNREADABLE => self.read_again(&entry).await?,
            // Nothing is missing from it; the widget hears of it now.
            FAILED_LATE => Some(self.mark_saved(&key).await?),
            _ => None,
        };
        if let Some(mended) = mended {
            self.tell_of_entries(&[&mended]).await?;
            return self.entry(&mended.key).await;
        }
        self.entry(&key).await
    }

    /// Writes back what could not be written before.
    ///
    /// # Errors
    /// Storage failed still.
    pub(super) async fn repair_parked(&self) -> Done<()> {
        for entry in self.store.failed_logs().await? {
            if entry.state == LogState::Failed(FAILED_STORAGE.to_owned()) {
                self.repair_entry(RepairEntry { key: entry.key }).await?;
            }
        }
        Ok(())
    }

    /// Writes a parked entry where the others are. Only then it is gone from where it was kept.
    async fn bring_back(&self, parked: LogEntry) -> Done<LogEntry> {
        let key = parked.key.clone();
        let messages = self.store.messages_of(&key).await?;
        let lacks = repair::lacks_messages(&parked, &messages);
        let mended = parked.state == LogState::Failed(FAILED_STORAGE.to_owned()) && !lacks;
        let now = self.browser.now();
        let written = self
            .store
            .update_log(&key, |known| {
                let cause = parked.state.clone();
                let mut entry = repair::join(known, parked, now);
                if entry.state != LogState::Deleted {
                    entry.state = if mended { LogState::Saved } else { cause };
                }
                entry
            })
            .await?;
        self.store.unpark_log(&key).await?;
        self.tell_of_entries(&[&written]).await?;
        Ok(written)
    }

    /// An entry of which nothing could be read but that it came: a newer version may read it.
    async fn read_again(&self, entry: &LogEntry) -> Done<Option<LogEntry>> {
        let Some(mut event) = CallEvent::of(&entry.payload) else {
            return Ok(None);
        };
        if !entry.note.is_empty() {
            event.note = Some(entry.note.clone());
        }
        let site = entry
            .timeline
            .first()
            .map_or_else(String::new, |event| event.site.clone());
        let links = self.links_of(At::anywhere(&site), &event).await?;
        let key = calls::key_of(&event.call.session_id);
        let now = self.browser.now();
        let written = self
            .store
            .update_log(&key, |known| match known {
                Some(gone) if gone.state == LogState::Deleted => gone,
                // Under this key there is only what could not be read: nothing of it is older knowledge.
                Some(unread) if unread.key == entry.key => {
                    calls::apply(None, &event, &links, &site, now)
                }
                known => calls::apply(known, &event, &links, &site, now),
            })
            .await?;
        if written.key != entry.key {
            self.bury(entry.clone()).await?;
        }
        Ok(Some(written))
    }

    async fn mark_saved(&self, key: &str) -> Done<LogEntry> {
        let now = self.browser.now();
        let written = self
            .store
            .update_log(key, |known| {
                let mut entry = known.unwrap_or_default();
                if matches!(entry.state, LogState::Failed(_)) {
                    entry.state = LogState::Saved;
                    entry.updated_at = now;
                }
                entry
            })
            .await?;
        Ok(written)
    }

    /// Tells our pages and the widgets that entries have changed.
    async fn tell_of_entries(&self, entries: &[&LogEntry]) -> Done<()> {
        self.browser.announce();
        let sessions: Vec<String> = entries
            .iter()
            .filter(|it| it.kind == LogKind::Call && !it.session_id.is_empty())
            .map(|it| it.session_id.clone())
            .collect();
        self.tell_logged(&sessions, None).await
    }

    pub(super) async fn row(&self, entry: LogEntry) -> Done<LogRow> {
        let mut contact = String::new();
        let mut contact_url = None;
        for (site, link) in links_of(&entry) {
            // The name of today where the contact still exists, else the name of then.
            let now = self.contact_now(site, &link.id).await?;
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

fn place_of(entry: &LogEntry) -> (Millis, String) {
    (entry.started_at, entry.key.clone())
}

fn choice(contact: Contact) -> ContactChoice {
    let about = contact
        .company
        .or(contact.job_title)
        .or_else(|| contact.emails.into_iter().next());
    ContactChoice {
        site_name: sites::name_of(&contact.site),
        site: contact.site,
        contact: contact.id,
        name: contact.name,
        about: about.unwrap_or_default(),
    }
}

fn message_view(message: Message, media: &[Media]) -> MessageView {
    let from = if message.from.name.is_empty() {
        message.from.number
    } else {
        message.from.name
    };
    MessageView {
        at: message.at,
        direction: message.direction,
        from,
        text: message.text,
        // "SendingFailed" and "DeliveryFailed"; the others are "Sent", "Queued", "Delivered", "Received".
        failed: message.status.ends_with("Failed"),
        files: message
            .attachments
            .into_iter()
            .map(|attachment| attached(attachment, media))
            .collect(),
    }
}

fn attached(attachment: Attachment, media: &[Media]) -> FileView {
    let kept = file(&attachment.id, media);
    FileView {
        name: attachment.name,
        kind: if attachment.kind.is_empty() {
            kept.kind
        } else {
            attachment.kind
        },
        link: attachment.link,
        ..kept
    }
}

/// A recording or attachment, with how its download went.
fn file(id: &str, media: &[Media]) -> FileView {
    let media = media.iter().find(|it| it.id == id);
    FileView {
        id: id.to_owned(),
        kind: media.map(|it| it.kind.clone()).unwrap_or_default(),
        media: media.map(|it| (it.key.clone(), it.state)),
        bytes: media.map_or(0, |it| it.bytes),
        ..FileView::default()
    }
}
