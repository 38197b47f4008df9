//! The page of one record: labels and their values, form controls, icons, the heading.

use std::collections::BTreeMap;

use switchboard_rules::Field;
use switchboard_rules::selector::Selector;

use super::draft::{Draft, rank, tell};
use super::link::Kind;
use super::snapshot::{PageNode, is_inline};
use super::table::{lines_of, read_numbers};
use super::text::{
    self, can_be_name, emails_in, find_phone, is_initials, looks_personal, title_at_company,
};
use super::view::{View, collect_typed, icon_meaning, kind_beside};
use super::words::{self, Meaning};
use crate::protocol::page::{PhoneKind, Source};

/// What belongs to other people already.
type Taken<'a, 'p> = &'a dyn Fn(PageNode<'p>) -> bool;

/// Reads the record that the page is about; `kind` is what its address says of it.
pub(crate) fn read<'p>(view: &View<'p>, kind: Kind, taken: Taken<'_, 'p>) -> Option<Draft> {
    let mut draft = Draft::new(0, Source::Fields);
    draft.link.clone_from(&view.own);
    read_hints(view, &mut draft);
    let mut used: Vec<PageNode<'p>> = Vec::new();
    for (meaning, value) in pairs_of(view, taken) {
        read_value(view, meaning, value, kind, &mut draft);
        used.push(value);
    }
    read_controls(view, taken, &used, kind, &mut draft);
    let heading = heading_of(view, kind, taken, draft.full_name().as_deref());
    if let Some((node, name)) = &heading {
        draft.at = node.index();
        tell(&mut draft.name, name, rank(Source::Fields) + 1);
        if kind != Kind::Company {
            read_below(view, *node, &mut draft);
        }
    }
    let name = draft.full_name()?;
    draft.organisation = match kind {
        Kind::Company => true,
        Kind::Person => false,
        Kind::Either | Kind::Other => words::is_company(&name) || !looks_personal(&name),
    };
    if view.own.is_some() {
        for node in view.page.nodes().filter(|it| it.parent().is_none()) {
            collect_typed(node, &mut draft, None, &|it| {
                taken(it) || view.is_furniture(it)
            });
        }
        read_icons(view, taken, &mut draft);
        if !draft.organisation {
            read_company_link(view, taken, &name, &mut draft);
        }
    }
    if draft.organisation {
        draft.company = None;
        draft.title = None;
    }
    Some(draft)
}

/// Reads what the site's rule points at.
fn read_hints(view: &View<'_>, draft: &mut Draft) {
    let Some(rule) = view.rule else { return };
    for (field, selectors) in &rule.fields {
        for selector in selectors.iter().filter_map(|it| Selector::parse(it).ok()) {
            let fitting = view
                .page
                .nodes()
                .filter(|it| !it.is_hidden() && !it.is_text());
            for node in fitting.filter(|it| selector.fits(it.tag(), |name| it.attribute(name))) {
                let meaning = match field {
                    Field::Name => Meaning::Name,
                    Field::FirstName => Meaning::FirstName,
                    Field::LastName => Meaning::LastName,
                    Field::Phone => Meaning::Phone(PhoneKind::Phone),
                    Field::Mobile => Meaning::Phone(PhoneKind::Mobile),
                    Field::Fax => Meaning::Phone(PhoneKind::Fax),
                    Field::Email => Meaning::Email,
                    Field::Company => Meaning::Company,
                    Field::JobTitle => Meaning::JobTitle,
                    Field::Id => continue,
                };
                draft.source = Source::Rule;
                read_value(view, meaning, node, Kind::Person, draft);
            }
        }
    }
}

/// Returns the labels of the page that are understood, each with the node of its value.
fn pairs_of<'p>(view: &View<'p>, taken: Taken<'_, 'p>) -> Vec<(Meaning, PageNode<'p>)> {
    let controls: BTreeMap<&str, PageNode<'p>> = view
        .page
        .nodes()
        .filter(|it| is_control(*it) && !it.is_hidden())
        .filter_map(|it| Some((it.attribute("id")?, it)))
        .collect();
    let mut pairs = Vec::new();
    let mut after = 0;
    for node in view.page.nodes() {
        if node.index() < after || node.is_text() || node.is_hidden() {
            continue;
        }
        if view.is_furniture(node) || taken(node) {
            after = node.end();
            continue;
        }
        let Some(meaning) = label_of(node) else {
            continue;
        };
        after = node.end();
        let of_control = node
            .attribute("for")
            .and_then(|it| controls.get(it))
            .copied();
        if let Some(value) = of_control {
            pairs.push((meaning, value));
            continue;
        }
        // A heading over other people's cards is no label of this record.
        let own = |value: &PageNode<'p>| !taken(*value) && !value.descendants().any(taken);
        pairs.extend(
            values_of(node)
                .into_iter()
                .filter(own)
                .map(|value| (meaning, value)),
        );
    }
    pairs
}

/// Returns what an element means that is a label and nothing else.
fn label_of(node: PageNode<'_>) -> Option<Meaning> {
    let unfit = matches!(
        node.tag(),
        "a" | "button"
            | "option"
            | "h1"
            | "h2"
            | "body"
            | "html"
            | "li"
            | "ul"
            | "dl"
            | "i"
            | "svg"
            | "img"
            | "tr"
            | "tbody"
            | "thead"
            | "table"
            | "section"
            | "form"
            | "main"
            | "article"
            | "fieldset"
    ) || is_control(node);
    if unfit
        || node.end() - node.index() > 9
        || matches!(
            node.attribute("role"),
            Some("button" | "tab" | "columnheader" | "option")
        )
    {
        return None;
    }
    if node
        .descendants()
        .any(|it| is_control(it) || matches!(it.tag(), "a" | "button"))
    {
        return None;
    }
    // Two blocks, of which one is empty, are a label and a value that is missing.
    if node
        .children()
        .filter(|it| !it.is_text() && !it.is_hidden() && !is_inline(it.tag()))
        .count()
        > 1
    {
        return None;
    }
    if let Some(label) = node.attribute("field-label") {
        return words::meaning_of(label);
    }
    let text = node.text();
    if text.is_empty() || text.len() > 60 || text.contains('\n') {
        return None;
    }
    words::meaning_of(&text)
}

fn is_control(node: PageNode<'_>) -> bool {
    matches!(node.tag(), "input" | "select" | "textarea")
}

fn has_content(node: PageNode<'_>) -> bool {
    if node.is_hidden() {
        return false;
    }
    !node.own_text().trim().is_empty()
        || node.value().is_some()
        || node
            .descendants()
            .any(|it| !it.is_hidden() && (!it.own_text().trim().is_empty() || it.value().is_some()))
}

/// Returns where the value of a label stands: beside it, or beside what holds nothing but it.
fn values_of(label: PageNode<'_>) -> Vec<PageNode<'_>> {
    if label.tag() == "dt" {
        let following = std::iter::successors(label.next(), |it| it.next());
        return following
            .take_while(|it| it.tag() != "dt")
            .filter(|it| it.tag() == "dd" && has_content(*it))
            .collect();
    }
    let mut holder = label;
    for _ in 0..4 {
        let following = std::iter::successors(holder.next(), |it| it.next());
        for next in following.take(4) {
            if !has_content(next) {
                continue;
            }
            // A label after a label: headers side by side, or a field without a value.
            let heading = matches!(
                next.tag(),
                "th" | "dt" | "label" | "h1" | "h2" | "h3" | "h4"
            ) && next.tag() != "th"
                || (next.tag() == "th" && holder.tag() == "th");
            if heading || label_of(next).is_some() {
                return Vec::new();
            }
            return vec![next];
        }
        if matches!(
            holder.tag(),
            "td" | "th" | "tr" | "dd" | "section" | "form" | "main" | "fieldset"
        ) {
            return Vec::new();
        }
        let Some(parent) = holder.parent() else {
            return Vec::new();
        };
        let first = parent
            .descendants()
            .find(|it| !it.is_hidden() && !it.own_text().trim().is_empty());
        // Climbing is right only while the label is all that was said so far.
        if first.is_none_or(|it| !label.contains(it)) || parent.text() != label.text() {
            return Vec::new();
        }
        holder = parent;
    }
    Vec::new()
}

/// Returns the single value in a node: a control's, else its first line.
fn single_value(node: PageNode<'_>) -> Option<String> {
    let controls: Vec<PageNode<'_>> = std::iter::once(node)
        .chain(node.descendants())
        .filter(|it| is_control(*it) && !it.is_hidden())
        .collect();
    let filled = |it: &&PageNode<'_>| it.value().is_some_and(|value| !words::is_blank(value));
    match controls.as_slice() {
        [] => {}
        [one] => {
            if let Some(value) = Some(one).filter(filled).and_then(|it| it.value()) {
                return Some(value.to_owned());
            }
        }
        _ => return None,
    }
    let text = if node.is_text() {
        node.own_text()
            .trim()
            .trim_start_matches([':', ' '])
            .to_owned()
    } else {
        node.text()
    };
    let line = text.lines().map(str::trim).find(|it| !it.is_empty())?;
    (!words::is_blank(line) && line.chars().count() <= 100).then(|| line.to_owned())
}

fn read_value<'p>(
    view: &View<'p>,
    meaning: Meaning,
    value: PageNode<'p>,
    kind: Kind,
    draft: &mut Draft,
) {
    let trust = rank(if draft.source == Source::Rule {
        Source::Rule
    } else {
        Source::Fields
    });
    match meaning {
        Meaning::Phone(phone) => read_phones(value, phone, draft),
        Meaning::Email => {
            collect_typed(value, draft, None, &|_| false);
            for node in std::iter::once(value)
                .chain(value.descendants())
                .filter(|it| !it.is_hidden())
            {
                for email in emails_in(node.own_text())
                    .into_iter()
                    .chain(node.value().map(emails_in).unwrap_or_default())
                {
                    draft.add_email(email);
                }
            }
        }
        Meaning::Reach => read_numbers(value, None, false, draft),
        Meaning::MainContact | Meaning::Value => {}
        Meaning::Company => read_company(view, value, kind, trust, draft),
        Meaning::Name | Meaning::FirstName | Meaning::LastName | Meaning::JobTitle => {
            let Some(text) = single_value(value) else {
                return;
            };
            if emails_in(&text).len() + usize::from(text::is_surely_phone(&text)) > 0 {
                return;
            }
            match meaning {
                Meaning::Name if can_be_name(&text) => tell(&mut draft.name, &text, trust),
                Meaning::FirstName => draft.first = draft.first.take().or(Some(text)),
                Meaning::LastName => draft.last = draft.last.take().or(Some(text)),
                Meaning::JobTitle if !is_salutation(&text) => tell(&mut draft.title, &text, trust),
                _ => {}
            }
        }
    }
}

fn is_salutation(text: &str) -> bool {
    [
        "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "herr", "frau", "m", "mme", "mlle", "sr",
        "sra", "dott", "sig", "sigra", "dhr", "mevr",
    ]
    .contains(&words::plain(text).as_str())
}

fn read_phones(value: PageNode<'_>, kind: PhoneKind, draft: &mut Draft) {
    let kind = Some(kind).filter(|it| *it != PhoneKind::Phone);
    if value.is_text() {
        if let Some((number, _)) = find_phone(value.own_text()) {
            draft.add_phone(number, kind.unwrap_or_default());
        }
        return;
    }
    for control in std::iter::once(value)
        .chain(value.descendants())
        .filter(|it| it.tag() == "input" && !it.is_hidden())
    {
        if let Some((number, _)) = control.value().and_then(find_phone) {
            draft.add_phone(
                number,
                kind.or_else(|| kind_beside(control)).unwrap_or_default(),
            );
        }
    }
    read_numbers(value, kind, true, draft);
}

/// Reads a company's name, and the title that may stand behind it ("Engines Ltd · Analyst").
fn read_company<'p>(
    view: &View<'p>,
    value: PageNode<'p>,
    kind: Kind,
    trust: u8,
    draft: &mut Draft,
) {
    if kind == Kind::Company {
        if let Some(text) = single_value(value).filter(|it| can_be_name(it)) {
            tell(&mut draft.name, &text, trust + 1);
        }
        return;
    }
    let link = value
        .descendants()
        .chain([value])
        .find(|it| view.record(*it).is_some_and(|it| it.kind != Kind::Other));
    let Some(link) = link else {
        if let Some(text) = single_value(value).filter(|it| can_be_name(it)) {
            tell(&mut draft.company, &text, trust);
        } else if let Some(text) = lines_of(value).first() {
            tell(&mut draft.company, text, trust);
        }
        return;
    };
    tell(&mut draft.company, &link.text(), trust);
    let behind = value
        .descendants()
        .filter(|it| it.index() >= link.end() && !it.is_hidden())
        .map(|it| it.own_text().trim())
        .find(|it| can_be_name(it));
    if let Some(title) = behind {
        tell(&mut draft.title, title, trust + 1);
    }
}

/// Reads form controls that no label explained, by their own names.
fn read_controls<'p>(
    view: &View<'p>,
    taken: Taken<'_, 'p>,
    used: &[PageNode<'p>],
    kind: Kind,
    draft: &mut Draft,
) {
    for node in view
        .page
        .nodes()
        .filter(|it| is_control(*it) && !it.is_hidden())
    {
        let filled = node.value().is_some_and(|it| !it.trim().is_empty());
        let search =
            node.attribute("type") == Some("search") || node.attribute("role") == Some("searchbox");
        if !filled || search || taken(node) || view.is_furniture(node) || used.contains(&node) {
            continue;
        }
        let names = [
            "data-name",
            "name",
            "autocomplete",
            "aria-label",
            "placeholder",
            "id",
            "data-field",
            "data-id",
            "data-testid",
            "data-test-id",
        ];
        let said = names
            .iter()
            .filter_map(|it| node.attribute(it))
            .find_map(|it| words::meaning_of(it).or_else(|| words::meaning_in(it)));
        let said = said.or(match node.attribute("type") {
            Some("tel") => Some(Meaning::Phone(PhoneKind::Phone)),
            Some("email") => Some(Meaning::Email),
            _ => None,
        });
        if let Some(meaning) = said {
            read_value(view, meaning, node, kind, draft);
        }
    }
}

/// Reads numbers that only an icon explains.
fn read_icons<'p>(view: &View<'p>, taken: Taken<'_, 'p>, draft: &mut Draft) {
    for node in view.page.nodes() {
        if node.is_text() || node.is_hidden() || taken(node) || view.is_furniture(node) {
            continue;
        }
        let Some(meaning) = icon_meaning(node) else {
            continue;
        };
        let mut holder = node.parent();
        for _ in 0..2 {
            let Some(parent) = holder else { break };
            let text = parent.text();
            if text.is_empty() {
                holder = parent.parent();
                continue;
            }
            if text.len() > 80 || label_of(parent).is_some() {
                break;
            }
            match meaning {
                Meaning::Phone(kind) => {
                    // Text by text: "0018" and "Work" may stand side by side without a blank.
                    let texts = || {
                        parent
                            .descendants()
                            .filter(|it| it.is_text() && !it.is_hidden())
                            .map(|it| it.own_text().trim())
                    };
                    let said = texts()
                        .find_map(words::kind_in)
                        .filter(|it| *it != PhoneKind::Phone);
                    for (number, around) in texts().filter_map(find_phone) {
                        if around.split_whitespace().count() <= 2 {
                            draft.add_phone(number, said.unwrap_or(kind));
                        }
                    }
                }
                Meaning::Email => emails_in(&text)
                    .into_iter()
                    .for_each(|it| draft.add_email(it)),
                _ => {}
            }
            break;
        }
    }
}

/// Finds where the record's name stands: a heading, the text that the page's title repeats.
fn heading_of<'p>(
    view: &View<'p>,
    kind: Kind,
    taken: Taken<'_, 'p>,
    known: Option<&str>,
) -> Option<(PageNode<'p>, String)> {
    let pieces: Vec<&str> = pieces_of(view.page.title());
    let mut best: Option<(i32, PageNode<'p>, String)> = None;
    for node in view.page.nodes() {
        if node.is_hidden()
            || node.end() - node.index() > 12
            || view.is_furniture(node)
            || taken(node)
        {
            continue;
        }
        let heading = match node.tag() {
            "h1" => 5,
            "h2" | "h3" => 4,
            "h4" | "h5" | "h6" => 3,
            "" => 0,
            _ if node.attribute("role") == Some("heading")
                || node.attribute("itemprop") == Some("name") =>
            {
                4
            }
            _ if node.attribute("class").is_some_and(|it| {
                it.split_ascii_whitespace().any(|it| {
                    matches!(
                        it,
                        "title"
                            | "name"
                            | "fn"
                            | "p-name"
                            | "record-title"
                            | "profile-name"
                            | "page-title"
                    )
                })
            }) =>
            {
                2
            }
            _ => continue,
        };
        let text = if node.is_text() {
            node.own_text().trim().to_owned()
        } else {
            node.text()
        };
        let Some(name) = text
            .lines()
            .map(str::trim)
            .find(|it| can_be_name(it) && !is_initials(it))
        else {
            continue;
        };
        if words::meaning_of(name).is_some() {
            continue;
        }
        let titled = pieces.contains(&name);
        let part = !titled
            && pieces.iter().any(|it| {
                it.chars().count() >= 3
                    && !words::is_interface(it)
                    && name.len() <= 60
                    && name.contains(it)
            });
        let mut score = heading + if titled { 5 } else { 0 } + if part { 3 } else { 0 };
        if name.split(['/', ' ']).any(words::is_interface) {
            score -= 4;
        }
        if known == Some(name) {
            score += 6;
        }
        let personal = looks_personal(name);
        score += match kind {
            Kind::Person if personal => 3,
            Kind::Person if words::is_company(name) => -6,
            Kind::Company if words::is_company(name) => 3,
            Kind::Company if personal => 0,
            Kind::Company => 1,
            _ => 0,
        };
        // A text alone must be told by the title, a heading need not.
        let enough = if heading == 0 { 6 } else { 5 };
        if score >= enough && best.as_ref().is_none_or(|(other, _, _)| score > *other) {
            best = Some((score, node, name.to_owned()));
        }
    }
    best.map(|(_, node, name)| (node, name))
}

/// Takes a page's title apart: "Engines Ltd - Ada Byron".
fn pieces_of(title: &str) -> Vec<&str> {
    let mut pieces = vec![title];
    for separator in [" - ", " | ", " · ", " • ", " – ", " — ", " :: ", " » "] {
        pieces = pieces
            .into_iter()
            .flat_map(|it| it.split(separator))
            .collect();
    }
    pieces.into_iter().map(str::trim).collect()
}

/// Reads the line below the name: a job title, or "title at company".
fn read_below<'p>(view: &View<'p>, heading: PageNode<'p>, draft: &mut Draft) {
    let mut holder = heading;
    for _ in 0..2 {
        if let Some(next) =
            std::iter::successors(holder.next(), |it| it.next()).find(|it| has_content(*it))
        {
            let text = next.text();
            let line = text.lines().next().unwrap_or("");
            if text.lines().count() > 1 || words::meaning_of(line).is_some() || line.contains(':') {
                return;
            }
            if let Some((title, company)) = title_at_company(line) {
                tell(&mut draft.title, title, rank(Source::Links));
                tell(&mut draft.company, company, rank(Source::Links));
            } else if can_be_name(line)
                && text::count_digits(line) == 0
                && line.chars().count() <= 60
                && next
                    .descendants()
                    .all(|it| !is_control(it) && it.tag() != "button" && view.record(it).is_none())
                && next.tag() != "button"
            {
                tell(&mut draft.title, line, rank(Source::Links));
            }
            return;
        }
        let Some(parent) = holder.parent() else {
            return;
        };
        holder = parent;
    }
}

/// Takes the company from the link to its record, where no field names it.
fn read_company_link<'p>(view: &View<'p>, taken: Taken<'_, 'p>, name: &str, draft: &mut Draft) {
    if draft.company.is_some() {
        return;
    }
    let found = view.page.nodes().find_map(|node| {
        if node.tag() != "a" || node.is_hidden() || taken(node) || view.is_furniture(node) {
            return None;
        }
        let record = view
            .record(node)
            .filter(|it| it.kind == Kind::Company && !it.part)?;
        let text = lines_of(node).into_iter().next().filter(|it| it != name)?;
        Some((node, record.clone(), text))
    });
    if let Some((node, _, company)) = found {
        tell(&mut draft.company, &company, rank(Source::Links));
        let around = node
            .ancestors()
            .take(3)
            .find_map(|it| title_at_company(&it.text()).map(|(title, _)| title.to_owned()));
        if let Some(title) = around.filter(|it| can_be_name(it)) {
            tell(&mut draft.title, &title, rank(Source::Links));
        }
    }
}

/// Returns the name of the company that the page is a part of: the list of its people.
pub(crate) fn context_company(view: &View<'_>) -> Option<String> {
    let own = view
        .own
        .as_ref()
        .filter(|it| it.part && it.kind == Kind::Company)?;
    let _ = own;
    heading_of(view, Kind::Company, &|_| false, None).map(|(_, name)| name)
}
