//! Recordings and voicemails that are kept: they play in the book, and the key that opened them stays nowhere.
#![allow(
    clippy::indexing_slicing,
    reason = "a field that JSON lacks is null, not a panic"
)]

use std::sync::Arc;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use switchboard_demo::platform::media::{ACCESS_TOKEN, MEDIA_HOST};
use switchboard_demo::{Headers, Options, RingOptions, Widget};
use switchboard_e2e::{Document, Kind, LIMIT, Scene, play};

#[test]
fn recordings_are_kept_without_their_key_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        recordings_are_kept_without_their_key,
    )
}

#[test]
fn recordings_are_kept_without_their_key_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        Options::default(),
        recordings_are_kept_without_their_key,
    )
}

const ADA: &str = "+14155550142";

async fn recordings_are_kept_without_their_key(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    scene.log_by_themselves(&site, true).await?;
    let popup = scene.popup(&site).await?;
    popup.open_details("#advanced").await?;
    // Files are at `media.` beside the server's `platform.`.
    let server = scene
        .demo
        .site_origin(&MEDIA_HOST.replacen("media.", "platform.", 1));
    popup.fill("#server", &server).await?;
    popup
        .holds("document.querySelector('#saved').textContent !== ''")
        .await?;
    popup.close().await?;
    let media = scene.demo.site_origin(MEDIA_HOST);
    scene.browser.allow(&media).await?;
    for switch in ["#recordings", "#attachments"] {
        scene.set_in_popup(&site, "#media", switch).await?;
    }
    let own = scene.popup(&site).await?;
    own.holds("document.querySelector('#media-refused').hidden")
        .await?;

    let _page = scene.crm(Headers::Plain, "/contacts").await?;
    let widget = scene.widget().await?;
    let session = recorded_call(&widget);
    let key = format!("call:{session}");
    scene
        .until_entry(&own, &key, "its recording is kept", |it| {
            state(it) == Some("kept")
        })
        .await?;
    plays(scene, &key, "#entry-files").await?;

    let voicemail = widget.leave_voicemail(ADA, 9, "Call me back, please.");
    let entity = widget
        .wait_for("the voicemail is logged", LIMIT, |it| {
            let days = it.log_ids_of(&voicemail);
            let entities = days.first().map(|day| it.message_entities(day))?;
            entities.into_iter().next()
        })
        .await?;
    plays(
        scene,
        entity["id"].as_str().unwrap_or_default(),
        "#entry-messages",
    )
    .await?;

    // The minutes of the key are over before it is used.
    widget.platform().refuse_tokens(true);
    let session = recorded_call(&widget);
    let key = format!("call:{session}");
    scene
        .until_entry(&own, &key, "its recording was not given", |it| {
            state(it) == Some("expired")
        })
        .await?;
    let book = scene.entry(&key).await?;
    book.holds(
        "document.querySelector('#entry-files .words')?.textContent.startsWith('Not kept here')",
    )
    .await?;
    book.holds("document.querySelector('#entry-files a.away')?.href.startsWith('https://')")
        .await?;
    book.holds("document.querySelector('#entry-files audio').hidden")
        .await?;
    book.close().await?;

    // The next request brings a new key.
    widget.platform().refuse_tokens(false);
    widget.press_log(&session);
    scene
        .until_entry(&own, &key, "its recording is kept after all", |it| {
            state(it) == Some("kept")
        })
        .await?;

    nothing_holds_the_key(&own).await
}

/// A call that was recorded; it goes into the log by itself.
fn recorded_call(widget: &Arc<Widget>) -> String {
    let session = widget.ring(ADA, &RingOptions::default());
    widget.answer();
    widget.record();
    widget.end();
    session
}

/// What became of the only file of an entry.
fn state(entry: &Value) -> Option<&str> {
    entry["media"].get(0)?["state"].as_str()
}

async fn plays(scene: &Scene, key: &str, part: &str) -> Result<()> {
    let book = scene.entry(key).await?;
    let audio = json!(format!("{part} audio"));
    book.holds(&format!(
        "document.querySelector({audio})?.src.startsWith('blob:')"
    ))
    .await?;
    book.holds(&format!("document.querySelector({audio}).duration > 0"))
        .await?;
    book.close().await
}

/// Looks through everything that the extension stores.
async fn nothing_holds_the_key(own: &Document) -> Result<()> {
    let stored = own
        .eval(
            "(async () => {
                const all = [await chrome.storage.local.get(), await chrome.storage.session.get()];
                for (const { name } of await indexedDB.databases()) {
                    const database = await new Promise((done, failed) => {
                        const opening = indexedDB.open(name);
                        opening.onerror = failed;
                        opening.onsuccess = () => done(opening.result);
                    });
                    for (const store of database.objectStoreNames) {
                        const reading = database.transaction(store).objectStore(store).getAll();
                        await new Promise((done, failed) => {
                            reading.onerror = failed;
                            reading.onsuccess = done;
                        });
                        all.push({ [store]: reading.result });
                    }
                    database.close();
                }
                return JSON.stringify(all);
            })()",
        )
        .await?;
    let stored = stored.as_str().unwrap_or_default();
    ensure!(
        stored.contains("audio/mpeg"),
        "the recordings are among what was looked at"
    );
    for key in [ACCESS_TOKEN, "access_token"] {
        let around = stored.find(key).map(|at| {
            let from = at.saturating_sub(200);
            stored.get(from..at + key.len()).unwrap_or_default()
        });
        ensure!(around.is_none(), "{key} is stored: {around:?}");
    }
    Ok(())
}
