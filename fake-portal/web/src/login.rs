//! From a proven certificate to a citizen.

use cns_authority::{CardNumber, CodiceFiscale};

use crate::certificate::CertificateFacts;
use crate::checks;
use crate::possession::Possession;
use crate::proxy::ProxysWord;

/// How a visit to the portal starts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// A citizen logged in with a card.
    LoggedIn(Citizen),
    /// The client came without a certificate.
    NoCertificate,
    /// The client sent a certificate, but that is no login: the results of the checks say why.
    Refused,
}

impl Outcome {
    /// `logged_in`, `no_certificate` or `refused`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::LoggedIn(_) => "logged_in",
            Self::NoCertificate => "no_certificate",
            Self::Refused => "refused",
        }
    }
}

/// Who logged in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Citizen {
    /// From the common name; its check character is right.
    pub codice_fiscale: CodiceFiscale,
    /// From the common name; its check digit is right.
    pub card_number: CardNumber,
    /// From the subject, which need not have it.
    pub surname: Option<String>,
    /// From the subject, which need not have it.
    pub given_name: Option<String>,
    /// The subject's organizational unit.
    pub issuing_administration: Option<String>,
}

impl Citizen {
    /// The holder of a certificate whose key the client has: without grounds for that, there is no
    /// citizen.
    pub(crate) fn of(facts: &CertificateFacts, _grounds: Grounds<'_>) -> Option<Self> {
        let name = checks::common_name(facts).ok()?;
        Some(Self {
            codice_fiscale: name.codice_fiscale,
            card_number: name.card_number,
            surname: facts.surname.clone(),
            given_name: facts.given_name.clone(),
            issuing_administration: facts.issuing_administration.clone(),
        })
    }
}

/// Why the portal believes that the client owns its key.
pub(crate) enum Grounds<'a> {
    /// The client has proven it to the portal.
    Possession(#[expect(dead_code, reason = "to have one is what counts")] Possession),
    /// A proxy that the portal trusts has seen the proof.
    ProxysWord(#[expect(dead_code, reason = "to have one is what counts")] &'a ProxysWord),
}
