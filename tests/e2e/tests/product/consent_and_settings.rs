//! One switch wherever it is turned: consent, our settings, the phone's options; and who may be called.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use switchboard_demo::{Headers, Options, Reached, RingOptions, Widget};
use switchboard_e2e::{Document, Kind, LIMIT, Scene, play};

#[test]
fn consent_is_one_switch_and_without_it_nobody_is_read_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        consent_is_one_switch_and_without_it_nobody_is_read,
    )
}

#[test]
fn consent_is_one_switch_and_without_it_nobody_is_read_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        Options::default(),
        consent_is_one_switch_and_without_it_nobody_is_read,
    )
}

#[test]
fn settings_hold_in_the_popup_and_in_the_phone_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        settings_hold_in_the_popup_and_in_the_phone,
    )
}

#[test]
fn settings_hold_in_the_popup_and_in_the_phone_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        Options::default(),
        settings_hold_in_the_popup_and_in_the_phone,
    )
}

const ADA: &str = "+14155550142";

async fn consent_is_one_switch_and_without_it_nobody_is_read(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    scene.log_by_themselves(&site, true).await?;
    let page = scene.crm(Headers::Plain, "/contacts/101").await?;
    let widget = scene.widget().await?;
    until_listed(&widget, "Ada Whitfield").await?;
    shows_consent(&widget, true).await?;

    // Withdrawn in the phone.
    widget.press_authorize();
    shows_consent(&widget, false).await?;
    ensure!(
        !is_ticked(scene, &site, "#read-contacts").await?,
        "the popup knows that the consent is withdrawn"
    );

    // Another page of the site is left alone, and nobody is named.
    let list = scene.crm(Headers::Plain, "/contacts").await?;
    let newest = scene
        .demo
        .wait_widget("a widget that knows of no consent", LIMIT, |it| {
            it.id() != widget.id() && it.is_signed_in() && it.authorization().is_some()
        })
        .await?;
    let session = newest.ring(ADA, &RingOptions::default());
    newest.answer();
    newest.end();
    let recorded = |it: &Widget| {
        let transcript = it.transcript();
        let mut logs = transcript.logs(&session);
        logs.any(|it| it.field("triggerType") == Some(&json!("callLogSync")) && it.took.is_some())
    };
    scene
        .demo
        .wait_for("the call is logged all the same", LIMIT, |it| {
            it.widgets().iter().any(|it| recorded(it)).then_some(())
        })
        .await?;
    ensure!(
        newest.matches(ADA).is_empty() && newest.contacts().is_empty(),
        "nobody is listed or named without consent"
    );
    let rows = scene.book().await?;
    let is_it = |key: &str| key == format!("call:{session}");
    ensure!(
        matches!(rows.as_slice(), [row] if is_it(&row.key) && !row.text.contains("Whitfield")),
        "one call without a name: {rows:?}"
    );
    let view = scene.view(&list).await?;
    ensure!(
        view.read.is_none() && view.contacts_kept == 1,
        "nothing of the page is read or kept: {view:?}"
    );
    page.close().await?;

    // Given again in the popup.
    list.show().await?;
    set(scene, &site, "", "#read-contacts").await?;
    shows_consent(&newest, true).await?;
    until_listed(&newest, "Edward Harbour").await?;
    newest
        .wait_for("the call shows as logged", LIMIT, |it| {
            it.is_logged(&session).then_some(())
        })
        .await
}

/// Waits until the phone's settings say whether the user consents.
async fn shows_consent(widget: &Arc<Widget>, given: bool) -> Result<()> {
    let (status, button) = if given {
        ("Connected as ", "Stop reading contacts")
    } else {
        ("Disconnected", "Read contacts")
    };
    let shown = widget
        .wait_for(&format!("the phone says {status:?}"), LIMIT, |it| {
            let shown = it.authorization()?;
            let fits = it.is_attached() == given
                && shown.status.starts_with(status)
                && shown.button.as_deref() == Some(button);
            fits.then_some(shown)
        })
        .await?;
    ensure!(
        shown.title.starts_with("Switchboard: ") && shown.red_dot != given,
        "{shown:?}"
    );
    let words = if given {
        "Reads the contacts"
    } else {
        "not read"
    };
    widget
        .wait_for(&format!("the phone explains: {words}"), LIMIT, |it| {
            it.authorization()?.info.contains(words).then_some(())
        })
        .await
}

async fn settings_hold_in_the_popup_and_in_the_phone(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    let page = scene.crm(Headers::Plain, "/contacts").await?;
    let widget = scene.widget().await?;
    until_listed(&widget, "Ada Whitfield").await?;

    switches_are_in_step(scene, &site, &widget).await?;
    who_says_no_is_not_called(scene, &site, &widget).await?;
    options_reach_the_phone(scene, &site, &page).await
}

async fn switches_are_in_step(scene: &Scene, site: &str, widget: &Arc<Widget>) -> Result<()> {
    widget.toggle_setting("openOnRing");
    widget
        .wait_for("the switch has arrived", LIMIT, |it| {
            let transcript = it.transcript();
            let mut asked = transcript.requests.iter();
            asked
                .any(|it| it.field("setting").is_some() && it.took.is_some())
                .then_some(())
        })
        .await?;
    ensure!(
        is_ticked(scene, site, "#open-on-ring").await?,
        "what is turned in the phone is turned in the popup"
    );
    set(scene, site, "#calls", "#open-on-ring").await?;
    set(scene, site, "#calls", "#open-on-answer").await?;
    widget
        .wait_for(
            "what is turned in the popup is turned in the phone",
            LIMIT,
            |it| {
                let is = |id: &str, on: bool| {
                    let settings = it.settings();
                    let mut with_id = settings.iter().filter(|it| it["id"] == id);
                    with_id.any(|it| it["value"] == on)
                };
                (is("openOnRing", false) && is("openOnAnswer", true)).then_some(())
            },
        )
        .await?;
    set(scene, site, "#calls", "#open-on-answer").await?;

    // The popup's word, then the phone's.
    let popup_says = !widget.auto_log_messages();
    set(scene, site, "#calls", "#auto-log-messages").await?;
    widget
        .wait_for("the phone does as the popup says", LIMIT, |it| {
            (it.auto_log_messages() == popup_says).then_some(())
        })
        .await?;
    widget.set_auto_log_messages(!popup_says);
    let popup = scene.popup(site).await?;
    popup
        .holds(&format!(
            "document.querySelector('#auto-log-messages').checked === {}",
            !popup_says
        ))
        .await?;
    popup.close().await?;
    ensure!(
        widget.auto_log_messages() != popup_says,
        "the user's last word counts"
    );
    Ok(())
}

async fn who_says_no_is_not_called(scene: &Scene, site: &str, widget: &Arc<Widget>) -> Result<()> {
    for name in ["Ada Whitfield", "Daniel Reyes"] {
        let id = id_of(widget, name).context("somebody in the list")?;
        let book = scene.book_at("#people").await?;
        book.click(&format!("#people [data-id={}] a", json!(id)))
            .await?;
        book.holds(&format!(
            "document.querySelector('#person-name').textContent === {}",
            json!(name)
        ))
        .await?;
        book.click("#person-contact input[value=no]").await?;
        book.holds("document.querySelector('#person-saved').textContent !== ''")
            .await?;
        book.close().await?;
    }
    let daniel = id_of(widget, "Daniel Reyes").context("Daniel in the list")?;
    let (shared, priya) = ("+13035550110", "+13035550177");

    let refused = |reached: Reached| reached == Reached::Refused;
    ensure!(refused(widget.dial(ADA).await), "Ada is not called");
    ensure!(
        widget
            .alerts()
            .iter()
            .any(|it| it.contains("Ada Whitfield")),
        "the phone says why: {:?}",
        widget.alerts()
    );
    ensure!(
        refused(widget.send_sms(&[priya, ADA], "Hello").await),
        "nor written to among others"
    );
    ensure!(
        refused(widget.dial_contact(&daniel, shared).await),
        "nor Daniel, when he was picked"
    );
    asked(widget, shared, "Daniel Reyes").await?;
    // A premium-rate number kept for fiction.
    asked(widget, "+449098790123", "premium").await?;
    ensure!(
        widget.platform().live().is_empty(),
        "nobody was called meanwhile"
    );

    set(scene, site, "#safety", "#dnc-ask").await?;
    let reached = widget.dial(ADA).await;
    ensure!(
        reached == Reached::Asked,
        "Ada may be asked for: {reached:?}"
    );
    widget.press_confirm(true);
    let session = {
        let live = widget.platform().live();
        live.first().context("a call to Ada")?.session_id.clone()
    };
    widget.answer();
    widget.end();
    widget
        .wait_for("the call is in the history", LIMIT, |it| {
            it.platform().record_of(&session)
        })
        .await
        .map(drop)
}

/// Dials a number that the user is asked about, and thinks better of it.
async fn asked(widget: &Arc<Widget>, number: &str, about: &str) -> Result<()> {
    let reached = widget.dial(number).await;
    let question = widget.question().unwrap_or_default();
    ensure!(
        reached == Reached::Asked && question.contains(about),
        "{number}: {reached:?} {question:?}"
    );
    widget.press_confirm(false);
    Ok(())
}

async fn options_reach_the_phone(scene: &Scene, site: &str, page: &Document) -> Result<()> {
    for (name, value, scope) in [
        ("disableMessages", "1", "all"),
        ("enableSmartNote", "1", "site"),
        ("disableMeeting", "false", "all"),
    ] {
        set_option(scene, site, name, value, scope).await?;
    }
    let params = params_after_reload(scene, page).await?;
    ensure!(
        params.contains_key("disableMessages") && params.contains_key("enableSmartNote"),
        "what is set is in the phone's address: {params:?}"
    );
    // A flag counts by being there, whatever it says.
    ensure!(
        !params.contains_key("disableMeeting"),
        "what is off is not in it: {params:?}"
    );

    // Off on this site alone.
    set_option(scene, site, "disableMessages", "false", "site").await?;
    let params = params_after_reload(scene, page).await?;
    ensure!(
        !params.contains_key("disableMessages") && params.contains_key("enableSmartNote"),
        "a site can leave out what the others have: {params:?}"
    );
    Ok(())
}

async fn params_after_reload(
    scene: &Scene,
    page: &Document,
) -> Result<std::collections::BTreeMap<String, String>> {
    let before = scene.widget().await?.id();
    page.show().await?;
    page.reload().await?;
    let widget = scene
        .demo
        .wait_widget("the widget of the page as it is now", LIMIT, |it| {
            it.id() != before && it.is_signed_in() && it.is_attached()
        })
        .await?;
    Ok(widget.params())
}

/// Clicks something in the popup and waits until it is saved.
async fn set(scene: &Scene, site: &str, details: &str, selector: &str) -> Result<()> {
    let popup = scene.popup(site).await?;
    if !details.is_empty() {
        popup.open_details(details).await?;
    }
    popup.click(selector).await?;
    popup
        .holds("document.querySelector('#saved').textContent !== ''")
        .await?;
    popup.close().await
}

/// Whether something is ticked in the popup, as it opens now.
async fn is_ticked(scene: &Scene, site: &str, selector: &str) -> Result<bool> {
    let popup = scene.popup(site).await?;
    let ticked = popup
        .eval(&format!(
            "document.querySelector({}).checked",
            json!(selector)
        ))
        .await?;
    popup.close().await?;
    Ok(ticked == json!(true))
}

async fn until_listed(widget: &Arc<Widget>, name: &str) -> Result<()> {
    widget
        .wait_for(&format!("{name} in the contacts"), LIMIT, |it| {
            id_of(it, name).map(drop)
        })
        .await
}

fn id_of(widget: &Widget, name: &str) -> Option<String> {
    let contacts = widget.contacts();
    let named = contacts
        .iter()
        .find(|it| it.get("name").and_then(Value::as_str) == Some(name));
    Some(named?.get("id")?.as_str()?.to_owned())
}

/// Sets an option of the phone's address in the popup.
async fn set_option(scene: &Scene, site: &str, name: &str, value: &str, scope: &str) -> Result<()> {
    let popup = scene.popup(site).await?;
    popup.open_details("#advanced").await?;
    popup.choose("#option-name", name).await?;
    popup.choose("#option-choice", value).await?;
    popup.choose("#option-scope", scope).await?;
    popup.click("#option-set").await?;
    popup
        .holds("document.querySelector('#saved').textContent !== ''")
        .await?;
    popup.close().await
}
