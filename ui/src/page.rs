//! What lives as long as the page.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use switchboard_webext::{JsError, on_news, on_settings_changed};
use web_sys::EventTarget;

use crate::find::listen;

thread_local! {
    static HELD: RefCell<Vec<Box<dyn Any>>> = const { RefCell::new(Vec::new()) };
}

/// Keeps a listener, or whatever else owns one, until the page is closed.
pub fn hold(owner: impl Any) {
    HELD.with_borrow_mut(|held| held.push(Box::new(owner)));
}

/// Calls back with the page's own object on an event, as long as the page lives.
pub fn on<P: 'static>(
    page: &Rc<P>,
    target: &EventTarget,
    event: &'static str,
    act: impl Fn(&Rc<P>) + 'static,
) {
    let page = Rc::clone(page);
    hold(listen(target, event, move |_| act(&page)));
}

/// Calls back when the settings have changed or something new is stored, as long as the page lives.
///
/// # Errors
/// The browser's.
pub fn on_change<P: 'static>(page: &Rc<P>, act: fn(&Rc<P>)) -> Result<(), JsError> {
    let settings = Rc::clone(page);
    hold(on_settings_changed(move || act(&settings)));
    let news = Rc::clone(page);
    hold(on_news(move || act(&news))?);
    Ok(())
}
