//! Every way to put the widget in, under every policy that a page can have, on two unrelated hosts: which way
//! was taken, what the user was told, and whether a call is logged through it.
//!
//! With `--nocapture` it prints the rows of the table in `docs/measurements.md`.

#![allow(
    clippy::print_stdout,
    reason = "what was measured is copied from here into the documentation"
)]

use anyhow::{Context as _, Result, ensure};
use switchboard::protocol::stored::{Adapter, Obstacle};
use switchboard_demo::{Headers, Options};
use switchboard_e2e::ways::word;
use switchboard_e2e::{Kind, Scene, play};

#[test]
fn every_way_under_every_policy_in_chromium() -> Result<()> {
    play(Kind::Chromium, options(), every_way_under_every_policy)
}

#[test]
fn every_way_under_every_policy_in_firefox() -> Result<()> {
    play(Kind::Firefox, options(), every_way_under_every_policy)
}

/// Two hosts for each policy: what keeps a widget out of one page of a site is remembered for all of them.
fn options() -> Options {
    Options {
        crm_hosts: Headers::ALL.into_iter().flat_map(hosts).collect(),
        ..Options::default()
    }
}

fn hosts(headers: Headers) -> [String; 2] {
    ["crm-of-one.example", "another-crm.test"].map(|site| format!("{}.{site}", name(headers)))
}

fn name(headers: Headers) -> &'static str {
    match headers {
        Headers::Plain => "plain",
        Headers::CspSelf => "self",
        Headers::Nonce => "nonce",
        Headers::TrustedTypes => "trusted-types",
        Headers::Isolated => "coop-coep",
        Headers::Embedder => "coep",
        Headers::NoMicrophone => "no-microphone",
    }
}

/// What a page takes of what the user wants, and why not all of it.
fn expected(kind: Kind, wish: Adapter, headers: Headers) -> (Adapter, Option<Obstacle>) {
    if wish == Adapter::Window {
        return (Adapter::Window, None);
    }
    match headers {
        Headers::Isolated | Headers::Embedder => (Adapter::Window, Some(Obstacle::Embedder)),
        // Firefox does not know the header.
        Headers::NoMicrophone if kind == Kind::Chromium => {
            (Adapter::Window, Some(Obstacle::Microphone))
        }
        Headers::CspSelf | Headers::TrustedTypes if wish == Adapter::Page => {
            (Adapter::Isolated, Some(Obstacle::Script))
        }
        Headers::Nonce if wish == Adapter::Page => (Adapter::Isolated, Some(Obstacle::Frame)),
        _ => (wish, None),
    }
}

async fn every_way_under_every_policy(scene: &mut Scene) -> Result<()> {
    // The first is turned on with the widget's address, which then holds for all.
    scene.turn_on(&scene.demo.crm_origin()).await?;
    scene
        .log_by_themselves(&scene.demo.crm_origin(), true)
        .await?;
    for headers in Headers::ALL {
        for host in hosts(headers) {
            let site = scene.demo.site_origin(&host);
            scene.turn_on_too(&site).await?;
            for wish in [Adapter::Isolated, Adapter::Page, Adapter::Window] {
                let case = format!("{} in {} on {host}", word(wish), name(headers));
                scene.choose_adapter(&site, wish).await?;
                one_case(scene, &host, headers, wish)
                    .await
                    .with_context(|| case)?;
            }
        }
    }
    Ok(())
}

async fn one_case(scene: &Scene, host: &str, headers: Headers, wish: Adapter) -> Result<()> {
    let (adapter, obstacle) = expected(scene.browser.kind, wish, headers);
    let page = scene
        .browser
        .tab(&scene.demo.crm_url_at(host, headers, "/contacts"))
        .await?;
    let widget = scene.served_by(&page, adapter).await?;
    let view = scene.view(&page).await?;
    ensure!(
        view.obstacle == obstacle,
        "the reason is {:?}, not {obstacle:?}",
        view.obstacle
    );
    let told = scene.told(&page).await?;
    ensure!(
        told.is_empty() == obstacle.is_none(),
        "the user is told {told:?} of {obstacle:?}"
    );
    scene.one_call_is_logged(&widget).await?;
    println!(
        "| {:?} | {} | {} | {host} | {} | {told} | yes |",
        scene.browser.kind,
        word(wish),
        name(headers),
        word(adapter),
    );
    page.close().await
}
