//! A reader whose cards are in other processes, and enter at a unix socket.

use std::sync::Arc;

use cns_reader::guest::GuestError;
use cns_reader::{Contacts, Entrance, Guest};
use vsmartcard::handler::Power;

use super::inserted::Inserted;
use super::{Local, ReaderNumber};

/// A reader of a manager's, as cards see it that enter.
pub struct Slot {
    local: Arc<Local>,
    reader: ReaderNumber,
}

impl Slot {
    /// The slot of this reader.
    pub fn new(local: Arc<Local>, reader: ReaderNumber) -> Self {
        Self { local, reader }
    }
}

impl Entrance for Slot {
    fn enter(&self, guest: Guest) -> Option<u64> {
        let atr = guest.atr().ok()?;
        let mut state = self.local.state();
        let reader = state.readers.get_mut(self.reader.0)?;
        if reader.has_card() {
            return None;
        }
        let card = Box::new(Foreign(guest));
        let number = reader.insert(Arc::new(Inserted::new(card)), atr);
        self.local.changed.notify_all();
        Some(number)
    }

    fn leave(&self, number: u64) {
        let mut state = self.local.state();
        if let Some(reader) = state.readers.get_mut(self.reader.0)
            && reader.card_number == number
        {
            // It has lost its power with its connection: there is nobody to tell.
            reader.remove();
            self.local.changed.notify_all();
        }
    }
}

/// A card in another process. One that is mute or gone answers nothing, which is what clients are told.
struct Foreign(Guest);

impl Foreign {
    fn power(&self, power: Power) {
        told(self.0.power(power));
    }
}

impl Contacts for Foreign {
    fn atr(&self) -> Vec<u8> {
        told(self.0.atr())
    }

    fn power_on(&mut self) {
        self.power(Power::Up);
    }

    fn reset(&mut self) {
        self.power(Power::Reset);
    }

    fn power_off(&mut self) {
        self.power(Power::Down);
    }

    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) {
        response.clear();
        told(self.0.transmit(command, response));
    }
}

fn told<T: Default>(answer: Result<T, GuestError>) -> T {
    answer.unwrap_or_else(|error| {
        tracing::warn!("{error}");
        T::default()
    })
}
