//! The common name of a CNS authentication certificate.
//!
//! ```text
//! CODICEFISCALE(16) "/" ID_CARTA(16) "." base64(SHA-1(EF.Dati_Personali))(28)
//! ```
//!
//! 62 characters, within the 64 that X.520 allows. The base64 part may itself contain `/`, so a
//! reader splits on the first `/` and then on the first `.` after it. Source: AgID profile of
//! the CNS authentication certificate, and the names seen on published certificates.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use thiserror::Error;

use crate::card_number::{CardNumber, CardNumberError};
use crate::codice_fiscale::{CodiceFiscale, CodiceFiscaleError};

/// The common name that ties a certificate to a person, a card and the data on that card.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct CnsCommonName {
    /// The card holder.
    pub codice_fiscale: CodiceFiscale,
    /// The card, as EF.ID_Carta has it.
    pub card_number: CardNumber,
    /// SHA-1 over EF.Dati_Personali, see [`personal_data_hash`].
    pub personal_data_hash: [u8; 20],
}

impl CnsCommonName {
    /// Characters in a CNS common name.
    pub const LENGTH: usize = 62;
}

/// The hash of EF.Dati_Personali that the certifier writes in the common name.
///
/// It covers the whole file as a reader gets it, padding included; that is how client code
/// recomputes it, as no public document says.
pub fn personal_data_hash(file: &[u8]) -> [u8; 20] {
    let mut hash = [0; 20];
    hash.copy_from_slice(digest(&SHA1_FOR_LEGACY_USE_ONLY, file).as_ref());
    hash
}

impl FromStr for CnsCommonName {
    type Err = CnsCommonNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (person, rest) = text.split_once('/').ok_or(CnsCommonNameError::NoSlash)?;
        let (card, hash) = rest.split_once('.').ok_or(CnsCommonNameError::NoDot)?;
        let decoded = STANDARD
            .decode(hash)
            .ok()
            .and_then(|bytes| bytes.try_into().ok());
        Ok(Self {
            codice_fiscale: person.parse()?,
            card_number: card.parse()?,
            personal_data_hash: decoded.ok_or_else(|| CnsCommonNameError::Hash {
                seen: hash.to_owned(),
            })?,
        })
    }
}

impl fmt::Display for CnsCommonName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hash = STANDARD.encode(self.personal_data_hash);
        write!(
            formatter,
            "{}/{}.{hash}",
            self.codice_fiscale, self.card_number
        )
    }
}

/// Why a text is not the common name of a CNS certificate.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum CnsCommonNameError {
    /// Nothing ends the codice fiscale.
    #[error("a CNS common name has a '/' after the codice fiscale, and this one has none")]
    NoSlash,
    /// Nothing ends the card number.
    #[error("a CNS common name has a '.' after the card number, and this one has none")]
    NoDot,
    /// What precedes the `/` is not a codice fiscale.
    #[error(transparent)]
    CodiceFiscale(#[from] CodiceFiscaleError),
    /// What lies between `/` and `.` is not a card number.
    #[error(transparent)]
    CardNumber(#[from] CardNumberError),
    /// What follows the `.` is not a SHA-1 value in base64.
    #[error("a CNS common name ends with 20 bytes in base64 (28 characters), unlike {seen:?}")]
    Hash {
        /// What follows the `.`.
        seen: String,
    },
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// EF.Dati_Personali of a synthetic citizen, zero-padded to the size of the file.
    fn personal_data() -> Vec<u8> {
        let mut file = b"0000650460300801012024080101203005ROSSI05MARIA081503198501F001\
            0RSSMRA85C55F205Y0004F205000004F2050000"
            .to_vec();
        file.resize(400, 0);
        file
    }

    const NAME: &str = "RSSMRA85C55F205Y/6030000000001009.9/6odo0auMV6VhLN03A5D/l0QiA=";

    #[test]
    fn names_person_card_and_data() {
        let name = CnsCommonName {
            codice_fiscale: "RSSMRA85C55F205Y".parse().unwrap(),
            card_number: "6030000000001009".parse().unwrap(),
            personal_data_hash: personal_data_hash(&personal_data()),
        };
        assert_eq!(name.to_string(), NAME);
        assert_eq!(name.to_string().len(), CnsCommonName::LENGTH);
        assert_eq!(
            NAME.parse(),
            Ok(name),
            "the hash contains a slash of its own"
        );
    }

    #[test]
    fn says_what_is_wrong() {
        let error = |text: &str| text.parse::<CnsCommonName>().unwrap_err();
        assert_eq!(error("RSSMRA85C55F205Y"), CnsCommonNameError::NoSlash);
        assert_eq!(
            error("RSSMRA85C55F205Y/6030000000001009"),
            CnsCommonNameError::NoDot
        );
        assert!(matches!(
            error(&NAME.replacen('Y', "X", 1)),
            CnsCommonNameError::CodiceFiscale(CodiceFiscaleError::CheckCharacter { .. })
        ));
        assert!(matches!(
            error(&NAME.replacen("1009", "1008", 1)),
            CnsCommonNameError::CardNumber(CardNumberError::CheckDigit { .. })
        ));
        let short = "9/6odo0auMV6VhLN03A5D/l0Qg==";
        let hash = |seen: &str| CnsCommonNameError::Hash {
            seen: seen.to_owned(),
        };
        assert_eq!(
            error(&format!("RSSMRA85C55F205Y/6030000000001009.{short}")),
            hash(short)
        );
    }

    proptest! {
        #[test]
        fn display_and_parse_agree(personal_data_hash: [u8; 20], serial in 0_u32..1_000_000_000) {
            let name = CnsCommonName {
                codice_fiscale: "RSSMRA85C55F205Y".parse().unwrap(),
                card_number: CardNumber::compose(
                    crate::RegionCode::LOMBARDIA, serial).unwrap(),
                personal_data_hash,
            };
            prop_assert_eq!(name.to_string().len(), CnsCommonName::LENGTH);
            prop_assert_eq!(name.to_string().parse(), Ok(name));
        }

        #[test]
        fn any_text_is_answered(text in "\\PC*") {
            let _ = text.parse::<CnsCommonName>();
        }
    }
}
