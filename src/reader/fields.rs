//! The page of one record: labels and their values, form controls, icons, the heading.

use switchboard_rules::Field;
use switchboard_rules::pieces::{contains, cut, is_one_of, pieces, trim_start};
use switchboard_rules::selector::Selector;

use super::draft::{Draft, rank, tell};
use super::index::{Index, hash};
use super::link::{Kind, RecordLink};
use super::picture;
use super::refusal;
use super::snapshot::{PageNode, is};
use super::table::{first_line, lines_of, read_numbers};
use super::text::{
    self, can_be_name, emails_in, find_phone, is_initials, looks_personal, title_at_company,
};
use super::view::{Marks, View, collect_typed, icon_meaning, kind_beside};
use super::words::{self, Meaning};
use crate::protocol::page::{PhoneKind, Source};

/// Reads the record that the page is about; `kind` is what its address says of it, `taken` what belongs to others already.
pub(crate) fn read(view: &View<'_>, kind: Kind, taken: &Marks) -> Option<Draft> {
    let skip = &taken.with(&view.furniture);
    let mut draft = Draft::new(0, Source::Fields);
    draft.link.clone_from(&view.own);
    read_hints(view, &mut draft);
    let mut used = Marks::new(view.page);
    for (meaning, value) in pairs_of(view, taken, skip) {
        read_value(view, meaning, value, kind, &mut draft);
        if is_control(value) {
            used.mark(value);
        }
    }
    read_controls(view, skip, &used, kind, &mut draft);
    let heading = heading_of(view, kind, skip, draft.full_name().as_deref());
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
    if let Some((node, heading)) = &heading
        && *heading == name
    {
        draft.avatar = picture::beside_heading(view, *node, skip, &draft);
    }
    if view.own.is_some() {
        for node in view.page.nodes().filter(|it| it.parent().is_none()) {
            collect_typed(node, &mut draft, None, skip);
        }
        read_icons(view, skip, &mut draft);
        draft.refuses = view
            .refusals_outside(skip)
            .any(|it| refusal::holds(view, it, None));
        if !draft.organisation {
            read_company_link(view, skip, &name, &mut draft);
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
    for (field, selectors) in &rule.fields.0 {
        for selector in selectors.iter().filter_map(|it| Selector::parse(it).ok()) {
            for node in view.page.nodes() {
                if node.is_hidden()
                    || node.is_text()
                    || !selector.fits(node.tag(), |name| node.attribute(name))
                {
                    continue;
                }
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
fn pairs_of<'p>(view: &View<'p>, taken: &Marks, skip: &Marks) -> Vec<(Meaning, PageNode<'p>)> {
    let mut controls = Index::default();
    for node in view.page.nodes() {
        if is_control(node)
            && !node.is_hidden()
            && let Some(id) = node.attribute("id")
        {
            controls.add(hash(&[id]), node.index());
        }
    }
    let mut pairs = Vec::new();
    let mut after = 0;
    for node in view.page.nodes() {
        if node.index() < after || node.is_text() || node.is_hidden() {
            continue;
        }
        if skip.has(node) {
            after = node.end();
            continue;
        }
        let Some(meaning) = label_of(node) else {
            continue;
        };
        after = node.end();
        let of_control = node.attribute("for").and_then(|id| {
            controls.find(hash(&[id]), &mut |at| {
                view.page.at(at).attribute("id") == Some(id)
            })
        });
        if let Some(value) = of_control {
            pairs.push((meaning, view.page.at(value)));
            continue;
        }
        for value in values_of(node) {
            // A heading over other people's cards is no label of this record.
            if !value.subtree().any(|it| taken.has(it)) {
                pairs.push((meaning, value));
            }
        }
    }
    pairs
}

/// Returns what an element means that is a label and nothing else.
fn label_of(node: PageNode<'_>) -> Option<Meaning> {
    if node.is(is::NO_LABEL)
        || node.size() > 9
        || node
            .attribute("role")
            .is_some_and(|it| is_one_of(it, "button tab columnheader option"))
    {
        return None;
    }
    let acts = |it: PageNode<'_>| is_control(it) || matches!(it.tag(), "a" | "button");
    if node.descendants().any(acts) {
        return None;
    }
    // Two blocks, of which one is empty, are a label and a value that is missing.
    let block = |it: &PageNode<'_>| !it.is_text() && !it.is_hidden() && !it.is(is::INLINE);
    if node.children().filter(block).count() > 1 {
        return None;
    }
    if let Some(label) = node.attribute("field-label") {
        return words::meaning_of(label);
    }
    let text = node.text();
    if contains(&text, "\n") {
        return None;
    }
    words::meaning_of(&text)
}

fn is_control(node: PageNode<'_>) -> bool {
    node.is(is::CONTROL)
}

fn has_content(node: PageNode<'_>) -> bool {
    let filled = |it: PageNode<'_>| !it.is_hidden() && (it.is_written() || it.value().is_some());
    !node.is_hidden() && node.subtree().any(filled)
}

/// Returns where the value of a label stands: beside it, or beside what holds nothing but it.
fn values_of(label: PageNode<'_>) -> Vec<PageNode<'_>> {
    if label.tag() == "dt" {
        let mut values = Vec::new();
        for next in label.following() {
            if next.tag() == "dt" {
                break;
            }
            if next.tag() == "dd" && has_content(next) {
                values.push(next);
            }
        }
        return values;
    }
    let mut holder = label;
    for _ in 0..4 {
        if let Some(next) = holder.following().take(4).find(|it| has_content(*it)) {
            // A label after a label: headers side by side, or a field without a value.
            let heading = match next.tag() {
                "dt" | "label" | "h1" | "h2" | "h3" | "h4" => true,
                "th" => holder.tag() == "th",
                _ => false,
            };
            if heading || label_of(next).is_some() {
                return Vec::new();
            }
            return vec![next];
        }
        if holder.is(is::VALUE_ENDS) {
            return Vec::new();
        }
        let Some(parent) = holder.parent() else {
            return Vec::new();
        };
        let mut written = parent.descendants().filter(|it| it.is_written());
        let first = written.find(|it| !it.is_hidden());
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
    let mut controls = node
        .subtree()
        .filter(|it| is_control(*it) && !it.is_hidden());
    if let Some(control) = controls.next() {
        if controls.next().is_some() {
            return None;
        }
        if let Some(value) = control.value().filter(|it| !words::is_blank(it)) {
            return Some(value.to_owned());
        }
    }
    let text = if node.is_text() {
        trim_start(node.own_text().trim(), ": ").to_owned()
    } else {
        node.text()
    };
    let line = text::lines(&text).next()?;
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
            collect_typed(value, draft, None, &Marks::default());
            for node in value.subtree().filter(|it| !it.is_hidden()) {
                for text in [node.own_text(), node.value().unwrap_or("")] {
                    for email in emails_in(text) {
                        draft.add_email(email);
                    }
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
            if !emails_in(&text).is_empty() || text::is_surely_phone(&text) {
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
    const ALL: &str =
        "mr mrs ms miss mx dr prof herr frau m mme mlle sr sra dott sig sigra dhr mevr";
    is_one_of(&words::plain(text), ALL)
}

fn read_phones(value: PageNode<'_>, kind: PhoneKind, draft: &mut Draft) {
    let kind = Some(kind).filter(|it| *it != PhoneKind::Phone);
    if value.is_text() {
        if let Some(found) = find_phone(value.own_text()) {
            draft.add_phone(found.number, kind.unwrap_or_default());
        }
        return;
    }
    for control in value.subtree() {
        if control.tag() != "input" || control.is_hidden() {
            continue;
        }
        if let Some(found) = control.value().and_then(find_phone) {
            let kind = kind.or_else(|| kind_beside(control));
            draft.add_phone(found.number, kind.unwrap_or_default());
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
fn read_controls(view: &View<'_>, skip: &Marks, used: &Marks, kind: Kind, draft: &mut Draft) {
    for node in view
        .page
        .nodes()
        .filter(|it| is_control(*it) && !it.is_hidden())
    {
        let filled = node.value().is_some_and(|it| !it.trim().is_empty());
        let search =
            node.attribute("type") == Some("search") || node.attribute("role") == Some("searchbox");
        if !filled || search || skip.has(node) || used.has(node) {
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
fn read_icons(view: &View<'_>, skip: &Marks, draft: &mut Draft) {
    for node in view.page.nodes() {
        if node.is_text() || node.is_hidden() || skip.has(node) {
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
                    let texts = || parent.descendants().filter(|it| !it.is_hidden());
                    let said = texts()
                        .find_map(|it| words::kind_in(it.own_text()))
                        .filter(|it| *it != PhoneKind::Phone);
                    for found in texts().filter_map(|it| find_phone(it.own_text())) {
                        if text::split(&found.around(), char::is_whitespace).count() <= 2 {
                            draft.add_phone(found.number, said.unwrap_or(kind));
                        }
                    }
                }
                Meaning::Email => {
                    for email in emails_in(&text) {
                        draft.add_email(email);
                    }
                }
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
    skip: &Marks,
    known: Option<&str>,
) -> Option<(PageNode<'p>, String)> {
    let told = title_parts(view.page.title());
    let mut best: Option<(i32, PageNode<'p>, String)> = None;
    for node in view.page.nodes() {
        if node.is_hidden() || node.size() > 12 || skip.has(node) {
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
            _ if node.attribute("class").is_some_and(names_heading) => 2,
            _ => continue,
        };
        // A text alone must be told by the title, or be the name that is known.
        let hint = |it: &str| !it.is_empty() && contains(node.own_text(), it);
        if heading == 0 && !told.iter().any(|it| hint(it)) && !known.is_some_and(hint) {
            continue;
        }
        let inside = node.text();
        let text = if node.is_text() {
            node.own_text()
        } else {
            &inside
        };
        let Some(name) = text::lines(text).find(|it| can_be_name(it) && !is_initials(it)) else {
            continue;
        };
        if words::meaning_of(name).is_some() {
            continue;
        }
        let titled = told.contains(&name);
        let part = !titled
            && told.iter().any(|it| {
                it.chars().count() >= 3
                    && !words::is_interface(it)
                    && name.len() <= 60
                    && contains(name, it)
            });
        let mut score = heading + if titled { 5 } else { 0 } + if part { 3 } else { 0 };
        if pieces(name, "/ ").any(words::is_interface) {
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
fn title_parts(title: &str) -> Vec<&str> {
    const SEPARATORS: &[&str] = &[" - ", " | ", " · ", " • ", " – ", " — ", " :: ", " » "];
    let mut parts = Vec::new();
    let mut rest = title;
    loop {
        let cuts = SEPARATORS.iter().filter_map(|it| cut(rest, it));
        let Some((piece, behind)) = cuts.min_by_key(|(piece, _)| piece.len()) else {
            parts.push(rest.trim());
            return parts;
        };
        parts.push(piece.trim());
        rest = behind;
    }
}

/// Returns whether a class says that an element is a heading.
fn names_heading(classes: &str) -> bool {
    const HEADINGS: &str = "title name fn p-name record-title profile-name page-title";
    pieces(classes, " \t\n\r\u{c}").any(|it| is_one_of(it, HEADINGS))
}

/// Reads the line below the name: a job title, or "title at company".
fn read_below<'p>(view: &View<'p>, heading: PageNode<'p>, draft: &mut Draft) {
    let mut holder = heading;
    for _ in 0..2 {
        let told = |it: &PageNode<'_>| has_content(*it) && words::refusal_of(&it.text()).is_none();
        if let Some(next) = holder.following().find(told) {
            let text = next.text();
            let line = text.as_str();
            if contains(line, "\n") || words::meaning_of(line).is_some() || contains(line, ":") {
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
fn read_company_link(view: &View<'_>, skip: &Marks, name: &str, draft: &mut Draft) {
    if draft.company.is_some() {
        return;
    }
    for node in view.page.nodes() {
        let company = |it: &RecordLink| it.kind == Kind::Company && !it.part;
        if node.is_hidden() || skip.has(node) || !view.record(node).is_some_and(company) {
            continue;
        }
        let Some(company) = first_line(node).filter(|it| it != name) else {
            continue;
        };
        tell(&mut draft.company, &company, rank(Source::Links));
        for around in node.ancestors().take(3) {
            let text = around.text();
            if let Some((title, _)) = title_at_company(&text) {
                if can_be_name(title) {
                    tell(&mut draft.title, title, rank(Source::Links));
                }
                break;
            }
        }
        return;
    }
}

/// Returns the name of the company that the page is a part of: the list of its people.
pub(crate) fn context_company(view: &View<'_>) -> Option<String> {
    let own = view.own.as_ref()?;
    if !own.part || own.kind != Kind::Company {
        return None;
    }
    heading_of(view, Kind::Company, &view.furniture, None).map(|(_, name)| name)
}
