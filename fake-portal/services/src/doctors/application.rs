//! What citizens ask for beyond a doctor's ceiling, and what the desk decides.

use cns_authority::CodiceFiscale;
use serde::{Deserialize, Serialize};
use time::Date;

use super::{DoctorNumber, Event, choice};
use crate::actor::Actor;
use crate::ledger::Held;
use crate::refusal::Refusal;
use crate::rules;
use crate::text_form::{self, iso_date};
use crate::world::World;

/// That somebody asks for a doctor who is full (richiesta di deroga al massimale).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// For whom.
    #[serde(with = "text_form")]
    pub person: CodiceFiscale,
    /// For which doctor.
    pub doctor: DoctorNumber,
    /// Why.
    pub reasons: String,
    /// When.
    #[serde(with = "iso_date")]
    pub asked: Date,
    /// What the desk said, once it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

impl Held for Application {
    fn holder(&self) -> CodiceFiscale {
        self.person
    }
}

/// What the desk said.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// The person has the doctor.
    Granted,
    /// Nothing changes.
    Refused,
}

/// An application's place in the list, from 0.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct ApplicationNumber(pub u32);

pub(super) fn apply(
    world: &mut World,
    who: Actor,
    person: CodiceFiscale,
    doctor: DoctorNumber,
    reasons: String,
    today: Date,
) -> Result<Event, Refusal> {
    world.people.private_access(who, person, today)?;
    if reasons.trim().is_empty() {
        return Err(rules::NO_REASONS.refuse().of_field("reasons"));
    }
    choice::expect_choosable(world, person, doctor, today)?;
    if choice::has_place(world, person, doctor) {
        return Err(rules::NO_EXCEPTION_NEEDED.refuse().of_field("doctor"));
    }
    let number = world.doctors.applications.add(Application {
        person,
        doctor,
        reasons,
        asked: today,
        decision: None,
    });
    Ok(Event::Applied(ApplicationNumber(number)))
}

/// What was asked for may no longer be possible when it is decided, so the rules are asked again.
pub(super) fn decide(
    world: &mut World,
    who: Actor,
    number: ApplicationNumber,
    granted: bool,
    today: Date,
) -> Result<Event, Refusal> {
    who.operator()?;
    let application = world
        .doctors
        .applications
        .get(number.0)
        .filter(|application| application.decision.is_none())
        .ok_or_else(|| rules::NO_APPLICATION.refuse())?;
    let (person, doctor) = (application.person, application.doctor);
    if granted {
        choice::expect_choosable(world, person, doctor, today)?;
        choice::assign(world, person, doctor, today);
    }
    let decision = if granted {
        Decision::Granted
    } else {
        Decision::Refused
    };
    if let Some(application) = world.doctors.applications.get_mut(number.0) {
        application.decision = Some(decision);
    }
    Ok(Event::Decided(number, decision))
}
