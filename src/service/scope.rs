//! Which sites a widget serves, for the parts of the service that answer it; and what its window is told of
//! them.

use serde_json::Value;

use super::agents::ask_again_about;
use super::ports::{Browser, Store};
use super::{Done, Service};
use crate::phone::Numbering;
use crate::protocol::stored::{Contact, Millis, SiteId};
use crate::scope::{self, Scope, WINDOW};
use crate::sites;

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// What the widgets of a place serve: a site's, or the window's.
    pub(super) async fn scope(&self, place: &str) -> Done<Scope> {
        Ok(Scope::of(place, &self.store.settings().await?))
    }

    /// Where widgets may stand: on every site that is on, and in the window.
    pub(super) async fn places(&self) -> Done<Vec<SiteId>> {
        Ok(scope::places(&self.store.settings().await?))
    }

    /// What to call a place.
    pub(super) fn place_name(&self, place: &str) -> String {
        if place == WINDOW {
            self.browser.text("place_window", &[])
        } else {
            sites::name_of(place)
        }
    }

    /// The contact that a widget means by an id, as it is today.
    pub(super) async fn contact_meant(&self, scope: &Scope, shown: &str) -> Done<Option<Contact>> {
        match scope.meant(shown) {
            Some((site, id)) => self.contact_now(site, id).await,
            None => Ok(None),
        }
    }

    /// A contact's name, with its site where the widget serves several.
    pub(super) fn name_at(&self, scope: &Scope, contact: &Contact) -> String {
        if scope.sites().len() > 1 {
            format!("{} · {}", contact.name, self.place_name(&contact.site))
        } else {
            contact.name.clone()
        }
    }

    /// The site that the user is at, of those that are served: the one whose page was read last, and rather
    /// one whose pages may be read.
    pub(super) async fn nearest_site(&self, scope: &Scope) -> Done<Option<SiteId>> {
        let mut nearest: Option<((bool, Option<Millis>), &SiteId)> = None;
        for site in scope.sites() {
            let reports = self.store.tab_reports(site).await?;
            let read = reports.iter().map(|(_, report)| report.at).max();
            let place = (scope.listed().contains(site), read);
            if nearest.is_none_or(|(best, _)| place > best) {
                nearest = Some((place, site));
            }
        }
        Ok(nearest.map(|(_, site)| site.clone()))
    }

    /// Posts messages to every widget that serves a site.
    pub(super) async fn post_about(&self, site: &str, messages: &[Value]) -> Done<()> {
        for place in [site, WINDOW] {
            self.post(place, messages).await?;
        }
        Ok(())
    }

    /// The user turned a site on or off, or gave or withdrew the consent to list its contacts: the window's
    /// widget asks again for its list, and for the names of these contacts' numbers.
    pub(super) async fn tell_window_of(&self, site: &str) -> Done<()> {
        if self.store.frames_of(WINDOW).await?.is_empty() {
            return Ok(());
        }
        let contacts = self.store.contacts(site).await?;
        let there: Vec<&Contact> = contacts.iter().filter(|it| !it.deleted).collect();
        self.post(WINDOW, &ask_again_about(&there)).await
    }
}
