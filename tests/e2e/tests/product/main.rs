//! The product in real browsers: each module is a story, told once in Chromium and once in Firefox.

mod a_call_survives_the_worker;
mod a_changing_page;
mod a_day_of_calls;
mod a_hostile_page;
mod an_update;
mod consent_and_settings;
mod every_policy;
mod log_forms;
mod meetings;
mod messages;
mod page_adapter;
mod people;
mod recordings;
mod saved_crm_pages;
mod the_panel;
mod turning_off;
mod while_away;
