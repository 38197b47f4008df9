//! Stories of numbers clicked in a page, of the page that is in view, and of consent to read it.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use common::{SITE, World, nobody, person, without_id};
use serde_json::json;
use switchboard::protocol::page::{PageContact, Reading};
use switchboard::protocol::runtime::{AgentHello, DialPlease, Dialling, PageFacts, PageRead};
use switchboard::protocol::stored::{Dialled, MOST_IN_VIEW, TabReport};
use switchboard::service::ports::Store as _;

fn click(number: &str) -> DialPlease {
    DialPlease {
        number: number.to_owned(),
        row: String::new(),
        links: Vec::new(),
        then: Dialling::Call,
    }
}

fn clicked_in(row: &str, links: &[&str]) -> DialPlease {
    DialPlease {
        row: row.to_owned(),
        links: links.iter().map(|it| (*it).to_owned()).collect(),
        ..click("020 7946 0321")
    }
}

fn linked(contact: PageContact) -> PageContact {
    let id = contact.id.clone().unwrap_or_default();
    PageContact {
        url: Some(format!("https://crm.example/people/{id}")),
        ..contact
    }
}

/// Three people of one house, and somebody else.
fn house() -> World {
    let world = World::with_site_on();
    world.reads(&[
        linked(person("1", "Ada Byron", "020 7946 0321")),
        linked(person("2", "Ada", "020 7946 0321")),
        linked(person("3", "José Peña", "+44 20 7946 0321")),
        linked(person("4", "Una Hara", "020 7946 0999")),
    ]);
    world
}

fn dialled(world: &World) -> Option<Dialled> {
    pollster::block_on(world.service.store.dialled(SITE)).expect("memory")
}

fn report(world: &World) -> TabReport {
    let report = pollster::block_on(world.service.store.tab_report(1)).expect("memory");
    report.expect("a report")
}

#[test]
fn the_row_around_a_number_says_who_is_meant() {
    let cases: &[(&str, &[&str], &str)] = &[
        ("Ada Byron 020 7946 0321", &[], "1"),
        (
            "ADA BYRON\t020 7946 0321",
            &["https://crm.example/people/4"],
            "1",
        ),
        ("Ada\nAnalyst", &[], "2"),
        ("jose pena, director", &[], "3"),
        ("Cañada Byronson, José Peñalba", &[], ""),
        ("020 7946 0321", &["https://crm.example/people/3"], "3"),
        ("Ada Byron", &["https://crm.example/people/3"], "3"),
        (
            "Ada Byron",
            &[
                "https://crm.example/people/1",
                "https://crm.example/people/3",
            ],
            "1",
        ),
        ("Ada Byron and José Peña", &[], ""),
        ("Una Hara", &["https://crm.example/people/4"], ""),
        ("", &[], ""),
    ];
    let world = house();
    for (row, links, meant) in cases {
        world.later(1_000);
        world.agent(clicked_in(row, links));
        let dialled = dialled(&world).expect("a click");
        assert_eq!(dialled.contact, *meant, "{row} {links:?}");
        assert_eq!(dialled.number, format!("{SITE} +442079460321"));
        assert_eq!(dialled.at, world.service.browser.time.get());
    }
}

#[test]
fn on_a_records_page_the_record_is_meant() {
    let world = house();
    world.agent(PageRead {
        reading: Reading {
            contacts: vec![linked(person("3", "José Peña", "020 7946 0321"))],
            open_record: Some("3".to_owned()),
            ..Reading::default()
        },
        url: "https://crm.example/people/3".to_owned(),
    });
    world.agent(clicked_in("Phone 020 7946 0321", &[]));
    assert_eq!(dialled(&world).expect("a click").contact, "3");
    world.agent(clicked_in("Ada Byron 020 7946 0321", &[]));
    assert_eq!(dialled(&world).expect("a click").contact, "1");
}

#[test]
fn the_widget_of_the_tab_dials_once() {
    let world = house();
    world.admit_frame(5);
    world.admit_frame(6);
    world.widget_takes_numbers();
    world.service.browser.posted.borrow_mut().clear();
    let cases = [
        ("020 7946 0321", "+442079460321"),
        ("+442079460321;ext=317", "+442079460321*317"),
        ("102", "102"),
    ];
    for (number, told) in cases {
        assert!(world.agent(click(number)));
        let posted = world.service.browser.posted.take();
        assert_eq!(posted.len(), 1, "{number}");
        assert_eq!(posted[0].0, 1);
        assert_eq!(
            posted[0].2,
            [json!({ "type": "rc-adapter-new-call", "phoneNumber": told, "toCall": true })]
        );
    }
}

#[test]
fn where_another_dials_the_click_is_only_remembered() {
    let world = house();
    world.admit_frame(5);
    world.service.browser.posted.borrow_mut().clear();
    let told = DialPlease {
        then: Dialling::Nothing,
        ..clicked_in("Ada Byron", &[])
    };
    assert!(!world.agent(told));
    assert_eq!(world.service.browser.posted.take(), []);
    assert_eq!(dialled(&world).expect("a click").contact, "1");
}

#[test]
fn a_link_that_is_no_number_is_remembered_by_nobody() {
    let world = house();
    world.agent(click("call us"));
    world.agent(click(&"x".repeat(100_000)));
    assert_eq!(dialled(&world), None);
}

#[test]
fn the_contacts_in_view_are_named_by_the_ids_they_are_stored_under() {
    let world = World::with_site_on();
    world.reads(&[person("7", "Ada Byron", "020 7946 0321")]);
    let company = PageContact {
        organisation: true,
        ..nobody("7", "Byron Works")
    };
    world.reads(&[
        nobody("9", "Una Hara"),
        // Known by its record's id from the page before.
        without_id("Ada Byron", "020 7946 0321"),
        company,
        nobody("9", "Una Hara"),
        nobody("", " "),
    ]);
    let report = report(&world);
    assert_eq!(report.in_view, ["9", "7", "org:7"]);
    assert_eq!(report.url, "https://crm.example/people");
    assert_eq!(report.open_record, None);
}

#[test]
fn the_open_record_is_the_one_of_the_pages_address() {
    let world = World::with_site_on();
    let company = PageContact {
        organisation: true,
        url: Some("https://crm.example/companies/7".to_owned()),
        ..nobody("7", "Byron Works")
    };
    for (url, open) in [
        ("https://crm.example/people/7", "7"),
        ("https://crm.example/companies/7", "org:7"),
        ("https://crm.example/people/7?tab=2", "7"),
    ] {
        world.agent(PageRead {
            reading: Reading {
                contacts: vec![linked(nobody("7", "Ada Byron")), company.clone()],
                open_record: Some("7".to_owned()),
                ..Reading::default()
            },
            url: url.to_owned(),
        });
        assert_eq!(report(&world).open_record.as_deref(), Some(open), "{url}");
    }
}

#[test]
fn no_more_contacts_are_in_view_than_somebody_sees() {
    let world = World::with_site_on();
    let crowd: Vec<PageContact> = (0..500)
        .map(|it| nobody(&it.to_string(), &format!("Person {it}")))
        .collect();
    world.reads(&crowd);
    let report = report(&world);
    assert_eq!((report.contacts, report.in_view.len()), (500, MOST_IN_VIEW));
    assert_eq!(report.in_view[1], "1");
}

#[test]
fn without_consent_a_reading_changes_nothing_and_what_was_known_stays() {
    let world = World::with_site_on();
    world.reads(&[person("1", "Ada Byron", "020 7946 0321")]);
    consent(&world, false);
    world.reads(&[person("2", "Una Hara", "020 7946 0999")]);
    let hello = AgentHello {
        page: PageFacts::default(),
        fresh: true,
    };
    let config = world.agent(hello.clone()).expect("the site is on");
    assert!(!config.read_contacts);
    let kept = pollster::block_on(world.service.store.contacts(SITE)).expect("memory");
    let names: Vec<&str> = kept.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["Ada Byron"]);
    let told = report(&world);
    assert_eq!((told.contacts, told.in_view.len()), (0, 0));

    consent(&world, true);
    assert!(world.agent(hello).expect("the site is on").read_contacts);
    world.reads(&[person("2", "Una Hara", "020 7946 0999")]);
    assert_eq!(report(&world).in_view, ["2"]);
}

fn consent(world: &World, given: bool) {
    let change = world.service.store.update_settings(|settings| {
        if let Some(own) = settings.sites.get_mut(SITE) {
            own.read_contacts = given;
        }
    });
    pollster::block_on(change).expect("memory");
}
