//! The life of a card's PIN and PUK, as far as the desk hears of it.

use serde::{Deserialize, Serialize};

use super::request::RequestId;
use super::rules;
use crate::Refusal;

/// What the desk knows of a card's PIN and PUK.
///
/// How many tries are left, only the card knows: what it becomes blocked by, somebody tells
/// ([`super::CardEvent`]).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// What became of the last codes.
    pub state: CredentialState,
    /// The request for new ones, if one is open: the old ones are good until those are handed over.
    pub request: Option<RequestId>,
}

/// What became of the codes:
///
/// ```text
///                              ┌────────────── resent ─────────────┐
///                              ▼                                   │
/// None ─► FirstPartHanded ─► SecondPartQueued ─► SecondPartDelivered, SecondPartBounced
///                              │
///           first use          ▼
///         ─────────────────► InUse ◄──► PinBlocked ─► PukBlocked ─► Dead
/// ```
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CredentialState {
    /// There are no codes.
    None,
    /// The card has them, and the first part is with whoever was identified.
    FirstPartHanded,
    /// The second part is on its way.
    SecondPartQueued,
    /// The second part has arrived.
    SecondPartDelivered,
    /// The second part came back.
    SecondPartBounced,
    /// The PIN was proven to the card at least once.
    InUse,
    /// No try is left for the PIN; the PUK helps.
    PinBlocked,
    /// No try is left for the PUK; only another card helps.
    PukBlocked,
    /// The card is over, and its codes with it.
    Dead,
}

/// What may happen to the codes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CredentialStep {
    /// Somebody who was identified asks for codes.
    OpenRequest(RequestId),
    /// The request comes to nothing.
    Withdraw,
    /// The card gets the codes and the first part is handed over.
    HandFirstPart,
    /// The post has the second part.
    QueueSecondPart,
    /// The second part has arrived.
    Deliver,
    /// The second part came back.
    Bounce,
    /// The PIN was proven to the card.
    Use,
    /// The last try for the PIN failed.
    BlockPin,
    /// The PUK set a new PIN.
    Unblock,
    /// The last try for the PUK failed.
    BlockPuk,
    /// The card is over.
    Kill,
}

impl Credential {
    /// Of a card without codes.
    pub const NONE: Self = Self::known(CredentialState::None);

    /// What is known of a card from before, nothing asked for.
    pub const fn known(state: CredentialState) -> Self {
        Self {
            state,
            request: None,
        }
    }

    /// What programs call it.
    pub fn name(self) -> &'static str {
        match self.request {
            Some(_) => "request-open",
            None => self.state.name(),
        }
    }

    /// What is known after a step.
    ///
    /// # Errors
    /// `DESK-111` for a second request, `DESK-133` once the PUK is blocked, `DESK-130` for any other
    /// step that there is not from here.
    pub fn after(self, step: CredentialStep) -> Result<Self, Refusal> {
        match (step, self.request) {
            (CredentialStep::OpenRequest(_), Some(_)) => Err(rules::REQUEST_OPEN.refuse()),
            (CredentialStep::OpenRequest(request), None) => {
                self.state.may_be_replaced()?;
                Ok(Self {
                    request: Some(request),
                    ..self
                })
            }
            (CredentialStep::Withdraw, Some(_)) => Ok(Self::known(self.state)),
            (CredentialStep::HandFirstPart, Some(_)) => {
                self.state.may_be_replaced()?;
                Ok(Self::known(CredentialState::FirstPartHanded))
            }
            (CredentialStep::Kill, _) => Ok(Self::known(CredentialState::Dead)),
            (step, request) => Ok(Self {
                state: self.state.after(step)?,
                request,
            }),
        }
    }
}

impl CredentialState {
    /// What programs call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::FirstPartHanded => "first-part-handed",
            Self::SecondPartQueued => "second-part-queued",
            Self::SecondPartDelivered => "second-part-delivered",
            Self::SecondPartBounced => "second-part-bounced",
            Self::InUse => "in-use",
            Self::PinBlocked => "pin-blocked",
            Self::PukBlocked => "puk-blocked",
            Self::Dead => "dead",
        }
    }

    /// Whether new codes can take the place of these. While a second part is on its way there is one
    /// to wait for, or to have sent again.
    fn may_be_replaced(self) -> Result<(), Refusal> {
        let rule = match self {
            Self::None
            | Self::SecondPartDelivered
            | Self::SecondPartBounced
            | Self::InUse
            | Self::PinBlocked => return Ok(()),
            Self::FirstPartHanded | Self::SecondPartQueued => rules::REQUEST_OPEN,
            Self::PukBlocked => rules::PUK_BLOCKED,
            Self::Dead => rules::CARD_NOT_ACTIVE,
        };
        Err(rule.refuse())
    }

    fn after(self, step: CredentialStep) -> Result<Self, Refusal> {
        use CredentialState::{
            FirstPartHanded, InUse, PinBlocked, PukBlocked, SecondPartBounced, SecondPartDelivered,
            SecondPartQueued,
        };
        match (step, self) {
            (
                CredentialStep::QueueSecondPart,
                FirstPartHanded | SecondPartQueued | SecondPartDelivered | SecondPartBounced,
            ) => Ok(SecondPartQueued),
            (
                CredentialStep::Deliver,
                SecondPartQueued | SecondPartDelivered | SecondPartBounced,
            ) => Ok(SecondPartDelivered),
            (CredentialStep::Bounce, SecondPartQueued | SecondPartBounced) => Ok(SecondPartBounced),
            // Post may be slower than its reader, and the second of two copies comes when it comes.
            (
                CredentialStep::QueueSecondPart | CredentialStep::Deliver | CredentialStep::Bounce,
                InUse | PinBlocked | PukBlocked,
            )
            | (CredentialStep::Bounce, SecondPartDelivered) => Ok(self),
            (CredentialStep::Use, state) if state.is_on_the_card() => Ok(InUse),
            (CredentialStep::BlockPin, state) if state.is_on_the_card() => Ok(PinBlocked),
            (CredentialStep::Unblock, PinBlocked | InUse) => Ok(InUse),
            (CredentialStep::BlockPuk, PinBlocked) => Ok(PukBlocked),
            (CredentialStep::BlockPuk, state) if state.is_on_the_card() => Ok(PukBlocked),
            (step, _) => {
                Err(rules::CREDENTIAL_STEP_IMPOSSIBLE.about_both(self.name(), step.name()))
            }
        }
    }

    /// The card has codes, and a PIN that is not blocked.
    fn is_on_the_card(self) -> bool {
        matches!(
            self,
            Self::FirstPartHanded
                | Self::SecondPartQueued
                | Self::SecondPartDelivered
                | Self::SecondPartBounced
                | Self::InUse
        )
    }
}

impl CredentialStep {
    /// What programs call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenRequest(_) => "open-request",
            Self::Withdraw => "withdraw",
            Self::HandFirstPart => "hand-first-part",
            Self::QueueSecondPart => "queue-second-part",
            Self::Deliver => "deliver",
            Self::Bounce => "bounce",
            Self::Use => "use",
            Self::BlockPin => "block-pin",
            Self::Unblock => "unblock",
            Self::BlockPuk => "block-puk",
            Self::Kill => "kill",
        }
    }
}
