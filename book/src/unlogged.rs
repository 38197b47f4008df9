//! The calls that the phones know and the log does not: offered per site, logged in bulk.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use anyhow::Result;
use switchboard::protocol::book::{
    AskUnlogged, DismissUnlogged, LogRow, LogUnlogged, UnloggedOf, UnloggedView,
};
use switchboard::protocol::stored::SiteId;
use switchboard::view::picks::{Picks, Ticked};
use switchboard_ui::language::{counted, number, time};
use switchboard_ui::{Part as _, by_id, page, show};
use switchboard_webext::{now, text, text_with};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlButtonElement, HtmlInputElement, HtmlTemplateElement};

use crate::rows::{fill_facts, when};
use crate::shell::{Shell, append, clear, copy, drawn, on, put, said, source, write};

/// The calls that are not logged yet.
pub(crate) struct Unlogged {
    shell: Rc<Shell>,
    root: Element,
    empty: Element,
    said: Element,
    badge: Element,
    site: HtmlTemplateElement,
    row: HtmlTemplateElement,
    views: RefCell<Option<Vec<UnloggedView>>>,
    picks: RefCell<BTreeMap<SiteId, Picks>>,
}

impl Unlogged {
    pub(crate) fn find(shell: &Rc<Shell>) -> Result<Rc<Self>> {
        let unlogged = Rc::new(Self {
            shell: shell.clone(),
            root: by_id("unlogged-sites")?,
            empty: by_id("unlogged-empty")?,
            said: by_id("unlogged-said")?,
            badge: by_id("unlogged-count")?,
            site: by_id("missed")?,
            row: by_id("missed-row")?,
            views: RefCell::new(None),
            picks: RefCell::new(BTreeMap::new()),
        });
        on(&unlogged, &unlogged.root, "click", Self::clicked);
        on(&unlogged, &unlogged.root, "change", Self::ticked);
        let ask: Element = by_id("unlogged-ask")?;
        page::on(&unlogged, &ask, "click", |unlogged| {
            let unlogged = unlogged.clone();
            spawn_local(async move { unlogged.look_again().await });
        });
        Ok(unlogged)
    }

    // ---- the worker ----

    pub(crate) fn refresh_soon(self: &Rc<Self>) {
        let unlogged = self.clone();
        spawn_local(async move { unlogged.refresh().await });
    }

    async fn refresh(&self) {
        let Some(mut views) = self.shell.ask(UnloggedOf {}).await else {
            return;
        };
        views.retain(|view| !view.rows.is_empty());
        if self.views.borrow().as_ref() == Some(&views) {
            return;
        }
        let mut picks = self.picks.borrow_mut();
        picks.retain(|site, _| views.iter().any(|view| view.site == *site));
        for view in &views {
            picks
                .entry(view.site.clone())
                .or_insert_with(Picks::all)
                .keep(keys(view));
        }
        drop(picks);
        self.views.replace(Some(views));
        drawn(self.draw());
    }

    async fn look_again(&self) {
        if let Some(asked) = self.shell.ask(AskUnlogged {}).await {
            self.say(&if asked == 0 {
                text("unlogged_nobody_asked")
            } else {
                counted("unlogged_asked", asked)
            });
            self.refresh().await;
        }
    }

    async fn log(&self, site: SiteId, keys: Vec<String>) {
        if let Some(logged) = self.shell.ask(LogUnlogged { site, keys }).await {
            self.say(&counted("unlogged_logged", logged));
            self.refresh().await;
        }
    }

    async fn dismiss(&self, site: SiteId) {
        if self.shell.ask(DismissUnlogged { site }).await.is_some() {
            self.say(&text("unlogged_dismissed"));
            self.refresh().await;
        }
    }

    // ---- what the user does ----

    fn clicked(self: &Rc<Self>, event: &Event) {
        let (Some(act), Some(site)) = (
            said(event, "[data-act]", "data-act"),
            said(event, "[data-site]", "data-site"),
        ) else {
            return;
        };
        let unlogged = self.clone();
        match act.as_str() {
            "log" => {
                let keys = self.picked(&site);
                spawn_local(async move { unlogged.log(site, keys).await });
            }
            "dismiss" => spawn_local(async move { unlogged.dismiss(site).await }),
            _ => {}
        }
    }

    fn ticked(self: &Rc<Self>, event: &Event) {
        let (Some(section), Some(site)) = (
            source(event, "[data-site]"),
            said(event, "[data-site]", "data-site"),
        ) else {
            return;
        };
        let Some(input) = source(event, "input").and_then(|it| it.dyn_into().ok()) else {
            return;
        };
        let input: HtmlInputElement = input;
        if let Some(picks) = self.picks.borrow_mut().get_mut(&site) {
            if let Some(key) = said(event, "[data-call]", "data-call") {
                picks.set(&key, input.checked());
            } else {
                *picks = if input.checked() {
                    Picks::all()
                } else {
                    let mut none = Picks::all();
                    for key in self.keys_of(&site) {
                        none.set(&key, false);
                    }
                    none
                };
            }
        }
        drawn(self.draw_picks(&section, &site));
    }

    fn keys_of(&self, site: &str) -> Vec<String> {
        let views = self.views.borrow();
        let of_site = views.iter().flatten().find(|view| view.site == site);
        of_site
            .into_iter()
            .flat_map(keys)
            .map(str::to_owned)
            .collect()
    }

    fn picked(&self, site: &str) -> Vec<String> {
        let keys = self.keys_of(site);
        self.picks
            .borrow()
            .get(site)
            .map(|picks| picks.of(keys.iter().map(String::as_str)))
            .unwrap_or_default()
    }

    // ---- the page ----

    fn say(&self, words: &str) {
        self.said.set_text_content(Some(words));
    }

    fn draw(&self) -> Result<()> {
        let views = self.views.borrow();
        clear(&self.root);
        let mut total = 0_usize;
        for view in views.iter().flatten() {
            total += view.rows.len();
            self.draw_site(view)?;
        }
        show(&self.empty, total == 0);
        show(&self.badge, total > 0);
        let total = u32::try_from(total).unwrap_or(u32::MAX);
        self.badge.set_text_content(Some(&number(total)));
        Ok(())
    }

    fn draw_site(&self, view: &UnloggedView) -> Result<()> {
        let section = copy(&self.site)?;
        put(&section, "data-site", &view.site)?;
        let count = u32::try_from(view.rows.len()).unwrap_or(u32::MAX);
        write(&section, "h2", &counted("unlogged_title", count))?;
        let asked = [view.site_name.as_str(), &time(view.at)];
        write(
            &section,
            ".missed-head .quiet",
            &text_with("unlogged_seen", &asked),
        )?;
        let rows: Element = section.part("tbody")?;
        for row in &view.rows {
            append(&rows, &self.draw_row(row)?)?;
        }
        self.draw_picks(&section, &view.site)?;
        append(&self.root, &section)
    }

    fn draw_row(&self, row: &LogRow) -> Result<Element> {
        let element = copy(&self.row)?;
        put(&element, "data-call", &row.key)?;
        put(
            &element.part(".pick input")?,
            "aria-label",
            &text("pick_one"),
        )?;
        let now = now();
        fill_facts(&element, row, now)?;
        write(&element, ".time time", &when(row.started_at, now))?;
        Ok(element)
    }

    fn draw_picks(&self, section: &Element, site: &str) -> Result<()> {
        let picks = self.picks.borrow();
        let Some(picks) = picks.get(site) else {
            return Ok(());
        };
        let keys = self.keys_of(site);
        let rows = section.query_selector_all("[data-call]").ok();
        for at in 0..rows.as_ref().map_or(0, web_sys::NodeList::length) {
            if let Some(row) = rows.as_ref().and_then(|it| it.item(at))
                && let Ok(row) = row.dyn_into::<Element>()
            {
                let key = row.get_attribute("data-call").unwrap_or_default();
                let input: HtmlInputElement = row.part(".pick input")?;
                input.set_checked(picks.has(&key));
            }
        }
        let keys = || keys.iter().map(String::as_str);
        let all: HtmlInputElement = section.part(".pick-all")?;
        let ticked = picks.ticked(keys());
        all.set_checked(ticked == Ticked::All);
        all.set_indeterminate(ticked == Ticked::Some);
        let count = u32::try_from(picks.of(keys()).len()).unwrap_or(u32::MAX);
        let button: HtmlButtonElement = section.part("[data-act=log]")?;
        button.set_text_content(Some(&counted("unlogged_log", count)));
        button.set_disabled(count == 0);
        Ok(())
    }
}

fn keys(view: &UnloggedView) -> impl Iterator<Item = &str> {
    view.rows.iter().map(|row| row.key.as_str())
}
