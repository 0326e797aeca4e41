//! What happens to the card, its reader or the service while a client uses it.

use crate::case::Effect;

/// A PIN that is nobody's.
pub(super) const WRONG_PIN: &str = "99999";

/// The PIN that replaces one that was blocked.
pub(super) const NEW_PIN: &str = "654321";

/// What happens to the card, its reader or the service while a client uses it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Scenario {
    /// The holder enters the right PIN.
    RightPin,
    /// Somebody enters a wrong PIN, and gives up.
    WrongPin,
    /// The PIN is blocked; the holder enters the right one.
    Blocked,
    /// The PIN was blocked and then unblocked with the PUK; the holder enters the new one.
    Unblocked,
    /// The card is pulled out when it has signed, before its answer is there; and put in again.
    Pulled,
    /// The card is pulled out before it signs, and another holder's is put in.
    Swapped,
    /// The service loses its reader while the card signs.
    ReaderGone,
    /// The service is started anew while the card signs.
    ServiceRestarted,
}

impl Scenario {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::RightPin,
        Self::WrongPin,
        Self::Blocked,
        Self::Unblocked,
        Self::Pulled,
        Self::Swapped,
        Self::ReaderGone,
        Self::ServiceRestarted,
    ];

    /// The last part of a case's identifier, and the name in the pinned data.
    pub const fn id(self) -> &'static str {
        match self {
            Self::RightPin => "right-pin",
            Self::WrongPin => "wrong-pin",
            Self::Blocked => "blocked",
            Self::Unblocked => "unblocked",
            Self::Pulled => "card-pulled",
            Self::Swapped => "card-swapped",
            Self::ReaderGone => "reader-gone",
            Self::ServiceRestarted => "service-restarted",
        }
    }

    /// The scenario of that name.
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scenario| scenario.id() == id)
    }

    /// In words, after "when".
    pub const fn words(self) -> &'static str {
        match self {
            Self::RightPin => "the PIN is right",
            Self::WrongPin => "the PIN is wrong",
            Self::Blocked => "the PIN is right, and blocked",
            Self::Unblocked => "the PIN was blocked, and has been replaced with the PUK",
            Self::Pulled => "the card is pulled out in mid-signature",
            Self::Swapped => "the card is exchanged for another holder's in mid-signature",
            Self::ReaderGone => "the reader goes away in mid-signature",
            Self::ServiceRestarted => "the PC/SC service is restarted in mid-signature",
        }
    }

    /// What it does to the card.
    pub const fn effect(self) -> Effect {
        match self {
            Self::RightPin
            | Self::Pulled
            | Self::Swapped
            | Self::ReaderGone
            | Self::ServiceRestarted => Effect::PresentsPin,
            Self::WrongPin => Effect::SpendsTries,
            Self::Blocked | Self::Unblocked => Effect::BlocksPin,
        }
    }
}
