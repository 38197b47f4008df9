//! The driver process of a browser.

use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::ChildStdout;

use crate::wait::LIMIT;

/// Runs the driver until nobody holds the shell's input any more, then ends the driver and its browser.
/// So nothing is left running, however the test comes to its end.
const UNTIL_LEFT: &str = r#""$0" "$@" & cat; kill -KILL 0"#;

/// A running chromedriver or geckodriver; it ends with this value.
#[derive(Debug)]
pub(crate) struct Driver {
    /// Where it listens.
    pub(crate) url: String,
    shell: Child,
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        drop(self.shell.wait());
    }
}

impl Driver {
    /// Starts `program` on a free port.
    pub(crate) async fn start(program: &str, arguments: &[&str]) -> Result<Self> {
        let shell = Command::new("sh")
            .args(["-c", UNTIL_LEFT, program])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {program}"))?;
        let mut driver = Self {
            url: String::new(),
            shell,
        };
        let stdout = driver
            .shell
            .stdout
            .take()
            .context("the driver has no output")?;
        let mut lines = BufReader::new(ChildStdout::from_std(stdout)?).lines();
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
