//! People that only a link to their record announces: cards, lists without headers, mentions in a stream.

use super::draft::{Draft, rank, tell};
use super::link::{Kind, RecordLink};
use super::snapshot::PageNode;
use super::table::{lines_of, read_numbers};
use super::text::{is_initials_of, looks_personal};
use super::view::View;
use super::words;
use crate::protocol::page::Source;

/// Reads the linked people outside the tables; returns the drafts and the containers they came from.
pub(crate) fn read<'p>(
    view: &View<'p>,
    taken: &dyn Fn(PageNode<'p>) -> bool,
) -> (Vec<Draft>, Vec<PageNode<'p>>) {
    let mut links: Vec<(PageNode<'p>, RecordLink)> = Vec::new();
    let mut after = 0;
    for node in view.page.nodes() {
        if node.index() < after {
            continue;
        }
        if node.is_hidden() || view.is_furniture(node) || taken(node) {
            after = node.end();
            continue;
        }
        if let Some(record) = view.record(node)
            && matches!(record.kind, Kind::Person | Kind::Either)
            && !record.part
            && !view.is_own(record)
        {
            links.push((node, record.clone()));
        }
    }
    let mut drafts: Vec<Draft> = Vec::new();
    let mut containers: Vec<PageNode<'p>> = Vec::new();
    for (node, record) in &links {
        // Links come in the page's order, so only the container before can hold this one.
        if containers.last().is_some_and(|it| it.contains(*node)) {
            continue;
        }
        let container = container_of(view, *node, record, &links);
        if let Some(draft) = read_card(view, container, record, &links) {
            if container != *node || view.own.is_none() {
                containers.push(container);
            }
            drafts.push(draft);
        }
    }
    (drafts, containers)
}

/// Returns the links inside an element; they are in the page's order.
fn inside<'l, 'p>(
    node: PageNode<'p>,
    links: &'l [(PageNode<'p>, RecordLink)],
) -> &'l [(PageNode<'p>, RecordLink)] {
    let first = links.partition_point(|(it, _)| it.index() < node.index());
    let end = links.partition_point(|(it, _)| it.index() < node.end());
    links.get(first..end).unwrap_or_default()
}

/// Returns the largest element around a link that is about this record alone.
fn container_of<'p>(
    view: &View<'p>,
    link: PageNode<'p>,
    record: &RecordLink,
    links: &[(PageNode<'p>, RecordLink)],
) -> PageNode<'p> {
    let mut container = link;
    for parent in link.ancestors().take(8) {
        if matches!(parent.tag(), "body" | "main" | "form" | "html" | "section")
            || parent.end() - parent.index() > 160
        {
            break;
        }
        let others = inside(parent, links)
            .iter()
            .any(|(_, other)| other.id != record.id);
        if others
            || parent
                .descendants()
                .any(|it| matches!(it.tag(), "h1" | "h2") && !link.contains(it) && !it.is_hidden())
        {
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

fn read_card<'p>(
    view: &View<'p>,
    container: PageNode<'p>,
    record: &RecordLink,
    links: &[(PageNode<'p>, RecordLink)],
) -> Option<Draft> {
    let names: Vec<String> = inside(container, links)
        .iter()
        .filter(|(_, it)| it.id == record.id)
        .flat_map(|(node, _)| lines_of(*node))
        .collect();
    let avatar = |text: &str| names.iter().any(|it| is_initials_of(text, it));
    let name = names
        .iter()
        .find(|it| looks_personal(it) && !avatar(it))
        .or_else(|| names.iter().find(|it| !it.ends_with(['.', '…'])))?;
    let mut draft = Draft::new(container.index(), Source::Links);
    draft.link = Some(record.clone());
    tell(&mut draft.name, name, rank(Source::Links));
    if record.kind == Kind::Either {
        draft.organisation = words::is_company(name) || !looks_personal(name);
    }
    read_numbers(container, None, false, &mut draft);
    read_joint(container, &mut draft);
    let company = container.descendants().find(|it| {
        view.record(*it)
            .is_some_and(|it| it.kind == Kind::Company && !it.part)
    });
    if let Some(company) = company.and_then(|it| lines_of(it).into_iter().next()) {
        tell(&mut draft.company, &company, rank(Source::Links));
    }
    Some(draft)
}

/// Reads "Analyst at" followed by a company, in one text or in two.
fn read_joint(container: PageNode<'_>, draft: &mut Draft) {
    const JOINTS: &[&str] = &["at", "@", "bei", "chez", "presso", "bij"];
    let mut texts = container
        .descendants()
        .filter(|it| it.is_text() && !it.is_hidden())
        .map(|it| it.own_text().trim())
        .filter(|it| !it.is_empty());
    while let Some(text) = texts.next() {
        if let Some((title, company)) = super::text::title_at_company(text) {
            tell(&mut draft.title, title, rank(Source::Links));
            tell(&mut draft.company, company, rank(Source::Links));
            return;
        }
        let (title, last) = text.rsplit_once(' ').unwrap_or(("", text));
        if JOINTS.contains(&last)
            && let Some(company) = texts.next()
        {
            tell(&mut draft.title, title, rank(Source::Links));
            tell(&mut draft.company, company, rank(Source::Links));
            return;
        }
    }
}
