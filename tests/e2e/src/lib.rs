//! The product in real browsers: what the tests share.
//!
//! In reading order:
//! [`scene`] the demo, a browser and what a user does there;
//! [`ways`] the ways to put the widget in: where it stands, and whether it works there;
//! [`browser`] starting, restarting, killing the worker;
//! [`document`] a tab or a frame: evaluating, clicking, typing;
//! [`wait`] waiting for conditions.
//!
//! Everything goes over WebDriver `BiDi`: it reaches every frame, also the extension's in a closed
//! shadow root, and speaks the same to both browsers.

pub mod browser;
pub mod document;
mod driver;
pub mod extension;
mod folder;
pub mod scene;
pub mod wait;
pub mod ways;

pub use browser::{Browser, Kind, Screen};
pub use document::{Document, Node};
pub use scene::{Row, Scene, play};
pub use wait::{LIMIT, until};
