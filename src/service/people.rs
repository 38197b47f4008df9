//! The people of a site in the book: shown, forgotten, merged, marked, wiped.
//!
//! Nobody is taken out of the store: what stays of a contact (see [`crate::directory::gone`]) is what
//! the widgets must be told, and what keeps somebody forgotten forgotten.

use super::ports::{Browser, Store};
use super::{Done, Service};
use crate::directory::numbers::key_of;
use crate::directory::search::Query;
use crate::directory::{about, are_likely_one, folded, gone};
use crate::phone::Numbering;
use crate::protocol::book::{
    ContactsOf, ForgetContacts, ListPeople, MarkContact, MergeContacts, PeoplePage, PersonRow,
    PersonView, WipeSite,
};
use crate::protocol::stored::{Choice, Contact, Phone, SiteId};
use crate::protocol::widget::types;
use crate::{sites, view};

/// The most people of one page.
const MOST: u32 = 200;
/// The most who are shown as perhaps the same person.
const MOST_TWINS: usize = 20;
/// The most entries shown with a person.
const MOST_ENTRIES: u32 = 100;

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    pub(super) async fn list_people(&self, list: ListPeople) -> Done<PeoplePage> {
        let settings = self.store.settings().await?;
        let mut sites: Vec<(SiteId, String)> = settings
            .sites
            .keys()
            .map(|site| (site.clone(), sites::name_of(site)))
            .collect();
        sites.sort_by(|(_, a), (_, b)| a.cmp(b));
        let site = self.site_to_show(&list.site, &sites).await?;

        let contacts = self.store.contacts(&site).await?;
        let mut found: Vec<&Contact>;
        if list.text.trim().is_empty() {
            found = contacts.iter().filter(|it| !it.deleted).collect();
            found.sort_by_cached_key(|contact| folded(&contact.name));
        } else {
            let region = self.region_of(&site).await?;
            found = Query::with_number(&list.text, &self.numbering, region).find(&contacts);
        }
        let limit = list.limit.clamp(1, MOST);
        let shown = found.iter().skip(list.skip as usize).take(limit as usize);
        Ok(PeoplePage {
            rows: shown.map(|contact| row(contact)).collect(),
            total: u32::try_from(found.len()).unwrap_or(u32::MAX),
            site,
            sites,
        })
    }

    /// The site that was asked for, else the first that has people, else the first.
    async fn site_to_show(&self, asked: &str, sites: &[(SiteId, String)]) -> Done<SiteId> {
        if sites.iter().any(|(site, _)| site == asked) {
            return Ok(asked.to_owned());
        }
        for (site, _) in sites {
            if !self.store.newest_contacts(site, 1).await?.is_empty() {
                return Ok(site.clone());
            }
        }
        let first = sites.first();
        Ok(first.map(|(site, _)| site.clone()).unwrap_or_default())
    }

    pub(super) async fn person(&self, of: ContactsOf) -> Done<Option<PersonView>> {
        let Some(contact) = self.contact_now(&of.site, &of.id).await? else {
            return Ok(None);
        };
        let all = self.store.contacts(&of.site).await?;
        let mut twins: Vec<&Contact> = all
            .iter()
            .filter(|it| !it.deleted && it.id != contact.id && are_likely_one(it, &contact))
            .collect();
        let name = folded(&contact.name);
        twins.sort_by_cached_key(|twin| {
            let other = folded(&twin.name);
            (other != name, other)
        });
        let mut chosen_for = Vec::new();
        for choice in self.store.choices(&contact.number_keys).await? {
            let has = |phone: &&Phone| key_of(&of.site, phone).as_ref() == Some(&choice.number);
            if choice.contact == contact.id
                && let Some(phone) = contact.phones.iter().find(has)
            {
                chosen_for.push((choice.number.clone(), shown(phone)));
            }
        }
        let mut entries = Vec::new();
        for entry in self.entries_of(&contact, MOST_ENTRIES).await? {
            entries.push(self.row(entry).await?);
        }
        Ok(Some(PersonView {
            row: row(&contact),
            do_not_contact: contact.do_not_contact,
            page_says_no: contact.page_says_no,
            twins: twins.into_iter().take(MOST_TWINS).map(row).collect(),
            chosen_for,
            entries,
        }))
    }

    pub(super) async fn forget(&self, forget: ForgetContacts) -> Done<()> {
        let now = self.browser.now();
        let mut gone = Vec::new();
        for id in &forget.ids {
            gone.extend(self.contact_now(&forget.site, id).await?);
        }
        let left: Vec<Contact> = gone.iter().map(|it| gone::forgotten(it, now)).collect();
        self.store.put_contacts(&left).await?;
        self.drop_choices_of(&gone).await?;
        self.tell_of(&forget.site, &gone).await
    }

    pub(super) async fn merge(&self, merge: MergeContacts) -> Done<()> {
        let now = self.browser.now();
        let Some(mut winner) = self.contact_now(&merge.site, &merge.keep).await? else {
            return Ok(());
        };
        let mut duplicates: Vec<Contact> = Vec::new();
        for id in &merge.drop {
            if let Some(duplicate) = self.contact_now(&merge.site, id).await?
                && duplicate.id != winner.id
                && !duplicates.iter().any(|it| it.id == duplicate.id)
            {
                duplicates.push(duplicate);
            }
        }
        if duplicates.is_empty() {
            return Ok(());
        }
        let mut written: Vec<Contact> = duplicates
            .iter()
            .map(|duplicate| gone::merge(&mut winner, duplicate, now))
            .collect();
        written.push(winner.clone());
        self.store.put_contacts(&written).await?;
        // Who chose the one meant the other too.
        for choice in self.store.choices(&winner.number_keys).await? {
            if duplicates.iter().any(|it| it.id == choice.contact) {
                let contact = winner.id.clone();
                self.store.put_choice(&Choice { contact, ..choice }).await?;
            }
        }
        self.tell_of(&merge.site, &[winner]).await
    }

    pub(super) async fn mark(&self, mark: MarkContact) -> Done<()> {
        let Some(mut contact) = self.contact_now(&mark.site, &mark.id).await? else {
            return Ok(());
        };
        contact.do_not_contact = mark.do_not_contact;
        contact.changed_at = self.browser.now();
        self.store
            .put_contacts(std::slice::from_ref(&contact))
            .await?;
        self.tell_of(&mark.site, &[contact]).await
    }

    /// Those who were forgotten by name stay so.
    pub(super) async fn wipe(&self, wipe: WipeSite) -> Done<()> {
        let now = self.browser.now();
        let mut gone = self.store.contacts(&wipe.site).await?;
        gone.retain(|contact| !contact.deleted);
        let left: Vec<Contact> = gone.iter().map(|it| gone::wiped(it, now)).collect();
        self.store.put_contacts(&left).await?;
        self.drop_choices_of(&gone).await?;
        self.tell_of(&wipe.site, &gone).await
    }

    /// Forgets whom the user chose for a number.
    pub(super) async fn unchoose(&self, number: &str) -> Done<()> {
        self.store.drop_choice(number).await?;
        self.browser.announce();
        let Some((site, key)) = number.split_once(' ') else {
            return Ok(());
        };
        let number = key.strip_prefix("ext ").unwrap_or(key);
        let again = serde_json::json!({ "type": types::TRIGGER_MATCH, "phoneNumbers": [number] });
        self.post_about(site, &[again]).await
    }

    /// A choice holds a number, and means nobody any more.
    async fn drop_choices_of(&self, gone: &[Contact]) -> Done<()> {
        let keys: Vec<String> = gone.iter().flat_map(|it| it.number_keys.clone()).collect();
        for choice in self.store.choices(&keys).await? {
            if gone.iter().any(|it| it.id == choice.contact) {
                self.store.drop_choice(&choice.number).await?;
            }
        }
        Ok(())
    }

    /// Tells the widgets that serve a site and our own pages that these contacts are not what they were.
    async fn tell_of(&self, site: &str, contacts: &[Contact]) -> Done<()> {
        self.browser.announce();
        let contacts: Vec<&Contact> = contacts.iter().collect();
        self.tell_of_new(site, &contacts).await
    }
}

fn row(contact: &Contact) -> PersonRow {
    PersonRow {
        id: contact.id.clone(),
        name: contact.name.clone(),
        organisation: contact.organisation,
        about: about(contact),
        numbers: contact.phones.iter().map(shown).collect(),
        emails: contact.emails.clone(),
        url: view::person::web_link(contact.url.as_deref()).map(str::to_owned),
        read_at: contact.read_at,
        says_no: contact.says_no(),
    }
}

/// A number as the page writes it; the extension of one that stood in a link in words.
fn shown(phone: &Phone) -> String {
    phone.raw.replace(";ext=", " ext. ")
}
