//! What the views of the book share: what went wrong, what was done, the question before something is lost,
//! and the small steps of drawing.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use anyhow::{Context as _, Result, anyhow};
use switchboard::protocol::runtime::{Refusal, Request};
use switchboard::view::notice::{NO_ANSWER, STORAGE, help_key};
use switchboard::view::route::Route;
use switchboard_ui::{Part as _, by_id, document, hold, listen, show, window};
use switchboard_webext::panics::report;
use switchboard_webext::{AskError, ask, sleep, text};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Element, Event, EventTarget, FocusOptions, HtmlDialogElement, HtmlElement, HtmlOptionElement,
    HtmlTemplateElement,
};

/// How long a word about what was done stands, in milliseconds.
const TOAST_MS: u32 = 5_000;

/// A question before something is lost.
pub(crate) struct Question {
    /// What is asked.
    pub(crate) title: String,
    /// What it means.
    pub(crate) text: String,
    /// What the button says that does it.
    pub(crate) yes: String,
}

/// What all views share.
pub(crate) struct Shell {
    problem: Element,
    problem_text: Element,
    problem_help: Element,
    toast: Element,
    toast_turn: Cell<u32>,
    confirm: HtmlDialogElement,
    confirm_title: Element,
    confirm_text: Element,
    confirm_yes: Element,
    when_confirmed: RefCell<Option<Box<dyn FnOnce()>>>,
}

impl Shell {
    pub(crate) fn find() -> Result<Rc<Self>> {
        let shell = Rc::new(Self {
            problem: by_id("problem")?,
            problem_text: by_id("problem-text")?,
            problem_help: by_id("problem-help")?,
            toast: by_id("toast")?,
            toast_turn: Cell::new(0),
            confirm: by_id("confirm")?,
            confirm_title: by_id("confirm-title")?,
            confirm_text: by_id("confirm-text")?,
            confirm_yes: by_id("confirm-yes")?,
            when_confirmed: RefCell::new(None),
        });
        on(&shell, &shell.confirm, "close", |shell, _| {
            let then = shell.when_confirmed.take();
            if shell.confirm.return_value() == "yes"
                && let Some(then) = then
            {
                then();
            }
        });
        Ok(shell)
    }

    /// Asks the worker; where that fails, the page says so.
    pub(crate) async fn ask<R: Request>(&self, request: R) -> Option<R::Reply> {
        match ask(request).await {
            Ok(reply) => {
                show(&self.problem, false);
                Some(reply)
            }
            Err(error) => {
                let problem = match error {
                    AskError::Refused(Refusal::Storage(_)) => STORAGE,
                    _ => NO_ANSWER,
                };
                self.problem_text.set_text_content(Some(&text(problem)));
                self.problem_help
                    .set_text_content(Some(&text(&help_key(problem))));
                show(&self.problem, true);
                None
            }
        }
    }

    /// Says for a while what was done.
    pub(crate) fn say(self: &Rc<Self>, said: &str) {
        self.toast.set_text_content(Some(said));
        let turn = self.toast_turn.get().wrapping_add(1);
        self.toast_turn.set(turn);
        let shell = self.clone();
        spawn_local(async move {
            sleep(TOAST_MS).await;
            if shell.toast_turn.get() == turn {
                shell.toast.set_text_content(None);
            }
        });
    }

    /// Does something when the user has agreed to it.
    pub(crate) fn confirm(&self, question: &Question, then: impl FnOnce() + 'static) {
        self.confirm_title.set_text_content(Some(&question.title));
        self.confirm_text.set_text_content(Some(&question.text));
        self.confirm_yes.set_text_content(Some(&question.yes));
        self.confirm.set_return_value("");
        self.when_confirmed.replace(Some(Box::new(then)));
        if self.confirm.show_modal().is_err() {
            report("the log book could not ask");
        }
    }
}

/// Opens another part of the book.
pub(crate) fn go(route: &Route) {
    // A fragment can always be set.
    drop(window().map(|it| it.location().set_hash(&route.fragment())));
}

/// Listens as long as the page lives.
pub(crate) fn on<P: 'static>(
    page: &Rc<P>,
    target: &EventTarget,
    event: &'static str,
    act: impl Fn(&Rc<P>, &Event) + 'static,
) {
    let page = Rc::clone(page);
    hold(listen(target, event, move |event| act(&page, event)));
}

/// Returns the element of this selector that an event happened in.
pub(crate) fn source(event: &Event, selector: &str) -> Option<Element> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(selector).ok().flatten()
}

/// Returns an attribute of the element of this selector that an event happened in.
pub(crate) fn said(event: &Event, selector: &str, attribute: &str) -> Option<String> {
    source(event, selector)?.get_attribute(attribute)
}

/// Reports a view that could not be drawn.
pub(crate) fn drawn(result: Result<()>) {
    result.unwrap_or_else(|_| report("the log book could not be drawn"));
}

/// Returns a copy of what a template holds.
pub(crate) fn copy(template: &HtmlTemplateElement) -> Result<Element> {
    template
        .content()
        .first_element_child()
        .and_then(|it| it.clone_node_with_deep(true).ok())
        .and_then(|it| it.dyn_into().ok())
        .context("copying a template")
}

pub(crate) fn put(element: &Element, name: &'static str, value: &str) -> Result<()> {
    element
        .set_attribute(name, value)
        .map_err(|_| anyhow!("setting {name}"))
}

/// Writes a text into a part of an element.
pub(crate) fn write(element: &Element, selector: &'static str, said: &str) -> Result<()> {
    let part: Element = element.part(selector)?;
    part.set_text_content(Some(said));
    Ok(())
}

pub(crate) fn append(parent: &Element, child: &Element) -> Result<()> {
    parent
        .append_child(child)
        .ok()
        .context("adding an element")?;
    Ok(())
}

pub(crate) fn clear(element: &Element) {
    element.set_text_content(None);
}

/// Returns an option of a select.
pub(crate) fn option(value: &str, label: &str) -> Result<HtmlOptionElement> {
    HtmlOptionElement::new_with_text_and_value(label, value)
        .ok()
        .context("making an option")
}

/// Gives an element the focus and moves nothing.
pub(crate) fn focus(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // What cannot have the focus leaves it where it is.
    drop(element.focus_with_options(&options));
}

/// Returns the attribute of the element around the focus, so that a redraw can give the focus back.
pub(crate) fn focused(within: &str, attribute: &str) -> Option<String> {
    let active = document().ok()?.active_element()?;
    active
        .closest(within)
        .ok()
        .flatten()?
        .get_attribute(attribute)
}

/// Puts a text into the clipboard; whether that went well.
pub(crate) async fn copy_text(said: &str) -> bool {
    let Ok(window) = window() else { return false };
    let written = window.navigator().clipboard().write_text(said);
    JsFuture::from(written).await.is_ok()
}
