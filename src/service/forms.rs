//! The form on the widget's log pages: opened with what is known, drawn anew while it is filled in, saved.

use serde_json::{Value, json};

use super::ports::{Browser, Store};
use super::widget::At;
use super::{Done, Service};
use crate::calls;
use crate::directory;
use crate::form::{self, Form, Offer, Picked, Said};
use crate::phone::Numbering;
use crate::protocol::stored::{
    Choice, Contact, LogEntry, LogKind, LogState, Millis, Phone, Typing, Why,
};
use crate::protocol::widget::types;
use crate::scope::{Scope, WINDOW};

/// How many people a search inside the form offers.
const MOST_OFFERED: usize = 20;

/// Who paused longer than this, in milliseconds, is not typing any more.
const STILL_TYPING_MS: Millis = 2 * 60 * 1000;

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// The messages that show an entry's form: its content, and the way to its page.
    pub(super) async fn open_form(&self, place: &str, entry: &LogEntry) -> Done<Vec<Value>> {
        let scope = self.scope(place).await?;
        let form = self.form_of(&scope, entry).await?;
        let (update, path) = match entry.kind {
            LogKind::Messages => (
                types::MESSAGES_LOG_PAGE,
                format!("/log/messages/{}", entry.conversation),
            ),
            LogKind::Call | LogKind::Meeting => (
                types::CALL_LOG_PAGE,
                format!("/log/call/{}", entry.session_id),
            ),
        };
        let page = form::page(&form, &|key| self.browser.text(key, &[]));
        Ok(vec![
            json!({ "type": update, "page": page }),
            json!({ "type": types::NAVIGATE, "path": path }),
        ])
    }

    async fn form_of(&self, scope: &Scope, entry: &LogEntry) -> Done<Form> {
        let people = self.people_of(scope.place(), &entry.number).await?;
        let mut people: Vec<Contact> = people.into_iter().map(|(contact, _)| contact).collect();
        let links = scope.links(entry);
        for (site, link) in &links {
            if !people.iter().any(|it| it.site == *site && it.id == link.id) {
                people.extend(self.contact_now(site, &link.id).await?);
            }
        }
        let linked = links
            .first()
            .map(|(site, link)| scope.id_of(site, &link.id));
        let title = match entry.kind {
            LogKind::Messages => "form_title_messages",
            LogKind::Call | LogKind::Meeting => "form_title_call",
        };
        Ok(Form {
            title: self.browser.text(title, &[]),
            offers: people.into_iter().map(|it| self.offer(scope, it)).collect(),
            contact: linked.unwrap_or_default(),
            subject: entry.subject.clone(),
            usual_subject: self.subject(entry),
            note: entry.note.clone(),
            outcome: (entry.kind == LogKind::Call).then(|| entry.outcome.clone()),
            typed: None,
        })
    }

    /// The message that draws an entry's form anew with what the user has typed, where another contact
    /// field is asked for or people were looked for.
    pub(super) async fn redraw_form(
        &self,
        place: &str,
        entry: &LogEntry,
        typed: &Value,
    ) -> Done<Value> {
        let scope = self.scope(place).await?;
        let mut form = self.form_of(&scope, entry).await?;
        if let Picked::Search(text) = form::said(typed).picked {
            let mut all = Vec::new();
            for site in scope.listed() {
                all.extend(self.store.contacts(site).await?);
            }
            let found = directory::search(&text, &all, MOST_OFFERED);
            let new: Vec<Offer> = found
                .into_iter()
                .map(|it| self.offer(&scope, it.clone()))
                .filter(|it| form.offers.iter().all(|known| known.id != it.id))
                .collect();
            form.offers.extend(new);
        }
        form.typed = Some(typed.clone());
        let update = if entry.kind == LogKind::Messages {
            types::MESSAGES_LOG_PAGE
        } else {
            types::CALL_LOG_PAGE
        };
        let page = form::page(&form, &|key| self.browser.text(key, &[]));
        Ok(json!({ "type": update, "page": page }))
    }

    /// Keeps what a form says in its entry, and returns the entry as it is now.
    ///
    /// `finished` tells Save from typing: only then somebody new is made a contact, and an entry that
    /// was only typed into counts as logged.
    pub(super) async fn keep_form(
        &self,
        at: At<'_>,
        key: &str,
        said: &Said,
        finished: bool,
    ) -> Done<Option<LogEntry>> {
        let Some(entry) = self.store.log(key).await? else {
            return Ok(None);
        };
        let scope = self.scope(at.site).await?;
        let picked = self.picked(&scope, &entry, &said.picked, finished).await?;
        let now = self.browser.now();
        let entry = self
            .store
            .update_log(key, |known| {
                let mut entry = known.unwrap_or(entry);
                if let Some(note) = &said.note {
                    entry.note.clone_from(note);
                }
                if let Some(subject) = &said.subject {
                    entry.subject.clone_from(subject);
                }
                if let Some(outcome) = &said.outcome {
                    entry.outcome.clone_from(outcome);
                }
                match &picked {
                    Some(Some(contact)) => {
                        let link = calls::link(contact, Why::Chosen);
                        calls::relink(&mut entry, &contact.site, link);
                    }
                    Some(None) => {
                        for site in scope.sites() {
                            calls::unlink(&mut entry, site);
                        }
                    }
                    None => {}
                }
                if finished && entry.state == LogState::Draft {
                    entry.state = LogState::Saved;
                }
                entry.updated_at = now;
                entry
            })
            .await?;
        self.typing(at, key, finished).await?;
        self.browser.announce();
        Ok(Some(entry))
    }

    /// Remembers the form that is being typed in, or that it is finished.
    pub(super) async fn typing(&self, at: At<'_>, key: &str, finished: bool) -> Done<()> {
        let typing = Typing {
            key: key.to_owned(),
            site: at.site.to_owned(),
            tab: at.tab,
            at: self.browser.now(),
        };
        let typing = (!finished).then_some(&typing);
        Ok(self.store.put_typing(typing).await?)
    }

    /// The messages that show the form again in which the user was typing when her widget went: the
    /// extension was updated, or the page loaded again. What she typed is in the entry.
    pub(super) async fn form_again(&self, at: At<'_>) -> Done<Vec<Value>> {
        let Some(typing) = self.store.typing().await? else {
            return Ok(Vec::new());
        };
        // The window comes back as another tab.
        let is_here = typing.site == at.site && (typing.tab == at.tab || at.site == WINDOW);
        if !is_here || self.browser.now() - typing.at > STILL_TYPING_MS {
            return Ok(Vec::new());
        }
        match self.store.log(&typing.key).await? {
            Some(entry) if entry.state != LogState::Deleted => {
                self.open_form(at.site, &entry).await
            }
            _ => Ok(Vec::new()),
        }
    }

    /// The contact a form names: `Some(None)` for nobody, `None` where it does not say.
    async fn picked(
        &self,
        scope: &Scope,
        entry: &LogEntry,
        picked: &Picked,
        finished: bool,
    ) -> Done<Option<Option<Contact>>> {
        Ok(match picked {
            Picked::Nobody => Some(None),
            Picked::Contact(id) => {
                let contact = self.contact_meant(scope, id).await?;
                if let Some(contact) = &contact {
                    self.remember_choice(&contact.site, &entry.number, &contact.id)
                        .await?;
                }
                contact.map(Some)
            }
            Picked::New(name) if finished => match self.nearest_site(scope).await? {
                Some(site) => Some(Some(self.make_contact(&site, name, entry).await?)),
                None => None,
            },
            Picked::New(_) | Picked::Unsaid | Picked::Search(_) => None,
        })
    }

    /// The next call with this number is this person's too.
    pub(super) async fn remember_choice(
        &self,
        site: &str,
        number: &str,
        contact: &str,
    ) -> Done<()> {
        let (wanted, _) = self.who_has(site, &[number]).await?;
        if let Some(number) = wanted.into_iter().find_map(|it| it.key) {
            let choice = Choice {
                number,
                contact: contact.to_owned(),
                at: self.browser.now(),
            };
            self.store.put_choice(&choice).await?;
        }
        Ok(())
    }

    /// Somebody the user names in a form, with the number of the entry.
    async fn make_contact(&self, site: &str, name: &str, entry: &LogEntry) -> Done<Contact> {
        let now = self.browser.now();
        let mut contact = Contact {
            site: site.to_owned(),
            id: format!("own:{}", self.browser.secret()),
            name: name.to_owned(),
            own: true,
            read_at: now,
            changed_at: now,
            ..Contact::default()
        };
        if !entry.number.is_empty() {
            let region = self.region_of(site).await?;
            contact.phones = vec![Phone {
                raw: entry.number.clone(),
                ..Phone::default()
            }];
            contact =
                directory::renumbered(&contact, &self.numbering, region, now).unwrap_or(contact);
        }
        self.store
            .put_contacts(std::slice::from_ref(&contact))
            .await?;
        self.tell_of_new(site, &[&contact]).await?;
        Ok(contact)
    }

    /// A contact to choose; among those of several sites it says of which it is.
    fn offer(&self, scope: &Scope, contact: Contact) -> Offer {
        let mut about: Vec<String> = contact
            .company
            .iter()
            .chain(&contact.job_title)
            .chain(&contact.emails)
            .take(1)
            .cloned()
            .collect();
        if scope.sites().len() > 1 {
            about.push(self.place_name(&contact.site));
        }
        Offer {
            id: scope.id_of(&contact.site, &contact.id),
            about: about.join(" · "),
            name: contact.name,
        }
    }
}
