//! A citizen's area with something on every page.

use cns_authority::CodiceFiscale;
use cns_fixtures::citizen;
use cns_portal::TownHall;
use cns_services::bookings::{self, AgendaNumber, BookingNumber, Service};
use cns_services::doctors::DoctorNumber;
use cns_services::exemptions;
use cns_services::prescriptions::{self, Nre, Prescribed, Priority};
use cns_services::reports::{self, Analyte, Content, Measurement, ReportKind, ReportNumber};
use cns_services::structure::StructureNumber;
use cns_services::world::{Command, Event};
use cns_services::{Requester, World};
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

/// Lets Maria Rossi have a report of each kind, prescriptions, exemptions and a booking. Gives the pages of
/// her area, by name and path.
pub(crate) fn furnish(hall: &TownHall) -> Vec<(&'static str, String)> {
    let maria = citizen("maria-rossi").unwrap().codice_fiscale;
    let furnished = hall.change(|town, now| {
        let world = &mut town.world;
        let laboratory = publish(world, maria, measurements(), now);
        let words = Content::Narrative(
            "Nessuna lesione a carico dell'osso.\nA cura del Collaudo.".to_owned(),
        );
        publish(world, maria, words, now);
        declare(world, maria, now);
        let nre = prescribe(world, maria, Service::AbdominalUltrasound, now);
        let agenda = agenda(world, Service::EyeVisit);
        let mut free = world.bookings().free(agenda, now + Duration::days(9));
        let (booked, next) = (free.next().unwrap(), free.next().unwrap());
        drop(free);
        let booking = book(world, maria, agenda, booked, now);
        let new = format!("/area/bookings/new?service=eye-visit&agenda={}", agenda.0);
        let at = format!("{}T{:02}:{:02}", next.date(), next.hour(), next.minute());
        Ok(vec![
            ("area", "/area".to_owned()),
            ("reports", "/area/reports".to_owned()),
            ("reports-refused", "/area/reports?from=ieri".to_owned()),
            ("report", format!("/area/reports/{}", laboratory.0)),
            (
                "report-words",
                format!("/area/reports/{}", laboratory.0 + 1),
            ),
            (
                "report-done",
                format!("/area/reports/{}?done=collected", laboratory.0),
            ),
            ("prescriptions", "/area/prescriptions".to_owned()),
            ("prescription", format!("/area/prescriptions/{nre}")),
            ("vaccinations", "/area/vaccinations".to_owned()),
            ("exemptions", "/area/exemptions".to_owned()),
            ("bookings", "/area/bookings".to_owned()),
            ("booking", format!("/area/bookings/{}", booking.0)),
            ("booking-new", "/area/bookings/new".to_owned()),
            ("booking-refused", "/area/bookings/new?nre=0300A".to_owned()),
            ("booking-where", format!("/area/bookings/new?nre={nre}")),
            ("booking-when", new.clone()),
            ("booking-confirm", format!("{new}&starts={at}")),
            ("doctor", "/area/doctor".to_owned()),
            ("doctor-ask", "/area/doctor/applications".to_owned()),
        ])
    });
    furnished.unwrap()
}

/// The area of Sofia Conti, as her father sees it.
pub(crate) fn of_the_child() -> String {
    let sofia = citizen("sofia-conti").unwrap().codice_fiscale;
    format!("/area/for/{sofia}/vaccinations")
}

fn measurements() -> Content {
    let measured = |analyte: Analyte| {
        let (low, high) = analyte.usual_hundredths();
        let hundredths = match analyte {
            Analyte::Glucose => high + 900,
            _ => low,
        };
        Measurement {
            analyte,
            hundredths,
        }
    };
    Content::Measurements(Analyte::ALL.map(measured).to_vec())
}

fn publish(
    world: &mut World,
    person: CodiceFiscale,
    content: Content,
    now: OffsetDateTime,
) -> ReportNumber {
    let kind = match content {
        Content::Measurements(_) => ReportKind::Laboratory,
        Content::Narrative(_) => ReportKind::Radiology,
    };
    let command = reports::Command::Publish {
        person,
        kind,
        content,
    };
    let who = Requester::Structure(StructureNumber(0));
    match world.perform(who, Command::Report(command), now) {
        Ok(Event::Report(reports::Event::Published(number))) => number,
        other => panic!("{other:?}"),
    }
}

fn declare(world: &mut World, person: CodiceFiscale, now: OffsetDateTime) {
    let code = "E30".parse().unwrap();
    let command = exemptions::Command::Declare { person, code };
    let who = Requester::Citizen(person);
    world
        .perform(who, Command::Exemption(command), now)
        .unwrap();
}

fn prescribe(
    world: &mut World,
    person: CodiceFiscale,
    service: Service,
    now: OffsetDateTime,
) -> Nre {
    let prescribed = Prescribed::Service {
        service,
        priority: Priority::Deferrable,
    };
    let command = prescriptions::Command::Issue {
        person,
        prescribed,
        exemption: None,
    };
    let who = Requester::Doctor(DoctorNumber(0));
    match world.perform(who, Command::Prescription(command), now) {
        Ok(Event::Prescription(prescriptions::Event::Issued(nre))) => nre,
        other => panic!("{other:?}"),
    }
}

fn agenda(world: &World, service: Service) -> AgendaNumber {
    let mut agendas = world.bookings().agendas();
    let found = agendas.find(|(_, agenda)| agenda.service == service);
    found.unwrap().0
}

fn book(
    world: &mut World,
    person: CodiceFiscale,
    agenda: AgendaNumber,
    starts: PrimitiveDateTime,
    now: OffsetDateTime,
) -> BookingNumber {
    let command = bookings::Command::Book {
        person,
        agenda,
        starts,
        nre: None,
    };
    let who = Requester::Citizen(person);
    match world.perform(who, Command::Booking(command), now) {
        Ok(Event::Booking(bookings::Event::Booked { booking, .. })) => booking,
        other => panic!("{other:?}"),
    }
}
