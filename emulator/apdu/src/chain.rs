//! Command chaining (ISO 7816-4 §5.3.3): one long data field in several commands.
//!
//! All commands of a chain have the same INS, P1 and P2; all but the last have bit 5 of CLA set.
//! The state is a value: it is fed commands and says what to do, and the card forgets it at reset.

use crate::command::Command;

/// The links of a chain that have arrived so far.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    started: Option<[u8; 4]>,
    data: Vec<u8>,
}

/// What became of a command that was fed to a [`Chain`].
#[derive(Debug, Eq, PartialEq)]
pub enum Link<'a> {
    /// The command is whole: it was never chained, or it was the last of its chain and now carries
    /// all the data.
    Whole(Command<'a>),
    /// Stored; the rest of the chain is awaited. The card answers 9000.
    Stored,
}

/// Why a chain cannot go on. The chain is forgotten.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BrokenChain {
    /// Another command came where the rest of the chain was due (6883).
    LastCommandExpected,
    /// The chain carries more than `limit` bytes (6700).
    TooLong,
}

impl Chain {
    /// Takes the next command; `limit` is the most data, in bytes, that a chain may carry.
    pub fn feed<'a>(
        &'a mut self,
        command: Command<'a>,
        limit: usize,
    ) -> Result<Link<'a>, BrokenChain> {
        let header = Command {
            class: command.class.unchained(),
            ..command
        }
        .header();
        match self.started {
            None if !command.class.is_chained() => return Ok(Link::Whole(command)),
            None => {
                self.started = Some(header);
                self.data.clear();
            }
            Some(started) if started != header => {
                self.forget();
                return Err(BrokenChain::LastCommandExpected);
            }
            Some(_) => {}
        }
        if self.data.len() + command.data.len() > limit {
            self.forget();
            return Err(BrokenChain::TooLong);
        }
        self.data.extend_from_slice(command.data);
        if command.class.is_chained() {
            return Ok(Link::Stored);
        }
        self.started = None;
        Ok(Link::Whole(Command {
            data: &self.data,
            ..command
        }))
    }

    /// Whether the rest of a chain is awaited.
    pub fn is_open(&self) -> bool {
        self.started.is_some()
    }

    /// Drops what has arrived.
    pub fn forget(&mut self) {
        self.started = None;
        self.data.clear();
    }
}
