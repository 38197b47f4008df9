//! Who is meant by a number: looked up on every site that the asking widget serves, the likeliest first.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::ports::{Browser, Store};
use super::widget::At;
use super::{Done, Service};
use crate::calls::{self, Links};
use crate::directory::{self, Wanted};
use crate::phone::{Numbering, Region};
use crate::protocol::stored::{Choice, Contact, Dialled, LogKind, Millis, Stage, Why};
use crate::protocol::widget::text;
use crate::who::{self, Evidence};

/// The most people sharing a number whose last calls are looked up, and of how many calls each.
const MOST_ASKED: (usize, u32) = (20, 20);

/// What one site knows of the numbers that were asked.
struct Known {
    site: String,
    /// The numbers, in the order in which they were asked.
    wanted: Vec<Wanted>,
    candidates: Vec<Contact>,
}

/// Who has a number on one site.
struct Sharing<'a> {
    site: &'a str,
    wanted: &'a Wanted,
    people: Vec<&'a Contact>,
}

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// The country of a site's national numbers.
    pub(super) async fn region_of(&self, site: &str) -> Done<Option<Region>> {
        let settings = self.store.settings().await?;
        let own = settings.sites.get(site);
        Ok(own.and_then(|own| Region::parse(&own.region)))
    }

    /// Understands numbers as a site does, and looks up all contacts that share a key with one of them.
    pub(super) async fn who_has(
        &self,
        site: &str,
        numbers: &[&str],
    ) -> Done<(Vec<Wanted>, Vec<Contact>)> {
        let region = self.region_of(site).await?;
        let wanted: Vec<Wanted> = numbers
            .iter()
            .map(|number| directory::wanted(number, site, &self.numbering, region))
            .collect();
        let mut keys: Vec<String> = wanted.iter().filter_map(|it| it.key.clone()).collect();
        keys.sort();
        keys.dedup();
        Ok((wanted, self.store.contacts_with(&keys).await?))
    }

    /// Who may be meant by a number at a place, the likeliest first, and why that one. Nobody of a site for
    /// which the user's consent is withdrawn.
    pub(super) async fn people_of(&self, place: &str, number: &str) -> Done<Vec<(Contact, Why)>> {
        self.people_at(At::anywhere(place), number, "").await
    }

    /// The same for the widget of a tab: the record that is open there says more than others, and the name
    /// that came with the number says something.
    pub(super) async fn people_at(
        &self,
        at: At<'_>,
        number: &str,
        caller_name: &str,
    ) -> Done<Vec<(Contact, Why)>> {
        let names = json!({ number: caller_name });
        let found = self.people_with(at, &[number], &names).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// The same for several numbers, in their order; the names are by number. What only tells several people
    /// apart is only looked up where there are several.
    pub(super) async fn people_with(
        &self,
        at: At<'_>,
        numbers: &[&str],
        caller_names: &Value,
    ) -> Done<Vec<Vec<(Contact, Why)>>> {
        let scope = self.scope(at.site).await?;
        let mut known = Vec::with_capacity(scope.listed().len());
        for site in scope.listed() {
            let (wanted, candidates) = self.who_has(site, numbers).await?;
            known.push(Known {
                site: site.clone(),
                wanted,
                candidates,
            });
        }
        let found = who_shares(&known, numbers.len());
        let clues = self.clues(at.tab, &found).await?;
        let mut all = Vec::with_capacity(numbers.len());
        for (number, sharing) in numbers.iter().zip(found) {
            let caller_name = text(caller_names, number);
            all.push(self.sorted_out(sharing, &clues, caller_name).await?);
        }
        Ok(all)
    }

    async fn sorted_out(
        &self,
        sharing: Vec<Sharing<'_>>,
        clues: &BTreeMap<&str, Clues>,
        caller_name: &str,
    ) -> Done<Vec<(Contact, Why)>> {
        let now = self.browser.now();
        let mut evidence = vec![Evidence::default(); sharing.len()];
        if are_several(&sharing) {
            for (evidence, on) in evidence.iter_mut().zip(&sharing) {
                if let Some(clues) = clues.get(on.site) {
                    *evidence = clues.evidence(on.wanted, now);
                }
                caller_name.clone_into(&mut evidence.caller_name);
            }
            let mut all = evidence.iter().zip(&sharing);
            if !all.any(|(evidence, on)| evidence.settles(&on.people)) {
                self.add_last_call(&mut evidence, &sharing).await?;
            }
        }
        let people = sharing.into_iter().map(|on| on.people);
        let ranked = who::ranked_over(people.zip(evidence)).into_iter();
        Ok(ranked
            .map(|(contact, why)| (contact.clone(), why))
            .collect())
    }

    /// What the user did that tells people who share a number apart, by site.
    async fn clues<'a>(
        &self,
        tab: i32,
        found: &[Vec<Sharing<'a>>],
    ) -> Done<BTreeMap<&'a str, Clues>> {
        let mut keys: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for on in found.iter().filter(|it| are_several(it)).flatten() {
            let keys = keys.entry(on.site).or_default();
            keys.extend(on.wanted.key.clone());
        }
        let mut all = BTreeMap::new();
        for (site, keys) in keys {
            all.insert(site, self.clues_of(site, tab, &keys).await?);
        }
        Ok(all)
    }

    async fn clues_of(&self, site: &str, tab: i32, keys: &[String]) -> Done<Clues> {
        let now = self.browser.now();
        let mut clues = Clues {
            open: who::open_records(&self.store.tab_reports(site).await?, Some(tab), now),
            dialled: self.store.dialled(site).await?,
            choices: self.store.choices(keys).await?,
        };
        for id in &mut clues.open {
            self.follow(site, id).await?;
        }
        for choice in &mut clues.choices {
            self.follow(site, &mut choice.contact).await?;
        }
        if let Some(dialled) = &mut clues.dialled {
            self.follow(site, &mut dialled.contact).await?;
        }
        Ok(clues)
    }

    /// Replaces the id of a contact that was merged into another by the other's.
    async fn follow(&self, site: &str, id: &mut String) -> Done<()> {
        if let Some(contact) = self.contact_now(site, id).await? {
            *id = contact.id;
        }
        Ok(())
    }

    /// With whom of all the last call with the number was; with one of each site where they share the call.
    async fn add_last_call(&self, evidence: &mut [Evidence], sharing: &[Sharing<'_>]) -> Done<()> {
        let mut calls = Vec::with_capacity(sharing.len());
        for on in sharing {
            calls.push(self.last_called(on).await?);
        }
        let last = calls.iter().flatten().map(|(at, _)| *at).max();
        for (evidence, call) in evidence.iter_mut().zip(calls) {
            let call = call.filter(|(at, _)| Some(*at) == last);
            evidence.called = call.map(|(_, id)| id);
        }
        Ok(())
    }

    /// When the last call with the number was on one site, and with whom.
    async fn last_called(&self, on: &Sharing<'_>) -> Done<Option<(Millis, String)>> {
        let region = self.region_of(on.site).await?;
        let (most, each) = MOST_ASKED;
        let mut last: Option<(Millis, String)> = None;
        for contact in on.people.iter().take(most) {
            let entries = self.entries_of(contact, each).await?;
            let call = entries.into_iter().find(|entry| {
                entry.kind == LogKind::Call
                    // A call that is going on says nothing of itself.
                    && entry.stage >= Stage::Ended
                    && directory::wanted(&entry.number, on.site, &self.numbering, region).key
                        == on.wanted.key
            });
            if let Some(call) = call
                && last.as_ref().is_none_or(|(at, _)| call.started_at > *at)
            {
                last = Some((call.started_at, contact.id.clone()));
            }
        }
        Ok(last)
    }

    /// The contact of a number on each site that is served: whom the widget names, and on the other sites the
    /// likeliest who has the number.
    pub(super) async fn links_at(
        &self,
        at: At<'_>,
        (number, caller_name): (&str, &str),
        named: Option<(Contact, Why)>,
    ) -> Done<Links> {
        let scope = self.scope(at.site).await?;
        let mut people: Vec<(Contact, Why)> = named.into_iter().collect();
        if people.len() < scope.sites().len() {
            people.extend(self.people_at(at, number, caller_name).await?);
        }
        let mut links = Links::default();
        if scope.sites().len() > 1 {
            links.foremost = people.first().map(|(contact, _)| contact.site.clone());
        }
        for (contact, why) in people {
            let link = calls::link(&contact, why);
            links.by_site.entry(contact.site).or_insert(link);
        }
        Ok(links)
    }
}

/// What the user did on a site, for all numbers of a request.
#[derive(Debug, Default)]
struct Clues {
    open: Vec<String>,
    dialled: Option<Dialled>,
    choices: Vec<Choice>,
}

impl Clues {
    fn evidence(&self, wanted: &Wanted, now: Millis) -> Evidence {
        let key = wanted.key.as_deref().unwrap_or_default();
        let chosen = self.choices.iter().find(|choice| choice.number == key);
        Evidence {
            chosen: chosen.map(|choice| choice.contact.clone()),
            open: self.open.clone(),
            clicked: who::clicked(self.dialled.as_ref(), key, now),
            ..Evidence::default()
        }
    }
}

/// Who has each of the numbers, on every site that has somebody.
fn who_shares(known: &[Known], numbers: usize) -> Vec<Vec<Sharing<'_>>> {
    let mut found: Vec<Vec<Sharing<'_>>> = Vec::new();
    found.resize_with(numbers, Vec::new);
    for on in known {
        let by_key = by_key(&on.candidates);
        for (wanted, found) in on.wanted.iter().zip(&mut found) {
            let key = wanted.key.as_deref().unwrap_or_default();
            let sharing = by_key.get(key).into_iter().flatten().copied();
            let people = directory::matches(wanted, sharing);
            if !people.is_empty() {
                let site = &on.site;
                found.push(Sharing {
                    site,
                    wanted,
                    people,
                });
            }
        }
    }
    found
}

fn are_several(sharing: &[Sharing<'_>]) -> bool {
    let people = sharing.iter().map(|on| on.people.len());
    people.sum::<usize>() > 1
}

/// The contacts by each of their number keys.
fn by_key(contacts: &[Contact]) -> BTreeMap<&str, Vec<&Contact>> {
    let mut by_key: BTreeMap<&str, Vec<&Contact>> = BTreeMap::new();
    for contact in contacts {
        for key in &contact.number_keys {
            by_key.entry(key).or_default().push(contact);
        }
    }
    by_key
}
