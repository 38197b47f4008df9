//! The header: presence, moving, minimising.

use std::cell::Cell;
use std::rc::Rc;

use anyhow::Result;
use switchboard::protocol::runtime::{FrameConfig, FrameToAgent};
use switchboard::relay::Presence;
use switchboard_ui::{EventListener, by_id, document, listen};
use switchboard_webext::text;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, PointerEvent};

use crate::around::Around;

/// How far an arrow key moves the panel, in CSS pixels.
const STEP: i32 = 16;

/// The header's elements.
pub(crate) struct Bar {
    body: HtmlElement,
    presence: Element,
    drag: HtmlElement,
    minimise: HtmlElement,
    minimised: Cell<bool>,
    in_window: bool,
}

impl Bar {
    pub(crate) fn new(config: &FrameConfig) -> Result<Self> {
        let bar = Self {
            body: crate::body()?,
            presence: by_id("presence")?,
            drag: by_id("drag")?,
            minimise: by_id("minimise")?,
            minimised: Cell::new(false),
            in_window: config.window,
        };
        let name: Element = by_id("site-name")?;
        name.set_text_content(Some(&config.site_name));
        if config.window {
            // The browser moves and minimises a window.
            drop(bar.drag.replace_with_with_node_1(&name));
            bar.minimise.remove();
            drop(bar.body.toggle_attribute_with_force("data-window", true));
            bar.entitle(Presence::default());
        }
        Ok(bar)
    }

    /// The window's title is read in the browser's and the system's lists of windows.
    fn entitle(&self, presence: Presence) {
        if let (true, Ok(document)) = (self.in_window, document()) {
            let said = [text("name"), text(presence.text_key())];
            document.set_title(&said.join(" – "));
        }
    }

    /// Shows the user's presence and the state of the line.
    pub(crate) fn presence(&self, presence: Presence) {
        drop(
            self.presence
                .set_attribute("data-presence", presence.name()),
        );
        let said = text(presence.text_key());
        self.presence.set_text_content(Some(&said));
        self.entitle(presence);
    }

    /// Shows that the panel is minimised or restored.
    pub(crate) fn minimised(&self, on: bool) {
        self.minimised.set(on);
        drop(self.body.toggle_attribute_with_force("data-minimised", on));
        let expanded = if on { "false" } else { "true" };
        drop(self.minimise.set_attribute("aria-expanded", expanded));
        let label = text(if on {
            "frame_restore"
        } else {
            "frame_minimise"
        });
        drop(self.minimise.set_attribute("aria-label", &label));
        self.minimise.set_title(&label);
    }

    /// Listens to the user; the page agent does what she asks.
    pub(crate) fn listen(self: &Rc<Self>, agent: &Rc<Around>) -> Vec<EventListener> {
        let mut listeners = vec![self.listen_to_minimise(agent)];
        listeners.extend(self.listen_to_drag(agent));
        listeners.push(self.listen_to_keys(agent));
        listeners
    }

    fn listen_to_minimise(self: &Rc<Self>, agent: &Rc<Around>) -> EventListener {
        let (bar, agent) = (Rc::clone(self), Rc::clone(agent));
        listen(&self.minimise, "click", move |event| {
            if event.is_trusted() {
                let on = !bar.minimised.get();
                agent.tell(&FrameToAgent::Minimise { on });
            }
        })
    }

    /// The panel moves under the pointer, so distances are measured on the screen, not in the frame.
    fn listen_to_drag(self: &Rc<Self>, agent: &Rc<Around>) -> Vec<EventListener> {
        let last: Rc<Cell<Option<(i32, i32)>>> = Rc::new(Cell::new(None));
        let down = {
            let (drag, last) = (self.drag.clone(), Rc::clone(&last));
            move |event: &Event| {
                if let Some(pointer) = main_pointer(event) {
                    last.set(Some((pointer.screen_x(), pointer.screen_y())));
                    // Without capture the pointer is lost as soon as it leaves the frame.
                    drop(drag.set_pointer_capture(pointer.pointer_id()));
                }
            }
        };
        let moved = {
            let (agent, last) = (Rc::clone(agent), Rc::clone(&last));
            move |event: &Event| {
                if let (Some(pointer), Some((x, y))) = (main_pointer(event), last.get()) {
                    let (dx, dy) = (pointer.screen_x() - x, pointer.screen_y() - y);
                    last.set(Some((x + dx, y + dy)));
                    agent.tell(&FrameToAgent::Move { dx, dy });
                }
            }
        };
        let over = || {
            let (agent, last) = (Rc::clone(agent), Rc::clone(&last));
            move |_: &Event| {
                if last.take().is_some() {
                    agent.tell(&FrameToAgent::MoveEnd);
                }
            }
        };
        vec![
            listen(&self.drag, "pointerdown", down),
            listen(&self.drag, "pointermove", moved),
            listen(&self.drag, "pointerup", over()),
            listen(&self.drag, "pointercancel", over()),
        ]
    }

    fn listen_to_keys(self: &Rc<Self>, agent: &Rc<Around>) -> EventListener {
        let agent = Rc::clone(agent);
        listen(&self.drag, "keydown", move |event| {
            let Some(key) = event
                .dyn_ref::<KeyboardEvent>()
                .filter(|it| it.is_trusted())
            else {
                return;
            };
            let (dx, dy) = match key.key().as_str() {
                "ArrowLeft" => (-STEP, 0),
                "ArrowRight" => (STEP, 0),
                "ArrowUp" => (0, -STEP),
                "ArrowDown" => (0, STEP),
                _ => return,
            };
            agent.tell(&FrameToAgent::Move { dx, dy });
            agent.tell(&FrameToAgent::MoveEnd);
        })
    }
}

/// A press of the main button, by the user.
fn main_pointer(event: &Event) -> Option<&PointerEvent> {
    event
        .dyn_ref::<PointerEvent>()
        .filter(|pointer| pointer.is_trusted() && pointer.is_primary() && pointer.button() <= 0)
}
