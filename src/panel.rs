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

/// How big the panel is while it is not minimised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PanelSize {
    /// Its width.
    pub width: i32,
    /// Its height with the header.
    pub height: i32,
}

impl Default for PanelSize {
    fn default() -> Self {
        Self {
            width: WIDTH,
            height: HEIGHT,
        }
    }
}

impl PanelSize {
    /// The size nearest to what was asked for in which the widget can be used.
    pub fn within(width: i32, height: i32) -> Self {
        Self {
            width: width.clamp(240, 1_200),
            height: height.clamp(240, 1_600),
        }
    }
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
    /// Whether it is to be seen at all.
    pub shown: bool,
}

/// Returns the box for a place; it is never outside the viewport, however small that is.
///
/// The place itself stays as the user left it, so that a window made small and large again shows the
/// panel where it was.
pub fn fit(place: PanelPlace, size: PanelSize, viewport: Viewport) -> PanelBox {
    let wanted = if place.minimised { HEADER } else { size.height };
    let width = size.width.min(viewport.width - 2 * MARGIN).max(0);
    let height = wanted.min(viewport.height - 2 * MARGIN).max(0);
    PanelBox {
        right: within(place.right, viewport.width - width),
        bottom: within(place.bottom, viewport.height - height),
        width,
        height,
        shown: true,
    }
}

/// Returns the place after a move to the right and down, where the panel really stands afterwards.
pub fn moved(
    place: PanelPlace,
    dx: i32,
    dy: i32,
    size: PanelSize,
    viewport: Viewport,
) -> PanelPlace {
    let before = fit(place, size, viewport);
    let wanted = PanelPlace {
        right: before.right.saturating_sub(dx),
        bottom: before.bottom.saturating_sub(dy),
        ..place
    };
    let after = fit(wanted, size, viewport);
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
    use super::{HEADER, PanelSize, Viewport, fit, moved};
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
                        let viewport = Viewport { width, height };
                        let panel = fit(place, PanelSize::default(), viewport);
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
        let size = PanelSize::default();
        let at_edge = moved(PanelPlace::default(), 5_000, 5_000, size, LAPTOP);
        let back = moved(at_edge, -100, 0, size, LAPTOP);
        assert_eq!(back.right, at_edge.right + 100);
    }

    #[test]
    fn a_minimised_panel_is_its_header() {
        let place = PanelPlace {
            minimised: true,
            ..PanelPlace::default()
        };
        assert_eq!(fit(place, PanelSize::default(), LAPTOP).height, HEADER);
    }

    #[test]
    fn no_size_is_too_small_or_too_big_to_be_used() {
        for (width, height) in [(i32::MIN, i32::MIN), (0, 0), (i32::MAX, i32::MAX)] {
            let size = PanelSize::within(width, height);
            assert!((240..=1_200).contains(&size.width), "{size:?}");
            assert!((240..=1_600).contains(&size.height), "{size:?}");
        }
        let asked = PanelSize::within(400, 700);
        assert_eq!((asked.width, asked.height), (400, 700));
        assert_eq!(fit(PanelPlace::default(), asked, LAPTOP).width, 400);
    }
}
