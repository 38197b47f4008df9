//! The service: what the worker does about each request, over a [`Store`] and a [`Browser`].
//!
//! Nothing is kept between two requests, for the worker may be killed between any two events.

mod agents;
mod book;
mod buttons;
mod calls;
mod contacts;
mod forms;
mod guard;
mod matching;
mod media;
mod meetings;
pub mod memory;
mod messages;
mod page_api;
mod people;
pub mod ports;
mod scope;
mod sites;
mod switches;
mod unlogged;
mod views;
mod widget;
mod window;

use serde::Serialize;
use serde_json::Value;

use crate::phone::Numbering;
use crate::protocol::codec;
use crate::protocol::runtime::{
    AgentRequest, BookRequest, FrameRequest, FromBackground, PopupRequest, Refusal, ToBackground,
};
use crate::protocol::stored::FrameId;
use crate::roles::Role;
use crate::scope::places;
use ports::{Browser, Store, StoreError};
use widget::At;

/// The worker's mind.
#[derive(Debug)]
pub struct Service<S, B, N> {
    /// Where records are.
    pub store: S,
    /// The browser.
    pub browser: B,
    /// What understands numbers.
    pub numbering: N,
}

/// The result of a request.
type Done<T> = Result<T, Refusal>;

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Storage(error.doing.to_owned())
    }
}

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// Answers a request; both are texts (see [`crate::protocol::runtime`]).
    pub async fn answer(&self, role: Option<Role>, request: &str) -> String {
        match (role, codec::decode(request)) {
            (Some(role), Some(request)) => self.dispatch(role, request).await,
            _ => reply::<()>(&Err(Refusal::NotAllowed)),
        }
    }

    /// Each role may ask only what is its own.
    async fn dispatch(&self, role: Role, request: ToBackground) -> String {
        let done = match (role, request) {
            (Role::Agent { tab, site, url }, ToBackground::Agent(request)) => {
                self.for_agent(tab, &site, &url, request).await
            }
            (Role::Frame { tab, frame }, ToBackground::Frame(request)) => {
                self.for_frame(tab, frame, request).await
            }
            (Role::Popup, ToBackground::Popup(request)) => Ok(self.for_popup(request).await),
            (Role::Book, ToBackground::Book(request)) => Ok(self.for_book(request).await),
            _ => Err(Refusal::NotAllowed),
        };
        done.unwrap_or_else(|refusal| reply::<()>(&Err(refusal)))
    }

    async fn for_agent(
        &self,
        tab: i32,
        site: &str,
        url: &str,
        request: AgentRequest,
    ) -> Done<String> {
        if let AgentRequest::Hello(hello) = request {
            return Ok(reply(&self.hello(tab, site, url, hello).await));
        }
        // Everything else is only for sites that are on.
        let settings = self.store.settings().await?;
        let Some(site_settings) = settings.sites.get(site).filter(|site| site.enabled) else {
            return Err(Refusal::NotAllowed);
        };
        Ok(match request {
            AgentRequest::Hello(_) => return Err(Refusal::NotAllowed),
            AgentRequest::Ticket(_) => reply(&self.ticket(tab, site).await),
            AgentRequest::Read(read) => {
                reply(&self.page_read(tab, site, site_settings, read).await)
            }
            AgentRequest::Place(place) => reply(&self.save_place(site, place).await),
            AgentRequest::Inject(_) => reply(&self.inject_adapter(tab, site, &settings).await),
            AgentRequest::Widget(said) => reply(&self.widget_said(At { site, tab }, &said).await),
            AgentRequest::Dial(dial) => reply(&self.dial(tab, site, dial).await),
            AgentRequest::Obstacle(met) => reply(&self.met_obstacle(tab, site, url, met).await),
            AgentRequest::Call(told) => reply(&self.call_told(tab, site, told).await),
            AgentRequest::Window(please) => reply(&self.window_please(tab, site, please).await),
            AgentRequest::Unmount(_) => reply(&self.may_unmount(tab, site).await),
            AgentRequest::Dispose(_) => {
                self.browser.dispose_adapter(tab).await;
                reply(&Ok(()))
            }
            AgentRequest::OfferApi(_) => reply(&self.offer_page_api(tab, site_settings).await),
            AgentRequest::Api(calls) => reply(&self.page_calls(tab, site, calls).await),
        })
    }

    async fn for_frame(&self, tab: i32, frame: FrameId, request: FrameRequest) -> Done<String> {
        Ok(match request {
            FrameRequest::Open(open) => reply(&self.open_frame(tab, frame, open).await),
            FrameRequest::Window(save) => reply(&self.save_window(tab, frame, save).await),
            FrameRequest::New(_) => reply(&self.new_window(tab, frame).await),
            FrameRequest::Widget(said) => {
                let session = self.store.frame(tab, frame).await?;
                let site = session.ok_or(Refusal::NotAllowed)?.site;
                let settings = self.store.settings().await?;
                if !places(&settings).contains(&site) {
                    return Err(Refusal::NotAllowed);
                }
                reply(&self.widget_said(At { site: &site, tab }, &said).await)
            }
        })
    }

    /// The sites that are on.
    async fn enabled_sites(&self) -> Done<Vec<String>> {
        let settings = self.store.settings().await?;
        let on = settings.sites.into_iter().filter(|(_, own)| own.enabled);
        Ok(on.map(|(site, _)| site).collect())
    }

    /// Tells every frame page of a place something that is not for its widget.
    async fn tell_frames(&self, site: &str, message: &FromBackground) -> Done<()> {
        for (tab, frame) in self.store.frames_of(site).await? {
            if !self.browser.tell_frame(tab, frame, message).await {
                self.store.drop_frame(tab, frame).await?;
            }
        }
        Ok(())
    }

    /// Posts messages to every widget of a place: of a site's pages, or of the window.
    async fn post(&self, site: &str, messages: &[Value]) -> Done<()> {
        self.post_elsewhere(site, None, messages).await
    }

    /// Posts messages to every widget of a place but that of one tab.
    async fn post_elsewhere(&self, site: &str, but: Option<i32>, messages: &[Value]) -> Done<()> {
        if messages.is_empty() {
            return Ok(());
        }
        let messages: Vec<String> = messages.iter().map(Value::to_string).collect();
        let frames = self.store.frames_of(site).await?;
        for (tab, frame) in frames.into_iter().filter(|(tab, _)| Some(*tab) != but) {
            if !self.browser.post(tab, frame, &messages).await {
                self.store.drop_frame(tab, frame).await?;
            }
        }
        Ok(())
    }

    async fn for_popup(&self, request: PopupRequest) -> String {
        match request {
            PopupRequest::View(view) => reply(&self.site_view(view).await),
            PopupRequest::Want(want) => reply(&self.want(want).await),
            PopupRequest::On(on) => reply(&self.turn_on(on.view).await),
            PopupRequest::Off(off) => reply(&self.turn_off(off.view).await),
            PopupRequest::Site(save) => reply(&self.save_site(save).await),
            PopupRequest::Global(save) => reply(&self.save_global(save).await),
            PopupRequest::Welcome(answer) => reply(&self.welcome(answer).await),
            PopupRequest::Window(show) => reply(&self.show_window(show).await),
            PopupRequest::Decline(decline) => reply(&self.decline_advice(decline).await),
        }
    }
}

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    async fn for_book(&self, request: BookRequest) -> String {
        match request {
            BookRequest::List(it) => reply(&self.list_logs(it).await),
            BookRequest::Entry(it) => reply(&self.entry(&it.key).await),
            BookRequest::Save(it) => reply(&self.save_entry(it).await),
            BookRequest::Delete(it) => reply(&self.delete_entries(it).await),
            BookRequest::Repair(it) => reply(&self.repair_entry(it).await),
            BookRequest::Unlogged(_) => reply(&self.unlogged_calls().await),
            BookRequest::AskUnlogged(_) => reply(&self.ask_for_unlogged().await),
            BookRequest::LogUnlogged(it) => reply(&self.log_unlogged(it).await),
            BookRequest::DismissUnlogged(it) => reply(&self.dismiss_unlogged(it).await),
            BookRequest::People(it) => reply(&self.list_people(it).await),
            BookRequest::Person(it) => reply(&self.person(it).await),
            BookRequest::Forget(it) => reply(&self.forget(it).await),
            BookRequest::Merge(it) => reply(&self.merge(it).await),
            BookRequest::Mark(it) => reply(&self.mark(it).await),
            BookRequest::Wipe(it) => reply(&self.wipe(it).await),
            BookRequest::Unchoose(it) => reply(&self.unchoose(&it.number).await),
        }
    }
}

fn reply<T: Serialize>(done: &Done<T>) -> String {
    codec::encode(done)
}
