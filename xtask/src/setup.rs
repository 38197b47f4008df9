//! The tools that a command needs: finds them, installs them, or names them.
//!
//! What is there is used as it is, and then nobody needs to be root.

use std::fmt::{self, Write as _};
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::{checked, root};

/// Tested with the tests in real browsers; a later one changes what it says about add-ons from time to time.
const GECKODRIVER: &str = "0.37.1";

/// Something that a command needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// The standard library for wasm, compiled or as source.
    WasmStd,
    /// The source of the standard library, for the fallback.
    RustSource,
    /// `wasm-opt` and `wasm2js`.
    Binaryen,
    /// `cargo fmt`.
    Rustfmt,
    /// `cargo clippy`.
    Clippy,
    /// A Chromium that loads unpacked extensions from its command line; Google Chrome does not since 137.
    Chromium,
    /// Its driver.
    Chromedriver,
    /// Firefox, at least the version in the manifest.
    Firefox,
    /// Its driver.
    Geckodriver,
}

impl Need {
    /// Everything.
    pub(crate) const ALL: &[Self] = &[
        Self::WasmStd,
        Self::RustSource,
        Self::Binaryen,
        Self::Rustfmt,
        Self::Clippy,
        Self::Chromium,
        Self::Chromedriver,
        Self::Firefox,
        Self::Geckodriver,
    ];
    /// For `build`, `size` and `package`.
    pub(crate) const BUILD: &[Self] = &[Self::WasmStd, Self::RustSource, Self::Binaryen];
    /// For `build --dev`.
    pub(crate) const BUILD_DEV: &[Self] = &[Self::WasmStd];
    /// For `demo`.
    pub(crate) const DEMO: &[Self] = &[
        Self::WasmStd,
        Self::RustSource,
        Self::Binaryen,
        Self::Chromium,
        Self::Chromedriver,
    ];

    /// For tests in real browsers.
    pub(crate) const BROWSERS: &[Self] = &[
        Self::Chromium,
        Self::Chromedriver,
        Self::Firefox,
        Self::Geckodriver,
    ];

    fn is_met(self) -> bool {
        match self {
            Self::WasmStd => wasm_std().is_some(),
            Self::RustSource => rust_source().is_some(),
            Self::Binaryen => on_path("wasm-opt").is_some() && on_path("wasm2js").is_some(),
            Self::Rustfmt => succeeds(Command::new("cargo").args(["fmt", "--version"])),
            Self::Clippy => succeeds(Command::new("cargo").args(["clippy", "--version"])),
            Self::Chromium => program(Program::Chromium).is_some(),
            Self::Chromedriver => program(Program::Chromedriver).is_some(),
            Self::Firefox => program(Program::Firefox).is_some(),
            Self::Geckodriver => program(Program::Geckodriver).is_some(),
        }
    }

    /// Returns what would bring it here: something that can be run, or words for whoever has to do it.
    fn remedy(self, machine: Machine) -> Remedy {
        let has_rustup = on_path("rustup").is_some();
        match (self, machine) {
            (Self::WasmStd, _) if has_rustup => {
                run(&["rustup", "target", "add", "wasm32-unknown-unknown"])
            }
            (Self::RustSource, _) if has_rustup => run(&["rustup", "component", "add", "rust-src"]),
            (Self::Rustfmt, _) if has_rustup => run(&["rustup", "component", "add", "rustfmt"]),
            (Self::Clippy, _) if has_rustup => run(&["rustup", "component", "add", "clippy"]),
            // Debian's own Rust has no compiled library for wasm; its source and LLVM's linker do as well.
            (Self::WasmStd, Machine::Debian | Machine::Ubuntu) => {
                Remedy::Apt(&["rust-web-src", "lld"])
            }
            (Self::RustSource, Machine::Debian | Machine::Ubuntu) => Remedy::Apt(&["rust-web-src"]),
            (Self::Rustfmt, Machine::Debian | Machine::Ubuntu) => Remedy::Apt(&["rustfmt-web"]),
            (Self::Clippy, Machine::Debian | Machine::Ubuntu) => Remedy::Apt(&["rust-web-clippy"]),
            (Self::WasmStd | Self::RustSource | Self::Rustfmt | Self::Clippy, _) => {
                Remedy::Tell("install Rust with https://rustup.rs, then repeat")
            }
            (Self::Binaryen, Machine::Debian | Machine::Ubuntu) => Remedy::Apt(&["binaryen"]),
            (Self::Binaryen, Machine::Mac) => Remedy::Tell("brew install binaryen"),
            (Self::Binaryen, Machine::Windows) => Remedy::Tell("choco install binaryen"),
            (Self::Binaryen, Machine::Other) => {
                Remedy::Tell("install Binaryen (wasm-opt, wasm2js), 108 or later")
            }
            (Self::Chromium, Machine::Debian) => Remedy::Apt(&["chromium"]),
            (Self::Chromium, Machine::Ubuntu) => Remedy::Apt(&["chromium-browser"]),
            (Self::Chromium, Machine::Mac) => Remedy::Tell("brew install --cask chromium"),
            (Self::Chromium, Machine::Windows) => {
                Remedy::Tell("choco install chromium, and set CHROMIUM to its chrome.exe")
            }
            (Self::Chromium, Machine::Other) => {
                Remedy::Tell("install Chromium, or set CHROMIUM to it")
            }
            (Self::Chromedriver, Machine::Debian) => Remedy::Apt(&["chromium-driver"]),
            (Self::Chromedriver, Machine::Ubuntu) => Remedy::Apt(&["chromium-chromedriver"]),
            (Self::Chromedriver, Machine::Mac) => Remedy::Tell("brew install --cask chromedriver"),
            (Self::Chromedriver, Machine::Windows) => Remedy::Tell("choco install chromedriver"),
            (Self::Chromedriver, Machine::Other) => Remedy::Tell(
                "install the chromedriver of your Chromium's version, or set CHROMEDRIVER to it",
            ),
            (Self::Firefox, Machine::Debian) => Remedy::Apt(&["firefox-esr"]),
            (Self::Firefox, Machine::Ubuntu) => Remedy::Apt(&["firefox"]),
            (Self::Firefox, Machine::Mac) => Remedy::Tell("brew install --cask firefox@esr"),
            (Self::Firefox, Machine::Windows) => Remedy::Tell("winget install Mozilla.Firefox.ESR"),
            (Self::Firefox, Machine::Other) => {
                Remedy::Tell("install Firefox ESR, or set FIREFOX to it")
            }
            (Self::Geckodriver, _) => run(&[
                "cargo",
                "install",
                "geckodriver",
                "--version",
                GECKODRIVER,
                "--locked",
            ]),
        }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WasmStd => "Rust's standard library for wasm32-unknown-unknown",
            Self::RustSource => "the source of Rust's standard library",
            Self::Binaryen => "Binaryen (wasm-opt and wasm2js)",
            Self::Rustfmt => "rustfmt",
            Self::Clippy => "clippy",
            Self::Chromium => "Chromium",
            Self::Chromedriver => "chromedriver",
            Self::Firefox => "Firefox",
            Self::Geckodriver => "geckodriver",
        })
    }
}

/// Whether to ask before something is installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// No: yes to everything.
    Never,
    /// On the terminal; where there is none, nothing is installed.
    Terminal,
}

/// What brings a tool here.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Remedy {
    /// A command that we can run.
    Run(&'static [&'static str]),
    /// Packages of Debian or Ubuntu.
    Apt(&'static [&'static str]),
    /// Words.
    Tell(&'static str),
}

fn run(words: &'static [&'static str]) -> Remedy {
    Remedy::Run(words)
}

impl Remedy {
    /// Returns the command lines, or `None` where somebody else has to act.
    fn commands(&self) -> Option<Vec<Vec<&'static str>>> {
        match self {
            Self::Run(words) => Some(vec![words.to_vec()]),
            Self::Apt(packages) => {
                let sudo: &[&str] = if is_root() { &[] } else { &["sudo"] };
                let install = [
                    sudo,
                    &["apt-get", "install", "--yes", "--no-install-recommends"],
                    packages,
                ]
                .concat();
                Some(vec![[sudo, &["apt-get", "update"]].concat(), install])
            }
            Self::Tell(_) => None,
        }
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.commands()) {
            (Self::Tell(words), _) => f.write_str(words),
            (_, commands) => {
                let lines: Vec<String> = commands
                    .unwrap_or_default()
                    .iter()
                    .map(|line| line.join(" "))
                    .collect();
                f.write_str(&lines.join(" && "))
            }
        }
    }
}

/// How this machine gets its software.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Machine {
    Debian,
    Ubuntu,
    Mac,
    Windows,
    Other,
}

impl Machine {
    fn this() -> Self {
        match std::env::consts::OS {
            "macos" => Self::Mac,
            "windows" => Self::Windows,
            _ if on_path("apt-get").is_none() => Self::Other,
            _ => Self::of_release(&std::fs::read_to_string("/etc/os-release").unwrap_or_default()),
        }
    }

    /// Reads `/etc/os-release` of a machine with `apt-get`: Ubuntu and its children call the browsers differently.
    fn of_release(text: &str) -> Self {
        let is_ubuntu = |line: &str| {
            line.split_once('=').is_some_and(|(key, value)| {
                (key == "ID" || key == "ID_LIKE")
                    && value.trim_matches('"').split(' ').any(|id| id == "ubuntu")
            })
        };
        if text.lines().any(is_ubuntu) {
            Self::Ubuntu
        } else {
            Self::Debian
        }
    }
}

/// Sees to it that everything in `needs` is here.
///
/// # Errors
///
/// When something is missing and cannot, or may not, be installed: the message names each and what to do.
pub(crate) fn provide(needs: &[Need], ask: Ask) -> Result<()> {
    let machine = Machine::this();
    let missing = || needs.iter().copied().filter(|need| !need.is_met());
    let mut list = String::new();
    let mut can_run = true;
    for need in missing() {
        let remedy = need.remedy(machine);
        can_run &= remedy.commands().is_some();
        write!(list, "\n  {need}: {remedy}")?;
    }
    if list.is_empty() {
        return Ok(());
    }
    if !can_run || !agreed(&list, ask)? {
        bail!(
            "this machine lacks{list}\nRun these, or repeat the command with --yes where they are command lines."
        );
    }
    for need in missing() {
        for line in need.remedy(machine).commands().unwrap_or_default() {
            println!("{}", line.join(" "));
            let (program, words) = line.split_first().context("an empty command line")?;
            checked(
                Command::new(program).args(words),
                &format!("installing {need}"),
            )?;
        }
        if !need.is_met() {
            bail!("{need} was installed but is not found; open a new terminal, or look at PATH");
        }
    }
    Ok(())
}

fn agreed(list: &str, ask: Ask) -> Result<bool> {
    if ask == Ask::Never {
        return Ok(true);
    }
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    print!("This machine lacks{list}\nInstall now? [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// A program that tests and the demo start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    Chromium,
    Chromedriver,
    Firefox,
    Geckodriver,
}

impl Program {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [
        Self::Chromium,
        Self::Chromedriver,
        Self::Firefox,
        Self::Geckodriver,
    ];

    /// The environment variable that names it.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Chromium => "CHROMIUM",
            Self::Chromedriver => "CHROMEDRIVER",
            Self::Firefox => "FIREFOX",
            Self::Geckodriver => "GECKODRIVER",
        }
    }

    /// Its names and places, the best first.
    fn places(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &[
                "chromium",
                "chromium-browser",
                "/Applications/Chromium.app/Contents/MacOS/Chromium",
            ],
            Self::Chromedriver => &["chromedriver", "/usr/lib/chromium/chromedriver"],
            Self::Firefox => &[
                "firefox-esr",
                "firefox",
                "/Applications/Firefox.app/Contents/MacOS/firefox",
                "C:/Program Files/Mozilla Firefox/firefox.exe",
            ],
            Self::Geckodriver => &["geckodriver"],
        }
    }
}

/// Returns where the programs are that tests and the demo start, by the names of their variables.
pub(crate) fn programs() -> impl Iterator<Item = (&'static str, PathBuf)> {
    Program::ALL
        .into_iter()
        .filter_map(|it| Some((it.variable(), program(it)?)))
}

/// Finds a program: where its variable says, else in its usual places.
fn program(program: Program) -> Option<PathBuf> {
    match std::env::var_os(program.variable()) {
        Some(path) => on_path(&path.to_string_lossy()),
        None => program.places().iter().find_map(|place| on_path(place)),
    }
}

/// Finds a program on `PATH`; also in cargo's own folder, where `cargo install` leaves it.
fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(cargo_home().map(|it| it.join("bin")))
        .map(|folder| {
            folder
                .join(name)
                .with_extension(std::env::consts::EXE_EXTENSION)
        })
        .find(|file| file.is_file())
}

/// Where the standard library for wasm comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WasmStd {
    /// It was installed with the target.
    Compiled,
    /// It is compiled with each crate.
    Source,
}

/// Finds the standard library for wasm. One that is only there as source needs a linker too.
pub(crate) fn wasm_std() -> Option<WasmStd> {
    let compiled = rustc(&[
        "--print",
        "target-libdir",
        "--target",
        "wasm32-unknown-unknown",
    ]);
    if compiled.is_some_and(|folder| Path::new(&folder).is_dir()) {
        return Some(WasmStd::Compiled);
    }
    rust_source()?;
    wasm_linker().map(|_| WasmStd::Source)
}

fn rust_source() -> Option<PathBuf> {
    let source =
        PathBuf::from(rustc(&["--print", "sysroot"])?).join("lib/rustlib/src/rust/library");
    source.join("Cargo.lock").is_file().then_some(source)
}

/// Finds a linker for wasm: the one that comes with Rust, else LLVM's.
fn wasm_linker() -> Option<PathBuf> {
    rust_lld().or_else(foreign_linker)
}

/// The linker that comes with Rust, which rustc finds by itself.
fn rust_lld() -> Option<PathBuf> {
    let folder = PathBuf::from(rustc(&["--print", "target-libdir"])?).with_file_name("bin");
    let file = folder
        .join("rust-lld")
        .with_extension(std::env::consts::EXE_EXTENSION);
    file.is_file().then_some(file)
}

/// LLVM's linker, where Rust brings none: rustc must be told of it.
pub(crate) fn foreign_linker() -> Option<PathBuf> {
    if rust_lld().is_some() {
        None
    } else {
        on_path("wasm-ld")
    }
}

/// The folders that sources are compiled from, and what each is to be called.
pub(crate) fn source_folders() -> Vec<(PathBuf, &'static str)> {
    let sysroot = rustc(&["--print", "sysroot"]).map(PathBuf::from);
    let folders = [
        (sysroot, "rust"),
        (cargo_home(), "cargo"),
        (Some(root()), "switchboard"),
    ];
    let known = folders
        .into_iter()
        .filter_map(|(folder, name)| Some((folder?, name)));
    known.collect()
}

/// Where cargo keeps what it downloads and installs.
fn cargo_home() -> Option<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    named.or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}

/// Returns what `rustc` answers.
fn rustc(args: &[&str]) -> Option<String> {
    let output = Command::new("rustc")
        .args(args)
        .current_dir(root())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_children_of_ubuntu_are_told_from_debian() {
        for (release, machine) in [
            ("ID=debian\nVERSION_ID=\"12\"", Machine::Debian),
            ("ID=ubuntu\nID_LIKE=debian", Machine::Ubuntu),
            ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"", Machine::Ubuntu),
            ("", Machine::Debian),
        ] {
            assert_eq!(Machine::of_release(release), machine, "{release}");
        }
    }

    #[test]
    fn what_debian_lacks_can_be_installed() {
        for need in Need::ALL {
            let remedy = need.remedy(Machine::Debian);
            assert!(remedy.commands().is_some(), "{need}: {remedy}");
        }
    }
}
