//! Certificates whose subject names nobody, or somebody in a way that no CNS has.

use super::changed;
use crate::common_name::{CnsCommonName, personal_data_hash};
use crate::forge::{AttributeType, Change};
use crate::zoo::Verdict::{Refuse, SoftFail};
use crate::zoo::{Animal, Habitat, Verdict, animal_row as row};
use AttributeType::{CommonName, OrganizationalUnitName};

const NAME: &str = "CNS certificate profile, subject, common name";
const GRAMMAR: Verdict = Refuse("cn.grammar");

#[rustfmt::skip]
pub(in crate::zoo) const ANIMALS: &[Animal] = &[
    row("cert.plain-name", GRAMMAR, "The common name is a person's name and nothing else.",
        "Many people are called so: only the codice fiscale says who it is.", NAME, changed(|_| vec![Change::SubjectText(CommonName, "MARIO BIANCHI".to_owned())])),
    row("cert.no-common-name", GRAMMAR, "The subject has no common name.",
        "Nothing says who it is.", NAME, changed(|_| vec![Change::RemoveFromSubject(CommonName)])),
    row("cert.two-common-names", GRAMMAR, "The subject has the common name twice.",
        "Who takes the first could see another person than who takes the last.", NAME, changed(|_| vec![Change::RepeatInSubject(CommonName)])),
    row("cert.no-slash", GRAMMAR, "Nothing separates codice fiscale and card number.",
        "A name that is not of the grammar was not checked by its certifier.", NAME, changed(|h| edited(h, |name| name.replacen('/', "", 1)))),
    row("cert.no-dot", GRAMMAR, "Nothing separates card number and hash.",
        "A name that is not of the grammar was not checked by its certifier.", NAME, changed(|h| edited(h, |name| name.replacen('.', "", 1)))),
    row("cert.lower-case", Refuse("cf.checkdigit"), "The codice fiscale is in lower case.",
        "It is written in capitals: who compares it with a register finds nobody, or somebody twice.", "DM 23 December 1976 (codice fiscale)", changed(|h| edited(h, lower_case))),
    row("cert.wrong-check-character", Refuse("cf.checkdigit"), "The codice fiscale ends with a wrong check character.",
        "It belongs to nobody.", "DM 23 December 1976 (codice fiscale)", changed(|h| edited(h, |name| with_other(name, 15)))),
    row("cert.wrong-check-digit", Refuse("idcarta"), "The card number ends with a wrong check digit.",
        "No card has it.", "ISO/IEC 7812-1 annex B", changed(|h| edited(h, |name| with_other(name, 32)))),
    row("cert.fiscal-number-prefix", GRAMMAR, "The codice fiscale has the prefix TINIT-, as in signature certificates and SPID.",
        "In a CNS the name begins with the codice fiscale itself.", NAME, changed(|h| edited(h, |name| format!("TINIT-{name}")))),
    row("cert.hash-of-32-bytes", GRAMMAR, "The hash is of 32 bytes, which makes the name longer than 64 characters.",
        "X.520 has an upper bound of 64, and the profile a hash of 20 bytes.", "RFC 5280 appendix A.1, ub-common-name", changed(|h| edited(h, long_hash))),
    row("cert.text-after-hash", GRAMMAR, "A second codice fiscale follows the hash.",
        "Who cuts the name at its last slash sees another person.", NAME, changed(|h| edited(h, |name| format!("{name}/RSSMRA85C55M901I")))),
    row("cert.zero-in-name", GRAMMAR, "A zero byte and more text follow the name.",
        "Who reads it as a string of C sees a good name, and who reads it whole sees another.", NAME, changed(|h| edited(h, |name| format!("{name}\0.collaudo.example")))),
    row("cert.spaces-in-name", GRAMMAR, "A space comes before the codice fiscale and another after the hash.",
        "A name that is not of the grammar was not checked by its certifier.", NAME, changed(|h| edited(h, |name| format!(" {name} ")))),
    row("cert.hash-of-other-data", SoftFail("hash.dati_personali"), "The hash is of other data than those on the card.",
        "A portal that reads EF.Dati_Personali, or has them from when the card was enrolled, must refuse; another cannot know.", NAME, changed(other_hash)),
    row("cert.no-administration", SoftFail("subject.ou"), "The subject does not say which administration handed the card out.",
        "The profile wants it; a portal that serves one administration's citizens only must refuse.", "CNS certificate profile, subject", changed(|_| vec![Change::RemoveFromSubject(OrganizationalUnitName)])),
];

/// The common name of the card, edited.
fn edited(habitat: &Habitat<'_>, edit: fn(String) -> String) -> Vec<Change> {
    let name = habitat.subject.common_name.to_string();
    vec![Change::SubjectText(CommonName, edit(name))]
}

fn lower_case(name: String) -> String {
    name.chars()
        .enumerate()
        .map(|(place, letter)| match place {
            0..16 => letter.to_ascii_lowercase(),
            _ => letter,
        })
        .collect()
}

/// Another character of the same kind in this place, counted from 0.
fn with_other(name: String, place: usize) -> String {
    let other = |letter: char| match letter {
        'A' => 'B',
        'A'..='Z' => 'A',
        '0' => '1',
        _ => '0',
    };
    name.chars()
        .enumerate()
        .map(|(here, letter)| match here == place {
            true => other(letter),
            false => letter,
        })
        .collect()
}

/// 44 characters of base64 are 32 bytes.
fn long_hash(name: String) -> String {
    let head: String = name.chars().take(34).collect();
    format!("{head}{}=", "A".repeat(43))
}

fn other_hash(habitat: &Habitat<'_>) -> Vec<Change> {
    let name = CnsCommonName {
        personal_data_hash: personal_data_hash(b"of another card"),
        ..habitat.subject.common_name
    };
    vec![Change::SubjectText(CommonName, name.to_string())]
}
