//! The only serialisable types of Switchboard (beside the site rules, in `switchboard-rules`).
//!
//! - [`book`]: what the log book asks and shows.
//! - [`codec`]: how messages between our own contexts are written.
//! - [`page`]: what was read on a page, from the page agent to the worker.
//! - [`registration`]: what we tell the widget that we can do.
//! - [`runtime`]: the requests and replies between our own contexts.
//! - [`stored`]: what storage holds, versioned.
//! - [`widget`]: RingCentral's words.
//! - [`widget_messages`]: its words about messages and meetings.
//!
//! Serialisable types are promises of compatibility, so the rest of the core has none.

pub mod book;
pub mod codec;
pub mod page;
pub mod registration;
pub mod runtime;
pub mod stored;
pub mod widget;
pub mod widget_messages;
