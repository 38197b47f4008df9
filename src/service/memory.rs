//! The twins of the browser's storage and of the browser: for tests, without a browser.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use serde_json::Value;

use super::ports::{Browser, Registered, Store, StoreError, Stored};
use crate::protocol::stored::{
    Contact, FrameId, FrameSession, LogEntry, Millis, Settings, TabReport, Ticket,
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
    /// While set, every write of a log fails.
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

    async fn put_contacts(&self, contacts: &[Contact]) -> Stored<()> {
        let mut all = self.contacts.borrow_mut();
        for contact in contacts {
            all.insert((contact.site.clone(), contact.id.clone()), contact.clone());
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
        if self.logs_are_broken.get() {
            return Err(StoreError {
                doing: "writing a log entry",
            });
        }
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
}

impl MemoryStore {
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
    secrets: Cell<u32>,
}

impl MemoryBrowser {
    fn note(&self, what: String) {
        self.done.borrow_mut().push(what);
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
        true
    }

    async fn post(&self, tab: i32, frame: FrameId, messages: &[String]) -> bool {
        self.posted.borrow_mut().push((tab, frame, read(messages)));
        true
    }

    async fn show(&self, url: &str, _pattern: Option<&str>) {
        self.note(format!("show {url}"));
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
