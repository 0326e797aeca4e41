//! A screen that nobody sees, with windows that get keystrokes.

use std::io::{BufRead, BufReader};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::action::ActionError;
use crate::run::Running;
use crate::workbench::Workbench;

/// How long the X server may take to start.
const START_LIMIT: Duration = Duration::from_secs(20);

const POLL: Duration = Duration::from_millis(20);

/// An X server of one's own. Dropping it ends it.
pub(super) struct Screen<'workbench> {
    workbench: &'workbench Workbench,
    _server: Running,
    display: String,
}

impl<'workbench> Screen<'workbench> {
    /// Starts the server on a display that nobody uses, which it finds itself.
    pub(super) fn open(workbench: &'workbench Workbench) -> Result<Self, ActionError> {
        let mut server = workbench
            .client("Xvfb")
            .arguments(["-displayfd", "1", "-screen", "0", "1024x768x24"])
            .arguments(["-nolisten", "tcp", "-noreset"])
            .start()?;
        let wrong = |what: &str| ActionError::Wrong {
            program: "Xvfb",
            what: what.to_owned(),
        };
        let output = server
            .take_stdout()
            .ok_or_else(|| wrong("it has no output"))?;
        let (sender, number) = mpsc::channel();
        // It ends with the server, if not before.
        thread::spawn(move || {
            let mut line = String::new();
            if BufReader::new(output).read_line(&mut line).is_ok() {
                let _ = sender.send(line);
            }
        });
        let line = number
            .recv_timeout(START_LIMIT)
            .map_err(|_| wrong("it does not tell its display"))?;
        let number: u32 = line
            .trim()
            .parse()
            .map_err(|_| wrong("it found no free display"))?;
        Ok(Self {
            workbench,
            _server: server,
            display: format!(":{number}"),
        })
    }

    /// `:1`
    pub(super) fn display(&self) -> &str {
        &self.display
    }

    /// A window with this title, if there is one.
    pub(super) fn window(&self, title: &str) -> Option<String> {
        let found = self.xdotool(&["search", "--onlyvisible", "--name", title])?;
        found.lines().next().map(str::to_owned)
    }

    /// Types a text into a window, and Return.
    pub(super) fn enter(&self, window: &str, text: &str) {
        self.xdotool(&["windowfocus", "--sync", window, "type", text]);
        self.press(window, "Return");
    }

    /// Presses a key in a window.
    pub(super) fn press(&self, window: &str, key: &str) {
        self.xdotool(&["windowfocus", "--sync", window, "key", key]);
    }

    pub(super) fn wait_until_gone(&self, window: &str, deadline: Instant) {
        while self.xdotool(&["getwindowname", window]).is_some() && Instant::now() < deadline {
            thread::sleep(POLL);
        }
    }

    /// What xdotool says, if it succeeds. A window may go away at any time.
    fn xdotool(&self, arguments: &[&str]) -> Option<String> {
        let finished = self
            .workbench
            .client("xdotool")
            .arguments(arguments)
            .environment("DISPLAY", &self.display)
            .time_limit(Duration::from_secs(10))
            .run()
            .ok()?;
        finished.status.success().then(|| finished.text())
    }
}
