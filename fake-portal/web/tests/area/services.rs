//! What a citizen gets done, service by service.

use std::thread;

use cns_services::Requester;
use cns_services::bookings::Service;
use cns_services::prescriptions::Priority;
use cns_services::reports;
use cns_services::structure::StructureNumber;
use cns_services::world::Command;
use serde_json::Value;
use time::Duration;
use time::macros::date;

use crate::town::{NOW, Place, person, written};

#[test]
fn a_report_is_collected_obscured_and_shown_again() {
    let place = Place::found();
    let maria = place.visitor("maria-rossi");
    publish(&place, "Primo referto.");
    let (_, list) = maria.json("/area/reports");
    let number = list["reports"][0]["number"].as_u64().unwrap();
    let path = format!("/area/reports/{number}");
    assert!(maria.see(&path).shows("Primo referto."));
    for (version, action, says) in [
        (0, "collect", "The report was collected."),
        (1, "obscure", "The report is obscured"),
        (2, "reveal", "The report can be seen again."),
    ] {
        let page = maria.see(&path);
        assert!(
            page.shows(&format!("action=\"{path}/{action}\"")),
            "{action}"
        );
        assert!(page.shows(&format!("name=\"version\" value=\"{version}\"")));
        let version = [("version", version.to_string())];
        let done = maria.post(&format!("{path}/{action}"), &version);
        assert_eq!(done.status, 303, "{action}: {}", done.body);
        assert!(maria.see(&done.location).shows(says), "{action}");
    }
    let (_, report) = maria.json(&path);
    assert_eq!(report["report"]["collected"], "2026-11-24");
    assert_eq!(report["report"]["obscured"], Value::Bool(false));
}

#[test]
fn reports_are_found_by_date_type_and_structure() {
    let place = Place::found();
    let maria = place.visitor("maria-rossi");
    publish(&place, "Di oggi.");
    let count = |query: &str| {
        let (status, data) = maria.json(&format!("/area/reports?{query}"));
        assert_eq!(status, 200, "{query}");
        data["reports"].as_array().unwrap().len()
    };
    let all = count("");
    assert_eq!(count("from=2026-11-24"), 1);
    assert_eq!(count("to=2026-11-23"), all - 1);
    assert_eq!(count("kind=RAD&structure=0&from=2026-11-24"), 1);
    assert_eq!(count("kind=LAB&from=2026-11-24"), 0);
    let page = maria.see("/area/reports?kind=RAD&from=2026-11-24");
    assert!(page.shows(r#"<option value="RAD" selected>"#));
    assert!(page.shows(r#"value="2026-11-24""#));
    let refused = maria.see("/area/reports?from=yesterday&kind=RAD");
    assert_eq!(refused.status, 422);
    assert!(refused.shows("FORM-104") && refused.shows(r#"value="yesterday""#));
    assert!(refused.shows(r#"<option value="RAD" selected>"#));
}

#[test]
fn consent_is_given_and_withdrawn() {
    let place = Place::found();
    let maria = place.visitor("maria-rossi");
    for (given, consent) in [("yes", true), ("", false), ("yes", true)] {
        let done = maria.post("/area/reports/consent", &[("given", given.to_owned())]);
        assert_eq!(done.status, 303);
        let (_, data) = maria.json("/area/reports");
        assert_eq!(data["consent"], Value::Bool(consent));
    }
}

#[test]
fn an_exemption_is_declared_and_taken_back() {
    let place = Place::found();
    let maria = place.visitor("maria-rossi");
    let declared = maria.post("/area/exemptions", &[("code", "E30".to_owned())]);
    assert_eq!(declared.status, 303, "{}", declared.body);
    let (_, data) = maria.json("/area/exemptions");
    let newest = &data["exemptions"][0];
    assert_eq!(newest["exemption"]["code"], "E30");
    assert_eq!(newest["exemption"]["until"], "2027-03-31");
    assert_eq!(newest["in_force"], Value::Bool(true));
    let path = format!("/area/exemptions/{}/revoke", newest["number"]);
    assert!(
        maria
            .see("/area/exemptions")
            .shows(&format!("action=\"{path}\""))
    );
    let revoked = maria.post_json(&path, &[("version", "0".to_owned())]);
    assert_eq!(revoked.status, 200, "{}", revoked.body);
    assert_eq!(revoked.json()["next"], "/api/area/exemptions");
    let (_, data) = maria.json("/area/exemptions");
    assert_eq!(data["exemptions"][0]["in_force"], Value::Bool(false));
}

#[test]
fn an_appointment_is_booked_step_by_step_and_cancelled() {
    let place = Place::found();
    let maria = place.visitor("maria-rossi");
    let nre = place.prescribe(
        maria.codice_fiscale,
        Service::AbdominalUltrasound,
        Priority::Planned,
        NOW,
    );
    let first = maria.see("/area/bookings/new");
    let step = format!("/area/bookings/new?nre={nre}");
    assert!(first.shows(&format!("href=\"{step}\"")));
    let places = maria.see(&step);
    let step = link_to(&places.body, "agenda=");
    let times = maria.see(&format!("{step}&from=2026-12-01"));
    let step = link_to(&times.body, "starts=");
    let confirm = maria.see(&step);
    assert!(confirm.shows("36,15 €"), "{}", confirm.body);
    let (agenda, starts) = (parameter(&step, "agenda"), parameter(&step, "starts"));
    let fields = [
        ("agenda", agenda),
        ("starts", starts.replace("%3A", ":")),
        ("nre", nre.to_string()),
    ];
    let booked = maria.post("/area/bookings/new", &fields);
    assert_eq!(booked.status, 303, "{}", booked.body);
    let ticket = maria.see(&booked.location);
    assert!(ticket.shows("The appointment is booked.") && ticket.shows("36,15 €"));
    let (path, _) = booked.location.split_once('?').unwrap();
    let (_, prescription) = maria.json(&format!("/area/prescriptions/{nre}"));
    assert_eq!(prescription["status"], "PRESA IN CARICO");

    let cancelled = maria.post(&format!("{path}/cancel"), &[("version", "0".to_owned())]);
    assert_eq!(cancelled.status, 303, "{}", cancelled.body);
    let (_, booking) = maria.json(path);
    assert_eq!(booking["booking"]["state"], "cancelled");
    let (_, prescription) = maria.json(&format!("/area/prescriptions/{nre}"));
    assert_eq!(prescription["status"], "EMESSA");
}

#[test]
fn another_day_is_asked_for() {
    let place = Place::found();
    let maria = place.visitor("maria-rossi");
    let agenda = place.agenda(Service::EyeVisit).0;
    let path = format!("/area/bookings/new?service=eye-visit&agenda={agenda}&from=2026-12-25");
    let (_, data) = maria.json(&path);
    let free = data["agendas"][0]["free"].as_array().unwrap();
    assert_eq!(free.len(), 12);
    assert!(free[0].as_str().unwrap() >= "2026-12-25T");
    assert!(maria.see(&path).shows(r#"name="from" value="2026-12-25""#));
}

#[test]
fn of_two_who_book_one_time_one_has_it() {
    let place = Place::found();
    let agenda = place.agenda(Service::EyeVisit);
    let visitors = ["maria-rossi", "mario-bianchi"].map(|id| place.visitor(id));
    for starts in place.free(agenda, NOW + Duration::days(3), 6) {
        let fields = [
            ("agenda", agenda.0.to_string()),
            ("starts", written(starts)),
        ];
        let fields = &fields;
        let mut statuses = thread::scope(|scope| {
            let posts = visitors.each_ref().map(|visitor| {
                scope.spawn(move || visitor.post_json("/area/bookings/new", fields).status)
            });
            posts.map(|post| post.join().unwrap())
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{starts}");
    }
}

#[test]
fn a_doctor_is_chosen_and_a_full_one_asked_for() {
    let place = Place::found();
    let mario = place.visitor("mario-bianchi");
    let (_, data) = mario.json("/area/doctor");
    let version = data["enrolment"]["version"].to_string();
    let choosable = data["choosable"].as_array().unwrap();
    let with_place = choosable.iter().find(|it| it["has_place"] == true).unwrap();
    let fields = [
        ("doctor", with_place["number"].to_string()),
        ("version", version),
    ];
    let chosen = mario.post("/area/doctor", &fields);
    assert_eq!(chosen.status, 303, "{}", chosen.body);
    let name = with_place["name"].as_str().unwrap();
    let (_, data) = mario.json("/area/doctor");
    assert_eq!(data["doctor_name"], name);
    assert_eq!(
        data["enrolment"]["since"],
        date!(2026 - 11 - 24).to_string()
    );

    let full = place.see(|world| {
        let who = Requester::Citizen(mario.codice_fiscale);
        let access = world.access(who, mario.codice_fiscale, NOW.date()).unwrap();
        let mut doctors = world
            .choosable_doctors(&access, NOW.date())
            .unwrap()
            .into_iter();
        doctors.find(|(_, has_place)| !has_place)
    });
    let Some((full, _)) = full else {
        panic!("a district has a doctor who is full");
    };
    let fields = [
        ("doctor", full.0.to_string()),
        ("reasons", "Assistenza di un familiare".to_owned()),
    ];
    let asked = mario.post("/area/doctor/applications", &fields);
    assert_eq!(asked.status, 303, "{}", asked.body);
    let page = mario.see(&asked.location);
    assert!(page.shows("Assistenza di un familiare") && page.shows("to be decided"));
}

/// A structure publishes a report about Maria.
fn publish(place: &Place, words: &str) {
    let command = reports::Command::Publish {
        person: person("maria-rossi"),
        kind: reports::ReportKind::Radiology,
        content: reports::Content::Narrative(words.to_owned()),
    };
    let who = Requester::Structure(StructureNumber(0));
    place.perform(who, Command::Report(command), NOW).unwrap();
}

/// The first link of a page that has these words in its address.
fn link_to(page: &str, words: &str) -> String {
    let links = page.split("href=\"").skip(1);
    let mut links = links.filter_map(|rest| rest.split('"').next());
    let link = links.find(|link| link.contains(words)).unwrap();
    link.replace("&#38;", "&").replace("&amp;", "&")
}

fn parameter(address: &str, name: &str) -> String {
    let (_, query) = address.split_once('?').unwrap();
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).unwrap().1.to_owned()
}
