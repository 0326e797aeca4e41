//! The life of a card's certificate, as the desk orders it.

use cns_authority::RevocationReason;
use serde::{Deserialize, Serialize};

use super::card::CardStep;
use super::rules;
use crate::Refusal;

/// The status of a certificate:
///
/// ```text
/// NotIssued ─► Good ◄──► OnHold      effective in OCSP at once, in the list with its next issue
///                │          │
///                ├──────────┴──► Revoked
///                └──────────┴──► Expired     no list has it any more
/// ```
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateState {
    /// The card is not made yet.
    NotIssued,
    /// It logs its holder in.
    Good,
    /// certificateHold: it does not, until it is released.
    OnHold,
    /// It never does again.
    Revoked(#[serde(with = "crl_reason")] RevocationReason),
    /// Its last day is over.
    Expired,
}

/// What may happen to a certificate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CertificateStep {
    /// The certifier issues it, for a card in production.
    Issue,
    /// The certifier puts it on hold.
    Hold,
    /// The certifier takes it off hold.
    Release,
    /// The certifier revokes it.
    Revoke(RevocationReason),
    /// Its last day is over.
    Expire,
}

impl CertificateState {
    /// What programs call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotIssued => "not-issued",
            Self::Good => "good",
            Self::OnHold => "on-hold",
            Self::Revoked(_) => "revoked",
            Self::Expired => "expired",
        }
    }

    /// The state after a step.
    ///
    /// # Errors
    /// `DESK-129`: there is no such step from here.
    pub fn after(self, step: CertificateStep) -> Result<Self, Refusal> {
        match (step, self) {
            (CertificateStep::Issue, Self::NotIssued) => Ok(Self::Good),
            (CertificateStep::Hold, Self::Good) => Ok(Self::OnHold),
            (CertificateStep::Release, Self::OnHold) => Ok(Self::Good),
            (CertificateStep::Revoke(reason), Self::Good | Self::OnHold) => {
                Ok(Self::Revoked(reason))
            }
            (CertificateStep::Expire, Self::Good | Self::OnHold) => Ok(Self::Expired),
            _ => Err(rules::CERTIFICATE_STEP_IMPOSSIBLE.about_both(self.name(), step.name())),
        }
    }
}

impl CertificateStep {
    /// What programs call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Hold => "hold",
            Self::Release => "release",
            Self::Revoke(_) => "revoke",
            Self::Expire => "expire",
        }
    }

    /// The step of the certificate that goes with one of the card, if one does. `reason` is why a card
    /// is revoked.
    pub(super) fn with(step: CardStep, reason: RevocationReason) -> Option<Self> {
        match step {
            CardStep::Produce => Some(Self::Issue),
            CardStep::Ship | CardStep::Deliver | CardStep::Activate => None,
            CardStep::Suspend => Some(Self::Hold),
            CardStep::Reactivate => Some(Self::Release),
            CardStep::Revoke => Some(Self::Revoke(reason)),
            CardStep::Expire => Some(Self::Expire),
            CardStep::Supersede => Some(Self::Revoke(RevocationReason::Superseded)),
        }
    }
}

/// A reason by its number in a CRLReason (RFC 5280 §5.3.1).
mod crl_reason {
    use cns_authority::RevocationReason;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        reason: &RevocationReason,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(reason.number())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<RevocationReason, D::Error> {
        let number = u8::deserialize(deserializer)?;
        let mut reasons = RevocationReason::ALL.into_iter();
        let reason = reasons.find(|reason| reason.number() == number);
        reason.ok_or_else(|| D::Error::custom(format!("no reason has the number {number}")))
    }
}
