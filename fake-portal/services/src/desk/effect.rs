//! What the desk wants done outside.

use cns_authority::{CardNumber, CodiceFiscale, RevocationReason};
use cns_language::Language;
use zeroize::Zeroizing;

use super::contact::Contact;
use super::office::Office;
use super::production::OrderId;
use super::secrets::{CardSecrets, FirstPart};
use crate::outbox::{Message, MessageId};

/// Something to be done by whoever has cards, certifiers and post. It is moved, never copied: what is in
/// it exists once.
#[derive(Debug)]
pub enum Effect {
    /// PIN and PUK go onto a card, and the tries left are all there again.
    PersonaliseCard {
        /// Which card.
        card: CardNumber,
        /// What goes onto it.
        secrets: CardSecrets,
    },
    /// The first part is printed for who was identified.
    ShowFirstPart(Slip),
    /// The certifier changes the status of the card's certificate.
    SetCertificateStatus {
        /// Whose certificate.
        card: CardNumber,
        /// To what.
        change: CertificateChange,
    },
    /// The post gets a message.
    Send(Message),
    /// The post sends a message once more.
    Resend {
        /// Which one.
        message: MessageId,
        /// To which address, if not to the same.
        to: Option<Contact>,
    },
    /// A card is made, with a certificate. [`super::Desk::card_produced`] tells when.
    ProduceCard {
        /// The order.
        order: OrderId,
        /// For whom.
        holder: CodiceFiscale,
        /// In the place of which card.
        replaces: CardNumber,
    },
}

/// What the certifier is told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CertificateChange {
    /// certificateHold.
    Hold,
    /// Back from hold.
    Release,
    /// For ever.
    Revoke(RevocationReason),
}

/// The first part on its way to who was identified: at a counter on paper, online on the page, once.
#[derive(Debug)]
pub struct Slip {
    /// Who gets it.
    pub handed_to: CodiceFiscale,
    /// For which card.
    pub card: CardNumber,
    /// At which counter; online there is none.
    pub office: Option<&'static Office>,
    /// In which language the holder reads it.
    pub language: Language,
    pub(super) part: FirstPart,
}

impl Slip {
    /// What is printed. The slip is used up.
    pub fn print(self) -> Zeroizing<String> {
        self.part.into_slip(self.language)
    }
}
