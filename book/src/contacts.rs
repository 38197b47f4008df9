//! The contact of an entry on each site: who it is, why, and who else it could be.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use anyhow::Result;
use switchboard::protocol::book::{EntryView, LinkView, ListPeople, PersonRow};
use switchboard::protocol::stored::SiteId;
use switchboard::view::entry::why_key;
use switchboard::view::person::web_link;
use switchboard::view::route::Route;
use switchboard_ui::{Part as _, by_id, show};
use switchboard_webext::{sleep, text, text_with};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Element, Event, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTemplateElement,
};

use crate::shell::{
    Shell, append, clear, copy, drawn, focus, on, option, put, said, source, write,
};

/// The value of the choice that nobody is meant.
const NOBODY: &str = "nobody";
/// The value of the choice that opens the search.
const SEARCH: &str = "search";
/// What the values begin with that are a contact's id.
const ID: &str = "id:";

/// How many people a search offers.
const MOST_FOUND: u32 = 8;
/// How long the user must pause for a search to begin, in milliseconds.
const PAUSE_MS: u32 = 200;

/// What happens when the user chooses: the site, and the contact's id or nothing.
type Chosen = Box<dyn Fn(SiteId, String)>;

/// The contacts of the open entry.
pub(crate) struct Contacts {
    shell: Rc<Shell>,
    root: Element,
    template: HtmlTemplateElement,
    found: HtmlTemplateElement,
    /// Every site that has people: id and name.
    sites: RefCell<Vec<(SiteId, String)>>,
    turn: Cell<u32>,
    chosen: RefCell<Option<Chosen>>,
}

impl Contacts {
    pub(crate) fn find(shell: &Rc<Shell>) -> Result<Rc<Self>> {
        let contacts = Rc::new(Self {
            shell: shell.clone(),
            root: by_id("entry-contacts")?,
            template: by_id("link")?,
            found: by_id("found")?,
            sites: RefCell::new(Vec::new()),
            turn: Cell::new(0),
            chosen: RefCell::new(None),
        });
        on(&contacts, &contacts.root, "change", |contacts, event| {
            drawn(contacts.changed(event));
        });
        on(&contacts, &contacts.root, "input", |contacts, event| {
            contacts.search(event);
        });
        on(&contacts, &contacts.root, "click", |contacts, event| {
            if let (Some(site), Some(id)) = (
                said(event, "[data-site]", "data-site"),
                said(event, "[data-id]", "data-id"),
            ) {
                contacts.choose(site, id);
            }
        });
        Ok(contacts)
    }

    pub(crate) fn on_choice(&self, chosen: impl Fn(SiteId, String) + 'static) {
        self.chosen.replace(Some(Box::new(chosen)));
    }

    /// Whether the user is looking for somebody: then a redraw would take the search away.
    pub(crate) fn is_busy(&self) -> bool {
        self.root
            .query_selector(".finder:not([hidden])")
            .is_ok_and(|it| it.is_some())
    }

    /// Asks which sites have people, so that an unknown number can be given to one of them.
    pub(crate) async fn learn_sites(&self) {
        if !self.sites.borrow().is_empty() {
            return;
        }
        let first = ListPeople {
            limit: 1,
            ..ListPeople::default()
        };
        if let Some(page) = self.shell.ask(first).await {
            self.sites.replace(page.sites);
        }
    }

    pub(crate) fn draw(&self, view: &EntryView) -> Result<()> {
        clear(&self.root);
        let mut sites: Vec<(SiteId, String)> = Vec::new();
        let linked = view.links.iter().map(|it| (&it.site, &it.site_name));
        let offered = view.choices.iter().map(|it| (&it.site, &it.site_name));
        for (site, name) in linked.chain(offered) {
            if sites.iter().all(|(it, _)| it != site) {
                sites.push((site.clone(), name.clone()));
            }
        }
        if sites.is_empty() {
            // Nobody is known to have the number; the user may know better.
            sites.clone_from(&self.sites.borrow());
        }
        for (site, name) in &sites {
            let link = view.links.iter().find(|it| it.site == *site);
            self.draw_site(view, site, name, link)?;
        }
        Ok(())
    }

    fn draw_site(
        &self,
        view: &EntryView,
        site: &str,
        name: &str,
        link: Option<&LinkView>,
    ) -> Result<()> {
        let element = copy(&self.template)?;
        put(&element, "data-site", site)?;
        write(&element, ".site", &text_with("entry_contact_at", &[name]))?;
        let select: HtmlSelectElement = element.part("select")?;
        let mut options: Vec<(String, String)> = Vec::new();
        for choice in view.choices.iter().filter(|it| it.site == site) {
            let label = if choice.about.is_empty() {
                choice.name.clone()
            } else {
                format!("{} · {}", choice.name, choice.about)
            };
            options.push((format!("{ID}{}", choice.contact), label));
        }
        let current =
            link.map_or_else(|| NOBODY.to_owned(), |link| format!("{ID}{}", link.contact));
        if let Some(link) = link
            && options.iter().all(|(value, _)| *value != current)
        {
            options.insert(0, (current.clone(), link.name.clone()));
        }
        options.push((NOBODY.to_owned(), text("contact_nobody")));
        options.push((SEARCH.to_owned(), text("contact_someone_else")));
        for (value, label) in &options {
            append(&select, &option(value, label)?.into())?;
        }
        select.set_value(&current);
        let why = link.and_then(|it| why_key(it.why)).map(text);
        write(&element, ".why", &why.unwrap_or_default())?;
        let person: Element = element.part("a.person")?;
        let record: Element = element.part("a.record")?;
        match link {
            Some(link) => {
                let route = Route::Person {
                    site: site.to_owned(),
                    id: link.contact.clone(),
                };
                put(&person, "href", &route.fragment())?;
            }
            None => person.remove(),
        }
        match link.and_then(|it| web_link(it.url.as_deref())) {
            Some(address) => put(&record, "href", address)?,
            None => record.remove(),
        }
        append(&self.root, &element)
    }

    fn changed(&self, event: &Event) -> Result<()> {
        let (Some(field), Some(site)) = (
            source(event, ".link"),
            said(event, "[data-site]", "data-site"),
        ) else {
            return Ok(());
        };
        let Some(select) = source(event, "select").and_then(|it| it.dyn_into().ok()) else {
            return Ok(());
        };
        let select: HtmlSelectElement = select;
        let value = select.value();
        let finder: Element = field.part(".finder")?;
        show(&finder, value == SEARCH);
        if value == SEARCH {
            focus(&finder.part::<HtmlElement>("input")?);
        } else {
            let id = value.strip_prefix(ID).unwrap_or_default();
            self.choose(site, id.to_owned());
        }
        Ok(())
    }

    fn choose(&self, site: SiteId, id: String) {
        // What is chosen is drawn anew, without the search.
        if let Ok(Some(finder)) = self.root.query_selector(".finder:not([hidden])") {
            show(&finder, false);
        }
        if let Some(chosen) = self.chosen.borrow().as_ref() {
            chosen(site, id);
        }
    }

    fn search(self: &Rc<Self>, event: &Event) {
        let Some(input) = source(event, ".finder input") else {
            return;
        };
        let (Ok(input), Some(site), Some(finder)) = (
            input.dyn_into::<HtmlInputElement>(),
            said(event, "[data-site]", "data-site"),
            source(event, ".finder"),
        ) else {
            return;
        };
        let turn = self.turn.get().wrapping_add(1);
        self.turn.set(turn);
        let contacts = self.clone();
        spawn_local(async move {
            sleep(PAUSE_MS).await;
            let typed = input.value();
            if contacts.turn.get() != turn {
                return;
            }
            let page = contacts
                .shell
                .ask(ListPeople {
                    site,
                    text: typed.trim().to_owned(),
                    skip: 0,
                    limit: MOST_FOUND,
                })
                .await;
            if let (Some(page), true) = (page, contacts.turn.get() == turn) {
                drawn(contacts.draw_found(&finder, &page.rows));
            }
        });
    }

    fn draw_found(&self, finder: &Element, people: &[PersonRow]) -> Result<()> {
        let list: Element = finder.part("ul")?;
        clear(&list);
        for person in people {
            let item = copy(&self.found)?;
            put(&item.part("button")?, "data-id", &person.id)?;
            write(&item, ".name", &person.name)?;
            write(&item, ".about", &person.about)?;
            append(&list, &item)?;
        }
        Ok(())
    }
}
