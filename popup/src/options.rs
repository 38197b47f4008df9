//! The options of the phone: those that are set, and the form that sets another.

use anyhow::{Context as _, Result, anyhow};
use switchboard::protocol::runtime::SiteView;
use switchboard::widget_options::{self, ALL, Kind, OFF, ON, OptionError, Options, Reader};
use switchboard_ui::{EventListener, Part as _, listen, show};
use switchboard_webext::text;
use wasm_bindgen::JsCast as _;
use web_sys::{DocumentFragment, Element, HtmlOptionElement, HtmlSelectElement};

use crate::controls::Controls;

/// What stands for a secret.
const MASK: &str = "••••••";

/// Where an option is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    AllSites,
    ThisSite,
}

/// An option that the user sets, or with `None` removes.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) value: Option<String>,
}

impl Change {
    /// Makes the change.
    pub(crate) fn apply(self, options: &mut Options) {
        match self.value {
            Some(value) => drop(options.insert(self.name, value)),
            None => drop(options.remove(&self.name)),
        }
    }
}

/// Fills the list of options there are.
pub(crate) fn prepare(controls: &Controls) -> Result<()> {
    add(&controls.option_name, "", &text("option_choose"))?;
    for option in &ALL {
        add(&controls.option_name, option.name, option.name)?;
    }
    Ok(())
}

fn add(select: &HtmlSelectElement, value: &str, name: &str) -> Result<()> {
    let option = HtmlOptionElement::new_with_text_and_value(name, value)
        .map_err(|_| anyhow!("making an option"))?;
    select
        .append_child(&option)
        .ok()
        .context("adding an option")?;
    Ok(())
}

/// Shows the options that are set; `remove` is called when one is to go. The listeners live as long as the
/// rows.
pub(crate) fn draw(
    controls: &Controls,
    view: &SiteView,
    remove: impl Fn(Change) + Clone + 'static,
) -> Result<Vec<EventListener>> {
    controls.options.set_text_content(None);
    let here = (Scope::ThisSite, &view.wish.widget_options);
    let everywhere = (Scope::AllSites, &view.global.widget_options);
    let mut listeners = Vec::new();
    for (scope, options) in [everywhere, here] {
        for (name, value) in options {
            let change = Change {
                scope,
                name: name.clone(),
                value: None,
            };
            let row = row(controls, &change, value)?;
            let button: Element = row.part(".option-remove")?;
            let remove = remove.clone();
            listeners.push(listen(&button, "click", move |_| remove(change.clone())));
            controls
                .options
                .append_child(&row)
                .ok()
                .context("adding a row")?;
        }
    }
    show(&controls.options, !listeners.is_empty());
    Ok(listeners)
}

fn row(controls: &Controls, at: &Change, value: &str) -> Result<DocumentFragment> {
    let row: DocumentFragment = controls
        .option_row
        .content()
        .clone_node_with_deep(true)
        .ok()
        .context("copying the template")?
        .dyn_into()
        .map_err(|_| anyhow!("a template holds another thing than expected"))?;
    let known = widget_options::find(&at.name);
    let is_flag = known.is_some_and(|it| matches!(it.kind, Kind::Flag | Kind::UnlessFalse));
    let shown = match value {
        _ if known.is_some_and(|it| it.secret) => MASK.to_owned(),
        ON if is_flag => text("option_on"),
        OFF if is_flag => text("option_off"),
        value => value.to_owned(),
    };
    let place = match at.scope {
        Scope::AllSites => "option_all_sites",
        Scope::ThisSite => "option_this_site",
    };
    let help = known.map_or("problem_option_unknown", |it| it.help);
    for (selector, said) in [
        (".option-name", at.name.as_str()),
        (".option-value", &shown),
        (".option-where", &text(place)),
        (".option-help", &text(help)),
    ] {
        row.part::<Element>(selector)?.set_text_content(Some(said));
    }
    let button: Element = row.part(".option-remove")?;
    let label = format!("{} {}", text("option_remove"), at.name);
    button
        .set_attribute("aria-label", &label)
        .map_err(|_| anyhow!("naming a button"))?;
    Ok(row)
}

/// Shows the field for the option that is chosen in the form.
pub(crate) fn draw_form(controls: &Controls) -> Result<()> {
    draw_error(controls, None)?;
    let chosen = widget_options::find(&controls.option_name.value());
    show(&controls.option_value, chosen.is_some());
    let Some(option) = chosen else {
        return Ok(());
    };
    controls
        .option_help
        .set_text_content(Some(&text(option.help)));
    let note = match (option.kind, option.reader, option.secret) {
        (_, _, true) => Some("option_note_secret"),
        (_, Reader::Adapter, _) => Some("option_note_adapter"),
        (Kind::Flag, ..) => Some("option_note_flag"),
        _ => None,
    };
    show(&controls.option_note, note.is_some());
    controls
        .option_note
        .set_text_content(note.map(text).as_deref());

    let words: Vec<(&str, String)> = match option.kind {
        Kind::Flag | Kind::UnlessFalse => vec![(ON, text("option_on")), (OFF, text("option_off"))],
        Kind::Choice(words) => words.iter().map(|it| (*it, (*it).to_owned())).collect(),
        Kind::Text | Kind::Address | Kind::Number => Vec::new(),
    };
    controls.option_choice.set_text_content(None);
    for (value, name) in &words {
        add(&controls.option_choice, value, name)?;
    }
    show(&controls.option_choice, !words.is_empty());
    show(&controls.option_text, words.is_empty());
    controls.option_text.set_value("");
    controls
        .option_text
        .set_type(if option.secret { "password" } else { "text" });
    Ok(())
}

/// Returns what the form says; nothing where no option is chosen.
///
/// # Errors
/// The option cannot hold that value.
pub(crate) fn read_form(controls: &Controls) -> Result<Option<Change>, OptionError> {
    let name = controls.option_name.value();
    let Some(option) = widget_options::find(&name) else {
        return Ok(None);
    };
    let value = match option.kind {
        Kind::Flag | Kind::UnlessFalse | Kind::Choice(_) => controls.option_choice.value(),
        Kind::Text | Kind::Address | Kind::Number => controls.option_text.value(),
    };
    widget_options::check(&name, &value)?;
    let scope = if controls.option_scope.value() == "site" {
        Scope::ThisSite
    } else {
        Scope::AllSites
    };
    Ok(Some(Change {
        scope,
        name,
        value: Some(value),
    }))
}

/// Says what is wrong with the value in the form.
pub(crate) fn draw_error(controls: &Controls, error: Option<OptionError>) -> Result<()> {
    let said = error.map_or_else(String::new, |it| text(it.message_key()));
    controls.option_error.set_text_content(Some(&said));
    show(&controls.option_error, error.is_some());
    let invalid = if error.is_some() { "true" } else { "false" };
    controls
        .option_text
        .set_attribute("aria-invalid", invalid)
        .map_err(|_| anyhow!("marking a field"))
}
