//! Log rows as table rows: cloned from the page's templates, filled with text, never with HTML.

use anyhow::Result;
use switchboard::protocol::book::LogRow;
use switchboard::protocol::stored::{LogKind, LogState, Millis};
use switchboard::view::notice::FAILED_UNKNOWN;
use switchboard::view::outcome::Outcome;
use switchboard::view::person::{Person, web_link};
use switchboard::view::route::Route;
use switchboard::view::{duration, entry, iso_duration};
use switchboard_ui::language::{counted, day, full_date, iso, time};
use switchboard_ui::{Part as _, by_id};
use switchboard_webext::text;
use web_sys::{Element, HtmlTemplateElement};

use crate::shell::{copy, put, write};

/// The templates of the log's rows.
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
        let group = copy(&self.day)?;
        let name = day(at).name_key(day(now)).map(text).unwrap_or_default();
        write(&group, ".day-name", &name)?;
        write(&group, ".day-date", &full_date(at))?;
        Ok(group)
    }

    /// Returns one entry.
    pub(crate) fn row(&self, row: &LogRow, now: Millis) -> Result<Element> {
        let element = copy(&self.row)?;
        put(&element, "data-key", &row.key)?;
        fill_facts(&element, row, now)?;
        let name: Element = element.part("a.name")?;
        put(&name, "href", &Route::Entry(row.key.clone()).fragment())?;
        let pick: Element = element.part(".pick input")?;
        put(&pick, "aria-label", &text("pick_one"))?;
        let said = if row.outcome.is_empty() {
            String::new()
        } else {
            text(entry::said_key(&row.outcome))
        };
        write(&element, ".outcome .said", &said)?;
        let subject = entry::subject(row).unwrap_or_default();
        write(&element, ".note .subject", subject)?;
        let note: Element = element.part(".note .text")?;
        note.set_text_content(Some(row.note.trim()));
        put(&note, "title", row.note.trim())?;
        write(&element, ".note .preview", row.preview.trim())?;
        write(&element, ".failed", &standing(&row.state))?;
        let standing = entry::standing(&row.state);
        if standing == entry::Standing::Draft {
            put(&element, "data-standing", "draft")?;
        }
        if !matches!(standing, entry::Standing::Failed(_)) {
            element.part::<Element>(".again")?.remove();
        }
        let recording: Element = element.part(".listen")?;
        match web_link(row.recording.as_deref()) {
            Some(address) => put(&recording, "href", address)?,
            None => recording.remove(),
        }
        Ok(element)
    }
}

/// Fills what every row of an entry shows: when, what, with whom, how it went, how long.
pub(crate) fn fill_facts(element: &Element, row: &LogRow, now: Millis) -> Result<()> {
    if let Some(outcome) = Outcome::of(row, now) {
        put(element, "data-tone", outcome.tone().name())?;
    }
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
    let sort = entry::sort(row);
    put(&element.part(".kind")?, "aria-label", &text(sort.key))?;
    put(&element.part(".kind use")?, "href", sort.icon)?;
    let known = Person::of(row).is_known();
    put(element, "data-known", if known { "true" } else { "false" })?;
    write(element, ".name", &name(row))?;
    write(element, ".under", &under(row).join(" · "))?;
    write(element, ".result", &result(row, now))?;
    Ok(())
}

/// Returns when an entry began: "Today, 14:03".
pub(crate) fn when(at: Millis, now: Millis) -> String {
    let named = day(at).name_key(day(now)).map(text);
    format!("{}, {}", named.unwrap_or_else(|| full_date(at)), time(at))
}

/// Returns what to call an entry.
pub(crate) fn name(row: &LogRow) -> String {
    entry::name(row).map_or_else(|| text("person_nobody"), str::to_owned)
}

/// Returns the number, where it is not the name, and the sites.
fn under(row: &LogRow) -> Vec<&str> {
    Some(row.number.trim())
        .filter(|it| !it.is_empty() && entry::name(row) != Some(*it))
        .into_iter()
        .chain(row.sites.iter().map(String::as_str))
        .collect()
}

/// Returns how an entry went, in a word or two.
pub(crate) fn result(row: &LogRow, now: Millis) -> String {
    match Outcome::of(row, now) {
        Some(Outcome::Said(word)) => word,
        Some(outcome) => outcome.key().map(text).unwrap_or_default(),
        None if entry::is_conversation(row) && row.message_count > 0 => {
            counted("messages_count", row.message_count)
        }
        None if row.state == LogState::Planned => text("meeting_planned"),
        None if row.kind == LogKind::Meeting => text("kind_meeting"),
        None => text(entry::sort(row).key),
    }
}

/// Returns what is to be said of an entry's state; empty if it is as it should be.
pub(crate) fn standing(state: &LogState) -> String {
    match entry::standing(state) {
        entry::Standing::Failed(cause) => {
            let said = text(cause);
            if said.is_empty() {
                text(FAILED_UNKNOWN)
            } else {
                said
            }
        }
        entry::Standing::Draft => text("entry_draft"),
        entry::Standing::Fine | entry::Standing::Planned => String::new(),
    }
}
