//! A card in a reader: what is done to its power is ordered at once, by whoever holds the manager's
//! lock, and done by whoever speaks to the card next. So nobody who waits for a card holds that lock.

use std::sync::{Mutex, PoisonError};

use cns_reader::Contacts;

/// A card, to which one thread at a time speaks.
pub(super) struct Inserted {
    ordered: Mutex<Vec<Power>>,
    contacts: Mutex<Box<dyn Contacts + Send>>,
}

/// What can be ordered.
#[derive(Clone, Copy)]
pub(super) enum Power {
    On,
    Off,
    Reset,
}

impl Inserted {
    pub(super) fn new(card: Box<dyn Contacts + Send>) -> Self {
        Self {
            ordered: Mutex::default(),
            contacts: Mutex::new(card),
        }
    }

    /// Has it done before anything else is said to the card.
    pub(super) fn order(&self, power: Power) {
        let mut ordered = self.ordered.lock().unwrap_or_else(PoisonError::into_inner);
        ordered.push(power);
    }

    /// Does what was ordered. The answer to reset; empty if the card does not answer.
    pub(super) fn settle(&self) -> Vec<u8> {
        self.with(|contacts| contacts.atr())
    }

    /// Sends a command, and puts the response in the place of what `response` held.
    pub(super) fn transmit(&self, command: &[u8], response: &mut Vec<u8>) {
        self.with(|contacts| contacts.transmit(command, response));
    }

    fn with<T>(&self, speak: impl FnOnce(&mut dyn Contacts) -> T) -> T {
        let mut contacts = self.contacts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ordered = self.ordered.lock().unwrap_or_else(PoisonError::into_inner);
        let ordered = std::mem::take(&mut *ordered);
        for power in ordered {
            match power {
                Power::On => contacts.power_on(),
                Power::Off => contacts.power_off(),
                Power::Reset => contacts.reset(),
            }
        }
        speak(&mut **contacts)
    }
}
