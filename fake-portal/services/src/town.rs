//! All of it as one value: the world of the six services, the credential desk, and the post.

mod file;
mod json;

use cns_authority::CodiceFiscale;
use time::OffsetDateTime;

use crate::desk::{Applicant, Desk};
use crate::outbox::Outbox;
use crate::person::Mandate;
use crate::world::World;

pub use file::FileFault;
pub use json::{ExportError, ImportError};

/// The state behind a portal's pages. A clone is a snapshot; digits that are in the post are shared by
/// it, and not copied.
#[derive(Clone, Debug)]
pub struct Town {
    /// Citizens, and the six services.
    pub world: World,
    /// The credential desk.
    pub desk: Desk,
    /// What was sent, and what the post made of it.
    pub outbox: Outbox,
}

/// How often each part of a town has changed: two of the same town are equal if nothing has changed in
/// between.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Revision {
    world: u64,
    desk: u64,
    outbox: u64,
}

impl Town {
    /// How often it has changed.
    pub fn revision(&self) -> Revision {
        Revision {
            world: self.world.revision(),
            desk: self.desk.revision(),
            outbox: self.outbox.revision(),
        }
    }

    /// The post has gone on, and cards have expired. What is heard of a card that nobody knows is passed
    /// over.
    pub fn catch_up(&mut self, now: OffsetDateTime) {
        for report in self.outbox.reports(now) {
            let _ = self.desk.post_report(&report, now);
        }
        self.desk.pass(now);
    }

    /// Somebody who lives here, as the desk knows people.
    pub fn applicant(&self, codice_fiscale: CodiceFiscale) -> Option<Applicant> {
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
}
