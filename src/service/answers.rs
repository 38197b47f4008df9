//! What the worker answers to the widget.

use serde_json::{Map, Value, json};

use super::ports::{Browser, Store};
use super::{Done, Service};
use crate::calls::{self, CallEvent, ContactSaid};
use crate::directory::{self, Wanted};
use crate::phone::{Numbering, Region};
use crate::protocol::runtime::{Refusal, WidgetSaid};
use crate::protocol::stored::{Contact, ContactLink, Direction, LogEntry, Millis, Settings};
use crate::protocol::widget::{
    self, RegistrationTexts, WidgetRequest, paths, text, type_of, types,
};
use crate::{sites, view};

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
    /// Returns the messages to post to the widget that said something, as JSON.
    pub(super) async fn widget_said(&self, site: &str, said: &WidgetSaid) -> Done<Vec<String>> {
        let message = serde_json::from_str(&said.message).map_err(|_| Refusal::NotAllowed)?;
        let posts = self.heard(site, &message, said.boot).await?;
        Ok(posts.iter().map(Value::to_string).collect())
    }

    async fn heard(&self, site: &str, message: &Value, boot: bool) -> Done<Vec<Value>> {
        match type_of(message) {
            types::REQUEST => {
                let request = WidgetRequest::of(message).ok_or(Refusal::NotAllowed)?;
                let (response, mut more) = self.respond(site, &request).await?;
                let mut posts = vec![request.answer(&response)];
                posts.append(&mut more);
                Ok(posts)
            }
            types::LOGIN_STATUS => self.signed(site, message, boot).await,
            types::CALL_AUTO_LOG => self.auto_log_said(site, message).await,
            _ => Ok(Vec::new()),
        }
    }

    /// At the first of these after a boot the service is registered, whatever it says.
    async fn signed(&self, site: &str, message: &Value, boot: bool) -> Done<Vec<Value>> {
        let mut posts = Vec::new();
        if boot {
            let texts = RegistrationTexts {
                log_call: self.browser.text("widget_log_call", &[]),
                auto_log_calls: self.browser.text("widget_auto_log_calls", &[]),
            };
            let icon = self.browser.icon();
            posts.push(widget::registration(&sites::name_of(site), &icon, &texts));
        }
        if message.get("loggedIn") == Some(&Value::Bool(true)) {
            let settings = self.store.settings().await?;
            posts.extend(untold_auto_log(&settings, site));
        }
        Ok(posts)
    }

    /// The switch in the widget and ours are one: the later choice wins, wherever it was made.
    ///
    /// A widget that has not heard our latest choice is told it; one that has, and says otherwise,
    /// speaks for the user.
    async fn auto_log_said(&self, site: &str, message: &Value) -> Done<Vec<Value>> {
        let Some(on) = message.get("autoLog").and_then(Value::as_bool) else {
            return Ok(Vec::new());
        };
        let mut posts = Vec::new();
        self.store
            .update_settings(|settings| {
                let untold = untold_auto_log(settings, site);
                let global = &mut settings.global;
                let Some(own) = settings.sites.get_mut(site) else {
                    return;
                };
                if on == global.auto_log_calls {
                    own.auto_log_told = global.auto_log_revision;
                } else if untold.is_some() {
                    posts.extend(untold);
                } else {
                    global.auto_log_calls = on;
                    global.auto_log_revision += 1;
                    own.auto_log_told = global.auto_log_revision;
                }
            })
            .await?;
        Ok(posts)
    }

    /// Returns the response, and what else is to be posted after it.
    async fn respond(&self, site: &str, request: &WidgetRequest<'_>) -> Done<(Value, Vec<Value>)> {
        let body = request.body;
        let response = match request.path {
            paths::CONTACTS => self.contacts_page(site, body).await?,
            paths::SEARCH => self.contacts_found(site, body).await?,
            paths::MATCH => self.contacts_matched(site, body).await?,
            paths::VIEW => self.view_contact(site, body).await?,
            paths::ACTIVITIES => self.activities(site, body).await?,
            paths::ACTIVITY => {
                let key = body.get("activity").map_or("", |it| text(it, "id"));
                self.browser.open_book(key).await;
                json!({ "data": "ok" })
            }
            paths::CALL_LOG => return Ok(self.log_call(site, body).await),
            paths::CALL_LOGGED => self.calls_logged(site, body).await?,
            _ => json!({ "data": null }),
        };
        Ok((response, Vec::new()))
    }

    /// One page of the list. All pages of one run see the same order, and the first page's timestamp
    /// is the one that the widget keeps.
    async fn contacts_page(&self, site: &str, body: &Value) -> Done<Value> {
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
        Ok(json!({
            "data": data,
            "nextPage": if more { Some(page + 1) } else { None },
            "syncTimestamp": now - OVERLAP_MS,
        }))
    }

    async fn contacts_found(&self, site: &str, body: &Value) -> Done<Value> {
        let contacts = self.store.contacts(site).await?;
        let found = directory::search(text(body, "searchString"), &contacts, MOST_FOUND);
        let data: Vec<Value> = found.into_iter().map(widget::contact).collect();
        Ok(json!({ "data": data }))
    }

    async fn contacts_matched(&self, site: &str, body: &Value) -> Done<Value> {
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
        Ok(json!({ "data": data }))
    }

    async fn who_has(&self, site: &str, numbers: &[&str]) -> Done<(Vec<Wanted>, Vec<Contact>)> {
        let settings = self.store.settings().await?;
        let region = settings
            .sites
            .get(site)
            .and_then(|own| Region::parse(&own.region));
        let wanted: Vec<Wanted> = numbers
            .iter()
            .map(|number| directory::wanted(number, site, &self.numbering, region))
            .collect();
        let mut keys: Vec<String> = wanted.iter().filter_map(|it| it.key.clone()).collect();
        keys.sort();
        keys.dedup();
        Ok((wanted, self.store.contacts_with(&keys).await?))
    }

    async fn view_contact(&self, site: &str, body: &Value) -> Done<Value> {
        let contact = self.store.contact(site, text(body, "id")).await?;
        if let Some(url) = contact.and_then(|contact| contact.url) {
            self.browser
                .show(&url, sites::pattern_of(&url).as_deref())
                .await;
        }
        Ok(json!({ "data": "ok" }))
    }

    async fn activities(&self, site: &str, body: &Value) -> Done<Value> {
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
        Ok(json!({ "data": data }))
    }

    /// "Incoming call: answered (3:05)".
    fn subject(&self, entry: &LogEntry) -> String {
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

    /// Keeps a call. The widget is answered only after the entry is durable; when it cannot be kept
    /// the widget is answered all the same, and the user is told.
    async fn log_call(&self, site: &str, body: &Value) -> (Value, Vec<Value>) {
        match self.keep_call(site, body).await {
            Ok(()) => (json!({ "data": "ok" }), Vec::new()),
            Err(_) => (
                json!({ "data": null }),
                vec![self.alert("alert_log_failed", "danger")],
            ),
        }
    }

    async fn keep_call(&self, site: &str, body: &Value) -> Done<()> {
        let event = CallEvent::of(body).ok_or(Refusal::NotAllowed)?;
        let link = self.link_of(site, &event).await?;
        let key = calls::key_of(&event.call.session_id);
        let now = self.browser.now();
        self.store
            .update_log(&key, |entry| calls::apply(entry, &event, link, site, now))
            .await?;
        self.browser.announce();
        Ok(())
    }

    /// The contact of a call on a site: the one the event names; else, where exactly one has the
    /// number, that one.
    async fn link_of(&self, site: &str, event: &CallEvent) -> Done<Option<ContactLink>> {
        let (id, chosen) = match &event.contact {
            ContactSaid::Chosen(id) => (id, true),
            ContactSaid::Found(id) => (id, false),
            ContactSaid::Nothing => return self.only_one_with(site, &event.call.number).await,
        };
        let contact = self.store.contact(site, id).await?;
        Ok(contact.map(|contact| ContactLink {
            id: contact.id,
            name: contact.name,
            chosen,
        }))
    }

    async fn only_one_with(&self, site: &str, number: &str) -> Done<Option<ContactLink>> {
        let (wanted, candidates) = self.who_has(site, &[number]).await?;
        let Some(wanted) = wanted.first() else {
            return Ok(None);
        };
        Ok(match directory::matches(wanted, &candidates).as_slice() {
            [contact] => Some(ContactLink {
                id: contact.id.clone(),
                name: contact.name.clone(),
                chosen: false,
            }),
            _ => None,
        })
    }

    async fn calls_logged(&self, site: &str, body: &Value) -> Done<Value> {
        let sessions = body
            .get("sessionIds")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut data = Map::new();
        for session in sessions.iter().filter_map(Value::as_str) {
            let entry = self.store.log(&calls::key_of(session)).await?;
            if let Some(entity) = entry.and_then(|entry| calls::matched(&entry, site)) {
                data.insert(session.to_owned(), json!([entity]));
            }
        }
        Ok(json!({ "data": data }))
    }

    /// The protocol has no way to say that something failed, but it can show a message.
    fn alert(&self, key: &str, level: &str) -> Value {
        json!({
            "type": types::HOST_REQUEST,
            "requestId": self.browser.secret(),
            "path": "/custom-alert-message",
            "body": { "message": self.browser.text(key, &[]), "level": level, "ttl": 30_000 },
        })
    }
}

/// The message that tells a site's widget the user's latest choice, if it has not heard it.
fn untold_auto_log(settings: &Settings, site: &str) -> Option<Value> {
    let own = settings.sites.get(site)?;
    let told = own.auto_log_told == settings.global.auto_log_revision;
    (!told).then(|| json!({ "type": types::SET_AUTO_LOG, "call": settings.global.auto_log_calls }))
}
