//! How a file of an entry is shown.

use crate::protocol::book::FileView;
use crate::protocol::stored::MediaState;

/// How a file that is kept is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// It plays in the page.
    Player,
    /// It is a picture.
    Picture,
    /// It can be saved to the disk.
    Download,
    /// It is not kept.
    Nowhere,
}

/// Returns how a file is shown.
pub fn shown(file: &FileView) -> Shown {
    match file.media {
        Some((_, MediaState::Kept)) if file.kind.starts_with("audio/") => Shown::Player,
        Some((_, MediaState::Kept)) if is_picture(&file.kind) => Shown::Picture,
        Some((_, MediaState::Kept)) => Shown::Download,
        _ => Shown::Nowhere,
    }
}

/// Pictures that hold nothing but pixels.
fn is_picture(kind: &str) -> bool {
    ["image/png", "image/jpeg", "image/gif", "image/webp"].contains(&kind)
}

/// Returns the message key that says why a file is not kept; `None` where there is nothing to say.
pub fn why_not_kept(file: &FileView) -> Option<&'static str> {
    match file.media.as_ref().map(|(_, state)| *state) {
        Some(MediaState::Expired) => Some("file_expired"),
        Some(MediaState::TooLarge) => Some("file_too_large"),
        Some(MediaState::NotAllowed) => Some("file_not_allowed"),
        Some(MediaState::Failed) => Some("file_failed"),
        None if file.link.is_none() => Some("file_nowhere"),
        Some(MediaState::Kept) | None => None,
    }
}

/// A file that was said to be kept and is not there.
pub const GONE: &str = "file_gone";

#[cfg(test)]
mod tests {
    use super::{Shown, shown, why_not_kept};
    use crate::protocol::book::FileView;
    use crate::protocol::stored::MediaState;

    #[test]
    fn a_file_is_played_shown_saved_or_explained() {
        use MediaState::{Expired, Failed, Kept, NotAllowed, TooLarge};
        for (kind, state, link, how, why) in [
            ("audio/mpeg", Some(Kept), false, Shown::Player, None),
            ("image/png", Some(Kept), false, Shown::Picture, None),
            // A drawing can hold scripts.
            ("image/svg+xml", Some(Kept), false, Shown::Download, None),
            ("application/pdf", Some(Kept), true, Shown::Download, None),
            (
                "audio/mpeg",
                Some(Expired),
                true,
                Shown::Nowhere,
                Some("file_expired"),
            ),
            (
                "",
                Some(TooLarge),
                true,
                Shown::Nowhere,
                Some("file_too_large"),
            ),
            (
                "",
                Some(NotAllowed),
                true,
                Shown::Nowhere,
                Some("file_not_allowed"),
            ),
            ("", Some(Failed), true, Shown::Nowhere, Some("file_failed")),
            ("audio/mpeg", None, true, Shown::Nowhere, None),
            (
                "audio/mpeg",
                None,
                false,
                Shown::Nowhere,
                Some("file_nowhere"),
            ),
        ] {
            let file = FileView {
                kind: kind.to_owned(),
                media: state.map(|state| ("m1".to_owned(), state)),
                link: link.then(|| "https://media.example/".to_owned()),
                ..FileView::default()
            };
            assert_eq!(shown(&file), how, "{file:?}");
            assert_eq!(why_not_kept(&file), why, "{file:?}");
        }
    }
}
