//! `cargo xtask package`: what is given to the stores.
//!
//! The same commit gives the same bytes, given the same tools: the stores ask for the sources and compare.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::bundle::{Browser, Edition, read};
use crate::{dist, manifest};

/// Makes an archive of each folder of an edition, in `dist/`.
pub(crate) fn package(edition: Edition) -> Result<()> {
    for browser in Browser::ALL {
        let folder = edition.folder().join(browser.name());
        let ending = match browser {
            Browser::Chromium => "zip",
            Browser::Firefox => "xpi",
        };
        let archive = dist().join(format!(
            "switchboard-{}-{}{}.{ending}",
            env!("CARGO_PKG_VERSION"),
            browser.name(),
            edition.suffix()
        ));
        let mut entries = entries(&folder)?;
        if browser == Browser::Chromium {
            for (name, bytes) in &mut entries {
                if name == "manifest.json" {
                    *bytes = manifest::without_key(str::from_utf8(bytes)?).into_bytes();
                }
            }
        }
        fs::write(&archive, zipped(&entries)?)
            .with_context(|| format!("writing {}", archive.display()))?;
        println!("{}", archive.display());
    }
    Ok(())
}

/// Returns the files of a folder by their names in the archive, in order.
pub(crate) fn entries(folder: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).with_context(|| format!("reading {}", next.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((name_in(folder, &path)?, read(&path)?));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Archives separate folders by slashes, on every system.
fn name_in(folder: &Path, path: &Path) -> Result<String> {
    let parts = path
        .strip_prefix(folder)?
        .iter()
        .map(|part| part.to_str().context("a name that is not Unicode"));
    Ok(parts.collect::<Result<Vec<_>>>()?.join("/"))
}

/// Returns an archive that says nothing of when and where it was made.
fn zipped(entries: &[(String, Vec<u8>)]) -> Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(name.as_str(), options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_copy_of_a_folder_gives_the_same_archive() {
        let base = std::env::temp_dir().join(format!("switchboard-package-{}", std::process::id()));
        let mut archives = Vec::new();
        for (copy, order) in [("one", ["b", "a/c"]), ("two", ["a/c", "b"])] {
            let folder = base.join(copy);
            fs::create_dir_all(folder.join("a")).unwrap();
            for name in order {
                let file = folder.join(name);
                fs::write(&file, name).unwrap();
                let age = std::time::Duration::from_secs(if copy == "one" { 0 } else { 4_000_000 });
                let then = std::time::SystemTime::now() - age;
                fs::File::options()
                    .write(true)
                    .open(&file)
                    .unwrap()
                    .set_modified(then)
                    .unwrap();
            }
            let entries = entries(&folder).unwrap();
            assert_eq!(
                entries
                    .iter()
                    .map(|(name, _)| name.as_str())
                    .collect::<Vec<_>>(),
                ["a/c", "b"]
            );
            archives.push(zipped(&entries).unwrap());
        }
        fs::remove_dir_all(&base).unwrap();
        assert_eq!(archives.first(), archives.last());
    }
}
