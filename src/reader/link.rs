//! What links say: which record they lead to, and the numbers and addresses that `tel:` and `mailto:` hold.

use switchboard_rules::address::decoded;
use switchboard_rules::pieces::{
    before, contains, cut, find_any, is_one_of, joined, pieces, trim, trim_start,
};
use switchboard_rules::{RecordKind, SiteRule};

use super::words::{Sense, plain, sense_of};
use crate::address::Address;
use crate::protocol::runtime::Dialling;

/// The longest text that a link brings for a message, in characters: what the widget sends as one.
const MOST_TEXT: usize = 1_000;

/// What kind of record a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Person,
    Company,
    /// A word that means people in one CRM and companies in the next: client, customer, partner.
    Either,
    /// Tickets, deals, users of the CRM itself.
    Other,
}

/// A record that an address names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RecordLink {
    pub kind: Kind,
    pub id: String,
    /// The address, absolute.
    pub url: String,
    /// Whether the address shows something of the record (its list of people) rather than the record.
    pub part: bool,
}

impl RecordLink {
    /// Returns whether two links lead to one record.
    #[inline(never)]
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.kind == other.kind && self.id == other.id
    }
}

/// Words of addresses, by the kind of record that they name.
pub(crate) const KINDS: &[(Kind, &str)] = &[
    (
        Kind::Person,
        "contact|person|people|lead|prospect|candidate|patient|member|student|applicant|\
         attendee|individual|kontakt|persona|personne|pessoa|contacto|contato|contatto|\
         contatti|ansprechpartner",
    ),
    (
        Kind::Company,
        "account|company|organization|organisation|org|societe|firm|vendor|supplier|thirdparty|\
         firma|unternehmen|empresa|azienda|entreprise|bedrijf|soc",
    ),
    (
        Kind::Either,
        "client|customer|partner|party|kunde|cliente|klant|entity|debtor",
    ),
    (
        Kind::Other,
        "user|employee|owner|deal|opportunity|ticket|case|task|event|note|action|invoice|quote|\
         order|product|project|call|meeting|email|mail|campaign|document|file|attachment|tag|\
         activity|location|asset|team|report|list|view|calendar|article|post|comment|message|\
         payment|contract|category|group|segment|pipeline|stage|modal",
    ),
];

/// Words in an address that do something instead of showing a record.
pub(crate) const DEEDS: &str = "create|new|add|delete|remove|logout|export|import|vcard|archive|anonymize|download|\
    print|pdf|merge|clone|duplicate|unlink|disable";

fn word_kind(word: &str) -> Option<Kind> {
    let known = |word: &str| match sense_of(word, |it| matches!(it, Sense::Kind(_))) {
        Some(Sense::Kind(kind)) => Some(kind),
        _ => None,
    };
    if let Some(kind) = known(word) {
        return Some(kind);
    }
    for plural in ["s", "es", "e", "en", "n"] {
        if let Some(kind) = word.strip_suffix(plural).and_then(known) {
            return Some(kind);
        }
    }
    known(&joined(&[word.strip_suffix("ies")?, "y"]))
}

/// Returns the kind that one part of an address names (`contact_list`, `party.party`, `ContactDetails`, `client.php`),
/// and whether it names a deed.
fn meaning_of(token: &str) -> (Option<Kind>, bool) {
    let (mut kind, mut deed) = (None, false);
    for word in pieces(&plain(token), " ") {
        kind = kind.or_else(|| word_kind(word));
        deed |= sense_of(word, |it| it == Sense::Deed).is_some();
    }
    (kind, deed)
}

/// A part of an address.
struct Token<'a> {
    text: &'a str,
    kind: Option<Kind>,
    is_id: bool,
}

/// Adds the parts of an address; returns whether one names a deed.
fn add_tokens<'a>(text: &'a str, marks: &'static str, tokens: &mut Vec<Token<'a>>) -> bool {
    let mut deeds = false;
    for text in pieces(text, marks) {
        let (kind, deed) = meaning_of(text);
        deeds |= deed;
        tokens.push(Token {
            text,
            kind,
            is_id: is_id(text),
        });
    }
    deeds
}

fn is_id(token: &str) -> bool {
    let token = trim(token, "{}");
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let plain = token
        .bytes()
        .all(|it| it.is_ascii_alphanumeric() || it == b'-' || it == b'_');
    let prefixed = cut(token, "_")
        .is_some_and(|(before, id)| before.len() <= 6 && id.len() >= 8 && !contains(id, "_"));
    plain
        && ((digits > 0 && digits == token.len() && digits <= 20)
            || (token.len() >= 12 && digits >= 2 && !contains(token, "_") && token.len() <= 40)
            || (prefixed
                && token
                    .bytes()
                    .any(|it| it.is_ascii_uppercase() || it.is_ascii_digit())))
}

/// Returns the record that an address names, by the site's rule or by what addresses of records have in common.
pub(crate) fn record_of(url: &str, rule: Option<&SiteRule>) -> Option<RecordLink> {
    let address = Address::parse(url)?;
    if let Some(record) = rule.and_then(|it| it.record_of(&address.place())) {
        let kind = match record.kind {
            RecordKind::Person => Kind::Person,
            RecordKind::Company => Kind::Company,
            RecordKind::Deal | RecordKind::Ticket => Kind::Other,
            RecordKind::Other => Kind::Either,
        };
        return Some(RecordLink {
            kind,
            id: record.id,
            url: url.to_owned(),
            part: false,
        });
    }
    // Queries' values and fragments may be paths themselves, with queries of their own.
    let fragment = decoded(address.fragment);
    let path_end = find_any(&fragment, "?;&").unwrap_or(fragment.len());
    let (fragment_path, fragment_query) = fragment.split_at_checked(path_end)?;
    let mut query: Vec<(&str, String)> = Vec::new();
    let fragment_query = fragment_query.get(1..).unwrap_or("");
    for part in pieces(address.query, "&").chain(pieces(fragment_query, "&;")) {
        if let Some((name, value)) = cut(part, "=") {
            query.push((name, decoded(value)));
        }
    }
    let mut tokens = Vec::new();
    let mut deed = add_tokens(address.path, "/", &mut tokens);
    for (name, value) in &query {
        if contains(value, "/") {
            deed |= add_tokens(value, "/", &mut tokens);
        }
        deed |= meaning_of(name).1 || (*name == "action" && meaning_of(value).1);
    }
    deed |= add_tokens(fragment_path, "/!", &mut tokens);
    if deed {
        return None;
    }
    let (kind, id, part) = in_path(&tokens).or_else(|| in_query(&tokens, &query))?;
    Some(RecordLink {
        kind,
        id: trim(id, "{}").to_owned(),
        url: url.to_owned(),
        part,
    })
}

/// Looks for `contacts/17`, `Contact/view/17`: the last id that a word of a kind stands before.
fn in_path<'a>(tokens: &[Token<'a>]) -> Option<(Kind, &'a str, bool)> {
    for (at, id) in tokens.iter().enumerate().rev().filter(|(_, it)| it.is_id) {
        let before = tokens.get(at.saturating_sub(3)..at)?;
        let Some(kind) = kind_before(before) else {
            continue;
        };
        // "/contacts/17/deals": what follows the id is a part of the record.
        let mut behind = tokens.iter().skip(at + 1);
        let part = behind.any(|it| it.kind.is_some_and(|it| it != Kind::Other));
        return Some((kind, id.text, part));
    }
    None
}

/// Returns the kind that the words before an id name.
fn kind_before(before: &[Token<'_>]) -> Option<Kind> {
    let named = |kind: Option<Kind>| kind.filter(|it| *it != Kind::Other);
    let mut nearest = None;
    for (distance, token) in before.iter().rev().enumerate() {
        if distance > 0 && token.is_id {
            break;
        }
        nearest = nearest.or(token.kind);
    }
    if named(nearest).is_some() || !before.iter().any(|it| named(it.kind).is_some()) {
        return nearest;
    }
    // "Contact/view/17": a verb that is also a kind does not hide the kind before it.
    let (last, rest) = before.split_last()?;
    let verb = is_one_of(last.text, "view list detail record show edit");
    let kind = rest.iter().rev().find_map(|it| it.kind);
    named(kind).filter(|_| verb)
}

/// Looks for `contact.php?client_id=1&contact_id=17`, `/contact/card.php?id=17`, `main.aspx?etn=contact&id=17`.
fn in_query<'q>(
    tokens: &[Token<'_>],
    query: &'q [(&str, String)],
) -> Option<(Kind, &'q str, bool)> {
    let of_path = tokens.iter().find_map(|it| it.kind);
    // The first id of the path's own kind, the first of no kind, the first of any kind, the first.
    let (mut same, mut bare, mut other, mut first) = (None, None, None, None);
    let mut of_values = None;
    for (name, value) in query {
        if !is_id(value) {
            of_values = of_values.or_else(|| meaning_of(value).0);
            continue;
        }
        let name = plain(name);
        let stem = match name.as_str() {
            "record" | "key" => Some(""),
            name => name.strip_suffix("id"),
        };
        let Some(stem) = stem.map(str::trim) else {
            continue;
        };
        let id = value.as_str();
        first = first.or(Some(id));
        if stem.is_empty() {
            bare = bare.or(Some(id));
        }
        if let Some(kind) = meaning_of(stem).0 {
            other = other.or(Some((kind, id)));
            if of_path == Some(kind) {
                same = same.or(Some((kind, id)));
            }
        }
    }
    if let Some((kind, id)) = same {
        return Some((kind, id, false));
    }
    if let Some(id) = bare {
        return Some((of_path.or(of_values)?, id, false));
    }
    if let Some((kind, id)) = other {
        let part = matches!(of_path, Some(Kind::Person | Kind::Company));
        return Some((kind, id, part));
    }
    Some((of_path?, first?, false))
}

/// Returns the number of a `tel:`, `callto:`, `sms:` or `whatsapp:` link, decoded, with its extension.
pub(crate) fn phone_of(href: &str) -> Option<String> {
    let (scheme, rest) = cut(href.trim(), ":")?;
    if !is_scheme(scheme, "tel callto sms rcsms rcmobile phone") {
        return None;
    }
    let number = decoded(before(trim_start(rest, "/"), "?"));
    (super::text::count_digits(&number) >= 3).then(|| number.trim().to_owned())
}

/// Returns the number that a click on a link calls (`tel:`, `callto:`) or writes to (`sms:`, `smsto:`), decoded,
/// with its parameters (`;ext=204`), and what is to be done with it.
pub(crate) fn dialled_by(href: &str) -> Option<(String, Dialling)> {
    let (scheme, rest) = cut(href.trim(), ":")?;
    if is_scheme(scheme, "tel callto") {
        return Some((phone_of(href)?, Dialling::Call));
    }
    if !is_scheme(scheme, "sms smsto") {
        return None;
    }
    // Some write the text behind "&", where there is no "?" before it; several recipients are parted by commas.
    let end = find_any(rest, "?&").unwrap_or(rest.len());
    let (numbers, query) = rest.split_at_checked(end)?;
    let number = phone_of(&joined(&["sms:", before(numbers, ",;")]))?;
    let mut text = String::new();
    for part in pieces(query, "?&") {
        if let Some((name, value)) = cut(part, "=")
            && name.eq_ignore_ascii_case("body")
        {
            text = decoded(value).chars().take(MOST_TEXT).collect();
        }
    }
    Some((number, Dialling::Text(text)))
}

fn is_scheme(scheme: &str, known: &'static str) -> bool {
    pieces(known, " ").any(|it| scheme.eq_ignore_ascii_case(it))
}

/// Returns the addresses of a `mailto:` link, parted by blanks; an empty text where it is none.
pub(crate) fn mailed_to(href: &str) -> String {
    match cut(href.trim(), ":") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto") => decoded(before(rest, "?")),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDS: &[(&str, Kind, &str, bool)] = &[
        ("https://a.example/contacts/17", Kind::Person, "17", false),
        (
            "https://a.example/app#/contact/17/show",
            Kind::Person,
            "17",
            false,
        ),
        (
            "https://a.example/#Contact/view/5b7e0c91d2a84f36e",
            Kind::Person,
            "5b7e0c91d2a84f36e",
            false,
        ),
        (
            "https://a.example/lightning/r/Contact/003Qy00000AbCdEIAV/view",
            Kind::Person,
            "003Qy00000AbCdEIAV",
            false,
        ),
        (
            "https://a.example/agent/contact.php?client_id=4&contact_id=9",
            Kind::Person,
            "9",
            false,
        ),
        (
            "https://a.example/agent/contacts.php?client_id=4",
            Kind::Either,
            "4",
            true,
        ),
        (
            "https://a.example/agent/client_overview.php?client_id=4",
            Kind::Either,
            "4",
            false,
        ),
        (
            "https://a.example/contact/card.php?id=14",
            Kind::Person,
            "14",
            false,
        ),
        (
            "https://a.example/societe/contact.php?id=1",
            Kind::Company,
            "1",
            false,
        ),
        (
            "https://a.example/societe/card.php?socid=2",
            Kind::Company,
            "2",
            false,
        ),
        (
            "https://a.example/list/Contact/?blade=/details/Contact/77",
            Kind::Person,
            "77",
            false,
        ),
        (
            "https://a.example/main.aspx?appid=x&etn=contact&id=0a1b2c3d-0000-4000-8000-000000000001",
            Kind::Person,
            "0a1b2c3d-0000-4000-8000-000000000001",
            false,
        ),
        (
            "https://a.example/#crm/model/party.party/17;views=%5B149%5D",
            Kind::Either,
            "17",
            false,
        ),
        (
            "https://a.example/comm/action/card.php?id=17",
            Kind::Other,
            "17",
            false,
        ),
        (
            "https://a.example/#User/view/5b7e0c91d2a84f001",
            Kind::Other,
            "5b7e0c91d2a84f001",
            false,
        ),
    ];

    #[test]
    fn records_are_found_wherever_an_address_hides_them() {
        for (url, kind, id, part) in RECORDS {
            let found = record_of(url, None).unwrap_or_else(|| panic!("{url}"));
            assert_eq!(
                (found.kind, found.id.as_str(), found.part),
                (*kind, *id, *part),
                "{url}"
            );
        }
        for url in [
            "https://a.example/contacts",
            "https://a.example/contact/list.php?limit=100",
            "https://a.example/contact/vcard.php?id=1",
            "https://a.example/#Contact",
        ] {
            assert_eq!(record_of(url, None), None, "{url}");
        }
    }

    #[test]
    fn links_that_dial_give_their_number() {
        assert_eq!(
            phone_of("tel:+442079460018;ext=204").as_deref(),
            Some("+442079460018;ext=204")
        );
        assert_eq!(
            phone_of("callto:020%207946%200018").as_deref(),
            Some("020 7946 0018")
        );
        assert_eq!(phone_of("https://a.example/tel:1"), None);
        assert_eq!(
            mailed_to("mailto:ada%40example.org?subject=x"),
            "ada@example.org"
        );
    }
    #[test]
    fn a_link_says_whom_to_call_or_to_write_to() {
        let message = |text: &str| Dialling::Text(text.to_owned());
        for (href, number, then) in [
            (
                " TEL:+44%2020%207946%200018;ext=204",
                "+44 20 7946 0018;ext=204",
                Dialling::Call,
            ),
            ("callto:02079460018", "02079460018", Dialling::Call),
            ("sms:+442079460018", "+442079460018", message("")),
            (
                "SMSTO:+442079460018?body=Call%20me%20%26%20bring+it",
                "+442079460018",
                message("Call me & bring+it"),
            ),
            ("sms:02079460018&body=now", "02079460018", message("now")),
            ("sms:02079460018;?&Body=now", "02079460018", message("now")),
            (
                "sms:02079460018,02079460019?subject=x&body=both",
                "02079460018",
                message("both"),
            ),
            ("sms:02079460018?body=%ff", "02079460018", message("%ff")),
        ] {
            assert_eq!(dialled_by(href), Some((number.to_owned(), then)), "{href}");
        }
        for href in [
            "callto:ada.byron",
            "sms:?body=12345",
            "whatsapp:+442079460018",
            "tel",
            "",
        ] {
            assert_eq!(dialled_by(href), None, "{href}");
        }
    }
}
