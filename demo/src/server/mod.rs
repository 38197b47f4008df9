//! https for all of it on this machine, and the handles that tests hold.
//!
//! Every host name is invented and must be mapped to 127.0.0.1 by the browser; the certificate is made at every start.
//! One listener serves all hosts: the widget's, the CRM's (two of them, for tests with two sites), and saved pages.

mod control;
mod pages;

use std::collections::{BTreeMap, HashMap};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::body::Body;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum_server::tls_rustls::RustlsConfig;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{SinkExt as _, StreamExt as _};
use rcgen::PublicKeyData as _;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::clock::Pace;
use crate::partition::{Partition, lock};
use crate::platform::media::{MEDIA_HOST, READER_HOST};
use crate::platform::{PastCall, PastMeeting, PastMessage, Platform, RingOptions};
use crate::widget::{Build, Facts, Widget};
use control::control;
use pages::{crm_host, saved_page, text};

/// The CRM's host.
pub const CRM_HOST: &str = "crm.example";
/// A second CRM with the same pages, for tests with two sites.
pub const OTHER_CRM_HOST: &str = "other-crm.example";
/// The widget's host, unrelated to both.
pub const WIDGET_HOST: &str = "widget.example-phone.test";

/// Every host of the demo's own.
const HOSTS: [&str; 5] = [
    CRM_HOST,
    OTHER_CRM_HOST,
    WIDGET_HOST,
    MEDIA_HOST,
    READER_HOST,
];

/// Which headers a CRM page is served with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Headers {
    /// None that matter.
    #[default]
    Plain,
    /// A content security policy of `'self'` alone, without frames.
    CspSelf,
    /// Scripts by nonce, `strict-dynamic`; frames of its own alone.
    Nonce,
    /// Trusted types.
    TrustedTypes,
    /// Cross-origin isolation: foreign frames are refused.
    Isolated,
    /// An embedder policy alone: foreign frames are refused, and the page is not isolated.
    Embedder,
    /// No microphone for anybody.
    NoMicrophone,
}

impl Headers {
    /// Every set, for tests that want them all.
    pub const ALL: [Self; 7] = [
        Self::Plain,
        Self::CspSelf,
        Self::Nonce,
        Self::TrustedTypes,
        Self::Isolated,
        Self::Embedder,
        Self::NoMicrophone,
    ];

    /// The first segment of the paths that are served with it, with a slash before it; empty for plain pages.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::CspSelf => "/csp-self",
            Self::Nonce => "/csp-nonce",
            Self::TrustedTypes => "/csp-tt",
            Self::Isolated => "/coop-coep",
            Self::Embedder => "/coep",
            Self::NoMicrophone => "/nomic",
        }
    }

    fn put(self, headers: &mut HeaderMap, nonce: &str) {
        let mut put = |name: &'static str, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        match self {
            Self::Plain => {}
            Self::CspSelf => put(
                "content-security-policy",
                "default-src 'self'; script-src 'self'; frame-src 'none'; style-src 'self'; object-src 'none'",
            ),
            Self::Nonce => put(
                "content-security-policy",
                &format!(
                    "script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; frame-src 'self'; \
                     object-src 'none'; base-uri 'none'"
                ),
            ),
            Self::TrustedTypes => put(
                "content-security-policy",
                "require-trusted-types-for 'script'; script-src 'self'",
            ),
            Self::Isolated => {
                put("cross-origin-embedder-policy", "require-corp");
                put("cross-origin-opener-policy", "same-origin");
            }
            Self::Embedder => put("cross-origin-embedder-policy", "require-corp"),
            Self::NoMicrophone => put("permissions-policy", "microphone=()"),
        }
    }
}

/// What the widget's host does with a frame that wants the widget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Boot {
    /// Serves it.
    #[default]
    Normal,
    /// Serves a page in its place that never says a word.
    Silent,
    /// Serves it, but it says nothing and hears nothing until this is over.
    Held,
    /// Closes the connection without an answer.
    Unreachable,
}

/// Saved pages under a host name of their own. Served as they are, without any script of ours.
#[derive(Debug, Clone, Default)]
pub struct Site {
    /// The host name.
    pub host: String,
    /// Where its files are.
    pub directory: PathBuf,
    /// URL paths that are served by another file of the directory.
    pub pages: BTreeMap<String, PathBuf>,
}

/// How the demo starts.
#[derive(Debug, Clone)]
pub struct Options {
    /// 0 takes any free port.
    pub port: u16,
    /// How fast things happen.
    pub pace: Pace,
    /// The call history at the start.
    pub past: Vec<PastCall>,
    /// Saved pages.
    pub sites: Vec<Site>,
    /// Whether a storage partition that is seen for the first time is signed in already.
    pub signed_in: bool,
    /// The messages at the start.
    pub past_messages: Vec<PastMessage>,
    /// The video meetings at the start.
    pub past_meetings: Vec<PastMeeting>,
    /// The widget's language (`de-DE`); `None` takes the browser's.
    pub locale: Option<String>,
    /// How far the widget's local time is ahead of UTC, in minutes; `None` takes the browser's.
    pub utc_offset: Option<i32>,
    /// Which widget is played.
    pub build: Build,
    /// Further hosts with the CRM's pages.
    pub crm_hosts: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            pace: Pace::brisk(),
            past: Vec::new(),
            sites: Vec::new(),
            signed_in: true,
            past_messages: Vec::new(),
            past_meetings: Vec::new(),
            locale: None,
            utc_offset: None,
            build: Build::Current,
            crm_hosts: Vec::new(),
        }
    }
}

/// Everything that lives behind the listener.
#[derive(Debug)]
struct World {
    platform: Arc<Platform>,
    partitions: Mutex<HashMap<String, Arc<Partition>>>,
    widgets: Mutex<Vec<Arc<Widget>>>,
    next: Mutex<u64>,
    sites: Vec<Site>,
    crm_hosts: Vec<String>,
    signed_in: bool,
    locale: Mutex<Option<String>>,
    utc_offset: Option<i32>,
    build: Build,
    boot: Mutex<Boot>,
    port: u16,
}

/// The running demo. Dropping it closes the listener and every connection.
#[derive(Debug)]
pub struct Demo {
    world: Arc<World>,
    handle: axum_server::Handle<SocketAddr>,
    certificate_pem: String,
    spki_hash: String,
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.handle.shutdown();
    }
}

impl Demo {
    /// Starts everything on 127.0.0.1.
    ///
    /// # Errors
    ///
    /// The port is taken, or the certificate could not be made.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let mut hosts: Vec<String> = HOSTS.map(str::to_owned).into();
        hosts.push("localhost".to_owned());
        hosts.extend_from_slice(&options.crm_hosts);
        hosts.extend(options.sites.iter().map(|it| it.host.clone()));
        let made = rcgen::generate_simple_self_signed(hosts).context("making the certificate")?;
        let key_info = made.signing_key.subject_public_key_info();
        let spki_hash = STANDARD.encode(ring::digest::digest(&ring::digest::SHA256, &key_info));
        let certificate_pem = made.cert.pem();
        let tls = tls_config(&made)?;

        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
            .context("binding to 127.0.0.1")?;
        listener
            .set_nonblocking(true)
            .context("preparing the listener")?;
        let port = listener.local_addr().context("asking for the port")?.port();
        let platform = Platform::new(options.pace, &options.past);
        platform.serve_media_at(port);
        for message in &options.past_messages {
            platform.add_past_message(message);
        }
        for meeting in &options.past_meetings {
            platform.add_past_meeting(meeting);
        }
        let world = Arc::new(World {
            platform,
            partitions: Mutex::default(),
            widgets: Mutex::default(),
            next: Mutex::default(),
            sites: options.sites,
            crm_hosts: options.crm_hosts,
            signed_in: options.signed_in,
            locale: Mutex::new(options.locale),
            utc_offset: options.utc_offset,
            build: options.build,
            boot: Mutex::default(),
            port,
        });
        let handle = axum_server::Handle::new();
        let app = Router::new().fallback(serve).with_state(Arc::clone(&world));
        let server = axum_server::from_tcp_rustls(listener, tls)
            .context("starting the server")?
            .handle(handle.clone());
        tokio::spawn(server.serve(app.into_make_service()));
        handle.listening().await.context("waiting for the server")?;
        Ok(Self {
            world,
            handle,
            certificate_pem,
            spki_hash,
        })
    }

    /// The port of all hosts.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.world.port
    }

    /// `https://crm.example:port`.
    #[must_use]
    pub fn crm_origin(&self) -> String {
        self.site_origin(CRM_HOST)
    }

    /// The second CRM.
    #[must_use]
    pub fn other_crm_origin(&self) -> String {
        self.site_origin(OTHER_CRM_HOST)
    }

    /// Returns the address of a CRM page, served with `headers`.
    #[must_use]
    pub fn crm_url(&self, headers: Headers, path: &str) -> String {
        format!("{}{}{path}", self.crm_origin(), headers.prefix())
    }

    /// The same page of another CRM.
    #[must_use]
    pub fn crm_url_at(&self, host: &str, headers: Headers, path: &str) -> String {
        format!("{}{}{path}", self.site_origin(host), headers.prefix())
    }

    /// The origin of any host that is served.
    #[must_use]
    pub fn site_origin(&self, host: &str) -> String {
        format!("https://{host}:{}", self.world.port)
    }

    /// The folder that `app.html` and `adapter.js` are in, with a slash at the end.
    #[must_use]
    pub fn widget_base(&self) -> String {
        format!("{}/", self.site_origin(WIDGET_HOST))
    }

    /// Every host name that the browser must find at 127.0.0.1.
    #[must_use]
    pub fn hosts(&self) -> Vec<String> {
        let mut hosts: Vec<String> = HOSTS.map(str::to_owned).into();
        hosts.extend_from_slice(&self.world.crm_hosts);
        hosts.extend(self.world.sites.iter().map(|it| it.host.clone()));
        hosts
    }

    /// What Chromium wants for `--host-resolver-rules`.
    #[must_use]
    pub fn host_resolver_rules(&self) -> String {
        let rules: Vec<String> = self
            .hosts()
            .iter()
            .map(|it| format!("MAP {it} 127.0.0.1"))
            .collect();
        rules.join(",")
    }

    /// What Firefox wants for the preference `network.dns.localDomains`.
    #[must_use]
    pub fn local_domains(&self) -> String {
        self.hosts().join(",")
    }

    /// What Chromium wants for `--ignore-certificate-errors-spki-list`.
    #[must_use]
    pub fn spki_hash(&self) -> &str {
        &self.spki_hash
    }

    /// The certificate.
    #[must_use]
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The telephone company.
    #[must_use]
    pub fn platform(&self) -> &Arc<Platform> {
        &self.world.platform
    }

    /// Returns the widgets whose pages are open, oldest first.
    pub fn widgets(&self) -> Vec<Arc<Widget>> {
        lock(&self.world.widgets)
            .iter()
            .filter(|it| it.is_open())
            .cloned()
            .collect()
    }

    /// Returns every widget that was ever loaded, oldest first.
    pub fn all_widgets(&self) -> Vec<Arc<Widget>> {
        lock(&self.world.widgets).clone()
    }

    /// Waits until something holds; checks again after every change, never by the clock.
    ///
    /// # Errors
    ///
    /// It did not hold within `limit`; `what` says what was waited for.
    pub async fn wait_for<T>(
        &self,
        what: &str,
        limit: Duration,
        mut found: impl FnMut(&Self) -> Option<T>,
    ) -> anyhow::Result<T> {
        let platform = &self.world.platform;
        platform.wait_for(what, limit, || found(self)).await
    }

    /// Waits for an open widget that `accept` likes, and returns the newest of them.
    ///
    /// # Errors
    ///
    /// None came within `limit`.
    pub async fn wait_widget(
        &self,
        what: &str,
        limit: Duration,
        accept: impl Fn(&Widget) -> bool,
    ) -> anyhow::Result<Arc<Widget>> {
        self.wait_for(what, limit, |it| {
            it.widgets().into_iter().rev().find(|it| accept(it))
        })
        .await
    }

    /// Somebody calls the account: every signed-in widget rings. Returns the session.
    pub fn ring(&self, from: &str, options: &RingOptions) -> String {
        self.world.platform.ring(from, options)
    }

    /// Says what becomes of the frames that want the widget from now on. Those that were held are let go by
    /// anything but [`Boot::Held`].
    pub fn set_widget_boot(&self, boot: Boot) {
        *lock(&self.world.boot) = boot;
        self.world.platform.changed();
    }

    /// Lets the widgets that are loaded from now on speak another language (`de-DE`).
    pub fn set_locale(&self, locale: &str) {
        *lock(&self.world.locale) = Some(locale.to_owned());
    }

    /// Picks up on a desk phone whatever rings: no widget carries the sound.
    pub fn answer(&self) {
        for call in self.world.platform.live() {
            self.world.platform.answer(&call.session_id, None);
        }
    }

    /// Ends whatever is going on.
    pub fn end(&self) {
        for call in self.world.platform.live() {
            self.world.platform.end(&call.session_id);
        }
    }

    /// Puts a call into the history that no widget saw. Returns the session.
    pub fn add_past_call(&self, past: &PastCall) -> String {
        self.world.platform.add_past_call(past)
    }
}

fn tls_config(made: &rcgen::CertifiedKey<rcgen::KeyPair>) -> anyhow::Result<RustlsConfig> {
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .context("choosing the TLS versions")?
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .context("using the certificate")?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}

async fn serve(State(world): State<Arc<World>>, request: Request) -> Response {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|it| it.to_str().ok())
        .unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default().to_owned();
    let path = request.uri().path().to_owned();
    if path == "/control" || path.starts_with("/control/") {
        return control(&world, request).await;
    }
    if host == WIDGET_HOST {
        return widget_host(&world, &path, request).await;
    }
    if host == MEDIA_HOST {
        return media_host(&world, &path, &request);
    }
    if host == READER_HOST {
        return text(
            "text/html",
            "<!doctype html><title>Recording</title><p>Sign in to listen.</p>",
        );
    }
    if let Some(site) = world.sites.iter().find(|it| it.host == host) {
        return saved_page(site, &path);
    }
    crm_host(&path)
}

// The widget's host.

async fn widget_host(world: &Arc<World>, path: &str, request: Request) -> Response {
    let file = path.rsplit('/').next().unwrap_or_default();
    let boot = *lock(&world.boot);
    match file {
        _ if boot == Boot::Unreachable => no_answer(),
        "app.html" if boot == Boot::Silent => {
            text("text/html", "<!doctype html><title>Phone</title>")
        }
        "app.html" => text("text/html", include_str!("../../assets/app.html")),
        "app.css" => text("text/css", include_str!("../../assets/app.css")),
        "app.js" => text("text/javascript", include_str!("../../assets/app.js")),
        "adapter.js" => text("text/javascript", include_str!("../../assets/adapter.js")),
        "logo.svg" => text("image/svg+xml", include_str!("../../assets/logo.svg")),
        "socket" => {
            let (mut parts, _body) = request.into_parts();
            match WebSocketUpgrade::from_request_parts(&mut parts, world).await {
                Ok(upgrade) => {
                    let world = Arc::clone(world);
                    upgrade.on_upgrade(move |socket| page(world, socket))
                }
                Err(refused) => refused.into_response(),
            }
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Ends the connection before a word was said: a body that fails at once takes the whole answer with it.
fn no_answer() -> Response {
    let failed = Err::<Vec<u8>, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset));
    Response::new(Body::from_stream(futures_util::stream::iter([failed])))
}

// The media's host.

/// Gives a content to whoever has the token of the moment, in the address or as a bearer.
fn media_host(world: &World, path: &str, request: &Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let in_address = query
        .split('&')
        .find_map(|it| it.strip_prefix("access_token="));
    let as_bearer = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|it| it.to_str().ok()?.strip_prefix("Bearer "));
    let token = in_address.or(as_bearer).unwrap_or_default();
    let mut response = if !world.platform.is_token(token) {
        StatusCode::UNAUTHORIZED.into_response()
    } else if let Some((kind, bytes)) = world.platform.content(path) {
        ([(header::CONTENT_TYPE, kind)], bytes).into_response()
    } else {
        StatusCode::NOT_FOUND.into_response()
    };
    response.headers_mut().insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    response
}

/// The life of one widget page: its first line says what it is, then lines go both ways.
async fn page(world: Arc<World>, mut socket: WebSocket) {
    let Some(Ok(Message::Text(first))) = socket.recv().await else {
        return;
    };
    let first: Value = serde_json::from_str(&first).unwrap_or_default();
    let Some(hello) = first.get("hello") else {
        return;
    };
    let facts = Facts::from_hello(hello);
    if !held(&world, &mut socket).await {
        return;
    }
    let (out, mut lines) = mpsc::unbounded_channel::<Value>();
    let widget = world.open(facts, out);
    let (mut sink, mut stream) = socket.split();
    let speak = async {
        while let Some(line) = lines.recv().await {
            if sink
                .send(Message::Text(line.to_string().into()))
                .await
                .is_err()
            {
                break;
            }
        }
    };
    let hear = async {
        while let Some(Ok(message)) = stream.next().await {
            if let Message::Text(line) = message
                && let Ok(line) = serde_json::from_str(&line)
            {
                widget.on_page(&line);
            }
        }
    };
    tokio::select! {
        () = speak => {}
        () = hear => {}
    }
    widget.close();
}

/// Waits while widgets are held; what their hosts say meanwhile is lost. Returns whether the page is still there.
async fn held(world: &World, socket: &mut WebSocket) -> bool {
    let let_go = async {
        let mut is_held = || (*lock(&world.boot) != Boot::Held).then_some(());
        while world
            .platform
            .wait_for("the widgets are let go", Duration::MAX, &mut is_held)
            .await
            .is_err()
        {}
    };
    let left = async { while let Some(Ok(_)) = socket.recv().await {} };
    tokio::select! {
        biased;
        () = let_go => true,
        () = left => false,
    }
}

impl World {
    fn open(&self, facts: Facts, out: mpsc::UnboundedSender<Value>) -> Arc<Widget> {
        let facts = Facts {
            language: lock(&self.locale).clone().unwrap_or(facts.language),
            utc_offset: self.utc_offset.unwrap_or(facts.utc_offset),
            build: self.build,
            ..facts
        };
        let partition = {
            let mut partitions = lock(&self.partitions);
            let partition = partitions
                .entry(facts.partition.clone())
                .or_insert_with(|| {
                    let partition = Partition::new(&facts.partition);
                    partition.stored().signed_in = self.signed_in;
                    Arc::new(partition)
                });
            Arc::clone(partition)
        };
        let id = {
            let mut next = lock(&self.next);
            *next += 1;
            *next
        };
        // The page shows its number in its markup, for whoever wonders which one it is.
        let _heard = out.send(json!({ "id": id })).is_ok();
        let widget = Widget::boot(id, &self.platform, &partition, facts, out);
        lock(&self.widgets).push(Arc::clone(&widget));
        self.platform.changed();
        widget
    }

    fn open_widgets(&self) -> Vec<Arc<Widget>> {
        lock(&self.widgets)
            .iter()
            .filter(|it| it.is_open())
            .cloned()
            .collect()
    }

    fn state(&self) -> Value {
        let widgets: Vec<Value> = self
            .open_widgets()
            .iter()
            .map(|it| {
                let transcript = it.transcript();
                json!({
                    "id": it.id(), "partition": it.partition().id(), "signedIn": it.is_signed_in(),
                    "service": it.service().name(), "attached": it.is_attached(), "autoLog": it.auto_log(),
                    "contacts": it.contacts().len(), "requests": transcript.requests.len(),
                    "missed": transcript.missed().count(), "faults": transcript.faults,
                    "warnings": transcript.warnings,
                })
            })
            .collect();
        let calls: Vec<Value> = self
            .platform
            .live()
            .iter()
            .map(crate::platform::Call::active)
            .collect();
        let history: Vec<Value> = self
            .platform
            .history()
            .iter()
            .map(|it| it.logged(&self.platform.media(), false))
            .collect();
        json!({ "widgets": widgets, "calls": calls, "history": history })
    }
}
