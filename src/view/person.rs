//! Whom a log row names, and which addresses may become links.

use crate::address::Address;
use crate::protocol::book::LogRow;

/// Whom a log row names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person<'a> {
    /// A contact of the CRM.
    Contact(&'a str),
    /// Nobody known; this is what the phone network said.
    Network(&'a str),
    /// Nobody known; there is only a number.
    Number(&'a str),
    /// Not even a number.
    Nobody,
}

impl<'a> Person<'a> {
    /// Returns the best that a row knows.
    pub fn of(row: &'a LogRow) -> Self {
        let (contact, network, number) = (
            row.contact.trim(),
            row.caller_name.trim(),
            row.number.trim(),
        );
        if !contact.is_empty() {
            Self::Contact(contact)
        } else if !network.is_empty() {
            Self::Network(network)
        } else if !number.is_empty() {
            Self::Number(number)
        } else {
            Self::Nobody
        }
    }

    /// Returns the name or number to show; nothing if there is none.
    pub fn shown(self) -> Option<&'a str> {
        match self {
            Self::Contact(text) | Self::Network(text) | Self::Number(text) => Some(text),
            Self::Nobody => None,
        }
    }

    /// Whether it is a contact of the CRM.
    pub fn is_known(self) -> bool {
        matches!(self, Self::Contact(_))
    }
}

/// Returns an address that may become a link: `http` and `https` only.
///
/// Record addresses come from pages and recording links from the widget; a page can write
/// `javascript:` as easily as `https:`.
pub fn web_link(address: Option<&str>) -> Option<&str> {
    address.filter(|it| Address::parse(it).is_some())
}

#[cfg(test)]
mod tests {
    use super::{Person, web_link};
    use crate::protocol::book::LogRow;

    #[test]
    fn the_crm_knows_better_than_the_network_and_the_network_than_the_number() {
        let mut row = LogRow {
            contact: "Ada Byron".to_owned(),
            caller_name: "WIRELESS CALLER".to_owned(),
            number: "+442079460321".to_owned(),
            ..LogRow::default()
        };
        assert_eq!(Person::of(&row), Person::Contact("Ada Byron"));
        row.contact.clear();
        assert_eq!(Person::of(&row), Person::Network("WIRELESS CALLER"));
        row.caller_name = " ".to_owned();
        assert_eq!(Person::of(&row), Person::Number("+442079460321"));
        row.number.clear();
        assert_eq!(Person::of(&row).shown(), None);
    }

    #[test]
    fn only_web_addresses_become_links() {
        for (address, is_link) in [
            ("https://crm.example/contacts/17", true),
            ("HTTP://crm.example", true),
            ("javascript:alert(1)", false),
            ("javascript://crm.example/%0aalert(1)", false),
            (" javascript:alert(1)", false),
            ("data:text/html,hi", false),
            ("/contacts/17", false),
            ("", false),
        ] {
            assert_eq!(web_link(Some(address)).is_some(), is_link, "{address}");
        }
        assert_eq!(web_link(None), None);
    }
}
