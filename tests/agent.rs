//! Stories of the page agent: what happens in a page, and what it does about it.

use switchboard::agent::{Agent, Effect, Event};
use switchboard::panel::Viewport;
use switchboard::protocol::page::{PageContact, Reading};
use switchboard::protocol::runtime::{AgentConfig, AgentToFrame, Dialling, FrameToAgent};
use switchboard::protocol::stored::{Adapter, PanelPlace};

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
    agent
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
        [],
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
        [Effect::WarnBeforeLeaving(true)]
    );
    assert_eq!(
        agent.on(Event::Configured(None)),
        [Effect::WarnBeforeLeaving(false), Effect::Leave]
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

#[test]
fn a_number_that_is_clicked_is_dialled_by_the_widget_in_the_page_and_by_nobody_else() {
    let mut agent = up();
    assert_eq!(
        clicked(&mut agent, "tel:+44%2020%207946%200321;ext=317"),
        [
            Effect::HoldLink,
            dial("+44 20 7946 0321;ext=317", true, true)
        ]
    );
    assert_eq!(
        clicked(&mut agent, "callto:02079460321"),
        [Effect::HoldLink, dial("02079460321", true, true)]
    );
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
fn while_no_widget_is_up_a_number_is_left_to_the_browser() {
    let mut agent = Agent::default();
    agent.on(Event::Resized(VIEWPORT));
    assert_eq!(clicked(&mut agent, "tel:02079460321"), []);
    configured(&mut agent, config());
    agent.on(Event::Seen);
    assert_eq!(
        clicked(&mut agent, "tel:02079460321"),
        [dial("02079460321", true, false)]
    );
}

#[test]
fn the_page_adapter_dials_by_itself() {
    let mut agent = Agent::default();
    agent.on(Event::Resized(VIEWPORT));
    agent.on(Event::Seen);
    let page = AgentConfig {
        adapter: Adapter::Page,
        ..config()
    };
    configured(&mut agent, page);
    agent.on(Event::Injected { ok: true });
    assert_eq!(
        clicked(&mut agent, "tel:02079460321"),
        [dial("02079460321", true, false)]
    );
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
        [Effect::HoldLink, dial("02079460321", false, true)]
    );
}

#[test]
fn another_adapter_takes_the_panel_out_and_asks_for_the_other() {
    let mut agent = up();
    let page = AgentConfig {
        adapter: Adapter::Page,
        ..config()
    };
    assert_eq!(
        agent.on(Event::Configured(Some(Box::new(page)))),
        [Effect::Unmount, Effect::InjectAdapter]
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
