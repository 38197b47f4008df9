//! Walks through the product without a screen: one line per step, and a picture of what was seen.
//!
//! `tour [folder for the pictures]`

#![allow(
    clippy::print_stdout,
    reason = "a command line tool speaks on the terminal"
)]

use std::path::{Path, PathBuf};

use anyhow::Result;
use switchboard_demo::{Headers, Options, RingOptions, crm};
use switchboard_e2e::{Document, Kind, LIMIT, Scene};

fn main() -> Result<()> {
    let folder = std::env::args_os()
        .nth(1)
        .map_or_else(|| PathBuf::from("screenshots"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let options = Options {
            past: crm::past_calls(),
            signed_in: false,
            ..Options::default()
        };
        let mut scene = Scene::open(Kind::Chromium, options).await?;
        let walked = walk(&scene, &folder).await;
        let closed = scene.browser.quit().await;
        walked.and(closed)
    })
}

async fn walk(scene: &Scene, folder: &Path) -> Result<()> {
    let site = scene.demo.crm_origin();
    let page = scene.crm(Headers::Plain, "/contacts").await?;
    step(
        "A CRM that knows nothing of Switchboard",
        &page,
        folder,
        "1-crm",
    )
    .await?;

    scene.turn_on(&site).await?;
    let popup = scene.popup(&site).await?;
    step(
        "The site is on, by a click in the popup",
        &popup,
        folder,
        "2-popup",
    )
    .await?;
    popup.close().await?;

    page.show().await?;
    let widget = scene
        .demo
        .wait_widget("a widget in the page", LIMIT, |it| it.is_attached())
        .await?;
    step("The phone is in the page", &page, folder, "3-phone").await?;

    widget.sign_in();
    widget
        .wait_for("the sign-in", LIMIT, |it| it.is_signed_in().then_some(()))
        .await?;
    let found = widget.search("ada").await;
    println!(
        "   Searching \"ada\" finds {}",
        found.first().map_or("nobody", |it| it.name.as_str())
    );
    step(
        "Signed in, and the CRM's people are in the dialer",
        &page,
        folder,
        "4-search",
    )
    .await?;

    let session = widget.ring("+14155550142", &RingOptions::default());
    let name = widget
        .wait_for("the caller's name", LIMIT, |it| {
            let found = it.matches("+14155550142");
            found
                .iter()
                .find_map(|it| it.get("name")?.as_str().map(str::to_owned))
        })
        .await?;
    step(
        &format!("+1 415-555-0142 rings: it is {name}"),
        &page,
        folder,
        "5-ringing",
    )
    .await?;

    widget.answer();
    step("Answered", &page, folder, "6-answered").await?;

    widget.end();
    widget
        .wait_for("the call is logged", LIMIT, |it| {
            it.is_logged(&session).then_some(())
        })
        .await?;
    step("Ended, and logged by itself", &page, folder, "7-logged").await?;

    let book = scene
        .browser
        .tab(&scene.browser.extension.page("book/book.html"))
        .await?;
    book.holds("document.querySelectorAll('[data-key]').length > 0")
        .await?;
    step("The log book", &book, folder, "8-book").await
}

async fn step(said: &str, seen: &Document, folder: &Path, name: &str) -> Result<()> {
    let file = folder.join(format!("{name}.png"));
    std::fs::write(&file, seen.picture().await?)?;
    println!("{said}  ({})", file.display());
    Ok(())
}
