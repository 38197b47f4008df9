//! Pictures of people: the image that stands with a name and shows whose name it is.

use switchboard_rules::pieces::{before, contains, cut_last, is_one_of, pieces};

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

/// Returns the picture of whom the page is about: what stands with the heading, nearest first.
pub(crate) fn beside_heading<'p>(
    view: &View<'p>,
    heading: PageNode<'p>,
    skip: &Marks,
    draft: &Draft,
) -> Option<String> {
    let mut holder = heading;
    for _ in 0..5 {
        // The head of the CRM shows its user.
        let head = |it: PageNode<'p>| it.tag() == "header" && !it.contains(heading);
        if holder.is(is::CARD_ENDS) || holder.size() > 80 || holder.descendants().any(head) {
            break;
        }
        let found = beside_name(view, holder, &[Some(holder)], Some(skip), draft);
        if found.is_some() {
            return found;
        }
        holder = holder.parent()?;
    }
    None
}

/// Returns the picture of whom a row, card or heading is about.
///
/// It stands in a link to the record, or before the name in one of the `parts` of `holder`.
/// With `skip` it is in none of these and in no other link: such a one leads from a logo home.
#[inline(never)]
pub(crate) fn beside_name<'p>(
    view: &View<'p>,
    holder: PageNode<'p>,
    parts: &[Option<PageNode<'p>>],
    skip: Option<&Marks>,
    draft: &Draft,
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
        let shows = match link.and_then(|it| view.record(it)) {
            Some(record) => draft.link.as_ref().is_some_and(|it| it.is_same(record)),
            None => {
                !named
                    && parts.iter().flatten().any(|it| it.contains(node))
                    && skip.is_none_or(|it| link.is_none() && !it.has(node))
            }
        };
        if shows && let Some(address) = address_of(view, node, draft.organisation) {
            return Some(address);
        }
    }
    None
}

/// Returns the absolute address of what an image shows, unless it is decoration.
fn address_of(view: &View<'_>, image: PageNode<'_>, organisation: bool) -> Option<String> {
    for name in ["width", "height"] {
        let size = image.attribute(name).and_then(|it| it.parse().ok());
        if size.is_some_and(|it: usize| it <= ICON_SIZE) {
            return None;
        }
    }
    let page = Address::parse(view.page.url())?;
    // An image that is loaded late shows a placeholder before.
    for name in ["src", "data-src"] {
        let link = image.attribute(name).unwrap_or("").trim();
        // What begins with "#" is the page itself.
        if !before(link, "#").is_empty()
            && let Some(url) = page.join(link)
            && !is_decoration(&url, organisation)
        {
            return Some(url);
        }
    }
    None
}

/// Returns whether an address tells that its image shows nobody.
fn is_decoration(url: &str, organisation: bool) -> bool {
    // The file and its folder; those further up say what the site is, not what the image is.
    let path = before(url, "?#");
    let (folders, _) = cut_last(path, b'/').unwrap_or_default();
    let from = cut_last(folders, b'/').map_or(0, |(above, _)| above.len());
    let words = words::plain(path.get(from..).unwrap_or(""));
    pieces(&words, " ")
        .any(|it| is_one_of(it, DECORATION) || (!organisation && is_one_of(it, LOGO)))
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
