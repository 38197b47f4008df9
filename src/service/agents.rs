//! What page agents and frame pages ask: their settings, a ticket, admission; and what they report.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::ports::{Browser, Store};
use super::widget::At;
use super::{Done, Service};
use crate::directory::{self, Occasion, Understood};
use crate::meetings;
use crate::phone::{Numbering, Region, bare_extension};
use crate::protocol::page::Reading;
use crate::protocol::runtime::{
    AgentConfig, AgentHello, DialPlease, Dialling, FrameConfig, OpenFrame, PageRead, Refusal,
    SavePlace,
};
use crate::protocol::stored::{
    Adapter, Contact, Dialled, FrameId, FrameSession, MOST_IN_VIEW, Millis, Pending, Settings,
    SiteSettings, TabReport, Ticket,
};
use crate::protocol::widget::types;
use crate::scope::WINDOW;
use crate::{HAS_PAGE_ADAPTER, placement, sites, widget_address};

/// How long a ticket is good. A page agent uses it at once; a slow machine gets a minute.
const TICKET_MS: Millis = 60_000;

/// How many names the popup shows of what was read.
const NAMES_SHOWN: usize = 5;

/// The most people taken from one reading: more is no page that somebody reads.
const MOST_READ: usize = 20_000;

/// The longest number that is taken from a link, in characters.
const MOST_NUMBER: usize = 64;

/// The longest text that is taken from a link, in characters.
const MOST_TEXT: usize = 1_000;

/// How long a number waits for a widget to be there and signed in, in milliseconds: who comes back later
/// does not want it called any more.
const PENDING_MS: Millis = 2 * 60 * 1000;

/// Which widgets a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phones {
    /// Every one that is up.
    All,
    /// Those that are signed in and take numbers; the others would drop it.
    Ready,
}

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    pub(super) async fn hello(
        &self,
        tab: i32,
        site: &str,
        url: &str,
        hello: AgentHello,
    ) -> Done<Option<AgentConfig>> {
        let settings = self.store.settings().await?;
        let Some(own) = settings.sites.get(site).filter(|site| site.enabled) else {
            return Ok(None);
        };
        let report = self.store.tab_report(tab).await?.unwrap_or_default();
        let same = report.site == site;
        let in_call = same && report.in_call;
        if in_call && hello.fresh {
            self.call_lost(site).await?;
        }
        let facts = self.store.widget_facts(site).await?;
        let placed = placement::of(own.adapter, hello.page, facts.obstacle, HAS_PAGE_ADAPTER);
        let report = TabReport {
            site: site.to_owned(),
            translated: hello.page.translated,
            placed: placed.adapter,
            obstacle: placed.obstacle,
            in_call: in_call && !hello.fresh,
            // What a page shows is not looked at without consent.
            ..if same && own.read_contacts {
                report
            } else {
                TabReport::default()
            }
        };
        self.store.put_tab_report(tab, &report).await?;
        Ok(Some(AgentConfig {
            site: site.to_owned(),
            adapter: placed.adapter,
            page_api: own.page_api,
            place: own.place,
            widget_origin: widget_address::origin(&settings.global),
            rule: sites::rule_for(url),
            read_contacts: own.read_contacts,
            mark_numbers: own.mark_numbers,
        }))
    }

    pub(super) async fn ticket(&self, tab: i32, site: &str) -> Done<String> {
        let ticket = self.browser.secret();
        let value = Ticket {
            tab,
            site: site.to_owned(),
            at: self.browser.now(),
            because: None,
        };
        self.store.put_ticket(&ticket, &value).await?;
        Ok(ticket)
    }

    /// A page can embed the frame page by itself, but it has no ticket; and a ticket is good once, in
    /// its own tab.
    pub(super) async fn open_frame(
        &self,
        tab: i32,
        frame: FrameId,
        open: OpenFrame,
    ) -> Done<FrameConfig> {
        let ticket = self.store.take_ticket(&open.ticket).await?;
        let now = self.browser.now();
        let (site, because) = match ticket.filter(|it| now - it.at <= TICKET_MS) {
            Some(it) if it.site == WINDOW && self.may_be_window(tab, frame).await? => {
                (it.site, it.because)
            }
            Some(it) if it.site != WINDOW && it.tab == tab => (it.site, None),
            // The window was loaded again.
            None if self.is_window(tab, frame).await? => (WINDOW.to_owned(), None),
            _ => return Err(Refusal::BadTicket),
        };
        let settings = self.store.settings().await?;
        let session = FrameSession {
            site: site.clone(),
            ready: false,
        };
        self.store.put_frame(tab, frame, &session).await?;
        let own = settings.sites.get(&site).cloned().unwrap_or_default();
        let is_window = site == WINDOW;
        if is_window {
            self.window_opened().await?;
        }
        Ok(FrameConfig {
            site_name: self.place_name(&site),
            site,
            widget_url: widget_address::app(&settings.global, &own.widget_options),
            widget_origin: widget_address::origin(&settings.global),
            window: is_window,
            because: because.map(|(obstacle, of)| (obstacle, sites::name_of(&of))),
        })
    }

    async fn is_window(&self, tab: i32, frame: FrameId) -> Done<bool> {
        let session = self.store.frame(tab, frame).await?;
        Ok(frame == 0 && session.is_some_and(|it| it.site == WINDOW))
    }

    pub(super) async fn inject_adapter(
        &self,
        tab: i32,
        site: &str,
        settings: &Settings,
    ) -> Done<bool> {
        let own = settings.sites.get(site).cloned().unwrap_or_default();
        if own.adapter != Adapter::Page {
            return Err(Refusal::NotAllowed);
        }
        let src = widget_address::adapter(&settings.global, &own.widget_options)
            .ok_or(Refusal::NotAllowed)?;
        let taken = self.browser.add_script(tab, &src).await;
        if taken {
            // The page agent relays for this widget, from the top document.
            let session = FrameSession {
                site: site.to_owned(),
                ready: false,
            };
            self.store.put_frame(tab, 0, &session).await?;
        }
        Ok(taken)
    }

    /// The user clicked a number in the page: remembers in whose row it stood, and has a widget do what the
    /// user wants of it. Returns whether one was there; one that comes does it when it is ready.
    pub(super) async fn dial(&self, tab: i32, site: &str, dial: DialPlease) -> Done<bool> {
        let number: String = dial.number.chars().take(MOST_NUMBER).collect();
        let region = self.region_of(site).await?;
        let wanted = directory::wanted(&number, site, &self.numbering, region);
        let to_dial = wanted.to_dial();
        if let Some(key) = wanted.key {
            let people = self.people_of(site, &number).await?;
            let report = self.store.tab_report(tab).await?;
            let open = report
                .filter(|report| report.site == site)
                .and_then(|report| report.open_record);
            let people: Vec<&Contact> = people.iter().map(|(contact, _)| contact).collect();
            let meant = in_row(&people, &dial).or_else(|| {
                let open = open.as_deref()?;
                people.into_iter().find(|contact| contact.id == open)
            });
            let dialled = Dialled {
                number: key,
                // Nobody, too: what an earlier click said of this number holds no longer.
                contact: meant.map(|it| it.id.clone()).unwrap_or_default(),
                at: self.browser.now(),
            };
            self.store.put_dialled(site, &dialled).await?;
        }
        let message = match dial.then {
            Dialling::Nothing => return Ok(false),
            Dialling::Call => {
                json!({ "type": types::NEW_CALL, "phoneNumber": to_dial, "toCall": true })
            }
            Dialling::Text(text) => {
                let text: String = text.chars().take(MOST_TEXT).collect();
                let text = if text.is_empty() {
                    Value::Null
                } else {
                    text.into()
                };
                json!({ "type": types::NEW_SMS, "phoneNumber": to_dial, "text": text })
            }
        };
        self.dial_or_wait(tab, site, &message).await
    }

    /// Posts a message to the widget that serves a tab, once: its own, or that of the window where the page
    /// takes none. A widget that is not ready would drop it, so it waits until one is, or is too old.
    pub(super) async fn dial_or_wait(&self, tab: i32, site: &str, message: &Value) -> Done<bool> {
        let place = self.place_serving(tab, site).await?;
        if self
            .post_to_phone(tab, place, message, Phones::Ready)
            .await?
        {
            return Ok(true);
        }
        let waits = (place != WINDOW).then_some(tab);
        let pending = Pending {
            message: message.to_string(),
            at: self.browser.now(),
        };
        self.store.put_pending(waits, &pending).await?;
        Ok(false)
    }

    /// A widget is signed in and takes numbers: gives it the one that waits for it.
    pub(super) async fn widget_ready(&self, at: At<'_>) -> Done<Vec<Value>> {
        self.set_ready(at, true).await?;
        let waits = (at.site != WINDOW).then_some(at.tab);
        let pending = self.store.take_pending(waits).await?;
        let now = self.browser.now();
        let fresh = pending.filter(|it| now - it.at <= PENDING_MS);
        Ok(fresh
            .and_then(|it| serde_json::from_str(&it.message).ok())
            .into_iter()
            .collect())
    }

    /// Remembers whether the widget of a tab takes numbers.
    pub(super) async fn set_ready(&self, at: At<'_>, ready: bool) -> Done<()> {
        for (tab, frame) in self.store.frames_of(at.site).await? {
            let known = self.store.frame(tab, frame).await?;
            if tab != at.tab || known.is_some_and(|it| it.ready == ready) {
                continue;
            }
            let session = FrameSession {
                site: at.site.to_owned(),
                ready,
            };
            self.store.put_frame(tab, frame, &session).await?;
        }
        Ok(())
    }

    /// Where the widget stands that serves a tab: in the site's page, or in the window where that takes none.
    pub(super) async fn place_serving<'a>(&self, tab: i32, site: &'a str) -> Done<&'a str> {
        let report = self.store.tab_report(tab).await?;
        let in_window = report.is_some_and(|it| it.site == site && it.placed == Adapter::Window);
        Ok(if in_window { WINDOW } else { site })
    }

    /// Posts a message to one widget of the place that serves a tab; whether one was there.
    pub(super) async fn post_to_phone(
        &self,
        tab: i32,
        place: &str,
        message: &Value,
        which: Phones,
    ) -> Done<bool> {
        let message = [message.to_string()];
        for (of, frame) in self.store.frames_of(place).await? {
            if place != WINDOW && of != tab {
                continue;
            }
            let session = self.store.frame(of, frame).await?;
            if which == Phones::Ready && !session.is_some_and(|it| it.ready) {
                continue;
            }
            if self.browser.post(of, frame, &message).await {
                return Ok(true);
            }
            self.store.drop_frame(of, frame).await?;
        }
        Ok(false)
    }

    pub(super) async fn save_place(&self, site: &str, save: SavePlace) -> Done<()> {
        self.store
            .update_settings(|settings| {
                if let Some(site) = settings.sites.get_mut(site) {
                    site.place = save.place;
                }
            })
            .await?;
        Ok(())
    }

    /// Takes in what a page shows, and tells the site's widgets if there is somebody new.
    pub(super) async fn page_read(
        &self,
        tab: i32,
        site: &str,
        own: &SiteSettings,
        read: PageRead,
    ) -> Done<()> {
        // A page agent may not have heard yet that the consent was withdrawn.
        if !own.read_contacts {
            return Ok(());
        }
        let now = self.browser.now();
        let region = Region::parse(&own.region);
        let mut reading = read.reading;
        reading.contacts.truncate(MOST_READ);
        let understood = directory::understand(&reading.contacts, &self.numbering, region);
        let known = self.known_for(site, &understood).await?;
        let occasion = Occasion {
            site,
            page: &read.url,
            open_record: reading.open_record.as_deref(),
            now,
            region,
        };
        let ingested = directory::ingest(&understood, &known, occasion);
        self.store.put_contacts(&ingested.written).await?;
        let clock = |at| self.browser.offset_min(at);
        let events = meetings::events_of_reading(&reading, site, now, &clock);
        self.store.put_events(&events).await?;
        let open = open_id(&understood, &known, occasion);
        self.report_reading(tab, &reading, occasion, &ingested.seen, open)
            .await?;
        if ingested.news.is_empty() {
            return Ok(());
        }
        let news: Vec<&Contact> = ingested.news.iter().collect();
        self.tell_of_new(site, &news).await
    }

    /// The contacts that a reading can be about: same id, or same number, or forgotten by the same mark; and
    /// those that they were merged into.
    async fn known_for(&self, site: &str, read: &[Understood<'_>]) -> Done<Vec<Contact>> {
        let mut ids: Vec<String> = read.iter().map(|said| said.id.clone()).collect();
        let mut keys: Vec<String> = read.iter().flat_map(|said| said.keys(site)).collect();
        keys.sort();
        keys.dedup();
        let mut known = self.store.contacts_with(&keys).await?;
        let mut seen: BTreeSet<String> = known.iter().map(|it| it.id.clone()).collect();
        while let Some(id) = ids.pop() {
            if seen.insert(id.clone())
                && let Some(contact) = self.store.contact(site, &id).await?
            {
                ids.extend(contact.merged_into.clone());
                known.push(contact);
            }
        }
        Ok(known)
    }

    /// Remembers what the page of a tab shows, for the popup and for whatever is done with the contacts in
    /// view: the ids of those who are seen, and of the one whose record is open.
    async fn report_reading(
        &self,
        tab: i32,
        reading: &Reading,
        occasion: Occasion<'_>,
        seen: &[String],
        open: Option<String>,
    ) -> Done<()> {
        let report = self.store.tab_report(tab).await?.unwrap_or_default();
        let numbers: usize = reading
            .contacts
            .iter()
            .map(|contact| contact.phones.len())
            .sum();
        let mut in_view: Vec<String> = Vec::new();
        for id in seen {
            if in_view.len() < MOST_IN_VIEW && !in_view.contains(id) {
                in_view.push(id.clone());
            }
        }
        let report = TabReport {
            site: occasion.site.to_owned(),
            contacts: u32::try_from(reading.contacts.len()).unwrap_or(u32::MAX),
            numbers: u32::try_from(numbers).unwrap_or(u32::MAX),
            names: reading
                .contacts
                .iter()
                .take(NAMES_SHOWN)
                .map(|contact| contact.name.clone())
                .collect(),
            at: occasion.now,
            url: occasion.page.to_owned(),
            in_view,
            open_record: open,
            ..report
        };
        self.store.put_tab_report(tab, &report).await?;
        self.browser.announce();
        Ok(())
    }

    /// Tells the widgets that serve a site to ask again, for they keep answers for minutes.
    ///
    /// Only what the widget shows is news. Nothing is held back to be told together, for the worker may be
    /// gone before it is told: a page agent reads when a page has come to rest, and a widget that is told
    /// while it asks does not ask twice.
    pub(super) async fn tell_of_new(&self, site: &str, changed: &[&Contact]) -> Done<()> {
        self.post_about(site, &ask_again_about(changed)).await
    }
}

/// The messages that have a widget ask again for its list, and for the names of these contacts' numbers.
pub(super) fn ask_again_about(changed: &[&Contact]) -> Vec<Value> {
    let numbers: BTreeSet<&str> = changed
        .iter()
        .flat_map(|contact| &contact.phones)
        .filter_map(|phone| phone.e164.as_deref().or_else(|| bare_extension(&phone.raw)))
        .collect();
    let mut messages = vec![json!({ "type": types::SYNC_CONTACTS })];
    if !numbers.is_empty() {
        messages.push(json!({ "type": types::TRIGGER_MATCH, "phoneNumbers": numbers }));
    }
    messages
}

/// Returns the id of the contact whose record a page is, as it is stored; nobody's where the user has
/// forgotten the contact. A person and a company can have one id in a CRM: then the address tells.
fn open_id(read: &[Understood<'_>], known: &[Contact], occasion: Occasion<'_>) -> Option<String> {
    let open = occasion.open_record?;
    let own = || {
        read.iter()
            .filter(|said| said.page.id.as_deref() == Some(open))
    };
    let said = own()
        .find(|said| said.page.url.as_deref() == Some(occasion.page))
        .or_else(|| own().next())?;
    let stored = known.iter().find(|contact| contact.id == said.id);
    match stored {
        Some(contact) if contact.merged_into.is_some() => contact.merged_into.clone(),
        Some(contact) if contact.deleted && !contact.returns => None,
        _ => Some(said.id.clone()),
    }
}

/// Returns whom the row around a number means, of those who have it: whose record it links to, else whose
/// name stands in it. Where it could be several, nobody.
fn in_row<'c>(people: &[&'c Contact], dial: &DialPlease) -> Option<&'c Contact> {
    let linked = |contact: &&&Contact| {
        contact
            .url
            .as_ref()
            .is_some_and(|url| dial.links.contains(url))
    };
    let mut all = people.iter().filter(linked);
    if let (Some(only), None) = (all.next(), all.next()) {
        return Some(only);
    }
    let row = words_of(&dial.row);
    let named: Vec<(&Contact, String)> = people
        .iter()
        .map(|contact| (*contact, words_of(&contact.name)))
        .filter(|(_, name)| name.len() > 2 && row.contains(name))
        .collect();
    // "Ada" stands in "Ada Byron" too.
    let mut longest = named.iter().filter(|(_, name)| {
        let other = |it: &&(&Contact, String)| it.1 != *name && it.1.contains(name);
        !named.iter().any(|it| other(&it))
    });
    match (longest.next(), longest.next()) {
        (Some((only, _)), None) => Some(only),
        _ => None,
    }
}

/// Returns a text as words in small letters between single blanks, so that names are found as they are spoken.
fn words_of(text: &str) -> String {
    let mut words = String::from(" ");
    for word in directory::folded(text).split(|it: char| !it.is_alphanumeric()) {
        if !word.is_empty() {
            words.push_str(word);
            words.push(' ');
        }
    }
    words
}
