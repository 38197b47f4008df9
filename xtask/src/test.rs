//! `cargo xtask test`: everything, in order. A part that fails does not keep the others from running.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::bundle::{Edition, Mode};
use crate::setup::{self, Ask, Need, WasmStd};
use crate::{bundle, cargo, checked, dist, remote, root, size};

/// Mozilla's checker of add-ons.
const WEB_EXT: &str = "web-ext@10.7.0";

/// What it may warn about, and where; `docs/PLATFORM.md` says why.
const EXPECTED_WARNINGS: [(&str, &str); 4] = [
    // Firefox runs `background.scripts` instead.
    ("BACKGROUND_SERVICE_WORKER_IGNORED", "manifest.json"),
    // The fallback is imported by the address that the browser gives it for this session.
    ("UNSAFE_VAR_ASSIGNMENT", "content/loader.js"),
    // Chromium's way into a closed shadow root; Firefox has another.
    ("UNSUPPORTED_API", "content/content.js"),
    ("UNSUPPORTED_API", "content/fallback.js"),
];

/// A part of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Fmt,
    Clippy,
    Unit,
    Doc,
    Build,
    Size,
    Store,
    Lint,
    E2e,
}

impl Part {
    /// All of them, in the order in which they run: what fails soonest is first.
    const ALL: [Self; 9] = [
        Self::Fmt,
        Self::Clippy,
        Self::Unit,
        Self::Doc,
        Self::Build,
        Self::Size,
        Self::Store,
        Self::Lint,
        Self::E2e,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Clippy => "clippy",
            Self::Unit => "unit",
            Self::Doc => "doc",
            Self::Build => "build",
            Self::Size => "size",
            Self::Store => "store",
            Self::Lint => "lint",
            Self::E2e => "e2e",
        }
    }

    fn needs(self) -> Vec<Need> {
        match self {
            Self::Fmt => vec![Need::Rustfmt],
            Self::Clippy => vec![Need::Clippy, Need::WasmStd],
            Self::Unit | Self::Doc => vec![],
            Self::Build | Self::Size | Self::Store | Self::Lint => Need::BUILD.to_vec(),
            Self::E2e => [Need::BUILD, Need::BROWSERS].concat(),
        }
    }

    /// Whether it looks at what `build` made.
    fn follows_build(self) -> bool {
        matches!(self, Self::Size | Self::Store | Self::Lint | Self::E2e)
    }

    fn run(self) -> Tally {
        match self {
            Self::Fmt => one(checked(
                cargo().args(["fmt", "--all", "--", "--check", "-l"]),
                "cargo fmt",
            )),
            Self::Clippy => one(clippy_host()) + one(clippy_wasm()),
            Self::Unit => all(libtest(&["--workspace", "--exclude", "switchboard-e2e"])),
            Self::Doc => one(doc()),
            Self::Build => one(bundle::build(Mode::Release, Edition::Whole)),
            Self::Size => one(size::check()),
            Self::Store => one(store()) + one(remote::is_found()),
            Self::Lint => all(lint()),
            Self::E2e => all(libtest(&["--package", "switchboard-e2e"])),
        }
    }
}

/// How many tests there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
}

impl std::ops::Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
        }
    }
}

const FAILED: Tally = Tally {
    passed: 0,
    failed: 1,
};

/// Counts a step that is not made of tests as one.
fn one(result: Result<()>) -> Tally {
    all(result.map(|()| Tally {
        passed: 1,
        failed: 0,
    }))
}

/// Counts tests; that they could not be run is a failure too.
fn all(result: Result<Tally>) -> Tally {
    result.unwrap_or_else(|error| {
        eprintln!("{error:#}");
        FAILED
    })
}

/// Runs the parts that are named, or all. The last line says how many tests passed and failed.
pub(crate) fn run(names: &[&str], ask: Ask) -> Result<ExitCode> {
    let mut parts = Vec::new();
    for name in names {
        let known = Part::ALL.into_iter().find(|part| part.name() == *name);
        parts.push(known.with_context(|| format!("there is no part of the tests called {name}"))?);
    }
    if parts.is_empty() {
        parts = Part::ALL.to_vec();
    }
    let mut needs: Vec<Need> = parts.iter().flat_map(|part| part.needs()).collect();
    needs.dedup();
    setup::provide(&needs, ask)?;

    let mut lines = Vec::new();
    let mut total = Tally::default();
    let mut is_built = true;
    for part in parts {
        println!("\n== {}", part.name());
        let began = Instant::now();
        let tally = if part.follows_build() && !is_built {
            // What lies in dist/ is of another source.
            eprintln!("not run, for there is no build");
            FAILED
        } else {
            part.run()
        };
        is_built &= part != Part::Build || tally.failed == 0;
        total = total + tally;
        let seconds = began.elapsed().as_secs_f64();
        lines.push(format!(
            "{:<8} {:>5} passed {:>5} failed {seconds:>7.1} s",
            part.name(),
            tally.passed,
            tally.failed
        ));
    }
    println!(
        "\n{}\n{} passed, {} failed",
        lines.join("\n"),
        total.passed,
        total.failed
    );
    Ok(if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn clippy_host() -> Result<()> {
    checked(
        cargo().args(["clippy", "--workspace", "--all-targets", "--", "-Dwarnings"]),
        "clippy for this machine",
    )
}

/// What is only compiled for wasm is only seen here.
fn clippy_wasm() -> Result<()> {
    let mut command = cargo();
    command.args([
        "clippy",
        "--target",
        "wasm32-unknown-unknown",
        "--package",
        "switchboard-webext",
    ]);
    for context in bundle::CONTEXTS {
        command.args(["--package", &format!("switchboard-{context}")]);
    }
    if setup::wasm_std() == Some(WasmStd::Source) {
        command
            .arg("-Zbuild-std=std,panic_abort")
            .env("RUSTC_BOOTSTRAP", "1");
    }
    checked(command.args(["--", "-Dwarnings"]), "clippy for wasm")
}

fn doc() -> Result<()> {
    checked(
        cargo()
            .args(["doc", "--no-deps", "--workspace"])
            .env("RUSTDOCFLAGS", "-Dwarnings"),
        "cargo doc",
    )
}

/// Runs tests of cargo's kind, and counts them.
fn libtest(packages: &[&str]) -> Result<Tally> {
    let mut command = cargo();
    command.args(["test", "--no-fail-fast"]).args(packages);
    command.env("SWITCHBOARD_DIST", dist());
    if std::env::var_os("SWITCHBOARD_SHARED").is_none() {
        command.env("SWITCHBOARD_SHARED", root().join("../shared"));
    }
    command.envs(setup::programs());
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .context("starting cargo test")?;
    let mut tally = Tally::default();
    for line in BufReader::new(child.stdout.take().context("cargo test has no output")?).lines() {
        let line = line?;
        println!("{line}");
        tally = tally + counted(&line);
    }
    let status = child.wait()?;
    // A crate that does not compile, or a test that takes the whole process down, counts nothing by itself.
    if tally.failed == 0 && (!status.success() || tally == Tally::default()) {
        eprintln!("cargo test ended with {status}");
        tally = tally + FAILED;
    }
    Ok(tally)
}

/// Reads the line that libtest ends each program with.
fn counted(line: &str) -> Tally {
    let number = |word: &str| -> Option<u64> {
        let before = line
            .split(word)
            .next()
            .filter(|before| before.len() < line.len())?;
        before.rsplit(' ').next()?.parse().ok()
    };
    if !line.starts_with("test result: ") {
        return Tally::default();
    }
    Tally {
        passed: number(" passed;").unwrap_or(0),
        failed: number(" failed;").unwrap_or(0),
    }
}

/// Builds what stores get, and looks through it.
fn store() -> Result<()> {
    bundle::build(Mode::Release, Edition::Store)?;
    remote::check(Edition::Store)
}

/// Lets Mozilla's checker look at what Firefox is given.
fn lint() -> Result<Tally> {
    // On Windows it is a script, which is not started without its ending.
    let npx = if cfg!(windows) { "npx.cmd" } else { "npx" };
    let mut command = Command::new(npx);
    command
        .args(["--yes", WEB_EXT, "lint", "--output=json", "--source-dir"])
        .arg(dist().join("firefox"));
    let output = match command.stderr(Stdio::inherit()).output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("left out: web-ext needs npm, which is not here");
            return Ok(Tally::default());
        }
        output => output.context("starting web-ext")?,
    };
    let report: Value =
        serde_json::from_slice(&output.stdout).context("reading what web-ext says")?;
    Ok(one(complaints(&report)))
}

/// # Errors
///
/// When the report has an error, or other warnings than the expected ones.
fn complaints(report: &Value) -> Result<()> {
    let list = |kind: &str| {
        report
            .get(kind)
            .and_then(Value::as_array)
            .context("web-ext says something else")
    };
    let mut found = BTreeMap::new();
    for message in list("errors")?.iter().chain(list("warnings")?) {
        let field = |name: &str| {
            message
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        found.insert((field("code"), field("file")), field("message"));
    }
    for expected in EXPECTED_WARNINGS {
        if found.remove(&expected).is_none() {
            bail!("{expected:?} is no more: take it from the list, and from docs/PLATFORM.md");
        }
    }
    if !found.is_empty() {
        bail!("web-ext: {found:#?}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_last_line_of_a_test_program_is_counted() {
        for (line, passed, failed) in [
            (
                "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
                12,
                0,
            ),
            (
                "test result: FAILED. 3 passed; 14 failed; 0 ignored; 0 measured; 0 filtered out",
                3,
                14,
            ),
            ("test tests::a_line_of_a_test ... ok", 0, 0),
            ("running 3 tests", 0, 0),
        ] {
            assert_eq!(counted(line), Tally { passed, failed }, "{line}");
        }
    }

    #[test]
    fn web_ext_may_warn_about_what_is_expected_and_nothing_else() {
        let report = |errors: &[(&str, &str)], warnings: &[(&str, &str)]| {
            let list = |all: &[(&str, &str)]| -> Value {
                let one = |(code, file): &(&str, &str)| json!({ "code": code, "file": file });
                all.iter().map(one).collect()
            };
            json!({ "errors": list(errors), "warnings": list(warnings) })
        };
        let other = ("UNSAFE_VAR_ASSIGNMENT", "popup/popup.js");
        let all = EXPECTED_WARNINGS;
        complaints(&report(&[], &all)).unwrap();
        complaints(&report(&[other], &all)).unwrap_err();
        complaints(&report(&[], &[&all[..], &[other]].concat())).unwrap_err();
        complaints(&report(&[], &all[1..])).unwrap_err();
        complaints(&json!({})).unwrap_err();
    }
}
