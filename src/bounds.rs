//! When the place of the widget's own window is worth keeping.

use crate::protocol::stored::WindowPlace;

/// A window smaller than this, in CSS pixels, is none that anybody works with: a minimised window says
/// something like it of itself.
const SMALLEST: i32 = 120;

/// Where Windows puts minimised windows, and a little nearer.
const OFF_SCREEN: i32 = -30_000;

/// The place of one window. There is no event for its being moved, so it is looked at now and then.
#[derive(Clone, Debug, Default)]
pub struct Bounds {
    kept: Option<WindowPlace>,
}

impl Bounds {
    /// A window that stands where it was opened.
    pub fn of(opened: Option<WindowPlace>) -> Self {
        Self { kept: opened }
    }

    /// Returns the place that is to be kept from now on, if it is another one.
    pub fn look(&mut self, now: Option<WindowPlace>) -> Option<WindowPlace> {
        let place = now.filter(|it| is_seen(*it) && self.kept != Some(*it))?;
        self.kept = Some(place);
        Some(place)
    }
}

fn is_seen(place: WindowPlace) -> bool {
    place.width >= SMALLEST
        && place.height >= SMALLEST
        && place.left > OFF_SCREEN
        && place.top > OFF_SCREEN
}

#[cfg(test)]
mod tests {
    use super::Bounds;
    use crate::protocol::stored::WindowPlace;

    fn place(left: i32, width: i32) -> WindowPlace {
        WindowPlace {
            left,
            top: 80,
            width,
            height: 620,
        }
    }

    #[test]
    fn a_place_is_kept_once_for_each_move() {
        let mut bounds = Bounds::of(Some(place(900, 360)));
        assert_eq!(bounds.look(Some(place(900, 360))), None);
        assert_eq!(bounds.look(Some(place(-400, 360))), Some(place(-400, 360)));
        assert_eq!(bounds.look(Some(place(-400, 360))), None);
        assert_eq!(bounds.look(Some(place(-400, 500))), Some(place(-400, 500)));
    }

    #[test]
    fn a_minimised_window_leaves_the_place_as_it_was() {
        let mut bounds = Bounds::of(Some(place(900, 360)));
        assert_eq!(bounds.look(Some(place(-32_000, 360))), None);
        assert_eq!(bounds.look(Some(place(900, 0))), None);
        assert_eq!(bounds.look(None), None);
        assert_eq!(bounds.look(Some(place(900, 360))), None);
    }
}
