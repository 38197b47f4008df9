//! Events that a page states in markup made for machines: microdata of schema.org, hCalendar and h-event.

use switchboard_rules::pieces::{contains, is_one_of, joined, pieces};

use super::snapshot::{PageNode, Snapshot};
use crate::address::Address;
use crate::protocol::page::PageEvent;

/// The most events of a page.
const MOST: usize = 100;

/// The most characters of a title, a place or a time.
const LONGEST: usize = 300;

/// The properties of an event in microdata, in hCalendar and in h-event, in the order of [`PageEvent`].
const PROPERTIES: [(&str, &str); 5] = [
    ("name", "summary p-name"),
    ("startDate", "dtstart dt-start"),
    ("endDate", "dtend dt-end"),
    ("location", "location p-location"),
    ("url", "url u-url"),
];

/// How an event is marked up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Microdata,
    Classes,
}

/// Returns the events of a page, in its order, those that have a title and a date.
pub(crate) fn read(page: &Snapshot) -> Vec<PageEvent> {
    let address = Address::parse(page.url());
    let mut events = Vec::new();
    for root in page.nodes() {
        let Some(form) = form_of(root).filter(|_| !root.is_hidden()) else {
            continue;
        };
        if let Some(event) = read_event(root, form, address.as_ref()) {
            events.push(event);
            if events.len() == MOST {
                break;
            }
        }
    }
    events
}

fn form_of(node: PageNode<'_>) -> Option<Form> {
    if let Some(kind) = node.attribute("itemtype") {
        return pieces(kind, " \t\n")
            .any(is_event)
            .then_some(Form::Microdata);
    }
    let class = node.attribute("class")?;
    // Most classes say nothing of events.
    let event = contains(class, "event") && has_class(node, "vevent h-event");
    event.then_some(Form::Classes)
}

/// Returns whether a type is schema.org's Event or one of its kinds.
fn is_event(kind: &str) -> bool {
    const OTHERS: &str = "Festival Hackathon CourseInstance EventSeries";
    let name = pieces(kind, "/#").last().unwrap_or("");
    contains(kind, "schema.org/") && (name.ends_with("Event") || is_one_of(name, OTHERS))
}

fn has_class(node: PageNode<'_>, names: &'static str) -> bool {
    node.attribute("class")
        .is_some_and(|it| pieces(it, " \t\n").any(|it| is_one_of(it, names)))
}

fn read_event(root: PageNode<'_>, form: Form, address: Option<&Address<'_>>) -> Option<PageEvent> {
    let mut told: [Option<String>; 5] = Default::default();
    let mut inner = root.index();
    for node in root.descendants() {
        // What stands in a thing inside the event is said of that thing.
        if node.index() < inner || node.is_text() {
            continue;
        }
        for (slot, (property, classes)) in told.iter_mut().zip(PROPERTIES) {
            let says = match form {
                Form::Microdata => node
                    .attribute("itemprop")
                    .is_some_and(|it| pieces(it, " \t\n").any(|it| it == property)),
                Form::Classes => has_class(node, classes),
            };
            if says && slot.is_none() {
                let value = match property {
                    "url" => node
                        .attribute("href")
                        .and_then(|it| address?.join(it))
                        .unwrap_or_default(),
                    "location" => place_of(node),
                    _ => value_of(node),
                };
                *slot = Some(value).filter(|it| !it.is_empty());
            }
        }
        if is_thing(node, form) {
            inner = node.end();
        }
    }
    let [title, starts, ends, location, url] = told;
    let starts = starts.filter(|it| is_date(it))?;
    Some(PageEvent {
        title: title?,
        starts,
        ends: ends.filter(|it| is_date(it)).unwrap_or_default(),
        location: location.unwrap_or_default(),
        url: url.unwrap_or_default(),
    })
}

fn is_thing(node: PageNode<'_>, form: Form) -> bool {
    match form {
        Form::Microdata => node.attribute("itemscope").is_some(),
        Form::Classes => form_of(node).is_some(),
    }
}

/// Returns what an element states: for machines where it does, else for readers.
fn value_of(node: PageNode<'_>) -> String {
    let title = node.attribute("title").filter(|_| node.tag() == "abbr");
    let said = node
        .attribute("content")
        .or_else(|| node.attribute("datetime"))
        .or(title);
    match said {
        Some(said) => cut_short(said.trim()),
        // "value" inside: the class of hCalendar for the part that is meant.
        None => match node.descendants().find(|it| has_class(*it, "value")) {
            Some(part) => value_of(part),
            None => one_line(node),
        },
    }
}

/// Returns where an event is: a place's text, or the address of a room in the net.
fn place_of(node: PageNode<'_>) -> String {
    let said = value_of(node);
    if !said.is_empty() {
        return said;
    }
    let mut links = node
        .subtree()
        .filter_map(|it| it.attribute("href").or(it.attribute("content")));
    links.next().map(cut_short).unwrap_or_default()
}

fn one_line(node: PageNode<'_>) -> String {
    let mut line = String::new();
    for part in pieces(&node.text(), "\n") {
        let comma = if line.is_empty() { "" } else { ", " };
        line = joined(&[&line, comma, part]);
    }
    cut_short(&line)
}

fn cut_short(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// Returns whether a text begins as dates of ISO 8601 do.
fn is_date(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits == 8 || (digits == 4 && text.as_bytes().get(4) == Some(&b'-'))
}
