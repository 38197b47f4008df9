//! The fields of the settings: what each stands for, how it is shown and read.

use anyhow::Result;
use switchboard::protocol::runtime::{SiteView, SiteWish};
use switchboard::protocol::stored::{
    Adapter, DEFAULT_WIDGET_BASE, GlobalSettings, LIST_LIMIT, LogForm, MEDIA_LIMIT_MB,
};
use switchboard::view::site::{may_offer_api, shown_adapter, wished_adapter};
use switchboard_ui::{by_id, show};
use web_sys::HtmlInputElement;

use crate::controls::Controls;

type Switch = fn(&mut GlobalSettings) -> &mut bool;

/// The ids of the switches that need nothing but to be turned.
const SWITCHES: [(&str, Switch); 8] = [
    ("auto-log", |it| &mut it.auto_log_calls),
    ("auto-log-messages", |it| &mut it.auto_log_messages),
    ("ask-for-notes", |it| &mut it.ask_for_notes),
    ("open-on-ring", |it| &mut it.open_on_ring),
    ("open-on-answer", |it| &mut it.open_on_answer),
    ("open-on-outgoing", |it| &mut it.open_on_outgoing),
    ("confirm-premium", |it| &mut it.confirm_premium),
    ("confirm-international", |it| &mut it.confirm_international),
];

/// The switches of all sites.
#[derive(Debug)]
pub(crate) struct Switches(Vec<(HtmlInputElement, Switch)>);

impl Switches {
    pub(crate) fn find() -> Result<Self> {
        let found = SWITCHES.map(|(id, switch)| Ok((by_id(id)?, switch)));
        Ok(Self(found.into_iter().collect::<Result<_>>()?))
    }

    pub(crate) fn inputs(&self) -> impl Iterator<Item = &HtmlInputElement> {
        self.0.iter().map(|(input, _)| input)
    }

    fn draw(&self, settings: &GlobalSettings) {
        let mut settings = settings.clone();
        for (input, switch) in &self.0 {
            input.set_checked(*switch(&mut settings));
        }
    }

    fn read(&self, settings: &mut GlobalSettings) {
        for (input, switch) in &self.0 {
            *switch(settings) = input.checked();
        }
    }
}

/// Shows the settings of all sites. `before` are those that stand there: a field that the user has changed
/// since stays.
pub(crate) fn draw_global(
    controls: &Controls,
    switches: &Switches,
    new: &GlobalSettings,
    before: Option<&GlobalSettings>,
) {
    switches.draw(new);
    let modal = new.log_form == LogForm::Modal;
    controls.form_modal.set_checked(modal);
    controls.form_page.set_checked(!modal);
    controls.dnc_refuse.set_checked(new.refuse_do_not_contact);
    controls.dnc_ask.set_checked(!new.refuse_do_not_contact);
    controls.recordings.set_checked(new.recordings_with_token);
    controls.attachments.set_checked(new.attachments_with_token);
    for (input, shown) in texts(controls) {
        let untouched = before.is_none_or(|it| shown(it) == input.value());
        let new = shown(new);
        if untouched && input.value() != new {
            input.set_value(&new);
        }
    }
}

/// Whether the user has typed something that is not saved.
pub(crate) fn has_unsaved_text(controls: &Controls, saved: &GlobalSettings) -> bool {
    texts(controls)
        .iter()
        .any(|(input, shown)| input.value() != shown(saved))
}

type Shown = fn(&GlobalSettings) -> String;

/// The fields that are typed into, and how each shows what is saved.
pub(crate) fn texts(controls: &Controls) -> [(&HtmlInputElement, Shown); 5] {
    [
        (&controls.client_id, |it| it.client_id.clone()),
        (&controls.server, |it| it.app_server.clone()),
        // The default is the empty field's placeholder.
        (&controls.widget_base, |it| {
            if it.widget_base == DEFAULT_WIDGET_BASE {
                String::new()
            } else {
                it.widget_base.clone()
            }
        }),
        (&controls.media_limit, |it| it.media_limit_mb.to_string()),
        (&controls.list_limit, |it| it.list_limit.to_string()),
    ]
}

/// Returns the settings of all sites as they stand in the fields; what has no field stays as it is.
pub(crate) fn read_global(
    controls: &Controls,
    switches: &Switches,
    saved: &GlobalSettings,
) -> GlobalSettings {
    let number =
        |input: &HtmlInputElement, saved: u32| input.value().trim().parse().unwrap_or(saved);
    let mut typed = GlobalSettings {
        widget_base: controls.widget_base.value(),
        client_id: controls.client_id.value(),
        app_server: controls.server.value(),
        log_form: if controls.form_modal.checked() {
            LogForm::Modal
        } else {
            LogForm::Page
        },
        refuse_do_not_contact: controls.dnc_refuse.checked(),
        recordings_with_token: controls.recordings.checked(),
        attachments_with_token: controls.attachments.checked(),
        media_limit_mb: number(&controls.media_limit, saved.media_limit_mb),
        list_limit: number(&controls.list_limit, saved.list_limit),
        ..saved.clone()
    };
    switches.read(&mut typed);
    typed
}

/// Says in the page what the numbers may be.
pub(crate) fn set_limits(controls: &Controls) {
    for (input, limits) in [
        (&controls.media_limit, MEDIA_LIMIT_MB),
        (&controls.list_limit, LIST_LIMIT),
    ] {
        input.set_min(&limits.start().to_string());
        input.set_max(&limits.end().to_string());
    }
}

/// Shows the settings of the site.
pub(crate) fn draw_site(controls: &Controls, view: &SiteView, before: Option<&SiteWish>) {
    let wish = &view.wish;
    if before.is_none_or(|it| it.region != wish.region) {
        controls.region.set_value(&wish.region);
    }
    show(&controls.adapter_page_choice, view.has_page_adapter);
    let shown = shown_adapter(wish.adapter, view.has_page_adapter);
    for (input, adapter) in adapters(controls) {
        input.set_checked(shown == adapter);
    }
    controls.read_contacts.set_checked(wish.read_contacts);
    controls.mark_numbers.set_checked(wish.mark_numbers);
    let choice = may_offer_api(view);
    controls.page_api.set_disabled(!choice);
    controls.page_api.set_checked(wish.page_api || !choice);
    show(&controls.page_api_hint, choice);
    show(&controls.page_api_always, !choice);
}

fn adapters(controls: &Controls) -> [(&HtmlInputElement, Adapter); 3] {
    [
        (&controls.adapter_isolated, Adapter::Isolated),
        (&controls.adapter_page, Adapter::Page),
        (&controls.adapter_window, Adapter::Window),
    ]
}

/// Returns the settings of the site as they stand in the fields; what has no field stays as it is.
pub(crate) fn read_site(controls: &Controls, view: &SiteView) -> SiteWish {
    let saved = &view.wish;
    let chosen = adapters(controls)
        .into_iter()
        .find(|(input, _)| input.checked())
        .map_or(saved.adapter, |(_, adapter)| adapter);
    SiteWish {
        region: controls.region.value(),
        adapter: wished_adapter(chosen, saved.adapter, view.has_page_adapter),
        read_contacts: controls.read_contacts.checked(),
        mark_numbers: controls.mark_numbers.checked(),
        page_api: if controls.page_api.disabled() {
            saved.page_api
        } else {
            controls.page_api.checked()
        },
        ..saved.clone()
    }
}
