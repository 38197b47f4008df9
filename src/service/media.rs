//! Files of entries, downloaded while their token is good.

use super::ports::{Browser, MediaLimits, Store};
use super::{Done, Service};
use crate::media;
use crate::phone::Numbering;
use crate::protocol::stored::{LogState, Media, MediaState};

/// How long all downloads of one request may take: the widget waits for fifteen seconds.
const TIME_MS: u32 = 10_000;
/// With less than this left, a download is not begun; the next request brings the file again.
const LEAST_MS: u32 = 500;
/// The most files of one request.
const MOST_FILES: usize = 20;
const MEGABYTE: u32 = 1_000_000;

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// Downloads files of an entry, as `(id, address with a token)`, and writes into the entry how it
    /// went. A file that is kept, or too large, is not downloaded again; one that failed is, for each
    /// request brings a new token. Whether the user wants it is for the caller to say.
    pub(super) async fn keep_files(&self, entry_key: &str, files: &[(&str, &str)]) -> Done<()> {
        let global = self.store.settings().await?.global;
        let began = self.browser.now();
        for (id, url) in files.iter().take(MOST_FILES) {
            if !media::may_download(url, &global) {
                continue;
            }
            // Another tab may have brought the same file meanwhile.
            let Some(entry) = self.store.log(entry_key).await? else {
                return Ok(());
            };
            let known = entry.media.iter().find(|it| it.id == *id);
            if known.is_some_and(|it| matches!(it.state, MediaState::Kept | MediaState::TooLarge)) {
                continue;
            }
            let used = u32::try_from(self.browser.now() - began).unwrap_or(TIME_MS);
            let left = TIME_MS.saturating_sub(used);
            if left < LEAST_MS {
                return Ok(());
            }
            let limits = MediaLimits {
                bytes: global.media_limit_mb.saturating_mul(MEGABYTE),
                ms: left,
            };
            let key = media::key_of(entry_key, id);
            let kept = Media {
                id: (*id).to_owned(),
                ..self.browser.keep_media(url, &key, limits).await
            };
            if known != Some(&kept) {
                self.write_media(entry_key, kept).await?;
            }
        }
        Ok(())
    }

    async fn write_media(&self, entry_key: &str, kept: Media) -> Done<()> {
        let now = self.browser.now();
        let entry = self
            .store
            .update_log(entry_key, |entry| {
                let mut entry = entry.unwrap_or_default();
                if entry.key == entry_key && entry.state != LogState::Deleted {
                    entry.media.retain(|it| it.id != kept.id);
                    entry.media.push(kept.clone());
                    entry.updated_at = now;
                }
                entry
            })
            .await?;
        if !entry.media.contains(&kept) {
            // The user deleted the entry meanwhile.
            self.browser.drop_media(&kept.key).await;
        }
        self.browser.announce();
        Ok(())
    }
}
