//! `window.RCAdapter` for the page's own scripts: a packaged script in the page's world hands their calls
//! over. What is about the panel goes to the core, the rest to the worker.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use switchboard::agent::{Event, PageState};
use switchboard::page_api;
use switchboard::protocol::runtime::{FromBackground, OfferPageApi, PageCalls, PageReply};
use switchboard_webext as webext;
use wasm_bindgen::JsCast as _;
use web_sys::MessageEvent;
use webext::{Listener, PageCall, PagePort};

use crate::shell::Shell;

/// The most calls of a page in one second; a script that goes round in circles makes more.
const MOST_CALLS: u32 = 20;

/// The answer to a call that only wanted something done.
const NOTHING: &str = "null";

/// The offer; dropping it ends it.
pub(crate) struct PageApi {
    line: Rc<Line>,
    _introduction: EventListener,
    _worker: Listener,
}

/// The line to the page's script.
#[derive(Default)]
struct Line {
    port: RefCell<Option<PagePort>>,
    /// What is to be told when the port comes.
    state: RefCell<PageState>,
    /// The second of the last call, and how many there were in it.
    calls: Cell<(i64, u32)>,
}

impl PageApi {
    /// Listens to the page's script, and asks the worker to put it in.
    pub(crate) fn prepare(shell: &Rc<Shell>) -> Self {
        let line = Rc::new(Line::default());
        let introduction = introduction(shell, &line);
        let answers = Rc::downgrade(&line);
        let worker = webext::on_message(move |message| {
            if let (FromBackground::PageAnswer { call, answer }, Some(line)) =
                (message, answers.upgrade())
            {
                line.with(|port| port.answer(call, &answer));
            }
        });
        // Where the worker does not put it in, no port comes.
        webext::ask_then(OfferPageApi {}, |_| {});
        Self {
            line,
            _introduction: introduction,
            _worker: worker,
        }
    }

    /// Tells the page's script how the widget stands now.
    pub(crate) fn tell(&self, state: &PageState) {
        self.line.state.borrow_mut().clone_from(state);
        self.line.with(|port| port.tell(state));
    }
}

impl Line {
    fn with(&self, run: impl FnOnce(&PagePort)) {
        if let Some(port) = &*self.port.borrow() {
            run(port);
        }
    }

    fn is_too_much(&self) -> bool {
        let second = webext::now() / 1_000;
        let (last, count) = self.calls.get();
        let count = if last == second { count + 1 } else { 1 };
        self.calls.set((second, count));
        count > MOST_CALLS
    }
}

/// Waits for the port; the first one is it.
fn introduction(shell: &Rc<Shell>, line: &Rc<Line>) -> EventListener {
    let (shell_of, line_of) = (Rc::downgrade(shell), Rc::downgrade(line));
    EventListener::new(shell.window(), "message", move |event| {
        let Some(line) = line_of.upgrade() else {
            return;
        };
        let event = event.dyn_ref::<MessageEvent>();
        let Some(event) = event.filter(|_| line.port.borrow().is_none()) else {
            return;
        };
        let (shell_of, line_of) = (shell_of.clone(), line_of.clone());
        let port = PagePort::accept(event, move |call| {
            if let (Some(shell), Some(line)) = (shell_of.upgrade(), line_of.upgrade()) {
                called(&shell, &line, call);
            }
        });
        if let Some(port) = port {
            port.tell(&line.state.borrow());
            *line.port.borrow_mut() = Some(port);
        }
    })
}

fn called(shell: &Rc<Shell>, line: &Rc<Line>, call: PageCall) {
    let PageCall {
        call,
        method,
        arguments,
        first,
        gesture,
    } = call;
    if line.is_too_much() {
        line.with(|port| port.refuse(call, "too many calls in a second"));
        return;
    }
    match page_api::panel_command(&method, first, gesture) {
        Some(Ok(command)) => {
            shell.on(Event::PageApi(command));
            line.with(|port| port.answer(call, NOTHING));
        }
        Some(Err(why)) => line.with(|port| port.refuse(call, why)),
        None => {
            let request = PageCalls {
                call,
                method: method.clone(),
                arguments,
                gesture,
            };
            let (line, shell) = (Rc::downgrade(line), Rc::downgrade(shell));
            webext::ask_then(request, move |reply| {
                if let (Ok(PageReply::Done), Some(shell)) = (&reply, shell.upgrade()) {
                    show(&shell, &method);
                }
                replied(&line, call, &reply);
            });
        }
    }
}

fn show(shell: &Rc<Shell>, method: &str) {
    let adapter = shell.config().map(|config| config.adapter);
    for command in page_api::shown_by(method, adapter.unwrap_or_default()) {
        shell.on(Event::PageApi(*command));
    }
}

fn replied(line: &Weak<Line>, call: u32, reply: &Result<PageReply, webext::AskError>) {
    let done = match reply {
        Ok(PageReply::Waits) => return,
        Ok(PageReply::Done) => Ok(NOTHING),
        Ok(PageReply::Refused(why)) => Err(why.as_str()),
        Err(_) => Err("nobody answered"),
    };
    if let Some(line) = line.upgrade() {
        line.with(|port| match done {
            Ok(answer) => port.answer(call, answer),
            Err(why) => port.refuse(call, why),
        });
    }
}
