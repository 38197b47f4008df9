//! The user's switches: consent, our settings in the widget, automatic logging; wherever they are turned,
//! everything that is up hears of it, and nothing answers back for ever.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use std::collections::BTreeMap;

use common::{SITE, World, call, frame_said, said};
use serde_json::{Value, json};
use switchboard::protocol::runtime::{
    FrameConfig, InjectAdapter, OpenFrame, SaveGlobal, SaveSite, SiteView, SiteViewOf, SiteWish,
    TicketPlease,
};
use switchboard::protocol::stored::{Adapter, FrameId, FrameSession, GlobalSettings};
use switchboard::roles::Role;
use switchboard::service::ports::Store as _;

const OTHER_SITE: &str = "https://desk.example";

/// Two sites are on: [`SITE`] with widgets in tabs 1 and 2, another with one in tab 3.
fn world() -> World {
    let world = World::with_site_on();
    world.turn_on("https://desk.example/");
    for (tab, site) in [(1, SITE), (2, SITE), (3, OTHER_SITE)] {
        let site = site.to_owned();
        let session = FrameSession { site, ready: true };
        pollster::block_on(world.service.store.put_frame(tab, 7, &session)).expect("memory");
    }
    world.service.browser.posted.borrow_mut().clear();
    world
}

fn view(url: &str) -> SiteViewOf {
    SiteViewOf {
        url: url.to_owned(),
        tab: None,
        language: "en-GB".to_owned(),
    }
}

/// What the widget of tab 1 hears when it says something; the answer to its request stands first.
fn says(world: &World, path: &str, body: &Value) -> Vec<Value> {
    let said = frame_said(&said(path, body), false);
    let posts = world.ask(Role::Frame { tab: 1, frame: 7 }, said);
    posts
        .iter()
        .map(|it| serde_json::from_str(it).expect("a message is JSON"))
        .collect()
}

/// What was posted to other widgets since the last call: tab and type, in order.
fn heard(world: &World) -> Vec<(i32, String)> {
    let posted = world.service.browser.posted.take();
    posted
        .iter()
        .flat_map(|(tab, _, messages)| messages.iter().map(|it| (*tab, kind(it))))
        .collect()
}

fn kind(message: &Value) -> String {
    let kind = message["type"].as_str().unwrap_or_default();
    let short = kind.strip_prefix("rc-adapter-").unwrap_or(kind).to_owned();
    match message.get("authorized") {
        Some(authorized) => format!("{short}: {authorized}"),
        None => short,
    }
}

fn kinds(messages: &[Value]) -> Vec<String> {
    messages.iter().map(kind).collect()
}

const WORDS: &str = "register-third-party-service";
const TREE: &str = "update-third-party-settings";
const GIVEN: &str = "update-authorization-status: true";
const WITHDRAWN: &str = "update-authorization-status: false";

fn on(tab: i32, kinds: &[&str]) -> Vec<(i32, String)> {
    kinds.iter().map(|it| (tab, (*it).to_owned())).collect()
}

fn consents(world: &World) -> bool {
    world.settings().sites[SITE].read_contacts
}

#[test]
fn the_button_withdraws_consent_and_gives_it_again_in_every_widget_of_the_site() {
    let world = world();
    let posts = says(&world, "/authorize", &json!({ "authorized": true }));
    // The words beside our name never change while the widget counts as consented: it would sync twice.
    assert_eq!(kinds(&posts[1..]), [WITHDRAWN, WORDS, TREE]);
    assert_eq!(posts[1]["authorizedAccount"], "crm.example");
    assert_eq!(posts[2]["service"]["info"], "widget_info_off");
    assert_eq!(posts[2]["service"].get("contactsPath"), None);
    assert!(!consents(&world));
    assert_eq!(heard(&world), on(2, &[WITHDRAWN, WORDS, TREE]));

    let posts = says(&world, "/authorize", &json!({ "authorized": false }));
    assert_eq!(kinds(&posts[1..]), [WORDS, GIVEN, TREE]);
    assert_eq!(posts[1]["service"]["info"], "widget_info_on");
    assert_eq!(posts[2]["authorizedAccount"], "crm.example");
    assert!(consents(&world));
    assert_eq!(heard(&world), on(2, &[WORDS, GIVEN, TREE]));
    assert!(world.settings().sites[OTHER_SITE].read_contacts);
}

#[test]
fn a_widget_that_showed_the_wrong_state_is_only_put_right() {
    let world = world();
    let posts = says(&world, "/authorize", &json!({ "authorized": false }));
    assert_eq!(kinds(&posts[1..]), [WORDS, GIVEN]);
    assert!(consents(&world));
    assert_eq!(heard(&world), []);
}

#[test]
fn consent_is_one_switch_in_the_popup_and_in_the_widget() {
    let world = world();
    let mut wish: SiteWish = world.popup(view(SITE)).wish;
    wish.read_contacts = false;
    let view = view(SITE);
    world.popup(SaveSite { view, wish });
    let mut expected = on(1, &[WITHDRAWN, WORDS, TREE]);
    expected.extend(on(2, &[WITHDRAWN, WORDS, TREE]));
    assert_eq!(heard(&world), expected);

    let setting = json!({ "id": "readContacts", "type": "boolean", "value": true });
    let posts = says(&world, "/settings", &json!({ "setting": setting }));
    assert_eq!(kinds(&posts[1..]), [WORDS, GIVEN]);
    assert_eq!(heard(&world), on(2, &[WORDS, GIVEN, TREE]));
    assert!(consents(&world));
}

#[test]
fn calls_are_logged_without_consent_too() {
    let world = world();
    says(&world, "/authorize", &json!({ "authorized": true }));
    says(&world, "/callLogger", &call("77", "CallConnected", 3));
    assert_eq!(world.logs().len(), 1);
}

#[test]
fn a_setting_changed_in_one_widget_is_heard_by_every_other_of_every_site() {
    let world = world();
    let setting = json!({ "id": "openOnRing", "name": "x", "type": "boolean", "value": true });
    let posts = says(
        &world,
        "/settings",
        &json!({ "settings": [], "setting": setting }),
    );
    assert_eq!(posts.len(), 1, "it shows it already: {posts:?}");
    assert!(world.settings().global.open_on_ring);
    assert_eq!(heard(&world), [on(2, &[TREE]), on(3, &[TREE])].concat());

    // The same again, late or doubled, changes nothing and tells nobody.
    says(&world, "/settings", &json!({ "setting": setting }));
    assert_eq!(heard(&world), []);
}

#[test]
fn a_setting_of_one_site_stays_there() {
    let world = world();
    let setting = json!({ "id": "markNumbers", "type": "boolean", "value": false });
    says(&world, "/settings", &json!({ "setting": setting }));
    assert_eq!(heard(&world), on(2, &[TREE]));
    let settings = world.settings();
    assert!(!settings.sites[SITE].mark_numbers);
    assert!(settings.sites[OTHER_SITE].mark_numbers);
}

#[test]
fn the_tree_that_others_hear_is_their_own() {
    let world = world();
    says(
        &world,
        "/settings",
        &json!({ "setting": { "id": "markNumbers", "value": false } }),
    );
    world.service.browser.posted.take();
    says(
        &world,
        "/settings",
        &json!({ "setting": { "id": "askForNotes", "value": true } }),
    );
    let posted = world.service.browser.posted.take();
    let marks = |tab: i32| {
        let (_, _, messages) = posted.iter().find(|(it, _, _)| *it == tab).expect("posted");
        let items = messages[0]["settings"].as_array().cloned().expect("a tree");
        items
            .into_iter()
            .find(|it| it["id"] == "markNumbers")
            .expect("a switch")["value"]
            .clone()
    };
    assert_eq!([marks(2), marks(3)], [json!(false), json!(true)]);
}

#[test]
fn a_setting_that_is_none_of_ours_changes_nothing() {
    let world = world();
    let before = world.settings();
    for body in [
        Value::Null,
        json!({ "setting": { "id": "theirs", "value": true } }),
        json!({ "setting": { "id": "openOnRing", "value": 1 } }),
    ] {
        assert_eq!(says(&world, "/settings", &body).len(), 1);
    }
    assert_eq!(world.settings(), before);
    assert_eq!(heard(&world), []);
}

#[test]
fn automatic_logging_turned_in_one_widget_is_heard_on_the_other_sites() {
    let world = world();
    let off = json!({ "type": "rc-callLogger-auto-log-notify", "autoLog": false });
    let tell = |site: &str| world.widget_of(site, &off, false);
    assert_eq!(tell(SITE), Vec::<Value>::new());
    assert!(!world.settings().global.auto_log_calls);
    assert_eq!(heard(&world), on(3, &["update-auto-log-settings"]));
    // The other widget takes it over and says so; that is the end of it.
    assert_eq!(tell(OTHER_SITE), Vec::<Value>::new());
    assert_eq!(heard(&world), []);
}

fn save_global(world: &World, change: impl FnOnce(&mut GlobalSettings)) -> SiteView {
    let mut global = world.settings().global;
    change(&mut global);
    let view = view(SITE);
    world.popup(SaveGlobal { view, global })
}

fn options(of: &[(&str, &str)]) -> BTreeMap<String, String> {
    of.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn an_option_that_cannot_be_used_is_refused_and_nothing_else_is_saved() {
    let world = world();
    let shown = save_global(&world, |global| {
        global.client_id = "new".to_owned();
        global.widget_options = options(&[("zIndex", "very high")]);
    });
    assert_eq!(shown.problem.as_deref(), Some("problem_option_number"));
    assert_eq!(shown.global.client_id, "");

    let mut wish = shown.wish;
    wish.mark_numbers = false;
    wish.widget_options = options(&[("clientId", "mine")]);
    let view = view(SITE);
    let shown = world.popup(SaveSite { view, wish });
    assert_eq!(shown.problem.as_deref(), Some("problem_option_reserved"));
    assert!(shown.wish.mark_numbers);
}

#[test]
fn options_reach_the_address_and_those_of_the_site_win() {
    let world = world();
    save_global(&world, |global| {
        global.widget_options = options(&[
            ("disableMeeting", "true"),
            ("zIndex", "9"),
            ("disableCall", "0"),
        ]);
    });
    let mut wish = world.popup(view(SITE)).wish;
    wish.widget_options = options(&[("disableMeeting", "off"), ("prefix", "crm")]);
    world.popup(SaveSite {
        view: view(SITE),
        wish,
    });

    let frame: FrameId = 8;
    let ticket = world.agent(TicketPlease {});
    let config: FrameConfig = world.ask(Role::Frame { tab: 1, frame }, OpenFrame { ticket });
    let query = config.widget_url.split_once('?').map(|(_, it)| it);
    let defaults = "defaultAutoLogCallEnabled=1&defaultAutoLogMessageEnabled=1";
    assert_eq!(
        query,
        Some(&*format!("{defaults}&prefix=crm&fromAdapter=1"))
    );

    let mut wish = world.popup(view(SITE)).wish;
    wish.adapter = Adapter::Page;
    world.popup(SaveSite {
        view: view(SITE),
        wish,
    });
    world.agent(InjectAdapter {});
    let script = world.done().pop().unwrap_or_default();
    assert!(
        script.ends_with(&format!("adapter.js?{defaults}&prefix=crm&zIndex=9")),
        "{script}"
    );
}

#[test]
fn numbers_out_of_all_reason_are_brought_back() {
    let world = world();
    let shown = save_global(&world, |global| {
        global.media_limit_mb = 1_000_000;
        global.list_limit = 0;
    });
    assert_eq!(
        (shown.global.media_limit_mb, shown.global.list_limit),
        (200, 100)
    );
}

#[test]
fn the_server_of_recordings_is_let_go_when_nothing_is_downloaded_any_more() {
    let world = world();
    let media = "https://media.ringcentral.com/*";
    world.grant(media);
    save_global(&world, |global| {
        global.recordings_with_token = true;
        global.attachments_with_token = true;
    });
    save_global(&world, |global| global.recordings_with_token = false);
    assert!(
        world
            .service
            .browser
            .granted
            .borrow()
            .iter()
            .any(|it| it == media)
    );
    save_global(&world, |global| global.attachments_with_token = false);
    assert!(
        !world
            .service
            .browser
            .granted
            .borrow()
            .iter()
            .any(|it| it == media)
    );
}

#[test]
fn a_download_that_the_browser_does_not_permit_is_told() {
    let world = world();
    assert!(!world.popup(view(SITE)).media_refused);
    let shown = save_global(&world, |global| {
        global.attachments_with_token = true;
        global.app_server = "https://platform.devtest.ringcentral.com".to_owned();
    });
    assert_eq!(
        shown.media_pattern,
        "https://media.devtest.ringcentral.com/*"
    );
    assert!(shown.media_refused);
    world.grant("https://media.devtest.ringcentral.com/*");
    assert!(!world.popup(view(SITE)).media_refused);
    // Where there is no site, the settings of all sites can be seen to, too.
    world.service.browser.granted.borrow_mut().clear();
    assert!(world.popup(view("about:blank")).media_refused);
}
