//! The twins of the browser's storage and of the browser: for tests, without a browser.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::ports::{Browser, MediaLimits, Registered, Store, StoreError, Stored};
use crate::moment;
use crate::protocol::runtime::FromBackground;
use crate::protocol::stored::{
    Choice, Contact, Dialled, FrameId, FrameSession, LogEntry, LogState, Media, MediaState,
    Message, Millis, Pending, PlannedEvent, Settings, TabReport, Ticket, Typing, Unlogged,
    WidgetFacts, WindowPlace,
};

/// A store in memory. It can be told to fail.
#[derive(Debug, Default)]
pub struct MemoryStore {
    settings: RefCell<Settings>,
    contacts: RefCell<BTreeMap<(String, String), Contact>>,
    logs: RefCell<BTreeMap<String, LogEntry>>,
    tickets: RefCell<BTreeMap<String, Ticket>>,
    frames: RefCell<BTreeMap<(i32, FrameId), FrameSession>>,
    reports: RefCell<BTreeMap<i32, TabReport>>,
    choices: RefCell<BTreeMap<String, Choice>>,
    messages: RefCell<BTreeMap<String, Message>>,
    events: RefCell<BTreeMap<(String, String), PlannedEvent>>,
    parked: RefCell<BTreeMap<String, LogEntry>>,
    facts: RefCell<BTreeMap<String, WidgetFacts>>,
    unlogged: RefCell<BTreeMap<String, Unlogged>>,
    dialled: RefCell<BTreeMap<String, Dialled>>,
    claims: RefCell<BTreeSet<String>>,
    pending: RefCell<BTreeMap<Option<i32>, Pending>>,
    typing: RefCell<Option<Typing>>,
    /// While set, every write of a log entry or a message fails.
    pub logs_are_broken: Cell<bool>,
}

impl Store for MemoryStore {
    async fn settings(&self) -> Stored<Settings> {
        Ok(self.settings.borrow().clone())
    }

    async fn update_settings(&self, change: impl FnOnce(&mut Settings)) -> Stored<Settings> {
        change(&mut self.settings.borrow_mut());
        Ok(self.settings.borrow().clone())
    }

    async fn contact(&self, site: &str, id: &str) -> Stored<Option<Contact>> {
        let key = (site.to_owned(), id.to_owned());
        Ok(self.contacts.borrow().get(&key).cloned())
    }

    async fn contacts(&self, site: &str) -> Stored<Vec<Contact>> {
        let contacts = self.contacts.borrow();
        Ok(contacts
            .values()
            .filter(|contact| contact.site == site)
            .cloned()
            .collect())
    }

    async fn count_contacts(&self, site: &str) -> Stored<u32> {
        let all = self.contacts(site).await?;
        Ok(u32::try_from(all.len()).unwrap_or(u32::MAX))
    }

    async fn contacts_with(&self, number_keys: &[String]) -> Stored<Vec<Contact>> {
        let contacts = self.contacts.borrow();
        Ok(contacts
            .values()
            .filter(|contact| {
                contact
                    .number_keys
                    .iter()
                    .any(|key| number_keys.contains(key))
            })
            .cloned()
            .collect())
    }

    async fn newest_contacts(&self, site: &str, limit: u32) -> Stored<Vec<Contact>> {
        let mut all = self.contacts(site).await?;
        all.retain(|contact| !contact.deleted);
        all.sort_by(|a, b| (b.read_at, &b.id).cmp(&(a.read_at, &a.id)));
        all.truncate(limit as usize);
        Ok(all)
    }

    async fn contacts_changed(&self, site: &str, since: Millis) -> Stored<Vec<Contact>> {
        let mut all = self.contacts(site).await?;
        all.retain(|contact| contact.changed_at >= since);
        Ok(all)
    }

    async fn put_contacts(&self, contacts: &[Contact]) -> Stored<()> {
        let mut all = self.contacts.borrow_mut();
        for contact in contacts {
            all.insert((contact.site.clone(), contact.id.clone()), contact.clone());
        }
        Ok(())
    }

    async fn choices(&self, number_keys: &[String]) -> Stored<Vec<Choice>> {
        let choices = self.choices.borrow();
        Ok(number_keys
            .iter()
            .filter_map(|key| choices.get(key).cloned())
            .collect())
    }

    async fn put_choice(&self, choice: &Choice) -> Stored<()> {
        self.choices
            .borrow_mut()
            .insert(choice.number.clone(), choice.clone());
        Ok(())
    }

    async fn drop_choice(&self, number_key: &str) -> Stored<()> {
        self.choices.borrow_mut().remove(number_key);
        Ok(())
    }

    async fn messages(&self, ids: &[String]) -> Stored<Vec<Message>> {
        let messages = self.messages.borrow();
        Ok(ids
            .iter()
            .filter_map(|id| messages.get(id).cloned())
            .collect())
    }

    async fn messages_of(&self, entry: &str) -> Stored<Vec<Message>> {
        let messages = self.messages.borrow();
        Ok(messages
            .values()
            .filter(|message| message.entry == entry)
            .cloned()
            .collect())
    }

    async fn put_messages(&self, messages: &[Message]) -> Stored<()> {
        self.written()?;
        let mut all = self.messages.borrow_mut();
        for message in messages {
            all.insert(message.id.clone(), message.clone());
        }
        Ok(())
    }

    async fn events(&self, site: &str, since: Millis) -> Stored<Vec<PlannedEvent>> {
        let events = self.events.borrow();
        Ok(events
            .values()
            .filter(|event| event.site == site && event.starts_at >= since)
            .cloned()
            .collect())
    }

    async fn put_events(&self, events: &[PlannedEvent]) -> Stored<()> {
        let mut all = self.events.borrow_mut();
        for event in events {
            all.insert((event.site.clone(), event.id.clone()), event.clone());
        }
        Ok(())
    }

    async fn log(&self, key: &str) -> Stored<Option<LogEntry>> {
        Ok(self.logs.borrow().get(key).cloned())
    }

    async fn update_log(
        &self,
        key: &str,
        change: impl FnOnce(Option<LogEntry>) -> LogEntry,
    ) -> Stored<LogEntry> {
        self.written()?;
        let before = self.logs.borrow().get(key).cloned();
        let entry = change(before);
        self.logs.borrow_mut().insert(key.to_owned(), entry.clone());
        Ok(entry)
    }

    async fn newest_logs(
        &self,
        before: Option<(Millis, String)>,
        limit: u32,
    ) -> Stored<Vec<LogEntry>> {
        Ok(self.newest(limit, |entry| {
            before
                .as_ref()
                .is_none_or(|before| (entry.started_at, &entry.key) < (before.0, &before.1))
        }))
    }

    async fn logs_of_contact(&self, contact_key: &str, limit: u32) -> Stored<Vec<LogEntry>> {
        Ok(self.newest(limit, |entry| {
            entry.contact_keys.iter().any(|key| key == contact_key)
        }))
    }

    async fn logs_with_alias(&self, alias: &str) -> Stored<Vec<LogEntry>> {
        Ok(self.newest(u32::MAX, |entry| entry.aliases.iter().any(|it| it == alias)))
    }

    async fn failed_logs(&self) -> Stored<Vec<LogEntry>> {
        let mut failed = self.newest(u32::MAX, |entry| matches!(entry.state, LogState::Failed(_)));
        failed.extend(self.parked.borrow().values().cloned());
        Ok(failed)
    }

    async fn park_log(&self, entry: &LogEntry) -> Stored<()> {
        self.parked
            .borrow_mut()
            .insert(entry.key.clone(), entry.clone());
        Ok(())
    }

    async fn unpark_log(&self, key: &str) -> Stored<Option<LogEntry>> {
        Ok(self.parked.borrow_mut().remove(key))
    }

    async fn count_logs(&self) -> Stored<u32> {
        Ok(u32::try_from(self.logs.borrow().len()).unwrap_or(u32::MAX))
    }

    async fn put_ticket(&self, ticket: &str, value: &Ticket) -> Stored<()> {
        self.tickets
            .borrow_mut()
            .insert(ticket.to_owned(), value.clone());
        Ok(())
    }

    async fn take_ticket(&self, ticket: &str) -> Stored<Option<Ticket>> {
        Ok(self.tickets.borrow_mut().remove(ticket))
    }

    async fn frame(&self, tab: i32, frame: FrameId) -> Stored<Option<FrameSession>> {
        Ok(self.frames.borrow().get(&(tab, frame)).cloned())
    }

    async fn put_frame(&self, tab: i32, frame: FrameId, session: &FrameSession) -> Stored<()> {
        self.frames
            .borrow_mut()
            .insert((tab, frame), session.clone());
        Ok(())
    }

    async fn frames_of(&self, site: &str) -> Stored<Vec<(i32, FrameId)>> {
        let frames = self.frames.borrow();
        Ok(frames
            .iter()
            .filter(|(_, session)| session.site == site)
            .map(|(at, _)| *at)
            .collect())
    }

    async fn drop_frame(&self, tab: i32, frame: FrameId) -> Stored<()> {
        self.frames.borrow_mut().remove(&(tab, frame));
        Ok(())
    }

    async fn tab_report(&self, tab: i32) -> Stored<Option<TabReport>> {
        Ok(self.reports.borrow().get(&tab).cloned())
    }

    async fn put_tab_report(&self, tab: i32, report: &TabReport) -> Stored<()> {
        self.reports.borrow_mut().insert(tab, report.clone());
        Ok(())
    }

    async fn tab_reports(&self, site: &str) -> Stored<Vec<(i32, TabReport)>> {
        let reports = self.reports.borrow();
        Ok(reports
            .iter()
            .filter(|(_, report)| report.site == site)
            .map(|(tab, report)| (*tab, report.clone()))
            .collect())
    }

    async fn widget_facts(&self, site: &str) -> Stored<WidgetFacts> {
        Ok(self.facts.borrow().get(site).cloned().unwrap_or_default())
    }

    async fn update_widget_facts(
        &self,
        site: &str,
        change: impl FnOnce(&mut WidgetFacts),
    ) -> Stored<WidgetFacts> {
        let mut all = self.facts.borrow_mut();
        let facts = all.entry(site.to_owned()).or_default();
        change(facts);
        Ok(facts.clone())
    }

    async fn unlogged(&self, site: &str) -> Stored<Option<Unlogged>> {
        Ok(self.unlogged.borrow().get(site).cloned())
    }

    async fn put_unlogged(&self, site: &str, unlogged: &Unlogged) -> Stored<()> {
        self.unlogged
            .borrow_mut()
            .insert(site.to_owned(), unlogged.clone());
        Ok(())
    }

    async fn dialled(&self, site: &str) -> Stored<Option<Dialled>> {
        Ok(self.dialled.borrow().get(site).cloned())
    }

    async fn put_dialled(&self, site: &str, dialled: &Dialled) -> Stored<()> {
        self.dialled
            .borrow_mut()
            .insert(site.to_owned(), dialled.clone());
        Ok(())
    }

    async fn put_pending(&self, tab: Option<i32>, pending: &Pending) -> Stored<()> {
        self.pending.borrow_mut().insert(tab, pending.clone());
        Ok(())
    }

    async fn take_pending(&self, tab: Option<i32>) -> Stored<Option<Pending>> {
        Ok(self.pending.borrow_mut().remove(&tab))
    }

    async fn typing(&self) -> Stored<Option<Typing>> {
        Ok(self.typing.borrow().clone())
    }

    async fn put_typing(&self, typing: Option<&Typing>) -> Stored<()> {
        *self.typing.borrow_mut() = typing.cloned();
        Ok(())
    }

    async fn claim(&self, name: &str) -> Stored<bool> {
        Ok(self.claims.borrow_mut().insert(name.to_owned()))
    }
}

impl MemoryStore {
    fn written(&self) -> Stored<()> {
        if self.logs_are_broken.get() {
            return Err(StoreError {
                doing: "writing a log entry",
            });
        }
        Ok(())
    }

    fn newest(&self, limit: u32, wanted: impl Fn(&LogEntry) -> bool) -> Vec<LogEntry> {
        let mut found: Vec<LogEntry> = self
            .logs
            .borrow()
            .values()
            .filter(|entry| wanted(entry))
            .cloned()
            .collect();
        found.sort_by(|a, b| (b.started_at, &b.key).cmp(&(a.started_at, &a.key)));
        found.truncate(limit as usize);
        found
    }
}

fn read(messages: &[String]) -> Vec<Value> {
    messages
        .iter()
        .filter_map(|message| serde_json::from_str(message).ok())
        .collect()
}

/// The tab of every window that is opened.
pub const WINDOW_TAB: i32 = 900;

/// A browser that only writes down what was done to it.
#[derive(Debug, Default)]
pub struct MemoryBrowser {
    /// The patterns that are granted.
    pub granted: RefCell<Vec<String>>,
    /// The content scripts that are registered.
    pub registered: RefCell<Vec<Registered>>,
    /// What was done, in words, in order.
    pub done: RefCell<Vec<String>>,
    /// What was posted, and where.
    pub posted: RefCell<Vec<(i32, FrameId, Vec<Value>)>>,
    /// The time.
    pub time: Cell<Millis>,
    /// How often something new was announced.
    pub announced: Cell<u32>,
    /// What frame pages were told that is not for their widgets.
    pub told: RefCell<Vec<FromBackground>>,
    /// How the next downloads go; when there is none left, they are kept.
    pub downloads: RefCell<Vec<MediaState>>,
    /// The tabs that are gone: nothing reaches them.
    pub gone: RefCell<BTreeSet<i32>>,
    /// Whether pages refuse scripts of other sites.
    pub refuses_scripts: Cell<bool>,
    /// The offset of the user's clock from UTC in minutes, from a moment on, the earliest first.
    pub clock: RefCell<Vec<(Millis, i64)>>,
    secrets: Cell<u32>,
}

impl MemoryBrowser {
    fn note(&self, what: String) {
        self.done.borrow_mut().push(what);
    }

    /// Year, month and day of a moment by the user's clock.
    fn date(&self, at: Millis) -> (i64, i64, i64) {
        moment::civil((at + self.offset_min(at) * 60_000).div_euclid(86_400_000))
    }
}

impl Browser for MemoryBrowser {
    async fn granted(&self) -> Vec<String> {
        self.granted.borrow().clone()
    }

    async fn release(&self, pattern: &str) {
        self.granted
            .borrow_mut()
            .retain(|granted| granted != pattern);
        self.note(format!("release {pattern}"));
    }

    async fn registered(&self) -> Vec<Registered> {
        self.registered.borrow().clone()
    }

    async fn register(&self, script: &Registered) {
        self.registered.borrow_mut().push(script.clone());
        self.note(format!("register {}", script.id));
    }

    async fn unregister(&self, id: &str) {
        self.registered
            .borrow_mut()
            .retain(|script| script.id != id);
        self.note(format!("unregister {id}"));
    }

    async fn start_in_open_tabs(&self, pattern: &str) {
        self.note(format!("start in {pattern}"));
    }

    async fn add_script(&self, tab: i32, src: &str) -> bool {
        self.note(format!("script in {tab}: {src}"));
        !self.refuses_scripts.get()
    }

    async fn post(&self, tab: i32, frame: FrameId, messages: &[String]) -> bool {
        if self.gone.borrow().contains(&tab) {
            return false;
        }
        self.posted.borrow_mut().push((tab, frame, read(messages)));
        true
    }

    async fn tell_frame(&self, tab: i32, _frame: FrameId, message: &FromBackground) -> bool {
        if self.gone.borrow().contains(&tab) {
            return false;
        }
        self.told.borrow_mut().push(message.clone());
        true
    }

    async fn keep_media(&self, _url: &str, key: &str, _limits: MediaLimits) -> Media {
        let next = self.downloads.borrow_mut().pop();
        self.note(format!("download {key}"));
        Media {
            key: key.to_owned(),
            kind: "audio/mpeg".to_owned(),
            bytes: 4,
            state: next.unwrap_or_default(),
            ..Media::default()
        }
    }

    async fn drop_media(&self, key: &str) {
        self.note(format!("drop file {key}"));
    }

    fn day(&self, at: Millis) -> String {
        let (year, month, day) = self.date(at);
        format!("{year}-{month:02}-{day:02}")
    }

    fn short_date(&self, at: Millis, locale: &str) -> String {
        let (year, month, day) = self.date(at);
        match locale {
            "de-DE" => format!("{day}.{month}.{year}"),
            "en-GB" => format!("{day:02}/{month:02}/{year}"),
            "ja-JP" => format!("{year}/{month}/{day}"),
            "fr-CA" => format!("{year}-{month:02}-{day:02}"),
            _ => format!("{month}/{day}/{year}"),
        }
    }

    fn offset_min(&self, at: Millis) -> i64 {
        let clock = self.clock.borrow();
        let now = clock.iter().rfind(|(from, _)| *from <= at);
        now.map_or(0, |(_, minutes)| *minutes)
    }

    async fn show(&self, url: &str, _pattern: Option<&str>) {
        self.note(format!("show {url}"));
    }

    async fn dispose_adapter(&self, tab: i32) {
        self.note(format!("dispose in {tab}"));
    }

    async fn offer_page_api(&self, tab: i32) -> bool {
        self.note(format!("page api in {tab}"));
        true
    }

    async fn open_window(&self, page: &str, place: Option<WindowPlace>) -> Option<i32> {
        self.note(format!("window {page} at {place:?}"));
        self.gone.borrow_mut().remove(&WINDOW_TAB);
        Some(WINDOW_TAB)
    }

    async fn raise(&self, tab: i32) -> bool {
        self.note(format!("raise {tab}"));
        !self.gone.borrow().contains(&tab)
    }

    async fn draw_attention(&self, tab: i32) {
        self.note(format!("attention {tab}"));
    }

    async fn close(&self, tab: i32) {
        self.note(format!("close {tab}"));
        self.gone.borrow_mut().insert(tab);
    }

    async fn open_tabs(&self, of: &[i32]) -> Vec<i32> {
        let gone = self.gone.borrow();
        of.iter().copied().filter(|it| !gone.contains(it)).collect()
    }

    fn announce(&self) {
        self.announced.set(self.announced.get() + 1);
    }

    async fn open_book(&self, key: &str) {
        self.note(format!("book {key}"));
    }

    fn text(&self, key: &str, values: &[&str]) -> String {
        if values.is_empty() {
            key.to_owned()
        } else {
            format!("{key}({})", values.join(", "))
        }
    }

    fn icon(&self) -> String {
        "icon.png".to_owned()
    }

    fn now(&self) -> Millis {
        self.time.get()
    }

    fn secret(&self) -> String {
        self.secrets.set(self.secrets.get() + 1);
        format!("secret-{}", self.secrets.get())
    }
}
