//! The page under reading: the snapshot with what is asked of it again and again.

use std::collections::BTreeMap;

use switchboard_rules::SiteRule;

use super::draft::Draft;
use super::link::{self, Kind, RecordLink};
use super::snapshot::{PageNode, Snapshot};
use super::text::{self, count_digits, find_phone};
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
    links: BTreeMap<u32, RecordLink>,
    /// What is about the CRM, not about its records.
    furniture: Marks,
}

/// A set of the page's nodes.
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
    let same_site = Address::parse(&url)?.origin() == address.origin();
    same_site.then(|| link::record_of(&url, rule)).flatten()
}

/// Parts of a page that are about the CRM, not about its records.
fn is_furniture(node: PageNode<'_>) -> bool {
    matches!(node.tag(), "nav" | "footer")
        || matches!(
            node.attribute("role"),
            Some(
                "navigation"
                    | "toolbar"
                    | "menu"
                    | "menubar"
                    | "contentinfo"
                    | "tablist"
                    | "search"
            )
        )
}

impl<'p> View<'p> {
    pub(crate) fn new(page: &'p Snapshot, rule: Option<&'p SiteRule>) -> Self {
        let mut furniture = Marks::new(page);
        page.nodes()
            .filter(|it| is_furniture(*it))
            .for_each(|it| furniture.mark(it));
        let mut view = Self {
            page,
            rule,
            own: link::record_of(page.url(), rule),
            links: BTreeMap::new(),
            furniture,
        };
        if let Some(address) = Address::parse(page.url()) {
            let links = page.nodes().filter(|it| it.tag() == "a");
            view.links = links
                .filter_map(|it| Some((it.index(), raw_record(it, &address, rule)?)))
                .collect();
        }
        // Where people have a word of their own in the addresses, clients are companies.
        let mut records: Vec<&mut RecordLink> =
            view.links.values_mut().chain(&mut view.own).collect();
        if records.iter().any(|it| it.kind == Kind::Person) {
            for record in records.iter_mut().filter(|it| it.kind == Kind::Either) {
                record.kind = Kind::Company;
            }
        }
        view.prefer_shown();
        view
    }

    /// Takes the address of the record's own page from a link, where the page is the form that edits it.
    fn prefer_shown(&mut self) {
        let Some(own) = &self.own else { return };
        let edits = |url: &str| words::plain(url).split(' ').any(|it| it == "edit");
        let shows = |url: &str| {
            words::plain(url)
                .split(' ')
                .any(|it| matches!(it, "show" | "view" | "detail" | "details"))
        };
        let link = self
            .page
            .nodes()
            .filter_map(|it| self.record(it))
            .find(|it| {
                self.is_own(it)
                    && !it.part
                    && !edits(&it.url)
                    && (edits(&own.url) || (shows(&it.url) && !shows(&own.url)))
            });
        let url = link.map(|it| it.url.clone());
        if let (Some(url), Some(own)) = (url, self.own.as_mut()) {
            own.url = url;
        }
    }

    /// Returns the record a link leads to.
    pub(crate) fn record(&self, node: PageNode<'p>) -> Option<&RecordLink> {
        self.links.get(&node.index())
    }

    /// Returns whether a node is about the CRM, not about its records.
    pub(crate) fn is_furniture(&self, node: PageNode<'p>) -> bool {
        self.furniture.has(node)
    }

    /// Returns whether the page is the own page of this record.
    pub(crate) fn is_own(&self, record: &RecordLink) -> bool {
        self.own
            .as_ref()
            .is_some_and(|it| it.kind == record.kind && it.id == record.id)
    }
}

/// Collects the numbers and e-mail addresses that say by themselves what they are: links, data attributes.
pub(crate) fn collect_typed<'p>(
    root: PageNode<'p>,
    draft: &mut Draft,
    kind: Option<PhoneKind>,
    taken: &dyn Fn(PageNode<'p>) -> bool,
) {
    for node in std::iter::once(root).chain(root.descendants()) {
        if node.is_text() || (node.is_hidden() && !draft.hidden) || taken(node) {
            continue;
        }
        if let Some((raw, own)) = typed_phone(node) {
            draft.add_phone(&raw, own.or(kind).unwrap_or_default());
        }
        for email in typed_emails(node) {
            draft.add_email(&email);
        }
    }
}

/// Returns the number an element dials, with the extension that only its text shows, and what is beside it says it is for.
pub(crate) fn typed_phone(node: PageNode<'_>) -> Option<(String, Option<PhoneKind>)> {
    let href = node.attribute("href").and_then(link::phone_of);
    let data = || {
        node.attributes()
            .find(|(name, _)| {
                matches!(
                    *name,
                    "data-phone-number"
                        | "data-phone"
                        | "data-tel"
                        | "data-number"
                        | "data-phonenumber"
                )
            })
            .map(|(_, value)| value.to_owned())
    };
    let dialled = href.or_else(data).filter(|it| count_digits(it) >= 3)?;
    let shown = node.text();
    let shown = find_phone(&shown).map_or("", |(number, _)| number);
    let raw = best_writing(&dialled, shown);
    Some((raw, kind_beside(node)))
}

/// Returns the fuller of what is dialled and what is shown: the country of the one, the extension of the other.
fn best_writing(dialled: &str, shown: &str) -> String {
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let (one, two) = (digits(dialled), digits(shown));
    if two.len() < 5 {
        return dialled.to_owned();
    }
    if one == two || !dialled.starts_with('+') {
        return if two.len() >= one.len() {
            shown.to_owned()
        } else {
            dialled.to_owned()
        };
    }
    // "+442079460018" shown as "020 7946 0018 ext. 204".
    let extension = shown
        .char_indices()
        .skip(4)
        .find(|(_, c)| c.is_alphabetic() || matches!(c, '#' | '*' | ';'));
    let has_own = dialled.contains([';', 'x', '#', '*', 'p', ',']);
    match extension.and_then(|(at, _)| shown.get(at..)) {
        Some(extension) if !has_own => format!("{dialled} {extension}"),
        _ if shown.starts_with('+') => shown.to_owned(),
        _ => dialled.to_owned(),
    }
}

/// Returns what the nearest words around a number say it is for: "Mobile" beside it, an icon before it, a choice before its field.
pub(crate) fn kind_beside(node: PageNode<'_>) -> Option<PhoneKind> {
    let own = [node.attribute("title"), node.attribute("aria-label")];
    let own = own
        .into_iter()
        .flatten()
        .find_map(words::kind_in)
        .filter(|it| *it != PhoneKind::Phone);
    if own.is_some() {
        return own;
    }
    let mut around = node;
    for _ in 0..3 {
        let parent = around.parent()?;
        if parent.end() - parent.index() > 80 {
            break;
        }
        let numbers = parent
            .descendants()
            .filter(|it| is_phone_holder(*it))
            .count();
        if numbers > 1 {
            break;
        }
        let said = parent
            .descendants()
            .filter(|it| !node.contains(*it) && !it.is_hidden())
            .find_map(|it| {
                if it.is_text() {
                    return words::kind_in(it.own_text());
                }
                if it.tag() == "select" {
                    return it.value().and_then(words::kind_in);
                }
                icon_meaning(it).and_then(|meaning| match meaning {
                    Meaning::Phone(kind) => Some(kind),
                    _ => None,
                })
            });
        if said.is_some_and(|it| it != PhoneKind::Phone) {
            return said;
        }
        around = parent;
    }
    None
}

fn is_phone_holder(node: PageNode<'_>) -> bool {
    node.attribute("href")
        .is_some_and(|it| it.starts_with("tel:") || it.starts_with("callto:"))
        || (node.tag() == "input" && node.value().is_some_and(|it| count_digits(it) >= 5))
}

/// Returns what an icon stands for: an element without text whose class, title or label is telling.
pub(crate) fn icon_meaning(node: PageNode<'_>) -> Option<Meaning> {
    if !matches!(
        node.tag(),
        "i" | "svg" | "span" | "img" | "mat-icon" | "div" | "use" | "lightning-icon"
    ) || node
        .descendants()
        .any(|it| !it.own_text().trim().is_empty())
    {
        return None;
    }
    ["title", "aria-label", "alt"]
        .iter()
        .filter_map(|it| node.attribute(it))
        .find_map(|it| words::meaning_of(it).or_else(|| words::meaning_in(it)))
        .filter(|it| !matches!(it, Meaning::Phone(PhoneKind::Phone)))
        .or_else(|| node.attribute("class").and_then(words::meaning_in))
}

/// Returns the e-mail addresses an element states by a link or a data attribute.
pub(crate) fn typed_emails(node: PageNode<'_>) -> Vec<String> {
    let mut found = node
        .attribute("href")
        .map(link::emails_of)
        .unwrap_or_default();
    if found.is_empty() {
        found = node
            .attributes()
            .filter(|(name, _)| name.starts_with("data-") && name.contains("mail"))
            .flat_map(|(_, value)| text::emails_in(value))
            .map(str::to_owned)
            .collect();
    }
    found
}
