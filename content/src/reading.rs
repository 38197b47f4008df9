//! When the page is read: when it has changed and come to rest, and only while it is seen.

use std::cell::Cell;
use std::rc::Rc;

use switchboard::agent::Event;
use switchboard::reader;
use switchboard_webext as webext;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{MutationObserver, MutationObserverInit, VisibilityState};

use crate::shell::Shell;
use crate::walk;

/// The page is at rest when nothing has changed for so long, in milliseconds.
const REST_MS: u32 = 200;
/// A page that never rests is read all the same after so many waits.
const MOST_WAITS: u32 = 10;

/// The longest pause between two readings of a page that changes all the time, in milliseconds.
const MOST_BREATH_MS: u32 = 10_000;

/// Watches the page; dropping it stops.
pub(crate) struct Watch {
    observer: MutationObserver,
    _callback: Closure<dyn FnMut()>,
    state: Rc<State>,
}

/// What the watching and the reading share.
#[derive(Default)]
struct State {
    /// Counts changes.
    changes: Cell<u32>,
    /// Whether a reading is under way.
    reading: Cell<bool>,
    /// Whether the page is not to be looked at any more.
    stopped: Cell<bool>,
}

impl Watch {
    pub(crate) fn start(shell: &Rc<Shell>) -> Option<Self> {
        let weak = Rc::downgrade(shell);
        let callback = Closure::new(move || {
            if let Some(shell) = weak.upgrade() {
                shell.on(Event::PageChanged);
            }
        });
        let observer = MutationObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        let options = MutationObserverInit::new();
        options.set_child_list(true);
        options.set_character_data(true);
        options.set_subtree(true);
        observer
            .observe_with_options(&shell.document, &options)
            .ok()?;
        Some(Self {
            observer,
            _callback: callback,
            state: Rc::default(),
        })
    }

    /// Reads as soon as the page is at rest. A hidden page waits until it is seen again.
    pub(crate) fn read_soon(&self, shell: &Rc<Shell>) {
        let state = Rc::clone(&self.state);
        state.changes.set(state.changes.get().wrapping_add(1));
        let hidden = shell.document.visibility_state() != VisibilityState::Visible;
        if hidden || state.reading.replace(true) {
            return;
        }
        let shell = Rc::downgrade(shell);
        spawn_local(async move {
            loop {
                let before = rest(&state).await;
                let Some(shell) = shell.upgrade().filter(|_| !state.stopped.get()) else {
                    return;
                };
                let began = webext::now();
                read(&shell, &state).await;
                // What changed while it was being read is read again.
                if state.changes.get() == before {
                    state.reading.set(false);
                    return;
                }
                drop(shell);
                webext::sleep(breath(webext::now() - began)).await;
            }
        });
    }
}

/// A page that changes all the time is read again and again: reading takes a twentieth of the time at most.
fn breath(took_ms: i64) -> u32 {
    u32::try_from(took_ms * 20).map_or(MOST_BREATH_MS, |it| it.min(MOST_BREATH_MS))
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
        self.state.stopped.set(true);
    }
}

async fn rest(state: &State) -> u32 {
    let mut seen = state.changes.get();
    for _ in 0..MOST_WAITS {
        webext::sleep(REST_MS).await;
        let now = state.changes.get();
        if now == seen {
            break;
        }
        seen = now;
    }
    seen
}

async fn read(shell: &Rc<Shell>, state: &State) {
    let rule = shell.config().and_then(|config| config.rule);
    let ours = |element: &_| shell.is_ours(element);
    let stopped = || state.stopped.get();
    if let Some(page) = walk::snapshot(&shell.document, ours, stopped).await {
        shell.on(Event::Read(reader::read(&page, rule.as_ref())));
    }
}
