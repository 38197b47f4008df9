//! What stands on the stage instead of the widget: why it does not start, or that it is not here.

use anyhow::Result;
use switchboard::boot::Reason;
use switchboard::protocol::runtime::NewWindow;
use switchboard_ui::{EventListener, by_id, listen, show};
use switchboard_webext::{ask_then, text, text_with};
use web_sys::{Element, HtmlElement};

/// The elements.
#[derive(Clone)]
pub(crate) struct Plate {
    whole: Element,
    title: Element,
    help: Element,
    pub(crate) again: HtmlElement,
    pub(crate) window: HtmlElement,
}

impl Plate {
    pub(crate) fn find() -> Result<Self> {
        Ok(Self {
            whole: by_id("plate")?,
            title: by_id("plate-title")?,
            help: by_id("plate-help")?,
            again: by_id("plate-again")?,
            window: by_id("plate-window")?,
        })
    }

    /// Says why the widget does not start. `host` is where it is loaded from; `in_window`: there is no
    /// other place to open it in.
    pub(crate) fn explain(&self, reason: Reason, host: &str, in_window: bool) {
        self.write(
            &text_with(reason.text_key(), &[host]),
            &text_with(reason.help_key(), &[host]),
        );
        show(&self.again, true);
        show(&self.window, !in_window);
        show(&self.whole, true);
    }

    /// Makes way for the widget.
    pub(crate) fn hide(&self) {
        show(&self.whole, false);
    }

    /// Says that the phone is not in this window any more, and opens another one if the user wants it; the
    /// worker closes this one.
    pub(crate) fn offer_new_window(self) -> EventListener {
        self.write(&text("window_gone"), &text("window_gone_help"));
        self.window
            .set_text_content(Some(&text("window_gone_open")));
        self.window.set_class_name("primary");
        show(&self.again, false);
        show(&self.whole, true);
        let button = self.window.clone();
        listen(&button, "click", move |event| {
            if event.is_trusted() {
                let plate = self.clone();
                ask_then(NewWindow {}, move |done| {
                    if done.is_err() {
                        plate.write(&text("problem_no_answer"), &text("problem_no_answer_help"));
                    }
                });
            }
        })
    }

    fn write(&self, title: &str, help: &str) {
        self.title.set_text_content(Some(title));
        self.help.set_text_content(Some(help));
    }
}
