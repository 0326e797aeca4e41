//! Who may do what with a prescription, and when.

use cns_authority::CodiceFiscale;
use time::{Date, OffsetDateTime};

use super::{Command, Event, Prescribed, Prescription, State, Status};
use crate::exemptions::ExemptionCode;
use crate::refusal::Refusal;
use crate::requester::Requester;
use crate::rules;
use crate::version::Version;
use crate::world::World;

/// Does what is asked, or says which rule forbids it.
pub(crate) fn perform(
    world: &mut World,
    who: Requester,
    command: Command,
    now: OffsetDateTime,
) -> Result<Event, Refusal> {
    let today = now.date();
    let (target, state) = match command {
        Command::Issue {
            person,
            prescribed,
            exemption,
        } => return issue(world, who, person, prescribed, exemption, today),
        Command::Cancel(target) => (target, State::Cancelled { on: today }),
        Command::TakeInCharge(target) => {
            let by = world.acting_structure(who)?;
            (target, State::TakenInCharge { by, on: today })
        }
        Command::Release(target) => (target, State::Issued),
        Command::Dispense(target) => {
            let by = world.acting_structure(who)?;
            (target, State::Dispensed { by, on: today })
        }
    };
    let prescription = world.prescriptions.of_person(target.person, target.nre)?;
    prescription.version.expect(target.version)?;
    match state {
        State::Cancelled { .. } => {
            if prescription.doctor != world.acting_doctor(who)? {
                return Err(rules::OTHER_PRESCRIBER.refuse());
            }
            prescription.expect_usable(today)?;
        }
        State::TakenInCharge { .. } => {
            world.people.living(target.person)?;
            prescription.expect_usable(today)?;
        }
        State::Issued => {
            prescription.held_by(world.acting_structure(who)?, today)?;
            // Its booking would be left without a prescription, which could then be booked twice.
            if world.bookings.is_booked(target.nre) {
                return Err(rules::PRESCRIPTION_STATE.about(Status::TakenInCharge.name()));
            }
        }
        State::Dispensed { by, .. } => prescription.held_by(by, today)?,
    }
    world.prescriptions.become_state(target.nre, state);
    Ok(Event::Became(target.nre, state))
}

fn issue(
    world: &mut World,
    who: Requester,
    person: CodiceFiscale,
    prescribed: Prescribed,
    exemption: Option<ExemptionCode>,
    today: Date,
) -> Result<Event, Refusal> {
    let doctor = world.acting_doctor(who)?;
    world.people.living(person)?;
    prescribed.check()?;
    if let Some(code) = exemption
        && !world.exemptions.holds(person, code, today)
    {
        let refusal = rules::EXEMPTION_NOT_HELD.about(code.to_string());
        return Err(refusal.of_field("exemption"));
    }
    let nre = world.prescriptions.next_nre();
    world.prescriptions.add(Prescription {
        nre,
        person,
        doctor,
        prescribed,
        exemption,
        issued: today,
        state: State::Issued,
        version: Version::default(),
    });
    Ok(Event::Issued(nre))
}
