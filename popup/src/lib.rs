//! Settings and diagnosis for the site in the current tab.
//!
//! The popup shows what the worker says ([`SiteView`]) and passes on what the user wants; it keeps
//! nothing but how it was left. `?site=<origin>` shows a site's popup in a tab.

mod controls;
mod draw;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use anyhow::Result;
use switchboard::protocol::runtime::Refusal;
use switchboard::protocol::runtime::{
    AnswerWelcome, Request, SaveGlobal, SaveSite, SiteView, SiteViewOf, TurnOff, TurnOn, WantSite,
};
use switchboard::protocol::stored::{Adapter, GlobalSettings};
use switchboard::view::notice::{NO_ANSWER, PERMISSION_REFUSED, STORAGE, is_refusal};
use switchboard_ui::{document, is_seen, on_change, page, remember, show, translate, window};
use switchboard_webext::panics::report;
use switchboard_webext::{AskError, ask, install_panic_hook, permissions, tabs, text, ui_language};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{EventTarget, UrlSearchParams};

use crate::controls::Controls;

/// Where it is remembered whether "Advanced" is open.
const ADVANCED_OPEN: &str = "popup.advanced";

/// Opens the popup.
#[wasm_bindgen]
pub fn start() {
    install_panic_hook();
    spawn_local(async {
        if open().await.is_err() {
            report("the popup could not be opened");
            // What does not work may be anything but this.
            drop(Controls::find().and_then(|it| draw::draw_problem(&it, Some(NO_ANSWER))));
        }
    });
}

async fn open() -> Result<()> {
    translate(&document()?)?;
    let controls = Controls::find()?;
    draw::prepare(&controls)?;
    controls
        .advanced
        .set_open(remember::is_on(ADVANCED_OPEN, false));
    let popup = Rc::new(Popup {
        controls,
        of: whose_view().await?,
        view: RefCell::new(None),
        turn: Cell::new(0),
        in_hand: Cell::new(0),
    });
    popup.attach()?;
    popup.look().await;
    Ok(())
}

/// Returns the site that the popup is for: the one in its own address, or the one in the current tab.
async fn whose_view() -> Result<SiteViewOf> {
    let language = ui_language();
    let search = window()?.location().search().unwrap_or_default();
    let site = UrlSearchParams::new_with_str(&search)
        .ok()
        .and_then(|it| it.get("site"));
    if let Some(url) = site {
        return Ok(SiteViewOf {
            url,
            tab: None,
            language,
        });
    }
    let tab = tabs::active().await?;
    Ok(SiteViewOf {
        tab: tab.as_ref().map(|it| it.id),
        url: tab.and_then(|it| it.url).unwrap_or_default(),
        language,
    })
}

/// The open popup.
struct Popup {
    controls: Controls,
    of: SiteViewOf,
    /// What is drawn.
    view: RefCell<Option<SiteView>>,
    /// Counts what the user did, so that an answer from before it is not drawn over it.
    turn: Cell<u32>,
    /// How many of the user's requests are under way.
    in_hand: Cell<u32>,
}

impl Popup {
    fn attach(self: &Rc<Self>) -> Result<()> {
        let controls = &self.controls;
        self.on(&controls.switch, "click", Self::turn_over);
        self.on(&controls.welcome_yes, "click", |it| it.welcome(true));
        self.on(&controls.welcome_no, "click", |it| it.welcome(false));
        self.on(&controls.region, "change", Self::save_site);
        self.on(&controls.adapter_isolated, "change", Self::save_site);
        self.on(&controls.adapter_page, "change", Self::save_site);
        for field in [
            &controls.auto_log,
            &controls.client_id,
            &controls.server,
            &controls.widget_base,
        ] {
            self.on(field, "change", Self::save_global);
        }
        self.on(&controls.copy_redirect, "click", Self::copy_redirect);
        self.on(&controls.advanced, "toggle", |it| {
            remember::set_on(ADVANCED_OPEN, it.controls.advanced.open());
        });
        // A popup closes without a "change" of the field that was being typed in.
        self.on(&window()?.into(), "pagehide", |it| {
            if it.has_unsaved_text() {
                it.save_global();
            }
        });
        self.on(&document()?.into(), "visibilitychange", Self::look_soon);
        on_change(self, Self::look_soon)?;
        Ok(())
    }

    fn on(
        self: &Rc<Self>,
        target: &EventTarget,
        event: &'static str,
        act: impl Fn(&Rc<Self>) + 'static,
    ) {
        page::on(self, target, event, act);
    }

    // ---- what the user does ----

    fn turn_over(self: &Rc<Self>) {
        if self.in_hand.get() > 0 {
            return;
        }
        let Some((on, pattern)) = self.with_view(|it| (it.on, it.pattern.clone())) else {
            return;
        };
        let view = self.of.clone();
        if on {
            self.submit(TurnOff { view }, None, false);
            return;
        }
        // The browser is asked within the click. The worker is told at once, too: where the
        // browser's question closes the popup, it turns the site on by itself (Firefox).
        let granted = permissions::request(&pattern);
        let want = WantSite { view: view.clone() };
        spawn_local(async move {
            // That it was not told shows when the site is turned on.
            drop(ask(want).await);
        });
        let popup = self.clone();
        popup.begin();
        spawn_local(async move {
            if granted.await.unwrap_or(false) {
                popup.submit(TurnOn { view }, None, false);
            } else {
                popup.say(PERMISSION_REFUSED);
            }
            popup.end();
        });
    }

    fn welcome(self: &Rc<Self>, auto_log_calls: bool) {
        let view = self.of.clone();
        let answer = AnswerWelcome {
            view,
            auto_log_calls,
        };
        self.submit(answer, None, true);
        // The card goes away, and the keyboard must not fall out of the page with it.
        drop(self.controls.switch.focus());
        show(&self.controls.welcome, false);
    }

    fn save_site(self: &Rc<Self>) {
        let adapter = if self.controls.adapter_page.checked() {
            Adapter::Page
        } else {
            Adapter::Isolated
        };
        let save = SaveSite {
            view: self.of.clone(),
            region: self.controls.region.value(),
            adapter,
        };
        self.submit(save, None, true);
    }

    fn save_global(self: &Rc<Self>) {
        let typed = self.typed();
        let save = SaveGlobal {
            view: self.of.clone(),
            widget_base: typed.widget_base.trim().to_owned(),
            client_id: typed.client_id.trim().to_owned(),
            app_server: typed.app_server.trim().to_owned(),
            auto_log_calls: typed.auto_log_calls,
        };
        self.submit(save, Some(typed), true);
    }

    fn copy_redirect(self: &Rc<Self>) {
        let uri = self
            .controls
            .redirect_uri
            .text_content()
            .unwrap_or_default();
        let Ok(window) = window() else { return };
        let written = window.navigator().clipboard().write_text(&uri);
        let popup = self.clone();
        spawn_local(async move {
            if JsFuture::from(written).await.is_ok() {
                popup
                    .controls
                    .copy_redirect
                    .set_text_content(Some(&text("copied")));
            }
        });
    }

    /// Returns the global settings as they stand in the fields.
    fn typed(&self) -> GlobalSettings {
        GlobalSettings {
            widget_base: self.controls.widget_base.value(),
            client_id: self.controls.client_id.value(),
            app_server: self.controls.server.value(),
            auto_log_calls: self.controls.auto_log.checked(),
            ..GlobalSettings::default()
        }
    }

    fn has_unsaved_text(&self) -> bool {
        let typed = self.typed();
        self.with_view(|view| {
            view.global.client_id != typed.client_id
                || view.global.app_server != typed.app_server
                || draw::widget_base(&view.global) != typed.widget_base
        })
        .unwrap_or(false)
    }

    // ---- the worker ----

    /// Sends what the user wants and draws the answer. `typed` is what the fields held then.
    fn submit<R>(self: &Rc<Self>, request: R, typed: Option<GlobalSettings>, says_saved: bool)
    where
        R: Request<Reply = SiteView> + 'static,
    {
        self.begin();
        let popup = self.clone();
        spawn_local(async move {
            match ask(request).await {
                Ok(view) => {
                    let refused = view.problem.as_deref().is_some_and(is_refusal);
                    popup.show(view, typed.filter(|_| !refused));
                    if says_saved && !refused && draw::draw_saved(&popup.controls).is_err() {
                        report("the popup could not say that it saved");
                    }
                }
                Err(error) => popup.say(problem_of(&error)),
            }
            popup.end();
        });
    }

    /// Asks the worker how things stand.
    async fn look(&self) {
        let turn = self.turn.get();
        let answer = ask(self.of.clone()).await;
        if self.turn.get() != turn || self.in_hand.get() > 0 {
            return;
        }
        match answer {
            Ok(mut view) => {
                self.keep_said(&mut view);
                if self.view.borrow().as_ref() != Some(&view) {
                    self.show(view, None);
                }
            }
            Err(error) => self.say(problem_of(&error)),
        }
    }

    /// Keeps an answer to what the user did on the page until the user does something else: the worker
    /// says it once.
    fn keep_said(&self, view: &mut SiteView) {
        let said = self.with_view(|it| it.problem.clone()).flatten();
        let still_holds =
            |it: &String| is_refusal(it) || (it.as_str() == PERMISSION_REFUSED && !view.on);
        if let Some(said) = said.filter(still_holds) {
            view.problem.get_or_insert(said);
        }
    }

    fn look_soon(self: &Rc<Self>) {
        if is_seen() {
            let popup = self.clone();
            spawn_local(async move { popup.look().await });
        }
    }

    fn begin(&self) {
        self.turn.set(self.turn.get().wrapping_add(1));
        self.in_hand.set(self.in_hand.get().saturating_add(1));
        self.draw_busy();
    }

    fn end(&self) {
        self.in_hand.set(self.in_hand.get().saturating_sub(1));
        self.draw_busy();
    }

    // ---- the page ----

    fn show(&self, view: SiteView, typed: Option<GlobalSettings>) {
        let mut before = self.view.replace(None);
        if let (Some(before), Some(typed)) = (&mut before, typed) {
            // What was typed has been saved: the fields may show what became of it.
            before.global = typed;
        }
        if draw::draw(
            &self.controls,
            &view,
            before.as_ref(),
            self.of.tab.is_some(),
        )
        .is_err()
        {
            report("the popup could not be drawn");
        }
        self.view.replace(Some(view));
    }

    fn say(&self, problem: &str) {
        if draw::draw_problem(&self.controls, Some(problem)).is_err() {
            report("the popup could not say what is wrong");
        }
        // Drawn over what stood there, so that the next view is drawn whole.
        if let Some(view) = self.view.borrow_mut().as_mut() {
            view.problem = Some(problem.to_owned());
        }
    }

    fn draw_busy(&self) {
        if draw::draw_busy(&self.controls, self.in_hand.get() > 0).is_err() {
            report("the popup could not show that it waits");
        }
    }

    fn with_view<T>(&self, read: impl FnOnce(&SiteView) -> T) -> Option<T> {
        self.view.borrow().as_ref().map(read)
    }
}

fn problem_of(error: &AskError) -> &'static str {
    match error {
        AskError::Refused(Refusal::Storage(_)) => STORAGE,
        _ => NO_ANSWER,
    }
}
