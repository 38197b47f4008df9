//! Where the widget stands in a page: as the user wants it, or as the page lets it.

use crate::protocol::runtime::PageFacts;
use crate::protocol::stored::{Adapter, Obstacle};

/// Where the widget stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// How it is put in.
    pub adapter: Adapter,
    /// Why not as the user wants it.
    pub obstacle: Option<Obstacle>,
}

/// Returns where the widget is to stand in a page.
///
/// `met` is what kept it out of a page of this site before. What forbids every frame, or the microphone in
/// every frame, leaves the window; what forbids RingCentral's script leaves our own frame.
pub fn of(
    wish: Adapter,
    page: PageFacts,
    met: Option<Obstacle>,
    has_page_adapter: bool,
) -> Placement {
    if wish == Adapter::Window {
        return Placement {
            adapter: wish,
            obstacle: None,
        };
    }
    let told = if page.no_microphone {
        Some(Obstacle::Microphone)
    } else if page.isolated {
        Some(Obstacle::Embedder)
    } else {
        met.filter(|it| leaves_window(*it))
    };
    if told.is_some() {
        return Placement {
            adapter: Adapter::Window,
            obstacle: told,
        };
    }
    let refused = if has_page_adapter {
        met
    } else {
        Some(Obstacle::NotPackaged)
    };
    match (wish, refused) {
        (Adapter::Page, Some(obstacle)) => Placement {
            adapter: Adapter::Isolated,
            obstacle: Some(obstacle),
        },
        _ => Placement {
            adapter: wish,
            obstacle: None,
        },
    }
}

/// Whether an obstacle leaves nothing but the window.
pub fn leaves_window(obstacle: Obstacle) -> bool {
    match obstacle {
        Obstacle::Microphone | Obstacle::Embedder | Obstacle::Removed | Obstacle::Silent => true,
        Obstacle::Script | Obstacle::Frame | Obstacle::NotPackaged => false,
    }
}

/// Whether an obstacle that one page showed is expected of every page of its site. The microphone is not:
/// each page says it by itself, before anything is put in.
pub fn holds_on_site(obstacle: Obstacle) -> bool {
    !matches!(obstacle, Obstacle::Microphone | Obstacle::NotPackaged)
}

#[cfg(test)]
mod tests {
    use super::{Placement, of};
    use crate::protocol::runtime::PageFacts;
    use crate::protocol::stored::Adapter::{self, Isolated, Page, Window};
    use crate::protocol::stored::Obstacle::{
        self, Embedder, Frame, Microphone, NotPackaged, Removed, Script, Silent,
    };

    const PLAIN: PageFacts = PageFacts {
        translated: false,
        no_microphone: false,
        isolated: false,
    };
    const MUTE: PageFacts = PageFacts {
        no_microphone: true,
        ..PLAIN
    };
    const ALONE: PageFacts = PageFacts {
        isolated: true,
        ..PLAIN
    };

    #[test]
    fn the_page_decides_where_the_user_cannot() {
        type Case = (Adapter, PageFacts, Option<Obstacle>, bool);
        let cases: [(Case, (Adapter, Option<Obstacle>)); 16] = [
            ((Isolated, PLAIN, None, true), (Isolated, None)),
            ((Page, PLAIN, None, true), (Page, None)),
            ((Window, PLAIN, None, true), (Window, None)),
            ((Isolated, MUTE, None, true), (Window, Some(Microphone))),
            ((Page, MUTE, None, true), (Window, Some(Microphone))),
            ((Isolated, ALONE, None, true), (Window, Some(Embedder))),
            ((Page, ALONE, None, true), (Window, Some(Embedder))),
            // Whoever wants the window need not be told why there is one.
            ((Window, MUTE, Some(Embedder), true), (Window, None)),
            (
                (Isolated, PLAIN, Some(Embedder), true),
                (Window, Some(Embedder)),
            ),
            (
                (Isolated, PLAIN, Some(Removed), true),
                (Window, Some(Removed)),
            ),
            ((Page, PLAIN, Some(Silent), true), (Window, Some(Silent))),
            ((Page, PLAIN, Some(Script), true), (Isolated, Some(Script))),
            ((Page, PLAIN, Some(Frame), true), (Isolated, Some(Frame))),
            // What kept RingCentral's script out is no obstacle to our frame.
            ((Isolated, PLAIN, Some(Script), true), (Isolated, None)),
            ((Page, PLAIN, None, false), (Isolated, Some(NotPackaged))),
            ((Isolated, PLAIN, None, false), (Isolated, None)),
        ];
        for ((wish, page, met, packaged), (adapter, obstacle)) in cases {
            assert_eq!(
                of(wish, page, met, packaged),
                Placement { adapter, obstacle },
                "{wish:?} {page:?} {met:?} {packaged}"
            );
        }
    }
}
