//! What a person has been through with the health service up to a day.

mod appointments;

use fastrand::Rng;
use time::{Date, Duration};

use super::World;
use crate::exemptions::{Exemption, ExemptionCode, Source, last_day};
use crate::person::Person;
use crate::reports::{Analyte, Content, Measurement, Report, ReportKind};
use crate::structure::{StructureKind, StructureNumber};
use crate::vaccinations::{Site, Vaccination, Vaccine, doses};
use crate::version::Version;

/// Lets somebody live up to a day, or up to their death.
pub(super) fn live(world: &mut World, rng: &mut Rng, person: &Person, today: Date) {
    let last_day = person.died.unwrap_or(today);
    be_vaccinated(world, rng, person, last_day);
    be_exempt(world, rng, person, last_day);
    be_reported_on(world, rng, person, last_day);
    appointments::be_prescribed(world, rng, person, last_day);
    if rng.u8(..100) < 70 {
        world.reports.decide(
            person.codice_fiscale,
            true,
            days_before(rng, person, last_day, 1_000),
        );
    }
}

/// Children have most of what is compulsory, and not always in time; a third of the old are vaccinated
/// against influenza.
fn be_vaccinated(world: &mut World, rng: &mut Rng, person: &Person, today: Date) {
    let age = person.age(today);
    let vaccines: &[Vaccine] = match age {
        ..=16 => &Vaccine::COMPULSORY,
        66.. if rng.u8(..3) == 0 => &[Vaccine::Influenza],
        _ => &[],
    };
    for vaccine in vaccines {
        let mut last = None;
        for dose in doses(*vaccine) {
            let due = match (vaccine, last) {
                (Vaccine::Influenza, None) => days_before(rng, person, today, 1_200),
                _ => dose.due(person.birth_date, last),
            };
            let given = due.saturating_add(Duration::days(rng.i64(0..60)));
            if today < given || rng.u8(..50) == 0 {
                break;
            }
            last = Some(given);
            world.vaccinations.add(Vaccination {
                person: person.codice_fiscale,
                vaccine: *vaccine,
                dose: dose.number,
                given,
                lot: format!("COLL{:04}", rng.u16(..10_000)),
                site: if age < 2 {
                    Site::LeftThigh
                } else {
                    Site::LeftArm
                },
                structure: near(world, rng, StructureKind::VaccinationCentre),
            });
        }
    }
}

fn be_exempt(world: &mut World, rng: &mut Rng, person: &Person, today: Date) {
    let (text, source) = match (person.age(today), rng.u8(..100)) {
        (..6, ..60) => ("E01", Source::Ministry),
        (66.., ..40) => ("E01", Source::Ministry),
        (60.., 40..48) => ("E04", Source::Ministry),
        (18.., 48..52) => ("E02", Source::SelfCertified),
        (18.., 52..55) => ("E12", Source::SelfCertified),
        (40.., 55..62) => ("0A31", Source::HealthAuthority),
        (50.., 62..65) => ("048", Source::HealthAuthority),
        (_, 65..66) => ("RCG010", Source::HealthAuthority),
        (18.., 66..68) => ("C01", Source::HealthAuthority),
        _ => return,
    };
    let Ok(code) = text.parse::<ExemptionCode>() else {
        return;
    };
    let from = days_before(rng, person, today, 500);
    let until = (source != Source::HealthAuthority).then(|| last_day(code, from));
    world.exemptions.add(Exemption {
        person: person.codice_fiscale,
        code,
        source,
        from,
        until,
        revoked: None,
        version: Version::default(),
    });
}

fn be_reported_on(world: &mut World, rng: &mut Rng, person: &Person, today: Date) {
    for _ in 0..rng.u8(..3) {
        let issued = days_before(rng, person, today, 900);
        let (kind, place) = match rng.u8(..10) {
            ..6 => (ReportKind::Laboratory, StructureKind::Laboratory),
            6..8 => (ReportKind::Radiology, StructureKind::Hospital),
            8 => (ReportKind::SpecialistVisit, StructureKind::Hospital),
            _ => (ReportKind::EmergencyRoom, StructureKind::Hospital),
        };
        let collected = (rng.u8(..10) < 6).then(|| issued.saturating_add(Duration::days(2)));
        world.reports.add(Report {
            person: person.codice_fiscale,
            kind,
            structure: near(world, rng, place),
            issued,
            content: content(rng, kind),
            obscured: rng.u8(..20) == 0,
            collected: collected.filter(|day| *day <= today),
            version: Version::default(),
        });
    }
}

fn content(rng: &mut Rng, kind: ReportKind) -> Content {
    let words = match kind {
        ReportKind::Laboratory => return Content::Measurements(measurements(rng)),
        ReportKind::Radiology => "Non si apprezzano lesioni in atto. Referto inventato.",
        ReportKind::EmergencyRoom => "Dimissione a domicilio, riposo. Referto inventato.",
        _ => "Quadro clinico nella norma, controllo tra un anno. Referto inventato.",
    };
    Content::Narrative(words.to_owned())
}

/// One in ten values is a little above what is usual.
fn measurements(rng: &mut Rng) -> Vec<Measurement> {
    Analyte::ALL
        .into_iter()
        .map(|analyte| {
            let (low, high) = analyte.usual_hundredths();
            let top = if rng.u8(..10) == 0 {
                high + high / 5
            } else {
                high
            };
            let hundredths = rng.u32(low..=top);
            Measurement {
                analyte,
                hundredths,
            }
        })
        .collect()
}

/// A day of a person's life, up to so many days ago.
fn days_before(rng: &mut Rng, person: &Person, today: Date, days: i64) -> Date {
    let day = today.saturating_sub(Duration::days(rng.i64(0..days)));
    day.max(person.birth_date)
}

/// One of the structures of a kind.
fn near(world: &World, rng: &mut Rng, kind: StructureKind) -> StructureNumber {
    let all: Vec<StructureNumber> = world
        .structures()
        .filter(|(_, structure)| structure.kind == kind)
        .map(|(number, _)| number)
        .collect();
    rng.choice(all).unwrap_or(StructureNumber(0))
}
