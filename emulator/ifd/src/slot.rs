//! A slot: what is in it, what pcscd was told of that, and the pinpad beside it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cns_card::Card;
use cns_reader::guest::GuestError;
use cns_reader::{Entrance, Guest};
use vsmartcard::handler::{Fault, Power};

use crate::pinpad::Typist;

/// What is in a slot: something with contacts. Several threads may hold it, one at a time speaks.
pub(crate) trait Contact: Send + Sync {
    /// Powers it up or down, or resets it. The answer to reset, if it has power now.
    fn power(&self, power: Power) -> Result<Vec<u8>, Fault>;

    /// Sends a command and puts the response into `response`, which is empty.
    fn transmit(&self, command: &[u8], response: &mut Vec<u8>) -> Result<(), Fault>;
}

/// A slot of the reader.
pub(crate) struct Slot {
    /// Which of the reader's it is, counted from 0.
    number: usize,
    state: Mutex<State>,
    changed: Condvar,
    pub(crate) has_pinpad: bool,
}

#[derive(Default)]
struct State {
    inside: Option<Inside>,
    /// A card that was taken out and can be put back.
    aside: Option<Arc<dyn Contact>>,
    /// How many cards have entered.
    entered: u64,
    /// Which of them pcscd was told of; none if it was told that there is none.
    told: Option<u64>,
    /// Which of them has power.
    powered: Option<u64>,
    /// What it has answered to its last reset.
    atr: Vec<u8>,
    /// The next wait, or the one that is going on, is to end.
    is_woken: bool,
    typist: Typist,
}

#[derive(Clone)]
struct Inside {
    contact: Arc<dyn Contact>,
    /// Its number among those that have entered.
    number: u64,
}

impl Slot {
    pub(crate) fn new(number: usize, has_pinpad: bool) -> Self {
        Self {
            number,
            state: Mutex::new(State::default()),
            changed: Condvar::new(),
            has_pinpad,
        }
    }

    /// A card enters; its number. None if there is one already.
    pub(crate) fn insert(&self, contact: Arc<dyn Contact>) -> Option<u64> {
        let mut state = self.state();
        if state.inside.is_some() {
            return None;
        }
        state.entered += 1;
        let number = state.entered;
        state.inside = Some(Inside { contact, number });
        self.changed.notify_all();
        Some(number)
    }

    /// The card with this number has gone, if it is still there.
    pub(crate) fn remove(&self, number: u64) {
        let mut state = self.state();
        if state
            .inside
            .as_ref()
            .is_some_and(|inside| inside.number == number)
        {
            state.inside = None;
            state.powered = None;
            self.changed.notify_all();
        }
    }

    /// Takes the card out and lays it aside. False if there is none.
    pub(crate) fn take_out(&self) -> bool {
        let mut state = self.state();
        let Some(inside) = state.inside.take() else {
            return false;
        };
        // A card without power forgets what it has proven; one that does not answer has none.
        let _ = inside.contact.power(Power::Down);
        state.aside = Some(inside.contact);
        state.powered = None;
        self.changed.notify_all();
        true
    }

    /// Puts the card that was laid aside back. False if there is none, or another one inside.
    pub(crate) fn put_back(&self) -> bool {
        let aside = self.state().aside.clone();
        aside.is_some_and(|contact| self.insert(contact).is_some())
    }

    pub(crate) fn has_card(&self) -> bool {
        self.state().inside.is_some()
    }

    /// What pcscd is to be told. Where a card was exchanged since the last time, it is told of an
    /// empty slot first: it would take the new card for the old one.
    pub(crate) fn is_present(&self) -> bool {
        let mut state = self.state();
        let now = state.inside.as_ref().map(|inside| inside.number);
        let was_exchanged = state.told.is_some() && now.is_some() && state.told != now;
        state.told = now.filter(|_| !was_exchanged);
        state.told.is_some()
    }

    /// Waits until [`Slot::is_present`] has something new to say, or somebody wakes whoever waits: pcscd
    /// does so when a client has gone, to begin the time after which the card loses its power, and waits
    /// again.
    pub(crate) fn wait_for_change(&self, limit: Duration) {
        let deadline = Instant::now() + limit;
        let mut state = self.state();
        while !state.is_woken && state.told == state.number() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            state = self
                .changed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        state.is_woken = false;
    }

    pub(crate) fn stop_waiting(&self) {
        self.state().is_woken = true;
        self.changed.notify_all();
    }

    pub(crate) fn power(&self, power: Power) -> Result<Vec<u8>, Fault> {
        let inside = self.state().inside.clone().ok_or(Fault::NoCard)?;
        let atr = inside.contact.power(power)?;
        let mut state = self.state();
        state.powered = match power {
            Power::Up | Power::Reset => Some(inside.number),
            Power::Down => None,
        };
        state.atr.clone_from(&atr);
        Ok(atr)
    }

    pub(crate) fn atr(&self) -> Result<Vec<u8>, Fault> {
        let state = self.state();
        match state.powered {
            Some(_) => Ok(state.atr.clone()),
            None => Err(Fault::NoCard),
        }
    }

    /// Sends a command to the card that was powered, not to one that has taken its place since.
    pub(crate) fn transmit(&self, command: &[u8], response: &mut Vec<u8>) -> Result<(), Fault> {
        let contact = {
            let state = self.state();
            let inside = state.inside.as_ref().ok_or(Fault::NoCard)?;
            if state.powered != Some(inside.number) {
                return Err(Fault::NoCard);
            }
            Arc::clone(&inside.contact)
        };
        contact.transmit(command, response)
    }

    pub(crate) fn set_typist(&self, typist: Typist) {
        self.state().typist = typist;
    }

    pub(crate) fn typist(&self) -> Typist {
        self.state().typist.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn number(&self) -> Option<u64> {
        self.inside.as_ref().map(|inside| inside.number)
    }
}

/// A card in this process.
pub(crate) struct Local(pub(crate) Mutex<Card>);

impl Contact for Local {
    fn power(&self, power: Power) -> Result<Vec<u8>, Fault> {
        let mut card = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let atr = match power {
            Power::Up => card.power_on(),
            Power::Reset => card.reset(),
            Power::Down => {
                card.power_off();
                return Ok(Vec::new());
            }
        };
        Ok(atr.as_bytes().to_vec())
    }

    fn transmit(&self, command: &[u8], response: &mut Vec<u8>) -> Result<(), Fault> {
        let mut card = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        card.transmit(command, response);
        Ok(())
    }
}

/// A card in another process, and the slot that it is in.
struct Foreign {
    guest: Guest,
    slot: usize,
}

impl Foreign {
    /// pcscd's log is where somebody looks who has lost a card.
    fn fault(&self, error: &GuestError) -> Fault {
        eprintln!("slot {}: {error}", self.slot);
        match error {
            GuestError::Mute(_) => Fault::Mute,
            GuestError::Gone(_) => Fault::Communication,
        }
    }
}

impl Contact for Foreign {
    fn power(&self, power: Power) -> Result<Vec<u8>, Fault> {
        let powered = self.guest.power(power);
        powered.map_err(|error| self.fault(&error))
    }

    fn transmit(&self, command: &[u8], response: &mut Vec<u8>) -> Result<(), Fault> {
        let sent = self.guest.transmit(command, response);
        sent.map_err(|error| self.fault(&error))
    }
}

impl Entrance for Slot {
    fn enter(&self, guest: Guest) -> Option<u64> {
        let slot = self.number;
        self.insert(Arc::new(Foreign { guest, slot }))
    }

    fn leave(&self, number: u64) {
        self.remove(number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// pcscd wakes whoever waits at each end of a connection. A wait that never waits again would keep a
    /// processor busy, and pcscd takes its end for the time after which an unused card loses its power.
    #[test]
    fn a_wait_that_was_woken_waits_the_next_time() {
        const LIMIT: Duration = Duration::from_millis(50);
        let slot = Slot::new(0, false);
        slot.stop_waiting();
        slot.wait_for_change(Duration::from_secs(60));
        let start = Instant::now();
        slot.wait_for_change(LIMIT);
        assert!(LIMIT <= start.elapsed(), "it waits to its end");
    }
}
