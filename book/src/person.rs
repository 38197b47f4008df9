//! One person beside the list: what the pages said, what the user says, and what was logged.

use std::cell::RefCell;
use std::rc::Rc;

use anyhow::Result;
use switchboard::protocol::book::{
    ContactsOf, ForgetContacts, LogRow, MarkContact, MergeContacts, PersonRow, PersonView, Unchoose,
};
use switchboard::protocol::runtime::Request;
use switchboard::view::person::web_link;
use switchboard::view::route::Route;
use switchboard_ui::{Part as _, by_id, show};
use switchboard_webext::{now, text, text_with};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, HtmlTemplateElement, KeyboardEvent};

use crate::people::{People, icon, name};
use crate::rows;
use crate::shell::{
    Question, Shell, append, clear, copy, drawn, focus, go, on, put, said, source, write,
};

/// The panel.
pub(crate) struct PersonPanel {
    shell: Rc<Shell>,
    people: Rc<People>,
    parts: Parts,
    /// Who is open.
    of: RefCell<Option<ContactsOf>>,
    view: RefCell<Option<PersonView>>,
}

/// The elements of the panel.
struct Parts {
    root: HtmlElement,
    gone: Element,
    body: Element,
    icon: Element,
    name: Element,
    about: Element,
    saved: Element,
    record: Element,
    numbers_part: Element,
    numbers: Element,
    emails_part: Element,
    emails: Element,
    contact: Element,
    page_says: Element,
    twins_part: Element,
    twins: Element,
    chosen_part: Element,
    chosen: Element,
    no_entries: Element,
    entries: Element,
    item: HtmlTemplateElement,
}

impl Parts {
    fn find() -> Result<Self> {
        Ok(Self {
            root: by_id("person")?,
            gone: by_id("person-gone")?,
            body: by_id("person-body")?,
            icon: by_id("person-icon")?,
            name: by_id("person-name")?,
            about: by_id("person-about")?,
            saved: by_id("person-saved")?,
            record: by_id("person-record")?,
            numbers_part: by_id("person-numbers-part")?,
            numbers: by_id("person-numbers")?,
            emails_part: by_id("person-emails-part")?,
            emails: by_id("person-emails")?,
            contact: by_id("person-contact")?,
            page_says: by_id("person-page-says")?,
            twins_part: by_id("person-twins-part")?,
            twins: by_id("person-twins")?,
            chosen_part: by_id("person-chosen-part")?,
            chosen: by_id("person-chosen")?,
            no_entries: by_id("person-no-entries")?,
            entries: by_id("person-entries")?,
            item: by_id("item")?,
        })
    }
}

/// A line of one of the panel's lists.
struct Item<'a> {
    name: &'a str,
    about: &'a str,
    /// Where its name leads.
    route: Option<Route>,
    /// What its button does, to what, and what it says.
    act: Option<(&'static str, &'a str, String)>,
}

impl PersonPanel {
    pub(crate) fn find(shell: &Rc<Shell>, people: &Rc<People>) -> Result<Rc<Self>> {
        let panel = Rc::new(Self {
            shell: shell.clone(),
            people: people.clone(),
            parts: Parts::find()?,
            of: RefCell::new(None),
            view: RefCell::new(None),
        });
        on(&panel, &panel.parts.root, "click", Self::clicked);
        on(&panel, &panel.parts.contact, "change", Self::marked);
        on(&panel, &panel.parts.root, "keydown", |_, event| {
            let is_escape = event
                .dyn_ref::<KeyboardEvent>()
                .is_some_and(|it| it.key() == "Escape");
            if is_escape {
                go(&Route::People);
            }
        });
        Ok(panel)
    }

    // ---- open and closed ----

    pub(crate) fn open(self: &Rc<Self>, site: &str, id: &str) {
        let of = ContactsOf {
            site: site.to_owned(),
            id: id.to_owned(),
        };
        self.people.mark(id);
        if self.of.borrow().as_ref() == Some(&of) {
            return;
        }
        self.of.replace(Some(of));
        self.view.replace(None);
        self.parts.saved.set_text_content(None);
        let panel = self.clone();
        spawn_local(async move {
            panel.refresh().await;
            focus(&panel.parts.root);
        });
    }

    pub(crate) fn close(&self) {
        if let Some(of) = self.of.take() {
            self.view.replace(None);
            show(&self.parts.root, false);
            self.people.mark("");
            self.people.focus(&of.id);
        }
    }

    /// Asks for the person again.
    pub(crate) async fn refresh(&self) {
        let Some(of) = self.of.borrow().clone() else {
            return;
        };
        let answer = self.shell.ask(of.clone()).await;
        if let (Some(view), true) = (answer, self.of.borrow().as_ref() == Some(&of)) {
            drawn(self.take(&of, view));
        }
    }

    // ---- what the user does ----

    fn marked(self: &Rc<Self>, event: &Event) {
        let value = source(event, "input")
            .and_then(|it| it.dyn_into::<HtmlInputElement>().ok())
            .map(|it| it.value());
        let Some(ContactsOf { site, id }) = self.of.borrow().clone() else {
            return;
        };
        let do_not_contact = match value.as_deref() {
            Some("no") => Some(true),
            Some("yes") => Some(false),
            _ => None,
        };
        self.submit(
            MarkContact {
                site,
                id,
                do_not_contact,
            },
            |panel| panel.parts.saved.set_text_content(Some(&text("saved"))),
        );
    }

    fn clicked(self: &Rc<Self>, event: &Event) {
        let Some(act) = said(event, "[data-act]", "data-act") else {
            return;
        };
        let other = said(event, "[data-of]", "data-of").unwrap_or_default();
        match act.as_str() {
            "close" => go(&Route::People),
            "forget" => self.ask_to_forget(),
            "merge" => self.ask_to_merge(&other),
            "unchoose" => self.submit(Unchoose { number: other }, |panel| {
                panel.shell.say(&text("chosen_forgotten"));
            }),
            _ => {}
        }
    }

    fn ask_to_forget(self: &Rc<Self>) {
        let Some(ContactsOf { site, id }) = self.of.borrow().clone() else {
            return;
        };
        let question = Question {
            title: text_with("forget_title", &[&self.name()]),
            text: text("forget_text"),
            yes: text("forget_yes"),
        };
        let panel = self.clone();
        self.shell.confirm(&question, move || {
            let forget = ForgetContacts {
                site,
                ids: vec![id],
            };
            panel.submit(forget, |panel| {
                panel.shell.say(&text("forgotten"));
                go(&Route::People);
            });
        });
    }

    fn ask_to_merge(self: &Rc<Self>, twin: &str) {
        let Some(ContactsOf { site, id }) = self.of.borrow().clone() else {
            return;
        };
        let other = self.view.borrow().as_ref().and_then(|view| {
            let twin = view.twins.iter().find(|it| it.id == twin)?;
            Some(name(twin))
        });
        let Some(other) = other else {
            return;
        };
        let question = Question {
            title: text_with("merge_title", &[&other, &self.name()]),
            text: text("merge_text"),
            yes: text("merge_yes"),
        };
        let merge = MergeContacts {
            site,
            keep: id,
            drop: vec![twin.to_owned()],
        };
        let panel = self.clone();
        self.shell.confirm(&question, move || {
            panel.submit(merge, |panel| panel.shell.say(&text("merged")));
        });
    }

    fn name(&self) -> String {
        self.view
            .borrow()
            .as_ref()
            .map(|view| name(&view.row))
            .unwrap_or_default()
    }

    /// Sends what the user wants, and shows what became of it.
    fn submit<R>(self: &Rc<Self>, request: R, then: impl FnOnce(&Self) + 'static)
    where
        R: Request<Reply = ()> + 'static,
    {
        let panel = self.clone();
        spawn_local(async move {
            if panel.shell.ask(request).await.is_some() {
                then(&panel);
            }
            panel.refresh().await;
            panel.people.refresh_soon();
        });
    }

    // ---- the page ----

    fn take(&self, of: &ContactsOf, view: Option<PersonView>) -> Result<()> {
        show(&self.parts.gone, view.is_none());
        show(&self.parts.body, view.is_some());
        show(&self.parts.root, true);
        let Some(view) = view else {
            self.view.replace(None);
            self.draw_head(&PersonRow::default(), &text("tab_people"))?;
            return Ok(());
        };
        let before = self.view.replace(Some(view.clone()));
        if before.as_ref() != Some(&view) {
            self.draw(of, &view)?;
            if before.is_none() {
                self.parts.body.set_scroll_top(0);
            }
        }
        Ok(())
    }

    fn draw_head(&self, row: &PersonRow, name: &str) -> Result<()> {
        self.parts.name.set_text_content(Some(name));
        self.parts.about.set_text_content(Some(&row.about));
        put(&self.parts.icon, "href", icon(row))
    }

    fn draw(&self, of: &ContactsOf, view: &PersonView) -> Result<()> {
        let parts = &self.parts;
        self.draw_head(&view.row, &name(&view.row))?;
        let record = web_link(view.row.url.as_deref());
        show(&parts.record, record.is_some());
        if let Some(address) = record {
            put(&parts.record, "href", address)?;
        }
        for (part, list, texts) in [
            (&parts.numbers_part, &parts.numbers, &view.row.numbers),
            (&parts.emails_part, &parts.emails, &view.row.emails),
        ] {
            show(part, !texts.is_empty());
            clear(list);
            for said in texts {
                self.add(
                    list,
                    &Item {
                        name: said,
                        about: "",
                        route: None,
                        act: None,
                    },
                )?;
            }
        }
        self.draw_contact(view)?;
        self.draw_twins(of, &view.twins)?;
        self.draw_chosen(&view.chosen_for)?;
        self.draw_entries(&view.entries)
    }

    fn draw_contact(&self, view: &PersonView) -> Result<()> {
        let value = match view.do_not_contact {
            None => "input[value=page]",
            Some(true) => "input[value=no]",
            Some(false) => "input[value=yes]",
        };
        let input: HtmlInputElement = self.parts.contact.part(value)?;
        input.set_checked(true);
        let said = if view.page_says_no {
            "page_says_no"
        } else {
            "page_says_nothing"
        };
        self.parts.page_says.set_text_content(Some(&text(said)));
        Ok(())
    }

    fn draw_twins(&self, of: &ContactsOf, twins: &[PersonRow]) -> Result<()> {
        show(&self.parts.twins_part, !twins.is_empty());
        clear(&self.parts.twins);
        for twin in twins {
            let facts: Vec<&str> = Some(twin.about.as_str())
                .filter(|it| !it.is_empty())
                .into_iter()
                .chain(twin.numbers.iter().map(String::as_str))
                .chain(twin.emails.iter().map(String::as_str))
                .collect();
            let item = Item {
                name: &name(twin),
                about: &facts.join(" · "),
                route: Some(Route::Person {
                    site: of.site.clone(),
                    id: twin.id.clone(),
                }),
                act: Some(("merge", &twin.id, text("merge"))),
            };
            self.add(&self.parts.twins, &item)?;
        }
        Ok(())
    }

    fn draw_chosen(&self, chosen: &[(String, String)]) -> Result<()> {
        show(&self.parts.chosen_part, !chosen.is_empty());
        clear(&self.parts.chosen);
        for (key, shown) in chosen {
            let item = Item {
                name: shown,
                about: "",
                route: None,
                act: Some(("unchoose", key, text("unchoose"))),
            };
            self.add(&self.parts.chosen, &item)?;
        }
        Ok(())
    }

    fn draw_entries(&self, entries: &[LogRow]) -> Result<()> {
        show(&self.parts.no_entries, entries.is_empty());
        clear(&self.parts.entries);
        for row in entries {
            let when = rows::when(row.started_at, now());
            let words = [row.subject.trim(), row.note.trim(), row.preview.trim()];
            let words = words.into_iter().find(|it| !it.is_empty());
            let about = [Some(rows::result(row, now()).as_str()), words]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" · ");
            let item = Item {
                name: &when,
                about: &about,
                route: Some(Route::Entry(row.key.clone())),
                act: None,
            };
            self.add(&self.parts.entries, &item)?;
        }
        Ok(())
    }

    fn add(&self, list: &Element, item: &Item<'_>) -> Result<()> {
        let element = copy(&self.parts.item)?;
        let link: Element = element.part("a.item-name")?;
        let plain: Element = element.part("span.item-name")?;
        if let Some(route) = &item.route {
            put(&link, "href", &route.fragment())?;
            link.set_text_content(Some(item.name));
            plain.remove();
        } else {
            plain.set_text_content(Some(item.name));
            link.remove();
        }
        write(&element, ".item-about", item.about)?;
        let button: Element = element.part("button")?;
        if let Some((act, of, label)) = &item.act {
            put(&button, "data-act", act)?;
            put(&button, "data-of", of)?;
            button.set_text_content(Some(label));
        } else {
            button.remove();
        }
        append(list, &element)
    }
}
