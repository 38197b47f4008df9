//! The log of calls, by hand: buttons, forms, picks, notes, recordings. Time is paused.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test's helpers fail as loudly as the test itself"
)]

mod common;

use common::{Bed, Host, ada, everything_but, pass, settled};
use serde_json::{Value, json};
use switchboard_demo::{RingOptions, crm};

const NUMBER: &str = "+14155550142";

fn two_adas(host: &Host) {
    host.answer("/contacts/match", |_| {
        let mut other = ada();
        other["id"] = json!("102");
        Some(json!({ "data": { NUMBER: [ada(), other] } }))
    });
}

/// The trigger types on the call logger's path, in order.
fn triggers(host: &Host) -> Vec<String> {
    let bodies = host.bodies("/callLogger").into_iter();
    bodies
        .map(|it| it["triggerType"].as_str().unwrap().to_owned())
        .collect()
}

/// A page whose registration differs from the usual one, with the session of the newest call.
async fn with(keys: Value) -> (Bed, Host, String) {
    let bed = Bed::new(true, &crm::past_calls());
    let host = bed.load("");
    let mut service = everything_but(&keys);
    host.register_everything();
    service.as_object_mut().unwrap().remove("contactsPath");
    host.register(&service);
    pass(3.0).await;
    let session = bed.platform.history()[0].session_id.clone();
    (bed, host, session)
}

#[tokio::test(start_paused = true)]
async fn a_button_creates_then_edits_and_views() {
    let (_bed, host, session) = with(json!({})).await;
    host.widget.press_view_log(&session);
    pass(0.5).await;
    assert_eq!(triggers(&host), Vec::<String>::new(), "nothing to view yet");
    for _ in 0..2 {
        host.widget.press_log(&session);
        pass(0.5).await;
    }
    host.widget.press_view_log(&session);
    pass(0.5).await;
    assert_eq!(triggers(&host), ["createLog", "editLog", "viewLog"]);
    assert_eq!(host.last("/callLogger")["redirect"], true);
}

#[tokio::test(start_paused = true)]
async fn another_contact_is_told_with_auto_log_alone_and_without_a_page() {
    let (_bed, host, session) = with(json!({})).await;
    host.widget.pick_contact(&session, "101");
    pass(0.5).await;
    assert_eq!(triggers(&host), Vec::<String>::new());
    host.widget.set_auto_log(true);
    host.widget.pick_contact(&session, "101");
    pass(0.5).await;
    let body = host.last("/callLogger");
    assert_eq!(
        (&body["triggerType"], &body["redirect"]),
        (&json!("contactUpdated"), &json!(false))
    );
    assert_eq!(body["call"]["toNumberEntity"], "101");
}

#[tokio::test(start_paused = true)]
async fn several_matches_are_nobody_until_one_is_picked_here_or_by_the_host() {
    let (bed, host, session) = with(json!({})).await;
    two_adas(&host);
    host.widget.refresh_contact(NUMBER);
    pass(0.5).await;
    let asked = host.last("/contacts/match");
    assert_eq!(asked["triggerFrom"], "manual");
    assert_eq!(asked["callerIds"][NUMBER], "WHITFIELD ADA");
    host.widget.press_log(&session);
    pass(0.5).await;
    let body = host.last("/callLogger");
    assert_eq!(body["fromEntity"], Value::Null);
    assert!(body["call"].get("toNumberEntity").is_none());
    assert!(host.widget.html().contains_key("body"));

    host.widget.pick_contact(&session, "102");
    host.widget.press_log(&session);
    pass(0.5).await;
    let body = host.last("/callLogger");
    assert_eq!(body["fromEntity"]["id"], "102");
    assert_eq!(body["call"]["toNumberEntity"], "102");

    host.widget.set_auto_log(true);
    let live = bed.platform.ring(NUMBER, &RingOptions::default());
    let telephony = bed.platform.live()[0].telephony_session_id.clone();
    host.say(
        &json!({ "type": "rc-adapter-set-call-contact-matches-select",
        "telephonySessionId": telephony, "contactId": "101" }),
    );
    pass(1.0).await;
    let transcript = host.widget.transcript();
    let first = transcript.logs(&live).next().unwrap();
    assert_eq!(first.field("fromEntity").unwrap()["id"], "101");
}

#[tokio::test(start_paused = true)]
async fn with_a_modal_only_view_and_save_reach_the_host() {
    let (_bed, host, session) = with(json!({ "showLogModal": true })).await;
    host.widget.press_log(&session);
    pass(0.5).await;
    assert_eq!(host.widget.route(), format!("/log/call/{session}"));
    assert_eq!(
        host.widget.form(),
        Some(json!({ "note": "", "contactId": "101" }))
    );
    host.widget.type_in_form("note", "left a message");
    pass(0.5).await;
    assert_eq!(
        host.last("/callLogger/inputChanged")["keys"],
        json!(["note"])
    );
    assert_eq!(triggers(&host), Vec::<String>::new());
    host.widget.press_form_save();
    pass(0.5).await;
    let body = host.last("/callLogger");
    assert_eq!(body["triggerType"], "logForm");
    assert_eq!(body["note"], "left a message");
    assert_eq!(body["formData"]["contactId"], "101");
    assert_eq!(
        (&body["fromEntity"], &body["toEntity"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(host.widget.route(), "/dialer", "back where it came from");

    host.widget.press_view_log(&session);
    host.widget.set_auto_log(true);
    host.widget.pick_contact(&session, "101");
    pass(0.5).await;
    assert_eq!(
        triggers(&host),
        ["logForm", "viewLog"],
        "a pick opens the form"
    );
    assert!(host.widget.form().is_some());
}

#[tokio::test(start_paused = true)]
async fn the_own_form_starts_with_what_the_entity_says() {
    let (_bed, host, session) = with(json!({ "showLogModal": true })).await;
    for (entity, contact) in [
        (
            json!({ "id": "l", "note": "n", "contact": { "id": "7" } }),
            "7",
        ),
        (json!({ "id": "l", "note": "n", "contact": "8" }), "8"),
        (
            json!({ "id": "l", "note": "n", "contact": {}, "contactId": "9" }),
            "9",
        ),
        (json!({ "id": "l", "note": "n", "contactId": "9" }), "101"),
    ] {
        let found = entity.clone();
        host.answer("/callLogger/match", move |body| {
            let session = body["sessionIds"][0].as_str().unwrap();
            Some(json!({ "data": { session: [found] } }))
        });
        host.say(&json!({ "type": "rc-adapter-trigger-call-logger-match", "sessionIds": [session, "unknown"] }));
        pass(0.5).await;
        assert_eq!(
            host.last("/callLogger/match")["sessionIds"],
            json!([session])
        );
        host.widget.press_log(&session);
        pass(0.5).await;
        assert_eq!(
            host.widget.form(),
            Some(json!({ "note": "n", "contactId": contact })),
            "{entity}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_hosts_page_is_merged_asked_about_and_left() {
    let (_bed, host, session) = with(json!({})).await;
    let page =
        |page: Value| host.say(&json!({ "type": "rc-adapter-update-call-log-page", "page": page }));
    page(json!({
        "title": "Log", "formData": { "subject": "Call" },
        "schema": { "type": "object", "properties": {
            "warning": { "type": "string", "description": "Two people have this number" },
            "subject": { "type": "string", "title": "Subject" },
            "secret": { "type": "string", "title": "Not to be seen" },
            "more": { "type": "string", "title": "More" },
        } },
        "uiSchema": { "warning": { "ui:field": "admonition", "ui:severity": "warning" },
            "secret": { "ui:widget": "hidden" }, "more": { "ui:field": "button" } },
    }));
    let before = host.bodies("/callLogger/match").len();
    host.say(&json!({ "type": "rc-adapter-navigate-to", "path": format!("/log/call/{session}") }));
    pass(0.5).await;
    assert_eq!(
        host.bodies("/callLogger/match").len(),
        before + 1,
        "opening asks the matcher"
    );
    let body = host.widget.html()["body"].clone();
    assert!(body.contains("Two people have this number") && body.contains(">Save<"));
    assert!(!body.contains("Not to be seen"));
    host.widget.type_in_form("subject", "Quote");
    page(json!({ "title": "Log it" }));
    pass(0.5).await;
    assert_eq!(
        host.widget.form(),
        Some(json!({ "subject": "Quote" })),
        "a page without formData leaves what was typed"
    );
    let body = host.widget.html()["body"].clone();
    assert!(body.contains("Log it") && body.contains(r#"value="Quote""#));
    page(json!({ "formData": { "subject": "Other" } }));
    assert_eq!(host.widget.form(), Some(json!({ "subject": "Other" })));
    host.widget.press_form_button("more");
    pass(0.5).await;
    assert_eq!(
        host.last("/button-click"),
        json!({ "button": { "id": "more", "type": "button", "formData": { "subject": "Other" } } })
    );
    host.widget.press_form_save();
    pass(0.5).await;
    let saved = host.last("/callLogger");
    assert_eq!(saved["formData"], json!({ "subject": "Other" }));
    assert!(
        saved.get("note").is_none(),
        "a form without a note has none"
    );

    host.say(&json!({ "type": "rc-adapter-navigate-to", "path": "/history" }));
    host.say(&json!({ "type": "rc-adapter-navigate-to", "path": "goBack" }));
    let transcript = host.widget.transcript();
    let routes: Vec<&str> = transcript
        .told("rc-route-changed-notify")
        .map(|it| it["path"].as_str().unwrap())
        .collect();
    let log = format!("/log/call/{session}");
    assert_eq!(
        routes,
        ["/", "/dialer", &log, "/dialer", "/history", "/dialer"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_status_is_no_log_and_a_pending_one_takes_the_button_away() {
    let (_bed, host, session) = with(json!({})).await;
    host.answer("/callLogger/match", |body| {
        let session = body["sessionIds"][0].as_str().unwrap();
        let status = json!({ "type": "status", "status": "pending", "message": "Saving" });
        Some(json!({ "data": { session: [status] } }))
    });
    let again = json!({ "type": "rc-adapter-trigger-call-logger-match", "sessionIds": [session] });
    host.say(&again);
    pass(0.5).await;
    assert!(!host.widget.is_logged(&session));
    let listed = host.ask("/unlogged-calls", &json!({})).await.unwrap();
    assert_eq!(listed["calls"][0]["sessionId"], json!(session));
    host.widget.press_log(&session);
    pass(0.5).await;
    assert_eq!(triggers(&host), Vec::<String>::new());
    // For updates it counts as known, all the same.
    host.widget.record();
    pass(0.5).await;
    assert_eq!(triggers(&host), ["callLogSync"]);
}

#[tokio::test(start_paused = true)]
async fn the_edit_button_can_be_hidden() {
    let (_bed, host, session) = with(json!({ "callLoggerHideEditLogButton": true })).await;
    for _ in 0..2 {
        host.widget.press_log(&session);
        pass(0.5).await;
    }
    assert_eq!(triggers(&host), ["createLog"]);
}

#[tokio::test(start_paused = true)]
async fn a_recording_or_a_note_comes_later_to_what_is_logged() {
    let (bed, host) = settled("?enableSmartNote=1", &crm::past_calls()).await;
    let session = bed.platform.history()[1].session_id.clone();
    bed.platform.add_ai_note(&session, "They agreed.", None);
    pass(0.5).await;
    assert_eq!(
        triggers(&host),
        Vec::<String>::new(),
        "not logged: nothing follows"
    );
    host.widget.press_log(&session);
    pass(0.5).await;
    assert_eq!(host.last("/callLogger")["aiNote"], "They agreed.");
    bed.platform.record(&session);
    pass(0.5).await;
    bed.platform
        .add_ai_note(&session, "They agreed on Monday.", Some("Monday, then."));
    pass(0.5).await;
    assert_eq!(
        triggers(&host),
        ["createLog", "callLogSync", "callLogSync"],
        "auto log is off, but the call is logged"
    );
    let last = host.last("/callLogger");
    assert_eq!(last["aiNote"], "They agreed on Monday.");
    assert_eq!(last["transcript"], "Monday, then.");
    let answer = host
        .ask("/get-call-log", &json!({ "sessionId": session }))
        .await
        .unwrap();
    assert_eq!(answer["call"]["aiNote"], "They agreed on Monday.");
    assert!(answer["call"]["recording"]["link"].is_string());

    let (bed, host) = settled("", &crm::past_calls()).await;
    let session = bed.platform.history()[1].session_id.clone();
    host.widget.press_log(&session);
    pass(0.5).await;
    bed.platform.add_ai_note(&session, "They agreed.", None);
    pass(0.5).await;
    assert_eq!(triggers(&host), ["createLog"]);
    assert!(
        host.last("/callLogger").get("aiNote").is_none(),
        "notes come where they are enabled alone"
    );
}

#[tokio::test(start_paused = true)]
async fn a_locked_switch_keeps_the_value_of_its_first_registration() {
    let locked = json!({ "callLoggerAutoSettingReadOnly": true, "callLoggerAutoSettingReadOnlyValue": true,
        "contactsPath": null });
    let bed = Bed::new(true, &[]);
    let host = bed.load("");
    host.register(&everything_but(&locked));
    pass(3.0).await;
    assert!(host.widget.auto_log());
    host.widget.set_auto_log(false);
    assert!(host.widget.auto_log(), "the user cannot turn it");
    let chosen = bed.partition.stored().auto_log_calls;
    assert_eq!(chosen, None, "nor choose for later");
    let mut changed = locked.clone();
    changed["callLoggerAutoSettingReadOnlyValue"] = json!(false);
    host.register(&everything_but(&changed));
    assert!(host.widget.auto_log(), "a later value is not read");
    host.widget.sign_out();
    host.widget.sign_in();
    assert!(!host.widget.auto_log(), "until the next sign-in");
}

#[tokio::test(start_paused = true)]
async fn unlogged_calls_come_newest_first_by_pages_and_settled() {
    let (bed, host) = settled("", &crm::past_calls()).await;
    host.widget.ring(NUMBER, &RingOptions::default());
    host.widget.answer();
    host.widget.end();
    pass(6.0).await;
    let newest = bed.platform.history()[0].session_id.clone();
    let all = host
        .ask("/unlogged-calls", &json!({ "perPage": 100 }))
        .await
        .unwrap();
    let sessions = |it: &Value| -> Vec<String> {
        let calls = it["calls"].as_array().unwrap().iter();
        calls
            .map(|it| it["sessionId"].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(!sessions(&all).contains(&newest), "it ended just now");
    let starts: Vec<u64> = all["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["startTime"].as_u64().unwrap())
        .collect();
    assert!(starts.is_sorted_by(|a, b| a > b));
    assert_eq!(all["hasMore"], false);
    let mut paged = Vec::new();
    for page in 1..=3 {
        let some = host
            .ask("/unlogged-calls", &json!({ "perPage": 2, "page": page }))
            .await
            .unwrap();
        assert_eq!(some["hasMore"], page < 3);
        paged.extend(sessions(&some));
    }
    assert_eq!(paged, sessions(&all));
    pass(20.0).await;
    let all = host.ask("/unlogged-calls", &json!({})).await.unwrap();
    assert_eq!(sessions(&all)[0], newest);
    host.widget.sign_out();
    assert_eq!(
        host.ask("/unlogged-calls", &json!({})).await,
        Some(json!({ "calls": [], "hasMore": false }))
    );
}

#[tokio::test(start_paused = true)]
async fn the_answers_to_the_hosts_requests() {
    let (bed, host) = settled("", &crm::past_calls()).await;
    let known = bed.platform.history()[0].telephony_session_id.clone();
    let found = host
        .ask("/get-call-log", &json!({ "telephonySessionId": known }))
        .await;
    assert!(found.unwrap()["call"]["activityMatches"].is_array());
    assert_eq!(
        host.ask("/get-call-log", &json!({ "sessionId": "1" }))
            .await,
        Some(json!({ "call": null }))
    );
    assert!(
        host.ask("/get-call-log", &json!({}))
            .await
            .unwrap()
            .get("error")
            .is_some()
    );
    assert_eq!(
        host.ask("/nonsense", &Value::Null).await,
        Some(json!({ "data": "no matched path" }))
    );
    for path in [
        "/unlogged-calls",
        "/get-call-log",
        "/dismiss-alert-message",
        "/schedule-meeting",
    ] {
        assert_eq!(host.ask(path, &Value::Null).await, None, "{path}");
    }
    let meeting = host
        .ask("/schedule-meeting", &json!({ "topic": "Review" }))
        .await
        .unwrap();
    assert_eq!(meeting["meeting"]["topic"], "Review");

    let details =
        json!([{ "title": "Who", "items": [{ "id": "open", "type": "link", "text": "Open" }] }]);
    let alert = json!({ "message": "Not saved", "level": "danger", "ttl": 0, "details": details });
    let first = host.ask("/custom-alert-message", &alert).await.unwrap();
    host.ask(
        "/custom-alert-message",
        &json!({ "message": "Saved", "level": "success", "ttl": 2000 }),
    )
    .await;
    assert_eq!(host.widget.alerts(), ["Not saved", "Saved"]);
    assert_eq!(host.widget.shown_alerts()[0].details, details);
    host.widget.press_alert_link("open");
    pass(2.0).await;
    assert_eq!(
        host.last("/button-click"),
        json!({ "button": { "id": "open", "type": "linkInAlertDetail" } })
    );
    assert_eq!(host.widget.alerts(), ["Not saved"], "its time was over");
    host.ask("/dismiss-alert-message", &json!({ "id": first }))
        .await;
    assert_eq!(host.widget.alerts(), Vec::<String>::new());
}
