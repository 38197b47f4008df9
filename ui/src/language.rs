//! Texts, counts and times in the user's language.

use anyhow::{Context as _, Result};
use js_sys::Intl::{
    DateTimeFormatOptions, DayFormat, DisplayNames, DisplayNamesOptions, DisplayNamesType,
    MonthFormat, NumericFormat, PluralRules, WeekdayFormat, YearFormat,
};
use js_sys::{Array, Date};
use switchboard::protocol::stored::Millis;
use switchboard::view::day::Day;
use switchboard::view::plural_key;
use switchboard_webext::{text, text_with, ui_language};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Document, Element, HtmlTemplateElement, NodeList};

/// Where a text goes, by the attribute that names its key.
const PLACES: [(&str, Option<&str>); 4] = [
    ("data-i18n", None),
    ("data-i18n-title", Some("title")),
    ("data-i18n-label", Some("aria-label")),
    ("data-i18n-placeholder", Some("placeholder")),
];

/// Puts the user's language into a page: into every element that names a message key, in templates too.
pub fn translate(document: &Document) -> Result<()> {
    if let Some(root) = document.document_element() {
        set(&root, "lang", &ui_language())?;
        set(&root, "dir", &text("@@bidi_dir"))?;
    }
    let templates = document.query_selector_all("template");
    for (attribute, into) in PLACES {
        let selector = format!("[{attribute}]");
        let found = document.query_selector_all(&selector);
        fill(found.ok(), attribute, into)?;
        for template in elements(templates.clone().ok()) {
            if let Some(template) = template.dyn_ref::<HtmlTemplateElement>() {
                let found = template.content().query_selector_all(&selector);
                fill(found.ok(), attribute, into)?;
            }
        }
    }
    Ok(())
}

fn fill(found: Option<NodeList>, attribute: &str, into: Option<&str>) -> Result<()> {
    for element in elements(found) {
        let text = text(&element.get_attribute(attribute).unwrap_or_default());
        // A text that is missing leaves what the page says.
        match into {
            _ if text.is_empty() => {}
            Some(name) => set(&element, name, &text)?,
            None => element.set_text_content(Some(&text)),
        }
    }
    Ok(())
}

fn elements(list: Option<NodeList>) -> impl Iterator<Item = Element> {
    let length = list.as_ref().map_or(0, NodeList::length);
    (0..length).filter_map(move |at| list.as_ref()?.item(at)?.dyn_into().ok())
}

fn set(element: &Element, name: &str, value: &str) -> Result<()> {
    element
        .set_attribute(name, value)
        .ok()
        .context("setting an attribute")
}

/// Returns a text with a number in it, in the form that the language wants for that number.
pub fn counted(base: &str, count: u32) -> String {
    let locales = Array::of1(&JsValue::from_str(&ui_language()));
    let rules = PluralRules::new(&locales, &js_sys::Object::new());
    let category = String::from(rules.select(f64::from(count)));
    let shown = number(count);
    let text = text_with(&plural_key(base, &category), &[&shown]);
    if text.is_empty() {
        text_with(&plural_key(base, "other"), &[&shown])
    } else {
        text
    }
}

/// Returns a number with the separators of the language.
pub fn number(count: u32) -> String {
    String::from(js_sys::Number::from(count).to_locale_string(&ui_language()))
}

/// Returns the time of day ("14:03").
pub fn time(at: Millis) -> String {
    let options = DateTimeFormatOptions::new();
    options.set_hour(NumericFormat::Numeric);
    options.set_minute(NumericFormat::TwoDigit);
    String::from(date(at).to_locale_time_string_with_options(&locale(), &options))
}

/// Returns the date in full ("Friday, 20 November 2026").
pub fn full_date(at: Millis) -> String {
    let options = DateTimeFormatOptions::new();
    options.set_weekday(WeekdayFormat::Long);
    options.set_day(DayFormat::Numeric);
    options.set_month(MonthFormat::Long);
    options.set_year(YearFormat::Numeric);
    String::from(date(at).to_locale_date_string(&locale(), &options))
}

/// Returns the moment for the `datetime` attribute of `<time>`.
pub fn iso(at: Millis) -> String {
    String::from(date(at).to_iso_string())
}

/// Returns the day of the user's calendar that a moment falls on.
#[expect(
    clippy::cast_possible_truncation,
    reason = "offsets are whole minutes, at most 14 hours"
)]
pub fn day(at: Millis) -> Day {
    Day::of(at, date(at).get_timezone_offset() as i32)
}

/// The names of countries in the user's language.
#[derive(Debug)]
pub struct Countries(DisplayNames);

impl Countries {
    /// Asks the browser for them.
    pub fn new() -> Self {
        let locales = Array::of1(&JsValue::from_str(&ui_language()));
        let options = DisplayNamesOptions::new();
        options.set_type(DisplayNamesType::Region);
        Self(DisplayNames::new(&locales, &options))
    }

    /// Returns the name of a country; its code if it has no name.
    pub fn name(&self, code: &str) -> String {
        self.0
            .of(code)
            .map_or_else(|| code.to_owned(), String::from)
    }
}

impl Default for Countries {
    fn default() -> Self {
        Self::new()
    }
}

/// Sorts by the alphabet of the user's language.
pub fn sort_by_name<T>(items: &mut [(String, T)]) {
    let language = ui_language();
    items.sort_by(|(a, _), (b, _)| {
        js_sys::JsString::from(a.as_str())
            .locale_compare(
                b,
                &Array::of1(&JsValue::from_str(&language)),
                &js_sys::Object::new(),
            )
            .cmp(&0)
    });
}

/// Times follow the user's regional settings, where the browser tells them, and not the language of the texts.
fn locale() -> String {
    web_sys::window()
        .and_then(|it| it.navigator().language())
        .unwrap_or_else(ui_language)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of our time are far below 2^53"
)]
fn date(at: Millis) -> Date {
    Date::new(&JsValue::from_f64(at as f64))
}
