//! What a page states of people, understood once, and what it changes of what is known.

use std::collections::{BTreeMap, BTreeSet};

use super::folded;
use super::gone::{self, gone_key, marks_of};
use super::numbers::{fill_from, key_of, phone_of, plain_number, richer, same_number};
use crate::phone::{Numbering, Region};
use crate::protocol::page::PageContact;
use crate::protocol::stored::{Contact, Millis, Phone};

/// The most mergers that are followed from one contact to the next.
const MOST_MERGERS: usize = 8;

/// Where and when something was read.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// The site.
    pub site: &'a str,
    /// The page's address.
    pub page: &'a str,
    /// The record id of the page's own record, where the page is about one.
    pub open_record: Option<&'a str>,
    /// The time.
    pub now: Millis,
    /// The country of numbers written without one.
    pub region: Option<Region>,
}

/// A contact of a page with its numbers understood.
#[derive(Clone, Debug)]
pub struct Understood<'a> {
    /// As the page states it.
    pub page: &'a PageContact,
    /// Its numbers as they are stored.
    pub phones: Vec<Phone>,
    /// The id it has by what this page states; see [`id_of`].
    pub id: String,
    marks: Vec<String>,
}

impl Understood<'_> {
    /// The keys under which the number index holds those whom this reading may be about.
    pub fn keys(&self, site: &str) -> impl Iterator<Item = String> {
        let numbers = self.phones.iter().filter_map(|phone| key_of(site, phone));
        numbers.chain(self.marks.iter().map(|mark| gone_key(site, mark)))
    }
}

/// Understands the numbers of a reading, once for everything that follows. Nobody without a name is taken.
pub fn understand<'a>(
    read: &'a [PageContact],
    numbering: &impl Numbering,
    region: Option<Region>,
) -> Vec<Understood<'a>> {
    read.iter()
        .filter(|page| !page.name.trim().is_empty())
        .map(|page| {
            let phones = phones_of(page, numbering, region);
            let emails = page.emails.iter().map(|email| email.to_lowercase());
            Understood {
                id: id_of(page, &phones),
                marks: phones
                    .iter()
                    .map(plain_number)
                    .chain(emails)
                    .map(|key| mark(&page.name, page.organisation, &key))
                    .collect(),
                phones,
                page,
            }
        })
        .collect()
}

/// Returns a page's numbers as they are stored.
pub fn phones_of(
    page: &PageContact,
    numbering: &impl Numbering,
    region: Option<Region>,
) -> Vec<Phone> {
    let mut phones: Vec<Phone> = Vec::new();
    for said in &page.phones {
        let phone = phone_of(&said.raw, said.kind, numbering, region);
        match phones.iter_mut().find(|known| same_number(known, &phone)) {
            Some(known) => *known = richer(known, &phone),
            None => phones.push(phone),
        }
    }
    phones
}

/// Returns the id of a contact: the CRM's own where the page states one, else one made of its record's
/// address, else of its name and its first number or address.
///
/// A company and a person can have the same number in a CRM, so a company's id says that it is one.
/// An id outlives the contact, so it holds no name and no number.
pub fn id_of(page: &PageContact, phones: &[Phone]) -> String {
    let kind = if page.organisation { "org:" } else { "" };
    if let Some(id) = &page.id {
        return format!("{kind}{id}");
    }
    if let Some(url) = &page.url {
        return format!("{kind}url:{url}");
    }
    let key = phones
        .first()
        .map(plain_number)
        .or_else(|| page.emails.first().cloned())
        .or_else(|| page.company.clone())
        .unwrap_or_default();
    format!("{kind}name:{}", mark(&page.name, page.organisation, &key))
}

/// A name and one thing more, which two people hardly share, as 16 hexadecimal digits (FNV-1a).
pub(super) fn mark(name: &str, organisation: bool, key: &str) -> String {
    let text = format!("{organisation}\n{}\n{key}", folded(name.trim()));
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// How well an id is founded, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Footing {
    /// The CRM states it.
    Stated,
    /// It is made of the record's address.
    Address,
    /// It is made of the name and one thing more.
    Name,
    /// The user made the contact.
    User,
}

fn footing(id: &str) -> Footing {
    let id = id.strip_prefix("org:").unwrap_or(id);
    match id.split_once(':') {
        Some(("url", _)) => Footing::Address,
        Some(("name", _)) => Footing::Name,
        Some(("own", _)) => Footing::User,
        _ => Footing::Stated,
    }
}

/// What a reading brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ingested {
    /// The contacts to be written.
    pub written: Vec<Contact>,
    /// Those of them in which something changed that the widget shows.
    pub news: Vec<Contact>,
    /// The ids of the contacts that the page shows, in the order of the page.
    pub seen: Vec<String>,
}

/// What a reading changes.
///
/// `known` are the site's contacts that share an id or a key ([`Understood::keys`]) with what was read,
/// and those that they were merged into.
pub fn ingest(read: &[Understood<'_>], known: &[Contact], occasion: Occasion<'_>) -> Ingested {
    let mut people = People::of(known, occasion);
    for said in read {
        people.take(said);
    }
    people.written()
}

/// Everybody a reading may be about, while it is taken in.
struct People<'a> {
    occasion: Occasion<'a>,
    by_id: BTreeMap<String, Contact>,
    /// The ids of those who are known again by a mark.
    by_mark: BTreeMap<String, Vec<String>>,
    before: BTreeMap<String, Contact>,
    touched: BTreeSet<String>,
    seen: Vec<String>,
}

impl<'a> People<'a> {
    fn of(known: &[Contact], occasion: Occasion<'a>) -> Self {
        let of_site = known.iter().filter(|it| it.site == occasion.site);
        let by_id: BTreeMap<String, Contact> =
            of_site.map(|it| (it.id.clone(), it.clone())).collect();
        let mut people = Self {
            occasion,
            before: by_id.clone(),
            by_mark: BTreeMap::new(),
            touched: BTreeSet::new(),
            seen: Vec::new(),
            by_id,
        };
        for contact in known.iter().filter(|it| it.site == occasion.site) {
            people.index(contact);
        }
        people
    }

    fn index(&mut self, contact: &Contact) {
        let gone = format!("{} gone ", contact.site);
        let gone = contact
            .number_keys
            .iter()
            .filter_map(|key| key.strip_prefix(&gone).map(str::to_owned));
        for mark in marks_of(contact).chain(gone) {
            let ids = self.by_mark.entry(mark).or_default();
            if !ids.contains(&contact.id) {
                ids.push(contact.id.clone());
            }
        }
    }

    /// The contact that an id leads to, over mergers.
    fn resolved(&self, id: &str) -> Option<&Contact> {
        let mut contact = self.by_id.get(id)?;
        for _ in 0..MOST_MERGERS {
            match &contact.merged_into {
                Some(next) => contact = self.by_id.get(next)?,
                None => return Some(contact),
            }
        }
        None
    }

    /// Those of the same name who share something more.
    fn namesakes(&self, said: &Understood<'_>) -> impl Iterator<Item = &Contact> {
        let marks: BTreeSet<&String> = said.marks.iter().collect();
        marks
            .into_iter()
            .filter_map(|mark| self.by_mark.get(mark))
            .flatten()
            .filter_map(|id| self.by_id.get(id))
    }

    fn take(&mut self, said: &Understood<'_>) {
        let holder = self.resolved(&said.id);
        let id = holder.map_or(said.id.as_str(), |holder| &holder.id);
        let twin = self
            .namesakes(said)
            .filter(|contact| !contact.deleted && contact.id != id)
            .min_by_key(|contact| footing(&contact.id));
        // Read here without its id, known by it from elsewhere; or the other way round.
        let moves_to = twin.filter(|twin| {
            footing(&twin.id) < footing(id) || {
                let both_by_name =
                    footing(id) == Footing::Name && footing(&twin.id) == Footing::Name;
                both_by_name && holder.is_none()
            }
        });
        let absorbed = twin.filter(|twin| footing(id) < footing(&twin.id));
        let alive = |contact: &Contact| !contact.deleted || contact.returns;
        let stays_forgotten = moves_to.is_none()
            && match holder {
                Some(holder) => !alive(holder),
                None => absorbed.is_none() && self.was_forgotten(said, id),
            };
        let id = moves_to.map_or(id, |twin| &twin.id).to_owned();
        let absorbed = absorbed.map(|twin| twin.id.clone());
        if stays_forgotten {
            return;
        }

        let known = self.by_id.get(&id);
        let before = known.filter(|it| !it.deleted);
        let mut contact = merged(before, said, &id, self.occasion);
        if let Some(known) = known {
            contact.merged.clone_from(&known.merged);
        }
        if let Some(old) = absorbed.and_then(|id| self.by_id.get(&id).cloned()) {
            let left = gone::merge(&mut contact, &old, self.occasion.now);
            self.put(left);
        }
        self.seen.push(id);
        self.put(contact);
    }

    /// Whether the user forgot this person as somebody else than the reading's id says. Two records of the
    /// CRM are two contacts: forgetting the one says nothing of the other.
    fn was_forgotten(&self, said: &Understood<'_>, id: &str) -> bool {
        self.namesakes(said).any(|contact| {
            contact.deleted
                && !contact.returns
                && contact.merged_into.is_none()
                && (footing(id) > Footing::Stated || footing(&contact.id) > Footing::Stated)
        })
    }

    fn put(&mut self, contact: Contact) {
        self.index(&contact);
        self.touched.insert(contact.id.clone());
        self.by_id.insert(contact.id.clone(), contact);
    }

    fn written(mut self) -> Ingested {
        let mut ingested = Ingested {
            seen: self.seen,
            ..Ingested::default()
        };
        for id in self.touched {
            let Some(contact) = self.by_id.remove(&id) else {
                continue;
            };
            let before = self.before.get(&id);
            if before.is_none_or(|before| face(before) != face(&contact)) {
                ingested.news.push(contact.clone());
            }
            ingested.written.push(contact);
        }
        ingested
    }
}

/// A contact as it is after a reading.
fn merged(
    before: Option<&Contact>,
    said: &Understood<'_>,
    id: &str,
    occasion: Occasion<'_>,
) -> Contact {
    let old = before.cloned().unwrap_or_default();
    let mut contact = Contact {
        site: occasion.site.to_owned(),
        id: id.to_owned(),
        phones: said.phones.clone(),
        do_not_contact: old.do_not_contact,
        own: old.own,
        changed_at: old.changed_at,
        ..Contact::from(said.page)
    };
    // A list often leaves out what the record's own page says, so only that page takes a no back.
    let is_own_page = said.page.id.is_some() && said.page.id.as_deref() == occasion.open_record;
    contact.page_says_no = said.page.do_not_contact || (old.page_says_no && !is_own_page);
    contact.merged.clone_from(&old.merged);
    fill_from(&mut contact, &old);
    let unread = Contact {
        read_at: old.read_at,
        read_from: old.read_from,
        ..contact.clone()
    };
    if before != Some(&unread) {
        contact.changed_at = occasion.now;
    }
    contact.read_at = occasion.now;
    occasion.page.clone_into(&mut contact.read_from);
    contact
}

/// What the widget shows of a contact.
fn face(contact: &Contact) -> impl PartialEq + '_ {
    let phones: Vec<_> = contact
        .phones
        .iter()
        .map(|phone| (plain_number(phone), phone.kind))
        .collect();
    (
        &contact.name,
        phones,
        &contact.emails,
        (&contact.company, &contact.job_title, &contact.avatar),
        contact.deleted,
    )
}
