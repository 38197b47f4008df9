//! What stands around the widget: a web page with its page agent, or a window with nobody.

use switchboard::protocol::runtime::FrameToAgent;
use switchboard_webext::Channel;

use crate::own_window::Warning;

/// Whom to tell what is not the worker's business.
pub(crate) enum Around {
    /// The page agent of the page.
    Page(Channel),
    /// Nobody: this page is the whole window.
    Window(Warning),
}

impl Around {
    /// Says something.
    pub(crate) fn tell(&self, said: &FrameToAgent) {
        match (self, said) {
            (Self::Page(agent), said) => agent.send(said),
            (Self::Window(warning), FrameToAgent::BrowserCall { on }) => warning.set(*on),
            // There is no panel to show, to move or to make smaller.
            (Self::Window(_), _) => {}
        }
    }

    pub(crate) fn is_window(&self) -> bool {
        matches!(self, Self::Window(_))
    }
}
