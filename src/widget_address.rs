//! The widget's own addresses, from the user's settings.

use std::fmt::{self, Write as _};

use crate::HAS_PAGE_ADAPTER;
use crate::address::Address;
use crate::protocol::stored::GlobalSettings;
use crate::widget_options::{self, Options, Reader, in_force};

/// The host of RingCentral's server where the user names no other.
const DEFAULT_SERVER_HOST: &str = "platform.ringcentral.com";

/// Why an address in the settings cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// It is no absolute address.
    NotAnAddress,
    /// It is not encrypted: calls, names and tokens would travel in the clear.
    NotHttps,
}

impl AddressError {
    /// The key of the message for the user.
    pub fn message_key(self) -> &'static str {
        match self {
            Self::NotAnAddress => "problem_address",
            Self::NotHttps => "problem_address_https",
        }
    }
}

/// Returns an address of the settings without a slash at its end.
///
/// # Errors
/// It is no address, or not one of https.
pub fn checked(address: &str) -> Result<String, AddressError> {
    let address = address.trim().trim_end_matches('/');
    let parsed = Address::parse(address).ok_or(AddressError::NotAnAddress)?;
    if !parsed.scheme.eq_ignore_ascii_case("https") {
        return Err(AddressError::NotHttps);
    }
    if !parsed.query.is_empty() || !parsed.fragment.is_empty() {
        return Err(AddressError::NotAnAddress);
    }
    Ok(address.to_owned())
}

/// Returns the origin of the widget.
pub fn origin(global: &GlobalSettings) -> String {
    Address::parse(&global.widget_base)
        .map(|address| address.origin())
        .unwrap_or_default()
}

/// Returns the address of the widget for a frame of our own, on a site with these options.
pub fn app(global: &GlobalSettings, of_site: &Options) -> String {
    let mut out = format!("{}/app.html?", global.widget_base);
    for (name, value) in fixed(global) {
        add(&mut out, name, value);
    }
    for chosen in in_force(&global.widget_options, of_site) {
        if chosen.option.reader != Reader::Adapter {
            add(&mut out, chosen.option.name, &chosen.value);
        }
    }
    out.push_str("fromAdapter=1");
    out
}

/// Returns the address of RingCentral's own adapter, on a site with these options; `None` from a build
/// without it.
///
/// The page can read it. So a secret stands in it only where the user gave it to this very site.
pub fn adapter(global: &GlobalSettings, of_site: &Options) -> Option<String> {
    if !HAS_PAGE_ADAPTER {
        return None;
    }
    let mut brand = String::new();
    let mut out = String::new();
    for (name, value) in fixed(global) {
        add(&mut out, name, value);
    }
    for chosen in in_force(&global.widget_options, of_site) {
        if chosen.option.reader == Reader::Brand {
            brand = format!(".{}", chosen.value);
        } else if chosen.of_site || !chosen.option.secret {
            add(&mut out, chosen.option.name, &chosen.value);
        }
    }
    let base = &global.widget_base;
    Some(match out.strip_suffix('&') {
        Some(parameters) => format!("{base}/adapter{brand}.js?{parameters}"),
        None => format!("{base}/adapter{brand}.js"),
    })
}

/// Returns the match pattern of the server that keeps recordings, voicemails and faxes.
///
/// RingCentral and its carriers keep them at `media.` beside `platform.`
/// (`https://media.ringcentral.com/restapi/…`); another server keeps its own.
pub fn media_pattern(global: &GlobalSettings) -> String {
    let host = Address::parse(&global.app_server)
        .map_or(DEFAULT_SERVER_HOST, |it| it.host)
        .to_ascii_lowercase();
    let host = match host.strip_prefix("platform.") {
        Some(domain) => format!("media.{domain}"),
        None => host,
    };
    format!("https://{host}/*")
}

/// Returns the redirect address to register with a client id of one's own.
pub fn redirect(global: &GlobalSettings) -> String {
    format!("{}/redirect.html", global.widget_base)
}

/// Returns a picture as an address that holds it whole: the widget's page may not load files of ours.
pub fn picture(svg: &str) -> String {
    format!("data:image/svg+xml,{}", encoded(svg))
}

/// The parameters that have fields and switches of their own; flags that are off are not among them.
fn fixed(global: &GlobalSettings) -> impl Iterator<Item = (&'static str, &str)> {
    let flag = |on: bool| if on { widget_options::ON } else { "" };
    [
        ("clientId", global.client_id.as_str()),
        ("appServer", &global.app_server),
        ("defaultAutoLogCallEnabled", flag(global.auto_log_calls)),
        (
            "defaultAutoLogMessageEnabled",
            flag(global.auto_log_messages),
        ),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
}

/// Adds a parameter with `&` behind it.
fn add(out: &mut String, name: &str, value: &str) {
    // Writing to a string cannot fail.
    let _: fmt::Result = write!(out, "{name}={}&", encoded(value));
}

/// Percent-encodes everything but what RFC 3986 calls unreserved.
fn encoded(value: &str) -> String {
    value.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _: fmt::Result = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::{AddressError, app, checked, media_pattern, origin};
    use crate::protocol::stored::GlobalSettings;
    use crate::widget_options::Options;

    fn global() -> GlobalSettings {
        GlobalSettings {
            widget_base: "https://widget.example/v1".to_owned(),
            auto_log_calls: false,
            auto_log_messages: false,
            widget_options: Options::new(),
            ..GlobalSettings::default()
        }
    }

    fn adapter(global: &GlobalSettings, of_site: &Options) -> String {
        super::adapter(global, of_site).unwrap_or_default()
    }

    fn options(of: &[(&str, &str)]) -> Options {
        of.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn the_widget_gets_what_the_user_set_and_nothing_that_is_off() {
        let global = GlobalSettings {
            client_id: "a b".to_owned(),
            ..global()
        };
        assert_eq!(
            app(&global, &Options::new()),
            "https://widget.example/v1/app.html?clientId=a%20b&fromAdapter=1"
        );
        assert_eq!(
            adapter(&global, &Options::new()),
            "https://widget.example/v1/adapter.js?clientId=a%20b"
        );
        assert_eq!(origin(&global), "https://widget.example");
    }

    #[test]
    fn calls_and_messages_are_logged_by_themselves_from_the_first_boot() {
        let app = app(&GlobalSettings::default(), &Options::new());
        assert!(app.contains("?defaultAutoLogCallEnabled=1&defaultAutoLogMessageEnabled=1&"));
    }

    #[test]
    fn options_go_to_who_reads_them_and_those_of_the_site_win() {
        let global = GlobalSettings {
            widget_options: options(&[
                ("disableMeeting", "1"),
                ("disableMessages", "1"),
                ("zIndex", "9"),
                ("userAgent", "crm/1 & co"),
            ]),
            ..global()
        };
        let of_site = options(&[("disableMeeting", "false"), ("disableGlip", "false")]);
        let shared = "disableMessages=1&disableGlip=false&";
        assert_eq!(
            app(&global, &of_site),
            format!(
                "https://widget.example/v1/app.html?{shared}userAgent=crm%2F1%20%26%20co&fromAdapter=1"
            )
        );
        assert_eq!(
            adapter(&global, &of_site),
            format!(
                "https://widget.example/v1/adapter.js?{shared}zIndex=9&userAgent=crm%2F1%20%26%20co"
            )
        );
    }

    #[test]
    fn a_carrier_has_an_adapter_of_its_own() {
        let brand = options(&[("brand", "att")]);
        assert_eq!(
            adapter(&global(), &brand),
            "https://widget.example/v1/adapter.att.js"
        );
        assert_eq!(
            app(&global(), &brand),
            "https://widget.example/v1/app.html?brand=att&fromAdapter=1"
        );
    }

    #[test]
    fn a_secret_of_all_sites_is_shown_to_no_page() {
        let secret = options(&[("jwt", "abc")]);
        let global = GlobalSettings {
            widget_options: secret.clone(),
            ..global()
        };
        assert!(app(&global, &Options::new()).contains("jwt=abc"));
        assert!(!adapter(&global, &Options::new()).contains("abc"));
        assert!(adapter(&global, &secret).contains("jwt=abc"));
    }

    #[test]
    fn files_are_kept_beside_the_server() {
        for (server, pattern) in [
            ("", "https://media.ringcentral.com/*"),
            (
                "https://platform.ringcentral.com",
                "https://media.ringcentral.com/*",
            ),
            (
                "https://platform.devtest.ringcentral.com",
                "https://media.devtest.ringcentral.com/*",
            ),
            ("https://phone.example:8443/x", "https://phone.example/*"),
        ] {
            let global = GlobalSettings {
                app_server: server.to_owned(),
                ..GlobalSettings::default()
            };
            assert_eq!(media_pattern(&global), pattern, "{server}");
        }
    }

    #[test]
    fn a_base_that_would_leak_or_break_is_refused() {
        assert_eq!(
            checked(" https://w.example/x/ "),
            Ok("https://w.example/x".to_owned())
        );
        assert_eq!(checked("http://w.example"), Err(AddressError::NotHttps));
        assert_eq!(checked("w.example"), Err(AddressError::NotAnAddress));
        assert_eq!(
            checked("https://w.example/?a=1"),
            Err(AddressError::NotAnAddress)
        );
    }
}
