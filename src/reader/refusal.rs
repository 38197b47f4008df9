//! Who does not want to be contacted: fields, columns, ticks and badges that say so.
//!
//! The words are those of [`super::words`]; what makes them count is a value that affirms them, or that they stand
//! alone as a badge does. A tick that is not set, a "No" and an empty field say nothing.

use switchboard_rules::pieces::{contains, is_one_of, pieces};

use super::link::Kind;
use super::snapshot::{PageNode, is};
use super::view::View;
use super::words;

/// Words in classes and tags of what stands for itself.
const BADGES: &str =
    "badge badges tag tags chip chips pill pills flag flags status alert warning danger lozenge";

/// How far above a badge the word may stand that says it is one.
const MOST_ABOVE: usize = 2;

/// An element with more inside than this (nodes) is no label.
const LARGEST_LABEL: u32 = 40;

/// Returns whether a node names the wish: by its text, as a control by its name, as an icon by its tooltip.
pub(crate) fn is_named(node: PageNode<'_>) -> bool {
    if node.is_text() {
        return node.refuses();
    }
    if !node.is(is::CONTROL | is::ICON) && node.attribute("role").is_none() {
        return false;
    }
    let names: &[&str] = if node.is(is::CONTROL) || tick_of(node).is_some() {
        &["name", "aria-label", "data-name", "id"]
    } else if node.is(is::ICON) {
        &["title", "aria-label", "alt"]
    } else {
        return false;
    };
    let mut said = names.iter().filter_map(|it| node.attribute(it));
    said.any(|it| words::refusal_of(it).is_some()) || node.value().is_some_and(is_wish)
}

fn is_wish(text: &str) -> bool {
    words::refusal_of(text) == Some("")
}

/// Returns whether what [`is_named`] holds: in a row or card, or on the page of a record.
pub(crate) fn holds(view: &View<'_>, named: PageNode<'_>, row: Option<PageNode<'_>>) -> bool {
    if let Some(ticked) = tick_of(named) {
        return ticked;
    }
    if let Some(value) = named.value() {
        return words::affirms(value) || is_wish(value);
    }
    let text = named.text();
    if !named.is_text() {
        // A tooltip explains what is shown, or stands in its place.
        return !acts(view, named) && (text.is_empty() || words::affirms(&text));
    }
    match words::refusal_of(&text) {
        Some("") => label_holds(view, named, &text, row),
        Some(value) => words::affirms(value),
        None => false,
    }
}

/// Returns whether the value of a label affirms it, or there is none and it is a badge.
fn label_holds(
    view: &View<'_>,
    named: PageNode<'_>,
    text: &str,
    row: Option<PageNode<'_>>,
) -> bool {
    let mut label = named;
    let mut of_value = false;
    let mut badge = false;
    while row != Some(label)
        && let Some(parent) = label.parent()
        && parent.size() <= LARGEST_LABEL
        && parent.text() == text
    {
        label = parent;
        if acts(view, label) {
            return false;
        }
        badge |= is_badge(label);
        of_value |= is_one_of(label.tag(), "label dt th td li legend");
        if let Some(id) = label.attribute("for") {
            let control = view
                .page
                .nodes()
                .find(|it| it.attribute("id") == Some(id) && !it.is_text());
            return control.and_then(state_of) == Some(true);
        }
        if let Some(state) = control_in(label) {
            return state;
        }
    }
    let mut above = label.ancestors().take(MOST_ABOVE);
    badge |= above.any(is_badge);
    if row.is_some() && is_cell(label) {
        return true;
    }
    if let Some(ticked) = tick_before(label) {
        return ticked;
    }
    let mut following = label.following().filter(|it| !it.is_hidden());
    let next = if of_value {
        following.find(|it| !it.is_text() || it.is_written())
    } else {
        following.find(|it| it.is_written() || state_of(*it).is_some() || !it.text().is_empty())
    };
    match next.and_then(state_of) {
        Some(state) => state,
        None => badge || (row.is_some() && next.is_none() && !of_value),
    }
}

/// Returns whether an element does something, or leads to a record of this name, instead of stating a fact.
fn acts(view: &View<'_>, node: PageNode<'_>) -> bool {
    const ROLES: &str = "button menuitem tab option columnheader";
    match node.tag() {
        "button" | "option" => true,
        "a" => {
            let href = node.attribute("href").unwrap_or("#");
            let person = view.record(node).is_some_and(|it| it.kind != Kind::Other);
            href.starts_with('#') || href.starts_with("javascript") || person
        }
        _ => node
            .attribute("role")
            .is_some_and(|it| is_one_of(it, ROLES)),
    }
}

fn is_cell(node: PageNode<'_>) -> bool {
    is_one_of(node.tag(), "td th")
        || node
            .attribute("role")
            .is_some_and(|it| is_one_of(it, "gridcell cell rowheader"))
}

fn is_badge(node: PageNode<'_>) -> bool {
    let says = |text: &str| pieces(&words::plain(text), " ").any(|it| is_one_of(it, BADGES));
    says(node.tag())
        || node
            .attribute("class")
            .is_some_and(|it| says(it) || contains(it, "label label-"))
}

/// Returns whether a check box, a radio button or a switch is ticked.
fn tick_of(node: PageNode<'_>) -> Option<bool> {
    let name = if node.tag() == "input" {
        "type"
    } else {
        "role"
    };
    let kind = node.attribute(name)?;
    is_one_of(kind, "checkbox radio switch").then(|| node.attribute("aria-checked") == Some("true"))
}

/// Returns the tick that stands before its label, where ticks stand first.
fn tick_before(label: PageNode<'_>) -> Option<bool> {
    let silent = |it: &PageNode<'_>| !it.is_text() && it.text().is_empty();
    let ticks = |it: PageNode<'_>| it.subtree().find_map(tick_of);
    let mut before = label.parent()?.children();
    let first = before.find(|it| !it.is_text() || it.is_written())?;
    ticks(first).filter(|_| silent(&first))?;
    let before = label.parent()?.children();
    let last = before
        .take_while(|it| it.index() < label.index())
        .filter(|it| !it.is_text() || it.is_written())
        .last()?;
    ticks(last).filter(|_| silent(&last))
}

/// Returns what a control inside says.
fn control_in(node: PageNode<'_>) -> Option<bool> {
    for inside in node.subtree() {
        if let Some(ticked) = tick_of(inside) {
            // Of several choices the one that is made counts.
            let choice = inside.attribute("type") == Some("radio") && !ticked;
            if !choice {
                return Some(ticked && !denies_beside(inside));
            }
        } else if let Some(value) = inside.value().filter(|_| !inside.is_hidden()) {
            return Some(words::affirms(value) || is_wish(value));
        }
    }
    None
}

/// Returns whether a choice is "No".
fn denies_beside(choice: PageNode<'_>) -> bool {
    let beside = choice
        .following()
        .map(PageNode::text)
        .find(|it| !it.is_empty());
    choice.attribute("type") == Some("radio") && beside.is_some_and(|it| words::denies(&it))
}

/// Returns whether a value affirms or denies; nothing where it does neither.
pub(crate) fn state_of(value: PageNode<'_>) -> Option<bool> {
    if let Some(state) = control_in(value) {
        return Some(state);
    }
    let text = value.text();
    if text.is_empty() {
        return value.subtree().any(is_check_mark).then_some(true);
    }
    if words::affirms(&text) {
        return Some(true);
    }
    words::denies(&text).then_some(false)
}

/// Returns whether an icon is the mark of a tick.
fn is_check_mark(icon: PageNode<'_>) -> bool {
    if !icon.is(is::ICON) || icon.is_hidden() {
        return false;
    }
    let mut told = ["title", "alt", "aria-label"].iter();
    if let Some(told) = told.find_map(|it| icon.attribute(it)) {
        return words::affirms(told);
    }
    icon.attribute("class").is_some_and(|it| {
        pieces(it, " \t\n").any(|it| {
            let mark = it.ends_with("-check") || contains(it, "check-") || it.ends_with("-ok");
            mark && !contains(it, "uncheck") && !contains(it, "checkbox")
        })
    })
}
