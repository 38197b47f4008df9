//! People that only a link to their record announces: cards, lists without headers, mentions in a stream.

use switchboard_rules::pieces::cut_last;

use super::draft::{Draft, rank, tell};
use super::link::{Kind, RecordLink};
use super::picture;
use super::refusal;
use super::snapshot::{PageNode, is};
use super::table::{first_line, lines_of, read_numbers};
use super::text::{is_initials_of, looks_personal, title_at_company};
use super::view::{Marks, View};
use super::words;
use crate::protocol::page::Source;

/// The links to people, in the page's order.
type Links<'l, 'p> = [(PageNode<'p>, &'l RecordLink)];

/// Reads the linked people outside what is taken, into `drafts`; takes the containers they came from.
pub(crate) fn read(view: &View<'_>, taken: &mut Marks, drafts: &mut Vec<Draft>) {
    let mut links = Vec::new();
    let mut after = 0;
    for node in view.page.nodes() {
        if node.index() < after {
            continue;
        }
        if node.is_hidden() || view.furniture.has(node) || taken.has(node) {
            after = node.end();
            continue;
        }
        if let Some(record) = view.record(node)
            && matches!(record.kind, Kind::Person | Kind::Either)
            && !record.part
            && !view.is_own(record)
        {
            links.push((node, record));
        }
    }
    let mut last: Option<PageNode<'_>> = None;
    for (node, record) in &links {
        // Links come in the page's order, so only the container before can hold this one.
        if last.is_some_and(|it| it.contains(*node)) {
            continue;
        }
        let container = container_of(view, *node, record, &links);
        if let Some(draft) = read_card(view, container, record, &links) {
            if container != *node || view.own.is_none() {
                taken.mark(container);
                last = Some(container);
            }
            drafts.push(draft);
        }
    }
}

/// Returns the links inside an element.
fn inside<'a, 'l, 'p>(node: PageNode<'p>, links: &'a Links<'l, 'p>) -> &'a Links<'l, 'p> {
    let place = |of: u32| links.partition_point(|(it, _)| it.index() < of);
    links
        .get(place(node.index())..place(node.end()))
        .unwrap_or_default()
}

/// Returns the largest element around a link that is about this record alone.
fn container_of<'p>(
    view: &View<'p>,
    link: PageNode<'p>,
    record: &RecordLink,
    links: &Links<'_, 'p>,
) -> PageNode<'p> {
    let mut container = link;
    for parent in link.ancestors().take(8) {
        if parent.is(is::CARD_ENDS) || parent.size() > 160 {
            break;
        }
        let other = |it: &(PageNode<'p>, &RecordLink)| it.1.id != record.id;
        if inside(parent, links).iter().any(other) || holds_heading(parent, link) {
            break;
        }
        container = parent;
        if matches!(parent.tag(), "li" | "article" | "tr")
            || matches!(
                parent.attribute("role"),
                Some("listitem" | "row" | "article" | "option")
            )
        {
            return container;
        }
    }
    // With no neighbours to bound it, a card on a record's page may have grown into the record.
    if view.own.is_some() && links.iter().all(|(_, it)| it.id == record.id) {
        link
    } else {
        container
    }
}

/// Returns whether there is a heading inside an element, outside the link.
fn holds_heading(node: PageNode<'_>, link: PageNode<'_>) -> bool {
    node.descendants()
        .any(|it| matches!(it.tag(), "h1" | "h2") && !link.contains(it) && !it.is_hidden())
}

fn read_card<'p>(
    view: &View<'p>,
    container: PageNode<'p>,
    record: &RecordLink,
    links: &Links<'_, 'p>,
) -> Option<Draft> {
    let mut names = Vec::new();
    for (node, other) in inside(container, links) {
        if other.id == record.id {
            names.extend(lines_of(*node));
        }
    }
    let avatar = |text: &str| names.iter().any(|it| is_initials_of(text, it));
    let name = names
        .iter()
        .find(|it| looks_personal(it) && !avatar(it))
        .or_else(|| {
            names
                .iter()
                .find(|it| !it.ends_with('.') && !it.ends_with('…'))
        })?;
    let mut draft = Draft::new(container.index(), Source::Links);
    draft.link = Some((*record).clone());
    tell(&mut draft.name, name, rank(Source::Links));
    if record.kind == Kind::Either {
        draft.organisation = words::is_company(name) || !looks_personal(name);
    }
    read_numbers(container, None, false, &mut draft);
    read_joint(container, &mut draft);
    draft.avatar = picture::beside_name(view, container, &[Some(container)], None, &draft);
    let mut refusals = view.refusals_in(container).iter();
    draft.refuses = refusals.any(|it| refusal::holds(view, *it, Some(container)));
    let company = container.descendants().find(|it| {
        view.record(*it)
            .is_some_and(|it| it.kind == Kind::Company && !it.part)
    });
    if let Some(company) = company.and_then(first_line) {
        tell(&mut draft.company, &company, rank(Source::Links));
    }
    Some(draft)
}

/// Reads "Analyst at" followed by a company, in one text or in two.
fn read_joint(container: PageNode<'_>, draft: &mut Draft) {
    const JOINTS: &[&str] = &["at", "@", "bei", "chez", "presso", "bij"];
    // The title that a joint stood behind: the next text is the company.
    let mut before: Option<&str> = None;
    for node in container.descendants() {
        let text = node.own_text().trim();
        if text.is_empty() || node.is_hidden() {
            continue;
        }
        let (title, last) = cut_last(text, b' ').unwrap_or(("", text));
        let told = match before {
            Some(title) => Some((title, text)),
            None => title_at_company(text),
        };
        if let Some((title, company)) = told {
            tell(&mut draft.title, title, rank(Source::Links));
            tell(&mut draft.company, company, rank(Source::Links));
            return;
        }
        if JOINTS.contains(&last) {
            before = Some(title);
        }
    }
}
