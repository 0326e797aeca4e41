//! A town as tests and `cns portal run` found it: the citizens of the cards and generated ones, a desk with
//! staff, and a workshop that makes the cards.

use std::sync::Arc;

use cns_fixtures::{UnknownCitizen, citizen, citizens, population, town};
use cns_portal::town::WorkshopError;
use cns_portal::{Clock, Staff, StaffMember, StaffRole, Town, TownHall};
use cns_services::desk::Policy;
use cns_services::outbox::Outbox;
use thiserror::Error;

use crate::card_workshop::CardWorkshop;

/// Who works in the town: user, password, whose card signs in too, and what they do. The passwords are
/// public: they protect nothing.
pub const STAFF: [(&str, &str, &str, StaffRole); 3] = [
    ("mario", "sportello-1", "mario-bianchi", StaffRole::Operator),
    (
        "aminata",
        "sportello-2",
        "aminata-traore",
        StaffRole::Operator,
    ),
    (
        "davide",
        "revisione-1",
        "davide-moretti",
        StaffRole::Auditor,
    ),
];

/// How a town is founded.
#[derive(Clone, Copy, Debug)]
pub struct Founding {
    /// The same seed makes the same generated citizens.
    pub seed: u64,
    /// How many of them, besides those of the cards.
    pub generated: u32,
    /// What may differ from desk to desk.
    pub policy: Policy,
}

impl Default for Founding {
    fn default() -> Self {
        Self {
            seed: 1,
            generated: 200,
            policy: Policy::default(),
        }
    }
}

/// A founded town, and who makes its cards.
#[derive(Clone, Debug)]
pub struct FoundedTown {
    /// Its pages.
    pub hall: TownHall,
    workshop: Arc<CardWorkshop>,
}

/// Why no town is founded.
#[derive(Debug, Error)]
pub enum FoundingError {
    /// There are no random bytes.
    #[error("the machine has no randomness for passwords and codes\nhint: look at getrandom(2)")]
    NoRandomness,
    /// Somebody who should work there does not exist.
    #[error(transparent)]
    Staff(#[from] UnknownCitizen),
}

impl FoundedTown {
    /// Founds a town whose cards this workshop makes. They are made by [`FoundedTown::make_cards`], once
    /// it is known at which address the certifier publishes.
    ///
    /// # Errors
    /// [`FoundingError`] says what is missing.
    pub fn found(
        founding: &Founding,
        workshop: CardWorkshop,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, FoundingError> {
        let now = clock.now();
        let town = Town {
            world: population::world(founding.seed, founding.generated, now.date()),
            desk: town::desk(founding.policy, now),
            outbox: Outbox::default(),
        };
        let workshop = Arc::new(workshop);
        let hall = TownHall::open(town, staff()?, Arc::clone(&workshop) as _, clock);
        Ok(Self { hall, workshop })
    }

    /// Makes the cards of all citizens that have one.
    ///
    /// # Errors
    /// One cannot be made or kept.
    pub fn make_cards(&self) -> Result<(), WorkshopError> {
        self.workshop.stock(&citizens(), self.hall.now())
    }
}

fn staff() -> Result<Staff, FoundingError> {
    let members = STAFF
        .iter()
        .map(|(user, password, id, role)| {
            let member = StaffMember {
                user,
                codice_fiscale: citizen(id)?.codice_fiscale,
                role: *role,
            };
            Ok((member, *password))
        })
        .collect::<Result<Vec<_>, UnknownCitizen>>()?;
    Staff::new(members).map_err(|_| FoundingError::NoRandomness)
}
