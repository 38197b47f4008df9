//! A scene: the demo, a browser, the product in it, and what a user does with it.

use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, ensure};
use futures_util::FutureExt as _;
use serde_json::{Value, json};
use switchboard::protocol::codec;
use switchboard::protocol::runtime::{self, Refusal, SiteView, SiteViewOf};
use switchboard::view::route::Route;
use switchboard_demo::{Demo, Exchange, Headers, Options, Outcome, PathTiming, Widget};

use crate::browser::{Browser, Kind, Screen};
use crate::document::Document;
use crate::wait::{LIMIT, until};

/// The demo and a browser with the product.
#[derive(Debug)]
pub struct Scene {
    /// The CRM, the stand-in widget and the telephone company.
    pub demo: Demo,
    /// The browser.
    pub browser: Browser,
}

/// A row of the log book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The entry's key.
    pub key: String,
    /// Everything that stands in it.
    pub text: String,
}

/// How the widgets of a story must have been served, whatever else it says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Service {
    /// Every request was answered within its limit, and nothing made the widget throw.
    #[default]
    Faultless,
    /// The story provokes faults on purpose, and judges them itself.
    OwnMatter,
}

/// Plays `story` in a fresh browser, with a fresh demo; if it fails, pictures of all tabs are left.
/// At its end every widget must have been served without fault.
pub fn play(
    kind: Kind,
    options: Options,
    story: impl AsyncFnOnce(&mut Scene) -> Result<()>,
) -> Result<()> {
    play_with(kind, options, Service::Faultless, story)
}

/// The same, for a story that says how the widgets must have been served.
pub fn play_with(
    kind: Kind,
    options: Options,
    service: Service,
    story: impl AsyncFnOnce(&mut Scene) -> Result<()>,
) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut scene = Scene::open(kind, options, Screen::None).await?;
        let told = AssertUnwindSafe(story(&mut scene)).catch_unwind().await;
        let told = told.map(|result| result.and_then(|()| scene.judge(service)));
        if !matches!(told, Ok(Ok(()))) {
            scene.leave_pictures().await;
        }
        let closed = scene.browser.quit().await;
        match told {
            Ok(result) => result.and(closed),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// The folder of the built extension for a browser.
pub fn built(kind: Kind) -> PathBuf {
    let dist = std::env::var_os("SWITCHBOARD_DIST").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dist"),
        PathBuf::from,
    );
    dist.join(match kind {
        Kind::Chromium => "chromium",
        Kind::Firefox => "firefox",
    })
}

impl Scene {
    /// Starts the demo and the browser.
    pub async fn open(kind: Kind, options: Options, screen: Screen) -> Result<Self> {
        let demo = Demo::start(options).await?;
        let hosts = demo.hosts();
        let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
        let browser = Browser::start(kind, &built(kind), &hosts, screen).await?;
        Ok(Self { demo, browser })
    }

    /// Fails where a widget was answered late or not at all, or got what the real one cannot take.
    fn judge(&self, service: Service) -> Result<()> {
        if service == Service::OwnMatter {
            return Ok(());
        }
        for widget in self.demo.all_widgets() {
            let timing = widget.timing();
            let is_served = timing.iter().all(|it| it.unanswered == 0 && it.late == 0);
            let slowest: Vec<String> = timing
                .iter()
                .map(|it| {
                    let PathTiming {
                        path,
                        count,
                        slowest_ms,
                        unanswered,
                        late,
                    } = it;
                    format!("{path}: {count}, slowest {slowest_ms} ms, {unanswered} unanswered, {late} late")
                })
                .collect();
            ensure!(is_served, "widget {}: {}", widget.id(), slowest.join("; "));
            let faults = widget.transcript().faults;
            ensure!(
                faults.is_empty(),
                "widget {} could not take: {faults:?}",
                widget.id()
            );
        }
        Ok(())
    }

    /// The popup as it opens over a page of the site.
    pub async fn popup(&self, site: &str) -> Result<Document> {
        let popup = self
            .browser
            .tab(
                &self
                    .browser
                    .extension
                    .page(&format!("popup/popup.html?site={site}")),
            )
            .await?;
        popup
            .holds("document.body.dataset.face !== 'waiting'")
            .await?;
        Ok(popup)
    }

    /// Turns the site on by a click in the popup, with the demo's widget.
    pub async fn turn_on(&self, site: &str) -> Result<()> {
        let popup = self.popup(site).await?;
        popup.open_details("#advanced").await?;
        popup.fill("#widget-base", &self.demo.widget_base()).await?;
        popup
            .holds("document.querySelector('#saved').textContent !== ''")
            .await?;
        popup.close().await?;
        self.turn_on_too(site).await
    }

    /// Turns another site on by a click in the popup; the widget is the same.
    pub async fn turn_on_too(&self, site: &str) -> Result<()> {
        self.browser.allow(site).await?;
        let popup = self.popup(site).await?;
        popup.click("#switch").await?;
        popup
            .holds("document.querySelector('#switch').ariaChecked === 'true'")
            .await?;
        popup.close().await
    }

    /// Says in the popup whether calls are logged by themselves.
    pub async fn log_by_themselves(&self, site: &str, on: bool) -> Result<()> {
        let popup = self.popup(site).await?;
        popup.open_details("#calls").await?;
        if popup
            .eval("document.querySelector('#auto-log').checked")
            .await?
            != json!(on)
        {
            popup.click("#auto-log").await?;
            popup
                .holds("document.querySelector('#saved').textContent !== ''")
                .await?;
        }
        popup.close().await
    }

    /// Turns the site off by a click in the popup.
    pub async fn turn_off(&self, site: &str) -> Result<()> {
        let popup = self.popup(site).await?;
        popup
            .holds("document.querySelector('#switch').ariaChecked === 'true'")
            .await?;
        popup.click("#switch").await?;
        popup
            .holds("document.querySelector('#switch').ariaChecked === 'false'")
            .await?;
        popup.close().await
    }

    /// A tab with a page of the demo's CRM.
    pub async fn crm(&self, headers: Headers, path: &str) -> Result<Document> {
        self.browser.tab(&self.demo.crm_url(headers, path)).await
    }

    /// The newest open widget, once it is signed in and the product is registered with it.
    pub async fn widget(&self) -> Result<Arc<Widget>> {
        self.demo
            .wait_widget("a widget that is signed in and attached", LIMIT, |widget| {
                widget.is_signed_in() && widget.is_attached()
            })
            .await
    }

    /// As [`Scene::widget`], once its contacts list holds somebody of this name.
    pub async fn widget_that_lists(&self, name: &str) -> Result<Arc<Widget>> {
        let widget = self.widget().await?;
        widget
            .wait_for(&format!("{name} in the contacts"), LIMIT, |it| {
                let listed = |it: &Value| it.get("name").is_some_and(|it| it == name);
                it.contacts().iter().any(listed).then_some(())
            })
            .await?;
        Ok(widget)
    }

    /// The log book, opened at a fragment (`#people`).
    pub async fn book_at(&self, fragment: &str) -> Result<Document> {
        let page = format!("book/book.html{fragment}");
        self.browser.tab(&self.browser.extension.page(&page)).await
    }

    /// The frame page with the widget, in a page.
    pub async fn panel(&self, page: &Document) -> Result<Document> {
        let origin = self.browser.extension.origin.clone();
        page.frame("the panel", |url| url.starts_with(&origin))
            .await
    }

    /// Waits for a tab whose address fits.
    pub async fn tab_with(&self, wanted: &str, fits: impl Fn(&str) -> bool) -> Result<Document> {
        until(&format!("a tab: {wanted}"), async || {
            let tabs = self.browser.tabs().await?;
            Ok(tabs
                .into_iter()
                .find(|tab| fits(&tab.url))
                .map(|tab| tab.document))
        })
        .await
    }

    /// The rows of the log book, as it opens now.
    pub async fn book(&self) -> Result<Vec<Row>> {
        let book = self
            .browser
            .tab(&self.browser.extension.page("book/book.html"))
            .await?;
        book.holds(
            "!document.querySelector('#empty').hidden || !document.querySelector('#end').hidden \
             || !document.querySelector('#older').hidden",
        )
        .await?;
        let rows = book
            .eval("[...document.querySelectorAll('[data-key]')].map(row => [row.dataset.key, row.innerText])")
            .await?;
        book.close().await?;
        let rows: Vec<(String, String)> = serde_json::from_value(rows)?;
        Ok(rows
            .into_iter()
            .map(|(key, text)| Row { key, text })
            .collect())
    }

    /// The log entries as they are stored.
    pub async fn stored_logs(&self) -> Result<Vec<Value>> {
        let book = self
            .browser
            .tab(&self.browser.extension.page("book/book.html"))
            .await?;
        let entries = book
            .eval(
                "new Promise((done, failed) => {
                    const opening = indexedDB.open('switchboard');
                    opening.onerror = failed;
                    opening.onsuccess = () => {
                        const logs = opening.result.transaction('logs').objectStore('logs').getAll();
                        logs.onsuccess = () => { opening.result.close(); done(logs.result); };
                    };
                })",
            )
            .await?;
        book.close().await?;
        Ok(serde_json::from_value(entries)?)
    }

    /// Sets the region of a site's national numbers in the popup.
    pub async fn set_region(&self, site: &str, region: &str) -> Result<()> {
        let popup = self.popup(site).await?;
        popup.choose("#region", region).await?;
        popup
            .holds("document.querySelector('#saved').textContent !== ''")
            .await?;
        popup.close().await
    }

    /// What the popup over a page would show, as the worker tells it.
    pub async fn view(&self, page: &Document) -> Result<SiteView> {
        let own = self
            .browser
            .tab(&self.browser.extension.page("popup/popup.html"))
            .await?;
        let view = self.view_from(&own, page).await?;
        own.close().await?;
        Ok(view)
    }

    /// The same, asked from `own`, any page of the extension.
    pub async fn view_from(&self, own: &Document, page: &Document) -> Result<SiteView> {
        let url = page.eval("location.href").await?;
        let tab = own
            .eval(&format!(
                "chrome.tabs.query({{}}).then(tabs => tabs.find(tab => tab.url === {url}).id)"
            ))
            .await?;
        let request = runtime::text_of(SiteViewOf {
            url: url.as_str().unwrap_or_default().to_owned(),
            tab: serde_json::from_value(tab)?,
            language: "en-GB".to_owned(),
        });
        let reply = own
            .eval(&format!("chrome.runtime.sendMessage({})", json!(request)))
            .await?;
        let view: Result<SiteView, Refusal> =
            codec::decode(reply.as_str().unwrap_or_default()).context("reading the view")?;
        view.map_err(|refusal| anyhow!("the worker refused: {refusal:?}"))
    }

    /// Turns one thing in the popup, in the part that holds it, and waits until it is saved.
    pub async fn set_in_popup(&self, site: &str, part: &str, control: &str) -> Result<()> {
        let popup = self.popup(site).await?;
        popup.open_details(part).await?;
        popup.click(control).await?;
        popup
            .holds("document.querySelector('#saved').textContent !== ''")
            .await?;
        popup.close().await
    }

    /// The log book with one entry open.
    pub async fn entry(&self, key: &str) -> Result<Document> {
        let fragment = Route::Entry(key.to_owned()).fragment();
        let book = self.book_at(&fragment).await?;
        book.holds("!document.querySelector('#entry').hidden")
            .await?;
        Ok(book)
    }

    /// Waits until the log entry with this key is as wanted, deleted or not; it is looked at from `own`, any
    /// page of the extension.
    pub async fn until_entry(
        &self,
        own: &Document,
        key: &str,
        wanted: &str,
        fits: impl Fn(&Value) -> bool,
    ) -> Result<Value> {
        let look = format!(
            "new Promise((done, failed) => {{
                const opening = indexedDB.open('switchboard');
                opening.onerror = failed;
                opening.onsuccess = () => {{
                    const logs = opening.result.transaction('logs').objectStore('logs').get({});
                    logs.onsuccess = () => {{ opening.result.close(); done(logs.result ?? null); }};
                }};
            }})",
            json!(key)
        );
        until(&format!("{key}: {wanted}"), async || {
            let entry = own.eval(&look).await?;
            Ok(fits(&entry).then_some(entry))
        })
        .await
    }

    /// Loads a page again; returns its widget, which came after `before`.
    pub async fn reload(&self, page: &Document, before: &Widget) -> Result<Arc<Widget>> {
        page.show().await?;
        page.reload().await?;
        let last = before.id();
        self.demo
            .wait_widget("the widget of the page loaded again", LIMIT, |it| {
                it.id() > last && it.is_signed_in() && it.is_attached()
            })
            .await
    }

    /// Leaves pictures of all tabs in `target/screenshots`.
    async fn leave_pictures(&self) {
        let name = std::thread::current()
            .name()
            .unwrap_or("story")
            .replace("::", "-");
        let folder = screenshots();
        for (number, tab) in self
            .browser
            .tabs()
            .await
            .unwrap_or_default()
            .iter()
            .enumerate()
        {
            if let Ok(picture) = tab.document.picture().await {
                let file = folder.join(format!("{name}-{number}.png"));
                drop(std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(file, picture)));
            }
        }
    }
}

/// Where pictures of failures are left.
fn screenshots() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"),
        PathBuf::from,
    );
    target.join("screenshots")
}

/// Whether the server's record of a call, the last word about it, was logged through this widget.
pub fn is_recorded(widget: &Widget, session: &str) -> bool {
    let recorded = |it: &Exchange| {
        let synced = it.field("triggerType").and_then(Value::as_str) == Some("callLogSync");
        synced && it.outcome == Outcome::Answered
    };
    widget.transcript().logs(session).any(recorded) && widget.is_logged(session)
}

/// Waits for that.
pub async fn until_recorded(widget: &Widget, session: &str) -> Result<()> {
    widget
        .wait_for("the record of the call is logged", LIMIT, |it| {
            is_recorded(it, session).then_some(())
        })
        .await
}

/// Waits until the log book has rows that `fits` likes.
pub async fn until_logged(
    scene: &Scene,
    wanted: &str,
    fits: impl Fn(&[Row]) -> bool,
) -> Result<Vec<Row>> {
    until(wanted, async || {
        let rows = scene.book().await?;
        Ok(fits(&rows).then_some(rows))
    })
    .await
}

/// The names of a stored entry's contacts.
pub fn linked(entry: &Value) -> Vec<&str> {
    let links = entry.get("links").and_then(Value::as_object);
    let links = links.into_iter().flatten();
    links
        .filter_map(|(_, link)| link.get("name")?.as_str())
        .collect()
}
