//! The store over IndexedDB, `storage.local` and `storage.session`.

use std::collections::BTreeMap;
use std::rc::Rc;

use futures_util::lock::Mutex;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use switchboard::protocol::stored::{
    Choice, Contact, DATABASE_VERSION, Dialled, FrameId, FrameSession, LogEntry, LogState, Message,
    Millis, Pending, PlannedEvent, Settings, TabReport, Ticket, Typing, Unlogged, WidgetFacts,
};
use switchboard::service::ports::{Store, StoreError, Stored};
use switchboard_webext::JsError;
use switchboard_webext::database::{Database, IndexShape, StoreShape};
use switchboard_webext::media;
use switchboard_webext::storage::{self, Area, SETTINGS_KEY};

/// What the keys of admitted frames begin with, in `storage.session`.
const FRAME: &str = "frame:";

/// What the keys of tab reports begin with, in `storage.session`.
const TAB: &str = "tab:";
/// What the keys of parked entries begin with, in `storage.local`.
const PARKED: &str = "parked:";
/// The key of what the user was typing in last, in `storage.local`.
const TYPING: &str = "typing";

const CONTACTS: &str = "contacts";
const LOGS: &str = "logs";
const CHOICES: &str = "choices";
const MESSAGES: &str = "messages";
const EVENTS: &str = "events";

/// Version 2 of the schema: version 1 had contacts by site and number, and logs by beginning and contact.
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
            IndexShape {
                name: "read",
                key: &["site", "read_at"],
                each_item: false,
            },
            IndexShape {
                name: "changed",
                key: &["site", "changed_at"],
                each_item: false,
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
            IndexShape {
                name: "alias",
                key: &["aliases"],
                each_item: true,
            },
            // Only a failed entry has this field, so only failed entries are in the index.
            IndexShape {
                name: "failed",
                key: &["state.failed"],
                each_item: false,
            },
        ],
    },
    StoreShape {
        name: CHOICES,
        key: &["number"],
        indexes: &[],
    },
    StoreShape {
        name: MESSAGES,
        key: &["id"],
        indexes: &[IndexShape {
            name: "entry",
            key: &["entry"],
            each_item: false,
        }],
    },
    StoreShape {
        name: EVENTS,
        key: &["site", "id"],
        indexes: &[IndexShape {
            name: "starts",
            key: &["site", "starts_at"],
            each_item: false,
        }],
    },
    StoreShape {
        name: media::STORE,
        key: &["key"],
        indexes: &[],
    },
];

/// The browser's storage; its clones share one database.
#[derive(Clone, Default)]
pub(crate) struct BrowserStore {
    database: Rc<Mutex<Option<Rc<Database>>>>,
    /// `storage.local` has no transactions, and the worker is the only writer.
    settings: Rc<Mutex<()>>,
    /// Nor has `storage.session`.
    claims: Rc<Mutex<()>>,
    facts: Rc<Mutex<()>>,
}

impl BrowserStore {
    pub(crate) async fn database(&self) -> Stored<Rc<Database>> {
        let mut open = self.database.lock().await;
        if let Some(database) = &*open {
            return Ok(Rc::clone(database));
        }
        let database = Database::open(media::DATABASE, DATABASE_VERSION, SHAPES).await;
        let database = Rc::new(database.map_err(failed("opening the database"))?);
        *open = Some(Rc::clone(&database));
        Ok(database)
    }

    async fn read_settings() -> Stored<Settings> {
        storage::get(Area::Local, SETTINGS_KEY)
            .await
            .map(|settings: Option<Settings>| settings.unwrap_or_default().upgraded())
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
            // A deleted contact was never read.
            .count(CONTACTS, Some(("read", &json!([site, 1]), &after(site))))
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

    async fn newest_contacts(&self, site: &str, limit: u32) -> Stored<Vec<Contact>> {
        let database = self.database().await?;
        let between = (json!([site, 1]), after(site));
        let mut contacts: Vec<Contact> = database
            .last(
                CONTACTS,
                "read",
                (Some(&between.0), Some(&between.1)),
                limit,
            )
            .await
            .map_err(failed("reading the newest contacts"))?;
        contacts.retain(|contact| !contact.deleted);
        Ok(contacts)
    }

    async fn contacts_changed(&self, site: &str, since: Millis) -> Stored<Vec<Contact>> {
        let database = self.database().await?;
        database
            .between(CONTACTS, "changed", (&json!([site, since]), &after(site)))
            .await
            .map_err(failed("reading changed contacts"))
    }

    async fn put_contacts(&self, contacts: &[Contact]) -> Stored<()> {
        let database = self.database().await?;
        database
            .put(CONTACTS, contacts)
            .await
            .map_err(failed("writing contacts"))
    }

    async fn choices(&self, number_keys: &[String]) -> Stored<Vec<Choice>> {
        let database = self.database().await?;
        database
            .get_all(CHOICES, &texts(number_keys))
            .await
            .map_err(failed("reading choices"))
    }

    async fn put_choice(&self, choice: &Choice) -> Stored<()> {
        let database = self.database().await?;
        database
            .put(CHOICES, std::slice::from_ref(choice))
            .await
            .map_err(failed("keeping a choice"))
    }

    async fn drop_choice(&self, number_key: &str) -> Stored<()> {
        let database = self.database().await?;
        database
            .remove(CHOICES, &json!(number_key))
            .await
            .map_err(failed("forgetting a choice"))
    }

    async fn messages(&self, ids: &[String]) -> Stored<Vec<Message>> {
        let database = self.database().await?;
        database
            .get_all(MESSAGES, &texts(ids))
            .await
            .map_err(failed("reading messages"))
    }

    async fn messages_of(&self, entry: &str) -> Stored<Vec<Message>> {
        let database = self.database().await?;
        database
            .under(MESSAGES, "entry", &[json!(entry)])
            .await
            .map_err(failed("reading an entry's messages"))
    }

    async fn put_messages(&self, messages: &[Message]) -> Stored<()> {
        let database = self.database().await?;
        database
            .put(MESSAGES, messages)
            .await
            .map_err(failed("writing messages"))
    }

    async fn events(&self, site: &str, since: Millis) -> Stored<Vec<PlannedEvent>> {
        let database = self.database().await?;
        database
            .between(EVENTS, "starts", (&json!([site, since]), &after(site)))
            .await
            .map_err(failed("reading events"))
    }

    async fn put_events(&self, events: &[PlannedEvent]) -> Stored<()> {
        let database = self.database().await?;
        database
            .put(EVENTS, events)
            .await
            .map_err(failed("writing events"))
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
            .last(LOGS, "started", (None, before.as_ref()), limit)
            .await
            .map_err(failed("reading the log"))
    }

    async fn logs_of_contact(&self, contact_key: &str, limit: u32) -> Stored<Vec<LogEntry>> {
        let database = self.database().await?;
        let mut entries: Vec<LogEntry> = database
            .under(LOGS, "contact", &[json!(contact_key)])
            .await
            .map_err(failed("reading a contact's log"))?;
        newest_first(&mut entries);
        entries.truncate(limit as usize);
        Ok(entries)
    }

    async fn logs_with_alias(&self, alias: &str) -> Stored<Vec<LogEntry>> {
        let database = self.database().await?;
        let mut entries = database
            .under(LOGS, "alias", &[json!(alias)])
            .await
            .map_err(failed("looking a conversation up"))?;
        newest_first(&mut entries);
        Ok(entries)
    }

    async fn failed_logs(&self) -> Stored<Vec<LogEntry>> {
        let parked: BTreeMap<String, Value> = storage::all(Area::Local)
            .await
            .map_err(failed("listing parked entries"))?;
        let mut entries: Vec<LogEntry> = parked
            .into_iter()
            .filter(|(key, _)| key.starts_with(PARKED))
            .filter_map(|(_, entry)| serde_json::from_value(entry).ok())
            .collect();
        // In IndexedDB a list is greater than any text.
        let any_text = (&json!(""), &json!([]));
        // Where the database cannot be read, the parked entries are what there is to show.
        if let Ok(database) = self.database().await
            && let Ok(in_place) = database.between::<LogEntry>(LOGS, "failed", any_text).await
        {
            entries.extend(in_place);
        }
        entries.retain(|entry| matches!(entry.state, LogState::Failed(_)));
        newest_first(&mut entries);
        Ok(entries)
    }

    async fn park_log(&self, entry: &LogEntry) -> Stored<()> {
        storage::set(Area::Local, &format!("{PARKED}{}", entry.key), entry)
            .await
            .map_err(failed("parking an entry"))
    }

    async fn unpark_log(&self, key: &str) -> Stored<Option<LogEntry>> {
        take(
            Area::Local,
            &format!("{PARKED}{key}"),
            "taking a parked entry",
        )
        .await
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
        take(Area::Session, &ticket_key(ticket), "taking a ticket").await
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
        storage::get(Area::Session, &format!("{TAB}{tab}"))
            .await
            .map_err(failed("reading a tab's report"))
    }

    async fn put_tab_report(&self, tab: i32, report: &TabReport) -> Stored<()> {
        storage::set(Area::Session, &format!("{TAB}{tab}"), report)
            .await
            .map_err(failed("keeping a tab's report"))
    }

    async fn tab_reports(&self, site: &str) -> Stored<Vec<(i32, TabReport)>> {
        let all: BTreeMap<String, Value> = storage::all(Area::Session)
            .await
            .map_err(failed("listing the tabs"))?;
        Ok(all
            .into_iter()
            .filter_map(|(key, report)| {
                let tab = key.strip_prefix(TAB)?.parse().ok()?;
                let report: TabReport = serde_json::from_value(report).ok()?;
                (report.site == site).then_some((tab, report))
            })
            .collect())
    }

    async fn widget_facts(&self, site: &str) -> Stored<WidgetFacts> {
        storage::get(Area::Session, &format!("widget:{site}"))
            .await
            .map(Option::unwrap_or_default)
            .map_err(failed("reading what is known of a widget"))
    }

    async fn update_widget_facts(
        &self,
        site: &str,
        change: impl FnOnce(&mut WidgetFacts),
    ) -> Stored<WidgetFacts> {
        let _alone = self.facts.lock().await;
        let before = self.widget_facts(site).await?;
        let mut facts = before.clone();
        change(&mut facts);
        if facts != before {
            storage::set(Area::Session, &format!("widget:{site}"), &facts)
                .await
                .map_err(failed("keeping what is known of a widget"))?;
        }
        Ok(facts)
    }

    async fn unlogged(&self, site: &str) -> Stored<Option<Unlogged>> {
        storage::get(Area::Session, &format!("unlogged:{site}"))
            .await
            .map_err(failed("reading unlogged calls"))
    }

    async fn put_unlogged(&self, site: &str, unlogged: &Unlogged) -> Stored<()> {
        storage::set(Area::Session, &format!("unlogged:{site}"), unlogged)
            .await
            .map_err(failed("keeping unlogged calls"))
    }

    async fn dialled(&self, site: &str) -> Stored<Option<Dialled>> {
        storage::get(Area::Session, &format!("dialled:{site}"))
            .await
            .map_err(failed("reading the clicked number"))
    }

    async fn put_dialled(&self, site: &str, dialled: &Dialled) -> Stored<()> {
        storage::set(Area::Session, &format!("dialled:{site}"), dialled)
            .await
            .map_err(failed("keeping the clicked number"))
    }

    async fn put_pending(&self, tab: Option<i32>, pending: &Pending) -> Stored<()> {
        storage::set(Area::Session, &pending_key(tab), pending)
            .await
            .map_err(failed("keeping a number that waits"))
    }

    async fn take_pending(&self, tab: Option<i32>) -> Stored<Option<Pending>> {
        // Two messages of one widget must not both find it.
        let _alone = self.claims.lock().await;
        take(
            Area::Session,
            &pending_key(tab),
            "taking a number that waits",
        )
        .await
    }

    async fn typing(&self) -> Stored<Option<Typing>> {
        storage::get(Area::Local, TYPING)
            .await
            .map_err(failed("reading where the user was typing"))
    }

    async fn put_typing(&self, typing: Option<&Typing>) -> Stored<()> {
        match typing {
            Some(typing) => storage::set(Area::Local, TYPING, typing).await,
            None => storage::remove(Area::Local, TYPING).await,
        }
        .map_err(failed("keeping where the user is typing"))
    }

    async fn claim(&self, name: &str) -> Stored<bool> {
        let _alone = self.claims.lock().await;
        let key = format!("claim:{name}");
        let claimed: Option<bool> = storage::get(Area::Session, &key)
            .await
            .map_err(failed("claiming an event"))?;
        if claimed.is_some() {
            return Ok(false);
        }
        storage::set(Area::Session, &key, &true)
            .await
            .map_err(failed("claiming an event"))?;
        Ok(true)
    }
}

/// A key behind all keys `[site, <number>]`: in IndexedDB a list is greater than any number.
fn after(site: &str) -> Value {
    json!([site, []])
}

fn texts(keys: &[String]) -> Vec<Value> {
    keys.iter().map(|key| json!(key)).collect()
}

fn newest_first(entries: &mut [LogEntry]) {
    entries.sort_by(|a, b| (b.started_at, &b.key).cmp(&(a.started_at, &a.key)));
}

async fn take<T: DeserializeOwned>(
    area: Area,
    key: &str,
    doing: &'static str,
) -> Stored<Option<T>> {
    let found = storage::get(area, key).await.map_err(failed(doing))?;
    storage::remove(area, key).await.map_err(failed(doing))?;
    Ok(found)
}

fn pending_key(tab: Option<i32>) -> String {
    match tab {
        Some(tab) => format!("pending:{tab}"),
        None => "pending:window".to_owned(),
    }
}

fn ticket_key(ticket: &str) -> String {
    format!("ticket:{ticket}")
}

fn frame_key(tab: i32, frame: FrameId) -> String {
    format!("{FRAME}{tab}:{frame}")
}
