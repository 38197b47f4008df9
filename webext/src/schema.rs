//! Brings a database to the shape its version asks for: stores and indexes that are missing are made,
//! and what is there stays.
//!
//! `indexed_db_futures` can make stores while it upgrades, but reaches none that is there already, so the
//! upgrade goes through the browser's own interface.

use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    IdbDatabase, IdbFactory, IdbIndexParameters, IdbObjectStore, IdbObjectStoreParameters,
    IdbOpenDbRequest,
};

use crate::error::JsError;

/// An object store and its indexes.
#[derive(Clone, Copy, Debug)]
pub struct StoreShape {
    /// Its name.
    pub name: &'static str,
    /// The fields that are its key.
    pub key: &'static [&'static str],
    /// Its indexes.
    pub indexes: &'static [IndexShape],
}

/// An index.
#[derive(Clone, Copy, Debug)]
pub struct IndexShape {
    /// Its name.
    pub name: &'static str,
    /// The fields it is over.
    pub key: &'static [&'static str],
    /// Whether the field is a list of which each item is indexed.
    pub each_item: bool,
}

/// Gives a database the version and the stores that belong to it.
///
/// # Errors
/// The browser's: storage is full, broken or forbidden, or the database is of a newer version.
pub(crate) async fn upgrade(
    name: &str,
    version: u32,
    stores: &'static [StoreShape],
) -> Result<(), JsError> {
    let request = factory()?.open_with_u32(name, version)?;
    let upgrading = request.clone();
    let on_upgrade = Closure::<dyn FnMut()>::new(move || {
        if build(&upgrading, stores).is_err()
            && let Some(transaction) = upgrading.transaction()
        {
            // Half a schema is worse than none: the old one stays.
            drop(transaction.abort());
        }
    });
    request.set_onupgradeneeded(Some(on_upgrade.as_ref().unchecked_ref()));
    let mut handlers = Vec::new();
    let opened = Promise::new(&mut |resolve, reject| {
        let done = Closure::<dyn FnMut()>::new(move || drop(resolve.call0(&JsValue::UNDEFINED)));
        let refused = request.clone();
        let failed = Closure::<dyn FnMut()>::new(move || {
            let error = refused.error().ok().flatten().map(JsValue::from);
            drop(reject.call1(&JsValue::UNDEFINED, &error.unwrap_or_default()));
        });
        request.set_onsuccess(Some(done.as_ref().unchecked_ref()));
        request.set_onerror(Some(failed.as_ref().unchecked_ref()));
        handlers.extend([done, failed]);
    });
    JsFuture::from(opened).await?;
    let database: IdbDatabase = request.result()?.unchecked_into();
    database.close();
    Ok(())
}

/// The browser's factory, in a worker as in a page.
pub(crate) fn factory() -> Result<IdbFactory, JsError> {
    let factory = Reflect::get(&js_sys::global(), &"indexedDB".into())?;
    factory
        .dyn_into()
        .map_err(|_| JsError::new("no database in this context"))
}

fn build(request: &IdbOpenDbRequest, stores: &[StoreShape]) -> Result<(), JsValue> {
    let database: IdbDatabase = request.result()?.unchecked_into();
    let transaction = request.transaction().ok_or(JsValue::UNDEFINED)?;
    for shape in stores {
        let store = if database.object_store_names().contains(shape.name) {
            transaction.object_store(shape.name)?
        } else {
            let parameters = IdbObjectStoreParameters::new();
            parameters.set_key_path(&key_path(shape.key));
            database.create_object_store_with_optional_parameters(shape.name, &parameters)?
        };
        for index in shape.indexes {
            add(&store, index)?;
        }
    }
    Ok(())
}

fn add(store: &IdbObjectStore, index: &IndexShape) -> Result<(), JsValue> {
    if store.index_names().contains(index.name) {
        return Ok(());
    }
    let parameters = IdbIndexParameters::new();
    parameters.set_multi_entry(index.each_item);
    store.create_index_with_str_sequence_and_optional_parameters(
        index.name,
        &key_path(index.key),
        &parameters,
    )?;
    Ok(())
}

/// One field is a text, several are a list.
fn key_path(fields: &[&str]) -> JsValue {
    match fields {
        [field] => JsValue::from_str(field),
        fields => fields
            .iter()
            .copied()
            .map(JsValue::from_str)
            .collect::<Array>()
            .into(),
    }
}
