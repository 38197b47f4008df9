//! What the stand-in does, told as stories with a host that answers, answers late, or is silent. Time is paused.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test's helpers fail as loudly as the test itself"
)]

mod common;

use common::{Bed, ada, everything, pass, story};
use serde_json::{Value, json};
use switchboard_demo::{Direction, Outcome, PastCall, RingOptions, crm};

fn kinds(host: &common::Host) -> Vec<String> {
    let transcript = host.widget.transcript();
    transcript
        .notifications
        .iter()
        .map(|it| it["type"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_boot_says_things_in_the_order_of_the_real_one() {
    let bed = Bed::new(true, &[]);
    let host = bed.load("");
    let hello = [
        "rc-dialer-status-notify",
        "rc-meeting-status-notify",
        "rc-brand-assets-notify",
        "rc-webphone-connection-status-notify",
        "rc-adapter-pushAdapterState",
        "rc-adapter-syncPresence",
        "rc-adapter-pushLocale",
        "rc-adapter-theme-notify",
        "rc-adapter-ai-assistant-settings-notify",
        "rc-adapter-syncSize",
        "rc-adapter-side-drawer-open-notify",
        "rc-login-status-notify",
        "rc-route-changed-notify",
    ];
    assert_eq!(kinds(&host), hello);
    let logins = |host: &common::Host| -> Vec<(Value, Value)> {
        let transcript = host.widget.transcript();
        transcript
            .told("rc-login-status-notify")
            .map(|it| (it["loggedIn"].clone(), it["isFreshLogin"].clone()))
            .collect()
    };
    assert_eq!(logins(&host), [(json!(false), Value::Null)]);
    pass(2.0).await;
    assert_eq!(
        logins(&host),
        [(json!(false), Value::Null), (json!(true), json!(false))]
    );
    assert_eq!(
        kinds(&host)
            .iter()
            .filter(|it| *it == "rc-adapter-pushAdapterState")
            .count(),
        1
    );
    assert!(!kinds(&host).contains(&"rc-callLogger-auto-log-notify".to_owned()));
    assert!(kinds(&host).contains(&"rc-messageLogger-auto-log-notify".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn the_next_boot_tells_how_the_adapter_stood() {
    let bed = Bed::new(true, &[]);
    let pushed = |host: &common::Host| {
        let transcript = host.widget.transcript();
        let pushed = transcript.told("rc-adapter-pushAdapterState").next();
        let pushed = pushed.unwrap();
        json!([
            pushed["minimized"],
            pushed["closed"],
            pushed["size"]["width"]
        ])
    };
    let host = bed.load("");
    assert_eq!(pushed(&host), json!([false, false, 300]));
    host.say(&json!({ "type": "rc-adapter-syncMinimized", "minimized": true }));
    host.say(&json!({ "type": "rc-adapter-syncSize", "size": { "width": 320, "height": 500 } }));
    assert_eq!(pushed(&bed.load("")), json!([true, false, 320]));
}

#[tokio::test(start_paused = true)]
async fn settings_that_the_host_changes_are_told() {
    let bed = Bed::new(true, &[]);
    let host = bed.load("");
    pass(2.0).await;
    let last = |kind: &str, key: &str| {
        let transcript = host.widget.transcript();
        let told = transcript.told(kind).last();
        told.map_or(Value::Null, |it| it[key].clone())
    };
    assert_eq!(last("rc-calling-settings-notify", "callWith"), "browser");
    host.say(&json!({ "type": "rc-calling-settings-update", "callWith": "ringout" }));
    assert_eq!(last("rc-calling-settings-notify", "callWith"), "ringout");
    host.say(&json!({ "type": "rc-calling-settings-update", "callWith": "pigeon" }));
    assert_eq!(last("rc-calling-settings-notify", "callWith"), "ringout");
    host.say(&json!({ "type": "rc-adapter-presenceItemClicked", "presenceType": "Busy" }));
    assert_eq!(last("rc-adapter-syncPresence", "userStatus"), "Busy");
    host.say(
        &json!({ "type": "rc-adapter-presenceItemClicked", "presenceType": "DoNotAcceptAnyCalls" }),
    );
    assert_eq!(last("rc-adapter-syncPresence", "userStatus"), "Busy");
    assert_eq!(
        last("rc-adapter-syncPresence", "dndStatus"),
        "DoNotAcceptAnyCalls"
    );
}

#[tokio::test(start_paused = true)]
async fn contacts_are_asked_at_once_even_signed_out_and_matches_after_the_sign_in() {
    let bed = Bed::new(false, &crm::past_calls());
    let host = bed.load("");
    host.register_everything();
    pass(2.0).await;
    let transcript = host.widget.transcript();
    let first = transcript
        .on("/contacts")
        .next()
        .unwrap()
        .body
        .clone()
        .unwrap();
    assert_eq!(first, json!({ "page": 1, "syncTimestamp": null }));
    assert_eq!(transcript.on("/contacts/match").count(), 0);
    host.widget.sign_in();
    pass(2.0).await;
    let transcript = host.widget.transcript();
    assert_eq!(transcript.on("/contacts/match").count(), 1);
    assert_eq!(transcript.on("/callLogger/match").count(), 1);
    let fresh = transcript.told("rc-login-status-notify").last().unwrap()["isFreshLogin"].clone();
    assert_eq!(fresh, json!(true));
    assert_eq!(
        transcript.on("/contacts").count(),
        1,
        "a login does not ask for contacts"
    );
    assert_eq!(transcript.told("rc-callLogger-auto-log-notify").count(), 1);
    assert_eq!(transcript.faults, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_second_registration_with_contacts_throws_and_takes_nothing_after_them() {
    let bed = Bed::new(true, &[]);
    let host = bed.load("");
    host.register_everything();
    pass(2.0).await;
    let mut again = everything();
    again["contactIcon"] = json!("https://crm.example/i.svg");
    again["callLoggerTitle"] = json!("Another title");
    host.register(&again);
    pass(1.0).await;
    let service = host.widget.service();
    assert_eq!(service.text("callLoggerTitle"), Some("Log to Meadow"));
    assert_eq!(
        service.text("contactIcon"),
        Some("https://crm.example/i.svg")
    );
    assert_eq!(
        host.widget.transcript().faults,
        ["the registration threw: sourceName already exists"]
    );
    again.as_object_mut().unwrap().remove("contactsPath");
    host.register(&again);
    pass(1.0).await;
    assert_eq!(
        host.widget.service().text("callLoggerTitle"),
        Some("Another title")
    );
    assert_eq!(
        host.widget.transcript().on("/contacts").count(),
        2,
        "it stayed authorized: contacts are fetched"
    );
}

#[tokio::test(start_paused = true)]
async fn authorization_without_a_boolean_is_no_registration_and_a_status_without_account_is_lost() {
    let bed = Bed::new(true, &[]);
    let host = bed.load("");
    let mut service = everything();
    service.as_object_mut().unwrap().remove("authorized");
    host.register(&service);
    pass(2.0).await;
    assert!(!host.widget.is_attached());
    assert_eq!(host.widget.transcript().on("/contacts").count(), 0);

    let host = bed.load("");
    let mut service = everything();
    service["authorized"] = json!(false);
    host.register(&service);
    pass(2.0).await;
    assert_eq!(host.widget.transcript().on("/contacts").count(), 0);
    host.say(&json!({ "type": "rc-adapter-update-authorization-status", "authorized": true }));
    pass(1.0).await;
    assert!(!host.widget.is_attached());
    host.say(&json!({ "type": "rc-adapter-update-authorization-status", "authorized": true, "authorizedAccount": "" }));
    pass(1.0).await;
    assert!(host.widget.is_attached());
    assert_eq!(host.widget.transcript().on("/contacts").count(), 1);
}

#[tokio::test(start_paused = true)]
async fn contact_runs_echo_the_next_page_and_keep_the_first_timestamp() {
    let bed = Bed::new(true, &[]);
    let host = bed.load("");
    host.answer("/contacts", |body| {
        Some(match (&body["page"], &body["syncTimestamp"]) {
            (page, Value::Null) if *page == json!(1) => {
                json!({ "data": [ada()], "nextPage": "cursor-2", "syncTimestamp": 111 })
            }
            (_, Value::Null) => {
                let mut other = ada();
                other["id"] = json!("102");
                json!({ "data": [other], "nextPage": null, "syncTimestamp": 222 })
            }
            _ => json!({ "data": [{ "id": "101", "type": "Meadow", "phoneNumbers": [], "deleted": true }],
                "syncTimestamp": 333 }),
        })
    });
    host.register(&json!({ "name": "Meadow", "contactsPath": "/contacts" }));
    pass(1.0).await;
    let bodies: Vec<Value> = host
        .widget
        .transcript()
        .on("/contacts")
        .map(|it| it.body.clone().unwrap())
        .collect();
    assert_eq!(
        bodies,
        [
            json!({ "page": 1, "syncTimestamp": null }),
            json!({ "page": "cursor-2", "syncTimestamp": null }),
        ]
    );
    assert_eq!(host.widget.contacts().len(), 2);
    host.widget.sync_contacts();
    pass(1.0).await;
    let last = host
        .widget
        .transcript()
        .on("/contacts")
        .last()
        .unwrap()
        .body
        .clone()
        .unwrap();
    assert_eq!(
        last,
        json!({ "page": 1, "syncTimestamp": 111, "type": "manual" })
    );
    assert_eq!(host.widget.contacts().len(), 1, "the delta removed one");
    host.say(&json!({ "type": "rc-adapter-sync-third-party-contacts" }));
    pass(1.0).await;
    let last = host
        .widget
        .transcript()
        .on("/contacts")
        .last()
        .unwrap()
        .body
        .clone()
        .unwrap();
    assert_eq!(last["type"], "api");
    assert_eq!(last["syncTimestamp"], 333);
}

#[tokio::test(start_paused = true)]
async fn a_failed_page_discards_the_run() {
    let bed = Bed::new(true, &[]);
    let host = bed.load("");
    host.answer("/contacts", |body| {
        (body["page"] == 1).then(|| json!({ "data": [ada()], "nextPage": 2, "syncTimestamp": 5 }))
    });
    host.register(&json!({ "name": "Meadow", "contactsPath": "/contacts" }));
    pass(59.0).await;
    assert_eq!(host.widget.transcript().missed().count(), 0);
    pass(2.0).await;
    assert_eq!(host.widget.transcript().missed().count(), 1);
    assert!(host.widget.contacts().is_empty());
    assert_eq!(host.widget.contact_runs(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_search_needs_three_letters_and_types_and_is_kept_five_minutes() {
    let bed = Bed::new(true, &[]);
    let host = bed.load("");
    host.register_everything();
    pass(2.0).await;
    assert!(host.widget.search("ad").await.is_empty());
    assert_eq!(host.widget.search("ada").await.len(), 1);
    assert_eq!(host.widget.search("ada").await.len(), 1);
    assert_eq!(host.widget.transcript().on("/contacts/search").count(), 1);
    assert!(
        host.widget.search("zoe").await.is_empty(),
        "what does not match is filtered again"
    );
    pass(301.0).await;
    host.answer("/contacts/search", |_| {
        let mut other = ada();
        other["phoneNumbers"] = json!([{ "phoneNumber": "+14155550142" }]);
        Some(json!({ "data": [other] }))
    });
    assert!(host.widget.search("ada").await.is_empty());
    assert_eq!(
        host.widget.transcript().faults,
        ["a search result without phoneType"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_silent_matcher_means_nobody_until_the_time_to_live_is_over() {
    let bed = Bed::new(true, &crm::past_calls());
    let host = bed.load("");
    host.register(
        &json!({ "name": "Meadow", "contactMatchPath": "/silent", "contactNoMatchTtl": 60_000 }),
    );
    pass(35.0).await;
    let transcript = host.widget.transcript();
    assert_eq!(
        transcript.on("/silent").next().unwrap().outcome,
        Outcome::Unanswered
    );
    bed.platform.add_past_call(&PastCall {
        minutes_ago: 1,
        ..crm::past_calls()[0].clone()
    });
    pass(1.0).await;
    assert_eq!(
        host.widget.transcript().on("/silent").count(),
        1,
        "all of them are cached as nobody"
    );
    host.say(&json!({ "type": "rc-adapter-trigger-contact-match", "phoneNumbers": ["+14155550142", "+999"] }));
    pass(1.0).await;
    let last = host
        .widget
        .transcript()
        .on("/silent")
        .last()
        .unwrap()
        .body
        .clone()
        .unwrap();
    assert_eq!(
        last,
        json!({ "phoneNumbers": ["+14155550142"], "callerIds": { "+14155550142": "WHITFIELD ADA" } }),
        "only what the widget knows"
    );
    pass(90.0).await;
    bed.platform.add_past_call(&PastCall {
        minutes_ago: 1,
        ..crm::past_calls()[0].clone()
    });
    pass(1.0).await;
    assert_eq!(host.widget.transcript().on("/silent").count(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_logged_call_is_ringing_connected_disconnected_and_then_its_record() {
    let bed = Bed::new(true, &[]);
    let host = bed.load("?defaultAutoLogCallEnabled=1");
    host.register_everything();
    pass(3.0).await;
    let session = host.widget.ring(
        "+14155550142",
        &RingOptions {
            name: Some("WHITFIELD ADA".into()),
        },
    );
    pass(3.0).await;
    host.widget.answer();
    pass(4.0).await;
    host.widget.record();
    host.widget.end();
    pass(4.0).await;
    assert_eq!(
        story(&host, &session),
        [
            "presenceUpdate Ringing",
            "presenceUpdate CallConnected",
            "presenceUpdate Disconnected",
        ]
    );
    pass(20.0).await;
    assert_eq!(
        story(&host, &session)[3..],
        ["callLogSync Accepted", "callLogSync Accepted"]
    );
    let transcript = host.widget.transcript();
    let logs: Vec<Value> = transcript
        .logs(&session)
        .map(|it| it.body.clone().unwrap())
        .collect();
    assert_eq!(logs[0]["fromEntity"]["id"], "101");
    assert_eq!(logs[0]["toEntity"]["entityType"], "rcContact");
    assert!(logs[1..].iter().all(|it| it.get("fromEntity").is_none()));
    assert_eq!(logs[2]["call"]["duration"], 7);
    assert_eq!(logs[3]["call"]["duration"], 4);
    assert!(logs[3]["call"].get("recording").is_none());
    assert!(
        logs[4]["call"]["recording"]["contentUri"]
            .as_str()
            .unwrap()
            .contains("access_token")
    );
    assert!(host.widget.is_logged(&session));
    assert_eq!(transcript.faults, Vec::<String>::new());
    assert_eq!(transcript.missed().count(), 0);
}

#[tokio::test(start_paused = true)]
async fn two_people_behind_one_number_are_nobody_for_the_log() {
    let bed = Bed::new(true, &[]);
    let host = bed.load("?defaultAutoLogCallEnabled=1");
    host.register_everything();
    host.answer("/contacts/match", |_| {
        let mut other = ada();
        other["id"] = json!("102");
        Some(json!({ "data": { "+13035550110": [ada(), other] } }))
    });
    pass(3.0).await;
    let session = host.widget.ring("+13035550110", &RingOptions::default());
    pass(3.0).await;
    let transcript = host.widget.transcript();
    let first = transcript
        .logs(&session)
        .next()
        .unwrap()
        .body
        .clone()
        .unwrap();
    assert_eq!(first["fromEntity"], Value::Null);
    assert_eq!(first["call"]["fromMatches"].as_array().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn without_auto_log_a_call_is_silent_until_somebody_logs_it() {
    let bed = Bed::new(true, &[]);
    let host = bed.load("");
    host.register_everything();
    pass(3.0).await;
    let session = host.widget.ring("+14155550142", &RingOptions::default());
    pass(1.0).await;
    host.widget.answer();
    pass(1.0).await;
    assert!(story(&host, &session).is_empty());
    host.widget.press_log(&session);
    pass(1.0).await;
    host.widget.end();
    pass(20.0).await;
    assert_eq!(
        story(&host, &session),
        [
            "createLog CallConnected",
            "presenceUpdate Disconnected",
            "callLogSync Accepted",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_logs_of_one_call_wait_for_each_other_fifteen_seconds_at_most() {
    let bed = Bed::new(true, &[]);
    let host = bed.load("?defaultAutoLogCallEnabled=1");
    host.register_everything();
    host.answer("/callLogger", |_| None);
    pass(3.0).await;
    let session = host.widget.ring("+14155550142", &RingOptions::default());
    pass(1.0).await;
    host.widget.answer();
    pass(13.0).await;
    assert_eq!(story(&host, &session), ["presenceUpdate Ringing"]);
    pass(2.0).await;
    assert_eq!(
        story(&host, &session),
        ["presenceUpdate Ringing", "presenceUpdate CallConnected"]
    );
    let before = host.widget.transcript().on("/callLogger/match").count();
    assert_eq!(before, 1, "no match after a log that failed");
}

#[tokio::test(start_paused = true)]
async fn an_answer_after_the_limit_is_late_and_changes_nothing() {
    let bed = Bed::new(true, &[]);
    let host = bed.load("");
    host.register_everything();
    pass(3.0).await;
    host.answer_after(4);
    host.widget
        .press(&json!({ "do": "activities", "id": "101" }));
    pass(3.5).await;
    let outcome = |host: &common::Host| {
        let transcript = host.widget.transcript();
        let asked = transcript.on("/activities").next().unwrap();
        (asked.outcome, asked.took.map(|it| it.as_secs()))
    };
    assert_eq!(outcome(&host), (Outcome::Unanswered, None));
    pass(1.0).await;
    assert_eq!(outcome(&host), (Outcome::Late, Some(4)));
    assert!(
        host.widget.html()["body"].contains("Loading"),
        "the spinner stays"
    );
}

#[tokio::test(start_paused = true)]
async fn a_stored_choice_of_the_switch_wins_over_the_parameter_and_survives_a_reload() {
    let bed = Bed::new(true, &[]);
    let host = bed.load("?defaultAutoLogCallEnabled=false");
    assert!(host.widget.auto_log(), "a parameter counts by being there");
    host.register_everything();
    pass(3.0).await;
    host.say(&json!({ "type": "rc-adapter-update-auto-log-settings", "call": false }));
    pass(1.0).await;
    let transcript = host.widget.transcript();
    assert_eq!(
        transcript
            .told("rc-callLogger-auto-log-notify")
            .last()
            .unwrap()["autoLog"],
        false
    );
    host.widget.close();
    let host = bed.load("?defaultAutoLogCallEnabled=false");
    assert!(!host.widget.auto_log());
    assert_eq!(
        host.widget.service().name(),
        None,
        "a registration lasts one load"
    );
}

#[tokio::test(start_paused = true)]
async fn calls_of_the_lunch_break_are_listed_as_unlogged() {
    let bed = Bed::new(true, &crm::past_calls());
    let host = bed.load("");
    host.register_everything();
    pass(3.0).await;
    let ask = |body: Value| {
        host.say(&json!({ "type": "rc-adapter-message-request", "requestId": "r1", "path": "/unlogged-calls", "body": body }));
    };
    ask(json!({ "perPage": 4, "page": 1 }));
    pass(1.0).await;
    let transcript = host.widget.transcript();
    let response = transcript
        .told("rc-adapter-message-response")
        .last()
        .unwrap()["response"]
        .clone();
    assert_eq!(response["calls"].as_array().unwrap().len(), 4);
    assert_eq!(response["hasMore"], true);
    let session = response["calls"][0]["sessionId"]
        .as_str()
        .unwrap()
        .to_owned();
    host.widget.press_log(&session);
    pass(1.0).await;
    ask(json!({ "perPage": 10, "page": 1 }));
    pass(1.0).await;
    let transcript = host.widget.transcript();
    let response = transcript
        .told("rc-adapter-message-response")
        .last()
        .unwrap()["response"]
        .clone();
    assert_eq!(
        response["calls"].as_array().unwrap().len(),
        crm::past_calls().len() - 1
    );
    host.say(&json!({ "type": "rc-adapter-message-request", "requestId": "r2", "path": "/nonsense", "body": {} }));
    pass(1.0).await;
    let transcript = host.widget.transcript();
    let response = transcript
        .told("rc-adapter-message-response")
        .last()
        .unwrap()["response"]
        .clone();
    assert_eq!(response, json!({ "data": "no matched path" }));
}

#[tokio::test(start_paused = true)]
async fn do_not_contact_holds_a_call_back_and_silence_lets_it_go() {
    let bed = Bed::new(true, &[]);
    let host = bed.load("");
    host.register_everything();
    host.answer("/doNotContact", |_| {
        Some(json!({ "data": { "result": true, "message": "Asked not to be called", "mode": "restrict" } }))
    });
    pass(3.0).await;
    host.say(
        &json!({ "type": "rc-adapter-new-call", "phoneNumber": "+14155550142", "toCall": true }),
    );
    pass(1.0).await;
    assert!(bed.platform.live().is_empty());
    assert_eq!(host.widget.alerts(), ["Asked not to be called"]);
    host.answer("/doNotContact", |_| None);
    host.say(
        &json!({ "type": "rc-adapter-new-call", "phoneNumber": "+14155550142", "toCall": true }),
    );
    pass(2.5).await;
    assert!(bed.platform.live().is_empty());
    pass(1.0).await;
    assert_eq!(bed.platform.live().len(), 1);
    assert_eq!(bed.platform.live()[0].direction, Direction::Outbound);
}

#[tokio::test(start_paused = true)]
async fn of_two_tabs_only_the_one_seen_last_logs_by_itself() {
    let bed = Bed::new(true, &[]);
    let first = bed.load("?defaultAutoLogCallEnabled=1");
    let second = bed.load("?defaultAutoLogCallEnabled=1");
    first.register_everything();
    second.register_everything();
    pass(3.0).await;
    let session = bed.platform.ring("+14155550142", &RingOptions::default());
    pass(3.0).await;
    assert!(story(&first, &session).is_empty());
    assert_eq!(story(&second, &session).len(), 1);
    let told = |host: &common::Host| {
        host.widget
            .transcript()
            .told("rc-active-call-notify")
            .count()
    };
    assert_eq!((told(&first), told(&second)), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_page_is_left_ends() {
    let bed = Bed::new(true, &[]);
    let host = bed.load("");
    pass(3.0).await;
    bed.platform.ring("+14155550142", &RingOptions::default());
    host.widget.answer();
    host.widget.close();
    assert!(bed.platform.live().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_said_before_anybody_listens_is_lost() {
    let bed = Bed::new(true, &[]);
    let host = bed.load("");
    host.say(&json!({ "type": "rc-adapter-register-third-party-service", "service": {} }));
    assert_eq!(
        host.widget.transcript().faults,
        ["a registration without a name"]
    );
}

#[tokio::test(start_paused = true)]
async fn the_form_can_be_the_hosts_own_and_its_save_says_what_was_typed() {
    let bed = Bed::new(true, &crm::past_calls());
    let host = bed.load("");
    host.register_everything();
    pass(3.0).await;
    let session = bed.platform.history()[0].session_id.clone();
    host.say(&json!({ "type": "rc-adapter-update-call-log-page", "page": {
        "title": "Log to Meadow",
        "schema": { "type": "object", "properties": {
            "subject": { "type": "string", "title": "Subject" },
            "outcome": { "type": "string", "title": "Outcome",
                "oneOf": [{ "const": "won", "title": "Won" }, { "const": "lost", "title": "Lost" }] },
        } },
        "uiSchema": { "ui:order": ["subject", "outcome"], "submitButtonOptions": { "submitText": "Keep" } },
        "formData": { "subject": "Call", "outcome": "won" },
    } }));
    let path = format!("/log/call/{session}");
    host.say(&json!({ "type": "rc-adapter-navigate-to", "path": path }));
    pass(1.0).await;
    let body = host.widget.html()["body"].clone();
    assert!(
        body.contains("Log to Meadow") && body.contains("Keep") && body.contains("selected>Won")
    );
    host.widget
        .press(&json!({ "do": "form", "id": "outcome", "value": "lost" }));
    pass(1.0).await;
    host.widget.press(&json!({ "do": "form-save" }));
    pass(1.0).await;
    let transcript = host.widget.transcript();
    let changed = transcript.on("/callLogger/inputChanged").next().unwrap();
    assert_eq!(changed.field("keys"), Some(&json!(["outcome"])));
    assert_eq!(changed.field("page").unwrap()["title"], "Log to Meadow");
    let saved = transcript.logs(&session).last().unwrap();
    assert_eq!(saved.field("triggerType"), Some(&json!("logForm")));
    assert_eq!(
        saved.field("formData"),
        Some(&json!({ "subject": "Call", "outcome": "lost" }))
    );
    assert_eq!(saved.field("fromEntity"), Some(&Value::Null));
}

#[tokio::test(start_paused = true)]
async fn the_clock_of_a_call_leaves_its_buttons_alone() {
    let bed = Bed::new(true, &[]);
    let host = bed.load("");
    host.register_everything();
    pass(3.0).await;
    host.widget.ring("+14155550142", &RingOptions::default());
    host.widget.answer();
    pass(1.5).await;
    let before = host.widget.html();
    pass(5.0).await;
    let after = host.widget.html();
    assert_eq!(before["call"], after["call"]);
    assert_eq!(
        (before["timer"].as_str(), after["timer"].as_str()),
        ("0:01", "0:06")
    );
}
