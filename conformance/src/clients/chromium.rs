//! Chromium, on a screen that nobody sees. Its page is driven by the DevTools protocol; the dialog that
//! asks for the PIN is a window of the system's, and gets keystrokes.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use self::screen::Screen;
use super::{Driver, OPENSC, PKCS11_MODULE, Program, nss};
use crate::action::ActionError;
use crate::client_suite::{Attempt, Exit};
use crate::devtools::{self, DevTools, chromium};
use crate::login::PATH;
use crate::workbench::{PORTAL_NAME, ReaderKind, Workbench};

mod screen;

pub(crate) const DRIVER: Driver = Driver {
    client: "chromium",
    does: "logs in to the portal",
    needs: &[
        "chromium",
        "Xvfb",
        "xdotool",
        "unshare",
        "certutil",
        "modutil",
        PKCS11_MODULE,
    ],
    versions: &[Program::asked("chromium", &["--version"]), OPENSC],
    reader: ReaderKind::Vpcd,
    use_card: visit,
};

/// How long it may take to start, and how long to show a page. Each takes a few seconds.
const LIMIT: Duration = Duration::from_secs(60);

const POLL: Duration = Duration::from_millis(20);

/// Where Chromium has NSS keep certificates and modules, in its user's home.
pub(crate) const DATABASE: &str = ".pki/nssdb";

/// Gives this process an /etc/chromium of its own, with the policy in the first argument, then
/// becomes the browser.
const PREPARE: &str = "mount -t tmpfs tmpfs /etc/chromium \
                       && mkdir -p /etc/chromium/policies/managed \
                       && printf %s \"$1\" >/etc/chromium/policies/managed/cns.json \
                       && shift";

/// The dialog that asks for the PIN.
const DIALOG: &str = "Unlock Security Device";

fn visit(workbench: &Workbench, pin: &str) -> Result<Attempt, ActionError> {
    nss::set_up_database(workbench, DATABASE)?;
    let port = workbench.portal_address().port();
    let url = format!("https://{PORTAL_NAME}:{port}{PATH}");
    browse(workbench, &url, pin)
}

/// Opens a page of the portal's with the database of NSS in [`DATABASE`]. Who is asked for a PIN has this
/// one.
pub(crate) fn browse(workbench: &Workbench, url: &str, pin: &str) -> Result<Attempt, ActionError> {
    let screen = Screen::open(workbench)?;
    // The certificate is not asked for: there is one.
    let policy = json!({
        "AutoSelectCertificateForUrls": [
            json!({"pattern": "*", "filter": {}}).to_string()
        ],
    });
    let profile = workbench.folder().join("chromium");
    fs::create_dir_all(&profile)?;
    let start = format!("{PREPARE} && {}", chromium::BECOME);
    let hosts =
        format!("--host-resolver-rules=MAP {PORTAL_NAME} 127.0.0.1, MAP *.{PORTAL_NAME} 127.0.0.1");
    let mut process = workbench
        .client("unshare")
        .arguments(namespace())
        .arguments(["sh", "-c", &start, "sh"])
        .argument(policy.to_string())
        .arguments(chromium::command(&profile, &[&hosts]))
        .environment("DISPLAY", screen.display())
        .start_reading()?;
    let seen = chromium::speak_with(&mut process, Instant::now() + LIMIT)
        .and_then(|(browser, session)| drive(browser, &session, &screen, url, pin));
    seen.map_err(|error| ActionError::Wrong {
        program: "chromium",
        what: format!("DevTools: {error}"),
    })
}

/// Root may make a mount namespace; who is not must be root of a user namespace first.
fn namespace() -> &'static [&'static str] {
    let is_root = fs::metadata("/proc/self").is_ok_and(|it| {
        use std::os::unix::fs::MetadataExt;
        it.uid() == 0
    });
    match is_root {
        true => &["--mount"],
        false => &["--mount", "--user", "--map-root-user"],
    }
}

fn drive(
    mut browser: DevTools,
    session: &str,
    screen: &Screen<'_>,
    url: &str,
    pin: &str,
) -> Result<Attempt, devtools::Error> {
    // The answer comes when the page does, or the reason why there is none.
    let deadline = Instant::now() + LIMIT;
    let navigation = browser.send("Page.navigate", json!({"url": url}), Some(session))?;
    let mut asked = 0;
    let navigated = loop {
        if let Some(answer) = browser.answer_to(navigation, POLL)? {
            break answer;
        }
        if deadline <= Instant::now() {
            return Err(devtools::Error::Silent("Page.navigate"));
        }
        let Some(dialog) = screen.window(DIALOG) else {
            continue;
        };
        asked += 1;
        // The user enters the PIN once. Who is asked again gives up.
        match asked {
            1 => screen.enter(&dialog, pin),
            _ => screen.press(&dialog, "Escape"),
        }
        screen.wait_until_gone(&dialog, deadline);
    };
    let script = json!({"expression": "document.body.innerText"});
    let page = browser.call("Runtime.evaluate", script, Some(session), deadline)?;
    let text = page.pointer("/result/value").and_then(Value::as_str);
    let error = navigated.get("errorText").and_then(Value::as_str);
    Ok(Attempt {
        exit: Exit::Shows,
        text: format!(
            "{}{}\n{}",
            "asked: Unlock Security Device\n".repeat(asked),
            error.unwrap_or_default(),
            text.unwrap_or_default()
        ),
    })
}
