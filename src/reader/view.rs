//! The page under reading: the snapshot with what is asked of it again and again.

use switchboard_rules::SiteRule;
use switchboard_rules::pieces::{find_any, is_one_of, joined, pieces};

use super::draft::Draft;
use super::link::{self, Kind, RecordLink};
use super::refusal;
use super::snapshot::{PageNode, Snapshot, is};
use super::text::{count_digits, digits_of, emails_in, find_phone};
use super::words::{self, Meaning};
use crate::address::Address;
use crate::protocol::page::PhoneKind;

/// A page and what is known of its site.
pub(crate) struct View<'p> {
    pub page: &'p Snapshot,
    pub rule: Option<&'p SiteRule>,
    /// The record that the page's own address names.
    pub own: Option<RecordLink>,
    /// The records that the page's links lead to, by the links' places.
    links: Vec<(u32, RecordLink)>,
    /// What is about the CRM, not about its records.
    pub furniture: Marks,
    /// Where somebody's wish not to be contacted is named, in the page's order.
    refusals: Vec<PageNode<'p>>,
}

/// A set of the page's nodes.
#[derive(Clone, Default)]
pub(crate) struct Marks(Vec<bool>);

impl Marks {
    pub(crate) fn new(page: &Snapshot) -> Self {
        Self(vec![false; page.len()])
    }

    /// Marks a node and all inside it.
    pub(crate) fn mark(&mut self, node: PageNode<'_>) {
        if let Some(range) = self.0.get_mut(node.index() as usize..node.end() as usize) {
            range.fill(true);
        }
    }

    /// Returns the nodes of both sets.
    pub(crate) fn with(&self, other: &Self) -> Self {
        let mut both = self.clone();
        for (own, other) in both.0.iter_mut().zip(&other.0) {
            *own |= *other;
        }
        both
    }

    pub(crate) fn has(&self, node: PageNode<'_>) -> bool {
        self.0.get(node.index() as usize).is_some_and(|it| *it)
    }
}

/// Returns the record a link of the page's own site leads to.
fn raw_record(
    node: PageNode<'_>,
    address: &Address<'_>,
    rule: Option<&SiteRule>,
) -> Option<RecordLink> {
    let href = node.attribute("href").filter(|it| *it != "#")?;
    let url = address.join(href)?;
    if Address::parse(&url)?.is_same_site(address) {
        return link::record_of(&url, rule);
    }
    None
}

/// Parts of a page that are about the CRM, not about its records.
fn is_furniture(node: PageNode<'_>) -> bool {
    node.is(is::FURNITURE)
        || node.attribute("role").is_some_and(|it| {
            is_one_of(
                it,
                "navigation toolbar menu menubar contentinfo tablist search",
            )
        })
}

impl<'p> View<'p> {
    pub(crate) fn new(page: &'p Snapshot, rule: Option<&'p SiteRule>) -> Self {
        let mut view = Self {
            page,
            rule,
            own: link::record_of(page.url(), rule),
            links: Vec::new(),
            furniture: Marks::new(page),
            refusals: Vec::new(),
        };
        let address = Address::parse(page.url());
        let mut people = view.own.as_ref().is_some_and(|it| it.kind == Kind::Person);
        for node in page.nodes() {
            if is_furniture(node) {
                view.furniture.mark(node);
            }
            if node.tag() == "a"
                && let Some(address) = &address
                && let Some(record) = raw_record(node, address, rule)
            {
                people |= record.kind == Kind::Person;
                view.links.push((node.index(), record));
            }
            if refusal::is_named(node) && !node.is_hidden() {
                view.refusals.push(node);
            }
        }
        // Where people have a word of their own in the addresses, clients are companies.
        let links = view.links.iter_mut().map(|(_, record)| record);
        for record in links.chain(&mut view.own) {
            if people && record.kind == Kind::Either {
                record.kind = Kind::Company;
            }
        }
        view.prefer_shown();
        view
    }

    /// Takes the address of the record's own page from a link, where the page is the form that edits it.
    fn prefer_shown(&mut self) {
        let Some(own) = &self.own else { return };
        let (own_edits, own_shows) = what_for(&own.url);
        let link = self.links.iter().map(|(_, record)| record).find(|it| {
            let (edits, shows) = what_for(&it.url);
            self.is_own(it) && !it.part && !edits && (own_edits || (shows && !own_shows))
        });
        let url = link.map(|it| it.url.clone());
        if let (Some(url), Some(own)) = (url, self.own.as_mut()) {
            own.url = url;
        }
    }

    /// Returns the record a link leads to.
    pub(crate) fn record(&self, node: PageNode<'p>) -> Option<&RecordLink> {
        node.attribute("href")?;
        let at = self.links.binary_search_by(|(at, _)| at.cmp(&node.index()));
        self.links.get(at.ok()?).map(|(_, record)| record)
    }

    /// Returns where somebody's wish not to be contacted is named inside an element.
    pub(crate) fn refusals_in(&self, node: PageNode<'p>) -> &[PageNode<'p>] {
        let place = |of: u32| self.refusals.partition_point(|it| it.index() < of);
        self.refusals
            .get(place(node.index())..place(node.end()))
            .unwrap_or_default()
    }

    /// Returns where it is named outside some nodes.
    pub(crate) fn refusals_outside(&self, skip: &Marks) -> impl Iterator<Item = PageNode<'p>> {
        self.refusals.iter().copied().filter(|it| !skip.has(*it))
    }

    /// Returns whether the page is the own page of this record.
    pub(crate) fn is_own(&self, record: &RecordLink) -> bool {
        self.own.as_ref().is_some_and(|it| it.is_same(record))
    }
}

/// Returns whether an address is one to edit a record at, and whether one to see it.
fn what_for(url: &str) -> (bool, bool) {
    let (mut edits, mut shows) = (false, false);
    for word in pieces(&words::plain(url), " ") {
        edits |= word == "edit";
        shows |= is_one_of(word, "show view detail details");
    }
    (edits, shows)
}

/// Collects the numbers and e-mail addresses that say by themselves what they are: links, data attributes.
pub(crate) fn collect_typed(
    root: PageNode<'_>,
    draft: &mut Draft,
    kind: Option<PhoneKind>,
    skip: &Marks,
) {
    for node in root.subtree() {
        if node.is_text() || (node.is_hidden() && !draft.hidden) || skip.has(node) {
            continue;
        }
        if let Some((raw, own)) = typed_phone(node) {
            draft.add_phone(&raw, own.or(kind).unwrap_or_default());
        }
        let href = node.attribute("href").map(link::mailed_to);
        let mut linked = false;
        for email in emails_in(href.as_deref().unwrap_or("")) {
            draft.add_email(email);
            linked = true;
        }
        if linked {
            continue;
        }
        for value in node.attributes_that_are(is::MAIL) {
            for email in emails_in(value) {
                draft.add_email(email);
            }
        }
    }
}

/// Returns the number that an element dials.
pub(crate) fn dialled(node: PageNode<'_>) -> Option<String> {
    node.attribute("href")
        .and_then(link::phone_of)
        .or_else(|| {
            node.attributes_that_are(is::PHONE)
                .next()
                .map(str::to_owned)
        })
        .filter(|it| count_digits(it) >= 3)
}

/// Returns the number an element dials, with the extension that only its text shows, and what is beside it says it is for.
fn typed_phone(node: PageNode<'_>) -> Option<(String, Option<PhoneKind>)> {
    let dialled = dialled(node)?;
    let shown = node.text();
    let shown = find_phone(&shown).map_or("", |it| it.number);
    let raw = best_writing(&dialled, shown);
    Some((raw, kind_beside(node)))
}

/// Returns the fuller of what is dialled and what is shown: the country of the one, the extension of the other.
fn best_writing(dialled: &str, shown: &str) -> String {
    let (one, two) = (digits_of(dialled), digits_of(shown));
    if two.len() < 5 {
        return dialled.to_owned();
    }
    if one == two || !dialled.starts_with('+') {
        let best = if two.len() >= one.len() {
            shown
        } else {
            dialled
        };
        return best.to_owned();
    }
    // "+442079460018" shown as "020 7946 0018 ext. 204".
    let extension = shown
        .char_indices()
        .skip(4)
        .find(|(_, c)| c.is_alphabetic() || matches!(c, '#' | '*' | ';'));
    let has_own = find_any(dialled, ";x#*p,").is_some();
    match extension.and_then(|(at, _)| shown.get(at..)) {
        Some(extension) if !has_own => joined(&[dialled, " ", extension]),
        _ if shown.starts_with('+') => shown.to_owned(),
        _ => dialled.to_owned(),
    }
}

/// Returns what the nearest words around a number say it is for: "Mobile" beside it, an icon before it, a choice before its field.
pub(crate) fn kind_beside(node: PageNode<'_>) -> Option<PhoneKind> {
    for name in ["title", "aria-label"] {
        let said = node.attribute(name).and_then(words::kind_in);
        match said {
            Some(PhoneKind::Phone) => break,
            Some(kind) => return Some(kind),
            None => {}
        }
    }
    let mut around = node;
    for _ in 0..3 {
        around = around.parent()?;
        if around.size() > 80 || holds_numbers(around) {
            break;
        }
        let said = around.descendants().find_map(|it| {
            if node.contains(it) || it.is_hidden() {
                None
            } else if it.is_text() {
                words::kind_in(it.own_text())
            } else if it.tag() == "select" {
                it.value().and_then(words::kind_in)
            } else if let Some(Meaning::Phone(kind)) = icon_meaning(it) {
                Some(kind)
            } else {
                None
            }
        });
        if said.is_some_and(|it| it != PhoneKind::Phone) {
            return said;
        }
    }
    None
}

/// Returns whether there is more than one number inside.
fn holds_numbers(node: PageNode<'_>) -> bool {
    let number = |it: PageNode<'_>| {
        it.attribute("href")
            .is_some_and(|it| it.starts_with("tel:") || it.starts_with("callto:"))
            || (it.tag() == "input" && it.value().is_some_and(|it| count_digits(it) >= 5))
    };
    node.descendants().filter(|it| number(*it)).count() > 1
}

/// Returns what an icon stands for: an element without text whose class, title or label is telling.
pub(crate) fn icon_meaning(node: PageNode<'_>) -> Option<Meaning> {
    if !node.is(is::ICON) {
        return None;
    }
    let labels = ["title", "aria-label", "alt"].map(|it| node.attribute(it));
    let class = node.attribute("class");
    if (class.is_none() && labels == [None; 3]) || node.descendants().any(PageNode::is_written) {
        return None;
    }
    for label in labels.into_iter().flatten() {
        match words::meaning_of(label).or_else(|| words::meaning_in(label)) {
            None => {}
            Some(Meaning::Phone(PhoneKind::Phone)) => break,
            told => return told,
        }
    }
    class.and_then(words::meaning_in)
}
