//! What can be listened to and looked at: recordings, voicemails, faxes. Their addresses, and the token that opens them.

use std::time::Duration;

use tokio::time::Instant;

use super::{ACCOUNT_ID, EXTENSION_ID, Platform};
use crate::partition::lock;

/// The host that has the contents.
pub const MEDIA_HOST: &str = "media.example-phone.test";
/// The host whose pages play them for somebody who is signed in there.
pub const READER_HOST: &str = "reader.example-phone.test";
/// What every access token begins with; it must never leave a host that was not asked for it.
pub const ACCESS_TOKEN: &str = "demo-access-token";
/// How long a token opens anything.
pub const TOKEN_LIVES: Duration = Duration::from_secs(15 * 60);

/// The tokens of the account: one is good at a time.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    issued: u64,
    since: Option<Instant>,
    /// Whether even the good one opens nothing.
    refused: bool,
    /// `:port` behind the hosts' names, where they are really served.
    port: String,
}

/// The addresses as they are now, with the token that is good now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    token: String,
    port: String,
}

impl Media {
    /// Returns the address of a content; `with_token` opens it to everybody for some minutes.
    #[must_use]
    pub fn address(&self, path: &str, with_token: bool) -> String {
        let bare = format!("https://{MEDIA_HOST}{}{path}", self.port);
        if with_token {
            format!("{bare}?access_token={}", self.token)
        } else {
            bare
        }
    }

    /// Returns the address of the page that plays a content.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        let media = self
            .address(path, false)
            .replace(':', "%3A")
            .replace('/', "%2F");
        format!("https://{READER_HOST}{}/?media={media}", self.port)
    }
}

/// Returns where a recording's content is.
pub(super) fn recording_path(recording: &str) -> String {
    format!("/restapi/v1.0/account/{ACCOUNT_ID}/recording/{recording}/content")
}

/// Returns where the content of a message's attachment is.
pub(super) fn attachment_path(message: u64, attachment: u64) -> String {
    format!(
        "/restapi/v1.0/account/{ACCOUNT_ID}/extension/{EXTENSION_ID}/message-store/{message}/content/{attachment}"
    )
}

impl Platform {
    /// Says at which port the media hosts are served; without it their addresses lead nowhere.
    pub fn serve_media_at(&self, port: u16) {
        lock(&self.tokens).port = format!(":{port}");
    }

    /// Returns the addresses and the token of this moment; an old token is replaced by a new one.
    pub fn media(&self) -> Media {
        let mut tokens = lock(&self.tokens);
        if tokens.since.is_none_or(|it| it.elapsed() >= TOKEN_LIVES) {
            tokens.issued += 1;
            tokens.since = Some(Instant::now());
        }
        Media {
            token: format!("{ACCESS_TOKEN}-{}", tokens.issued),
            port: tokens.port.clone(),
        }
    }

    /// Makes the token that was given away worthless, as if its minutes were over.
    pub fn expire_token(&self) {
        lock(&self.tokens).since = None;
    }

    /// Lets the media host refuse every token, as when its minutes are over before it is used; or take the good
    /// one again.
    pub fn refuse_tokens(&self, refused: bool) {
        lock(&self.tokens).refused = refused;
    }

    /// Returns whether a token opens anything now.
    pub fn is_token(&self, token: &str) -> bool {
        let tokens = lock(&self.tokens);
        let lives = tokens.since.is_some_and(|it| it.elapsed() < TOKEN_LIVES);
        lives && !tokens.refused && token == format!("{ACCESS_TOKEN}-{}", tokens.issued)
    }

    /// Returns the type and the bytes of what is at `path` of the media host, if anything is.
    pub fn content(&self, path: &str) -> Option<(&'static str, Vec<u8>)> {
        let is_recording = self
            .history()
            .iter()
            .filter_map(|it| it.recording.as_deref())
            .any(|it| recording_path(it) == path);
        if is_recording {
            return Some(("audio/mpeg", silence()));
        }
        self.messages()
            .iter()
            .find_map(|it| it.content(path, silence))
    }
}

/// A few frames of MPEG audio in which nothing is heard.
fn silence() -> Vec<u8> {
    // 128 kbit/s at 44.1 kHz: a frame is 417 bytes, of which four are the header.
    const FRAME: usize = 417;
    let mut frame = vec![0xff, 0xfb, 0x90, 0x00];
    frame.resize(FRAME, 0);
    frame.repeat(8)
}
