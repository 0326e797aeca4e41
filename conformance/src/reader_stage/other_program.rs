//! A client in a process of its own, which can be killed: this program again, with the same arguments.
//! Whoever runs PC/SC cases asks [`plays`] first.

use std::ffi::CString;
use std::io::{self, BufRead, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use pcsc::{Context, Protocols, Scope, ShareMode};

use crate::case::Stop;

/// The reader, for the process that plays the other program.
const PART: &str = "CNS_OTHER_PROGRAM";

/// What it says when its transaction has begun.
const READY: &str = "the transaction has begun";

/// How long it may take to get there.
const READY_LIMIT: Duration = Duration::from_secs(20);

/// A program that has a transaction with the card, until it is killed.
pub struct OtherProgram(Child);

/// Plays the other program to its end, if that is what this process was started for. True if so: there
/// is nothing else to do then.
pub fn plays() -> bool {
    match std::env::var(PART) {
        Ok(reader) => {
            if let Err(error) = play(reader) {
                // It is read with what the other program says.
                let _ = writeln!(io::stdout(), "no transaction: {error}");
            }
            true
        }
        Err(_) => false,
    }
}

fn play(reader: String) -> Result<(), Box<dyn std::error::Error>> {
    let context = Context::establish(Scope::User)?;
    let mut card = context.connect(&CString::new(reader)?, ShareMode::Shared, Protocols::ANY)?;
    let _transaction = card.transaction()?;
    writeln!(io::stdout(), "{READY}")?;
    // Its input ends with the program that started it, should that end first.
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

impl OtherProgram {
    /// Starts it; returns when its transaction has begun.
    pub(super) fn start(reader: &str) -> Result<Self, Stop> {
        let program = std::env::current_exe().map_err(Stop::broken)?;
        let mut child = Command::new(program)
            .args(std::env::args_os().skip(1))
            .env(PART, reader)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(Stop::broken)?;
        let output = child.stdout.take();
        let other = Self(child);
        let output = output.ok_or_else(|| Stop::broken("the other program has no output"))?;
        let (told, heard) = mpsc::channel();
        thread::spawn(move || {
            let lines = BufReader::new(output).lines().map_while(Result::ok);
            lines.for_each(|line| drop(told.send(line)));
        });
        let mut last = "it said nothing".to_owned();
        while let Ok(line) = heard.recv_timeout(READY_LIMIT) {
            if line.contains(READY) {
                return Ok(other);
            }
            last = line;
        }
        Err(Stop::broken(format!(
            "the other program is not there: {last}"
        )))
    }

    /// Kills it: it cannot end anything.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for OtherProgram {
    fn drop(&mut self) {
        self.end();
    }
}
