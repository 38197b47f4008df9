//! People for the widget: its list, its search, the names of its callers, their records and activities.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::ports::{Browser, Store};
use super::widget::{Answer, At};
use super::{Done, Service};
use crate::directory::search::Query;
use crate::directory::{self, Wanted};
use crate::phone::{Numbering, Region};
use crate::protocol::stored::{
    Choice, Contact, Dialled, Direction, LogEntry, LogKind, LogState, MessageKind, Millis, Stage,
    Why,
};
use crate::protocol::widget::{self, text};
use crate::who::{self, Evidence};
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
/// The most people sharing a number whose last calls are looked up, and of how many calls each.
const MOST_ASKED: (usize, u32) = (20, 20);
/// The most mergers that are followed from one contact to the next.
const MOST_MERGERS: usize = 8;

/// Where in a run of the list a page begins. The widget repeats what it was given, whatever it is.
///
/// A number would not do: whoever is read or forgotten between two pages shifts all that follow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Place {
    /// Everybody, although the widget asked for what changed: too much did.
    whole: bool,
    /// The id after which it begins; empty for the beginning.
    after: String,
}

impl Place {
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

    fn page(&self) -> String {
        let mode = if self.whole { "whole" } else { "after" };
        format!("{mode}:{}", self.after)
    }
}

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// Whether the user consents to this site's contacts being listed and matched.
    async fn may_list(&self, site: &str) -> Done<bool> {
        let settings = self.store.settings().await?;
        Ok(settings.sites.get(site).is_some_and(|it| it.read_contacts))
    }

    /// One page of the list, in the order of the ids. The first page's timestamp is the one that the widget
    /// keeps; where more changed than the list may hold, there is none, and the widget takes the pages for
    /// the whole list.
    pub(super) async fn contacts_page(&self, site: &str, body: &Value) -> Done<Answer> {
        let settings = self.store.settings().await?;
        let now = self.browser.now();
        if !settings.sites.get(site).is_some_and(|it| it.read_contacts) {
            // No timestamp: also a widget that has a list empties it.
            return Ok(Answer::data(json!([])));
        }
        let limit = settings.global.list_limit;
        let since = body.get("syncTimestamp").and_then(Value::as_i64);
        let mut place = Place::of(body.get("page"));
        let mut contacts = Vec::new();
        if let Some(since) = since.filter(|_| !place.whole) {
            contacts = self.store.contacts_changed(site, since).await?;
            place.whole = place.after.is_empty() && contacts.len() > limit as usize;
        }
        if since.is_none() || place.whole {
            contacts = self.store.newest_contacts(site, limit).await?;
        }
        contacts.retain(|contact| contact.id > place.after);
        contacts.sort_by(|a, b| a.id.cmp(&b.id));
        let more = contacts.len() > PER_PAGE;
        contacts.truncate(PER_PAGE);
        let next = contacts.last().filter(|_| more).map(|last| {
            let after = last.id.clone();
            Place {
                after,
                ..place.clone()
            }
            .page()
        });
        let data: Vec<Value> = contacts.iter().map(widget::contact).collect();
        let mut response = json!({ "data": data, "nextPage": next });
        if !place.whole
            && let Some(fields) = response.as_object_mut()
        {
            fields.insert("syncTimestamp".to_owned(), json!(now - OVERLAP_MS));
        }
        Ok(Answer {
            response,
            more: Vec::new(),
        })
    }

    /// Whom a text in the dialer means. Somebody without a number has no row.
    pub(super) async fn contacts_found(&self, site: &str, body: &Value) -> Done<Answer> {
        if !self.may_list(site).await? {
            return Ok(Answer::data(json!([])));
        }
        let region = self.region_of(site).await?;
        let query = Query::with_number(text(body, "searchString"), &self.numbering, region);
        let contacts = self.store.contacts(site).await?;
        let mut rows = 0;
        let mut data: Vec<Value> = Vec::new();
        for contact in query.find(&contacts) {
            let mut row = query.row(contact);
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
        if !self.may_list(at.site).await? {
            return Ok(Answer::data(json!({})));
        }
        let asked: Vec<&str> = body
            .get("phoneNumbers")
            .and_then(Value::as_array)
            .map(|numbers| numbers.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        let names = body.get("callerIds").unwrap_or(&Value::Null);
        let (wanted, candidates) = self.who_has(at.site, &asked).await?;
        let mut data = Map::new();
        for (wanted, found) in self.sorted_out(at, &wanted, &candidates, names).await? {
            let found = found
                .into_iter()
                .map(|(contact, _)| widget::contact(contact));
            data.insert(wanted.asked.clone(), Value::Array(found.collect()));
        }
        Ok(Answer::data(json!(data)))
    }

    /// The country of a site's national numbers.
    pub(super) async fn region_of(&self, site: &str) -> Done<Option<Region>> {
        let settings = self.store.settings().await?;
        let own = settings.sites.get(site);
        Ok(own.and_then(|own| Region::parse(&own.region)))
    }

    /// Understands numbers, and looks up all contacts that share a key with one of them.
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

    /// Who may be meant by a number on a site, the likeliest first, and why that one. Nobody while the
    /// user's consent is withdrawn.
    pub(super) async fn people_of(&self, site: &str, number: &str) -> Done<Vec<(Contact, Why)>> {
        // No tab has this id.
        self.people_at(At { site, tab: -1 }, number, "").await
    }

    /// The same for the widget of a tab: the record that is open there says more than others, and the name
    /// that came with the number says something.
    pub(super) async fn people_at(
        &self,
        at: At<'_>,
        number: &str,
        caller_name: &str,
    ) -> Done<Vec<(Contact, Why)>> {
        if !self.may_list(at.site).await? {
            return Ok(Vec::new());
        }
        let names = json!({ number: caller_name });
        let (wanted, candidates) = self.who_has(at.site, &[number]).await?;
        let found = self.sorted_out(at, &wanted, &candidates, &names).await?;
        let people = found.into_iter().flat_map(|(_, people)| people);
        Ok(people
            .map(|(contact, why)| (contact.clone(), why))
            .collect())
    }

    /// Who has each number, the likeliest first. What only tells several apart is only looked up where there
    /// are several.
    async fn sorted_out<'a>(
        &self,
        at: At<'_>,
        wanted: &'a [Wanted],
        candidates: &'a [Contact],
        caller_names: &Value,
    ) -> Done<Vec<(&'a Wanted, Vec<(&'a Contact, Why)>)>> {
        let by_key = by_key(candidates);
        let found: Vec<(&Wanted, Vec<&Contact>)> = wanted
            .iter()
            .map(|wanted| {
                let key = wanted.key.as_deref().unwrap_or_default();
                let sharing = by_key.get(key).into_iter().flatten().copied();
                (wanted, directory::matches(wanted, sharing))
            })
            .collect();
        let shared: Vec<String> = found
            .iter()
            .filter(|(_, people)| people.len() > 1)
            .filter_map(|(wanted, _)| wanted.key.clone())
            .collect();
        let mut clues = Clues::default();
        if !shared.is_empty() {
            clues = self.clues(at, &shared).await?;
        }
        let mut sorted = Vec::with_capacity(found.len());
        for (wanted, people) in found {
            let mut evidence = Evidence::default();
            if people.len() > 1 {
                evidence = clues.evidence(wanted, self.browser.now());
                text(caller_names, &wanted.asked).clone_into(&mut evidence.caller_name);
                if who::ranked(people.iter().copied(), &evidence)
                    .first()
                    .is_some_and(|(_, why)| matches!(why, Why::Widget | Why::LatestReading))
                {
                    evidence.called = self.last_called(at.site, wanted, &people).await?;
                }
            }
            sorted.push((wanted, who::ranked(people, &evidence)));
        }
        Ok(sorted)
    }

    /// What the user did that tells people who share a number apart.
    async fn clues(&self, at: At<'_>, keys: &[String]) -> Done<Clues> {
        let now = self.browser.now();
        let mut clues = Clues {
            open: who::open_records(&self.store.tab_reports(at.site).await?, Some(at.tab), now),
            dialled: self.store.dialled(at.site).await?,
            choices: self.store.choices(keys).await?,
        };
        for id in &mut clues.open {
            self.follow(at.site, id).await?;
        }
        for choice in &mut clues.choices {
            self.follow(at.site, &mut choice.contact).await?;
        }
        if let Some(dialled) = &mut clues.dialled {
            self.follow(at.site, &mut dialled.contact).await?;
        }
        Ok(clues)
    }

    /// Replaces the id of a contact that was merged into another by the other's.
    async fn follow(&self, site: &str, id: &mut String) -> Done<()> {
        if let Some(contact) = self.contact_now(site, id).await? {
            *id = contact.id;
        }
        Ok(())
    }

    /// With whom of several the last call with their number was.
    async fn last_called(
        &self,
        site: &str,
        wanted: &Wanted,
        people: &[&Contact],
    ) -> Done<Option<String>> {
        let region = self.region_of(site).await?;
        let (most, each) = MOST_ASKED;
        let mut last: Option<(Millis, String)> = None;
        for contact in people.iter().take(most) {
            let entries = self.entries_of(contact, each).await?;
            let call = entries.into_iter().find(|entry| {
                entry.kind == LogKind::Call
                    // A call that is going on says nothing of itself.
                    && entry.stage >= Stage::Ended
                    && directory::wanted(&entry.number, site, &self.numbering, region).key
                        == wanted.key
            });
            if let Some(call) = call
                && last.as_ref().is_none_or(|(at, _)| call.started_at > *at)
            {
                last = Some((call.started_at, contact.id.clone()));
            }
        }
        Ok(last.map(|(_, id)| id))
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
    pub(super) async fn view_contact(&self, site: &str, body: &Value) -> Done<Answer> {
        let contact = self.contact_now(site, text(body, "id")).await?;
        if let Some(url) = contact.and_then(|contact| contact.url)
            && let Some(pattern) = sites::pattern_of(&url)
        {
            self.browser.show(&url, Some(&pattern)).await;
        }
        Ok(Answer::ok())
    }

    pub(super) async fn activities(&self, site: &str, body: &Value) -> Done<Answer> {
        if !self.may_list(site).await? {
            return Ok(Answer::data(json!([])));
        }
        let id = body
            .get("contact")
            .map_or("", |contact| text(contact, "id"));
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

/// What the user did, for all numbers of a request.
#[derive(Debug, Default)]
struct Clues {
    open: Vec<String>,
    dialled: Option<Dialled>,
    choices: Vec<Choice>,
}

impl Clues {
    fn evidence(&self, wanted: &Wanted, now: Millis) -> Evidence {
        let key = wanted.key.as_deref().unwrap_or_default();
        let chosen = self.choices.iter().find(|choice| choice.number == key);
        Evidence {
            chosen: chosen.map(|choice| choice.contact.clone()),
            open: self.open.clone(),
            clicked: who::clicked(self.dialled.as_ref(), key, now),
            ..Evidence::default()
        }
    }
}

/// The contacts by each of their number keys.
fn by_key(contacts: &[Contact]) -> BTreeMap<&str, Vec<&Contact>> {
    let mut by_key: BTreeMap<&str, Vec<&Contact>> = BTreeMap::new();
    for contact in contacts {
        for key in &contact.number_keys {
            by_key.entry(key).or_default().push(contact);
        }
    }
    by_key
}
