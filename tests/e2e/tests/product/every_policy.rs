//! The page agent runs under every policy that a page can have: as wasm where the page lets it, else
//! translated to JavaScript.

use anyhow::{Result, ensure};
use switchboard_demo::{Headers, Options};
use switchboard_e2e::{Kind, LIMIT, Scene, play};

#[test]
fn pages_of_every_policy_are_read_and_get_the_widget_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        pages_of_every_policy_are_read_and_get_the_widget,
    )
}

#[test]
fn pages_of_every_policy_are_read_and_get_the_widget_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        Options::default(),
        pages_of_every_policy_are_read_and_get_the_widget,
    )
}

async fn pages_of_every_policy_are_read_and_get_the_widget(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    for (headers, refuses_wasm) in [
        (Headers::Plain, false),
        (Headers::CspSelf, true),
        (Headers::Nonce, true),
        (Headers::TrustedTypes, true),
    ] {
        let page = scene.crm(headers, "/contacts").await?;
        let widget = scene.widget().await?;
        widget
            .wait_for(&format!("{headers:?}: the page's people"), LIMIT, |it| {
                (it.contacts().len() >= 15).then_some(())
            })
            .await?;
        // Only Chromium asks the page's policy about a content script's wasm.
        let translated = refuses_wasm && scene.browser.kind == Kind::Chromium;
        let view = scene.view(&page).await?;
        ensure!(
            view.translated == translated,
            "{headers:?}: translated should be {translated}: {view:?}"
        );
        page.close().await?;
    }
    Ok(())
}
