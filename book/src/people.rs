//! The people of a site: searched, page by page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use anyhow::Result;
use switchboard::protocol::book::{ListPeople, PeoplePage, PersonRow, WipeSite};
use switchboard::protocol::stored::SiteId;
use switchboard::view::route::Route;
use switchboard_ui::language::counted;
use switchboard_ui::{Part as _, by_id, page, show};
use switchboard_webext::{sleep, text, text_with};
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Element, HtmlButtonElement, HtmlElement, HtmlInputElement, HtmlSelectElement,
    HtmlTemplateElement,
};

use crate::shell::{
    Question, Shell, append, clear, copy, drawn, focus, focused, go, option, put, write,
};

/// How many people are asked for at a time.
const PAGE: u32 = 50;
/// How long the user must pause for a search to begin, in milliseconds.
const PAUSE_MS: u32 = 200;

/// The people of the site that is shown.
pub(crate) struct People {
    shell: Rc<Shell>,
    site: HtmlSelectElement,
    search: HtmlInputElement,
    count: Element,
    list: Element,
    more: HtmlButtonElement,
    empty: Element,
    none: Element,
    wipe: HtmlButtonElement,
    template: HtmlTemplateElement,
    /// What is shown; `None` until the worker has answered.
    page: RefCell<Option<PeoplePage>>,
    /// The site that is wished for; empty for the first that has people.
    wished: RefCell<SiteId>,
    /// How many people are to be shown.
    wanted: Cell<u32>,
    turn: Cell<u32>,
    open: RefCell<String>,
}

impl People {
    pub(crate) fn find(shell: &Rc<Shell>) -> Result<Rc<Self>> {
        let people = Rc::new(Self {
            shell: shell.clone(),
            site: by_id("people-site")?,
            search: by_id("people-search")?,
            count: by_id("people-count")?,
            list: by_id("people")?,
            more: by_id("people-more")?,
            empty: by_id("people-empty")?,
            none: by_id("people-none")?,
            wipe: by_id("people-wipe")?,
            template: by_id("contact")?,
            page: RefCell::new(None),
            wished: RefCell::new(String::new()),
            wanted: Cell::new(PAGE),
            turn: Cell::new(0),
            open: RefCell::new(String::new()),
        });
        page::on(&people, &people.site, "change", |people| {
            people.wished.replace(people.site.value());
            people.wanted.set(PAGE);
            go(&Route::People);
            people.refresh_soon();
        });
        page::on(&people, &people.search, "input", |people| {
            people.wanted.set(PAGE);
            people.refresh_after(PAUSE_MS);
        });
        page::on(&people, &people.more, "click", |people| {
            people.wanted.set(people.wanted.get().saturating_add(PAGE));
            people.refresh_soon();
        });
        page::on(&people, &people.wipe, "click", Self::ask_to_wipe);
        Ok(people)
    }

    /// Shows the people of a site.
    pub(crate) fn show_site(self: &Rc<Self>, site: &str) {
        let is_shown = self
            .page
            .borrow()
            .as_ref()
            .is_some_and(|page| page.site == site);
        if !is_shown {
            self.wished.replace(site.to_owned());
            self.wanted.set(PAGE);
            self.refresh_soon();
        }
    }

    // ---- the worker ----

    pub(crate) fn refresh_soon(self: &Rc<Self>) {
        self.refresh_after(0);
    }

    fn refresh_after(self: &Rc<Self>, pause_ms: u32) {
        let turn = self.turn.get().wrapping_add(1);
        self.turn.set(turn);
        let people = self.clone();
        spawn_local(async move {
            if pause_ms > 0 {
                sleep(pause_ms).await;
            }
            if people.turn.get() == turn
                && let Some(page) = people.load(turn).await
            {
                drawn(people.take(page));
            }
        });
    }

    /// Asks page by page for as many as are wanted; nothing if something else was asked meanwhile.
    async fn load(&self, turn: u32) -> Option<PeoplePage> {
        let mut list = ListPeople {
            site: self.wished.borrow().clone(),
            text: self.search.value().trim().to_owned(),
            skip: 0,
            limit: PAGE,
        };
        let mut all = PeoplePage::default();
        while list.skip < self.wanted.get() {
            let mut page = self.shell.ask(list.clone()).await?;
            if self.turn.get() != turn {
                return None;
            }
            let is_last = page.rows.is_empty();
            let mut rows = std::mem::take(&mut all.rows);
            rows.append(&mut page.rows);
            list.skip = u32::try_from(rows.len()).unwrap_or(u32::MAX);
            all = PeoplePage { rows, ..page };
            if is_last || list.skip >= all.total {
                break;
            }
        }
        Some(all)
    }

    fn ask_to_wipe(self: &Rc<Self>) {
        let Some((site, name)) = self.page.borrow().as_ref().and_then(shown_site) else {
            return;
        };
        let question = Question {
            title: text_with("wipe_title", &[&name]),
            text: text("wipe_text"),
            yes: text("wipe_yes"),
        };
        let people = self.clone();
        self.shell.confirm(&question, move || {
            spawn_local(async move {
                if people.shell.ask(WipeSite { site }).await.is_some() {
                    people.shell.say(&text("wiped"));
                    go(&Route::People);
                    people.refresh_soon();
                }
            });
        });
    }

    // ---- the page ----

    /// Marks the person that is open beside the list; empty for nobody.
    pub(crate) fn mark(&self, id: &str) {
        self.open.replace(id.to_owned());
        for at in 0..self.list.children().length() {
            if let Some(item) = self.list.children().item(at) {
                drawn(mark(&item, id));
            }
        }
    }

    /// Gives the focus to somebody in the list.
    pub(crate) fn focus(&self, id: &str) {
        for at in 0..self.list.children().length() {
            if let Some(item) = self.list.children().item(at)
                && item.get_attribute("data-id").as_deref() == Some(id)
                && let Ok(link) = item.part::<HtmlElement>("a")
            {
                focus(&link);
            }
        }
    }

    fn take(&self, page: PeoplePage) -> Result<()> {
        if self.page.borrow().as_ref() == Some(&page) {
            return Ok(());
        }
        let is_search = !self.search.value().trim().is_empty();
        let nobody = page.sites.is_empty() || (page.total == 0 && !is_search);
        show(&self.empty, nobody);
        show(&self.none, !nobody && page.total == 0);
        show(&self.site, page.sites.len() > 1);
        show(&self.wipe, !nobody);
        let shown = u32::try_from(page.rows.len()).unwrap_or(u32::MAX);
        show(&self.more, shown < page.total);
        let said = if nobody {
            String::new()
        } else {
            counted("people_count", page.total)
        };
        self.count.set_text_content(Some(&said));
        clear(&self.site);
        for (site, name) in &page.sites {
            append(&self.site, &option(site, name)?.into())?;
        }
        self.site.set_value(&page.site);
        self.draw_rows(&page.site, &page.rows)?;
        self.page.replace(Some(page));
        Ok(())
    }

    fn draw_rows(&self, site: &str, rows: &[PersonRow]) -> Result<()> {
        let had_focus = focused("#people [data-id]", "data-id");
        clear(&self.list);
        for row in rows {
            let item = copy(&self.template)?;
            put(&item, "data-id", &row.id)?;
            let route = Route::Person {
                site: site.to_owned(),
                id: row.id.clone(),
            };
            put(&item.part("a")?, "href", &route.fragment())?;
            put(&item.part("use")?, "href", icon(row))?;
            write(&item, ".name", &name(row))?;
            write(&item, ".about", &row.about)?;
            write(&item, ".numbers", &row.numbers.join(", "))?;
            write(&item, ".emails", &row.emails.join(", "))?;
            show(&item.part(".no")?, row.says_no);
            mark(&item, &self.open.borrow())?;
            append(&self.list, &item)?;
        }
        if let Some(id) = had_focus {
            self.focus(&id);
        }
        Ok(())
    }
}

/// Returns the symbol of a person or an organisation.
pub(crate) fn icon(row: &PersonRow) -> &'static str {
    if row.organisation {
        "#icon-company"
    } else {
        "#icon-person"
    }
}

/// Returns what to call somebody.
pub(crate) fn name(row: &PersonRow) -> String {
    if row.name.trim().is_empty() {
        text("person_nobody")
    } else {
        row.name.clone()
    }
}

fn mark(item: &Element, open: &str) -> Result<()> {
    let link: Element = item.part("a")?;
    let is_open = item.get_attribute("data-id").as_deref() == Some(open);
    put(
        &link,
        "aria-current",
        if is_open { "true" } else { "false" },
    )
}

fn shown_site(page: &PeoplePage) -> Option<(SiteId, String)> {
    page.sites
        .iter()
        .find(|(site, _)| *site == page.site)
        .cloned()
}
