//! Where the panel stands in the page, and how big it is.
//!
//! All lengths are CSS pixels.

use crate::protocol::stored::PanelPlace;

/// The size the widget is made for, with our header above it.
pub const WIDTH: i32 = 320;
/// See [`WIDTH`].
pub const HEIGHT: i32 = 560;
/// The header, which is all that a minimised panel shows.
pub const HEADER: i32 = 40;
/// Kept free at each edge of the viewport.
const MARGIN: i32 = 8;

/// The visible part of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewport {
    /// Its width.
    pub width: i32,
    /// Its height.
    pub height: i32,
}

/// The panel's box: distances from the right and lower edge of the viewport, and its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PanelBox {
    /// From the right edge.
    pub right: i32,
    /// From the lower edge.
    pub bottom: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

/// Returns the box for a place; it is never outside the viewport, however small that is.
///
/// The place itself stays as the user left it, so that a window made small and large again shows the
/// panel where it was.
pub fn fit(place: PanelPlace, viewport: Viewport) -> PanelBox {
    let wanted = if place.minimised { HEADER } else { HEIGHT };
    let width = WIDTH.min(viewport.width - 2 * MARGIN).max(0);
    let height = wanted.min(viewport.height - 2 * MARGIN).max(0);
    PanelBox {
        right: within(place.right, viewport.width - width),
        bottom: within(place.bottom, viewport.height - height),
        width,
        height,
    }
}

/// Returns the place after a move to the right and down, where the panel really stands afterwards.
pub fn moved(place: PanelPlace, dx: i32, dy: i32, viewport: Viewport) -> PanelPlace {
    let before = fit(place, viewport);
    let wanted = PanelPlace {
        right: before.right.saturating_sub(dx),
        bottom: before.bottom.saturating_sub(dy),
        ..place
    };
    let after = fit(wanted, viewport);
    PanelPlace {
        right: after.right,
        bottom: after.bottom,
        ..place
    }
}

fn within(distance: i32, free: i32) -> i32 {
    let most = (free - MARGIN).max(0);
    distance.clamp(MARGIN.min(most), most)
}

#[cfg(test)]
mod tests {
    use super::{HEADER, Viewport, fit, moved};
    use crate::protocol::stored::PanelPlace;

    const LAPTOP: Viewport = Viewport {
        width: 1366,
        height: 700,
    };

    #[test]
    fn the_panel_is_inside_every_viewport() {
        for width in [0, 10, 200, 336, 800, 4000] {
            for height in [0, 10, 50, 300, 576, 3000] {
                for (right, bottom) in [(-500, -500), (0, 0), (24, 24), (9000, 9000)] {
                    for minimised in [false, true] {
                        let place = PanelPlace {
                            right,
                            bottom,
                            minimised,
                        };
                        let panel = fit(place, Viewport { width, height });
                        assert!(panel.right >= 0 && panel.bottom >= 0, "{panel:?}");
                        assert!(
                            panel.right + panel.width <= width.max(0),
                            "{panel:?} {width}"
                        );
                        assert!(
                            panel.bottom + panel.height <= height.max(0),
                            "{panel:?} {height}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_move_past_the_edge_stops_there_and_the_way_back_is_not_lost() {
        let at_edge = moved(PanelPlace::default(), 5_000, 5_000, LAPTOP);
        let back = moved(at_edge, -100, 0, LAPTOP);
        assert_eq!(back.right, at_edge.right + 100);
    }

    #[test]
    fn a_minimised_panel_is_its_header() {
        let place = PanelPlace {
            minimised: true,
            ..PanelPlace::default()
        };
        assert_eq!(fit(place, LAPTOP).height, HEADER);
    }
}
