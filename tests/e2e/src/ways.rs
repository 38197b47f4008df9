//! The ways to put the widget in: where it stands, what the user was told, and whether it works there.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use switchboard::protocol::stored::Adapter;
use switchboard_demo::{RingOptions, Widget};

use crate::document::Document;
use crate::scene::{Scene, until_recorded};
use crate::wait::until;

/// The word for a way, as it stands in the popup's markup.
pub fn word(adapter: Adapter) -> &'static str {
    match adapter {
        Adapter::Isolated => "isolated",
        Adapter::Page => "page",
        Adapter::Window => "window",
    }
}

/// The messages of one type that a widget's host has posted to it.
pub fn commands(widget: &Widget, kind: &str) -> Vec<Value> {
    let mut all = widget.transcript().commands;
    all.retain(|it| it.get("type").is_some_and(|it| it == kind));
    all
}

impl Scene {
    /// Chooses in the popup how the widget is put into a site's pages.
    pub async fn choose_adapter(&self, site: &str, adapter: Adapter) -> Result<()> {
        let popup = self.popup(site).await?;
        let choice = format!("#adapter-{}", word(adapter));
        let is_chosen = format!("document.querySelector('{choice}').checked");
        if popup.eval(&is_chosen).await? != json!(true) {
            popup.click(&choice).await?;
            popup
                .holds("document.querySelector('#saved').textContent !== ''")
                .await?;
        }
        popup.close().await
    }

    /// Says in the popup whether a site's own scripts are offered `RCAdapter`.
    pub async fn offer_page_api(&self, site: &str) -> Result<()> {
        let popup = self.popup(site).await?;
        popup.click("#page-api").await?;
        popup
            .holds("document.querySelector('#saved').textContent !== ''")
            .await?;
        popup.close().await
    }

    /// The popup over a page, with that page in front.
    pub async fn popup_over(&self, page: &Document) -> Result<Document> {
        page.show().await?;
        let popup = self
            .browser
            .tab_behind(&self.browser.extension.page("popup/popup.html"))
            .await?;
        popup
            .holds("document.body.dataset.face !== 'waiting'")
            .await?;
        Ok(popup)
    }

    /// What the popup over a page says of why the widget does not stand where the user wants it; empty for
    /// nothing.
    pub async fn told(&self, page: &Document) -> Result<String> {
        let popup = self.popup_over(page).await?;
        let said = popup
            .eval(
                "(it => it.hidden ? '' : it.innerText.replace(/\\s+/g, ' ').trim())(document.querySelector('#obstacle'))",
            )
            .await?;
        popup.close().await?;
        Ok(said.as_str().unwrap_or_default().to_owned())
    }

    /// The widget's own windows that are open.
    pub async fn windows(&self) -> Result<Vec<Document>> {
        let frame = self.browser.extension.page("frame/window.html");
        let tabs = self.browser.tabs().await?;
        let windows = tabs.into_iter().filter(|it| it.url.starts_with(&frame));
        Ok(windows.map(|it| it.document).collect())
    }

    /// Waits for the widget's own window.
    pub async fn window(&self) -> Result<Document> {
        until("the window", async || {
            Ok(self.windows().await?.into_iter().next())
        })
        .await
    }

    /// The widget in a page or in the window, at this moment, if there is one that has said its number.
    pub async fn find_widget_in(&self, at: &Document) -> Result<Option<Arc<Widget>>> {
        let base = self.demo.widget_base();
        let tree = at.tree().await?;
        let Some(node) = tree.find(&|url| url.starts_with(&base)) else {
            return Ok(None);
        };
        let id = node
            .document
            .eval("Number(document.documentElement?.dataset.widget ?? 0)")
            .await?;
        let widgets = self.demo.widgets();
        Ok(widgets.into_iter().find(|it| json!(it.id()) == id))
    }

    /// Waits for the widget in a page or in the window, signed in and with the product registered.
    pub async fn widget_in(&self, at: &Document) -> Result<Arc<Widget>> {
        until("a widget in there that is attached", async || {
            let found = self.find_widget_in(at).await?;
            Ok(found.filter(|it| it.is_signed_in() && it.is_attached()))
        })
        .await
    }

    /// Waits until a page is served in one way, and returns the widget that serves it.
    pub async fn served_by(&self, page: &Document, adapter: Adapter) -> Result<Arc<Widget>> {
        let origin = self.browser.extension.origin.clone();
        let own = self
            .browser
            .tab_behind(&self.browser.extension.page("popup/popup.html"))
            .await?;
        let widget = until(&format!("it stands as {}", word(adapter)), async || {
            let view = self.view_from(&own, page).await?;
            let tree = page.tree().await?;
            let in_panel = tree.children.iter().any(|it| it.url.starts_with(&origin));
            let is_so = match adapter {
                Adapter::Isolated => in_panel,
                Adapter::Page => !in_panel && !tree.children.is_empty(),
                Adapter::Window => tree.children.is_empty(),
            };
            let at = match adapter {
                Adapter::Window => self.windows().await?.into_iter().next(),
                Adapter::Isolated | Adapter::Page => Some(page.clone()),
            };
            match at {
                Some(at) if is_so && view.placed == adapter => {
                    let found = self.find_widget_in(&at).await?;
                    Ok(found.filter(|it| it.is_signed_in() && it.is_attached()))
                }
                _ => Ok(None),
            }
        })
        .await?;
        own.close().await?;
        Ok(widget)
    }

    /// Somebody calls, and the call is taken in this widget and logged once, by it. Returns its session.
    pub async fn one_call_is_logged(&self, widget: &Widget) -> Result<String> {
        let session = widget.ring("+14155550142", &RingOptions::default());
        widget.answer();
        widget.end();
        until_recorded(widget, &session).await?;
        self.is_logged_once(&session).await?;
        Ok(session)
    }

    /// Fails unless the log book has one entry for a call.
    pub async fn is_logged_once(&self, session: &str) -> Result<()> {
        let rows = self.book().await?;
        let key = format!("call:{session}");
        let found = rows.iter().filter(|it| it.key == key).count();
        ensure!(found == 1, "{key} is in the log {found} times");
        Ok(())
    }

    /// The stored entry of a call.
    pub async fn stored_call(&self, session: &str) -> Result<Value> {
        let key = format!("call:{session}");
        let all = self.stored_logs().await?;
        let mut fitting = all
            .into_iter()
            .filter(|it| it.get("key").is_some_and(|it| *it == key));
        fitting.next().context("the call's entry")
    }
}
