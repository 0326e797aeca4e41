//! A card that takes its time, for transports that know no faults: it is slow by itself.

use std::thread;

use super::latency::Latency;
use crate::contacts::Contacts;

/// A card behind a latency model. Each answer leaves when the model says, and the thread that asked
/// waits for it.
pub struct Slow<C> {
    card: C,
    latency: Latency,
    atr: Vec<u8>,
    commands: u64,
}

impl<C: Contacts> Slow<C> {
    /// The card, as slow as the model says.
    pub fn new(card: C, latency: Latency) -> Self {
        Self {
            atr: card.atr(),
            card,
            latency,
            commands: 0,
        }
    }
}

impl<C: Contacts> Contacts for Slow<C> {
    fn atr(&self) -> Vec<u8> {
        self.card.atr()
    }

    fn power_on(&mut self) {
        self.card.power_on();
    }

    fn reset(&mut self) {
        self.card.reset();
    }

    fn power_off(&mut self) {
        self.card.power_off();
    }

    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) {
        self.commands += 1;
        self.card.transmit(command, response);
        let latency = &self.latency;
        thread::sleep(latency.exchange(&self.atr, command, response.len(), self.commands));
    }
}
