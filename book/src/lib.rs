//! The log book page: the log, newest first, grouped by day.
//!
//! The worker owns the log; this page asks for it page by page and again whenever the user comes back.
//! It keeps nothing but how it was left: which kinds are shown, and how dense.

mod rows;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use anyhow::{Context as _, Result, anyhow};
use switchboard::protocol::book::{ListLogs, LogPage, LogRow};
use switchboard::protocol::runtime::Refusal;
use switchboard::protocol::stored::{LogKind, Millis};
use switchboard::view::ledger::Ledger;
use switchboard::view::notice::{NO_ANSWER, STORAGE, help_key};
use switchboard_ui::language::day;
use switchboard_ui::{
    Part as _, by_id, document, is_seen, on_change, page, remember, show, translate, window,
};
use switchboard_webext::panics::report;
use switchboard_webext::{AskError, ask, install_panic_hook, now, text};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, EventTarget, HtmlButtonElement, HtmlElement, HtmlInputElement};

use crate::rows::Templates;

/// How many entries are asked for at a time.
const PAGE: u32 = 50;

/// Where it is remembered whether the rows are dense.
const DENSE: &str = "book.dense";

/// Opens the log book.
#[wasm_bindgen]
pub fn start() {
    install_panic_hook();
    spawn_local(async {
        if open().await.is_err() {
            report("the log book could not be opened");
        }
    });
}

async fn open() -> Result<()> {
    translate(&document()?)?;
    let book = Rc::new(Book::find()?);
    book.attach()?;
    book.refresh().await;
    Ok(())
}

/// The switch for one kind of entry.
struct KindSwitch {
    kind: LogKind,
    input: HtmlInputElement,
    /// Where it is remembered.
    key: &'static str,
}

/// The open log book.
struct Book {
    templates: Templates,
    table: Element,
    empty: Element,
    none_shown: Element,
    older: HtmlButtonElement,
    end: Element,
    problem: Element,
    problem_text: Element,
    problem_help: Element,
    dense: HtmlInputElement,
    kinds: [KindSwitch; 3],
    ledger: RefCell<Ledger>,
    /// The day and the rows that are drawn, so that nothing moves under the reader without need.
    drawn: RefCell<Option<Vec<LogRow>>>,
    drawn_at: Cell<Millis>,
    is_loading: Cell<bool>,
}

impl Book {
    fn find() -> Result<Self> {
        let kind = |kind, id, key| -> Result<KindSwitch> {
            let input: HtmlInputElement = by_id(id)?;
            input.set_checked(remember::is_on(key, true));
            Ok(KindSwitch { kind, input, key })
        };
        let book = Self {
            templates: Templates::find()?,
            table: by_id("log")?,
            empty: by_id("empty")?,
            none_shown: by_id("none-shown")?,
            older: by_id("older")?,
            end: by_id("end")?,
            problem: by_id("problem")?,
            problem_text: by_id("problem-text")?,
            problem_help: by_id("problem-help")?,
            dense: by_id("dense")?,
            kinds: [
                kind(LogKind::Call, "kind-call", "book.calls")?,
                kind(LogKind::Messages, "kind-messages", "book.messages")?,
                kind(LogKind::Meeting, "kind-meeting", "book.meetings")?,
            ],
            ledger: RefCell::new(Ledger::default()),
            drawn: RefCell::new(None),
            drawn_at: Cell::new(0),
            is_loading: Cell::new(false),
        };
        book.dense.set_checked(remember::is_on(DENSE, false));
        book.draw_density()?;
        Ok(book)
    }

    fn attach(self: &Rc<Self>) -> Result<()> {
        self.on(&self.older, "click", |book| {
            let book = book.clone();
            spawn_local(async move { book.load_older().await });
        });
        self.on(&self.dense, "change", |book| {
            remember::set_on(DENSE, book.dense.checked());
            if book.draw_density().is_err() {
                report("the log book could not change its density");
            }
        });
        for kind in &self.kinds {
            self.on(&kind.input, "change", |book| {
                for kind in &book.kinds {
                    remember::set_on(kind.key, kind.input.checked());
                }
                book.draw();
            });
        }
        self.on(&document()?.into(), "visibilitychange", Self::refresh_soon);
        self.on(&window()?.into(), "focus", Self::refresh_soon);
        on_change(self, Self::refresh_soon)?;
        Ok(())
    }

    fn on(
        self: &Rc<Self>,
        target: &EventTarget,
        event: &'static str,
        act: impl Fn(&Rc<Self>) + 'static,
    ) {
        page::on(self, target, event, act);
    }

    // ---- the worker ----

    fn refresh_soon(self: &Rc<Self>) {
        if is_seen() {
            let book = self.clone();
            spawn_local(async move { book.refresh().await });
        }
    }

    async fn refresh(&self) {
        if self.is_loading.replace(true) {
            return;
        }
        let answer = self.list(None).await;
        self.is_loading.set(false);
        self.take(answer, Ledger::refresh);
    }

    async fn load_older(&self) {
        let Some(before) = self.ledger.borrow().next().cloned() else {
            return;
        };
        if self.is_loading.replace(true) {
            return;
        }
        self.draw_busy(true);
        let answer = self.list(Some(before)).await;
        self.is_loading.set(false);
        self.draw_busy(false);
        self.take(answer, Ledger::add_older);
    }

    async fn list(&self, before: Option<(Millis, String)>) -> Result<LogPage, AskError> {
        ask(ListLogs {
            before,
            limit: PAGE,
        })
        .await
    }

    fn take(&self, answer: Result<LogPage, AskError>, into: impl FnOnce(&mut Ledger, LogPage)) {
        show(&self.problem, answer.is_err());
        match answer {
            Ok(page) => {
                into(&mut self.ledger.borrow_mut(), page);
                self.draw();
            }
            Err(error) => {
                let problem = match error {
                    AskError::Refused(Refusal::Storage(_)) => STORAGE,
                    _ => NO_ANSWER,
                };
                self.problem_text.set_text_content(Some(&text(problem)));
                self.problem_help
                    .set_text_content(Some(&text(&help_key(problem))));
            }
        }
    }

    // ---- the page ----

    fn draw(&self) {
        if self.try_draw().is_err() {
            report("the log book could not be drawn");
        }
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
                && let Ok(link) = element.part::<HtmlElement>(selector)
            {
                // Where the focus was is no longer there only if the entry lost its link.
                drop(link.focus());
            }
        }
        self.drawn.replace(Some(rows));
        self.drawn_at.set(now);
        Ok(())
    }

    fn shows(&self, kind: LogKind) -> bool {
        self.kinds
            .iter()
            .any(|it| it.kind == kind && it.input.checked())
    }

    fn draw_density(&self) -> Result<()> {
        self.table
            .class_list()
            .toggle_with_force("dense", self.dense.checked())
            .map_err(|_| anyhow!("changing the density"))?;
        Ok(())
    }

    fn draw_busy(&self, busy: bool) {
        let said = if busy { "true" } else { "false" };
        if self.older.set_attribute("aria-busy", said).is_err() {
            report("the log book could not show that it waits");
        }
    }
}

/// Returns the entry that has the focus and which of its links, so that a redraw can give it back.
fn focused_in_row() -> Option<(String, &'static str)> {
    let active = document().ok()?.active_element()?;
    let key = active
        .closest("[data-key]")
        .ok()
        .flatten()?
        .get_attribute("data-key")?;
    let selector = if active.class_list().contains("listen") {
        "a.listen"
    } else {
        "a.name"
    };
    Some((key, selector))
}

fn append(parent: &Element, child: &Element) -> Result<()> {
    parent
        .append_child(child)
        .ok()
        .context("adding to the table")?;
    Ok(())
}
