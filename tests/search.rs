//! Whom the dialer finds, behind the widget's own filter; a new case is a line of `tests/search/cases.tsv`.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use common::World;
use serde_json::{Value, json};
use switchboard::protocol::page::PageContact;

const CASES: &str = include_str!("search/cases.tsv");
const PEOPLE: &str = include_str!("search/people.json");

/// The rows that the widget keeps of an answer: it looks for the text again, literally.
fn rows(answer: &Value, text: &str) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    for contact in answer["data"].as_array().expect("a list") {
        let name = contact["name"].as_str().expect("a name");
        for number in contact["phoneNumbers"].as_array().expect("numbers") {
            assert!(number["phoneType"].is_string(), "the widget breaks without");
            let number = number["phoneNumber"].as_str().expect("a number");
            let text = text.to_lowercase();
            if format!("  {name}").to_lowercase().contains(&text) || number.contains(&text) {
                rows.push((name.to_owned(), number.to_owned()));
            }
        }
    }
    rows
}

fn search(world: &World, text: &str) -> Vec<(String, String)> {
    rows(
        &world.asks("/contacts/search", &json!({ "searchString": text })),
        text,
    )
}

#[test]
fn whoever_is_meant_has_a_row_that_the_widget_keeps() {
    let world = World::with_site_on();
    let people: Vec<PageContact> = serde_json::from_str(PEOPLE).expect("people");
    world.reads(&people);
    let mut wrong = Vec::new();
    for line in CASES.lines().filter(|it| !it.starts_with('#')) {
        let (text, expected) = line.split_once('\t').expect(line);
        let mut names: Vec<String> = Vec::new();
        for (name, _) in search(&world, text) {
            if names.last() != Some(&name) {
                names.push(name);
            }
        }
        let found = if names.is_empty() {
            "-".to_owned()
        } else {
            names.join(" | ")
        };
        if found != expected {
            wrong.push(format!("{line}\n    found {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_number_in_another_notation_has_one_row_a_name_one_for_each_number() {
    let world = World::with_site_on();
    let people: Vec<PageContact> = serde_json::from_str(PEOPLE).expect("people");
    world.reads(&people);
    let numbers = |text: &str| -> Vec<String> {
        search(&world, text)
            .into_iter()
            .map(|(_, number)| number)
            .collect()
    };
    assert_eq!(numbers("ada"), ["+442079460321", "+16505550100"]);
    assert_eq!(numbers("020 7946 0321"), ["+442079460321"]);
}

#[test]
fn an_answer_holds_as_many_rows_as_the_widget_shows() {
    let world = World::with_site_on();
    let people: Vec<PageContact> = (0..60)
        .map(|n| common::person(&format!("p{n}"), &format!("Person {n}"), "+12125550100"))
        .collect();
    world.reads(&people);
    assert_eq!(search(&world, "person").len(), 50);
}
