//! The suite's own card without any reader: the fastest target, and the one that mutants run on.

use super::{OwnCard, Target, TargetError};
use cns_reader::Contacts;

/// The suite's own card in this process.
pub struct InProcess {
    card: OwnCard,
    response: Vec<u8>,
}

impl InProcess {
    /// Contacts on this card.
    pub fn new(card: OwnCard) -> Self {
        Self {
            card,
            response: Vec::new(),
        }
    }

    fn atr(&self) -> Result<Vec<u8>, TargetError> {
        match self.card.atr() {
            atr if atr.is_empty() => Err(TargetError::Gone("it has no answer to reset".to_owned())),
            atr => Ok(atr),
        }
    }
}

impl Target for InProcess {
    fn name(&self) -> String {
        "in-process".to_owned()
    }

    fn power_on(&mut self) -> Result<Vec<u8>, TargetError> {
        self.card.power_off();
        self.card.power_on();
        self.atr()
    }

    fn reset(&mut self) -> Result<Vec<u8>, TargetError> {
        self.card.reset();
        self.atr()
    }

    fn power_off(&mut self) -> Result<(), TargetError> {
        self.card.power_off();
        Ok(())
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TargetError> {
        self.card.transmit(command, &mut self.response);
        match self.response.is_empty() {
            true => Err(TargetError::Gone("it has no power".to_owned())),
            false => Ok(self.response.clone()),
        }
    }

    fn own_card(&self) -> Option<&OwnCard> {
        Some(&self.card)
    }
}
