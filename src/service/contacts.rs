//! People for the widget: its list, its search, the names of its callers, their records and activities.

use serde_json::{Map, Value, json};

use super::ports::{Browser, Store};
use super::widget::Answer;
use super::{Done, Service};
use crate::directory::{self, Wanted};
use crate::phone::{Numbering, Region};
use crate::protocol::stored::{Contact, Direction, LogEntry, Millis, Why};
use crate::protocol::widget::{self, text};
use crate::{calls, sites, view};

/// The most contacts that the widget's list holds: it keeps them in memory, in every tab.
const MOST_LISTED: usize = 5_000;
/// How far back a delta reaches behind the last sync, in milliseconds. A reading carries the time at which
/// it began and is seen only when it is durable; a contact that is sent twice is only replaced.
const OVERLAP_MS: Millis = 60_000;
/// Contacts per page of the list.
const PER_PAGE: usize = 500;
/// The widget shows no more search results than this.
const MOST_FOUND: usize = 50;
/// Activities of a contact.
const MOST_ACTIVITIES: u32 = 100;

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// One page of the list. All pages of one run see the same order, and the first page's timestamp
    /// is the one that the widget keeps.
    pub(super) async fn contacts_page(&self, site: &str, body: &Value) -> Done<Answer> {
        let since = body.get("syncTimestamp").and_then(Value::as_i64);
        let page = body
            .get("page")
            .and_then(Value::as_u64)
            .and_then(|page| usize::try_from(page).ok())
            .unwrap_or(1)
            .max(1);
        let now = self.browser.now();
        let mut contacts = self.store.contacts(site).await?;
        if let Some(since) = since {
            // `>=`: two changes can share a millisecond.
            contacts.retain(|contact| contact.changed_at >= since);
        } else {
            contacts.retain(|contact| !contact.deleted);
            contacts.sort_by_key(|contact| -contact.read_at);
            contacts.truncate(MOST_LISTED);
            contacts.sort_by(|a, b| a.id.cmp(&b.id));
        }
        let data: Vec<Value> = contacts
            .iter()
            .skip((page - 1) * PER_PAGE)
            .take(PER_PAGE)
            .map(widget::contact)
            .collect();
        let more = contacts.len() > page * PER_PAGE;
        Ok(Answer {
            response: json!({
                "data": data,
                "nextPage": if more { Some(page + 1) } else { None },
                "syncTimestamp": now - OVERLAP_MS,
            }),
            more: Vec::new(),
        })
    }

    pub(super) async fn contacts_found(&self, site: &str, body: &Value) -> Done<Answer> {
        let contacts = self.store.contacts(site).await?;
        let found = directory::search(text(body, "searchString"), &contacts, MOST_FOUND);
        let data: Vec<Value> = found.into_iter().map(widget::contact).collect();
        Ok(Answer::data(json!(data)))
    }

    pub(super) async fn contacts_matched(&self, site: &str, body: &Value) -> Done<Answer> {
        let asked: Vec<&str> = body
            .get("phoneNumbers")
            .and_then(Value::as_array)
            .map(|numbers| numbers.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        let (wanted, candidates) = self.who_has(site, &asked).await?;
        let data: Map<String, Value> = wanted
            .iter()
            .map(|wanted| {
                let found = directory::matches(wanted, &candidates);
                let found: Vec<Value> = found.into_iter().map(widget::contact).collect();
                (wanted.asked.clone(), Value::Array(found))
            })
            .collect();
        Ok(Answer::data(json!(data)))
    }

    /// The country of a site's national numbers.
    pub(super) async fn region_of(&self, site: &str) -> Done<Option<Region>> {
        let settings = self.store.settings().await?;
        let own = settings.sites.get(site);
        Ok(own.and_then(|own| Region::parse(&own.region)))
    }

    pub(super) async fn who_has(
        &self,
        site: &str,
        numbers: &[&str],
    ) -> Done<(Vec<Wanted>, Vec<Contact>)> {
        let region = self.region_of(site).await?;
        let wanted: Vec<Wanted> = numbers
            .iter()
            .map(|number| directory::wanted(number, site, &self.numbering, region))
            .collect();
        let mut keys: Vec<String> = wanted.iter().filter_map(|it| it.key.clone()).collect();
        keys.sort();
        keys.dedup();
        Ok((wanted, self.store.contacts_with(&keys).await?))
    }

    pub(super) async fn view_contact(&self, site: &str, body: &Value) -> Done<Answer> {
        let contact = self.store.contact(site, text(body, "id")).await?;
        if let Some(url) = contact.and_then(|contact| contact.url) {
            self.browser
                .show(&url, sites::pattern_of(&url).as_deref())
                .await;
        }
        Ok(Answer::ok())
    }

    pub(super) async fn activities(&self, site: &str, body: &Value) -> Done<Answer> {
        let id = body
            .get("contact")
            .map_or("", |contact| text(contact, "id"));
        let key = calls::contact_key(site, id);
        let entries = self.store.logs_of_contact(&key, MOST_ACTIVITIES).await?;
        let data: Vec<Value> = entries
            .iter()
            .map(|entry| {
                json!({
                    "id": entry.key,
                    "subject": self.subject(entry),
                    "time": entry.started_at,
                })
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

    /// "Incoming call: answered (3:05)".
    pub(super) fn subject(&self, entry: &LogEntry) -> String {
        let kind = match entry.direction {
            Direction::Inbound => "activity_inbound",
            Direction::Outbound => "activity_outbound",
        };
        let outcome = view::outcome_key(entry);
        let subject = format!(
            "{}: {}",
            self.browser.text(kind, &[]),
            self.browser.text(outcome, &[])
        );
        match entry.duration_s {
            Some(seconds) if seconds > 0 => format!("{subject} ({})", view::duration(seconds)),
            _ => subject,
        }
    }

    /// Who may be meant by a number on a site, the likeliest first, and why that one.
    pub(super) async fn people_of(&self, site: &str, number: &str) -> Done<Vec<(Contact, Why)>> {
        let (wanted, candidates) = self.who_has(site, &[number]).await?;
        let Some(wanted) = wanted.first() else {
            return Ok(Vec::new());
        };
        let found = directory::matches(wanted, &candidates);
        let why = if found.len() == 1 {
            Why::OnlyOne
        } else {
            Why::LatestReading
        };
        Ok(found.into_iter().map(|it| (it.clone(), why)).collect())
    }
}
