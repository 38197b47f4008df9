//! The widget's own addresses, from the user's settings.

use std::fmt::{self, Write as _};

use crate::address::Address;
use crate::protocol::stored::GlobalSettings;

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

/// Returns the address of the widget for a frame of our own.
pub fn app(global: &GlobalSettings) -> String {
    format!(
        "{}/app.html?{}fromAdapter=1",
        global.widget_base,
        parameters(global)
    )
}

/// Returns the address of RingCentral's own adapter.
pub fn adapter(global: &GlobalSettings) -> String {
    let mut address = format!("{}/adapter.js", global.widget_base);
    let parameters = parameters(global);
    if let Some(parameters) = parameters.strip_suffix('&') {
        // Writing to a string cannot fail.
        let _: fmt::Result = write!(address, "?{parameters}");
    }
    address
}

/// Returns the redirect address to register with a client id of one's own.
pub fn redirect(global: &GlobalSettings) -> String {
    format!("{}/redirect.html", global.widget_base)
}

/// Returns a picture as an address that holds it whole: the widget's page may not load files of ours.
pub fn picture(svg: &str) -> String {
    format!("data:image/svg+xml,{}", encoded(svg))
}

/// Each parameter with `&` behind it.
///
/// Flags count by their presence, so one that is off must not appear at all.
fn parameters(global: &GlobalSettings) -> String {
    let mut out = String::new();
    let mut add = |name: &str, value: &str| {
        if !value.is_empty() {
            // Writing to a string cannot fail.
            let _: fmt::Result = write!(out, "{name}={}&", encoded(value));
        }
    };
    add("clientId", &global.client_id);
    add("appServer", &global.app_server);
    if global.auto_log_calls {
        add("defaultAutoLogCallEnabled", "1");
    }
    if global.auto_log_messages {
        add("defaultAutoLogMessageEnabled", "1");
    }
    out
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
    use super::{AddressError, adapter, app, checked, origin};
    use crate::protocol::stored::GlobalSettings;

    #[test]
    fn the_widget_gets_what_the_user_set_and_nothing_that_is_off() {
        let global = GlobalSettings {
            widget_base: "https://widget.example/v1".to_owned(),
            client_id: "a b".to_owned(),
            auto_log_calls: false,
            ..GlobalSettings::default()
        };
        assert_eq!(
            app(&global),
            "https://widget.example/v1/app.html?clientId=a%20b&fromAdapter=1"
        );
        assert_eq!(
            adapter(&global),
            "https://widget.example/v1/adapter.js?clientId=a%20b"
        );
        assert_eq!(origin(&global), "https://widget.example");
    }

    #[test]
    fn calls_are_logged_by_themselves_from_the_first_boot() {
        assert!(app(&GlobalSettings::default()).contains("?defaultAutoLogCallEnabled=1&"));
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
