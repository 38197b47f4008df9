//! Clicks on numbers: which link was meant, and what stands around it.
//!
//! Only what the user does counts: a page can make clicks of its own, and would make calls with them.

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use js_sys::Array;
use switchboard::agent::Event;
use switchboard::protocol::runtime::{MOST_ROW_LINKS, MOST_ROW_TEXT};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlAnchorElement, HtmlElement, MouseEvent};

use crate::shell::Shell;

/// What a person stands in, in most pages.
const ROWS: &str = "tr,li,[role=row],article,dl,fieldset,section";

/// How far up a row is looked for where there is none of these.
const MOST_PARENTS: u32 = 3;

/// A click that is being looked at.
pub(crate) struct Click {
    event: web_sys::Event,
    /// What was clicked and what is around it, innermost first, through open shadow roots.
    path: Array,
    /// The place of the link in the path.
    link: u32,
}

/// Listens to clicks before the page does: rows of lists often keep those on their links to themselves.
/// Enter on a link is a click too.
pub(crate) fn listen(shell: &Rc<Shell>) -> EventListener {
    let options = EventListenerOptions {
        phase: EventListenerPhase::Capture,
        passive: false,
    };
    let weak = Rc::downgrade(shell);
    EventListener::new_with_options(shell.window(), "click", options, move |event| {
        let Some(shell) = weak.upgrade().filter(|shell| !shell.is_gone()) else {
            return;
        };
        if let Some((click, href)) = Click::of(event) {
            shell.during(click, Event::LinkClicked { href });
        }
    })
}

impl Click {
    /// Returns a click on a link with where it leads. One with a key held down is for the browser.
    fn of(event: &web_sys::Event) -> Option<(Self, String)> {
        let mouse: &MouseEvent = event.dyn_ref()?;
        let held = mouse.ctrl_key() || mouse.meta_key() || mouse.shift_key() || mouse.alt_key();
        if !event.is_trusted() || event.default_prevented() || held || mouse.button() != 0 {
            return None;
        }
        let path = event.composed_path();
        for link in 0..path.length() {
            let Some(element) = element_at(&path, link) else {
                continue;
            };
            if element.local_name() == "a"
                && let Some(href) = element.get_attribute("href")
            {
                let event = event.clone();
                return Some((Self { event, path, link }, href));
            }
        }
        None
    }

    /// Keeps the browser from following the link.
    pub(crate) fn hold(&self) {
        self.event.prevent_default();
    }

    /// Returns the text of the row around the link and the addresses in it.
    pub(crate) fn row(&self) -> (String, Vec<String>) {
        let Some(row) = self.row_element() else {
            return Default::default();
        };
        let text = match row.dyn_ref::<HtmlElement>() {
            Some(row) => row.inner_text(),
            None => row.text_content().unwrap_or_default(),
        };
        let mut links = Vec::new();
        if let Ok(found) = row.query_selector_all("a[href]") {
            for at in 0..found.length() {
                let link = found.get(at).and_then(|it| it.dyn_into().ok());
                let address = link.map(|it: HtmlAnchorElement| it.href());
                links.extend(address.filter(|it| it.starts_with("http")));
                if links.len() == MOST_ROW_LINKS {
                    break;
                }
            }
        }
        (text.chars().take(MOST_ROW_TEXT).collect(), links)
    }

    fn row_element(&self) -> Option<Element> {
        let mut near = None;
        let mut parents = 0;
        for at in self.link + 1..self.path.length() {
            let Some(element) = element_at(&self.path, at) else {
                continue;
            };
            if matches!(element.local_name().as_str(), "body" | "html") {
                break;
            }
            if element.matches(ROWS).unwrap_or(false) {
                return Some(element);
            }
            if parents < MOST_PARENTS {
                parents += 1;
                near = Some(element);
            }
        }
        near
    }
}

fn element_at(path: &Array, at: u32) -> Option<Element> {
    path.get(at).dyn_into().ok()
}
