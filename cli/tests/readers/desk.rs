//! A reader of our own with a slot at which cards enter, and a folder for everything.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Running, cns, transcript};

/// How long anything may take that takes no time.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);

/// How long the readers here wait for a mute card.
const SILENCE_MAX_MS: &str = "700";

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// Our driver in a pcscd of one's own.
    OwnDriver,
    /// No pcscd: a host.
    Daemonless,
}

pub(crate) const KINDS: [Kind; 2] = [Kind::OwnDriver, Kind::Daemonless];

pub(crate) struct Desk {
    pub(crate) kind: Kind,
    pub(crate) reader: Running,
    pub(crate) folder: TempDir,
}

impl Desk {
    /// A reader, and beside it the card of Maria Rossi, whose PIN is 12345.
    pub(crate) fn new(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let issue = ["card", "issue", "--citizen", "maria-rossi"];
        transcript(folder.path(), &issue);
        let patience = ["--silence-max-ms", SILENCE_MAX_MS];
        let reader = match kind {
            Kind::OwnDriver => {
                let options = ["--json", "--private", "reader", "--pinpad"];
                let install = [&["reader", "install"], &options[..], &patience].concat();
                let installed = transcript(folder.path(), &install);
                assert!(installed.contains("[exit 0]"), "{installed}");
                Running::start(folder.path(), &["reader", "run", "--json", "reader"])
            }
            Kind::Daemonless => {
                let options = ["--json", "--socket", "pcsc", "--slot", "slot-0"];
                let host = [&["reader", "host"], &options[..], &patience].concat();
                Running::start(folder.path(), &host)
            }
        };
        Self {
            kind,
            reader,
            folder,
        }
    }

    /// Where a card enters.
    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join(match self.kind {
            Kind::OwnDriver => "reader/slot-0",
            Kind::Daemonless => "slot-0",
        })
    }

    /// Puts the card in; it can be steered at `control`.
    pub(crate) fn insert(&self, options: &[&str]) -> Running {
        let reader = format!("unix:{}", self.socket().display());
        let insert = ["card", "insert", "--reader", &reader];
        let control = ["--control", "control"];
        let arguments = [&insert[..], &control, options, &["maria-rossi.cns"]].concat();
        let card = Running::start(self.folder.path(), &arguments);
        self.wait_for(true);
        card
    }

    /// Waits until clients see a card, or none.
    pub(crate) fn wait_for(&self, present: bool) {
        let deadline = Instant::now() + LIMIT;
        let expected = if present { "Yes" } else { "No" };
        loop {
            let listed = self.say("opensc-tool", &["--list-readers"]);
            if listed
                .lines()
                .any(|line| line.split_whitespace().nth(1) == Some(expected))
            {
                return;
            }
            assert!(Instant::now() < deadline, "{listed}");
        }
    }

    /// An order to the card, which must be obeyed.
    pub(crate) fn order(&self, order: &[&str]) -> Value {
        let arguments = [&["card", "control", "--json", "control"], order].concat();
        let output = cns(self.folder.path()).args(&arguments).output().unwrap();
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(output.status.success(), "{order:?}: {answer}");
        answer["slots"][0].clone()
    }

    /// A program that finds the reader.
    pub(crate) fn program(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.folder.path())
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for variable in self.reader.ready["environment"].as_array().unwrap() {
            let text = |place: usize| variable[place].as_str().unwrap().to_owned();
            command.env(text(0), text(1));
        }
        command
    }

    /// Runs a client program, limited in time; what it says, whatever its exit status.
    pub(crate) fn say(&self, program: &str, arguments: &[&str]) -> String {
        let mut command = self.program("timeout");
        let limited = command.args([&LIMIT.as_secs().to_string(), program]);
        let output = limited.args(arguments).output().unwrap();
        assert!(
            ![Some(124), Some(127)].contains(&output.status.code()),
            "{program} (package opensc) cannot be run or does not end: {output:?}"
        );
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    }

    /// How many tries the PIN has left, as its file says.
    pub(crate) fn tries_left(&self) -> String {
        let shown = transcript(self.folder.path(), &["card", "show", "maria-rossi.cns"]);
        let line = shown.lines().find(|line| line.starts_with("PIN 10"));
        line.unwrap_or(&shown).to_owned()
    }
}
