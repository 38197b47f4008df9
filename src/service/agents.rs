//! What page agents and frame pages ask: their settings, a ticket, admission; and what they report.

use serde_json::{Value, json};

use super::ports::{Browser, Store};
use super::{Done, Service};
use crate::directory::{self, Occasion};
use crate::phone::{Numbering, ParsedNumber, Region};
use crate::protocol::page::{PageContact, Reading};
use crate::protocol::runtime::{
    AgentConfig, AgentHello, DialPlease, FrameConfig, OpenFrame, PageRead, Refusal, SavePlace,
};
use crate::protocol::stored::{
    Contact, Dialled, FrameId, FrameSession, MOST_IN_VIEW, Millis, Settings, SiteSettings,
    TabReport, Ticket,
};
use crate::protocol::widget::types;
use crate::{sites, widget_address};

/// How long a ticket is good. A page agent uses it at once; a slow machine gets a minute.
const TICKET_MS: Millis = 60_000;

/// How many names the popup shows of what was read.
const NAMES_SHOWN: usize = 5;

/// The most people taken from one reading: more is no page that somebody reads.
const MOST_READ: usize = 20_000;

/// The longest number that is taken from a link, in characters.
const MOST_NUMBER: usize = 64;

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
        let report = if report.site != site {
            TabReport::default()
        } else if own.read_contacts {
            report
        } else {
            // What a page shows is not looked at without consent.
            TabReport {
                trouble: report.trouble,
                ..TabReport::default()
            }
        };
        self.store
            .put_tab_report(
                tab,
                &TabReport {
                    site: site.to_owned(),
                    translated: hello.translated,
                    ..report
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
        self.store.put_frame(tab, frame, &session).await?;
        Ok(FrameConfig {
            site_name: sites::name_of(&session.site),
            site: session.site,
            widget_url: widget_address::app(&settings.global),
            widget_origin: widget_address::origin(&settings.global),
        })
    }

    pub(super) async fn inject_adapter(
        &self,
        tab: i32,
        site: &str,
        settings: &Settings,
    ) -> Done<bool> {
        let src = widget_address::adapter(&settings.global);
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

    /// The user clicked a number in the page: remembers in whose row it stood, and has the widget of that
    /// tab dial it if it is wanted to. Returns whether one was there.
    pub(super) async fn dial(&self, tab: i32, site: &str, dial: DialPlease) -> Done<bool> {
        let number: String = dial.number.chars().take(MOST_NUMBER).collect();
        let region = self.region_of(site).await?;
        let wanted = directory::wanted(&number, site, &self.numbering, region);
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
        if !dial.dial {
            return Ok(false);
        }
        let number = match self.numbering.parse(&number, region) {
            Some(ParsedNumber {
                e164, extension, ..
            }) => match extension {
                Some(extension) => format!("{e164}*{extension}"),
                None => e164,
            },
            None => number,
        };
        let call = json!({ "type": types::NEW_CALL, "phoneNumber": number, "toCall": true });
        self.post_once(tab, site, &call).await
    }

    /// Posts a message to one widget of a tab; whether one was there.
    async fn post_once(&self, tab: i32, site: &str, message: &Value) -> Done<bool> {
        let message = [message.to_string()];
        for (of, frame) in self.store.frames_of(site).await? {
            if of != tab {
                continue;
            }
            if self.browser.post(tab, frame, &message).await {
                return Ok(true);
            }
            self.store.drop_frame(tab, frame).await?;
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
        if !own.read_contacts {
            // Consent was withdrawn while it was on its way.
            return Ok(());
        }
        let now = self.browser.now();
        let region = Region::parse(&own.region);
        let mut reading = read.reading;
        reading.contacts.truncate(MOST_READ);
        let known = self.known_for(site, &reading, region).await?;
        let occasion = Occasion {
            site,
            page: &read.url,
            now,
            region,
        };
        let written = directory::ingest(&reading.contacts, &known, &self.numbering, occasion);
        self.store.put_contacts(&written).await?;
        self.report_reading(tab, &reading, occasion, (&written, &known))
            .await?;
        let changed: Vec<&Contact> = written
            .iter()
            .filter(|contact| contact.changed_at == now)
            .collect();
        if changed.is_empty() {
            return Ok(());
        }
        self.tell_of_new(site, &changed).await
    }

    /// The contacts that a reading can be about: same id, or same number.
    async fn known_for(
        &self,
        site: &str,
        reading: &Reading,
        region: Option<Region>,
    ) -> Done<Vec<Contact>> {
        let mut known: Vec<Contact> = Vec::new();
        let mut keys = Vec::new();
        for page in &reading.contacts {
            let phones = directory::phones_of(page, &self.numbering, region);
            let id = directory::id_of(page, &phones);
            known.extend(self.store.contact(site, &id).await?);
            for phone in &phones {
                let asked = phone.e164.as_ref().unwrap_or(&phone.raw);
                keys.extend(directory::wanted(asked, site, &self.numbering, region).key);
            }
        }
        keys.sort();
        keys.dedup();
        for contact in self.store.contacts_with(&keys).await? {
            if !known.iter().any(|have| have.id == contact.id) {
                known.push(contact);
            }
        }
        Ok(known)
    }

    /// Remembers what the page of a tab shows: for the popup, and for whatever is done with the contacts in view.
    /// `stored` are the contacts that were written because of the reading, and those known before it.
    async fn report_reading(
        &self,
        tab: i32,
        reading: &Reading,
        occasion: Occasion<'_>,
        stored: (&[Contact], &[Contact]),
    ) -> Done<()> {
        let Occasion {
            site,
            page,
            now,
            region,
        } = occasion;
        let report = self.store.tab_report(tab).await?.unwrap_or_default();
        let numbers: usize = reading
            .contacts
            .iter()
            .map(|contact| contact.phones.len())
            .sum();
        let id = |contact| stored_id(contact, stored, &self.numbering, region);
        let mut in_view: Vec<String> = Vec::new();
        // The half that is not in view is for those that the user has forgotten.
        for id in reading
            .contacts
            .iter()
            .take(2 * MOST_IN_VIEW)
            .filter_map(id)
        {
            if in_view.len() < MOST_IN_VIEW && !in_view.contains(&id) {
                in_view.push(id);
            }
        }
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
            url: page.to_owned(),
            in_view,
            open_record: own_contact(reading, page).and_then(id),
            ..report
        };
        self.store.put_tab_report(tab, &report).await?;
        self.browser.announce();
        Ok(())
    }

    /// The widget keeps answers for minutes: it is told to ask again.
    pub(super) async fn tell_of_new(&self, site: &str, changed: &[&Contact]) -> Done<()> {
        let numbers: Vec<&str> = changed
            .iter()
            .flat_map(|contact| &contact.phones)
            .filter_map(|phone| phone.e164.as_deref())
            .collect();
        let mut messages = vec![json!({ "type": types::SYNC_CONTACTS })];
        if !numbers.is_empty() {
            messages.push(json!({ "type": types::TRIGGER_MATCH, "phoneNumbers": numbers }));
        }
        self.post(site, &messages).await
    }
}

/// Returns the contact of whose record a page is. A person and a company can have one id: then the address tells.
fn own_contact<'r>(reading: &'r Reading, page: &str) -> Option<&'r PageContact> {
    let open = reading.open_record.as_ref()?;
    let own = || {
        reading
            .contacts
            .iter()
            .filter(|contact| contact.id.as_ref() == Some(open))
    };
    own()
        .find(|contact| contact.url.as_deref() == Some(page))
        .or_else(|| own().next())
}

/// Returns the id under which a contact of a page was stored: its own, that of the record it is known by
/// from elsewhere, or of the one it was merged into. What the user has forgotten has none.
fn stored_id(
    contact: &PageContact,
    (written, known): (&[Contact], &[Contact]),
    numbering: &impl Numbering,
    region: Option<Region>,
) -> Option<String> {
    let phones = directory::phones_of(contact, numbering, region);
    let id = directory::id_of(contact, &phones);
    let name = directory::folded(&contact.name);
    let kept = || written.iter().filter(|stored| !stored.deleted);
    let twin = |stored: &&Contact| {
        stored.organisation == contact.organisation
            && directory::folded(&stored.name) == name
            && (stored
                .emails
                .iter()
                .any(|email| contact.emails.contains(email))
                || stored
                    .phones
                    .iter()
                    .any(|phone| phones.iter().any(|own| own.raw == phone.raw)))
    };
    let merged = known
        .iter()
        .find(|stored| stored.id == id)
        .and_then(|stored| stored.merged_into.clone());
    merged.or_else(|| {
        let same = kept().find(|stored| stored.id == id);
        same.or_else(|| kept().find(twin))
            .map(|stored| stored.id.clone())
    })
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
