//! Meetings: an invitation that is passed on, what is planned here and there, and what was held.
#![allow(
    clippy::indexing_slicing,
    reason = "a field that JSON lacks is null, not a panic"
)]

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use switchboard_demo::{Headers, Options, PastMeeting, Widget};
use switchboard_e2e::{Document, Kind, LIMIT, Scene, play, until};

#[test]
fn meetings_are_planned_and_kept_in_chromium() -> Result<()> {
    play(Kind::Chromium, options(), meetings_are_planned_and_kept)
}

#[test]
fn meetings_are_planned_and_kept_in_firefox() -> Result<()> {
    play(Kind::Firefox, options(), meetings_are_planned_and_kept)
}

fn options() -> Options {
    Options {
        past_meetings: vec![PastMeeting {
            title: "Forecast review".to_owned(),
            minutes_ago: 1700,
            duration: 1830,
            recorded: true,
        }],
        ..Options::default()
    }
}

const HOUR_MS: u64 = 60 * 60 * 1000;

async fn meetings_are_planned_and_kept(scene: &mut Scene) -> Result<()> {
    let site = scene.demo.crm_origin();
    scene.turn_on(&site).await?;

    // What a page of the CRM says of the days to come.
    let calendar = scene.crm(Headers::Plain, "/calendar").await?;
    let widget = scene.widget().await?;
    until("the calendar's event among those to come", async || {
        widget.open_meetings();
        let listed = widget
            .wait_for("an answer", LIMIT, Widget::upcoming_meetings)
            .await?;
        Ok((titles(&listed) == ["Review with Harbour & Sons"]).then_some(()))
    })
    .await?;
    calendar.close().await?;

    let page = scene.crm(Headers::Plain, "/contacts/101").await?;
    let widget = scene.widget_that_lists("Ada Whitfield").await?;
    let from = widget.platform().clock().now_ms() + 2 * HOUR_MS;
    widget.schedule_meeting("Quote for 40 seats", from, from + HOUR_MS);

    the_invitation_is_offered(scene, &page).await?;
    widget.open_meetings();
    let listed = widget
        .wait_for("an answer", LIMIT, Widget::upcoming_meetings)
        .await?;
    ensure!(
        titles(&listed) == ["Quote for 40 seats", "Review with Harbour & Sons"],
        "both are listed, the sooner first: {listed:?}"
    );

    let past = widget.platform().meetings();
    let past = past.first().map(|it| it.id.clone()).unwrap_or_default();
    widget.log_meeting(&past);
    let entries = until("both meetings in the log", async || {
        let entries = scene.stored_logs().await?;
        Ok((entries.len() == 2).then_some(entries))
    })
    .await?;
    let key_of = |title: &str| {
        let entry = entries.iter().find(|it| it["title"] == json!(title));
        let key = entry.and_then(|it| it["key"].as_str());
        key.unwrap_or_default().to_owned()
    };

    let book = scene.entry(&key_of("Quote for 40 seats")).await?;
    book.holds("!document.querySelector('#entry-copy').hidden")
        .await?;
    book.holds("document.querySelector('#entry-join').href === 'https://video.example-phone.test/join/5550002222'")
        .await?;
    book.holds("document.querySelector('#entry-details').textContent.includes('Please join')")
        .await?;
    book.click("#entry-copy").await?;
    book.holds("document.querySelector('#toast').textContent === 'Copied'")
        .await?;
    book.close().await?;

    let book = scene.entry(&key_of("Forecast review")).await?;
    book.holds("document.querySelector('#entry-facts').textContent.includes('30:30')")
        .await?;
    book.holds("document.querySelector('#entry-files a.away')?.href.startsWith('https://video.example-phone.test/')")
        .await?;
    book.close().await
}

async fn the_invitation_is_offered(scene: &Scene, page: &Document) -> Result<()> {
    let origin = scene.browser.extension.origin.clone();
    let panel = page
        .frame("the panel", |url| url.starts_with(&origin))
        .await?;
    panel
        .holds("!document.querySelector('#invite').hidden")
        .await?;
    panel
        .holds("document.querySelector('#invite-title').textContent === 'Quote for 40 seats'")
        .await?;
    let mail = panel
        .eval("document.querySelector('#invite-email').href")
        .await?;
    let mail = mail.as_str().unwrap_or_default();
    ensure!(
        mail.starts_with("mailto:ada.whitfield@northwind.example?"),
        "a draft to Ada: {mail}"
    );
    ensure!(
        mail.contains("join%2F5550002222"),
        "with the address to join: {mail}"
    );
    panel.click("#invite-copy").await?;
    panel
        .holds("document.querySelector('#invite-copy').textContent === 'Copied'")
        .await?;
    panel.click("#invite-close").await?;
    panel
        .holds("document.querySelector('#invite').hidden")
        .await
}

fn titles(meetings: &[Value]) -> Vec<&str> {
    let titles = meetings.iter();
    titles.filter_map(|it| it["title"].as_str()).collect()
}
