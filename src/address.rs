//! Addresses taken apart by hand: the few parts that matter, without the weight of a URL library.

use switchboard_rules::address::Place;
use switchboard_rules::pieces::{before, contains, cut, cut_last, find_any, joined, pieces};

/// An absolute address, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address<'a> {
    /// `https`, `http`, in the case it was written.
    pub scheme: &'a str,
    /// The host, without port and credentials.
    pub host: &'a str,
    /// The port, where one is stated; empty otherwise.
    pub port: &'a str,
    /// The path, beginning with `/`.
    pub path: &'a str,
    /// The query without `?`, empty if there is none.
    pub query: &'a str,
    /// The fragment without `#`, empty if there is none.
    pub fragment: &'a str,
}

impl<'a> Address<'a> {
    /// Takes an absolute `http` or `https` address apart; anything else gives nothing.
    pub fn parse(url: &'a str) -> Option<Self> {
        let (scheme, rest) = cut(url, "://")?;
        if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
            return None;
        }
        let (rest, fragment) = cut(rest, "#").unwrap_or((rest, ""));
        let (rest, query) = cut(rest, "?").unwrap_or((rest, ""));
        let authority = before(rest, "/");
        let path = match rest.get(authority.len()..)? {
            "" => "/",
            path => path,
        };
        let authority = cut_last(authority, b'@').map_or(authority, |(_, it)| it);
        let (host, port) = match cut_last(authority, b':') {
            Some((host, port)) if port.bytes().all(|it| it.is_ascii_digit()) => (host, port),
            _ => (authority, ""),
        };
        (!host.is_empty()).then_some(Self {
            scheme,
            host,
            port,
            path,
            query,
            fragment,
        })
    }

    /// Returns the origin as browsers write it: `https://crm.example`, with the port where it is not the scheme's own.
    pub fn origin(&self) -> String {
        let mut origin = self.scheme.to_ascii_lowercase();
        let usual = match origin.as_str() {
            "http" => "80",
            _ => "443",
        };
        origin.push_str("://");
        origin.push_str(self.host);
        origin.make_ascii_lowercase();
        if !self.port.is_empty() && self.port != usual {
            origin.push(':');
            origin.push_str(self.port);
        }
        origin
    }

    /// Returns whether two addresses have one origin.
    pub fn is_same_site(&self, other: &Address<'_>) -> bool {
        self.host.eq_ignore_ascii_case(other.host)
            && (self.scheme == other.scheme && self.port == other.port
                || self.origin() == other.origin())
    }

    /// Returns the parts that site rules look at.
    pub fn place(&self) -> Place<'a> {
        Place {
            host: self.host,
            path: self.path,
            query: self.query,
            fragment: self.fragment,
        }
    }

    /// Returns the absolute address of a link that stands on this page; nothing for `tel:`, `javascript:` and their like.
    pub fn join(&self, link: &str) -> Option<String> {
        let link = link.trim();
        if Address::parse(link).is_some() {
            return Some(link.to_owned());
        }
        if contains(before(link, "/?#"), ":") {
            return None;
        }
        if link.starts_with("//") {
            return Some(joined(&[self.scheme, ":", link]));
        }
        let origin = self.origin();
        if link.is_empty() || link.starts_with('#') {
            let mark = if self.query.is_empty() { "" } else { "?" };
            return Some(joined(&[&origin, self.path, mark, self.query, link]));
        }
        if link.starts_with('?') {
            return Some(joined(&[&origin, self.path, link]));
        }
        let end = find_any(link, "?#").unwrap_or(link.len());
        let (path, rest) = link.split_at_checked(end)?;
        let folder = match cut_last(self.path, b'/') {
            Some((folder, _)) if !path.starts_with('/') => folder,
            _ => "",
        };
        let mut out = origin;
        let start = out.len();
        for segment in pieces(folder, "/").chain(pieces(path, "/")) {
            match segment {
                "." => {}
                ".." => {
                    let kept = out.get(start..).and_then(|it| cut_last(it, b'/'));
                    out.truncate(start + kept.map_or(0, |(before, _)| before.len()));
                }
                _ => {
                    out.push('/');
                    out.push_str(segment);
                }
            }
        }
        if out.len() == start || path.ends_with('/') {
            out.push('/');
        }
        out.push_str(rest);
        Some(out)
    }
}
