//! Waiting for a condition, never for a time.

use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::{Instant, sleep};

/// How long anything may take before it counts as not happening at all.
pub const LIMIT: Duration = Duration::from_secs(30);

/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(40);

/// Waits until `look` finds what is `wanted` and returns it.
pub async fn until<T>(wanted: &str, mut look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let end = Instant::now() + LIMIT;
    let mut last: Option<anyhow::Error>;
    loop {
        match look().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => last = None,
            // A document that is being replaced cannot be asked: that is not the end of the wait.
            Err(error) => last = Some(error),
        }
        if Instant::now() > end {
            match last {
                Some(error) => return Err(error.context(format!("waited in vain: {wanted}"))),
                None => bail!("waited in vain: {wanted}"),
            }
        }
        sleep(LOOK).await;
    }
}
