//! A worker in a world without a browser, and the people it reads of.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test may fail loudly"
)]

use std::env;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use switchboard::phone::Libphonenumber;
use switchboard::protocol::codec;
use switchboard::protocol::page::{PageContact, PagePhone, Reading};
use switchboard::protocol::runtime::{
    self, AgentWidgetSaid, FrameWidgetSaid, OpenFrame, PageRead, Refusal, Request, SaveGlobal,
    SiteView, SiteViewOf, TicketPlease, TurnOn, WidgetSaid,
};
use switchboard::protocol::stored::{FrameId, FrameSession, GlobalSettings, LogEntry, Settings};
use switchboard::roles::Role;
use switchboard::service::Service;
use switchboard::service::memory::{MemoryBrowser, MemoryStore};
use switchboard::service::ports::Store as _;

/// The site most stories play on.
pub(crate) const SITE: &str = "https://crm.example";

/// A worker and its world.
pub(crate) struct World {
    /// The worker's mind.
    pub(crate) service: Service<MemoryStore, MemoryBrowser, Libphonenumber>,
}

impl Default for World {
    fn default() -> Self {
        let world = Self {
            service: Service {
                store: MemoryStore::default(),
                browser: MemoryBrowser::default(),
                numbering: Libphonenumber,
            },
        };
        world.later(1_795_000_000_000);
        world
    }
}

impl World {
    /// A world in which [`SITE`] is on, in Great Britain.
    pub(crate) fn with_site_on() -> Self {
        let world = Self::default();
        world.turn_on("https://crm.example/");
        world.admit_frame(5);
        world.service.browser.done.borrow_mut().clear();
        pollster::block_on(world.service.store.drop_frame(1, 5)).expect("memory");
        world
    }

    pub(crate) fn turn_on(&self, url: &str) {
        let pattern = format!("{url}*");
        self.grant(&pattern);
        let view = SiteViewOf {
            url: url.to_owned(),
            tab: Some(1),
            language: "en-GB".to_owned(),
        };
        assert!(self.popup(TurnOn { view }).on);
    }

    pub(crate) fn grant(&self, pattern: &str) {
        self.service
            .browser
            .granted
            .borrow_mut()
            .push(pattern.to_owned());
    }

    pub(crate) fn later(&self, ms: i64) {
        let time = &self.service.browser.time;
        time.set(time.get() + ms);
    }

    pub(crate) fn done(&self) -> Vec<String> {
        self.service.browser.done.borrow().clone()
    }

    pub(crate) fn settings(&self) -> Settings {
        pollster::block_on(self.service.store.settings()).expect("memory")
    }

    pub(crate) fn logs(&self) -> Vec<LogEntry> {
        pollster::block_on(self.service.store.newest_logs(None, 1_000)).expect("memory")
    }

    /// Asks as somebody, through the same text as the browser carries.
    pub(crate) fn try_ask<R: Request>(&self, role: Role, request: R) -> Result<R::Reply, Refusal> {
        let text = runtime::text_of(request);
        let reply = pollster::block_on(self.service.answer(Some(role), &text));
        codec::decode(&reply).expect("a reply is readable")
    }

    pub(crate) fn ask<R: Request>(&self, role: Role, request: R) -> R::Reply {
        self.try_ask(role, request).expect("the worker does it")
    }

    pub(crate) fn agent<R: Request>(&self, request: R) -> R::Reply {
        let role = Role::Agent {
            tab: 1,
            site: SITE.to_owned(),
            url: "https://crm.example/people".to_owned(),
        };
        self.ask(role, request)
    }

    pub(crate) fn popup<R: Request<Reply = V>, V>(&self, request: R) -> V {
        self.ask(Role::Popup, request)
    }

    pub(crate) fn save_auto_log(&self, on: bool) -> SiteView {
        let view = SiteViewOf {
            url: SITE.to_owned(),
            tab: None,
            language: "en-GB".to_owned(),
        };
        let global = GlobalSettings {
            auto_log_calls: on,
            ..self.settings().global
        };
        self.popup(SaveGlobal { view, global })
    }

    pub(crate) fn reads(&self, contacts: &[PageContact]) {
        let reading = Reading {
            contacts: contacts.to_vec(),
            ..Reading::default()
        };
        self.agent(PageRead {
            reading,
            url: "https://crm.example/people".to_owned(),
        });
    }

    /// As [`World::reads`], on the page of another site that is on, in a tab of its own.
    pub(crate) fn reads_on(&self, tab: i32, site: &str, reading: Reading) {
        let role = Role::Agent {
            tab,
            site: site.to_owned(),
            url: format!("{site}/people"),
        };
        let url = format!("{site}/people");
        self.ask(role, PageRead { reading, url });
    }

    pub(crate) fn reads_people(&self) {
        self.reads(&people().contacts);
    }

    /// Admits a frame page of [`SITE`] in tab 1.
    pub(crate) fn admit_frame(&self, frame: FrameId) {
        let ticket = self.agent(TicketPlease {});
        self.ask(Role::Frame { tab: 1, frame }, OpenFrame { ticket });
    }

    /// What is posted to the widget of [`SITE`] after it said something.
    pub(crate) fn widget_says(&self, message: &Value, boot: bool) -> Vec<Value> {
        self.widget_of(SITE, message, boot)
    }

    /// As [`World::widget_says`], through the page agent of a site.
    pub(crate) fn widget_of(&self, site: &str, message: &Value, boot: bool) -> Vec<Value> {
        let said = AgentWidgetSaid(WidgetSaid {
            message: message.to_string(),
            boot,
        });
        let role = Role::Agent {
            tab: 1,
            site: site.to_owned(),
            url: format!("{site}/"),
        };
        let posts = self.ask(role, said);
        posts
            .iter()
            .map(|post| serde_json::from_str(post).expect("a message is JSON"))
            .collect()
    }

    /// The widget of tab 1 is signed in and takes numbers; returns what is posted to it for that.
    pub(crate) fn widget_takes_numbers(&self) -> Vec<Value> {
        let ready = json!({ "type": "rc-dialer-status-notify", "ready": true });
        self.widget_says(&ready, false)
    }

    /// Admits a widget of a place: a site, or the window.
    pub(crate) fn admit(&self, tab: i32, frame: FrameId, place: &str) {
        let site = place.to_owned();
        let session = FrameSession { site, ready: true };
        pollster::block_on(self.service.store.put_frame(tab, frame, &session)).expect("memory");
    }

    /// What is posted to the widget of an admitted frame after it said something.
    pub(crate) fn frame_says(
        &self,
        (tab, frame): (i32, FrameId),
        message: &Value,
        boot: bool,
    ) -> Vec<Value> {
        let posts = self.ask(Role::Frame { tab, frame }, frame_said(message, boot));
        posts
            .iter()
            .map(|post| serde_json::from_str(post).expect("a message is JSON"))
            .collect()
    }

    /// The response to a request of the widget.
    pub(crate) fn asks(&self, path: &str, body: &Value) -> Value {
        self.widget_says(&said(path, body), false)[0]["response"].clone()
    }
}

/// A request of the widget.
pub(crate) fn said(path: &str, body: &Value) -> Value {
    json!({ "type": "rc-post-message-request", "requestId": "r-1", "path": path, "body": body })
}

/// The same by a frame page.
pub(crate) fn frame_said(message: &Value, boot: bool) -> FrameWidgetSaid {
    FrameWidgetSaid(WidgetSaid {
        message: message.to_string(),
        boot,
    })
}

/// An automatic log request of an inbound call.
pub(crate) fn call(session: &str, result: &str, duration: u32) -> Value {
    json!({
        "call": {
            "id": "b7", "sessionId": session, "telephonySessionId": format!("s-{session}"),
            "direction": "Inbound", "from": { "phoneNumber": "+16505550177" }, "fromName": "WIRELESS CALLER",
            "to": { "phoneNumber": "+16505550000" }, "toName": "Me", "telephonyStatus": result,
            "startTime": 1_795_159_712_840_i64, "duration": duration, "result": result,
        },
        "triggerType": "presenceUpdate",
    })
}

pub(crate) fn person(id: &str, name: &str, number: &str) -> PageContact {
    PageContact {
        id: Some(id.to_owned()),
        ..without_id(name, number)
    }
}

pub(crate) fn without_id(name: &str, number: &str) -> PageContact {
    PageContact {
        name: name.to_owned(),
        phones: vec![PagePhone {
            raw: number.to_owned(),
            ..PagePhone::default()
        }],
        ..PageContact::default()
    }
}

pub(crate) fn nobody(id: &str, name: &str) -> PageContact {
    PageContact {
        id: Some(id.to_owned()),
        name: name.to_owned(),
        ..PageContact::default()
    }
}

/// Four people, with every kind of number there is.
pub(crate) fn people() -> Reading {
    let mut inside = person("i1", "Inga Inside", "102");
    inside.company = Some("Company Ltd".to_owned());
    Reading {
        contacts: vec![
            person("h1", "Harriet House", "020 7946 0321"),
            person("e1", "Ernest Extension", "020 7946 0321 ext. 317"),
            person("j1", "Jörg Münz", "+49 (0)30 901820"),
            inside,
        ],
        ..Reading::default()
    }
}

/// What the real widget asked, by path; `None`, with a word, where the recordings are not at hand.
pub(crate) fn recorded_requests() -> Option<Value> {
    let shared = env::var_os("SWITCHBOARD_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    let path = shared.join("wire/requests-by-path.json");
    let Ok(text) = fs::read_to_string(&path) else {
        println!("skipped: no recordings at {}", path.display());
        return None;
    };
    Some(serde_json::from_str(&text).expect("the recordings are JSON"))
}
