//! Looks through a package for the address of a remote script, or a way to one: stores take no package that has any.
//!
//! What is looked for is what is written in the files, compiled or not. The address of the widget's page, which is
//! shown in a frame, is none of a script.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, bail};

use crate::bundle::{Browser, Edition};
use crate::package;

/// What an address of RingCentral's adapter is made of, whatever stands before and between.
const PIECES: [&str; 3] = ["/adapter", "adapter.js", ".js?"];

/// How a script comes from elsewhere: without space, and with `'` for every kind of quotation mark.
const WAYS: [&str; 8] = [
    "createElement('script'",
    "from'http",
    "import'http",
    "import('http",
    "importScripts('http",
    "src='//",
    "src='http",
    "src=http",
];

/// # Errors
///
/// When a package of this edition has the address of a remote script, or a way to one.
pub(crate) fn check(edition: Edition) -> Result<()> {
    let complaints = of_edition(edition)?;
    if !complaints.is_empty() {
        bail!("a remote script:\n{}", complaints.join("\n"));
    }
    Ok(())
}

/// Looks through the ordinary packages, which have both: a look that finds nothing there would find nothing anywhere.
///
/// # Errors
///
/// When it finds nothing there.
pub(crate) fn is_found() -> Result<()> {
    let complaints = of_edition(Edition::Whole)?;
    for browser in Browser::ALL.map(Browser::name) {
        for file in ["background/background_bg.wasm", "background/injector.js"] {
            let begin = format!("{browser}/{file}: ");
            let found = complaints.iter().find(|it| it.starts_with(&begin));
            let found = found.with_context(|| format!("nothing is found in {browser}/{file}"))?;
            println!("as it should be, {found}");
        }
    }
    Ok(())
}

fn of_edition(edition: Edition) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for browser in Browser::ALL.map(Browser::name) {
        let files = package::entries(&edition.folder().join(browser))?;
        let found = complaints_of(&files);
        complaints.extend(found.iter().map(|it| format!("{browser}/{it}")));
    }
    Ok(complaints)
}

fn complaints_of(files: &[(String, Vec<u8>)]) -> Vec<String> {
    let own: BTreeSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let mut complaints = Vec::new();
    for (name, bytes) in files {
        let text = without_own_names(&String::from_utf8_lossy(bytes), &own);
        let plain = plain(&text);
        let addresses = script_addresses(&text);
        let pieces = PIECES.iter().filter(|it| text.contains(**it));
        let ways = WAYS.iter().filter(|it| plain.contains(**it));
        let known = pieces.chain(ways).map(|it| (*it).to_owned());
        complaints.extend(
            addresses
                .into_iter()
                .chain(known)
                .map(|found| format!("{name}: {found}")),
        );
    }
    complaints
}

/// Takes the names of the package's own files out: in compiled code they stand beside whatever was written there. In an
/// address a slash is before them.
fn without_own_names(text: &str, own: &BTreeSet<&str>) -> String {
    let mut text = text.to_owned();
    for name in own {
        let mut out = String::with_capacity(text.len());
        let mut parts = text.split(name);
        out.extend(parts.next());
        for part in parts {
            out.push_str(if out.ends_with('/') { name } else { " " });
            out.push_str(part);
        }
        text = out;
    }
    text
}

/// Returns every address whose path names a script.
fn script_addresses(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for scheme in ["http://", "https://"] {
        for rest in text.split(scheme).skip(1) {
            let ends = |it: char| !it.is_ascii_graphic() || "\"'`<>\\".contains(it);
            let address = rest.split(ends).next().unwrap_or_default();
            let path = address.split(['?', '#']).next().unwrap_or_default();
            let mut after = path.split(".js").skip(1);
            if after.any(|it| !it.starts_with("on")) {
                found.push(format!("{scheme}{address}"));
            }
        }
    }
    found
}

fn plain(text: &str) -> String {
    let kept = text.chars().filter(|it| !it.is_ascii_whitespace());
    kept.map(|it| if it == '"' || it == '`' { '\'' } else { it })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remote_script_is_found_however_it_is_written() {
        for text in [
            "const at = 'https://cdn.example/lib.js';",
            "`https://cdn.example/v1/lib.min.js?v=2`",
            "http://cdn.example/a.js",
            "\0\x01https://w.example/latest\0/adapter\u{c0}\x04.js\0",
            "latest/adapter.js?",
            "https://cdn.example/content/loader.js",
            "x.js?clientId=",
            "document.createElement( \"script\" )",
            "import x from \"https://cdn.example/x\"",
            "await import('https://cdn.example/x')",
            "importScripts(`https://cdn.example/x`)",
            "<script src=\"//cdn.example/x\"></script>",
            "<script src=https://cdn.example/x></script>",
        ] {
            assert!(!found_in(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_in_the_package_and_what_is_shown_in_a_frame_may_be_named() {
        for text in [
            "chrome.runtime.getURL(`content/${file}`)",
            "https://w.example/latestcontent/loader.jspanel",
            "https://w.example/latest/app.html?fromAdapter=1",
            "https://w.example/data.json",
            "rc-adapter-new-call",
            "document.createElement('div')",
            "<script type=\"module\" src=\"loader.js\"></script>",
            "import init from './background.js';",
        ] {
            assert_eq!(found_in(text), <[String; 0]>::default(), "{text}");
        }
    }

    fn found_in(text: &str) -> Vec<String> {
        complaints_of(&[
            ("content/loader.js".to_owned(), Vec::new()),
            ("page".to_owned(), text.as_bytes().to_vec()),
        ])
    }
}
