//! Our buttons in the widget: on calls, conversations and contacts, in alerts and in the banner.

use serde_json::{Value, json};

use super::ports::{Browser, Store};
use super::widget::{Answer, At};
use super::{Done, Service};
use crate::calls;
use crate::phone::Numbering;
use crate::protocol::book::DismissUnlogged;
use crate::protocol::registration::buttons;
use crate::protocol::stored::{Contact, LogEntry, LogState, Why};
use crate::protocol::widget::{Call, id_text, text};
use crate::{sites, view};

/// What a button was pressed on.
#[derive(Default)]
struct Subject {
    /// The key of its entry, where it is something that can be logged.
    entry: Option<LogEntry>,
    /// The other side's number.
    number: String,
    /// The contact's id, where the button was on a contact.
    contact: String,
}

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// A button of ours was pressed.
    pub(super) async fn button_pressed(&self, at: At<'_>, body: &Value) -> Done<Answer> {
        let button = body.get("button").unwrap_or(&Value::Null);
        let id = text(button, "id");
        if let Some(number) = id.strip_prefix(buttons::UNCHOOSE) {
            self.unchoose(number).await?;
            return Ok(Answer::ok().then([self.alert("alert_unchosen", "success")]));
        }
        let resource = body.get("resource").unwrap_or(&Value::Null);
        let posts = match id {
            buttons::ATTENTION if button.get("dismissed") == Some(&Value::Bool(true)) => {
                self.dismiss_attention(at.site).await?;
                Vec::new()
            }
            buttons::ATTENTION => self.show_attention().await?,
            buttons::BOOK => {
                self.browser.open_book("").await;
                Vec::new()
            }
            buttons::OPEN => self.open_record(at.site, resource).await?,
            buttons::WHY => self.say_why(at.site, resource).await?,
            buttons::NOTE => self.open_note(at, resource).await?,
            _ => Vec::new(),
        };
        Ok(Answer::ok().then(posts))
    }

    /// The banner was closed: what this widget and those of its sites name is not to be asked about.
    async fn dismiss_attention(&self, place: &str) -> Done<()> {
        let scope = self.scope(place).await?;
        let mut places = scope.sites().to_vec();
        if !places.iter().any(|it| it == place) {
            places.push(place.to_owned());
        }
        for site in places {
            self.dismiss_unlogged(DismissUnlogged { site }).await?;
        }
        Ok(())
    }

    /// The book, at what needs the user most.
    async fn show_attention(&self) -> Done<Vec<Value>> {
        let failed = self.store.failed_logs().await?;
        let place = failed
            .first()
            .map_or("unlogged", |entry| entry.key.as_str());
        self.browser.open_book(place).await;
        Ok(Vec::new())
    }

    async fn open_record(&self, place: &str, resource: &Value) -> Done<Vec<Value>> {
        let person = self
            .person_meant(place, &self.subject_of(resource).await?)
            .await?;
        match person.and_then(|(contact, _)| contact.url) {
            Some(url) => {
                self.show_record(&url).await;
                Ok(Vec::new())
            }
            None => Ok(vec![self.alert("alert_no_record", "warning")]),
        }
    }

    /// Who was taken for the other side, why, who else it could be, and the way to take a remembered
    /// choice back.
    async fn say_why(&self, place: &str, resource: &Value) -> Done<Vec<Value>> {
        let subject = self.subject_of(resource).await?;
        let Some((contact, why)) = self.person_meant(place, &subject).await? else {
            return Ok(vec![self.alert("alert_nobody_known", "info")]);
        };
        let reason = self
            .browser
            .text(view::entry::why_key(why).unwrap_or("why_unsaid"), &[]);
        let mut details = vec![json!({
            "title": self.browser.text("why_title", &[]),
            "items": [{ "id": "why", "type": "text", "text": reason }],
        })];
        let scope = self.scope(place).await?;
        let others: Vec<Value> = self
            .people_of(place, &subject.number)
            .await?
            .into_iter()
            .filter(|(other, _)| (&other.site, &other.id) != (&contact.site, &contact.id))
            .map(|(other, _)| {
                let id = scope.id_of(&other.site, &other.id);
                json!({ "id": id, "type": "text", "text": self.name_at(&scope, &other) })
            })
            .collect();
        if !others.is_empty() {
            details.push(json!({
                "title": self.browser.text("why_others", &[]),
                "items": others,
            }));
        }
        let (wanted, _) = self.who_has(&contact.site, &[&subject.number]).await?;
        let keys: Vec<String> = wanted.into_iter().filter_map(|it| it.key).collect();
        if let Some(choice) = self.store.choices(&keys).await?.first() {
            details.push(json!({
                "title": self.browser.text("why_undo_title", &[]),
                "items": [{
                    "id": format!("{}{}", buttons::UNCHOOSE, choice.number),
                    "type": "link",
                    "text": self.browser.text("why_undo", &[]),
                }],
            }));
        }
        Ok(vec![self.host_request(
            "why",
            "/custom-alert-message",
            &json!({
                "message": self.name_at(&scope, &contact),
                "level": "info",
                "ttl": 0,
                "details": details,
            }),
        )])
    }

    /// The form of a call or a conversation; one that is not logged yet becomes a draft.
    async fn open_note(&self, at: At<'_>, resource: &Value) -> Done<Vec<Value>> {
        let subject = self.subject_of(resource).await?;
        let entry = match subject.entry {
            Some(entry) if entry.state != LogState::Deleted => entry,
            _ => match calls::CallEvent::of(&json!({ "call": resource })) {
                Some(event) => {
                    let key = calls::key_of(&event.call.session_id);
                    self.draft(at, &key, &event).await?
                }
                None => return Ok(vec![self.alert("alert_log_first", "info")]),
            },
        };
        self.open_form(at.site, &entry).await
    }

    /// Reads a call, a conversation or a contact.
    async fn subject_of(&self, resource: &Value) -> Done<Subject> {
        if let Some(call) = Call::of(resource) {
            return Ok(Subject {
                entry: self.store.log(&calls::key_of(&call.session_id)).await?,
                number: call.number,
                contact: String::new(),
            });
        }
        if let Some(conversation) = resource.get("conversationId").and_then(id_text) {
            let entries = self.store.logs_with_alias(&conversation).await?;
            let correspondent = resource.pointer("/correspondents/0");
            let correspondent = correspondent.unwrap_or(&Value::Null);
            let number = match text(correspondent, "phoneNumber") {
                "" => text(correspondent, "extensionNumber"),
                number => number,
            };
            return Ok(Subject {
                entry: entries.into_iter().next(),
                number: number.to_owned(),
                contact: String::new(),
            });
        }
        // A contact stands for itself, or beside the number that was pressed.
        let contact = resource.get("contact").unwrap_or(resource);
        Ok(Subject {
            entry: None,
            number: text(resource, "phoneNumber").to_owned(),
            contact: text(contact, "id").to_owned(),
        })
    }

    /// The contact of a subject, and why it is that one.
    async fn person_meant(&self, place: &str, subject: &Subject) -> Done<Option<(Contact, Why)>> {
        let scope = self.scope(place).await?;
        let linked = subject.entry.as_ref().and_then(|it| scope.link(it));
        if let Some((site, link)) = linked
            && let Some(contact) = self.contact_now(site, &link.id).await?
        {
            return Ok(Some((contact, link.why)));
        }
        let people = self.people_of(place, &subject.number).await?;
        if subject.contact.is_empty() {
            return Ok(people.into_iter().next());
        }
        let why = people
            .iter()
            .find(|(it, _)| scope.id_of(&it.site, &it.id) == subject.contact)
            .map_or(Why::Widget, |(_, why)| *why);
        let contact = self.contact_meant(&scope, &subject.contact).await?;
        Ok(contact.map(|contact| (contact, why)))
    }

    /// Shows a record in the tab of its site.
    pub(super) async fn show_record(&self, url: &str) {
        self.browser
            .show(url, sites::pattern_of(url).as_deref())
            .await;
    }
}
