//! Whether somebody may be called or written to.
//!
//! This holds also while the consent to list contacts is withdrawn: who does not want to be called is
//! not called.

use serde_json::{Value, json};

use super::ports::{Browser, Store};
use super::widget::Answer;
use super::{Done, Service};
use crate::directory::{self, Wanted};
use crate::phone::{NumberKind, Numbering, Region};
use crate::protocol::stored::{Contact, GlobalSettings};
use crate::protocol::widget::{SERVICE_NAME, text};
use crate::scope::Scope;

/// The most people a message names.
const MOST_NAMED: usize = 3;

/// What speaks against a call or a message, the least first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Objection {
    #[default]
    None,
    /// One of several who have the number says no.
    Perhaps(String),
    /// This person says no.
    Person(String),
}

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// May this person be called, or may these be written to?
    pub(super) async fn may_contact(&self, place: &str, body: &Value) -> Done<Answer> {
        let settings = self.store.settings().await?;
        let scope = Scope::of(place, &settings);
        let recipients = body.get("recipients").and_then(Value::as_array);
        let is_message = recipients.is_some() || text(body, "actionType") == "sms";
        let parties: Vec<&Value> =
            recipients.map_or_else(|| vec![body], |all| all.iter().collect());
        let numbers: Vec<&str> = parties.iter().map(|it| text(it, "phoneNumber")).collect();
        let mut known = Vec::with_capacity(scope.sites().len());
        for site in scope.sites() {
            known.push(self.who_has(site, &numbers).await?);
        }
        let (mut refusing, mut perhaps): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for (at, party) in parties.iter().enumerate() {
            let picked = self.picked_party(&scope, party).await?;
            // A picked contact speaks for itself; a number, for everybody who has it.
            let people = match &picked {
                Some(contact) => vec![contact],
                None => everybody_with(at, &known),
            };
            match objection(&people) {
                Objection::Person(name) if !refusing.contains(&name) => refusing.push(name),
                Objection::Perhaps(name) if !perhaps.contains(&name) => perhaps.push(name),
                _ => {}
            }
        }
        let (refused, asked, shared) = if is_message {
            ("guard_message", "guard_message_ask", "guard_message_shared")
        } else {
            ("guard_call", "guard_call_ask", "guard_call_shared")
        };
        if !refusing.is_empty() {
            return Ok(if settings.global.refuse_do_not_contact {
                self.objects("restrict", refused, &named(&refusing))
            } else {
                self.objects("confirm", asked, &named(&refusing))
            });
        }
        if !perhaps.is_empty() {
            return Ok(self.objects("confirm", shared, &named(&perhaps)));
        }
        if let (false, [number], Some(site)) =
            (is_message, &*numbers, self.nearest_site(&scope).await?)
        {
            let region = self.region_of(&site).await?;
            let wanted = directory::wanted(number, &site, &self.numbering, region);
            if let Some(number) = wanted.e164()
                && let Some(question) = self.costs(number, region, &settings.global)
            {
                return Ok(self.objects("confirm", question, number));
            }
        }
        Ok(Answer::data(json!({ "result": false })))
    }

    fn objects(&self, mode: &str, key: &str, whom: &str) -> Answer {
        let message = self.browser.text(key, &[whom]);
        Answer::data(json!({ "result": true, "mode": mode, "message": message }))
    }

    /// The contact of ours that the user picked, instead of typing a number.
    async fn picked_party(&self, scope: &Scope, party: &Value) -> Done<Option<Contact>> {
        let id = text(party, "contactId");
        let kind = text(party, "contactType");
        if id.is_empty() || !(kind.is_empty() || kind == SERVICE_NAME) {
            return Ok(None);
        }
        self.contact_meant(scope, id).await
    }

    /// The question to ask before a call to a number, as a message key, if there is one.
    fn costs(
        &self,
        e164: &str,
        region: Option<Region>,
        global: &GlobalSettings,
    ) -> Option<&'static str> {
        let kind = self.numbering.kind(e164);
        if kind == NumberKind::Premium && global.confirm_premium {
            return Some("guard_premium");
        }
        // Countries that share a toll-free range look like the first of them.
        let is_foreign = global.confirm_international
            && kind != NumberKind::TollFree
            && region.is_some_and(|own| match self.numbering.country(e164) {
                Some(country) => country != own,
                None => !e164.starts_with(&format!("+{}", own.calling_code())),
            });
        is_foreign.then_some("guard_international")
    }
}

/// Who has the number at a place of those that were asked, by what each site knows of them.
fn everybody_with(at: usize, known: &[(Vec<Wanted>, Vec<Contact>)]) -> Vec<&Contact> {
    let sites = known.iter();
    sites
        .filter_map(|(wanted, candidates)| Some(directory::matches(wanted.get(at)?, candidates)))
        .flatten()
        .collect()
}

fn objection(people: &[&Contact]) -> Objection {
    let refusing: Vec<&&Contact> = people.iter().filter(|it| it.says_no()).collect();
    match refusing.first() {
        None => Objection::None,
        Some(first) if refusing.len() == people.len() => Objection::Person(first.name.clone()),
        Some(first) => Objection::Perhaps(first.name.clone()),
    }
}

/// Names as one text; three say enough.
fn named(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(MOST_NAMED).map(String::as_str).collect();
    let more = if names.len() > MOST_NAMED {
        ", …"
    } else {
        ""
    };
    format!("{}{more}", shown.join(", "))
}
