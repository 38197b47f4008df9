//! Settings and diagnosis for the site in the current tab.
//!
//! The popup shows what the worker says ([`SiteView`]) and passes on what the user wants; it keeps
//! nothing but how it was left. `?site=<origin>` shows a site's popup in a tab.

mod controls;
mod draw;
mod fields;
mod options;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use anyhow::Result;
use switchboard::protocol::runtime::Refusal;
use switchboard::protocol::runtime::{
    AnswerWelcome, DeclineAdvice, Request, SaveGlobal, SaveSite, ShowWindow, SiteView, SiteViewOf,
    SiteWish, TurnOff, TurnOn, WantSite,
};
use switchboard::protocol::stored::{Adapter, GlobalSettings};
use switchboard::view::notice::{NO_ANSWER, PERMISSION_REFUSED, STORAGE, is_refusal};
use switchboard::view::site::reload_for;
use switchboard_ui::{
    EventListener, by_id, document, is_seen, on_change, page, remember, show, translate, window,
};
use switchboard_webext::panics::report;
use switchboard_webext::{AskError, ask, install_panic_hook, permissions, tabs, text, ui_language};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{EventTarget, HtmlDetailsElement, UrlSearchParams};

use crate::controls::Controls;
use crate::fields::Switches;
use crate::options::{Change, Scope};

/// The parts that can be opened, and where it is remembered whether they are.
const PARTS: [(&str, &str); 4] = [
    ("calls", "popup.calls"),
    ("safety", "popup.safety"),
    ("media", "popup.media"),
    ("advanced", "popup.advanced"),
];

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
    options::prepare(&controls)?;
    let popup = Rc::new(Popup {
        controls,
        switches: Switches::find()?,
        of: whose_view().await?,
        view: RefCell::new(None),
        turn: Cell::new(0),
        in_hand: Cell::new(0),
        rows: RefCell::default(),
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
    switches: Switches,
    of: SiteViewOf,
    /// What is drawn.
    view: RefCell<Option<SiteView>>,
    /// Counts what the user did, so that an answer from before it is not drawn over it.
    turn: Cell<u32>,
    /// How many of the user's requests are under way.
    in_hand: Cell<u32>,
    /// The listeners of the options that are shown.
    rows: RefCell<Vec<EventListener>>,
}

impl Popup {
    fn attach(self: &Rc<Self>) -> Result<()> {
        let controls = &self.controls;
        self.on(&controls.switch, "click", Self::turn_over);
        self.on(&controls.welcome_yes, "click", |it| it.welcome(true));
        self.on(&controls.welcome_no, "click", |it| it.welcome(false));
        self.on(&controls.region, "change", Self::save_site);
        for field in [
            &controls.adapter_isolated,
            &controls.adapter_page,
            &controls.adapter_window,
            &controls.page_api,
            &controls.read_contacts,
            &controls.mark_numbers,
        ] {
            self.on(field, "change", Self::save_site);
        }
        for field in [
            &controls.form_page,
            &controls.form_modal,
            &controls.dnc_refuse,
            &controls.dnc_ask,
        ] {
            self.on(field, "change", Self::save_global);
        }
        for field in self.switches.inputs() {
            self.on(field, "change", Self::save_global);
        }
        for (field, _) in fields::texts(controls) {
            self.on(field, "change", Self::save_global);
        }
        // Their permission is asked for, and for that the browser counts a click alone.
        self.on(&controls.recordings, "click", Self::turn_media);
        self.on(&controls.attachments, "click", Self::turn_media);
        self.on(&controls.media_allow, "click", Self::allow_media);
        self.on(&controls.copy_redirect, "click", Self::copy_redirect);
        self.on(&controls.reload_now, "click", Self::reload);
        self.on(&controls.window, "click", Self::show_window);
        self.on(&controls.advice_yes, "click", Self::use_window);
        self.on(&controls.advice_no, "click", Self::decline_advice);
        self.on(&controls.option_name, "change", Self::choose_option);
        self.on(&controls.option_set, "click", Self::set_option);
        for (id, remembered) in PARTS {
            let part: HtmlDetailsElement = by_id(id)?;
            part.set_open(remember::is_on(remembered, false));
            let opened = part.clone();
            self.on(&part, "toggle", move |_| {
                remember::set_on(remembered, opened.open());
            });
        }
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

    fn welcome(self: &Rc<Self>, auto_log: bool) {
        let view = self.of.clone();
        self.submit(AnswerWelcome { view, auto_log }, None, true);
        // The card goes away, and the keyboard must not fall out of the page with it.
        drop(self.controls.switch.focus());
        show(&self.controls.welcome, false);
    }

    fn save_site(self: &Rc<Self>) {
        if let Some(wish) = self.wish() {
            self.submit_wish(wish);
        }
    }

    fn submit_wish(self: &Rc<Self>, wish: SiteWish) {
        let view = self.of.clone();
        self.submit(SaveSite { view, wish }, None, true);
    }

    /// Opens the phone's window, or brings it to the front; this may close the popup.
    fn show_window(self: &Rc<Self>) {
        let view = self.of.clone();
        self.submit(ShowWindow { view }, None, false);
    }

    /// Follows the advice: the wish is saved before the window comes and closes the popup.
    fn use_window(self: &Rc<Self>) {
        let Some(mut wish) = self.wish() else { return };
        wish.adapter = Adapter::Window;
        let view = self.of.clone();
        let save = SaveSite {
            view: view.clone(),
            wish,
        };
        self.begin();
        let popup = self.clone();
        spawn_local(async move {
            match ask(save).await {
                Ok(_) => popup.submit(ShowWindow { view }, None, true),
                Err(error) => popup.say(problem_of(&error)),
            }
            popup.end();
        });
        self.leave_advice();
    }

    fn decline_advice(self: &Rc<Self>) {
        let view = self.of.clone();
        self.submit(DeclineAdvice { view }, None, true);
        self.leave_advice();
    }

    /// The notice goes away, and the keyboard must not fall out of the page with it.
    fn leave_advice(&self) {
        drop(self.controls.switch.focus());
        show(&self.controls.advice, false);
    }

    fn save_global(self: &Rc<Self>) {
        if let Some(typed) = self.typed() {
            self.submit_global(typed);
        }
    }

    fn submit_global(self: &Rc<Self>, typed: GlobalSettings) {
        let view = self.of.clone();
        let global = typed.clone();
        self.submit(SaveGlobal { view, global }, Some(typed), true);
    }

    /// Turns the download of files on or off. The setting is saved at once, for the browser's question may
    /// close the popup (Firefox).
    fn turn_media(self: &Rc<Self>) {
        let Some(typed) = self.typed() else { return };
        let before = self.with_view(|it| it.global.downloads());
        if typed.downloads() && before == Some(false) {
            self.ask_for_media(true);
        }
        self.submit_global(typed);
    }

    fn allow_media(self: &Rc<Self>) {
        self.ask_for_media(false);
    }

    /// Asks the browser for the server of recordings. `or_off`: a "no" turns the download off again.
    fn ask_for_media(self: &Rc<Self>, or_off: bool) {
        let Some(pattern) = self.with_view(|it| it.media_pattern.clone()) else {
            return;
        };
        let granted = permissions::request(&pattern);
        let popup = self.clone();
        popup.begin();
        spawn_local(async move {
            let granted = granted.await.unwrap_or(false);
            popup.end();
            if granted {
                popup.look().await;
            } else if or_off {
                popup.controls.recordings.set_checked(false);
                popup.controls.attachments.set_checked(false);
                popup.save_global();
            }
        });
    }

    fn choose_option(self: &Rc<Self>) {
        if options::draw_form(&self.controls).is_err() {
            report("the popup could not show an option");
        }
    }

    fn set_option(self: &Rc<Self>) {
        let change = match options::read_form(&self.controls) {
            Ok(Some(change)) => change,
            Ok(None) => return,
            Err(error) => {
                drop(options::draw_error(&self.controls, Some(error)));
                drop(self.controls.option_text.focus());
                return;
            }
        };
        self.change_option(change);
        self.controls.option_name.set_value("");
        self.choose_option();
        drop(self.controls.option_name.focus());
    }

    fn change_option(self: &Rc<Self>, change: Change) {
        match change.scope {
            Scope::AllSites => {
                if let Some(mut typed) = self.typed() {
                    change.apply(&mut typed.widget_options);
                    self.submit_global(typed);
                }
            }
            Scope::ThisSite => {
                if let Some(mut wish) = self.wish() {
                    change.apply(&mut wish.widget_options);
                    self.submit_wish(wish);
                }
            }
        }
    }

    fn reload(self: &Rc<Self>) {
        let Some(tab) = self.of.tab else { return };
        let popup = self.clone();
        spawn_local(async move {
            if tabs::reload(tab).await.is_ok() {
                draw::draw_reload(&popup.controls, None, true);
                drop(popup.controls.switch.focus());
            }
        });
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

    /// Returns the global settings as they stand in the fields; nothing before the worker has answered.
    fn typed(&self) -> Option<GlobalSettings> {
        self.with_view(|it| fields::read_global(&self.controls, &self.switches, &it.global))
    }

    /// The same for those of the site.
    fn wish(&self) -> Option<SiteWish> {
        self.with_view(|it| fields::read_site(&self.controls, it))
    }

    fn has_unsaved_text(&self) -> bool {
        self.with_view(|it| fields::has_unsaved_text(&self.controls, &it.global))
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
    async fn look(self: &Rc<Self>) {
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

    fn show(self: &Rc<Self>, view: SiteView, typed: Option<GlobalSettings>) {
        let mut before = self.view.replace(None);
        let reload = before.as_ref().and_then(|it| reload_for(it, &view));
        if reload.is_some() {
            draw::draw_reload(&self.controls, reload, self.of.tab.is_some());
        }
        let options_changed = before.as_ref().is_none_or(|it| {
            it.global.widget_options != view.global.widget_options
                || it.wish.widget_options != view.wish.widget_options
        });
        if let (Some(before), Some(typed)) = (&mut before, typed) {
            // What was typed has been saved: the fields may show what became of it.
            before.global = typed;
        }
        let in_tab = self.of.tab.is_some();
        let drawn = draw::draw(
            &self.controls,
            &self.switches,
            &view,
            before.as_ref(),
            in_tab,
        );
        // Rows that say the same stay, and with them the keyboard's place in them.
        let drawn = drawn.and_then(|()| {
            if options_changed {
                self.draw_options(&view)
            } else {
                Ok(())
            }
        });
        if drawn.is_err() {
            report("the popup could not be drawn");
        }
        self.view.replace(Some(view));
    }

    fn draw_options(self: &Rc<Self>, view: &SiteView) -> Result<()> {
        let popup = self.clone();
        let remove = move |change| {
            popup.change_option(change);
            // The row goes away, and the keyboard must not fall out of the page with it.
            drop(popup.controls.option_name.focus());
        };
        *self.rows.borrow_mut() = options::draw(&self.controls, view, remove)?;
        Ok(())
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
