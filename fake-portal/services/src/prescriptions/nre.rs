//! The number of a prescription, NRE (numero di ricetta elettronica).
//!
//! ```text
//! 0300A 4000000248     5 + 10 characters, printed as two bar codes
//! RRRSS NNNNNNNNNN     R region (030 is Lombardia), S series, N number
//! ```
//!
//! That the first five are three digits of the region and two letters or digits is seen on printed
//! examples; that the other ten are digits alone as well.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A well-formed NRE.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Nre([u8; Self::LENGTH]);

impl Nre {
    /// Characters of an NRE, without the space in the middle.
    pub const LENGTH: usize = 15;

    /// A number of the series 0A of Lombardia, from a serial number of up to ten digits.
    pub fn of_serial(serial: u64) -> Self {
        let mut nre = *b"0300A0000000000";
        let mut rest = serial;
        for digit in nre.iter_mut().rev().take(10) {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        Self(nre)
    }

    /// The three digits of the region.
    pub fn region(&self) -> String {
        self.0.iter().take(3).copied().map(char::from).collect()
    }
}

impl FromStr for Nre {
    type Err = NreError;

    /// Reads an NRE as people type it: with a space between the two bar codes or without.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut nre = [0; Self::LENGTH];
        let mut seen = 0;
        for character in text.chars().filter(|character| *character != ' ') {
            let fits = match seen {
                0..3 | 5.. => character.is_ascii_digit(),
                3 | 4 => character.is_ascii_digit() || character.is_ascii_uppercase(),
            };
            if let Some(place) = nre.get_mut(seen) {
                if !fits {
                    return Err(NreError::Character {
                        position: seen + 1,
                        seen: character,
                    });
                }
                // What fits is ASCII.
                *place = character as u8;
            }
            seen += 1;
        }
        if seen == Self::LENGTH {
            Ok(Self(nre))
        } else {
            Err(NreError::Length { seen })
        }
    }
}

impl fmt::Display for Nre {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|&byte| write!(formatter, "{}", char::from(byte)))
    }
}

/// Why a text is not an NRE.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum NreError {
    /// Too short or too long.
    #[error("an NRE has 15 characters, not {seen}")]
    Length {
        /// Characters, without spaces.
        seen: usize,
    },
    /// A character that cannot stand in its place.
    #[error("character {position} of the NRE cannot be {seen:?}")]
    Character {
        /// Place of the character, from 1.
        position: usize,
        /// The character.
        seen: char,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_printed() {
        let abruzzo: Nre = "1300A 4000000248".parse().unwrap();
        assert_eq!(abruzzo.to_string(), "1300A4000000248");
        assert_eq!(abruzzo.region(), "130");
        assert_eq!("0300A0000000042".parse(), Ok(Nre::of_serial(42)));
    }

    #[test]
    fn says_what_is_wrong() {
        let check = |text: &str, expected| assert_eq!(text.parse::<Nre>(), Err(expected), "{text}");
        check("", NreError::Length { seen: 0 });
        check("1300A400000024", NreError::Length { seen: 14 });
        check("1300A40000002480", NreError::Length { seen: 16 });
        check(
            "13X0A4000000248",
            NreError::Character {
                position: 3,
                seen: 'X',
            },
        );
        check(
            "1300a4000000248",
            NreError::Character {
                position: 5,
                seen: 'a',
            },
        );
        check(
            "1300A400000024è",
            NreError::Character {
                position: 15,
                seen: 'è',
            },
        );
    }
}
