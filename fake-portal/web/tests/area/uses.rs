//! What the desk hears of a login: that the card's PIN was proven.

use cns_fixtures::{citizen, town};
use cns_portal::Language;
use cns_services::Role;
use cns_services::desk::{
    CardEvent, CardState, Chip, Contact, CredentialState, Enrolment, Form, FormKind, Papers,
    SpidLevel,
};
use time::macros::date;

use super::town::{NOW, Place};

/// The number that all cards of these tests have.
const CARD: &str = "6030000000001009";

#[test]
fn the_desk_hears_once_that_a_pin_is_in_use() {
    let place = Place::found();
    let maria = place.visitor("maria-rossi");
    maria.see("/area");
    assert_eq!(heard(&place), [""; 0], "a card that is not known");

    enrol(&place, CredentialState::SecondPartDelivered);
    place.visitor("paolo-conti").see("/area");
    assert_eq!(heard(&place), ["enrol"], "a card that is somebody else's");
    maria.see("/area");
    maria.see("/area");
    assert_eq!(heard(&place), ["enrol", "use"]);
    assert_eq!(known(&place), "in-use");

    // What happens to it elsewhere is heard elsewhere.
    let blocked = CardEvent::PinBlocked;
    place
        .hall
        .change(|town, _| town.desk.card_event(CARD.parse().unwrap(), blocked, NOW))
        .unwrap();
    maria.see("/area");
    assert_eq!(known(&place), "in-use");
    assert_eq!(heard(&place), ["enrol", "use", "block-pin", "unblock"]);
}

#[test]
fn a_login_does_not_depend_on_what_the_desk_makes_of_it() {
    let place = Place::found();
    enrol(&place, CredentialState::None);
    let maria = place.visitor("maria-rossi");
    assert_eq!(maria.see("/area").status, 200);
    assert_eq!(known(&place), "none");
    place.hall.with(|town, _| {
        let log = town.desk.audit(Role::Tester).unwrap();
        let heard = log.entries().last().unwrap();
        assert_eq!(heard.outcome, "DESK-130", "a PIN that the desk never gave");
    });
}

#[test]
fn what_the_desk_knows_is_no_news_while_other_codes_are_asked_for() {
    let place = Place::found();
    enrol(&place, CredentialState::InUse);
    let asked = place.hall.change(|town, now| {
        let maria = town::applicant(&citizen("maria-rossi").unwrap(), NOW);
        let asked_by = town.desk.identify_by_spid(&maria, SpidLevel::Two, now)?;
        let form = Form {
            card: CARD.parse().unwrap(),
            kind: FormKind::Online,
            papers: Papers::default(),
            contact: Contact::mobile("3200000001")?,
            language: Language::English,
        };
        town.desk.take_form(asked_by, form, now)
    });
    asked.unwrap();
    let maria = place.visitor("maria-rossi");
    maria.see("/area");
    maria.see("/area");
    assert_eq!(heard(&place), ["enrol", "identify", "take-form"]);
    assert_eq!(known(&place), "request-open");
}

#[test]
fn a_pin_may_be_good_where_the_puk_is_not() {
    let place = Place::found();
    enrol(&place, CredentialState::PukBlocked);
    assert_eq!(place.visitor("maria-rossi").see("/area").status, 200);
    assert_eq!(heard(&place), ["enrol"]);
}

fn enrol(place: &Place, credential: CredentialState) {
    let maria = citizen("maria-rossi").unwrap();
    let enrolment = Enrolment {
        card: CARD.parse().unwrap(),
        holder: town::applicant(&maria, NOW),
        chip: Chip::Present,
        expires: date!(2030 - 01 - 01),
        state: CardState::Active,
        credential,
    };
    let enrolled = place
        .hall
        .change(|town, _| town.desk.enrol(enrolment.clone(), NOW));
    enrolled.unwrap();
}

/// What the desk knows of the card's codes.
fn known(place: &Place) -> &'static str {
    let card = CARD.parse().unwrap();
    let view = place
        .hall
        .with(|town, _| town.desk.view(Role::Tester, card, NOW));
    view.unwrap().credential
}

/// What stands in the log, in short.
fn heard(place: &Place) -> Vec<String> {
    place.hall.with(|town, _| {
        let log = town.desk.audit(Role::Tester).unwrap();
        let entries = log.entries().iter();
        entries.map(|entry| entry.what.clone()).collect()
    })
}
