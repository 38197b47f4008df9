//! IndexedDB with records that are JSON.
//!
//! Records go through `JSON.parse`, so that the database sees their fields and keeps its indexes.

use indexed_db_futures::KeyRange;
use indexed_db_futures::cursor::CursorDirection;
use indexed_db_futures::database::Database as Idb;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{
    Transaction, TransactionDurability, TransactionMode, TransactionOptions,
};
use js_sys::JSON;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wasm_bindgen::JsValue;

use crate::error::JsError;
use crate::schema;
pub use crate::schema::{IndexShape, StoreShape};

/// An open database.
#[derive(Debug)]
pub struct Database(Idb);

impl Database {
    /// Opens a database, and makes the stores and indexes that it lacks.
    ///
    /// # Errors
    /// The browser's: storage is full, broken or forbidden, or the database is of a newer version.
    pub async fn open(
        name: &str,
        version: u32,
        stores: &'static [StoreShape],
    ) -> Result<Self, JsError> {
        schema::upgrade(name, version, stores).await?;
        Self::open_as_it_is(name).await
    }

    /// Opens a database that is there, in whatever version it is.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub async fn open_as_it_is(name: &str) -> Result<Self, JsError> {
        Idb::open(name)
            .await
            .map(Self)
            .map_err(|error| failed(&error))
    }

    /// Returns the record of a key.
    ///
    /// # Errors
    /// The browser's, or the record cannot be read.
    pub async fn get<T: DeserializeOwned>(
        &self,
        store: &str,
        key: &Value,
    ) -> Result<Option<T>, JsError> {
        let found = self.get_value(store, key).await?;
        found.as_ref().map(from_js).transpose()
    }

    /// Returns the record of a key as the browser holds it.
    ///
    /// # Errors
    /// The browser's.
    pub(crate) async fn get_value(
        &self,
        store: &str,
        key: &Value,
    ) -> Result<Option<JsValue>, JsError> {
        let transaction = self.read(store)?;
        let records = transaction.object_store(store).map_err(|it| failed(&it))?;
        records
            .get(to_js(key)?)
            .primitive()
            .map_err(|it| failed(&it))?
            .await
            .map_err(|it| failed(&it))
    }

    /// Returns the records of these keys; those that are not there are left out.
    ///
    /// # Errors
    /// As [`Database::get`].
    pub async fn get_all<T: DeserializeOwned>(
        &self,
        store: &str,
        keys: &[Value],
    ) -> Result<Vec<T>, JsError> {
        let transaction = self.read(store)?;
        let records = transaction.object_store(store).map_err(|it| failed(&it))?;
        // All requests go out before the first answer is awaited.
        let mut pending = Vec::with_capacity(keys.len());
        for key in keys {
            let request = records
                .get::<JsValue, _, _>(to_js(key)?)
                .primitive()
                .map_err(|it| failed(&it))?;
            pending.push(request);
        }
        let mut found = Vec::new();
        for request in pending {
            if let Some(record) = request.await.map_err(|it| failed(&it))? {
                found.push(from_js(&record)?);
            }
        }
        Ok(found)
    }

    /// Returns all records that an index has between two keys, both included.
    ///
    /// # Errors
    /// As [`Database::get`].
    pub async fn between<T: DeserializeOwned>(
        &self,
        store: &str,
        index: &str,
        (from, to): (&Value, &Value),
    ) -> Result<Vec<T>, JsError> {
        let transaction = self.read(store)?;
        let records = transaction.object_store(store).map_err(|it| failed(&it))?;
        let index = records.index(index).map_err(|it| failed(&it))?;
        let range = KeyRange::Bound(to_js(from)?, false, to_js(to)?, false);
        let request = index
            .get_all::<JsValue>()
            .with_query::<JsValue, _>(range)
            .primitive()
            .map_err(|it| failed(&it))?;
        let mut found = Vec::new();
        for record in request.await.map_err(|it| failed(&it))? {
            found.push(from_js(&record.map_err(|it| failed(&it))?)?);
        }
        Ok(found)
    }

    /// Returns all records that an index has under any of these keys, one after the other.
    ///
    /// # Errors
    /// As [`Database::get`].
    pub async fn under<T: DeserializeOwned>(
        &self,
        store: &str,
        index: &str,
        keys: &[Value],
    ) -> Result<Vec<T>, JsError> {
        let transaction = self.read(store)?;
        let records = transaction.object_store(store).map_err(|it| failed(&it))?;
        let index = records.index(index).map_err(|it| failed(&it))?;
        // All requests go out before the first answer is awaited.
        let mut pending = Vec::with_capacity(keys.len());
        for key in keys {
            let request = index
                .get_all::<JsValue>()
                .with_query(to_js(key)?)
                .primitive()
                .map_err(|it| failed(&it))?;
            pending.push(request);
        }
        let mut found = Vec::new();
        for request in pending {
            for record in request.await.map_err(|it| failed(&it))? {
                found.push(from_js(&record.map_err(|it| failed(&it))?)?);
            }
        }
        Ok(found)
    }

    /// Returns the last records of an index, the last one first: from its end, or from before a key, and
    /// none before another.
    ///
    /// # Errors
    /// As [`Database::get`].
    pub async fn last<T: DeserializeOwned>(
        &self,
        store: &str,
        index: &str,
        (from, before): (Option<&Value>, Option<&Value>),
        limit: u32,
    ) -> Result<Vec<T>, JsError> {
        let transaction = self.read(store)?;
        let records = transaction.object_store(store).map_err(|it| failed(&it))?;
        let index = records.index(index).map_err(|it| failed(&it))?;
        let backwards = index.open_cursor().with_direction(CursorDirection::Prev);
        let range = match (from, before) {
            (Some(from), Some(before)) => {
                Some(KeyRange::Bound(to_js(from)?, false, to_js(before)?, true))
            }
            (Some(from), None) => Some(KeyRange::LowerBound(to_js(from)?, false)),
            (None, Some(before)) => Some(KeyRange::UpperBound(to_js(before)?, true)),
            (None, None) => None,
        };
        let cursor = match range {
            Some(range) => {
                backwards
                    .with_query::<JsValue, _>(range)
                    .primitive()
                    .map_err(|it| failed(&it))?
                    .await
            }
            None => backwards.primitive().map_err(|it| failed(&it))?.await,
        };
        let mut found = Vec::new();
        let Some(mut cursor) = cursor.map_err(|it| failed(&it))? else {
            return Ok(found);
        };
        for _ in 0..limit {
            let next: Option<JsValue> = cursor.next_record().await.map_err(|it| failed(&it))?;
            match next {
                Some(record) => found.push(from_js(&record)?),
                None => break,
            }
        }
        Ok(found)
    }

    /// Returns how many records there are, in all or between two keys of an index, both included.
    ///
    /// # Errors
    /// The browser's.
    pub async fn count(
        &self,
        store: &str,
        between: Option<(&str, &Value, &Value)>,
    ) -> Result<u32, JsError> {
        let transaction = self.read(store)?;
        let records = transaction.object_store(store).map_err(|it| failed(&it))?;
        match between {
            Some((index, from, to)) => {
                let range = KeyRange::Bound(to_js(from)?, false, to_js(to)?, false);
                records
                    .index(index)
                    .map_err(|it| failed(&it))?
                    .count()
                    .with_query::<JsValue, _>(range)
                    .primitive()
                    .map_err(|it| failed(&it))?
                    .await
                    .map_err(|it| failed(&it))
            }
            None => records
                .count()
                .primitive()
                .map_err(|it| failed(&it))?
                .await
                .map_err(|it| failed(&it)),
        }
    }

    /// Writes records, all or none.
    ///
    /// # Errors
    /// The browser's; then nothing was written.
    pub async fn put<T: Serialize>(&self, store: &str, values: &[T]) -> Result<(), JsError> {
        let transaction = self.write(store)?;
        let records = transaction.object_store(store).map_err(|it| failed(&it))?;
        for value in values {
            // Requests go out one by one; the commit waits for all of them.
            drop(
                records
                    .put(to_js(value)?)
                    .without_key_type()
                    .primitive()
                    .map_err(|it| failed(&it))?,
            );
        }
        transaction.commit().await.map_err(|it| failed(&it))
    }

    /// Writes a record that holds more than JSON can.
    ///
    /// # Errors
    /// The browser's; then nothing was written.
    pub(crate) async fn put_value(&self, store: &str, value: &JsValue) -> Result<(), JsError> {
        let transaction = self.write(store)?;
        let records = transaction.object_store(store).map_err(|it| failed(&it))?;
        drop(
            records
                .put(value.clone())
                .without_key_type()
                .primitive()
                .map_err(|it| failed(&it))?,
        );
        transaction.commit().await.map_err(|it| failed(&it))
    }

    /// Removes the record of a key, if there is one.
    ///
    /// # Errors
    /// The browser's; then nothing was removed.
    pub async fn remove(&self, store: &str, key: &Value) -> Result<(), JsError> {
        let transaction = self.write(store)?;
        let records = transaction.object_store(store).map_err(|it| failed(&it))?;
        drop(
            records
                .delete(to_js(key)?)
                .primitive()
                .map_err(|it| failed(&it))?,
        );
        transaction.commit().await.map_err(|it| failed(&it))
    }

    /// Changes one record in one transaction: nothing comes between reading and writing it.
    /// When this returns, the record survives a crash of the browser.
    ///
    /// # Errors
    /// The browser's, or the record cannot be read; then nothing was written.
    pub async fn update<T: Serialize + DeserializeOwned>(
        &self,
        store: &str,
        key: &Value,
        change: impl FnOnce(Option<T>) -> T,
    ) -> Result<T, JsError> {
        let transaction = self.write(store)?;
        let records = transaction.object_store(store).map_err(|it| failed(&it))?;
        let found: Option<JsValue> = records
            .get(to_js(key)?)
            .primitive()
            .map_err(|it| failed(&it))?
            .await
            .map_err(|it| failed(&it))?;
        let changed = change(found.as_ref().map(from_js).transpose()?);
        records
            .put(to_js(&changed)?)
            .without_key_type()
            .primitive()
            .map_err(|it| failed(&it))?
            .await
            .map_err(|it| failed(&it))?;
        transaction.commit().await.map_err(|it| failed(&it))?;
        Ok(changed)
    }

    fn read(&self, store: &str) -> Result<Transaction<'_>, JsError> {
        self.0
            .transaction(store)
            .with_mode(TransactionMode::Readonly)
            .build()
            .map_err(|it| failed(&it))
    }

    fn write(&self, store: &str) -> Result<Transaction<'_>, JsError> {
        let strict = TransactionOptions::new().with_durability(TransactionDurability::Strict);
        self.0
            .transaction(store)
            .with_mode(TransactionMode::Readwrite)
            .with_options(strict)
            .build()
            .map_err(|it| failed(&it))
    }
}

fn to_js(value: &impl Serialize) -> Result<JsValue, JsError> {
    let text =
        serde_json::to_string(value).map_err(|_| JsError::new("a record cannot be written"))?;
    JSON::parse(&text).map_err(JsError::from)
}

fn from_js<T: DeserializeOwned>(value: &JsValue) -> Result<T, JsError> {
    let text = String::from(JSON::stringify(value)?);
    serde_json::from_str(&text).map_err(|_| JsError::new("a record cannot be read"))
}

#[cold]
fn failed(error: &dyn std::fmt::Display) -> JsError {
    JsError::new(&error.to_string())
}
