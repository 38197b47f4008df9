//! One entry beside the log: everything that is known of it, and what the user makes of it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use anyhow::Result;
use switchboard::form::OUTCOMES;
use switchboard::protocol::book::{EntryOf, EntryView, LogRow, MessageView, SaveEntry};
use switchboard::protocol::stored::{Direction, LogKind, LogState};
use switchboard::view::draft::Draft;
use switchboard::view::person::web_link;
use switchboard::view::route::Route;
use switchboard::view::{duration, entry as view};
use switchboard_ui::language::{iso, time};
use switchboard_ui::{Part as _, by_id, page, show};
use switchboard_webext::{now, sleep, text};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Element, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTemplateElement,
    HtmlTextAreaElement, KeyboardEvent,
};

use crate::contacts::Contacts;
use crate::files::Files;
use crate::log::Log;
use crate::rows;
use crate::shell::{
    Shell, append, clear, copy, copy_text, drawn, focus, go, on, option, put, said, write,
};

/// How long the user must pause for what was typed to be saved, in milliseconds.
const PAUSE_MS: u32 = 700;

/// The texts of an entry that are saved as they are typed. They outlive the panel's showing another entry.
struct Texts {
    key: String,
    note: RefCell<Draft>,
    subject: RefCell<Draft>,
}

impl Texts {
    fn is_saved(&self) -> bool {
        self.note.borrow().is_saved() && self.subject.borrow().is_saved()
    }
}

/// The panel.
pub(crate) struct EntryPanel {
    shell: Rc<Shell>,
    log: Rc<Log>,
    contacts: Rc<Contacts>,
    /// The files of the entry itself.
    own_files: Rc<Files>,
    /// The files of its messages.
    sent_files: Rc<Files>,
    parts: Parts,
    /// The open entry's key; empty while the panel is closed.
    key: RefCell<String>,
    view: RefCell<Option<EntryView>>,
    texts: RefCell<Option<Rc<Texts>>>,
    typing: Cell<u32>,
}

/// The elements of the panel.
struct Parts {
    root: HtmlElement,
    gone: Element,
    body: Element,
    name: Element,
    facts: Element,
    icon: Element,
    saved: Element,
    standing: Element,
    cause: Element,
    repair: Element,
    meeting: Element,
    join: Element,
    copy: Element,
    mail: Element,
    place: Element,
    details: Element,
    subject: HtmlInputElement,
    outcome_field: Element,
    outcome: HtmlSelectElement,
    note: HtmlTextAreaElement,
    files: Element,
    talk: Element,
    messages: Element,
    message: HtmlTemplateElement,
    ai: Element,
    ai_text: Element,
    transcript: Element,
    transcript_text: Element,
    history: Element,
    timeline: Element,
    event: HtmlTemplateElement,
}

impl Parts {
    fn find() -> Result<Self> {
        Ok(Self {
            root: by_id("entry")?,
            gone: by_id("entry-gone")?,
            body: by_id("entry-body")?,
            name: by_id("entry-name")?,
            facts: by_id("entry-facts")?,
            icon: by_id("entry-icon")?,
            saved: by_id("entry-saved")?,
            standing: by_id("entry-standing")?,
            cause: by_id("entry-cause")?,
            repair: by_id("entry-repair")?,
            meeting: by_id("entry-meeting")?,
            join: by_id("entry-join")?,
            copy: by_id("entry-copy")?,
            mail: by_id("entry-mail")?,
            place: by_id("entry-place")?,
            details: by_id("entry-details")?,
            subject: by_id("entry-subject")?,
            outcome_field: by_id("entry-outcome-field")?,
            outcome: by_id("entry-outcome")?,
            note: by_id("entry-note")?,
            files: by_id("entry-files")?,
            talk: by_id("entry-talk")?,
            messages: by_id("entry-messages")?,
            message: by_id("message")?,
            ai: by_id("entry-ai")?,
            ai_text: by_id("entry-ai-text")?,
            transcript: by_id("entry-transcript")?,
            transcript_text: by_id("entry-transcript-text")?,
            history: by_id("entry-history")?,
            timeline: by_id("entry-timeline")?,
            event: by_id("event")?,
        })
    }
}

impl EntryPanel {
    pub(crate) fn find(shell: &Rc<Shell>, log: &Rc<Log>) -> Result<Rc<Self>> {
        let panel = Rc::new(Self {
            shell: shell.clone(),
            log: log.clone(),
            contacts: Contacts::find(shell)?,
            own_files: Files::find()?,
            sent_files: Files::find()?,
            parts: Parts::find()?,
            key: RefCell::new(String::new()),
            view: RefCell::new(None),
            texts: RefCell::new(None),
            typing: Cell::new(0),
        });
        let outcome = &panel.parts.outcome;
        for said in [""].into_iter().chain(OUTCOMES) {
            append(outcome, &option(said, &text(view::said_key(said)))?.into())?;
        }
        panel.attach();
        Ok(panel)
    }

    fn attach(self: &Rc<Self>) {
        let parts = &self.parts;
        on(self, &parts.root, "click", |panel, event| {
            if let Some(act) = said(event, "[data-act]", "data-act") {
                panel.act(&act);
            }
        });
        on(self, &parts.root, "keydown", |_, event| {
            let is_escape = event
                .dyn_ref::<KeyboardEvent>()
                .is_some_and(|it| it.key() == "Escape");
            if is_escape {
                go(&Route::Log);
            }
        });
        for (field, is_note) in [
            (parts.note.unchecked_ref::<Element>(), true),
            (parts.subject.unchecked_ref(), false),
        ] {
            page::on(self, field, "input", move |panel| panel.typed(is_note));
            page::on(self, field, "change", Self::save_now);
        }
        page::on(self, &parts.outcome, "change", |panel| {
            let outcome = Some(panel.parts.outcome.value());
            panel.submit(SaveEntry {
                outcome,
                ..SaveEntry::default()
            });
        });
        let panel = Rc::downgrade(self);
        self.contacts.on_choice(move |site, id| {
            if let Some(panel) = panel.upgrade() {
                panel.submit(SaveEntry {
                    contact: Some((site, id)),
                    ..SaveEntry::default()
                });
            }
        });
    }

    fn act(self: &Rc<Self>, act: &str) {
        let key = self.key.borrow().clone();
        match act {
            "close" => go(&Route::Log),
            "delete" => self.log.delete(vec![key]),
            "repair" => {
                let panel = self.clone();
                spawn_local(async move { panel.repair(key).await });
            }
            "copy" => {
                let details = self.view.borrow().as_ref().map(|it| it.details.clone());
                let panel = self.clone();
                spawn_local(async move {
                    let copied = copy_text(&details.unwrap_or_default()).await;
                    let said = if copied { "copied" } else { "not_copied" };
                    panel.shell.say(&text(said));
                });
            }
            _ => {}
        }
    }

    // ---- open and closed ----

    pub(crate) fn open(self: &Rc<Self>, key: &str) {
        self.log.mark(key);
        if *self.key.borrow() == key {
            return;
        }
        self.save_now();
        self.key.replace(key.to_owned());
        self.texts.replace(None);
        let panel = self.clone();
        spawn_local(async move {
            panel.contacts.learn_sites().await;
            panel.refresh().await;
            focus(&panel.parts.root);
        });
    }

    pub(crate) fn close(self: &Rc<Self>) {
        let key = self.key.take();
        if key.is_empty() {
            return;
        }
        self.save_now();
        self.texts.replace(None);
        self.view.replace(None);
        self.own_files.release();
        self.sent_files.release();
        show(&self.parts.root, false);
        self.log.mark("");
        self.log.focus(&key);
    }

    /// Asks for the open entry again.
    pub(crate) async fn refresh(self: &Rc<Self>) {
        let key = self.key.borrow().clone();
        if key.is_empty() {
            return;
        }
        let answer = self.shell.ask(EntryOf { key: key.clone() }).await;
        // What came too late is another entry's.
        if let (Some(view), true) = (answer, *self.key.borrow() == key) {
            self.take(view);
            self.save_now();
        }
    }

    // ---- what the user does ----

    fn typed(self: &Rc<Self>, is_note: bool) {
        let Some(texts) = self.texts.borrow().clone() else {
            return;
        };
        if is_note {
            texts.note.borrow_mut().typed(&self.parts.note.value());
        } else {
            texts
                .subject
                .borrow_mut()
                .typed(&self.parts.subject.value());
        }
        self.draw_saved("");
        let turn = self.typing.get().wrapping_add(1);
        self.typing.set(turn);
        let panel = self.clone();
        spawn_local(async move {
            sleep(PAUSE_MS).await;
            if panel.typing.get() == turn {
                panel.save(texts).await;
            }
        });
    }

    /// Saves what was typed without waiting for a pause.
    pub(crate) fn save_now(self: &Rc<Self>) {
        if let Some(texts) = self.texts.borrow().clone()
            && !texts.is_saved()
        {
            let panel = self.clone();
            spawn_local(async move { panel.save(texts).await });
        }
    }

    async fn save(self: &Rc<Self>, texts: Rc<Texts>) {
        loop {
            let note = texts.note.borrow_mut().due();
            let subject = texts.subject.borrow_mut().due();
            if note.is_none() && subject.is_none() {
                return;
            }
            let (has_note, has_subject) = (note.is_some(), subject.is_some());
            let key = texts.key.clone();
            let answer = self
                .shell
                .ask(SaveEntry {
                    key,
                    note,
                    subject,
                    ..SaveEntry::default()
                })
                .await;
            let is_kept = matches!(answer, Some(Some(_)));
            for (sent, draft) in [(has_note, &texts.note), (has_subject, &texts.subject)] {
                let mut draft = draft.borrow_mut();
                match (sent, is_kept) {
                    (true, true) => draft.arrived(),
                    (true, false) => draft.failed(),
                    (false, _) => {}
                }
            }
            let is_open = *self.key.borrow() == texts.key;
            match answer {
                Some(view) if is_open => self.take(view),
                Some(Some(view)) => self.log.replace(&view.row),
                _ => {}
            }
            if !is_kept {
                if is_open {
                    self.draw_saved("not_saved");
                } else {
                    self.shell.say(&text("not_saved"));
                }
                return;
            }
            if is_open && texts.is_saved() {
                self.draw_saved("saved");
            }
        }
    }

    /// Saves a choice at once.
    fn submit(self: &Rc<Self>, save: SaveEntry) {
        let key = self.key.borrow().clone();
        let save = SaveEntry {
            key: key.clone(),
            ..save
        };
        let panel = self.clone();
        spawn_local(async move {
            let answer = panel.shell.ask(save).await;
            if *panel.key.borrow() != key {
                return;
            }
            match answer {
                Some(view) => {
                    panel.take(view);
                    panel.draw_saved("saved");
                }
                None => panel.draw_saved("not_saved"),
            }
        });
    }

    async fn repair(self: &Rc<Self>, key: String) {
        let Some(view) = self.log.repair(&key).await else {
            return;
        };
        if *self.key.borrow() != key {
            return;
        }
        if view.row.key == key {
            self.take(Some(view));
        } else {
            go(&Route::Entry(view.row.key));
        }
    }

    // ---- the page ----

    fn take(self: &Rc<Self>, view: Option<EntryView>) {
        show(&self.parts.gone, view.is_none());
        show(&self.parts.body, view.is_some());
        show(&self.parts.root, true);
        if let Some(view) = view {
            self.log.replace(&view.row);
            drawn(self.draw(&view));
        } else {
            self.texts.replace(None);
            self.view.replace(None);
            drawn(self.draw_head(&LogRow::default(), ""));
        }
    }

    fn draw(self: &Rc<Self>, view: &EntryView) -> Result<()> {
        let before = self.view.replace(Some(view.clone()));
        let before = before.filter(|it| it.row.key == view.row.key);
        if before.as_ref() == Some(view) && self.texts.borrow().is_some() {
            return Ok(());
        }
        let changed =
            |same: &dyn Fn(&EntryView) -> bool| before.as_ref().is_none_or(|it| !same(it));
        if before.is_none() {
            self.parts.body.set_scroll_top(0);
            self.draw_saved("");
        }
        let row = &view.row;
        self.draw_head(row, &facts(row))?;
        self.draw_standing(row);
        self.draw_meeting(view)?;
        let same_people = |it: &EntryView| it.links == view.links && it.choices == view.choices;
        if changed(&same_people) && (before.is_none() || !self.contacts.is_busy()) {
            self.contacts.draw(view)?;
        }
        self.draw_texts(row);
        show(&self.parts.outcome_field, row.kind == LogKind::Call);
        self.parts.outcome.set_value(&row.outcome);
        if changed(&|it| it.files == view.files) {
            self.own_files.release();
            clear(&self.parts.files);
            let unnamed = text("file_recording");
            self.own_files
                .draw(&self.parts.files, &view.files, &unnamed)?;
        }
        if changed(&|it| it.messages == view.messages) {
            self.draw_messages(&view.messages)?;
        }
        self.draw_words(view);
        if changed(&|it| it.timeline == view.timeline) {
            self.draw_timeline(view)?;
        }
        Ok(())
    }

    fn draw_head(&self, row: &LogRow, facts: &str) -> Result<()> {
        let name = if row.key.is_empty() {
            text("book_title")
        } else {
            rows::name(row)
        };
        self.parts.name.set_text_content(Some(&name));
        self.parts.facts.set_text_content(Some(facts));
        put(&self.parts.icon, "href", view::sort(row).icon)
    }

    fn draw_standing(&self, row: &LogRow) {
        let said = rows::standing(&row.state);
        show(&self.parts.standing, !said.is_empty());
        self.parts.cause.set_text_content(Some(&said));
        let is_failed = matches!(row.state, LogState::Failed(_));
        show(&self.parts.repair, is_failed);
    }

    fn draw_meeting(&self, view: &EntryView) -> Result<()> {
        let parts = &self.parts;
        show(&parts.meeting, view.row.kind == LogKind::Meeting);
        let join = web_link(Some(view.location.trim()));
        show(&parts.join, join.is_some());
        if let Some(address) = join {
            put(&parts.join, "href", address)?;
        }
        let mail = Some(view.mailto.as_str()).filter(|it| it.starts_with("mailto:"));
        show(&parts.mail, mail.is_some());
        if let Some(address) = mail {
            put(&parts.mail, "href", address)?;
        }
        show(&parts.copy, !view.details.is_empty());
        parts.place.set_text_content(Some(view.location.trim()));
        parts.details.set_text_content(Some(view.details.trim()));
        Ok(())
    }

    /// The fields show what is stored, unless the user is typing.
    fn draw_texts(&self, row: &LogRow) {
        let parts = &self.parts;
        let texts = self.texts.borrow().clone();
        if let Some(texts) = texts.filter(|it| it.key == row.key) {
            if texts.note.borrow_mut().heard(&row.note) {
                parts.note.set_value(&row.note);
            }
            if texts.subject.borrow_mut().heard(&row.subject) {
                parts.subject.set_value(&row.subject);
            }
            return;
        }
        parts.note.set_value(&row.note);
        parts.subject.set_value(&row.subject);
        self.texts.replace(Some(Rc::new(Texts {
            key: row.key.clone(),
            note: RefCell::new(Draft::of(&row.note)),
            subject: RefCell::new(Draft::of(&row.subject)),
        })));
    }

    fn draw_messages(&self, messages: &[MessageView]) -> Result<()> {
        self.sent_files.release();
        clear(&self.parts.messages);
        show(&self.parts.talk, !messages.is_empty());
        for message in messages {
            let element = copy(&self.parts.message)?;
            let way = match message.direction {
                Direction::Inbound => "in",
                Direction::Outbound => "out",
            };
            put(&element, "data-way", way)?;
            write(&element, ".sender", &message.from)?;
            write(&element, "time", &time(message.at))?;
            put(&element.part("time")?, "datetime", &iso(message.at))?;
            write(&element, ".bubble", &message.text)?;
            show(&element.part(".undelivered")?, message.failed);
            append(&self.parts.messages, &element)?;
            self.sent_files.draw(
                &element.part(".files")?,
                &message.files,
                &text("file_attachment"),
            )?;
        }
        Ok(())
    }

    fn draw_words(&self, view: &EntryView) {
        let parts = &self.parts;
        for (part, into, words) in [
            (&parts.ai, &parts.ai_text, &view.ai_note),
            (&parts.transcript, &parts.transcript_text, &view.transcript),
        ] {
            show(part, words.is_some());
            into.set_text_content(words.as_deref());
        }
    }

    fn draw_timeline(&self, view: &EntryView) -> Result<()> {
        clear(&self.parts.timeline);
        show(&self.parts.history, !view.timeline.is_empty());
        for (at, trigger, result) in &view.timeline {
            let element = copy(&self.parts.event)?;
            write(&element, "time", &time(*at))?;
            put(&element.part("time")?, "datetime", &iso(*at))?;
            write(&element, ".result", result)?;
            write(&element, ".trigger", trigger)?;
            append(&self.parts.timeline, &element)?;
        }
        Ok(())
    }

    /// Says whether what was typed is kept; empty while the user is typing.
    fn draw_saved(&self, key: &str) {
        let said = if key.is_empty() {
            String::new()
        } else {
            text(key)
        };
        self.parts.saved.set_text_content(Some(&said));
        drawn(put(&self.parts.saved, "data-said", key));
    }
}

/// "Answered · +442079460321 · Today, 14:03 · 4:07".
fn facts(row: &LogRow) -> String {
    let now = now();
    let when = rows::when(row.started_at, now);
    let number = Some(row.number.clone()).filter(|it| !it.is_empty() && *it != rows::name(row));
    let lasted = row.duration_s.filter(|it| *it > 0).map(duration);
    [Some(rows::result(row, now)), number, Some(when), lasted]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}
