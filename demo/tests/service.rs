//! What a service registers and what becomes of it: authorization, settings, buttons, banner, meetings, activities.
//! Time is paused.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test's helpers fail as loudly as the test itself"
)]

mod common;

use common::{Bed, Host, ada, everything, everything_but, pass, settled};
use serde_json::{Value, json};
use switchboard_demo::{Build, ButtonKind, Facts, Logger, PathTiming, RingOptions, crm};

/// A signed-in page with one registration.
async fn registered(service: &Value) -> (Bed, Host) {
    let bed = Bed::new(true, &crm::past_calls());
    let host = bed.load("");
    host.register(service);
    pass(3.0).await;
    (bed, host)
}

fn authorize(host: &Host, status: &Value) {
    let mut message = json!({ "type": "rc-adapter-update-authorization-status" });
    for (key, value) in status.as_object().unwrap() {
        message[key] = value.clone();
    }
    host.say(&message);
}

#[tokio::test(start_paused = true)]
async fn the_block_shows_what_was_registered() {
    let (_bed, host) = registered(&everything_but(&json!({
        "authorized": false, "displayName": "Meadow CRM", "info": "For the sales team",
        "authorizedTitle": "Leave", "unauthorizedTitle": "Enter", "showAuthRedDot": true,
        "authorizationLogo": "data:image/svg+xml,x",
    })))
    .await;
    let shown = host.widget.authorization().unwrap();
    assert_eq!(
        (shown.title.as_str(), shown.info.as_str()),
        ("Meadow CRM", "For the sales team")
    );
    assert_eq!(shown.status, "Disconnected");
    assert_eq!(shown.button.as_deref(), Some("Enter"));
    assert!(shown.red_dot && shown.logo.is_some());
    host.widget.press_authorize();
    pass(0.5).await;
    assert_eq!(host.last("/authorize"), json!({ "authorized": false }));
    authorize(
        &host,
        &json!({ "authorized": true, "authorizedAccount": "sam" }),
    );
    pass(0.1).await;
    let shown = host.widget.authorization().unwrap();
    assert_eq!(shown.button.as_deref(), Some("Syncing"), "contacts run");
    pass(61.0).await;
    let shown = host.widget.authorization().unwrap();
    assert_eq!(shown.status, "Connected as sam");
    assert_eq!(shown.button.as_deref(), Some("Leave"));
    assert!(!shown.red_dot);
    host.widget.press_authorize();
    pass(0.5).await;
    assert_eq!(host.last("/authorize"), json!({ "authorized": true }));

    for logo in [
        "ftp://crm.example/l.png",
        "javascript:0",
        "data:text/html,x",
    ] {
        let (_bed, host) = registered(&everything_but(&json!({ "authorizationLogo": logo }))).await;
        assert_eq!(host.widget.authorization().unwrap().logo, None, "{logo}");
    }
    let (_bed, host) = registered(&json!({ "name": "Meadow" })).await;
    let shown = host.widget.authorization().unwrap();
    assert_eq!((shown.status.as_str(), shown.button), ("Connected", None));
}

#[tokio::test(start_paused = true)]
async fn a_status_without_an_account_changes_nothing_either_way() {
    for authorized in [true, false] {
        let (_bed, host) = registered(&everything_but(&json!({ "authorized": !authorized }))).await;
        for status in [
            json!({ "authorized": authorized }),
            json!({ "authorized": authorized, "authorizedAccount": null }),
        ] {
            authorize(&host, &status);
            assert_eq!(host.widget.service().authorized(), Some(!authorized));
        }
        assert_eq!(
            host.widget.thrown(),
            vec!["authorization status without authorizedAccount"; 2]
        );
        authorize(
            &host,
            &json!({ "authorized": authorized, "authorizedAccount": "" }),
        );
        assert_eq!(host.widget.service().authorized(), Some(authorized));
    }
    let (_bed, host) = registered(&json!({ "name": "Meadow" })).await;
    authorize(&host, &json!({ "authorized": true }));
    assert_eq!(host.widget.thrown(), Vec::<String>::new(), "just ignored");
}

#[tokio::test(start_paused = true)]
async fn what_is_gated_and_what_is_not() {
    let bed = Bed::new(true, &crm::past_calls());
    let host = bed.load("");
    host.register_everything();
    let closed = everything_but(&json!({ "authorized": false, "contactsPath": null }));
    // The first registration was authorized; the second closes the gate.
    host.register(&closed);
    let paths = [
        "/contacts/match",
        "/contacts/search",
        "/callLogger/match",
        "/messageLogger/match",
        "/activities",
    ];
    pass(3.0).await;
    let count =
        |host: &Host| -> Vec<usize> { paths.iter().map(|it| host.bodies(it).len()).collect() };
    let before = count(&host);
    let session = bed.platform.history()[0].session_id.clone();
    let conversation = host.widget.receive_sms("+14155550142", "one");
    host.widget.search("ada").await;
    host.widget.open_activities("101");
    host.widget.refresh_contact("+14155550142");
    host.widget.press_log(&session);
    host.widget.press_log_conversation(&conversation);
    host.widget.dial("+14155550142").await;
    host.widget.open_meetings();
    host.widget.toggle_setting("open");
    host.widget.press_setting_button("doIt");
    pass(3.0).await;
    assert_eq!(count(&host), before);
    for path in [
        "/callLogger",
        "/messageLogger",
        "/doNotContact",
        "/meetingUpcomingList",
        "/settings",
        "/button-click",
    ] {
        assert_eq!(host.bodies(path).len(), 1, "{path}");
    }
    let contacts = host.bodies("/contacts").len();
    authorize(
        &host,
        &json!({ "authorized": true, "authorizedAccount": "" }),
    );
    pass(3.0).await;
    assert_eq!(host.bodies("/contacts").len(), contacts + 1);
    for path in [
        "/contacts/match",
        "/callLogger/match",
        "/messageLogger/match",
    ] {
        let at = paths.iter().position(|it| *it == path).unwrap();
        assert!(host.bodies(path).len() > before[at], "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_later_registration_merges() {
    let (_bed, host) = registered(&everything_but(&json!({
        "displayName": "Meadow CRM", "info": "Here", "showLogModal": true,
    })))
    .await;
    let mut later = json!({ "name": "Meadow", "callLoggerPath": "/callLogger" });
    host.register(&later);
    let service = host.widget.service();
    assert_eq!(service.text("displayName"), Some("Meadow CRM"));
    assert_eq!(service.get("info"), Some(&json!("")), "the text is reset");
    assert!(!service.is("showLogModal"), "read anew with its path");
    assert_eq!(service.text("contactSearchPath"), Some("/contacts/search"));
    later["settings"] = json!([]);
    later["settingsPath"] = json!("/settings");
    host.register(&later);
    assert_eq!(host.widget.settings().len(), 2, "an empty tree is none");
    assert_eq!(host.widget.thrown(), Vec::<String>::new());
    host.register(&everything());
    assert_eq!(
        host.widget.thrown(),
        ["the registration threw: sourceName already exists"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_settings_tree_keeps_what_is_good() {
    let good = [
        json!({ "name": "Old form", "value": true }),
        json!({ "id": "b", "name": "B", "type": "boolean", "value": false, "order": 3 }),
        json!({ "id": "o", "name": "O", "type": "option", "value": "x", "options": [{ "id": "x", "name": "X" }, { "id": "y", "name": "Y" }] }),
        json!({ "id": "u", "name": "U", "type": "button", "buttonLabel": "Press" }),
        json!({ "id": "l", "name": "L", "type": "externalLink", "uri": "https://crm.example" }),
        json!({ "id": "s", "name": "S", "type": "section", "items": [
            { "id": "n", "name": "N", "type": "string", "value": "abc" },
            { "id": "f", "name": "F", "type": "boolean", "value": true } ] }),
        json!({ "id": "g", "name": "G", "type": "group", "items": [
            { "id": "i", "name": "I", "type": "boolean", "value": false, "readOnly": true } ] }),
    ];
    let bad = [
        json!({ "id": "1", "type": "boolean", "value": true }),
        json!({ "name": "Old form", "value": "text" }),
        json!({ "id": "2", "name": "2", "type": "boolean", "value": "yes" }),
        json!({ "id": "3", "name": "3", "type": "option", "options": ["x"] }),
        json!({ "id": "4", "name": "4", "type": "externalLink", "uri": "javascript:0" }),
        json!({ "id": "5", "name": "5", "type": "section" }),
        json!({ "id": "6", "name": "6", "type": "boolean", "value": true, "order": "first" }),
        json!({ "id": "7", "name": "7", "type": "string", "value": "only in sections" }),
        json!({ "id": 8, "name": "8", "type": "boolean", "value": true }),
        json!("nonsense"),
    ];
    let all: Vec<Value> = good.iter().chain(&bad).cloned().collect();
    let (_bed, host) = registered(&everything_but(&json!({ "settings": all }))).await;
    host.answer("/settings", |_| None);
    let kept = host.widget.settings();
    assert_eq!(
        kept[0],
        json!({ "id": "Old form", "name": "Old form", "type": "boolean", "value": true })
    );
    assert_eq!(kept[1..], good[1..]);
    assert_eq!(host.widget.warnings().len(), bad.len());

    host.widget.toggle_setting("Old form");
    host.widget.choose_setting("o", "y");
    host.widget.toggle_setting("i");
    host.widget.toggle_setting("f");
    pass(0.5).await;
    let bodies = host.bodies("/settings");
    assert_eq!(
        bodies.len(),
        2,
        "a locked one stays, a section's is not found"
    );
    assert_eq!(bodies[0]["setting"]["value"], false);
    assert_eq!(bodies[1]["setting"]["value"], "y");
    assert_eq!(bodies[1]["settings"].as_array().unwrap().len(), good.len());
    assert_eq!(bodies[1]["settings"][0]["value"], false);

    host.widget.open_section("s");
    assert_eq!(host.widget.form(), Some(json!({ "n": "abc", "f": true })));
    host.widget.type_in_form("n", "changed");
    assert_eq!(host.bodies("/settings").len(), 2, "not before Save");
    host.widget.press_form_save();
    pass(5.0).await;
    let saved = host.last("/settings");
    assert_eq!(saved["setting"]["id"], "s");
    assert_eq!(saved["setting"]["items"][0]["value"], "changed");
    assert_eq!(
        saved["settings"][5], saved["setting"],
        "silence undoes nothing"
    );
    host.widget.press_setting_button("u");
    pass(0.5).await;
    let count = host.bodies("/settings").len();
    host.say(&json!({ "type": "rc-adapter-update-third-party-settings", "settings": [] }));
    pass(0.5).await;
    assert!(host.widget.settings().is_empty());
    assert_eq!(host.bodies("/settings").len(), count, "nothing comes back");
    assert_eq!(
        host.last("/button-click"),
        json!({ "button": { "id": "u", "type": "setting", "label": "Press", "name": "U" } })
    );
}

#[tokio::test(start_paused = true)]
async fn the_switches_have_their_labels_and_a_choice_wins_over_the_address() {
    let bed = Bed::new(true, &[]);
    let query = "?clientId=abc&defaultAutoLogMessageEnabled=false&defaultAutoLogCallEnabled=1";
    let host = bed.load(query);
    let params = host.widget.params();
    assert_eq!(params["clientId"], "abc");
    assert_eq!(params["defaultAutoLogMessageEnabled"], "false");
    host.register(&everything_but(&json!({
        "callLoggerAutoSettingLabel": "Log every call", "callLoggerAutoSettingWarning": "Is shared",
        "messageLoggerAutoSettingHidden": true,
    })));
    pass(3.0).await;
    assert!(host.widget.auto_log() && host.widget.auto_log_messages());
    assert!(!host.widget.is_auto_log_locked(Logger::Calls));
    host.say(&json!({ "type": "rc-adapter-navigate-to", "path": "/settings" }));
    let body = host.widget.html()["body"].clone();
    assert!(body.contains("Log every call") && body.contains("Is shared"));
    assert!(!body.contains("Auto log messages"));
    host.say(
        &json!({ "type": "rc-adapter-update-auto-log-settings", "call": false, "message": false }),
    );
    let transcript = host.widget.transcript();
    for kind in [
        "rc-callLogger-auto-log-notify",
        "rc-messageLogger-auto-log-notify",
    ] {
        assert_eq!(transcript.told(kind).last().unwrap()["autoLog"], false);
    }
    let again = bed.load(query);
    assert!(!again.widget.auto_log() && !again.widget.auto_log_messages());
}

#[tokio::test(start_paused = true)]
async fn buttons_need_a_path_and_everything_that_is_theirs() {
    let buttons = json!([
        { "id": "task", "type": "callAction", "label": "Task", "icon": "edit" },
        { "id": "map", "type": "contactAction", "label": "Map", "icon": "apps" },
        { "id": "no-label", "type": "callAction", "icon": "edit" },
    ]);
    let (bed, host) = settled("", &crm::past_calls()).await;
    let session = bed.platform.history()[0].session_id.clone();
    host.register(&json!({ "name": "Meadow", "buttons": buttons }));
    assert!(
        !host
            .widget
            .press_button(ButtonKind::CallAction, "task", &session)
    );
    host.register(
        &json!({ "name": "Meadow", "buttons": buttons, "buttonEventPath": "/button-click" }),
    );
    assert!(
        host.widget
            .press_button(ButtonKind::CallAction, "task", &session)
    );
    pass(0.5).await;
    let body = host.last("/button-click");
    assert_eq!(
        body["button"],
        json!({ "id": "task", "type": "callAction", "label": "Task" })
    );
    assert_eq!(body["resource"]["sessionId"], json!(session));
    assert!(
        host.widget
            .press_button(ButtonKind::ContactAction, "map", "101")
    );
    pass(0.5).await;
    let resource = host.last("/button-click")["resource"].clone();
    assert_eq!(resource["phoneNumber"], "+14155550142");
    assert_eq!(host.widget.buttons(ButtonKind::CallAction).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_banner_is_pressed_or_closed() {
    let (_bed, host) = settled("", &[]).await;
    let show = |banner: Value| {
        host.say(&json!({ "type": "rc-adapter-update-customized-banner", "banner": banner }));
    };
    show(
        json!({ "id": "b", "message": "New version", "severity": "info", "action": { "label": "Get it" } }),
    );
    assert!(host.widget.html()["alerts"].contains("New version"));
    host.widget.press_banner();
    host.widget.dismiss_banner();
    pass(0.5).await;
    assert_eq!(
        host.bodies("/button-click"),
        [json!({ "button": { "id": "b", "type": "customizedBanner", "label": "Get it" } })],
        "one that cannot be closed stays"
    );
    show(json!({ "id": "c", "message": "Bye", "closable": true }));
    host.widget.press_banner();
    host.widget.dismiss_banner();
    pass(0.5).await;
    assert_eq!(
        host.bodies("/button-click")[1..],
        [json!({ "button": { "id": "c", "type": "customizedBanner", "dismissed": true } })]
    );
    assert_eq!(host.widget.banner(), None);
    show(json!({ "id": "d", "message": "Soon gone" }));
    assert!(host.widget.banner().is_some());
    show(json!({ "hidden": true }));
    assert_eq!(host.widget.banner(), None);
}

#[tokio::test(start_paused = true)]
async fn meetings_are_invited_to_listed_and_logged() {
    let (bed, host) = settled("", &[]).await;
    host.answer("/meetingUpcomingList", |_| {
        Some(json!({ "data": [
            { "id": "2", "title": "Later", "startTime": "2030-01-02T08:00:00Z", "location": "https://v.example/join/2" },
            { "id": "1", "title": "Soon", "startTime": "2030-01-01T08:00:00Z" } ] }))
    });
    host.widget.open_meetings();
    assert_eq!(host.widget.upcoming_meetings(), None, "asked each time");
    pass(0.5).await;
    let titles: Vec<Value> = host
        .widget
        .upcoming_meetings()
        .unwrap()
        .iter()
        .map(|it| it["title"].clone())
        .collect();
    assert_eq!(titles, ["Soon", "Later"]);
    let transcript = host.widget.transcript();
    let asked = transcript.on("/meetingUpcomingList").next().unwrap();
    assert_eq!(asked.body, None);
    host.answer("/meetingUpcomingList", |_| None);
    host.widget.open_meetings();
    pass(2.5).await;
    assert_eq!(host.widget.upcoming_meetings(), None);
    pass(1.0).await;
    assert_eq!(host.widget.upcoming_meetings(), Some(Vec::new()));

    host.widget.open_schedule();
    host.widget
        .schedule_meeting("Review", 1_795_160_495_828, 1_795_164_095_828);
    for past in crm::past_meetings() {
        bed.platform.add_past_meeting(&past);
    }
    let newest = bed.platform.meetings()[0].id.clone();
    host.answer("/meetingLogger", |_| None);
    host.widget.log_meeting(&newest);
    pass(5.5).await;
    let invited = host.last("/meeting/invite")["meeting"].clone();
    assert_eq!(invited["topic"], "Review");
    assert_eq!(invited["timeFrom"], "2026-11-20T07:41:35Z");
    let logged = host.last("/meetingLogger")["meeting"].clone();
    assert!(logged["recordings"][0].get("contentUri").is_none());
    assert!(logged["recordings"][0]["link"].is_string());
    let unanswered = |host: &Host| {
        let timing = host.widget.timing();
        let of = |it: &&PathTiming| it.path == "/meetingLogger";
        timing.iter().find(of).unwrap().unanswered
    };
    assert_eq!(unanswered(&host), 0, "six seconds are its limit");
    pass(1.0).await;
    assert_eq!(unanswered(&host), 1);

    let half = json!({ "name": "Meadow", "meetingInvitePath": "/meeting/invite", "meetingUpcomingPath": "/meetingUpcomingList" });
    let (_bed, host) = registered(&half).await;
    host.widget.schedule_meeting("Review", 0, 1);
    host.widget.open_meetings();
    pass(0.5).await;
    assert!(
        host.widget.transcript().requests.is_empty(),
        "a path without its title is none"
    );
}

#[tokio::test(start_paused = true)]
async fn conferences_are_a_thing_of_old_builds() {
    let service = json!({ "name": "Meadow", "conferenceInvitePath": "/conference", "conferenceInviteTitle": "Invite" });
    for (build, query, requests) in [
        (Build::Conferences, "?disableConferenceInvite=false", 1),
        (Build::Conferences, "", 0),
        (Build::Current, "?disableConferenceInvite=false", 0),
    ] {
        let bed = Bed::new(true, &[]);
        let host = bed.load_with(Facts {
            query: query.to_owned(),
            build,
            ..Facts::default()
        });
        host.register(&service);
        pass(3.0).await;
        host.widget.invite_to_conference();
        pass(0.5).await;
        let bodies = host.bodies("/conference");
        assert_eq!(bodies.len(), requests, "{build:?} {query}");
        for body in bodies {
            assert_eq!(body["conference"]["topic"], "New Conference");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn activities_are_a_list_or_trouble() {
    for (answer, thrown) in [
        (Some(json!({ "data": [] })), false),
        (Some(json!({ "data": {} })), true),
        (Some(json!({})), false),
        (None, false),
    ] {
        let (_bed, host) = settled("", &[]).await;
        let given = answer.clone();
        host.answer("/activities", move |_| given.clone());
        host.widget.open_contact("101");
        host.widget.open_activities("101");
        pass(4.0).await;
        assert_eq!(!host.widget.thrown().is_empty(), thrown, "{answer:?}");
        let spins = host.widget.html()["body"].contains("Loading");
        assert_eq!(spins, answer != Some(json!({ "data": [] })), "{answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_matched_contact_outside_the_list_hangs_without_a_path_for_it() {
    for (path, thrown) in [(Value::Null, 1), (json!("/contacts/view"), 0)] {
        let bed = Bed::new(true, &crm::past_calls());
        let host = bed.load("");
        host.answer("/contacts/match", |_| {
            Some(json!({ "data": { "+14155550142": [ada()] } }))
        });
        host.register(&json!({ "name": "Meadow", "contactMatchPath": "/contacts/match", "viewMatchedContactPath": path }));
        pass(3.0).await;
        host.widget
            .press_view_contact(&bed.platform.history()[0].session_id);
        pass(0.5).await;
        assert_eq!(host.widget.thrown().len(), thrown);
        let mut viewed = ada();
        viewed["entityType"] = json!("Meadow");
        assert_eq!(
            host.bodies("/contacts/view"),
            vec![viewed; 1 - thrown],
            "the contact itself, not wrapped"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn every_path_is_timed() {
    let (_bed, host) = settled("", &[]).await;
    let before = host.widget.timing();
    assert!(
        before
            .iter()
            .all(|it| it.unanswered == 0 && it.late == 0 && it.count > 0)
    );
    host.answer_after(4);
    host.widget.toggle_setting("open");
    pass(3.5).await;
    let settings = |host: &Host| {
        let timing = host.widget.timing();
        timing
            .into_iter()
            .find(|it| it.path == "/settings")
            .unwrap()
    };
    let expected = |unanswered, late, slowest_ms| PathTiming {
        path: "/settings".to_owned(),
        count: 1,
        slowest_ms,
        unanswered,
        late,
    };
    assert_eq!(settings(&host), expected(1, 0, 0));
    pass(1.0).await;
    let timing = settings(&host);
    assert_eq!(timing, expected(0, 1, timing.slowest_ms));
    assert!((4000..4100).contains(&timing.slowest_ms));
}

#[tokio::test(start_paused = true)]
async fn orders_about_features_the_session_and_calls() {
    let (bed, host) = settled("", &[]).await;
    assert!(host.widget.html()["tabs"].contains("Video"));
    let flags = |flags: Value| {
        let mut message = json!({ "type": "rc-adapter-update-features-flags" });
        for (key, value) in flags.as_object().unwrap() {
            message[key] = value.clone();
        }
        host.say(&message);
    };
    flags(json!({ "meetings": false, "text": false }));
    assert!(!host.widget.html()["tabs"].contains("Video"));
    flags(json!({ "text": false }));
    assert!(host.widget.has_feature("meetings") && !host.widget.has_feature("text"));

    host.say(&json!({ "type": "rc-adapter-logout" }));
    assert!(!host.widget.is_signed_in());
    assert!(host.widget.is_attached(), "the registration stays");
    host.say(&json!({ "type": "rc-adapter-login" }));
    assert!(host.widget.is_signed_in());

    host.widget.ring("+14155550142", &RingOptions::default());
    let control = |action: &str| {
        host.say(&json!({ "type": "rc-adapter-control-call", "callAction": action }));
    };
    control("answer");
    control("hold");
    control("unhold");
    control("mute");
    control("hangup");
    assert!(bed.platform.live().is_empty());
    let transcript = host.widget.transcript();
    for kind in ["ring", "start", "hold", "resume", "mute", "end"] {
        let kind = format!("rc-call-{kind}-notify");
        assert_eq!(transcript.told(&kind).count(), 1, "{kind}");
    }
    let ended = transcript.told("rc-call-end-notify").next().unwrap();
    let party = ended["call"]["partyData"]["sessionId"].as_str().unwrap();
    assert!(
        party.starts_with("s-"),
        "the telephony session, not the session"
    );
}

#[tokio::test(start_paused = true)]
async fn a_sync_by_the_host_matches_afterwards() {
    let (_bed, host) = settled("", &crm::past_calls()).await;
    let matched = host.bodies("/contacts/match").len();
    pass(301.0).await;
    host.answer_after(2);
    host.say(&json!({ "type": "rc-adapter-sync-third-party-contacts" }));
    pass(1.0).await;
    assert_eq!(host.last("/contacts")["type"], "api");
    assert_eq!(host.bodies("/contacts/match").len(), matched);
    pass(1.5).await;
    assert_eq!(host.bodies("/contacts/match").len(), matched + 1);
}

#[tokio::test(start_paused = true)]
async fn pages_of_the_hosts_own_are_made_and_patched_by_their_id() {
    let (_bed, host) = settled("", &[]).await;
    host.answer("/page/changed", |_| Some(json!({ "data": "ok" })));
    host.register(
        &json!({ "name": "Meadow", "customizedPageInputChangedEventPath": "/page/changed" }),
    );
    let page = |page: Value| {
        host.say(&json!({ "type": "rc-adapter-register-customized-page", "page": page }));
    };
    page(
        json!({ "id": "today", "title": "Today", "type": "tab", "formData": { "done": "no" },
        "schema": { "type": "object", "properties": { "done": { "type": "string", "title": "Done" } } } }),
    );
    assert!(host.widget.html()["tabs"].contains("Today"));
    host.say(&json!({ "type": "rc-adapter-navigate-to", "path": "/customizedTabs/today" }));
    assert_eq!(host.widget.route(), "/customizedTabs/today");
    host.widget.type_in_form("done", "yes");
    pass(0.5).await;
    let changed = host.last("/page/changed");
    assert_eq!(changed["page"]["id"], "today");
    assert_eq!(
        (&changed["formData"], &changed["keys"]),
        (&json!({ "done": "yes" }), &json!(["done"]))
    );
    host.widget.press_form_save();
    pass(0.5).await;
    assert_eq!(host.bodies("/button-click").len(), 0, "it has no Save yet");
    page(
        json!({ "id": "today", "title": "Now", "uiSchema": { "submitButtonOptions": { "submitText": "Go" } } }),
    );
    assert!(host.widget.html()["tabs"].contains("Now"));
    host.widget.press_form_save();
    pass(0.5).await;
    assert_eq!(
        host.last("/button-click"),
        json!({ "button": { "id": "today", "type": "submit", "formData": { "done": "yes" } } })
    );
    page(json!({ "id": "today", "hidden": true }));
    assert!(!host.widget.html()["tabs"].contains("Now"));
}
