//! The demo: with a screen it sets everything up and leaves it to the user, without one it walks through the
//! product by itself: one line per step, and a picture of what was seen.
//!
//! `tour [--headless] [folder for the pictures]`

#![allow(
    clippy::print_stdout,
    reason = "a command line tool speaks on the terminal"
)]

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use switchboard::protocol::stored::Adapter;
use switchboard_demo::{Boot, Headers, Options, Pace, RingOptions, Widget, crm};
use switchboard_e2e::scene::until_recorded;
use switchboard_e2e::{Document, Kind, LIMIT, Scene, Screen, until};

fn main() -> Result<()> {
    let (flags, folders): (Vec<String>, Vec<String>) = std::env::args()
        .skip(1)
        .partition(|it| it.starts_with("--"));
    let folder = PathBuf::from(folders.first().map_or("screenshots", String::as_str));
    let has_screen = cfg!(any(target_os = "macos", target_os = "windows"))
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    if has_screen && flags.is_empty() {
        runtime.block_on(show())
    } else {
        std::fs::create_dir_all(&folder)?;
        runtime.block_on(tour(&folder))
    }
}

/// Sets everything up in a window and waits until the user has seen enough.
async fn show() -> Result<()> {
    let options = Options {
        pace: Pace::real(),
        past: crm::past_calls(),
        signed_in: false,
        ..Options::default()
    };
    let mut scene = Scene::open(Kind::Chromium, options, Screen::Window).await?;
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    let _controls = scene.browser.tab(&format!("{site}/control")).await?;
    let page = scene.crm(Headers::Plain, "/contacts").await?;
    page.show().await?;
    println!("Switchboard is on for the CRM in the browser that has just opened.");
    println!("1. Press \"Sign in\" in the phone. There is no account behind it.");
    println!("2. In the tab with the demo's controls, press \"Ring\": the phone names the caller.");
    println!("3. Answer, talk, end. The call is in the log book, behind the extension's icon.");
    println!("Press Enter here to close everything.");
    let enter = tokio::task::spawn_blocking(|| std::io::stdin().read_line(&mut String::new()));
    enter.await?.context("reading the terminal")?;
    scene.browser.quit().await
}

async fn tour(folder: &Path) -> Result<()> {
    let options = Options {
        past: crm::past_calls(),
        signed_in: false,
        ..Options::default()
    };
    let mut scene = Scene::open(Kind::Chromium, options, Screen::None).await?;
    let walked = walk(&scene, folder).await;
    let closed = scene.browser.quit().await;
    walked.and(closed)
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
    popup.click("#welcome-yes").await?;
    popup
        .holds("document.querySelector('#welcome').hidden")
        .await?;
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
        .wait_widget("a widget in the page", LIMIT, Widget::is_attached)
        .await?;
    step("The phone is in the page", &page, folder, "3-phone").await?;

    widget.sign_in();
    widget
        .wait_for("the sign-in", LIMIT, |it| it.is_signed_in().then_some(()))
        .await?;
    widget
        .wait_for("the page's people", LIMIT, |it| {
            (!it.contacts().is_empty()).then_some(())
        })
        .await?;
    let panel = scene.panel(&page).await?;
    panel
        .holds("!document.querySelector('#attention').hidden")
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
    until_recorded(&widget, &session).await?;
    step("Ended, and logged by itself", &page, folder, "7-logged").await?;

    for (fragment, has, said, name) in [
        ("", "[data-key]", "The log book", "8-book"),
        (
            "#unlogged",
            "[data-call]",
            "Calls that nobody logged, and who it was",
            "9-unlogged",
        ),
        (
            "#people",
            "#people [data-id]",
            "The people that were read",
            "10-people",
        ),
    ] {
        let book = scene.book_at(fragment).await?;
        book.holds(&format!("document.querySelector('{has}') !== null"))
            .await?;
        step(said, &book, folder, name).await?;
        book.close().await?;
    }
    elsewhere(scene, &site, &page, folder).await
}

/// A widget that does not start, and the window.
async fn elsewhere(scene: &Scene, site: &str, page: &Document, folder: &Path) -> Result<()> {
    scene.demo.set_widget_boot(Boot::Silent);
    page.show().await?;
    page.reload().await?;
    let panel = scene.panel(page).await?;
    panel
        .holds("!document.querySelector('#plate').hidden")
        .await?;
    step(
        "A phone that does not start says so",
        page,
        folder,
        "11-no-start",
    )
    .await?;
    scene.demo.set_widget_boot(Boot::Normal);

    scene.choose_adapter(site, Adapter::Window).await?;
    let popup = scene.popup(site).await?;
    popup.click("#window").await?;
    let window = scene.window().await?;
    let widget = until("the phone in the window", async || {
        scene.find_widget_in(&window).await
    })
    .await?;
    widget.sign_in();
    let widget = scene.widget_in(&window).await?;
    widget.ring("+14155550142", &RingOptions::default());
    widget
        .wait_for("the caller's name", LIMIT, |it| {
            (!it.matches("+14155550142").is_empty()).then_some(())
        })
        .await?;
    step(
        "The phone in a window of its own, for all sites",
        &window,
        folder,
        "12-window",
    )
    .await?;
    widget.end();
    popup.close().await
}

async fn step(said: &str, seen: &Document, folder: &Path, name: &str) -> Result<()> {
    let file = folder.join(format!("{name}.png"));
    std::fs::write(&file, seen.picture().await?)?;
    println!("{said}  ({})", file.display());
    Ok(())
}
