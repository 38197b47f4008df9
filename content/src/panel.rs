//! The panel in the page: one element without a name, and all else inside its closed shadow root.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use switchboard::agent::Event;
use switchboard::panel::{HEADER, PanelBox};
use switchboard::protocol::runtime::AgentToFrame;
use switchboard_webext as webext;
use wasm_bindgen::JsCast;
use web_sys::{
    CssStyleSheet, Document, Element, HtmlElement, HtmlIFrameElement, ShadowRootInit,
    ShadowRootMode,
};
use webext::{Channel, JsError};

use crate::guard::Guard;
use crate::shell::Shell;

/// What the frame may use and hand on to the widget.
///
/// Without the stars Chromium grants it to the origin in `src`, which is the address of this browser
/// session and not the origin that the frame page then has (seen in 156). Only we navigate this frame.
const ALLOW: &str = "microphone *; autoplay *; clipboard-write *";

/// The frame page's place in the package.
const FRAME_PAGE: &str = "frame/frame.html";

/// Where the panel is touched near its corners, which are round.
const INSET: f64 = 8.0;

/// The panel; dropping it takes it out of the page.
pub(crate) struct Panel {
    _guard: Guard,
    host: Element,
    /// What stands in the top layer.
    top: HtmlElement,
    place: CssStyleSheet,
    channel: Rc<RefCell<Option<Channel>>>,
    _loaded: EventListener,
}

impl Panel {
    /// Puts the frame page into the page.
    pub(crate) fn mount(
        shell: &Rc<Shell>,
        ticket: &str,
        place: PanelBox,
        minimised: bool,
    ) -> Result<Self, JsError> {
        let document = &shell.document;
        let host = document.create_element("div")?;
        let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Closed))?;
        let look = CssStyleSheet::new()?;
        look.replace_sync(include_str!("panel.css"))?;
        let place_sheet = CssStyleSheet::new()?;
        webext::dom::adopt(&root, &[&look, &place_sheet]);

        let top: HtmlElement = made(document, "div")?;
        let frame: HtmlIFrameElement = made(document, "iframe")?;
        frame.set_attribute("allow", ALLOW)?;
        frame.set_attribute("title", &webext::text("frame_title"))?;
        let channel = Rc::new(RefCell::new(None));
        let loaded = introduce(shell, &frame, ticket, minimised, Rc::clone(&channel));
        frame.set_attribute("src", &format!("{}#{ticket}", webext::url_of(FRAME_PAGE)))?;
        top.append_child(&frame)?;
        root.append_child(&top)?;

        // Beside the body: pages replace what is in theirs.
        document
            .document_element()
            .ok_or_else(|| JsError::new("the page has no root"))?
            .append_child(&host)?;
        let panel = Self {
            _guard: Guard::start(shell, &host)?,
            host,
            top,
            place: place_sheet,
            channel,
            _loaded: loaded,
        };
        panel.place(place);
        panel.raise();
        Ok(panel)
    }

    /// Gives the panel another box.
    pub(crate) fn place(&self, place: PanelBox) {
        let PanelBox {
            right,
            bottom,
            width,
            height,
            shown,
        } = place;
        let hidden = if shown {
            ""
        } else {
            ":host{display:none!important}"
        };
        let rule = format!(
            ":host,div{{right:{right}px!important;bottom:{bottom}px!important;width:{width}px!important;height:{height}px!important}}{hidden}"
        );
        // The rule is well formed, whatever the numbers are.
        drop(self.place.replace_sync(&rule));
    }

    /// Puts the panel on top of the top layer.
    fn raise(&self) {
        // It fails where it is not shown.
        drop(self.top.hide_popover());
        if self.top.set_attribute("popover", "manual").is_ok() && self.top.show_popover().is_err() {
            drop(self.top.remove_attribute("popover"));
        }
    }

    /// Raises the panel if something of the page covers it. What fills the whole screen may.
    pub(crate) fn raise_if_covered(&self, document: &Document) {
        let at = self.top.get_bounding_client_rect();
        if at.width() > 0.0 && document.fullscreen_element().is_none() {
            let middle = at.left() + at.width() / 2.0;
            let points = [
                (middle, at.top() + f64::from(HEADER) / 2.0),
                (middle, at.top() + at.height() / 2.0),
                (at.left() + INSET, at.bottom() - INSET),
                (at.right() - INSET, at.bottom() - INSET),
            ];
            if points.iter().any(|&(x, y)| self.is_covered(document, x, y)) {
                self.raise();
            }
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "lengths of a viewport, to the pixel"
    )]
    fn is_covered(&self, document: &Document, x: f64, y: f64) -> bool {
        // Outside the viewport there is nothing.
        document
            .element_from_point(x as f32, y as f32)
            .is_some_and(|found| found != self.host)
    }

    /// Tells the frame page.
    pub(crate) fn tell(&self, message: AgentToFrame) {
        if let Some(channel) = &*self.channel.borrow() {
            channel.send(&message);
        }
    }

    /// Whether a node is the panel's own.
    pub(crate) fn is_host(&self, element: &Element) -> bool {
        self.host == *element
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        self.host.remove();
    }
}

fn made<E: JsCast>(document: &Document, tag: &str) -> Result<E, JsError> {
    document
        .create_element(tag)?
        .dyn_into()
        .map_err(|_| JsError::new("an element is of another kind than expected"))
}

/// Opens the channel as soon as the frame page is there; it listens before it has loaded. A frame that
/// loads again has lost its ticket.
fn introduce(
    shell: &Rc<Shell>,
    frame: &HtmlIFrameElement,
    ticket: &str,
    minimised: bool,
    channel: Rc<RefCell<Option<Channel>>>,
) -> EventListener {
    let ticket = ticket.to_owned();
    let target = frame.clone();
    let shell = Rc::downgrade(shell);
    let loaded = Cell::new(false);
    EventListener::new(frame, "load", move |_| {
        if loaded.replace(true) {
            Shell::lost(&shell);
            return;
        }
        let shell = shell.clone();
        let heard = move |said| {
            if let Some(shell) = shell.upgrade() {
                shell.on(Event::Frame(said));
            }
        };
        if let Ok(open) = Channel::open(&target, &ticket, heard) {
            open.send(&AgentToFrame::Minimised { on: minimised });
            *channel.borrow_mut() = Some(open);
        }
    })
}

/// Takes out what an earlier copy of this script left: Firefox ends a script of a replaced extension
/// without a word, and its panel stays in the page.
pub(crate) fn remove_leftovers(document: &Document) {
    let Some(root) = document.document_element() else {
        return;
    };
    let children = root.children();
    let found: Vec<Element> = (0..children.length())
        .filter_map(|at| children.item(at))
        .filter(|child| child.tag_name() == "DIV" && !child.has_attributes() && holds_ours(child))
        .collect();
    for leftover in found {
        leftover.remove();
    }
}

fn holds_ours(element: &Element) -> bool {
    let frame = webext::dom::shadow_root_of(element)
        .and_then(|root| root.query_selector("iframe").ok().flatten());
    let source = frame.and_then(|frame| frame.get_attribute("src"));
    source.is_some_and(|source| {
        let ours =
            source.starts_with("chrome-extension://") || source.starts_with("moz-extension://");
        ours && source.contains(FRAME_PAGE)
    })
}
