//! Pictures of people: the image that stands with a name and shows whose name it is.

use switchboard_rules::pieces::{contains, cut_last, is_one_of, joined, pieces};

use super::draft::Draft;
use super::index::{Index, hash};
use super::snapshot::{PageNode, is};
use super::view::{Marks, View};
use super::words;
use crate::address::Address;
use crate::protocol::page::PageContact;

/// An image whose width or height is this many pixels or fewer is an icon.
const ICON_SIZE: usize = 16;

/// Words in the address of an image that shows nobody in particular.
const DECORATION: &str = "icon icons favicon sprite sprites flag flags spacer pixel blank \
                          placeholder default anonymous unknown nophoto";

/// Words in the address of an image that may show a company, but no person.
const LOGO: &str = "logo logos svg";

/// Returns the picture of whom a row or card is about.
///
/// It stands in a link to the record, or in one of the `parts` of `holder` that hold the name.
pub(crate) fn beside_name<'p>(
    view: &View<'p>,
    holder: PageNode<'p>,
    parts: &[Option<PageNode<'p>>],
    draft: &Draft,
) -> Option<String> {
    find(view, holder, draft, &|image, _| {
        parts.iter().flatten().any(|it| it.contains(image))
    })
}

/// Returns the picture of whom the page is about: what stands with the heading, nearest first.
pub(crate) fn beside_heading<'p>(
    view: &View<'p>,
    heading: PageNode<'p>,
    skip: &Marks,
    draft: &Draft,
) -> Option<String> {
    for holder in std::iter::once(heading).chain(heading.ancestors().take(4)) {
        // The head of the CRM shows its user.
        let head = |it: PageNode<'p>| it.tag() == "header" && !it.contains(heading);
        if holder.is(is::CARD_ENDS) || holder.size() > 80 || holder.descendants().any(head) {
            break;
        }
        // A link to anything but the record leads from a logo home.
        let found = find(view, holder, draft, &|image, linked| {
            !linked && !skip.has(image)
        });
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Returns the first picture in a link to the record, or before the name where it `fits`, told whether it is in another link.
fn find<'p>(
    view: &View<'p>,
    holder: PageNode<'p>,
    draft: &Draft,
    fits: &dyn Fn(PageNode<'p>, bool) -> bool,
) -> Option<String> {
    let name = draft.full_name()?;
    let name = pieces(&name, " ").next()?;
    let mut named = false;
    for node in holder.subtree() {
        if node.is_hidden() && !draft.hidden {
            continue;
        }
        // What follows the name is about something else: who is in charge, how things stand.
        named |= contains(node.own_text(), name);
        if node.tag() != "img" || view.furniture.has(node) {
            continue;
        }
        let mut around = node.ancestors().take_while(|it| holder.contains(*it));
        let link = around.find(|it| it.tag() == "a");
        let own = match link.and_then(|it| view.record(it)) {
            Some(record) => draft
                .link
                .as_ref()
                .is_some_and(|it| it.kind == record.kind && it.id == record.id),
            None => !named && fits(node, link.is_some()),
        };
        if own && let Some(address) = address_of(view, node, draft.organisation) {
            return Some(address);
        }
    }
    None
}

/// Returns the absolute address of what an image shows, unless it is decoration.
fn address_of(view: &View<'_>, image: PageNode<'_>, organisation: bool) -> Option<String> {
    let small = |name: &str| {
        let size = image.attribute(name).and_then(|it| it.parse().ok());
        size.is_some_and(|it: usize| it <= ICON_SIZE)
    };
    if small("width") || small("height") {
        return None;
    }
    let page = Address::parse(view.page.url())?;
    // An image that is loaded late shows a placeholder before.
    ["src", "data-src"].iter().find_map(|it| {
        let url = image.attribute(it).map(str::trim)?;
        if url.is_empty() || url.starts_with('#') {
            return None;
        }
        let url = page.join(url)?;
        // The file and its folder; those further up say what the site is, not what the image is.
        let path = Address::parse(&url)?.path;
        let (folders, file) = cut_last(path, b'/')?;
        let folder = cut_last(folders, b'/').map_or("", |(_, it)| it);
        let words = words::plain(&joined(&[folder, " ", file]));
        let decoration = pieces(&words, " ")
            .any(|it| is_one_of(it, DECORATION) || (!organisation && is_one_of(it, LOGO)));
        (!decoration).then_some(url)
    })
}

/// Takes back the pictures that several people have: they show none of them.
pub(crate) fn drop_shared(contacts: &mut [PageContact]) {
    let mut known = Index::default();
    let mut shared = Vec::new();
    for (place, contact) in (0..).zip(contacts.iter()) {
        let Some(url) = &contact.avatar else { continue };
        let hash = hash(&[url]);
        let same = |at: u32| {
            contacts
                .get(at as usize)
                .is_some_and(|it| it.avatar == contact.avatar)
        };
        match known.find(hash, &mut |at| same(at)) {
            Some(before) => shared.extend([before, place]),
            None => known.add(hash, place),
        }
    }
    for place in shared {
        if let Some(contact) = contacts.get_mut(place as usize) {
            contact.avatar = None;
        }
    }
}
