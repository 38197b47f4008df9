//! Stories of the page agent: what happens in a page, and what it does about it.

use switchboard::agent::{Agent, Effect, Event};
use switchboard::panel::Viewport;
use switchboard::protocol::page::{PageContact, Reading};
use switchboard::protocol::runtime::{AgentConfig, AgentToFrame, FrameToAgent};
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
