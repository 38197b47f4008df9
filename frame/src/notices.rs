//! What the worker has for the user rather than for the widget: the pill in the header, and under it the
//! invitation, and why the phone is in a window of its own.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use anyhow::{Result, anyhow};
use switchboard::protocol::runtime::{Attention, InviteOffer};
use switchboard::protocol::stored::Obstacle;
use switchboard::view::{attention, notice};
use switchboard_ui::{EventListener, by_id, counted, document, listen, show, window};
use switchboard_webext::{tabs, text, text_with, url_of};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, HtmlAnchorElement, HtmlDocument, HtmlElement, HtmlTextAreaElement};

/// The elements.
pub(crate) struct Notices {
    pill: HtmlElement,
    waits: Cell<Attention>,
    invite: Element,
    title: Element,
    copy: HtmlElement,
    email: HtmlAnchorElement,
    close: HtmlElement,
    /// Holds the text where only the older way of copying is left.
    copied: HtmlTextAreaElement,
    offer: RefCell<InviteOffer>,
    because: Element,
    because_text: Element,
    because_close: HtmlElement,
}

impl Notices {
    pub(crate) fn find() -> Result<Self> {
        Ok(Self {
            pill: by_id("attention")?,
            waits: Cell::default(),
            invite: by_id("invite")?,
            title: by_id("invite-title")?,
            copy: by_id("invite-copy")?,
            email: by_id("invite-email")?,
            close: by_id("invite-close")?,
            copied: by_id("invite-text")?,
            offer: RefCell::default(),
            because: by_id("because")?,
            because_text: by_id("because-text")?,
            because_close: by_id("because-close")?,
        })
    }

    /// Says which site's page did not let the phone in.
    pub(crate) fn because(&self, why: Option<&(Obstacle, String)>) {
        let said = why
            .and_then(|(obstacle, site)| Some(text_with(notice::window_key(*obstacle)?, &[site])));
        show(&self.because, said.is_some());
        self.because_text.set_text_content(said.as_deref());
    }

    /// Shows what waits for the user, or nothing.
    pub(crate) fn attention(&self, waits: Attention) {
        self.waits.set(waits);
        let said = attention::pill(waits).map(|(base, count)| counted(base, count));
        show(&self.pill, said.is_some());
        self.pill.set_text_content(said.as_deref());
    }

    /// Offers an invitation.
    pub(crate) fn invite(&self, offer: InviteOffer) {
        self.title.set_text_content(Some(&offer.title));
        self.copy.set_text_content(Some(&text("copy")));
        show(&self.copy, !offer.text.is_empty());
        // Whatever else stands there, only a draft of a message is opened.
        let is_draft = offer.mailto.starts_with("mailto:");
        show(&self.email, is_draft);
        if is_draft {
            self.email.set_href(&offer.mailto);
            let label = if offer.names.is_empty() {
                text("invite_email")
            } else {
                text_with("invite_email_to", &[&offer.names.join(", ")])
            };
            self.email.set_text_content(Some(&label));
            self.email.set_title(&label);
        }
        show(&self.invite, is_draft || !offer.text.is_empty());
        self.offer.replace(offer);
    }

    /// Listens to the user.
    pub(crate) fn listen(self: &Rc<Self>) -> Vec<EventListener> {
        let (pill, copy, close) = (Rc::clone(self), Rc::clone(self), Rc::clone(self));
        let because = self.because.clone();
        vec![
            listen(&self.pill, "click", move |event| {
                if event.is_trusted() {
                    pill.open_book();
                }
            }),
            listen(&self.copy, "click", move |event| {
                if event.is_trusted() {
                    copy.copy_invitation();
                }
            }),
            listen(&self.close, "click", move |_| {
                show(&close.invite, false);
                close.offer.take();
            }),
            listen(&self.because_close, "click", move |_| show(&because, false)),
        ]
    }

    fn open_book(&self) {
        let page = url_of(attention::page(self.waits.get()));
        spawn_local(async move {
            // Where no tab can be opened there is nothing else that could be done here.
            drop(tabs::open(&page).await);
        });
    }

    /// The page around this one may forbid its frames the clipboard; a selected text can be copied even so.
    fn copy_invitation(self: &Rc<Self>) {
        let Ok(window) = window() else { return };
        let offered = self.offer.borrow().text.clone();
        let written = window.navigator().clipboard().write_text(&offered);
        let notices = Rc::clone(self);
        spawn_local(async move {
            let done = JsFuture::from(written).await.is_ok()
                || notices.copy_selected(&offered).unwrap_or(false);
            let said = text(if done { "copied" } else { "copy_failed" });
            notices.copy.set_text_content(Some(&said));
        });
    }

    fn copy_selected(&self, offered: &str) -> Result<bool> {
        let document: HtmlDocument = document()?
            .dyn_into()
            .map_err(|_| anyhow!("the document is another one than expected"))?;
        show(&self.copied, true);
        self.copied.set_value(offered);
        self.copied.select();
        let done = document.exec_command("copy").unwrap_or(false);
        self.copied.set_value("");
        show(&self.copied, false);
        drop(self.copy.focus());
        Ok(done)
    }
}
