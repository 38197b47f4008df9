//! Who speaks to the worker.
//!
//! A role follows from what the browser says of the sender, never from the message.

use crate::address::Address;
use crate::protocol::stored::{FrameId, SiteId};
use crate::sites;

/// What the browser says of a sender.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    /// The address of the document that spoke.
    pub url: String,
    /// Its tab, if it stands in one.
    pub tab: Option<i32>,
    /// Its frame in that tab; 0 is the top document.
    pub frame: Option<FrameId>,
}

/// Who a sender is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// The page agent of a site's page.
    Agent {
        /// The tab.
        tab: i32,
        /// The site that the page belongs to.
        site: SiteId,
        /// The page's address.
        url: String,
    },
    /// A frame page; which site it serves stands with its admission. In a page it is a frame; the one of the
    /// window, which no page may load, is the whole of its tab (frame 0).
    Frame {
        /// The tab.
        tab: i32,
        /// The frame.
        frame: FrameId,
    },
    /// The popup, or its page in a tab.
    Popup,
    /// The log book.
    Book,
}

/// Returns the role of a sender; `None` for one that may not ask anything.
///
/// `own` holds the origins of the extension's own pages. There can be two: Chromium serves the frame page
/// under an address of this browser session.
pub fn role_of(sender: &Sender, own: &[String]) -> Option<Role> {
    let path = own
        .iter()
        .find_map(|origin| sender.url.strip_prefix(origin.as_str()))
        .filter(|path| path.starts_with('/'));
    let Some(path) = path else {
        return agent_of(sender);
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    match path {
        "/frame/frame.html" => Some(Role::Frame {
            tab: sender.tab?,
            frame: sender.frame.filter(|it| *it != 0)?,
        }),
        "/frame/window.html" => Some(Role::Frame {
            tab: sender.tab?,
            frame: sender.frame.filter(|it| *it == 0)?,
        }),
        "/popup/popup.html" => Some(Role::Popup),
        "/book/book.html" => Some(Role::Book),
        _ => None,
    }
}

/// A page agent stands in the top document of a web page, and nowhere else.
fn agent_of(sender: &Sender) -> Option<Role> {
    Address::parse(&sender.url)?;
    if sender.frame != Some(0) {
        return None;
    }
    Some(Role::Agent {
        tab: sender.tab?,
        site: sites::site_id(&sender.url),
        url: sender.url.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Role, Sender, role_of};

    fn role(url: &str, tab: Option<i32>, frame: Option<i64>) -> Option<Role> {
        let own = ["chrome-extension://abc".to_owned()];
        role_of(
            &Sender {
                url: url.to_owned(),
                tab,
                frame,
            },
            &own,
        )
    }

    #[test]
    fn a_page_in_the_top_frame_is_the_agent_of_its_own_site() {
        assert_eq!(
            role("https://crm.example/a?b#c", Some(3), Some(0)),
            Some(Role::Agent {
                tab: 3,
                site: "https://crm.example".to_owned(),
                url: "https://crm.example/a?b#c".to_owned()
            })
        );
    }

    #[test]
    fn nobody_else_is_an_agent() {
        assert_eq!(role("https://crm.example/", Some(3), Some(7)), None);
        assert_eq!(role("https://crm.example/", None, Some(0)), None);
        assert_eq!(role("file:///etc/passwd", Some(3), Some(0)), None);
    }

    #[test]
    fn own_pages_are_known_by_their_path_alone() {
        let frame = "chrome-extension://abc/frame/frame.html#ticket";
        assert_eq!(
            role(frame, Some(1), Some(9)),
            Some(Role::Frame { tab: 1, frame: 9 })
        );
        assert_eq!(role(frame, Some(1), Some(0)), None);
        let window = "chrome-extension://abc/frame/window.html#ticket";
        assert_eq!(
            role(window, Some(1), Some(0)),
            Some(Role::Frame { tab: 1, frame: 0 })
        );
        assert_eq!(role(window, Some(1), Some(9)), None);
        assert_eq!(
            role("chrome-extension://abc/popup/popup.html?site=x", None, None),
            Some(Role::Popup)
        );
        assert_eq!(
            role("chrome-extension://abcd/popup/popup.html", None, None),
            None
        );
        assert_eq!(role("chrome-extension://abc/other.html", None, None), None);
    }
}
