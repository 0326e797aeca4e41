//! Firefox, without a screen. It is driven by Marionette, its own remote control; what that cannot
//! do, to answer the dialog that asks for the PIN, a script inside of it does.

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use self::marionette::Marionette;
use super::{Driver, OPENSC, PKCS11_MODULE, Program, nss};
use crate::action::ActionError;
use crate::client_suite::{Attempt, Exit};
use crate::login::PATH;
use crate::workbench::{PORTAL_NAME, ReaderKind, Workbench};

mod marionette;
mod window;

pub use window::Firefox;

pub(crate) const DRIVER: Driver = Driver {
    client: "firefox",
    does: "logs in to the portal",
    needs: NEEDS,
    versions: VERSIONS,
    reader: ReaderKind::Vpcd,
    use_card: |workbench, pin| visit(workbench, Holder::AnswersDialog(pin)),
};

/// The holder types on the reader; no dialog asks for the PIN.
pub(crate) const AT_PINPAD: Driver = Driver {
    client: "firefox-pinpad",
    does: "logs in to the portal with the PIN typed on the reader's pinpad",
    needs: NEEDS,
    versions: VERSIONS,
    reader: ReaderKind::Pinpad,
    use_card: |workbench, pin| {
        let typed = workbench.type_on_pinpad(pin, None);
        typed.map_err(|error| io::Error::other(error.to_string()))?;
        visit(workbench, Holder::Types)
    },
};

const NEEDS: &[&str] = &["firefox-esr", "certutil", "modutil", PKCS11_MODULE];

const VERSIONS: &[Program] = &[Program::asked("firefox-esr", &["--version"]), OPENSC];

/// Begins a login to the card. Then `cnsLogin` is null, and later what became of it.
const LOG_IN_TO_TOKEN: &str = include_str!("firefox/log-in-to-token.js");

/// What it is when it succeeded.
const LOGGED_IN: &str = "logged in";

/// How the card's holder gives the PIN.
#[derive(Clone, Copy)]
pub(crate) enum Holder<'a> {
    /// In the dialog that asks for it.
    AnswersDialog(&'a str),
    /// On the reader's pinpad.
    Types,
}

/// How long it may take to start, and how long to show a page. Each takes a few seconds.
const LIMIT: Duration = Duration::from_secs(60);

const POLL: Duration = Duration::from_millis(20);

const PROFILE: &str = "firefox";

fn visit(workbench: &Workbench, holder: Holder<'_>) -> Result<Attempt, ActionError> {
    nss::set_up_database(workbench, PROFILE)?;
    let port = workbench.portal_address().port();
    let url = format!("https://{PORTAL_NAME}:{port}{PATH}");
    browse(workbench, PROFILE, &url, holder)
}

/// Opens a page with the database of NSS in this folder.
pub(crate) fn browse(
    workbench: &Workbench,
    profile: &str,
    url: &str,
    holder: Holder<'_>,
) -> Result<Attempt, ActionError> {
    let mut firefox = Firefox::start(workbench, profile, holder)?;
    let text = firefox.told(|browser| drive(browser, url, holder))?;
    Ok(Attempt {
        exit: Exit::Shows,
        text,
    })
}

fn drive(
    browser: &mut Marionette,
    url: &str,
    holder: Holder<'_>,
) -> Result<String, marionette::Error> {
    Ok(match holder {
        Holder::AnswersDialog(_) => {
            let page = navigate(browser, url)?;
            let prompts = in_its_own_window(browser, "return window.cnsPrompts", &[])?;
            format!("{}\n{}", lines(&prompts), lines(&page))
        }
        Holder::Types => match log_in_to_token(browser)? {
            login if login == LOGGED_IN => lines(&navigate(browser, url)?),
            refusal => refusal,
        },
    })
}

fn navigate(browser: &mut Marionette, url: &str) -> Result<Value, marionette::Error> {
    match browser.call("WebDriver:Navigate", &json!({"url": url})) {
        Ok(_) => page(browser),
        Err(marionette::Error::Refused(error)) => Ok(json!([error, error_code(browser)])),
        Err(error) => Err(error),
    }
}

/// The code of an error on the page that tells it, such as `SSL_ERROR_BAD_CERT_ALERT`; nothing on others.
fn error_code(browser: &mut Marionette) -> Value {
    let script = "return document.getNetErrorInfo().errorCodeString";
    let script = json!({"script": script, "args": []});
    let code = browser.call("WebDriver:ExecuteScript", &script);
    code.unwrap_or(Value::Null)
}

/// Logs in to the card while there is no connection yet: what became of it.
///
/// Firefox shows a notice that the user is to type on the pinpad. Up to some version after 140 it waits
/// until that is closed, even when the pinpad has answered. In the midst of a handshake it does so on the
/// thread that all its sockets have, Marionette's among them, and nobody can close it any more. Here
/// WebDriver closes it, whose session says that notices are accepted.
fn log_in_to_token(browser: &mut Marionette) -> Result<String, marionette::Error> {
    in_its_own_window(browser, LOG_IN_TO_TOKEN, &[])?;
    let deadline = Instant::now() + LIMIT;
    loop {
        let result = in_its_own_window(browser, "return window.cnsLogin", &[])?;
        match result.get("value") {
            Some(Value::String(result)) => return Ok(result.clone()),
            _ if deadline <= Instant::now() => return Ok("the login does not end".to_owned()),
            _ => thread::sleep(POLL),
        }
    }
}

/// Runs a script in the browser's own window, not in the page's.
fn in_its_own_window(
    browser: &mut Marionette,
    script: &str,
    arguments: &[&str],
) -> Result<Value, marionette::Error> {
    browser.call("Marionette:SetContext", &json!({"value": "chrome"}))?;
    let script = json!({"script": script, "args": arguments, "sandbox": "system"});
    let result = browser.call("WebDriver:ExecuteScript", &script)?;
    browser.call("Marionette:SetContext", &json!({"value": "content"}))?;
    Ok(result)
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
