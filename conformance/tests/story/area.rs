//! A report, from the hospital that issues it to the citizen who reads it.

use cns_conformance::TlsVersion;
use cns_conformance::clients::curl;
use cns_fixtures::citizen;
use cns_services::Requester;
use cns_services::reports::{Command, Content, Event, ReportKind, ReportNumber};
use cns_services::structure::StructureNumber;
use cns_services::world;

use super::paper::Paper;
use super::place::{Answer, Place};

/// What the report says.
pub(crate) const FINDING: &str = "Dimessa in buone condizioni dopo una frattura del radio.";

/// A hospital has a new report on Maria.
pub(crate) fn a_report_is_published(place: &Place) -> ReportNumber {
    let publish = Command::Publish {
        person: citizen("maria-rossi").unwrap().codice_fiscale,
        kind: ReportKind::Discharge,
        content: Content::Narrative(FINDING.to_owned()),
    };
    let hospital = Requester::Structure(StructureNumber(0));
    let published = place.hall.change(|town, now| {
        let publish = world::Command::Report(publish);
        town.world.perform(hospital, publish, now)
    });
    match published {
        Ok(world::Event::Report(Event::Published(number))) => number,
        other => panic!("{other:?}"),
    }
}

/// The report as page, as PDF and as FHIR, each by a login with the card.
pub(crate) fn curl_fetches_the_report(place: &Place, pin: &str, report: ReportNumber) {
    let path = format!("/area/reports/{}", report.0);
    let page = fetched(place, pin, &path);
    assert!(page.headers["content-type"].starts_with("text/html"));
    assert!(page.text.contains(FINDING), "{}", page.text);

    let pdf = fetched(place, pin, &format!("{path}.pdf"));
    assert_eq!(pdf.headers["content-type"], "application/pdf");
    let text = Paper::new(&pdf.bytes).text();
    assert!(text.contains(FINDING), "{text}");

    let fhir = fetched(place, pin, &format!("{path}.fhir.json"));
    assert_eq!(fhir.headers["content-type"], "application/fhir+json");
    assert_eq!(fhir.body["resourceType"], "Bundle");
    assert!(fhir.text.contains(FINDING), "{}", fhir.text);
}

fn fetched(place: &Place, pin: &str, path: &str) -> Answer {
    let port = place.addresses.cns.port();
    let visit = curl::read_page(place.workbench(), TlsVersion::Tls13, port, pin, path).unwrap();
    let answer = Answer::read(&visit.stdout);
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer
}
