//! A town as tests and `cns portal run` found it: the citizens of the cards and generated ones, a desk with
//! staff, and a workshop that makes the cards.

mod state_file;

use std::sync::Arc;

use cns_fixtures::{UnknownCitizen, citizen, citizens, population, town};
use cns_portal::town::WorkshopError;
use cns_portal::{Clock, NotKept, Staff, StaffMember, StaffRole, Town, TownHall};
use cns_services::desk::Policy;
use cns_services::outbox::Outbox;
use thiserror::Error;
use time::OffsetDateTime;

use crate::card_workshop::CardWorkshop;

pub use state_file::{StateError, StateFault, StateFile};

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
    /// Its file holds none.
    #[error(transparent)]
    State(#[from] StateError),
    /// It cannot be kept in its file.
    #[error(transparent)]
    NotKept(#[from] NotKept),
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
        let town = founding.found(clock.now());
        let workshop = Arc::new(workshop);
        let hall = TownHall::open(town, staff()?, Arc::clone(&workshop) as _, clock);
        Ok(Self { hall, workshop })
    }

    /// Reads a town from its file, or founds it there; then everything that happens is kept in the file.
    ///
    /// # Errors
    /// [`FoundingError`] says what is missing or wrong. A file that holds no town is left alone.
    pub fn kept(
        founding: &Founding,
        workshop: CardWorkshop,
        clock: Arc<dyn Clock>,
        state: StateFile,
    ) -> Result<Self, FoundingError> {
        let now = clock.now();
        let town = match state.town(now)? {
            Some(town) => town,
            None => founding.found(now),
        };
        let workshop = Arc::new(workshop);
        let makes_cards = Arc::clone(&workshop) as _;
        let hall = TownHall::open_kept(town, staff()?, makes_cards, clock, Box::new(state))?;
        Ok(Self { hall, workshop })
    }

    /// Makes the cards of all citizens that have one, and takes up what the desk knows of cards from before.
    ///
    /// # Errors
    /// One cannot be made or kept.
    pub fn make_cards(&self) -> Result<(), WorkshopError> {
        let now = self.hall.now();
        self.workshop.stock(&citizens(), now)?;
        let known: Vec<_> = self.hall.with(|town, _| town.desk.certificates().collect());
        self.workshop.take_up(&known, now)
    }
}

impl Founding {
    fn found(&self, now: OffsetDateTime) -> Town {
        Town {
            world: population::world(self.seed, self.generated, now.date()),
            desk: town::desk(self.policy, now),
            outbox: Outbox::default(),
        }
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
