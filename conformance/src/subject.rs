//! What is known of the card under test.

use cns_authority::CertificationAuthority;
use cns_card::{CardImage, ReferenceValue};
use cns_fixtures::{
    Citizen, DEFAULT_PROFILE, PersonaliseError, Pin, Profile, Puk, collaudo_authority, personalise,
    profile, profiles,
};
use time::Date;

/// What is known of the card under test: its make, its secrets, and, if the suite made it, everything.
#[derive(Clone)]
pub struct Subject {
    /// Its make: what it is expected to be like.
    pub profile: Profile,
    /// How the make is known.
    pub recognised: Recognised,
    /// The holder's PIN, if it was told.
    pub pin: Option<Pin>,
    /// The PUK, if it was told.
    pub puk: Option<Puk>,
    /// A card that the suite made itself.
    pub issue: Option<Issue>,
}

/// How the make of a card is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Recognised {
    /// The suite made the card, or the user said.
    Told,
    /// The answer to reset is the profile's.
    ByAtr,
    /// Not at all: the default profile stands in.
    Guessed,
}

/// A card as the suite made it.
#[derive(Clone)]
pub struct Issue {
    /// The card.
    pub image: CardImage,
    /// Its holder.
    pub citizen: Citizen,
    /// The authentication certificate on it, DER.
    pub certificate_der: Vec<u8>,
    /// The signature certificate on it, DER, if it has one.
    pub signature_certificate_der: Option<Vec<u8>>,
    /// The certificate of its certifier, DER.
    pub authority_der: Vec<u8>,
}

/// Why a card could not be made.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The certifier could not be set up.
    #[error(transparent)]
    Certifier(#[from] cns_authority::CertifierError),
    /// The card could not be made.
    #[error(transparent)]
    Personalise(#[from] PersonaliseError),
}

impl Subject {
    /// A card of this make for this citizen, the same for the same seed and day but for the
    /// certifier's key, which is new in every run.
    pub fn issued(
        profile: Profile,
        citizen: Citizen,
        today: Date,
        seed: u64,
    ) -> Result<Self, IssueError> {
        Self::issued_by(&collaudo_authority(today)?, profile, citizen, today, seed)
    }

    /// The same with a certifier that is there already.
    pub fn issued_by(
        authority: &CertificationAuthority,
        profile: Profile,
        citizen: Citizen,
        today: Date,
        seed: u64,
    ) -> Result<Self, IssueError> {
        let mut entropy = crate::target::seeded(seed);
        let made = personalise(&profile, &citizen, authority, today, &mut entropy)?;
        Ok(Self {
            profile,
            recognised: Recognised::Told,
            pin: Some(citizen.pin.clone()),
            puk: Some(citizen.puk.clone()),
            issue: Some(Issue {
                image: made.image,
                citizen,
                certificate_der: made.certificate_der,
                signature_certificate_der: made.signature_certificate_der,
                authority_der: authority.certificate_der().to_vec(),
            }),
        })
    }

    /// A card of somebody else's: its make by what the user says, or by its answer to reset.
    pub fn foreign(told: Option<Profile>, atr: &[u8], pin: Option<Pin>, puk: Option<Puk>) -> Self {
        let by_atr = || profiles().into_iter().find(|p| p.atr.as_bytes() == atr);
        let (profile, recognised) = match told.map(|profile| (profile, Recognised::Told)) {
            Some(told) => told,
            None => match by_atr() {
                Some(profile) => (profile, Recognised::ByAtr),
                None => (default_profile(), Recognised::Guessed),
            },
        };
        Self {
            profile,
            recognised,
            pin,
            puk,
            issue: None,
        }
    }

    /// What a user should know: a card that nobody recognises is judged as another one.
    pub fn remark(&self) -> Option<String> {
        let Recognised::Guessed = self.recognised else {
            return None;
        };
        Some(format!(
            "no profile has the answer to reset of this card: it is judged as {}\nhint: --profile says \
             what it is",
            self.profile.id
        ))
    }

    /// The PIN as the card stores it.
    pub(crate) fn stored_pin(&self) -> Option<ReferenceValue> {
        ReferenceValue::from_digits(self.pin.as_ref()?.as_str()).ok()
    }
}

fn default_profile() -> Profile {
    profile(DEFAULT_PROFILE).expect("the default profile is committed, a test looks")
}
