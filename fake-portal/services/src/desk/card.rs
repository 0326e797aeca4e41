//! The life of a card.

use serde::{Deserialize, Serialize};

use super::rules;
use crate::Refusal;

/// Where a card is in its life:
///
/// ```text
/// Requested ─► InProduction ─► Shipped ─► Delivered ─► Active ◄──► Suspended
///                                 │           │           │            │
///                                 └───────────┴───────────┴────────────┴──► Revoked
///                                             │           │            │
///                                             └───────────┴────────────┴──► Expired, Superseded
/// ```
///
/// Loss and theft are reasons of a suspension or revocation, and no states.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardState {
    /// Somebody asked for it.
    Requested,
    /// It is being made; its certificate is issued.
    InProduction,
    /// It is in the post.
    Shipped,
    /// The holder has it, and no PIN yet.
    Delivered,
    /// The holder was identified and gets or has a PIN.
    Active,
    /// Its certificate is on hold until somebody decides.
    Suspended,
    /// Over for ever, by somebody's decision.
    Revoked,
    /// Over for ever, by its date.
    Expired,
    /// Over for ever: there is a newer one.
    Superseded,
}

/// What may happen to a card.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum CardStep {
    /// The order is taken up.
    Produce,
    /// It is posted.
    Ship,
    /// It is in its holder's letter box.
    Deliver,
    /// A PIN is handed over for it; an active card stays so.
    Activate,
    /// It was lost or stolen, or may have been.
    Suspend,
    /// It was found again.
    Reactivate,
    /// It shall never be used again.
    Revoke,
    /// Its last day is over.
    Expire,
    /// Its successor was asked for.
    Supersede,
}

impl CardState {
    /// All of them, in the order of a life.
    pub const ALL: [Self; 9] = [
        Self::Requested,
        Self::InProduction,
        Self::Shipped,
        Self::Delivered,
        Self::Active,
        Self::Suspended,
        Self::Revoked,
        Self::Expired,
        Self::Superseded,
    ];

    /// What programs call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::InProduction => "in-production",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::Superseded => "superseded",
        }
    }

    /// Nothing happens any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Revoked | Self::Expired | Self::Superseded)
    }

    /// The state after a step.
    ///
    /// # Errors
    /// `DESK-128`: there is no such step from here.
    pub fn after(self, step: CardStep) -> Result<Self, Refusal> {
        use CardState::{
            Active, Delivered, Expired, InProduction, Requested, Revoked, Shipped, Superseded,
            Suspended,
        };
        match (step, self) {
            (CardStep::Produce, Requested) => Ok(InProduction),
            (CardStep::Ship, InProduction) => Ok(Shipped),
            (CardStep::Deliver, Shipped) => Ok(Delivered),
            (CardStep::Activate, Delivered | Active) => Ok(Active),
            (CardStep::Suspend, Active) => Ok(Suspended),
            (CardStep::Reactivate, Suspended) => Ok(Active),
            (CardStep::Revoke, Shipped | Delivered | Active | Suspended) => Ok(Revoked),
            (CardStep::Expire, Delivered | Active | Suspended) => Ok(Expired),
            (CardStep::Supersede, Delivered | Active | Suspended) => Ok(Superseded),
            _ => Err(rules::CARD_STEP_IMPOSSIBLE.about_both(self.name(), step.name())),
        }
    }
}

impl CardStep {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Produce,
        Self::Ship,
        Self::Deliver,
        Self::Activate,
        Self::Suspend,
        Self::Reactivate,
        Self::Revoke,
        Self::Expire,
        Self::Supersede,
    ];

    /// What programs call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Produce => "produce",
            Self::Ship => "ship",
            Self::Deliver => "deliver",
            Self::Activate => "activate",
            Self::Suspend => "suspend",
            Self::Reactivate => "reactivate",
            Self::Revoke => "revoke",
            Self::Expire => "expire",
            Self::Supersede => "supersede",
        }
    }
}
