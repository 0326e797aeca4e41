//! Certificates that look odd to somebody, and are logins all the same.

use super::{PROFILE, changed, of_certifier, policies, purposes, usage};
use crate::common_name::CnsCommonName;
use crate::forge::{
    AttributeType, Change, Extension, ExtensionType, KeyPurpose, KeyUsageBit, Policy, StringType,
};
use crate::zoo::Verdict::{Accept, SoftFail};
use crate::zoo::{Animal, Habitat, animal_row as row};
use AttributeType::{CommonName, GivenName, OrganizationName, Surname};
use ExtensionType as E;
use KeyUsageBit::{DigitalSignature, KeyEncipherment};

const POLICIES: &str = "CNS certificate profile, certificatePolicies";
const STRINGS: &str = "RFC 5280 §4.1.2.4";
const SUBJECT: &str = "CNS certificate profile, subject";
const SERIAL: &str = "RFC 5280 §4.1.2.2";

#[rustfmt::skip]
pub(in crate::zoo) const ANIMALS: &[Animal] = &[
    row("cert.good", Accept, "Nothing is odd: all others are made of it.",
        "This is what a login looks like.", PROFILE, changed(|_| Vec::new())),

    // Policies that are as good.
    row("cert.lombardy-siss", Accept, "It has the policy of the card of Lombardy, 1.3.159.6.1.3.2.10, in place of the national one.",
        "The profile declares that policy equivalent.", POLICIES, changed(|_| policies(&[Policy::LombardySiss]))),
    row("cert.lombardy-crs", Accept, "It has the later policy of Lombardy, 1.3.76.12.1.1.10.2.2.10, in place of the national one.",
        "The profile declares that policy equivalent.", POLICIES, changed(|_| policies(&[Policy::LombardyCrs]))),
    row("cert.policy-second", Accept, "The policy of the CNS comes after the certifier's own.",
        "Policies are a set: their order says nothing.", "RFC 5280 §4.2.1.4", changed(|_| policies(&[Policy::Certifier, Policy::Cns]))),
    row("cert.policy-alone", Accept, "The policy of the CNS stands there without a notice and without the certifier's own.",
        "Qualifiers are for people; the policy is what counts.", "RFC 5280 §4.2.1.4", changed(|_| policies(&[Policy::Cns]))),
    row("cert.policy-critical", Accept, "certificatePolicies is critical.",
        "A portal that knows the extension, as it must, may not mind.", "RFC 5280 §4.2.1.4", changed(|_| vec![Change::Criticality(E::CertificatePolicies, true)])),

    // Purposes and extensions beside those that count.
    row("cert.smartcard-logon", Accept, "It is for mail and for logging in to Windows too, as on many cards of the field.",
        "clientAuth is among the purposes, and the others take nothing away.", "RFC 5280 §4.2.1.12",
        changed(|_| purposes(&[KeyPurpose::ClientAuth, KeyPurpose::MicrosoftSmartcardLogin, KeyPurpose::EmailProtection]))),
    row("cert.key-encipherment", Accept, "keyUsage has keyEncipherment beside digitalSignature.",
        "The profile forbids nonRepudiation and nothing else.", "CNS certificate profile, keyUsage",
        changed(|_| usage(&[DigitalSignature, KeyEncipherment]))),
    row("cert.not-a-certifier", Accept, "It says in so many words that it is no certifier's: basicConstraints, critical, FALSE.",
        "That is so of every card.", "RFC 5280 §4.2.1.9", changed(|_| vec![Change::Extension(Extension::basic_constraints(false))])),
    row("cert.unknown-extension", Accept, "It has an extension that nobody knows, and that is not critical.",
        "What is not critical may be left aside by who does not know it.", "RFC 5280 §4.2",
        changed(|_| vec![Change::Extension(Extension::new(E::Unknown, false, vec![5, 0]))])),
    row("cert.no-authority-key-identifier", Accept, "It does not say which key of its certifier signed it.",
        "The certifier ought to have said it; the signature proves it as well.", "RFC 5280 §4.2.1.1",
        changed(|_| vec![Change::RemoveExtension(E::AuthorityKeyIdentifier)])),

    // Serial numbers.
    row("cert.serial-of-20-bytes", Accept, "Its serial number is as long as one may be.",
        "Everybody must be able to handle 20 bytes.", SERIAL, changed(|_| vec![Change::SerialNumber(vec![0x5A; 20])])),
    row("cert.serial-zero", Accept, "Its serial number is 0, which no certifier should give.",
        "Who reads certificates is to bear numbers that are not positive.", SERIAL, changed(|_| vec![Change::SerialNumber(vec![0])])),
    row("cert.serial-negative", Accept, "Its serial number is -128, as old certifiers made them by mistake.",
        "Who reads certificates is to bear numbers that are not positive.", SERIAL, changed(|_| vec![Change::SerialNumber(vec![0x80])])),
    row("cert.serial-of-21-bytes", SoftFail("cert.serial"), "Its serial number is one byte longer than one may be.",
        "No certifier may give it, and nobody need read it; the login itself is in order.", SERIAL, changed(|_| vec![Change::SerialNumber(vec![0x5A; 21])])),

    // How people are named.
    row("cert.accents-in-utf8", Accept, "Surname and given name have accents and an apostrophe, in UTF-8.",
        "That is how certificates are written today.", STRINGS, changed(|_| named("D'AMICÒ", "NICCOLÒ"))),
    row("cert.accents-in-bmp", Accept, "The names have accents, and the whole subject is written in BMPString, two bytes a character.",
        "Old certifiers wrote so, and who reads certificates is to bear it.", STRINGS, changed(|_| written_in(StringType::Bmp))),
    row("cert.accents-in-teletex", Accept, "The names have accents, and the whole subject is written in TeletexString, in Latin-1.",
        "Old certifiers wrote so, and who reads certificates is to bear it.", STRINGS, changed(|_| written_in(StringType::Teletex))),
    row("cert.accents-in-printable", SoftFail("cert.encoding"), "The subject is written in PrintableString, with accents that this cannot have.",
        "The encoding is wrong, and everybody reads it; the name that counts is ASCII.", STRINGS, changed(|_| written_in(StringType::Printable))),
    row("cert.no-personal-name", Accept, "The subject has neither surname nor given name.",
        "Cards of some administrations have none: the codice fiscale says who it is.", SUBJECT,
        changed(|_| vec![Change::RemoveFromSubject(Surname), Change::RemoveFromSubject(GivenName)])),
    row("cert.no-organization", Accept, "The subject does not repeat who the certifier is.",
        "Cards of some administrations do not: the issuer says it.", SUBJECT, changed(|_| vec![Change::RemoveFromSubject(OrganizationName)])),
    row("cert.names-in-one", Accept, "Surname and given name stand in one relative name with two attributes.",
        "A name is a sequence of sets, most of which have one member.", STRINGS, changed(|_| vec![Change::JoinInSubject(vec![GivenName, Surname])])),
    row("cert.omocodia", Accept, "The codice fiscale has letters in place of all its digits, as of one of many with the same data.",
        "Such codes are as good as any: the revenue agency gives them.", "DM 23 December 1976 (codice fiscale), omocodia", changed(omocodia)),
    row("cert.hash-with-slashes", Accept, "The hash in the common name has slashes and pluses of its own.",
        "The name is cut at its first slash, and at the first dot after it.", "CNS certificate profile, subject, common name", changed(hash_with_slashes)),

    // Certifiers.
    row("cert.renewed-certifier", Accept, "Its certifier has the same name as an older one, and another key.",
        "The list has both, and cards of both are about: a name is no key.", "ETSI TS 119 612 §5.5.3", of_certifier("lazio-renewed")),
    row("cert.certifier-before-renewal", Accept, "Its certifier has the same name as a newer one, and another key.",
        "The list has both, and cards of both are about: a name is no key.", "ETSI TS 119 612 §5.5.3", of_certifier("lazio")),
    row("cert.rsa-certifier", Accept, "Its certifier signs with RSA and SHA-256, as most do.",
        "The algorithm is one of today's.", "RFC 4055 §5", of_certifier("toscana")),
];

fn named(surname: &str, given_name: &str) -> Vec<Change> {
    vec![
        Change::SubjectText(Surname, surname.to_owned()),
        Change::SubjectText(GivenName, given_name.to_owned()),
    ]
}

fn written_in(string_type: StringType) -> Vec<Change> {
    let mut changes = named("D'AMICÒ", "NICCOLÒ");
    changes.push(Change::SubjectStrings(string_type));
    changes
}

fn omocodia(habitat: &Habitat<'_>) -> Vec<Change> {
    const DIGITS: u8 = 7;
    let name = habitat.subject.common_name;
    let codice_fiscale = name.codice_fiscale.omocodia(DIGITS);
    let codice_fiscale = codice_fiscale.unwrap_or(name.codice_fiscale);
    called(CnsCommonName {
        codice_fiscale,
        ..name
    })
}

/// In base64 three bytes FB EF BE are `++++`, and three bytes FF are `////`.
fn hash_with_slashes(habitat: &Habitat<'_>) -> Vec<Change> {
    let mut personal_data_hash = [0xFF; 20];
    let pluses = [0xFB, 0xEF, 0xBE].into_iter().cycle().take(9);
    for (byte, plus) in personal_data_hash.iter_mut().zip(pluses) {
        *byte = plus;
    }
    called(CnsCommonName {
        personal_data_hash,
        ..habitat.subject.common_name
    })
}

fn called(name: CnsCommonName) -> Vec<Change> {
    vec![Change::SubjectText(CommonName, name.to_string())]
}
