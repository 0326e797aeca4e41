//! The time in which a certificate is valid.

use thiserror::Error;
use time::{Duration, OffsetDateTime};

/// From one second to a later one, both included (RFC 5280 §4.1.2.5).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Validity {
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
}

impl Validity {
    /// Certificates keep whole seconds: fractions are cut off.
    pub fn new(
        not_before: OffsetDateTime,
        not_after: OffsetDateTime,
    ) -> Result<Self, ValidityError> {
        let whole =
            |instant: OffsetDateTime| instant - Duration::nanoseconds(instant.nanosecond().into());
        let validity = Self {
            not_before: whole(not_before),
            not_after: whole(not_after),
        };
        if validity.not_after < validity.not_before {
            return Err(ValidityError {
                not_before,
                not_after,
            });
        }
        Ok(validity)
    }

    /// From `not_before` for so many days. A card's certificate lives six years.
    pub fn days(not_before: OffsetDateTime, days: u16) -> Result<Self, ValidityError> {
        let not_after = not_before.saturating_add(Duration::days(days.into()));
        Self::new(not_before, not_after)
    }

    /// The first second.
    pub fn not_before(&self) -> OffsetDateTime {
        self.not_before
    }

    /// The last second.
    pub fn not_after(&self) -> OffsetDateTime {
        self.not_after
    }
}

/// A validity would end before it starts.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("a certificate cannot be valid from {not_before} to {not_after}, which is earlier")]
pub struct ValidityError {
    /// The first second asked for.
    pub not_before: OffsetDateTime,
    /// The last second asked for.
    pub not_after: OffsetDateTime,
}
