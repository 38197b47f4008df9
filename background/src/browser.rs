//! The browser, as the service uses it.

use std::cell::RefCell;

use js_sys::Function;
use serde_json::json;
use switchboard::protocol::runtime::FromBackground;
use switchboard::protocol::stored::{FrameId, Media, MediaState, Millis, WindowPlace};
use switchboard::service::ports::{Browser, MediaLimits, Registered};
use switchboard::widget_address;
use switchboard_webext as webext;
use webext::scripting::Registration;
use webext::{media, permissions, scripting, tabs, windows};

use crate::store::BrowserStore;

/// The packaged script that offers the page `window.RCAdapter`.
const PAGE_API: &str = "content/adapter.js";

/// The packaged functions that run in a page's own world.
pub(crate) struct Injector {
    /// Adds a script tag.
    pub(crate) add: Function,
    /// Takes RingCentral's adapter out.
    pub(crate) dispose: Function,
}

thread_local! {
    static INJECTOR: RefCell<Option<Injector>> = const { RefCell::new(None) };
}

pub(crate) fn use_injector(injector: Injector) {
    INJECTOR.with(|slot| *slot.borrow_mut() = Some(injector));
}

/// Runs one of them; `None` where the package comes without them, or the page is gone.
async fn run_packaged(
    tab: i32,
    which: fn(&Injector) -> Function,
    arguments: &[&str],
) -> Option<bool> {
    let function = INJECTOR.with(|slot| slot.borrow().as_ref().map(which))?;
    scripting::run_in_page(tab, &function, arguments).await.ok()
}

/// The browser itself.
#[derive(Default)]
pub(crate) struct BrowserShell {
    /// Files go into the records' own database.
    pub(crate) store: BrowserStore,
}

impl Browser for BrowserShell {
    async fn granted(&self) -> Vec<String> {
        permissions::granted().await.unwrap_or_default()
    }

    async fn release(&self, pattern: &str) {
        if permissions::remove(pattern).await.is_err() {
            webext::panics::report("the browser did not take a permission back");
        }
    }

    async fn registered(&self) -> Vec<Registered> {
        let scripts = scripting::registered().await.unwrap_or_default();
        scripts
            .into_iter()
            .map(|script| Registered {
                id: script.id,
                patterns: script.matches,
            })
            .collect()
    }

    async fn register(&self, script: &Registered) {
        let registration = Registration {
            id: script.id.clone(),
            matches: script.patterns.clone(),
        };
        if scripting::register(&registration).await.is_err() {
            webext::panics::report("the browser did not register the content script");
        }
    }

    async fn unregister(&self, id: &str) {
        if scripting::unregister(id).await.is_err() {
            webext::panics::report("the browser did not remove a content script");
        }
    }

    async fn start_in_open_tabs(&self, pattern: &str) {
        for tab in tabs::matching(pattern).await.unwrap_or_default() {
            // A tab can show an error page, or be gone; the next load of the page starts the agent.
            drop(scripting::inject(tab.id).await);
        }
    }

    async fn add_script(&self, tab: i32, src: &str) -> bool {
        run_packaged(tab, |injector| injector.add.clone(), &[src])
            .await
            .unwrap_or(false)
    }

    async fn post(&self, tab: i32, frame: FrameId, messages: &[String]) -> bool {
        let message = FromBackground::Post {
            messages: messages.to_vec(),
        };
        tabs::tell(tab, frame, &message).await.is_ok()
    }

    async fn tell_frame(&self, tab: i32, frame: FrameId, message: &FromBackground) -> bool {
        tabs::tell(tab, frame, message).await.is_ok()
    }

    async fn keep_media(&self, url: &str, key: &str, limits: MediaLimits) -> Media {
        let kept = match self.store.database().await {
            Ok(database) => media::keep(&database, url, key, limits.bytes, limits.ms).await,
            Err(_) => Err(MediaState::Failed),
        };
        let (kind, bytes, state) = match kept {
            Ok((kind, bytes)) => (kind, bytes, MediaState::Kept),
            Err(state) => (String::new(), 0, state),
        };
        Media {
            key: key.to_owned(),
            kind,
            bytes,
            state,
            ..Media::default()
        }
    }

    async fn drop_media(&self, key: &str) {
        let removed = match self.store.database().await {
            Ok(database) => database.remove(media::STORE, &json!(key)).await.is_ok(),
            Err(_) => false,
        };
        if !removed {
            webext::panics::report("a file could not be removed");
        }
    }

    fn day(&self, at: Millis) -> String {
        webext::day(at)
    }

    fn short_date(&self, at: Millis, locale: &str) -> String {
        webext::short_date(at, locale)
    }

    fn offset_min(&self, at: Millis) -> i64 {
        webext::offset_min(at)
    }

    async fn show(&self, url: &str, pattern: Option<&str>) {
        let site_tabs = match pattern {
            Some(pattern) => tabs::matching(pattern).await.unwrap_or_default(),
            None => Vec::new(),
        };
        let open = site_tabs
            .iter()
            .find(|tab| tab.url.as_deref() == Some(url))
            .map(|tab| tab.id);
        let shown = match open {
            Some(tab) => windows::raise(tab).await,
            None => tabs::open(url).await,
        };
        if shown.is_err() {
            webext::panics::report("a record could not be shown");
        }
    }

    async fn dispose_adapter(&self, tab: i32) {
        // Where the page is gone, so is its adapter.
        run_packaged(tab, |injector| injector.dispose.clone(), &[]).await;
    }

    async fn offer_page_api(&self, tab: i32) -> bool {
        scripting::inject_into_page(tab, PAGE_API).await.is_ok()
    }

    async fn open_window(&self, page: &str, place: Option<WindowPlace>) -> Option<i32> {
        let opened = windows::open(&webext::url_of(page), place).await;
        if opened.is_err() {
            webext::panics::report("the phone's window could not be opened");
        }
        opened.ok().flatten()
    }

    async fn raise(&self, tab: i32) -> bool {
        windows::raise(tab).await.is_ok()
    }

    async fn draw_attention(&self, tab: i32) {
        // A window that is gone needs none.
        drop(windows::draw_attention(tab).await);
    }

    async fn close(&self, tab: i32) {
        // It may be closed already.
        drop(tabs::close(tab).await);
    }

    async fn open_tabs(&self, of: &[i32]) -> Vec<i32> {
        let open = tabs::all().await.unwrap_or_default();
        let ids = open.into_iter().map(|tab| tab.id);
        ids.filter(|id| of.contains(id)).collect()
    }

    fn announce(&self) {
        webext::announce();
    }

    async fn open_book(&self, key: &str) {
        let book = webext::url_of("book/book.html");
        if tabs::open(&format!("{book}#{key}")).await.is_err() {
            webext::panics::report("the log book could not be opened");
        }
    }

    fn text(&self, key: &str, values: &[&str]) -> String {
        webext::text_with(key, values)
    }

    fn icon(&self) -> String {
        widget_address::picture(include_str!("../../icons/switchboard.svg"))
    }

    fn now(&self) -> Millis {
        webext::now()
    }

    fn secret(&self) -> String {
        webext::random_hex()
    }
}
