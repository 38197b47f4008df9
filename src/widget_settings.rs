//! Our switches in the widget's settings: which there are, and what a change of them means.

use serde_json::{Value, json};

use crate::protocol::registration::buttons;
use crate::protocol::stored::{GlobalSettings, SiteSettings};
use crate::protocol::widget::text as field;

/// Where our switches begin among the widget's own, which stand at 100 to 500 and from 10000.
const FIRST: usize = 600;

/// A switch of ours that the widget shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// A known caller's record opens when it rings.
    OpenOnRing,
    /// It opens when the user answers.
    OpenOnAnswer,
    /// It opens when the user calls.
    OpenOnOutgoing,
    /// The site's contacts are read, listed and matched.
    ReadContacts,
    /// A click on a number in the page dials it.
    MarkNumbers,
    /// The form for notes opens when a call is over.
    AskForNotes,
    /// The user is asked before a number of another country is called.
    ConfirmInternational,
    /// The user is asked before a premium-rate number is called.
    ConfirmPremium,
    /// A contact that wants no contact is refused.
    RefuseDoNotContact,
}

impl Switch {
    /// Every switch, in the order in which the widget shows them.
    pub const ALL: [Self; 9] = [
        Self::ReadContacts,
        Self::MarkNumbers,
        Self::OpenOnRing,
        Self::OpenOnAnswer,
        Self::OpenOnOutgoing,
        Self::AskForNotes,
        Self::RefuseDoNotContact,
        Self::ConfirmPremium,
        Self::ConfirmInternational,
    ];

    /// Its id in the widget; it is ours alone there.
    pub fn id(self) -> &'static str {
        match self {
            Self::OpenOnRing => "openOnRing",
            Self::OpenOnAnswer => "openOnAnswer",
            Self::OpenOnOutgoing => "openOnOutgoing",
            Self::ReadContacts => "readContacts",
            Self::MarkNumbers => "markNumbers",
            Self::AskForNotes => "askForNotes",
            Self::ConfirmInternational => "confirmInternational",
            Self::ConfirmPremium => "confirmPremium",
            Self::RefuseDoNotContact => "refuseDoNotContact",
        }
    }

    /// The keys of its name and of what stands under it.
    fn text_keys(self) -> (&'static str, &'static str) {
        match self {
            Self::OpenOnRing => ("set_open_on_ring", "set_open_on_ring_help"),
            Self::OpenOnAnswer => ("set_open_on_answer", "set_open_on_answer_help"),
            Self::OpenOnOutgoing => ("set_open_on_outgoing", "set_open_on_outgoing_help"),
            Self::ReadContacts => ("set_read_contacts", "set_read_contacts_help"),
            Self::MarkNumbers => ("set_mark_numbers", "set_mark_numbers_help"),
            Self::AskForNotes => ("set_ask_for_notes", "set_ask_for_notes_help"),
            Self::ConfirmInternational => (
                "set_confirm_international",
                "set_confirm_international_help",
            ),
            Self::ConfirmPremium => ("set_confirm_premium", "set_confirm_premium_help"),
            Self::RefuseDoNotContact => (
                "set_refuse_do_not_contact",
                "set_refuse_do_not_contact_help",
            ),
        }
    }

    /// Whether it is on; `None` for a switch of a site where there is none.
    pub fn is_on(self, global: &GlobalSettings, own: Option<&SiteSettings>) -> Option<bool> {
        Some(match self {
            Self::OpenOnRing => global.open_on_ring,
            Self::OpenOnAnswer => global.open_on_answer,
            Self::OpenOnOutgoing => global.open_on_outgoing,
            Self::ReadContacts => own?.read_contacts,
            Self::MarkNumbers => own?.mark_numbers,
            Self::AskForNotes => global.ask_for_notes,
            Self::ConfirmInternational => global.confirm_international,
            Self::ConfirmPremium => global.confirm_premium,
            Self::RefuseDoNotContact => global.refuse_do_not_contact,
        })
    }

    /// Turns it on or off; nothing comes of a switch of a site where there is none.
    pub fn turn(self, on: bool, global: &mut GlobalSettings, own: Option<&mut SiteSettings>) {
        let switch = match (self, own) {
            (Self::OpenOnRing, _) => &mut global.open_on_ring,
            (Self::OpenOnAnswer, _) => &mut global.open_on_answer,
            (Self::OpenOnOutgoing, _) => &mut global.open_on_outgoing,
            (Self::ReadContacts, Some(own)) => &mut own.read_contacts,
            (Self::MarkNumbers, Some(own)) => &mut own.mark_numbers,
            (Self::ReadContacts | Self::MarkNumbers, None) => return,
            (Self::AskForNotes, _) => &mut global.ask_for_notes,
            (Self::ConfirmInternational, _) => &mut global.confirm_international,
            (Self::ConfirmPremium, _) => &mut global.confirm_premium,
            (Self::RefuseDoNotContact, _) => &mut global.refuse_do_not_contact,
        };
        *switch = on;
    }
}

/// Returns the tree of settings that the widget shows; `text` gives texts by message key. What belongs to one
/// site is left out where there is no `own`.
///
/// It is flat: widgets that know no groups would drop what is in one. What concerns logging stands among
/// the widget's own switches of logging.
pub fn tree(
    global: &GlobalSettings,
    own: Option<&SiteSettings>,
    text: &dyn Fn(&str) -> String,
) -> Value {
    let all = Switch::ALL.iter().enumerate();
    let switches = all.filter_map(|(at, switch)| {
        let is_on = switch.is_on(global, own)?;
        let (name, description) = switch.text_keys();
        let mut item = json!({
            "id": switch.id(),
            "type": "boolean",
            "name": text(name),
            "description": text(description),
            "value": is_on,
            "order": FIRST + at,
        });
        if *switch == Switch::AskForNotes
            && let Some(fields) = item.as_object_mut()
        {
            fields.insert("groupId".to_owned(), json!("logging"));
        }
        Some(item)
    });
    let book = json!({
        "id": buttons::BOOK,
        "type": "button",
        "name": text("book_title"),
        "buttonLabel": text("set_open_book"),
        "order": FIRST + Switch::ALL.len(),
    });
    Value::Array(switches.chain([book]).collect())
}

/// Returns what the user changed in the widget's settings, by the body of its request: the changed item, or
/// all of them where the widget does not say which (the oldest do not).
///
/// An item without an id goes by its name, which then is the text that [`tree`] gave it. What is none of
/// ours, or not on or off, is left out.
pub fn changes(body: &Value, text: &dyn Fn(&str) -> String) -> Vec<(Switch, bool)> {
    let mut found = Vec::new();
    match body.get("setting").filter(|it| it.is_object()) {
        Some(item) => read(item, text, &mut found),
        None => {
            for item in items(body, "settings") {
                read(item, text, &mut found);
            }
        }
    }
    found
}

fn read(item: &Value, text: &dyn Fn(&str) -> String, found: &mut Vec<(Switch, bool)>) {
    let called = match field(item, "id") {
        "" => field(item, "name"),
        id => id,
    };
    let value = item.get("value").and_then(Value::as_bool);
    if let (Some(switch), Some(on)) = (switch_called(called, text), value) {
        found.push((switch, on));
    }
}

fn switch_called(called: &str, text: &dyn Fn(&str) -> String) -> Option<Switch> {
    let by_name = |it: &Switch| !called.is_empty() && text(it.text_keys().0) == called;
    let mut all = Switch::ALL.into_iter();
    all.find(|it| it.id() == called)
        .or_else(|| Switch::ALL.into_iter().find(by_name))
}

fn items<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value
        .get(name)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Switch, changes, tree};
    use crate::protocol::stored::{GlobalSettings, SiteSettings};
    use serde_json::{Value, json};

    fn key(key: &str) -> String {
        key.to_owned()
    }

    #[test]
    fn every_switch_shows_its_state_and_is_read_back() {
        let (mut global, mut own) = (GlobalSettings::default(), SiteSettings::default());
        for switch in Switch::ALL {
            for on in [true, false] {
                switch.turn(on, &mut global, Some(&mut own));
                assert_eq!(switch.is_on(&global, Some(&own)), Some(on));
                let shown = tree(&global, Some(&own), &key);
                let item = shown
                    .as_array()
                    .into_iter()
                    .flatten()
                    .find(|it| it["id"] == switch.id());
                let item = item.cloned().unwrap_or_default();
                assert_eq!(item["value"], on, "{}", switch.id());
                let body = json!({ "settings": shown, "setting": item });
                assert_eq!(changes(&body, &key), [(switch, on)]);
            }
        }
    }

    #[test]
    fn where_there_is_no_site_its_switches_are_not_shown_and_turn_nothing() {
        let mut global = GlobalSettings::default();
        let before = global.clone();
        let shown = tree(&global, None, &key);
        let items = shown.as_array().cloned().unwrap_or_default();
        assert_eq!(items.len(), Switch::ALL.len() - 2 + 1);
        for switch in [Switch::ReadContacts, Switch::MarkNumbers] {
            assert!(items.iter().all(|it| it["id"] != switch.id()));
            switch.turn(false, &mut global, None);
        }
        assert_eq!(global, before);
        Switch::OpenOnRing.turn(true, &mut global, None);
        assert!(global.open_on_ring);
    }

    #[test]
    fn the_widget_drops_no_item() {
        let own = SiteSettings::default();
        let shown = tree(&GlobalSettings::default(), Some(&own), &key);
        let items = shown.as_array().cloned().unwrap_or_default();
        let ids: BTreeSet<&str> = items.iter().filter_map(|it| it["id"].as_str()).collect();
        assert_eq!(ids.len(), Switch::ALL.len() + 1);
        for item in &items {
            assert!(item["name"].is_string() && item["order"].is_number());
            match item["type"].as_str() {
                Some("boolean") => assert!(item["value"].is_boolean()),
                kind => {
                    assert_eq!(kind, Some("button"));
                    assert!(item["buttonLabel"].is_string());
                }
            }
        }
    }

    #[test]
    fn a_change_is_understood_in_every_form_and_nothing_else_is() {
        let ring = |on| vec![(Switch::OpenOnRing, on)];
        for (body, found) in [
            (
                json!({ "setting": { "id": "openOnRing", "value": true } }),
                ring(true),
            ),
            // The oldest form: the name is the id, or what the user reads.
            (
                json!({ "setting": { "name": "openOnRing", "value": true } }),
                ring(true),
            ),
            (
                json!({ "setting": { "name": "set_open_on_ring", "value": false } }),
                ring(false),
            ),
            (
                json!({ "settings": [{ "name": "openOnRing", "value": true }, { "name": "x", "value": true }] }),
                ring(true),
            ),
            // What changed is what counts, not the rest of the tree.
            (
                json!({ "settings": [{ "id": "markNumbers", "value": true }],
                        "setting": { "id": "openOnRing", "value": true } }),
                ring(true),
            ),
            (
                json!({ "setting": { "id": "book", "value": true } }),
                vec![],
            ),
            (
                json!({ "setting": { "id": "openOnRing", "value": "yes" } }),
                vec![],
            ),
            (json!({ "setting": { "id": "openOnRing" } }), vec![]),
            (json!({ "setting": { "value": true } }), vec![]),
            (json!({ "setting": 7 }), vec![]),
            (json!({ "settings": "all" }), vec![]),
            (Value::Null, vec![]),
        ] {
            assert_eq!(changes(&body, &key), found, "{body}");
        }
    }
}
