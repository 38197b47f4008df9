//! A person under construction: what each source told, with where it came from, and the merging of what is the same person.

use std::collections::BTreeMap;

use super::link::{Kind, RecordLink};
use super::text::count_digits;
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
        let raw = raw
            .trim()
            .trim_end_matches([',', ';', '.', '-', '(', '/'])
            .trim_end();
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
        let parts: Vec<&str> = [&self.first, &self.last]
            .into_iter()
            .flatten()
            .map(|it| it.trim())
            .filter(|it| !it.is_empty())
            .collect();
        if parts.len() == 2 || (self.name.is_none() && !parts.is_empty()) {
            return Some(parts.join(" "));
        }
        self.name.as_ref().map(|it| it.value.clone())
    }

    /// Takes over what another draft of the same person knows.
    fn absorb(&mut self, other: Self) {
        for (slot, told) in [
            (&mut self.name, other.name),
            (&mut self.company, other.company),
            (&mut self.title, other.title),
        ] {
            if let Some(told) = told {
                tell(slot, &told.value, told.source);
            }
        }
        self.first = self.first.take().or(other.first);
        self.last = self.last.take().or(other.last);
        self.link = self.link.take().or(other.link);
        self.avatar = self.avatar.take().or(other.avatar);
        self.hidden &= other.hidden;
        self.at = self.at.min(other.at);
        if rank(other.source) < rank(self.source) {
            self.source = other.source;
        }
        for phone in other.phones {
            self.add_phone(&phone.raw, phone.kind);
        }
        for email in other.emails {
            self.add_email(&email);
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
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let (one, two) = (digits(base_of(one)), digits(base_of(two)));
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

/// Joins the drafts of one record and brings them into the page's order.
pub(crate) fn merge(mut drafts: Vec<Draft>) -> Vec<PageContact> {
    drafts.sort_by_key(|it| (it.hidden, it.at));
    let mut people: Vec<Draft> = Vec::new();
    // Who may be the same: those of one id and those of one name.
    let mut known: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for draft in drafts {
        let name = draft.full_name().unwrap_or_default();
        // Two with ids are compared by these alone, so a crowd of namesakes costs nothing.
        let (asked, keys) = match &draft.link {
            Some(link) => {
                let id = format!("#{}", link.id);
                (vec![id.clone(), format!("~{name}")], vec![id, name])
            }
            None => (vec![name.clone()], vec![format!("~{name}"), name]),
        };
        let alike = asked
            .iter()
            .filter_map(|it| known.get(it))
            .flatten()
            .copied();
        let same =
            alike.min_by_key(|at| (people.get(*at).is_none_or(|it| !it.is_same(&draft)), *at));
        let same = same.filter(|at| people.get(*at).is_some_and(|it| it.is_same(&draft)));
        let at = match same.and_then(|at| Some((at, people.get_mut(at)?))) {
            Some((at, same)) => {
                same.absorb(draft);
                at
            }
            None if draft.hidden => continue,
            None => {
                people.push(draft);
                people.len() - 1
            }
        };
        for key in keys {
            let places = known.entry(key).or_default();
            if !places.contains(&at) {
                places.push(at);
            }
        }
    }
    people.sort_by_key(|it| it.at);
    people.into_iter().filter_map(finish).collect()
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
    })
}
