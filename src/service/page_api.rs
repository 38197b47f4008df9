//! `window.RCAdapter` for pages whose widget stands in a frame or window of ours.

use super::ports::{Browser, Store};
use super::{Done, Service};
use crate::phone::Numbering;
use crate::protocol::runtime::{PageCalls, PageReply, Refusal};
use crate::protocol::stored::SiteSettings;

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// Puts the packaged `window.RCAdapter` into a page whose site the user trusts with it.
    pub(super) async fn offer_page_api(&self, tab: i32, own: &SiteSettings) -> Done<bool> {
        if !own.page_api {
            return Err(Refusal::NotAllowed);
        }
        Ok(self.browser.offer_page_api(tab).await)
    }

    /// Does what a page's script asked.
    pub(super) async fn page_calls(
        &self,
        _tab: i32,
        _site: &str,
        _calls: PageCalls,
    ) -> Done<PageReply> {
        Err(Refusal::NotAllowed)
    }
}
