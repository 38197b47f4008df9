//! The CRMs that are known by name: which rule speaks of an address, and which site an address belongs to.
//!
//! The rules themselves are data, `sites/*.toml`; the build turns them into one text.

use switchboard_rules::SiteRule;

use crate::address::Address;

/// The rules of `sites/*.toml` as a JSON list, made and checked by the build.
const RULES: &str = include_str!(concat!(env!("OUT_DIR"), "/sites.json"));

/// Returns every rule that comes with the product.
pub fn all() -> Vec<SiteRule> {
    serde_json::from_str(RULES).unwrap_or_default()
}

/// Returns the rule that speaks of an address's host.
pub fn rule_for(url: &str) -> Option<SiteRule> {
    let host = Address::parse(url)?.host.to_ascii_lowercase();
    all().into_iter().find(|rule| rule.covers(&host))
}

/// Returns the site that an address belongs to: the rule's group with its tenant (`hubspot:1234567`), or else the origin.
///
/// An address that is none gives an empty text, which is no site.
pub fn site_id(url: &str) -> String {
    let Some(address) = Address::parse(url) else {
        return String::new();
    };
    let tenant = rule_for(url)
        .and_then(|rule| Some(format!("{}:{}", rule.id, rule.tenant_of(&address.place())?)));
    tenant.unwrap_or_else(|| address.origin())
}

/// Returns what to call a site: the CRM's name and tenant (`HubSpot 1234567`), or the host.
pub fn name_of(site: &str) -> String {
    if let Some(address) = Address::parse(site) {
        let origin = address.origin();
        return origin
            .split_once("://")
            .map_or_else(|| site.to_owned(), |(_, host)| host.to_owned());
    }
    let (id, tenant) = site.split_once(':').unwrap_or((site, ""));
    match all().into_iter().find(|rule| rule.id == id) {
        Some(rule) => format!("{} {tenant}", rule.name).trim_end().to_owned(),
        None => site.to_owned(),
    }
}

/// Returns the match pattern that covers an address's host and nothing else (`https://crm.example/*`).
///
/// Patterns hold no port: Firefox knows none in them.
pub fn pattern_of(url: &str) -> Option<String> {
    let address = Address::parse(url)?;
    let scheme = address.scheme.to_ascii_lowercase();
    let host = address.host.to_ascii_lowercase();
    Some(format!("{scheme}://{host}/*"))
}
