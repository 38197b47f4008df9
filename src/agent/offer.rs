//! `window.RCAdapter`: what the page's own scripts may do with the panel, and are told of it.

use super::{Agent, Effect, PageCommand, PageState, Widget};
use crate::panel::PanelSize;
use crate::protocol::stored::Adapter;

impl Agent {
    /// Nothing that the page's script does is remembered beyond the page.
    pub(super) fn page_asks(&mut self, command: PageCommand) {
        if self.told.is_none() {
            return;
        }
        if command == PageCommand::PopUp {
            self.act(Effect::AskWindow { by_user: true });
        } else if self.panel_is_ours() {
            self.panel_asked(command);
        }
    }

    fn panel_asked(&mut self, command: PageCommand) {
        match command {
            PageCommand::SetMinimised(on) => {
                self.minimise(on);
            }
            PageCommand::ToggleMinimised => {
                self.minimise(!self.is_minimised());
            }
            PageCommand::SetClosed(closed) => self.close(closed),
            PageCommand::ToggleClosed => self.close(!self.closed),
            PageCommand::SetSize { width, height } => {
                self.size = PanelSize::within(width, height);
                self.placed();
            }
            PageCommand::Dispose => {
                self.take_out();
                self.widget = Widget::Disposed;
            }
            PageCommand::PopUp => {}
        }
    }

    fn close(&mut self, closed: bool) {
        if self.closed != closed {
            self.closed = closed;
            self.placed();
        }
    }

    fn panel_is_ours(&self) -> bool {
        self.config.as_ref().map(|it| it.adapter) == Some(Adapter::Isolated)
    }

    /// The page adapter makes a `window.RCAdapter` of its own.
    pub(super) fn tell_page(&mut self) {
        let offered = self
            .config
            .as_ref()
            .is_some_and(|it| it.page_api && it.adapter != Adapter::Page);
        if !offered {
            if self.told.take().is_some() {
                self.act(Effect::EndPageApi);
            }
            return;
        }
        let ours = self.panel_is_ours();
        let state = PageState {
            minimised: ours && self.is_minimised(),
            closed: ours && self.closed,
            ..self.presence.clone()
        };
        if self.told.is_none() {
            self.act(Effect::OfferPageApi);
        }
        if self.told.as_ref() != Some(&state) {
            self.told = Some(state.clone());
            self.act(Effect::PageState(state));
        }
    }
}
