//! Why a card is suspended or revoked, and what the certifier makes of it.

use cns_authority::{CardNumber, RevocationReason};

/// Why a holder has a card suspended or revoked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cause {
    /// Nobody knows where it is.
    Loss,
    /// Somebody else has it.
    Theft,
    /// It never came.
    NotDelivered,
    /// It does not work any more.
    Damage,
}

/// Why an office revokes a card, without the holder.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OfficeCause {
    /// What the certificate says of the holder is wrong.
    WrongData,
    /// The holder has died.
    Death,
}

/// What a holder declares about a loss or theft.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Declaration {
    /// The police took a report.
    PoliceReport {
        /// Its number.
        number: String,
    },
    /// The holder signs for it (DPR 445/2000, article 46).
    SelfCertification,
}

/// What is to be revoked, and why.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Revocation {
    /// The card.
    pub card: CardNumber,
    /// Why.
    pub cause: Cause,
    /// What the holder declares.
    pub declaration: Option<Declaration>,
}

impl Revocation {
    pub(super) fn declared(&self) -> String {
        match &self.declaration {
            Some(Declaration::PoliceReport { number }) => format!("police report {number}"),
            Some(Declaration::SelfCertification) => "self-certification".to_owned(),
            None => "no declaration".to_owned(),
        }
    }
}

impl Cause {
    /// What programs call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Loss => "loss",
            Self::Theft => "theft",
            Self::NotDelivered => "not-delivered",
            Self::Damage => "damage",
        }
    }

    pub(super) fn reason(self) -> RevocationReason {
        match self {
            Self::Theft => RevocationReason::KeyCompromise,
            Self::Loss | Self::NotDelivered | Self::Damage => {
                RevocationReason::CessationOfOperation
            }
        }
    }
}

impl OfficeCause {
    /// What programs call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::WrongData => "wrong-data",
            Self::Death => "death",
        }
    }

    pub(super) fn reason(self) -> RevocationReason {
        match self {
            Self::WrongData => RevocationReason::AffiliationChanged,
            Self::Death => RevocationReason::CessationOfOperation,
        }
    }
}
