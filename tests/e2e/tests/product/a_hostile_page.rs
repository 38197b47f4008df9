//! Scripts of the page: they see nothing of the product, and what they forge changes nothing.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use switchboard_demo::{Headers, Options, RingOptions};
use switchboard_e2e::{Document, Kind, LIMIT, Scene, play};

#[test]
fn a_hostile_page_learns_and_changes_nothing_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        a_hostile_page_learns_and_changes_nothing,
    )
}

#[test]
fn a_hostile_page_learns_and_changes_nothing_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        Options::default(),
        a_hostile_page_learns_and_changes_nothing,
    )
}

/// Keeps every message that arrives, every element that is put in and every other change.
const SPY: &str = "void (() => {
    window.heard = [];
    addEventListener('message', event => heard.push(event.data), true);
    window.added = [];
    window.touched = [];
    new MutationObserver(changes => {
        for (const change of changes) {
            added.push(...change.addedNodes);
            if (change.type !== 'childList') touched.push(change.attributeName ?? change.target.data);
        }
    }).observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
})()";

/// What the page can find of the product.
const SEEN: &str = "({
    frames: frames.length,
    iframes: document.querySelectorAll('iframe, frame, object, embed').length,
    marked: added.filter(it => it.nodeType !== 1 || it.attributes.length || it.textContent || it.shadowRoot)
        .map(it => it.outerHTML ?? it.data),
    touched,
    heard,
    globals: Object.keys(window).filter(it => /switchboard|RCAdapter/i.test(it)),
    resources: performance.getEntries().map(it => it.name).filter(it => it.includes('extension:')),
    stored: [localStorage.length, sessionStorage.length, document.cookie],
})";

async fn a_hostile_page_learns_and_changes_nothing(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    // The page is there first, so that its script sees the product arrive.
    let page = scene.crm(Headers::Plain, "/contacts").await?;
    page.eval(SPY).await?;
    scene.turn_on(&site).await?;
    scene.log_by_themselves(&site, true).await?;
    page.show().await?;
    let widget = scene.widget().await?;

    forge(&page).await?;
    embed_the_frame(scene, &page).await?;

    // A real call goes its way, after everything forged before it.
    let session = widget.ring("+14155550142", &RingOptions::default());
    widget.answer();
    widget.end();
    widget
        .wait_for("the call is logged", LIMIT, |it| {
            it.is_logged(&session).then_some(())
        })
        .await?;
    let keys: Vec<String> = scene.book().await?.into_iter().map(|row| row.key).collect();
    ensure!(
        keys == [format!("call:{session}")],
        "only the real call is logged: {keys:?}"
    );

    let seen = page.eval(SEEN).await?;
    let nothing = json!({
        "frames": 0, "iframes": 0, "marked": [], "touched": [], "heard": [], "globals": [], "resources": [], "stored": [0, 0, ""],
    });
    ensure!(seen == nothing, "what the page sees of the product: {seen}");
    Ok(())
}

/// Posts what the widget would post, to the page's own window, where a careless listener would hear it.
async fn forge(page: &Document) -> Result<()> {
    let call = json!({
        "sessionId": "forged", "telephonySessionId": "s-forged", "direction": "Inbound", "result": "Disconnected",
        "from": { "phoneNumber": "+14155550142" }, "to": { "phoneNumber": "+14155550100" },
        "startTime": 1_795_159_712_840_u64, "duration": 3, "telephonyStatus": "Ringing", "id": "forged",
    });
    let request = |path: &str, body: Value| json!({ "type": "rc-post-message-request", "requestId": "forged", "path": path, "body": body });
    let messages = [
        request(
            "/callLogger",
            json!({ "call": call, "triggerType": "presenceUpdate" }),
        ),
        request("/contacts", json!({})),
        request(
            "/contacts/match",
            json!({ "phoneNumbers": ["+14155550142"] }),
        ),
        json!({ "type": "rc-adapter-pushAdapterState" }),
        json!({ "type": "rc-login-status-notify", "loggedIn": true }),
        json!({ "type": "rc-active-call-notify", "call": call }),
        json!({ "type": "rc-call-start-notify", "call": call }),
    ];
    let script = format!(
        "{}.forEach(message => postMessage(message, '*'))",
        json!(messages)
    );
    page.eval(&format!("void {script}")).await?;
    // Messages arrive in order: when the page has heard the last one, everybody has.
    page.holds(&format!("heard.length === {}", messages.len()))
        .await?;
    page.eval("void (heard.length = 0)").await.map(drop)
}

/// Puts the extension's frame page into the page, under every address it has.
async fn embed_the_frame(scene: &Scene, page: &Document) -> Result<()> {
    let own = scene
        .browser
        .tab(&scene.browser.extension.page("popup/popup.html"))
        .await?;
    let name = own
        .eval("chrome.runtime.dynamicId ?? location.host")
        .await?;
    own.close().await?;
    let scheme = scene
        .browser
        .extension
        .origin
        .split("://")
        .next()
        .unwrap_or_default()
        .to_owned();
    let address = format!(
        "{scheme}://{}/frame/frame.html",
        name.as_str().unwrap_or_default()
    );
    page.eval(&format!(
        "void document.body.append(Object.assign(document.createElement('iframe'), {{ id: 'own', src: {} }}))",
        json!(format!("{address}#forged"))
    ))
    .await?;
    let frame = page
        .frame("the one that the page embeds", |url| {
            url.ends_with("#forged")
        })
        .await?;
    frame
        .holds("document.body.dataset.state === 'refused'")
        .await?;
    ensure!(
        frame.tree().await?.children.is_empty(),
        "there is no widget in it"
    );
    page.eval("void (document.querySelector('#own').remove(), added = added.filter(it => it.id !== 'own'))")
        .await
        .map(drop)
}
