//! The store over IndexedDB, `storage.local` and `storage.session`.

use std::collections::BTreeMap;
use std::rc::Rc;

use futures_util::lock::Mutex;
use serde_json::{Value, json};
use switchboard::protocol::stored::{
    Contact, DATABASE_VERSION, FrameId, FrameSession, LogEntry, Millis, Settings, TabReport, Ticket,
};
use switchboard::service::ports::{Store, StoreError, Stored};
use switchboard_webext::JsError;
use switchboard_webext::database::{Database, IndexShape, StoreShape};
use switchboard_webext::storage::{self, Area, SETTINGS_KEY};

/// What the keys of admitted frames begin with, in `storage.session`.
const FRAME: &str = "frame:";

const DATABASE: &str = "switchboard";
const CONTACTS: &str = "contacts";
const LOGS: &str = "logs";

/// Version 1 of the schema.
const SHAPES: &[StoreShape] = &[
    StoreShape {
        name: CONTACTS,
        key: &["site", "id"],
        indexes: &[
            IndexShape {
                name: "site",
                key: &["site"],
                each_item: false,
            },
            IndexShape {
                name: "number",
                key: &["number_keys"],
                each_item: true,
            },
        ],
    },
    StoreShape {
        name: LOGS,
        key: &["key"],
        indexes: &[
            IndexShape {
                name: "started",
                key: &["started_at", "key"],
                each_item: false,
            },
            IndexShape {
                name: "contact",
                key: &["contact_keys"],
                each_item: true,
            },
        ],
    },
];

/// The browser's storage.
#[derive(Default)]
pub(crate) struct BrowserStore {
    database: Mutex<Option<Rc<Database>>>,
    /// `storage.local` has no transactions, and the worker is the only writer.
    settings: Mutex<()>,
}

impl BrowserStore {
    async fn database(&self) -> Stored<Rc<Database>> {
        let mut open = self.database.lock().await;
        if let Some(database) = &*open {
            return Ok(Rc::clone(database));
        }
        let database = Database::open(DATABASE, DATABASE_VERSION, SHAPES).await;
        let database = Rc::new(database.map_err(failed("opening the database"))?);
        *open = Some(Rc::clone(&database));
        Ok(database)
    }

    async fn read_settings() -> Stored<Settings> {
        storage::get(Area::Local, SETTINGS_KEY)
            .await
            .map(Option::unwrap_or_default)
            .map_err(failed("reading the settings"))
    }
}

/// An error's text can hold a record's key, so it is left behind.
fn failed(doing: &'static str) -> impl Fn(JsError) -> StoreError {
    move |_| StoreError { doing }
}

impl Store for BrowserStore {
    async fn settings(&self) -> Stored<Settings> {
        Self::read_settings().await
    }

    async fn update_settings(&self, change: impl FnOnce(&mut Settings)) -> Stored<Settings> {
        let _alone = self.settings.lock().await;
        let before = Self::read_settings().await?;
        let mut settings = before.clone();
        change(&mut settings);
        // Every write wakes every page agent.
        if settings != before {
            storage::set(Area::Local, SETTINGS_KEY, &settings)
                .await
                .map_err(failed("writing the settings"))?;
        }
        Ok(settings)
    }

    async fn contact(&self, site: &str, id: &str) -> Stored<Option<Contact>> {
        let database = self.database().await?;
        database
            .get(CONTACTS, &json!([site, id]))
            .await
            .map_err(failed("reading a contact"))
    }

    async fn contacts(&self, site: &str) -> Stored<Vec<Contact>> {
        let database = self.database().await?;
        database
            .under(CONTACTS, "site", &[json!(site)])
            .await
            .map_err(failed("reading contacts"))
    }

    async fn count_contacts(&self, site: &str) -> Stored<u32> {
        let database = self.database().await?;
        database
            .count(CONTACTS, Some(("site", &json!(site))))
            .await
            .map_err(failed("counting contacts"))
    }

    async fn contacts_with(&self, number_keys: &[String]) -> Stored<Vec<Contact>> {
        let keys: Vec<Value> = number_keys.iter().map(|key| json!(key)).collect();
        let database = self.database().await?;
        database
            .under(CONTACTS, "number", &keys)
            .await
            .map_err(failed("looking numbers up"))
    }

    async fn put_contacts(&self, contacts: &[Contact]) -> Stored<()> {
        let database = self.database().await?;
        database
            .put(CONTACTS, contacts)
            .await
            .map_err(failed("writing contacts"))
    }

    async fn log(&self, key: &str) -> Stored<Option<LogEntry>> {
        let database = self.database().await?;
        database
            .get(LOGS, &json!(key))
            .await
            .map_err(failed("reading a log entry"))
    }

    async fn update_log(
        &self,
        key: &str,
        change: impl FnOnce(Option<LogEntry>) -> LogEntry,
    ) -> Stored<LogEntry> {
        let database = self.database().await?;
        database
            .update(LOGS, &json!(key), change)
            .await
            .map_err(failed("writing a log entry"))
    }

    async fn newest_logs(
        &self,
        before: Option<(Millis, String)>,
        limit: u32,
    ) -> Stored<Vec<LogEntry>> {
        let before = before.map(|(started_at, key)| json!([started_at, key]));
        let database = self.database().await?;
        database
            .last(LOGS, "started", before.as_ref(), limit)
            .await
            .map_err(failed("reading the log"))
    }

    async fn logs_of_contact(&self, contact_key: &str, limit: u32) -> Stored<Vec<LogEntry>> {
        let database = self.database().await?;
        let mut entries: Vec<LogEntry> = database
            .under(LOGS, "contact", &[json!(contact_key)])
            .await
            .map_err(failed("reading a contact's log"))?;
        entries.sort_by(|a, b| (b.started_at, &b.key).cmp(&(a.started_at, &a.key)));
        entries.truncate(limit as usize);
        Ok(entries)
    }

    async fn count_logs(&self) -> Stored<u32> {
        let database = self.database().await?;
        database
            .count(LOGS, None)
            .await
            .map_err(failed("counting the log"))
    }

    async fn put_ticket(&self, ticket: &str, value: &Ticket) -> Stored<()> {
        storage::set(Area::Session, &ticket_key(ticket), value)
            .await
            .map_err(failed("keeping a ticket"))
    }

    async fn take_ticket(&self, ticket: &str) -> Stored<Option<Ticket>> {
        let key = ticket_key(ticket);
        let found = storage::get(Area::Session, &key)
            .await
            .map_err(failed("taking a ticket"))?;
        storage::remove(Area::Session, &key)
            .await
            .map_err(failed("taking a ticket"))?;
        Ok(found)
    }

    async fn frame(&self, tab: i32, frame: FrameId) -> Stored<Option<FrameSession>> {
        storage::get(Area::Session, &frame_key(tab, frame))
            .await
            .map_err(failed("reading a frame's admission"))
    }

    async fn put_frame(&self, tab: i32, frame: FrameId, session: &FrameSession) -> Stored<()> {
        storage::set(Area::Session, &frame_key(tab, frame), session)
            .await
            .map_err(failed("admitting a frame"))
    }

    async fn frames_of(&self, site: &str) -> Stored<Vec<(i32, FrameId)>> {
        let all: BTreeMap<String, Value> = storage::all(Area::Session)
            .await
            .map_err(failed("listing the frames"))?;
        Ok(all
            .iter()
            .filter(|(_, session)| session.get("site").and_then(Value::as_str) == Some(site))
            .filter_map(|(key, _)| {
                let (tab, frame) = key.strip_prefix(FRAME)?.split_once(':')?;
                Some((tab.parse().ok()?, frame.parse().ok()?))
            })
            .collect())
    }

    async fn drop_frame(&self, tab: i32, frame: FrameId) -> Stored<()> {
        storage::remove(Area::Session, &frame_key(tab, frame))
            .await
            .map_err(failed("forgetting a frame"))
    }

    async fn tab_report(&self, tab: i32) -> Stored<Option<TabReport>> {
        storage::get(Area::Session, &format!("tab:{tab}"))
            .await
            .map_err(failed("reading a tab's report"))
    }

    async fn put_tab_report(&self, tab: i32, report: &TabReport) -> Stored<()> {
        storage::set(Area::Session, &format!("tab:{tab}"), report)
            .await
            .map_err(failed("keeping a tab's report"))
    }
}

fn ticket_key(ticket: &str) -> String {
    format!("ticket:{ticket}")
}

fn frame_key(tab: i32, frame: FrameId) -> String {
    format!("{FRAME}{tab}:{frame}")
}
