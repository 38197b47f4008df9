//! RingCentral's own adapter in the page's world: whether it comes up, and its header in step with ours.

use super::{Agent, Effect, Widget};
use crate::protocol::stored::{Adapter, Millis, Obstacle};

/// How long the page adapter's widget may say nothing once the page has loaded, in milliseconds.
const SILENT_MS: Millis = 20_000;

/// How long after a boot the adapter still moves to where the widget, and then we, want it, in milliseconds.
const SETTLE_MS: Millis = 4_000;

/// What was heard of the page adapter's widget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// Nothing, since then if the page was seen and whole.
    Nothing(Option<Millis>),
    /// It has booted: until then, what its header shows is not the user's doing.
    Boots(Millis),
    /// It is there.
    Settled,
}

impl Default for Heard {
    fn default() -> Self {
        Self::Nothing(None)
    }
}

impl Agent {
    pub(super) fn inject(&mut self) {
        self.heard = Heard::default();
        self.act(Effect::InjectAdapter);
    }

    pub(super) fn injected(&mut self, ok: bool) {
        let wanted = self.config.as_ref().map(|it| it.adapter) == Some(Adapter::Page);
        match (self.widget, ok) {
            (Widget::Coming(Adapter::Page), true) => self.widget = Widget::Up(Adapter::Page),
            (Widget::Coming(Adapter::Page), false) => {
                self.widget = Widget::KeptOut;
                self.act(Effect::MetObstacle(Obstacle::Script));
            }
            // It came after all, when it was not wanted any more.
            (_, true) if !wanted => self.act(Effect::DisposeAdapter),
            _ => {}
        }
    }

    pub(super) fn adapter_refused(&mut self) {
        if matches!(
            self.widget,
            Widget::Coming(Adapter::Page) | Widget::Up(Adapter::Page)
        ) && matches!(self.heard, Heard::Nothing(_))
        {
            self.kept_out(Obstacle::Frame);
        }
    }

    /// The page makes the adapter's frame when it has loaded whole.
    pub(super) fn await_adapter(&mut self, loaded: bool) {
        if self.widget != Widget::Up(Adapter::Page) {
            return;
        }
        match self.heard {
            Heard::Nothing(since) => {
                let awaited = self.visible && loaded;
                let since = awaited.then(|| since.unwrap_or(self.now));
                self.heard = Heard::Nothing(since);
                if since.is_some_and(|since| self.now - since >= SILENT_MS) {
                    self.kept_out(Obstacle::Frame);
                }
            }
            Heard::Boots(until) if self.now >= until => self.heard = Heard::Settled,
            Heard::Boots(_) | Heard::Settled => {}
        }
    }

    pub(super) fn adapter_spoke(&mut self, boot: bool) {
        if boot || matches!(self.heard, Heard::Nothing(_)) {
            self.heard = Heard::Boots(self.now + SETTLE_MS);
        }
        if boot {
            self.act(Effect::MinimiseAdapter(self.is_minimised()));
        }
    }

    /// The user minimised or restored it in its own header, or the page's script did.
    pub(super) fn adapter_minimised(&mut self, on: bool) {
        if self.widget != Widget::Up(Adapter::Page) || self.heard != Heard::Settled {
            return;
        }
        if let Some(config) = self.config.as_mut().filter(|it| it.place.minimised != on) {
            config.place.minimised = on;
            self.save();
        }
    }

    /// Whether the adapter does what a click on a link is for. It looks for the scheme as it is written.
    pub(super) fn adapter_takes(&self, href: &str) -> bool {
        let up =
            self.widget == Widget::Up(Adapter::Page) && !matches!(self.heard, Heard::Nothing(_));
        up && (href.starts_with("tel:") || href.starts_with("sms:"))
    }
}
