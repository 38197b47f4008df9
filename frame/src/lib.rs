//! The extension page that holds the widget, inside the CRM's page or in a window of its own.
//!
//! It is the widget's parent, so that the CRM's page is not: what the widget tells its parent (numbers,
//! names, sometimes tokens) stays in the extension. It checks and relays; the worker answers.
//! Without a ticket of the worker it shows no phone and relays nothing.

mod around;
mod bar;
mod notices;
mod own_window;
mod plate;
mod widget;

use std::rc::Rc;

use anyhow::{Context as _, Result, ensure};
use js_sys::Promise;
use switchboard::protocol::runtime::{AgentToFrame, FrameToAgent, FromBackground, OpenFrame};
use switchboard_ui::{EventListener, document, listen, translate, window};
use switchboard_webext as webext;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlElement, MessageEvent};
use webext::{Channel, Listener};

use around::Around;
use bar::Bar;
use notices::Notices;
use plate::Plate;
use widget::Widget;

/// Everything that lives as long as the page.
struct FramePage {
    _widget: Rc<Widget>,
    _listeners: Vec<EventListener>,
    _worker: Listener,
}

/// Starts the page. `introduction` resolves to the message in which the page agent hands its port over;
/// the loader listens for it before this module is there. A window of its own has none.
#[wasm_bindgen]
pub fn start(introduction: Option<Promise>) {
    webext::install_panic_hook();
    spawn_local(async move {
        let in_window = introduction.is_none();
        match open(introduction).await {
            // The page lives until its document is gone, and its document takes it along.
            Ok(page) => std::mem::forget(page),
            Err(_) => refuse(in_window),
        }
    });
}

async fn open(introduction: Option<Promise>) -> Result<FramePage> {
    translate(&document()?)?;
    let ticket = ticket()?;
    let config = webext::ask(OpenFrame {
        ticket: ticket.clone(),
    })
    .await
    .context("asking for admission")?;
    // A page's frame is not admitted as the window, nor the other way round.
    ensure!(
        config.window == introduction.is_none(),
        "admitted for another place"
    );

    let bar = Rc::new(Bar::new(&config)?);
    let notices = Rc::new(Notices::find()?);
    let mut listeners = notices.listen();
    let around = if let Some(introduction) = introduction {
        Around::Page(introduced(introduction, &ticket, &bar).await?)
    } else {
        notices.because(config.because.as_ref());
        listeners.extend(own_window::watch_place()?);
        Around::Window(own_window::Warning::default())
    };
    let around = Rc::new(around);
    if !around.is_window() {
        listeners.extend(bar.listen(&around));
    }

    let plate = Plate::find()?;
    let widget = Rc::new(Widget::new(&config, Rc::clone(&bar), around, plate)?);
    let receiver = Rc::clone(&widget);
    listeners.push(listen(&window()?.into(), "message", move |event| {
        if let Some(event) = event.dyn_ref::<MessageEvent>() {
            receiver.heard(event);
        }
    }));
    listeners.extend(widget.listen()?);
    let posts = Rc::clone(&widget);
    let worker = webext::on_message(move |message| match message {
        FromBackground::Post { messages } => posts.post(&messages),
        FromBackground::Attention(waits) => notices.attention(waits),
        FromBackground::Invite(offer) => notices.invite(offer),
        // For page agents.
        FromBackground::PageAnswer { .. } => {}
    });
    widget.put_in()?;
    Ok(FramePage {
        _widget: widget,
        _listeners: listeners,
        _worker: worker,
    })
}

/// Waits for the page agent.
async fn introduced(introduction: Promise, ticket: &str, bar: &Rc<Bar>) -> Result<Channel> {
    let introduction: MessageEvent = JsFuture::from(introduction)
        .await
        .ok()
        .and_then(|event| event.dyn_into().ok())
        .context("being introduced")?;
    let bar = Rc::clone(bar);
    let heard = move |message: AgentToFrame| match message {
        AgentToFrame::Minimised { on } => bar.minimised(on),
    };
    let agent = Channel::accept(&introduction, ticket, heard).context("opening the channel")?;
    agent.send(&FrameToAgent::Here);
    Ok(agent)
}

fn ticket() -> Result<String> {
    let hash = window()?
        .location()
        .hash()
        .map_err(webext::JsError::from)
        .context("reading the ticket")?;
    let ticket = hash.trim_start_matches('#');
    ensure!(!ticket.is_empty(), "no ticket");
    Ok(ticket.to_owned())
}

fn body() -> Result<HtmlElement> {
    document()?.body().context("finding the body")
}

/// Tells the style sheet how far the page has come.
fn state(name: &'static str) -> Result<()> {
    body()?
        .set_attribute("data-state", name)
        .map_err(webext::JsError::from)?;
    Ok(())
}

/// A page that embeds this one by itself gets an empty frame; so does a page agent whose ticket is stale.
/// A window that the browser has restored offers to become the phone again.
fn refuse(in_window: bool) {
    drop(state("refused"));
    if in_window && let Ok(plate) = Plate::find() {
        // The page lives until its document is gone, and its document takes the listener along.
        std::mem::forget(plate.offer_new_window());
    }
}
