//! Files that were downloaded, for the pages that play them.

use crate::error::JsError;

/// Returns an address under which this page can load a file of the media store, or nothing if it is not there.
/// Whoever asked for it revokes it.
///
/// # Errors
/// The browser's.
#[expect(clippy::unused_async, reason = "the store is asked in time to come")]
pub async fn object_url(_key: &str) -> Result<Option<String>, JsError> {
    Ok(None)
}
