//! A person under construction: what each source told, with where it came from, and the merging of what is the same person.

use switchboard_rules::pieces::{joined, trim_end};

use super::index::{Index, hash};
use super::link::{Kind, RecordLink};
use super::text::{count_digits, digits_of};
use super::words;
use crate::protocol::page::{PageContact, PagePhone, PhoneKind, Source};

/// A fact and the source that told it; a better source wins.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub value: String,
    pub source: u8,
}

/// A person or company as one place of the page shows it.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four answers that do not depend on each other"
)]
pub(crate) struct Draft {
    /// Place of the beginning in document order.
    pub at: u32,
    /// Whether only a part of the page that is not displayed says so: enriches those seen, makes nobody.
    pub hidden: bool,
    pub link: Option<RecordLink>,
    pub name: Option<Told>,
    pub first: Option<String>,
    pub last: Option<String>,
    pub company: Option<Told>,
    pub title: Option<Told>,
    pub phones: Vec<PagePhone>,
    pub emails: Vec<String>,
    pub avatar: Option<String>,
    pub organisation: bool,
    /// Whether the page says that there is to be no contact.
    pub refuses: bool,
    /// Whether the row states one fact of somebody whom other rows name again.
    pub fact: bool,
    /// The table and row it stands in: two rows of one table are two people.
    pub place: Option<(usize, u32)>,
    pub source: Source,
}

/// Trust in a source, lower is better.
pub(crate) fn rank(source: Source) -> u8 {
    match source {
        Source::Rule => 0,
        Source::Structured => 1,
        Source::Table => 2,
        Source::Fields => 3,
        Source::Links => 4,
    }
}

/// Keeps the better of two facts; the first of two equals.
pub(crate) fn tell(slot: &mut Option<Told>, value: &str, source: u8) {
    let value = value.trim();
    if words::is_blank(value) {
        return;
    }
    if slot.as_ref().is_none_or(|it| source < it.source) {
        *slot = Some(Told {
            value: value.to_owned(),
            source,
        });
    }
}

impl Draft {
    pub(crate) fn new(at: u32, source: Source) -> Self {
        Self {
            at,
            source,
            ..Self::default()
        }
    }

    pub(crate) fn add_email(&mut self, email: &str) {
        if !self.emails.iter().any(|it| it.eq_ignore_ascii_case(email)) {
            self.emails.push(email.to_owned());
        }
    }

    /// Adds a number unless it is there already; a fuller way to write the same one replaces it.
    pub(crate) fn add_phone(&mut self, raw: &str, kind: PhoneKind) {
        let raw = trim_end(raw.trim(), ",;.-(/").trim_end();
        if count_digits(raw) < 3 {
            return;
        }
        let Some(same) = self
            .phones
            .iter_mut()
            .find(|it| is_same_number(&it.raw, raw))
        else {
            self.phones.push(PagePhone {
                raw: raw.to_owned(),
                kind,
            });
            return;
        };
        let fuller = |text: &str| (text.starts_with('+'), count_digits(text));
        if fuller(raw) > fuller(&same.raw) {
            raw.clone_into(&mut same.raw);
        }
        if same.kind == PhoneKind::Phone {
            same.kind = kind;
        }
    }

    /// Returns the name, made of its parts where it is not written as a whole.
    pub(crate) fn full_name(&self) -> Option<String> {
        let part = |it: &Option<String>| it.as_deref().unwrap_or("").trim().to_owned();
        let (first, last) = (part(&self.first), part(&self.last));
        match (&self.name, first.is_empty(), last.is_empty()) {
            (_, false, false) => Some(joined(&[&first, " ", &last])),
            (Some(name), _, _) => Some(name.value.clone()),
            (None, false, true) => Some(first),
            (None, true, false) => Some(last),
            (None, true, true) => None,
        }
    }

    /// Takes over what another draft of the same person knows.
    fn absorb(&mut self, other: &Self) {
        for (slot, told) in [
            (&mut self.name, &other.name),
            (&mut self.company, &other.company),
            (&mut self.title, &other.title),
        ] {
            if let Some(told) = told {
                tell(slot, &told.value, told.source);
            }
        }
        for (slot, text) in [
            (&mut self.first, &other.first),
            (&mut self.last, &other.last),
            (&mut self.avatar, &other.avatar),
        ] {
            if slot.is_none() {
                slot.clone_from(text);
            }
        }
        if self.link.is_none() {
            self.link.clone_from(&other.link);
        }
        self.hidden &= other.hidden;
        self.refuses |= other.refuses;
        self.at = self.at.min(other.at);
        if rank(other.source) < rank(self.source) {
            self.source = other.source;
        }
        for phone in &other.phones {
            self.add_phone(&phone.raw, phone.kind);
        }
        for email in &other.emails {
            self.add_email(email);
        }
    }

    /// Returns whether two drafts with names are about one record.
    fn is_same(&self, other: &Self) -> bool {
        if self.organisation != other.organisation {
            return false;
        }
        match (&self.link, &other.link) {
            (Some(one), Some(two)) => {
                one.id == two.id
                    && (one.kind == two.kind
                        || one.kind == Kind::Either
                        || two.kind == Kind::Either)
            }
            // Two rows are two people, unless each is one fact.
            (None, None)
                if self
                    .place
                    .zip(other.place)
                    .is_some_and(|(one, two)| one.0 == two.0 && one.1 != two.1)
                    && !(self.fact && other.fact) =>
            {
                false
            }
            // A namesake is the same person only where nothing tells them apart.
            _ if self.fact && other.fact => self.full_name() == other.full_name(),
            _ => {
                self.full_name().is_some()
                    && self.full_name() == other.full_name()
                    && self.agrees(other)
            }
        }
    }

    fn agrees(&self, other: &Self) -> bool {
        let apart = |one: &Option<Told>, two: &Option<Told>| matches!((one, two), (Some(one), Some(two)) if one.value != two.value);
        !apart(&self.company, &other.company)
            && (self.emails.is_empty()
                || other.emails.is_empty()
                || self.emails.iter().any(|it| other.emails.contains(it)))
    }
}

/// Returns whether two writings end in the same digits, so that one is the other with its country or extension.
fn is_same_number(one: &str, two: &str) -> bool {
    let (one, two) = (digits_of(base_of(one)), digits_of(base_of(two)));
    let (short, long) = if one.len() < two.len() {
        (one, two)
    } else {
        (two, one)
    };
    let national = short.trim_start_matches('0');
    !national.is_empty() && (short == long || (national.len() >= 7 && long.ends_with(national)))
}

/// Returns a number without its extension.
fn base_of(raw: &str) -> &str {
    let end = raw
        .char_indices()
        .find(|(at, c)| *at > 4 && (c.is_alphabetic() || matches!(c, '#' | '*' | ';')));
    end.and_then(|(at, _)| raw.get(..at)).unwrap_or(raw)
}

/// Returns the places of drafts, those to be seen first, in the page's order.
///
/// Every source goes through the page in its order, so nearly all of them are there already.
fn in_order(drafts: &[Draft]) -> Vec<(bool, u32, usize)> {
    let mut order = Vec::with_capacity(drafts.len());
    for (place, draft) in drafts.iter().enumerate() {
        let key = (draft.hidden, draft.at, place);
        order.insert(order.partition_point(|it| *it < key), key);
    }
    order
}

/// Joins the drafts of one record and brings them into the page's order.
pub(crate) fn merge(mut drafts: Vec<Draft>) -> Vec<PageContact> {
    let mut people: Vec<Draft> = Vec::new();
    // Who may be the same: those of one id and those of one name.
    let mut known = Index::default();
    for (_, _, place) in in_order(&drafts) {
        let Some(draft) = drafts.get_mut(place).map(std::mem::take) else {
            continue;
        };
        let name = draft.full_name().unwrap_or_default();
        let (named, lone) = (hash(&[&name]), hash(&["~", &name]));
        // Two with ids are compared by these alone, so a crowd of namesakes costs nothing.
        let (asked, keys) = match &draft.link {
            Some(link) => {
                let id = hash(&["#", &link.id]);
                ([id, lone], [id, named])
            }
            None => ([named, named], [lone, named]),
        };
        let mut same: Option<u32> = None;
        for key in asked {
            known.find(key, &mut |at| {
                let before = same.is_none_or(|it| at < it);
                if before && people.get(at as usize).is_some_and(|it| it.is_same(&draft)) {
                    same = Some(at);
                }
                false
            });
        }
        let at = match same.and_then(|at| Some((at, people.get_mut(at as usize)?))) {
            Some((at, same)) => {
                same.absorb(&draft);
                at
            }
            None if draft.hidden => continue,
            None => {
                people.push(draft);
                u32::try_from(people.len() - 1).unwrap_or(u32::MAX)
            }
        };
        for key in keys {
            if known.find(key, &mut |it| it == at).is_none() {
                known.add(key, at);
            }
        }
    }
    let mut contacts = Vec::with_capacity(people.len());
    for (_, _, place) in in_order(&people) {
        let person = people.get_mut(place).map(std::mem::take);
        contacts.extend(person.and_then(finish));
    }
    contacts
}

fn finish(draft: Draft) -> Option<PageContact> {
    let name = draft.full_name()?;
    let company = draft.company.map(|it| it.value).filter(|it| *it != name);
    let (id, url) = draft
        .link
        .map_or((None, None), |it| (Some(it.id), Some(it.url)));
    Some(PageContact {
        id: id.filter(|it| !it.is_empty()),
        name,
        phones: draft.phones,
        emails: draft.emails,
        company,
        job_title: draft.title.map(|it| it.value),
        avatar: draft.avatar,
        url: url.filter(|it| !it.is_empty()),
        organisation: draft.organisation,
        source: draft.source,
        do_not_contact: draft.refuses,
    })
}
