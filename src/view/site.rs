//! What the popup shows of a site: which face, and what a change asks of the user.

use crate::protocol::runtime::SiteView;
use crate::protocol::stored::{Adapter, Obstacle};

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

/// What is to be loaded again before a change takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reload {
    /// The page, and the widget in it.
    Page,
    /// The widget's own window.
    Window,
}

/// Returns what must be loaded again for a change: some of it stands in the widget's address, some is told
/// the widget once when it starts, and what has been given to a page's own scripts cannot be taken back.
pub fn reload_for(before: &SiteView, after: &SiteView) -> Option<Reload> {
    let stays = before.site == after.site && before.on && after.on;
    if !stays {
        return None;
    }
    let (old, new) = (&before.global, &after.global);
    let other_start = old.widget_base != new.widget_base
        || old.client_id != new.client_id
        || old.app_server != new.app_server
        || old.widget_options != new.widget_options
        || old.log_form != new.log_form
        || old.recordings_with_token != new.recordings_with_token
        || old.attachments_with_token != new.attachments_with_token;
    let other_options = before.wish.widget_options != after.wish.widget_options;
    // Between our own frame and the window the widget moves by itself.
    let other_world =
        before.wish.adapter != after.wish.adapter && (is_pages_own(before) || is_pages_own(after));
    let api_taken = before.wish.page_api && !after.wish.page_api && may_offer_api(before);
    let in_window = after.placed == Adapter::Window;
    if other_world || api_taken || (!in_window && (other_start || other_options)) {
        Some(Reload::Page)
    } else if other_start {
        Some(Reload::Window)
    } else {
        None
    }
}

/// Returns why the widget does not stand where the user wants it; `None` where it does.
pub fn obstacle(view: &SiteView) -> Option<Obstacle> {
    if Face::of(view) != Face::On {
        None
    } else if view.wish.adapter == Adapter::Page && !view.has_page_adapter {
        Some(Obstacle::NotPackaged)
    } else {
        view.obstacle.filter(|_| view.placed != view.wish.adapter)
    }
}

/// Whether the user has, or is to have, a window of the phone to look for.
pub fn has_window(view: &SiteView) -> bool {
    view.window_open || (Face::of(view) == Face::On && is_windows(view))
}

/// How many calls the user is told of that a page has cost; 0 where there is nothing to advise.
pub fn calls_lost(view: &SiteView) -> u32 {
    let advise = Face::of(view) == Face::On && !is_windows(view);
    if advise { view.calls_lost } else { 0 }
}

/// Whether it is for the user to say that the page's own scripts may use the phone: where RingCentral's
/// script stands in the page, they do anyway.
pub fn may_offer_api(view: &SiteView) -> bool {
    !is_pages_own(view)
}

/// The choice among those of this package that shows a wish; the wish may be of another package.
pub fn shown_adapter(wish: Adapter, has_page_adapter: bool) -> Adapter {
    if wish == Adapter::Page && !has_page_adapter {
        Adapter::Isolated
    } else {
        wish
    }
}

/// Returns the wish behind a choice: one that cannot be shown stays until another is made.
pub fn wished_adapter(chosen: Adapter, before: Adapter, has_page_adapter: bool) -> Adapter {
    if chosen == shown_adapter(before, has_page_adapter) {
        before
    } else {
        chosen
    }
}

/// Returns the message key of what the switch does here, with the site's name to be filled in.
pub fn switch_hint(view: &SiteView) -> &'static str {
    match (view.on, view.wish.read_contacts, is_windows(view)) {
        (false, _, _) => "switch_hint_off",
        (true, true, false) => "switch_hint_on",
        (true, false, false) => "switch_hint_unread",
        (true, true, true) => "switch_hint_window",
        (true, false, true) => "switch_hint_window_unread",
    }
}

/// Whether the window serves this site, or is to.
fn is_windows(view: &SiteView) -> bool {
    view.placed == Adapter::Window || view.wish.adapter == Adapter::Window
}

/// Whether RingCentral's script is to stand in the page, and nothing is known to keep it out.
fn is_pages_own(view: &SiteView) -> bool {
    view.wish.adapter == Adapter::Page && obstacle(view).is_none()
}

#[cfg(test)]
mod tests {
    use super::{
        Face, Reload, calls_lost, has_window, may_offer_api, obstacle, reload_for, shown_adapter,
        switch_hint, wished_adapter,
    };
    use crate::protocol::runtime::SiteView;
    use crate::protocol::stored::{Adapter, LogForm, Obstacle};

    fn on() -> SiteView {
        SiteView {
            site: "https://crm.example".to_owned(),
            on: true,
            has_page_adapter: true,
            ..SiteView::default()
        }
    }

    /// A site where the user wants the widget in one way and has it in another.
    fn placed(wish: Adapter, placed: Adapter, obstacle: Option<Obstacle>) -> SiteView {
        let mut view = on();
        view.wish.adapter = wish;
        view.placed = placed;
        view.obstacle = obstacle;
        view
    }

    #[test]
    fn what_the_widget_learns_only_when_it_starts_needs_a_reload() {
        let before = on();
        let after = |change: fn(&mut SiteView)| {
            let mut view = before.clone();
            change(&mut view);
            reload_for(&before, &view)
        };
        let option = |view: &mut SiteView| {
            let options = &mut view.global.widget_options;
            options.insert("disableCall".to_owned(), "1".to_owned());
        };
        let own_option = |view: &mut SiteView| {
            let options = &mut view.wish.widget_options;
            options.insert("disableCall".to_owned(), "1".to_owned());
        };
        assert_eq!(after(option), Some(Reload::Page));
        assert_eq!(after(own_option), Some(Reload::Page));
        for change in [
            (|it| it.global.client_id = "x".to_owned()) as fn(&mut SiteView),
            |it| it.global.log_form = LogForm::Modal,
            |it| it.global.recordings_with_token = true,
        ] {
            assert_eq!(after(change), Some(Reload::Page));
        }
        // These it hears as they are changed.
        assert_eq!(after(|it| it.global.auto_log_calls ^= true), None);
        assert_eq!(after(|it| it.global.open_on_ring = true), None);
        assert_eq!(after(|it| it.wish.read_contacts = true), None);
        // Where there is no widget, none is loaded again.
        let off = |it: &mut SiteView| {
            it.global.client_id = "x".to_owned();
            it.on = false;
        };
        assert_eq!(after(off), None);
    }

    #[test]
    fn the_window_is_loaded_again_where_the_widget_is_there() {
        let before = placed(Adapter::Window, Adapter::Window, None);
        let mut after = before.clone();
        after.global.client_id = "x".to_owned();
        assert_eq!(reload_for(&before, &after), Some(Reload::Window));
        // What is said of one site is not said of the window.
        let mut after = before.clone();
        after
            .wish
            .widget_options
            .insert("disableCall".to_owned(), "1".to_owned());
        assert_eq!(reload_for(&before, &after), None);
    }

    #[test]
    fn only_the_pages_own_script_needs_a_reload_to_come_and_to_go() {
        use Adapter::{Isolated, Page, Window};
        for (from, to, reload) in [
            (Isolated, Window, None),
            (Window, Isolated, None),
            (Isolated, Page, Some(Reload::Page)),
            (Page, Isolated, Some(Reload::Page)),
            (Window, Page, Some(Reload::Page)),
            (Page, Window, Some(Reload::Page)),
        ] {
            let (before, after) = (placed(from, from, None), placed(to, from, None));
            assert_eq!(reload_for(&before, &after), reload, "{from:?} {to:?}");
        }
        // A script that the page refused never came.
        let before = placed(Page, Isolated, Some(Obstacle::Script));
        let after = placed(Isolated, Isolated, None);
        assert_eq!(reload_for(&before, &after), None);
    }

    #[test]
    fn what_a_pages_scripts_have_stays_until_the_page_goes() {
        let without = placed(Adapter::Isolated, Adapter::Isolated, None);
        let mut with = without.clone();
        with.wish.page_api = true;
        assert_eq!(reload_for(&without, &with), None);
        assert_eq!(reload_for(&with, &without), Some(Reload::Page));
        // With RingCentral's script they have it anyway.
        let without = placed(Adapter::Page, Adapter::Page, None);
        let mut with = without.clone();
        with.wish.page_api = true;
        assert_eq!(reload_for(&with, &without), None);
    }

    #[test]
    fn an_obstacle_is_told_where_the_widget_is_not_where_the_user_wants_it() {
        use Adapter::{Isolated, Page, Window};
        let told = |wish, there, met| obstacle(&placed(wish, there, met));
        let microphone = Some(Obstacle::Microphone);
        assert_eq!(told(Isolated, Window, microphone), microphone);
        assert_eq!(told(Window, Window, microphone), None);
        assert_eq!(told(Isolated, Isolated, None), None);
        let script = Some(Obstacle::Script);
        assert_eq!(told(Page, Isolated, script), script);
        let mut off = placed(Isolated, Window, microphone);
        off.on = false;
        assert_eq!(obstacle(&off), None);
        // A wish of another package, whatever the page has said.
        let mut store = placed(Page, Isolated, None);
        store.has_page_adapter = false;
        assert_eq!(obstacle(&store), Some(Obstacle::NotPackaged));
    }

    #[test]
    fn the_window_can_be_shown_where_it_is_open_or_the_phone_is_to_be_in_it() {
        let mut view = on();
        assert!(!has_window(&view));
        view.wish.adapter = Adapter::Window;
        assert!(has_window(&view));
        view.on = false;
        assert!(!has_window(&view));
        view.window_open = true;
        assert!(has_window(&view));
        assert!(has_window(&placed(
            Adapter::Isolated,
            Adapter::Window,
            Some(Obstacle::Embedder)
        )));
    }

    #[test]
    fn the_switch_says_where_the_phone_is() {
        let mut view = placed(Adapter::Isolated, Adapter::Isolated, None);
        view.wish.read_contacts = true;
        assert_eq!(switch_hint(&view), "switch_hint_on");
        view.placed = Adapter::Window;
        assert_eq!(switch_hint(&view), "switch_hint_window");
        view.wish.read_contacts = false;
        assert_eq!(switch_hint(&view), "switch_hint_window_unread");
        view.on = false;
        assert_eq!(switch_hint(&view), "switch_hint_off");
    }

    #[test]
    fn the_window_is_advised_only_where_it_does_not_serve() {
        let mut view = on();
        assert_eq!(calls_lost(&view), 0);
        view.calls_lost = 2;
        assert_eq!(calls_lost(&view), 2);
        view.window_open = true;
        assert_eq!(calls_lost(&view), 2);
        view.wish.adapter = Adapter::Window;
        assert_eq!(calls_lost(&view), 0);
        view.wish.adapter = Adapter::Isolated;
        view.on = false;
        assert_eq!(calls_lost(&view), 0);
    }

    #[test]
    fn the_pages_scripts_are_the_users_choice_but_with_their_own_adapter() {
        let script = Some(Obstacle::Script);
        for (wish, there, met, choice) in [
            (Adapter::Isolated, Adapter::Isolated, None, true),
            (Adapter::Window, Adapter::Window, None, true),
            (Adapter::Page, Adapter::Page, None, false),
            (Adapter::Page, Adapter::Isolated, script, true),
        ] {
            assert_eq!(may_offer_api(&placed(wish, there, met)), choice, "{wish:?}");
        }
    }

    #[test]
    fn a_wish_that_this_package_cannot_show_is_kept_until_another_is_made() {
        use Adapter::{Isolated, Page, Window};
        assert_eq!(shown_adapter(Page, true), Page);
        assert_eq!(shown_adapter(Page, false), Isolated);
        assert_eq!(wished_adapter(Isolated, Page, false), Page);
        assert_eq!(wished_adapter(Window, Page, false), Window);
        assert_eq!(wished_adapter(Isolated, Page, true), Isolated);
        assert_eq!(wished_adapter(Isolated, Window, false), Isolated);
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
