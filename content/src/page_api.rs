//! `window.RCAdapter` for the page's own scripts.

use std::rc::Rc;

use switchboard::agent::PageState;

use crate::shell::Shell;

/// The offer; dropping it ends it.
pub(crate) struct PageApi {}

impl PageApi {
    /// Listens to the page's script, and asks the worker to put it in.
    pub(crate) fn prepare(_shell: &Rc<Shell>) -> Self {
        Self {}
    }

    /// Tells the page's script how the widget stands now.
    pub(crate) fn tell(&self, _state: &PageState) {}
}
