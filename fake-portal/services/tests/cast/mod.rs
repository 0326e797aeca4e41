//! A small world in which everybody of the tests is known.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test binary uses a part of this, and ends where it meets the unexpected"
)]

use cns_authority::{BelfioreCode, CodiceFiscale, Sex};
use cns_services::world::{Event, Newcomer};
use cns_services::{Refusal, World};
use time::macros::{date, datetime};
use time::{Date, Duration, OffsetDateTime};

/// A Tuesday, at nine in the morning by the clocks of Italy.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-24 9:00 +1);

/// The day of [`NOW`].
pub(crate) const TODAY: Date = date!(2026 - 11 - 24);

/// People whom the tests call by their names.
#[derive(Clone)]
pub(crate) struct Cast {
    pub(crate) world: World,
    pub(crate) maria: CodiceFiscale,
    pub(crate) mario: CodiceFiscale,
    pub(crate) paolo: CodiceFiscale,
    /// Paolo's daughter, six years old.
    pub(crate) sofia: CodiceFiscale,
    pub(crate) rosa: CodiceFiscale,
    /// Acts for Rosa, who asked her to.
    pub(crate) giulia: CodiceFiscale,
    /// Acts for Hans by order of a court.
    pub(crate) elena: CodiceFiscale,
    pub(crate) hans: CodiceFiscale,
}

/// A world of two hundred citizens, and the people above.
pub(crate) fn cast() -> Cast {
    cast_among(200)
}

/// The people above among so many others.
pub(crate) fn cast_among(citizens: u32) -> Cast {
    let maria = newcomer("Rossi", "Maria", Sex::Female, date!(1985 - 03 - 15), "M901");
    let mario = newcomer("Bianchi", "Mario", Sex::Male, date!(1990 - 07 - 01), "M901");
    let paolo = newcomer("Conti", "Paolo", Sex::Male, date!(1988 - 01 - 20), "M901");
    let giulia = newcomer(
        "Ferri",
        "Giulia",
        Sex::Female,
        date!(1979 - 09 - 30),
        "M903",
    );
    let elena = newcomer("Costa", "Elena", Sex::Female, date!(1975 - 05 - 05), "M903");
    let sofia = Newcomer {
        representative: Some(paolo.codice_fiscale),
        ..newcomer("Conti", "Sofia", Sex::Female, date!(2020 - 02 - 29), "M901")
    };
    let rosa = Newcomer {
        delegate: Some(giulia.codice_fiscale),
        ..newcomer("Galli", "Rosa", Sex::Female, date!(1938 - 06 - 06), "M903")
    };
    let hans = Newcomer {
        representative: Some(elena.codice_fiscale),
        ..newcomer("Müller", "Hans", Sex::Male, date!(1948 - 08 - 09), "M901")
    };
    let people = [maria, mario, paolo, sofia, rosa, giulia, elena, hans];
    let world = World::generate(7, citizens, TODAY).with_people(&people, TODAY);
    let [maria, mario, paolo, sofia, rosa, giulia, elena, hans] =
        people.map(|newcomer| newcomer.codice_fiscale);
    Cast {
        world,
        maria,
        mario,
        paolo,
        sofia,
        rosa,
        giulia,
        elena,
        hans,
    }
}

pub(crate) fn newcomer(
    surname: &str,
    given_name: &str,
    sex: Sex,
    birth_date: Date,
    place: &str,
) -> Newcomer {
    let place: BelfioreCode = place.parse().unwrap();
    Newcomer {
        codice_fiscale: CodiceFiscale::compute(surname, given_name, birth_date, sex, &place),
        surname: surname.to_owned(),
        given_name: given_name.to_owned(),
        birth_date,
        residence: place,
        representative: None,
        delegate: None,
    }
}

/// So many days after [`NOW`].
pub(crate) fn in_days(days: i64) -> OffsetDateTime {
    NOW + Duration::days(days)
}

/// The code of the refusal, or `done`.
pub(crate) fn code(result: &Result<Event, Refusal>) -> &'static str {
    match result {
        Ok(_) => "done",
        Err(refusal) => refusal.code,
    }
}
