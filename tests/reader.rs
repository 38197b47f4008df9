//! What is read from pages: our own cases in `tests/pages`, and pages of real CRMs with their ground truth where such are at hand.
//!
//! A case is a folder with `page.html` and `expected.json`; nothing else is needed for a new one.
//! Real pages stand outside the project, in `$SWITCHBOARD_SHARED/crm`; without them that part says so and passes.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use switchboard::address::Address;
use switchboard::phone::{Libphonenumber, Numbering as _, Region, digits_of};
use switchboard::protocol::page::{PageContact, Reading};
use switchboard::reader::read;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read_page(file: &Path, url: &str) -> Reading {
    let html =
        fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    read(&switchboard_pages::snapshot(&html, url), None)
}

fn json(file: &Path) -> Value {
    let text =
        fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

#[test]
fn every_case_is_read_as_its_folder_expects() {
    let mut wrong = String::new();
    let mut count = 0;
    let mut folders: Vec<PathBuf> = fs::read_dir(root().join("tests/pages"))
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    folders.sort();
    for folder in folders {
        let expected = json(&folder.join("expected.json"));
        let reading = read_page(
            &folder.join("page.html"),
            expected["url"].as_str().expect("url"),
        );
        let read: Value = serde_json::to_value(&reading).unwrap();
        // Only what the case names is compared, so that a case says what it is about; contacts must be all of them.
        let contacts = expected["contacts"].as_array().expect("contacts");
        let same = read["contacts"].as_array().is_some_and(|it| {
            it.len() == contacts.len()
                && contacts.iter().zip(it).all(|(one, other)| says(one, other))
        }) && ["open_record", "events", "linked_data"]
            .iter()
            .all(|it| expected.get(it).is_none_or(|one| says(one, &read[it])));
        if !same {
            let _ = writeln!(
                wrong,
                "{}\n  expected {}\n  read     {}",
                folder.display(),
                expected,
                read
            );
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count >= 10, "only {count} cases");
}

/// Whether everything that `expected` states stands in `found`.
fn says(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => expected
            .iter()
            .all(|(key, value)| found.get(key).is_some_and(|it| says(value, it))),
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len()
                && expected
                    .iter()
                    .zip(found)
                    .all(|(one, other)| says(one, other))
        }
        _ => expected == found,
    }
}

/// Hits, what was expected, what was read.
#[derive(Clone, Copy, Default)]
struct Score {
    hits: usize,
    expected: usize,
    read: usize,
}

impl Score {
    fn add(&mut self, expected: &BTreeSet<String>, read: &BTreeSet<String>) {
        self.hits += expected.intersection(read).count();
        self.expected += expected.len();
        self.read += read.len();
    }

    fn precision(self) -> f64 {
        ratio(self.hits, self.read)
    }

    fn recall(self) -> f64 {
        ratio(self.hits, self.expected)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred at most")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

const FACETS: [&str; 7] = [
    "person", "number", "e-mail", "company", "id", "url", "title",
];

/// One page's expectation: people and what is known of them.
struct Person<'t> {
    truth: &'t Value,
    name: String,
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Finds whom each person read is meant to be; namesakes are told apart by what the page tells them apart by.
fn paired<'r>(
    all: &[Person],
    reading: &'r Reading,
) -> (Vec<Option<&'r PageContact>>, Vec<&'r PageContact>) {
    let mut found: Vec<Option<&PageContact>> = vec![None; all.len()];
    let mut extra = Vec::new();
    let mut people: Vec<&PageContact> = reading
        .contacts
        .iter()
        .filter(|it| !it.organisation)
        .collect();
    let close = |person: &Person, read: &PageContact| {
        let same = words(&read.name) == person.name;
        let id = person.truth["idOnPage"] == true
            && read.id.is_some()
            && read.id.as_deref() == person.truth["id"].as_str();
        usize::from(same) * (2 + usize::from(id))
            + usize::from(read.company.as_deref() == person.truth["company"].as_str() && same)
    };
    people.sort_by_key(|read| std::cmp::Reverse(all.iter().map(|it| close(it, read)).max()));
    for read in people {
        let best = (0..all.len())
            .filter(|at| found[*at].is_none() && close(&all[*at], read) > 0)
            .max_by_key(|at| close(&all[*at], read));
        match best {
            Some(at) => found[at] = Some(read),
            None => extra.push(read),
        }
    }
    (found, extra)
}

/// Scores a page; every pair carries its person, so that a fact of somebody else is wrong.
fn score(truth: &Value, reading: &Reading, region: &str, misses: &mut String) -> [Score; 7] {
    let all: Vec<Person> = truth["contacts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| Person {
            truth: it,
            name: words(it["name"].as_str().unwrap()),
        })
        .collect();
    let mut scores = [Score::default(); 7];
    let (found, extra) = paired(&all, reading);
    for (person, read) in all.iter().zip(&found) {
        let truth = person.truth;
        if truth["mentionOnly"] == true {
            continue;
        }
        scores[0].expected += 1;
        let nobody = PageContact::default();
        if read.is_some() {
            scores[0].hits += 1;
            scores[0].read += 1;
        } else {
            let _ = writeln!(misses, "  not read: {}", person.name);
        }
        let read = read.unwrap_or(&nobody);
        let mut compare = |facet: usize, expected: BTreeSet<String>, got: BTreeSet<String>| {
            if expected != got {
                let _ = writeln!(
                    misses,
                    "  {} {}: expected {expected:?}, read {got:?}",
                    person.name, FACETS[facet]
                );
            }
            scores[facet].add(&expected, &got);
        };
        let (expected, got) = numbers(truth, read, region);
        compare(1, expected, got);
        let texts = |it: &Value| {
            it.as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_lowercase)
                .collect()
        };
        compare(
            2,
            texts(&truth["emails"]),
            read.emails.iter().map(|it| it.to_lowercase()).collect(),
        );
        let one = |it: &Value| it.as_str().map(words).into_iter().collect();
        compare(
            3,
            one(&truth["company"]),
            read.company.as_deref().map(words).into_iter().collect(),
        );
        if truth["idOnPage"] == true {
            compare(4, one(&truth["id"]), read.id.clone().into_iter().collect());
            let expected = truth["url"].as_str().unwrap();
            let got = read.url.as_deref().map(|it| {
                if same_address(expected, it) {
                    expected
                } else {
                    it
                }
                .to_owned()
            });
            compare(
                5,
                BTreeSet::from([expected.to_owned()]),
                got.into_iter().collect(),
            );
        }
        compare(
            6,
            one(&truth["jobTitle"]),
            read.job_title.as_deref().map(words).into_iter().collect(),
        );
    }
    for read in extra {
        scores[0].read += 1;
        let _ = writeln!(misses, "  nobody: {read:?}");
    }
    scores
}

/// Returns the numbers expected and read, in E.164; those that need another country count neither way.
fn numbers(
    truth: &Value,
    read: &PageContact,
    region: &str,
) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut expected = BTreeSet::new();
    let mut neither = BTreeSet::new();
    for phone in truth["phones"].as_array().unwrap() {
        let known = phone["needsRegion"] != true || phone["region"] == region;
        if known {
            expected.insert(phone["e164"].as_str().unwrap().to_owned());
        } else {
            let shown = digits_of(phone["shown"].as_str().unwrap_or_default());
            let _ = [shown, digits_of(phone["raw"].as_str().unwrap())].map(|it| neither.insert(it));
        }
    }
    let got = read
        .phones
        .iter()
        .filter(|it| !neither.contains(&digits_of(&it.raw)))
        .map(|it| {
            Libphonenumber
                .parse(&it.raw, Region::parse(region))
                .map_or(it.raw.clone(), |it| it.e164)
        })
        .collect();
    (expected, got)
}

/// Whether an address is the expected one but for parameters that it carries beside.
fn same_address(expected: &str, read: &str) -> bool {
    let (Some(one), Some(other)) = (Address::parse(expected), Address::parse(read)) else {
        return false;
    };
    let main = |it: &str| it.split(';').next().unwrap_or("").to_owned();
    let carried: BTreeSet<&str> = other.query.split('&').collect();
    one.origin() == other.origin()
        && one.path == other.path
        && main(one.fragment) == main(other.fragment)
        && one
            .query
            .split('&')
            .filter(|it| !it.is_empty())
            .all(|it| carried.contains(it))
}

#[test]
fn pages_of_real_crms_are_read_as_well_as_promised() {
    let shared = std::env::var("SWITCHBOARD_SHARED")
        .map_or_else(|_| root().join("../shared"), PathBuf::from);
    let folder = shared.join("crm");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("no CRM pages at {}: skipped", folder.display());
        return;
    };
    let mut crms: Vec<PathBuf> = entries
        .map(|it| it.unwrap().path())
        .filter(|it| it.join("truth.json").exists())
        .collect();
    crms.sort();
    let mut below = Vec::new();
    println!(
        "{:<28} {}",
        "precision/recall",
        FACETS.map(|it| format!("{it:<12}")).concat()
    );
    for crm in crms {
        let name = crm.file_name().unwrap().to_string_lossy().into_owned();
        for truth in json(&crm.join("truth.json"))["pages"].as_array().unwrap() {
            let page = truth["page"].as_str().unwrap();
            let reading = read_page(
                &crm.join(format!("{page}.html")),
                truth["url"].as_str().unwrap(),
            );
            let mut scores = [Score::default(); 7];
            let mut misses = String::new();
            for region in ["GB", "US"] {
                for (sum, score) in
                    scores
                        .iter_mut()
                        .zip(score(truth, &reading, region, &mut misses))
                {
                    sum.hits += score.hits;
                    sum.expected += score.expected;
                    sum.read += score.read;
                }
            }
            let row = scores
                .map(|it| {
                    format!(
                        "{:<12}",
                        format!("{:.2}/{:.2}", it.precision(), it.recall())
                    )
                })
                .concat();
            println!("{:<28} {row}", format!("{name}/{page}"));
            if std::env::var("SWITCHBOARD_MISSES")
                .is_ok_and(|it| format!("{name}/{page}").contains(&it))
            {
                println!("{misses}");
            }
            for (facet, score) in FACETS.iter().zip(scores).take(6) {
                if promised(&name, page) && (score.precision() < 0.95 || score.recall() < 0.95) {
                    below.push(format!(
                        "{name}/{page} {facet}: {:.2}/{:.2}",
                        score.precision(),
                        score.recall()
                    ));
                }
            }
        }
    }
    assert!(below.is_empty(), "below 0.95:\n{}", below.join("\n"));
}

/// The pages whose reading is not promised yet: people named only inside sentences, ids that stand in no link.
fn promised(crm: &str, page: &str) -> bool {
    !matches!((crm, page), ("dolibarr", "company") | ("tryton", "list"))
}
