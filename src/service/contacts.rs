//! People for the widget: its list, its search, the names of its callers, their records and activities; of
//! every site that the widget serves.

use std::cmp::Reverse;

use serde_json::{Map, Value, json};

use super::ports::{Browser, Store};
use super::widget::{Answer, At};
use super::{Done, Service};
use crate::directory::search::{Query, find_over};
use crate::phone::Numbering;
use crate::protocol::stored::{
    Contact, Direction, LogEntry, LogKind, LogState, MessageKind, Millis,
};
use crate::protocol::widget::{self, text};
use crate::scope::Scope;
use crate::{calls, sites, view};

/// How far back a delta reaches behind the last sync, in milliseconds. A reading carries the time at which
/// it began and is seen only when it is durable; a contact that is sent twice is only replaced.
const OVERLAP_MS: Millis = 60_000;
/// Contacts per page of the list: with everything that a page can state of them half a megabyte. Each page
/// costs one reading of the whole list from the store.
const PER_PAGE: usize = 1_000;
/// The widget shows no more rows of search results than this, one for each number.
const MOST_ROWS: usize = 50;
/// Activities of a contact.
const MOST_ACTIVITIES: u32 = 100;
/// The most mergers that are followed from one contact to the next.
const MOST_MERGERS: usize = 8;

/// Where in a run of the list a page begins. The widget repeats what it was given, whatever it is.
///
/// A number would not do: whoever is read or forgotten between two pages shifts all that follow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Page {
    /// Everybody, although the widget asked for what changed: too much did, or other sites are listed now.
    whole: bool,
    /// The id after which it begins; empty for the beginning.
    after: String,
}

impl Page {
    fn of(page: Option<&Value>) -> Self {
        let page = page.and_then(Value::as_str).unwrap_or_default();
        match (page.strip_prefix("after:"), page.strip_prefix("whole:")) {
            (Some(after), _) => Self {
                whole: false,
                after: after.to_owned(),
            },
            (_, Some(after)) => Self {
                whole: true,
                after: after.to_owned(),
            },
            _ => Self::default(),
        }
    }

    fn text(&self) -> String {
        let mode = if self.whole { "whole" } else { "after" };
        format!("{mode}:{}", self.after)
    }
}

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// One page of the list, in the order of the ids. The first page's timestamp is the one that the widget
    /// keeps; where there is none, the widget takes the pages for the whole list.
    pub(super) async fn contacts_page(&self, place: &str, body: &Value) -> Done<Answer> {
        let settings = self.store.settings().await?;
        let now = self.browser.now();
        let scope = Scope::of(place, &settings);
        let since = body.get("syncTimestamp").and_then(Value::as_i64);
        let mut page = Page::of(body.get("page"));
        if page.after.is_empty() {
            page.whole = self.lists_other_sites(&scope, since).await?;
        }
        if scope.listed().is_empty() {
            // No timestamp: also a widget that has a list empties it.
            return Ok(Answer::data(json!([])));
        }
        let limit = settings.global.list_limit;
        let mut contacts = Vec::new();
        if let Some(since) = since.filter(|_| !page.whole) {
            for site in scope.listed() {
                contacts.extend(self.store.contacts_changed(site, since).await?);
            }
            page.whole = page.after.is_empty() && contacts.len() > limit as usize;
        }
        if since.is_none() || page.whole {
            contacts = self.newest(&scope, limit).await?;
        }
        let mut contacts: Vec<Contact> = contacts.into_iter().map(|it| scope.shown(it)).collect();
        contacts.retain(|contact| contact.id > page.after);
        contacts.sort_by(|a, b| a.id.cmp(&b.id));
        let more = contacts.len() > PER_PAGE;
        contacts.truncate(PER_PAGE);
        let next = contacts.last().filter(|_| more).map(|last| {
            let after = last.id.clone();
            let whole = page.whole;
            Page { whole, after }.text()
        });
        let data: Vec<Value> = contacts.iter().map(widget::contact).collect();
        let mut response = json!({ "data": data, "nextPage": next });
        if !page.whole
            && let Some(fields) = response.as_object_mut()
        {
            fields.insert("syncTimestamp".to_owned(), json!(now - OVERLAP_MS));
        }
        Ok(Answer {
            response,
            more: Vec::new(),
        })
    }

    /// Whether the list that a widget got at a time is not that of the sites that are listed today: what
    /// changed since then says nothing of the people of a site that was turned on or off.
    async fn lists_other_sites(&self, scope: &Scope, since: Option<Millis>) -> Done<bool> {
        let now = self.browser.now();
        let mut facts = self.store.widget_facts(scope.place()).await?;
        let is_news = facts.listed != scope.listed();
        if is_news {
            facts = self
                .store
                .update_widget_facts(scope.place(), |facts| {
                    facts.listed = scope.listed().to_vec();
                    facts.listed_at = now;
                })
                .await?;
        }
        Ok(since.is_some_and(|since| is_news || since + OVERLAP_MS < facts.listed_at))
    }

    /// The contacts of all listed sites that were read last.
    async fn newest(&self, scope: &Scope, limit: u32) -> Done<Vec<Contact>> {
        let mut contacts = Vec::new();
        for site in scope.listed() {
            contacts.extend(self.store.newest_contacts(site, limit).await?);
        }
        contacts.sort_by_key(|contact| Reverse(contact.read_at));
        contacts.truncate(limit as usize);
        Ok(contacts)
    }

    /// Whom a text in the dialer means. Somebody without a number has no row.
    pub(super) async fn contacts_found(&self, place: &str, body: &Value) -> Done<Answer> {
        let scope = self.scope(place).await?;
        let typed = text(body, "searchString");
        let mut sites = Vec::with_capacity(scope.listed().len());
        for site in scope.listed() {
            let region = self.region_of(site).await?;
            let query = Query::with_number(typed, &self.numbering, region);
            sites.push((query, self.store.contacts(site).await?));
        }
        let mut rows = 0;
        let mut data: Vec<Value> = Vec::new();
        let asked = sites.iter().map(|(query, contacts)| (query, contacts));
        for (query, contact) in find_over(asked) {
            let mut row = scope.shown(query.row(contact));
            row.phones.truncate(MOST_ROWS - rows);
            rows += row.phones.len();
            if !row.phones.is_empty() {
                data.push(widget::contact(&row));
            }
            if rows == MOST_ROWS {
                break;
            }
        }
        Ok(Answer::data(json!(data)))
    }

    /// Names for numbers, by the very texts that were asked. A caller-ID name only says who of several comes
    /// first.
    pub(super) async fn contacts_matched(&self, at: At<'_>, body: &Value) -> Done<Answer> {
        let scope = self.scope(at.site).await?;
        if scope.listed().is_empty() {
            return Ok(Answer::data(json!({})));
        }
        let asked: Vec<&str> = body
            .get("phoneNumbers")
            .and_then(Value::as_array)
            .map(|numbers| numbers.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        let names = body.get("callerIds").unwrap_or(&Value::Null);
        let found = self.people_with(at, &asked, names).await?;
        let mut data = Map::new();
        for (number, people) in asked.into_iter().zip(found) {
            let people = people
                .into_iter()
                .map(|(contact, _)| widget::contact(&scope.shown(contact)));
            data.insert(number.to_owned(), Value::Array(people.collect()));
        }
        Ok(Answer::data(json!(data)))
    }

    /// A contact that is there today: the one that it was merged into, where it was; nobody who was
    /// forgotten or wiped.
    pub(super) async fn contact_now(&self, site: &str, id: &str) -> Done<Option<Contact>> {
        let mut id = id.to_owned();
        for _ in 0..MOST_MERGERS {
            match self.store.contact(site, &id).await? {
                Some(Contact {
                    merged_into: Some(next),
                    ..
                }) => id = next,
                other => return Ok(other.filter(|it| !it.deleted)),
            }
        }
        Ok(None)
    }

    /// What was logged with a contact and with those that were merged into it, newest first; nothing that
    /// was deleted or is a draft.
    pub(super) async fn entries_of(&self, contact: &Contact, limit: u32) -> Done<Vec<LogEntry>> {
        let mut entries: Vec<LogEntry> = Vec::new();
        for id in contact.merged.iter().chain([&contact.id]) {
            let key = calls::contact_key(&contact.site, id);
            entries.extend(self.store.logs_of_contact(&key, limit).await?);
        }
        entries.retain(|entry| !matches!(entry.state, LogState::Deleted | LogState::Draft));
        entries.sort_by(|a, b| (b.started_at, &b.key).cmp(&(a.started_at, &a.key)));
        entries.dedup_by(|a, b| a.key == b.key);
        entries.truncate(limit as usize);
        Ok(entries)
    }

    /// Opens a contact's record. A page can state any address, but only a page of the web is opened.
    pub(super) async fn view_contact(&self, place: &str, body: &Value) -> Done<Answer> {
        let scope = self.scope(place).await?;
        let contact = self.contact_meant(&scope, text(body, "id")).await?;
        if let Some(url) = contact.and_then(|contact| contact.url)
            && let Some(pattern) = sites::pattern_of(&url)
        {
            self.browser.show(&url, Some(&pattern)).await;
        }
        Ok(Answer::ok())
    }

    pub(super) async fn activities(&self, place: &str, body: &Value) -> Done<Answer> {
        let scope = self.scope(place).await?;
        let shown = body
            .get("contact")
            .map_or("", |contact| text(contact, "id"));
        let listed = |(site, _): &(&str, &str)| scope.listed().iter().any(|it| it == site);
        let Some((site, id)) = scope.meant(shown).filter(listed) else {
            return Ok(Answer::data(json!([])));
        };
        // The log outlives the contact.
        let contact = match self.contact_now(site, id).await? {
            Some(contact) => contact,
            None => Contact {
                site: site.to_owned(),
                id: id.to_owned(),
                ..Contact::default()
            },
        };
        let entries = self.entries_of(&contact, MOST_ACTIVITIES).await?;
        let data: Vec<Value> = entries
            .iter()
            .map(|entry| {
                let subject = match entry.subject.as_str() {
                    "" => self.subject(entry),
                    own => own.to_owned(),
                };
                json!({ "id": entry.key, "subject": subject, "time": entry.started_at })
            })
            .collect();
        Ok(Answer::data(json!(data)))
    }

    /// A click on an activity opens its entry.
    pub(super) async fn activity(&self, body: &Value) -> Done<Answer> {
        let key = body.get("activity").map_or("", |it| text(it, "id"));
        self.browser.open_book(key).await;
        Ok(Answer::ok())
    }

    /// What an entry is called until the user calls it something: "Incoming call: Answered (3:05)",
    /// "3 text messages: see you there", "Meeting: Weekly (30:00)".
    pub(super) fn subject(&self, entry: &LogEntry) -> String {
        let (what, words) = match entry.kind {
            LogKind::Call => {
                let kind = match entry.direction {
                    Direction::Inbound => "activity_inbound",
                    Direction::Outbound => "activity_outbound",
                };
                let outcome = self.browser.text(view::outcome_key(entry), &[]);
                (self.browser.text(kind, &[]), outcome)
            }
            LogKind::Messages => (self.messages_said(entry), entry.preview.clone()),
            LogKind::Meeting => (
                self.browser.text("activity_meeting", &[]),
                entry.title.clone(),
            ),
        };
        let subject = if words.is_empty() {
            what
        } else {
            format!("{what}: {words}")
        };
        match entry.duration_s {
            Some(seconds) if seconds > 0 => format!("{subject} ({})", view::duration(seconds)),
            _ => subject,
        }
    }

    fn messages_said(&self, entry: &LogEntry) -> String {
        let base = match entry.message_kind {
            MessageKind::Sms => "activity_sms",
            MessageKind::Pager => "activity_pager",
            MessageKind::Voicemail => return self.browser.text("activity_voicemail", &[]),
            MessageKind::Fax => return self.browser.text("activity_fax", &[]),
        };
        let count = entry.message_count;
        let key = view::plural_key(base, if count == 1 { "one" } else { "other" });
        self.browser.text(&key, &[&count.to_string()])
    }
}
