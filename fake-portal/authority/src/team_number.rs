//! The TEAM number: the 20 digits on the back of a health card, and in EF.GDO as BCD.
//!
//! ```text
//! 80 380 00 iii sssssssss c     80 health, 380 Italy, 00, region, serial, Luhn digit
//! ```
//!
//! The first ten digits name the issuer (EN 1867), the last ten the card. Real cards' serial
//! digits are those of the card number, which is what [`TeamNumber::for_card`] does.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::card_number::CardNumber;
use crate::luhn::{self, NotDigits};

const ISSUER_PREFIX: &str = "8038000";

/// A TEAM number whose check digit is right.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TeamNumber([u8; Self::LENGTH]);

impl TeamNumber {
    /// Digits in a TEAM number.
    pub const LENGTH: usize = 20;

    /// The TEAM number printed on the card with this card number: digits 2 to 13 of the card
    /// number (region and serial) behind the prefix of the Italian health service.
    pub fn for_card(card_number: &CardNumber) -> Self {
        let card = card_number.to_ascii();
        let mut digits = [0; Self::LENGTH];
        let payload = ISSUER_PREFIX
            .bytes()
            .chain(card.into_iter().skip(1))
            .map(|byte| byte - b'0');
        for (digit, value) in digits.iter_mut().take(Self::LENGTH - 1).zip(payload) {
            *digit = value;
        }
        let [payload @ .., check_digit] = &mut digits;
        *check_digit = luhn::check_digit(payload);
        Self(digits)
    }

    /// Two digits a byte, first digit in the high half: the value of tag 5A in EF.GDO.
    pub fn to_bcd(&self) -> [u8; Self::LENGTH / 2] {
        let mut packed = [0; Self::LENGTH / 2];
        for (place, digit) in self.0.into_iter().enumerate() {
            if let Some(byte) = packed.get_mut(place / 2) {
                *byte = *byte << 4 | digit;
            }
        }
        packed
    }
}

impl FromStr for TeamNumber {
    type Err = TeamNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits: [u8; Self::LENGTH] = luhn::digits(text)?;
        let [payload @ .., last] = &digits;
        let right = luhn::check_digit(payload);
        if *last != right {
            return Err(TeamNumberError::CheckDigit { seen: *last, right });
        }
        Ok(Self(digits))
    }
}

impl fmt::Display for TeamNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|digit| write!(formatter, "{digit}"))
    }
}

/// Why a text is not a TEAM number.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum TeamNumberError {
    /// The text is too short or too long.
    #[error("a TEAM number has 20 digits, not {seen} characters")]
    Length {
        /// Characters in the text.
        seen: usize,
    },
    /// A character is not a decimal digit.
    #[error("character {position} of the TEAM number is {seen:?}, not a digit")]
    Digit {
        /// Place of the character, from 1.
        position: usize,
        /// The character.
        seen: char,
    },
    /// The last digit is not the Luhn digit of the others.
    #[error("the TEAM number ends with check digit {seen}, but its digits call for {right}")]
    CheckDigit {
        /// The last digit.
        seen: u8,
        /// The Luhn digit of the first nineteen digits.
        right: u8,
    },
}

impl From<NotDigits> for TeamNumberError {
    fn from(reason: NotDigits) -> Self {
        match reason {
            NotDigits::Length(seen) => Self::Length { seen },
            NotDigits::Character {
                position,
                character,
            } => Self::Digit {
                position: position + 1,
                seen: character,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_card_number() {
        for (card, team) in [
            ("6030000000001009", "80380000300000000011"),
            ("6030123456789008", "80380000301234567890"),
        ] {
            let card: CardNumber = card.parse().unwrap();
            assert_eq!(TeamNumber::for_card(&card).to_string(), team);
            assert_eq!(team.parse(), Ok(TeamNumber::for_card(&card)));
        }
    }

    #[test]
    fn packs_two_digits_a_byte() {
        let team: TeamNumber = "80380000300000000011".parse().unwrap();
        assert_eq!(
            team.to_bcd(),
            [0x80, 0x38, 0x00, 0x00, 0x30, 0x00, 0x00, 0x00, 0x00, 0x11]
        );
    }

    #[test]
    fn says_what_is_wrong() {
        let error = |text: &str| text.parse::<TeamNumber>().unwrap_err();
        assert_eq!(error("8038"), TeamNumberError::Length { seen: 4 });
        assert_eq!(
            error("8038000030000000001x"),
            TeamNumberError::Digit {
                position: 20,
                seen: 'x'
            }
        );
        assert_eq!(
            error("80380000300000000012"),
            TeamNumberError::CheckDigit { seen: 2, right: 1 }
        );
    }
}
