//! PIN and PUK online, and a lost card.

use cns_authority::{CardNumber, RegionCode};
use cns_language::Language;
use cns_services::EntropyFault;
use cns_services::desk::Contact;

use super::Attempt;
use crate::counter::{NOW, card, form, of_file, person, phone};

pub(super) fn all() -> Vec<Attempt> {
    let online = |code, what, path: &str| Attempt::new(code, what, path).by("maria-rossi");
    let maria = person("maria-rossi").to_string();
    let unknown = CardNumber::compose(RegionCode::LOMBARDIA, 9_999_999).unwrap();
    let confirm = |code, what| {
        online(code, what, "/pin/confirm")
            .typing([("identity", &maria), ("one_time_code", "none")])
            .at_field("one_time_code")
    };
    vec![
        online("DESK-102", "a minor asks", "/form")
            .logged_in_as("sofia-conti")
            .typing_all(form("sofia-conti", "paolo-conti")),
        confirm("DESK-108", "no code was sent"),
        confirm("DESK-122", "the code is another").after(|town| {
            let who = cns_fixtures::town::applicant(&of_file("maria-rossi"), NOW);
            let contact = Contact::mobile(&phone("maria-rossi")).unwrap();
            let mut zeros = |bytes: &mut [u8]| -> Result<(), EntropyFault> {
                bytes.fill(0);
                Ok(())
            };
            let (desk, language) = (&mut town.desk, Language::English);
            desk.send_one_time_code(&who, &contact, language, &mut zeros, NOW)
                .unwrap();
        }),
        online("DESK-112", "the CIP is guessed", "/pin/suspend")
            .typing([
                ("card", &card("maria-rossi").to_string()),
                ("cip", "13579246"),
                ("cause", "loss"),
            ])
            .at_field("cip")
            .hiding(&["cip"]),
        online("DESK-117", "another's phone", "/pin/code")
            .typing([
                ("identity", &person("paolo-conti").to_string()),
                ("contact", &phone("maria-rossi")),
            ])
            .at_field("contact"),
        online("DESK-125", "a card of nobody", "/suspend")
            .logged_in_as("maria-rossi")
            .typing([("card", &unknown.to_string()), ("cause", "loss")])
            .choosing("card"),
        online("DESK-134", "a password alone", "/pin/spid")
            .typing([("identity", &maria), ("level", "1")]),
    ]
}
