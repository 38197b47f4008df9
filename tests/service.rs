//! The worker's mind, from a request to its answer and to what is stored, without a browser.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use std::fs;

use common::{SITE, World, call, said};
use serde_json::{Value, json};
use switchboard::protocol::book::ListLogs;
use switchboard::protocol::codec;
use switchboard::protocol::runtime::{
    AgentHello, AnswerWelcome, OpenFrame, PageFacts, PageRead, Refusal, SaveGlobal, SaveSite,
    SiteViewOf, SiteWish, TicketPlease, TurnOff, TurnOn, WantSite,
};
use switchboard::protocol::stored::{
    Adapter, Contact, GlobalSettings, LogEntry, Message, Settings,
};
use switchboard::roles::Role;
use switchboard::service::ports::Store as _;

fn names_of(data: &Value) -> Vec<&str> {
    let list = data.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .filter_map(|contact| contact["name"].as_str())
        .collect()
}

#[test]
fn a_service_is_registered_whole_at_boot_and_never_again() {
    let world = World::with_site_on();
    let posts = world.widget_says(
        &json!({ "type": "rc-login-status-notify", "loggedIn": false }),
        true,
    );
    let service = &posts[0]["service"];
    assert_eq!(posts[0]["type"], "rc-adapter-register-third-party-service");
    assert_eq!(service["name"], "Switchboard");
    assert_eq!(service["contactsPath"], "/contacts");
    // Without a boolean `authorized` this path would abort the registration inside the widget.
    assert_eq!(service["authorized"], true);
    let again = world.widget_says(
        &json!({ "type": "rc-login-status-notify", "loggedIn": true }),
        false,
    );
    assert_eq!(again, Vec::<Value>::new());
}

#[test]
fn a_request_of_unknown_path_is_answered_too() {
    let world = World::with_site_on();
    let posts = world.widget_says(&said("/something/new", &json!({ "a": 1 })), false);
    assert_eq!(posts[0]["type"], "rc-post-message-response");
    assert_eq!(posts[0]["responseId"], "r-1");
    assert!(posts[0].get("response").is_some());
}

#[test]
fn everything_the_real_widget_asked_is_answered_in_its_own_form() {
    let Some(recorded) = common::recorded_requests() else {
        return;
    };
    let mut answered = 0;
    for (path, samples) in recorded.as_object().expect("an object by path") {
        // A world for each path: one of them withdraws the consent to list and match.
        let world = World::with_site_on();
        world.reads_people();
        // The recorded service had names of its own for some.
        let path = match path.as_str() {
            "/meetingUpcomingList" => "/meeting/upcoming",
            "/button-click" => "/button",
            path => path,
        };
        for sample in samples.as_array().expect("a list of samples") {
            let posts = world.widget_says(&said(path, &sample["body"]), false);
            let response = &posts[0]["response"];
            match path {
                "/contacts" | "/contacts/search" | "/activities" | "/meeting/upcoming" => {
                    assert!(response["data"].is_array(), "{path}: {response}");
                }
                "/contacts/match" => {
                    let asked = sample["body"]["phoneNumbers"].as_array().expect("numbers");
                    let data = response["data"].as_object().expect("an object by number");
                    for number in asked {
                        let number = number.as_str().expect("a text");
                        assert!(
                            data[number].is_array(),
                            "{number} is answered under its own text"
                        );
                    }
                }
                "/callLogger/match" | "/messageLogger/match" => {
                    assert!(response["data"].is_object());
                }
                _ => assert!(response.get("data").is_some(), "{path}: {response}"),
            }
            answered += 1;
        }
    }
    assert!(
        answered > 100,
        "only {answered} recorded requests were found"
    );
}

#[test]
fn the_recorded_calls_end_in_one_durable_entry_per_session() {
    let Some(recorded) = common::recorded_requests() else {
        return;
    };
    let world = World::with_site_on();
    let calls = recorded["/callLogger"].as_array().expect("samples");
    let mut sessions: Vec<&str> = Vec::new();
    for sample in calls {
        world.widget_says(&said("/callLogger", &sample["body"]), false);
        sessions.extend(sample["body"]["call"]["sessionId"].as_str());
    }
    sessions.sort_unstable();
    sessions.dedup();
    let entries = world.logs();
    assert_eq!(entries.len(), sessions.len());
    for entry in &entries {
        let kept = serde_json::to_string(entry).expect("an entry is JSON");
        assert!(!kept.contains("access_token"), "a token was kept");
        assert!(!kept.contains("sipData"), "the SIP session was kept");
        assert!(!entry.number.is_empty());
        assert!(entry.started_at > 0);
    }
}

#[test]
fn contacts_are_listed_page_by_page_and_then_only_what_changed() {
    let world = World::with_site_on();
    world.reads(
        &(0..1_200)
            .map(|n| common::person(&format!("p{n}"), &format!("Person {n}"), "+12125550100"))
            .collect::<Vec<_>>(),
    );
    let first = world.asks("/contacts", &json!({ "page": 1, "syncTimestamp": null }));
    assert_eq!(first["data"].as_array().map(Vec::len), Some(1_000));
    let next = &first["nextPage"];
    let second = world.asks("/contacts", &json!({ "page": next, "syncTimestamp": null }));
    assert_eq!(second["data"].as_array().map(Vec::len), Some(200));
    assert_eq!(second["nextPage"], Value::Null);

    // Long after, so that the overlap of two syncs holds nobody else.
    world.later(120_000);
    world.reads(&[common::person("p7", "Person Seven", "+12125550100")]);
    let since = first["syncTimestamp"].as_i64().expect("a time") + 60_000;
    let delta = world.asks(
        "/contacts",
        &json!({ "page": 1, "syncTimestamp": since + 1 }),
    );
    assert_eq!(names_of(&delta["data"]), ["Person Seven"]);
}

#[test]
fn a_reading_that_is_slow_to_be_stored_is_not_lost_between_two_syncs() {
    let world = World::with_site_on();
    let first = world.asks("/contacts", &json!({ "page": 1, "syncTimestamp": null }));
    // Read before that answer, stored after it.
    world.later(-200);
    world.reads(&[common::person("s1", "Sam Slow", "+12125550100")]);
    world.later(200);
    let body = json!({ "page": 1, "syncTimestamp": first["syncTimestamp"], "type": "api" });
    assert_eq!(
        names_of(&world.asks("/contacts", &body)["data"]),
        ["Sam Slow"]
    );
}

#[test]
fn a_contact_has_everything_that_the_widget_breaks_without() {
    let world = World::with_site_on();
    world.reads(&[common::nobody("n1", "Nia Numberless")]);
    let answer = world.asks("/contacts", &json!({ "page": 1, "syncTimestamp": null }));
    let contact = &answer["data"][0];
    assert_eq!(contact["id"], "n1");
    assert_eq!(contact["type"], "Switchboard");
    assert_eq!(contact["phoneNumbers"], json!([]));
}

#[test]
fn a_name_is_found_by_its_number_in_any_notation() {
    let world = World::with_site_on();
    world.reads_people();
    let numbers = [
        "+442079460321",
        "+442079460321*317",
        "020 7946 0321",
        "102",
        "+4930901820",
        "+15005550000",
    ];
    let answer = world.asks(
        "/contacts/match",
        &json!({ "phoneNumbers": numbers, "callerIds": {} }),
    );
    let data = &answer["data"];
    assert_eq!(names_of(&data["+442079460321"]), ["Harriet House"]);
    assert_eq!(names_of(&data["+442079460321*317"]), ["Ernest Extension"]);
    assert_eq!(names_of(&data["020 7946 0321"]), ["Harriet House"]);
    assert_eq!(names_of(&data["102"]), ["Inga Inside"]);
    assert_eq!(names_of(&data["+4930901820"]), ["Jörg Münz"]);
    assert_eq!(names_of(&data["+15005550000"]), Vec::<&str>::new());
}

#[test]
fn the_dialer_finds_people_by_words_in_any_order_by_company_and_by_digits() {
    let world = World::with_site_on();
    world.reads_people();
    let found = |text: &str| {
        let answer = world.asks("/contacts/search", &json!({ "searchString": text }));
        names_of(&answer["data"]).join(",")
    };
    assert_eq!(found("jorg"), "Jörg Münz · jorg");
    assert_eq!(found("ext ern"), "Ernest Extension · ext ern");
    assert_eq!(found("inside company"), "Inga Inside · inside company");
    assert_eq!(found("901820"), "Jörg Münz");
    assert_eq!(found("nobody here"), "");
}

#[test]
fn one_site_never_sees_the_people_of_another() {
    let world = World::with_site_on();
    world.turn_on("https://other.example/");
    world.reads_people();
    let other = world.widget_of(
        "https://other.example",
        &said("/contacts", &json!({ "page": 1, "syncTimestamp": null })),
        false,
    );
    assert_eq!(other[0]["response"]["data"], json!([]));
    let matched = world.widget_of(
        "https://other.example",
        &said(
            "/contacts/match",
            &json!({ "phoneNumbers": ["+4930901820"] }),
        ),
        false,
    );
    assert_eq!(matched[0]["response"]["data"]["+4930901820"], json!([]));
}

#[test]
fn a_logged_call_is_said_to_be_logged_with_its_note_and_contact() {
    let world = World::with_site_on();
    world.reads_people();
    let mut body = call("9100", "Ringing", 0);
    body["call"]["from"]["phoneNumber"] = json!("+4930901820");
    world.asks("/callLogger", &body);
    let form = json!({ "call": body["call"], "triggerType": "logForm", "note": "Called about the offer",
        "formData": { "contactId": "j1", "note": "Called about the offer" }, "fromEntity": null, "toEntity": null });
    world.asks("/callLogger", &form);
    let answer = world.asks(
        "/callLogger/match",
        &json!({ "sessionIds": ["9100", "9200"] }),
    );
    let entity = &answer["data"]["9100"][0];
    assert_eq!(entity["note"], "Called about the offer");
    assert_eq!(entity["contact"]["id"], "j1");
    assert!(answer["data"].get("9200").is_none());
}

#[test]
fn a_call_seen_by_two_sites_is_one_entry_and_each_sees_only_its_own_contact() {
    let world = World::with_site_on();
    world.turn_on("https://other.example/");
    world.reads_people();
    let mut body = call("9100", "Ringing", 0);
    body["call"]["from"]["phoneNumber"] = json!("+4930901820");
    world.asks("/callLogger", &body);
    world.widget_of("https://other.example", &said("/callLogger", &body), false);
    assert_eq!(world.logs().len(), 1);
    let other = world.widget_of(
        "https://other.example",
        &said("/callLogger/match", &json!({ "sessionIds": ["9100"] })),
        false,
    );
    let entity = &other[0]["response"]["data"]["9100"][0];
    assert_eq!(entity["id"], "call:9100");
    assert!(entity.get("contact").is_none());
}

#[test]
fn a_call_that_cannot_be_kept_is_answered_alerted_and_not_said_to_be_logged() {
    let world = World::with_site_on();
    world.service.store.logs_are_broken.set(true);
    let posts = world.widget_says(&said("/callLogger", &call("9100", "Ringing", 0)), false);
    assert_eq!(posts[0]["type"], "rc-post-message-response");
    assert_eq!(posts[1]["path"], "/custom-alert-message");
    let logged = world.asks("/callLogger/match", &json!({ "sessionIds": ["9100"] }));
    assert_eq!(logged["data"], json!({}));
}

#[test]
fn the_activities_of_a_contact_are_its_calls_newest_first() {
    let world = World::with_site_on();
    world.reads_people();
    for (session, start) in [("1", 1_000), ("2", 5_000), ("3", 3_000)] {
        let mut body = call(session, "Disconnected", 65);
        body["call"]["from"]["phoneNumber"] = json!("+4930901820");
        body["call"]["startTime"] = json!(start);
        world.asks("/callLogger", &body);
    }
    let answer = world.asks(
        "/activities",
        &json!({ "contact": { "id": "j1", "type": "Switchboard" } }),
    );
    let times: Vec<i64> = answer["data"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|it| it["time"].as_i64())
        .collect();
    assert_eq!(times, [5_000, 3_000, 1_000]);
    assert!(
        answer["data"][0]["subject"]
            .as_str()
            .expect("a text")
            .contains("1:05")
    );
}

#[test]
fn the_switch_for_logging_is_one_wherever_it_is_turned() {
    let world = World::with_site_on();
    let notify = |on: bool| {
        world.widget_says(
            &json!({ "type": "rc-callLogger-auto-log-notify", "autoLog": on }),
            false,
        )
    };
    let ours = || world.settings().global.auto_log_calls;

    assert!(
        ours(),
        "calls are logged by themselves until somebody says otherwise"
    );
    assert!(notify(true).is_empty());
    // The user turns it off in the widget.
    assert!(notify(false).is_empty());
    assert!(!ours());
    // She turns it on in the popup while this widget is not up: at sign-in it is told, and its old
    // state is not taken for a choice.
    world.save_auto_log(true);
    let told = world.widget_says(
        &json!({ "type": "rc-login-status-notify", "loggedIn": true }),
        false,
    );
    assert_eq!(
        told,
        [json!({ "type": "rc-adapter-update-auto-log-settings", "call": true })]
    );
    assert_eq!(
        notify(false),
        [json!({ "type": "rc-adapter-update-auto-log-settings", "call": true })]
    );
    assert!(ours());
    assert!(notify(true).is_empty());
    assert!(notify(false).is_empty());
    assert!(
        !ours(),
        "what it says after it was told is the user's choice"
    );
}

#[test]
fn turning_a_site_on_needs_the_browsers_permission_and_starts_open_tabs() {
    let world = World::default();
    let view = world.popup(TurnOn {
        view: view_of("https://crm.example/people"),
    });
    assert!(!view.on, "nothing was granted");
    world.grant("https://crm.example/*");
    let view = world.popup(TurnOn {
        view: view_of("https://crm.example/people"),
    });
    assert!(view.on);
    assert_eq!(view.wish.region, "GB");
    assert_eq!(
        world.done(),
        [
            "start in https://crm.example/*",
            "register https://crm.example"
        ]
    );
}

#[test]
fn a_prompt_that_closes_the_popup_does_not_lose_the_users_wish() {
    let world = World::default();
    world.popup(WantSite {
        view: view_of("https://crm.example/"),
    });
    world.grant("https://crm.example/*");
    pollster::block_on(world.service.permission_added()).expect("storage works");
    assert!(world.settings().sites[SITE].enabled);
    assert_eq!(world.settings().wanted, None);
}

#[test]
fn a_wish_is_not_granted_by_another_sites_permission() {
    let world = World::default();
    world.popup(WantSite {
        view: view_of("https://crm.example/"),
    });
    world.grant("https://other.example/*");
    pollster::block_on(world.service.permission_added()).expect("storage works");
    assert!(!world.settings().sites[SITE].enabled);
}

#[test]
fn a_permission_withdrawn_in_the_browser_turns_the_site_off() {
    let world = World::with_site_on();
    world.service.browser.granted.borrow_mut().clear();
    pollster::block_on(world.service.permission_removed()).expect("storage works");
    assert!(!world.settings().sites[SITE].enabled);
    assert!(world.service.browser.registered.borrow().is_empty());
    assert_eq!(
        world.agent(AgentHello {
            page: PageFacts::default(),
            fresh: true,
        }),
        None
    );
}

#[test]
fn registrations_that_a_restart_dropped_are_made_again() {
    let world = World::with_site_on();
    world.service.browser.registered.borrow_mut().clear();
    pollster::block_on(world.service.started(true)).expect("storage works");
    assert_eq!(world.service.browser.registered.borrow().len(), 1);
    assert!(
        world
            .done()
            .contains(&"start in https://crm.example/*".to_owned()),
        "tabs restored earlier are served"
    );
}

#[test]
fn turning_a_site_off_gives_the_permission_back_and_keeps_what_is_known() {
    let world = World::with_site_on();
    world.reads_people();
    world.admit_frame(7);
    let view = world.popup(TurnOff {
        view: view_of("https://crm.example/"),
    });
    assert!(!view.on);
    assert!(view.contacts_kept > 0);
    let asked = common::frame_said(&said("/contacts", &json!({ "page": 1 })), false);
    assert!(
        world
            .try_ask(Role::Frame { tab: 1, frame: 7 }, asked)
            .is_err(),
        "a widget that is still up learns nothing more"
    );
    assert!(
        world
            .done()
            .contains(&"release https://crm.example/*".to_owned())
    );
}

#[test]
fn another_region_gives_old_national_numbers_their_meaning() {
    let world = World::with_site_on();
    world.reads(&[common::person("f1", "Françoise", "01 23 45 67 89")]);
    let save = SaveSite {
        view: view_of("https://crm.example/"),
        wish: SiteWish {
            region: "FR".to_owned(),
            adapter: Adapter::Isolated,
            read_contacts: true,
            ..SiteWish::default()
        },
    };
    world.popup(save);
    let answer = world.asks(
        "/contacts/match",
        &json!({ "phoneNumbers": ["+33123456789"] }),
    );
    assert_eq!(names_of(&answer["data"]["+33123456789"]), ["Françoise"]);
}

#[test]
fn an_address_that_cannot_be_used_is_refused_and_nothing_is_changed() {
    let world = World::with_site_on();
    let before = world.settings();
    let save = SaveGlobal {
        view: view_of("https://crm.example/"),
        global: GlobalSettings {
            widget_base: "http://widget.example".to_owned(),
            client_id: "abc".to_owned(),
            ..GlobalSettings::default()
        },
    };
    assert_eq!(
        world.popup(save).problem.as_deref(),
        Some("problem_address_https")
    );
    assert_eq!(world.settings(), before);
}

#[test]
fn the_question_of_the_first_run_is_asked_once() {
    let world = World::with_site_on();
    let view = || world.popup(view_of("https://crm.example/"));
    assert!(view().ask_welcome);
    world.popup(AnswerWelcome {
        view: view_of("https://crm.example/"),
        auto_log: false,
    });
    assert!(!view().ask_welcome);
    assert!(!world.settings().global.auto_log_calls);
}

#[test]
fn a_ticket_is_good_once_in_its_own_tab_and_for_a_minute() {
    let world = World::with_site_on();
    let open = |ticket: &str, tab| {
        world.try_ask(
            Role::Frame { tab, frame: 5 },
            OpenFrame {
                ticket: ticket.to_owned(),
            },
        )
    };
    let ticket = world.agent(TicketPlease {});
    assert!(open("guess", 1).is_err());
    assert!(open(&ticket, 2).is_err(), "another tab");
    assert!(open(&ticket, 1).is_err(), "a wrong try uses it up");
    let ticket = world.agent(TicketPlease {});
    assert_eq!(open(&ticket, 1).expect("its own tab").site, SITE);
    assert!(open(&ticket, 1).is_err(), "used");
    let stale = world.agent(TicketPlease {});
    world.later(61_000);
    assert!(open(&stale, 1).is_err(), "stale");
}

#[test]
fn nobody_can_ask_what_is_not_its_own() {
    let world = World::with_site_on();
    let agent = Role::Agent {
        tab: 1,
        site: SITE.to_owned(),
        url: "https://crm.example/".to_owned(),
    };
    let stranger = Role::Agent {
        tab: 1,
        site: "https://evil.example".to_owned(),
        url: "https://evil.example/".to_owned(),
    };
    let frame = Role::Frame { tab: 1, frame: 99 };
    assert!(
        world
            .try_ask(
                agent,
                ListLogs {
                    before: None,
                    limit: 5
                }
            )
            .is_err(),
        "a page cannot read the log"
    );
    assert!(
        world.try_ask(stranger, TicketPlease {}).is_err(),
        "a site that is off gets no frame"
    );
    let said = common::frame_said(&said("/contacts", &json!({ "page": 1 })), false);
    assert!(
        world.try_ask(frame, said).is_err(),
        "a frame that was not admitted"
    );
    let refused = codec::encode(&Err::<(), _>(Refusal::NotAllowed));
    assert_eq!(pollster::block_on(world.service.answer(None, "")), refused);
    assert_eq!(
        pollster::block_on(world.service.answer(Some(Role::Popup), "nonsense")),
        refused
    );
}

#[test]
fn widgets_that_are_up_are_told_when_somebody_new_is_read() {
    let world = World::with_site_on();
    world.admit_frame(7);
    world.reads_people();
    let posted = world.service.browser.posted.borrow().clone();
    assert_eq!(posted.len(), 1);
    let (tab, frame, messages) = &posted[0];
    assert_eq!((*tab, *frame), (1, 7));
    assert_eq!(messages[0]["type"], "rc-adapter-sync-third-party-contacts");
    assert!(
        messages[1]["phoneNumbers"]
            .as_array()
            .expect("numbers")
            .contains(&json!("+4930901820"))
    );
    world.later(1_000);
    world.reads_people();
    assert_eq!(
        world.service.browser.posted.borrow().len(),
        1,
        "nobody new, nothing told"
    );
}

#[test]
fn the_log_is_listed_newest_first_page_by_page() {
    let world = World::with_site_on();
    for (session, start) in [("1", 1_000), ("2", 5_000), ("3", 3_000)] {
        let mut body = call(session, "Disconnected", 65);
        body["call"]["startTime"] = json!(start);
        world.asks("/callLogger", &body);
    }
    let page = world.ask(
        Role::Book,
        ListLogs {
            before: None,
            limit: 2,
        },
    );
    let keys: Vec<&str> = page.rows.iter().map(|row| row.key.as_str()).collect();
    assert_eq!(keys, ["call:2", "call:3"]);
    let rest = world.ask(
        Role::Book,
        ListLogs {
            before: page.next,
            limit: 2,
        },
    );
    assert_eq!(rest.rows.len(), 1);
    assert_eq!(rest.next, None);
}

/// Every field that the older record has is still the same.
fn keeps(newer: &Value, older: &Value) {
    match (newer, older) {
        (Value::Object(newer), Value::Object(older)) => {
            for (name, value) in older {
                keeps(newer.get(name).unwrap_or(&Value::Null), value);
            }
        }
        _ => assert_eq!(newer, older),
    }
}

#[test]
fn what_storage_held_in_every_version_is_read_as_it_was_written() {
    let read = |name: &str, version: u32| {
        let folder = env!("CARGO_MANIFEST_DIR");
        let path = format!("{folder}/tests/stored/{name}-{version}.json");
        let text = fs::read_to_string(&path).expect(&path);
        serde_json::from_str::<Value>(&text).expect(&path)
    };
    for version in [1, 2, 3] {
        let settings = read("settings", version);
        let known: Settings = serde_json::from_value(settings.clone()).expect("settings");
        keeps(&json!(known), &settings);
    }
    for version in [1, 2] {
        let entry = read("log", version);
        let known: LogEntry = serde_json::from_value(entry.clone()).expect("an entry");
        keeps(&json!(known), &entry);
        let contact = read("contact", version);
        let known: Contact = serde_json::from_value(contact.clone()).expect("a contact");
        keeps(&json!(known), &contact);
    }
    let message = read("message", 2);
    let known: Message = serde_json::from_value(message.clone()).expect("a message");
    keeps(&json!(known), &message);
}

#[test]
fn who_did_not_want_calls_logged_is_not_surprised_by_logged_messages() {
    let mut settings = Settings {
        version: 1,
        ..Settings::default()
    };
    settings.global.auto_log_calls = false;
    assert!(!settings.upgraded().global.auto_log_messages);
}

#[test]
fn many_tabs_are_one_phone_also_for_who_had_an_older_version() {
    let older = |options: &Value| {
        let settings = json!({ "version": 2, "global": { "widget_options": options } });
        let settings: Settings = serde_json::from_value(settings).expect("settings");
        settings.upgraded().global.widget_options
    };
    assert_eq!(older(&json!({})), Settings::default().global.widget_options);
    assert_eq!(older(&json!({ "zIndex": "7" })).len(), 2);
    let settings = json!({ "version": 3, "global": { "widget_options": {} } });
    let settings: Settings = serde_json::from_value(settings).expect("settings");
    let left_out = settings.upgraded().global.widget_options;
    assert!(left_out.is_empty(), "the user has said something since");
}

#[test]
fn a_page_reading_again_what_it_read_changes_nothing_but_when() {
    let world = World::with_site_on();
    world.reads_people();
    let before = pollster::block_on(world.service.store.contacts(SITE)).expect("contacts");
    world.later(5_000);
    world.reads_people();
    let after = pollster::block_on(world.service.store.contacts(SITE)).expect("contacts");
    assert_eq!(before.len(), after.len());
    for (one, other) in before.iter().zip(&after) {
        assert_eq!(one.changed_at, other.changed_at);
        assert!(other.read_at > one.read_at);
    }
}

#[test]
fn a_person_read_first_without_an_id_and_then_with_one_is_one_contact() {
    let world = World::with_site_on();
    world.reads(&[common::without_id("Ada Byron", "+12125550142")]);
    world.later(1_000);
    world.reads(&[common::person("17", "Ada Byron", "+12125550142")]);
    let answer = world.asks(
        "/contacts/match",
        &json!({ "phoneNumbers": ["+12125550142"] }),
    );
    assert_eq!(
        answer["data"]["+12125550142"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(answer["data"]["+12125550142"][0]["id"], "17");
    world.reads(&[common::without_id("Ada Byron", "+12125550142")]);
    let answer = world.asks(
        "/contacts/match",
        &json!({ "phoneNumbers": ["+12125550142"] }),
    );
    assert_eq!(answer["data"]["+12125550142"][0]["id"], "17");
}

fn view_of(url: &str) -> SiteViewOf {
    SiteViewOf {
        url: url.to_owned(),
        tab: Some(1),
        language: "en-GB".to_owned(),
    }
}

#[test]
fn a_reading_is_shown_in_the_popup_of_its_own_tab_and_site() {
    let world = World::with_site_on();
    world.agent(AgentHello {
        page: PageFacts {
            translated: true,
            ..PageFacts::default()
        },
        fresh: true,
    });
    world.agent(PageRead {
        reading: common::people(),
        url: "https://crm.example/people".to_owned(),
    });
    let view = world.popup(view_of("https://crm.example/"));
    assert_eq!(view.read.as_ref().map(|it| it.contacts), Some(4));
    assert!(view.translated);
    let other = world.popup(view_of("https://other.example/"));
    assert_eq!(other.read, None);
}

#[test]
fn a_call_logged_by_hand_is_told_to_every_other_widget() {
    let world = World::with_site_on();
    world.admit_frame(5);
    let agent = Role::Agent {
        tab: 2,
        site: SITE.to_owned(),
        url: "https://crm.example/".to_owned(),
    };
    let ticket = world.ask(agent, TicketPlease {});
    world.ask(Role::Frame { tab: 2, frame: 9 }, OpenFrame { ticket });
    let told = || {
        let posted = world.service.browser.posted.take();
        let told: Vec<(i32, Value)> = posted
            .into_iter()
            .flat_map(|(tab, _, messages)| messages.into_iter().map(move |it| (tab, it)))
            .collect();
        told
    };
    world.asks("/callLogger", &call("9001", "Ringing", 0));
    assert_eq!(
        told(),
        [],
        "an automatic one reaches every widget by itself"
    );
    let mut by_hand = call("9001", "CallConnected", 3);
    by_hand["triggerType"] = json!("createLog");
    world.asks("/callLogger", &by_hand);
    let asked = json!({ "type": "rc-adapter-trigger-call-logger-match", "sessionIds": ["9001"] });
    assert_eq!(told(), [(2, asked)]);
}
