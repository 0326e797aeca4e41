//! What came of a client's use of the card: for its user, for the card, for the portal.

use std::fmt;
use std::os::unix::process::ExitStatusExt;
use std::thread;
use std::time::{Duration, Instant};

use cns_apdu::{Command, Sw};
use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer};

use crate::action::ActionError;
use crate::run::{Finished, RunError};
use crate::runner::Exchange;
use crate::workbench::Workbench;

/// How a client came to an end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Exit {
    /// With this exit status.
    Status(i32),
    /// By a signal.
    Killed,
    /// Not at all, within the time it had.
    Hangs,
    /// It is a browser: it shows a page, and goes on.
    Shows,
}

/// What a client did, before anybody judges it.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// How it came to an end.
    pub exit: Exit,
    /// What its user reads.
    pub text: String,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What the user saw.
    pub attempt: Attempt,
    /// How a second use ended, after the trouble was over.
    pub again: Option<Exit>,
    /// The answers to VERIFY with a value, in turn.
    pub verify: Vec<Sw>,
    /// How many times the key was used, successfully.
    pub signatures: usize,
    /// How many tries the card has left.
    pub tries_left: Option<u8>,
    /// What the portal saw last: `logged_in`, `no_certificate`, `refused` or `handshake_failed`.
    pub portal: Option<&'static str>,
}

impl Attempt {
    /// What a program did that is not installed, does not start: an error. Anything else, even
    /// that it does not end: an attempt.
    pub(crate) fn of(result: Result<Finished, ActionError>) -> Result<Self, ActionError> {
        match result {
            Ok(finished) => Ok(Self {
                exit: match finished.status.code() {
                    Some(code) => Exit::Status(code),
                    None => {
                        debug_assert!(finished.status.signal().is_some());
                        Exit::Killed
                    }
                },
                text: finished.text() + &finished.complaint(),
            }),
            Err(ActionError::Run(RunError::TimedOut { last_words, .. })) => Ok(Self {
                exit: Exit::Hangs,
                text: last_words,
            }),
            Err(error) => Err(error),
        }
    }
}

impl Seen {
    /// Puts together what the workbench knows with what the user saw.
    ///
    /// The portal may still be writing its journal, so it is given a moment, unless it says what
    /// is expected.
    pub(crate) fn gather(
        workbench: &Workbench,
        (attempt, again): (Attempt, Option<Exit>),
        expected_of_portal: Option<&str>,
    ) -> Self {
        const PORTAL_LIMIT: Duration = Duration::from_secs(2);
        const POLL: Duration = Duration::from_millis(5);
        let deadline = Instant::now() + PORTAL_LIMIT;
        let portal = loop {
            let entries = workbench.portal_journal().entries();
            let last = entries.last().map(|entry| entry.outcome);
            if last == expected_of_portal || deadline <= Instant::now() {
                break last;
            }
            thread::sleep(POLL);
        };
        let exchanges = workbench.record().exchanges();
        Self {
            attempt,
            again,
            verify: verify(&exchanges).collect(),
            signatures: exchanges.iter().filter(|it| is_signature(it)).count(),
            tries_left: workbench.tries_left(),
            portal,
        }
    }
}

/// The answers to VERIFY with a value in it.
fn verify(exchanges: &[Exchange]) -> impl Iterator<Item = Sw> {
    exchanges.iter().filter_map(|exchange| {
        let command = Command::parse(&exchange.command).ok()?;
        let header = &exchange.command;
        (header.get(1) == Some(&0x20) && !command.data.is_empty()).then(|| sw(exchange))?
    })
}

/// PERFORM SECURITY OPERATION that was answered with a block of the key's length. A command that is
/// only a part of a chain is answered without data.
fn is_signature(exchange: &Exchange) -> bool {
    const KEY_BYTES_MIN: usize = 128;
    exchange.command.get(1) == Some(&0x2A) && exchange.response.len() > KEY_BYTES_MIN
}

fn sw(exchange: &Exchange) -> Option<Sw> {
    let [.., sw1, sw2] = exchange.response.as_slice() else {
        return None;
    };
    Some(Sw(u16::from_be_bytes([*sw1, *sw2])))
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{status}"),
            Self::Killed => write!(f, "\"killed\""),
            Self::Hangs => write!(f, "\"hangs\""),
            Self::Shows => write!(f, "\"shows\""),
        }
    }
}

/// A number, or a word.
impl<'de> Deserialize<'de> for Exit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Status(i32),
            Word(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Status(status) => Ok(Self::Status(status)),
            Written::Word(word) => match word.as_str() {
                "killed" => Ok(Self::Killed),
                "hangs" => Ok(Self::Hangs),
                "shows" => Ok(Self::Shows),
                word => Err(D::Error::invalid_value(
                    Unexpected::Str(word),
                    &"an exit status, `killed`, `hangs` or `shows`",
                )),
            },
        }
    }
}
