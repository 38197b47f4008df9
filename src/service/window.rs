//! The widget's own window: opened once, raised, remembered; and what a page agent says of a page that
//! keeps the widget out.

use super::ports::{Browser, Store};
use super::{Done, Service};
use crate::phone::Numbering;
use crate::placement;
use crate::protocol::runtime::{
    AgentConfig, AgentHello, CallTold, DeclineAdvice, MetObstacle, Refusal, SaveWindow, ShowWindow,
    SiteView, WindowPlease,
};
use crate::protocol::stored::{Adapter, FrameId, Millis, Obstacle, SiteId, SiteSettings, Ticket};
use crate::scope::WINDOW;
use crate::sites;

/// How long the browser may take to open the window, in milliseconds: a second wish within is the first.
const OPENING_MS: Millis = 5_000;
/// A ticket for the window is for no tab that is known.
pub(super) const NO_TAB: i32 = -1;

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// Something keeps the widget out of a page: remembers it where it will be so on other pages of the
    /// site, and answers what holds now.
    pub(super) async fn met_obstacle(
        &self,
        tab: i32,
        site: &str,
        url: &str,
        met: MetObstacle,
    ) -> Done<Option<AgentConfig>> {
        let obstacle = met.obstacle;
        if placement::holds_on_site(obstacle) {
            self.store
                .update_widget_facts(site, |facts| {
                    // What leaves only the window is not forgotten for what leaves our frame too.
                    if !facts.obstacle.is_some_and(placement::leaves_window) {
                        facts.obstacle = Some(obstacle);
                    }
                })
                .await?;
        }
        let again = AgentHello {
            page: met.page,
            fresh: false,
        };
        self.hello(tab, site, url, again).await
    }

    /// A call in a page's widget has begun or ended: who leaves the page now loses it.
    pub(super) async fn call_told(&self, tab: i32, site: &str, told: CallTold) -> Done<()> {
        if let Some(mut report) = self.store.tab_report(tab).await?
            && report.site == site
        {
            report.in_call = told.on;
            self.store.put_tab_report(tab, &report).await?;
        }
        Ok(())
    }

    /// A call ran in a tab when its page was loaded again.
    pub(super) async fn call_lost(&self, site: &str) -> Done<()> {
        self.store
            .update_settings(|settings| {
                if let Some(own) = settings.sites.get_mut(site) {
                    own.calls_lost = own.calls_lost.saturating_add(1);
                }
            })
            .await?;
        Ok(())
    }

    /// Opens the window, or raises it where the user has just asked for it.
    pub(super) async fn window_please(
        &self,
        tab: i32,
        site: &str,
        please: WindowPlease,
    ) -> Done<()> {
        let report = self.store.tab_report(tab).await?;
        let obstacle = report
            .filter(|it| it.site == site)
            .and_then(|it| it.obstacle);
        let because = obstacle.map(|obstacle| (obstacle, site.to_owned()));
        if please.by_user {
            return self.raise_or_open(because).await;
        }
        if self.window_tab().await?.is_none() && self.store.claim("window").await? {
            self.open_window(because).await?;
        }
        Ok(())
    }

    /// A window that is just being closed is still listed, and cannot be raised.
    async fn raise_or_open(&self, because: Option<(Obstacle, SiteId)>) -> Done<()> {
        if let Some(window) = self.window_tab().await? {
            if self.browser.raise(window).await {
                return Ok(());
            }
            self.store.drop_frame(window, 0).await?;
        }
        self.open_window(because).await
    }

    /// The tab of the window, if it is open.
    pub(super) async fn window_tab(&self) -> Done<Option<i32>> {
        let known = self.store.frames_of(WINDOW).await?;
        let tabs: Vec<i32> = known.iter().map(|(tab, _)| *tab).collect();
        let open = self.browser.open_tabs(&tabs).await;
        for (tab, frame) in known {
            if !open.contains(&tab) {
                self.store.drop_frame(tab, frame).await?;
            }
        }
        Ok(open.into_iter().next())
    }

    async fn open_window(&self, because: Option<(Obstacle, SiteId)>) -> Done<()> {
        let now = self.browser.now();
        let mut is_first = false;
        self.store
            .update_widget_facts(WINDOW, |facts| {
                is_first = now - facts.opened_at > OPENING_MS;
                if is_first {
                    facts.opened_at = now;
                }
            })
            .await?;
        if !is_first {
            return Ok(());
        }
        let secret = self.browser.secret();
        let ticket = Ticket {
            tab: NO_TAB,
            site: WINDOW.to_owned(),
            at: now,
            because,
        };
        self.store.put_ticket(&secret, &ticket).await?;
        let place = self.store.settings().await?.window.place;
        let page = format!("frame/window.html#{secret}");
        self.browser.open_window(&page, place).await;
        Ok(())
    }

    /// The window is there: whoever closes it may have another at once.
    pub(super) async fn window_opened(&self) -> Done<()> {
        self.store
            .update_widget_facts(WINDOW, |facts| facts.opened_at = 0)
            .await?;
        Ok(())
    }

    /// The user wants the window.
    pub(super) async fn show_window(&self, show: ShowWindow) -> Done<SiteView> {
        self.raise_or_open(None).await?;
        let mut view = self.site_view(show.view).await?;
        // It is on its way.
        view.window_open = true;
        Ok(view)
    }

    /// A window that the browser has restored: the real one takes its place.
    pub(super) async fn new_window(&self, tab: i32, frame: FrameId) -> Done<()> {
        if frame != 0 {
            return Err(Refusal::NotAllowed);
        }
        self.raise_or_open(None).await?;
        self.browser.close(tab).await;
        Ok(())
    }

    /// Whether a frame page may be the window: it stands alone in its tab, and no other tab is it.
    pub(super) async fn may_be_window(&self, tab: i32, frame: FrameId) -> Done<bool> {
        let other = self.window_tab().await?.filter(|it| *it != tab);
        Ok(frame == 0 && other.is_none())
    }

    /// Remembers where the window stands.
    pub(super) async fn save_window(&self, tab: i32, frame: FrameId, save: SaveWindow) -> Done<()> {
        let session = self.store.frame(tab, frame).await?;
        if session.is_none_or(|it| it.site != WINDOW) {
            return Err(Refusal::NotAllowed);
        }
        self.store
            .update_settings(|settings| settings.window.place = Some(save.place))
            .await?;
        Ok(())
    }

    /// Nobody is left whom the window could serve.
    pub(super) async fn close_window(&self) -> Done<()> {
        if let Some(window) = self.window_tab().await? {
            self.browser.close(window).await;
        }
        Ok(())
    }

    /// Whether a page that was not looked at for long may let its widget go: only if another one stays to
    /// hear the phone. Of two that ask at once none may, for each is gone for the other.
    pub(super) async fn may_unmount(&self, tab: i32, site: &str) -> Done<bool> {
        let frames = self.store.frames_of(site).await?;
        let (own, others): (Vec<_>, Vec<_>) = frames.into_iter().partition(|(it, _)| *it == tab);
        let mut sessions = Vec::new();
        for (tab, frame) in own {
            sessions.extend(
                self.store
                    .frame(tab, frame)
                    .await?
                    .map(|session| (frame, session)),
            );
            self.store.drop_frame(tab, frame).await?;
        }
        for (other, frame) in others {
            // Nothing to post is a question whether it is there.
            if self.browser.post(other, frame, &[]).await {
                return Ok(true);
            }
            self.store.drop_frame(other, frame).await?;
        }
        if self.window_tab().await?.is_some() {
            return Ok(true);
        }
        for (frame, session) in sessions {
            self.store.put_frame(tab, frame, &session).await?;
        }
        Ok(false)
    }

    /// The user does not want to hear of the window on this site again.
    pub(super) async fn decline_advice(&self, decline: DeclineAdvice) -> Done<SiteView> {
        let site = sites::site_id(&decline.view.url);
        self.store
            .update_settings(|settings| {
                if let Some(own) = settings.sites.get_mut(&site) {
                    own.advice_declined = true;
                }
            })
            .await?;
        self.site_view(decline.view).await
    }
}

/// How many lost calls speak for the window on a site.
pub(super) fn advice(own: &SiteSettings) -> u32 {
    if own.advice_declined || own.adapter == Adapter::Window {
        0
    } else {
        own.calls_lost
    }
}
