//! People who are given from outside: the holders of the cards.

use cns_authority::{BelfioreCode, CodiceFiscale};
use fastrand::Rng;
use time::Date;

use super::{World, history, households};
use crate::person::{Mandate, Person, Representation};

/// Somebody who joins a world.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Newcomer {
    /// Who it is for every office.
    pub codice_fiscale: CodiceFiscale,
    /// Cognome, as usually written.
    pub surname: String,
    /// Nome, as usually written.
    pub given_name: String,
    /// As registered.
    pub birth_date: Date,
    /// The municipality of residence.
    pub residence: BelfioreCode,
    /// Who acts for them by law: the parent of a minor, the guardian of an adult.
    pub representative: Option<CodiceFiscale>,
    /// Whom they have asked to act.
    pub delegate: Option<CodiceFiscale>,
}

impl World {
    /// The same world with these people in it, each with a history up to `today`. The history of a person
    /// is always the same on the same day. Who is there already stays as they are; a representative or
    /// delegate whom nobody knows is left out.
    pub fn with_people(mut self, newcomers: &[Newcomer], today: Date) -> Self {
        for newcomer in newcomers {
            if self.people.get(newcomer.codice_fiscale).is_none() {
                self.join(newcomer, today);
            }
        }
        for newcomer in newcomers {
            self.represent(newcomer, today);
        }
        self
    }

    fn join(&mut self, newcomer: &Newcomer, today: Date) {
        let household = newcomer
            .representative
            .and_then(|representative| self.people.get(representative))
            .map(|representative| representative.household);
        let person = Person {
            codice_fiscale: newcomer.codice_fiscale,
            surname: newcomer.surname.clone(),
            given_name: newcomer.given_name.clone(),
            birth_date: newcomer.birth_date,
            residence: newcomer.residence,
            household: household.unwrap_or_else(|| self.people.new_household()),
            died: None,
        };
        let mut rng = Rng::with_seed(seed(newcomer.codice_fiscale));
        households::enrol(self, &mut rng, &person, person.residence, None, today);
        self.people.put(person.clone());
        history::live(self, &mut rng, &person, today);
    }

    fn represent(&mut self, newcomer: &Newcomer, today: Date) {
        let person = newcomer.codice_fiscale;
        let minor = self
            .people
            .get(person)
            .is_some_and(|person| person.is_minor(today));
        let by_law = if minor {
            Mandate::Parent
        } else {
            Mandate::CourtGuardian
        };
        let mandates = [
            (newcomer.representative, by_law),
            (newcomer.delegate, Mandate::Delegate),
        ];
        for (by, mandate) in mandates {
            let known = by.filter(|by| *by != person && self.people.get(*by).is_some());
            let Some(by) = known else {
                continue;
            };
            let representation = Representation {
                person,
                by,
                mandate,
                until: None,
            };
            let already = self
                .people
                .representatives(person)
                .any(|known| *known == representation);
            if !already {
                self.people.represent(representation);
            }
        }
    }
}

/// A number that only hangs on the codice fiscale (FNV-1a).
fn seed(codice_fiscale: CodiceFiscale) -> u64 {
    codice_fiscale
        .to_string()
        .bytes()
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        })
}
