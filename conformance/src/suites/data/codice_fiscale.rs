//! The codice fiscale on the card, and whether it is that of the person on the card.
//!
//! ```text
//! SSSNNN YYMDD PPPP C     surname, given name, birth (a woman's day + 40), place, check character
//! ```

use cns_authority::{CodiceFiscale, Sex};
use cns_fixtures::Source as Holds;
use time::Date;

use super::reading::{
    BIRTH_DATE, BIRTH_MUNICIPALITY, CODICE_FISCALE, GIVEN_NAME, PersonalData, SEX, SURNAME, looks,
    must,
};
use crate::applies::Needs;
use crate::case::{Case, Level, Stop};
use crate::evidence::{Document, Grade, Source, source};
use crate::test_card::TestCard;

const FILE: &[Needs] = &[Needs::File(Holds::PersonalData)];
const DECREE: &[Source] = &[source(Document::CodiceFiscale, "art. 2-6", Grade::Verified)];

pub(super) const CASES: &[Case<TestCard>] = &[
    looks(
        "data.codice-fiscale.form",
        "The codice fiscale is well formed, and its check character is \
        right; digits may be letters, where two people would have the same.",
        DECREE,
        Level::Must,
        FILE,
        |card| read(card).map(drop),
    ),
    looks(
        "data.codice-fiscale.surname",
        "Its first three letters are the surname's.",
        DECREE,
        Level::Must,
        FILE,
        |card| {
            let (data, code) = read(card)?;
            let right = of_names(&data, &code)?;
            must(
                right.get(..3) == code.to_string().get(..3),
                "the surname's letters",
                "others",
            )
        },
    ),
    looks(
        "data.codice-fiscale.given-name",
        "Its next three letters are the given name's.",
        DECREE,
        Level::Must,
        FILE,
        |card| {
            let (data, code) = read(card)?;
            let right = of_names(&data, &code)?;
            must(
                right.get(3..6) == code.to_string().get(3..6),
                "the given name's letters",
                "others",
            )
        },
    ),
    looks(
        "data.codice-fiscale.birth-date",
        "It has the date of birth.",
        DECREE,
        Level::Must,
        FILE,
        |card| {
            let (data, code) = read(card)?;
            let birth = data.sure_date(BIRTH_DATE)?;
            let found = code.birth_date(Date::MAX);
            let agrees = found.is_some_and(|date| {
                (date.month(), date.day()) == (birth.month(), birth.day())
                    && date.year().rem_euclid(100) == birth.year().rem_euclid(100)
            });
            must(agrees, "the date of birth", "another date")
        },
    ),
    looks(
        "data.codice-fiscale.sex",
        "It has the sex.",
        DECREE,
        Level::Must,
        FILE,
        |card| {
            let (data, code) = read(card)?;
            let sex = if code.sex() == Sex::Female { "F" } else { "M" };
            must(
                data.text(SEX) == sex,
                "the sex in its own field",
                "the other one",
            )
        },
    ),
    looks(
        "data.codice-fiscale.birth-place",
        "It has the place of birth: that of its own field, or a \
        state where that is empty.",
        DECREE,
        Level::Must,
        FILE,
        |card| {
            let (data, code) = read(card)?;
            let field = data.text(BIRTH_MUNICIPALITY);
            let agrees = code
                .birth_place()
                .is_some_and(|place| match field.is_empty() {
                    true => place.is_abroad(),
                    false => place.to_string() == field,
                });
            must(agrees, "the place of birth", "another place")
        },
    ),
];

fn read(card: &mut TestCard) -> Result<(PersonalData, CodiceFiscale), Stop> {
    let data = PersonalData::read(card)?;
    let code = data.text(CODICE_FISCALE).parse();
    let code = code.map_err(|_| Stop::fail("a codice fiscale", "something else"))?;
    Ok((data, code))
}

/// The code that the names on the card give, with the rest of this one.
fn of_names(data: &PersonalData, code: &CodiceFiscale) -> Result<String, Stop> {
    let place = code.birth_place();
    let place = place.ok_or_else(|| Stop::fail("a place of birth in the code", "none"))?;
    let [surname, name] = [data.text(SURNAME), data.text(GIVEN_NAME)];
    let right = CodiceFiscale::compute(&surname, &name, Date::MIN, code.sex(), &place);
    Ok(right.to_string())
}
