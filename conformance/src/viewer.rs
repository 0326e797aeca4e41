//! A browser that looks at pages, without a screen and without a card: for what pages are like, not for who
//! logs in.

mod escort;

use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use thiserror::Error;

pub use escort::{Escort, Papers};

use crate::devtools::{self, DevTools, chromium};
use crate::packages::{Missing, locate};
use crate::run::Running;

/// How long anything may take that is asked of the browser. It takes a second at most.
const LIMIT: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(10);

/// Chromium, until it is dropped.
pub struct Viewer {
    browser: DevTools,
    session: String,
    _process: Running,
    _folder: TempDir,
}

/// Why a page was not seen.
#[derive(Debug, Error)]
pub enum ViewerError {
    /// The browser is not installed.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// It could not be started.
    #[error("chromium could not be started: {0}")]
    Io(#[from] std::io::Error),
    /// It does not do what it is told.
    #[error("chromium: {0}")]
    Browser(String),
    /// The page is not there.
    #[error("chromium does not show {url}: {why}")]
    Page {
        /// What it was to show.
        url: String,
        /// What it says.
        why: String,
    },
}

impl From<devtools::Error> for ViewerError {
    fn from(error: devtools::Error) -> Self {
        Self::Browser(error.to_string())
    }
}

impl Viewer {
    /// Starts the browser. It keeps everything in a folder of its own, and trusts every server.
    pub fn start() -> Result<Self, ViewerError> {
        locate("chromium")?;
        let folder = tempfile::tempdir()?;
        let mut process = Running::new(
            Command::new(locate("sh")?)
                .args(["-c", chromium::BECOME, "sh"])
                .args(chromium::command(folder.path(), SWITCHES))
                .env_clear()
                .env("PATH", std::env::var_os("PATH").unwrap_or_default())
                .env("HOME", folder.path())
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .process_group(0)
                .spawn()?,
        );
        let (browser, session) = chromium::speak_with(&mut process, Instant::now() + LIMIT)?;
        Ok(Self {
            browser,
            session,
            _process: process,
            _folder: folder,
        })
    }

    /// Shows a page, and waits until all of it is there.
    pub fn open(&mut self, url: &str) -> Result<(), ViewerError> {
        let navigated = self.call("Page.navigate", json!({"url": url}))?;
        if let Some(why) = navigated.get("errorText").and_then(Value::as_str) {
            return Err(ViewerError::Page {
                url: url.to_owned(),
                why: why.to_owned(),
            });
        }
        self.wait_until("document.readyState === 'complete'")
    }

    /// Waits until an expression of JavaScript is true.
    pub fn wait_until(&mut self, expression: &str) -> Result<(), ViewerError> {
        let deadline = Instant::now() + LIMIT;
        while self.evaluate(expression)? != json!(true) {
            if deadline <= Instant::now() {
                return Err(ViewerError::Browser(format!("never so: {expression}")));
            }
            thread::sleep(POLL);
        }
        Ok(())
    }

    /// The value of an expression of JavaScript, on the page. Promises are waited for.
    pub fn evaluate(&mut self, expression: &str) -> Result<Value, ViewerError> {
        let script = json!({
            "expression": expression,
            "awaitPromise": true,
            "returnByValue": true,
        });
        let answer = self.call("Runtime.evaluate", script)?;
        match answer.get("exceptionDetails") {
            Some(details) => Err(ViewerError::Browser(details.to_string())),
            None => Ok(answer.pointer("/result/value").cloned().unwrap_or_default()),
        }
    }

    /// Makes the window this wide, in CSS pixels.
    pub fn set_width(&mut self, width: u32) -> Result<(), ViewerError> {
        let metrics = json!({
            "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false,
        });
        self.call("Emulation.setDeviceMetricsOverride", metrics)?;
        Ok(())
    }

    /// A picture of the whole page: PNG, as base64.
    pub fn picture(&mut self) -> Result<String, ViewerError> {
        let how = json!({"format": "png", "captureBeyondViewport": true});
        let shot = self.call("Page.captureScreenshot", how)?;
        let data = shot.get("data").and_then(Value::as_str);
        Ok(data.unwrap_or_default().to_owned())
    }

    fn call(&mut self, method: &'static str, parameters: Value) -> Result<Value, ViewerError> {
        let deadline = Instant::now() + LIMIT;
        let session = self.session.clone();
        let called = self
            .browser
            .call(method, parameters, Some(&session), deadline);
        Ok(called?)
    }
}

const SWITCHES: &[&str] = &[
    "--headless=new",
    "--ignore-certificate-errors",
    // A page is as wide as its window then, as it is on a telephone.
    "--hide-scrollbars",
];
