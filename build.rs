//! Checks what must hold before compilation and compiles `sites/*.toml` into the table that `src/sites.rs` includes.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use switchboard_rules::SiteRule;

fn main() {
    if let Err(error) = check_manifest() {
        complain(&format!("manifest.json: {error}"));
    }
    if let Err(error) = compile_sites() {
        complain(&error.to_string());
    }
}

/// The manifest's version is what browsers and stores see, the crate's what we see: they are one.
fn check_manifest() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=manifest.json");
    let file = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("manifest.json");
    let manifest: serde_json::Value = serde_json::from_str(&fs::read_to_string(file)?)?;
    let ours = env::var("CARGO_PKG_VERSION")?;
    match manifest.get("version") {
        Some(theirs) if *theirs == ours.as_str() => Ok(()),
        theirs => Err(format!("its version is {theirs:?}, the workspace's {ours:?}").into()),
    }
}

/// Writes the rules of `sites/*.toml` as one JSON list, `OUT_DIR/sites.json`, in the order of their names.
fn compile_sites() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=sites");
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("sites");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)?
        .map(|entry| entry.map(|it| it.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|it| it == "toml"));
    files.sort();
    let mut rules = Vec::new();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        match read_rule(&file) {
            Ok(rule) => rules.push(rule),
            Err(error) => complain(&format!("sites/{name}: {error}")),
        }
    }
    let table = Path::new(&env::var("OUT_DIR")?).join("sites.json");
    fs::write(table, serde_json::to_string(&rules)?)?;
    Ok(())
}

fn read_rule(file: &Path) -> Result<SiteRule, Box<dyn Error>> {
    let rule: SiteRule = toml::from_str(&fs::read_to_string(file)?)?;
    rule.check()?;
    if file.file_stem().is_none_or(|stem| stem != rule.id.as_str()) {
        return Err(format!("the id \"{}\" is not the file's name", rule.id).into());
    }
    Ok(rule)
}

/// Fails the build with a message; cargo shows one line.
fn complain(message: &str) {
    println!("cargo::error={}", message.trim().replace('\n', " | "));
}
