//! `docs/protocol-coverage.md` is whole: every feature is there, and every test it names exists.
#![allow(clippy::expect_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};

/// The features of the five documents that the service was asked for.
const ASKED_FOR: u32 = 44;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The rows of the tables: their cells, without the headings.
fn rows(text: &str) -> Vec<Vec<String>> {
    text.lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| #"))
        .map(|line| {
            let line = line.trim().trim_matches('|');
            line.split('|').map(|cell| cell.trim().to_owned()).collect()
        })
        .collect()
}

/// Whether a test is there: a story (`wire/<name>`, `e2e/<name>`) or a function (`<file>::<name>`, with
/// `demo/` before a file of the stand-in).
fn exists(test: &str) -> bool {
    let there = |path: String| root().join(path).is_file();
    if let Some(story) = test.strip_prefix("e2e/") {
        return there(format!("tests/e2e/tests/product/{story}.rs"));
    }
    if let Some((folder, case)) = test.split_once('/')
        && folder != "demo"
    {
        let folder = root().join("tests").join(folder);
        return Path::new(&folder).join(format!("{case}.json")).is_file();
    }
    let Some((file, function)) = test.split_once("::") else {
        return false;
    };
    let file = match file.strip_prefix("demo/") {
        Some(file) => format!("demo/tests/{file}.rs"),
        None => format!("tests/{file}.rs"),
    };
    fs::read_to_string(root().join(file))
        .is_ok_and(|text| text.contains(&format!("fn {function}()")))
}

#[test]
fn every_feature_has_its_row_and_every_row_its_tests() {
    let text = fs::read_to_string(root().join("docs/protocol-coverage.md")).expect("the table");
    let rows = rows(&text);
    let numbers: Vec<u32> = rows
        .iter()
        .filter_map(|row| row.first()?.parse().ok())
        .collect();
    let wanted: Vec<u32> = (1..=ASKED_FOR).collect();
    assert_eq!(numbers, wanted, "the numbered rows");
    let beyond = rows
        .iter()
        .filter(|row| row.first().is_some_and(|it| it == "+"))
        .count();
    assert!(beyond >= 10, "the rows beyond them: {beyond}");
    for row in &rows {
        let [_, feature, seen, kept, tests] = row.as_slice() else {
            unreachable!("a row has five cells: {row:?}");
        };
        assert!(
            !seen.is_empty() && !kept.is_empty(),
            "{feature}: an empty cell"
        );
        let tests: Vec<&str> = tests
            .split(',')
            .map(|test| test.trim().trim_matches('`'))
            .collect();
        assert!(!tests.is_empty(), "{feature} has no test");
        for test in tests {
            assert!(exists(test), "{feature}: there is no test {test}");
        }
    }
}
