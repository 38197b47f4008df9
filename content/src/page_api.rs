//! `window.RCAdapter` for the page's own scripts.

use std::cell::RefCell;
use std::rc::Rc;

use switchboard::agent::PageState;

use crate::shell::Shell;

/// The offer; dropping it ends it.
pub(crate) struct PageApi {
    state: RefCell<PageState>,
}

impl PageApi {
    /// Listens to the page's script, and asks the worker to put it in.
    pub(crate) fn prepare(_shell: &Rc<Shell>) -> Self {
        Self {
            state: RefCell::default(),
        }
    }

    /// Tells the page's script how the widget stands now.
    pub(crate) fn tell(&self, state: &PageState) {
        self.state.borrow_mut().clone_from(state);
    }
}
