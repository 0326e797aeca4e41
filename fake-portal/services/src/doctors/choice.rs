//! Whom a citizen may choose, and what the desk registers before.

use cns_authority::{BelfioreCode, CodiceFiscale};
use time::Date;

use super::{Doctor, DoctorNumber, Domicile, Enrolment, Event};
use crate::access::Access;
use crate::person::{Person, months_later};
use crate::refusal::Refusal;
use crate::requester::Requester;
use crate::rules;
use crate::version::Version;
use crate::world::World;

pub(super) fn choose(
    world: &mut World,
    who: Requester,
    person: CodiceFiscale,
    doctor: DoctorNumber,
    version: Version,
    today: Date,
) -> Result<Event, Refusal> {
    world.people.private_access(who, person, today)?;
    let enrolment = enrolment(world, person)?;
    enrolment.version.expect(version)?;
    expect_choosable(world, person, doctor, today)?;
    if !has_place(world, person, doctor) {
        let ceiling = world.doctors.get(doctor).map_or(0, |doctor| doctor.ceiling);
        return Err(rules::DOCTOR_FULL
            .about(ceiling.to_string())
            .of_field("doctor"));
    }
    assign(world, person, doctor, today);
    Ok(Event::Chosen(doctor))
}

/// Whether a doctor has a place for somebody: a free one, or one beside their family (ricongiungimento
/// familiare), for whom the ceiling does not count.
pub(super) fn has_place(world: &World, person: CodiceFiscale, doctor: DoctorNumber) -> bool {
    0 < world.doctors.places(doctor)
        || world.people.get(person).is_some_and(|known| {
            world.people.household(known).any(|member| {
                member.codice_fiscale != person
                    && member.died.is_none()
                    && world
                        .doctors
                        .enrolment_of(member.codice_fiscale)
                        .is_some_and(|enrolment| enrolment.doctor == Some(doctor))
            })
        })
}

impl World {
    /// Whom a person may choose today, or ask for, and whether each has a place for them: a free one, or one
    /// beside their family.
    ///
    /// # Errors
    /// What keeps the person from choosing anybody: the desk has something to register first.
    pub fn choosable_doctors(
        &self,
        access: &Access,
        today: Date,
    ) -> Result<Vec<(DoctorNumber, bool)>, Refusal> {
        let person = access.person();
        let mut choosable = Vec::new();
        for (number, _) in self.doctors.iter() {
            match expect_choosable(self, person, number, today) {
                Ok(()) => choosable.push((number, has_place(self, person, number))),
                // What is wrong with this doctor alone is said of the field that names doctors.
                Err(refusal) if refusal.field.is_some() => {}
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(choosable)
    }
}

/// All rules of a choice but the ceiling.
pub(super) fn expect_choosable(
    world: &World,
    person: CodiceFiscale,
    number: DoctorNumber,
    today: Date,
) -> Result<(), Refusal> {
    let known = world.people.living(person)?;
    let enrolment = enrolment(world, person)?;
    let no_doctor = || rules::NO_DOCTOR.refuse().of_field("doctor");
    let doctor = world.doctors.get(number).ok_or_else(no_doctor)?;
    if enrolment.doctor == Some(number) {
        return Err(rules::ALREADY_YOUR_DOCTOR.refuse().of_field("doctor"));
    }
    let age = known.age(today);
    if !doctor.fits_age(age) {
        return Err(rules::DOCTOR_AGE.about(age.to_string()).of_field("doctor"));
    }
    expect_district(world, known, enrolment, doctor, today)?;
    let current = enrolment
        .doctor
        .and_then(|current| world.doctors.get(current));
    let same_association = current.is_some_and(|current| {
        // A child who leaves the paediatrician may stay in the house.
        current.kind == doctor.kind
            && current.association.is_some()
            && current.association == doctor.association
    });
    if same_association {
        return Err(rules::SAME_ASSOCIATION.refuse().of_field("doctor"));
    }
    Ok(())
}

pub(super) fn assign(world: &mut World, person: CodiceFiscale, doctor: DoctorNumber, today: Date) {
    world.doctors.change(person, |enrolment| {
        enrolment.doctor = Some(doctor);
        enrolment.since = today;
    });
}

pub(super) fn register_residence(
    world: &mut World,
    who: Requester,
    person: CodiceFiscale,
    today: Date,
) -> Result<Event, Refusal> {
    who.operator()?;
    let residence = world.people.living(person)?.residence;
    let district = expect_municipality(world, residence)?;
    enrolment(world, person)?;
    let doctors = &world.doctors;
    let keeps_doctor = doctors
        .enrolment_of(person)
        .and_then(|enrolment| doctors.get(enrolment.doctor?))
        .is_some_and(|doctor| doctor.district == district);
    world.doctors.change(person, |enrolment| {
        enrolment.municipality = residence;
        enrolment.domicile = None;
        if !keeps_doctor {
            enrolment.doctor = None;
            enrolment.since = today;
        }
    });
    Ok(Event::Registered)
}

pub(super) fn register_domicile(
    world: &mut World,
    who: Requester,
    person: CodiceFiscale,
    municipality: BelfioreCode,
    until: Date,
    today: Date,
) -> Result<Event, Refusal> {
    who.operator()?;
    world.people.living(person)?;
    expect_municipality(world, municipality)?;
    enrolment(world, person)?;
    let allowed = months_later(today, 3)..=months_later(today, 12);
    if !allowed.contains(&until) {
        return Err(rules::DOMICILE_PERIOD.about(until).of_field("until"));
    }
    world.doctors.change(person, |enrolment| {
        enrolment.domicile = Some(Domicile {
            municipality,
            until,
        });
    });
    Ok(Event::Registered)
}

/// The doctor works where the person lives, or stays for a time.
fn expect_district(
    world: &World,
    person: &Person,
    enrolment: &Enrolment,
    doctor: &Doctor,
    today: Date,
) -> Result<(), Refusal> {
    let stay = enrolment.domicile.filter(|stay| today <= stay.until);
    let municipality = match stay {
        Some(stay) => stay.municipality,
        None if person.residence != enrolment.municipality => {
            return Err(rules::NEW_RESIDENCE.refuse());
        }
        None => enrolment.municipality,
    };
    if world.doctors.district(municipality) == Some(doctor.district) {
        Ok(())
    } else {
        Err(rules::OTHER_DISTRICT.refuse().of_field("doctor"))
    }
}

fn expect_municipality(
    world: &World,
    municipality: BelfioreCode,
) -> Result<super::District, Refusal> {
    let unknown = || rules::NO_MUNICIPALITY.about(municipality.to_string());
    world.doctors.district(municipality).ok_or_else(unknown)
}

fn enrolment(world: &World, person: CodiceFiscale) -> Result<&Enrolment, Refusal> {
    let unknown = || rules::NOBODY.about(person.to_string());
    world.doctors.enrolment_of(person).ok_or_else(unknown)
}
