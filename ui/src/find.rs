//! Elements and events.

use anyhow::{Context as _, Result, anyhow};
use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Document, DocumentFragment, Element, Event, EventTarget, VisibilityState, Window};

/// Returns the window.
pub fn window() -> Result<Window> {
    web_sys::window().context("finding the window")
}

/// Returns the document.
pub fn document() -> Result<Document> {
    window()?.document().context("finding the document")
}

/// Returns the element with an id, as the type it should have.
pub fn by_id<T: JsCast>(id: &'static str) -> Result<T> {
    document()?
        .get_element_by_id(id)
        .with_context(|| format!("finding #{id}"))?
        .dyn_into()
        .map_err(|_| anyhow!("#{id} is another element than expected"))
}

/// A part of a page in which elements are found by selector.
pub trait Part {
    /// Returns the first element that a selector fits, as the type it should have.
    fn part<T: JsCast>(&self, selector: &'static str) -> Result<T>;
}

impl Part for DocumentFragment {
    fn part<T: JsCast>(&self, selector: &'static str) -> Result<T> {
        typed(self.query_selector(selector).ok().flatten(), selector)
    }
}

impl Part for Element {
    fn part<T: JsCast>(&self, selector: &'static str) -> Result<T> {
        typed(self.query_selector(selector).ok().flatten(), selector)
    }
}

fn typed<T: JsCast>(found: Option<Element>, selector: &'static str) -> Result<T> {
    found
        .with_context(|| format!("finding {selector}"))?
        .dyn_into()
        .map_err(|_| anyhow!("{selector} is another element than expected"))
}

/// Listens; dropping the listener ends it.
#[must_use = "a listener that is dropped at once never hears anything"]
pub fn listen(
    target: &EventTarget,
    event: &'static str,
    callback: impl FnMut(&Event) + 'static,
) -> EventListener {
    EventListener::new(target, event, callback)
}

/// Shows or hides an element.
pub fn show(element: &Element, on: bool) {
    // `toggle_attribute` fails only for a name that is no attribute's.
    drop(element.toggle_attribute_with_force("hidden", !on));
}

/// Whether the user can see this page now.
pub fn is_seen() -> bool {
    document().is_ok_and(|it| it.visibility_state() == VisibilityState::Visible)
}
