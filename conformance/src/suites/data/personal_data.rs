//! EF.Dati_Personali, 3F00/1100/1102.
//!
//! ```text
//! 000065 | LL value | LL value | ... sixteen fields ... | 00 ... up to the size of the file
//! ```
//! Lengths are in hexadecimal digits; the first counts itself. Source: the structure of a published
//! dump, and four clients that read the fields in this order.

use cns_fixtures::Source as Holds;

use super::reading::{
    BIRTH_CERTIFICATE, BIRTH_DATE, BIRTH_MUNICIPALITY, BIRTH_STATE, CITIZENSHIP, EXPIRY_DATE,
    GIVEN_NAME, HEIGHT, ISSUE_DATE, ISSUER, PREFIX, PersonalData, RESIDENCE_MUNICIPALITY, SEX,
    SURNAME, looks, must,
};
use crate::applies::Needs;
use crate::case::{Case, Level, Verdict};
use crate::evidence::{Document, Grade, Source, source};
use crate::test_card::TestCard;
use cns_authority::BelfioreCode;

const FILE: &[Needs] = &[Needs::File(Holds::PersonalData)];
const NUMBERED: &[Needs] = &[
    Needs::File(Holds::PersonalData),
    Needs::File(Holds::CardNumber),
];
const DUMP: Source = source(
    Document::CnsFileSystem,
    "EF.Dati_Personali",
    Grade::Verified,
);
const FIELDS: Source = source(Document::CnsFileSystem, "EF.Dati_Personali", Grade::Read);
const GUESS: Source = source(
    Document::CnsFileSystem,
    "EF.Dati_Personali",
    Grade::Inferred,
);
const OPENSC: Source = source(Document::OpenSc, "itacns_add_data_files", Grade::Verified);
const READERS: Source = source(Document::Clients, "readers of personal data", Grade::Client);

pub(super) const CASES: &[Case<TestCard>] = &[
    looks(
        "data.personal.sixteen-fields",
        "The file has sixteen fields, each behind its length.",
        &[FIELDS, READERS],
        Level::Must,
        FILE,
        |card| PersonalData::read(card).map(drop),
    ),
    looks(
        "data.personal.length",
        "The length in front counts all up to the last field, itself too.",
        &[DUMP],
        Level::Must,
        FILE,
        |card| {
            let data = PersonalData::read(card)?;
            must(
                data.declared == data.end,
                "the end of the last field",
                "another length",
            )
        },
    ),
    looks(
        "data.personal.slack",
        "Six bytes are left behind the last field, for clients that count \
        the length without itself.",
        &[OPENSC, READERS],
        Level::Must,
        FILE,
        |card| {
            let data = PersonalData::read(card)?;
            must(
                data.end + PREFIX <= data.file.len(),
                "six bytes more",
                "the end of the file",
            )
        },
    ),
    looks(
        "data.personal.padding",
        "Zeros follow the last field.",
        &[DUMP],
        Level::Must,
        FILE,
        |card| {
            let data = PersonalData::read(card)?;
            let rest = data.file.get(data.end..).unwrap_or_default();
            must(
                rest.iter().all(|byte| *byte == 0x00),
                "zeros",
                "something else",
            )
        },
    ),
    looks(
        "data.personal.names-present",
        "Surname and given name are there.",
        &[FIELDS],
        Level::Must,
        FILE,
        |card| {
            let data = PersonalData::read(card)?;
            let are_there = !data.text(SURNAME).is_empty() && !data.text(GIVEN_NAME).is_empty();
            must(are_there, "two names", "an empty field")
        },
    ),
    looks(
        "data.personal.capitals",
        "Names are in capitals, in ASCII or Latin-1.",
        &[FIELDS],
        Level::Must,
        FILE,
        |card| {
            let data = PersonalData::read(card)?;
            let name = data.text(SURNAME) + &data.text(GIVEN_NAME);
            let is_fine = |c: char| !c.is_lowercase() && !c.is_control();
            must(name.chars().all(is_fine), "capitals", "another character")
        },
    ),
    looks(
        "data.personal.issuer",
        "The issuer is four digits, and the first is 6 on the card of a region.",
        &[FIELDS],
        Level::Should,
        FILE,
        |card| {
            let issuer = PersonalData::read(card)?.text(ISSUER);
            let is_number = issuer.len() == 4 && issuer.bytes().all(|byte| byte.is_ascii_digit());
            must(
                is_number && issuer.starts_with('6'),
                "6 and three digits",
                "something else",
            )
        },
    ),
    looks(
        "data.personal.issuer-of-card-number",
        "The issuer is that of the card number.",
        &[GUESS],
        Level::Should,
        NUMBERED,
        |card| {
            let issuer = PersonalData::read(card)?.text(ISSUER);
            let number = card.read_file(Holds::CardNumber)?;
            must(
                number.starts_with(issuer.as_bytes()),
                "the card number's first digits",
                "others",
            )
        },
    ),
    looks(
        "data.personal.issue-date",
        "The date of issue is DDMMYYYY.",
        &[FIELDS],
        Level::Must,
        FILE,
        |card| is_date(card, ISSUE_DATE),
    ),
    looks(
        "data.personal.expiry-date",
        "The date of expiry is DDMMYYYY.",
        &[FIELDS],
        Level::Must,
        FILE,
        |card| is_date(card, EXPIRY_DATE),
    ),
    looks(
        "data.personal.birth-date",
        "The date of birth is DDMMYYYY.",
        &[FIELDS],
        Level::Must,
        FILE,
        |card| is_date(card, BIRTH_DATE),
    ),
    looks(
        "data.personal.dates-in-order",
        "The holder is born, then the card is issued, then it expires.",
        &[GUESS],
        Level::Must,
        FILE,
        |card| {
            let data = PersonalData::read(card)?;
            let [birth, issue, expiry] = [
                data.sure_date(BIRTH_DATE)?,
                data.sure_date(ISSUE_DATE)?,
                data.sure_date(EXPIRY_DATE)?,
            ];
            must(
                birth <= issue && issue < expiry,
                "three dates in this order",
                "another order",
            )
        },
    ),
    looks(
        "data.personal.sex",
        "The sex is M or F.",
        &[FIELDS],
        Level::Must,
        FILE,
        |card| {
            let sex = PersonalData::read(card)?.text(SEX);
            must(sex == "M" || sex == "F", "M or F", "something else")
        },
    ),
    looks(
        "data.personal.birth-place",
        "The municipality of birth is a letter and three digits; it \
        is empty for a birth abroad.",
        &[FIELDS],
        Level::Must,
        FILE,
        |card| is_municipality(card, BIRTH_MUNICIPALITY),
    ),
    looks(
        "data.personal.residence",
        "The municipality of residence is a letter and three digits, or \
        empty.",
        &[FIELDS],
        Level::Must,
        FILE,
        |card| is_municipality(card, RESIDENCE_MUNICIPALITY),
    ),
    looks(
        "data.personal.unused-fields",
        "Height, citizenship, state and certificate of birth are \
        empty: a client reads the others at fixed places.",
        &[FIELDS, READERS],
        Level::Should,
        FILE,
        |card| {
            let data = PersonalData::read(card)?;
            let unused = [HEIGHT, CITIZENSHIP, BIRTH_STATE, BIRTH_CERTIFICATE];
            let are_empty = unused.iter().all(|field| data.text(*field).is_empty());
            must(are_empty, "four empty fields", "a field with a value")
        },
    ),
];

fn is_date(card: &mut TestCard, field: usize) -> Verdict {
    let data = PersonalData::read(card)?;
    must(
        data.date(field).is_some(),
        "a date, DDMMYYYY",
        "something else",
    )
}

fn is_municipality(card: &mut TestCard, field: usize) -> Verdict {
    let code = PersonalData::read(card)?.text(field);
    let is_one = code
        .parse::<BelfioreCode>()
        .is_ok_and(|code| !code.is_abroad());
    must(
        code.is_empty() || is_one,
        "a Belfiore code",
        "something else",
    )
}
