//! Texts, voicemails and faxes, and the log of their days. Time is paused.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test's helpers fail as loudly as the test itself"
)]

mod common;

use common::{Bed, Host, everything_but, pass, settled};
use serde_json::{Value, json};
use switchboard_demo::{ButtonKind, Direction, Facts, MessageKind, PastMessage, Reached};

const ADA: &str = "+14155550142";
const OTHER: &str = "+13035550110";

fn past(kind: MessageKind, number: &str, text: &str, minutes_ago: u64) -> PastMessage {
    PastMessage {
        kind,
        direction: Direction::Inbound,
        number: number.to_owned(),
        name: "WIRELESS CALLER".to_owned(),
        text: text.to_owned(),
        minutes_ago,
    }
}

/// `trigger redirect`, or `trigger -`, of the message logs, in order.
fn story(host: &Host) -> Vec<String> {
    let bodies = host.bodies("/messageLogger").into_iter();
    bodies
        .map(|it| {
            let redirect = it.get("redirect").map_or("-".to_owned(), Value::to_string);
            format!("{} {redirect}", it["triggerType"].as_str().unwrap())
        })
        .collect()
}

fn conversations(host: &Host) -> Vec<String> {
    let bodies = host.bodies("/messageLogger").into_iter();
    let ids = bodies.map(|it| {
        it["conversation"]["conversationId"]
            .as_str()
            .unwrap()
            .to_owned()
    });
    ids.collect()
}

fn told(host: &Host, kind: &str) -> usize {
    host.widget.transcript().told(kind).count()
}

#[tokio::test(start_paused = true)]
async fn a_log_by_hand_is_a_request_per_day_and_the_newest_alone_redirects() {
    let (bed, host) = settled("", &[]).await;
    for (text, minutes_ago) in [("old", 3000), ("older", 4500), ("first", 5)] {
        bed.platform
            .add_past_message(&past(MessageKind::Sms, ADA, text, minutes_ago));
    }
    let conversation = host.widget.receive_sms(ADA, "second");
    let other = host.widget.receive_sms(OTHER, "hello");
    pass(1.0).await;
    assert_eq!(story(&host), Vec::<String>::new());
    assert_eq!(host.widget.conversations(), [other, conversation.clone()]);
    assert_eq!(host.widget.log_ids_of(&conversation).len(), 3);
    host.answer("/messageLogger", |_| None);
    host.widget.press_log_conversation(&conversation);
    pass(1.0).await;
    assert_eq!(
        story(&host),
        ["manual true", "manual false", "manual false"],
        "side by side: none waits for the other"
    );
    let bodies = host.bodies("/messageLogger");
    let texts = |body: &Value| -> Vec<Value> {
        let messages = body["conversation"]["messages"].as_array().unwrap().iter();
        messages.map(|it| it["subject"].clone()).collect()
    };
    assert_eq!(
        texts(&bodies[0]),
        ["second", "first"],
        "the whole day, newest first"
    );
    assert_eq!(bodies[0]["prefill"], true);
    assert_eq!(bodies[0]["correspondentEntity"]["id"], "101");
    let message = &bodies[0]["conversation"]["messages"][0];
    assert!(message["id"].is_u64() && message["conversationId"].is_string());
    assert!(message["attachments"][0].get("link").is_none());
    let matches = host.bodies("/messageLogger/match").len();
    pass(20.0).await;
    assert_eq!(
        host.bodies("/messageLogger/match").len(),
        matches,
        "no match after a log that failed"
    );
}

#[tokio::test(start_paused = true)]
async fn by_themselves_only_todays_groups_go_out_and_later_only_what_changed() {
    let (bed, host) = settled("", &[]).await;
    bed.platform
        .add_past_message(&past(MessageKind::Sms, OTHER, "yesterday", 1500));
    let fax = bed.platform.receive_fax(OTHER, 2);
    pass(1.0).await;
    host.say(&json!({ "type": "rc-adapter-update-auto-log-settings", "message": true }));
    pass(1.0).await;
    assert_eq!(
        story(&host),
        Vec::<String>::new(),
        "the switch alone sends nothing"
    );
    let ada = host.widget.receive_sms(ADA, "one");
    pass(0.2).await;
    assert_eq!(story(&host), Vec::<String>::new(), "0.3 seconds are waited");
    pass(0.3).await;
    assert_eq!(story(&host), ["auto -", "auto -"]);
    assert_eq!(conversations(&host), [ada.clone(), fax]);
    let bodies = host.bodies("/messageLogger");
    assert_eq!(bodies[0]["correspondentEntity"]["id"], "101");
    assert_eq!(bodies[0]["selfEntity"]["entityType"], "rcContact");
    host.widget.receive_sms(ADA, "two");
    pass(1.0).await;
    assert_eq!(conversations(&host)[2], ada);
    assert_eq!(conversations(&host).len(), 3);
    let update = host.last("/messageLogger");
    assert_eq!(
        (&update["correspondentEntity"], &update["selfEntity"]),
        (&Value::Null, &Value::Null),
        "it is logged already"
    );
    assert_eq!(
        update["conversation"]["conversationLogMatches"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // With the switch off, what is logged stays up to date; what is not is left alone.
    host.widget.set_auto_log_messages(false);
    host.widget.receive_sms(OTHER, "new");
    host.widget.receive_sms(ADA, "three");
    pass(1.0).await;
    assert_eq!(conversations(&host)[3..], [ada]);
    assert_eq!(told(&host, "rc-messageLogger-auto-log-notify"), 3);
}

#[tokio::test(start_paused = true)]
async fn every_load_sends_all_of_today_again() {
    let (bed, host) = settled("?defaultAutoLogMessageEnabled=1", &[]).await;
    host.widget.receive_sms(ADA, "one");
    pass(1.0).await;
    host.widget.receive_sms(OTHER, "two");
    pass(1.0).await;
    assert_eq!(story(&host).len(), 2);
    host.widget.close();
    let again = bed.load("?defaultAutoLogMessageEnabled=1");
    again.register_everything();
    pass(3.0).await;
    assert_eq!(story(&again), ["auto -", "auto -"]);
    assert_eq!(
        told(&again, "rc-message-updated-notify"),
        0,
        "another load of the partition told of them"
    );
}

#[tokio::test(start_paused = true)]
async fn a_service_that_comes_after_the_sign_in_gets_today_as_well() {
    let bed = Bed::new(true, &[]);
    bed.platform.receive_sms(ADA, "one");
    let host = bed.load("?defaultAutoLogMessageEnabled=1");
    pass(3.0).await;
    host.register_everything();
    pass(3.0).await;
    assert_eq!(story(&host), ["auto -"]);
}

#[tokio::test(start_paused = true)]
async fn of_two_tabs_one_logs() {
    let bed = Bed::new(true, &[]);
    let query = "?defaultAutoLogMessageEnabled=1";
    let (first, second) = (bed.load(query), bed.load(query));
    first.register_everything();
    second.register_everything();
    pass(3.0).await;
    bed.platform.receive_sms(ADA, "one");
    pass(1.0).await;
    assert_eq!((story(&first).len(), story(&second).len()), (0, 1));
    let inbound = |host: &Host| told(host, "rc-inbound-message-notify");
    assert_eq!(inbound(&first) + inbound(&second), 1, "told once");
}

#[tokio::test(start_paused = true)]
async fn ten_at_a_time() {
    let (bed, host) = settled("?defaultAutoLogMessageEnabled=1", &[]).await;
    host.answer("/messageLogger", |_| None);
    for number in 0..12 {
        bed.platform
            .receive_sms(&format!("+1303555{:04}", 110 + number), "hello");
    }
    pass(1.0).await;
    assert_eq!(story(&host).len(), 10);
    pass(15.0).await;
    assert_eq!(story(&host).len(), 12);
}

#[tokio::test(start_paused = true)]
async fn all_stale_days_are_asked_at_once_after_thirty_seconds() {
    let (_bed, host) = settled("", &[]).await;
    let before = host.bodies("/messageLogger/match").len();
    host.widget.receive_sms(ADA, "one");
    host.widget.receive_sms(OTHER, "two");
    pass(1.0).await;
    host.say(&json!({ "type": "rc-adapter-trigger-contact-match", "phoneNumbers": [OTHER, "+19995550100"] }));
    pass(0.5).await;
    assert_eq!(
        host.last("/contacts/match")["phoneNumbers"],
        json!([OTHER]),
        "who wrote is known, nobody else"
    );
    host.widget.receive_sms(ADA, "three");
    pass(1.0).await;
    let asked = host.bodies("/messageLogger/match");
    let ids = |it: &Value| it["conversationLogIds"].as_array().unwrap().len();
    let sizes: Vec<usize> = asked[before..].iter().map(ids).collect();
    assert_eq!(sizes.iter().sum::<usize>(), 2, "each once: {sizes:?}");
    pass(31.0).await;
    host.widget.receive_sms(ADA, "four");
    pass(1.0).await;
    let later = host.bodies("/messageLogger/match");
    let sizes: Vec<usize> = later[asked.len()..].iter().map(ids).collect();
    assert_eq!(sizes, [2], "both at once");
}

#[tokio::test(start_paused = true)]
async fn a_days_name_follows_the_language_and_the_time_zone() {
    for (language, offset) in [
        ("en-US", 0),
        ("en-GB", 0),
        ("de-DE", 0),
        ("ja-JP", 0),
        ("fr-CA", 0),
        ("tlh", 0),
        ("en-GB", 14 * 60),
        ("en-GB", -12 * 60),
    ] {
        let bed = Bed::new(true, &[]);
        let host = bed.load_with(Facts {
            language: language.to_owned(),
            utc_offset: offset,
            ..Facts::default()
        });
        host.register_everything();
        pass(3.0).await;
        let conversation = host.widget.receive_sms(ADA, "one");
        host.widget.press_log_conversation(&conversation);
        pass(1.0).await;
        let group = host.last("/messageLogger")["conversation"].clone();
        let date = group["date"].as_str().unwrap();
        assert_eq!(
            group["conversationLogId"],
            format!("{conversation}/{date}"),
            "{language}"
        );
        let separator = match language {
            "de-DE" => '.',
            "fr-CA" => '-',
            _ => '/',
        };
        let parts: Vec<usize> = date
            .split(separator)
            .map(|it| it.parse().unwrap())
            .collect();
        let local = group["creationTime"].as_i64().unwrap() + i64::from(offset) * 60_000;
        let day_first = local / 86_400_000;
        let year_at = if matches!(language, "ja-JP" | "fr-CA") {
            0
        } else {
            2
        };
        assert!(parts[year_at] >= 2024, "{language}: {date}");
        let day_at = match language {
            "en-US" | "tlh" => 1,
            "ja-JP" | "fr-CA" => 2,
            _ => 0,
        };
        assert_eq!(parts[day_at], day_of_month(day_first), "{language}: {date}");
    }
}

/// The day of the month of a day since the epoch, counted through the years.
fn day_of_month(mut days: i64) -> usize {
    let mut year = 1970;
    loop {
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let february = if leap { 29 } else { 28 };
        for month in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
            if days < month {
                return usize::try_from(days).unwrap() + 1;
            }
            days -= month;
        }
        year += 1;
    }
}

#[tokio::test(start_paused = true)]
async fn voicemails_and_faxes_have_links_and_the_token_where_it_was_asked_for() {
    for with_token in [false, true] {
        let bed = Bed::new(true, &[]);
        let host = bed.load("");
        host.register_everything();
        let keys = json!({ "attachmentWithToken": with_token, "contactsPath": null });
        host.register(&everything_but(&keys));
        pass(3.0).await;
        let voicemail = host.widget.leave_voicemail(ADA, 14, "Please call.");
        let fax = host.widget.receive_fax(OTHER, 3);
        let text = bed
            .platform
            .receive_mms(ADA, "look", &[("ada.vcf", "text/vcard")]);
        pass(1.0).await;
        for id in [&voicemail, &fax, &text] {
            host.widget.press_log_conversation(id);
            pass(1.0).await;
        }
        let logged: Vec<Value> = host
            .bodies("/messageLogger")
            .into_iter()
            .map(|it| it["conversation"].clone())
            .collect();
        let [spoken, faxed, written] = [&logged[0], &logged[1], &logged[2]];
        assert_eq!(spoken["type"], "VoiceMail");
        assert_eq!(spoken["messages"][0]["transcript"], "Please call.");
        assert_eq!(
            spoken["conversationId"].as_str().unwrap(),
            spoken["messages"][0]["id"].to_string(),
            "a voicemail is a conversation by itself"
        );
        assert_eq!(faxed["messages"][0]["transcript"], Value::Null);
        for group in [spoken, faxed] {
            let attachment = &group["messages"][0]["attachments"][0];
            assert!(attachment["link"].as_str().unwrap().contains("?media="));
            let uri = attachment["uri"].as_str().unwrap();
            assert_eq!(uri.contains("access_token="), with_token, "{uri}");
        }
        assert!(!written["messages"][0].to_string().contains("access_token"));

        let message = written["messages"][0]["id"].as_u64().unwrap();
        assert!(host.widget.press_vcard(message));
        pass(0.5).await;
        let uri = host.last("/vcard")["vcardUri"].as_str().unwrap().to_owned();
        assert!(uri.contains("access_token="));
    }
}

#[tokio::test(start_paused = true)]
async fn raw_records_are_told_of_while_they_are_fresh() {
    let bed = Bed::new(true, &[]);
    bed.platform
        .add_past_message(&past(MessageKind::Sms, ADA, "fresh", 20));
    bed.platform
        .add_past_message(&past(MessageKind::Sms, OTHER, "stale", 40));
    let host = bed.load("");
    pass(3.0).await;
    let subjects = |kind: &str| -> Vec<String> {
        let transcript = host.widget.transcript();
        let told = transcript.told(kind);
        told.map(|it| it["message"]["subject"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(subjects("rc-message-updated-notify"), ["fresh"]);
    assert_eq!(subjects("rc-inbound-message-notify"), ["fresh"]);
    let conversation = host.widget.receive_sms(ADA, "new");
    let transcript = host.widget.transcript();
    let raw = transcript.told("rc-inbound-message-notify").last().unwrap();
    assert!(raw["message"]["creationTime"].is_string());
    assert_eq!(raw["message"]["conversation"]["id"], json!(conversation));
    host.widget.open_conversation(&conversation);
    assert_eq!(subjects("rc-inbound-message-notify"), ["fresh", "new"]);
    assert_eq!(
        subjects("rc-message-updated-notify"),
        ["fresh", "new", "fresh", "new"],
        "they were read"
    );
}

#[tokio::test(start_paused = true)]
async fn a_pick_is_logged_with_the_switch_on_alone_and_opens_nothing() {
    let (_bed, host) = settled("", &[]).await;
    host.answer("/contacts/match", |_| {
        let mut other = common::ada();
        other["id"] = json!("102");
        Some(json!({ "data": { ADA: [common::ada(), other] } }))
    });
    let conversation = host.widget.receive_sms(ADA, "one");
    pass(1.0).await;
    host.widget.press_log_conversation(&conversation);
    pass(1.0).await;
    assert_eq!(
        host.last("/messageLogger")["correspondentEntity"],
        Value::Null
    );
    host.widget.pick_correspondent(&conversation, "102");
    pass(1.0).await;
    assert_eq!(story(&host).len(), 1);
    host.widget.set_auto_log_messages(true);
    host.widget.pick_correspondent(&conversation, "102");
    pass(1.0).await;
    let body = host.last("/messageLogger");
    assert_eq!(story(&host)[1], "manual false");
    assert_eq!(body["prefill"], false);
    assert_eq!(body["correspondentEntity"]["id"], "102");
}

#[tokio::test(start_paused = true)]
async fn the_log_page_has_save_where_it_was_asked_for() {
    let (bed, host) = settled("", &[]).await;
    bed.platform
        .add_past_message(&past(MessageKind::Sms, ADA, "old", 3000));
    let conversation = host.widget.receive_sms(ADA, "one");
    pass(1.0).await;
    let schema = json!({ "type": "object", "properties": { "note": { "type": "string", "title": "Note" } } });
    host.say(
        &json!({ "type": "rc-adapter-update-messages-log-page", "page": { "title": "Log", "schema": schema,
        "formData": { "note": "" } } }),
    );
    let path = format!("/log/messages/{conversation}");
    host.say(&json!({ "type": "rc-adapter-navigate-to", "path": path }));
    assert!(!host.widget.html()["body"].contains("form-save"));
    host.widget.press_form_save();
    pass(1.0).await;
    assert_eq!(story(&host), Vec::<String>::new());
    host.widget.type_in_form("note", "typed");
    pass(1.0).await;
    let changed = host.last("/messageLogger/inputChanged");
    assert_eq!(changed["keys"], json!(["note"]));
    assert_eq!(changed["page"]["title"], "Log");
    let days = changed["conversation"].as_object().unwrap();
    assert_eq!(days.len(), 2, "every day, by its date");
    assert!(
        days.iter()
            .all(|(date, group)| group["date"] == json!(date))
    );
    host.say(&json!({ "type": "rc-adapter-update-messages-log-page",
        "page": { "uiSchema": { "submitButtonOptions": { "submitText": "Keep" } } } }));
    assert!(host.widget.html()["body"].contains(">Keep<"));
    host.widget.press_form_save();
    pass(1.0).await;
    assert_eq!(story(&host), ["logForm true", "logForm false"]);
    assert_eq!(
        host.last("/messageLogger")["formData"],
        json!({ "note": "typed" })
    );
    assert!(host.widget.is_conversation_logged(&conversation));
}

#[tokio::test(start_paused = true)]
async fn do_not_contact_is_asked_about_texts_with_all_recipients() {
    let (_bed, host) = settled("", &[]).await;
    assert_eq!(
        host.widget.send_sms(&[ADA, OTHER], "hi").await,
        Reached::Went
    );
    assert_eq!(
        host.last("/doNotContact"),
        json!({ "recipients": [{ "phoneNumber": ADA }, { "phoneNumber": OTHER }], "actionType": "sms" })
    );
    host.widget.send_sms_to("101", ADA, "hi").await;
    assert_eq!(
        host.last("/doNotContact")["recipients"],
        json!([{ "phoneNumber": ADA, "phoneType": "mobile", "contactId": "101", "name": "Ada Whitfield",
            "contactType": "Meadow", "entityType": "Meadow" }])
    );
    let sent = host.widget.platform().messages().len();
    for (mode, reached) in [("restrict", Reached::Refused), ("warn", Reached::Asked)] {
        host.answer("/doNotContact", move |_| {
            Some(json!({ "data": { "result": true, "message": "Asked not to be", "mode": mode } }))
        });
        assert_eq!(host.widget.send_sms(&[ADA], "hi").await, reached);
        assert_eq!(host.widget.platform().messages().len(), sent);
    }
    assert_eq!(host.widget.alerts(), ["Asked not to be"]);
    assert_eq!(host.widget.question().as_deref(), Some("Asked not to be"));
    host.widget.press_confirm(true);
    assert_eq!(host.widget.platform().messages().len(), sent + 1);
    host.answer("/doNotContact", |_| None);
    assert_eq!(host.widget.send_sms(&[ADA], "hi").await, Reached::Went);
}

#[tokio::test(start_paused = true)]
async fn calls_are_asked_about_with_what_was_picked() {
    let (_bed, host) = settled("", &[]).await;
    host.answer("/doNotContact", |_| {
        Some(json!({ "data": { "result": true, "message": "Better not" } }))
    });
    assert_eq!(host.widget.dial(ADA).await, Reached::Asked);
    assert_eq!(
        host.last("/doNotContact"),
        json!({ "phoneNumber": ADA, "actionType": "call" })
    );
    host.widget.press_confirm(false);
    assert!(host.widget.platform().live().is_empty());
    assert_eq!(host.widget.dial_contact("101", ADA).await, Reached::Asked);
    assert_eq!(
        host.last("/doNotContact"),
        json!({ "phoneNumber": ADA, "phoneType": "mobile", "contactId": "101", "name": "Ada Whitfield",
            "contactType": "Meadow", "entityType": "Meadow", "actionType": "call" })
    );
    host.widget.press_confirm(true);
    assert_eq!(host.widget.platform().live().len(), 1);
    assert_eq!(host.widget.dial(ADA).await, Reached::Impossible);
}

#[tokio::test(start_paused = true)]
async fn the_order_to_write_opens_what_was_wanted() {
    let (_bed, host) = settled("", &[]).await;
    let conversation = host.widget.receive_sms(ADA, "one");
    let write = |conversation: bool| {
        host.say(
            &json!({ "type": "rc-adapter-new-sms", "phoneNumber": ADA, "text": "Hello",
            "conversation": conversation, "attachments": [
                { "name": "a.txt", "content": "data:text/plain;base64,QQ==" },
                { "name": "a.png", "content": "data:image/png;base64,QQ==" }] }),
        );
        host.widget.route()
    };
    assert_eq!(write(false), "/composeText");
    assert_eq!(write(true), format!("/conversations/{conversation}"));
    assert!(host.widget.html()["body"].contains("Hello"));
    host.say(&json!({ "type": "rc-adapter-auto-populate-conversation", "text": "Good day" }));
    assert!(host.widget.html()["body"].contains("Good day"));
    assert_eq!(
        host.widget.warnings(),
        vec!["the attachment a.txt was dropped"; 2]
    );
    pass(1.0).await;
    assert_eq!(host.last("/contacts/search")["searchString"], ADA);
    let buttons = json!([
        { "id": "template", "type": "smsToolbar", "label": "Template", "icon": "https://crm.example/t.svg" },
        { "id": "task", "type": "messageAction", "label": "Task", "icon": "edit" },
        { "id": "broken", "type": "messageAction", "label": "No icon" },
    ]);
    host.register(&everything_but(
        &json!({ "contactsPath": null, "buttons": buttons }),
    ));
    assert!(
        host.widget
            .press_button(ButtonKind::SmsToolbar, "template", "")
    );
    pass(0.5).await;
    assert_eq!(
        host.last("/button-click"),
        json!({ "button": { "id": "template", "type": "smsToolbar", "label": "Template" } })
    );
    assert!(
        host.widget
            .press_button(ButtonKind::MessageAction, "task", &conversation)
    );
    pass(0.5).await;
    assert_eq!(
        host.last("/button-click")["resource"]["conversationId"],
        json!(conversation)
    );
    assert!(
        !host
            .widget
            .press_button(ButtonKind::MessageAction, "broken", &conversation)
    );
    assert_eq!(
        host.widget.warnings().last().unwrap(),
        "the button broken was dropped"
    );
}
