//! What the pages are about: the citizens' services, the credential desk and the post, as one state; and
//! whoever does outside what the desk decides.

mod logins;
mod staff;
mod workshop;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cns_authority::{CardNumber, CodiceFiscale};
use cns_services::desk::{Applicant, Desk, Effect, Slip};
use cns_services::italian_time::in_italy;
use cns_services::outbox::Outbox;
use cns_services::person::Mandate;
use cns_services::{Entropy, EntropyFault, Refusal, World};
use ring::rand::{SecureRandom as _, SystemRandom};
use time::OffsetDateTime;

use crate::clock::Clock;

pub use staff::{Staff, StaffMember, StaffRole};
pub use workshop::{NoWorkshop, ProducedCard, Workshop, WorkshopError};

/// The state behind the pages. What changes it goes through the rules of `cns-services`.
#[derive(Debug)]
pub struct Town {
    /// Citizens, and the six services.
    pub world: World,
    /// The credential desk.
    pub desk: Desk,
    /// What was sent, and what the post made of it.
    pub outbox: Outbox,
}

/// A town that visitors of a portal come to. Clones share it.
#[derive(Clone)]
pub struct TownHall(Arc<Hall>);

struct Hall {
    town: Mutex<Town>,
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
        Self(Arc::new(Hall {
            town: Mutex::new(town),
            staff,
            workshop,
            clock,
        }))
    }

    /// Looks at the town, or changes it, while nobody else does. The post and the calendar have done
    /// their work up to now.
    pub fn with<T>(&self, work: impl FnOnce(&mut Town, OffsetDateTime) -> T) -> T {
        let now = self.now();
        let mut town = self.town();
        town.catch_up(now);
        work(&mut town, now)
    }

    /// Does something at the desk, and then what the desk wants done. Gives what was decided, and the
    /// first parts that are to be shown, once, to whoever asked.
    ///
    /// # Errors
    /// The rule that forbids it; then nothing was done. What the workshop cannot do is a refusal too,
    /// `TOWN-101`, after which the desk has decided and no card has followed.
    pub fn decide<T>(
        &self,
        work: impl FnOnce(&mut Town, OffsetDateTime) -> Result<(T, Vec<Effect>), Refusal>,
    ) -> Result<(T, Vec<Slip>), Refusal> {
        self.with(|town, now| {
            let (decided, effects) = work(town, now)?;
            let mut slips = Vec::new();
            for effect in effects {
                slips.extend(self.carry_out(town, effect, now)?);
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
        self.with(|town, now| match heard {
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

    fn town(&self) -> MutexGuard<'_, Town> {
        self.0.town.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Town {
    /// Somebody who lives here, as the desk knows people.
    pub(crate) fn applicant(&self, codice_fiscale: CodiceFiscale) -> Option<Applicant> {
        let people = self.world.people();
        let person = people.get(codice_fiscale)?;
        let acting = |mandate| {
            let who = people.representatives(codice_fiscale);
            let who = who.filter(move |it| it.mandate == mandate);
            who.map(|it| it.by).collect()
        };
        Some(Applicant {
            name: person.name(),
            codice_fiscale,
            birth_date: person.birth_date,
            parents: acting(Mandate::Parent),
            guardians: acting(Mandate::CourtGuardian),
        })
    }

    /// The post has gone on, and cards have expired. What is heard of a card that nobody knows is passed
    /// over.
    fn catch_up(&mut self, now: OffsetDateTime) {
        for report in self.outbox.reports(now) {
            let _ = self.desk.post_report(&report, now);
        }
        self.desk.pass(now);
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
