//! The cards that are measured: each its own, of a synthetic citizen.

use cns_card::CardImage;
use cns_fixtures::{Citizen, Profile, collaudo_authority, personalise};
use cns_reader::SystemEntropy;
use time::OffsetDateTime;

use crate::BenchError;

/// Whose cards of which make are measured.
#[derive(Clone)]
pub struct Make {
    /// The make.
    pub profile: Profile,
    /// The holder.
    pub citizen: Citizen,
}

impl Make {
    /// A new card.
    pub fn card(&self) -> Result<CardImage, BenchError> {
        let today = OffsetDateTime::now_utc().date();
        let failed = |error: &dyn std::fmt::Display| BenchError::Card(error.to_string());
        let authority = collaudo_authority(today).map_err(|error| failed(&error))?;
        let mut entropy = SystemEntropy::new();
        personalise(
            &self.profile,
            &self.citizen,
            &authority,
            today,
            &mut entropy,
        )
        .map(|made| made.image)
        .map_err(|error| failed(&error))
    }
}
