//! The widget's list, its matches, records, activities and the question before a call.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use common::{SITE, World, call, nobody, person, said};
use serde_json::{Value, json};
use switchboard::protocol::book::{
    ContactsOf, ForgetContacts, ListPeople, MarkContact, MergeContacts, PeoplePage, PersonView,
    Unchoose, WipeSite,
};
use switchboard::protocol::page::{PageContact, PagePhone, Reading};
use switchboard::protocol::runtime::PageRead;
use switchboard::protocol::stored::{
    Choice, Contact, Dialled, GlobalSettings, LogEntry, LogKind, LogState, MessageKind,
    SiteSettings, TabReport,
};
use switchboard::roles::Role;
use switchboard::service::ports::Store as _;

/// Long enough that two syncs do not overlap.
const LATER: i64 = 120_000;
const ADA: &str = "+442079460321";

fn global(world: &World, change: impl FnOnce(&mut GlobalSettings)) {
    let done = world
        .service
        .store
        .update_settings(|it| change(&mut it.global));
    pollster::block_on(done).expect("memory");
}

fn own(world: &World, change: impl FnOnce(&mut SiteSettings)) {
    let done = world.service.store.update_settings(|it| {
        change(it.sites.get_mut(SITE).expect("the site is on"));
    });
    pollster::block_on(done).expect("memory");
}

fn stored(world: &World, id: &str) -> Contact {
    let contact = pollster::block_on(world.service.store.contact(SITE, id)).expect("memory");
    contact.expect(id)
}

fn names(data: &Value) -> Vec<&str> {
    let list = data.as_array().expect("a list").iter();
    list.map(|it| it["name"].as_str().expect("a name"))
        .collect()
}

/// A whole run of the list: the contacts, and what the widget keeps for the next run.
fn sync(world: &World, since: &Value) -> (Vec<Value>, Value) {
    let mut page = json!(1);
    let mut list = Vec::new();
    let mut kept = None;
    loop {
        let body = json!({ "page": page, "syncTimestamp": since });
        let answer = world.asks("/contacts", &body);
        kept.get_or_insert(answer["syncTimestamp"].clone());
        list.extend(answer["data"].as_array().expect("a list").clone());
        if answer["nextPage"].is_null() {
            return (list, kept.expect("a page"));
        }
        page = answer["nextPage"].clone();
    }
}

fn matched(world: &World, number: &str) -> Vec<String> {
    matched_with(
        world,
        &json!({ "phoneNumbers": [number], "callerIds": {} }),
        number,
    )
}

fn matched_with(world: &World, body: &Value, number: &str) -> Vec<String> {
    let answer = world.asks("/contacts/match", body);
    let list = answer["data"][number]
        .as_array()
        .cloned()
        .unwrap_or_default();
    list.iter()
        .map(|it| it["id"].as_str().expect("an id").to_owned())
        .collect()
}

fn forget(world: &World, id: &str) {
    let ids = vec![id.to_owned()];
    world.ask(
        Role::Book,
        ForgetContacts {
            site: SITE.to_owned(),
            ids,
        },
    );
}

fn merge(world: &World, keep: &str, drop: &[&str]) {
    let merge = MergeContacts {
        site: SITE.to_owned(),
        keep: keep.to_owned(),
        drop: drop.iter().map(|it| (*it).to_owned()).collect(),
    };
    world.ask(Role::Book, merge);
}

fn mark(world: &World, id: &str, no: Option<bool>) {
    let mark = MarkContact {
        site: SITE.to_owned(),
        id: id.to_owned(),
        do_not_contact: no,
    };
    world.ask(Role::Book, mark);
}

fn shown(world: &World, id: &str) -> Option<PersonView> {
    let of = ContactsOf {
        site: SITE.to_owned(),
        id: id.to_owned(),
    };
    world.ask(Role::Book, of)
}

fn list(world: &World, text: &str, skip: u32, limit: u32) -> PeoplePage {
    let list = ListPeople {
        text: text.to_owned(),
        skip,
        limit,
        ..ListPeople::default()
    };
    world.ask(Role::Book, list)
}

/// Two who share a number; Bob was read last, and neither is alone in view.
fn ada_and_bob(world: &World) {
    world.reads(&[person("ada", "Ada Byron", ADA)]);
    world.later(1_000);
    world.reads(&[
        person("bob", "Bob Babbage", ADA),
        person("cy", "Cy Young", "+442079460777"),
    ]);
}

fn log_call(world: &World, session: &str, number: &str, contact: &str) {
    let mut body = call(session, "Disconnected", 65);
    body["call"]["from"]["phoneNumber"] = json!(number);
    body["call"]["startTime"] = json!(world.service.browser.time.get());
    body["fromEntity"] = json!({ "id": contact, "type": "Switchboard" });
    world.asks("/callLogger", &body);
}

// The list.

#[test]
fn somebody_read_or_forgotten_between_two_pages_shifts_nobody() {
    let world = World::with_site_on();
    let people = |from: usize, to: usize| -> Vec<PageContact> {
        (from..to)
            .map(|n| person(&format!("p{n:04}"), "Somebody", ""))
            .collect()
    };
    world.reads(&people(0, 1_200));
    let first = world.asks("/contacts", &json!({ "page": 1, "syncTimestamp": null }));
    forget(&world, "p0003");
    world.reads(&[person("a", "Somebody", "")]);
    let body = json!({ "page": first["nextPage"], "syncTimestamp": null });
    let second = world.asks("/contacts", &body);
    assert_eq!(second["data"][0]["id"], "p1000");
    assert_eq!(second["data"].as_array().map(Vec::len), Some(200));
}

#[test]
fn the_list_holds_those_who_were_read_last() {
    let world = World::with_site_on();
    for id in ["old", "b", "a"] {
        world.reads(&[nobody(id, id)]);
        world.later(1_000);
    }
    global(&world, |global| global.list_limit = 2);
    let (list, _) = sync(&world, &Value::Null);
    assert_eq!(names(&json!(list)), ["a", "b"]);
}

#[test]
fn a_delta_says_who_is_gone_and_a_whole_list_does_not_hold_them() {
    let world = World::with_site_on();
    world.reads(&[
        nobody("1", "Forgotten"),
        nobody("2", "Kept"),
        nobody("3", "Double"),
    ]);
    let (_, since) = sync(&world, &Value::Null);
    world.later(LATER);
    forget(&world, "1");
    merge(&world, "2", &["3"]);
    let (delta, again) = sync(&world, &json!(since.as_i64().expect("a time") + 60_001));
    let gone: Vec<(&str, bool)> = delta
        .iter()
        .map(|it| (it["id"].as_str().expect("an id"), it["deleted"] == true))
        .collect();
    assert_eq!(gone, [("1", true), ("2", false), ("3", true)]);
    assert!(delta.iter().all(|it| it["phoneNumbers"].is_array()));
    assert!(again.as_i64() > since.as_i64());
    let (whole, _) = sync(&world, &Value::Null);
    assert_eq!(names(&json!(whole)), ["Kept"]);
}

#[test]
fn where_more_changed_than_the_list_may_hold_it_is_sent_whole() {
    let world = World::with_site_on();
    let people: Vec<PageContact> = (0..1_200)
        .map(|n| nobody(&format!("p{n:04}"), "Somebody"))
        .collect();
    world.reads(&people);
    let (_, since) = sync(&world, &Value::Null);
    world.later(LATER);
    world.ask(
        Role::Book,
        WipeSite {
            site: SITE.to_owned(),
        },
    );
    world.reads(&people[..1_100]);
    global(&world, |global| global.list_limit = 1_150);
    let (list, kept) = sync(&world, &since);
    assert_eq!(list.len(), 1_100);
    assert!(list.iter().all(|it| it.get("deleted").is_none()));
    // Without a timestamp the widget replaces its list, and asks for all the next time.
    assert_eq!(kept, Value::Null);
}

#[test]
fn without_consent_nobody_is_listed_found_or_matched_and_calls_are_logged() {
    let world = World::with_site_on();
    world.reads(&[person("ada", "Ada Byron", ADA)]);
    log_call(&world, "1", ADA, "ada");
    own(&world, |own| own.read_contacts = false);
    world.reads(&[person("bob", "Bob Babbage", ADA)]);
    assert_eq!(sync(&world, &json!(5)), (Vec::new(), Value::Null));
    let search = json!({ "searchString": "ada" });
    assert_eq!(world.asks("/contacts/search", &search)["data"], json!([]));
    assert_eq!(matched(&world, ADA), Vec::<String>::new());
    let activities = world.asks("/activities", &json!({ "contact": { "id": "ada" } }));
    assert_eq!(activities["data"], json!([]));
    let mut body = call("2", "Ringing", 0);
    body["call"]["from"]["phoneNumber"] = json!(ADA);
    world.asks("/callLogger", &body);
    let logs = world.logs();
    let unknown = logs.iter().find(|it| it.key == "call:2").expect("logged");
    assert!(unknown.links.is_empty());
    own(&world, |own| own.read_contacts = true);
    assert_eq!(matched(&world, ADA), ["ada"], "nothing was read meanwhile");
}

// Matches.

#[test]
fn each_number_is_answered_under_its_own_text_however_many_they_are() {
    let world = World::with_site_on();
    world.reads(&common::people().contacts);
    let mut numbers: Vec<String> = (0..400).map(|n| format!("+1650555{n:04}")).collect();
    let asked = [
        ADA,
        "020 7946 0321",
        "+442079460321*317",
        "102",
        "nonsense",
        "",
    ];
    numbers.extend(asked.iter().map(|it| (*it).to_owned()));
    let body = json!({ "phoneNumbers": numbers, "triggerFrom": "manual" });
    let answer = world.asks("/contacts/match", &body);
    let ids = |number: &str| -> Vec<&str> {
        let list = answer["data"][number].as_array().expect(number).iter();
        list.map(|it| it["id"].as_str().expect("an id")).collect()
    };
    assert_eq!(ids(ADA), ["h1"]);
    assert_eq!(ids("020 7946 0321"), ["h1"]);
    assert_eq!(ids("+442079460321*317"), ["e1"]);
    assert_eq!(ids("102"), ["i1"]);
    assert_eq!(ids("nonsense"), Vec::<&str>::new());
    assert_eq!(ids("+16505550007"), Vec::<&str>::new());
    for odd in [
        json!(null),
        json!({ "phoneNumbers": 7 }),
        json!({ "phoneNumbers": [7, {}] }),
    ] {
        assert_eq!(
            world.asks("/contacts/match", &odd)["data"],
            json!({}),
            "{odd}"
        );
    }
}

#[test]
fn a_callers_name_only_says_who_comes_first() {
    let world = World::with_site_on();
    ada_and_bob(&world);
    let with = |name: &str| {
        let body = json!({ "phoneNumbers": [ADA], "callerIds": { ADA: name } });
        matched_with(&world, &body, ADA)
    };
    assert_eq!(with("WIRELESS CALLER"), ["bob", "ada"]);
    assert_eq!(with("BYRON ADA"), ["ada", "bob"]);
}

#[test]
fn what_the_user_did_last_says_who_of_two_is_called() {
    let world = World::with_site_on();
    let store = &world.service.store;
    ada_and_bob(&world);
    assert_eq!(matched(&world, ADA), ["bob", "ada"]);

    log_call(&world, "1", ADA, "ada");
    assert_eq!(matched(&world, ADA), ["ada", "bob"], "the last call");
    world.later(1_000);
    log_call(&world, "2", "+442079460999", "bob");
    assert_eq!(matched(&world, ADA), ["ada", "bob"], "another number");

    let number = format!("{SITE} {ADA}");
    let dialled = Dialled {
        number: number.clone(),
        contact: "bob".to_owned(),
        at: world.service.browser.time.get(),
    };
    pollster::block_on(store.put_dialled(SITE, &dialled)).expect("memory");
    assert_eq!(matched(&world, ADA), ["bob", "ada"], "the row clicked");

    let report = TabReport {
        site: SITE.to_owned(),
        open_record: Some("ada".to_owned()),
        at: world.service.browser.time.get(),
        ..TabReport::default()
    };
    pollster::block_on(store.put_tab_report(2, &report)).expect("memory");
    assert_eq!(
        matched(&world, ADA),
        ["ada", "bob"],
        "a record in another tab"
    );
    let report = TabReport {
        open_record: Some("bob".to_owned()),
        at: report.at - 1_000,
        ..report
    };
    pollster::block_on(store.put_tab_report(1, &report)).expect("memory");
    assert_eq!(
        matched(&world, ADA),
        ["bob", "ada"],
        "the record in this tab"
    );

    let mut choice = Choice {
        number,
        contact: "ada".to_owned(),
        at: 1,
    };
    pollster::block_on(store.put_choice(&choice)).expect("memory");
    assert_eq!(matched(&world, ADA), ["ada", "bob"], "chosen before");
    choice.contact = "nobody of today".to_owned();
    pollster::block_on(store.put_choice(&choice)).expect("memory");
    assert_eq!(
        matched(&world, ADA),
        ["bob", "ada"],
        "a choice that means nobody"
    );
}

// Records and activities.

#[test]
fn a_record_opens_in_the_crm_also_under_the_id_of_a_duplicate() {
    let world = World::with_site_on();
    let mut ada = person("ada", "Ada Byron", ADA);
    ada.url = Some("https://crm.example/people/ada".to_owned());
    let mut script = nobody("js", "Jo Script");
    script.url = Some("javascript:alert(1)".to_owned());
    world.reads(&[ada, nobody("double", "A. Byron"), script]);
    merge(&world, "ada", &["double"]);
    for id in ["double", "js", "nobody of ours"] {
        let body =
            json!({ "id": id, "type": "Switchboard", "name": "?", "entityType": "Switchboard" });
        assert_eq!(world.asks("/contacts/view", &body)["data"], "ok");
    }
    assert_eq!(world.done(), ["show https://crm.example/people/ada"]);
}

#[test]
fn activities_are_everything_that_counts_newest_first() {
    let world = World::with_site_on();
    world.reads(&[
        person("ada", "Ada Byron", ADA),
        nobody("double", "A. Byron"),
    ]);
    let put = |key: &str, at: i64, contact: &str, change: &dyn Fn(&mut LogEntry)| {
        let done = world.service.store.update_log(key, |_| {
            let mut entry = LogEntry {
                key: key.to_owned(),
                started_at: at,
                contact_keys: vec![format!("{SITE} {contact}")],
                ..LogEntry::default()
            };
            change(&mut entry);
            entry
        });
        pollster::block_on(done).expect("memory");
    };
    put("call:1", 1, "ada", &|it| {
        it.result = "Accepted".to_owned();
        it.duration_s = Some(185);
    });
    put("call:2", 2, "ada", &|it| {
        it.subject = "About the offer".to_owned();
    });
    put("call:3", 3, "ada", &|it| it.state = LogState::Draft);
    put("call:4", 4, "ada", &|it| it.state = LogState::Deleted);
    let messages = |it: &mut LogEntry| {
        it.kind = LogKind::Messages;
        it.message_count = 3;
        it.preview = "see you there".to_owned();
    };
    put("sms", 5, "double", &messages);
    put("voicemail", 6, "ada", &|it| {
        it.kind = LogKind::Messages;
        it.message_kind = MessageKind::Voicemail;
    });
    put("pager", 7, "ada", &|it| {
        messages(it);
        it.message_kind = MessageKind::Pager;
        it.message_count = 1;
    });
    put("meeting", 8, "ada", &|it| {
        it.kind = LogKind::Meeting;
        it.title = "Weekly".to_owned();
        it.duration_s = Some(1_800);
    });
    merge(&world, "ada", &["double"]);
    let answer = world.asks(
        "/activities",
        &json!({ "contact": { "id": "ada", "type": "Switchboard" } }),
    );
    let said: Vec<String> = answer["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| format!("{} {} {}", it["id"], it["time"], it["subject"]).replace('"', ""))
        .collect();
    assert_eq!(
        said,
        [
            "meeting 8 activity_meeting: Weekly (30:00)",
            "pager 7 activity_pager_one(1): see you there",
            "voicemail 6 activity_voicemail",
            "sms 5 activity_sms_other(3): see you there",
            "call:2 2 About the offer",
            "call:1 1 activity_inbound: outcome_answered (3:05)",
        ]
    );
    for odd in [json!(null), json!({ "contact": { "id": 7 } }), json!({})] {
        assert_eq!(world.asks("/activities", &odd)["data"], json!([]), "{odd}");
    }
}

// The question before a call.

fn asked(world: &World, body: &Value) -> String {
    let data = world.asks("/doNotContact", body)["data"].clone();
    if data["result"] == false {
        return "go".to_owned();
    }
    assert_eq!(data["result"], true);
    format!("{} {}", data["mode"], data["message"]).replace('"', "")
}

fn asked_to_call(world: &World, number: &str) -> String {
    asked(
        world,
        &json!({ "phoneNumber": number, "actionType": "call" }),
    )
}

#[test]
fn who_says_no_is_not_called_and_not_written_to() {
    let world = World::with_site_on();
    ada_and_bob(&world);
    world.reads(&[person("cid", "Cid No", "020 7946 0999")]);
    mark(&world, "cid", Some(true));
    assert_eq!(
        asked_to_call(&world, "+442079460999"),
        "restrict guard_call(Cid No)"
    );
    assert_eq!(
        asked_to_call(&world, "020 7946 0999"),
        "restrict guard_call(Cid No)"
    );
    assert_eq!(asked_to_call(&world, ADA), "go");

    mark(&world, "ada", Some(true));
    assert_eq!(
        asked_to_call(&world, ADA),
        "confirm guard_call_shared(Ada Byron)"
    );
    let picked = |id: &str, kind: &str| {
        let body = json!({ "phoneNumber": ADA, "contactId": id, "contactType": kind, "actionType": "call" });
        asked(&world, &body)
    };
    assert_eq!(
        picked("ada", "Switchboard"),
        "restrict guard_call(Ada Byron)"
    );
    assert_eq!(picked("bob", "Switchboard"), "go");
    assert_eq!(
        picked("ada", "company"),
        "confirm guard_call_shared(Ada Byron)"
    );

    let written = |numbers: &[&str]| {
        let to: Vec<Value> = numbers
            .iter()
            .map(|it| json!({ "phoneNumber": it }))
            .collect();
        asked(&world, &json!({ "recipients": to, "actionType": "sms" }))
    };
    assert_eq!(
        written(&["+16505550100", ADA]),
        "confirm guard_message_shared(Ada Byron)"
    );
    assert_eq!(
        written(&[ADA, "+442079460999"]),
        "restrict guard_message(Cid No)"
    );
    assert_eq!(written(&["+16505550100"]), "go");
    assert_eq!(written(&[]), "go");

    global(&world, |global| global.refuse_do_not_contact = false);
    assert_eq!(
        asked_to_call(&world, "+442079460999"),
        "confirm guard_call_ask(Cid No)"
    );
    own(&world, |own| own.read_contacts = false);
    assert_eq!(
        asked_to_call(&world, "+442079460999"),
        "confirm guard_call_ask(Cid No)",
        "consent is about listing people, not about calling them against their will"
    );
    for odd in [
        json!(null),
        json!({ "recipients": 7 }),
        json!({ "recipients": [null] }),
    ] {
        assert_eq!(asked(&world, &odd), "go", "{odd}");
    }
}

#[test]
fn what_costs_more_is_asked_before_a_call_and_not_before_a_message() {
    let world = World::with_site_on();
    assert_eq!(
        asked_to_call(&world, "0909 879 0000"),
        "confirm guard_premium(+449098790000)"
    );
    assert_eq!(asked_to_call(&world, "+16502530000"), "go");
    let sms = json!({ "recipients": [{ "phoneNumber": "+449098790000" }], "actionType": "sms" });
    assert_eq!(asked(&world, &sms), "go");
    global(&world, |global| {
        global.confirm_premium = false;
        global.confirm_international = true;
    });
    assert_eq!(asked_to_call(&world, "0909 879 0000"), "go");
    assert_eq!(
        asked_to_call(&world, "+16502530000"),
        "confirm guard_international(+16502530000)"
    );
    assert_eq!(
        asked_to_call(&world, "+80012345678"),
        "go",
        "toll-free is toll-free"
    );
    assert_eq!(asked_to_call(&world, "020 7946 0321"), "go");
    assert_eq!(asked_to_call(&world, "102"), "go");
    // The same calling code, another country, and another bill.
    own(&world, |own| own.region = "US".to_owned());
    assert_eq!(
        asked_to_call(&world, "(876) 926-1234"),
        "confirm guard_international(+18769261234)"
    );
    assert_eq!(asked_to_call(&world, "(650) 253-0000"), "go");
    assert_eq!(
        asked_to_call(&world, "650 555 0100"),
        "go",
        "a number of no range in use"
    );
}

#[test]
fn a_page_that_says_no_is_heard_and_only_the_records_own_page_takes_it_back() {
    let world = World::with_site_on();
    let read = |no: bool, open: Option<&str>| {
        let mut ada = person("ada", "Ada Byron", ADA);
        ada.do_not_contact = no;
        let reading = Reading {
            contacts: vec![ada],
            open_record: open.map(str::to_owned),
            ..Reading::default()
        };
        let url = "https://crm.example/people".to_owned();
        world.agent(PageRead { reading, url });
        asked_to_call(&world, ADA)
    };
    assert_eq!(read(true, None), "restrict guard_call(Ada Byron)");
    assert_eq!(
        read(false, None),
        "restrict guard_call(Ada Byron)",
        "a list may leave it out"
    );
    assert_eq!(read(false, Some("bob")), "restrict guard_call(Ada Byron)");
    mark(&world, "ada", Some(false));
    assert_eq!(
        asked_to_call(&world, ADA),
        "go",
        "the user's word is the last"
    );
    mark(&world, "ada", None);
    assert_eq!(read(false, Some("ada")), "go");
}

// People in the book.

#[test]
fn somebody_forgotten_leaves_nothing_personal_and_stays_forgotten() {
    let world = World::with_site_on();
    world.admit_frame(7);
    let mut ada = person("ada", "Ada Byron", ADA);
    ada.emails = vec!["ada@example.org".to_owned()];
    ada.company = Some("Engines Ltd".to_owned());
    ada.url = Some("https://crm.example/people/ada".to_owned());
    world.reads(&[
        ada.clone(),
        common::without_id("Bob Babbage", "020 7946 0999"),
    ]);
    let bob = matched(&world, "+442079460999").remove(0);
    let choice = Choice {
        number: format!("{SITE} {ADA}"),
        contact: "ada".to_owned(),
        at: 1,
    };
    pollster::block_on(world.service.store.put_choice(&choice)).expect("memory");
    world.service.browser.posted.borrow_mut().clear();
    let announced = world.service.browser.announced.get();
    forget(&world, "ada");
    forget(&world, &bob);

    assert!(world.service.browser.announced.get() > announced);
    let posted = world.service.browser.posted.borrow()[0].2.clone();
    assert_eq!(posted[0]["type"], "rc-adapter-sync-third-party-contacts");
    assert_eq!(posted[1]["phoneNumbers"], json!([ADA]));
    for id in ["ada", &bob] {
        let kept = serde_json::to_string(&stored(&world, id))
            .expect("JSON")
            .to_lowercase();
        for personal in [
            "byron",
            "babbage",
            "207946",
            "example.org",
            "engines",
            "people",
        ] {
            assert!(!kept.contains(personal), "{personal} is kept of {id}");
        }
    }
    let choices = pollster::block_on(world.service.store.choices(&[choice.number]));
    assert_eq!(choices.expect("memory"), []);

    world.later(LATER);
    // As before; without the id; and under an id that was not known before.
    world.reads(&[
        ada.clone(),
        common::without_id("Bob Babbage", "020 7946 0999"),
    ]);
    let unnamed = PageContact {
        id: None,
        ..ada.clone()
    };
    world.reads(&[PageContact {
        url: None,
        ..unnamed
    }]);
    world.reads(&[person("b2", "Bob Babbage", "020 7946 0999")]);
    assert_eq!(sync(&world, &Value::Null).0, Vec::<Value>::new());
    assert_eq!(list(&world, "", 0, 10).total, 0);
    // Another record of the CRM is another contact.
    world.reads(&[PageContact {
        id: Some("ada-2".to_owned()),
        ..ada
    }]);
    assert_eq!(matched(&world, ADA), ["ada-2"]);
}

#[test]
fn a_duplicate_goes_into_the_one_that_is_kept_with_everything_it_had() {
    let world = World::with_site_on();
    let mut ada = person("ada", "Ada Byron", ADA);
    ada.url = Some("https://crm.example/people/ada".to_owned());
    let mut double = person("double", "A. Byron", "020 7946 0999");
    double.emails = vec!["ada@example.org".to_owned()];
    double.company = Some("Engines Ltd".to_owned());
    world.reads(&[
        ada,
        double.clone(),
        person("bob", "Bob Babbage", "020 7946 0999"),
    ]);
    log_call(&world, "1", "+442079460999", "double");
    let choice = Choice {
        number: format!("{SITE} +442079460999"),
        contact: "double".to_owned(),
        at: 1,
    };
    pollster::block_on(world.service.store.put_choice(&choice)).expect("memory");
    merge(&world, "ada", &["double", "ada", "nobody"]);

    assert_eq!(
        matched(&world, "+442079460999"),
        ["ada", "bob"],
        "the choice moved along"
    );
    let kept = stored(&world, "ada");
    assert_eq!(kept.emails, ["ada@example.org"]);
    assert_eq!(kept.company.as_deref(), Some("Engines Ltd"));
    let left = stored(&world, "double");
    assert_eq!(
        (left.deleted, left.merged_into.as_deref()),
        (true, Some("ada"))
    );
    assert_eq!((left.name.as_str(), left.phones.len()), ("", 0));
    let person_view = shown(&world, "double").expect("found by the old id");
    assert_eq!(person_view.row.id, "ada");
    assert_eq!(person_view.entries.len(), 1);
    assert_eq!(
        person_view.chosen_for,
        [(choice.number.clone(), "020 7946 0999".to_owned())]
    );

    // What the CRM says of the duplicate later is said of the one that was kept.
    world.later(LATER);
    double.phones.push(PagePhone {
        raw: "+1 650 555 0100".to_owned(),
        ..PagePhone::default()
    });
    double.name = "Ada K. Byron".to_owned();
    world.reads(&[double]);
    assert_eq!(matched(&world, "+16505550100"), ["ada"]);
    assert!(stored(&world, "double").deleted);

    world.ask(
        Role::Book,
        Unchoose {
            number: choice.number,
        },
    );
    assert_eq!(shown(&world, "ada").expect("kept").chosen_for, []);
}

#[test]
fn a_duplicate_of_a_duplicate_leads_to_the_last() {
    let world = World::with_site_on();
    world.reads(&[nobody("a", "A"), nobody("b", "B"), person("c", "C", ADA)]);
    log_call(&world, "1", ADA, "c");
    merge(&world, "b", &["c"]);
    merge(&world, "a", &["b"]);
    assert_eq!(matched(&world, ADA), ["a"]);
    assert_eq!(shown(&world, "c").expect("found").entries.len(), 1);
    world.reads(&[person("c", "C again", "+16505550100")]);
    assert_eq!(matched(&world, "+16505550100"), ["a"]);
    // Round in a circle leads nowhere, and does not hang.
    merge(&world, "c", &["a"]);
    assert_eq!(matched(&world, ADA), ["a"]);
}

#[test]
fn a_site_that_was_wiped_is_empty_until_it_is_read_again() {
    let world = World::with_site_on();
    let ada = || person("ada", "Ada Byron", ADA);
    world.reads(&[ada(), person("bob", "Bob Babbage", ADA)]);
    forget(&world, "bob");
    let (_, since) = sync(&world, &Value::Null);
    world.later(LATER);
    world.ask(
        Role::Book,
        WipeSite {
            site: SITE.to_owned(),
        },
    );
    assert_eq!(matched(&world, ADA), Vec::<String>::new());
    let (delta, _) = sync(&world, &json!(since.as_i64().expect("a time") + 60_001));
    assert_eq!(delta.len(), 1);
    assert_eq!(
        (&delta[0]["id"], &delta[0]["deleted"]),
        (&json!("ada"), &json!(true))
    );
    let kept = serde_json::to_string(&stored(&world, "ada")).expect("JSON");
    assert!(!kept.contains("Byron") && !kept.contains("207946"));

    world.reads(&[ada(), person("bob", "Bob Babbage", ADA)]);
    assert_eq!(
        matched(&world, ADA),
        ["ada"],
        "who was forgotten by name stays so"
    );
    assert!(!stored(&world, "ada").deleted);
}

#[test]
fn people_are_listed_by_name_found_and_shown_with_their_likely_doubles() {
    let world = World::with_site_on();
    world.turn_on("https://another.example/");
    let mut firm = person("co", "Byron", ADA);
    firm.organisation = true;
    firm.phones.clear();
    world.reads(&[
        person("3", "éva", "+16505550103"),
        person("1", "Ada Byron", ADA),
        person("2", "ada byron", "+16505550102"),
        person("4", "Zoe", ADA),
        firm,
    ]);
    let page = list(&world, "", 1, 2);
    let rows: Vec<&str> = page.rows.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(
        (page.site.as_str(), page.total),
        (SITE, 5),
        "the first site with people"
    );
    assert_eq!(rows, ["ada byron", "Byron"]);
    assert_eq!(page.sites.len(), 2);
    let found = list(&world, "eva", 0, 10);
    assert_eq!((found.total, found.rows[0].id.as_str()), (1, "3"));
    assert_eq!(list(&world, "+1 650 555 0102", 0, 10).rows[0].id, "2");

    let twins: Vec<String> = shown(&world, "1")
        .expect("there")
        .twins
        .into_iter()
        .map(|it| it.id)
        .collect();
    assert_eq!(
        twins,
        ["2", "4"],
        "the namesake, then who shares the number"
    );
    assert_eq!(shown(&world, "nobody"), None);
}

// New readings.

#[test]
fn only_what_the_widget_shows_is_news_to_it() {
    let world = World::with_site_on();
    world.admit_frame(7);
    let mut ada = person("ada", "Ada Byron", ADA);
    let told = |contact: &PageContact| {
        world.later(1_000);
        world.reads(std::slice::from_ref(contact));
        world.service.browser.posted.borrow_mut().drain(..).count()
    };
    assert_eq!(told(&ada), 1);
    assert_eq!(told(&ada), 0);
    ada.url = Some("https://crm.example/people/ada".to_owned());
    assert_eq!(told(&ada), 0, "its address");
    ada.do_not_contact = true;
    assert_eq!(told(&ada), 0, "its wish");
    ada.job_title = Some("Analyst".to_owned());
    assert_eq!(told(&ada), 1);
    assert!(stored(&world, "ada").page_says_no);
}

#[test]
fn a_made_up_id_names_nobody() {
    let world = World::with_site_on();
    world.reads(&[common::without_id("Ada Byron", ADA)]);
    let id = matched(&world, ADA).remove(0);
    assert!(
        id.starts_with("name:") && !id.contains("ada") && !id.contains("207946"),
        "{id}"
    );
    world.reads(&[common::without_id("ADA BYRON ", "020 7946 0321")]);
    assert_eq!(matched(&world, ADA), [id], "the same person is the same");
}

#[test]
fn requests_of_two_sites_do_not_meet() {
    let world = World::with_site_on();
    world.turn_on("https://other.example/");
    let mut ada = person("ada", "Ada Byron", ADA);
    ada.url = Some("https://crm.example/people/ada".to_owned());
    world.reads(&[ada]);
    mark(&world, "ada", Some(true));
    let body = json!({ "phoneNumber": ADA, "contactId": "ada", "actionType": "call" });
    let answer = world.widget_of(
        "https://other.example",
        &said("/doNotContact", &body),
        false,
    );
    assert_eq!(answer[0]["response"]["data"]["result"], false);
    world.widget_of(
        "https://other.example",
        &said("/contacts/view", &json!({ "id": "ada" })),
        false,
    );
    assert!(!world.done().iter().any(|it| it.starts_with("show ")));
}
