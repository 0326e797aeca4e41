//! The card number: the 16 ASCII digits of EF.ID_Carta.
//!
//! ```text
//! T iii sssssssss vv c      T card type, iii issuer, s serial, vv issue counter, c Luhn digit
//! T iiiiii ssssss vv c      the same for T = 7, whose issuer takes six digits
//! ```
//!
//! Source: the check digit and the issuer were recomputed on published card numbers of three
//! issuers. The two digits before the check digit are `00` on regional cards; that they count
//! re-issues is an inference.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::luhn::{self, NotDigits};

/// A card number whose check digit is right.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct CardNumber {
    /// Values 0..=9; the last one is the Luhn digit and the first one a [`CardType`].
    digits: [u8; Self::LENGTH],
    card_type: CardType,
}

impl CardNumber {
    /// Digits in a card number, and so bytes in EF.ID_Carta.
    pub const LENGTH: usize = 16;

    /// The number of a citizen's card issued by a region. `serial` has at most nine digits.
    pub fn compose(region: RegionCode, serial: u32) -> Result<Self, CardNumberError> {
        if serial > 999_999_999 {
            return Err(CardNumberError::SerialTooLong { serial });
        }
        let payload = format!("6{region}{serial:09}00");
        let values = luhn::digits::<15>(&payload)?;
        Self::from_str(&format!("{payload}{}", luhn::check_digit(&values)))
    }

    /// Who issues cards of this kind, and to whom.
    pub fn card_type(&self) -> CardType {
        self.card_type
    }

    /// The issuer's code: six digits for [`CardType::CitizenOtherAdministration`], else three.
    pub fn issuer(&self) -> String {
        let length = match self.card_type {
            CardType::CitizenOtherAdministration => 6,
            CardType::CitizenNational
            | CardType::CitizenRegional
            | CardType::OperatorNational
            | CardType::OperatorRegional => 3,
        };
        self.to_string().chars().skip(1).take(length).collect()
    }

    /// The content of EF.ID_Carta.
    pub fn to_ascii(&self) -> [u8; Self::LENGTH] {
        self.digits.map(|digit| b'0' + digit)
    }
}

/// The first digit of a card number.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum CardType {
    /// 5: a citizen's card of a national issuer.
    CitizenNational,
    /// 6: a citizen's card of a region, as every TS-CNS is.
    CitizenRegional,
    /// 7: a citizen's card of another administration, such as a university.
    CitizenOtherAdministration,
    /// 8: an operator's card of a national issuer.
    OperatorNational,
    /// 9: an operator's card of a region.
    OperatorRegional,
}

impl CardType {
    fn from_digit(digit: u8) -> Option<Self> {
        match digit {
            5 => Some(Self::CitizenNational),
            6 => Some(Self::CitizenRegional),
            7 => Some(Self::CitizenOtherAdministration),
            8 => Some(Self::OperatorNational),
            9 => Some(Self::OperatorRegional),
            _ => None,
        }
    }
}

/// The three digits by which the health service names a region: `030` is Lombardia.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct RegionCode([u8; 3]);

impl RegionCode {
    /// Lombardia, 030.
    pub const LOMBARDIA: Self = Self([0, 3, 0]);
}

impl FromStr for RegionCode {
    type Err = CardNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        luhn::digits(text)
            .map(Self)
            .map_err(|_| CardNumberError::Region {
                seen: text.to_owned(),
            })
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|digit| write!(formatter, "{digit}"))
    }
}

impl FromStr for CardNumber {
    type Err = CardNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits: [u8; Self::LENGTH] = luhn::digits(text)?;
        let [first, .., last] = digits;
        let card_type =
            CardType::from_digit(first).ok_or(CardNumberError::CardType { seen: first })?;
        let (payload, _) = digits.split_at(Self::LENGTH - 1);
        let right = luhn::check_digit(payload);
        if last != right {
            return Err(CardNumberError::CheckDigit { seen: last, right });
        }
        Ok(Self { digits, card_type })
    }
}

impl fmt::Display for CardNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.digits
            .iter()
            .try_for_each(|digit| write!(formatter, "{digit}"))
    }
}

/// Why a text is not a card number.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum CardNumberError {
    /// The text is too short or too long.
    #[error("a card number has 16 digits, not {seen} characters")]
    Length {
        /// Characters in the text.
        seen: usize,
    },
    /// A character is not a decimal digit.
    #[error("character {position} of the card number is {seen:?}, not a digit")]
    Digit {
        /// Place of the character, from 1.
        position: usize,
        /// The character.
        seen: char,
    },
    /// The first digit names no card type.
    #[error("a card number starts with its type, 5 to 9, not with {seen}")]
    CardType {
        /// The first digit.
        seen: u8,
    },
    /// The last digit is not the Luhn digit of the others.
    #[error("the card number ends with check digit {seen}, but its digits call for {right}")]
    CheckDigit {
        /// The last digit.
        seen: u8,
        /// The Luhn digit of the first fifteen digits.
        right: u8,
    },
    /// A serial number does not fit in nine digits.
    #[error("a card's serial number has at most 9 digits, and {seen} has more", seen = .serial)]
    SerialTooLong {
        /// The serial number asked for.
        serial: u32,
    },
    /// A region's code is not three digits.
    #[error("a region's code has three digits, such as 030 for Lombardia, unlike {seen:?}")]
    Region {
        /// The text given as a region's code.
        seen: String,
    },
}

impl From<NotDigits> for CardNumberError {
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
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn composes_regional_numbers() {
        let compose = |serial| CardNumber::compose(RegionCode::LOMBARDIA, serial).unwrap();
        assert_eq!(compose(1).to_string(), "6030000000001009");
        assert_eq!(compose(123_456_789).to_string(), "6030123456789008");
        assert_eq!(&compose(1).to_ascii(), b"6030000000001009");
    }

    #[test]
    fn reads_back_type_and_issuer() {
        let regional: CardNumber = "6030000000001009".parse().unwrap();
        assert_eq!(regional.card_type(), CardType::CitizenRegional);
        assert_eq!(regional.issuer(), "030");
    }

    #[test]
    fn says_what_is_wrong() {
        let error = |text: &str| text.parse::<CardNumber>().unwrap_err();
        assert_eq!(
            error("603000000000100"),
            CardNumberError::Length { seen: 15 }
        );
        assert_eq!(
            error("60300000000010O9"),
            CardNumberError::Digit {
                position: 15,
                seen: 'O'
            }
        );
        assert_eq!(
            error("1030000000001009"),
            CardNumberError::CardType { seen: 1 }
        );
        assert_eq!(
            error("6030000000001008"),
            CardNumberError::CheckDigit { seen: 8, right: 9 }
        );
        assert_eq!(
            CardNumber::compose(RegionCode::LOMBARDIA, 1_000_000_000),
            Err(CardNumberError::SerialTooLong {
                serial: 1_000_000_000
            })
        );
    }

    proptest! {
        #[test]
        fn composed_numbers_parse(region in 0_u16..1000, serial in 0_u32..1_000_000_000) {
            let region: RegionCode = format!("{region:03}").parse().unwrap();
            let number = CardNumber::compose(region, serial).unwrap();
            prop_assert_eq!(number.to_string().parse(), Ok(number));
            prop_assert_eq!(number.issuer(), region.to_string());
        }

        #[test]
        fn no_single_wrong_digit_passes(
            serial in 0_u32..1_000_000_000, place in 0_usize..16, shift in 1_u8..10,
        ) {
            let number = CardNumber::compose(RegionCode::LOMBARDIA, serial).unwrap();
            let mut digits = number.to_ascii();
            digits[place] = b'0' + (digits[place] - b'0' + shift) % 10;
            let text = std::str::from_utf8(&digits).unwrap();
            prop_assert!(text.parse::<CardNumber>().is_err());
        }

        #[test]
        fn any_text_is_answered(text in "\\PC*") {
            let _ = text.parse::<CardNumber>();
        }
    }
}
