//! Serves the demo for a browser of one's own, and says how to start one.
//!
//! `demo [--port N]`; `cargo xtask demo` does all of it by itself.

#![allow(
    clippy::print_stdout,
    reason = "a program for people says what it does"
)]

use anyhow::{Context as _, bail};
use switchboard_demo::{Demo, Options, Pace, crm};

/// The port of a demonstration, so that its addresses are the same every time.
const PORT: u16 = 8443;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let demo = Demo::start(Options {
        port: port()?,
        pace: Pace::real(),
        past: crm::past_calls(),
        past_messages: crm::past_messages(),
        past_meetings: crm::past_meetings(),
        // Somebody new sees the sign-in first.
        signed_in: false,
        ..Options::default()
    })
    .await?;
    explain(&demo);
    std::future::pending().await
}

fn port() -> anyhow::Result<u16> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    match given.as_slice() {
        [] => Ok(PORT),
        [option, port] if option == "--port" => port.parse().context("reading the port"),
        _ => bail!("usage: demo [--port N]"),
    }
}

fn explain(demo: &Demo) {
    println!(
        "Serving on 127.0.0.1, port {}. Start a Chromium with",
        demo.port()
    );
    println!("  --host-resolver-rules=\"{}\"", demo.host_resolver_rules());
    println!(
        "  --ignore-certificate-errors-spki-list={}",
        demo.spki_hash()
    );
    println!("  --load-extension=<dist/chromium>");
    println!(
        "A branded Chrome ignores the last one: load the folder in chrome://extensions instead."
    );
    println!("CRM:      {}/contacts", demo.crm_origin());
    println!("controls: {}/control", demo.crm_origin());
    println!(
        "widget:   {} (for the popup, under Advanced)",
        demo.widget_base()
    );
}
