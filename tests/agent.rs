//! Stories of the page agent: what happens in a page, and what it does about it.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

use switchboard::agent::{Agent, Effect, Event, PageCommand, PageState};
use switchboard::panel::{PanelBox, Viewport};
use switchboard::protocol::page::{PageContact, Reading};
use switchboard::protocol::runtime::{AgentConfig, AgentToFrame, Dialling, FrameToAgent};
use switchboard::protocol::stored::{Adapter, Obstacle, PanelPlace};

const VIEWPORT: Viewport = Viewport {
    width: 1200,
    height: 800,
};

fn config() -> AgentConfig {
    AgentConfig {
        site: "https://crm.example".to_owned(),
        adapter: Adapter::Isolated,
        place: PanelPlace::default(),
        widget_origin: "https://widget.example".to_owned(),
        rule: None,
        read_contacts: true,
        mark_numbers: true,
        page_api: false,
    }
}

fn reading(name: &str) -> Reading {
    Reading {
        contacts: vec![PageContact {
            name: name.to_owned(),
            ..PageContact::default()
        }],
        ..Reading::default()
    }
}

fn placed(adapter: Adapter) -> AgentConfig {
    AgentConfig {
        adapter,
        ..config()
    }
}

/// A site whose own scripts are offered `window.RCAdapter`.
fn offering() -> AgentConfig {
    AgentConfig {
        page_api: true,
        ..config()
    }
}

/// An agent in a tab that is seen, which has just been told its settings.
fn started(config: AgentConfig) -> Agent {
    let mut agent = Agent::default();
    agent.on(Event::Resized(VIEWPORT));
    agent.on(Event::Seen);
    configured(&mut agent, config);
    agent
}

/// An agent with RingCentral's adapter, which has booted a while ago.
fn page_adapter() -> Agent {
    let mut agent = started(placed(Adapter::Page));
    agent.on(Event::Injected { ok: true });
    agent.on(Event::AdapterSpoke { boot: true });
    later(&mut agent, 10);
    agent
}

/// The clock, so many seconds after the beginning.
fn later(agent: &mut Agent, seconds: i64) -> Vec<Effect> {
    agent.on(Event::Clock {
        at: seconds * 1_000,
        loaded: true,
    })
}

fn lost(agent: &mut Agent, seconds: i64) -> Vec<Effect> {
    agent.on(Event::PanelLost {
        at: seconds * 1_000,
    })
}

fn remounted(agent: &mut Agent) {
    let mounted = agent.on(Event::Ticket("again".to_owned()));
    assert!(
        matches!(mounted.as_slice(), [Effect::Mount { .. }]),
        "{mounted:?}"
    );
}

/// An agent whose widget is up.
fn up() -> Agent {
    let mut agent = Agent::default();
    agent.on(Event::Resized(VIEWPORT));
    agent.on(Event::Seen);
    assert_eq!(
        agent.on(Event::Configured(Some(Box::new(config())))),
        [Effect::Watch, Effect::ReadSoon, Effect::AskTicket]
    );
    let mounted = agent.on(Event::Ticket("t".to_owned()));
    assert!(matches!(mounted.as_slice(), [Effect::Mount { .. }]));
    assert_eq!(agent.on(Event::Frame(FrameToAgent::Here)), []);
    agent
}

#[test]
fn a_frame_page_that_the_browser_refuses_is_noticed_and_asked_about_once() {
    let mounted = || {
        let mut agent = Agent::default();
        agent.on(Event::Resized(VIEWPORT));
        agent.on(Event::Seen);
        agent.on(Event::Configured(Some(Box::new(config()))));
        agent.on(Event::Ticket("t".to_owned()));
        agent
    };
    let mut agent = mounted();
    assert_eq!(later(&mut agent, 3), []);
    assert_eq!(later(&mut agent, 6), [Effect::AskEmbedder]);
    assert_eq!(later(&mut agent, 9), []);
    let policy = "require-corp".to_owned();
    assert_eq!(
        agent.on(Event::Embedder { policy }),
        [Effect::MetObstacle(Obstacle::Embedder)]
    );
    // Whatever it was: there is no phone in that box.
    let mut agent = mounted();
    later(&mut agent, 3);
    later(&mut agent, 6);
    assert_eq!(
        later(&mut agent, 23),
        [Effect::Unmount, Effect::MetObstacle(Obstacle::Silent)]
    );
    // Nobody waits in a tab that is not seen, where browsers load nothing.
    let mut agent = mounted();
    later(&mut agent, 3);
    agent.on(Event::Hidden);
    assert_eq!(later(&mut agent, 60), []);
    agent.on(Event::Seen);
    assert_eq!(later(&mut agent, 63), []);
}

#[test]
fn the_widget_comes_when_the_tab_is_first_seen_and_once() {
    let mut agent = Agent::default();
    agent.on(Event::Resized(VIEWPORT));
    assert_eq!(
        agent.on(Event::Configured(Some(Box::new(config())))),
        [Effect::Watch, Effect::ReadSoon]
    );
    assert_eq!(agent.on(Event::Seen), [Effect::AskTicket]);
    assert_eq!(agent.on(Event::Seen), []);
    agent.on(Event::Ticket("t".to_owned()));
    assert_eq!(agent.on(Event::Ticket("t2".to_owned())), []);
}

#[test]
fn nothing_happens_on_a_site_that_is_off() {
    let mut agent = Agent::default();
    agent.on(Event::Resized(VIEWPORT));
    assert_eq!(agent.on(Event::Seen), []);
    assert_eq!(agent.on(Event::PageChanged), []);
    assert_eq!(agent.on(Event::Configured(None)), [Effect::Leave]);
    assert_eq!(
        agent.on(Event::Configured(Some(Box::new(config())))),
        [],
        "it has left"
    );
}

#[test]
fn a_ring_restores_a_minimised_panel_and_the_place_is_kept() {
    let mut agent = up();
    let minimised = agent.on(Event::Frame(FrameToAgent::Minimise { on: true }));
    assert!(minimised.contains(&Effect::Frame(AgentToFrame::Minimised { on: true })));
    let restored = agent.on(Event::Frame(FrameToAgent::Ring));
    assert!(restored.contains(&Effect::Frame(AgentToFrame::Minimised { on: false })));
    assert!(
        restored
            .iter()
            .any(|it| matches!(it, Effect::SavePlace(place) if !place.minimised))
    );
    assert_eq!(
        agent.on(Event::Frame(FrameToAgent::Ring)),
        [Effect::Raise],
        "it is there already"
    );
}

#[test]
fn a_move_is_kept_when_it_ends_and_not_before() {
    let mut agent = up();
    let moved = agent.on(Event::Frame(FrameToAgent::Move { dx: -100, dy: -50 }));
    assert!(
        matches!(moved.as_slice(), [Effect::Place(place)] if place.right == 124 && place.bottom == 74)
    );
    let ended = agent.on(Event::Frame(FrameToAgent::MoveEnd));
    assert!(ended.contains(&Effect::SavePlace(PanelPlace {
        right: 124,
        bottom: 74,
        minimised: false
    })));
    assert_eq!(agent.on(Event::Frame(FrameToAgent::MoveEnd)), []);
}

#[test]
fn settings_that_come_back_late_do_not_undo_a_move() {
    let mut agent = up();
    agent.on(Event::Frame(FrameToAgent::Move { dx: -100, dy: 0 }));
    agent.on(Event::Frame(FrameToAgent::MoveEnd));
    assert_eq!(agent.on(Event::Configured(Some(Box::new(config())))), []);
    agent.on(Event::Frame(FrameToAgent::Move { dx: -100, dy: 0 }));
    let ended = agent.on(Event::Frame(FrameToAgent::MoveEnd));
    let place = PanelPlace {
        right: 224,
        bottom: 24,
        minimised: false,
    };
    assert!(ended.contains(&Effect::SavePlace(place)), "{ended:?}");
}

#[test]
fn a_smaller_window_moves_the_panel_and_forgets_nothing() {
    let mut agent = up();
    let small = agent.on(Event::Resized(Viewport {
        width: 300,
        height: 200,
    }));
    assert!(
        matches!(small.as_slice(), [Effect::Place(place)] if place.width == 284 && place.height == 184)
    );
    let large = agent.on(Event::Resized(VIEWPORT));
    assert!(
        matches!(large.as_slice(), [Effect::Place(place)] if place.right == 24 && place.width == 320)
    );
}

#[test]
fn leaving_is_warned_of_during_a_browser_call_only() {
    let mut agent = up();
    assert_eq!(
        agent.on(Event::Frame(FrameToAgent::BrowserCall { on: true })),
        [
            Effect::WarnBeforeLeaving(true),
            Effect::TellCall { on: true }
        ]
    );
    assert_eq!(
        agent.on(Event::Frame(FrameToAgent::BrowserCall { on: true })),
        []
    );
    assert_eq!(
        agent.on(Event::Configured(None)),
        [
            Effect::WarnBeforeLeaving(false),
            Effect::TellCall { on: false },
            Effect::Leave
        ]
    );
}

#[test]
fn what_was_read_is_sent_once() {
    let mut agent = up();
    assert_eq!(
        agent.on(Event::Read(reading("Ada"))),
        [Effect::Send(reading("Ada"))]
    );
    assert_eq!(agent.on(Event::Read(reading("Ada"))), []);
    assert_eq!(
        agent.on(Event::Read(reading("Bob"))),
        [Effect::Send(reading("Bob"))]
    );
}

/// The site's settings have changed.
fn configured(agent: &mut Agent, config: AgentConfig) -> Vec<Effect> {
    agent.on(Event::Configured(Some(Box::new(config))))
}

fn without_consent() -> AgentConfig {
    AgentConfig {
        read_contacts: false,
        ..config()
    }
}

#[test]
fn without_consent_the_page_is_not_looked_at() {
    let mut agent = Agent::default();
    agent.on(Event::Resized(VIEWPORT));
    assert_eq!(configured(&mut agent, without_consent()), []);
    assert_eq!(agent.on(Event::PageChanged), []);
    assert_eq!(agent.on(Event::Read(reading("Ada"))), []);
    assert_eq!(
        agent.on(Event::Seen),
        [Effect::AskTicket],
        "the widget is there all the same"
    );
}

#[test]
fn reading_stops_when_consent_is_withdrawn_and_begins_again_when_it_is_back() {
    let mut agent = up();
    agent.on(Event::Read(reading("Ada")));
    assert_eq!(
        configured(&mut agent, without_consent()),
        [Effect::StopReading]
    );
    assert_eq!(configured(&mut agent, without_consent()), []);
    assert_eq!(agent.on(Event::PageChanged), []);
    assert_eq!(
        agent.on(Event::Read(reading("Bob"))),
        [],
        "it was under way"
    );
    assert_eq!(
        configured(&mut agent, config()),
        [Effect::Watch, Effect::ReadSoon]
    );
    assert_eq!(
        agent.on(Event::Read(reading("Ada"))),
        [Effect::Send(reading("Ada"))],
        "what was sent before is sent again"
    );
}

fn clicked(agent: &mut Agent, href: &str) -> Vec<Effect> {
    agent.on(Event::LinkClicked {
        href: href.to_owned(),
    })
}

fn dial(number: &str, with_row: bool, dial: bool) -> Effect {
    Effect::Dial {
        number: number.to_owned(),
        with_row,
        then: if dial {
            Dialling::Call
        } else {
            Dialling::Nothing
        },
    }
}

fn text(number: &str, text: &str) -> Effect {
    Effect::Dial {
        number: number.to_owned(),
        with_row: true,
        then: Dialling::Text(text.to_owned()),
    }
}

#[test]
fn a_number_that_is_clicked_is_dialled_by_the_widget_in_the_page_and_by_nobody_else() {
    let mut agent = up();
    assert_eq!(
        clicked(&mut agent, "tel:+44%2020%207946%200321;ext=317"),
        [
            Effect::HoldLink,
            Effect::Raise,
            dial("+44 20 7946 0321;ext=317", true, true)
        ]
    );
    assert_eq!(
        clicked(&mut agent, "callto:02079460321"),
        [
            Effect::HoldLink,
            Effect::Raise,
            dial("02079460321", true, true)
        ]
    );
    for (href, body) in [
        ("sms:02079460321", ""),
        ("SMSTO:02079460321?body=Back%20at%203", "Back at 3"),
        ("sms:02079460321&body=Hello", "Hello"),
    ] {
        assert_eq!(
            clicked(&mut agent, href),
            [Effect::HoldLink, Effect::Raise, text("02079460321", body)],
            "{href}"
        );
    }
    for other in ["https://crm.example/tel:1", "mailto:ada@example.org", ""] {
        assert_eq!(clicked(&mut agent, other), [], "{other}");
    }
}

#[test]
fn a_minimised_panel_is_restored_for_the_call() {
    let mut agent = up();
    agent.on(Event::Frame(FrameToAgent::Minimise { on: true }));
    let effects = clicked(&mut agent, "tel:02079460321");
    assert_eq!(effects.first(), Some(&Effect::HoldLink));
    assert!(effects.contains(&Effect::Frame(AgentToFrame::Minimised { on: false })));
    assert_eq!(effects.last(), Some(&dial("02079460321", true, true)));
}

#[test]
fn where_the_site_is_not_known_yet_a_number_is_left_to_the_browser() {
    let mut agent = Agent::default();
    agent.on(Event::Resized(VIEWPORT));
    assert_eq!(clicked(&mut agent, "tel:02079460321"), []);
}

#[test]
fn a_click_while_the_widget_is_still_coming_is_kept_for_it() {
    let mut agent = started(config());
    assert_eq!(
        clicked(&mut agent, "tel:02079460321"),
        [Effect::HoldLink, dial("02079460321", true, true)]
    );
    assert!(matches!(
        agent.on(Event::Ticket("t".to_owned())).as_slice(),
        [Effect::Mount { .. }]
    ));
}

#[test]
fn a_click_brings_back_a_widget_that_the_page_has_taken_out() {
    let mut agent = started(offering());
    agent.on(Event::Ticket("t".to_owned()));
    assert_eq!(
        agent.on(Event::PageApi(PageCommand::Dispose)),
        [Effect::Unmount]
    );
    assert_eq!(agent.on(Event::Seen), [], "it stays out");
    assert_eq!(
        clicked(&mut agent, "tel:02079460321"),
        [
            Effect::HoldLink,
            Effect::AskTicket,
            dial("02079460321", true, true)
        ]
    );
}

#[test]
fn the_window_dials_what_is_clicked_in_a_page() {
    let mut agent = started(placed(Adapter::Window));
    assert_eq!(
        clicked(&mut agent, "tel:02079460321"),
        [
            Effect::HoldLink,
            dial("02079460321", true, true),
            Effect::AskWindow { by_user: true }
        ]
    );
}

#[test]
fn the_page_adapter_takes_the_links_that_it_knows_by_itself() {
    let mut agent = page_adapter();
    assert_eq!(
        clicked(&mut agent, "tel:02079460321"),
        [dial("02079460321", true, false)]
    );
    assert_eq!(
        clicked(&mut agent, "sms:02079460321?body=Hello"),
        [dial("02079460321", true, false)]
    );
    for (href, done) in [
        ("callto:02079460321", dial("02079460321", true, true)),
        ("TEL:02079460321", dial("02079460321", true, true)),
        ("smsto:02079460321", text("02079460321", "")),
    ] {
        assert_eq!(
            clicked(&mut agent, href),
            [Effect::HoldLink, done],
            "{href}"
        );
    }
    let unread = AgentConfig {
        read_contacts: false,
        ..placed(Adapter::Page)
    };
    configured(&mut agent, unread);
    assert_eq!(
        clicked(&mut agent, "tel:02079460321"),
        [],
        "nothing around it is read"
    );
}

#[test]
fn until_the_page_adapter_has_spoken_a_number_is_dialled_by_us() {
    let mut agent = started(placed(Adapter::Page));
    for _ in 0..2 {
        assert_eq!(
            clicked(&mut agent, "tel:02079460321"),
            [Effect::HoldLink, dial("02079460321", true, true)]
        );
        agent.on(Event::Injected { ok: true });
    }
}

#[test]
fn numbers_are_left_alone_where_the_user_wants_no_dialling() {
    let mut agent = up();
    let unmarked = AgentConfig {
        mark_numbers: false,
        ..config()
    };
    configured(&mut agent, unmarked);
    assert_eq!(clicked(&mut agent, "tel:02079460321"), []);
}

#[test]
fn without_consent_a_number_is_dialled_and_nothing_around_it_is_read() {
    let mut agent = up();
    configured(&mut agent, without_consent());
    assert_eq!(
        clicked(&mut agent, "tel:02079460321"),
        [
            Effect::HoldLink,
            Effect::Raise,
            dial("02079460321", false, true)
        ]
    );
}

#[test]
fn each_way_to_put_the_widget_in_gives_way_to_each_other() {
    let comes = |adapter| match adapter {
        Adapter::Isolated => Effect::AskTicket,
        Adapter::Page => Effect::InjectAdapter,
        Adapter::Window => Effect::AskWindow { by_user: false },
    };
    let ways = [Adapter::Isolated, Adapter::Page, Adapter::Window];
    for from in ways {
        for to in ways.into_iter().filter(|to| *to != from) {
            let mut agent = Agent::default();
            agent.on(Event::Resized(VIEWPORT));
            agent.on(Event::Seen);
            assert_eq!(
                configured(&mut agent, placed(from)).last(),
                Some(&comes(from))
            );
            agent.on(Event::Ticket("t".to_owned()));
            agent.on(Event::Injected { ok: true });
            let goes = configured(&mut agent, placed(to));
            let expected: &[Effect] = match from {
                Adapter::Isolated => &[Effect::Unmount, comes(to)],
                Adapter::Page => &[Effect::DisposeAdapter],
                Adapter::Window => &[comes(to)],
            };
            assert_eq!(goes, expected, "{from:?} to {to:?}");
            if from == Adapter::Page {
                assert_eq!(agent.on(Event::AdapterDisposed), [comes(to)], "{to:?}");
            }
            assert_eq!(agent.on(Event::AdapterDisposed), []);
            assert_eq!(agent.on(Event::Seen), [], "once");
        }
    }
}

#[test]
fn a_call_ends_with_the_widget_that_is_taken_out() {
    let mut agent = up();
    agent.on(Event::Frame(FrameToAgent::BrowserCall { on: true }));
    assert_eq!(
        configured(&mut agent, placed(Adapter::Window)),
        [
            Effect::WarnBeforeLeaving(false),
            Effect::TellCall { on: false },
            Effect::Unmount,
            Effect::AskWindow { by_user: false }
        ]
    );
}

#[test]
fn a_page_adapter_that_comes_too_late_is_taken_out_again() {
    let mut agent = started(placed(Adapter::Page));
    assert_eq!(configured(&mut agent, config()), [Effect::DisposeAdapter]);
    agent.on(Event::AdapterDisposed);
    assert_eq!(
        agent.on(Event::Injected { ok: true }),
        [Effect::DisposeAdapter]
    );
    remounted(&mut agent);
    assert_eq!(agent.on(Event::Injected { ok: false }), []);
}

#[test]
fn the_worker_is_told_what_keeps_the_widget_out_and_says_what_comes_instead() {
    let mut agent = started(placed(Adapter::Page));
    assert_eq!(
        agent.on(Event::Injected { ok: false }),
        [Effect::MetObstacle(Obstacle::Script)]
    );
    assert_eq!(agent.on(Event::Seen), [], "it is not tried again");
    assert_eq!(configured(&mut agent, config()), [Effect::AskTicket]);
    remounted(&mut agent);

    assert_eq!(
        agent.on(Event::Frame(FrameToAgent::GiveUp)),
        [Effect::MetObstacle(Obstacle::Silent)]
    );
    assert_eq!(
        configured(&mut agent, placed(Adapter::Window)),
        [Effect::Unmount, Effect::AskWindow { by_user: false }]
    );
    assert_eq!(agent.on(Event::Frame(FrameToAgent::GiveUp)), []);
}

#[test]
fn a_silent_widget_may_be_kept_out_by_the_headers_of_the_page() {
    for (policy, refuses) in [
        ("require-corp", true),
        (" credentialless ; report-to=\"x\"", true),
        ("unsafe-none", false),
        ("", false),
        ("require-corpse", false),
    ] {
        let mut agent = up();
        assert_eq!(
            agent.on(Event::Frame(FrameToAgent::Silent)),
            [Effect::AskEmbedder]
        );
        let met: &[Effect] = if refuses {
            &[Effect::MetObstacle(Obstacle::Embedder)]
        } else {
            &[]
        };
        let policy = policy.to_owned();
        assert_eq!(agent.on(Event::Embedder { policy }), met);
    }
}

#[test]
fn a_page_that_refuses_the_adapters_frame_is_told_of_and_rid_of_the_adapter() {
    let refused = [Effect::DisposeAdapter, Effect::MetObstacle(Obstacle::Frame)];
    let mut agent = started(placed(Adapter::Page));
    agent.on(Event::Injected { ok: true });
    assert_eq!(agent.on(Event::AdapterRefused), refused);
    assert_eq!(agent.on(Event::AdapterRefused), []);
    assert_eq!(agent.on(Event::AdapterDisposed), []);
    assert_eq!(configured(&mut agent, config()), [Effect::AskTicket]);

    let mut early = started(placed(Adapter::Page));
    assert_eq!(early.on(Event::AdapterRefused), refused);

    let mut agent = page_adapter();
    assert_eq!(agent.on(Event::AdapterRefused), [], "it is up");
}

#[test]
fn an_adapter_that_says_nothing_is_given_up_in_a_page_that_is_whole_and_seen() {
    let mut agent = started(placed(Adapter::Page));
    later(&mut agent, 0);
    agent.on(Event::Injected { ok: true });
    for second in [3, 30] {
        let still_loading = Event::Clock {
            at: second * 1_000,
            loaded: false,
        };
        assert_eq!(agent.on(still_loading), []);
    }
    assert_eq!(later(&mut agent, 33), []);
    assert_eq!(later(&mut agent, 50), []);
    agent.on(Event::Hidden);
    assert_eq!(later(&mut agent, 60), []);
    agent.on(Event::Seen);
    assert_eq!(later(&mut agent, 63), []);
    assert_eq!(later(&mut agent, 82), []);
    assert_eq!(
        later(&mut agent, 83),
        [Effect::DisposeAdapter, Effect::MetObstacle(Obstacle::Frame)]
    );

    let mut agent = page_adapter();
    assert_eq!(later(&mut agent, 100), [], "it has spoken");
}

#[test]
fn the_page_adapter_begins_as_the_panel_was_left() {
    for minimised in [false, true] {
        let mut agent = started(AgentConfig {
            place: PanelPlace {
                minimised,
                ..PanelPlace::default()
            },
            ..placed(Adapter::Page)
        });
        agent.on(Event::Injected { ok: true });
        assert_eq!(agent.on(Event::AdapterSpoke { boot: false }), []);
        assert_eq!(
            agent.on(Event::AdapterSpoke { boot: true }),
            [Effect::MinimiseAdapter(minimised)]
        );
        assert_eq!(
            agent.on(Event::AdapterMinimised(!minimised)),
            [],
            "that was the widget's own memory"
        );
    }
}

#[test]
fn what_the_user_does_in_the_adapters_header_is_kept_and_undone_by_a_ring() {
    let saves = |minimised| {
        Effect::SavePlace(PanelPlace {
            minimised,
            ..PanelPlace::default()
        })
    };
    let mut agent = page_adapter();
    assert_eq!(agent.on(Event::AdapterMinimised(false)), []);
    assert_eq!(agent.on(Event::AdapterMinimised(true)), [saves(true)]);
    assert_eq!(
        agent.on(Event::Frame(FrameToAgent::Ring)),
        [Effect::MinimiseAdapter(false), saves(false)]
    );
    assert_eq!(agent.on(Event::AdapterMinimised(false)), []);
    agent.on(Event::AdapterMinimised(true));
    assert_eq!(
        clicked(&mut agent, "callto:02079460321"),
        [
            Effect::HoldLink,
            Effect::MinimiseAdapter(false),
            saves(false),
            dial("02079460321", true, true)
        ]
    );
}

#[test]
fn a_ring_shows_in_the_tab_that_is_seen_and_in_no_other() {
    let mut agent = up();
    agent.on(Event::Frame(FrameToAgent::Minimise { on: true }));
    agent.on(Event::Hidden);
    assert_eq!(agent.on(Event::Frame(FrameToAgent::Ring)), []);
    later(&mut agent, 20);
    let seen = agent.on(Event::Seen);
    assert!(
        seen.contains(&Effect::Frame(AgentToFrame::Minimised { on: false })),
        "the user has come to answer it: {seen:?}"
    );

    agent.on(Event::Frame(FrameToAgent::Minimise { on: true }));
    agent.on(Event::Hidden);
    agent.on(Event::Frame(FrameToAgent::Ring));
    later(&mut agent, 200);
    assert_eq!(agent.on(Event::Seen), [], "that was long ago");
}

const HALF_AN_HOUR: i64 = 30 * 60;

#[test]
fn a_widget_that_nobody_looks_at_goes_if_another_stays() {
    let mut agent = up();
    assert_eq!(later(&mut agent, HALF_AN_HOUR), [], "it is seen");
    agent.on(Event::Hidden);
    let from = HALF_AN_HOUR;
    assert_eq!(later(&mut agent, from), []);
    assert_eq!(later(&mut agent, from + HALF_AN_HOUR - 1), []);
    assert_eq!(later(&mut agent, from + HALF_AN_HOUR), [Effect::AskUnmount]);
    assert_eq!(agent.on(Event::MayUnmount(false)), []);
    assert_eq!(later(&mut agent, from + HALF_AN_HOUR + 60), []);
    assert_eq!(
        later(&mut agent, from + 2 * HALF_AN_HOUR),
        [Effect::AskUnmount]
    );
    assert_eq!(agent.on(Event::MayUnmount(true)), [Effect::Unmount]);
    assert_eq!(later(&mut agent, from + 4 * HALF_AN_HOUR), []);
    assert_eq!(agent.on(Event::Seen), [Effect::AskTicket]);
    remounted(&mut agent);
}

#[test]
fn a_widget_stays_in_a_tab_with_a_call_or_that_is_seen_again() {
    let mut agent = up();
    agent.on(Event::Frame(FrameToAgent::BrowserCall { on: true }));
    agent.on(Event::Hidden);
    assert_eq!(later(&mut agent, 0), []);
    assert_eq!(later(&mut agent, HALF_AN_HOUR), []);
    agent.on(Event::Frame(FrameToAgent::BrowserCall { on: false }));
    later(&mut agent, HALF_AN_HOUR);
    assert_eq!(later(&mut agent, 2 * HALF_AN_HOUR), [Effect::AskUnmount]);
    agent.on(Event::Seen);
    assert_eq!(agent.on(Event::MayUnmount(true)), []);
    agent.on(Event::Hidden);
    agent.on(Event::Frame(FrameToAgent::BrowserCall { on: true }));
    assert_eq!(agent.on(Event::MayUnmount(true)), []);
}

#[test]
fn a_widget_whose_settings_change_while_it_is_not_seen_comes_when_it_is() {
    let mut agent = up();
    agent.on(Event::Hidden);
    assert_eq!(
        configured(&mut agent, placed(Adapter::Page)),
        [Effect::Unmount]
    );
    assert_eq!(agent.on(Event::Seen), [Effect::InjectAdapter]);
}

#[test]
fn a_page_that_comes_back_gets_a_new_widget_unless_there_is_a_call() {
    let mut agent = up();
    assert_eq!(
        agent.on(Event::Returned),
        [Effect::Unmount, Effect::AskTicket]
    );
    remounted(&mut agent);
    agent.on(Event::Frame(FrameToAgent::BrowserCall { on: true }));
    assert_eq!(agent.on(Event::Returned), []);
    assert_eq!(started(placed(Adapter::Window)).on(Event::Returned), []);
}

#[test]
fn a_panel_that_the_page_takes_out_comes_again_until_the_page_insists() {
    let mut agent = up();
    for second in [0, 1, 2, 3, 61, 62, 62] {
        assert_eq!(
            lost(&mut agent, second),
            [Effect::Unmount, Effect::AskTicket],
            "{second}"
        );
        assert_eq!(lost(&mut agent, second), [], "it is out");
        remounted(&mut agent);
    }
    assert_eq!(
        lost(&mut agent, 62),
        [Effect::Unmount, Effect::AskTicket],
        "the first of them are forgotten"
    );
    remounted(&mut agent);
    assert_eq!(
        lost(&mut agent, 62),
        [Effect::Unmount, Effect::MetObstacle(Obstacle::Removed)]
    );
    assert_eq!(agent.on(Event::Seen), []);
    assert_eq!(
        configured(&mut agent, placed(Adapter::Window)),
        [Effect::AskWindow { by_user: false }]
    );
}

#[test]
fn a_panel_comes_again_as_it_was() {
    let mut agent = up();
    agent.on(Event::Frame(FrameToAgent::Minimise { on: true }));
    lost(&mut agent, 0);
    let mounted = agent.on(Event::Ticket("t".to_owned()));
    assert!(
        matches!(
            mounted.as_slice(),
            [Effect::Mount {
                minimised: true,
                place: PanelBox { height: 40, .. },
                ..
            }]
        ),
        "{mounted:?}"
    );
}

#[test]
fn the_page_is_offered_an_adapter_where_it_has_none_of_its_own() {
    let offers = |adapter| AgentConfig {
        page_api: true,
        ..placed(adapter)
    };
    let offer = [
        Effect::OfferPageApi,
        Effect::PageState(PageState::default()),
    ];
    let mut agent = Agent::default();
    assert_eq!(
        configured(&mut agent, offers(Adapter::Isolated))[2..],
        offer
    );
    assert_eq!(configured(&mut agent, offers(Adapter::Window)), []);
    assert_eq!(
        configured(&mut agent, offers(Adapter::Page)),
        [Effect::EndPageApi]
    );
    assert_eq!(configured(&mut agent, offers(Adapter::Isolated)), offer);
    assert_eq!(
        configured(&mut agent, config()),
        [Effect::EndPageApi],
        "the user wants it no longer"
    );
    assert_eq!(
        agent.on(Event::PageApi(PageCommand::PopUp)),
        [],
        "a command that was under way"
    );
}

#[test]
fn the_page_has_the_panel_as_it_wants_it_and_nothing_of_it_is_remembered() {
    let mut agent = started(offering());
    agent.on(Event::Ticket("t".to_owned()));
    let shown = |effects: &[Effect]| match effects {
        [Effect::Place(place), ..] => *place,
        _ => panic!("{effects:?}"),
    };
    let state = |minimised, closed| {
        Effect::PageState(PageState {
            minimised,
            closed,
            ..PageState::default()
        })
    };
    let minimised = agent.on(Event::PageApi(PageCommand::SetMinimised(true)));
    assert_eq!(
        minimised[1..],
        [
            Effect::Frame(AgentToFrame::Minimised { on: true }),
            state(true, false)
        ]
    );
    assert_eq!(
        agent.on(Event::PageApi(PageCommand::SetMinimised(true))),
        []
    );
    agent.on(Event::PageApi(PageCommand::ToggleMinimised));

    let closed = agent.on(Event::PageApi(PageCommand::ToggleClosed));
    assert!(!shown(&closed).shown);
    assert_eq!(closed[1..], [state(false, true)]);
    assert_eq!(agent.on(Event::PageApi(PageCommand::SetClosed(true))), []);
    let rings = agent.on(Event::Frame(FrameToAgent::Ring));
    assert!(shown(&rings).shown);
    assert_eq!(rings[1..], [Effect::Raise, state(false, false)]);

    let size = PageCommand::SetSize {
        width: 400,
        height: 1_000_000,
    };
    let sized = shown(&agent.on(Event::PageApi(size)));
    assert_eq!((sized.width, sized.height), (400, 784));

    assert_eq!(
        agent.on(Event::PageApi(PageCommand::PopUp)),
        [Effect::AskWindow { by_user: true }]
    );
}

#[test]
fn the_page_learns_the_presence_while_it_is_offered_the_adapter() {
    let presence = || {
        Event::Frame(FrameToAgent::Presence {
            telephony: "NoCall".to_owned(),
            user: "Available".to_owned(),
            dnd: "TakeAllCalls".to_owned(),
        })
    };
    let known = PageState {
        telephony: "NoCall".to_owned(),
        user: "Available".to_owned(),
        dnd: "TakeAllCalls".to_owned(),
        ..PageState::default()
    };
    let mut agent = started(offering());
    agent.on(Event::Ticket("t".to_owned()));
    assert_eq!(agent.on(presence()), [Effect::PageState(known.clone())]);
    assert_eq!(agent.on(presence()), []);

    let mut agent = up();
    assert_eq!(agent.on(presence()), []);
    assert_eq!(
        configured(&mut agent, offering()),
        [Effect::OfferPageApi, Effect::PageState(known)],
        "what was said before holds"
    );
}

#[test]
fn an_agent_whose_extension_is_gone_leaves_and_says_nothing_more() {
    let mut agent = up();
    assert_eq!(agent.on(Event::Orphaned), [Effect::Leave]);
    for event in [
        Event::Seen,
        Event::PageChanged,
        Event::Read(reading("Ada")),
        Event::Orphaned,
    ] {
        assert_eq!(agent.on(event), []);
    }
}
