//! Whether the parts of a world fit together, for worlds that come from outside.

use cns_authority::CodiceFiscale;

use super::World;
use super::json::ImportError;
use crate::bookings::{Agenda, Booking, State as BookingState};
use crate::doctors::DoctorNumber;
use crate::prescriptions::{Prescription, State as PrescriptionState};
use crate::structure::StructureNumber;
use crate::vaccinations::doses;

/// Goes through everything that points to something else.
pub(super) fn check(world: &World) -> Result<(), ImportError> {
    people(world)?;
    for (number, report) in world.reports.iter() {
        let place = || format!("reports.documents[{number}]");
        known(world, report.person, &place)?;
        structure(world, report.structure, &place)?;
    }
    for (number, person) in world.reports.deciders() {
        known(world, person, &|| format!("reports.consents[{number}]"))?;
    }
    for (number, prescription) in (0..).zip(world.prescriptions.iter()) {
        check_prescription(world, number, prescription)?;
    }
    for (number, vaccination) in world.vaccinations.iter() {
        let place = || format!("vaccinations.given[{number}]");
        known(world, vaccination.person, &place)?;
        structure(world, vaccination.structure, &place)?;
        let mut doses = doses(vaccination.vaccine);
        let planned = doses.any(|dose| dose.number == vaccination.dose);
        expect(planned, &place, || {
            format!("the vaccine has no dose {}", vaccination.dose)
        })?;
    }
    for (number, deferral) in world.vaccinations.iter_deferrals() {
        known(world, deferral.person, &|| {
            format!("vaccinations.deferrals[{number}]")
        })?;
    }
    for (number, exemption) in world.exemptions.iter() {
        let place = || format!("exemptions[{number}]");
        known(world, exemption.person, &place)?;
        let ends_after = exemption.until.is_none_or(|until| exemption.from <= until);
        expect(ends_after, &place, || "it ends before it begins".to_owned())?;
    }
    for (number, agenda) in world.bookings.agendas() {
        let place = || format!("bookings.agendas[{}]", number.0);
        structure(world, agenda.structure, &place)?;
        check_agenda(agenda, &place)?;
    }
    for (number, booking) in world.bookings.iter() {
        check_booking(world, number, booking)?;
    }
    doctors(world)
}

fn people(world: &World) -> Result<(), ImportError> {
    for (number, person) in (0..).zip(world.people.iter()) {
        let number: usize = number;
        expect(
            person.has_own_codice_fiscale(),
            &|| format!("people.people[{number}].codice_fiscale"),
            || {
                format!(
                    "{} is not the code of {}, born on {}",
                    person.codice_fiscale,
                    person.name(),
                    person.birth_date
                )
            },
        )?;
    }
    for (number, representation) in (0..).zip(world.people.representations()) {
        let number: usize = number;
        let place = || format!("people.representations[{number}]");
        known(world, representation.person, &place)?;
        known(world, representation.by, &place)?;
        let two = representation.person != representation.by;
        expect(two, &place, || "nobody represents themselves".to_owned())?;
    }
    Ok(())
}

fn check_prescription(
    world: &World,
    number: usize,
    prescription: &Prescription,
) -> Result<(), ImportError> {
    let place = || format!("prescriptions[{number}]");
    known(world, prescription.person, &place)?;
    doctor(world, prescription.doctor, &place)?;
    if let PrescriptionState::TakenInCharge { by, .. } | PrescriptionState::Dispensed { by, .. } =
        prescription.state
    {
        structure(world, by, &place)?;
    }
    let in_order = prescription.prescribed.check().is_ok();
    expect(in_order, &place, || "it has 1 or 2 packages".to_owned())
}

fn check_agenda(agenda: &Agenda, place: &dyn Fn() -> String) -> Result<(), ImportError> {
    let weekdays = agenda.weekdays.iter().all(|day| (1..=7).contains(day));
    expect(weekdays, place, || {
        "weekdays are 1 for Monday to 7 for Sunday".to_owned()
    })?;
    let open = agenda.opens < agenda.closes && agenda.closes <= 24 * 60 && 0 < agenda.minutes;
    expect(open, place, || {
        "it opens before it closes, by minutes of the day, and appointments have a length"
            .to_owned()
    })
}

fn check_booking(world: &World, number: u32, booking: &Booking) -> Result<(), ImportError> {
    let place = || format!("bookings.bookings[{number}]");
    known(world, booking.person, &place)?;
    let agenda = world.bookings.agenda(booking.agenda);
    let Some(agenda) = agenda.filter(|agenda| agenda.has(booking.starts)) else {
        let agenda = booking.agenda.0;
        return fault(
            &place,
            format!("agenda {agenda} has no time {}", booking.starts),
        );
    };
    let Some(nre) = booking.nre else {
        return Ok(());
    };
    let Ok(prescription) = world.prescriptions.of_person(booking.person, nre) else {
        return fault(&place, format!("the person has no prescription {nre}"));
    };
    let in_charge = match prescription.state {
        PrescriptionState::TakenInCharge { by, .. } | PrescriptionState::Dispensed { by, .. } => {
            by == agenda.structure
        }
        PrescriptionState::Issued | PrescriptionState::Cancelled { .. } => false,
    };
    expect(
        booking.state != BookingState::Booked || in_charge,
        &place,
        || format!("the agenda's structure does not have the prescription {nre} in charge"),
    )
}

fn doctors(world: &World) -> Result<(), ImportError> {
    for (number, enrolment) in world.doctors.enrolments() {
        let place = || format!("doctors.enrolments[{number}]");
        known(world, enrolment.person, &place)?;
        if let Some(number) = enrolment.doctor {
            doctor(world, number, &place)?;
        }
    }
    for (number, application) in world.doctors.all_applications() {
        let place = || format!("doctors.applications[{number}]");
        known(world, application.person, &place)?;
        doctor(world, application.doctor, &place)?;
    }
    Ok(())
}

fn known(
    world: &World,
    person: CodiceFiscale,
    place: &dyn Fn() -> String,
) -> Result<(), ImportError> {
    expect(world.people.get(person).is_some(), place, || {
        format!("nobody has the codice fiscale {person}")
    })
}

fn structure(
    world: &World,
    number: StructureNumber,
    place: &dyn Fn() -> String,
) -> Result<(), ImportError> {
    expect(world.structure(number).is_some(), place, || {
        format!("there is no structure {}", number.0)
    })
}

fn doctor(
    world: &World,
    number: DoctorNumber,
    place: &dyn Fn() -> String,
) -> Result<(), ImportError> {
    expect(world.doctors.get(number).is_some(), place, || {
        format!("there is no doctor {}", number.0)
    })
}

fn expect(
    holds: bool,
    place: &dyn Fn() -> String,
    reason: impl Fn() -> String,
) -> Result<(), ImportError> {
    if holds {
        Ok(())
    } else {
        fault(place, reason())
    }
}

fn fault(place: &dyn Fn() -> String, reason: String) -> Result<(), ImportError> {
    Err(ImportError::Inconsistent {
        place: place(),
        reason,
    })
}
