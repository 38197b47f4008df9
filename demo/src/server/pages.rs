//! The CRM's pages and saved ones.

use std::path::{Component, Path, PathBuf};

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Headers, Site};
use crate::crm;
use crate::html::escape;

pub(super) fn crm_host(path: &str) -> Response {
    let headers = Headers::ALL
        .into_iter()
        .find(|it| {
            !it.prefix().is_empty()
                && (path == it.prefix() || path.starts_with(&format!("{}/", it.prefix())))
        })
        .unwrap_or_default();
    let rest = path.strip_prefix(headers.prefix()).unwrap_or(path);
    match rest {
        "/crm.css" => return text("text/css", include_str!("../../assets/crm.css")),
        "/crm.js" => return text("text/javascript", include_str!("../../assets/crm.js")),
        "/page-api.js" => {
            return text("text/javascript", include_str!("../../assets/page-api.js"));
        }
        "/hostile.js" => {
            return text("text/javascript", include_str!("../../assets/hostile.js"));
        }
        "/favicon.ico" => return StatusCode::NO_CONTENT.into_response(),
        "/" | "" | "/app" | "/app/" => {
            let app = if rest.starts_with("/app") { "/app" } else { "" };
            let to = format!("{}{app}/contacts", headers.prefix());
            return (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response();
        }
        _ => {}
    }
    let (base, inner) = match rest.strip_prefix("/app/") {
        Some(inner) => (format!("{}/app", headers.prefix()), format!("/{inner}")),
        None => (headers.prefix().to_owned(), rest.to_owned()),
    };
    // Fresh for every answer, as a nonce must be; that it can be guessed matters to nobody here.
    let nonce = STANDARD.encode(format!("{:?}", std::time::Instant::now()));
    let Some(page) = crm::page(&inner, &base, &nonce) else {
        return (StatusCode::NOT_FOUND, "No such page.").into_response();
    };
    let mut response = text("text/html", &page);
    headers.put(response.headers_mut(), &nonce);
    response
}

pub(super) fn saved_page(site: &Site, path: &str) -> Response {
    let file = site.pages.get(path).cloned().unwrap_or_else(|| {
        let inner = path.trim_start_matches('/');
        PathBuf::from(if inner.is_empty() {
            "index.html"
        } else {
            inner
        })
    });
    // Nothing above the directory.
    if file
        .components()
        .any(|it| !matches!(it, Component::Normal(_)))
    {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Ok(bytes) = std::fs::read(site.directory.join(&file)) else {
        return (
            StatusCode::NOT_FOUND,
            format!("No file for {}.", escape(path)),
        )
            .into_response();
    };
    let kind = match Path::new(&file).extension().and_then(|it| it.to_str()) {
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("json") => "application/json",
        _ => "text/html",
    };
    let mut response = Response::new(Body::from(bytes));
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type(kind));
    response
}

fn content_type(kind: &'static str) -> HeaderValue {
    match kind {
        "text/html" => HeaderValue::from_static("text/html; charset=utf-8"),
        "text/css" => HeaderValue::from_static("text/css; charset=utf-8"),
        "text/javascript" => HeaderValue::from_static("text/javascript; charset=utf-8"),
        other => HeaderValue::from_static(other),
    }
}

pub(super) fn text(kind: &'static str, body: &str) -> Response {
    let mut response = Response::new(Body::from(body.to_owned()));
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type(kind));
    // A stricter page may still load what is ours.
    response.headers_mut().insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("cross-origin"),
    );
    response
}
