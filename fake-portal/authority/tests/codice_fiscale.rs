//! The codice fiscale: published vectors, then properties.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

use cns_authority::codice_fiscale::CodiceFiscalePart;
use cns_authority::{BelfioreCode, CodiceFiscale, CodiceFiscaleError, Sex};
use proptest::prelude::*;
use time::macros::date;
use time::{Date, Duration};

#[test]
fn computes_the_published_vectors() {
    let vectors = [
        (
            "ROSSI",
            "MARIA",
            date!(1985 - 03 - 15),
            Sex::Female,
            "F205",
            "RSSMRA85C55F205Y",
        ),
        (
            "BIANCHI",
            "MARCO",
            date!(2001 - 12 - 05),
            Sex::Male,
            "H501",
            "BNCMRC01T05H501L",
        ),
        (
            "FO",
            "ADA",
            date!(1970 - 01 - 31),
            Sex::Female,
            "F205",
            "FOXDAA70A71F205A",
        ),
        (
            "MULLER",
            "HANS",
            date!(1990 - 08 - 09),
            Sex::Male,
            "Z112",
            "MLLHNS90M09Z112N",
        ),
        (
            "ROSSI",
            "GIANFRANCO",
            date!(1960 - 07 - 01),
            Sex::Male,
            "F205",
            "RSSGFR60L01F205M",
        ),
    ];
    for (surname, name, birth_date, sex, place, expected) in vectors {
        let place: BelfioreCode = place.parse().unwrap();
        let code = CodiceFiscale::compute(surname, name, birth_date, sex, &place);
        assert_eq!(code.to_string(), expected);
        assert_eq!(expected.parse(), Ok(code));
        assert_eq!(code.sex(), sex);
        assert_eq!(code.birth_date(date!(2026 - 01 - 01)), Some(birth_date));
        assert_eq!(code.birth_place(), Some(place));
        assert!(!code.is_omocodia());
    }
}

#[test]
fn rewrites_digits_for_homonyms() {
    let vectors = [
        ("RSSMRA85C55F205Y", "RSSMRA85C55F20RT", "RSSMRAURCRRFNLRJ"),
        ("BNCMRC01T05H501L", "BNCMRC01T05H50MD", "BNCMRCLMTLRHRLMD"),
        ("FOXDAA70A71F205A", "FOXDAA70A71F20RV", "FOXDAATLATMFNLRH"),
        ("MLLHNS90M09Z112N", "MLLHNS90M09Z11NC", "MLLHNSVLMLVZMMNF"),
        ("RSSGFR60L01F205M", "RSSGFR60L01F20RH", "RSSGFRSLLLMFNLRS"),
    ];
    for (plain, first, seventh) in vectors {
        let plain: CodiceFiscale = plain.parse().unwrap();
        let rewritten = plain.omocodia(7).unwrap();
        assert_eq!(plain.omocodia(1).unwrap().to_string(), first);
        assert_eq!(rewritten.to_string(), seventh);
        assert_eq!(rewritten.birth_place(), plain.birth_place());
        assert!(rewritten.is_omocodia());
    }
    let plain: CodiceFiscale = "RSSMRA85C55F205Y".parse().unwrap();
    assert_eq!((plain.omocodia(0), plain.omocodia(8)), (None, None));
}

#[test]
fn folds_accents_and_drops_the_rest() {
    let place: BelfioreCode = "F205".parse().unwrap();
    let letters = |surname: &str, name: &str| {
        let code = CodiceFiscale::compute(surname, name, date!(1980 - 01 - 01), Sex::Male, &place);
        code.to_string()[..6].to_owned()
    };
    assert_eq!(letters("D'Amico", "Niccolò"), "DMCNCL");
    assert_eq!(letters("De Nicolò", "José"), "DNCJSO");
    assert_eq!(letters("Weiß", "Zoë"), "WSSZOE");
    assert_eq!(letters("Ørsted", "Åse"), "RSTSAE");
    assert_eq!(letters("", "李"), "XXXXXX");
}

#[test]
fn says_which_part_is_wrong() {
    use CodiceFiscaleError::{BirthDay, Character, CheckCharacter, Length};
    let error = |text: &str| text.parse::<CodiceFiscale>().unwrap_err();
    let character = |position, part, seen| Character {
        position,
        part,
        seen,
    };

    assert_eq!(error("RSSMRA85C55F205"), Length { seen: 15 });
    assert_eq!(
        error("RSSMRA85C55F205X"),
        CheckCharacter {
            seen: 'X',
            right: 'Y'
        }
    );
    assert_eq!(
        error("rSSMRA85C55F205Y"),
        character(1, CodiceFiscalePart::Surname, 'r')
    );
    assert_eq!(
        error("RSSM1A85C55F205Y"),
        character(5, CodiceFiscalePart::Name, '1')
    );
    assert_eq!(
        error("RSSMRA8OC55F205Y"),
        character(8, CodiceFiscalePart::BirthYear, 'O')
    );
    assert_eq!(
        error("RSSMRA85F55F205Y"),
        character(9, CodiceFiscalePart::BirthMonth, 'F')
    );
    assert_eq!(
        error("RSSMRA85C5 F205Y"),
        character(11, CodiceFiscalePart::BirthDay, ' ')
    );
    assert_eq!(
        error("RSSMRA85C551205Y"),
        character(12, CodiceFiscalePart::BirthPlace, '1')
    );
    assert_eq!(
        error("RSSMRA85C55F205é"),
        character(16, CodiceFiscalePart::CheckCharacter, 'é')
    );
    assert_eq!(error("RSSMRA85C72F205Y"), BirthDay { seen: 72 });
    assert_eq!(error("RSSMRA85B29F205Y"), BirthDay { seen: 29 });
    assert_eq!(error("RSSMRA85C40F205Y"), BirthDay { seen: 40 });
    assert_eq!(
        error("RSSMRA85C55F205X").to_string(),
        "the codice fiscale ends with check character X, but the others call for Y"
    );
}

fn any_code() -> impl Strategy<Value = (CodiceFiscale, Date)> {
    let born = (0_i64..365 * 90).prop_map(|days| date!(1935 - 01 - 01) + Duration::days(days));
    (
        "[A-Za-zÀ-ü' ]{0,12}",
        "[A-Za-zÀ-ü' ]{0,12}",
        born,
        any::<bool>(),
        "[A-MZ][0-9]{3}",
        0_u8..=7,
    )
        .prop_map(|(surname, name, born, woman, place, level)| {
            let sex = if woman { Sex::Female } else { Sex::Male };
            let place = place.parse().unwrap();
            let plain = CodiceFiscale::compute(&surname, &name, born, sex, &place);
            (plain.omocodia(level).unwrap_or(plain), born)
        })
}

proptest! {
    #[test]
    fn what_is_computed_parses((code, born) in any_code()) {
        prop_assert_eq!(code.to_string().parse(), Ok(code));
        prop_assert_eq!(code.birth_date(date!(2026 - 01 - 01)), Some(born));
    }

    #[test]
    fn no_single_wrong_character_passes(
        (code, _) in any_code(), place in 0_usize..16, wrong in "[0-9A-Z]",
    ) {
        let mut text = code.to_string();
        prop_assume!(text[place..=place] != wrong);
        text.replace_range(place..=place, &wrong);
        prop_assert!(text.parse::<CodiceFiscale>().is_err());
    }

    #[test]
    fn any_text_is_answered(text in "\\PC*") {
        let _ = text.parse::<CodiceFiscale>();
    }
}
