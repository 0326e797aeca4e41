//! Whose certificate it is, and on which card.
//!
//! ```text
//! C=IT, O=..., OU=administration, GN=..., SN=..., CN=CODICEFISCALE/ID_CARTA.BASE64(SHA-1(1102))
//! ```

use cns_authority::{CnsCommonName, personal_data_hash};
use cns_fixtures::{KeyPurpose, Source as Holds};
use time::Duration;
use x509_parser::certificate::X509Certificate;
use x509_parser::x509::AttributeTypeAndValue;

use super::reading::{
    CODICE_FISCALE, EXPIRY_DATE, GIVEN_NAME, PersonalData, SURNAME, certificate, looks, must,
};
use crate::applies::Needs;
use crate::case::{Case, Level, Stop, Verdict};
use crate::evidence::{Document, Grade, Source, source};
use crate::test_card::TestCard;

const KEY: &[Needs] = &[Needs::Key(KeyPurpose::Authentication)];
const PERSON: &[Needs] = &[
    Needs::Key(KeyPurpose::Authentication),
    Needs::File(Holds::PersonalData),
];
const CARD: &[Needs] = &[
    Needs::Key(KeyPurpose::Authentication),
    Needs::File(Holds::CardNumber),
];
const NAME: Source = source(Document::CnsCertificate, "subject", Grade::Web);
const HASH: Source = source(
    Document::Clients,
    "hash of EF.Dati_Personali",
    Grade::Client,
);
const VALIDITY: Source = source(Document::CnsCertificate, "validity", Grade::Inferred);

pub(super) const CASES: &[Case<TestCard>] = &[
    looks(
        "data.subject.common-name",
        "The common name is codice fiscale, slash, card number, dot, \
        twenty bytes in base64: 62 characters.",
        &[NAME],
        Level::Must,
        KEY,
        |card| with_name(card, |_| Ok(())),
    ),
    looks(
        "data.subject.codice-fiscale",
        "The codice fiscale in the common name is the holder's.",
        &[NAME],
        Level::Must,
        PERSON,
        |card| {
            let data = PersonalData::read(card)?;
            with_name(card, |name| {
                let is_same = name.codice_fiscale.to_string() == data.text(CODICE_FISCALE);
                must(is_same, "that of EF.Dati_Personali", "another one")
            })
        },
    ),
    looks(
        "data.subject.card-number",
        "The card number in the common name is that of EF.ID_Carta.",
        &[NAME],
        Level::Must,
        CARD,
        |card| {
            let number = card.read_file(Holds::CardNumber)?;
            with_name(card, |name| {
                must(
                    number == name.card_number.to_ascii(),
                    "that of EF.ID_Carta",
                    "another one",
                )
            })
        },
    ),
    looks(
        "data.subject.personal-data-hash",
        "The hash in the common name is SHA-1 of all of \
        EF.Dati_Personali.",
        &[HASH],
        Level::Should,
        PERSON,
        |card| {
            let file = PersonalData::read(card)?.file;
            with_name(card, |name| {
                let is_same = name.personal_data_hash == personal_data_hash(&file);
                must(is_same, "the hash of the file", "another one")
            })
        },
    ),
    looks(
        "data.subject.country",
        "The subject's country is IT.",
        &[NAME],
        Level::Must,
        KEY,
        |card| {
            certificate(card, KeyPurpose::Authentication, |certificate, _| {
                let country = text(certificate.subject().iter_country());
                must(country.as_deref() == Some("IT"), "IT", "something else")
            })
        },
    ),
    looks(
        "data.subject.administration",
        "The subject's organizational unit names the administration \
        that has issued the card.",
        &[NAME],
        Level::Must,
        KEY,
        |card| {
            certificate(card, KeyPurpose::Authentication, |certificate, _| {
                let unit = text(certificate.subject().iter_organizational_unit());
                must(unit.is_some_and(|unit| !unit.is_empty()), "a name", "none")
            })
        },
    ),
    looks(
        "data.subject.names",
        "Given name and surname, where the subject has them, are the holder's.",
        &[source(
            Document::CnsCertificate,
            "subject",
            Grade::Remembered,
        )],
        Level::Should,
        PERSON,
        |card| {
            const ID_AT_SURNAME: &str = "2.5.4.4";
            const ID_AT_GIVEN_NAME: &str = "2.5.4.42";
            let data = PersonalData::read(card)?;
            certificate(card, KeyPurpose::Authentication, |certificate, _| {
                for (oid, field) in [(ID_AT_SURNAME, SURNAME), (ID_AT_GIVEN_NAME, GIVEN_NAME)] {
                    let mut attributes = certificate.subject().iter_attributes();
                    let found = attributes.find(|a| a.attr_type().to_id_string() == oid);
                    let name = text(found.into_iter());
                    let is_same = name.is_none_or(|name| name.to_uppercase() == data.text(field));
                    must(is_same, "the holder's name", "another one")?;
                }
                Ok(())
            })
        },
    ),
    looks(
        "data.certificate.validity",
        "The certificate begins before it ends.",
        &[VALIDITY],
        Level::Must,
        KEY,
        |card| {
            certificate(card, KeyPurpose::Authentication, |certificate, _| {
                let validity = certificate.validity();
                let is_in_order = validity.not_before < validity.not_after;
                must(is_in_order, "a beginning before the end", "the end before")
            })
        },
    ),
    looks(
        "data.certificate.expires-with-card",
        "The certificate ends on the day that the card \
        expires, or the day before.",
        &[VALIDITY],
        Level::Should,
        PERSON,
        |card| {
            let expiry = PersonalData::read(card)?.sure_date(EXPIRY_DATE)?;
            certificate(card, KeyPurpose::Authentication, |certificate, _| {
                let end = certificate.validity().not_after.to_datetime().date();
                let is_near = (end - expiry).abs() <= Duration::days(1);
                must(is_near, "the card's last day", "another day")
            })
        },
    ),
];

fn with_name(card: &mut TestCard, judge: impl FnOnce(CnsCommonName) -> Verdict) -> Verdict {
    certificate(card, KeyPurpose::Authentication, |certificate, _| {
        let name = common_name(certificate);
        let name = name.filter(|name| name.len() == CnsCommonName::LENGTH);
        match name.and_then(|name| name.parse().ok()) {
            Some(name) => judge(name),
            None => Err(Stop::fail("a CNS common name", "another one")),
        }
    })
}

fn common_name(certificate: &X509Certificate<'_>) -> Option<String> {
    text(certificate.subject().iter_common_name())
}

fn text<'a>(attributes: impl Iterator<Item = &'a AttributeTypeAndValue<'a>>) -> Option<String> {
    let mut texts = attributes.map(|attribute| attribute.as_str().unwrap_or_default().to_owned());
    texts.next()
}
