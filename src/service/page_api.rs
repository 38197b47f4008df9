//! `window.RCAdapter` for pages whose widget stands in a frame or window of ours.

use serde_json::{Value, json};

use super::agents::Phones;
use super::ports::{Browser, Store};
use super::widget::{At, OWN_REQUEST};
use super::{Done, Service};
use crate::directory;
use crate::page_api::{Wanted, wanted};
use crate::phone::Numbering;
use crate::protocol::runtime::{FromBackground, PageCalls, PageReply, Refusal};
use crate::protocol::stored::SiteSettings;
use crate::protocol::widget::{text, without_tokens};
use crate::scope::WINDOW;

/// The first part of the id of a request that a page's script asks of the widget.
const PURPOSE: &str = "page";

/// What the page's developer is told where nobody is there to do it.
const NO_PHONE: &str = "there is no phone in this page now";

/// Whose call a request to the widget was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked<'a> {
    tab: i32,
    call: u32,
    site: &'a str,
}

impl<'a> Asked<'a> {
    /// Reads the id of an answer; `None` if no page asked for it.
    pub(super) fn of(id: &'a str) -> Option<Self> {
        let rest = id.strip_prefix(OWN_REQUEST)?.strip_prefix(PURPOSE)?;
        let (tab, rest) = rest.strip_prefix(':')?.split_once(':')?;
        let (call, rest) = rest.split_once(':')?;
        // A site has colons in it, a secret has none.
        let (site, _) = rest.rsplit_once(':')?;
        Some(Self {
            tab: tab.parse().ok()?,
            call: call.parse().ok()?,
            site,
        })
    }

    fn purpose(self) -> String {
        let Self { tab, call, site } = self;
        format!("{PURPOSE}:{tab}:{call}:{site}")
    }
}

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
        tab: i32,
        site: &str,
        calls: PageCalls,
    ) -> Done<PageReply> {
        if !self.has_page_api(site).await? {
            return Err(Refusal::NotAllowed);
        }
        let wanted = match wanted(&calls.method, &calls.arguments, calls.gesture) {
            Ok(wanted) => wanted,
            Err(why) => return Ok(PageReply::Refused(why)),
        };
        let asked = Asked {
            tab,
            call: calls.call,
            site,
        };
        let (message, reply) = match wanted {
            Wanted::Post(message) => (message, PageReply::Done),
            Wanted::Number(message) => {
                let message = self.in_notation(site, message).await?;
                self.dial_or_wait(tab, site, &message).await?;
                return Ok(PageReply::Done);
            }
            Wanted::Ask { path, body } => (
                self.host_request(&asked.purpose(), path, &body),
                PageReply::Waits,
            ),
            Wanted::IsWindowOpen => {
                let on = self.window_tab().await?.is_some();
                self.answer_page(asked, &json!(on)).await;
                return Ok(PageReply::Waits);
            }
        };
        let place = self.place_serving(tab, site).await?;
        let is_posted = self
            .post_to_phone(tab, place, &message, Phones::All)
            .await?;
        Ok(if is_posted {
            reply
        } else {
            PageReply::Refused(NO_PHONE.to_owned())
        })
    }

    /// The widget answered what a page's script asked. The tab may show another site by now, which must not
    /// hear it.
    pub(super) async fn page_answered(
        &self,
        at: At<'_>,
        asked: Asked<'_>,
        message: &Value,
    ) -> Done<Vec<Value>> {
        let is_its_phone = at.site == WINDOW || (at.site == asked.site && at.tab == asked.tab);
        let report = self.store.tab_report(asked.tab).await?;
        let is_there = report.is_some_and(|report| report.site == asked.site);
        if is_its_phone && is_there && self.has_page_api(asked.site).await? {
            let response = message.get("response").unwrap_or(&Value::Null);
            self.answer_page(asked, &without_tokens(response)).await;
        }
        Ok(Vec::new())
    }

    async fn has_page_api(&self, site: &str) -> Done<bool> {
        let settings = self.store.settings().await?;
        let own = settings.sites.get(site);
        Ok(own.is_some_and(|own| own.enabled && own.page_api))
    }

    async fn answer_page(&self, asked: Asked<'_>, answer: &Value) {
        let answer = FromBackground::PageAnswer {
            call: asked.call,
            answer: answer.to_string(),
        };
        // A page that is gone waits no longer.
        self.browser.tell_frame(asked.tab, 0, &answer).await;
    }

    /// A page writes numbers as its country does, and the widget takes them as its user's.
    async fn in_notation(&self, site: &str, mut message: Value) -> Done<Value> {
        let region = self.region_of(site).await?;
        let number = text(&message, "phoneNumber");
        let number = directory::wanted(number, site, &self.numbering, region).to_dial();
        if let Some(field) = message.get_mut("phoneNumber") {
            *field = json!(number);
        }
        Ok(message)
    }
}
