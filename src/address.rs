//! Addresses taken apart by hand: the few parts that matter, without the weight of a URL library.

use switchboard_rules::address::Place;

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
        let (scheme, rest) = url.split_once("://")?;
        if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
            return None;
        }
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at_checked(at)?,
            None => (rest, "/"),
        };
        let authority = authority.rsplit_once('@').map_or(authority, |(_, it)| it);
        let (host, port) = match authority.rsplit_once(':') {
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
        let scheme = self.scheme.to_ascii_lowercase();
        let host = self.host.to_ascii_lowercase();
        match (scheme.as_str(), self.port) {
            (_, "") | ("http", "80") | ("https", "443") => format!("{scheme}://{host}"),
            (_, port) => format!("{scheme}://{host}:{port}"),
        }
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
        let before_path = link.split(['/', '?', '#']).next().unwrap_or("");
        if before_path.contains(':') {
            return None;
        }
        let origin = self.origin();
        if let Some(rest) = link.strip_prefix("//") {
            return Some(format!("{}://{rest}", self.scheme));
        }
        let query = |text: &str| {
            if text.is_empty() {
                String::new()
            } else {
                format!("?{text}")
            }
        };
        if link.is_empty() || link.starts_with('#') {
            return Some(format!("{origin}{}{}{link}", self.path, query(self.query)));
        }
        if link.starts_with('?') {
            return Some(format!("{origin}{}{link}", self.path));
        }
        let (path, rest) = match link.find(['?', '#']) {
            Some(at) => link.split_at_checked(at)?,
            None => (link, ""),
        };
        let folder = if path.starts_with('/') {
            ""
        } else {
            self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
        };
        let mut segments: Vec<&str> = Vec::new();
        for segment in folder
            .split('/')
            .chain(path.split('/'))
            .filter(|it| !it.is_empty())
        {
            match segment {
                "." => {}
                ".." => {
                    segments.pop();
                }
                _ => segments.push(segment),
            }
        }
        let slash = if path.ends_with('/') && !segments.is_empty() {
            "/"
        } else {
            ""
        };
        Some(format!("{origin}/{}{slash}{rest}", segments.join("/")))
    }
}
