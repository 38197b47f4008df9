//! Meetings: those that pages state, those that are planned in the widget, and those that were held.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test may fail loudly"
)]

mod common;

use common::{SITE, World, said};
use serde_json::{Value, json};
use switchboard::meetings::{events_of, events_of_reading, invitation, mailto, receivers};
use switchboard::moment;
use switchboard::protocol::page::{PageContact, PageEvent, Reading};
use switchboard::protocol::runtime::{FromBackground, InviteOffer};
use switchboard::protocol::stored::{Contact, LogKind, LogState, PlannedEvent, TabReport};
use switchboard::service::ports::Store as _;

const NOW: i64 = 1_795_000_000_000; // 2026-11-18T11:06:40Z

/// One line per event: title, beginning, end, place, id.
fn lines(linked_data: &[&str]) -> Vec<String> {
    let scripts: Vec<String> = linked_data.iter().map(|it| (*it).to_owned()).collect();
    events_of(&scripts, SITE, NOW, &|_| 60)
        .iter()
        .map(|it| {
            format!(
                "{} | {} | {} | {} | {}",
                it.title,
                moment::text(it.starts_at),
                moment::text(it.ends_at),
                it.location,
                it.id
            )
        })
        .collect()
}

#[test]
fn events_are_found_wherever_they_stand_in_linked_data() {
    let found = lines(&[
        r#"{"@context":"https://schema.org","@graph":[{"@type":"Organization","name":"Engines"},
            {"@type":["Thing","BusinessEvent"],"name":"Review  of\nthe engine","startDate":"2026-11-20T09:00:00+01:00",
             "endDate":"2026-11-20T10:30:00+01:00","url":"https://crm.example/events/1",
             "location":[{"@type":"Place","name":"Room 2"},{"@type":"VirtualLocation","url":"https://v.example/join/555"}]}]}"#,
        r#"[{"@type":"Event","name":"Lunch","startDate":"2026-11-20T12:00","duration":"PT30M","location":"Canteen"}]"#,
    ]);
    assert_eq!(
        found,
        [
            "Review of the engine | 2026-11-20T08:00:00Z | 2026-11-20T09:30:00Z | https://v.example/join/555 | https://crm.example/events/1",
            "Lunch | 2026-11-20T11:00:00Z | 2026-11-20T11:30:00Z | Canteen | Lunch 2026-11-20T11:00:00Z",
        ]
    );
}

#[test]
fn what_is_no_event_to_come_is_left_out() {
    let nested = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    for script in [
        "not json",
        "null",
        nested.as_str(),
        r#"{"@type":"Event"}"#,
        r#"{"@type":"Event","name":"","startDate":"2026-11-20"}"#,
        r#"{"@type":"Event","name":"When?","startDate":"soon"}"#,
        r#"{"@type":"Event","name":7,"startDate":20261120}"#,
        r#"{"@type":"Person","name":"Ada","startDate":"2026-11-20"}"#,
        r#"{"@type":"Event","name":"Over","startDate":"2026-11-17T09:00Z"}"#,
        r#"{"@type":"Event","name":"Off","startDate":"2026-11-20","eventStatus":"https://schema.org/EventCancelled"}"#,
    ] {
        assert_eq!(lines(&[script]), Vec::<String>::new(), "{script:.60}");
    }
    // One bad script takes nothing from the others.
    let good = r#"{"@type":"Event","name":"Good","startDate":"2026-11-20T08:00Z"}"#;
    assert_eq!(lines(&["{", good]).len(), 1);
}

#[test]
fn an_event_that_a_page_states_twice_is_one() {
    let event = PageEvent {
        title: "Review".to_owned(),
        starts: "2026-11-20T08:00Z".to_owned(),
        url: "https://crm.example/events/1?access_token=secret".to_owned(),
        ..PageEvent::default()
    };
    let reading = Reading {
        events: vec![event.clone(), event],
        linked_data: vec![
            r#"{"@type":"Event","name":"Review","startDate":"2026-11-20T08:00Z","url":"https://crm.example/events/1"}"#.to_owned(),
            r#"{"@type":"Event","name":"Trick","startDate":"2026-11-20T08:00Z","url":"javascript:alert(1)"}"#.to_owned(),
        ],
        ..Reading::default()
    };
    let events = events_of_reading(&reading, SITE, NOW, &|_| 0);
    let ids: Vec<&str> = events.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(
        ids,
        ["https://crm.example/events/1", "Trick 2026-11-20T08:00:00Z"]
    );
    assert_eq!(events[1].url, "");
}

const MEETING: &str = "https://v.example/join/5550001111";

fn scheduled(topic: &str, from: &str, to: &str) -> Value {
    json!({ "meeting": {
        "topic": topic, "location": MEETING, "timeFrom": from, "timeTo": to,
        "details": format!("Ada invites you.\n\nJoin: {MEETING}\nPassword: grün & 100%"),
    } })
}

fn held(id: &str, start: &str) -> Value {
    json!({ "meeting": {
        "id": id, "shortId": "5550001111", "displayName": "Weekly review", "duration": 1830, "startTime": start,
        "hostInfo": { "displayName": "Ada Host" },
        "participants": [{ "displayName": "Ada Host" }, { "displayName": "Gil Guest" }, { "displayName": "" }, 7],
        "recordings": [
            { "id": "rec-1", "contentUri": "https://media.example/1?access_token=secret", "url": "https://x.example/1",
              "link": "https://v.example/recordings/1?access_token=secret" },
            { "id": "rec-2", "link": "https://v.example/recordings/2" },
            { "id": "rec-3", "link": "javascript:alert(1)" },
        ],
    } })
}

fn world() -> World {
    let world = World::with_site_on();
    // 2026-11-20T07:00:00Z
    world.service.browser.time.set(1_795_158_000_000);
    world
}

fn posts(world: &World, path: &str, body: &Value) -> Vec<Value> {
    world.widget_says(&said(path, body), false)
}

fn offers(world: &World) -> Vec<InviteOffer> {
    let told = world.service.browser.told.borrow();
    told.iter()
        .filter_map(|it| match it {
            FromBackground::Invite(offer) => Some(offer.clone()),
            _ => None,
        })
        .collect()
}

/// Somebody with an address, and whether the page says that she does not want to be written to.
fn reachable(id: &str, name: &str, email: &str, not: bool) -> PageContact {
    let mut contact = common::nobody(id, name);
    contact.emails = vec![email.to_owned()];
    contact.do_not_contact = not;
    contact
}

/// The page of tab 1 shows these people, in this order.
fn in_view(world: &World, tab: i32, ids: &[&str], open: Option<&str>) {
    let report = TabReport {
        site: SITE.to_owned(),
        at: 5,
        in_view: ids.iter().map(|it| (*it).to_owned()).collect(),
        open_record: open.map(str::to_owned),
        ..TabReport::default()
    };
    pollster::block_on(world.service.store.put_tab_report(tab, &report)).expect("memory");
}

#[test]
fn a_scheduled_meeting_is_planned_and_its_invitation_offered_to_the_people_in_view() {
    let world = world();
    world.admit_frame(5);
    world.reads(&[
        reachable("h1", "Harriet House", "harriet+x@example.org", false),
        reachable("j1", "Jörg Münz", "joerg@example.org", false),
        common::nobody("n1", "Nobody Reachable"),
    ]);
    in_view(&world, 1, &["h1", "n1", "gone", "j1"], Some("j1"));
    let body = scheduled("Review", "2026-11-20T09:00:00Z", "2026-11-20T09:30:00Z");
    let posts = posts(&world, "/meeting/invite", &body);
    assert_eq!(posts[0]["response"], json!({ "data": "ok" }));
    assert_eq!(posts[1]["path"], "/custom-alert-message");
    assert_eq!(posts[1]["body"]["message"], "alert_invite_ready");
    assert_eq!(posts[1]["body"]["level"], "info");

    let [entry] = &world.logs()[..] else {
        panic!("one entry");
    };
    assert_eq!(entry.kind, LogKind::Meeting);
    assert_eq!(entry.state, LogState::Planned);
    assert_eq!(entry.key, format!("invite:{MEETING} 2026-11-20T09:00:00Z"));
    assert_eq!(entry.title, "Review");
    assert_eq!(entry.location, MEETING);
    assert_eq!(entry.duration_s, Some(1_800));
    assert!(entry.details.starts_with("Ada invites you."));

    let offers = offers(&world);
    let [offer] = &offers[..] else {
        panic!("one offer");
    };
    assert_eq!(offer.names, ["Jörg Münz", "Harriet House"]);
    assert_eq!(offer.text, entry.details);
    assert!(
        offer.mailto.starts_with(
            "mailto:joerg@example.org,harriet%2Bx@example.org?subject=Review&body=Ada%20invites%20you.%0D%0A%0D%0AJoin"
        ),
        "{}",
        offer.mailto
    );
    assert!(
        offer.mailto.ends_with("gr%C3%BCn%20%26%20100%25"),
        "{}",
        offer.mailto
    );

    // The same again is the same.
    posts_again(&world, &body);
}

fn posts_again(world: &World, body: &Value) {
    posts(world, "/meeting/invite", body);
    assert_eq!(world.logs().len(), 1);
}

#[test]
fn a_widget_in_its_own_window_offers_to_the_people_of_the_page_that_was_read_last() {
    let world = world();
    world.reads(&[reachable(
        "h1",
        "Harriet House",
        "harriet@example.org",
        false,
    )]);
    pollster::block_on(world.service.store.put_tab_report(1, &TabReport::default()))
        .expect("memory");
    in_view(&world, 7, &["h1"], None);
    world.admit_frame(5);
    posts(
        &world,
        "/meeting/invite",
        &scheduled("Review", "2026-11-20T09:00:00Z", ""),
    );
    assert_eq!(offers(&world)[0].names, ["Harriet House"]);
}

#[test]
fn a_draft_goes_to_nobody_who_does_not_want_it_and_to_no_odd_address() {
    let contact = |email: &str| Contact {
        name: email.to_owned(),
        emails: vec![email.to_owned()],
        ..Contact::default()
    };
    let mut people: Vec<Contact> = [
        "ok@example.org",
        "no address",
        "two@at@example.org",
        "a@example.org?bcc=evil@example.org",
        "a@example.org,b@example.org",
        "nohost@",
    ]
    .map(contact)
    .to_vec();
    people.push(Contact {
        page_says_no: true,
        ..contact("no@example.org")
    });
    people.push(Contact {
        deleted: true,
        ..contact("gone@example.org")
    });
    let (addresses, names) = receivers(&people);
    assert_eq!(addresses, ["ok@example.org"]);
    assert_eq!(names, ["ok@example.org"]);
    let many: Vec<Contact> = (0..30)
        .map(|n| contact(&format!("p{n}@example.org")))
        .collect();
    assert_eq!(receivers(&many).0.len(), 20);
}

#[test]
fn a_draft_is_short_enough_for_mail_programs_and_never_ends_in_half_a_character() {
    let draft = mailto("Ω".repeat(500).as_str(), &"日本語\n".repeat(2_000), &[]);
    assert!(draft.len() < 2_100, "{}", draft.len());
    let body = draft.split_once("&body=").expect("a body").1;
    assert!(body.len() > 1_700);
    let hex: String = body.split('%').skip(1).collect();
    let bytes: Vec<u8> = (0..hex.len() / 2)
        .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hexadecimal"))
        .collect();
    String::from_utf8(bytes).expect("whole characters");
    assert_eq!(
        mailto("a=b&c", "x\r\ny\nz", &["a@example.org".to_owned()]),
        "mailto:a@example.org?subject=a%3Db%26c&body=x%0D%0Ay%0D%0Az"
    );
}

#[test]
fn the_place_stands_in_the_text_of_an_invitation_once() {
    assert_eq!(invitation("Join https://a", "https://a"), "Join https://a");
    assert_eq!(invitation("Join us", "https://a"), "Join us\n\nhttps://a");
    assert_eq!(invitation("", "https://a"), "https://a");
    assert_eq!(invitation("Join us", ""), "Join us");
}

#[test]
fn a_conference_of_a_widget_of_old_is_an_invitation_too() {
    let world = world();
    world.admit_frame(5);
    let body = json!({ "conference": {
        "inviteText": "Dial in and enter 1234", "dialInNumber": "+16505550190", "topic": "New Conference",
        "location": "", "extensionName": "Ada Host",
    } });
    posts(&world, "/conference/invite", &body);
    world.later(60_000);
    posts(&world, "/conference/invite", &body);
    let [entry] = &world.logs()[..] else {
        panic!("one entry");
    };
    assert_eq!(entry.title, "New Conference");
    assert_eq!(entry.details, "Dial in and enter 1234\n+16505550190");
    assert_eq!(entry.key, "invite:+16505550190 2026-11-20");
    assert_eq!(entry.started_at, 1_795_158_000_000);
    assert_eq!(offers(&world)[0].text, entry.details);
}

#[test]
fn meetings_to_come_are_listed_once_each_and_the_next_first() {
    let world = world();
    let plan = |topic: &str, from: &str, to: &str| {
        posts(&world, "/meeting/invite", &scheduled(topic, from, to));
    };
    plan("Later", "2026-11-21T09:00:00Z", "2026-11-21T10:00:00Z");
    plan("Going on", "2026-11-20T06:30:00Z", "2026-11-20T07:30:00Z");
    plan("Over", "2026-11-20T05:00:00Z", "2026-11-20T06:00:00Z");
    let event = |title: &str, starts: &str, url: &str, location: &str| PlannedEvent {
        site: SITE.to_owned(),
        id: format!("{title}{starts}"),
        title: title.to_owned(),
        starts_at: moment::parse(starts, &|_| 0).expect("a moment"),
        ends_at: moment::parse(starts, &|_| 0).expect("a moment") + 3_600_000,
        url: url.to_owned(),
        location: location.to_owned(),
        ..PlannedEvent::default()
    };
    let events = [
        event(
            "Later",
            "2026-11-21T09:00:00Z",
            "https://crm.example/e/1",
            "",
        ),
        event(
            "Lunch",
            "2026-11-20T11:00:00Z",
            "https://crm.example/e/2",
            "Canteen",
        ),
        event("Nowhere", "2026-11-20T12:00:00Z", "", "Room 2"),
        event("Yesterday", "2026-11-19T12:00:00Z", "", ""),
        PlannedEvent {
            site: "https://other.example".to_owned(),
            ..event("Not ours", "2026-11-20T11:00:00Z", "", "")
        },
    ];
    pollster::block_on(world.service.store.put_events(&events)).expect("memory");
    let answer = world.asks("/meeting/upcoming", &Value::Null);
    let list = answer["data"].as_array().expect("a list");
    let titles: Vec<&str> = list.iter().filter_map(|it| it["title"].as_str()).collect();
    assert_eq!(titles, ["Going on", "Lunch", "Nowhere", "Later"]);
    assert_eq!(
        list[1],
        json!({
            "id": "Lunch2026-11-20T11:00:00Z", "title": "Lunch", "location": "Canteen",
            "startTime": "2026-11-20T11:00:00Z", "endTime": "2026-11-20T12:00:00Z",
            "editEventUrl": "https://crm.example/e/2",
        })
    );
    assert_eq!(list[0]["editEventUrl"], MEETING);
    assert_eq!(list[2].get("editEventUrl"), None);

    let many: Vec<PlannedEvent> = (0..80)
        .map(|n| event(&format!("Event {n}"), "2026-11-22T11:00:00Z", "", ""))
        .collect();
    pollster::block_on(world.service.store.put_events(&many)).expect("memory");
    let answer = world.asks("/meeting/upcoming", &Value::Null);
    assert_eq!(answer["data"].as_array().map(Vec::len), Some(50));
}

#[test]
fn a_held_meeting_is_one_entry_however_often_it_is_logged() {
    let world = world();
    let body = held("m!1", "2026-11-19T10:00:12.345Z");
    assert_eq!(world.asks("/meetingLogger", &body), json!({ "data": "ok" }));
    let before = world.logs();
    let [entry] = &before[..] else {
        panic!("one entry");
    };
    assert_eq!(entry.key, "meeting:m!1");
    assert_eq!(entry.kind, LogKind::Meeting);
    assert_eq!(entry.state, LogState::Saved);
    assert_eq!(entry.title, "Weekly review");
    assert_eq!(moment::text(entry.started_at), "2026-11-19T10:00:12Z");
    assert_eq!(entry.duration_s, Some(1_830));
    assert_eq!(
        entry.details,
        "Ada Host, Gil Guest\nhttps://v.example/recordings/2"
    );
    let recording = entry.recording.as_ref().expect("a recording");
    assert_eq!(recording.id, "rec-1");
    assert_eq!(
        recording.link.as_deref(),
        Some("https://v.example/recordings/1")
    );
    assert_eq!(recording.content_uri, None);
    let kept = serde_json::to_string(&before).expect("JSON");
    assert!(!kept.contains("access_token"), "a token was kept");

    let announced = world.service.browser.announced.get();
    world.later(60_000);
    world.asks("/meetingLogger", &body);
    assert_eq!(world.logs(), before);
    assert_eq!(world.service.browser.announced.get(), announced);
}

#[test]
fn a_plan_becomes_the_entry_of_its_meeting() {
    let world = world();
    for (topic, from) in [
        ("Morning", "2026-11-20T09:00:00Z"),
        ("Afternoon", "2026-11-20T15:00:00Z"),
        ("Tomorrow", "2026-11-21T09:00:00Z"),
    ] {
        posts(&world, "/meeting/invite", &scheduled(topic, from, ""));
    }
    world.asks("/meetingLogger", &held("m!1", "2026-11-20T14:55:00Z"));
    world.asks("/meetingLogger", &held("m!1", "2026-11-20T14:55:00Z"));
    let entries = world.logs();
    assert_eq!(entries.len(), 3, "completed, not doubled");
    let done = &entries[1];
    assert_eq!(done.key, format!("invite:{MEETING} 2026-11-20T15:00:00Z"));
    assert_eq!(done.state, LogState::Saved);
    assert_eq!(done.session_id, "m!1");
    assert_eq!(done.duration_s, Some(1_830));
    assert!(done.details.starts_with("Ada invites you."));
    assert_eq!(done.details.matches("Gil Guest").count(), 1);

    // Two more meetings in the same room: one takes the plan that is left, one has none.
    world.asks("/meetingLogger", &held("m!2", "2026-11-20T15:30:00Z"));
    world.asks("/meetingLogger", &held("m!3", "2026-11-20T16:30:00Z"));
    let states: Vec<(String, LogState)> = world
        .logs()
        .into_iter()
        .map(|it| (it.session_id, it.state))
        .collect();
    assert_eq!(
        states,
        [
            (String::new(), LogState::Planned),
            ("m!3".to_owned(), LogState::Saved),
            ("m!2".to_owned(), LogState::Saved),
            ("m!1".to_owned(), LogState::Saved),
        ]
    );
    // Scheduling it again does not make a held meeting a plan.
    posts(
        &world,
        "/meeting/invite",
        &scheduled("Afternoon", "2026-11-20T15:00:00Z", ""),
    );
    let again = world.logs();
    assert!(
        again
            .iter()
            .all(|it| it.session_id != "m!1" || it.state == LogState::Saved)
    );
}

#[test]
fn a_plan_is_not_that_of_a_meeting_held_hours_before() {
    let world = world();
    posts(
        &world,
        "/meeting/invite",
        &scheduled("Afternoon", "2026-11-20T15:00:00Z", ""),
    );
    world.asks("/meetingLogger", &held("m!1", "2026-11-20T09:00:00Z"));
    let entries = world.logs();
    assert_eq!(entries.len(), 2, "its own entry, and the plan");
    assert_eq!(entries[0].state, LogState::Planned);
    // People come early, but not by hours.
    world.asks("/meetingLogger", &held("m!2", "2026-11-20T14:10:00Z"));
    let entries = world.logs();
    assert_eq!(entries.len(), 2, "the plan is completed");
    assert_eq!(entries[0].session_id, "m!2");
}

#[test]
fn broken_storage_is_told_and_the_invitation_is_offered_all_the_same() {
    let world = world();
    world.admit_frame(5);
    world.service.store.logs_are_broken.set(true);
    let body = scheduled("Review", "2026-11-20T09:00:00Z", "");
    for (path, body) in [
        ("/meeting/invite", body),
        ("/meetingLogger", held("m!1", "2026-11-20T14:55:00Z")),
    ] {
        let posts = posts(&world, path, &body);
        assert!(posts[0]["response"].get("data").is_some());
        assert_eq!(posts[1]["body"]["message"], "alert_log_failed", "{path}");
    }
    assert_eq!(offers(&world)[0].title, "Review");
}

#[test]
fn what_makes_no_sense_is_answered_and_keeps_nothing() {
    let world = world();
    let huge = "x".repeat(1_000_000);
    for (path, body) in [
        ("/meeting/invite", Value::Null),
        ("/meeting/invite", json!({ "meeting": [] })),
        (
            "/meeting/invite",
            json!({ "meeting": { "topic": 7, "timeFrom": 8, "location": {} } }),
        ),
        (
            "/meeting/invite",
            json!({ "meeting": { "topic": huge, "timeFrom": "soon" } }),
        ),
        (
            "/meeting/invite",
            json!({ "meeting": { "timeFrom": "2026-11-20T09:00:00Z" } }),
        ),
        ("/conference/invite", Value::Null),
        (
            "/conference/invite",
            json!({ "conference": { "inviteText": "x" } }),
        ),
        ("/meetingLogger", Value::Null),
        ("/meetingLogger", json!({ "meeting": { "id": null } })),
    ] {
        let posts = posts(&world, path, &body);
        assert!(posts[0]["response"].get("data").is_some(), "{path}");
    }
    assert_eq!(world.logs(), []);
    let body = json!({ "meeting": {
        "id": 7, "displayName": huge, "startTime": 99, "duration": -5, "participants": huge, "recordings": [{ "id": 1, "link": huge }],
    } });
    world.asks("/meetingLogger", &body);
    let entry = &world.logs()[0];
    assert_eq!(entry.key, "meeting:7");
    assert!(entry.title.len() <= 300);
    assert_eq!((entry.duration_s, &entry.recording), (None, &None));
}
