//! A page that replaces itself without navigation is read again, and so is one that grows.

use anyhow::Result;
use switchboard_demo::{Headers, Options, RingOptions, Widget};
use switchboard_e2e::{Kind, LIMIT, Scene, play};

#[test]
fn a_changing_page_is_read_again_in_chromium() -> Result<()> {
    play(
        Kind::Chromium,
        Options::default(),
        a_changing_page_is_read_again,
    )
}

#[test]
fn a_changing_page_is_read_again_in_firefox() -> Result<()> {
    play(
        Kind::Firefox,
        Options::default(),
        a_changing_page_is_read_again,
    )
}

async fn a_changing_page_is_read_again(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;
    let page = scene.crm(Headers::Plain, "/app/companies").await?;
    let widget = scene.widget().await?;

    // The page's own script swaps its content and its address.
    page.click("a[href$='/companies/12']").await?;
    page.holds("location.pathname.endsWith('/companies/12')")
        .await?;
    rings_as(&widget, "+442079460018", "Edward Harbour").await?;

    // A row that comes later, as in a list that loads while it is scrolled.
    page.eval(
        "(() => {
            const row = document.querySelector('tbody tr').cloneNode(true);
            row.querySelector('a[href*=\"/contacts/\"]').textContent = 'Late Arrival';
            row.querySelector('a[href*=\"/contacts/\"]').href = '/app/contacts/999';
            const phone = row.querySelector('a[href^=\"tel:\"]');
            phone.href = 'tel:+442079460977';
            phone.textContent = '020 7946 0977';
            document.querySelector('tbody').append(row);
        })()",
    )
    .await?;
    rings_as(&widget, "+442079460977", "Late Arrival").await
}

/// Waits until the widget lists somebody, and lets them call.
async fn rings_as(widget: &Widget, number: &str, name: &str) -> Result<()> {
    widget
        .wait_for(&format!("{name} among the contacts"), LIMIT, |it| {
            it.contacts()
                .iter()
                .any(|contact| contact.get("name").is_some_and(|it| it == name))
                .then_some(())
        })
        .await?;
    widget.ring(number, &RingOptions::default());
    widget
        .wait_for(&format!("{name} is calling"), LIMIT, |it| {
            it.matches(number)
                .iter()
                .any(|contact| contact.get("name").is_some_and(|it| it == name))
                .then_some(())
        })
        .await?;
    widget.end();
    Ok(())
}
