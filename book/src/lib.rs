//! The log book page: the log, the people, and the calls that are not logged yet.
//!
//! The worker owns all of it; this page asks, shows, and sends what the user does. It keeps nothing but how
//! it was left: which kinds of entries are shown, and how dense. What is open stands in the address.

mod contacts;
mod entry;
mod files;
mod log;
mod people;
mod person;
mod rows;
mod shell;
mod unlogged;

use std::cell::RefCell;
use std::rc::Rc;

use anyhow::Result;
use switchboard::view::route::Route;
use switchboard_ui::page;
use switchboard_ui::{by_id, document, is_seen, on_change, show, translate, window};
use switchboard_webext::install_panic_hook;
use switchboard_webext::panics::report;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use crate::entry::EntryPanel;
use crate::log::Log;
use crate::people::People;
use crate::person::PersonPanel;
use crate::shell::{Shell, drawn, focus, go, on, put, said};
use crate::unlogged::Unlogged;

/// Opens the log book.
#[wasm_bindgen]
pub fn start() {
    install_panic_hook();
    if open().is_err() {
        report("the log book could not be opened");
    }
}

fn open() -> Result<()> {
    translate(&document()?)?;
    let shell = Shell::find()?;
    let log = Log::find(&shell)?;
    let people = People::find(&shell)?;
    let book = Rc::new(Book {
        entry: EntryPanel::find(&shell, &log)?,
        person: PersonPanel::find(&shell, &people)?,
        unlogged: Unlogged::find(&shell)?,
        log,
        people,
        tabs: [
            Tab::find("log")?,
            Tab::find("people")?,
            Tab::find("unlogged")?,
        ],
        route: RefCell::new(None),
    });
    book.attach()?;
    book.follow();
    book.unlogged.refresh_soon();
    Ok(())
}

/// A view and the tab that shows it.
struct Tab {
    name: &'static str,
    button: HtmlElement,
    view: Element,
}

impl Tab {
    fn find(name: &'static str) -> Result<Self> {
        let (button, view) = match name {
            "people" => ("tab-people", "view-people"),
            "unlogged" => ("tab-unlogged", "view-unlogged"),
            _ => ("tab-log", "view-log"),
        };
        Ok(Self {
            name,
            button: by_id(button)?,
            view: by_id(view)?,
        })
    }

    fn route(&self) -> Route {
        match self.name {
            "people" => Route::People,
            "unlogged" => Route::Unlogged,
            _ => Route::Log,
        }
    }
}

/// The open log book.
struct Book {
    log: Rc<Log>,
    entry: Rc<EntryPanel>,
    people: Rc<People>,
    person: Rc<PersonPanel>,
    unlogged: Rc<Unlogged>,
    tabs: [Tab; 3],
    /// What is open.
    route: RefCell<Option<Route>>,
}

impl Book {
    fn attach(self: &Rc<Self>) -> Result<()> {
        let tabs: Element = by_id("tabs")?;
        on(self, &tabs, "click", |book, event| {
            let name = said(event, "[data-tab]", "data-tab");
            if let Some(tab) = book.tabs.iter().find(|it| Some(it.name) == name.as_deref()) {
                go(&tab.route());
            }
        });
        on(self, &tabs, "keydown", |book, event| book.move_along(event));
        page::on(self, &window()?.into(), "hashchange", Self::follow);
        page::on(self, &document()?.into(), "visibilitychange", |book| {
            book.entry.save_now();
            book.refresh_soon();
        });
        page::on(self, &window()?.into(), "pagehide", |book| {
            book.entry.save_now();
        });
        page::on(self, &window()?.into(), "focus", Self::refresh_soon);
        on_change(self, Self::refresh_soon)?;
        Ok(())
    }

    /// Arrow keys go from tab to tab.
    fn move_along(&self, event: &Event) {
        let Some(key) = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key) else {
            return;
        };
        let name = said(event, "[data-tab]", "data-tab");
        let Some(at) = self
            .tabs
            .iter()
            .position(|it| Some(it.name) == name.as_deref())
        else {
            return;
        };
        let last = self.tabs.len() - 1;
        let forward = document().is_ok_and(|it| it.dir() != "rtl");
        let to = match (key.as_str(), forward) {
            ("ArrowRight", true) | ("ArrowLeft", false) => {
                if at == last {
                    0
                } else {
                    at + 1
                }
            }
            ("ArrowLeft", true) | ("ArrowRight", false) => at.checked_sub(1).unwrap_or(last),
            ("Home", _) => 0,
            ("End", _) => last,
            _ => return,
        };
        event.prevent_default();
        if let Some(tab) = self.tabs.get(to) {
            go(&tab.route());
            focus(&tab.button);
        }
    }

    /// Shows what the address says.
    fn follow(self: &Rc<Self>) {
        let hash = window().map(|it| it.location().hash().unwrap_or_default());
        let route = Route::of(&hash.unwrap_or_default());
        let before = self.route.replace(Some(route.clone()));
        if let Route::Person { site, .. } = &route {
            self.people.show_site(site);
        }
        let view = route.view();
        if before.as_ref().map(Route::view) != Some(view) {
            for tab in &self.tabs {
                let is_open = tab.name == view;
                let (selected, stop) = if is_open {
                    ("true", "0")
                } else {
                    ("false", "-1")
                };
                show(&tab.view, is_open);
                drawn(put(&tab.button, "aria-selected", selected));
                drawn(put(&tab.button, "tabindex", stop));
            }
            self.refresh_view(view);
        }
        match &route {
            Route::Entry(key) => self.entry.open(key),
            _ => self.entry.close(),
        }
        match &route {
            Route::Person { site, id } => self.person.open(site, id),
            _ => self.person.close(),
        }
    }

    fn refresh_view(&self, view: &str) {
        match view {
            "people" => self.people.refresh_soon(),
            "unlogged" => self.unlogged.refresh_soon(),
            _ => self.log.refresh_soon(),
        }
    }

    /// Something may have changed: what can be seen is asked for again.
    fn refresh_soon(self: &Rc<Self>) {
        if !is_seen() {
            return;
        }
        let view = self.route.borrow().as_ref().map_or("log", Route::view);
        self.refresh_view(view);
        if view != "unlogged" {
            // Its tab says how many there are.
            self.unlogged.refresh_soon();
        }
        let book = self.clone();
        spawn_local(async move {
            book.entry.refresh().await;
            book.person.refresh().await;
        });
    }
}
