//! Real CRM pages, saved, under host names of their own: callers get the right names.
//!
//! The pages are read where they are, outside the project; without them there is nothing to tell.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use switchboard_demo::{Options, RingOptions, Site};
use switchboard_e2e::{Kind, LIMIT, Scene, play};

#[test]
fn callers_from_saved_pages_get_their_names_in_chromium() -> Result<()> {
    told(Kind::Chromium)
}

#[test]
fn callers_from_saved_pages_get_their_names_in_firefox() -> Result<()> {
    told(Kind::Firefox)
}

/// A saved page and the region that its site is set to.
struct Saved {
    crm: &'static str,
    host: &'static str,
    path: &'static str,
    region: &'static str,
}

const SAVED: [Saved; 2] = [
    Saved {
        crm: "espocrm",
        host: "crm.espo-customer.test",
        path: "/",
        region: "US",
    },
    Saved {
        crm: "itflow",
        host: "helpdesk.itflow-customer.test",
        path: "/agent/contacts.php",
        region: "GB",
    },
];

/// The ways to write a number that are tried, each with the first of its kind on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    International,
    National,
    WithExtension,
}

/// Somebody on the page who calls.
#[derive(Debug)]
struct Case {
    written: Written,
    calls: String,
    /// Everybody on the page who has just this number.
    names: BTreeSet<String>,
}

fn folder() -> PathBuf {
    let shared = std::env::var_os("SWITCHBOARD_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    shared.join("crm")
}

#[expect(clippy::print_stdout, reason = "a story that is not told says so")]
fn told(kind: Kind) -> Result<()> {
    let folder = folder();
    if !folder.is_dir() {
        println!("skipped: no saved pages in {}", folder.display());
        return Ok(());
    }
    let sites = SAVED.iter().map(|saved| Site {
        host: saved.host.to_owned(),
        directory: folder.join(saved.crm),
        pages: BTreeMap::from([(saved.path.to_owned(), PathBuf::from("list.html"))]),
    });
    let options = Options {
        sites: sites.collect(),
        ..Options::default()
    };
    play(kind, options, callers_from_saved_pages_get_their_names)
}

async fn callers_from_saved_pages_get_their_names(scene: &mut Scene) -> Result<()> {
    for saved in &SAVED {
        let cases = cases(saved)?;
        let site = scene.demo.site_origin(saved.host);
        scene.turn_on(&site).await?;
        scene.set_region(&site, saved.region).await?;
        let page = scene.browser.tab(&format!("{site}{}", saved.path)).await?;
        let widget = scene.widget().await?;
        for case in &cases {
            widget.ring(&case.calls, &RingOptions::default());
            let shown = widget
                .wait_for(&format!("{}: {case:?}", saved.crm), LIMIT, |it| {
                    let names = names(&it.matches(&case.calls));
                    case.names.is_subset(&names).then_some(names)
                })
                .await?;
            ensure!(
                shown == case.names,
                "{}: {case:?} shows {shown:?}",
                saved.crm
            );
            widget.end();
        }
        page.close().await?;
    }
    Ok(())
}

fn names(people: &[Value]) -> BTreeSet<String> {
    people
        .iter()
        .filter_map(|it| it.get("name")?.as_str().map(str::to_owned))
        .collect()
}

/// The first number of each way of writing on the page, and everybody who has it.
fn cases(saved: &Saved) -> Result<Vec<Case>> {
    let truth = std::fs::read(folder().join(saved.crm).join("truth.json"))?;
    let truth: Value = serde_json::from_slice(&truth)?;
    let pages = truth
        .get("pages")
        .and_then(Value::as_array)
        .context("truth without pages")?;
    let list = pages
        .iter()
        .find(|it| text(it, "page") == Some("list"))
        .context("truth without the list")?;
    let contacts = list
        .get("contacts")
        .and_then(Value::as_array)
        .context("a list without contacts")?;
    // A national number of another country cannot be understood, and a wrong guess would be worse than none.
    let understood = |phone: &Value| {
        phone.get("needsRegion") == Some(&Value::Bool(false))
            || text(phone, "region") == Some(saved.region)
    };
    let numbers: Vec<(&str, &Value)> = contacts
        .iter()
        .flat_map(|contact| {
            let phones = contact
                .get("phones")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            phones
                .filter(|phone| understood(phone))
                .filter_map(|phone| Some((text(contact, "name")?, phone)))
        })
        .collect();
    let names_of = |fits: &dyn Fn(&Value) -> bool| -> BTreeSet<String> {
        numbers
            .iter()
            .filter(|(_, phone)| fits(phone))
            .map(|(name, _)| (*name).to_owned())
            .collect()
    };
    let mut cases: Vec<Case> = Vec::new();
    for (_, phone) in &numbers {
        let (number, extension) = (
            text(phone, "e164").context("a number without E.164")?,
            text(phone, "ext"),
        );
        let same = |it: &Value| text(it, "e164") == Some(number);
        let exact = |it: &Value| same(it) && text(it, "ext") == extension;
        let written = match (phone.get("needsRegion"), extension) {
            (_, Some(_)) => Written::WithExtension,
            (Some(Value::Bool(true)), None) => Written::National,
            (_, None) => Written::International,
        };
        if cases
            .iter()
            .any(|case| case.written == written || case.calls == number)
        {
            continue;
        }
        // Callers seldom send their extension; only where several share the line is it needed.
        let shared = names_of(&same) != names_of(&exact);
        let calls = match extension {
            Some(extension) if shared => format!("{number}*{extension}"),
            _ => number.to_owned(),
        };
        cases.push(Case {
            written,
            calls,
            names: names_of(&exact),
        });
    }
    Ok(cases)
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}
