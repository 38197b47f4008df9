//! What the page does as a window of its own.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use anyhow::{Context as _, Result};
use gloo_events::EventListenerOptions;
use switchboard::bounds::Bounds;
use switchboard::protocol::runtime::SaveWindow;
use switchboard_ui::{EventListener, document, listen, window};
use switchboard_webext::{ask_then, sleep, windows};
use wasm_bindgen_futures::spawn_local;
use web_sys::EventTarget;

/// How long a window that is being drawn larger or smaller must rest, in milliseconds.
const REST_MS: u32 = 400;

/// The browser's question before a window is closed in which somebody speaks.
#[derive(Default)]
pub(crate) struct Warning(RefCell<Option<EventListener>>);

impl Warning {
    /// Has it asked, or not.
    pub(crate) fn set(&self, on: bool) {
        let listener = window().ok().filter(|_| on).map(|window| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&window, "beforeunload", options, |event| {
                event.prevent_default();
            })
        });
        drop(self.0.replace(listener));
    }
}

/// Has the worker keep the window's place. Nobody says that a window is moved, so it is looked at whenever
/// the user comes and goes.
pub(crate) fn watch_place() -> Result<Vec<EventListener>> {
    let window = window()?;
    let opened = windows::own_place(&window);
    let bounds = Rc::new(RefCell::new(Bounds::of(opened)));
    let look = {
        let window = window.clone();
        Rc::new(move || {
            let place = bounds.borrow_mut().look(windows::own_place(&window));
            if let Some(place) = place {
                // What could not be kept is told at the next change.
                ask_then(SaveWindow { place }, drop);
            }
        })
    };
    let root: EventTarget = document()?
        .document_element()
        .context("finding the root")?
        .into();
    let page: EventTarget = window.into();
    let mut listeners = Vec::new();
    for (target, event) in [
        (&page, "blur"),
        (&page, "focus"),
        (&page, "pagehide"),
        (&root, "pointerenter"),
        (&root, "pointerleave"),
    ] {
        let look = Rc::clone(&look);
        listeners.push(listen(target, event, move |_| look()));
    }
    let turn = Rc::new(Cell::new(0_u32));
    listeners.push(listen(&page, "resize", move |_| {
        let now = turn.get().wrapping_add(1);
        turn.set(now);
        let (turn, look) = (Rc::clone(&turn), Rc::clone(&look));
        spawn_local(async move {
            sleep(REST_MS).await;
            if turn.get() == now {
                look();
            }
        });
    }));
    Ok(listeners)
}
