//! The extension page that holds the widget, inside the CRM's page.
//!
//! It is the widget's parent, so that the CRM's page is not: what the widget tells its parent (numbers,
//! names, sometimes tokens) stays in the extension. It checks and relays; the worker answers.
//! Without a ticket of the worker it shows nothing and does nothing.

mod bar;
mod notices;
mod widget;

use std::rc::Rc;

use anyhow::{Context as _, Result};
use js_sys::Promise;
use switchboard::protocol::runtime::{AgentToFrame, FromBackground, OpenFrame};
use switchboard_ui::{EventListener, by_id, document, listen, translate, window};
use switchboard_webext as webext;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlElement, MessageEvent};
use webext::{Channel, Listener};

use bar::Bar;
use notices::Notices;
use widget::Widget;

/// Everything that lives as long as the page.
struct FramePage {
    _widget: Rc<Widget>,
    _listeners: Vec<EventListener>,
    _worker: Listener,
}

/// Starts the page. `introduction` resolves to the message in which the page agent hands its port over;
/// the loader listens for it before this module is there.
#[wasm_bindgen]
pub fn start(introduction: Promise) {
    webext::install_panic_hook();
    spawn_local(async move {
        match open(introduction).await {
            // The page lives until its document is gone, and its document takes it along.
            Ok(page) => std::mem::forget(page),
            Err(_) => refuse(),
        }
    });
}

async fn open(introduction: Promise) -> Result<FramePage> {
    let document = document()?;
    translate(&document)?;
    let ticket = ticket()?;
    let config = webext::ask(OpenFrame {
        ticket: ticket.clone(),
    })
    .await
    .context("asking for admission")?;

    let introduction: MessageEvent = JsFuture::from(introduction)
        .await
        .ok()
        .and_then(|event| event.dyn_into().ok())
        .context("being introduced")?;
    let bar = Rc::new(Bar::new(&config.site_name)?);
    let heard = {
        let bar = Rc::clone(&bar);
        move |message: AgentToFrame| match message {
            AgentToFrame::Minimised { on } => bar.minimised(on),
        }
    };
    let agent = Channel::accept(&introduction, &ticket, heard).context("opening the channel")?;
    let agent = Rc::new(agent);

    let notices = Rc::new(Notices::find()?);
    let widget = Widget::put_in(&config, Rc::clone(&bar), Rc::clone(&agent))?;
    let widget = Rc::new(widget);
    let mut listeners = bar.listen(&agent);
    listeners.extend(notices.listen());
    let receiver = Rc::clone(&widget);
    let window = window()?;
    listeners.push(listen(&window, "message", move |event| {
        if let Some(event) = event.dyn_ref::<MessageEvent>() {
            receiver.heard(event);
        }
    }));
    let posts = Rc::clone(&widget);
    let worker = webext::on_message(move |message| match message {
        FromBackground::Post { messages } => posts.post(&messages),
        FromBackground::Attention(waits) => notices.attention(waits),
        FromBackground::Invite(offer) => notices.invite(offer),
        // For page agents.
        FromBackground::PageAnswer { .. } => {}
    });
    body()?
        .set_attribute("data-state", "open")
        .map_err(webext::JsError::from)?;
    Ok(FramePage {
        _widget: widget,
        _listeners: listeners,
        _worker: worker,
    })
}

fn ticket() -> Result<String> {
    let hash = window()?
        .location()
        .hash()
        .map_err(webext::JsError::from)
        .context("reading the ticket")?;
    let ticket = hash.trim_start_matches('#');
    anyhow::ensure!(!ticket.is_empty(), "no ticket");
    Ok(ticket.to_owned())
}

fn body() -> Result<HtmlElement> {
    document()?.body().context("finding the body")
}

/// A page that embeds this one by itself gets an empty frame; so does a page agent whose ticket is stale.
fn refuse() {
    if let Ok(body) = body() {
        drop(body.set_attribute("data-state", "refused"));
    }
    if let Ok(notice) = by_id::<HtmlElement>("notice") {
        notice.set_hidden(true);
    }
}
