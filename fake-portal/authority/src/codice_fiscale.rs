//! The codice fiscale of a person: 16 upper-case characters, the last of which is a check.
//!
//! ```text
//! SSSNNNYYMDDBBBBC    S surname, N given name, Y year, M month letter, D day (+40 for women),
//!                     B Belfiore code of the birth place, C check character
//! ```
//!
//! When two persons would get the same code, the tax agency writes digits as letters, the
//! rightmost first (*omocodia*): `0123456789` becomes `LMNPQRSTUV`. Such codes are as good as
//! any. Source: DM 23-12-1976 as implemented and recomputed on public test vectors.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use time::{Date, Month};

use crate::belfiore_code::BelfioreCode;
use crate::codice_fiscale_compute as compute;

/// A codice fiscale: every part is well formed and the check character is right.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct CodiceFiscale([u8; Self::LENGTH]);

impl CodiceFiscale {
    /// Characters in a codice fiscale.
    pub const LENGTH: usize = 16;

    /// The codice fiscale of a person, before any omocodia.
    ///
    /// Accents are folded (`à` counts as `A`); apostrophes, spaces and every character outside
    /// the Latin alphabet are dropped.
    pub fn compute(
        surname: &str,
        name: &str,
        birth_date: Date,
        sex: Sex,
        birth_place: &BelfioreCode,
    ) -> Self {
        Self(compute::codice_fiscale(
            surname,
            name,
            birth_date,
            sex,
            birth_place,
        ))
    }

    /// The same person's code with the `level` rightmost digits written as letters, or nothing
    /// when `level` is not 1 to 7.
    pub fn omocodia(&self, level: u8) -> Option<Self> {
        (1..=7)
            .contains(&level)
            .then(|| Self(compute::omocodia(self.0, level)))
    }

    /// Whether any digit is written as a letter.
    pub fn is_omocodia(&self) -> bool {
        compute::without_omocodia(self.0) != self.0
    }

    /// Sex, from the day of birth.
    pub fn sex(&self) -> Sex {
        if self.day_field() > 40 {
            Sex::Female
        } else {
            Sex::Male
        }
    }

    /// The most recent date on or before `today` that the code can stand for. The code holds two
    /// digits of the year, so a person over a hundred seems a century younger.
    pub fn birth_date(&self, today: Date) -> Option<Date> {
        let [.., year_tens, year_units, month, _, _, _, _, _, _, _] =
            compute::without_omocodia(self.0);
        let year_of_century = i32::from(two_digits(year_tens, year_units));
        let month = month_of_letter(month)?;
        let century = today.year() - today.year().rem_euclid(100);
        [century, century - 100, century - 200]
            .into_iter()
            .filter_map(|century| {
                Date::from_calendar_date(century + year_of_century, month, self.day_field() % 40)
                    .ok()
            })
            .find(|date| *date <= today)
    }

    /// Where the person was born.
    pub fn birth_place(&self) -> Option<BelfioreCode> {
        let [.., letter, a, b, c, _] = compute::without_omocodia(self.0);
        std::str::from_utf8(&[letter, a, b, c]).ok()?.parse().ok()
    }

    fn day_field(&self) -> u8 {
        let [.., tens, units, _, _, _, _, _] = compute::without_omocodia(self.0);
        two_digits(tens, units)
    }
}

/// Sex as registered, which the codice fiscale and the card's personal data record as F or M.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Sex {
    /// F
    Female,
    /// M
    Male,
}

impl FromStr for CodiceFiscale {
    type Err = CodiceFiscaleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let seen = text.chars().count();
        if seen != Self::LENGTH {
            return Err(CodiceFiscaleError::Length { seen });
        }
        let mut code = [0; Self::LENGTH];
        for ((place, byte), seen) in code.iter_mut().enumerate().zip(text.chars()) {
            let (part, accepted) = PART_OF_PLACE
                .get(place)
                .copied()
                .unwrap_or((CodiceFiscalePart::CheckCharacter, LETTERS));
            if !accepted.contains(seen) {
                return Err(CodiceFiscaleError::Character {
                    position: place + 1,
                    part,
                    seen,
                });
            }
            // Every accepted character is ASCII.
            *byte = seen as u8;
        }
        check_birth_day(code)?;
        let (right, seen) = (
            compute::check_character(&code),
            code.last().copied().unwrap_or(0),
        );
        if seen != right {
            let (seen, right) = (char::from(seen), char::from(right));
            return Err(CodiceFiscaleError::CheckCharacter { seen, right });
        }
        Ok(Self(code))
    }
}

impl fmt::Display for CodiceFiscale {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|&byte| write!(formatter, "{}", char::from(byte)))
    }
}

/// Why a text is not a codice fiscale.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum CodiceFiscaleError {
    /// The text is too short or too long.
    #[error("a codice fiscale has 16 characters, not {seen}")]
    Length {
        /// Characters in the text.
        seen: usize,
    },
    /// A character cannot stand in its place. Lower-case letters are not accepted.
    #[error("character {position} of the codice fiscale, in its {part}, cannot be {seen:?}")]
    Character {
        /// Place of the character, from 1.
        position: usize,
        /// What the place encodes.
        part: CodiceFiscalePart,
        /// The character.
        seen: char,
    },
    /// The day does not exist in that month.
    #[error("the codice fiscale encodes a birth on day {seen}, which its month does not have")]
    BirthDay {
        /// The two digits of the day, with the 40 that mark a woman.
        seen: u8,
    },
    /// The last character does not follow from the others.
    #[error("the codice fiscale ends with check character {seen}, but the others call for {right}")]
    CheckCharacter {
        /// The last character.
        seen: char,
        /// The check character of the first fifteen.
        right: char,
    },
}

/// The parts of a codice fiscale.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CodiceFiscalePart {
    /// Characters 1 to 3.
    Surname,
    /// Characters 4 to 6.
    Name,
    /// Characters 7 and 8.
    BirthYear,
    /// Character 9.
    BirthMonth,
    /// Characters 10 and 11.
    BirthDay,
    /// Characters 12 to 15.
    BirthPlace,
    /// Character 16.
    CheckCharacter,
}

impl fmt::Display for CodiceFiscalePart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Surname => "surname",
            Self::Name => "given name",
            Self::BirthYear => "birth year",
            Self::BirthMonth => "birth month",
            Self::BirthDay => "birth day",
            Self::BirthPlace => "birth place",
            Self::CheckCharacter => "check character",
        })
    }
}

/// A date is checked as far as two digits of a year allow: 29 February needs a year that is a
/// leap year in some century.
fn check_birth_day(code: [u8; CodiceFiscale::LENGTH]) -> Result<(), CodiceFiscaleError> {
    let [
        ..,
        year_tens,
        year_units,
        month,
        day_tens,
        day_units,
        _,
        _,
        _,
        _,
        _,
    ] = compute::without_omocodia(code);
    let seen = two_digits(day_tens, day_units);
    let day = if seen > 40 { seen - 40 } else { seen };
    let year = 2000 + i32::from(two_digits(year_tens, year_units));
    let exists = month_of_letter(month)
        .is_some_and(|month| Date::from_calendar_date(year, month, day).is_ok());
    if exists {
        Ok(())
    } else {
        Err(CodiceFiscaleError::BirthDay { seen })
    }
}

fn month_of_letter(letter: u8) -> Option<Month> {
    let index = compute::MONTH_LETTERS
        .iter()
        .position(|&month| month == letter)?;
    Month::try_from(index as u8 + 1).ok()
}

fn two_digits(tens: u8, units: u8) -> u8 {
    (tens.wrapping_sub(b'0'))
        .wrapping_mul(10)
        .wrapping_add(units.wrapping_sub(b'0'))
}

const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS: &str = "0123456789LMNPQRSTUV";
const MONTHS: &str = "ABCDEHLMPRST";

/// What each place encodes and the characters it accepts.
const PART_OF_PLACE: [(CodiceFiscalePart, &str); CodiceFiscale::LENGTH] = [
    (CodiceFiscalePart::Surname, LETTERS),
    (CodiceFiscalePart::Surname, LETTERS),
    (CodiceFiscalePart::Surname, LETTERS),
    (CodiceFiscalePart::Name, LETTERS),
    (CodiceFiscalePart::Name, LETTERS),
    (CodiceFiscalePart::Name, LETTERS),
    (CodiceFiscalePart::BirthYear, DIGITS),
    (CodiceFiscalePart::BirthYear, DIGITS),
    (CodiceFiscalePart::BirthMonth, MONTHS),
    (CodiceFiscalePart::BirthDay, DIGITS),
    (CodiceFiscalePart::BirthDay, DIGITS),
    (CodiceFiscalePart::BirthPlace, LETTERS),
    (CodiceFiscalePart::BirthPlace, DIGITS),
    (CodiceFiscalePart::BirthPlace, DIGITS),
    (CodiceFiscalePart::BirthPlace, DIGITS),
    (CodiceFiscalePart::CheckCharacter, LETTERS),
];
