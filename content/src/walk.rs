//! From the live page to a snapshot, in slices: no task of ours may make the page stutter.

use switchboard::reader::snapshot::{
    Snapshot, SnapshotBuilder, wants_attribute, wants_element, wants_subtree,
};
use switchboard_webext as webext;
use wasm_bindgen::JsCast as _;
use web_sys::{
    Document, Element, HtmlInputElement, HtmlSelectElement, HtmlSlotElement, HtmlTextAreaElement,
    Node, NodeList,
};

/// How long one slice may take, in milliseconds.
const SLICE_MS: f64 = 10.0;
/// How many nodes are walked between two looks at the clock.
const BETWEEN_LOOKS: u32 = 64;
/// A page with more nodes than this is read up to here.
const MOST_NODES: u32 = 400_000;

/// What is still to be done, the next thing last.
enum Step {
    Enter(Node),
    Leave,
}

/// The scripts that hold linked data: what the page states for machines.
const LINKED_DATA: &str = "script[type='application/ld+json']";

/// Returns the page as it is now, or nothing if it is not to be read any more. `skip` says which element
/// is our own, `stopped` whether the reading was given up.
pub(crate) async fn snapshot(
    document: &Document,
    skip: impl Fn(&Element) -> bool,
    stopped: impl Fn() -> bool,
) -> Option<Snapshot> {
    let url = document
        .location()
        .and_then(|location| location.href().ok())
        .unwrap_or_default();
    let root = document.document_element();
    let language = root.as_ref().and_then(|root| root.get_attribute("lang"));
    let title = document.title();
    let mut page = SnapshotBuilder::new(&url, &title, &language.unwrap_or_default());
    if let Ok(scripts) = document.query_selector_all(LINKED_DATA) {
        for at in 0..scripts.length() {
            let text = scripts.get(at).and_then(|it| it.text_content());
            page.linked_data(text.unwrap_or_default());
        }
    }
    let mut steps: Vec<Step> = root
        .into_iter()
        .map(|root| Step::Enter(root.into()))
        .collect();
    let mut walked = 0;
    let mut slice_ends = js_sys::Date::now() + SLICE_MS;
    while let Some(step) = steps.pop() {
        match step {
            Step::Enter(node) => enter(&node, &mut page, &mut steps, &skip),
            Step::Leave => {
                page.close();
            }
        }
        walked += 1;
        if walked >= MOST_NODES {
            break;
        }
        if walked % BETWEEN_LOOKS == 0 && js_sys::Date::now() >= slice_ends {
            webext::sleep(0).await;
            if stopped() {
                return None;
            }
            slice_ends = js_sys::Date::now() + SLICE_MS;
        }
    }
    Some(page.finish())
}

fn enter(
    node: &Node,
    page: &mut SnapshotBuilder,
    steps: &mut Vec<Step>,
    skip: &impl Fn(&Element) -> bool,
) {
    if node.node_type() == Node::TEXT_NODE {
        page.text(&node.node_value().unwrap_or_default());
        return;
    }
    let Some(element) = node.dyn_ref::<Element>() else {
        return;
    };
    let tag = element.local_name();
    if !wants_element(&tag) || skip(element) {
        return;
    }
    page.open(&tag, !webext::dom::is_displayed(element));
    if tag == "input"
        && let Some(input) = element.dyn_ref::<HtmlInputElement>()
        && input.checked()
    {
        page.ticked();
    }
    let attributes = element.attributes();
    for at in 0..attributes.length() {
        if let Some(attribute) = attributes.item(at) {
            let name = attribute.name();
            if wants_attribute(&name) {
                page.attribute(&name, &attribute.value());
            }
        }
    }
    if let Some(value) = value_of(element) {
        page.value(&value);
    }
    steps.push(Step::Leave);
    if wants_subtree(&tag) {
        push_children(element, &tag, steps);
    }
}

/// The children as they are displayed: a shadow root in place of the element's own, and in a slot what
/// was assigned to it.
fn push_children(element: &Element, tag: &str, steps: &mut Vec<Step>) {
    if tag == "slot"
        && let Some(slot) = element.dyn_ref::<HtmlSlotElement>()
    {
        let assigned = slot.assigned_nodes();
        if assigned.length() > 0 {
            let nodes = assigned.iter().filter_map(|it| it.dyn_into::<Node>().ok());
            let nodes: Vec<Node> = nodes.collect();
            steps.extend(nodes.into_iter().rev().map(Step::Enter));
            return;
        }
    }
    // Only custom elements are asked for a closed root: asking costs a call into the browser.
    let shadow = if tag.contains('-') {
        webext::dom::shadow_root_of(element)
    } else {
        element.shadow_root()
    };
    push_list(
        &shadow.map_or_else(|| element.child_nodes(), |root| root.child_nodes()),
        steps,
    );
}

fn push_list(list: &NodeList, steps: &mut Vec<Step>) {
    for at in (0..list.length()).rev() {
        if let Some(node) = list.get(at) {
            steps.push(Step::Enter(node));
        }
    }
}

/// The value of a form control as the user sees it; never a password.
fn value_of(element: &Element) -> Option<String> {
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        let shown = matches!(
            input.type_().as_str(),
            "text" | "tel" | "email" | "url" | "search" | "number" | "date"
        );
        return shown.then(|| input.value());
    }
    if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
        return Some(area.value());
    }
    let select = element.dyn_ref::<HtmlSelectElement>()?;
    let chosen = u32::try_from(select.selected_index()).ok()?;
    let option = select.options().item(chosen)?;
    Some(option.text_content().unwrap_or_default())
}
