//! Whose data somebody sees, beside their own.

use cns_services::person::Mandate;
use cns_services::reports;
use cns_services::world::{Command, Event};
use cns_services::{Requester, structure::StructureNumber};
use serde_json::Value;

use crate::town::{NOW, Place, person};

const SERVICES: [&str; 8] = [
    "",
    "/reports",
    "/prescriptions",
    "/vaccinations",
    "/exemptions",
    "/bookings",
    "/bookings/new",
    "/doctor",
];

#[test]
fn a_parent_sees_a_childs_area_and_acts_there() {
    let place = Place::found();
    let paolo = place.visitor("paolo-conti");
    let sofia = person("sofia-conti");
    let home = paolo.see("/area");
    assert!(home.shows(&format!(r#"<a href="/area/for/{sofia}">Sofia Conti</a>"#)));
    let (_, data) = paolo.json("/area");
    assert_eq!(data["acts_for"][0]["standing"], "guardian");
    for service in SERVICES {
        let page = paolo.see(&format!("/area/for/{sofia}{service}"));
        assert_eq!(page.status, 200, "{service}");
        assert!(page.shows("You are acting for Sofia Conti."), "{service}");
    }
    let declared = paolo.post(
        &format!("/area/for/{sofia}/exemptions"),
        &[("code", "E02".to_owned())],
    );
    assert_eq!(declared.status, 303, "{}", declared.body);
    assert_eq!(
        declared.location,
        format!("/area/for/{sofia}/exemptions?done=declared")
    );
    let page = paolo.see(&declared.location);
    assert!(page.shows("The exemption is in force from today."));
    // It is hers, and not her father's.
    let (_, own) = paolo.json("/area/exemptions");
    let codes: Vec<&Value> = own["exemptions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["exemption"]["code"])
        .collect();
    assert!(!codes.contains(&&Value::from("E02")), "{codes:?}");
}

#[test]
fn strangers_cannot_tell_what_there_is_from_what_never_was() {
    let place = Place::found();
    let (paolo, maria) = (place.visitor("paolo-conti"), place.visitor("maria-rossi"));
    let sofia = person("sofia-conti");
    let never = "RSSMRA85C55F205Y";
    for service in SERVICES {
        let theirs = maria.see(&format!("/area/for/{sofia}{service}"));
        let nobodys = maria.see(&format!("/area/for/{never}{service}"));
        assert_eq!((theirs.status, nobodys.status), (404, 404), "{service}");
        assert_eq!(theirs.body, nobodys.body, "{service}");
        assert_eq!(maria.json(&format!("/area/for/{sofia}{service}")).0, 404);
    }
    // The numbers of another's entries are as if they were not, to look at and to change.
    let report = publish(&place, sofia);
    let path = format!("/area/reports/{report}");
    assert_eq!(
        paolo
            .see(&format!("/area/for/{sofia}/reports/{report}"))
            .status,
        200
    );
    let version = [("version", "0".to_owned())];
    for visitor in [&paolo, &maria] {
        for path in [
            path.clone(),
            format!("{path}.pdf"),
            format!("{path}.fhir.json"),
            format!("{path}.cda.xml"),
        ] {
            assert_eq!(visitor.see(&path).status, 404, "{path}");
            assert_eq!(visitor.json(&path).0, 404, "{path}");
        }
        let obscured = visitor.post(&format!("{path}/obscure"), &version);
        assert_eq!(obscured.status, 404);
        let obscured = visitor.post_json(&format!("{path}/obscure"), &version);
        assert_eq!(obscured.status, 404);
    }
}

#[test]
fn a_delegate_sees_no_obscured_report_and_obscures_none() {
    let place = Place::found();
    let (rosa, giulia) = (place.visitor("rosa-galli"), place.visitor("giulia-ferri"));
    let report = publish(&place, rosa.codice_fiscale);
    let theirs = format!("/area/for/{}/reports/{report}", rosa.codice_fiscale);
    let page = giulia.see(&theirs);
    assert_eq!(page.status, 200);
    assert!(!page.shows("/obscure") && page.shows("/collect"));
    let refused = giulia.post(&format!("{theirs}/obscure"), &[("version", "0".to_owned())]);
    assert_eq!(refused.status, 403);
    assert!(refused.shows("REPORT-103"));
    let consent = format!("/area/for/{}/reports/consent", rosa.codice_fiscale);
    let refused = giulia.post_json(&consent, &[("given", "yes".to_owned())]);
    assert_eq!(refused.json()["code"], "REPORT-103");

    let own = format!("/area/reports/{report}");
    let obscured = rosa.post(&format!("{own}/obscure"), &[("version", "0".to_owned())]);
    assert_eq!(obscured.status, 303, "{}", obscured.body);
    assert_eq!(giulia.see(&theirs).status, 404);
    let list = format!("/area/for/{}/reports", rosa.codice_fiscale);
    let (_, list) = giulia.json(&list);
    let numbers = list["reports"].as_array().unwrap().iter();
    assert!(
        numbers
            .map(|it| it["number"].as_u64().unwrap())
            .all(|it| it != u64::from(report))
    );
    assert_eq!(rosa.see(&own).status, 200);
}

#[test]
fn a_court_guardian_decides_for_an_adult() {
    let place = Place::found();
    let guardianship = place.see(|world| {
        let mut all = world.people().representations();
        all.find(|it| {
            let alive = |person| world.people().get(person).unwrap().died.is_none();
            it.mandate == Mandate::CourtGuardian && alive(it.person) && alive(it.by)
        })
        .copied()
    });
    let guardianship = guardianship.expect("a world has guardians");
    let guardian = place.with_card(guardianship.by);
    let page = guardian.see(&format!("/area/for/{}/reports", guardianship.person));
    assert_eq!(page.status, 200);
    assert!(page.shows("/reports/consent"));
}

#[test]
fn the_dead_have_no_services() {
    let place = Place::found();
    let dead = place.see(|world| {
        let mut people = world.people().iter();
        people
            .find(|person| person.died.is_some())
            .unwrap()
            .codice_fiscale
    });
    let ghost = place.with_card(dead);
    let page = ghost.see("/area/reports");
    assert_eq!(page.status, 403);
    assert!(page.shows("PERSON-102"));
}

/// A structure publishes a report about somebody.
fn publish(place: &Place, person: cns_authority::CodiceFiscale) -> u32 {
    let command = reports::Command::Publish {
        person,
        kind: reports::ReportKind::Radiology,
        content: reports::Content::Narrative("Nulla da segnalare.".to_owned()),
    };
    let who = Requester::Structure(StructureNumber(0));
    match place.perform(who, Command::Report(command), NOW) {
        Ok(Event::Report(reports::Event::Published(number))) => number.0,
        other => panic!("{other:?}"),
    }
}
