//! A reader: the card in it, who holds it, whose transaction it is.

use std::sync::Arc;

use vsmartcard::winscard::{Code, Disposition, Handle, Protocols, Share, Status};

use super::T1;
use super::inserted::{Inserted, Power};

/// A reader's place among those of its manager.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ReaderNumber(pub(super) usize);

pub(super) struct Reader {
    pub(super) name: String,
    card: Option<Arc<Inserted>>,
    /// How many cards have entered.
    pub(super) card_number: u64,
    /// How often the card was reset.
    pub(super) resets: u64,
    /// Insertions and removals, as SCardGetStatusChange counts them.
    pub(super) events: u16,
    /// Of the card in it; kept here so that nobody has to wait for the card to hear it.
    atr: Vec<u8>,
    is_powered: bool,
    pub(super) holding: Holding,
    transaction: Option<Transaction>,
}

/// Who is connected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Holding {
    Exclusive,
    /// So many; 0 is nobody.
    Shared(usize),
}

struct Transaction {
    owner: Handle,
    /// Transactions nest.
    depth: usize,
}

/// SCARD_ABSENT and its kin, for SCardStatus.
mod state {
    pub(super) const ABSENT: u32 = 0x02;
    pub(super) const PRESENT: u32 = 0x04;
    pub(super) const POWERED: u32 = 0x10;
    pub(super) const NEGOTIABLE: u32 = 0x20;
}

impl Reader {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            card: None,
            card_number: 0,
            resets: 0,
            events: 0,
            atr: Vec::new(),
            is_powered: false,
            holding: Holding::Shared(0),
            transaction: None,
        }
    }

    /// A card enters; its number among those that have.
    pub(super) fn insert(&mut self, card: Arc<Inserted>, atr: Vec<u8>) -> u64 {
        self.remove();
        self.atr = atr;
        self.card = Some(card);
        self.card_number += 1;
        self.events = self.events.wrapping_add(1);
        self.card_number
    }

    pub(super) fn remove(&mut self) -> bool {
        let removed = self.card.is_some();
        if removed {
            self.switch_off();
            self.card = None;
            self.transaction = None;
            self.events = self.events.wrapping_add(1);
        }
        removed
    }

    pub(super) fn has_card(&self) -> bool {
        self.card.is_some()
    }

    pub(super) fn is_powered(&self) -> bool {
        self.is_powered
    }

    pub(super) fn card(&self) -> Option<Arc<Inserted>> {
        self.card.clone()
    }

    /// What the card has answered, if it is still the one with this number.
    pub(super) fn settled(&mut self, card_number: u64, atr: Vec<u8>) {
        if self.card_number == card_number && self.card.is_some() {
            self.atr = atr;
        }
    }

    /// Whether one more may connect in this way.
    pub(super) fn admit(&self, share: Share) -> Result<(), Code> {
        match (self.holding, share) {
            (Holding::Exclusive, _) => Err(Code::SharingViolation),
            (Holding::Shared(1..), Share::Exclusive) => Err(Code::SharingViolation),
            (Holding::Shared(_), _) => Ok(()),
        }
    }

    /// Gives the card power, if it has none. The protocol in use from now on.
    pub(super) fn start(&mut self, share: Share, protocols: Protocols) -> Result<Protocols, Code> {
        let Some(card) = &self.card else {
            return match share {
                Share::Direct => Ok(Protocols(0)),
                Share::Exclusive | Share::Shared => Err(Code::NoSmartcard),
            };
        };
        if share == Share::Direct && protocols.0 == 0 {
            return Ok(Protocols(0));
        }
        if protocols.0 & T1.0 == 0 {
            return Err(Code::ProtocolMismatch);
        }
        if !self.is_powered {
            card.order(Power::On);
            self.is_powered = true;
        }
        Ok(T1)
    }

    /// Does to the card what somebody wants done at the end of something.
    pub(super) fn dispose(&mut self, disposition: Disposition) {
        match (disposition, &self.card) {
            (Disposition::Leave, _) | (_, None) => {}
            (Disposition::Reset, Some(card)) => {
                card.order(Power::Reset);
                self.is_powered = true;
                self.resets += 1;
            }
            (Disposition::Unpower | Disposition::Eject, Some(_)) => {
                self.switch_off();
                self.resets += 1;
            }
        }
    }

    fn switch_off(&mut self) {
        if let Some(card) = &self.card {
            card.order(Power::Off);
        }
        self.is_powered = false;
    }

    /// Whether the card is free for this connection.
    pub(super) fn check_transaction(&self, card: Handle) -> Result<(), Code> {
        match &self.transaction {
            Some(transaction) if transaction.owner != card => Err(Code::SharingViolation),
            _ => Ok(()),
        }
    }

    pub(super) fn begin(&mut self, owner: Handle) {
        let transaction = self
            .transaction
            .get_or_insert(Transaction { owner, depth: 0 });
        transaction.depth += 1;
    }

    pub(super) fn end(&mut self, owner: Handle, after: Disposition) -> Result<(), Code> {
        match &mut self.transaction {
            Some(transaction) if transaction.owner == owner => {
                transaction.depth -= 1;
                if transaction.depth == 0 {
                    self.transaction = None;
                }
                self.dispose(after);
                Ok(())
            }
            Some(_) => Err(Code::SharingViolation),
            None => Err(Code::NotTransacted),
        }
    }

    /// The owner has gone: its transaction ends.
    pub(super) fn abandon(&mut self, owner: Handle) {
        if self.transaction.as_ref().is_some_and(|t| t.owner == owner) {
            self.transaction = None;
        }
    }

    pub(super) fn atr(&self) -> &[u8] {
        &self.atr
    }

    pub(super) fn status(&self) -> Status {
        let (state, protocol, atr) = match (self.has_card(), self.is_powered) {
            (false, _) => (state::ABSENT, Protocols(0), Vec::new()),
            (true, false) => (state::PRESENT, Protocols(0), Vec::new()),
            (true, true) => (
                state::PRESENT | state::POWERED | state::NEGOTIABLE,
                T1,
                self.atr.clone(),
            ),
        };
        Status {
            reader: self.name.clone(),
            state,
            protocol,
            atr,
        }
    }
}

impl Holding {
    pub(super) fn enter(&mut self, share: Share) {
        *self = match (*self, share) {
            (_, Share::Exclusive) => Self::Exclusive,
            (Self::Exclusive, _) => Self::Shared(1),
            (Self::Shared(count), _) => Self::Shared(count + 1),
        };
    }

    pub(super) fn leave(&mut self) {
        *self = match *self {
            Self::Exclusive => Self::Shared(0),
            Self::Shared(count) => Self::Shared(count.saturating_sub(1)),
        };
    }
}
