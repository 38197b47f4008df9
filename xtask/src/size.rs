//! The ledger of sizes, `size.toml`: what each context makes a browser load.
//!
//! The numbers are in the repository, so that the commit that makes a context larger says so.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use toml::{Table, Value};

use crate::bundle::{Browser, CONTEXTS, read};
use crate::{dist, root};

/// How far the numbers may be from what is built, in percent, before the ledger is stale.
const TOLERANCE: u64 = 2;

const HEAD: &str = "\
# Bytes of JavaScript and wasm that a browser loads for each context: gzipped, and as they are.
# `budget` is the most that `gzipped` may be; it is set by hand. The rest is written by `cargo xtask size`.
# `fallback` is loaded instead of content's wasm by pages that refuse wasm.
";

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    context: String,
    budget: u64,
    gzipped: u64,
    raw: u64,
}

/// The whole of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Ledger {
    /// What compiled and optimised: others come to other numbers.
    tools: String,
    entries: Vec<Entry>,
}

/// Writes the sizes of what is in `dist/` into the ledger, and fails when one is over its budget.
pub(crate) fn rewrite() -> Result<()> {
    let known = Ledger::parse(&fs::read_to_string(file()).context("reading size.toml")?)?;
    let ledger = Ledger {
        tools: tools()?,
        entries: measured(&known)?,
    };
    let text = ledger.text()?;
    fs::write(file(), &text).context("writing size.toml")?;
    print!("{text}");
    report(&ledger.over_budget())
}

/// Compares the ledger with what is in `dist/`.
///
/// # Errors
///
/// When a context is over its budget, or the ledger tells of another build.
pub(crate) fn check() -> Result<()> {
    let known = Ledger::parse(&fs::read_to_string(file()).context("reading size.toml")?)?;
    let ledger = Ledger {
        tools: tools()?,
        entries: measured(&known)?,
    };
    let mut complaints = ledger.over_budget();
    if known.tools == ledger.tools {
        complaints.extend(known.stale(&ledger));
    } else {
        println!(
            "size.toml was written with {}, this is {}: only budgets are compared",
            known.tools, ledger.tools
        );
    }
    for Entry {
        context,
        budget,
        gzipped,
        ..
    } in &ledger.entries
    {
        println!("{context:<12} {gzipped:>8} of {budget:>8}");
    }
    report(&complaints)
}

fn report(complaints: &[String]) -> Result<()> {
    if complaints.is_empty() {
        Ok(())
    } else {
        bail!("{}", complaints.join("\n"))
    }
}

fn file() -> PathBuf {
    root().join("size.toml")
}

impl Ledger {
    fn parse(text: &str) -> Result<Self> {
        let table: Table = text.parse().context("reading size.toml")?;
        let tools = table
            .get("tools")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let mut entries = Vec::new();
        for (context, fields) in table.iter().filter(|(_, fields)| fields.is_table()) {
            let number = |name: &str| {
                let value = fields.get(name).and_then(Value::as_integer);
                value
                    .and_then(|it| u64::try_from(it).ok())
                    .with_context(|| format!("{context} has no {name}"))
            };
            let (budget, gzipped, raw) = (number("budget")?, number("gzipped")?, number("raw")?);
            entries.push(Entry {
                context: context.clone(),
                budget,
                gzipped,
                raw,
            });
        }
        Ok(Self { tools, entries })
    }

    fn text(&self) -> Result<String> {
        let mut text = String::from(HEAD);
        writeln!(text, "\ntools = {:?}\n", self.tools)?;
        for Entry {
            context,
            budget,
            gzipped,
            raw,
        } in &self.entries
        {
            writeln!(
                text,
                "{context:<10} = {{ budget = {budget}, gzipped = {gzipped}, raw = {raw} }}"
            )?;
        }
        Ok(text)
    }

    fn over_budget(&self) -> Vec<String> {
        let over = self.entries.iter().filter(|it| it.gzipped > it.budget);
        over.map(|it| {
            format!(
                "{}: {} bytes gzipped, the budget is {}",
                it.context, it.gzipped, it.budget
            )
        })
        .collect()
    }

    /// Says where this ledger is too far from what was measured.
    fn stale(&self, measured: &Self) -> Vec<String> {
        let mut complaints = Vec::new();
        for now in &measured.entries {
            let Some(entry) = self.entries.iter().find(|it| it.context == now.context) else {
                continue;
            };
            for (what, known, now) in [
                ("gzipped", entry.gzipped, now.gzipped),
                ("raw", entry.raw, now.raw),
            ] {
                if known.abs_diff(now) * 100 > known * TOLERANCE {
                    let context = &entry.context;
                    complaints.push(format!("{context}: {now} bytes {what}, size.toml says {known}; run `cargo xtask size`"));
                }
            }
        }
        complaints
    }
}

/// Measures `dist/` for each line of the ledger.
fn measured(known: &Ledger) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for context in CONTEXTS.into_iter().chain(["fallback"]) {
        let found = known.entries.iter().find(|it| it.context == context);
        let mut entry = found
            .with_context(|| format!("size.toml has no line for {context}"))?
            .clone();
        (entry.gzipped, entry.raw) = (0, 0);
        for path in loaded(&entry.context)? {
            let bytes = read(&path)?;
            entry.raw += bytes.len() as u64;
            entry.gzipped += gzipped(&bytes)?;
        }
        entries.push(entry);
    }
    Ok(entries)
}

/// Returns the files that a browser loads for a context.
fn loaded(context: &str) -> Result<Vec<PathBuf>> {
    let folder = dist().join(Browser::Chromium.name());
    let fallback = folder.join("content/fallback.js");
    if context == "fallback" {
        return Ok(vec![fallback]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder.join(context)).context("reading dist; build first")? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|it| it == "js" || it == "wasm")
            && path != fallback
        {
            files.push(path);
        }
    }
    Ok(files)
}

fn gzipped(bytes: &[u8]) -> Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len() as u64)
}

/// Returns the names and versions of what decides about sizes.
fn tools() -> Result<String> {
    let version = |program: &str| -> Result<String> {
        let output = Command::new(program)
            .arg("--version")
            .current_dir(root())
            .output();
        let output = output.with_context(|| format!("asking {program} for its version"))?;
        // "rustc 1.95.0 (59807616e 2026-04-14)", "wasm-opt version 108 (version_108)".
        let text = String::from_utf8(output.stdout)?;
        let words = text
            .split([' ', '\n'])
            .filter(|word| *word != "version" && !word.starts_with('('));
        Ok(words.take(2).collect::<Vec<_>>().join(" "))
    };
    Ok(format!("{}, {}", version("rustc")?, version("wasm-opt")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(gzipped: u64) -> Ledger {
        let entry = Entry {
            context: "content".to_owned(),
            budget: 1000,
            gzipped,
            raw: 2000,
        };
        Ledger {
            tools: "rustc 1".to_owned(),
            entries: vec![entry],
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!(
            Ledger::parse(&ledger(900).text().unwrap()).unwrap(),
            ledger(900)
        );
    }

    #[test]
    fn the_budget_is_the_most_that_is_allowed() {
        assert_eq!(ledger(1000).over_budget(), <[String; 0]>::default());
        assert_eq!(
            ledger(1001).over_budget(),
            ["content: 1001 bytes gzipped, the budget is 1000"]
        );
    }

    #[test]
    fn a_ledger_is_stale_when_it_is_more_than_the_tolerance_away() {
        for (now, is_stale) in [(882, false), (881, true), (918, false), (919, true)] {
            assert_eq!(
                !ledger(900).stale(&ledger(now)).is_empty(),
                is_stale,
                "{now}"
            );
        }
    }
}
