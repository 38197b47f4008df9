//! The people of a site: how readings become contacts, and how contacts are found again.

use crate::phone::keys::{Closeness, closeness};
use crate::phone::{Numbering, ParsedNumber, Region, bare_extension, digits_of};
use crate::protocol::page::{PageContact, PhoneKind};
use crate::protocol::stored::{Contact, Millis, Phone};

/// Where and when something was read.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// The site.
    pub site: &'a str,
    /// The page's address.
    pub page: &'a str,
    /// The time.
    pub now: Millis,
    /// The country of numbers written without one.
    pub region: Option<Region>,
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

fn phone_of(
    raw: &str,
    kind: PhoneKind,
    numbering: &impl Numbering,
    region: Option<Region>,
) -> Phone {
    let parsed = numbering.parse(raw, region);
    Phone {
        raw: raw.to_owned(),
        extension: parsed.as_ref().and_then(|number| number.extension.clone()),
        e164: parsed.map(|number| number.e164),
        kind,
    }
}

fn same_number(a: &Phone, b: &Phone) -> bool {
    let understood = a.e164.is_some() && a.e164 == b.e164 && a.extension == b.extension;
    // The same notation can mean another number since the region was changed.
    understood || digits_of(&a.raw) == digits_of(&b.raw)
}

/// The later notation, with the more telling kind of the two.
fn richer(known: &Phone, said: &Phone) -> Phone {
    let kind = if said.kind == PhoneKind::Phone {
        known.kind
    } else {
        said.kind
    };
    Phone {
        kind,
        ..said.clone()
    }
}

/// Returns the id of a contact: the CRM's own where the page states one, else one made of its record's
/// address, else of its name and its first number or address.
///
/// A company and a person can have the same number in a CRM, so a company's id says that it is one.
pub fn id_of(page: &PageContact, phones: &[Phone]) -> String {
    let kind = if page.organisation { "org" } else { "" };
    if let Some(id) = &page.id {
        return join(&[kind, id]);
    }
    if let Some(url) = &page.url {
        return join(&[kind, "url", url]);
    }
    let mark = phones
        .first()
        .map(|phone| phone.e164.clone().unwrap_or_else(|| digits_of(&phone.raw)))
        .or_else(|| page.emails.first().cloned())
        .or_else(|| page.company.clone())
        .unwrap_or_default();
    join(&[kind, "name", &folded(&page.name), &mark])
}

fn join(parts: &[&str]) -> String {
    let full: Vec<&str> = parts
        .iter()
        .copied()
        .filter(|part| !part.is_empty())
        .collect();
    full.join(":")
}

/// Whether an id was made up because the page stated none.
fn is_made_up(id: &str) -> bool {
    let id = id.strip_prefix("org:").unwrap_or(id);
    id.starts_with("name:") || id.starts_with("url:")
}

/// What a reading changes: contacts to be written.
///
/// `known` are the site's contacts that share an id or a number key with what was read.
pub fn ingest(
    read: &[PageContact],
    known: &[Contact],
    numbering: &impl Numbering,
    occasion: Occasion<'_>,
) -> Vec<Contact> {
    let mut written: Vec<Contact> = Vec::new();
    for page in read {
        if page.name.trim().is_empty() {
            continue;
        }
        let phones = phones_of(page, numbering, occasion.region);
        let id = id_of(page, &phones);
        let same_person = |contact: &&Contact| same_person(contact, page, &phones);
        let twin = known
            .iter()
            .filter(|contact| contact.site == occasion.site && !contact.deleted)
            .find(same_person);
        let id = match twin {
            // Read here without its id, known by it from elsewhere.
            Some(twin) if is_made_up(&id) && !is_made_up(&twin.id) => twin.id.clone(),
            _ => id,
        };
        let before = written
            .iter()
            .position(|contact| contact.id == id)
            .map(|at| written.remove(at))
            .or_else(|| {
                known
                    .iter()
                    .find(|contact| contact.id == id && contact.site == occasion.site)
                    .cloned()
            });
        let mut merged = merge(before.as_ref(), page, &phones, &id, occasion);
        // Known until now by a made-up id: what was known moves over, and the widget is told.
        if let Some(twin) = twin.filter(|twin| is_made_up(&twin.id) && twin.id != merged.id) {
            fill_from(&mut merged, twin);
            written.push(Contact {
                deleted: true,
                changed_at: occasion.now,
                number_keys: Vec::new(),
                ..twin.clone()
            });
        }
        written.push(merged);
    }
    written
}

/// One name and one thing more that two people hardly share.
fn same_person(contact: &Contact, page: &PageContact, phones: &[Phone]) -> bool {
    folded(&contact.name) == folded(&page.name)
        && contact.organisation == page.organisation
        && (contact
            .emails
            .iter()
            .any(|email| page.emails.contains(email))
            || contact
                .phones
                .iter()
                .any(|known| phones.iter().any(|said| same_number(known, said))))
}

fn merge(
    before: Option<&Contact>,
    page: &PageContact,
    phones: &[Phone],
    id: &str,
    occasion: Occasion<'_>,
) -> Contact {
    let old = before.cloned().unwrap_or_default();
    let mut contact = Contact::from(page);
    occasion.site.clone_into(&mut contact.site);
    id.clone_into(&mut contact.id);
    contact.phones = phones.to_vec();
    contact.changed_at = old.changed_at;
    fill_from(&mut contact, &old);
    // Forgotten by the user, and still on the page: it stays forgotten.
    contact.deleted = old.deleted;
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

/// What the later reading does not say, the earlier one still holds.
fn fill_from(contact: &mut Contact, old: &Contact) {
    for phone in &old.phones {
        match contact
            .phones
            .iter_mut()
            .find(|said| same_number(said, phone))
        {
            Some(said) => *said = richer(phone, said),
            None => contact.phones.push(phone.clone()),
        }
    }
    for email in &old.emails {
        if !contact.emails.contains(email) {
            contact.emails.push(email.clone());
        }
    }
    for (said, known) in [
        (&mut contact.company, &old.company),
        (&mut contact.job_title, &old.job_title),
        (&mut contact.avatar, &old.avatar),
        (&mut contact.url, &old.url),
    ] {
        if said.is_none() {
            said.clone_from(known);
        }
    }
    contact.number_keys = number_keys(contact);
}

/// Understands a contact's numbers anew, after the site's region has changed.
/// Returns `None` if nothing changes.
pub fn renumbered(
    contact: &Contact,
    numbering: &impl Numbering,
    region: Option<Region>,
    now: Millis,
) -> Option<Contact> {
    let phones: Vec<Phone> = contact
        .phones
        .iter()
        .map(|phone| phone_of(&phone.raw, phone.kind, numbering, region))
        .collect();
    if phones == contact.phones {
        return None;
    }
    let mut contact = contact.clone();
    contact.phones = phones;
    contact.number_keys = number_keys(&contact);
    contact.changed_at = now;
    Some(contact)
}

/// What the number index holds for a contact.
fn number_keys(contact: &Contact) -> Vec<String> {
    let mut keys: Vec<String> = contact
        .phones
        .iter()
        .filter_map(|phone| {
            let key = match &phone.e164 {
                Some(e164) => e164.clone(),
                None => extension_key(bare_extension(&phone.raw)?),
            };
            Some(number_key(&contact.site, &key))
        })
        .collect();
    keys.sort();
    keys.dedup();
    keys
}

fn number_key(site: &str, key: &str) -> String {
    format!("{site} {key}")
}

/// Extensions of the user's own phone system are no E.164 numbers.
fn extension_key(extension: &str) -> String {
    format!("ext {extension}")
}

/// A number the widget asks about, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// As the widget writes it: the key of its answer.
    pub asked: String,
    number: Option<ParsedNumber>,
    /// The key to look it up by.
    pub key: Option<String>,
}

/// Understands a number the widget asks about.
pub fn wanted(
    asked: &str,
    site: &str,
    numbering: &impl Numbering,
    region: Option<Region>,
) -> Wanted {
    let parsed = numbering.parse(asked, region);
    let extension = bare_extension(asked);
    let key = match (&parsed, extension) {
        (Some(number), _) => Some(number_key(site, &number.e164)),
        (None, Some(extension)) => Some(number_key(site, &extension_key(extension))),
        (None, None) => None,
    };
    Wanted {
        asked: asked.to_owned(),
        number: parsed,
        key,
    }
}

/// Returns who has a number, of the contacts that share its key: those that fit it best, and only those.
///
/// With an extension: who has that extension, else who has the number without one. Without:
/// who has the number without one, else everybody who has it.
pub fn matches<'a>(wanted: &Wanted, candidates: &'a [Contact]) -> Vec<&'a Contact> {
    let Some(key) = &wanted.key else {
        return Vec::new();
    };
    let ranked: Vec<(Closeness, &Contact)> = candidates
        .iter()
        .filter(|contact| !contact.deleted && contact.number_keys.contains(key))
        .filter_map(|contact| Some((nearest(wanted, contact)?, contact)))
        .collect();
    let best = ranked.iter().map(|(rank, _)| *rank).min();
    let mut found: Vec<&Contact> = ranked
        .into_iter()
        .filter(|(rank, _)| Some(*rank) == best)
        .map(|(_, contact)| contact)
        .collect();
    found.sort_by_key(|contact| (contact.organisation, -contact.read_at));
    found
}

fn nearest(wanted: &Wanted, contact: &Contact) -> Option<Closeness> {
    let Some(asked) = &wanted.number else {
        // A bare extension: its key says it all.
        return Some(Closeness::Same);
    };
    contact
        .phones
        .iter()
        .filter_map(|phone| closeness(asked, &understood(phone)?))
        .min()
}

fn understood(phone: &Phone) -> Option<ParsedNumber> {
    Some(ParsedNumber {
        e164: phone.e164.clone()?,
        extension: phone.extension.clone(),
        valid: true,
    })
}

/// Returns the contacts that a text in the dialer means, best first: every word begins a word of the
/// name, the company or an e-mail address, or its digits stand in a number.
pub fn search<'a>(text: &str, contacts: &'a [Contact], limit: usize) -> Vec<&'a Contact> {
    let words: Vec<String> = folded(text).split_whitespace().map(str::to_owned).collect();
    let digits = digits_of(text);
    if words.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(u8, &Contact)> = contacts
        .iter()
        .filter(|contact| !contact.deleted)
        .filter_map(|contact| {
            let name = folded(&contact.name);
            if words.iter().all(|word| begins_a_word(&name, word)) {
                return Some((0, contact));
            }
            let all = folded(&all_text(contact));
            if words.iter().all(|word| begins_a_word(&all, word)) {
                return Some((1, contact));
            }
            let dialled = digits.len() >= 3
                && contact.phones.iter().any(|phone| {
                    let e164 = phone.e164.as_deref().unwrap_or_default();
                    e164.contains(&digits) || digits_of(&phone.raw).contains(&digits)
                });
            dialled.then_some((2, contact))
        })
        .collect();
    found.sort_by(|(a, one), (b, other)| {
        (a, one.organisation, &one.name).cmp(&(b, other.organisation, &other.name))
    });
    found
        .into_iter()
        .take(limit)
        .map(|(_, contact)| contact)
        .collect()
}

fn begins_a_word(text: &str, beginning: &str) -> bool {
    text.split(|it: char| !it.is_alphanumeric())
        .chain(text.split_whitespace())
        .any(|word| word.starts_with(beginning))
}

fn all_text(contact: &Contact) -> String {
    let mut all = contact.name.clone();
    for part in contact.company.iter().chain(&contact.emails) {
        all.push(' ');
        all.push_str(part);
    }
    all
}

/// Lower case, with the accents of Latin letters taken off, so that "jose" finds "José".
pub fn folded(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(plain_letter)
        .collect()
}

fn plain_letter(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ğ' => 'g',
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' => 's',
        'ť' | 'ţ' => 't',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    }
}
