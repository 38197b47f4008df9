//! A small CRM and a stand-in widget that speaks the protocol.
//!
//! The demo shows the product without an account anywhere; the tests in real browsers use it as their bed.
//! Nothing in here talks to a network: the telephone company, the widget and the CRM are all invented, on this machine.
//!
//! In reading order:
//! [`platform`] the telephone company: calls, messages, meetings, recordings;
//! [`partition`] what the browser keeps for the widget, per site;
//! [`widget`] the stand-in itself, everything that `app.html` says and shows;
//! [`transcript`] what was said, for tests;
//! [`crm`] the people and their pages;
//! [`server`] https for all of it, and the handles that tests hold.

pub mod clock;
pub mod crm;
mod html;
mod json;
pub mod partition;
pub mod platform;
pub mod server;
pub mod transcript;
pub mod widget;

pub use clock::Pace;
pub use platform::{
    Direction, MessageKind, PastCall, PastMeeting, PastMessage, Platform, RingOptions,
};
pub use server::{Boot, Demo, Headers, Options, Site};
pub use transcript::{Exchange, Outcome, PathTiming, Transcript};
pub use widget::{Authorization, Build, ButtonKind, Facts, Logger, Reached, Widget};
