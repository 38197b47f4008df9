//! `window.RCAdapter` for a page's own scripts: every documented method, and what a page must not do with it.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use common::{SITE, World};
use serde_json::{Value, json};
use switchboard::agent::PageCommand;
use switchboard::page_api::{First, Wanted, panel_command, shown_by, wanted};
use switchboard::protocol::runtime::{
    AgentHello, FromBackground, OfferPageApi, PageCalls, PageFacts, PageReply, Refusal, SaveSite,
    SiteViewOf, SiteWish,
};
use switchboard::protocol::stored::{Adapter, FrameSession, TabReport};
use switchboard::roles::Role;
use switchboard::scope::WINDOW;
use switchboard::service::memory::WINDOW_TAB;
use switchboard::service::ports::Store as _;

const NEEDS_USER: &str = "it works only right after the user did something in the page";

/// A method, its arguments, and the message it becomes.
fn messages() -> Vec<(&'static str, Value, Value)> {
    vec![
        (
            "clickToCall",
            json!(["020 7946 0018"]),
            json!({ "type": "rc-adapter-new-call", "phoneNumber": "020 7946 0018", "toCall": false }),
        ),
        (
            "clickToCall",
            json!([16_505_550_100_i64, true, { "callbackUri": "https://x.example/" }]),
            json!({ "type": "rc-adapter-new-call", "phoneNumber": "16505550100", "toCall": true }),
        ),
        (
            "clickToSMS",
            json!(["+16505550100"]),
            json!({ "type": "rc-adapter-new-sms", "phoneNumber": "+16505550100" }),
        ),
        (
            "clickToSMS",
            json!([
                "+16505550100", "Hello", true,
                [{ "name": "a.png", "content": "data:image/png;base64,AA==", "more": 1 }],
                { "name": "Ada", "more": 1 },
            ]),
            json!({
                "type": "rc-adapter-new-sms", "phoneNumber": "+16505550100", "text": "Hello",
                "conversation": true,
                "attachments": [{ "name": "a.png", "content": "data:image/png;base64,AA==" }],
                "recipient": { "name": "Ada" },
            }),
        ),
        (
            "controlCall",
            json!(["hangup"]),
            json!({ "type": "rc-adapter-control-call", "callAction": "hangup" }),
        ),
        (
            "controlCall",
            json!(["transfer", "c-1", { "transferNumber": "+16505550101", "type": "x" }]),
            json!({
                "type": "rc-adapter-control-call", "callAction": "transfer", "callId": "c-1",
                "options": { "transferNumber": "+16505550101" },
            }),
        ),
        (
            "controlCall",
            json!(["dtmf", "c-1", { "dtmf": "*2#" }]),
            json!({
                "type": "rc-adapter-control-call", "callAction": "dtmf", "callId": "c-1",
                "options": { "dtmf": "*2#" },
            }),
        ),
        (
            "navigateTo",
            json!(["/history"]),
            json!({ "type": "rc-adapter-navigate-to", "path": "/history" }),
        ),
        (
            "logoutUser",
            json!([]),
            json!({ "type": "rc-adapter-logout" }),
        ),
        (
            "setEnvironment",
            json!([]),
            json!({ "type": "rc-adapter-set-environment" }),
        ),
        (
            "updateCallingSetting",
            json!([{ "callWith": "softphone", "callbackUri": "https://x.example/", "type": "x" }]),
            json!({ "type": "rc-calling-settings-update", "callWith": "softphone" }),
        ),
        (
            "updateSmsSetting",
            json!([{ "senderNumber": "+16505550100" }]),
            json!({ "type": "rc-sms-settings-update", "senderNumber": "+16505550100" }),
        ),
        (
            "updateRingtone",
            json!([{ "name": "Bell", "uri": "https://x.example/bell.mp3", "volume": 0.5 }]),
            json!({
                "type": "rc-adapter-update-ringtone", "name": "Bell",
                "uri": "https://x.example/bell.mp3", "volume": 0.5,
            }),
        ),
        (
            "setAutoLog",
            json!([{ "call": false }]),
            json!({ "type": "rc-adapter-update-auto-log-settings", "call": false }),
        ),
        (
            "setPhoneNumberFormat",
            json!([{ "formatType": "national", "readOnly": true }]),
            json!({
                "type": "rc-adapter-set-phone-number-format", "formatType": "national",
                "readOnly": true,
            }),
        ),
    ]
}

/// A method, its arguments, and the path and body of the request it becomes.
fn requests() -> Vec<(&'static str, Value, &'static str, Value)> {
    let details = json!([{ "title": "See", "items": [
        { "id": "1", "type": "link", "text": "here", "href": "https://x.example/" },
    ] }]);
    vec![
        (
            "getUnloggedCalls",
            json!([]),
            "/unlogged-calls",
            json!({ "perPage": 20, "page": 1 }),
        ),
        (
            "getUnloggedCalls",
            json!([9_999, 3]),
            "/unlogged-calls",
            json!({ "perPage": 100, "page": 3 }),
        ),
        (
            "getCallLog",
            json!([{ "sessionId": "77" }]),
            "/get-call-log",
            json!({ "sessionId": "77" }),
        ),
        (
            "alertMessage",
            json!([{ "message": "Saved", "level": "success", "ttl": 0, "details": details }]),
            "/custom-alert-message",
            json!({ "message": "Saved", "level": "success", "ttl": 0, "details": details }),
        ),
        (
            "dismissMessage",
            json!(["a-1"]),
            "/dismiss-alert-message",
            json!({ "id": "a-1" }),
        ),
        (
            "dismissMessage",
            json!([]),
            "/dismiss-alert-message",
            json!({}),
        ),
        (
            "createSMSTemplate",
            json!(["Thanks", "Thank you"]),
            "/create-sms-template",
            json!({ "displayName": "Thanks", "text": "Thank you" }),
        ),
        (
            "scheduleMeeting",
            json!([{ "topic": "Review" }]),
            "/schedule-meeting",
            json!({ "topic": "Review" }),
        ),
        (
            "refreshLoginSession",
            json!([true]),
            "/refresh-login-session",
            json!({ "force": true }),
        ),
    ]
}

#[test]
fn each_method_says_to_the_widget_what_is_documented() {
    for (method, arguments, expected) in messages() {
        let message = match wanted(method, &arguments.to_string(), true).expect(method) {
            Wanted::Post(message) | Wanted::Number(message) => message,
            other => json!(format!("{other:?}")),
        };
        assert_eq!(message, expected, "{method}");
    }
    for (method, arguments, path, body) in requests() {
        let expected = Ok(Wanted::Ask { path, body });
        assert_eq!(
            wanted(method, &arguments.to_string(), true),
            expected,
            "{method}"
        );
    }
    assert_eq!(
        wanted("isWindowPoppedUp", "[]", false),
        Ok(Wanted::IsWindowOpen)
    );
}

#[test]
fn what_opens_a_line_or_sends_something_needs_the_users_hand() {
    let arguments: Vec<(&str, Value)> = messages()
        .into_iter()
        .map(|(method, arguments, _)| (method, arguments))
        .chain(requests().into_iter().map(|it| (it.0, it.1)))
        .collect();
    for (method, arguments) in arguments {
        let needs = match method {
            "clickToCall" | "clickToSMS" | "scheduleMeeting" | "setAutoLog" => true,
            "controlCall" => arguments[0] != "hangup",
            _ => false,
        };
        let refused = wanted(method, &arguments.to_string(), false);
        assert_eq!(refused == Err(NEEDS_USER.to_owned()), needs, "{method}");
        assert_eq!(refused.is_err(), needs, "{method}");
    }
    for (action, needs) in [
        ("answer", true),
        ("reject", false),
        ("hold", false),
        ("unhold", true),
        ("mute", false),
        ("unmute", true),
        ("toVoicemail", true),
        ("startRecord", true),
        ("stopRecord", false),
        ("toggleRingingDialog", false),
    ] {
        let arguments = json!([action, "c-1"]).to_string();
        assert_eq!(
            wanted("controlCall", &arguments, false).is_err(),
            needs,
            "{action}"
        );
        wanted("controlCall", &arguments, true).expect(action);
    }
}

#[test]
fn what_a_page_must_not_say_is_refused_with_a_reason() {
    let long = "1".repeat(65);
    for (method, arguments, why) in [
        ("clickToCall", json!([]), "it takes a number"),
        ("clickToCall", json!([{ "a": 1 }]), "it takes a number"),
        ("clickToCall", json!([long]), "it takes a number"),
        (
            "clickToCall",
            json!(["+1650", "yes"]),
            "toCall is true or false",
        ),
        (
            "clickToSMS",
            json!(["+1650", 5]),
            "the text is not what it should be",
        ),
        (
            "clickToSMS",
            json!(["+1650", "", false, [{ "name": "a", "content": "https://x.example/a.png" }]]),
            "attachments are a list of { name, content } with data URIs",
        ),
        ("controlCall", json!(["explode"]), "there is no such action"),
        (
            "controlCall",
            json!(["transfer", "c-1"]),
            "it takes a number",
        ),
        (
            "navigateTo",
            json!(["javascript:1"]),
            "it takes a path that begins with a slash, or goBack",
        ),
        (
            "updateCallingSetting",
            json!([{ "callWith": "string and cans" }]),
            "callWith is not what it should be",
        ),
        (
            "setAutoLog",
            json!([]),
            "it takes an object with call, message",
        ),
        (
            "updateRingtone",
            json!([{ "uri": "javascript:1" }]),
            "uri is not what it should be",
        ),
        (
            "alertMessage",
            json!([{ "level": "info" }]),
            "it takes an object with a message",
        ),
        (
            "alertMessage",
            json!([{ "message": "m", "details": [{ "items": [{ "href": "javascript:1" }] }] }]),
            "details is not what it should be",
        ),
        ("createSMSTemplate", json!(["name"]), "it takes a text"),
        ("scheduleMeeting", json!(["today"]), "it takes an object"),
        (
            "showFeedback",
            json!([]),
            "feedback is not taken through this page",
        ),
        ("constructor", json!([]), "there is no such method"),
        ("navigateTo", json!({}), "its arguments cannot be read"),
    ] {
        let refused = wanted(method, &arguments.to_string(), true);
        assert_eq!(refused, Err(why.to_owned()), "{method} {arguments}");
    }
    wanted("clickToCall", "", true).expect_err("no arguments at all");
}

#[test]
fn the_panels_own_methods_stay_in_the_page() {
    let none = First::default();
    let flag = |on| First {
        flag: Some(on),
        ..none
    };
    let size = |width, height| First {
        width: Some(width),
        height: Some(height),
        ..none
    };
    for (method, first, gesture, expected) in [
        (
            "setMinimized",
            flag(true),
            false,
            Ok(PageCommand::SetMinimised(true)),
        ),
        ("setMinimized", none, false, Err("it takes true or false")),
        (
            "toggleMinimized",
            none,
            false,
            Ok(PageCommand::ToggleMinimised),
        ),
        (
            "setClosed",
            flag(false),
            false,
            Ok(PageCommand::SetClosed(false)),
        ),
        ("toggleClosed", none, false, Ok(PageCommand::ToggleClosed)),
        (
            "setSize",
            size(300.4, 500.0),
            false,
            Ok(PageCommand::SetSize {
                width: 300,
                height: 500,
            }),
        ),
        (
            "setSize",
            size(f64::NAN, 500.0),
            false,
            Err("it takes { width, height } in pixels"),
        ),
        (
            "setSize",
            size(-1.0, 1e300),
            false,
            Err("it takes { width, height } in pixels"),
        ),
        ("dispose", none, false, Ok(PageCommand::Dispose)),
        ("popupWindow", none, true, Ok(PageCommand::PopUp)),
        ("popupWindow", none, false, Err(NEEDS_USER)),
    ] {
        assert_eq!(
            panel_command(method, first, gesture),
            Some(expected),
            "{method}"
        );
    }
    for (method, ..) in messages() {
        assert_eq!(panel_command(method, none, true), None, "{method}");
    }
}

#[test]
fn the_phone_is_shown_when_a_number_is_dialled() {
    let shown = [
        PageCommand::SetClosed(false),
        PageCommand::SetMinimised(false),
    ];
    for (method, adapter, expected) in [
        ("clickToCall", Adapter::Isolated, &shown[..]),
        ("clickToSMS", Adapter::Isolated, &shown[..]),
        ("clickToCall", Adapter::Window, &[PageCommand::PopUp]),
        ("navigateTo", Adapter::Isolated, &[]),
    ] {
        assert_eq!(shown_by(method, adapter), expected, "{method}");
    }
}

/// A world whose site trusts its pages; a frame page of it stands in tab 1.
fn world() -> World {
    let world = World::with_site_on();
    trust(&world, true);
    world.admit_frame(5);
    world.agent(AgentHello {
        page: PageFacts::default(),
        fresh: true,
    });
    world.widget_takes_numbers();
    world.service.browser.posted.borrow_mut().clear();
    world
}

fn trust(world: &World, on: bool) {
    let settings = world.settings();
    let own = &settings.sites[SITE];
    let wish = SiteWish {
        region: "GB".to_owned(),
        adapter: own.adapter,
        read_contacts: own.read_contacts,
        mark_numbers: own.mark_numbers,
        widget_options: own.widget_options.clone(),
        page_api: on,
    };
    let view = SiteViewOf {
        url: SITE.to_owned(),
        tab: None,
        language: "en-GB".to_owned(),
    };
    world.popup(SaveSite { view, wish });
}

fn calls(method: &str, arguments: &Value, gesture: bool) -> PageCalls {
    PageCalls {
        call: 7,
        method: method.to_owned(),
        arguments: arguments.to_string(),
        gesture,
    }
}

fn posted(world: &World) -> Vec<(i32, i64, Vec<Value>)> {
    world.service.browser.posted.take()
}

fn told(world: &World) -> Vec<(u32, String)> {
    let answers = world.service.browser.told.take().into_iter();
    let answers = answers.filter_map(|it| match it {
        FromBackground::PageAnswer { call, answer } => Some((call, answer)),
        _ => None,
    });
    answers.collect()
}

#[test]
fn a_page_is_offered_it_only_where_the_user_trusts_the_site() {
    let world = World::with_site_on();
    let role = || Role::Agent {
        tab: 1,
        site: SITE.to_owned(),
        url: SITE.to_owned(),
    };
    let call = calls("navigateTo", &json!(["/history"]), true);
    world.admit_frame(5);
    assert_eq!(
        world.try_ask(role(), OfferPageApi {}),
        Err(Refusal::NotAllowed)
    );
    assert_eq!(
        world.try_ask(role(), call.clone()),
        Err(Refusal::NotAllowed)
    );
    trust(&world, true);
    assert!(world.agent(OfferPageApi {}));
    assert!(world.done().contains(&"page api in 1".to_owned()));
    assert_eq!(world.agent(call), PageReply::Done);
}

#[test]
fn a_number_is_dialled_as_the_site_writes_it_and_only_by_the_users_hand() {
    let world = world();
    let call = |gesture| calls("clickToCall", &json!(["020 7946 0018", true]), gesture);
    assert_eq!(
        world.agent(call(false)),
        PageReply::Refused(NEEDS_USER.to_owned())
    );
    assert_eq!(posted(&world), []);
    assert_eq!(world.agent(call(true)), PageReply::Done);
    let message =
        json!({ "type": "rc-adapter-new-call", "phoneNumber": "+442079460018", "toCall": true });
    assert_eq!(posted(&world), [(1, 5, vec![message])]);
}

#[test]
fn only_the_widget_of_the_pages_own_tab_hears_it() {
    let world = world();
    let session = FrameSession {
        site: SITE.to_owned(),
        ready: true,
    };
    pollster::block_on(world.service.store.put_frame(2, 9, &session)).expect("memory");
    world.agent(calls("navigateTo", &json!(["/history"]), false));
    let message = json!({ "type": "rc-adapter-navigate-to", "path": "/history" });
    assert_eq!(posted(&world), [(1, 5, vec![message])]);
    world.service.browser.gone.borrow_mut().insert(1);
    assert_eq!(
        world.agent(calls("navigateTo", &json!(["/history"]), false)),
        PageReply::Refused("there is no phone in this page now".to_owned())
    );
    assert_eq!(posted(&world), []);
}

/// Asks for the unlogged calls and returns the id of the request that the widget got.
fn ask(world: &World) -> String {
    let call = calls("getUnloggedCalls", &json!([5]), false);
    assert_eq!(world.agent(call), PageReply::Waits);
    let posted = posted(world);
    let request = &posted[0].2[0];
    assert_eq!(request["path"], "/unlogged-calls");
    request["requestId"].as_str().expect("an id").to_owned()
}

fn answer(id: &str) -> Value {
    let call =
        json!({ "sessionId": "1", "recording": { "contentUri": "https://m/1?access_token=x" } });
    json!({
        "type": "rc-adapter-message-response",
        "responseId": id,
        "response": { "calls": [call], "hasMore": false },
    })
}

#[test]
fn the_widgets_answer_goes_to_who_asked_and_without_tokens() {
    let world = world();
    let id = ask(&world);
    assert!(id.starts_with("switchboard:page:1:7:"), "{id}");
    assert_eq!(
        world.widget_says(&answer(&id), false),
        <[Value; 0]>::default()
    );
    let answers = told(&world);
    assert_eq!(answers.len(), 1);
    assert_eq!(answers[0].0, 7);
    let expected = json!({
        "calls": [{ "sessionId": "1", "recording": { "contentUri": "https://m/1" } }],
        "hasMore": false,
    });
    let given: Value = serde_json::from_str(&answers[0].1).expect("JSON");
    assert_eq!(given, expected);
    // It is no answer to our own question.
    let unlogged = pollster::block_on(world.service.store.unlogged(SITE)).expect("memory");
    assert_eq!(unlogged, None);
}

#[test]
fn an_answer_is_for_nobody_else() {
    let world = world();
    let id = ask(&world);
    let elsewhere = id.replace(":page:1:", ":page:2:");
    world.widget_says(&answer(&elsewhere), false);
    assert_eq!(told(&world), []);
    // The tab shows another site meanwhile.
    let report = TabReport {
        site: "https://other.example".to_owned(),
        ..TabReport::default()
    };
    pollster::block_on(world.service.store.put_tab_report(1, &report)).expect("memory");
    world.widget_says(&answer(&id), false);
    assert_eq!(told(&world), []);
    let report = TabReport {
        site: SITE.to_owned(),
        ..report
    };
    pollster::block_on(world.service.store.put_tab_report(1, &report)).expect("memory");
    // The user trusts the site no longer.
    trust(&world, false);
    world.widget_says(&answer(&id), false);
    assert_eq!(told(&world), []);
    trust(&world, true);
    world.widget_says(&answer(&id), false);
    assert_eq!(told(&world).len(), 1);
}

#[test]
fn a_page_whose_widget_is_the_window_speaks_to_that() {
    let world = world();
    let call = || calls("isWindowPoppedUp", &json!([]), false);
    assert_eq!(world.agent(call()), PageReply::Waits);
    let session = FrameSession {
        site: WINDOW.to_owned(),
        ready: true,
    };
    let report = TabReport {
        site: SITE.to_owned(),
        placed: Adapter::Window,
        ..TabReport::default()
    };
    pollster::block_on(async {
        let store = &world.service.store;
        store.put_frame(WINDOW_TAB, 0, &session).await?;
        store.put_tab_report(1, &report).await
    })
    .expect("memory");
    world.agent(call());
    let words = |on: &str| (7, on.to_owned());
    assert_eq!(told(&world), [words("false"), words("true")]);
    world.agent(calls("navigateTo", &json!(["/history"]), false));
    let message = json!({ "type": "rc-adapter-navigate-to", "path": "/history" });
    assert_eq!(posted(&world), [(WINDOW_TAB, 0, vec![message])]);
}
