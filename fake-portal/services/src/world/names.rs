//! Names of people who do not exist: frequent ones, with accents, apostrophes and two words.

use cns_authority::Sex;
use fastrand::Rng;

const SURNAMES: [&str; 48] = [
    "Rossi",
    "Russo",
    "Ferrari",
    "Esposito",
    "Bianchi",
    "Romano",
    "Colombo",
    "Ricci",
    "Marino",
    "Greco",
    "Bruno",
    "Gallo",
    "Conti",
    "De Luca",
    "Mancini",
    "Costa",
    "Giordano",
    "Rizzo",
    "Lombardi",
    "Moretti",
    "Barbieri",
    "Fontana",
    "Santoro",
    "Mariani",
    "Rinaldi",
    "Caruso",
    "Ferrara",
    "Galli",
    "Martini",
    "Leone",
    "Longo",
    "Gentile",
    "Martinelli",
    "Vitale",
    "Lombardo",
    "Serra",
    "Coppola",
    "D'Amico",
    "D'Angelo",
    "Dell'Orto",
    "Lo Presti",
    "Nicolò",
    "Cantù",
    "Re",
    "Fo",
    "Aiello",
    "Pellegrini",
    "Bò",
];

const SURNAMES_ABROAD: [&str; 16] = [
    "Müller",
    "Traoré",
    "Kovačević",
    "Şahin",
    "Hernández",
    "O'Connor",
    "Popescu",
    "Hoxha",
    "Singh",
    "Diallo",
    "Chen",
    "Nowak",
    "Ben Ali",
    "Østergård",
    "Dvořák",
    "Wu",
];

const WOMEN: [&str; 28] = [
    "Maria",
    "Anna",
    "Giulia",
    "Rosa",
    "Angela",
    "Sara",
    "Francesca",
    "Elena",
    "Chiara",
    "Laura",
    "Paola",
    "Martina",
    "Alessia",
    "Sofia",
    "Aurora",
    "Ginevra",
    "Irene",
    "Noemi",
    "Maria Grazia",
    "Anna Lucia",
    "Ada",
    "Eva",
    "Niccolina",
    "Zoe",
    "Desirée",
    "Mercé",
    "Caterina",
    "Beatrice",
];

const MEN: [&str; 28] = [
    "Giuseppe",
    "Antonio",
    "Mario",
    "Luigi",
    "Francesco",
    "Angelo",
    "Marco",
    "Andrea",
    "Luca",
    "Paolo",
    "Davide",
    "Matteo",
    "Lorenzo",
    "Niccolò",
    "Leonardo",
    "Tommaso",
    "Gian Luca",
    "Pier Paolo",
    "Ugo",
    "Leo",
    "Nicolò",
    "Noè",
    "Giosuè",
    "Gianfranco",
    "Edoardo",
    "Riccardo",
    "Stefano",
    "Alì",
];

const GIVEN_NAMES_ABROAD: [&str; 10] = [
    "Aminata", "Hans", "Zoë", "José", "Mehmet", "Søren", "Fatou", "Li", "Łucja", "Björn",
];

/// A surname, of Italian families or of others.
pub(super) fn surname(rng: &mut Rng, abroad: bool) -> &'static str {
    if abroad {
        one_of(rng, &SURNAMES_ABROAD)
    } else {
        one_of(rng, &SURNAMES)
    }
}

/// A given name.
pub(super) fn given_name(rng: &mut Rng, sex: Sex, abroad: bool) -> &'static str {
    match sex {
        // Where names come from says little about who has them.
        _ if abroad && rng.bool() => one_of(rng, &GIVEN_NAMES_ABROAD),
        Sex::Female => one_of(rng, &WOMEN),
        Sex::Male => one_of(rng, &MEN),
    }
}

/// Given name and surname.
pub(super) fn of_a_doctor(rng: &mut Rng) -> (String, String) {
    let sex = if rng.bool() { Sex::Female } else { Sex::Male };
    let given_name = given_name(rng, sex, false);
    (given_name.to_owned(), surname(rng, false).to_owned())
}

/// One of a list; the empty list has no names.
fn one_of(rng: &mut Rng, names: &'static [&'static str]) -> &'static str {
    names.get(rng.usize(..names.len())).copied().unwrap_or("")
}
