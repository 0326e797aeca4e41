//! The floor of a reader's driver: one slot, in which something answers 9000 to every command. What pcscd
//! and its client take with it is what they take with any driver.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use vsmartcard::handler::{Fault, Power, Reader};

vsmartcard::export_ifd_handler!(DoNothing);

/// Direct convention, T=1, no historical bytes.
const ATR: [u8; 4] = [0x3B, 0x80, 0x01, 0x81];

/// A reader with a card that never leaves.
#[derive(Default)]
pub struct DoNothing {
    is_stopped: Mutex<bool>,
    stopped: Condvar,
}

impl Reader for DoNothing {
    fn open(_: &str) -> Result<Self, String> {
        Ok(Self::default())
    }

    fn slots(&self) -> u8 {
        1
    }

    fn is_present(&self, _: u8) -> bool {
        true
    }

    fn wait_for_change(&self, _: u8, limit: Duration) {
        let is_stopped = self
            .is_stopped
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // Whether it was stopped or the time is up, pcscd asks again or does not; it stops one wait at
        // each end of a connection, not all that follow.
        let waited = self
            .stopped
            .wait_timeout_while(is_stopped, limit, |is_stopped| !*is_stopped);
        let (mut is_stopped, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *is_stopped = false;
    }

    fn stop_waiting(&self, _: u8) {
        *self
            .is_stopped
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = true;
        self.stopped.notify_all();
    }

    fn power(&self, _: u8, power: Power) -> Result<Vec<u8>, Fault> {
        Ok(match power {
            Power::Up | Power::Reset => ATR.to_vec(),
            Power::Down => Vec::new(),
        })
    }

    fn atr(&self, _: u8) -> Result<Vec<u8>, Fault> {
        Ok(ATR.to_vec())
    }

    fn transmit(&self, _: u8, _: &[u8], response: &mut Vec<u8>) -> Result<(), Fault> {
        response.extend_from_slice(&[0x90, 0x00]);
        Ok(())
    }

    fn control(&self, _: u8, _: u32, _: &[u8]) -> Result<Vec<u8>, Fault> {
        Err(Fault::NotSupported)
    }
}
