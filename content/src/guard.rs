//! The panel in a page that does not want it: the page takes it out, moves it, or writes on it.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Array;
use switchboard_webext::JsError;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, MutationObserver, MutationObserverInit, MutationRecord};

use crate::shell::Shell;

/// A page that writes on the panel's element more often than this would go on for ever.
const MOST_WRITINGS: u32 = 50;

/// Watches over the panel's element; dropping it stops.
pub(crate) struct Guard {
    observer: MutationObserver,
    _callback: Closure<dyn FnMut(Array)>,
}

impl Guard {
    pub(crate) fn start(shell: &Rc<Shell>, host: &Element) -> Result<Self, JsError> {
        let weak = Rc::downgrade(shell);
        let guarded = host.clone();
        let writings = Cell::new(0);
        let callback = Closure::new(move |records: Array| {
            let Some(shell) = weak.upgrade() else {
                return;
            };
            if is_lost(&shell, &guarded, &records) || !is_clean(&guarded, &writings) {
                Shell::lost(&weak);
            } else {
                shell.look_whether_covered();
            }
        });
        let observer = MutationObserver::new(callback.as_ref().unchecked_ref())?;
        let children = MutationObserverInit::new();
        children.set_child_list(true);
        observer.observe_with_options(&shell.document, &children)?;
        let root = shell.document.document_element();
        let body = shell.document.body().map(Element::from);
        for element in [root, body].iter().flatten() {
            observer.observe_with_options(element, &children)?;
        }
        let attributes = MutationObserverInit::new();
        attributes.set_attributes(true);
        observer.observe_with_options(host, &attributes)?;
        Ok(Self {
            observer,
            _callback: callback,
        })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// A frame that has been out of the page for a moment has been loaded again, wherever it stands now.
fn is_lost(shell: &Shell, host: &Element, records: &Array) -> bool {
    let root = shell.document.document_element();
    if host.parent_element() != root {
        return true;
    }
    records.iter().any(|record| {
        let record: MutationRecord = record.unchecked_into();
        let removed = record.removed_nodes();
        (0..removed.length()).any(|at| {
            let node = removed.get(at);
            node.is_some_and(|node| node.contains(Some(host)))
        })
    })
}

/// The page has no business with the element: `inert`, `hidden` and the like are taken off again.
fn is_clean(host: &Element, writings: &Cell<u32>) -> bool {
    let names = host.get_attribute_names();
    if names.length() == 0 {
        return true;
    }
    for name in names.iter().filter_map(|name| name.as_string()) {
        // It is there.
        drop(host.remove_attribute(&name));
    }
    writings.set(writings.get() + 1);
    writings.get() <= MOST_WRITINGS
}
