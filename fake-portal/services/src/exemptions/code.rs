//! The code of an exemption, and what each code allows.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A well-formed code: `E02` for income, `048` for a disease, `RCG010` for a rare one, `C01` for
/// disability. Which codes a catalogue really has is not checked.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ExemptionCode {
    /// Padded with zero bytes.
    characters: [u8; 6],
}

/// What kind of reason there is for an exemption.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ExemptionKind {
    /// Income, age or family: E and two digits.
    Income,
    /// A chronic disease: three digits or letters of which the first is 0; 048 is cancer.
    Pathology,
    /// A rare disease: R and five letters or digits.
    RareDisease,
    /// A disability: C and two digits.
    Disability,
}

/// Those that citizens declare themselves.
const SELF_CERTIFIED: [&str; 10] = [
    "E01", "E02", "E03", "E04", "E05", "E12", "E13", "E14", "E30", "E40",
];

/// Those that the ministry renews every year by its lists of incomes.
const RENEWED: [&str; 7] = ["E01", "E03", "E04", "E05", "E14", "E30", "E40"];

/// Those that are declared for members of the family as well.
const FOR_FAMILY: [&str; 3] = ["E02", "E12", "E13"];

impl ExemptionCode {
    /// What it is for.
    pub fn kind(&self) -> ExemptionKind {
        match self.characters {
            [b'E', ..] => ExemptionKind::Income,
            [b'R', ..] => ExemptionKind::RareDisease,
            [b'C', ..] => ExemptionKind::Disability,
            _ => ExemptionKind::Pathology,
        }
    }

    /// Whether citizens declare it online.
    pub fn is_self_certifiable(&self) -> bool {
        self.is_one_of(&SELF_CERTIFIED)
    }

    /// Whether the ministry renews it by itself.
    pub fn is_renewed_by_the_ministry(&self) -> bool {
        self.is_one_of(&RENEWED)
    }

    /// Whether it is declared online for others of the family than oneself. Source: press on the
    /// regional service.
    pub fn is_for_family(&self) -> bool {
        self.is_one_of(&FOR_FAMILY)
    }

    /// Whether it is declared for two years rather than one.
    pub fn is_for_two_years(&self) -> bool {
        self.is_one_of(&["E12", "E13"])
    }

    /// Whether somebody of this age may have it. From memory: E01 is for those under 6 or over 65, E04
    /// for those over 60, E05 for those over 65.
    pub fn fits_age(&self, years: i32) -> bool {
        match self.as_str() {
            "E01" => !(6..=65).contains(&years),
            "E04" => 60 < years,
            "E05" => 65 < years,
            _ => true,
        }
    }

    fn is_one_of(&self, codes: &[&str]) -> bool {
        codes.contains(&self.as_str())
    }

    fn as_str(&self) -> &str {
        let text = std::str::from_utf8(&self.characters).unwrap_or_default();
        text.trim_end_matches('\0')
    }
}

impl FromStr for ExemptionCode {
    type Err = ExemptionCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let well_formed = match text.as_bytes() {
            [b'E' | b'C', rest @ ..] => rest.len() == 2 && rest.iter().all(u8::is_ascii_digit),
            [b'R', rest @ ..] => rest.len() == 5 && rest.iter().all(is_code_character),
            [b'0', rest @ ..] => {
                (2..=3).contains(&rest.len()) && rest.iter().all(is_code_character)
            }
            _ => false,
        };
        if !well_formed {
            return Err(ExemptionCodeError {
                seen: text.to_owned(),
            });
        }
        let mut characters = [0; 6];
        for (place, byte) in characters.iter_mut().zip(text.bytes()) {
            *place = byte;
        }
        Ok(Self { characters })
    }
}

fn is_code_character(byte: &u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_uppercase()
}

impl fmt::Display for ExemptionCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A text is not the code of an exemption.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("the code of an exemption is like E02, 048, 0A31, RCG010 or C01, unlike {seen:?}")]
pub struct ExemptionCodeError {
    /// The text.
    pub seen: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_tell_what_they_allow() {
        // Code, kind, self-certified, renewed, for family, two years.
        let table = [
            ("E01", ExemptionKind::Income, true, true, false, false),
            ("E02", ExemptionKind::Income, true, false, true, false),
            ("E03", ExemptionKind::Income, true, true, false, false),
            ("E04", ExemptionKind::Income, true, true, false, false),
            ("E05", ExemptionKind::Income, true, true, false, false),
            ("E12", ExemptionKind::Income, true, false, true, true),
            ("E13", ExemptionKind::Income, true, false, true, true),
            ("E14", ExemptionKind::Income, true, true, false, false),
            ("E30", ExemptionKind::Income, true, true, false, false),
            ("E40", ExemptionKind::Income, true, true, false, false),
            ("E99", ExemptionKind::Income, false, false, false, false),
            ("048", ExemptionKind::Pathology, false, false, false, false),
            ("0A31", ExemptionKind::Pathology, false, false, false, false),
            (
                "RCG010",
                ExemptionKind::RareDisease,
                false,
                false,
                false,
                false,
            ),
            ("C01", ExemptionKind::Disability, false, false, false, false),
        ];
        for (text, kind, declared, renewed, family, two_years) in table {
            let code: ExemptionCode = text.parse().unwrap();
            assert_eq!(code.to_string(), text);
            assert_eq!(code.kind(), kind, "{text}");
            assert_eq!(code.is_self_certifiable(), declared, "{text}");
            assert_eq!(code.is_renewed_by_the_ministry(), renewed, "{text}");
            assert_eq!(code.is_for_family(), family, "{text}");
            assert_eq!(code.is_for_two_years(), two_years, "{text}");
        }
    }

    #[test]
    fn others_are_no_codes() {
        for wrong in [
            "", "E", "E1", "E123", "e01", "48", "R1", "RCG0100", "048.250", "È01", "X01",
        ] {
            assert!(wrong.parse::<ExemptionCode>().is_err(), "{wrong}");
        }
    }
}
