//! Chromium, started by whoever drives it: `chromium SWITCHES --user-data-dir=FOLDER ... about:blank`, with its
//! DevTools, which are on descriptors 3 and 4, at the ends of our pipes.

use std::io::BufReader;
use std::path::Path;
use std::time::Instant;

use super::{DevTools, Error};
use crate::run::Running;

/// The words of a shell that become the browser in its arguments.
pub(crate) const BECOME: &str = "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null";

const SWITCHES: [&str; 15] = [
    // Its own sandbox cannot be had by root.
    "--no-sandbox",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--password-store=basic",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-breakpad",
    "--metrics-recording-only",
    "--lang=en",
];

/// The browser with all that every one of ours is told, keeping what it keeps in this folder, and with some
/// switches more.
pub(crate) fn command(folder: &Path, more: &[&str]) -> Vec<String> {
    let folder = format!("--user-data-dir={}", folder.display());
    let words = ["chromium"].into_iter().chain(SWITCHES);
    let words = words.chain(more.iter().copied());
    words
        .chain([&*folder, "about:blank"])
        .map(str::to_owned)
        .collect()
}

/// Speaks with the browser that this process becomes, and with the one page that it has: gives its session.
pub(crate) fn speak_with(
    process: &mut Running,
    deadline: Instant,
) -> Result<(DevTools, String), Error> {
    let (Some(to), Some(from)) = (process.take_stdin(), process.take_stdout()) else {
        return Err(Error::NoPipes);
    };
    let mut browser = DevTools::new(to, BufReader::new(from));
    let session = browser.first_page(deadline)?;
    Ok((browser, session))
}
