//! What was written down when cards were handed out: the hash of the personal data on each.
//!
//! The certificate repeats that hash in its common name, and a portal that never reads a card cannot tell
//! whether it is the card's. Who keeps a record of the cards can.
//!
//! ```text
//! # one card a line: what a common name has after its first slash
//! 6030000000001009.6odo0auMV6VhLN03A5Dl0QiA6oc=
//! ```

use std::collections::BTreeMap;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cns_authority::{CardNumber, CnsCommonName};
use thiserror::Error;

/// Cards by their number, each with the hash of EF.Dati_Personali
/// ([`cns_authority::personal_data_hash`]).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Enrolment(BTreeMap<CardNumber, [u8; 20]>);

/// What a portal's record says of one card.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Enrolled {
    /// The portal keeps no record.
    #[default]
    NoRecord,
    /// The card is not in it.
    Stranger,
    /// The personal data that were put on the card have this hash.
    Hash([u8; 20]),
}

/// A line of a record cannot be read.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "line {line} is no record of a card: {what}\nhint: CARDNUMBER.HASH, as a common name has it after its \
     first slash"
)]
pub struct EnrolmentError {
    /// Which, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: &'static str,
}

impl Enrolment {
    /// Enters a card, in place of what was known of it.
    pub fn enter(&mut self, card: CardNumber, personal_data_hash: [u8; 20]) {
        self.0.insert(card, personal_data_hash);
    }

    /// What is known of the card that this common name is of.
    pub(crate) fn of(&self, name: &CnsCommonName) -> Enrolled {
        let hash = self.0.get(&name.card_number);
        hash.copied().map_or(Enrolled::Stranger, Enrolled::Hash)
    }
}

impl FromStr for Enrolment {
    type Err = EnrolmentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut enrolment = Self::default();
        for (index, line) in text.lines().enumerate() {
            let line_number = index + 1;
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (card, hash) = entry(line).map_err(|what| EnrolmentError {
                line: line_number,
                what,
            })?;
            enrolment.enter(card, hash);
        }
        Ok(enrolment)
    }
}

fn entry(line: &str) -> Result<(CardNumber, [u8; 20]), &'static str> {
    let (card, hash) = line.split_once('.').ok_or("there is no dot in it")?;
    let card = card.parse().map_err(|_| "the number is not a card's")?;
    let hash = STANDARD
        .decode(hash)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or("the hash is not twenty bytes in base64")?;
    Ok((card, hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "6030000000001009.6odo0auMV6VhLN03A5Dl0QiA6oc=";

    #[test]
    fn a_record_is_read_line_by_line() {
        let enrolment: Enrolment = format!("# cards\n\n {LINE}\r\n").parse().unwrap();
        let name = |text: &str| text.parse::<CnsCommonName>().unwrap();
        let known = name(&format!("RSSMRA85C55M901I/{LINE}"));
        assert_eq!(
            enrolment.of(&known),
            Enrolled::Hash(known.personal_data_hash)
        );
        assert_eq!(Enrolment::default().of(&known), Enrolled::Stranger);
    }

    #[test]
    fn what_is_no_record_is_told_with_its_line() {
        for (text, line, what) in [
            (format!("{LINE}\nnothing"), 2, "there is no dot in it"),
            ("1.x".to_owned(), 1, "the number is not a card's"),
            (
                "6030000000001009.AAAA".to_owned(),
                1,
                "the hash is not twenty bytes in base64",
            ),
        ] {
            let error = Enrolment::from_str(&text).unwrap_err();
            assert_eq!(error, EnrolmentError { line, what });
        }
    }
}
