//! What the rules of `sites/` say of addresses; a new case is a line of `tests/rules/cases.tsv`, and every rule has one.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use switchboard::address::Address;
use switchboard::sites::{all, rule_for, site_id};
use switchboard_rules::selector::Selector;
use switchboard_rules::{RuleError, SiteRule};

const CASES: &str = include_str!("rules/cases.tsv");

#[test]
fn every_address_is_read_as_its_site_and_record() {
    let mut wrong = Vec::new();
    for line in CASES.lines().filter(|it| !it.starts_with('#')) {
        let [url, site, kind, id] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not four columns: {line}");
        };
        let record = rule_for(url).and_then(|rule| rule.record_of(&Address::parse(url)?.place()));
        let read = record.map_or((String::from("-"), String::from("-")), |it| {
            (format!("{:?}", it.kind).to_lowercase(), it.id)
        });
        if (read.0.as_str(), read.1.as_str()) != (kind, id) || site_id(url) != site {
            wrong.push(format!("{line}\n    read {} {read:?}", site_id(url)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case_and_every_file_is_a_rule() {
    let spoken: BTreeSet<String> = CASES
        .lines()
        .filter_map(|it| rule_for(it.split('\t').next()?))
        .map(|it| it.id)
        .collect();
    let rules: BTreeSet<String> = all().into_iter().map(|it| it.id).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sites");
    let files: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|it| {
            it.unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(rules, files);
    assert_eq!(spoken, rules);
}

#[test]
fn two_tenants_of_one_crm_are_two_sites() {
    let one = site_id("https://app.hubspot.com/contacts/111/objects/0-1/views/all/list");
    let other = site_id("https://app-eu1.hubspot.com/contacts/222/objects/0-1/views/all/list");
    assert_ne!(one, other);
    assert_eq!(
        one,
        site_id("https://app.hubspot.com/contacts/111/record/0-1/5")
    );
    assert_eq!(site_id("not an address"), "");
}

#[test]
fn a_rule_that_cannot_work_is_refused_with_its_reason() {
    let rule = SiteRule {
        version: 1,
        id: "acme".to_owned(),
        name: "Acme".to_owned(),
        hosts: vec!["*.acme.example".to_owned()],
        ..SiteRule::default()
    };
    assert_eq!(rule.check(), Ok(()));
    let refused = |change: &dyn Fn(&mut SiteRule)| {
        let mut changed = rule.clone();
        change(&mut changed);
        changed.check().expect_err("refused")
    };
    assert_eq!(refused(&|it| it.version = 2), RuleError::Version(2));
    assert_eq!(refused(&|it| it.hosts.clear()), RuleError::NoHost);
    for host in [
        "*",
        "*acme.example",
        "acme",
        "https://acme.example",
        "a..example",
        "{id}.acme.example",
    ] {
        assert_eq!(
            refused(&|it| it.hosts = vec![host.to_owned()]),
            RuleError::Host(host.to_owned())
        );
    }
    for pattern in [
        "people/{id}",
        "/people/{who}",
        "/people/{id:name}",
        "/people/{id}x",
    ] {
        assert_eq!(
            refused(&|it| it.tenant = vec![pattern.to_owned()]),
            RuleError::Pattern(pattern.to_owned())
        );
    }
    assert_eq!(
        refused(&|it| it.tenant = vec!["/people/**".to_owned()]),
        RuleError::Without("{tenant}", "/people/**".to_owned())
    );
}

#[test]
fn a_selector_looks_at_one_element() {
    let fits = |selector: &str| {
        let attribute = |name: &str| {
            [("class", "row wide"), ("data-cell", "phone-1")]
                .iter()
                .find(|it| it.0 == name)
                .map(|it| it.1)
        };
        Selector::parse(selector)
            .expect(selector)
            .fits("x-tr", attribute)
    };
    for selector in [
        "x-tr",
        ".row",
        "x-tr.row.wide",
        "[data-cell]",
        "[data-cell=phone-1]",
        "[data-cell^=\"phone\"]",
        "x-tr[data-cell*=one-]",
    ] {
        assert!(fits(selector), "{selector}");
    }
    for selector in [
        "tr",
        ".ro",
        "[data-cell=phone]",
        "[data-cell^=one]",
        "[title]",
    ] {
        assert!(!fits(selector), "{selector}");
    }
    for selector in ["", "a b", "a > b", "a:hover", "[a", "."] {
        assert!(Selector::parse(selector).is_err(), "{selector}");
    }
}
