//! Chromium and Firefox with the extension in them.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use thirtyfour::bidi::BiDi;
use thirtyfour::{Capabilities, WebDriver};

use crate::document::{Document, Node, send};
use crate::driver::Driver;
use crate::extension::Extension;
use crate::folder::Folder;
use crate::wait::LIMIT;

/// Which browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Chromium.
    Chromium,
    /// Firefox ESR.
    Firefox,
}

/// Whether there is somebody to look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Nobody: headless.
    None,
    /// A window on the user's own screen.
    Window,
}

/// A running browser with a profile of its own.
#[derive(Debug)]
pub struct Browser {
    /// Which one.
    pub kind: Kind,
    /// The extension in it.
    pub extension: Extension,
    session: Option<Session>,
    hosts: Vec<String>,
    profile: Folder,
    screen: Screen,
}

#[derive(Debug)]
struct Session {
    driver: WebDriver,
    bidi: BiDi,
    _process: Driver,
}

impl Drop for Session {
    fn drop(&mut self) {
        // Without this, a session that was not closed would wait here for its own runtime.
        drop(self.driver.clone().leak());
    }
}

/// The program named by the environment, else the usual one.
fn program(variable: &str, usual: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| usual.to_owned())
}

impl Browser {
    /// Starts a browser with the extension at `extension`; the host names in `hosts` are this machine's.
    pub async fn start(
        kind: Kind,
        extension: &Path,
        hosts: &[&str],
        screen: Screen,
    ) -> Result<Self> {
        let profile = Folder::new()?;
        let extension = Extension::at(kind, extension)?;
        if kind == Kind::Firefox {
            extension.install_for_good(profile.path())?;
        }
        let mut browser = Self {
            kind,
            extension,
            session: None,
            hosts: hosts.iter().map(|&host| host.to_owned()).collect(),
            profile,
            screen,
        };
        browser.open().await?;
        Ok(browser)
    }

    /// Closes the browser and starts it again with the same profile.
    pub async fn restart(&mut self) -> Result<()> {
        self.quit().await?;
        self.open().await
    }

    /// Closes the browser, as a user closes it.
    pub async fn quit(&mut self) -> Result<()> {
        match self.session.take() {
            Some(session) => Ok(tokio::time::timeout(LIMIT, session.driver.clone().quit())
                .await
                .context("the browser does not close")??),
            None => Ok(()),
        }
    }

    async fn open(&mut self) -> Result<()> {
        let process = match self.kind {
            Kind::Chromium => {
                Driver::start(&program("CHROMEDRIVER", "chromedriver"), &["--port=0"]).await?
            }
            Kind::Firefox => {
                let arguments = [
                    "--port",
                    "0",
                    "--websocket-port",
                    "0",
                    "--allow-system-access",
                ];
                Driver::start(&program("GECKODRIVER", "geckodriver"), &arguments).await?
            }
        };
        let capabilities = match self.kind {
            Kind::Chromium => self.chromium()?,
            Kind::Firefox => self.firefox()?,
        };
        // The connection is not encrypted, but its client wants to know how it would be.
        drop(rustls::crypto::ring::default_provider().install_default());
        let driver = WebDriver::new(&process.url, capabilities).await?;
        let bidi = driver.bidi().await?;
        self.session = Some(Session {
            driver,
            bidi,
            _process: process,
        });
        Ok(())
    }

    fn chromium(&self) -> Result<Capabilities> {
        let mut arguments = vec![
            "--disable-gpu".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--no-first-run".to_owned(),
            "--window-size=1280,900".to_owned(),
            "--lang=en-GB".to_owned(),
            format!("--user-data-dir={}", self.profile.path().display()),
            format!("--load-extension={}", self.extension.folder.display()),
        ];
        if self.screen == Screen::None {
            arguments.push("--headless=new".to_owned());
        }
        // Chromium's sandbox does not work for root; everybody else keeps it.
        if std::fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0) {
            arguments.push("--no-sandbox".to_owned());
        }
        let rules: Vec<String> = self
            .hosts
            .iter()
            .map(|host| format!("MAP {host} 127.0.0.1"))
            .collect();
        arguments.push(format!("--host-resolver-rules={}", rules.join(",")));
        capabilities(&json!({
            "browserName": "chrome",
            "acceptInsecureCerts": true,
            "webSocketUrl": true,
            "unhandledPromptBehavior": { "beforeUnload": "ignore" },
            "goog:chromeOptions": {
                "binary": program("CHROMIUM", "/usr/bin/chromium"),
                "args": arguments,
                "excludeSwitches": ["disable-extensions"],
            },
        }))
    }

    fn firefox(&self) -> Result<Capabilities> {
        capabilities(&json!({
            "browserName": "firefox",
            "acceptInsecureCerts": true,
            "webSocketUrl": true,
            "unhandledPromptBehavior": { "beforeUnload": "ignore" },
            "moz:firefoxOptions": {
                "binary": program("FIREFOX", "/usr/bin/firefox-esr"),
                "args": ["-headless", "-profile", self.profile.path(), "--width=1280", "--height=900"],
                "prefs": {
                    "extensions.webextensions.uuids": self.extension.uuids(),
                    "extensions.webextOptionalPermissionPrompts": false,
                    "xpinstall.signatures.required": false,
                    "extensions.autoDisableScopes": 0,
                    "extensions.enabledScopes": 15,
                    "network.dns.localDomains": self.hosts.join(","),
                    "intl.accept_languages": "en-GB",
                },
            },
        }))
    }

    pub(crate) fn bidi(&self) -> Result<&BiDi> {
        Ok(&self.session.as_ref().context("the browser is closed")?.bidi)
    }

    /// A new tab at an address.
    pub async fn tab(&self, url: &str) -> Result<Document> {
        self.create(url, json!({ "type": "tab" })).await
    }

    /// A new tab that does not come to the front.
    pub async fn tab_behind(&self, url: &str) -> Result<Document> {
        let behind = json!({ "type": "tab", "background": true });
        self.create(url, behind).await
    }

    async fn create(&self, url: &str, how: Value) -> Result<Document> {
        let bidi = self.bidi()?;
        let made = send(bidi, "browsingContext.create", how).await?;
        let id = made
            .get("context")
            .and_then(Value::as_str)
            .context("no tab")?;
        let document = Document {
            bidi: bidi.clone(),
            id: id.into(),
        };
        document.goto(url).await?;
        Ok(document)
    }

    /// All tabs with their frames.
    pub async fn tabs(&self) -> Result<Vec<Node>> {
        let bidi = self.bidi()?;
        let tree = send(bidi, "browsingContext.getTree", json!({})).await?;
        let roots = tree
            .get("contexts")
            .and_then(Value::as_array)
            .context("no tabs")?;
        roots.iter().map(|root| Node::of(bidi, root)).collect()
    }

    /// Says yes in advance to the question for a site that comes with the popup's click:
    /// without a screen nobody can answer it. The click itself stays.
    pub async fn allow(&self, site: &str) -> Result<()> {
        self.change_permission("addHostPermission", site).await
    }

    /// Withdraws the permission for a site, as in the browser's own settings.
    pub async fn withdraw(&self, site: &str) -> Result<()> {
        self.change_permission("removeHostPermission", site).await
    }

    async fn change_permission(&self, change: &str, site: &str) -> Result<()> {
        let pattern = pattern(site);
        let id = json!(self.extension.id);
        match self.kind {
            Kind::Chromium => {
                let settings = self.tab("chrome://extensions/").await?;
                settings
                    .eval(&format!(
                        "new Promise(done => chrome.developerPrivate.{change}({id}, {}, () => done()))",
                        json!(pattern)
                    ))
                    .await?;
                settings.close().await
            }
            // The question is off by a preference; only the way back needs the browser's internals.
            Kind::Firefox if change == "addHostPermission" => Ok(()),
            Kind::Firefox => {
                let which = json!({ "permissions": [], "origins": [pattern] });
                self.in_firefox_itself(&format!(
                    "ChromeUtils.importESModule('resource://gre/modules/ExtensionPermissions.sys.mjs')\
                     .ExtensionPermissions.remove({id}, {which}, WebExtensionPolicy.getByID({id}).extension)"
                ))
                .await
                .map(drop)
            }
        }
    }

    /// Replaces the extension by a new copy of itself, as an update does.
    pub async fn update_extension(&self) -> Result<()> {
        if self.kind == Kind::Chromium {
            // An unpacked extension comes back from a reload only in developer mode.
            let settings = self.tab("chrome://extensions/").await?;
            settings
                .eval(
                    "new Promise(done => chrome.developerPrivate.updateProfileConfiguration(
                        { inDeveloperMode: true }, () => done()))",
                )
                .await?;
            settings.close().await?;
        }
        let own = self.tab(&self.extension.page("popup/popup.html")).await?;
        // The page goes with the extension, perhaps before it has answered.
        drop(own.eval("void chrome.runtime.reload()").await);
        Ok(())
    }

    /// Ends the worker, as the browser does when it has been idle: between any two events.
    pub async fn kill_worker(&self) -> Result<()> {
        match self.kind {
            Kind::Chromium => {
                let origin = &self.extension.origin;
                for target in self.targets().await? {
                    let is = |key: &str, value: &str| {
                        target
                            .get(key)
                            .and_then(Value::as_str)
                            .is_some_and(|it| it.starts_with(value))
                    };
                    if is("type", "service_worker") && is("url", origin) {
                        let id = target.get("targetId").cloned().unwrap_or_default();
                        self.cdp("Target.closeTarget", json!({ "targetId": id }))
                            .await?;
                    }
                }
                Ok(())
            }
            Kind::Firefox => {
                let id = json!(self.extension.id);
                self.in_firefox_itself(&format!(
                    "ChromeUtils.importESModule('resource://gre/modules/ExtensionParent.sys.mjs')\
                     .ExtensionParent.DebugUtils.terminateBackgroundScript({id})"
                ))
                .await
                .map(drop)
            }
        }
    }

    async fn targets(&self) -> Result<Vec<Value>> {
        let found = self.cdp("Target.getTargets", json!({})).await?;
        Ok(found
            .pointer("/result/targetInfos")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default())
    }

    /// A command of Chromium's own protocol.
    async fn cdp(&self, method: &str, parameters: Value) -> Result<Value> {
        let command = json!({ "method": method, "params": parameters });
        send(self.bidi()?, "goog:cdp.sendCommand", command).await
    }

    /// Evaluates an expression in Firefox's own window, where the browser's internals are.
    async fn in_firefox_itself(&self, expression: &str) -> Result<Value> {
        let bidi = self.bidi()?;
        let tree = send(
            bidi,
            "browsingContext.getTree",
            json!({ "moz:scope": "chrome", "maxDepth": 0 }),
        )
        .await?;
        let root = tree
            .pointer("/contexts/0")
            .context("Firefox has no window")?;
        Node::of(bidi, root)?.document.eval(expression).await
    }

    /// The profile's folder.
    pub fn profile(&self) -> PathBuf {
        self.profile.path().to_owned()
    }
}

/// The match pattern of a site: its host without the port.
fn pattern(site: &str) -> String {
    let (scheme, rest) = site.split_once("://").unwrap_or(("https", site));
    let host = rest.split([':', '/']).next().unwrap_or_default();
    format!("{scheme}://{host}/*")
}

fn capabilities(value: &Value) -> Result<Capabilities> {
    let mut capabilities = Capabilities::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        capabilities.set(name.as_str(), value.clone())?;
    }
    Ok(capabilities)
}
