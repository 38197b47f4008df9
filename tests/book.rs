//! The log book's requests: one entry whole, edits, deletions, repairs, and a list that is right over all of them.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use common::{SITE, World, call, person};
use pollster::block_on;
use serde_json::{Value, json};
use switchboard::protocol::book::{
    DeleteEntries, EntryOf, EntryView, ListLogs, LogPage, RepairEntry, SaveEntry,
};
use switchboard::protocol::runtime::Refusal;
use switchboard::protocol::stored::{
    Attachment, Contact, Direction, LogEntry, LogKind, LogState, Media, MediaState, Message, Party,
    Recording, TimelineEvent, Why,
};
use switchboard::roles::Role;
use switchboard::service::ports::Store as _;

const NUMBER: &str = "+16505550177";
const OTHER_SITE: &str = "https://other.example";

fn list(world: &World, before: Option<(i64, String)>, limit: u32) -> LogPage {
    world.ask(Role::Book, ListLogs { before, limit })
}

fn keys(page: &LogPage) -> Vec<&str> {
    page.rows.iter().map(|row| row.key.as_str()).collect()
}

fn open(world: &World, key: &str) -> Option<EntryView> {
    world.ask(
        Role::Book,
        EntryOf {
            key: key.to_owned(),
        },
    )
}

fn save(world: &World, save: SaveEntry) -> Option<EntryView> {
    world.ask(Role::Book, save)
}

fn change(key: &str) -> SaveEntry {
    SaveEntry {
        key: key.to_owned(),
        ..SaveEntry::default()
    }
}

fn delete(world: &World, keys: &[&str]) {
    let keys = keys.iter().map(|key| (*key).to_owned()).collect();
    world.ask(Role::Book, DeleteEntries { keys });
}

fn repair(world: &World, key: &str) -> Option<EntryView> {
    world.ask(
        Role::Book,
        RepairEntry {
            key: key.to_owned(),
        },
    )
}

fn put(world: &World, entry: &LogEntry) {
    block_on(
        world
            .service
            .store
            .update_log(&entry.key, |_| entry.clone()),
    )
    .expect("memory");
}

fn stored(world: &World, key: &str) -> LogEntry {
    block_on(world.service.store.log(key))
        .expect("memory")
        .expect("an entry")
}

fn at(session: &str, started_at: i64) -> LogEntry {
    LogEntry {
        key: format!("call:{session}"),
        session_id: session.to_owned(),
        started_at,
        number: NUMBER.to_owned(),
        ..LogEntry::default()
    }
}

fn failed(entry: LogEntry, cause: &str) -> LogEntry {
    LogEntry {
        state: LogState::Failed(cause.to_owned()),
        ..entry
    }
}

/// The session ids of every "ask again" that was posted, with where.
fn told(world: &World) -> Vec<(i64, Value)> {
    let posted = world.service.browser.posted.borrow();
    posted
        .iter()
        .flat_map(|(_, frame, messages)| messages.iter().map(move |it| (*frame, it)))
        .filter(|(_, it)| it["type"] == "rc-adapter-trigger-call-logger-match")
        .map(|(frame, it)| (frame, it["sessionIds"].clone()))
        .collect()
}

fn world_with_two_widgets() -> World {
    let world = World::with_site_on();
    world.turn_on("https://other.example/");
    for (frame, site) in [(5, SITE), (6, OTHER_SITE)] {
        let session = switchboard::protocol::stored::FrameSession {
            site: site.to_owned(),
            ready: true,
        };
        block_on(world.service.store.put_frame(1, frame, &session)).expect("memory");
    }
    world
}

#[test]
fn the_list_leaves_deleted_entries_out_and_pages_over_them() {
    let world = World::with_site_on();
    for number in 1..=9 {
        put(&world, &at(&number.to_string(), number));
    }
    delete(
        &world,
        &["call:8", "call:7", "call:6", "call:5", "call:3", "call:1"],
    );
    let first = list(&world, None, 2);
    assert_eq!(keys(&first), ["call:9", "call:4"]);
    let second = list(&world, first.next.clone(), 2);
    assert_eq!(keys(&second), ["call:2"]);
    assert_eq!(second.next, None);
}

#[test]
fn an_entry_that_is_kept_elsewhere_is_listed_in_its_place_once() {
    let world = World::with_site_on();
    for number in [1, 3, 5, 7] {
        put(&world, &at(&number.to_string(), number));
    }
    let store = &world.service.store;
    for number in [4, 5, 0] {
        let parked = failed(at(&number.to_string(), number), "failed_storage");
        block_on(store.park_log(&parked)).expect("memory");
    }
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = list(&world, before, 2);
        seen.extend(page.rows.iter().map(|row| {
            let is_failed = matches!(row.state, LogState::Failed(_));
            (row.started_at, is_failed)
        }));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(
        seen,
        [
            (7, false),
            (5, true),
            (4, true),
            (3, false),
            (1, false),
            (0, true)
        ]
    );
}

#[test]
fn an_entry_opens_whole() {
    let world = World::with_site_on();
    world.reads(&[
        person("a1", "Ada Byron", NUMBER),
        person("b1", "Bo Dean", NUMBER),
    ]);
    world.asks("/callLogger", &call("77", "Accepted", 35));
    let mut entry = stored(&world, "call:77");
    entry.recording = Some(Recording {
        id: "r9".to_owned(),
        link: Some("https://media.example/r9".to_owned()),
        ..Recording::default()
    });
    entry.media = vec![Media {
        id: "r9".to_owned(),
        key: "m1".to_owned(),
        kind: "audio/mpeg".to_owned(),
        bytes: 9_000,
        state: MediaState::Kept,
    }];
    entry.ai_note = Some("wants a quote".to_owned());
    put(&world, &entry);
    let view = open(&world, "call:77").expect("it is there");
    let names: Vec<&str> = view.choices.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert_eq!(view.links[0].site_name, "crm.example");
    assert_eq!(
        view.files[0].media,
        Some(("m1".to_owned(), MediaState::Kept))
    );
    assert_eq!(view.files[0].bytes, 9_000);
    assert_eq!(
        view.files[0].link.as_deref(),
        Some("https://media.example/r9")
    );
    assert_eq!(view.ai_note.as_deref(), Some("wants a quote"));
    assert_eq!(view.timeline[0].1, "presenceUpdate");
    assert_eq!(view.timeline[0].2, "Accepted");
    assert_eq!(open(&world, "call:78"), None);
}

#[test]
fn a_link_to_a_contact_that_was_merged_leads_to_the_one_that_stayed() {
    let world = World::with_site_on();
    world.reads(&[
        person("a1", "Ada Byron", NUMBER),
        person("a2", "A. Byron", "+16505550188"),
    ]);
    world.asks("/callLogger", &call("77", "Accepted", 35));
    assert_eq!(
        open(&world, "call:77").expect("there").links[0].contact,
        "a1"
    );
    let store = &world.service.store;
    let merge = |id: &str, into: &str| {
        let contact = block_on(store.contact(SITE, id)).expect("memory");
        let merged = Contact {
            deleted: true,
            merged_into: Some(into.to_owned()),
            ..contact.expect("a contact")
        };
        block_on(store.put_contacts(&[merged])).expect("memory");
    };
    merge("a1", "a2");
    let view = open(&world, "call:77").expect("there");
    assert_eq!(view.links[0].contact, "a2");
    assert_eq!(view.links[0].name, "A. Byron");
    assert_eq!(view.row.contact, "A. Byron");
    // A chain that bites its tail ends with the name of then.
    merge("a2", "a1");
    let view = open(&world, "call:77").expect("there");
    assert_eq!(view.links[0].name, "Ada Byron");
}

#[test]
fn a_day_of_messages_opens_as_a_conversation() {
    let world = World::with_site_on();
    let entry = LogEntry {
        key: "messages:c1:2026-11-20".to_owned(),
        kind: LogKind::Messages,
        message_count: 2,
        media: vec![Media {
            id: "f1".to_owned(),
            key: "m7".to_owned(),
            state: MediaState::TooLarge,
            ..Media::default()
        }],
        ..LogEntry::default()
    };
    put(&world, &entry);
    let message = |id: &str, at: i64, status: &str| Message {
        id: id.to_owned(),
        entry: entry.key.clone(),
        at,
        direction: Direction::Outbound,
        text: format!("text {id}"),
        status: status.to_owned(),
        from: Party {
            number: "+16505550101".to_owned(),
            name: "Sam".to_owned(),
        },
        ..Message::default()
    };
    let mut with_file = message("2", 20, "SendingFailed");
    with_file.attachments = vec![Attachment {
        id: "f1".to_owned(),
        name: "offer.pdf".to_owned(),
        ..Attachment::default()
    }];
    let messages = [with_file, message("1", 10, "Delivered")];
    block_on(world.service.store.put_messages(&messages)).expect("memory");
    let view = open(&world, &entry.key).expect("there");
    let said: Vec<(&str, bool)> = view
        .messages
        .iter()
        .map(|it| (it.text.as_str(), it.failed))
        .collect();
    assert_eq!(said, [("text 1", false), ("text 2", true)]);
    assert_eq!(view.messages[0].from, "Sam");
    let file = &view.messages[1].files[0];
    assert_eq!(file.name, "offer.pdf");
    assert_eq!(file.media, Some(("m7".to_owned(), MediaState::TooLarge)));
}

#[test]
fn an_edit_changes_what_it_names_and_nothing_else() {
    let world = world_with_two_widgets();
    world.asks("/callLogger", &call("77", "Accepted", 35));
    let news = world.service.browser.announced.get();
    let view = save(
        &world,
        SaveEntry {
            note: Some("sent the offer".to_owned()),
            outcome: Some("call_back".to_owned()),
            ..change("call:77")
        },
    )
    .expect("there");
    assert_eq!(view.row.note, "sent the offer");
    assert_eq!(view.row.outcome, "call_back");
    assert_eq!(world.service.browser.announced.get(), news + 1);
    let sessions = json!(["77"]);
    assert_eq!(told(&world), [(5, sessions.clone()), (6, sessions)]);
    let view = save(
        &world,
        SaveEntry {
            subject: Some("Offer".to_owned()),
            outcome: Some("nonsense".to_owned()),
            ..change("call:77")
        },
    )
    .expect("there");
    assert_eq!(view.row.subject, "Offer");
    assert_eq!(view.row.note, "sent the offer");
    assert_eq!(view.row.outcome, "call_back");
    assert_eq!(save(&world, change("call:78")), None);
}

#[test]
fn a_site_that_is_off_is_not_told_of_edits() {
    let world = world_with_two_widgets();
    world.asks("/callLogger", &call("77", "Accepted", 35));
    block_on(world.service.store.update_settings(|settings| {
        settings
            .sites
            .get_mut(OTHER_SITE)
            .expect("it was on")
            .enabled = false;
    }))
    .expect("memory");
    save(&world, change("call:77"));
    assert_eq!(told(&world), [(5, json!(["77"]))]);
}

#[test]
fn a_contact_that_the_user_chooses_in_the_book_is_chosen_for_the_number_too() {
    let world = World::with_site_on();
    world.reads(&[
        person("a1", "Ada Byron", NUMBER),
        person("b1", "Bo Dean", NUMBER),
    ]);
    world.asks("/callLogger", &call("77", "Accepted", 35));
    let choose = |id: &str| {
        let contact = Some((SITE.to_owned(), id.to_owned()));
        save(
            &world,
            SaveEntry {
                contact,
                ..change("call:77")
            },
        )
        .expect("there")
    };
    let view = choose("b1");
    assert_eq!(view.links[0].contact, "b1");
    assert_eq!(view.links[0].why, Why::Chosen);
    let entry = stored(&world, "call:77");
    assert_eq!(entry.contact_keys, [format!("{SITE} b1")]);
    let ada = block_on(world.service.store.contact(SITE, "a1"))
        .expect("memory")
        .expect("Ada");
    let choices = block_on(world.service.store.choices(&ada.number_keys)).expect("memory");
    assert_eq!(choices[0].contact, "b1");
    // Nobody of that id: nothing changes.
    assert_eq!(choose("z9").links[0].contact, "b1");
    let view = choose("");
    assert_eq!(view.links, []);
    assert_eq!(stored(&world, "call:77").contact_keys, Vec::<String>::new());
}

#[test]
fn what_is_deleted_keeps_its_key_and_nobodys_data() {
    let world = world_with_two_widgets();
    world.reads(&[person("a1", "Ada Byron", NUMBER)]);
    world.asks("/callLogger", &call("77", "Accepted", 35));
    let mut entry = stored(&world, "call:77");
    entry.note = "private".to_owned();
    entry.aliases = vec!["log-1".to_owned()];
    entry.media = vec![Media {
        id: "r9".to_owned(),
        key: "m1".to_owned(),
        ..Media::default()
    }];
    put(&world, &entry);
    let message = Message {
        id: "1".to_owned(),
        entry: "call:77".to_owned(),
        at: 10,
        text: "private".to_owned(),
        from: Party {
            number: NUMBER.to_owned(),
            name: "Ada".to_owned(),
        },
        ..Message::default()
    };
    block_on(world.service.store.put_messages(&[message])).expect("memory");
    delete(&world, &["call:77", "call:never"]);

    let gone = stored(&world, "call:77");
    let expected = LogEntry {
        key: "call:77".to_owned(),
        session_id: "77".to_owned(),
        started_at: entry.started_at,
        aliases: vec!["log-1".to_owned()],
        state: LogState::Deleted,
        updated_at: gone.updated_at,
        ..LogEntry::default()
    };
    assert_eq!(gone, expected);
    let kept = block_on(world.service.store.messages_of("call:77")).expect("memory");
    let expected = Message {
        id: "1".to_owned(),
        entry: "call:77".to_owned(),
        at: 10,
        ..Message::default()
    };
    assert_eq!(kept, [expected]);
    assert!(world.done().contains(&"drop file m1".to_owned()));
    assert_eq!(told(&world), [(5, json!(["77"])), (6, json!(["77"]))]);
    assert_eq!(open(&world, "call:77"), None);
    let edit = SaveEntry {
        note: Some("again".to_owned()),
        ..change("call:77")
    };
    assert_eq!(save(&world, edit), None);
    assert_eq!(stored(&world, "call:77").note, "");
}

#[test]
fn a_deletion_that_cannot_be_written_leaves_everything() {
    let world = World::with_site_on();
    put(&world, &at("1", 1));
    world.service.store.logs_are_broken.set(true);
    let keys = vec!["call:1".to_owned()];
    let refused = world.try_ask(Role::Book, DeleteEntries { keys });
    assert!(matches!(refused, Err(Refusal::Storage(_))), "{refused:?}");
    assert_eq!(keys_of_all(&world), ["call:1"]);
}

fn keys_of_all(world: &World) -> Vec<String> {
    let page = list(world, None, 200);
    page.rows.into_iter().map(|row| row.key).collect()
}

#[test]
fn an_entry_that_is_kept_elsewhere_is_edited_deleted_and_written_back() {
    let world = world_with_two_widgets();
    let store = &world.service.store;
    let park = |session: &str| {
        let parked = failed(at(session, 5), "failed_storage");
        block_on(store.park_log(&parked)).expect("memory");
    };
    park("1");
    park("2");
    let edit = SaveEntry {
        note: Some("typed meanwhile".to_owned()),
        ..change("call:1")
    };
    let view = save(&world, edit).expect("there");
    assert_eq!(view.row.note, "typed meanwhile");
    assert_eq!(
        view.row.state,
        LogState::Failed("failed_storage".to_owned())
    );

    // While the log cannot be written, nothing is lost by trying.
    store.logs_are_broken.set(true);
    let key = "call:1".to_owned();
    let refused = world.try_ask(Role::Book, RepairEntry { key });
    assert!(matches!(refused, Err(Refusal::Storage(_))), "{refused:?}");
    store.logs_are_broken.set(false);
    let view = repair(&world, "call:1").expect("there");
    assert_eq!(view.row.state, LogState::Saved);
    assert_eq!(view.row.note, "typed meanwhile");
    assert_eq!(stored(&world, "call:1").note, "typed meanwhile");
    assert_eq!(told(&world), [(5, json!(["1"])), (6, json!(["1"]))]);

    delete(&world, &["call:2"]);
    assert_eq!(keys_of_all(&world), ["call:1"]);
    assert_eq!(block_on(store.failed_logs()).expect("memory"), []);
}

#[test]
fn an_unreadable_entry_is_read_again_under_its_own_key() {
    let world = World::with_site_on();
    world.reads(&[person("a1", "Ada Byron", NUMBER)]);
    let unread = failed(
        LogEntry {
            key: "unread:x1".to_owned(),
            payload: call("77", "Accepted", 35),
            note: "typed meanwhile".to_owned(),
            timeline: vec![TimelineEvent {
                site: SITE.to_owned(),
                ..TimelineEvent::default()
            }],
            ..LogEntry::default()
        },
        "failed_unreadable",
    );
    put(&world, &unread);
    let view = repair(&world, "unread:x1").expect("there");
    assert_eq!(view.row.key, "call:77");
    assert_eq!(view.row.state, LogState::Saved);
    assert_eq!(view.row.contact, "Ada Byron");
    assert_eq!(view.row.duration_s, Some(35));
    assert_eq!(view.row.note, "typed meanwhile");
    assert_eq!(keys_of_all(&world), ["call:77"]);
}

#[test]
fn what_cannot_be_repaired_keeps_its_cause() {
    let world = World::with_site_on();
    let messages = LogEntry {
        key: "messages:c1:2026-11-20".to_owned(),
        kind: LogKind::Messages,
        message_count: 3,
        ..LogEntry::default()
    };
    let unread = LogEntry {
        payload: json!({ "call": 7 }),
        ..at("2", 2)
    };
    for (entry, cause, mended) in [
        (unread, "failed_unreadable", false),
        (at("3", 3), "failed_storage", false),
        (at("4", 4), "failed_of_tomorrow", false),
        (at("5", 5), "failed_late", true),
    ] {
        put(&world, &failed(entry.clone(), cause));
        let view = repair(&world, &entry.key).expect("there");
        let state = if mended {
            LogState::Saved
        } else {
            LogState::Failed(cause.to_owned())
        };
        assert_eq!(view.row.state, state, "{cause}");
    }
    // Its messages are nowhere: it is written into the log, and not called whole.
    block_on(
        world
            .service
            .store
            .park_log(&failed(messages.clone(), "failed_storage")),
    )
    .expect("memory");
    let view = repair(&world, &messages.key).expect("there");
    assert_eq!(
        view.row.state,
        LogState::Failed("failed_storage".to_owned())
    );
    assert_eq!(stored(&world, &messages.key).message_count, 3);
    assert_eq!(repair(&world, "call:never"), None);
}
