//! What a reader holds: a card, or something that behaves like one.

use cns_card::Card;

/// Contacts: power, reset, bytes in, bytes out. A reader knows no more of a card than this, so that
/// something may stand between the reader and the card.
pub trait Contacts {
    /// The answer to reset, as the reader would see it now.
    fn atr(&self) -> Vec<u8>;

    /// Power comes on.
    fn power_on(&mut self);

    /// The reset contact is pulled.
    fn reset(&mut self);

    /// Power goes off, at any moment.
    fn power_off(&mut self);

    /// Takes one command APDU and puts the response APDU in the place of what `response` held.
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>);
}

impl Contacts for Card {
    fn atr(&self) -> Vec<u8> {
        self.image().atr.as_bytes().to_vec()
    }

    fn power_on(&mut self) {
        Card::power_on(self);
    }

    fn reset(&mut self) {
        Card::reset(self);
    }

    fn power_off(&mut self) {
        Card::power_off(self);
    }

    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) {
        Card::transmit(self, command, response);
    }
}

impl<C: Contacts + ?Sized> Contacts for &mut C {
    fn atr(&self) -> Vec<u8> {
        (**self).atr()
    }

    fn power_on(&mut self) {
        (**self).power_on();
    }

    fn reset(&mut self) {
        (**self).reset();
    }

    fn power_off(&mut self) {
        (**self).power_off();
    }

    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) {
        (**self).transmit(command, response);
    }
}

impl<C: Contacts + ?Sized> Contacts for Box<C> {
    fn atr(&self) -> Vec<u8> {
        (**self).atr()
    }

    fn power_on(&mut self) {
        (**self).power_on();
    }

    fn reset(&mut self) {
        (**self).reset();
    }

    fn power_off(&mut self) {
        (**self).power_off();
    }

    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) {
        (**self).transmit(command, response);
    }
}
