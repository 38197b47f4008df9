//! The driver process of a browser.

use std::process::Stdio;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::wait::LIMIT;

/// A running chromedriver or geckodriver; it ends with this value.
#[derive(Debug)]
pub(crate) struct Driver {
    /// Where it listens.
    pub(crate) url: String,
    child: Child,
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(id) = self.child.id() {
            let group = format!("-{id}");
            drop(
                std::process::Command::new("kill")
                    .args(["-KILL", "--", &group])
                    .status(),
            );
        }
    }
}

impl Driver {
    /// Starts `program` on a free port.
    pub(crate) async fn start(program: &str, arguments: &[&str]) -> Result<Self> {
        let child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // The browser is in the driver's group: with the group it ends too.
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {program}"))?;
        // From here on the process ends with the value, whatever happens.
        let mut driver = Self {
            url: String::new(),
            child,
        };
        let stdout = driver
            .child
            .stdout
            .take()
            .context("the driver has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        let port = tokio::time::timeout(LIMIT, async {
            while let Some(line) = lines.next_line().await? {
                if let Some(port) = port_in(&line) {
                    return Ok(port);
                }
            }
            anyhow::bail!("{program} ended at once")
        })
        .await
        .with_context(|| format!("{program} does not say its port"))??;
        // The driver goes on writing: nobody may close the pipe before its end.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        driver.url = format!("http://127.0.0.1:{port}");
        Ok(driver)
    }
}

/// Reads "… was started successfully on port 1." and "Listening on 127.0.0.1:1".
fn port_in(line: &str) -> Option<u16> {
    let (_, rest) = line
        .split_once("successfully on port ")
        .or_else(|| line.split_once("Listening on 127.0.0.1:"))?;
    rest.trim_end_matches('.').parse().ok()
}
