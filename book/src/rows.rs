//! Log rows as table rows: cloned from the page's templates, filled with text, never with HTML.

use anyhow::{Context as _, Result, anyhow};
use switchboard::protocol::book::LogRow;
use switchboard::protocol::stored::{Direction, LogKind, LogState, Millis};
use switchboard::view::notice::FAILED_UNKNOWN;
use switchboard::view::outcome::Outcome;
use switchboard::view::person::{Person, web_link};
use switchboard::view::{duration, iso_duration};
use switchboard_ui::language::{day, full_date, iso, time};
use switchboard_ui::{Part as _, by_id};
use switchboard_webext::text;
use wasm_bindgen::JsCast as _;
use web_sys::{DocumentFragment, Element, HtmlTemplateElement};

/// The templates of `book.html`.
#[derive(Debug)]
pub(crate) struct Templates {
    day: HtmlTemplateElement,
    row: HtmlTemplateElement,
}

impl Templates {
    pub(crate) fn find() -> Result<Self> {
        Ok(Self {
            day: by_id("day")?,
            row: by_id("row")?,
        })
    }

    /// Returns the heading of a day, which takes the day's rows in.
    pub(crate) fn day(&self, at: Millis, now: Millis) -> Result<Element> {
        let group: Element = clone_of(&self.day)?.part("tbody")?;
        let name = day(at).name_key(day(now)).map(text).unwrap_or_default();
        group
            .part::<Element>(".day-name")?
            .set_text_content(Some(&name));
        group
            .part::<Element>(".day-date")?
            .set_text_content(Some(&full_date(at)));
        Ok(group)
    }

    /// Returns one entry.
    pub(crate) fn row(&self, row: &LogRow, now: Millis) -> Result<Element> {
        let element: Element = clone_of(&self.row)?.part("tr")?;
        put(&element, "data-key", &row.key)?;
        let outcome = Outcome::of(row, now);
        if let Some(outcome) = &outcome {
            put(&element, "data-tone", outcome.tone().name())?;
        }
        fill_times(&element, row)?;
        fill_kind(&element, row)?;
        fill_person(&element, row)?;
        let result = match outcome {
            Some(outcome) => outcome.key().map_or_else(
                || match &outcome {
                    Outcome::Said(word) => word.clone(),
                    _ => String::new(),
                },
                text,
            ),
            None => text(kind_key(row)),
        };
        element
            .part::<Element>(".result")?
            .set_text_content(Some(&result));
        let note: Element = element.part(".note .text")?;
        note.set_text_content(Some(row.note.trim()));
        put(&note, "title", row.note.trim())?;
        element
            .part::<Element>(".failed")?
            .set_text_content(Some(&failure(&row.state)));
        let recording: Element = element.part(".listen")?;
        match web_link(row.recording.as_deref()) {
            Some(address) => put(&recording, "href", address)?,
            None => recording.remove(),
        }
        Ok(element)
    }
}

fn fill_times(element: &Element, row: &LogRow) -> Result<()> {
    let began: Element = element.part(".time time")?;
    began.set_text_content(Some(&time(row.started_at)));
    put(&began, "datetime", &iso(row.started_at))?;
    let lasted: Element = element.part(".duration time")?;
    if let Some(seconds) = row.duration_s.filter(|it| *it > 0) {
        lasted.set_text_content(Some(&duration(seconds)));
        put(&lasted, "datetime", &iso_duration(seconds))?;
    } else {
        lasted.remove();
    }
    Ok(())
}

fn fill_kind(element: &Element, row: &LogRow) -> Result<()> {
    let (icon, key) = match (row.kind, row.direction) {
        (LogKind::Call, Direction::Inbound) => ("#icon-inbound", "direction_inbound"),
        (LogKind::Call, Direction::Outbound) => ("#icon-outbound", "direction_outbound"),
        (LogKind::Messages, _) => ("#icon-messages", kind_key(row)),
        (LogKind::Meeting, _) => ("#icon-meeting", kind_key(row)),
    };
    put(&element.part(".kind")?, "aria-label", &text(key))?;
    put(&element.part(".kind use")?, "href", icon)
}

fn fill_person(element: &Element, row: &LogRow) -> Result<()> {
    let person = Person::of(row);
    put(
        element,
        "data-known",
        if person.is_known() { "true" } else { "false" },
    )?;
    let link: Element = element.part("a.name")?;
    let plain: Element = element.part("span.name")?;
    let shown = person
        .shown()
        .map_or_else(|| text("person_nobody"), str::to_owned);
    if let Some(address) = web_link(row.contact_url.as_deref()).filter(|_| person.is_known()) {
        put(&link, "href", address)?;
        link.set_text_content(Some(&shown));
        plain.remove();
    } else {
        plain.set_text_content(Some(&shown));
        link.remove();
    }
    let number = Some(row.number.trim())
        .filter(|_| !matches!(person, Person::Number(_)))
        .filter(|it| !it.is_empty());
    let under: Vec<&str> = number
        .into_iter()
        .chain(row.sites.iter().map(String::as_str))
        .collect();
    element
        .part::<Element>(".under")?
        .set_text_content(Some(&under.join(" · ")));
    Ok(())
}

fn kind_key(row: &LogRow) -> &'static str {
    match row.kind {
        LogKind::Call => "kind_call",
        LogKind::Messages => "kind_messages",
        LogKind::Meeting => "kind_meeting",
    }
}

fn failure(state: &LogState) -> String {
    match state {
        LogState::Failed(key) => {
            let said = text(key);
            if said.is_empty() {
                text(FAILED_UNKNOWN)
            } else {
                said
            }
        }
        _ => String::new(),
    }
}

fn clone_of(template: &HtmlTemplateElement) -> Result<DocumentFragment> {
    template
        .content()
        .clone_node_with_deep(true)
        .ok()
        .and_then(|it| it.dyn_into().ok())
        .context("copying a template")
}

fn put(element: &Element, name: &'static str, value: &str) -> Result<()> {
    element
        .set_attribute(name, value)
        .map_err(|_| anyhow!("setting {name}"))
}
