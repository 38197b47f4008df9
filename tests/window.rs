//! Stories of where the widget stands: in the page, in a window of its own, or nowhere yet.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use common::{SITE, World, call, frame_said, said};
use serde_json::{Value, json};
use switchboard::protocol::runtime::{
    AgentConfig, AgentHello, CallTold, DeclineAdvice, DialPlease, Dialling, FrameConfig,
    MetObstacle, NewWindow, OpenFrame, PageFacts, Refusal, SaveSite, SaveWindow, ShowWindow,
    SiteView, SiteViewOf, SiteWish, TicketPlease, TurnOff, UnmountPlease, WindowPlease,
};
use switchboard::protocol::stored::{Adapter, Obstacle, WindowPlace};
use switchboard::roles::Role;
use switchboard::service::memory::WINDOW_TAB;
use switchboard::service::ports::Store as _;

const PLAIN: PageFacts = PageFacts {
    translated: false,
    no_microphone: false,
    isolated: false,
};
const MUTE: PageFacts = PageFacts {
    no_microphone: true,
    ..PLAIN
};

fn view_of() -> SiteViewOf {
    SiteViewOf {
        url: SITE.to_owned(),
        tab: Some(1),
        language: "en-GB".to_owned(),
    }
}

fn view(world: &World) -> SiteView {
    world.popup(view_of())
}

fn hello(world: &World, page: PageFacts) -> AgentConfig {
    world
        .agent(AgentHello { page, fresh: true })
        .expect("the site is on")
}

fn meets(world: &World, obstacle: Obstacle) -> AgentConfig {
    let page = PLAIN;
    world
        .agent(MetObstacle { obstacle, page })
        .expect("the site is on")
}

fn chooses(world: &World, adapter: Adapter) -> SiteView {
    let wish = SiteWish {
        adapter,
        ..view(world).wish
    };
    world.popup(SaveSite {
        view: view_of(),
        wish,
    })
}

/// The tickets of the windows that were opened.
fn windows(world: &World) -> Vec<String> {
    let opened = world.done().into_iter().filter_map(|it| {
        let page = it.strip_prefix("window frame/window.html#")?;
        Some(page.split(' ').next()?.to_owned())
    });
    opened.collect()
}

fn opens(world: &World, tab: i32, ticket: &str) -> Result<FrameConfig, Refusal> {
    let ticket = ticket.to_owned();
    world.try_ask(Role::Frame { tab, frame: 0 }, OpenFrame { ticket })
}

/// Opens the window by the user's wish, and admits it.
fn window(world: &World) -> FrameConfig {
    world.popup(ShowWindow { view: view_of() });
    let ticket = windows(world).pop().expect("a window was opened");
    opens(world, WINDOW_TAB, &ticket).expect("the window is admitted")
}

fn window_says(world: &World, message: &Value, boot: bool) -> Vec<Value> {
    let role = Role::Frame {
        tab: WINDOW_TAB,
        frame: 0,
    };
    let posts = world.ask(role, frame_said(message, boot));
    let read = |post: &String| serde_json::from_str(post).expect("a message is JSON");
    posts.iter().map(read).collect()
}

fn clicks(world: &World, then: Dialling) -> bool {
    world.agent(DialPlease {
        number: "020 7946 0321".to_owned(),
        row: String::new(),
        links: Vec::new(),
        then,
    })
}

#[test]
fn a_page_without_microphone_is_served_by_the_window_and_the_popup_says_why() {
    let world = World::with_site_on();
    assert_eq!(hello(&world, PLAIN).adapter, Adapter::Isolated);
    assert_eq!(hello(&world, MUTE).adapter, Adapter::Window);
    let shown = view(&world);
    assert_eq!(shown.placed, Adapter::Window);
    assert_eq!(shown.obstacle, Some(Obstacle::Microphone));
    assert_eq!(shown.wish.adapter, Adapter::Isolated, "the wish stays");
    // Another page of the site may have another policy.
    assert_eq!(hello(&world, PLAIN).adapter, Adapter::Isolated);
    assert_eq!(view(&world).obstacle, None);
}

#[test]
fn a_page_that_takes_no_frames_is_expected_on_every_page_until_the_user_chooses_anew() {
    let world = World::with_site_on();
    hello(&world, PLAIN);
    assert_eq!(meets(&world, Obstacle::Embedder).adapter, Adapter::Window);
    assert_eq!(hello(&world, PLAIN).adapter, Adapter::Window);
    assert_eq!(view(&world).obstacle, Some(Obstacle::Embedder));
    chooses(&world, Adapter::Page);
    assert_eq!(hello(&world, PLAIN).adapter, Adapter::Page);
    assert_eq!(meets(&world, Obstacle::Script).adapter, Adapter::Isolated);
    assert_eq!(view(&world).obstacle, Some(Obstacle::Script));
    // Nor does our own frame then come up there.
    assert_eq!(meets(&world, Obstacle::Silent).adapter, Adapter::Window);
    assert_eq!(meets(&world, Obstacle::Frame).adapter, Adapter::Window);
}

#[test]
fn there_is_one_window_and_it_is_opened_by_itself_once() {
    let world = World::with_site_on();
    hello(&world, MUTE);
    let please = |by_user| world.agent(WindowPlease { by_user });
    please(false);
    please(false);
    please(true);
    assert_eq!(windows(&world).len(), 1, "it is on its way");
    let ticket = windows(&world).remove(0);
    let config = opens(&world, WINDOW_TAB, &ticket).expect("the window is admitted");
    assert!(config.window);
    let because = (Obstacle::Microphone, "crm.example".to_owned());
    assert_eq!(config.because, Some(because));
    assert!(view(&world).window_open);

    world.later(60_000);
    please(false);
    assert!(!world.done().contains(&format!("raise {WINDOW_TAB}")));
    please(true);
    assert!(world.done().contains(&format!("raise {WINDOW_TAB}")));
    assert_eq!(windows(&world).len(), 1);

    // Who closes it does not want it back at every page, but gets it back when she asks.
    world.service.browser.gone.borrow_mut().insert(WINDOW_TAB);
    please(false);
    assert_eq!(windows(&world).len(), 1);
    assert!(!view(&world).window_open);
    please(true);
    assert_eq!(windows(&world).len(), 2);
}

#[test]
fn only_the_window_itself_is_admitted_as_it_and_may_be_loaded_again() {
    let world = World::with_site_on();
    world.popup(ShowWindow { view: view_of() });
    let ticket = windows(&world).remove(0);
    let in_a_page = Role::Frame { tab: 1, frame: 7 };
    let open = OpenFrame {
        ticket: ticket.clone(),
    };
    assert_eq!(
        world.try_ask(in_a_page, open),
        Err(Refusal::BadTicket),
        "a frame inside a page is no window"
    );
    world.later(6_000);
    let config = window(&world);
    assert_eq!(config.because, None);
    assert!(opens(&world, WINDOW_TAB, "used up").is_ok());
    assert_eq!(opens(&world, 77, "restored"), Err(Refusal::BadTicket));
    let another = world.agent(TicketPlease {});
    assert_eq!(opens(&world, 77, &another), Err(Refusal::BadTicket));

    world.ask(Role::Frame { tab: 77, frame: 0 }, NewWindow {});
    let done = world.done();
    assert!(done.contains(&format!("raise {WINDOW_TAB}")), "{done:?}");
    assert!(done.contains(&"close 77".to_owned()), "{done:?}");
}

#[test]
fn the_window_comes_back_where_it_stood() {
    let world = World::with_site_on();
    window(&world);
    let place = WindowPlace {
        left: -900,
        top: 40,
        width: 420,
        height: 700,
    };
    let own = |tab| Role::Frame { tab, frame: 0 };
    world.ask(own(WINDOW_TAB), SaveWindow { place });
    assert_eq!(
        world.try_ask(own(3), SaveWindow { place }),
        Err(Refusal::NotAllowed)
    );
    world.service.browser.gone.borrow_mut().insert(WINDOW_TAB);
    world.later(60_000);
    window(&world);
    let last = world
        .done()
        .into_iter()
        .rfind(|it| it.starts_with("window"));
    assert!(
        last.expect("a window")
            .ends_with(&format!("{:?}", Some(place)))
    );
}

#[test]
fn the_window_closes_when_no_site_is_left() {
    let world = World::with_site_on();
    window(&world);
    let request = said("/contacts", &json!({}));
    window_says(&world, &request, false);
    world.popup(TurnOff { view: view_of() });
    assert!(world.done().contains(&format!("close {WINDOW_TAB}")));
    let role = Role::Frame {
        tab: WINDOW_TAB,
        frame: 0,
    };
    assert_eq!(
        world.try_ask(role, frame_said(&request, false)),
        Err(Refusal::NotAllowed)
    );
}

#[test]
fn a_number_waits_for_a_widget_that_is_ready_and_is_dialled_once() {
    let world = World::with_site_on();
    hello(&world, PLAIN);
    assert!(!clicks(&world, Dialling::Call), "no widget is there");
    world.admit_frame(5);
    world.widget_says(
        &json!({ "type": "rc-login-status-notify", "loggedIn": false }),
        true,
    );
    assert!(!clicks(&world, Dialling::Call), "nobody is signed in");
    let call =
        json!({ "type": "rc-adapter-new-call", "phoneNumber": "+442079460321", "toCall": true });
    assert_eq!(world.widget_takes_numbers(), [call]);
    assert_eq!(world.widget_takes_numbers(), [] as [Value; 0]);
    assert!(clicks(&world, Dialling::Text("see you".to_owned())));
    let posted = world.service.browser.posted.take();
    let text =
        json!({ "type": "rc-adapter-new-sms", "phoneNumber": "+442079460321", "text": "see you" });
    assert_eq!(posted.last().expect("a post").2, [text]);

    // Signed out, it takes none; and two minutes later nobody wants it called.
    world.widget_says(
        &json!({ "type": "rc-login-status-notify", "loggedIn": false }),
        false,
    );
    assert!(!clicks(&world, Dialling::Call));
    world.later(121_000);
    assert_eq!(world.widget_takes_numbers(), [] as [Value; 0]);
}

#[test]
fn a_click_on_a_page_served_by_the_window_is_dialled_there() {
    let world = World::with_site_on();
    hello(&world, MUTE);
    assert!(!clicks(&world, Dialling::Call));
    window(&world);
    let ready = json!({ "type": "rc-dialer-status-notify", "ready": true });
    let posts = window_says(&world, &ready, false);
    assert_eq!(posts[0]["type"], "rc-adapter-new-call");
    assert!(clicks(&world, Dialling::Call));
    let (tab, frame, _) = world.service.browser.posted.take().pop().expect("a post");
    assert_eq!((tab, frame), (WINDOW_TAB, 0));
}

#[test]
fn a_call_that_ended_with_its_page_speaks_for_the_window() {
    let world = World::with_site_on();
    hello(&world, PLAIN);
    world.agent(CallTold { on: true });
    world.agent(AgentHello {
        page: PLAIN,
        fresh: false,
    });
    assert_eq!(view(&world).calls_lost, 0, "only the settings changed");
    hello(&world, PLAIN);
    assert_eq!(view(&world).calls_lost, 1);
    hello(&world, PLAIN);
    assert_eq!(view(&world).calls_lost, 1, "it was lost once");
    world.agent(CallTold { on: true });
    world.agent(CallTold { on: false });
    hello(&world, PLAIN);
    assert_eq!(view(&world).calls_lost, 1, "that one was over");
    assert_eq!(chooses(&world, Adapter::Window).calls_lost, 0);
    chooses(&world, Adapter::Isolated);
    let declined = world.popup(DeclineAdvice { view: view_of() });
    assert_eq!(declined.calls_lost, 0);
}

#[test]
fn a_widget_goes_only_where_another_stays_to_hear_the_phone() {
    let world = World::with_site_on();
    world.admit_frame(5);
    assert!(!world.agent(UnmountPlease {}), "it is the only one");
    let put = |tab: i32| {
        let session = switchboard::protocol::stored::FrameSession {
            site: SITE.to_owned(),
            ready: true,
        };
        pollster::block_on(world.service.store.put_frame(tab, 9, &session)).expect("memory");
    };
    put(2);
    world.service.browser.gone.borrow_mut().insert(2);
    assert!(!world.agent(UnmountPlease {}), "the other tab is gone");
    put(3);
    assert!(world.agent(UnmountPlease {}));
    assert!(world.agent(UnmountPlease {}), "asking twice is asking once");
    world.service.browser.gone.borrow_mut().insert(3);
    world.admit_frame(6);
    window(&world);
    assert!(world.agent(UnmountPlease {}), "the window stays");
}

#[test]
fn a_form_that_was_typed_in_is_there_again_when_its_widget_comes_back() {
    let world = World::with_site_on();
    world.admit_frame(5);
    world.widget_takes_numbers();
    let typed = json!({
        "call": call("910", "Disconnected", 60)["call"],
        "formData": { "note": "half a sent" },
        "keys": ["note"],
    });
    world.asks("/callLogger/inputChanged", &typed);
    let boots = || {
        world.widget_says(
            &json!({ "type": "rc-login-status-notify", "loggedIn": false }),
            true,
        );
        let synced = json!({ "type": "rc-call-history-synced-notify" });
        let posts = world.widget_says(&synced, false);
        let asked = |it: &Value| it["path"] == "/unlogged-calls";
        posts
            .into_iter()
            .filter(|it| !asked(it))
            .collect::<Vec<_>>()
    };
    let posts = boots();
    assert_eq!(posts[0]["type"], "rc-adapter-update-call-log-page");
    assert_eq!(posts[0]["page"]["formData"]["note"], "half a sent");
    assert_eq!(posts[1]["path"], "/log/call/910");
    world.later(121_000);
    assert_eq!(boots(), [] as [Value; 0], "who pauses for long is done");
}

#[test]
fn a_ring_in_the_window_asks_for_attention() {
    let world = World::with_site_on();
    window(&world);
    let ring = json!({
        "type": "rc-active-call-notify",
        "call": { "sessionId": "911", "direction": "Inbound", "telephonyStatus": "Ringing",
            "from": { "phoneNumber": "+16505550177" }, "startTime": 1_795_159_712_840_i64 },
    });
    window_says(&world, &ring, false);
    assert!(world.done().contains(&format!("attention {WINDOW_TAB}")));
}
