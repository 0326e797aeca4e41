//! The Belfiore (cadastral) code: a letter and three digits that name the place of birth.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A municipality (`F205` is Milano), or for a birth abroad a state (`Z112` is Germany).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct BelfioreCode([u8; 4]);

impl BelfioreCode {
    /// Whether the place is a foreign state rather than an Italian municipality.
    pub fn is_abroad(&self) -> bool {
        self.0.starts_with(b"Z")
    }

    /// The four ASCII characters.
    pub fn to_ascii(&self) -> [u8; 4] {
        self.0
    }
}

impl FromStr for BelfioreCode {
    type Err = BelfioreCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match *text.as_bytes() {
            [
                letter @ b'A'..=b'Z',
                a @ b'0'..=b'9',
                b @ b'0'..=b'9',
                c @ b'0'..=b'9',
            ] => Ok(Self([letter, a, b, c])),
            _ => Err(BelfioreCodeError {
                seen: text.to_owned(),
            }),
        }
    }
}

impl fmt::Display for BelfioreCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|&byte| write!(formatter, "{}", char::from(byte)))
    }
}

/// A text is not a Belfiore code.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("a Belfiore code is a capital letter and three digits, such as F205, unlike {seen:?}")]
pub struct BelfioreCodeError {
    /// The text.
    pub seen: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_codes_and_refuses_others() {
        let milano: BelfioreCode = "F205".parse().unwrap();
        assert_eq!(
            (milano.to_string().as_str(), milano.is_abroad()),
            ("F205", false)
        );
        assert!("Z112".parse::<BelfioreCode>().unwrap().is_abroad());
        for wrong in ["", "f205", "F20", "F2055", "2F05", "F20R", "È05"] {
            assert!(wrong.parse::<BelfioreCode>().is_err(), "{wrong}");
        }
    }
}
