//! The panel in the page: one element without a name, and all else inside its closed shadow root.

use std::rc::Rc;

use gloo_events::EventListener;
use switchboard::panel::PanelBox;
use switchboard::protocol::runtime::{AgentToFrame, FrameToAgent};
use switchboard_webext as webext;
use wasm_bindgen::JsCast as _;
use web_sys::{
    CssStyleSheet, Document, Element, HtmlIFrameElement, ShadowRootInit, ShadowRootMode,
};
use webext::{Channel, JsError};

use std::cell::RefCell;

/// What the frame may use and hand on to the widget.
///
/// Without the stars Chromium grants it to the origin in `src`, which is the address of this browser
/// session and not the origin that the frame page then has (seen in 156). Only we navigate this frame.
const ALLOW: &str = "microphone *; autoplay *; clipboard-write *";

/// The frame page's place in the package.
const FRAME_PAGE: &str = "frame/frame.html";

/// The panel; dropping it takes it out of the page.
pub(crate) struct Panel {
    host: Element,
    place: CssStyleSheet,
    channel: Rc<RefCell<Option<Channel>>>,
    _loaded: EventListener,
}

impl Panel {
    /// Puts the frame page into the page.
    pub(crate) fn mount(
        document: &Document,
        ticket: &str,
        place: PanelBox,
        minimised: bool,
        heard: impl FnMut(FrameToAgent) + 'static,
    ) -> Result<Self, JsError> {
        let host = document.create_element("div")?;
        let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Closed))?;
        let look = CssStyleSheet::new()?;
        look.replace_sync(include_str!("panel.css"))?;
        let place_sheet = CssStyleSheet::new()?;
        webext::dom::adopt(&root, &[&look, &place_sheet]);

        let frame: HtmlIFrameElement = document
            .create_element("iframe")?
            .dyn_into()
            .map_err(|_| JsError::new("an iframe is another element than expected"))?;
        frame.set_attribute("allow", ALLOW)?;
        frame.set_attribute("title", &webext::text("frame_title"))?;
        let channel = Rc::new(RefCell::new(None));
        let loaded = introduce(&frame, ticket, minimised, Rc::clone(&channel), heard);
        frame.set_attribute("src", &format!("{}#{ticket}", webext::url_of(FRAME_PAGE)))?;
        root.append_child(&frame)?;

        let panel = Self {
            host,
            place: place_sheet,
            channel,
            _loaded: loaded,
        };
        panel.place(place);
        // Beside the body: pages replace what is in theirs.
        document
            .document_element()
            .ok_or_else(|| JsError::new("the page has no root"))?
            .append_child(&panel.host)?;
        Ok(panel)
    }

    /// Gives the panel another box.
    pub(crate) fn place(&self, place: PanelBox) {
        let PanelBox {
            right,
            bottom,
            width,
            height,
        } = place;
        let rule = format!(
            ":host{{right:{right}px!important;bottom:{bottom}px!important;width:{width}px!important;height:{height}px!important}}"
        );
        // The rule is well formed, whatever the numbers are.
        drop(self.place.replace_sync(&rule));
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

/// Opens the channel as soon as the frame page is there; it listens before it has loaded.
fn introduce(
    frame: &HtmlIFrameElement,
    ticket: &str,
    minimised: bool,
    channel: Rc<RefCell<Option<Channel>>>,
    heard: impl FnMut(FrameToAgent) + 'static,
) -> EventListener {
    let ticket = ticket.to_owned();
    let target = frame.clone();
    EventListener::once(frame, "load", move |_| {
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
