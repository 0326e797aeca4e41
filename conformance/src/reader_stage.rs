//! The stage of PC/SC cases: a reader, what is known of the card in it, and clients that share it.
//!
//! ```text
//! case ── TestReader ─┬─ Client ── thread ──► PC/SC ──► reader ──► card
//!            │        ├─ Client ── thread ──►
//!            │        └─ OtherProgram, a process that can be killed
//!            └ OwnReader: pulls the suite's own card and pushes it in again
//! ```

mod client;
mod commands;
mod other_program;
mod said;

pub use client::{CardStatus, Client, Seen};
pub(crate) use commands::{SELECT_MASTER_FILE, say};
pub use other_program::{OtherProgram, plays};
pub use said::{Pending, Said};

use std::ffi::{CStr, CString, NulError};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use cns_reader::slot::EMPTY_MIN;
use pcsc::{Disposition, Error, ShareMode, State};

use crate::case::{Effect, Stop};
use crate::own_reader::OwnReader;
use crate::private_reader::Way;
use crate::runner::{CaseFacts, Exchange, Permission, Stage};
use crate::subject::Subject;
use client::Crew;

/// How long the card may take to be free, when those that had it have gone.
const FREE_LIMIT: Duration = Duration::from_secs(10);

const POLL: Duration = Duration::from_millis(10);

/// A reader under test, and the card in it.
pub struct TestReader {
    reader: CString,
    subject: Subject,
    permission: Permission,
    own: Option<OwnReader>,
    crew: Arc<Crew>,
    /// Why no case can begin any more.
    given_up: Option<Stop>,
}

impl TestReader {
    /// The reader of this process's own PC/SC, with the suite's own card in it.
    pub fn own(name: &str, reader: OwnReader, subject: Subject) -> Result<Self, NulError> {
        let own = Self::new(name, subject, Permission::Destructive)?;
        Ok(Self {
            own: Some(reader),
            ..own
        })
    }

    /// Whatever reader has this name, with whatever card.
    pub fn foreign(name: &str, subject: Subject, permission: Permission) -> Result<Self, NulError> {
        Self::new(name, subject, permission)
    }

    fn new(name: &str, subject: Subject, permission: Permission) -> Result<Self, NulError> {
        Ok(Self {
            reader: CString::new(name)?,
            subject,
            permission,
            own: None,
            crew: Arc::default(),
            given_up: None,
        })
    }

    /// The reader's name.
    pub fn name(&self) -> &CStr {
        &self.reader
    }

    /// What is known of the card.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// By what the suite's own card gets to PC/SC; none of a card of somebody else's.
    pub fn way(&self) -> Option<Way> {
        self.own.as_ref().map(OwnReader::way)
    }

    /// A client that nobody has anything to do with.
    pub fn client(&self) -> Result<Client, Stop> {
        Client::open(self.reader.clone(), Arc::clone(&self.crew))
    }

    /// A client that shares the card with others.
    pub fn connected(&self) -> Result<Client, Stop> {
        self.connected_as(ShareMode::Shared)
    }

    /// A client that is connected in this way.
    pub fn connected_as(&self, share: ShareMode) -> Result<Client, Stop> {
        let client = self.client()?;
        client.connect(share)?.ok()?;
        Ok(client)
    }

    /// A program that has a transaction with the card.
    pub fn other_program(&self) -> Result<OtherProgram, Stop> {
        OtherProgram::start(&self.reader.to_string_lossy())
    }

    /// Pulls the card out. Clients hear of it some time later.
    pub fn pull_card(&self) -> Result<(), Stop> {
        self.own_reader()?.pull();
        Ok(())
    }

    /// Pulls the card out, and returns when PC/SC has noticed.
    pub fn take_card_out(&self) -> Result<(), Stop> {
        self.own_reader()?.take_out().map_err(Stop::broken)
    }

    /// Pushes the card in. Clients hear of it some time later.
    pub fn push_card(&self) -> Result<(), Stop> {
        self.own_reader()?.push().map_err(Stop::broken)
    }

    /// Pushes the card in, and returns when PC/SC has noticed.
    pub fn put_card_in(&self) -> Result<(), Stop> {
        self.own_reader()?.put_in().map_err(Stop::broken)
    }

    fn own_reader(&self) -> Result<&OwnReader, Stop> {
        let own = self.own.as_ref();
        own.ok_or_else(|| Stop::skip("it needs a card of the suite's own"))
    }

    /// A reader that is not the suite's own, and does not give its card, will not give it to the next
    /// case either: nobody waits for it again.
    fn settle_or_give_up(&mut self) -> Result<(), Stop> {
        if let Some(stop) = &self.given_up {
            return Err(stop.clone());
        }
        let settled = self.settle().map_err(|stop| match stop {
            Stop::Fail(finding) => Stop::broken(format!(
                "no case can begin: expected {}, saw {}",
                finding.expected, finding.seen
            )),
            other => other,
        });
        if let (Err(stop), None) = (&settled, &self.own) {
            self.given_up = Some(stop.clone());
        }
        settled
    }

    /// Brings the card to where it was found: in its reader, without power, nobody's.
    fn settle(&self) -> Result<(), Stop> {
        self.have_all_gone()?;
        let client = self.client()?;
        let state = client.look()?.state;
        let is_usable = state.contains(State::PRESENT) && !state.contains(State::MUTE);
        if self.own.is_some() && !is_usable {
            self.reseat_card()?;
        }
        let deadline = Instant::now() + FREE_LIMIT;
        while let Err(error) = client.connect(ShareMode::Exclusive)?.result() {
            if deadline <= Instant::now() {
                return Err(Stop::broken(format!("the card cannot be had: {error}")));
            }
            match error {
                // Somebody has not quite gone.
                Error::SharingViolation => thread::sleep(POLL),
                _ if self.own.is_some() => self.reseat_card()?,
                _ => return Err(Stop::broken(format!("the card cannot be had: {error}"))),
            }
        }
        client.disconnect(Disposition::UnpowerCard)?.ok()
    }

    /// A card that PC/SC has given up is taken for another one when it comes again. It must be out long
    /// enough: where the driver is polled and the card was away between two looks, pcscd says EMPTY of a
    /// card that is in, until the driver has seen the reader empty itself.
    fn reseat_card(&self) -> Result<(), Stop> {
        self.pull_card()?;
        thread::sleep(EMPTY_MIN);
        self.put_card_in()
    }

    /// Nobody is left in a call of an earlier case. A silent card is what would keep somebody there.
    fn have_all_gone(&self) -> Result<(), Stop> {
        if self.crew.has_gone() {
            return Ok(());
        }
        if let Some(own) = &self.own {
            own.flicker();
        }
        match self.crew.has_gone() {
            true => Ok(()),
            false => Err(Stop::broken(
                "PC/SC has not come back from a call of an earlier case",
            )),
        }
    }
}

impl Stage for TestReader {
    fn begin(&mut self, case: &CaseFacts, seed: u64) -> Result<(), Stop> {
        self.crew.take_record();
        if let Some(need) = case.needs.iter().find(|n| !n.is_met_by(&self.subject)) {
            return Err(Stop::skip(format!("it is about {}", need.words())));
        }
        match (&self.own, &self.subject.issue) {
            (Some(own), Some(issue)) => {
                let mut image = issue.image.clone();
                case.state.prepare(&self.subject, &mut image);
                own.replace(image, seed, &[]);
            }
            _ => self.permission.check(case, &self.subject)?,
        }
        self.settle_or_give_up()
    }

    fn end(&mut self) -> Vec<Exchange> {
        self.crew.take_record()
    }

    fn leave_as_found(&mut self, case: &CaseFacts) -> Result<(), Stop> {
        match (&self.own, case.effect) {
            (None, Effect::PresentsPin) => self.settle(),
            _ => Ok(()),
        }
    }

    fn is_own(&self) -> bool {
        self.own.is_some()
    }

    fn tries_left(&mut self) -> Result<Option<u8>, Stop> {
        self.tries_left_for(&self.connected()?)
    }

    fn prove_pin(&mut self) -> Result<(), Stop> {
        self.present_pin(&self.connected()?)
    }

    fn rest(&mut self) {
        // What cannot be settled has been told of by the case that found it so.
        let _ = self.settle_or_give_up();
    }
}
