//! The suite's own card behind the distribution's vpcd driver, which this process drives itself:
//! the real `libifdvpcd.so`, and no pcscd.
//!
//! ```text
//! suite ── bindings ── libifdvpcd.so ── TCP ── own card        all in this process
//! ```

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use cns_reader::ports::PortPair;
use vsmartcard::driver::{DriverError, IfdHandler, Slot, find_library};

use super::plugged::Plugged;
use super::{OwnCard, Target, TargetError};

/// How long the card may take to be seen in the slot.
const SEEN_LIMIT: Duration = Duration::from_secs(5);

/// How long the driver may take with anything. A 2048-bit signature takes a hundredth of that.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);

/// How long the driver may take to notice that the card has hung up.
const NOTICE_LIMIT: Duration = Duration::from_secs(2);

/// The one slot of this process with the suite's own card in it. Clones are the same slot, whose
/// users replace the card: vpcd serves one at a time.
#[derive(Clone)]
pub struct Vsmartcard {
    card: OwnCard,
    driver: Arc<Mutex<Driver>>,
}

/// Why there is no such slot.
#[derive(Debug, thiserror::Error)]
pub enum VsmartcardError {
    /// The driver.
    #[error(transparent)]
    Driver(#[from] DriverError),
    /// No port, or no thread.
    #[error("the card's reader cannot be prepared: {0}")]
    Io(#[from] std::io::Error),
    /// The card did not get into the slot.
    #[error(transparent)]
    Reader(#[from] cns_reader::ReaderError),
    /// The driver did not come back.
    #[error("vpcd was not ready within {SEEN_LIMIT:?}")]
    Late,
}

type Job = Box<dyn FnOnce(&mut Slot) + Send>;

/// The driver on its own thread, for its functions have no time limit.
struct Driver {
    /// None only while it is dropped.
    jobs: Option<Sender<Job>>,
    /// Ends when the slot is closed.
    closed: Receiver<()>,
    /// Set when it did not come back in time: nothing more is asked of it.
    is_stuck: bool,
    card: Plugged,
    _port: PortPair,
}

impl Vsmartcard {
    /// Opens a slot and puts the card into it.
    ///
    /// # Errors
    /// vpcd is not installed, another slot is open in this process, or the card is not seen.
    pub fn open(card: OwnCard) -> Result<Self, VsmartcardError> {
        let handler = IfdHandler::load(&find_library()?)?;
        let port = PortPair::reserve()?;
        let mut slot = handler.open(port.first())?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port.first()));
        let plugged = Plugged::insert(card.clone(), address)?;
        if let Err(not_seen) = slot.wait_for_card(SEEN_LIMIT) {
            return Err(plugged.ended().map_or(not_seen.into(), Into::into));
        }
        let (jobs, work) = mpsc::channel::<Job>();
        let (open, closed) = mpsc::channel();
        thread::Builder::new()
            .name("cns-vpcd-driver".to_owned())
            .spawn(move || {
                work.into_iter().for_each(|job| job(&mut slot));
                drop(slot);
                drop(open);
            })?;
        let driver = Arc::new(Mutex::new(Driver {
            jobs: Some(jobs),
            closed,
            is_stuck: false,
            card: plugged,
            _port: port,
        }));
        Ok(Self { card, driver })
    }

    fn call<R: Send + 'static>(
        &self,
        what: impl FnOnce(&mut Slot) -> Result<R, DriverError> + Send + 'static,
    ) -> Result<R, TargetError> {
        let mut driver = self.driver.lock().unwrap_or_else(PoisonError::into_inner);
        if driver.is_stuck {
            let text = "it has not come back from the last command".to_owned();
            return Err(TargetError::Reader(text));
        }
        let answer = driver.start(what);
        if let Ok(answer) = answer.recv_timeout(ANSWER_LIMIT) {
            return answer.map_err(target_error);
        }
        // A card that leaves is what ends the driver's waiting.
        driver.card.flicker();
        driver.is_stuck = answer.recv_timeout(NOTICE_LIMIT).is_err();
        Err(TargetError::Silent(ANSWER_LIMIT))
    }

    /// Changes the power when the card is back in the slot: it leaves when its power was cut.
    fn power(
        &self,
        change: impl FnOnce(&mut Slot) -> Result<Vec<u8>, DriverError> + Send + 'static,
    ) -> Result<Vec<u8>, TargetError> {
        self.call(move |slot| {
            slot.wait_for_card(SEEN_LIMIT)?;
            change(slot)
        })
    }
}

impl Driver {
    fn start<R: Send + 'static>(
        &self,
        what: impl FnOnce(&mut Slot) -> R + Send + 'static,
    ) -> Receiver<R> {
        let (sender, answer) = mpsc::sync_channel(1);
        // Without a thread to take it, the answer's end shows it.
        if let Some(jobs) = &self.jobs {
            let _ = jobs.send(Box::new(move |slot| {
                let _ = sender.send(what(slot));
            }));
        }
        answer
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.jobs.take());
        // The next one may only be loaded when this one is closed.
        let _ = self.closed.recv_timeout(NOTICE_LIMIT);
    }
}

impl Target for Vsmartcard {
    fn name(&self) -> String {
        "vsmartcard".to_owned()
    }

    fn power_on(&mut self) -> Result<Vec<u8>, TargetError> {
        self.power(Slot::power_up)
    }

    fn reset(&mut self) -> Result<Vec<u8>, TargetError> {
        self.power(Slot::reset)
    }

    fn power_off(&mut self) -> Result<(), TargetError> {
        self.power(|slot| slot.power_down().map(|()| Vec::new()))
            .map(drop)
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TargetError> {
        let command = command.to_vec();
        self.call(move |slot| slot.transmit(&command))
    }

    fn own_card(&self) -> Option<&OwnCard> {
        Some(&self.card)
    }
}

fn target_error(error: DriverError) -> TargetError {
    match error {
        DriverError::NoAnswer(_) | DriverError::NoCard { .. } | DriverError::Power(_) => {
            TargetError::Gone(error.to_string())
        }
        DriverError::CommandLength(_) => TargetError::CannotCarry(error.to_string()),
        other => TargetError::Reader(other.to_string()),
    }
}
