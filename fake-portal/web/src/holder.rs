//! Whom a certificate names, right or wrong: what testers look for in the journal and aim faults at.

use schemars::JsonSchema;
use serde::Serialize;

use crate::certificate::CertificateFacts;

/// What a certificate claims of its holder. Nothing of it is checked: a certificate with a wrong codice
/// fiscale is found by that one.
#[derive(Clone, Debug, Default, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Holder {
    /// What stands where the codice fiscale should, in the common name.
    pub codice_fiscale: Option<String>,
    /// What stands where the number of the card should.
    pub card: Option<String>,
    /// The serial number of the certificate in hexadecimal, two digits a byte.
    pub serial: Option<String>,
}

impl Holder {
    /// Of a certificate that can be read.
    pub fn of(facts: &CertificateFacts) -> Self {
        let common_name = facts.common_names.first().map(String::as_str);
        let (codice_fiscale, rest) = match common_name {
            Some(name) => match name.split_once('/') {
                Some((before, after)) => (Some(before), Some(after)),
                None => (Some(name), None),
            },
            None => (None, None),
        };
        let card = rest.map(|rest| rest.split_once('.').map_or(rest, |(card, _)| card));
        Self {
            codice_fiscale: codice_fiscale.map(str::to_owned),
            card: card.map(str::to_owned),
            serial: Some(facts.serial_number.clone()),
        }
    }
}
