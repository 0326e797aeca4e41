//! The cards that are measured: each its own, of a synthetic citizen.

use std::sync::Arc;

use cns_authority::CertificationAuthority;
use cns_card::{Card, CardImage};
use cns_fixtures::{
    Citizen, KeyPurpose, KeySize, Personalised, Profile, collaudo_authority, personalise,
};
use cns_reader::faults::Slow;
use cns_reader::{Contacts, SystemEntropy};
use time::{Date, OffsetDateTime};

use crate::BenchError;
use crate::latency::Model;

/// Whose cards of which make are measured.
#[derive(Clone)]
pub struct Make {
    /// The make.
    pub profile: Profile,
    /// The holder.
    pub citizen: Citizen,
    authority: Arc<CertificationAuthority>,
    today: Date,
    /// The card that all cards of this make are copies of, if they are.
    original: Option<Arc<Personalised>>,
}

impl Make {
    /// Cards of this make and holder, by a certifier of this run's own.
    pub fn new(profile: Profile, citizen: Citizen) -> Result<Self, BenchError> {
        let today = OffsetDateTime::now_utc().date();
        let authority = collaudo_authority(today).map_err(BenchError::card)?;
        Ok(Self {
            profile,
            citizen,
            authority: Arc::new(authority),
            today,
            original: None,
        })
    }

    /// The same, certified by somebody else.
    #[must_use]
    pub fn certified_by(self, authority: CertificationAuthority) -> Self {
        Self {
            authority: Arc::new(authority),
            original: None,
            ..self
        }
    }

    /// The same, but all cards of the holder are copies of one: so somebody who must know their certificate
    /// beforehand can be told it.
    pub fn copied(self) -> Result<Self, BenchError> {
        let original = self.issue()?;
        Ok(Self {
            original: Some(Arc::new(original)),
            ..self
        })
    }

    /// Whether portals let these cards in: not with keys of 1,024 bits.
    #[must_use]
    pub fn logs_in(&self) -> bool {
        let key = self.profile.key_for(KeyPurpose::Authentication);
        key.is_some_and(|key| key.size == KeySize::Rsa2048)
    }

    /// The certifier.
    #[must_use]
    pub fn authority(&self) -> &CertificationAuthority {
        &self.authority
    }

    /// A new card, and its certificate.
    pub fn issue(&self) -> Result<Personalised, BenchError> {
        match &self.original {
            Some(original) => Ok((**original).clone()),
            None => self.issue_to(&self.citizen),
        }
    }

    /// The same for somebody else.
    pub fn issue_to(&self, citizen: &Citizen) -> Result<Personalised, BenchError> {
        let mut entropy = SystemEntropy::new();
        personalise(
            &self.profile,
            citizen,
            &self.authority,
            self.today,
            &mut entropy,
        )
        .map_err(BenchError::card)
    }

    /// A new card.
    pub fn card(&self) -> Result<CardImage, BenchError> {
        self.issue().map(|made| made.image)
    }
}

/// A card that forgets what happens to it, as slow as it is said to be.
pub(crate) fn plugged(image: CardImage, latency: Option<&Model>) -> Box<dyn Contacts + Send> {
    let card = Card::volatile(image, SystemEntropy::new());
    match latency {
        Some(model) => Box::new(Slow::new(card, model.latency.clone())),
        None => Box::new(card),
    }
}
