//! What the popup shows.

use super::ports::{Browser, Store};
use super::sites::is_granted;
use super::{Done, Service};
use crate::phone::{Numbering, Region};
use crate::protocol::runtime::{ReadView, SiteView, SiteViewOf, SiteWish};
use crate::{HAS_PAGE_ADAPTER, sites, widget_address};

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    pub(super) async fn site_view(&self, view: SiteViewOf) -> Done<SiteView> {
        let settings = self.store.settings().await?;
        let site = sites::site_id(&view.url);
        let granted = self.browser.granted().await;
        let media_pattern = widget_address::media_pattern(&settings.global);
        let everywhere = SiteView {
            media_refused: settings.global.downloads() && !is_granted(&granted, &media_pattern),
            media_pattern,
            attention: self.attention().await?,
            ask_welcome: !settings.global.welcomed,
            has_page_adapter: HAS_PAGE_ADAPTER,
            redirect_uri: widget_address::redirect(&settings.global),
            window_open: self.window_tab().await?.is_some(),
            ..SiteView::default()
        };
        let Some(pattern) = sites::pattern_of(&view.url).filter(|_| !site.is_empty()) else {
            return Ok(SiteView {
                global: settings.global,
                ..everywhere
            });
        };
        let own = settings.sites.get(&site).cloned().unwrap_or_default();
        let report = match view.tab {
            Some(tab) => self.store.tab_report(tab).await?,
            None => None,
        };
        let report = report.filter(|report| report.site == site);
        let guess = || Region::from_language_tag(&view.language).map(|it| it.code().to_owned());
        let region = match own.region.as_str() {
            "" => guess().unwrap_or_default(),
            region => region.to_owned(),
        };
        Ok(SiteView {
            name: sites::name_of(&site),
            on: own.enabled && is_granted(&granted, &pattern),
            pattern,
            wish: SiteWish {
                region,
                adapter: own.adapter,
                read_contacts: own.read_contacts,
                mark_numbers: own.mark_numbers,
                widget_options: own.widget_options.clone(),
                page_api: own.page_api,
            },
            contacts_kept: self.store.count_contacts(&site).await?,
            logs_kept: self.store.count_logs().await?,
            placed: report.as_ref().map_or(own.adapter, |it| it.placed),
            obstacle: report.as_ref().and_then(|it| it.obstacle),
            calls_lost: super::window::advice(&own),
            translated: report.as_ref().is_some_and(|it| it.translated),
            read: report.filter(|it| it.at > 0).map(|it| ReadView {
                contacts: it.contacts,
                numbers: it.numbers,
                names: it.names,
                at: it.at,
            }),
            global: settings.global,
            site,
            ..everywhere
        })
    }
}
