//! How well a stored number answers a query.
//!
//! An extension belongs to its own person, while the number in front of it belongs to the whole house:
//! a call from the bare number may be anybody with an extension there, a call from one extension is never another.

use super::ParsedNumber;

/// How well a contact's number answers a query, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closeness {
    /// The same number, with the same extension or both without.
    Same,
    /// Asked with an extension, the contact has the number without one.
    House,
    /// Asked without an extension, the contact has one.
    Extension,
}

/// Returns how well a contact's number answers a query; nothing where it is another number or another extension.
pub fn closeness(query: &ParsedNumber, contact: &ParsedNumber) -> Option<Closeness> {
    if query.e164 != contact.e164 {
        return None;
    }
    match (&query.extension, &contact.extension) {
        (one, two) if one == two => Some(Closeness::Same),
        (Some(_), None) => Some(Closeness::House),
        (None, Some(_)) => Some(Closeness::Extension),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(extension: Option<&str>) -> ParsedNumber {
        ParsedNumber {
            e164: "+442079460018".to_owned(),
            extension: extension.map(str::to_owned),
            valid: true,
        }
    }

    #[test]
    fn an_extension_prefers_its_own_then_the_house_and_never_another() {
        let asked = number(Some("204"));
        let mut answers = [closeness(&asked, &number(None)), closeness(&asked, &asked)];
        answers.sort();
        assert_eq!(answers, [Some(Closeness::Same), Some(Closeness::House)]);
        assert_eq!(closeness(&asked, &number(Some("205"))), None);
    }

    #[test]
    fn a_bare_number_prefers_the_house_to_its_extensions() {
        let asked = number(None);
        assert!(closeness(&asked, &asked) < closeness(&asked, &number(Some("204"))));
        assert!(closeness(&asked, &number(Some("204"))).is_some());
    }
}
