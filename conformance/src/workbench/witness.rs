//! Stands between a card and its reader, and remembers what was said.

use std::sync::{Arc, Mutex, PoisonError};

use cns_reader::Contacts;

use crate::runner::Exchange;

/// What was said to a card. Clones are the same record.
#[derive(Clone, Default)]
pub struct Record(Arc<Mutex<Vec<Exchange>>>);

impl Record {
    /// Everything since the last [`Record::forget`].
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Begins anew.
    pub fn forget(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    fn note(&self, command: &[u8], response: &[u8]) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Exchange {
                command: command.to_owned(),
                response: response.to_owned(),
            });
    }
}

/// A card whose conversations are recorded.
pub(crate) struct Witness<C> {
    card: C,
    record: Record,
}

impl<C: Contacts> Witness<C> {
    pub(crate) fn new(card: C, record: Record) -> Self {
        Self { card, record }
    }
}

impl<C: Contacts> Contacts for Witness<C> {
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
        self.card.transmit(command, response);
        self.record.note(command, response);
    }
}
