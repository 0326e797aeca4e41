//! Vaccinations (vaccinazioni): what was given, what comes next, who is excused.

mod calendar;
mod vaccine;

use cns_authority::CodiceFiscale;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::access::Access;
use crate::actor::Actor;
use crate::ledger::{Held, Ledger};
use crate::person::Person;
use crate::refusal::Refusal;
use crate::rules;
use crate::structure::StructureNumber;
use crate::text_form::{self, iso_date};
use crate::world::World;

pub use calendar::{Dose, doses};
pub use vaccine::{Antigen, Site, Vaccine};

/// A vaccine that was given.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Vaccination {
    /// To whom.
    #[serde(with = "text_form")]
    pub person: CodiceFiscale,
    /// Which.
    pub vaccine: Vaccine,
    /// The how manieth dose of this vaccine, from 1.
    pub dose: u8,
    /// When.
    #[serde(with = "iso_date")]
    pub given: Date,
    /// What the maker calls the lot.
    pub lot: String,
    /// Where on the body.
    pub site: Site,
    /// By whom.
    pub structure: StructureNumber,
}

impl Held for Vaccination {
    fn holder(&self) -> CodiceFiscale {
        self.person
    }
}

/// That somebody is not vaccinated for now, or ever, for reasons of health.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Deferral {
    /// Who.
    #[serde(with = "text_form")]
    pub person: CodiceFiscale,
    /// With what.
    pub vaccine: Vaccine,
    /// Since when.
    #[serde(with = "iso_date")]
    pub since: Date,
    /// The last day of a deferral (differimento); none is an exemption for good (esonero).
    #[serde(
        with = "iso_date::option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub until: Option<Date>,
}

impl Held for Deferral {
    fn holder(&self) -> CodiceFiscale {
        self.person
    }
}

/// How a person stands with a vaccine.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// All doses are given.
    Complete,
    /// The next dose can wait until a day that is still to come.
    InOrder(#[serde(with = "iso_date")] Date),
    /// The next dose has been due since a day.
    Due(#[serde(with = "iso_date")] Date),
    /// A doctor has put it off until a day.
    Deferred(#[serde(with = "iso_date")] Date),
    /// A doctor has excused the person for good.
    Excused,
    /// The person is too old for it to be asked for.
    NotAsked,
}

/// What can be done about vaccinations.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Command {
    /// A structure has given a dose.
    Record {
        /// To whom.
        #[serde(with = "text_form")]
        person: CodiceFiscale,
        /// Of what.
        vaccine: Vaccine,
        /// Of which lot.
        lot: String,
        /// Where on the body.
        site: Site,
    },
    /// A doctor puts a vaccine off, or excuses somebody from it.
    Defer {
        /// Who is not vaccinated.
        #[serde(with = "text_form")]
        person: CodiceFiscale,
        /// With what.
        vaccine: Vaccine,
        /// The last day; none is for good.
        #[serde(with = "iso_date::option", default)]
        until: Option<Date>,
    },
}

/// What happened about vaccinations.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A dose was given.
    Given {
        /// Of what.
        vaccine: Vaccine,
        /// The how manieth, from 1.
        dose: u8,
    },
    /// A vaccine is put off.
    Deferred {
        /// Which.
        vaccine: Vaccine,
    },
}

/// All vaccinations.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Vaccinations {
    given: Ledger<Vaccination>,
    deferrals: Ledger<Deferral>,
}

impl Vaccinations {
    /// What a person was given, newest first.
    pub fn of(&self, access: &Access) -> impl Iterator<Item = &Vaccination> {
        let given = self.given.of(access.person());
        given.rev().map(|(_, vaccination)| vaccination)
    }

    /// What a person is excused from, newest first, whether or not that is over.
    pub fn deferrals(&self, access: &Access) -> impl Iterator<Item = &Deferral> {
        let deferrals = self.deferrals.of(access.person());
        deferrals.rev().map(|(_, deferral)| deferral)
    }

    /// How a person whose data may be seen stands with each compulsory vaccine.
    pub fn standing<'a>(
        &'a self,
        access: &Access,
        person: &'a Person,
        today: Date,
    ) -> impl Iterator<Item = (Vaccine, Standing)> + use<'a> {
        // A person other than the one of the access has nothing here that could be seen.
        let seen = (access.person() == person.codice_fiscale).then_some(person);
        seen.into_iter().flat_map(move |person| {
            Vaccine::COMPULSORY
                .into_iter()
                .map(move |vaccine| (vaccine, self.standing_with(person, vaccine, today)))
        })
    }

    /// Whether a child has all that is compulsory today, is excused from it, or it is put off.
    pub fn is_in_order(&self, access: &Access, person: &Person, today: Date) -> bool {
        self.standing(access, person, today)
            .all(|(_, standing)| !matches!(standing, Standing::Due(_)))
    }

    pub(crate) fn add(&mut self, vaccination: Vaccination) {
        self.given.add(vaccination);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Vaccination)> {
        self.given.iter()
    }

    pub(crate) fn iter_deferrals(&self) -> impl Iterator<Item = (u32, &Deferral)> {
        self.deferrals.iter()
    }

    fn standing_with(&self, person: &Person, vaccine: Vaccine, today: Date) -> Standing {
        let Some(next) = self.next_dose(person, vaccine) else {
            return Standing::Complete;
        };
        // Law 119 of 2017 asks for them up to the age of sixteen.
        if 16 < person.age(today) {
            return Standing::NotAsked;
        }
        let deferrals = self.deferrals.of(person.codice_fiscale);
        let deferral = deferrals
            .map(|(_, deferral)| deferral)
            .filter(|deferral| deferral.vaccine == vaccine)
            .rfind(|deferral| deferral.until.is_none_or(|until| today <= until));
        match deferral.map(|deferral| deferral.until) {
            Some(None) => Standing::Excused,
            Some(Some(until)) => Standing::Deferred(until),
            None if today < next => Standing::InOrder(next),
            None => Standing::Due(next),
        }
    }

    /// When the next dose is due; none if all are given.
    fn next_dose(&self, person: &Person, vaccine: Vaccine) -> Option<Date> {
        let (count, last) = self.given_so_far(person.codice_fiscale, vaccine);
        let dose = doses(vaccine).nth(count)?;
        Some(dose.due(person.birth_date, last))
    }

    fn given_so_far(&self, person: CodiceFiscale, vaccine: Vaccine) -> (usize, Option<Date>) {
        let given = self.given.of(person).map(|(_, vaccination)| vaccination);
        given
            .filter(|vaccination| vaccination.vaccine == vaccine)
            .fold((0, None), |(count, last), vaccination| {
                (count + 1, last.max(Some(vaccination.given)))
            })
    }
}

/// Does what is asked, or says which rule forbids it.
pub(crate) fn perform(
    world: &mut World,
    who: Actor,
    command: Command,
    now: OffsetDateTime,
) -> Result<Event, Refusal> {
    let today = now.date();
    match command {
        Command::Record {
            person,
            vaccine,
            lot,
            site,
        } => record(world, who, person, vaccine, lot, site, today),
        Command::Defer {
            person,
            vaccine,
            until,
        } => {
            who.doctor()?;
            world.people.living(person)?;
            if let Some(until) = until.filter(|until| *until <= today) {
                return Err(rules::DEFERRAL_ENDED.about(until).of_field("until"));
            }
            world.vaccinations.deferrals.add(Deferral {
                person,
                vaccine,
                since: today,
                until,
            });
            Ok(Event::Deferred { vaccine })
        }
    }
}

fn record(
    world: &mut World,
    who: Actor,
    person: CodiceFiscale,
    vaccine: Vaccine,
    lot: String,
    site: Site,
    today: Date,
) -> Result<Event, Refusal> {
    let structure = who.structure()?;
    let known = world.people.living(person)?;
    if lot.trim().is_empty() {
        return Err(rules::NO_LOT.refuse().of_field("lot"));
    }
    let (count, last) = world.vaccinations.given_so_far(person, vaccine);
    let Some(planned) = doses(vaccine).nth(count) else {
        return Err(rules::VACCINE_COMPLETE.refuse().of_field("vaccine"));
    };
    if today < planned.earliest(known.birth_date) {
        let earliest = planned.earliest(known.birth_date);
        return Err(rules::VACCINE_AGE.about(earliest).of_field("vaccine"));
    }
    if let Some(earliest) = planned.earliest_after(last).filter(|day| today < *day) {
        return Err(rules::VACCINE_INTERVAL.about(earliest).of_field("vaccine"));
    }
    let dose = planned.number;
    world.vaccinations.add(Vaccination {
        person,
        vaccine,
        dose,
        given: today,
        lot,
        site,
        structure,
    });
    Ok(Event::Given { vaccine, dose })
}
