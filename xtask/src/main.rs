//! Builds, packages, shows and tests Switchboard.
//!
//! Cargo cannot act after a build, and an extension is made after one: glue, smaller wasm, a translation for strict
//! pages, a folder that a browser loads.
//! Each command first sees to the tools that it needs (`setup.rs`).

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool speaks on the terminal"
)]

mod bundle;
mod fallback;
mod features;
mod manifest;
mod package;
mod remote;
mod setup;
mod size;
mod test;
#[cfg(test)]
mod tidy;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};

use crate::bundle::Edition;
use crate::setup::Need;

/// The whole command line.
const USAGE: &str = "\
cargo xtask <command> [--yes]

  setup            installs, or names, whatever the other commands need
  build [--dev]    makes dist/chromium and dist/firefox, ready to be loaded unpacked
                   --dev: quicker; wasm is not optimised, and strict pages get no fallback
  demo [args]      builds, then opens the demo in a browser; args go to the demo
  test [parts]     everything; or only the parts named: fmt clippy unit doc build size store lint e2e
  size             builds, then writes the sizes into size.toml
  package [--store]
                   builds, then makes the archives in dist/
                   --store: without RingCentral's own adapter, for stores that take no address of a remote script

  --yes            installs missing tools without asking (so does the environment variable CI=true)
";

fn main() -> ExitCode {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let before = words.len();
    words.retain(|word| word != "--yes");
    let ask = if words.len() < before || std::env::var("CI").is_ok_and(|ci| ci == "true") {
        setup::Ask::Never
    } else {
        setup::Ask::Terminal
    };
    match run(&words, ask) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String], ask: setup::Ask) -> Result<ExitCode> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["setup"] => setup::provide(Need::ALL, ask)?,
        ["build"] => {
            setup::provide(Need::BUILD, ask)?;
            bundle::build(bundle::Mode::Release, Edition::Whole)?;
        }
        ["build", "--dev"] => {
            setup::provide(Need::BUILD_DEV, ask)?;
            bundle::build(bundle::Mode::Dev, Edition::Whole)?;
        }
        ["demo", rest @ ..] => {
            setup::provide(Need::DEMO, ask)?;
            bundle::build(bundle::Mode::Release, Edition::Whole)?;
            demo(rest)?;
        }
        ["test", parts @ ..] => return test::run(parts, ask),
        ["size"] => {
            setup::provide(Need::BUILD, ask)?;
            bundle::build(bundle::Mode::Release, Edition::Whole)?;
            size::rewrite()?;
        }
        ["package"] => {
            setup::provide(Need::BUILD, ask)?;
            bundle::build(bundle::Mode::Release, Edition::Whole)?;
            package::package(Edition::Whole)?;
        }
        ["package", "--store"] => {
            setup::provide(Need::BUILD, ask)?;
            bundle::build(bundle::Mode::Release, Edition::Store)?;
            remote::check(Edition::Store)?;
            package::package(Edition::Store)?;
        }
        ["help" | "--help" | "-h"] => print!("{USAGE}"),
        _ => bail!("usage:\n\n{USAGE}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs the demo on what was just built.
fn demo(args: &[&str]) -> Result<()> {
    let mut command = cargo();
    command.args([
        "run",
        "--quiet",
        "--package",
        "switchboard-e2e",
        "--bin",
        "tour",
        "--",
    ]);
    command.args(args).env("SWITCHBOARD_DIST", dist());
    command.envs(setup::programs());
    checked(&mut command, "the demo")
}

/// The folder that holds the workspace. Cargo says where it is; what was true at compile time need not be any more, for
/// two checkouts may share a target folder.
fn root() -> PathBuf {
    let ours = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let here = ours.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    here.parent().map(Path::to_owned).unwrap_or(here)
}

/// Where everything that is made ends up.
fn dist() -> PathBuf {
    root().join("dist")
}

/// Cargo's folder for what it builds.
fn target_dir() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// The cargo that runs us, in the root of the workspace.
fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs a command to its end; anything but success is an error.
fn checked(command: &mut Command, what: &str) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("starting {what} ({})", command.get_program().display()))?;
    if !status.success() {
        bail!("{what} ended with {status}");
    }
    Ok(())
}
