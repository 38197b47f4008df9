//! The server over a real socket, as far as it goes without a browser.

#![allow(
    clippy::unwrap_used,
    reason = "a test's helpers fail as loudly as the test itself"
)]

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use switchboard_demo::server::{CRM_HOST, OTHER_CRM_HOST};
use switchboard_demo::{Boot, Demo, Headers, Options, PastCall, crm};

#[tokio::test]
async fn it_starts_and_knows_where_everything_is() {
    let demo = Demo::start(Options::default()).await.unwrap();
    assert!(
        demo.crm_url(Headers::CspSelf, "/contacts")
            .ends_with("/csp-self/contacts")
    );
    assert!(
        demo.widget_base()
            .starts_with("https://widget.example-phone.test:")
    );
    assert_eq!(demo.spki_hash().len(), 44);
    assert!(demo.widgets().is_empty());
}

/// Fetches an address of the demo: the status line and everything after it; both empty where nothing came.
async fn fetch(demo: &Demo, url: &str) -> (String, String) {
    let (pem, port) = (demo.certificate_pem().to_owned(), demo.port());
    let inner = url.strip_prefix("https://").unwrap();
    let (authority, path) = inner.split_once('/').unwrap();
    let (host, path) = (
        authority.split(':').next().unwrap().to_owned(),
        path.to_owned(),
    );
    let got = tokio::task::spawn_blocking(move || {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from(host.clone()).unwrap();
        let tls = ClientConnection::new(Arc::new(config), name).unwrap();
        let socket = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        let mut stream = StreamOwned::new(tls, socket);
        write!(
            stream,
            "GET /{path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut bytes = Vec::new();
        // The server closes without a farewell, which is an error here and no matter.
        let _ended = stream.read_to_end(&mut bytes).is_ok();
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let got = got.await.unwrap();
    let (status, rest) = got.split_once("\r\n").unwrap_or_default();
    (status.to_owned(), rest.to_owned())
}

#[tokio::test]
async fn a_recording_opens_with_the_token_of_the_moment_alone() {
    let past = PastCall {
        recorded: true,
        ..crm::past_calls().remove(0)
    };
    let demo = Demo::start(Options {
        past: vec![past],
        past_messages: crm::past_messages(),
        ..Options::default()
    })
    .await
    .unwrap();
    let platform = demo.platform();
    let record = platform.history().remove(0);
    let address = |with_token| {
        let call = record.logged(&platform.media(), with_token);
        let recording = call.get("recording").unwrap();
        recording
            .get("contentUri")
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (with, without) = (address(true), address(false));
    let (status, rest) = fetch(&demo, &with).await;
    assert!(status.contains("200"), "{status}");
    assert!(rest.contains("content-type: audio/mpeg"), "{rest}");
    assert!(rest.len() > 3000, "there is something to hear");
    for refused in [without.clone(), format!("{without}?access_token=wrong")] {
        let (status, _) = fetch(&demo, &refused).await;
        assert!(status.contains("401"), "{refused}: {status}");
    }
    let (status, _) = fetch(&demo, &with.replace("/content?", "/nothing?")).await;
    assert!(status.contains("404"), "{status}");
    platform.expire_token();
    let (status, _) = fetch(&demo, &with).await;
    assert!(status.contains("401"), "an old token is worth nothing");
    let (status, _) = fetch(&demo, &address(true)).await;
    assert!(status.contains("200"), "{status}");

    let messages = platform.messages();
    let spoken = messages.iter().find(|it| it.transcript.is_some()).unwrap();
    let logged = spoken.logged(&platform.media(), true);
    let uri = logged
        .pointer("/attachments/0/uri")
        .unwrap()
        .as_str()
        .unwrap();
    let (status, rest) = fetch(&demo, uri).await;
    assert!(
        status.contains("200") && rest.contains("audio/mpeg"),
        "{status}"
    );
}

#[tokio::test]
async fn the_widgets_host_can_be_silent_or_gone() {
    let demo = Demo::start(Options::default()).await.unwrap();
    let address = format!("{}app.html", demo.widget_base());
    let (status, rest) = fetch(&demo, &address).await;
    assert!(status.contains("200") && rest.contains("app.js"), "{rest}");
    demo.set_widget_boot(Boot::Silent);
    let (status, rest) = fetch(&demo, &address).await;
    assert!(status.contains("200") && !rest.contains("app.js"), "{rest}");
    demo.set_widget_boot(Boot::Unreachable);
    for file in ["app.html", "adapter.js"] {
        let got = fetch(&demo, &format!("{}{file}", demo.widget_base())).await;
        assert_eq!(got, (String::new(), String::new()), "{file}");
    }
    let (status, _) = fetch(&demo, &demo.crm_url(Headers::Plain, "/contacts")).await;
    assert!(status.contains("200"), "the CRM is another host: {status}");
    demo.set_widget_boot(Boot::Normal);
    let (_, rest) = fetch(&demo, &address).await;
    assert!(rest.contains("app.js"), "{rest}");
}

#[tokio::test]
async fn both_crms_serve_every_page_under_every_header() {
    let demo = Demo::start(Options::default()).await.unwrap();
    for (headers, has) in [
        (Headers::Plain, "content-type: text/html"),
        (
            Headers::CspSelf,
            "content-security-policy: default-src 'self'",
        ),
        (
            Headers::Nonce,
            "'strict-dynamic'; style-src 'self'; frame-src 'self'",
        ),
        (Headers::TrustedTypes, "require-trusted-types-for 'script'"),
        (Headers::Isolated, "cross-origin-opener-policy: same-origin"),
        (
            Headers::Embedder,
            "cross-origin-embedder-policy: require-corp",
        ),
        (Headers::NoMicrophone, "permissions-policy: microphone=()"),
    ] {
        for path in ["/contacts", "/links", "/phone", "/hostile/removes", "/soon"] {
            for host in [CRM_HOST, OTHER_CRM_HOST] {
                let url = demo.crm_url_at(host, headers, path);
                let (status, rest) = fetch(&demo, &url).await;
                assert!(
                    status.contains("200") && rest.contains(has),
                    "{url}: {rest}"
                );
                let isolated = rest.contains("cross-origin-opener-policy");
                assert_eq!(isolated, headers == Headers::Isolated, "{url}");
            }
        }
    }
}
