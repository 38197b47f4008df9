//! Files that are downloaded while their token is good: which may be, and what they are kept under.

use crate::address::Address;
use crate::protocol::stored::GlobalSettings;

/// Where RingCentral's files are, unless another server is set.
const MEDIA_HOST: &str = "media.ringcentral.com";

/// Whether a file may be downloaded: its address holds an access token, is encrypted, and is on
/// RingCentral's media host, or on the host of the server that the user set or the media host beside it
/// (`media.x.example` beside `platform.x.example`). Nothing else is ever given a token.
pub fn may_download(url: &str, global: &GlobalSettings) -> bool {
    let Some(address) = Address::parse(url) else {
        return false;
    };
    let token = address
        .query
        .split('&')
        .any(|field| field.starts_with("access_token=") && field != "access_token=");
    // Browsers read a backslash as a slash, and this reader does not: no such address is needed.
    let plain = !url.contains(['\\', '@']) && !url.chars().any(char::is_whitespace);
    if !address.scheme.eq_ignore_ascii_case("https") || !token || !plain {
        return false;
    }
    if address.host.eq_ignore_ascii_case(MEDIA_HOST) && matches!(address.port, "" | "443") {
        return true;
    }
    let Some(server) = Address::parse(&global.app_server) else {
        return false;
    };
    let beside = server
        .host
        .strip_prefix("platform.")
        .map(|domain| format!("media.{domain}"));
    server.scheme.eq_ignore_ascii_case("https")
        && server.port == address.port
        && (server.host.eq_ignore_ascii_case(address.host)
            || beside.is_some_and(|host| host.eq_ignore_ascii_case(address.host)))
}

/// Returns the key of an entry's file in the media store.
pub fn key_of(entry: &str, id: &str) -> String {
    format!("{entry}#{id}")
}

#[cfg(test)]
mod tests {
    use super::may_download;
    use crate::protocol::stored::GlobalSettings;

    #[test]
    fn only_files_of_ringcentral_are_downloaded() {
        let own = "https://platform.rc.example:8443/";
        for (url, app_server, may) in [
            ("https://media.ringcentral.com/1?access_token=t", "", true),
            (
                "https://MEDIA.ringcentral.com/1?a=1&access_token=t",
                "",
                true,
            ),
            ("https://media.ringcentral.com/1?access_token=t", own, true),
            ("https://media.rc.example:8443/1?access_token=t", own, true),
            (
                "https://platform.rc.example:8443/1?access_token=t",
                own,
                true,
            ),
            ("https://media.rc.example/1?access_token=t", own, false),
            ("https://media.rc.example:8443/1?access_token=t", "", false),
            ("https://media.ringcentral.com/1", "", false),
            ("https://media.ringcentral.com/1?access_token=", "", false),
            ("https://media.ringcentral.com/1#?access_token=t", "", false),
            ("http://media.ringcentral.com/1?access_token=t", "", false),
            (
                "https://media.ringcentral.com.evil.example/1?access_token=t",
                "",
                false,
            ),
            (
                "https://evil.example/media.ringcentral.com?access_token=t",
                "",
                false,
            ),
            (
                "https://media.ringcentral.com@evil.example/1?access_token=t",
                "",
                false,
            ),
            (
                "https://evil.example\\@media.ringcentral.com/1?access_token=t",
                "",
                false,
            ),
            (
                "https://media.ringcentral.com:99/1?access_token=t",
                "",
                false,
            ),
            ("file:///etc/passwd?access_token=t", "", false),
            ("", "", false),
        ] {
            let global = GlobalSettings {
                app_server: app_server.to_owned(),
                ..GlobalSettings::default()
            };
            assert_eq!(may_download(url, &global), may, "{url}");
        }
    }
}
