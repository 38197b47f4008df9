//! Puts what the worker says about a site into the page.

use anyhow::{Context as _, Result, anyhow};
use switchboard::phone::Region;
use switchboard::protocol::runtime::{Attention, ReadView, SiteView};
use switchboard::protocol::stored::DEFAULT_WIDGET_BASE;
use switchboard::view::attention;
use switchboard::view::notice::{help_key, is_wrong_address, obstacle_key, wrong_address};
use switchboard::view::site::{Face, Reload, calls_lost, has_window, obstacle, switch_hint};
use switchboard_ui::language::{Countries, sort_by_name, time};
use switchboard_ui::{counted, document, show};
use switchboard_webext::{text, text_with};
use web_sys::{Element, HtmlOptionElement};

use crate::controls::Controls;
use crate::fields::{self, Switches};

/// Fills what never changes: the countries, the defaults.
pub(crate) fn prepare(controls: &Controls) -> Result<()> {
    controls.widget_base.set_placeholder(DEFAULT_WIDGET_BASE);
    fields::set_limits(controls);
    add_region(controls, "", &text("region_unknown"))?;
    let countries = Countries::new();
    let mut regions: Vec<(String, Region)> = Region::all()
        .map(|region| (countries.name(region.code()), region))
        .collect();
    sort_by_name(&mut regions);
    for (name, region) in regions {
        let name = format!("{name} (+{})", region.calling_code());
        add_region(controls, region.code(), &name)?;
    }
    Ok(())
}

fn add_region(controls: &Controls, code: &str, name: &str) -> Result<()> {
    let option = HtmlOptionElement::new_with_text_and_value(name, code)
        .map_err(|_| anyhow!("making an option"))?;
    controls
        .region
        .append_child(&option)
        .ok()
        .context("adding a country")?;
    Ok(())
}

/// Draws a view. `before` is the view that stands there: a field that the user has changed since stays.
/// `in_tab`: the popup stands over a tab.
pub(crate) fn draw(
    controls: &Controls,
    switches: &Switches,
    view: &SiteView,
    before: Option<&SiteView>,
    in_tab: bool,
) -> Result<()> {
    let face = Face::of(view);
    if let Some(body) = document()?.body() {
        put(&body, "data-face", face.name())?;
    }
    show(&controls.unsupported, face == Face::Unsupported);
    show(&controls.power, face != Face::Unsupported);
    show(&controls.read, face == Face::On && view.wish.read_contacts);
    show(&controls.site_settings, face == Face::On);
    show(
        &controls.welcome,
        view.ask_welcome && face != Face::Unsupported,
    );
    show(&controls.translated, view.translated);

    if face == Face::Unsupported {
        write(&controls.site_name, &text("name"));
    } else {
        write(&controls.site_name, &view.name);
        put(&controls.site_name, "title", &view.name)?;
    }
    draw_switch(controls, view, face)?;
    draw_read(controls, view, in_tab);
    // Where there is no site, the worker has not counted.
    let entries = match face {
        Face::Unsupported => String::new(),
        Face::Off | Face::On => counted("log_entries", view.logs_kept),
    };
    write(&controls.log_count, &entries);

    draw_place(controls, view);
    fields::draw_site(controls, view, before.map(|it| &it.wish));
    fields::draw_global(
        controls,
        switches,
        &view.global,
        before.map(|it| &it.global),
    );
    show(&controls.media_refused, view.media_refused);
    draw_attention(controls, view.attention)?;
    write(&controls.redirect_uri, &view.redirect_uri);
    show(&controls.redirect, !view.redirect_uri.is_empty());

    draw_problem(controls, view.problem.as_deref())
}

fn draw_switch(controls: &Controls, view: &SiteView, face: Face) -> Result<()> {
    let on = face == Face::On;
    put(
        &controls.switch,
        "aria-checked",
        if on { "true" } else { "false" },
    )?;
    let hint = text_with(switch_hint(view), &[&view.name]);
    write(&controls.switch_hint, &hint);
    Ok(())
}

/// Says where the phone is, where that is not plain to see.
fn draw_place(controls: &Controls, view: &SiteView) {
    let obstacle = obstacle(view);
    show(&controls.obstacle, obstacle.is_some());
    if let Some(obstacle) = obstacle {
        let key = obstacle_key(obstacle);
        write(&controls.obstacle_text, &text(key));
        write(&controls.obstacle_help, &text(&help_key(key)));
    }
    let lost = calls_lost(view);
    show(&controls.advice, lost > 0);
    if lost > 0 {
        write(&controls.advice_text, &counted("advice_lost", lost));
    }
    show(&controls.window, has_window(view));
    let shows = if view.window_open {
        "window_show"
    } else {
        "window_open"
    };
    write(&controls.window_text, &text(shows));
}

fn draw_attention(controls: &Controls, waits: Attention) -> Result<()> {
    let lines: Vec<String> = attention::lines(waits)
        .into_iter()
        .map(|(base, count)| counted(base, count))
        .collect();
    show(&controls.attention, !lines.is_empty());
    write(&controls.attention_text, &lines.join(" · "));
    let page = format!("../{}", attention::page(waits));
    put(&controls.attention, "href", &page)
}

/// Says what must be loaded again for what was changed; the popup can do that for its own tab.
pub(crate) fn draw_reload(controls: &Controls, needed: Option<Reload>, in_tab: bool) {
    show(&controls.reload, needed.is_some());
    let page = needed == Some(Reload::Page);
    let said = if page {
        "reload_text"
    } else {
        "reload_window_text"
    };
    write(&controls.reload_text, &text(said));
    show(&controls.reload_now, in_tab && page);
}

/// Without a tab there is no page that could have been read, only what is kept of earlier ones.
fn draw_read(controls: &Controls, view: &SiteView, in_tab: bool) {
    show(&controls.read_here, in_tab);
    match &view.read {
        Some(read) if read.contacts > 0 => draw_people(controls, read),
        Some(read) => {
            write(&controls.read_count, &text("read_nobody"));
            write(&controls.read_names, "");
            write(
                &controls.read_when,
                &text_with("read_at", &[&time(read.at)]),
            );
        }
        None => {
            write(&controls.read_count, &text("read_not_yet"));
            write(&controls.read_names, &text("read_not_yet_hint"));
            write(&controls.read_when, "");
        }
    }
    write(
        &controls.kept,
        &counted("contacts_kept", view.contacts_kept),
    );
}

fn draw_people(controls: &Controls, read: &ReadView) {
    let people = counted("read_people", read.contacts);
    let numbers = counted("read_numbers", read.numbers);
    write(
        &controls.read_count,
        &text_with("read_count", &[&people, &numbers]),
    );
    let shown = u32::try_from(read.names.len()).unwrap_or(u32::MAX);
    let names = read.names.join(", ");
    let names = match read.contacts.saturating_sub(shown) {
        0 => names,
        _ if shown == 0 => String::new(),
        _ => text_with("read_names_more", &[&names]),
    };
    write(&controls.read_names, &names);
    write(
        &controls.read_when,
        &text_with("read_at", &[&time(read.at)]),
    );
}

/// Shows what is wrong: at the field whose address was refused, or above everything.
pub(crate) fn draw_problem(controls: &Controls, problem: Option<&str>) -> Result<()> {
    let at_field = problem.is_some_and(is_wrong_address);
    for (input, error) in [
        (&controls.server, &controls.server_error),
        (&controls.widget_base, &controls.widget_base_error),
    ] {
        let wrong = wrong_address(&input.value()).filter(|_| at_field);
        put(
            input,
            "aria-invalid",
            if wrong.is_some() { "true" } else { "false" },
        )?;
        write(error, &wrong.map_or_else(String::new, text));
        show(error, wrong.is_some());
    }
    let above = problem.filter(|_| !at_field);
    show(&controls.problem, above.is_some());
    if let Some(key) = above {
        let said = text(key);
        // A key of a newer worker, for which there is no text here.
        let said = if said.is_empty() {
            text("problem_unknown")
        } else {
            said
        };
        write(&controls.problem_text, &said);
        write(&controls.problem_help, &text(&help_key(key)));
    }
    Ok(())
}

/// Shows that something has been saved; says it to those who listen, too.
pub(crate) fn draw_saved(controls: &Controls) -> Result<()> {
    let turn = match controls.saved.get_attribute("data-turn").as_deref() {
        Some("a") => "b",
        _ => "a",
    };
    // Emptied first, so that a screen reader hears the same word as news.
    controls.saved.set_text_content(None);
    controls.saved.set_text_content(Some(&text("saved")));
    put(&controls.saved, "data-turn", turn)
}

/// Shows that the switch waits for the browser or the worker.
pub(crate) fn draw_busy(controls: &Controls, busy: bool) -> Result<()> {
    put(
        &controls.switch,
        "aria-busy",
        if busy { "true" } else { "false" },
    )
}

/// Writes a text, unless it stands there: a screen reader would hear it again.
fn write(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

fn put(element: &Element, name: &'static str, value: &str) -> Result<()> {
    element
        .set_attribute(name, value)
        .map_err(|_| anyhow!("setting {name}"))
}
