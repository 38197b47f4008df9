//! The one `manifest.json`: both browsers load it as it stands, so there is nothing to make of it.
//!
//! Seen 2026-11-20: Chromium 156 notes nothing about it; web-ext 10.7.0 warns that Firefox ignores
//! `background.service_worker`.

/// Returns the manifest as the Chrome Web Store takes it: the store gives an extension its id, and refuses an upload
/// with a `key`. In the repository the key gives the unpacked extension an id that does not depend on its folder.
///
/// Source: "key field is not allowed in manifest", <https://github.com/clerk/javascript/issues/5532>.
pub(crate) fn without_key(text: &str) -> String {
    let is_key = |line: &&str| line.trim_start().starts_with("\"key\":");
    text.lines()
        .filter(|line| !is_key(line))
        .flat_map(|line| [line, "\n"])
        .collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    use serde_json::Value;
    use sha2::{Digest as _, Sha256};

    use super::*;
    use crate::bundle::CONTEXTS;
    use crate::root;

    /// The id that Chromium derives from the key: tests and links to our own pages rely on it.
    const CHROMIUM_ID: &str = "ncpijbkbcbmekicblhlpnjoeipgngmoe";

    fn text() -> String {
        fs::read_to_string(root().join("manifest.json")).unwrap()
    }

    fn manifest() -> Value {
        serde_json::from_str(&text()).unwrap()
    }

    /// Every string in it, with its JSON pointer.
    fn strings<'a>(value: &'a Value, pointer: &str, found: &mut Vec<(String, &'a str)>) {
        match value {
            Value::String(text) => found.push((pointer.to_owned(), text)),
            Value::Array(items) => items.iter().for_each(|item| strings(item, pointer, found)),
            Value::Object(fields) => {
                fields
                    .iter()
                    .for_each(|(key, field)| strings(field, &format!("{pointer}/{key}"), found));
            }
            _ => {}
        }
    }

    #[test]
    fn the_key_gives_the_known_id() {
        let manifest = manifest();
        let key = BASE64_STANDARD
            .decode(manifest["key"].as_str().unwrap())
            .unwrap();
        let digest = Sha256::digest(&key);
        let letter = |half: u8| char::from(b'a' + half);
        let id: String = digest[..16]
            .iter()
            .flat_map(|byte| [letter(byte >> 4), letter(byte & 15)])
            .collect();
        assert_eq!(id, CHROMIUM_ID);
    }

    #[test]
    fn the_store_gets_everything_but_the_key() {
        let mut expected = manifest();
        expected.as_object_mut().unwrap().remove("key").unwrap();
        let stored: Value = serde_json::from_str(&without_key(&text())).unwrap();
        assert_eq!(stored, expected);
    }

    #[test]
    fn every_file_it_names_is_written_or_made() {
        let manifest = manifest();
        let mut found = Vec::new();
        strings(&manifest, "", &mut found);
        let endings = [".js", ".html", ".css", ".png", ".wasm"];
        let files = found
            .iter()
            .filter(|(_, text)| endings.iter().any(|ending| text.ends_with(ending)));
        let mut count = 0;
        for (pointer, file) in files {
            let made = *file == "content/fallback.js"
                || CONTEXTS.iter().any(|it| {
                    *file == format!("{it}/{it}.js") || *file == format!("{it}/{it}_bg.wasm")
                });
            assert!(
                made || root().join(file).is_file(),
                "{pointer} names {file}"
            );
            count += 1;
        }
        assert!(count >= 9, "only {count} files are named");
    }

    /// What the user is asked to grant, and what pages may load, only grows on purpose: a change here is a change there.
    #[test]
    fn it_asks_for_no_more_than_this() {
        let manifest = manifest();
        let expected = serde_json::json!({
            "permissions": ["activeTab", "scripting", "storage", "unlimitedStorage"],
            "optional_host_permissions": ["https://*/*", "http://*/*"],
            "host_permissions": null,
            "content_scripts": null,
            "externally_connectable": null,
            "content_security_policy": { "extension_pages": "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'" },
            "web_accessible_resources": [{
                "resources": ["frame/frame.html", "content/content_bg.wasm", "content/fallback.js"],
                "matches": ["https://*/*", "http://*/*"],
                "use_dynamic_url": true,
            }],
        });
        for (key, value) in expected.as_object().unwrap() {
            assert_eq!(&manifest[key], value, "{key}");
        }
    }
}
