//! Reads the people of a page, whatever CRM wrote it.
//!
//! Every source of facts makes drafts: tables and grids (`table`), the record that the page is about (`fields`), links to people (`cards`).
//! Drafts of one record are merged, the better source winning field by field (`draft`).
//! Who does not want to be contacted is found by the words that say so (`refusal`), a picture by where it stands (`picture`); events stand in markup made for machines (`events`).
//! Nothing here knows a CRM by name; what is particular to one stands in its site rule.
//! Numbers stay as the page writes them: what they mean depends on a region, which is the worker's to know.

mod cards;
mod draft;
mod events;
mod fields;
mod index;
mod link;
mod picture;
mod refusal;
pub mod snapshot;
mod table;
mod text;
mod view;
mod words;

use switchboard_rules::SiteRule;

use crate::protocol::page::Reading;
use link::Kind;
pub(crate) use link::dialled_by;
use snapshot::Snapshot;
use view::{Marks, View};

/// Reads the people and companies that a page shows.
///
/// `rules` is what is known of this page's CRM, if anything is; without it the page is read all the same.
pub fn read(page: &Snapshot, rules: Option<&SiteRule>) -> Reading {
    let view = View::new(page, rules);
    let mut drafts = Vec::new();
    let mut taken = Marks::new(page);
    table::read(&view, &mut taken, &mut drafts);
    cards::read(&view, &mut taken, &mut drafts);

    let own = view.own.clone().filter(|it| !it.part);
    let subject = match &own {
        Some(record) if record.kind != Kind::Other => fields::read(&view, record.kind, &taken),
        // A form about somebody, at an address that says nothing.
        None if drafts.is_empty() => fields::read(&view, Kind::Either, &taken)
            .filter(|it| !it.phones.is_empty() || !it.emails.is_empty()),
        _ => None,
    };
    let company = match &subject {
        Some(subject) if subject.organisation => subject.full_name(),
        _ => fields::context_company(&view),
    };
    if let Some(company) = company {
        for draft in drafts.iter_mut().filter(|it| !it.organisation) {
            draft::tell(&mut draft.company, &company, u8::MAX);
        }
    }
    let open_record = own.filter(|it| it.kind != Kind::Other).map(|it| it.id);
    drafts.extend(subject);
    let mut contacts = draft::merge(drafts);
    picture::drop_shared(&mut contacts);
    Reading {
        contacts,
        open_record,
        events: events::read(page),
        linked_data: page.linked_data().to_vec(),
    }
}
