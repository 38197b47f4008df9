//! The log: newest first, by day, with ticks for what is to be deleted.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use anyhow::Result;
use switchboard::protocol::book::{
    DeleteEntries, EntryView, ListLogs, LogPage, LogRow, RepairEntry,
};
use switchboard::protocol::stored::{LogKind, LogState, Millis};
use switchboard::view::ledger::Ledger;
use switchboard::view::picks::{Picks, Ticked};
use switchboard::view::route::Route;
use switchboard_ui::language::{counted, day};
use switchboard_ui::{Part as _, by_id, document, page, remember, show};
use switchboard_webext::{now, text};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlButtonElement, HtmlElement, HtmlInputElement};

use crate::rows::Templates;
use crate::shell::{Question, Shell, append, drawn, focus, go, on, put, said, source};

/// How many entries are asked for at a time.
const PAGE: u32 = 50;

/// The most that the worker gives at once.
const MOST: u32 = 200;

/// Where it is remembered whether the rows are dense.
const DENSE: &str = "book.dense";

/// The switch for one kind of entry.
struct KindSwitch {
    kind: LogKind,
    input: HtmlInputElement,
    /// Where it is remembered.
    key: &'static str,
}

/// The log.
pub(crate) struct Log {
    shell: Rc<Shell>,
    templates: Templates,
    table: Element,
    empty: Element,
    none_shown: Element,
    older: HtmlButtonElement,
    end: Element,
    dense: HtmlInputElement,
    kinds: [KindSwitch; 3],
    pick_all: HtmlInputElement,
    bar: Element,
    bar_count: Element,
    ledger: RefCell<Ledger>,
    picks: RefCell<Picks>,
    /// The rows that are drawn, so that nothing moves under the reader without need.
    drawn: RefCell<Option<Vec<LogRow>>>,
    drawn_at: Cell<Millis>,
    is_loading: Cell<bool>,
    /// Whether something changed while it was loading.
    is_stale: Cell<bool>,
    /// The key of the entry that is open beside it.
    open: RefCell<String>,
}

impl Log {
    pub(crate) fn find(shell: &Rc<Shell>) -> Result<Rc<Self>> {
        let kind = |kind, id, key| -> Result<KindSwitch> {
            let input: HtmlInputElement = by_id(id)?;
            input.set_checked(remember::is_on(key, true));
            Ok(KindSwitch { kind, input, key })
        };
        let log = Rc::new(Self {
            shell: shell.clone(),
            templates: Templates::find()?,
            table: by_id("entries")?,
            empty: by_id("empty")?,
            none_shown: by_id("none-shown")?,
            older: by_id("older")?,
            end: by_id("end")?,
            dense: by_id("dense")?,
            kinds: [
                kind(LogKind::Call, "kind-call", "book.calls")?,
                kind(LogKind::Messages, "kind-messages", "book.messages")?,
                kind(LogKind::Meeting, "kind-meeting", "book.meetings")?,
            ],
            pick_all: by_id("pick-all")?,
            bar: by_id("picked")?,
            bar_count: by_id("picked-count")?,
            ledger: RefCell::new(Ledger::default()),
            picks: RefCell::new(Picks::none()),
            drawn: RefCell::new(None),
            drawn_at: Cell::new(0),
            is_loading: Cell::new(false),
            is_stale: Cell::new(false),
            open: RefCell::new(String::new()),
        });
        log.dense.set_checked(remember::is_on(DENSE, false));
        log.draw_density();
        log.attach()?;
        Ok(log)
    }

    fn attach(self: &Rc<Self>) -> Result<()> {
        page::on(self, &self.older, "click", |log| {
            let log = log.clone();
            spawn_local(async move { log.load_older().await });
        });
        page::on(self, &self.dense, "change", |log| {
            remember::set_on(DENSE, log.dense.checked());
            log.draw_density();
        });
        for kind in &self.kinds {
            page::on(self, &kind.input, "change", |log| {
                for kind in &log.kinds {
                    remember::set_on(kind.key, kind.input.checked());
                }
                log.draw();
            });
        }
        on(self, &self.table, "click", Self::clicked);
        on(self, &self.table, "change", Self::ticked);
        page::on(self, &by_id("picked-clear")?, "click", |log| {
            log.picks.replace(Picks::none());
            log.draw_picks();
        });
        page::on(self, &by_id("picked-delete")?, "click", |log| {
            log.delete(log.picked());
        });
        Ok(())
    }

    // ---- the worker ----

    pub(crate) fn refresh_soon(self: &Rc<Self>) {
        if self.is_loading.get() {
            self.is_stale.set(true);
            return;
        }
        let log = self.clone();
        spawn_local(async move { log.refresh().await });
    }

    async fn refresh(&self) {
        if self.is_loading.replace(true) {
            return;
        }
        loop {
            self.is_stale.set(false);
            let loaded = u32::try_from(self.ledger.borrow().rows().len()).unwrap_or(MOST);
            let page = self.list(None, loaded.clamp(PAGE, MOST)).await;
            self.take(page, Ledger::refresh);
            if !self.is_stale.get() {
                break;
            }
        }
        self.is_loading.set(false);
    }

    async fn load_older(self: &Rc<Self>) {
        let Some(before) = self.ledger.borrow().next().cloned() else {
            return;
        };
        if self.is_loading.replace(true) {
            return;
        }
        drawn(put(&self.older, "aria-busy", "true"));
        let page = self.list(Some(before), PAGE).await;
        self.is_loading.set(false);
        drawn(put(&self.older, "aria-busy", "false"));
        self.take(page, Ledger::add_older);
        if self.is_stale.get() {
            self.refresh_soon();
        }
    }

    async fn list(&self, before: Option<(Millis, String)>, limit: u32) -> Option<LogPage> {
        self.shell.ask(ListLogs { before, limit }).await
    }

    fn take(&self, page: Option<LogPage>, into: impl FnOnce(&mut Ledger, LogPage)) {
        if let Some(page) = page {
            into(&mut self.ledger.borrow_mut(), page);
            self.draw();
        }
    }

    /// Asks whether these entries are to be deleted, and does it.
    pub(crate) fn delete(self: &Rc<Self>, keys: Vec<String>) {
        let count = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        if count == 0 {
            return;
        }
        let question = Question {
            title: counted("delete_title", count),
            text: text("delete_text"),
            yes: text("delete_yes"),
        };
        let log = self.clone();
        self.shell.confirm(&question, move || {
            spawn_local(async move {
                let gone = log.shell.ask(DeleteEntries { keys: keys.clone() }).await;
                if gone.is_none() {
                    return;
                }
                log.ledger.borrow_mut().forget(&keys);
                log.draw();
                log.shell.say(&counted("deleted", count));
                if keys.contains(&log.open.borrow()) {
                    go(&Route::Log);
                }
            });
        });
    }

    /// Tries a failed entry again, says how that went, and returns the entry as it is now.
    pub(crate) async fn repair(self: &Rc<Self>, key: &str) -> Option<EntryView> {
        let repair = RepairEntry {
            key: key.to_owned(),
        };
        let view = self.shell.ask(repair).await??;
        let still = matches!(view.row.state, LogState::Failed(_));
        self.shell
            .say(&text(if still { "repair_failed" } else { "repaired" }));
        if view.row.key != key {
            // What could not be read turned out to be another entry's.
            self.ledger.borrow_mut().forget(&[key.to_owned()]);
        }
        self.replace(&view.row);
        self.refresh_soon();
        Some(view)
    }

    /// A click anywhere in a row opens it; links, buttons and ticks keep their own meaning.
    fn clicked(self: &Rc<Self>, event: &Event) {
        let Some(key) = said(event, "tr[data-key]", "data-key") else {
            return;
        };
        if source(event, "[data-act=repair]").is_some() {
            let log = self.clone();
            spawn_local(async move {
                log.repair(&key).await;
            });
        } else if source(event, "a, input, .pick").is_none() {
            go(&Route::Entry(key));
        }
    }

    /// An entry is now like this.
    pub(crate) fn replace(&self, row: &LogRow) {
        self.ledger.borrow_mut().replace(row);
        self.draw();
    }

    /// The entry that is open beside the log; empty for none.
    pub(crate) fn mark(&self, key: &str) {
        self.open.replace(key.to_owned());
        drawn(self.draw_mark());
    }

    /// Gives the focus to the row of an entry.
    pub(crate) fn focus(&self, key: &str) {
        if let Some(row) = self.row_of(key)
            && let Ok(name) = row.part::<HtmlElement>("a.name")
        {
            focus(&name);
        }
    }

    // ---- ticks ----

    fn ticked(self: &Rc<Self>, event: &Event) {
        let Some(input) = event
            .target()
            .and_then(|it| it.dyn_into::<HtmlInputElement>().ok())
        else {
            return;
        };
        let on = input.checked();
        if input.id() == "pick-all" {
            let mut picks = self.picks.borrow_mut();
            for row in self.drawn.borrow().iter().flatten() {
                picks.set(&row.key, on);
            }
        } else if let Some(key) = said(event, "[data-key]", "data-key") {
            self.picks.borrow_mut().set(&key, on);
        }
        self.draw_picks();
    }

    /// The keys of the rows that are shown and ticked.
    fn picked(&self) -> Vec<String> {
        let drawn = self.drawn.borrow();
        let keys = drawn.iter().flatten().map(|row| row.key.as_str());
        self.picks.borrow().of(keys)
    }

    // ---- the page ----

    fn draw(&self) {
        drawn(self.try_draw());
        self.draw_picks();
        drawn(self.draw_mark());
    }

    fn try_draw(&self) -> Result<()> {
        let ledger = self.ledger.borrow();
        let rows: Vec<LogRow> = ledger
            .rows()
            .iter()
            .filter(|row| self.shows(row.kind))
            .cloned()
            .collect();
        let is_empty = ledger.rows().is_empty();
        show(&self.empty, is_empty);
        show(&self.none_shown, !is_empty && rows.is_empty());
        show(&self.table, !rows.is_empty());
        show(&self.older, ledger.next().is_some());
        show(&self.end, !is_empty && ledger.next().is_none());
        let now = now();
        let same_day = day(self.drawn_at.get()) == day(now);
        if same_day && self.drawn.borrow().as_ref() == Some(&rows) {
            return Ok(());
        }
        self.picks
            .borrow_mut()
            .keep(ledger.rows().iter().map(|row| row.key.as_str()));
        let focused = focused_in_row();
        while let Some(group) = self.table.query_selector("tbody").ok().flatten() {
            group.remove();
        }
        let mut group: Option<(_, Element)> = None;
        for row in &rows {
            let row_day = day(row.started_at);
            let body = match &group {
                Some((day, body)) if *day == row_day => body.clone(),
                _ => {
                    let body = self.templates.day(row.started_at, now)?;
                    append(&self.table, &body)?;
                    group = Some((row_day, body.clone()));
                    body
                }
            };
            let element = self.templates.row(row, now)?;
            append(&body, &element)?;
            if let Some((key, selector)) = focused.as_ref()
                && *key == row.key
                && let Ok(part) = element.part::<HtmlElement>(selector)
            {
                focus(&part);
            }
        }
        self.drawn.replace(Some(rows));
        self.drawn_at.set(now);
        Ok(())
    }

    fn draw_picks(&self) {
        let drawn = self.drawn.borrow();
        let keys = || drawn.iter().flatten().map(|row| row.key.as_str());
        let picks = self.picks.borrow();
        for (key, row) in self.elements() {
            if let Ok(input) = row.part::<HtmlInputElement>(".pick input") {
                input.set_checked(picks.has(&key));
            }
        }
        let ticked = picks.ticked(keys());
        self.pick_all.set_checked(ticked == Ticked::All);
        self.pick_all.set_indeterminate(ticked == Ticked::Some);
        let count = u32::try_from(picks.of(keys()).len()).unwrap_or(u32::MAX);
        show(&self.bar, count > 0);
        if count > 0 {
            let said = counted("picked", count);
            self.bar_count.set_text_content(Some(&said));
        }
    }

    fn draw_mark(&self) -> Result<()> {
        if let Some(row) = self.table.query_selector("tr[aria-current]").ok().flatten() {
            // Removing an attribute never fails.
            drop(row.remove_attribute("aria-current"));
        }
        if let Some(row) = self.row_of(&self.open.borrow()) {
            put(&row, "aria-current", "true")?;
        }
        Ok(())
    }

    fn row_of(&self, key: &str) -> Option<Element> {
        self.elements()
            .into_iter()
            .find_map(|(it, row)| (it == key).then_some(row))
    }

    /// The rows that are drawn, by key.
    fn elements(&self) -> Vec<(String, Element)> {
        let Ok(rows) = self.table.query_selector_all("tr[data-key]") else {
            return Vec::new();
        };
        (0..rows.length())
            .filter_map(|at| rows.item(at)?.dyn_into::<Element>().ok())
            .filter_map(|row| Some((row.get_attribute("data-key")?, row)))
            .collect()
    }

    fn shows(&self, kind: LogKind) -> bool {
        self.kinds
            .iter()
            .any(|it| it.kind == kind && it.input.checked())
    }

    fn draw_density(&self) {
        // The name of a class without spaces is always taken.
        drop(
            self.table
                .class_list()
                .toggle_with_force("dense", self.dense.checked()),
        );
    }
}

/// Returns the entry that has the focus and which of its parts, so that a redraw can give it back.
fn focused_in_row() -> Option<(String, &'static str)> {
    let active = document().ok()?.active_element()?;
    let key = active
        .closest("[data-key]")
        .ok()
        .flatten()?
        .get_attribute("data-key")?;
    let selector = if active.class_list().contains("listen") {
        "a.listen"
    } else if active.tag_name() == "INPUT" {
        ".pick input"
    } else {
        "a.name"
    };
    Some((key, selector))
}
