//! Which sites are on: the user's wish, the browser's permission and the registered content scripts,
//! kept in step.
//!
//! The three can part at any moment: the prompt closes the popup, a permission is withdrawn in the
//! browser's own settings, an update or a restart drops the registrations. So every change of one of them,
//! and every start of the worker, ends in [`Service::reconcile`].

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::ports::{Browser, Registered, Store};
use super::{Done, Service};
use crate::directory;
use crate::phone::{Numbering, Region};
use crate::protocol::runtime::{
    AnswerWelcome, SaveGlobal, SaveSite, SiteView, SiteViewOf, WantSite,
};
use crate::protocol::stored::{
    GlobalSettings, LIST_LIMIT, MEDIA_LIMIT_MB, Millis, Settings, SiteSettings, WantedSite,
};
use crate::{sites, widget_address, widget_options};

/// How long a wish waits for the browser's prompt.
const WISH_MS: Millis = 10 * 60 * 1000;

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// The worker has started. `open_tabs`: also start page agents in the tabs that are open, because
    /// the browser has just been started or the extension has been replaced.
    ///
    /// # Errors
    /// Storage failed; the next start tries again.
    pub async fn started(&self, open_tabs: bool) -> Done<()> {
        let settings = self.reconcile().await?;
        if open_tabs {
            self.repair_parked().await?;
            for site in settings.sites.values().filter(|site| site.enabled) {
                for pattern in &site.patterns {
                    self.browser.start_in_open_tabs(pattern).await;
                }
            }
        }
        Ok(())
    }

    /// The browser has granted something. The popup may be gone (Firefox closes it at the prompt), so the
    /// worker finishes what the user began there.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn permission_added(&self) -> Done<()> {
        let settings = self.store.settings().await?;
        let granted = self.browser.granted().await;
        if let Some(wanted) = settings.wanted
            && self.browser.now() - wanted.at <= WISH_MS
            && is_granted(&granted, &wanted.pattern)
        {
            self.enable(&wanted.site, &wanted.pattern, None).await?;
        }
        self.reconcile().await?;
        Ok(())
    }

    /// The browser has withdrawn something.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn permission_removed(&self) -> Done<()> {
        self.reconcile().await?;
        Ok(())
    }

    /// Turns off what is no longer granted, and makes the registrations what the settings say.
    async fn reconcile(&self) -> Done<Settings> {
        let granted = self.browser.granted().await;
        let mut settings = self.store.settings().await?;
        let lost = |site: &SiteSettings| {
            site.enabled && !site.patterns.iter().all(|it| is_granted(&granted, it))
        };
        if settings.sites.values().any(lost) {
            let mut gone = Vec::new();
            settings = self
                .store
                .update_settings(|settings| {
                    for (id, site) in settings.sites.iter_mut().filter(|(_, site)| lost(site)) {
                        site.enabled = false;
                        gone.push(id.clone());
                    }
                })
                .await?;
            for site in &gone {
                self.tell_window_of(site).await?;
            }
        }
        let mut wanted: BTreeMap<&str, &Vec<String>> = settings
            .sites
            .iter()
            .filter(|(_, site)| site.enabled && !site.patterns.is_empty())
            .map(|(id, site)| (id.as_str(), &site.patterns))
            .collect();
        for script in self.browser.registered().await {
            match wanted.get(script.id.as_str()) {
                Some(patterns) if **patterns == script.patterns => {
                    wanted.remove(script.id.as_str());
                }
                _ => self.browser.unregister(&script.id).await,
            }
        }
        for (id, patterns) in wanted {
            let script = Registered {
                id: id.to_owned(),
                patterns: patterns.clone(),
            };
            self.browser.register(&script).await;
        }
        if settings.sites.values().all(|site| !site.enabled) {
            self.close_window().await?;
        }
        Ok(settings)
    }

    pub(super) async fn want(&self, want: WantSite) -> Done<()> {
        let url = &want.view.url;
        let (site, pattern) = (sites::site_id(url), sites::pattern_of(url));
        let Some(pattern) = pattern.filter(|_| !site.is_empty()) else {
            return Ok(());
        };
        let at = self.browser.now();
        let language = want.view.language;
        self.store
            .update_settings(|settings| {
                let own = settings.sites.entry(site.clone()).or_default();
                guess_region(own, &language);
                settings.wanted = Some(WantedSite { site, pattern, at });
            })
            .await?;
        // The grant may have come before the wish was written.
        self.permission_added().await
    }

    pub(super) async fn turn_on(&self, view: SiteViewOf) -> Done<SiteView> {
        let (site, pattern) = (sites::site_id(&view.url), sites::pattern_of(&view.url));
        if let Some(pattern) = pattern.filter(|_| !site.is_empty()) {
            let granted = self.browser.granted().await;
            if is_granted(&granted, &pattern) {
                self.enable(&site, &pattern, Some(&view.language)).await?;
                self.reconcile().await?;
            }
        }
        self.site_view(view).await
    }

    async fn enable(&self, site: &str, pattern: &str, language: Option<&str>) -> Done<()> {
        let mut was_on = false;
        self.store
            .update_settings(|settings| {
                let own = settings.sites.entry(site.to_owned()).or_default();
                was_on = own.enabled && own.patterns.iter().any(|it| it == pattern);
                own.enabled = true;
                if !own.patterns.iter().any(|it| it == pattern) {
                    own.patterns.push(pattern.to_owned());
                }
                if let Some(language) = language {
                    guess_region(own, language);
                }
                settings.wanted = None;
            })
            .await?;
        // The popup and the browser's event both come here; the tabs are started once.
        if !was_on {
            self.browser.start_in_open_tabs(pattern).await;
            self.tell_window_of(site).await?;
        }
        Ok(())
    }

    pub(super) async fn turn_off(&self, view: SiteViewOf) -> Done<SiteView> {
        let site = sites::site_id(&view.url);
        let mut patterns = Vec::new();
        let mut was_on = false;
        self.store
            .update_settings(|settings| {
                if let Some(own) = settings.sites.get_mut(&site) {
                    was_on = own.enabled;
                    own.enabled = false;
                    patterns = std::mem::take(&mut own.patterns);
                }
            })
            .await?;
        if was_on {
            self.tell_window_of(&site).await?;
        }
        for pattern in &patterns {
            self.release_unused(pattern).await?;
        }
        self.reconcile().await?;
        self.site_view(view).await
    }

    pub(super) async fn save_site(&self, save: SaveSite) -> Done<SiteView> {
        let site = sites::site_id(&save.view.url);
        let wish = save.wish;
        let options = match widget_options::for_one_site(&wish.widget_options) {
            Ok(options) => options,
            Err(problem) => return self.refused(save.view, problem.message_key()).await,
        };
        let known = self.store.settings().await?;
        if known
            .sites
            .get(&site)
            .is_some_and(|own| own.adapter != wish.adapter)
        {
            // Whoever chooses anew wants it tried anew; the pages hear of the settings next.
            self.store
                .update_widget_facts(&site, |facts| facts.obstacle = None)
                .await?;
        }
        let mut region_changed = false;
        let region = Region::parse(&wish.region);
        self.decide(None, |settings| {
            if let Some(own) = settings.sites.get_mut(&site) {
                region_changed = own.region != wish.region;
                own.region = wish.region;
                own.adapter = wish.adapter;
                own.read_contacts = wish.read_contacts;
                own.mark_numbers = wish.mark_numbers;
                own.page_api = wish.page_api;
                own.widget_options = options;
            }
        })
        .await?;
        if region_changed {
            let now = self.browser.now();
            let contacts = self.store.contacts(&site).await?;
            let changed: Vec<_> = contacts
                .iter()
                .filter_map(|it| directory::renumbered(it, &self.numbering, region, now))
                .collect();
            self.store.put_contacts(&changed).await?;
        }
        self.site_view(save.view).await
    }

    /// What cannot be used is not saved, and the view says why.
    pub(super) async fn save_global(&self, save: SaveGlobal) -> Done<SiteView> {
        let wished = save.global;
        let base = match wished.widget_base.trim() {
            "" => Ok(crate::protocol::stored::DEFAULT_WIDGET_BASE.to_owned()),
            base => widget_address::checked(base),
        };
        let server = match wished.app_server.trim() {
            "" => Ok(String::new()),
            server => widget_address::checked(server),
        };
        let options = widget_options::for_all_sites(&wished.widget_options);
        let (base, server, options) = match (base, server, options) {
            (Ok(base), Ok(server), Ok(options)) => (base, server, options),
            (Err(problem), _, _) | (_, Err(problem), _) => {
                return self.refused(save.view, problem.message_key()).await;
            }
            (_, _, Err(problem)) => return self.refused(save.view, problem.message_key()).await,
        };
        let mut media = None;
        self.decide(None, |settings| {
            let known = settings.global.clone();
            if known.downloads() && !wished.downloads() {
                media = Some(widget_address::media_pattern(&known));
            }
            settings.global = GlobalSettings {
                widget_base: base,
                app_server: server,
                widget_options: options,
                client_id: wished.client_id.trim().to_owned(),
                media_limit_mb: within(wished.media_limit_mb, MEDIA_LIMIT_MB),
                list_limit: within(wished.list_limit, LIST_LIMIT),
                welcomed: known.welcomed,
                auto_log_calls: known.auto_log_calls,
                auto_log_revision: known.auto_log_revision,
                auto_log_messages: known.auto_log_messages,
                auto_log_messages_revision: known.auto_log_messages_revision,
                ..wished.clone()
            };
            choose_auto_log(
                &mut settings.global,
                wished.auto_log_calls,
                wished.auto_log_messages,
            );
        })
        .await?;
        if let Some(pattern) = media {
            self.release_unused(&pattern).await?;
        }
        self.site_view(save.view).await
    }

    /// Nothing was saved, and the view says why.
    async fn refused(&self, view: SiteViewOf, problem: &str) -> Done<SiteView> {
        let mut view = self.site_view(view).await?;
        view.problem = Some(problem.to_owned());
        Ok(view)
    }

    /// Gives a permission back that no site stands on and no download needs.
    async fn release_unused(&self, pattern: &str) -> Done<()> {
        let settings = self.store.settings().await?;
        let downloads = settings.global.downloads()
            && widget_address::media_pattern(&settings.global) == pattern;
        let mut on = settings.sites.values().filter(|it| it.enabled);
        if !downloads && !on.any(|it| it.patterns.iter().any(|it| it == pattern)) {
            self.browser.release(pattern).await;
        }
        Ok(())
    }

    pub(super) async fn welcome(&self, answer: AnswerWelcome) -> Done<SiteView> {
        self.decide(None, |settings| {
            settings.global.welcomed = true;
            choose_auto_log(&mut settings.global, answer.auto_log, answer.auto_log);
        })
        .await?;
        self.site_view(answer.view).await
    }
}

fn within(number: u32, limits: RangeInclusive<u32>) -> u32 {
    number.clamp(*limits.start(), *limits.end())
}

fn choose_auto_log(global: &mut GlobalSettings, calls: bool, messages: bool) {
    if global.auto_log_calls != calls {
        global.auto_log_calls = calls;
        global.auto_log_revision += 1;
    }
    if global.auto_log_messages != messages {
        global.auto_log_messages = messages;
        global.auto_log_messages_revision += 1;
    }
}

fn guess_region(own: &mut SiteSettings, language: &str) {
    if own.region.is_empty()
        && let Some(region) = Region::from_language_tag(language)
    {
        region.code().clone_into(&mut own.region);
    }
}

/// Whether the granted patterns cover one; the user can also have granted all sites.
pub(super) fn is_granted(granted: &[String], pattern: &str) -> bool {
    let scheme = pattern.split("://").next().unwrap_or_default();
    granted.iter().any(|it| {
        it == pattern
            || it == "<all_urls>"
            || it == "*://*/*"
            || it.strip_suffix("://*/*") == Some(scheme)
            || it
                .strip_prefix("*://")
                .is_some_and(|rest| pattern.strip_prefix(scheme) == Some(&*format!("://{rest}")))
    })
}
