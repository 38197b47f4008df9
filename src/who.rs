//! Who is meant by a number that several people share.
//!
//! A family, a company's main line, a record that stands twice in the CRM: the number alone does not say
//! who calls. What the user did says more, the later and the more deliberate the better.

use crate::protocol::stored::{Contact, Dialled, Millis, TabReport, Why};

/// How long a record that was open and a number that was clicked speak for a person, in milliseconds.
pub const RECENT_MS: Millis = 10 * 60 * 1000;

/// What speaks for one or the other. Ids that are no candidate's say nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Whom the user chose for this number before.
    pub chosen: Option<String>,
    /// Whose records are open, see [`open_records`].
    pub open: Vec<String>,
    /// In whose row the number was clicked, see [`clicked`].
    pub clicked: Option<String>,
    /// With whom the last call with this number was.
    pub called: Option<String>,
    /// The name that came with the number; it often is in capitals, cut or the other way round.
    pub caller_name: String,
}

impl Evidence {
    /// Whether something that the user did of late, or chose, speaks for one of these contacts.
    pub fn settles(&self, candidates: &[&Contact]) -> bool {
        candidates.iter().any(|contact| {
            let is = |id: &String| *id == contact.id;
            self.chosen.as_ref().is_some_and(is)
                || self.open.iter().any(is)
                || self.clicked.as_ref().is_some_and(is)
        })
    }
}

/// Returns the candidates for a number, the likeliest first, and why each is where it is.
///
/// The order: chosen before, record open, row clicked, last call, the name that came with the number (the
/// widget said it), the latest reading; people before organisations.
pub fn ranked<'a>(
    candidates: impl IntoIterator<Item = &'a Contact>,
    evidence: &Evidence,
) -> Vec<(&'a Contact, Why)> {
    ranked_over([(candidates.into_iter().collect(), evidence.clone())])
}

/// Returns the candidates of several sites, each with what speaks for its own, in the same order.
///
/// The reason is that among the candidates of one site: whoever is alone there is the only one.
pub fn ranked_over<'a>(
    sites: impl IntoIterator<Item = (Vec<&'a Contact>, Evidence)>,
) -> Vec<(&'a Contact, Why)> {
    let mut ranked: Vec<((usize, usize), &Contact, Why)> = Vec::new();
    for (candidates, evidence) in sites {
        let alone = candidates.len() == 1;
        for contact in candidates {
            let (why, place) = speaks_for(contact, &evidence);
            let weight = (strength(why), place);
            ranked.push((weight, contact, if alone { Why::OnlyOne } else { why }));
        }
    }
    ranked.sort_by(|(weight, a, _), (other, b, _)| {
        (weight, a.organisation, -a.read_at, &a.id, &a.site).cmp(&(
            other,
            b.organisation,
            -b.read_at,
            &b.id,
            &b.site,
        ))
    });
    ranked
        .into_iter()
        .map(|(_, contact, why)| (contact, why))
        .collect()
}

/// The strongest that speaks for a contact, and the contact's place among those for whom the same does.
fn speaks_for(contact: &Contact, evidence: &Evidence) -> (Why, usize) {
    let is = |id: &String| *id == contact.id;
    if evidence.chosen.as_ref().is_some_and(is) {
        (Why::ChosenBefore, 0)
    } else if let Some(place) = evidence.open.iter().position(is) {
        (Why::RecordOpen, place)
    } else if evidence.clicked.as_ref().is_some_and(is) {
        (Why::RowClicked, 0)
    } else if evidence.called.as_ref().is_some_and(is) {
        (Why::LastCall, 0)
    } else if is_named(contact, &evidence.caller_name) {
        (Why::Widget, 0)
    } else {
        (Why::LatestReading, 0)
    }
}

/// Returns how strong a reason is, compared with others: the smallest is the strongest.
pub fn strength(why: Why) -> usize {
    const ORDER: [Why; 7] = [
        Why::Chosen,
        Why::ChosenBefore,
        Why::RecordOpen,
        Why::RowClicked,
        Why::LastCall,
        Why::Widget,
        Why::OnlyOne,
    ];
    let place = ORDER.iter().position(|it| *it == why);
    place.unwrap_or(ORDER.len())
}

/// Whether a name that came with a number is a contact's: every word of the one is a word of the other.
fn is_named(contact: &Contact, caller_name: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let text = crate::directory::folded(text);
        let words = text.split(|it: char| !it.is_alphanumeric());
        words
            .filter(|it| it.chars().count() > 1)
            .map(str::to_owned)
            .collect()
    };
    let (ours, theirs) = (words(&contact.name), words(caller_name));
    let all_in = |some: &[String], others: &[String]| {
        !some.is_empty() && some.iter().all(|word| others.contains(word))
    };
    all_in(&theirs, &ours) || all_in(&ours, &theirs)
}

/// Returns the ids of the contacts whose records are open, or who are alone in view: that of the asking
/// tab first, then the latest reading's.
pub fn open_records(reports: &[(i32, TabReport)], asking: Option<i32>, now: Millis) -> Vec<String> {
    let mut recent: Vec<&(i32, TabReport)> = reports
        .iter()
        .filter(|(_, report)| now - report.at <= RECENT_MS)
        .collect();
    recent.sort_by_key(|(tab, report)| (Some(*tab) != asking, -report.at));
    let ids = recent.into_iter().filter_map(|(_, report)| {
        let alone = match report.in_view.as_slice() {
            [alone] => Some(alone),
            _ => None,
        };
        report.open_record.as_ref().or(alone).cloned()
    });
    ids.collect()
}

/// Returns the id of the contact in whose row a number was clicked a moment ago.
pub fn clicked(dialled: Option<&Dialled>, number_key: &str, now: Millis) -> Option<String> {
    let dialled = dialled?;
    let meant = dialled.number == number_key && now - dialled.at <= RECENT_MS;
    (meant && !dialled.contact.is_empty()).then(|| dialled.contact.clone())
}
