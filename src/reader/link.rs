//! What links say: which record they lead to, and the numbers and addresses that `tel:` and `mailto:` hold.

use switchboard_rules::address::decoded;
use switchboard_rules::{RecordKind, SiteRule};

use super::words::{has, plain};
use crate::address::Address;

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

const KINDS: &[(Kind, &str)] = &[
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
const DEEDS: &str = "create|new|add|delete|remove|logout|export|import|vcard|archive|anonymize|download|\
    print|pdf|merge|clone|duplicate|unlink|disable";

fn word_kind(word: &str) -> Option<Kind> {
    let known = |word: &str| {
        KINDS
            .iter()
            .find(|(_, words)| has(words, word))
            .map(|(kind, _)| *kind)
    };
    let plural = || {
        ["s", "es", "e", "en", "n"]
            .iter()
            .find_map(|it| known(word.strip_suffix(it)?))
    };
    known(word)
        .or_else(plural)
        .or_else(|| known(&format!("{}y", word.strip_suffix("ies")?)))
}

/// Returns the kind that one part of an address names: `contact_list`, `party.party`, `ContactDetails`.
fn token_kind(token: &str) -> Option<Kind> {
    let token = token.split_once('.').map_or(token, |(before, extension)| {
        if matches!(
            extension,
            "php" | "html" | "aspx" | "asp" | "nl" | "jsp" | "do"
        ) {
            before
        } else {
            token
        }
    });
    plain(token).split(' ').find_map(word_kind)
}

fn is_id(token: &str) -> bool {
    let token = token.trim_matches(['{', '}']);
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let plain = token
        .bytes()
        .all(|it| it.is_ascii_alphanumeric() || it == b'-' || it == b'_');
    let prefixed = token
        .split_once('_')
        .is_some_and(|(before, id)| before.len() <= 6 && id.len() >= 8 && !id.contains('_'));
    plain
        && ((digits > 0 && digits == token.len() && digits <= 20)
            || (token.len() >= 12 && digits >= 2 && !token.contains('_') && token.len() <= 40)
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
    let (fragment_path, fragment_query) = fragment
        .split_once(['?', ';', '&'])
        .unwrap_or((&fragment, ""));
    let query: Vec<(String, String)> = address
        .query
        .split('&')
        .chain(fragment_query.split(['&', ';']))
        .filter_map(|part| part.split_once('='))
        .map(|(name, value)| (name.to_owned(), decoded(value)))
        .collect();
    let mut tokens: Vec<&str> = address.path.split('/').collect();
    let inner = query
        .iter()
        .filter(|(_, value)| value.contains('/'))
        .flat_map(|(_, value)| value.split('/'));
    tokens.extend(inner);
    tokens.extend(fragment_path.split(['/', '!']));
    tokens.retain(|it| !it.is_empty());

    let deed = |text: &str| plain(text).split(' ').any(|it| has(DEEDS, it));
    if tokens.iter().any(|it| deed(it))
        || query
            .iter()
            .any(|(name, value)| deed(name) || (name == "action" && deed(value)))
    {
        return None;
    }
    let found = in_path(&tokens).or_else(|| in_query(&tokens, &query))?;
    Some(RecordLink {
        kind: found.0,
        id: found.1.trim_matches(['{', '}']).to_owned(),
        url: url.to_owned(),
        part: found.2,
    })
}

/// Looks for `contacts/17`, `Contact/view/17`: the last id that a word of a kind stands before.
fn in_path(tokens: &[&str]) -> Option<(Kind, String, bool)> {
    (0..tokens.len()).rev().find_map(|at| {
        let id = tokens.get(at).filter(|it| is_id(it))?;
        let before = tokens.get(at.saturating_sub(3)..at)?;
        let (distance, kind) = before
            .iter()
            .rev()
            .enumerate()
            .take_while(|(distance, it)| *distance == 0 || !is_id(it))
            .find_map(|(distance, it)| Some((distance, token_kind(it)?)))
            .filter(|(_, kind)| {
                *kind != Kind::Other
                    || !before.iter().any(|it| {
                        matches!(
                            token_kind(it),
                            Some(Kind::Person | Kind::Company | Kind::Either)
                        )
                    })
            })
            .or_else(|| {
                // "Contact/view/17": a verb that is also a kind does not hide the kind before it.
                let verb = before.last().is_some_and(|it| {
                    matches!(*it, "view" | "list" | "detail" | "record" | "show" | "edit")
                });
                let kind = before.iter().rev().skip(1).find_map(|it| token_kind(it))?;
                (verb && kind != Kind::Other).then_some((1, kind))
            })?;
        let _ = distance;
        // "/contacts/17/deals": what follows the id is a part of the record.
        let part = tokens.get(at + 1..).is_some_and(|rest| {
            rest.iter()
                .any(|it| token_kind(it).is_some_and(|it| it != Kind::Other))
        });
        Some((kind, (*id).to_owned(), part))
    })
}

/// Looks for `contact.php?client_id=1&contact_id=17`, `/contact/card.php?id=17`, `main.aspx?etn=contact&id=17`.
fn in_query(tokens: &[&str], query: &[(String, String)]) -> Option<(Kind, String, bool)> {
    let of_path = tokens.iter().find_map(|it| token_kind(it));
    let ids: Vec<(Option<Kind>, bool, &str)> = query
        .iter()
        .filter(|(_, value)| is_id(value))
        .filter_map(|(name, value)| {
            let name = plain(name);
            let stem = name
                .strip_suffix("id")
                .or(if name == "record" || name == "key" {
                    Some("")
                } else {
                    None
                })?;
            Some((
                token_kind(stem.trim()),
                stem.trim().is_empty(),
                value.as_str(),
            ))
        })
        .collect();
    let of_values = || {
        query
            .iter()
            .filter(|(_, value)| !is_id(value))
            .find_map(|(_, value)| token_kind(value))
    };
    let same = ids
        .iter()
        .find(|(kind, _, _)| kind.is_some() && *kind == of_path);
    let bare = ids.iter().find(|(_, bare, _)| *bare);
    if let Some((kind, _, id)) = same {
        return Some(((*kind)?, (*id).to_owned(), false));
    }
    if let Some((_, _, id)) = bare {
        return Some((of_path.or_else(of_values)?, (*id).to_owned(), false));
    }
    let (kind, _, id) = ids
        .iter()
        .find(|(kind, _, _)| kind.is_some())
        .or(ids.first())?;
    let part = matches!((of_path, kind), (Some(Kind::Person | Kind::Company), Some(own)) if Some(*own) != of_path);
    Some(((*kind).or(of_path)?, (*id).to_owned(), part))
}

/// Returns the number of a `tel:`, `callto:`, `sms:` or `whatsapp:` link, decoded, with its extension.
pub(crate) fn phone_of(href: &str) -> Option<String> {
    let (scheme, rest) = href.trim().split_once(':')?;
    let known = ["tel", "callto", "sms", "rcsms", "rcmobile", "phone"];
    if !known.iter().any(|it| scheme.eq_ignore_ascii_case(it)) {
        return None;
    }
    let rest = rest.trim_start_matches('/').split('?').next().unwrap_or("");
    let number = decoded(rest);
    (super::text::count_digits(&number) >= 3).then(|| number.trim().to_owned())
}

/// Returns the addresses of a `mailto:` link.
pub(crate) fn emails_of(href: &str) -> Vec<String> {
    let Some((scheme, rest)) = href.trim().split_once(':') else {
        return Vec::new();
    };
    if !scheme.eq_ignore_ascii_case("mailto") {
        return Vec::new();
    }
    let decoded = decoded(rest.split('?').next().unwrap_or(""));
    super::text::emails_in(&decoded)
        .into_iter()
        .map(str::to_owned)
        .collect()
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
            emails_of("mailto:ada%40example.org?subject=x"),
            ["ada@example.org"]
        );
    }
}
