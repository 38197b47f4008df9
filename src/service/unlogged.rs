//! Calls that were made while no widget was up: found, offered, logged in bulk.

use serde_json::Value;

use super::ports::{Browser, Store};
use super::widget::At;
use super::{Done, Service};
use crate::phone::Numbering;
use crate::protocol::book::{DismissUnlogged, LogUnlogged, UnloggedView};
use crate::protocol::runtime::Attention;

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// The widget has loaded its call history.
    pub(super) async fn history_synced(&self, _site: &str) -> Done<Vec<Value>> {
        Ok(Vec::new())
    }

    /// The widget answered a request of ours, or of its own adapter.
    pub(super) async fn host_answered(&self, _at: At<'_>, _message: &Value) -> Done<Vec<Value>> {
        Ok(Vec::new())
    }

    /// What waits for the user in the book.
    pub(super) async fn attention(&self) -> Done<Attention> {
        Ok(Attention::default())
    }

    pub(super) async fn unlogged_calls(&self) -> Done<Vec<UnloggedView>> {
        Ok(Vec::new())
    }

    pub(super) async fn ask_for_unlogged(&self) -> Done<u32> {
        Ok(0)
    }

    pub(super) async fn log_unlogged(&self, _log: LogUnlogged) -> Done<u32> {
        Ok(0)
    }

    pub(super) async fn dismiss_unlogged(&self, _dismiss: DismissUnlogged) -> Done<()> {
        Ok(())
    }
}
