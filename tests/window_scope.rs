//! The widget in its own window serves every site that is on: each site's people under ids of their own, one
//! log entry with a contact for each site, and nothing of a site that is off or without consent.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use common::{SITE, World, call, nobody, person, said};
use serde_json::{Value, json};
use switchboard::protocol::book::{
    AskUnlogged, ForgetContacts, LogUnlogged, Unchoose, UnloggedOf, WipeSite,
};
use switchboard::protocol::page::{PageContact, PageEvent, Reading};
use switchboard::protocol::runtime::{SaveSite, SiteViewOf, TurnOff};
use switchboard::protocol::stored::{ContactLink, FrameId, LogEntry, TabReport, Why};
use switchboard::roles::Role;
use switchboard::scope::WINDOW;
use switchboard::service::ports::Store as _;

const DESK: &str = "https://desk.example";
/// Where the widgets are: of [`SITE`], of [`DESK`], and the window's.
const CRM_WIDGET: (i32, FrameId) = (1, 7);
const DESK_WIDGET: (i32, FrameId) = (2, 7);
const WINDOW_WIDGET: (i32, FrameId) = (9, 0);
/// The number that somebody of both sites has.
const SHARED: &str = "+442079460321";
/// The number of [`call`].
const CALLER: &str = "+16505550177";

/// Two sites are on, each with a widget, and the window is open. Both sites have a contact 1, with the same
/// number.
fn world() -> World {
    let world = World::with_site_on();
    world.turn_on("https://desk.example/");
    reads(
        &world,
        1,
        SITE,
        &[person("1", "Harriet House", "020 7946 0321")],
    );
    world.later(1_000);
    reads(
        &world,
        2,
        DESK,
        &[person("1", "Hetty Home", "020 7946 0321")],
    );
    for ((tab, frame), place) in [
        (CRM_WIDGET, SITE),
        (DESK_WIDGET, DESK),
        (WINDOW_WIDGET, WINDOW),
    ] {
        world.admit(tab, frame, place);
    }
    world.later(5 * 60_000);
    world
}

/// The same, and both know who calls in [`call`].
fn world_with_caller() -> World {
    let world = world();
    reads(&world, 1, SITE, &[person("7", "Ada Byron", CALLER)]);
    world.later(1_000);
    reads(&world, 2, DESK, &[person("7", "A. Byron", CALLER)]);
    world.later(60 * 60_000);
    heard(&world);
    world
}

fn reads(world: &World, tab: i32, site: &str, contacts: &[PageContact]) {
    let contacts = contacts.to_vec();
    let reading = Reading {
        contacts,
        ..Reading::default()
    };
    world.reads_on(tab, site, reading);
}

fn asks(world: &World, widget: (i32, FrameId), path: &str, body: &Value) -> Value {
    world.frame_says(widget, &said(path, body), false)[0]["response"].clone()
}

fn window_asks(world: &World, path: &str, body: &Value) -> Value {
    asks(world, WINDOW_WIDGET, path, body)
}

/// What was posted to a widget since everything was last heard: the types, shortened.
fn heard_by(posted: &[(i32, FrameId, Vec<Value>)], widget: (i32, FrameId)) -> Vec<String> {
    let to = posted
        .iter()
        .filter(|(tab, frame, _)| (*tab, *frame) == widget);
    to.flat_map(|(_, _, messages)| messages.iter().map(kind))
        .collect()
}

fn heard(world: &World) -> Vec<(i32, FrameId, Vec<Value>)> {
    world.service.browser.posted.take()
}

fn kind(message: &Value) -> String {
    let kind = message["type"].as_str().unwrap_or_default();
    kind.strip_prefix("rc-adapter-").unwrap_or(kind).to_owned()
}

fn ids(data: &Value) -> Vec<String> {
    let contacts = data.as_array().into_iter().flatten();
    contacts
        .map(|it| {
            let gone = if it["deleted"] == true { " gone" } else { "" };
            format!("{}{gone}", it["id"].as_str().expect("ids are texts"))
        })
        .collect()
}

fn at(site: &str, id: &str) -> String {
    format!("{site} {id}")
}

fn list(world: &World, since: &Value) -> Value {
    let body = json!({ "page": 1, "syncTimestamp": since });
    window_asks(world, "/contacts", &body)
}

fn matched(world: &World, number: &str) -> Vec<String> {
    let body = json!({ "phoneNumbers": [number] });
    ids(&window_asks(world, "/contacts/match", &body)["data"][number])
}

fn view(url: &str) -> SiteViewOf {
    SiteViewOf {
        url: url.to_owned(),
        tab: None,
        language: "en-GB".to_owned(),
    }
}

fn consent(world: &World, site: &str, read_contacts: bool) {
    let mut wish = world.popup(view(site)).wish;
    wish.read_contacts = read_contacts;
    let view = view(site);
    world.popup(SaveSite { view, wish });
}

fn linked(entry: &LogEntry) -> Vec<(&str, &str)> {
    let links = entry.links.iter();
    links
        .map(|(site, link)| (site.as_str(), link.id.as_str()))
        .collect()
}

/// The contact that a widget is told for a call.
fn logged_with(world: &World, widget: (i32, FrameId), session: &str) -> Value {
    let body = json!({ "sessionIds": [session] });
    asks(world, widget, "/callLogger/match", &body)["data"][session][0]["contact"]["id"].clone()
}

#[test]
fn the_contacts_1_of_two_sites_are_two_people() {
    let world = world();
    let all = list(&world, &Value::Null);
    assert_eq!(ids(&all["data"]), [at(SITE, "1"), at(DESK, "1")]);
    // The one that was read last comes first.
    assert_eq!(matched(&world, SHARED), [at(DESK, "1"), at(SITE, "1")]);
    let found = window_asks(
        &world,
        "/contacts/search",
        &json!({ "searchString": "020 7946" }),
    );
    assert_eq!(ids(&found["data"]), [at(SITE, "1"), at(DESK, "1")]);
    // In a page of one of them nothing has changed.
    let body = json!({ "phoneNumbers": [SHARED] });
    let own = asks(&world, CRM_WIDGET, "/contacts/match", &body);
    assert_eq!(ids(&own["data"][SHARED]), ["1"]);
}

#[test]
fn each_site_understands_a_national_number_in_its_own_way() {
    let world = world();
    let mut wish = world.popup(view(DESK)).wish;
    wish.region = "US".to_owned();
    let desk = view(DESK);
    world.popup(SaveSite { view: desk, wish });
    reads(
        &world,
        2,
        DESK,
        &[person("u", "Una Usher", "(650) 555-0142")],
    );
    reads(
        &world,
        1,
        SITE,
        &[person("g", "Gwen Green", "020 7946 0142")],
    );
    let found = |text: &str| {
        let body = json!({ "searchString": text });
        ids(&window_asks(&world, "/contacts/search", &body)["data"])
    };
    assert_eq!(found("6505550142"), [at(DESK, "u")]);
    assert_eq!(found("020 79460142"), [at(SITE, "g")]);
    assert_eq!(matched(&world, "650-555-0142"), [at(DESK, "u")]);
}

#[test]
fn the_likeliest_of_all_sites_comes_first() {
    let world = world();
    let report = |site: &str, open: Option<&str>| TabReport {
        site: site.to_owned(),
        open_record: open.map(str::to_owned),
        at: world.service.browser.time.get(),
        ..TabReport::default()
    };
    let put = |tab, report: &TabReport| {
        pollster::block_on(world.service.store.put_tab_report(tab, report)).expect("memory");
    };
    put(2, &report(DESK, None));
    // Harriet was read earlier, and is the only one of her site; but her record is open.
    put(1, &report(SITE, Some("1")));
    assert_eq!(matched(&world, SHARED), [at(SITE, "1"), at(DESK, "1")]);
    put(1, &report(SITE, None));
    assert_eq!(matched(&world, SHARED), [at(DESK, "1"), at(SITE, "1")]);
    // The name that comes with the number says something too.
    let body = json!({ "phoneNumbers": [SHARED], "callerIds": { SHARED: "HOUSE HARRIET" } });
    let named = window_asks(&world, "/contacts/match", &body);
    assert_eq!(ids(&named["data"][SHARED]), [at(SITE, "1"), at(DESK, "1")]);
}

#[test]
fn a_long_list_comes_in_pages_over_all_sites_up_to_the_limit() {
    let world = world();
    let many = |tab: i32, site: &str, count: usize| {
        let people: Vec<PageContact> = (0..count)
            .map(|at| nobody(&format!("n{at:04}"), "Somebody"))
            .collect();
        world.later(1_000);
        reads(&world, tab, site, &people);
    };
    many(1, SITE, 1_400);
    many(2, DESK, 900);
    let mut all = Vec::new();
    let mut page = json!(1);
    while !page.is_null() {
        let body = json!({ "page": page, "syncTimestamp": null });
        let answer = window_asks(&world, "/contacts", &body);
        all.extend(ids(&answer["data"]));
        page = answer["nextPage"].clone();
    }
    assert_eq!(all.len(), 2_302);
    let mut sorted = all.clone();
    sorted.dedup();
    assert_eq!(sorted.len(), all.len());

    pollster::block_on(
        world
            .service
            .store
            .update_settings(|it| it.global.list_limit = 950),
    )
    .expect("memory");
    let of_crm = |answer: &Value| {
        let ids = ids(&answer["data"]);
        (
            ids.len(),
            ids.iter().filter(|it| it.starts_with(SITE)).count(),
        )
    };
    // Those that were read last, of whichever site.
    assert_eq!(of_crm(&list(&world, &Value::Null)), (950, 50));
}

#[test]
fn a_delta_says_what_changed_on_any_site() {
    let world = world();
    let since = list(&world, &Value::Null)["syncTimestamp"].clone();
    world.later(10 * 60_000);
    assert_eq!(list(&world, &since)["data"], json!([]));
    reads(
        &world,
        2,
        DESK,
        &[person("2", "Dora Desk", "020 7946 0399")],
    );
    world.ask(
        Role::Book,
        ForgetContacts {
            site: SITE.to_owned(),
            ids: vec!["1".to_owned()],
        },
    );
    let delta = list(&world, &since);
    assert!(delta["syncTimestamp"].is_number());
    assert_eq!(
        ids(&delta["data"]),
        [at(SITE, "1") + " gone", at(DESK, "2")]
    );
}

#[test]
fn a_list_of_other_sites_than_before_comes_whole() {
    let world = world();
    let since = list(&world, &Value::Null)["syncTimestamp"].clone();
    world.later(10 * 60_000);
    heard(&world);
    consent(&world, DESK, false);
    let posted = heard(&world);
    let asked_again = ["sync-third-party-contacts", "trigger-contact-match"];
    assert_eq!(heard_by(&posted, WINDOW_WIDGET), asked_again);
    let numbers = &posted.last().expect("posted").2[1]["phoneNumbers"];
    assert_eq!(*numbers, json!([SHARED]));
    // Without a timestamp the widget takes it for the whole list, and forgets whom it does not name.
    let whole = list(&world, &since);
    assert_eq!(whole.get("syncTimestamp"), None);
    assert_eq!(ids(&whole["data"]), [at(SITE, "1")]);
    assert_eq!(matched(&world, SHARED), [at(SITE, "1")]);

    // The answer may not have arrived.
    world.later(60_000);
    assert_eq!(list(&world, &since).get("syncTimestamp"), None);
    let since = list(&world, &Value::Null)["syncTimestamp"].clone();
    world.later(60_000);
    assert!(list(&world, &since)["syncTimestamp"].is_number());

    consent(&world, DESK, true);
    assert_eq!(heard_by(&heard(&world), WINDOW_WIDGET), asked_again);
    let whole = list(&world, &since);
    assert_eq!(ids(&whole["data"]), [at(SITE, "1"), at(DESK, "1")]);
}

#[test]
fn the_window_hears_of_a_site_that_is_turned_off_or_on_and_of_one_that_is_lost() {
    let world = world();
    let asked_again = ["sync-third-party-contacts", "trigger-contact-match"];
    let since = list(&world, &Value::Null)["syncTimestamp"].clone();
    heard(&world);
    world.popup(TurnOff { view: view(DESK) });
    assert_eq!(heard_by(&heard(&world), WINDOW_WIDGET), asked_again);
    assert_eq!(ids(&list(&world, &since)["data"]), [at(SITE, "1")]);
    world.turn_on("https://desk.example/");
    assert_eq!(heard_by(&heard(&world), WINDOW_WIDGET), asked_again);
    assert_eq!(
        ids(&list(&world, &since)["data"]),
        [at(SITE, "1"), at(DESK, "1")]
    );

    world
        .service
        .browser
        .granted
        .borrow_mut()
        .retain(|it| !it.starts_with(DESK));
    pollster::block_on(world.service.permission_removed()).expect("memory");
    assert_eq!(heard_by(&heard(&world), WINDOW_WIDGET), asked_again);
    assert_eq!(ids(&list(&world, &since)["data"]), [at(SITE, "1")]);

    // With no site there is nothing to serve.
    world.popup(TurnOff { view: view(SITE) });
    let role = Role::Frame { tab: 9, frame: 0 };
    let request = common::frame_said(&said("/contacts", &json!({})), false);
    assert!(world.try_ask(role, request).is_err());
}

#[test]
fn whatever_is_news_on_a_site_reaches_its_widgets_and_the_window() {
    let world = world();
    heard(&world);
    let told = |world: &World| {
        let posted = heard(world);
        [CRM_WIDGET, DESK_WIDGET, WINDOW_WIDGET].map(|it| !heard_by(&posted, it).is_empty())
    };
    reads(
        &world,
        2,
        DESK,
        &[person("2", "Dora Desk", "020 7946 0399")],
    );
    assert_eq!(told(&world), [false, true, true]);
    let site = SITE.to_owned();
    world.ask(Role::Book, WipeSite { site });
    assert_eq!(told(&world), [true, false, true]);
    let number = format!("{DESK} {SHARED}");
    world.ask(Role::Book, Unchoose { number });
    assert_eq!(told(&world), [false, true, true]);
}

#[test]
fn a_record_is_shown_and_its_activities_are_those_of_its_own_site() {
    let world = world_with_caller();
    window_asks(&world, "/callLogger", &call("9100", "Disconnected", 5));
    let titles = |id: &str| {
        let body = json!({ "contact": { "id": id } });
        let answer = window_asks(&world, "/activities", &body);
        answer["data"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(titles(&at(SITE, "7")), 1);
    assert_eq!(titles(&at(DESK, "7")), 1);
    assert_eq!(titles(&at(SITE, "1")), 0);
    assert_eq!(titles("7"), 0);
    assert_eq!(titles(&at("https://off.example", "7")), 0);
    consent(&world, DESK, false);
    assert_eq!(titles(&at(DESK, "7")), 0);

    let mut with_url = person("8", "Rita Record", "020 7946 0355");
    with_url.url = Some("https://desk.example/people/8".to_owned());
    consent(&world, DESK, true);
    reads(&world, 2, DESK, &[with_url]);
    world.service.browser.done.borrow_mut().clear();
    window_asks(&world, "/contacts/view", &json!({ "id": at(DESK, "8") }));
    window_asks(&world, "/contacts/view", &json!({ "id": at(SITE, "8") }));
    let done = world.done();
    assert_eq!(done.len(), 1, "{done:?}");
    assert!(done[0].contains("https://desk.example/people/8"));
}

#[test]
fn one_call_that_three_widgets_see_is_one_entry_and_each_is_told_its_own_contact() {
    let world = world_with_caller();
    for widget in [WINDOW_WIDGET, CRM_WIDGET, DESK_WIDGET, WINDOW_WIDGET] {
        asks(
            &world,
            widget,
            "/callLogger",
            &call("9100", "CallConnected", 3),
        );
    }
    let logs = world.logs();
    assert_eq!(logs.len(), 1);
    assert_eq!(linked(&logs[0]), [(SITE, "7"), (DESK, "7")]);
    let places: Vec<&str> = logs[0].timeline.iter().map(|it| it.site.as_str()).collect();
    assert_eq!(places, [WINDOW, SITE, DESK]);
    assert_eq!(logged_with(&world, CRM_WIDGET, "9100"), "7");
    assert_eq!(logged_with(&world, DESK_WIDGET, "9100"), "7");
    // Nothing tells the two apart but the latest reading.
    assert_eq!(logged_with(&world, WINDOW_WIDGET, "9100"), at(DESK, "7"));
}

#[test]
fn a_contact_that_the_window_names_is_linked_on_its_site_and_is_the_one_it_shows() {
    let world = world_with_caller();
    let mut body = call("9100", "CallConnected", 3);
    body["call"]["toNumberEntity"] = json!(at(SITE, "7"));
    window_asks(&world, "/callLogger", &body);
    let entry = &world.logs()[0];
    assert_eq!(linked(entry), [(SITE, "7"), (DESK, "7")]);
    assert_eq!(logged_with(&world, WINDOW_WIDGET, "9100"), at(SITE, "7"));
    // A widget in a page names its own; that says nothing of the other site.
    let mut own = call("9100", "Disconnected", 9);
    own["call"]["toNumberEntity"] = json!("7");
    asks(&world, DESK_WIDGET, "/callLogger", &own);
    assert_eq!(logged_with(&world, WINDOW_WIDGET, "9100"), at(SITE, "7"));
    // Nor does an id of a site that is not served, or that has no site.
    for odd in ["7", "https://off.example 7", "https://desk.example none"] {
        let mut body = call("9100", "Disconnected", 9);
        body["call"]["toNumberEntity"] = json!(odd);
        window_asks(&world, "/callLogger", &body);
        assert_eq!(
            linked(&world.logs()[0]),
            [(SITE, "7"), (DESK, "7")],
            "{odd}"
        );
    }
}

#[test]
fn the_windows_widget_is_told_whom_we_took_where_two_sites_have_somebody() {
    let world = world_with_caller();
    let selected = |session: &str| {
        let message = said("/callLogger", &call(session, "CallConnected", 3));
        let posts = world.frame_says(WINDOW_WIDGET, &message, false);
        let found = posts.iter().find(|it| it.get("contactId").is_some());
        found.map(|it| it["contactId"].clone())
    };
    assert_eq!(selected("9100"), Some(json!(at(DESK, "7"))));
    assert_eq!(selected("9100"), None, "once is enough");
    consent(&world, DESK, false);
    assert_eq!(selected("9101"), None, "only one site has somebody");
}

fn form(world: &World, widget: (i32, FrameId), session: &str) -> Value {
    let mut body = call(session, "Disconnected", 5);
    body["triggerType"] = json!("createLog");
    body["redirect"] = json!(true);
    let posts = world.frame_says(widget, &said("/callLogger", &body), false);
    let page = posts.iter().find(|it| it.get("page").is_some());
    page.expect("the form is opened")["page"].clone()
}

fn saves(world: &World, session: &str, contact: &str, name: &str) {
    let mut body = call(session, "Disconnected", 5);
    body["triggerType"] = json!("logForm");
    body["formData"] = json!({ "contact": contact, "contactName": name, "note": "" });
    window_asks(world, "/callLogger", &body);
}

fn options(page: &Value) -> Vec<(String, String)> {
    let options = page["schema"]["properties"]["contact"]["oneOf"].as_array();
    let people = options
        .into_iter()
        .flatten()
        .filter(|it| it.get("description").is_some());
    let text = |it: &Value, field: &str| it[field].as_str().unwrap_or_default().to_owned();
    people
        .map(|it| (text(it, "const"), text(it, "description")))
        .collect()
}

#[test]
fn the_form_offers_the_people_of_all_sites_and_remembers_the_choice_for_the_site() {
    let world = world_with_caller();
    let page = form(&world, WINDOW_WIDGET, "9100");
    let crm = (at(SITE, "7"), "crm.example".to_owned());
    let desk = (at(DESK, "7"), "desk.example".to_owned());
    assert_eq!(options(&page), [desk.clone(), crm.clone()]);
    assert_eq!(page["formData"]["contact"], desk.0);
    let own = form(&world, CRM_WIDGET, "9100");
    assert_eq!(options(&own), [("7".to_owned(), String::new())]);

    saves(&world, "9100", &crm.0, "");
    let entry = world.logs()[0].clone();
    assert_eq!(entry.links[SITE].why, Why::Chosen);
    assert_eq!(entry.links[DESK].why, Why::OnlyOne);
    assert_eq!(logged_with(&world, WINDOW_WIDGET, "9100"), crm.0);
    let key = |site: &str| format!("{site} {CALLER}");
    let keys = [key(SITE), key(DESK)];
    let choices = pollster::block_on(world.service.store.choices(&keys)).expect("memory");
    let chosen: Vec<&str> = choices.iter().map(|it| it.number.as_str()).collect();
    assert_eq!(chosen, [key(SITE)]);
    // The next call with this number is this person's first.
    assert_eq!(matched(&world, CALLER)[0], crm.0);
}

#[test]
fn nobody_is_nobody_of_any_site() {
    let world = world_with_caller();
    form(&world, WINDOW_WIDGET, "9100");
    saves(&world, "9100", "switchboard:nobody", "");
    for widget in [WINDOW_WIDGET, CRM_WIDGET, DESK_WIDGET] {
        asks(
            &world,
            widget,
            "/callLogger",
            &call("9100", "Disconnected", 6),
        );
        assert_eq!(logged_with(&world, widget, "9100"), Value::Null);
    }
    assert!(world.logs()[0].links.is_empty());
}

#[test]
fn somebody_new_belongs_to_the_site_whose_page_was_read_last() {
    for (tab, site) in [(1, SITE), (2, DESK)] {
        let world = world();
        world.later(1_000);
        reads(&world, tab, site, &[nobody("x", "Xenia")]);
        form(&world, WINDOW_WIDGET, "9100");
        saves(&world, "9100", "switchboard:new", "Nora New");
        let entry = &world.logs()[0];
        let links: Vec<(&String, &ContactLink)> = entry.links.iter().collect();
        assert_eq!(links.len(), 1);
        assert_eq!((links[0].0.as_str(), &*links[0].1.name), (site, "Nora New"));
        assert_eq!(matched(&world, CALLER), [at(site, &links[0].1.id)]);
    }
}

#[test]
fn a_search_in_the_form_finds_people_of_all_sites_but_of_none_without_consent() {
    let world = world_with_caller();
    form(&world, WINDOW_WIDGET, "9100");
    let found = || {
        let mut body = call("9100", "Disconnected", 5);
        body["keys"] = json!(["contactSearch"]);
        body["formData"] = json!({ "contact": "switchboard:other", "contactSearch": "h" });
        let message = said("/callLogger/inputChanged", &body);
        let posts = world.frame_says(WINDOW_WIDGET, &message, false);
        let page = posts.iter().find(|it| it.get("page").is_some());
        let mut found: Vec<String> = page
            .map(|it| options(&it["page"]))
            .unwrap_or_default()
            .into_iter()
            .map(|(id, _)| id)
            .filter(|it| it.ends_with(" 1"))
            .collect();
        found.sort();
        found
    };
    assert_eq!(found(), [at(SITE, "1"), at(DESK, "1")]);
    consent(&world, DESK, false);
    assert_eq!(found(), [at(SITE, "1")]);
}

fn messages(contact: Option<&str>) -> Value {
    let mut body = json!({
        "conversation": {
            "conversationId": "7001", "conversationLogId": "7001/11/20/2026", "type": "SMS",
            "date": "11/20/2026",
            "messages": [{ "id": 501, "type": "SMS", "direction": "Inbound", "subject": "hello",
                "creationTime": "2026-11-20T08:00:00Z", "lastModifiedTime": "2026-11-20T08:00:00Z",
                "from": { "phoneNumber": CALLER }, "to": [{ "phoneNumber": "+16505550000" }] }],
            "correspondents": [{ "phoneNumber": CALLER }], "self": { "phoneNumber": "+16505550000" },
        },
        "triggerType": "auto",
    });
    if let Some(id) = contact {
        body["triggerType"] = json!("manual");
        body["redirect"] = json!(false);
        body["prefill"] = json!(false);
        body["correspondentEntity"] = json!({ "id": id, "type": "Switchboard" });
    }
    body
}

#[test]
fn a_day_of_messages_has_a_contact_for_each_site_too() {
    let world = world_with_caller();
    let logged = |widget| {
        let body = json!({ "conversationLogIds": ["7001/11/20/2026"] });
        let answer = asks(&world, widget, "/messageLogger/match", &body);
        answer["data"]["7001/11/20/2026"][0]["contact"]["id"].clone()
    };
    window_asks(&world, "/messageLogger", &messages(None));
    assert_eq!(world.logs().len(), 1);
    assert_eq!(linked(&world.logs()[0]), [(SITE, "7"), (DESK, "7")]);
    assert_eq!(logged(WINDOW_WIDGET), at(DESK, "7"));
    window_asks(&world, "/messageLogger", &messages(Some(&at(SITE, "7"))));
    assert_eq!(logged(WINDOW_WIDGET), at(SITE, "7"));
    assert_eq!(logged(CRM_WIDGET), "7");
    assert!(world.logs()[0].links[SITE].chosen && !world.logs()[0].links[DESK].chosen);
}

#[test]
fn whoever_says_no_on_any_site_is_not_called_from_the_window() {
    let world = world();
    let mut refuses = person("n", "Nina No", "020 7946 0388");
    refuses.do_not_contact = true;
    reads(&world, 2, DESK, &[refuses]);
    let typed = json!({ "phoneNumber": "+442079460388", "actionType": "call" });
    let answer = window_asks(&world, "/doNotContact", &typed);
    assert_eq!(answer["data"]["mode"], "restrict");
    // Somebody of the other site has the number too: perhaps it is she who is meant.
    reads(&world, 1, SITE, &[person("y", "Yara Yes", "020 7946 0388")]);
    let answer = window_asks(&world, "/doNotContact", &typed);
    assert_eq!(answer["data"]["mode"], "confirm");
    let picked = |id: &str| {
        let mut body = typed.clone();
        body["contactId"] = json!(id);
        body["contactType"] = json!("Switchboard");
        window_asks(&world, "/doNotContact", &body)["data"].clone()
    };
    assert_eq!(picked(&at(SITE, "y"))["result"], false);
    assert_eq!(picked(&at(DESK, "n"))["mode"], "restrict");
    // She says no also where her site's contacts may not be listed.
    consent(&world, DESK, false);
    assert_eq!(
        window_asks(&world, "/doNotContact", &typed)["data"]["result"],
        true
    );
}

#[test]
fn a_switch_turned_in_the_window_reaches_the_sites_and_back() {
    let world = world();
    heard(&world);
    let switch = |on: bool| json!({ "type": "rc-callLogger-auto-log-notify", "autoLog": on });
    assert_eq!(
        world.frame_says(WINDOW_WIDGET, &switch(false), false),
        Vec::<Value>::new()
    );
    assert!(!world.settings().global.auto_log_calls);
    let posted = heard(&world);
    for widget in [CRM_WIDGET, DESK_WIDGET] {
        assert_eq!(
            heard_by(&posted, widget),
            ["update-auto-log-settings"],
            "{posted:?}"
        );
    }
    assert!(heard_by(&posted, WINDOW_WIDGET).is_empty());
    // One that has not taken it yet says what it was; it is told, and nothing flips back.
    let posts = world.frame_says(CRM_WIDGET, &switch(true), false);
    assert_eq!(posts.len(), 1);
    world.frame_says(CRM_WIDGET, &switch(false), false);
    assert!(!world.settings().global.auto_log_calls);
    heard(&world);
    world.frame_says(CRM_WIDGET, &switch(true), false);
    assert_eq!(
        heard_by(&heard(&world), WINDOW_WIDGET),
        ["update-auto-log-settings"]
    );
    assert!(world.settings().global.auto_log_calls);
    world.frame_says(WINDOW_WIDGET, &switch(true), false);
    let settings = world.settings();
    assert_eq!(
        settings.window.auto_log_told,
        settings.global.auto_log_revision
    );

    world.save_auto_log(false);
    assert!(
        heard_by(&heard(&world), WINDOW_WIDGET).contains(&"update-auto-log-settings".to_owned())
    );
}

#[test]
fn the_window_shows_the_settings_of_all_sites_and_none_of_one() {
    let world = world();
    let signed_out = json!({ "type": "rc-login-status-notify", "loggedIn": false });
    let service = world.frame_says(WINDOW_WIDGET, &signed_out, true)[0]["service"].clone();
    assert_eq!(service["displayName"], "Switchboard: place_window");
    assert_eq!(service["info"], "widget_info_window");
    assert_eq!(service["contactsPath"], "/contacts");
    // A service without a button for it counts as consented.
    for key in ["authorizationPath", "authorized", "authorizedAccount"] {
        assert_eq!(service.get(key), None, "{key}");
    }
    let items = service["settings"].as_array().expect("a tree");
    let has = |id: &str| items.iter().any(|it| it["id"] == id);
    assert!(has("openOnRing") && !has("readContacts") && !has("markNumbers"));

    heard(&world);
    for (id, told) in [("openOnRing", true), ("readContacts", false)] {
        let setting = json!({ "id": id, "type": "boolean", "value": id == "openOnRing" });
        window_asks(&world, "/settings", &json!({ "setting": setting }));
        let posted = heard(&world);
        for widget in [CRM_WIDGET, DESK_WIDGET] {
            assert_eq!(!heard_by(&posted, widget).is_empty(), told, "{id}");
        }
    }
    let settings = world.settings();
    assert!(settings.global.open_on_ring && settings.sites[SITE].read_contacts);
    // What is turned elsewhere is shown in the window.
    let setting = json!({ "id": "openOnRing", "type": "boolean", "value": false });
    asks(
        &world,
        CRM_WIDGET,
        "/settings",
        &json!({ "setting": setting }),
    );
    assert_eq!(
        heard_by(&heard(&world), WINDOW_WIDGET),
        ["update-third-party-settings"]
    );
    window_asks(&world, "/authorize", &json!({ "authorized": true }));
    assert_eq!(heard(&world), []);
}

#[test]
fn calls_that_only_the_window_named_are_offered_and_logged_for_all_sites() {
    let world = world_with_caller();
    assert_eq!(world.ask(Role::Book, AskUnlogged {}), 3);
    let asked = heard(&world);
    let question = asked
        .iter()
        .find(|(tab, _, messages)| *tab == 9 && messages[0].get("requestId").is_some());
    let id = question.expect("the window was asked").2[0]["requestId"].clone();
    let missed = call("8800", "Missed", 0)["call"].clone();
    let answer = json!({ "type": "rc-adapter-message-response", "responseId": id,
        "response": { "calls": [missed], "hasMore": false } });
    world.frame_says(WINDOW_WIDGET, &answer, false);
    let posted = heard(&world);
    for widget in [CRM_WIDGET, DESK_WIDGET, WINDOW_WIDGET] {
        assert!(heard_by(&posted, widget).contains(&"update-customized-banner".to_owned()));
    }
    let views = world.ask(Role::Book, UnloggedOf {});
    assert_eq!(views.len(), 1);
    assert_eq!(
        (&*views[0].site, &*views[0].site_name),
        (WINDOW, "place_window")
    );
    let site = WINDOW.to_owned();
    let keys = vec![views[0].rows[0].key.clone()];
    assert_eq!(world.ask(Role::Book, LogUnlogged { site, keys }), 1);
    assert_eq!(linked(&world.logs()[0]), [(SITE, "7"), (DESK, "7")]);
    assert!(world.ask(Role::Book, UnloggedOf {}).is_empty());
    let posted = heard(&world);
    for widget in [CRM_WIDGET, DESK_WIDGET, WINDOW_WIDGET] {
        assert!(heard_by(&posted, widget).contains(&"trigger-call-logger-match".to_owned()));
    }
}

#[test]
fn the_banner_that_is_closed_in_the_window_is_closed_for_its_sites() {
    let world = world_with_caller();
    for widget in [CRM_WIDGET, WINDOW_WIDGET] {
        let synced = json!({ "type": "rc-call-history-synced-notify" });
        let asked = world.frame_says(widget, &synced, false);
        let id = asked[0]["requestId"].clone();
        let missed = call("8800", "Missed", 0)["call"].clone();
        let answer = json!({ "type": "rc-adapter-message-response", "responseId": id,
            "response": { "calls": [missed], "hasMore": false } });
        world.frame_says(widget, &answer, false);
    }
    heard(&world);
    let button = json!({ "id": "attention", "dismissed": true });
    window_asks(&world, "/button", &json!({ "button": button }));
    let posted = heard(&world);
    let last = posted.last().expect("posted").2.last().cloned();
    assert_eq!(last.expect("a banner")["banner"]["hidden"], true);
}

#[test]
fn the_meetings_of_all_sites_are_to_come() {
    let world = world();
    let event = |title: &str, begins: &str, ends: &str| PageEvent {
        title: title.to_owned(),
        starts: begins.to_owned(),
        ends: ends.to_owned(),
        ..PageEvent::default()
    };
    let reading = |event| Reading {
        events: vec![event],
        ..Reading::default()
    };
    world.reads_on(
        1,
        SITE,
        reading(event(
            "Review",
            "2026-11-20T09:00:00Z",
            "2026-11-20T10:00:00Z",
        )),
    );
    world.reads_on(
        2,
        DESK,
        reading(event(
            "Demo",
            "2026-11-20T11:00:00Z",
            "2026-11-20T12:00:00Z",
        )),
    );
    let titles = |widget| {
        let answer = asks(&world, widget, "/meeting/upcoming", &Value::Null);
        let data = answer["data"].as_array().cloned().unwrap_or_default();
        data.iter()
            .map(|it| it["title"].as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(titles(WINDOW_WIDGET), ["Review", "Demo"]);
    assert_eq!(titles(DESK_WIDGET), ["Demo"]);
}

#[test]
fn the_button_that_says_why_tells_the_sites_apart() {
    let world = world();
    let button = json!({ "id": "why" });
    let mut resource = call("9100", "Disconnected", 5)["call"].clone();
    resource["from"]["phoneNumber"] = json!(SHARED);
    let message = said(
        "/button",
        &json!({ "button": button, "resource": resource }),
    );
    let posts = world.frame_says(WINDOW_WIDGET, &message, false);
    let alert = &posts[1]["body"];
    assert_eq!(alert["message"], "Hetty Home · desk.example");
    assert_eq!(
        alert["details"][1]["items"][0]["text"],
        "Harriet House · crm.example"
    );
}
