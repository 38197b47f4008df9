//! Who is meant by a number that several share; a new case is a line of `tests/who/cases.tsv`.
#![allow(clippy::expect_used, reason = "a test may fail loudly")]

use switchboard::protocol::stored::{Contact, Dialled, TabReport, Why};
use switchboard::who::{self, Evidence, RECENT_MS};

const CASES: &str = include_str!("who/cases.tsv");

fn contact(id: &str, name: &str, read_at: i64, organisation: bool) -> Contact {
    Contact {
        id: id.to_owned(),
        name: name.to_owned(),
        read_at,
        organisation,
        ..Contact::default()
    }
}

#[test]
fn what_the_user_did_says_who_is_meant() {
    let people = [
        contact("bob", "Bob Babbage", 1, false),
        contact("ada", "Ada Byron", 2, false),
        contact("co", "Engines Ltd", 3, true),
    ];
    let mut wrong = Vec::new();
    for line in CASES.lines().filter(|it| !it.starts_with('#')) {
        let [chosen, open, clicked, called, name, expected] =
            line.split('\t').collect::<Vec<_>>()[..]
        else {
            panic!("not six columns: {line}");
        };
        let id = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let evidence = Evidence {
            chosen: id(chosen),
            open: open.split_whitespace().map(str::to_owned).collect(),
            clicked: id(clicked),
            called: id(called),
            caller_name: name.to_owned(),
        };
        let ranked: Vec<String> = who::ranked(&people, &evidence)
            .into_iter()
            .map(|(contact, why)| format!("{} {why:?}", contact.id))
            .collect();
        if ranked.join(", ") != expected {
            wrong.push(format!("{line}\n    found {}", ranked.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_alone_needs_no_evidence() {
    let people = [contact("ada", "Ada Byron", 2, false)];
    let evidence = Evidence {
        chosen: Some("ada".to_owned()),
        ..Evidence::default()
    };
    let ranked = who::ranked(&people, &evidence);
    assert_eq!(ranked.first().map(|it| it.1), Some(Why::OnlyOne));
    assert!(who::ranked(&[], &evidence).is_empty());
}

#[test]
fn the_asking_tabs_record_comes_first_and_an_old_report_says_nothing() {
    let now = 100 * RECENT_MS;
    let report = |open: Option<&str>, in_view: &[&str], age: i64| TabReport {
        open_record: open.map(str::to_owned),
        in_view: in_view.iter().map(|it| (*it).to_owned()).collect(),
        at: now - age,
        ..TabReport::default()
    };
    let reports = [
        (1, report(Some("elsewhere"), &[], 1_000)),
        (2, report(None, &["alone"], 500)),
        (3, report(None, &["one", "of two"], 0)),
        (4, report(Some("old"), &[], RECENT_MS + 1)),
        (5, report(Some("here"), &["other"], RECENT_MS)),
    ];
    let open = |asking| who::open_records(&reports, asking, now).join(" ");
    assert_eq!(open(Some(5)), "here alone elsewhere");
    assert_eq!(open(None), "alone elsewhere here");
}

#[test]
fn a_click_speaks_for_its_own_number_for_ten_minutes() {
    let dialled = Dialled {
        number: "site +442079460321".to_owned(),
        contact: "ada".to_owned(),
        at: 5,
    };
    let clicked = |key, now| who::clicked(Some(&dialled), key, now);
    let ada = Some("ada".to_owned());
    assert_eq!(clicked("site +442079460321", 5 + RECENT_MS), ada);
    assert_eq!(clicked("site +442079460321", 6 + RECENT_MS), None);
    assert_eq!(clicked("site +442079460999", 5), None);
    assert_eq!(who::clicked(None, "site +442079460321", 5), None);
}
