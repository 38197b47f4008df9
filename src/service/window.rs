//! The widget's own window, and where else the widget stands.

use super::ports::{Browser, Store};
use super::{Done, Service};
use crate::phone::Numbering;
use crate::protocol::runtime::{
    AgentConfig, CallTold, DeclineAdvice, MetObstacle, Refusal, SaveWindow, ShowWindow, SiteView,
    WindowPlease,
};
use crate::protocol::stored::FrameId;

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    pub(super) async fn met_obstacle(
        &self,
        _tab: i32,
        _site: &str,
        _url: &str,
        _met: MetObstacle,
    ) -> Done<Option<AgentConfig>> {
        Err(Refusal::NotAllowed)
    }

    pub(super) async fn call_told(&self, _tab: i32, _site: &str, _told: CallTold) -> Done<()> {
        Ok(())
    }

    pub(super) async fn window_please(&self, _please: WindowPlease) -> Done<()> {
        Ok(())
    }

    pub(super) async fn may_unmount(&self, _tab: i32, _site: &str) -> Done<bool> {
        Ok(false)
    }

    pub(super) async fn save_window(
        &self,
        _tab: i32,
        _frame: FrameId,
        _save: SaveWindow,
    ) -> Done<()> {
        Ok(())
    }

    pub(super) async fn new_window(&self, _tab: i32, _frame: FrameId) -> Done<()> {
        Ok(())
    }

    pub(super) async fn show_window(&self, show: ShowWindow) -> Done<SiteView> {
        self.site_view(show.view).await
    }

    pub(super) async fn decline_advice(&self, decline: DeclineAdvice) -> Done<SiteView> {
        self.site_view(decline.view).await
    }
}
