//! What page agents and frame pages ask: their settings, a ticket, admission; and what they report.

use std::collections::BTreeSet;

use serde_json::json;

use super::ports::{Browser, Store};
use super::{Done, Service};
use crate::directory::{self, Occasion, Understood};
use crate::phone::{Numbering, Region, bare_extension};
use crate::protocol::page::Reading;
use crate::protocol::runtime::{
    AgentConfig, AgentHello, DialPlease, FrameConfig, OpenFrame, PageRead, Refusal, SavePlace,
};
use crate::protocol::stored::{
    Contact, FrameId, FrameSession, Millis, Settings, SiteSettings, TabReport, Ticket,
};
use crate::protocol::widget::types;
use crate::{sites, widget_address};

/// How long a ticket is good. A page agent uses it at once; a slow machine gets a minute.
const TICKET_MS: Millis = 60_000;

/// How many names the popup shows of what was read.
const NAMES_SHOWN: usize = 5;

/// The most people taken from one reading: more is no page that somebody reads.
const MOST_READ: usize = 20_000;

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
        self.store
            .put_tab_report(
                tab,
                &TabReport {
                    site: site.to_owned(),
                    translated: hello.translated,
                    ..if report.site == site {
                        report
                    } else {
                        TabReport::default()
                    }
                },
            )
            .await?;
        Ok(Some(AgentConfig {
            site: site.to_owned(),
            adapter: own.adapter,
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
        let ticket = ticket
            .filter(|ticket| ticket.tab == tab && self.browser.now() - ticket.at <= TICKET_MS)
            .ok_or(Refusal::BadTicket)?;
        let settings = self.store.settings().await?;
        let session = FrameSession { site: ticket.site };
        let own = settings.sites.get(&session.site).cloned();
        self.store.put_frame(tab, frame, &session).await?;
        Ok(FrameConfig {
            site_name: sites::name_of(&session.site),
            site: session.site,
            widget_url: widget_address::app(
                &settings.global,
                &own.unwrap_or_default().widget_options,
            ),
            widget_origin: widget_address::origin(&settings.global),
        })
    }

    pub(super) async fn inject_adapter(
        &self,
        tab: i32,
        site: &str,
        settings: &Settings,
    ) -> Done<bool> {
        let own = settings.sites.get(site).cloned().unwrap_or_default();
        let src = widget_address::adapter(&settings.global, &own.widget_options);
        let taken = self.browser.add_script(tab, &src).await;
        if taken {
            // The page agent relays for this widget, from the top document.
            let session = FrameSession {
                site: site.to_owned(),
            };
            self.store.put_frame(tab, 0, &session).await?;
        }
        let mut report = self.store.tab_report(tab).await?.unwrap_or_default();
        report.trouble = (!taken).then(|| "trouble_page_adapter".to_owned());
        self.store.put_tab_report(tab, &report).await?;
        Ok(taken)
    }

    /// The user clicked a number in the page.
    pub(super) async fn dial(&self, _tab: i32, _site: &str, _dial: DialPlease) -> Done<bool> {
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
        self.report_reading(tab, site, &reading, now).await?;
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

    async fn report_reading(
        &self,
        tab: i32,
        site: &str,
        reading: &Reading,
        now: Millis,
    ) -> Done<()> {
        let report = self.store.tab_report(tab).await?.unwrap_or_default();
        let numbers: usize = reading
            .contacts
            .iter()
            .map(|contact| contact.phones.len())
            .sum();
        let report = TabReport {
            site: site.to_owned(),
            contacts: u32::try_from(reading.contacts.len()).unwrap_or(u32::MAX),
            numbers: u32::try_from(numbers).unwrap_or(u32::MAX),
            names: reading
                .contacts
                .iter()
                .take(NAMES_SHOWN)
                .map(|contact| contact.name.clone())
                .collect(),
            at: now,
            ..report
        };
        self.store.put_tab_report(tab, &report).await?;
        self.browser.announce();
        Ok(())
    }

    /// Tells the widgets of a site to ask again, for they keep answers for minutes.
    ///
    /// Only what the widget shows is news. Nothing is held back to be told together, for the worker may be
    /// gone before it is told: a page agent reads when a page has come to rest, and a widget that is told
    /// while it asks does not ask twice.
    pub(super) async fn tell_of_new(&self, site: &str, changed: &[&Contact]) -> Done<()> {
        let numbers: BTreeSet<&str> = changed
            .iter()
            .flat_map(|contact| &contact.phones)
            .filter_map(|phone| phone.e164.as_deref().or_else(|| bare_extension(&phone.raw)))
            .collect();
        let mut messages = vec![json!({ "type": types::SYNC_CONTACTS })];
        if !numbers.is_empty() {
            messages.push(json!({ "type": types::TRIGGER_MATCH, "phoneNumbers": numbers }));
        }
        self.post(site, &messages).await
    }
}
