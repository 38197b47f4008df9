//! `cargo xtask build`: from crates to folders that a browser loads.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::setup::{self, WasmStd};
use crate::{cargo, checked, dist, fallback, features, root, target_dir};

/// The contexts of the extension. Each is a crate of its own, in a folder of that name.
pub(crate) const CONTEXTS: [&str; 5] = ["content", "frame", "background", "popup", "book"];

/// A browser that the extension is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Browser {
    /// Chromium and its relatives.
    Chromium,
    /// Firefox.
    Firefox,
}

impl Browser {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Chromium, Self::Firefox];

    /// The name of its folder in `dist/`, also a part of its package's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }
}

/// What a build is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edition {
    /// For everybody: all there is.
    Whole,
    /// For stores that take no package with the address of a remote script: without the features that the contexts
    /// have by default.
    Store,
}

impl Edition {
    /// Where its folders, one for each browser, are made.
    pub(crate) fn folder(self) -> PathBuf {
        match self {
            Self::Whole => dist(),
            Self::Store => dist().join("store"),
        }
    }

    /// What is added to names that this edition does not share.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Whole => "",
            Self::Store => "-store",
        }
    }
}

/// How much time a build may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Mode {
    /// Small and complete: what is shipped.
    Release,
    /// Soon there, for trying something out: not optimised, without the fallback for strict pages.
    Dev,
}

impl Mode {
    fn profile(self) -> &'static str {
        match self {
            Self::Release => "wasm",
            Self::Dev => "wasm-dev",
        }
    }
}

/// What a module's JavaScript must be loadable as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glue {
    /// An ES module.
    Module,
    /// A classic script that sets `wasm_bindgen`; content scripts cannot be modules.
    Script,
}

/// What post-processing leaves of a crate: files by name.
type Files = Vec<(String, Vec<u8>)>;

/// Builds an edition of the extension into a folder for each browser. Both hold the same files: Firefox has no use for the fallback,
/// but one folder that is tested twice is worth more than its bytes.
pub(crate) fn build(mode: Mode, edition: Edition) -> Result<()> {
    let began = Instant::now();
    let mut contexts = Vec::new();
    for context in CONTEXTS {
        contexts.push((context, generated(context, mode, edition)?));
    }
    for browser in Browser::ALL {
        // Made aside and then renamed: whoever loads the folder meanwhile sees a whole one.
        let fresh = edition.folder().join(format!(".{}", browser.name()));
        let place = edition.folder().join(browser.name());
        remove(&fresh)?;
        for (context, files) in &contexts {
            let folder = fresh.join(context);
            fs::create_dir_all(&folder)?;
            copy_files(&root().join(context), &folder, &["html", "css", "js"])?;
            if *context == "frame" {
                // The window's page is the same under a name that no web page may load: a page that opened it
                // would hold a handle to the widget.
                copy(&folder.join("frame.html"), &folder.join("window.html"))?;
            }
            choose_scripts(&folder, edition)?;
            for (name, bytes) in files {
                write(&folder.join(name), bytes)?;
            }
        }
        copy_files(&root().join("icons"), &fresh.join("icons"), &["png"])?;
        copy_tree(&root().join("_locales"), &fresh.join("_locales"))?;
        for name in ["manifest.json", "LICENSE-APACHE", "LICENSE-MIT", "NOTICE"] {
            copy(&root().join(name), &fresh.join(name))?;
        }
        remove(&place)?;
        fs::rename(&fresh, &place)
            .with_context(|| format!("putting {} in place", place.display()))?;
        println!("{}", place.display());
    }
    println!("built in {:.1} s", began.elapsed().as_secs_f64());
    Ok(())
}

/// The ending of a hand-written script that stands in for another in packages for stores.
const STORE_SCRIPT: &str = ".store.js";

/// Puts each stand-in in the place of its script, or takes it out.
fn choose_scripts(folder: &Path, edition: Edition) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = file_name(&path)?;
        let Some(base) = name.strip_suffix(STORE_SCRIPT) else {
            continue;
        };
        match edition {
            Edition::Store => fs::rename(&path, folder.join(format!("{base}.js"))),
            Edition::Whole => fs::remove_file(&path),
        }
        .with_context(|| format!("choosing {name}"))?;
    }
    Ok(())
}

/// Whether a context has features by default; one that has none is the same in every edition.
fn has_editions(context: &str) -> Result<bool> {
    let file = root().join(context).join("Cargo.toml");
    let manifest: toml::Table = fs::read_to_string(&file)
        .with_context(|| format!("reading {}", file.display()))?
        .parse()?;
    let features = manifest.get("features");
    Ok(features.is_some_and(|it| it.get("default").is_some()))
}

/// Compiles one context and makes everything that is generated for it.
fn generated(context: &str, mode: Mode, edition: Edition) -> Result<Files> {
    let glue = if context == "content" {
        Glue::Script
    } else {
        Glue::Module
    };
    // One cargo run for each: features that one context needs must not come into another's wasm.
    let mut command = cargo();
    let std = setup::wasm_std().context("the standard library for wasm is missing")?;
    compile_args(&mut command, context, mode.profile(), std, &[]);
    let edition = if has_editions(context)? {
        edition
    } else {
        Edition::Whole
    };
    if edition == Edition::Store {
        command.arg("--no-default-features");
    }
    checked(&mut command, &format!("compiling {context}"))?;
    let wasm = read(&compiled(&target_dir(), context, mode.profile()))?;
    let name = format!("{context}-{}{}", mode.profile(), edition.suffix());
    let mut files = kept(&name, &wasm, || {
        let (js, wasm) = bindgen(context, &wasm, glue)?;
        let wasm = match mode {
            Mode::Release => optimised(context, &wasm)?,
            Mode::Dev => wasm,
        };
        Ok(vec![
            (format!("{context}.js"), js.into_bytes()),
            (format!("{context}_bg.wasm"), wasm),
        ])
    })?;
    if context == "content" && mode == Mode::Release {
        let wasm = fallback::compile(context)?;
        files.extend(kept(&format!("{context}-fallback"), &wasm, || {
            Ok(vec![(
                "fallback.js".to_owned(),
                fallback::translate(context, &wasm)?.into_bytes(),
            )])
        })?);
    }
    Ok(files)
}

/// Adds the arguments that compile a context to wasm; `flags` go to rustc.
pub(crate) fn compile_args(
    command: &mut Command,
    context: &str,
    profile: &str,
    std: WasmStd,
    flags: &[&str],
) {
    command.args(["build", "--quiet", "--lib"]);
    command.args(["--target", "wasm32-unknown-unknown"]);
    command.args(["--profile", profile]);
    command.args(["--package", &format!("switchboard-{context}")]);
    if std == WasmStd::Source {
        command.arg("-Zbuild-std=std,panic_abort");
        // `-Zbuild-std` is an option of nightly; this lets a stable toolchain take it.
        command.env("RUSTC_BOOTSTRAP", "1");
    }
    if let Some(linker) = setup::foreign_linker() {
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    }
    // Why not: see features.rs.
    let mut flags = [&["-Ctarget-feature=-reference-types"], flags].concat();
    // A panic names its place. Where the sources lay on this machine is nobody's business, and would make the packages
    // differ from machine to machine.
    let renamed: Vec<String> = setup::source_folders()
        .iter()
        .map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display()))
        .collect();
    flags.extend(renamed.iter().map(String::as_str));
    command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
}

/// Where cargo leaves a context's wasm.
pub(crate) fn compiled(target_dir: &Path, context: &str, profile: &str) -> PathBuf {
    target_dir
        .join("wasm32-unknown-unknown")
        .join(profile)
        .join(format!("switchboard_{context}.wasm"))
}

/// Returns the files that `make` made of the same input before, or makes them: the optimiser takes longer than the
/// compiler, and most builds change one context.
fn kept(name: &str, input: &[u8], make: impl FnOnce() -> Result<Files>) -> Result<Files> {
    let folder = target_dir().join("bundle").join(name);
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    // A changed xtask may make other files of the same input.
    let ourselves = fs::metadata(std::env::current_exe()?)?;
    (ourselves.len(), ourselves.modified()?).hash(&mut hasher);
    let stamp = format!("{:016x}", hasher.finish());
    let stamp_file = folder.join(".stamp");
    if fs::read_to_string(&stamp_file).is_ok_and(|known| known == stamp) {
        let mut files = Files::new();
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path != stamp_file {
                files.push((file_name(&path)?, read(&path)?));
            }
        }
        return Ok(files);
    }
    let began = Instant::now();
    let files = make()?;
    remove(&folder)?;
    fs::create_dir_all(&folder)?;
    for (name, bytes) in &files {
        write(&folder.join(name), bytes)?;
    }
    write(&stamp_file, stamp.as_bytes())?;
    println!("{name}: {:.1} s", began.elapsed().as_secs_f64());
    Ok(files)
}

/// Runs wasm-bindgen: returns the glue and the module that it works with.
pub(crate) fn bindgen(context: &str, wasm: &[u8], glue: Glue) -> Result<(String, Vec<u8>)> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes(context, features::without(wasm)?)
        .typescript(false);
    bindgen
        .remove_name_section(true)
        .remove_producers_section(true);
    match glue {
        Glue::Module => bindgen.web(true)?,
        Glue::Script => bindgen.no_modules(true)?,
    };
    let mut output = bindgen
        .generate_output()
        .with_context(|| format!("wasm-bindgen of {context}"))?;
    let brings_script = output.snippets().values().any(|list| !list.is_empty());
    if brings_script || !output.local_modules().is_empty() {
        bail!("{context} brings JavaScript of its own; the loader is the only place for that");
    }
    let js = match glue {
        Glue::Module => output.js().to_owned(),
        Glue::Script => repeatable(output.js())?,
    };
    Ok((js, output.wasm_mut().emit_wasm()))
}

/// Makes a classic script one that may run again in the same world, as it does when a tab is given the script twice:
/// a second `let` of one name is a syntax error, and a second instance would be a second page agent.
fn repeatable(js: &str) -> Result<String> {
    let head = "let wasm_bindgen =";
    let rest = js
        .trim_start()
        .strip_prefix(head)
        .context("the glue does not begin as expected")?;
    Ok(format!("globalThis.wasm_bindgen ??={rest}"))
}

/// Returns the module as `wasm-opt -Oz` leaves it.
fn optimised(context: &str, wasm: &[u8]) -> Result<Vec<u8>> {
    let folder = target_dir().join("bundle");
    fs::create_dir_all(&folder)?;
    let (before, after) = (
        folder.join(format!("{context}.in.wasm")),
        folder.join(format!("{context}.out.wasm")),
    );
    write(&before, wasm)?;
    let mut command = Command::new("wasm-opt");
    // What rustc's default target has. Never all features: the optimiser then writes modules that browsers refuse.
    for feature in [
        "bulk-memory",
        "mutable-globals",
        "nontrapping-float-to-int",
        "sign-ext",
    ] {
        command.arg(format!("--enable-{feature}"));
    }
    command.args([
        "-Oz",
        "--strip-debug",
        "--strip-producers",
        "--strip-target-features",
    ]);
    command.arg(&before).arg("-o").arg(&after);
    checked(&mut command, &format!("wasm-opt of {context}"))?;
    let bytes = read(&after)?;
    fs::remove_file(&before)?;
    fs::remove_file(&after)?;
    Ok(bytes)
}

/// Copies the files of a folder that have one of these endings; what lies deeper is not copied.
fn copy_files(from: &Path, to: &Path, endings: &[&str]) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let path = entry?.path();
        let wanted = path
            .extension()
            .is_some_and(|it| endings.iter().any(|ending| it == *ending));
        if wanted && path.is_file() {
            copy(&path, &to.join(file_name(&path)?))?;
        }
    }
    Ok(())
}

/// Copies a folder with all that is in it.
fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let path = entry?.path();
        let place = to.join(file_name(&path)?);
        if path.is_dir() {
            copy_tree(&path, &place)?;
        } else {
            copy(&path, &place)?;
        }
    }
    Ok(())
}

fn file_name(path: &Path) -> Result<String> {
    let name = path.file_name().and_then(|name| name.to_str());
    Ok(name
        .with_context(|| format!("{} has no plain name", path.display()))?
        .to_owned())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)
        .map(drop)
        .with_context(|| format!("copying {}", from.display()))
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("reading {}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))
}

/// Removes a folder, if it is there.
fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", folder.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_script_that_runs_twice_keeps_what_the_first_run_made() {
        let script = repeatable("let wasm_bindgen = (function() {})();\n").unwrap();
        assert_eq!(script, "globalThis.wasm_bindgen ??= (function() {})();\n");
        repeatable("const wasm_bindgen = 1;").unwrap_err();
    }
}
