//! What Switchboard knows and decides.

pub mod address;
pub mod agent;
pub mod boot;
pub mod bounds;
pub mod calls;
pub mod directory;
pub mod form;
pub mod media;
pub mod meetings;
pub mod messages;
pub mod moment;
pub mod page_api;
pub mod panel;
pub mod phone;
pub mod placement;
pub mod protocol;
pub mod reader;
pub mod relay;
pub mod repair;
pub mod roles;
pub mod scope;
pub mod service;
pub mod sites;
pub mod view;
pub mod who;
pub mod widget_address;
pub mod widget_options;
pub mod widget_settings;

/// Whether this build can put RingCentral's own adapter into pages. Only the worker's knows: no other
/// context has anything to do with it.
pub const HAS_PAGE_ADAPTER: bool = cfg!(feature = "page-adapter");
