//! What the popup shows of a site: which face, and what a change asks of the user.

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

/// Whether what was changed takes effect only when the page, and the widget in it, is loaded again: what
/// stands in the widget's address, and what it is told once when it starts.
pub fn needs_reload(before: &SiteView, after: &SiteView) -> bool {
    let (old, new) = (&before.global, &after.global);
    let stays = before.site == after.site && before.on && after.on;
    stays
        && (old.widget_base != new.widget_base
            || old.client_id != new.client_id
            || old.app_server != new.app_server
            || old.widget_options != new.widget_options
            || old.log_form != new.log_form
            || old.recordings_with_token != new.recordings_with_token
            || old.attachments_with_token != new.attachments_with_token
            || before.wish.adapter != after.wish.adapter
            || before.wish.widget_options != after.wish.widget_options)
}

#[cfg(test)]
mod tests {
    use super::{Face, needs_reload};
    use crate::protocol::runtime::SiteView;
    use crate::protocol::stored::{Adapter, LogForm};

    #[test]
    fn what_the_widget_learns_only_when_it_starts_needs_a_reload() {
        let before = SiteView {
            site: "https://crm.example".to_owned(),
            on: true,
            ..SiteView::default()
        };
        let after = |change: fn(&mut SiteView)| {
            let mut view = before.clone();
            change(&mut view);
            needs_reload(&before, &view)
        };
        let option = |view: &mut SiteView| {
            let options = &mut view.global.widget_options;
            options.insert("disableCall".to_owned(), "1".to_owned());
        };
        assert!(after(option));
        assert!(after(|it| it.global.client_id = "x".to_owned()));
        assert!(after(|it| it.global.log_form = LogForm::Modal));
        assert!(after(|it| it.global.recordings_with_token = true));
        assert!(after(|it| it.wish.adapter = Adapter::Page));
        // These it hears as they are changed.
        assert!(!after(|it| it.global.auto_log_calls ^= true));
        assert!(!after(|it| it.global.open_on_ring = true));
        assert!(!after(|it| it.wish.read_contacts = true));
        // Where there is no widget, none is loaded again.
        assert!(!after(|it| {
            it.global.client_id = "x".to_owned();
            it.on = false;
        }));
    }

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
