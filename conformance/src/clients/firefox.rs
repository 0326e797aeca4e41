//! Firefox, without a screen. It is driven by Marionette, its own remote control; what that cannot
//! do, to answer the dialog that asks for the PIN, a script inside of it does.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use self::marionette::Marionette;
use super::{Driver, OPENSC, PKCS11_MODULE, Program, nss};
use crate::action::ActionError;
use crate::client_suite::{Attempt, Exit};
use crate::login::PATH;
use crate::workbench::{PORTAL_NAME, Workbench};

mod marionette;

pub(crate) const DRIVER: Driver = Driver {
    client: "firefox",
    does: "logs in to the portal",
    needs: &["firefox-esr", "certutil", "modutil", PKCS11_MODULE],
    versions: &[Program::asked("firefox-esr", &["--version"]), OPENSC],
    use_card: visit,
};

/// How long it may take to start, and how long to show a page. Each takes a few seconds.
const LIMIT: Duration = Duration::from_secs(60);

const POLL: Duration = Duration::from_millis(20);

const PROFILE: &str = "firefox";

/// In the profile: which port Marionette found free.
const PORT_FILE: &str = "MarionetteActivePort";

/// What Firefox would otherwise do besides: updates, studies, questions, the network.
const PREFERENCES: &str = include_str!("firefox/user.js");

/// The user enters the PIN once. Who is asked again gives up.
const USER: &str = include_str!("firefox/user-with-pin.js");

fn visit(workbench: &Workbench, pin: &str) -> Result<Attempt, ActionError> {
    nss::set_up_database(workbench, PROFILE)?;
    let port = workbench.portal_address().port();
    let url = format!("https://{PORTAL_NAME}:{port}{PATH}");
    browse(workbench, PROFILE, &url, pin)
}

/// Opens a page with the database of NSS in this folder. Who is asked for a PIN has this one.
pub(crate) fn browse(
    workbench: &Workbench,
    profile: &str,
    url: &str,
    pin: &str,
) -> Result<Attempt, ActionError> {
    let profile = workbench.folder().join(profile);
    fs::write(profile.join("user.js"), PREFERENCES)?;
    // Of an earlier one.
    let _ = fs::remove_file(profile.join(PORT_FILE));
    let mut firefox = workbench
        .client("firefox-esr")
        .argument("--headless")
        .arguments(["--marionette", "--remote-allow-system-access"])
        .arguments(["--no-remote", "--profile"])
        .argument(&profile)
        .environment("MOZ_CRASHREPORTER_DISABLE", "1")
        .start()?;
    let wrong = |what: String| ActionError::Wrong {
        program: "firefox-esr",
        what,
    };
    let deadline = Instant::now() + LIMIT;
    let address = loop {
        if firefox.has_ended() {
            return Err(wrong("it ended at once".to_owned()));
        }
        if deadline <= Instant::now() {
            return Err(wrong(format!("it offers no Marionette for {LIMIT:?}")));
        }
        match marionette_port(&profile) {
            Some(port) => break port,
            None => thread::sleep(POLL),
        }
    };
    drive(address, url, pin).map_err(|error| wrong(format!("Marionette: {error}")))
}

fn marionette_port(profile: &Path) -> Option<u16> {
    let text = fs::read_to_string(profile.join(PORT_FILE)).ok()?;
    text.trim().parse().ok()
}

fn drive(port: u16, url: &str, pin: &str) -> Result<Attempt, marionette::Error> {
    let mut browser = Marionette::connect(port, LIMIT)?;
    let capabilities = json!({
        "capabilities": {"alwaysMatch": {"unhandledPromptBehavior": "ignore"}}
    });
    browser.call("WebDriver:NewSession", &capabilities)?;
    let milliseconds = u64::try_from(LIMIT.as_millis()).unwrap_or(u64::MAX);
    browser.call("WebDriver:SetTimeouts", &json!({"pageLoad": milliseconds}))?;
    browser.call("Marionette:SetContext", &json!({"value": "chrome"}))?;
    let script = json!({"script": USER, "args": [pin], "sandbox": "system"});
    browser.call("WebDriver:ExecuteScript", &script)?;
    browser.call("Marionette:SetContext", &json!({"value": "content"}))?;

    let page = match browser.call("WebDriver:Navigate", &json!({"url": url})) {
        Ok(_) => page(&mut browser)?,
        Err(marionette::Error::Refused(error)) => json!([error, error_code(&mut browser)]),
        Err(error) => return Err(error),
    };
    browser.call("Marionette:SetContext", &json!({"value": "chrome"}))?;
    let script = json!({"script": "return window.cnsPrompts", "args": [], "sandbox": "system"});
    let prompts = browser.call("WebDriver:ExecuteScript", &script)?;
    Ok(Attempt {
        exit: Exit::Shows,
        text: format!("{}\n{}", lines(&prompts), lines(&page)),
    })
}

/// The code of an error on the page that tells it, such as `SSL_ERROR_BAD_CERT_ALERT`; nothing on others.
fn error_code(browser: &mut Marionette) -> Value {
    let script = "return document.getNetErrorInfo().errorCodeString";
    let script = json!({"script": script, "args": []});
    let code = browser.call("WebDriver:ExecuteScript", &script);
    code.unwrap_or(Value::Null)
}

/// The text of the page, when it is there: Navigate returns as soon as a dialog opens, and while that
/// is open no script runs.
fn page(browser: &mut Marionette) -> Result<Value, marionette::Error> {
    // The page of an error is never complete, but its address tells the error.
    const SCRIPT: &str = "const uri = document.documentURI; \
                          return uri.startsWith('about:neterror') ? uri \
                          : document.readyState === 'complete' && uri !== 'about:blank' \
                          ? uri + '\\n' + document.body.innerText : null";
    let script = json!({"script": SCRIPT, "args": []});
    let deadline = Instant::now() + LIMIT;
    loop {
        match browser.call("WebDriver:ExecuteScript", &script) {
            Ok(result) if result.get("value").is_some_and(Value::is_string) => return Ok(result),
            Ok(_) | Err(marionette::Error::Refused(_)) if Instant::now() < deadline => {
                thread::sleep(POLL);
            }
            other => return other,
        }
    }
}

/// What is in a result of Marionette, for people: texts, without quotes.
fn lines(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(|it| lines(it) + "\n").collect(),
        Value::Object(fields) => match fields.get("value") {
            Some(value) => lines(value),
            None => fields.values().map(|it| lines(it) + "\n").collect(),
        },
        other => other.to_string(),
    }
}
