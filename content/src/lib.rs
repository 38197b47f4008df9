//! The page agent: reads the page and puts the widget in.
//!
//! The core decides (`switchboard::agent`); this crate turns the page's events into the core's and the
//! core's effects into the page's. It runs as wasm, or translated to JavaScript where the page's content
//! security policy refuses wasm.

mod clicks;
mod guard;
mod page_adapter;
mod page_api;
mod panel;
mod reading;
mod shell;
mod walk;

use std::cell::RefCell;
use std::rc::Rc;

use switchboard_webext as webext;
use wasm_bindgen::prelude::*;

use shell::Shell;

thread_local! {
    static SHELL: RefCell<Option<Rc<Shell>>> = const { RefCell::new(None) };
}

/// Starts the page agent; in a page where it runs already, it looks at its settings again.
///
/// `translated`: it runs as JavaScript because the page refuses wasm.
#[wasm_bindgen]
pub fn start(translated: bool) {
    webext::install_panic_hook();
    let running = SHELL.with(|slot| slot.borrow().clone());
    match running {
        Some(shell) if !shell.is_gone() => shell.ask_settings(),
        _ => {
            let shell = Shell::start(translated);
            SHELL.with(|slot| *slot.borrow_mut() = shell);
        }
    }
}
