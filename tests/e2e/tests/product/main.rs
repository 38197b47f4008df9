//! The product in real browsers: each module is a story, told once in Chromium and once in Firefox.

mod a_call_survives_the_worker;
mod a_changing_page;
mod a_day_of_calls;
mod a_hostile_page;
mod a_page_that_fights;
mod a_widget_that_does_not_start;
mod an_update;
mod consent_and_settings;
mod every_policy;
mod every_way;
mod life;
mod links;
mod log_forms;
mod many_tabs;
mod meetings;
mod messages;
mod own_window;
mod page_adapter;
mod page_api;
mod people;
mod recordings;
mod saved_crm_pages;
mod the_panel;
mod the_stand_in;
mod turning_off;
mod while_away;
