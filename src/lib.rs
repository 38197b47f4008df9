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
pub mod panel;
pub mod phone;
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
