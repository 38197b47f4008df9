//! Every element of the popup that is read or written, found once.

use anyhow::Result;
use switchboard_ui::by_id;
use web_sys::{
    Element, HtmlAnchorElement, HtmlButtonElement, HtmlInputElement, HtmlSelectElement,
    HtmlTemplateElement,
};

/// Finds the elements by the ids that `popup.html` gives them.
macro_rules! controls {
    ($($field:ident: $type:ty = $id:literal),+ $(,)?) => {
        /// The elements of `popup.html`.
        #[derive(Debug)]
        pub(crate) struct Controls {
            $(pub(crate) $field: $type,)+
        }

        impl Controls {
            /// Finds them all.
            pub(crate) fn find() -> Result<Self> {
                Ok(Self { $($field: by_id($id)?,)+ })
            }
        }
    };
}

controls! {
    site_name: Element = "site-name",
    saved: Element = "saved",
    problem: Element = "problem",
    problem_text: Element = "problem-text",
    problem_help: Element = "problem-help",
    obstacle: Element = "obstacle",
    obstacle_text: Element = "obstacle-text",
    obstacle_help: Element = "obstacle-help",
    advice: Element = "advice",
    advice_text: Element = "advice-text",
    advice_yes: HtmlButtonElement = "advice-yes",
    advice_no: HtmlButtonElement = "advice-no",
    window: HtmlButtonElement = "window",
    window_text: Element = "window-text",
    reload: Element = "reload",
    reload_text: Element = "reload-text",
    reload_now: HtmlButtonElement = "reload-now",
    attention: HtmlAnchorElement = "attention",
    attention_text: Element = "attention-text",
    unsupported: Element = "unsupported",
    power: Element = "power",
    switch: HtmlButtonElement = "switch",
    switch_hint: Element = "switch-hint",
    welcome: Element = "welcome",
    welcome_yes: HtmlButtonElement = "welcome-yes",
    welcome_no: HtmlButtonElement = "welcome-no",
    read: Element = "read",
    read_here: Element = "read-here",
    read_when: Element = "read-when",
    read_count: Element = "read-count",
    read_names: Element = "read-names",
    kept: Element = "kept",
    translated: Element = "translated",
    log_count: Element = "log-count",
    site_settings: Element = "site-settings",
    read_contacts: HtmlInputElement = "read-contacts",
    mark_numbers: HtmlInputElement = "mark-numbers",
    region: HtmlSelectElement = "region",
    adapter_isolated: HtmlInputElement = "adapter-isolated",
    adapter_page: HtmlInputElement = "adapter-page",
    adapter_page_choice: Element = "adapter-page-choice",
    adapter_window: HtmlInputElement = "adapter-window",
    page_api: HtmlInputElement = "page-api",
    page_api_hint: Element = "page-api-hint",
    page_api_always: Element = "page-api-always",
    form_page: HtmlInputElement = "form-page",
    form_modal: HtmlInputElement = "form-modal",
    dnc_refuse: HtmlInputElement = "dnc-refuse",
    dnc_ask: HtmlInputElement = "dnc-ask",
    recordings: HtmlInputElement = "recordings",
    attachments: HtmlInputElement = "attachments",
    media_refused: Element = "media-refused",
    media_allow: HtmlButtonElement = "media-allow",
    media_limit: HtmlInputElement = "media-limit",
    list_limit: HtmlInputElement = "list-limit",
    client_id: HtmlInputElement = "client-id",
    redirect: Element = "redirect",
    redirect_uri: Element = "redirect-uri",
    copy_redirect: HtmlButtonElement = "copy-redirect",
    server: HtmlInputElement = "server",
    server_error: Element = "server-error",
    widget_base: HtmlInputElement = "widget-base",
    widget_base_error: Element = "widget-base-error",
    options: Element = "options",
    option_row: HtmlTemplateElement = "option-row",
    option_name: HtmlSelectElement = "option-name",
    option_value: Element = "option-value",
    option_help: Element = "option-help",
    option_note: Element = "option-note",
    option_choice: HtmlSelectElement = "option-choice",
    option_text: HtmlInputElement = "option-text",
    option_scope: HtmlSelectElement = "option-scope",
    option_set: HtmlButtonElement = "option-set",
    option_error: Element = "option-error",
}
