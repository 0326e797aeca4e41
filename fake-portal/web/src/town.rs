//! What the pages are about: the citizens' services, the credential desk and the post, as one state; and
//! whoever does outside what the desk decides.

mod keeper;
mod logins;
mod staff;
mod workshop;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cns_authority::CardNumber;
use cns_services::desk::{Effect, Slip};
use cns_services::italian_time::in_italy;
use cns_services::{Entropy, EntropyFault, Refusal};
use ring::rand::{SecureRandom as _, SystemRandom};
use time::OffsetDateTime;

use crate::clock::Clock;
use keeper::Kept;

pub use cns_services::Town;
pub use keeper::{Keeper, NotKept};
pub use staff::{Staff, StaffMember, StaffRole};
pub use workshop::{NoWorkshop, ProducedCard, Workshop, WorkshopError};

/// A town that visitors of a portal come to. Clones share it.
#[derive(Clone)]
pub struct TownHall(Arc<Hall>);

struct Hall {
    town: Mutex<Kept>,
    staff: Staff,
    workshop: Arc<dyn Workshop>,
    clock: Arc<dyn Clock>,
}

impl TownHall {
    /// Opens a town. The workshop makes its cards; the clock is the portal's.
    pub fn open(
        town: Town,
        staff: Staff,
        workshop: Arc<dyn Workshop>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self::with_town(Kept::in_memory(town), staff, workshop, clock)
    }

    /// Opens a town that outlives the portal: it is kept now, and after every change before the change is
    /// answered.
    ///
    /// # Errors
    /// It cannot be kept.
    pub fn open_kept(
        town: Town,
        staff: Staff,
        workshop: Arc<dyn Workshop>,
        clock: Arc<dyn Clock>,
        keeper: Box<dyn Keeper>,
    ) -> Result<Self, NotKept> {
        let town = Kept::by(keeper, town)?;
        Ok(Self::with_town(town, staff, workshop, clock))
    }

    fn with_town(
        town: Kept,
        staff: Staff,
        workshop: Arc<dyn Workshop>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self(Arc::new(Hall {
            town: Mutex::new(town),
            staff,
            workshop,
            clock,
        }))
    }

    /// Looks at the town while nobody changes it. The post and the calendar have done their work up to now.
    pub fn with<T>(&self, look: impl FnOnce(&Town, OffsetDateTime) -> T) -> T {
        let now = self.now();
        let mut kept = self.town();
        kept.town.catch_up(now);
        // What the post and the calendar did is no answer to anybody: the next change stores it.
        kept.keep_if_changed();
        look(&kept.town, now)
    }

    /// Changes the town while nobody else does, and keeps it. The post and the calendar have done their work
    /// up to now.
    ///
    /// # Errors
    /// The rule that forbids it; or `TOWN-102`: it was changed and could not be kept. Then it is as it was
    /// asked to be until the portal ends, and the next change that can be kept keeps this one too.
    pub fn change<T>(
        &self,
        work: impl FnOnce(&mut Town, OffsetDateTime) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let now = self.now();
        let mut kept = self.town();
        kept.town.catch_up(now);
        let before = kept.town.revision();
        let done = work(&mut kept.town, now);
        let changed = kept.town.revision() != before;
        match kept.keep_if_changed() {
            Some(not_kept) if changed => Err(not_kept.into()),
            _ => done,
        }
    }

    /// The town as it is: a value to go back to.
    pub fn snapshot(&self) -> Town {
        self.town().town.clone()
    }

    /// Puts another town in the place of this one, and keeps it. Cards that people have stay as they are.
    ///
    /// # Errors
    /// It is there now, and could not be kept.
    pub fn replace(&self, town: Town) -> Result<(), NotKept> {
        self.town().replace(town)
    }

    /// Does something at the desk, and then what the desk wants done. Gives what was decided, and the
    /// first parts that are to be shown, once, to whoever asked.
    ///
    /// # Errors
    /// The rule that forbids it; then nothing was done. What the workshop cannot do is a refusal too,
    /// `TOWN-101`: if that was the first thing to be done, as when a card lies in somebody's reader, the
    /// decision is taken back; otherwise the desk has decided, and not all of it has followed. What cannot be
    /// kept is `TOWN-102`, after which first parts are not shown: new codes are to be asked for.
    pub fn decide<T>(
        &self,
        work: impl FnOnce(&mut Town, OffsetDateTime) -> Result<(T, Vec<Effect>), Refusal>,
    ) -> Result<(T, Vec<Slip>), Refusal> {
        self.change(|town, now| {
            let mut before = Some(town.desk.before());
            let (decided, effects) = work(town, now)?;
            let mut slips = Vec::new();
            for effect in effects {
                match self.carry_out(town, effect, now) {
                    Ok(slip) => slips.extend(slip),
                    Err(refusal) => {
                        if let Some(before) = before {
                            town.desk.take_back(before, &refusal, now);
                        }
                        return Err(refusal);
                    }
                }
                before = None;
            }
            Ok((decided, slips))
        })
    }

    /// Puts a card into the reader of a counter: the desk hears what it says of its PIN and PUK.
    ///
    /// # Errors
    /// The card cannot be read, `TOWN-101`; or what it says cannot be.
    pub fn read_card(&self, card: CardNumber) -> Result<(), Refusal> {
        let heard = self.0.workshop.read(card)?;
        self.change(|town, now| match heard {
            Some(event) => town.desk.card_event(card, event, now),
            None => Ok(()),
        })
    }

    /// Who works here.
    pub fn staff(&self) -> &Staff {
        &self.0.staff
    }

    /// What time it is here, as Italian clocks show it: days and opening hours are counted by them.
    pub fn now(&self) -> OffsetDateTime {
        in_italy(self.0.clock.now())
    }

    fn carry_out(
        &self,
        town: &mut Town,
        effect: Effect,
        now: OffsetDateTime,
    ) -> Result<Option<Slip>, Refusal> {
        let workshop = &self.0.workshop;
        match effect {
            Effect::ShowFirstPart(slip) => return Ok(Some(slip)),
            Effect::PersonaliseCard { card, secrets } => {
                workshop.personalise(card, secrets, now)?
            }
            Effect::SetCertificateStatus { card, change } => {
                workshop.set_certificate_status(card, change, now)?;
            }
            Effect::Send(message) => {
                let report = town.outbox.send(message, now);
                town.desk.post_report(&report, now)?;
            }
            Effect::Resend { message, to } => {
                let report = town.outbox.resend(message, to, now)?;
                town.desk.post_report(&report, now)?;
            }
            Effect::ProduceCard {
                order,
                holder,
                replaces,
            } => {
                let made = workshop.produce(holder, replaces, now)?;
                town.desk
                    .card_produced(order, made.card, made.expires, now)?;
                town.desk.card_shipped(made.card, now)?;
                town.desk.card_delivered(made.card, now)?;
            }
        }
        Ok(None)
    }

    fn town(&self) -> MutexGuard<'_, Kept> {
        self.0.town.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for TownHall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TownHall").finish_non_exhaustive()
    }
}

/// The system's unpredictable bytes, for digits and codes.
#[derive(Debug)]
pub(crate) struct SystemEntropy(SystemRandom);

impl SystemEntropy {
    pub(crate) fn new() -> Self {
        Self(SystemRandom::new())
    }
}

impl Entropy for SystemEntropy {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), EntropyFault> {
        self.0.fill(bytes).map_err(|_| EntropyFault)
    }
}

#[cfg(test)]
mod tests;
