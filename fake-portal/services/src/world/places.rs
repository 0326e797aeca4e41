//! The invented places of a world: municipalities, structures, agendas, doctors' practices.

use cns_authority::BelfioreCode;
use fastrand::Rng;

use super::World;
use super::names;
use crate::bookings::{Agenda, Service};
use crate::doctors::{District, Doctor, DoctorKind, Municipality};
use crate::structure::{Structure, StructureKind, StructureNumber};

/// Codes that no place has, and invented names. Three municipalities make a district.
pub(super) const MUNICIPALITIES: [(&str, &str); 12] = [
    ("M901", "Borgo Collaudo"),
    ("M902", "Prova sul Ticinello"),
    ("M903", "Villa Finta"),
    ("M904", "Castel Modello"),
    ("M905", "Monte Esempio"),
    ("M906", "San Fittizio"),
    ("M907", "Campione Inventato"),
    ("M908", "Rocca Simulata"),
    ("M909", "Pieve di Bozza"),
    ("M910", "Torre Ipotesi"),
    ("M911", "Valle Apparente"),
    ("M912", "Ponte Immaginario"),
];

/// How many districts there are.
pub(super) const DISTRICTS: u8 = 4;

/// The codes of the municipalities.
pub(super) fn codes() -> Vec<BelfioreCode> {
    MUNICIPALITIES
        .iter()
        .filter_map(|(code, _)| code.parse().ok())
        .collect()
}

/// Founds everything but people, for about so many citizens.
pub(super) fn found(world: &mut World, rng: &mut Rng, citizens: u32) {
    for (place, (code, (_, name))) in (0..).zip(codes().into_iter().zip(MUNICIPALITIES)) {
        let district = District(place / 3);
        world.doctors.found(Municipality {
            code,
            name: name.to_owned(),
            district,
        });
        found_structures(world, code, name);
    }
    for district in (0..DISTRICTS).map(District) {
        open_practices(world, rng, district, citizens / u32::from(DISTRICTS));
    }
}

fn found_structures(world: &mut World, municipality: BelfioreCode, name: &str) {
    for (kind, title) in [
        (StructureKind::Hospital, "Ospedale di"),
        (StructureKind::Laboratory, "Punto prelievi di"),
        (StructureKind::Pharmacy, "Farmacia di"),
        (StructureKind::VaccinationCentre, "Centro vaccinale di"),
    ] {
        // Four structures for each of twelve municipalities.
        let structure = StructureNumber(world.structures.len() as u16);
        world.structures.push(Structure {
            name: format!("{title} {name}"),
            kind,
            municipality,
        });
        for service in Service::ALL {
            if place_of(service) == kind {
                world.bookings.open_agenda(agenda(structure, service));
            }
        }
    }
}

/// In what kind of structure a service is given.
fn place_of(service: Service) -> StructureKind {
    match service {
        Service::BloodTest => StructureKind::Laboratory,
        _ => StructureKind::Hospital,
    }
}

fn agenda(structure: StructureNumber, service: Service) -> Agenda {
    let (opens, closes, minutes) = match service {
        Service::BloodTest => (7 * 60 + 30, 10 * 60, 10),
        _ => (9 * 60, 16 * 60, 30),
    };
    Agenda {
        structure,
        service,
        weekdays: vec![1, 2, 3, 4, 5],
        opens,
        closes,
        minutes,
    }
}

/// Enough doctors that four fifths of their places are taken, and some to choose from.
fn open_practices(world: &mut World, rng: &mut Rng, district: District, citizens: u32) {
    for (kind, count) in [
        (DoctorKind::GeneralPractitioner, 4 + citizens / 1_200),
        (DoctorKind::Paediatrician, 3 + citizens / 3_000),
    ] {
        for place in 0..count {
            let (given_name, surname) = names::of_a_doctor(rng);
            // Pairs share a practice; the last of a kind works alone.
            let pair = u16::from(district.0) * 100 + (place / 2) as u16;
            world.doctors.open_practice(Doctor {
                surname,
                given_name,
                kind,
                district,
                ceiling: kind.ceiling(),
                association: (place + 1 < count).then_some(pair),
            });
        }
    }
}
