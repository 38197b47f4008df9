//! The built extension: where it is, what the browser calls it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use base64::Engine as _;
use serde_json::{Value, json};

use crate::browser::Kind;

/// The host that Firefox gives to the extension's pages here; elsewhere it would be a random one.
const FIREFOX_HOST: &str = "6f1d0e44-0000-4000-8000-000000000001";

/// A built extension.
#[derive(Debug)]
pub struct Extension {
    /// Where it stands unpacked.
    pub folder: PathBuf,
    /// Its id, the host of its pages in Chromium.
    pub id: String,
    /// The origin of its pages.
    pub origin: String,
}

impl Extension {
    pub(crate) fn at(kind: Kind, folder: &Path) -> Result<Self> {
        let folder = folder
            .canonicalize()
            .with_context(|| format!("no extension in {}", folder.display()))?;
        let manifest = std::fs::read(folder.join("manifest.json"))?;
        let manifest: Value = serde_json::from_slice(&manifest)?;
        let text = |pointer: &str| {
            let value = manifest.pointer(pointer).and_then(Value::as_str);
            value.with_context(|| format!("the manifest has no {pointer}"))
        };
        let (id, origin) = match kind {
            Kind::Chromium => {
                let id = chromium_id(text("/key")?)?;
                (id.clone(), format!("chrome-extension://{id}"))
            }
            Kind::Firefox => (
                text("/browser_specific_settings/gecko/id")?.to_owned(),
                format!("moz-extension://{FIREFOX_HOST}"),
            ),
        };
        Ok(Self { folder, id, origin })
    }

    /// The address of one of its pages.
    pub fn page(&self, path: &str) -> String {
        format!("{}/{path}", self.origin)
    }

    /// The preference that gives the extension a known host.
    pub(crate) fn uuids(&self) -> String {
        json!({ (self.id.as_str()): FIREFOX_HOST }).to_string()
    }

    /// Puts it into a Firefox profile as a permanent add-on: a temporary one loses its data with the browser.
    pub(crate) fn install_for_good(&self, profile: &Path) -> Result<()> {
        let folder = profile.join("extensions");
        std::fs::create_dir_all(&folder)?;
        let file = std::fs::File::create(folder.join(format!("{}.xpi", self.id)))?;
        let mut zip = zip::ZipWriter::new(file);
        add(&mut zip, &self.folder, "")?;
        zip.finish()?;
        Ok(())
    }
}

fn add(zip: &mut zip::ZipWriter<std::fs::File>, folder: &Path, prefix: &str) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            add(zip, &entry.path(), &format!("{name}/"))?;
        } else {
            zip.start_file(name, zip::write::SimpleFileOptions::default())?;
            zip.write_all(&std::fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

/// Chromium's id of an extension: half of its key's SHA-256, each hexadecimal digit as a letter from a on.
fn chromium_id(key: &str) -> Result<String> {
    let der = base64::engine::general_purpose::STANDARD.decode(key)?;
    let digest = ring::digest::digest(&ring::digest::SHA256, &der);
    Ok(digest
        .as_ref()
        .iter()
        .take(16)
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(b'a' + digit))
        .collect())
}
