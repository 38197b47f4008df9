//! The only crate that names `chrome.*` or looks inside a `JsValue`.
//!
//! It decides nothing: each function is one call of a browser interface with Rust types at its edge.
//! `chrome` is used in both browsers; Firefox gives promises on it too (seen in ESR 153).

mod channel;
mod chrome;
#[cfg(feature = "database")]
pub mod database;
pub mod dom;
mod error;
mod i18n;
mod listener;
#[cfg(feature = "database")]
pub mod media;
mod news;
mod page_port;
pub mod panics;
pub mod permissions;
mod runtime;
#[cfg(feature = "database")]
mod schema;
pub mod scripting;
pub mod storage;
pub mod tabs;
mod time;
mod widget_port;
pub mod windows;

pub use channel::Channel;
pub use error::{ErrorKind, JsError};
pub use i18n::{text, text_with, ui_language};
pub use listener::Listener;
pub use news::{News, announce, on_news};
pub use page_port::{PageCall, PagePort};
pub use panics::install_panic_hook;
pub use runtime::{
    AskError, ask, ask_then, ask_within, is_orphaned, on_message, own_origin, url_of,
};
pub use storage::on_settings_changed;
pub use time::{day, now, offset_min, random_hex, short_date, sleep};
pub use widget_port::WidgetPort;
