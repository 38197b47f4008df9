//! What the extension's own pages share: elements by id, listeners with owners, texts and times in the user's language.
//!
//! It knows no page and decides nothing. Nothing here ever takes an HTML string.

pub mod find;
pub mod language;
pub mod page;
pub mod remember;

pub use find::{Part, by_id, document, is_seen, listen, show, window};
pub use gloo_events::EventListener;
pub use language::{counted, number, translate};
pub use page::{hold, on_change};
