//! What the browser keeps for the widget: one partition per top-level site, shared by that site's tabs.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

/// Locks, whatever happened to the thread that held it before: a test that failed must not hide behind a poisoned lock.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers of a matcher by the string that was asked for.
#[derive(Debug, Default)]
pub struct MatchCache {
    entries: HashMap<String, (Instant, Vec<Value>)>,
}

impl MatchCache {
    /// Returns whether `key` has to be asked (again): never asked, or asked longer ago than `again`.
    #[must_use]
    pub fn is_stale(&self, key: &str, again: Duration) -> bool {
        self.entries
            .get(key)
            .is_none_or(|(at, _)| at.elapsed() > again)
    }

    /// Forgets what is older than `keep`.
    pub fn drop_older(&mut self, keep: Duration) {
        self.entries.retain(|_, (at, _)| at.elapsed() <= keep);
    }

    /// Keeps what was found, which may be nothing.
    pub fn put(&mut self, key: &str, found: Vec<Value>) {
        self.entries.insert(key.to_owned(), (Instant::now(), found));
    }

    /// Returns what is known.
    #[must_use]
    pub fn found(&self, key: &str) -> &[Value] {
        self.entries.get(key).map_or(&[], |(_, found)| found)
    }

    /// Returns how many keys are known, matched or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// What is stored for one signed-in user in one partition.
#[derive(Debug, Default)]
pub struct Stored {
    /// Whether somebody is signed in.
    pub signed_in: bool,
    /// The user's choice about logging calls, once there is one.
    pub auto_log_calls: Option<bool>,
    /// The same for messages.
    pub auto_log_messages: Option<bool>,
    /// Contact matches by number.
    pub contacts: MatchCache,
    /// Call-log entities by session.
    pub entities: MatchCache,
    /// Message-log entities by the id of a conversation's day.
    pub groups: MatchCache,
    /// The messages that some tab has told of, with the time of their change.
    pub told: HashMap<u64, u64>,
    /// Search answers by text.
    pub searches: HashMap<String, (Instant, Vec<Value>)>,
    /// The contact that was picked, by telephony session or conversation.
    pub picked: BTreeMap<String, String>,
    /// The tab that was seen last: it alone sends automatic events.
    pub leader: Option<u64>,
    /// How the adapter stands around the widget, as far as it was changed: `minimized`, `closed`, `size`, `position`.
    pub adapter: BTreeMap<&'static str, Value>,
    /// How calls are made, where the host changed it: `browser`, `softphone`, `ringout`, `jupiter`.
    pub call_with: Option<String>,
}

/// One storage partition of the widget.
#[derive(Debug)]
pub struct Partition {
    id: String,
    stored: Mutex<Stored>,
}

impl Partition {
    /// Makes an empty one.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            stored: Mutex::default(),
        }
    }

    /// Its identity, as the page found it in its own storage.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What is stored. Held only for a moment, never over an `await`.
    pub fn stored(&self) -> MutexGuard<'_, Stored> {
        lock(&self.stored)
    }
}
