//! Starts the demo and a browser with the extension in it, and says what to press.
//!
//! `demo <dist dir> [--port N] [--serve]`; `--serve` starts no browser.

#![allow(
    clippy::print_stdout,
    reason = "a program for people says what it does"
)]

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, bail};
use switchboard_demo::{Demo, Headers, Options, Pace, crm};

/// The port of a demonstration, so that its addresses are the same every time.
const PORT: u16 = 8443;

struct Arguments {
    dist: PathBuf,
    port: u16,
    serve: bool,
}

fn arguments() -> anyhow::Result<Arguments> {
    let mut parsed = Arguments {
        dist: PathBuf::new(),
        port: PORT,
        serve: false,
    };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--port" => {
                let port = given.next().context("--port needs a number")?;
                parsed.port = port.parse().context("reading the port")?;
            }
            "--serve" => parsed.serve = true,
            other if other.starts_with('-') => {
                bail!("unknown option {other}; known are --port N and --serve")
            }
            other => parsed.dist = PathBuf::from(other),
        }
    }
    if parsed.dist.as_os_str().is_empty() && !parsed.serve {
        bail!("say where the built extension is: demo <dist dir> [--port N] [--serve]");
    }
    Ok(parsed)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments = arguments()?;
    let options = Options {
        port: arguments.port,
        pace: Pace::real(),
        past: crm::past_calls(),
        // Somebody new sees the sign-in first.
        signed_in: false,
        ..Options::default()
    };
    let demo = Demo::start(options).await?;
    let has_display = cfg!(any(target_os = "macos", target_os = "windows"))
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|it| std::env::var_os(it).is_some());
    if arguments.serve || !has_display {
        explain_by_hand(&demo, &arguments.dist);
        std::future::pending::<()>().await;
    }
    let extension = arguments.dist.join("chromium");
    if !extension.join("manifest.json").is_file() {
        bail!("no extension in {}; build it first", extension.display());
    }
    let browser = find_browser().context("no Chromium found; set CHROMIUM to its path")?;
    let profile = std::env::temp_dir().join(format!("switchboard-demo-{}", std::process::id()));
    let mut running = tokio::process::Command::new(&browser)
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("--load-extension={}", extension.display()))
        .arg("--disable-features=DisableLoadExtensionCommandLineSwitch")
        .arg(format!(
            "--host-resolver-rules={}",
            demo.host_resolver_rules()
        ))
        .arg(format!(
            "--ignore-certificate-errors-spki-list={}",
            demo.spki_hash()
        ))
        .args([
            "--no-first-run",
            "--no-default-browser-check",
            "--window-size=1380,900",
        ])
        .arg(demo.crm_url(Headers::Plain, "/contacts"))
        .arg(format!("{}/control", demo.crm_origin()))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("starting {}", browser.display()))?;
    explain(&demo, &extension);
    running.wait().await.context("waiting for the browser")?;
    // A profile that stays behind does no harm, and the system clears the folder.
    let _removed = std::fs::remove_dir_all(&profile).is_ok();
    Ok(())
}

fn find_browser() -> Option<PathBuf> {
    if let Some(given) = std::env::var_os("CHROMIUM") {
        return Some(PathBuf::from(given));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome-for-testing",
        "google-chrome",
        "chrome",
    ];
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|it| it.is_file())
}

fn explain(demo: &Demo, extension: &Path) {
    println!("The CRM is open: {}", demo.crm_origin());
    println!(
        "The widget's address, for the extension's settings: {}",
        demo.widget_base()
    );
    println!();
    println!("1. Click the extension's icon, and turn the site on.");
    println!(
        "   (No icon? This browser ignores --load-extension. Open chrome://extensions, turn on developer mode,"
    );
    println!("   choose \"Load unpacked\" and {}.)", extension.display());
    println!("2. Press \"Sign in\" in the phone.");
    println!(
        "3. In the other tab, the demo controls, press \"Ring\". Answer, talk, end. The call is logged."
    );
    println!("Close the browser to stop.");
}

fn explain_by_hand(demo: &Demo, dist: &Path) {
    println!(
        "Serving on 127.0.0.1, port {}. In a browser of your own:",
        demo.port()
    );
    println!("  --host-resolver-rules=\"{}\"", demo.host_resolver_rules());
    println!(
        "  --ignore-certificate-errors-spki-list={}",
        demo.spki_hash()
    );
    if !dist.as_os_str().is_empty() {
        println!("  --load-extension={}", dist.join("chromium").display());
    }
    println!("CRM:      {}/contacts", demo.crm_origin());
    println!("controls: {}/control", demo.crm_origin());
    println!("widget:   {}app.html", demo.widget_base());
}
