//! One Firefox that runs: its page is opened, read, followed and looked at.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Instant;

use serde_json::{Value, json};

use super::marionette::{Error, Marionette};
use super::{Holder, LIMIT, POLL, PROFILE, in_its_own_window, lines, navigate};
use crate::action::ActionError;
use crate::clients::nss;
use crate::run::Running;
use crate::workbench::Workbench;

/// In the profile: which port Marionette found free.
const PORT_FILE: &str = "MarionetteActivePort";

/// What Firefox would otherwise do besides: updates, studies, questions, the network.
const PREFERENCES: &str = include_str!("user.js");

/// The user enters the PIN once. Who is asked again gives up.
const USER: &str = include_str!("user-with-pin.js");

/// Firefox, until it is dropped.
pub struct Firefox {
    browser: Marionette,
    _process: Running,
}

impl Firefox {
    /// Starts in the home of this workbench's clients. It trusts the certifier, and has the card in the
    /// reader; who is asked for a PIN types this one, once.
    ///
    /// # Errors
    /// It is not installed, or does not start.
    pub fn with_card(workbench: &Workbench, pin: &str) -> Result<Self, ActionError> {
        nss::set_up_database(workbench, PROFILE)?;
        Self::start(workbench, PROFILE, Holder::AnswersDialog(pin))
    }

    /// Starts with the database of NSS in this folder.
    pub(super) fn start(
        workbench: &Workbench,
        profile: &str,
        holder: Holder<'_>,
    ) -> Result<Self, ActionError> {
        let profile = workbench.folder().join(profile);
        fs::write(profile.join("user.js"), PREFERENCES)?;
        // Of an earlier one.
        let _ = fs::remove_file(profile.join(PORT_FILE));
        let mut process = workbench
            .client("firefox-esr")
            .argument("--headless")
            .arguments(["--marionette", "--remote-allow-system-access"])
            .arguments(["--no-remote", "--profile"])
            .argument(&profile)
            .environment("MOZ_CRASHREPORTER_DISABLE", "1")
            .start()?;
        let port = wait_for_marionette(&mut process, &profile)?;
        let browser = begin_session(port, holder).map_err(refused)?;
        Ok(Self {
            browser,
            _process: process,
        })
    }

    /// Opens a page: its address and its words, or the error that the browser shows in its place.
    ///
    /// # Errors
    /// The browser does not do what it is told.
    pub fn open(&mut self, url: &str) -> Result<String, ActionError> {
        self.told(|browser| Ok(lines(&navigate(browser, url)?)))
    }

    /// Follows the first link with these words: the address and the words of the page that it leads to.
    ///
    /// # Errors
    /// There is no such link, or the browser does not do what it is told.
    pub fn follow(&mut self, link: &str) -> Result<String, ActionError> {
        self.told(|browser| {
            let sought = json!({"using": "link text", "value": link});
            let found = browser.call("WebDriver:FindElement", &sought)?;
            let element = found.get("value").and_then(Value::as_object);
            let element = element.and_then(|fields| fields.values().next());
            // A click returns before the next page is there, and nobody could tell it from this one.
            let target = json!({"id": element, "name": "href"});
            let target = browser.call("WebDriver:GetElementProperty", &target)?;
            Ok(lines(&navigate(browser, &lines(&target))?))
        })
    }

    /// A picture of the whole page: PNG, as base64.
    ///
    /// # Errors
    /// The browser does not do what it is told.
    pub fn picture(&mut self) -> Result<String, ActionError> {
        self.told(|browser| {
            let shot = browser.call("WebDriver:TakeScreenshot", &json!({"full": true}))?;
            Ok(lines(&shot))
        })
    }

    /// Has the browser do something.
    pub(super) fn told<T>(
        &mut self,
        what: impl FnOnce(&mut Marionette) -> Result<T, Error>,
    ) -> Result<T, ActionError> {
        what(&mut self.browser).map_err(refused)
    }
}

/// The port at which it can be told what to do.
fn wait_for_marionette(process: &mut Running, profile: &Path) -> Result<u16, ActionError> {
    let deadline = Instant::now() + LIMIT;
    loop {
        if process.has_ended() {
            return Err(wrong("it ended at once".to_owned()));
        }
        if deadline <= Instant::now() {
            return Err(wrong(format!("it offers no Marionette for {LIMIT:?}")));
        }
        let port = fs::read_to_string(profile.join(PORT_FILE)).ok();
        match port.and_then(|port| port.trim().parse().ok()) {
            Some(port) => return Ok(port),
            None => thread::sleep(POLL),
        }
    }
}

fn begin_session(port: u16, holder: Holder<'_>) -> Result<Marionette, Error> {
    let mut browser = Marionette::connect(port, LIMIT)?;
    let prompts = match holder {
        // The script does.
        Holder::AnswersDialog(_) => "ignore",
        Holder::Types => "accept",
    };
    let capabilities = json!({"unhandledPromptBehavior": prompts});
    browser.call("WebDriver:NewSession", &capabilities)?;
    let milliseconds = u64::try_from(LIMIT.as_millis()).unwrap_or(u64::MAX);
    browser.call("WebDriver:SetTimeouts", &json!({"pageLoad": milliseconds}))?;
    if let Holder::AnswersDialog(pin) = holder {
        in_its_own_window(&mut browser, USER, &[pin])?;
    }
    Ok(browser)
}

fn refused(error: Error) -> ActionError {
    wrong(format!("Marionette: {error}"))
}

fn wrong(what: String) -> ActionError {
    ActionError::Wrong {
        program: "firefox-esr",
        what,
    }
}
