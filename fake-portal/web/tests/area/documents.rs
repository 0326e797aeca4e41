//! What a citizen keeps.

use cns_services::Requester;
use cns_services::bookings::Service;
use cns_services::prescriptions::Priority;
use cns_services::reports::{self, Content, ReportKind};
use cns_services::structure::StructureNumber;
use cns_services::world::{Command, Event};
use serde_json::Value;

use crate::town::{NOW, Place, person};

#[test]
fn a_report_is_there_as_pdf_fhir_and_cda() {
    let place = Place::found();
    let visitor = place.with_card(somebody_with_a_report(&place));
    let (_, list) = visitor.json("/area/reports");
    let number = &list["reports"][0]["number"];
    let page = visitor.see(&format!("/area/reports/{number}"));
    for (form, content_type) in [
        ("pdf", "application/pdf"),
        ("fhir.json", "application/fhir+json"),
        ("cda.xml", "application/xml"),
    ] {
        let path = format!("/area/reports/{number}.{form}");
        assert!(page.shows(&format!("href=\"{path}\"")), "{form}");
        let document = visitor.see(&path);
        assert_eq!(document.status, 200, "{form}");
        assert_eq!(document.content_type, content_type);
        match form {
            "pdf" => assert!(document.body.starts_with("%PDF-")),
            "fhir.json" => assert_eq!(document.json()["resourceType"], "Bundle"),
            _ => assert!(document.shows("<ClinicalDocument")),
        }
    }
    let path = format!("/area/reports/{number}.docx");
    assert_eq!(visitor.see(&path).status, 404);
}

#[test]
fn prescriptions_have_reminders_and_vaccinations_a_certificate() {
    let place = Place::found();
    let maria = place.visitor("maria-rossi");
    let mario = place.visitor("mario-bianchi");
    let service = Service::ChestXRay;
    let nre = place.prescribe(person("maria-rossi"), service, Priority::Planned, NOW);
    let path = format!("/area/prescriptions/{nre}.pdf");
    let reminder = maria.ask(&path, &["--include"]);
    assert_eq!(reminder.content_type, "application/pdf");
    let name = format!("content-disposition: inline; filename=\"NRE-{nre}.pdf\"");
    assert!(reminder.shows(&name));
    assert_eq!(mario.see(&path).status, 404);

    let certificate = maria.see("/area/vaccinations/certificate.pdf");
    assert_eq!(certificate.content_type, "application/pdf");
    assert!(certificate.body.starts_with("%PDF-"));
    let (_, vaccinations) = maria.json("/area/vaccinations");
    assert_eq!(vaccinations["in_order"], Value::Bool(true));
}

#[test]
fn what_does_not_fit_into_a_document_is_said_on_its_page() {
    let place = Place::found();
    let maria = place.visitor("maria-rossi");
    let command = reports::Command::Publish {
        person: maria.codice_fiscale,
        kind: ReportKind::Radiology,
        content: Content::Narrative("Nulla da segnalare.\n".repeat(8_000)),
    };
    let who = Requester::Structure(StructureNumber(0));
    let published = place.perform(who, Command::Report(command), NOW);
    let Ok(Event::Report(reports::Event::Published(number))) = published else {
        panic!("{published:?}");
    };
    let path = format!("/area/reports/{}.pdf", number.0);
    let page = maria.see(&path);
    assert_eq!(page.status, 422);
    assert!(page.shows("<code>DOCUMENT-101</code>"));
    assert!(
        page.shows(&format!("href=\"{path}\"")),
        "it is the page of the report"
    );
}

fn somebody_with_a_report(place: &Place) -> cns_authority::CodiceFiscale {
    place.see(|world| {
        let mut people = world.people().iter().filter(|person| person.died.is_none());
        people
            .find(|person| {
                let who = cns_services::Requester::Citizen(person.codice_fiscale);
                let access = world.access(who, person.codice_fiscale, NOW.date());
                let access = access.unwrap();
                world.reports().of(&access).unwrap().next().is_some()
            })
            .unwrap()
            .codice_fiscale
    })
}
