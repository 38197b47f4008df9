//! Which sites a widget serves, and by which ids it knows their contacts.
//!
//! The widget in a page serves the page's site and knows its contacts by their own ids. The widget in a
//! window of its own serves every site that is on; two CRMs both have a contact 1, so there an id begins
//! with the site: `https://crm.example 1`. Only this module tells the two apart.

use std::cmp::Reverse;

use crate::protocol::stored::{Contact, ContactLink, LogEntry, Settings, SiteId};
use crate::who;

/// The pseudo-site of the widget's own window, which serves every site that is on. It is no origin, and no
/// rule's site, for these have a colon.
pub const WINDOW: &str = "window";

/// Returns where widgets may stand: in the pages of every site that is on, and in the window.
pub fn places(settings: &Settings) -> Vec<SiteId> {
    let mut places = on(settings);
    if !places.is_empty() {
        places.push(WINDOW.to_owned());
    }
    places
}

/// Returns where widgets ever stood: also the sites that are off now.
pub fn all_places(settings: &Settings) -> Vec<SiteId> {
    let sites = settings.sites.keys().map(String::as_str);
    sites.chain([WINDOW]).map(str::to_owned).collect()
}

fn on(settings: &Settings) -> Vec<SiteId> {
    let on = settings.sites.iter().filter(|(_, own)| own.enabled);
    on.map(|(site, _)| site.clone()).collect()
}

/// The sites that the widgets of a place serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The site in whose pages the widget stands, or [`WINDOW`].
    place: SiteId,
    sites: Vec<SiteId>,
    listed: Vec<SiteId>,
}

impl Scope {
    /// Returns what the widgets of a place serve.
    pub fn of(place: &str, settings: &Settings) -> Self {
        let sites = if place == WINDOW {
            on(settings)
        } else {
            vec![place.to_owned()]
        };
        let consents =
            |site: &&SiteId| settings.sites.get(*site).is_some_and(|it| it.read_contacts);
        Self {
            place: place.to_owned(),
            listed: sites.iter().filter(consents).cloned().collect(),
            sites,
        }
    }

    /// The site in whose pages the widget stands, or [`WINDOW`].
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Every site that is served, in the order of their ids.
    pub fn sites(&self) -> &[SiteId] {
        &self.sites
    }

    /// Those whose contacts the user consents to be listed and matched.
    pub fn listed(&self) -> &[SiteId] {
        &self.listed
    }

    /// Returns the id by which the widget knows a contact.
    pub fn id_of(&self, site: &str, id: &str) -> String {
        if self.place == WINDOW {
            format!("{site} {id}")
        } else {
            id.to_owned()
        }
    }

    /// Returns whom the widget means by an id: the site, and the contact's id there. `None` for the contact
    /// of a site that it does not serve.
    pub fn meant<'a>(&'a self, shown: &'a str) -> Option<(&'a str, &'a str)> {
        if self.place != WINDOW {
            return Some((&self.place, shown));
        }
        // No site has a space; an id may.
        let (site, id) = shown.split_once(' ')?;
        self.sites.iter().any(|it| it == site).then_some((site, id))
    }

    /// Returns a contact as the widget knows it.
    pub fn shown(&self, contact: Contact) -> Contact {
        Contact {
            id: self.id_of(&contact.site, &contact.id),
            ..contact
        }
    }

    /// Returns the contacts of an entry on the sites that are served, the first of which stands for all
    /// where only one can be shown.
    pub fn links<'a>(&self, entry: &'a LogEntry) -> Vec<(&'a str, &'a ContactLink)> {
        let mut links = links_of(entry);
        links.retain(|(site, _)| self.sites.iter().any(|it| it == site));
        links
    }

    /// Returns the contact of an entry that the widget is shown, with its site.
    pub fn link<'a>(&self, entry: &'a LogEntry) -> Option<(&'a str, &'a ContactLink)> {
        self.links(entry).into_iter().next()
    }
}

/// Returns the contacts of an entry on all sites, the first of which stands for all where only one can be
/// shown.
pub fn links_of(entry: &LogEntry) -> Vec<(&str, &ContactLink)> {
    let all = entry.links.iter();
    let mut links: Vec<(&str, &ContactLink)> =
        all.map(|(site, link)| (site.as_str(), link)).collect();
    links.sort_by_key(|(site, link)| {
        let foremost = *site == entry.foremost;
        (Reverse(foremost), who::strength(link.why))
    });
    links
}

#[cfg(test)]
mod tests {
    use super::{Scope, WINDOW, places};
    use crate::protocol::stored::{Contact, ContactLink, LogEntry, Settings, SiteSettings, Why};

    const CRM: &str = "https://crm.example";
    const DESK: &str = "hubspot:1234567";
    const OFF: &str = "https://off.example";

    /// Two sites are on, one of them without consent; a third is off.
    fn settings() -> Settings {
        let mut settings = Settings::default();
        for (site, enabled, read_contacts) in
            [(CRM, true, true), (DESK, true, false), (OFF, false, true)]
        {
            let own = SiteSettings {
                enabled,
                read_contacts,
                ..SiteSettings::default()
            };
            settings.sites.insert(site.to_owned(), own);
        }
        settings
    }

    fn shown_links(entry: &LogEntry, scope: &Scope) -> Vec<String> {
        let links = scope.links(entry).into_iter();
        links
            .map(|(site, link)| scope.id_of(site, &link.id))
            .collect()
    }

    #[test]
    fn the_window_serves_what_is_on_and_a_page_its_own_site() {
        let settings = settings();
        assert_eq!(places(&settings), [CRM, DESK, WINDOW]);
        assert!(places(&Settings::default()).is_empty());
        let window = Scope::of(WINDOW, &settings);
        assert_eq!(window.sites(), [CRM, DESK]);
        assert_eq!(window.listed(), [CRM]);
        let desk = Scope::of(DESK, &settings);
        assert_eq!(desk.sites(), [DESK]);
        assert!(desk.listed().is_empty());
        assert!(
            Scope::of("https://new.example", &settings)
                .listed()
                .is_empty()
        );
    }

    #[test]
    fn an_id_is_read_as_it_was_shown() {
        let settings = settings();
        for place in [CRM, WINDOW] {
            let scope = Scope::of(place, &settings);
            for id in ["1", "own:7", "record of Ada", "", "https://crm.example 1"] {
                let shown = scope.id_of(CRM, id);
                assert_eq!(scope.meant(&shown), Some((CRM, id)), "{place}: {id}");
            }
        }
        let window = Scope::of(WINDOW, &settings);
        assert_ne!(window.id_of(CRM, "1"), window.id_of(DESK, "1"));
        for odd in ["1", "", " 1", "https://off.example 1", "window 1"] {
            assert_eq!(window.meant(odd), None, "{odd:?}");
        }
        let contact = Contact {
            site: DESK.to_owned(),
            id: "1".to_owned(),
            ..Contact::default()
        };
        assert_eq!(window.shown(contact).id, "hubspot:1234567 1");
    }

    #[test]
    fn the_contact_that_was_named_stands_for_all_then_the_one_with_the_best_reason() {
        let link = |id: &str, why| ContactLink {
            id: id.to_owned(),
            why,
            ..ContactLink::default()
        };
        let mut entry = LogEntry::default();
        for (site, why) in [
            (DESK, Why::OnlyOne),
            (CRM, Why::RecordOpen),
            (OFF, Why::Chosen),
        ] {
            entry.links.insert(site.to_owned(), link("1", why));
        }
        let window = Scope::of(WINDOW, &settings());
        let (crm, desk) = (format!("{CRM} 1"), format!("{DESK} 1"));
        assert_eq!(shown_links(&entry, &window), [crm.clone(), desk.clone()]);
        DESK.clone_into(&mut entry.foremost);
        assert_eq!(shown_links(&entry, &window), [desk, crm]);
        assert_eq!(shown_links(&entry, &Scope::of(CRM, &settings())), ["1"]);
        assert_eq!(
            Scope::of("https://new.example", &settings()).link(&entry),
            None
        );
    }
}
