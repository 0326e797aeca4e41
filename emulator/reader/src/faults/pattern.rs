//! Which commands a rule is about: hexadecimal digits with `?` and `*`.

use std::fmt;
use std::str::FromStr;

use cns_apdu::hex;

/// A pattern over the hexadecimal digits of a command APDU.
///
/// ```text
/// 00 20 00 10 *      VERIFY of PIN 10 with or without data
/// ?0 2A *            PERFORM SECURITY OPERATION, chained or not
/// 00 B0 ?? ?? 00     READ BINARY at any offset with Le 00, and nothing after it
/// ```
/// `?` is any one digit, `*` any number of them, none included. Spaces mean nothing, letters may be
/// of either case.
#[derive(Clone, Eq, PartialEq)]
pub struct Pattern(Vec<Part>);

#[derive(Clone, Copy, Eq, PartialEq)]
enum Part {
    Digit(u8),
    AnyDigit,
    AnyDigits,
}

/// A character that has no meaning in a pattern.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0:?} is no hexadecimal digit, ? or *")]
pub struct PatternError(
    /// The character.
    pub char,
);

impl Pattern {
    /// Every command.
    pub fn any() -> Self {
        Self(vec![Part::AnyDigits])
    }

    /// Whether the command is of this pattern.
    pub fn matches(&self, command: &[u8]) -> bool {
        let digit = |index: usize| {
            let byte = command.get(index / 2)?;
            Some(if index.is_multiple_of(2) {
                byte >> 4
            } else {
                byte & 0xF
            })
        };
        // One way back is enough: to the last star, which then takes one digit more.
        let (mut part, mut index) = (0, 0);
        let mut star: Option<(usize, usize)> = None;
        loop {
            match (self.0.get(part), digit(index)) {
                (None, None) => return true,
                (Some(Part::AnyDigits), _) => {
                    star = Some((part, index));
                    part += 1;
                }
                (Some(Part::AnyDigit), Some(_)) => (part, index) = (part + 1, index + 1),
                (Some(Part::Digit(wanted)), Some(seen)) if *wanted == seen => {
                    (part, index) = (part + 1, index + 1);
                }
                _ => match star {
                    Some((at, from)) if digit(from).is_some() => {
                        star = Some((at, from + 1));
                        (part, index) = (at + 1, from + 1);
                    }
                    _ => return false,
                },
            }
        }
    }
}

impl Default for Pattern {
    fn default() -> Self {
        Self::any()
    }
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let parts = text.chars().filter(|letter| !letter.is_whitespace());
        let part = |letter: char| match letter {
            '?' => Ok(Part::AnyDigit),
            '*' => Ok(Part::AnyDigits),
            letter => match letter.to_digit(16) {
                Some(digit) => Ok(Part::Digit(digit as u8)),
                None => Err(PatternError(letter)),
            },
        };
        parts.map(part).collect::<Result<_, _>>().map(Self)
    }
}

/// As it would be written, without spaces.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Digit(digit) => write!(f, "{digit:X}"),
            Part::AnyDigit => f.write_str("?"),
            Part::AnyDigits => f.write_str("*"),
        })
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern({self})")
    }
}

/// The commands that begin with these bytes.
impl From<&[u8]> for Pattern {
    fn from(start: &[u8]) -> Self {
        let text = hex::encode(start) + "*";
        // What `encode` writes are digits and spaces.
        text.parse().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_question_marks_and_stars() {
        let check = |pattern: &str, command: &str, expected: bool| {
            let pattern: Pattern = pattern.parse().expect(pattern);
            let bytes = hex::decode(command).expect(command);
            assert_eq!(pattern.matches(&bytes), expected, "{pattern} {command}");
        };
        check("*", "", true);
        check("", "", true);
        check("", "00", false);
        check("00 20 00 10 *", "00 20 00 10", true);
        check("00 20 00 10 *", "00 20 00 10 01 31", true);
        check("00 20 00 10 *", "00 20 00 11", false);
        check("?0 2a *", "10 2A 80 86 01 00", true);
        check("?0 2A *", "00 22 F1 B8", false);
        check("00B0????00", "00 B0 12 34 00", true);
        check("00B0????00", "00 B0 12 34 00 00", false);
        check("* 90", "00 20 90", true);
        check("* 90", "00 29 00", false);
        check("*31*32*", "00 20 00 10 02 31 32", true);
        check("*31*32*", "00 20 00 10 02 32 31", false);
    }

    #[test]
    fn other_letters_are_refused() {
        assert_eq!("00 2G".parse::<Pattern>(), Err(PatternError('G')));
    }

    #[test]
    fn the_beginning_of_a_command() {
        let pattern = Pattern::from([0x00, 0x2A].as_slice());
        assert_eq!(pattern.to_string(), "002A*");
    }
}
