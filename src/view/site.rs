//! Which face the popup shows for a site.

use crate::protocol::runtime::SiteView;

/// Which face the popup shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Switchboard cannot work on this page.
    Unsupported,
    /// It could, and is not on.
    Off,
    /// It is on.
    On,
}

impl Face {
    /// Returns the face for what the worker says.
    pub fn of(view: &SiteView) -> Self {
        if view.site.is_empty() {
            Self::Unsupported
        } else if view.on {
            Self::On
        } else {
            Self::Off
        }
    }

    /// Returns its word for the `data-face` attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unsupported => "unsupported",
            Self::Off => "off",
            Self::On => "on",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Face;
    use crate::protocol::runtime::SiteView;

    #[test]
    fn a_page_without_a_site_is_never_on() {
        let mut view = SiteView {
            on: true,
            ..SiteView::default()
        };
        assert_eq!(Face::of(&view), Face::Unsupported);
        view.site = "https://crm.example".to_owned();
        assert_eq!(Face::of(&view), Face::On);
        view.on = false;
        assert_eq!(Face::of(&view), Face::Off);
    }
}
