//! What must hold for the repository as a whole. These are tests, so whoever runs the tests has checked it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use toml::Table;

use crate::bundle::CONTEXTS;
use crate::{cargo, root};

/// The folders of the product; what is around them shows, tests and builds it.
const PRODUCT: [&str; 9] = [
    "ui",
    "src",
    "rules",
    "webext",
    "content",
    "frame",
    "background",
    "popup",
    "book",
];

/// Every text file of the repository, by its path from the root.
fn files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                let is_ours =
                    !["target", "dist", "screenshots", "node_modules", ".git"].contains(&name);
                folders.extend(is_ours.then_some(path));
            } else if let Ok(text) = fs::read_to_string(&path) {
                files.insert(relative(&path), text);
            }
        }
    }
    files
}

fn relative(path: &Path) -> String {
    let root = root();
    let parts = path
        .strip_prefix(&root)
        .unwrap()
        .iter()
        .map(|part| part.to_str().unwrap());
    parts.collect::<Vec<_>>().join("/")
}

fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|it| it == ending)
}

fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.starts_with('/'))
}

fn product_rust(files: &BTreeMap<String, String>) -> impl Iterator<Item = (&String, &String)> {
    files
        .iter()
        .filter(|(path, _)| has_ending(path, "rs") && PRODUCT.iter().any(|it| is_in(path, it)))
}

/// The lines that are not comments, with their numbers.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line));
    lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// Fails with all complaints at once.
fn expect_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn hand_written_scripts_are_short_loaders() {
    let files = files();
    let scripts = files
        .iter()
        .filter(|(path, _)| has_ending(path, "js") && CONTEXTS.iter().any(|it| is_in(path, it)));
    let long = scripts.filter(|(_, text)| text.lines().count() >= 30);
    expect_none(
        &long
            .map(|(path, text)| format!("{path} has {} lines", text.lines().count()))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn the_rest_of_the_product_has_no_scripts() {
    let files = files();
    let elsewhere = files.keys().filter(|path| {
        has_ending(path, "js")
            && !is_in(path, "demo")
            && !CONTEXTS
                .iter()
                .any(|it| Path::new(path).parent() == Some(Path::new(it)))
    });
    let allowed = |path: &&String| !is_in(path, "bench") && !is_in(path, "tests");
    expect_none(
        &elsewhere
            .filter(allowed)
            .map(|path| format!("{path}: what a loader may not do is done in Rust"))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn only_webext_names_the_browsers_api() {
    let files = files();
    let mut complaints = Vec::new();
    for (path, text) in product_rust(&files).filter(|(path, _)| !is_in(path, "webext")) {
        for (number, line) in code(text) {
            if line.contains("chrome.") || line.contains("\"chrome\"") || line.contains("= chrome")
            {
                complaints.push(format!("{path}:{number}: {}", line.trim()));
            }
        }
    }
    expect_none(&complaints);
}

#[test]
fn only_protocol_and_rules_are_serialised() {
    let files = files();
    let mut complaints = Vec::new();
    let elsewhere = |path: &str| !is_in(path, "src/protocol") && !is_in(path, "rules");
    for (path, text) in product_rust(&files).filter(|(path, _)| elsewhere(path)) {
        // A derive may stand on several lines.
        for list in text.split("derive(").skip(1) {
            let names = list.split(')').next().unwrap_or_default();
            if names.contains("Serialize") || names.contains("Deserialize") {
                complaints.push(format!("{path} derives {}", names.trim()));
            }
        }
    }
    expect_none(&complaints);
}

/// The names of the packages that a package is made of.
fn tree(package: &str, target: &str) -> BTreeSet<String> {
    let mut command = cargo();
    command.args([
        "tree", "--edges", "normal", "--prefix", "none", "--format", "{p}",
    ]);
    let output = command
        .args(["--package", package, "--target", target])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let names: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect();
    assert!(names.contains(package), "cargo tree says {text}");
    names
}

#[test]
fn the_core_knows_no_browser() {
    for target in ["wasm32-unknown-unknown", "x86_64-unknown-linux-gnu"] {
        let names = tree("switchboard", target);
        let foreign = ["wasm-bindgen", "js-sys", "web-sys", "switchboard-webext"];
        let found: Vec<_> = foreign
            .into_iter()
            .filter(|it| names.contains(*it))
            .collect();
        assert_eq!(found, <[&str; 0]>::default(), "for {target}");
    }
}

/// What is loaded into every page must be small: each of these costs more than all that the page agent does.
#[test]
fn the_page_agent_carries_no_luggage() {
    let names = tree("switchboard-content", "wasm32-unknown-unknown");
    let heavy = [
        "chrono",
        "gloo-storage",
        "phonenumber",
        "regex",
        "rlibphonenumber",
        "serde-wasm-bindgen",
        "tracing",
        "url",
    ];
    let found: Vec<_> = heavy.into_iter().filter(|it| names.contains(*it)).collect();
    assert_eq!(found, <[&str; 0]>::default());
}

/// A package of the workspace: its folder, and the names of its direct dependencies by table.
struct Package {
    folder: PathBuf,
    dependencies: BTreeMap<String, BTreeSet<String>>,
}

fn packages() -> Vec<Package> {
    let root = root();
    let workspace: Table = fs::read_to_string(root.join("Cargo.toml"))
        .unwrap()
        .parse()
        .unwrap();
    let members = workspace["workspace"]["members"]
        .as_array()
        .unwrap()
        .clone();
    let read = |member: &toml::Value| {
        let folder = root.join(member.as_str().unwrap());
        let manifest: Table = fs::read_to_string(folder.join("Cargo.toml"))
            .unwrap()
            .parse()
            .unwrap();
        let names = |table: &Table| {
            let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
            let tables = kinds
                .into_iter()
                .filter_map(|kind| Some((kind, table.get(kind)?.as_table()?)));
            tables
                .map(|(kind, names)| {
                    (
                        kind.to_owned(),
                        names.keys().cloned().collect::<BTreeSet<_>>(),
                    )
                })
                .collect::<Vec<_>>()
        };
        let mut dependencies: BTreeMap<String, BTreeSet<String>> =
            names(&manifest).into_iter().collect();
        let targets = manifest
            .get("target")
            .and_then(toml::Value::as_table)
            .into_iter()
            .flat_map(Table::values);
        for (kind, more) in targets.filter_map(toml::Value::as_table).flat_map(names) {
            dependencies.entry(kind).or_default().extend(more);
        }
        Package {
            folder,
            dependencies,
        }
    };
    members.iter().map(read).collect()
}

impl Package {
    /// All the Rust that is compiled for it.
    fn rust(&self) -> String {
        let mut text = String::new();
        let mut folders = vec![
            self.folder.join("src"),
            self.folder.join("tests"),
            self.folder.join("benches"),
        ];
        text.push_str(&fs::read_to_string(self.folder.join("build.rs")).unwrap_or_default());
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|it| it == "rs") {
                    text.push_str(&fs::read_to_string(&path).unwrap());
                }
            }
        }
        text
    }
}

/// Whether its code names a crate.
fn uses(rust: &str, dependency: &str) -> bool {
    let name = dependency.replace('-', "_");
    let is_word =
        |byte: Option<&u8>| byte.is_some_and(|it| it.is_ascii_alphanumeric() || *it == b'_');
    let bytes = rust.as_bytes();
    rust.match_indices(&name).any(|(at, _)| {
        !is_word(at.checked_sub(1).and_then(|it| bytes.get(it)))
            && !is_word(bytes.get(at + name.len()))
    })
}

#[test]
fn every_dependency_is_used() {
    let mut complaints = Vec::new();
    for package in packages() {
        let rust = package.rust();
        for dependency in package
            .dependencies
            .values()
            .flatten()
            .collect::<BTreeSet<_>>()
        {
            if !uses(&rust, dependency) {
                complaints.push(format!(
                    "{} does not use {dependency}",
                    relative(&package.folder)
                ));
            }
        }
    }
    expect_none(&complaints);
}

/// The packages that the project was asked to stand on.
#[test]
fn the_product_stands_on_what_it_should() {
    let root = root();
    let product: Vec<Package> = packages()
        .into_iter()
        .filter(|it| {
            it.folder == root.join(".")
                || PRODUCT
                    .iter()
                    .any(|folder| it.folder.starts_with(root.join(folder)))
        })
        .collect();
    let mut complaints = Vec::new();
    for name in [
        "anyhow",
        "gloo-storage",
        "js-sys",
        "serde",
        "serde_json",
        "wasm-bindgen",
        "web-sys",
    ] {
        let has = |it: &&Package| {
            it.dependencies
                .get("dependencies")
                .is_some_and(|names| names.contains(name))
        };
        if !product.iter().filter(has).any(|it| uses(&it.rust(), name)) {
            complaints.push(format!("nothing stands on {name}"));
        }
    }
    expect_none(&complaints);
}

#[test]
fn every_dependency_is_pinned_and_has_its_reason() {
    let workspace: Table = fs::read_to_string(root().join("Cargo.toml"))
        .unwrap()
        .parse()
        .unwrap();
    let pinned = workspace["workspace"]["dependencies"].as_table().unwrap();
    let reasons = fs::read_to_string(root().join("docs/dependencies.md")).unwrap();
    let mut complaints = Vec::new();
    let mut names = BTreeSet::new();
    for (name, value) in pinned {
        let version = value
            .as_str()
            .or_else(|| value.get("version").and_then(toml::Value::as_str));
        match version {
            None if value.get("path").is_some() => continue,
            Some(version) if version.starts_with('=') => {}
            _ => complaints.push(format!("{name} is not pinned")),
        }
        names.insert(name.as_str());
    }
    for package in packages() {
        for name in package
            .dependencies
            .values()
            .flatten()
            .filter(|it| !it.starts_with("switchboard"))
        {
            if !names.contains(name.as_str()) {
                complaints.push(format!(
                    "{} names a version of {name} by itself",
                    relative(&package.folder)
                ));
            }
        }
    }
    let listed: Vec<&str> = reasons
        .lines()
        .filter_map(|line| line.strip_prefix("- `")?.split('`').next())
        .collect();
    for name in &names {
        match listed.iter().filter(|it| *it == name).count() {
            1 => {}
            count => complaints.push(format!("docs/dependencies.md has {count} lines for {name}")),
        }
    }
    for name in listed.iter().filter(|it| !names.contains(**it)) {
        complaints.push(format!(
            "docs/dependencies.md has a line for {name}, which is not used"
        ));
    }
    expect_none(&complaints);
}

/// Everything between `open` and the next quotation mark.
fn quoted<'a>(text: &'a str, open: &str) -> impl Iterator<Item = &'a str> {
    let pieces: Vec<&str> = text.split(open).skip(1).collect();
    pieces
        .into_iter()
        .filter_map(|piece| piece.split('"').next())
}

#[test]
fn every_text_has_a_key_and_every_key_a_text() {
    let files = files();
    let messages: Value = serde_json::from_str(&files["_locales/en/messages.json"]).unwrap();
    let keys: BTreeSet<&str> = messages
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let mut complaints = Vec::new();
    let mut said = String::new();
    for (path, text) in &files {
        let is_product = path == "manifest.json" || PRODUCT.iter().any(|it| is_in(path, it));
        if !is_product {
            continue;
        }
        said.push_str(text);
        let mut wanted: Vec<&str> = Vec::new();
        match Path::new(path).extension().and_then(|it| it.to_str()) {
            Some("html") => {
                for open in [
                    "data-i18n=\"",
                    "data-i18n-title=\"",
                    "data-i18n-label=\"",
                    "data-i18n-placeholder=\"",
                ] {
                    wanted.extend(quoted(text, open));
                }
            }
            Some("rs") => {
                for open in [" text(\"", "(text(\"", "&text(\"", "text_with(\""] {
                    wanted.extend(quoted(text, open));
                }
            }
            _ => {
                let named = text
                    .split("__MSG_")
                    .skip(1)
                    .filter_map(|rest| rest.split("__").next());
                wanted.extend(named.filter(|_| path == "manifest.json"));
            }
        }
        let unknown = wanted
            .iter()
            .filter(|key| !key.starts_with("@@") && !keys.contains(**key));
        complaints.extend(unknown.map(|key| format!("{path}: no text for {key}")));
    }
    for key in &keys {
        // A text with a number in it has one key for each form, a problem one more for its remedy; the code names what
        // they have in common.
        let forms = ["_zero", "_one", "_two", "_few", "_many", "_other", "_help"];
        let base = forms.iter().find_map(|form| key.strip_suffix(form));
        let is_said = |key: &str| {
            said.contains(&format!("\"{key}\"")) || said.contains(&format!("__MSG_{key}__"))
        };
        if !is_said(key) && !base.is_some_and(is_said) {
            complaints.push(format!("_locales: nothing says {key}"));
        }
    }
    for locale in files.keys().filter(|path| is_in(path, "_locales")) {
        let texts: Value = serde_json::from_str(&files[locale]).unwrap();
        let theirs: BTreeSet<&str> = texts
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        complaints.extend(
            theirs
                .difference(&keys)
                .map(|key| format!("{locale}: {key} is not in English")),
        );
    }
    expect_none(&complaints);
}

#[test]
fn no_line_ends_in_space() {
    let files = files();
    let mut complaints = Vec::new();
    // An empty last column of a table ends in a tab.
    for (path, text) in files.iter().filter(|(path, _)| !has_ending(path, "tsv")) {
        for (index, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| line.ends_with([' ', '\t']))
        {
            complaints.push(format!("{path}:{}: {:?}", index + 1, line.trim_start()));
        }
        if !text.is_empty() && !text.ends_with('\n') {
            complaints.push(format!("{path} does not end with a line break"));
        }
    }
    expect_none(&complaints);
}

/// A module's first lines say what it is for.
#[test]
fn every_module_says_what_it_is_for() {
    let files = files();
    let silent = files
        .iter()
        .filter(|(path, text)| has_ending(path, "rs") && !text.starts_with("//!"));
    expect_none(
        &silent
            .map(|(path, _)| format!("{path} does not begin with //!"))
            .collect::<Vec<_>>(),
    );
}

/// The recorded pages and messages lie outside the repository, and one variable says where.
#[test]
fn what_lies_outside_is_found_by_its_variable() {
    let files = files();
    let mut complaints = Vec::new();
    for (path, text) in &files {
        let names_folder = text.contains(concat!("../sha", "red"));
        if names_folder && !text.contains("SWITCHBOARD_SHARED") {
            complaints.push(format!("{path} looks into the shared folder by itself"));
        }
        let absolute = [
            concat!("\"/ro", "ot/"),
            concat!("\"/ho", "me/"),
            concat!("\"/wo", "rk/"),
            concat!(" /wo", "rk/"),
        ];
        if absolute.iter().any(|it| text.contains(it)) {
            complaints.push(format!("{path} names a folder of one machine"));
        }
    }
    expect_none(&complaints);
}

/// Nothing that would be needed to build is left out of the repository.
#[test]
fn what_is_ignored_can_be_made_again() {
    if !root().join(".git").exists() {
        return;
    }
    let output = Command::new("git")
        .args(["check-ignore", "Cargo.lock", "size.toml", "icons/16.png"])
        .current_dir(root())
        .output();
    assert_eq!(output.map(|it| it.stdout).unwrap_or_default(), b"");
}
