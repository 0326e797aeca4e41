//! How long a test certifier's certificate is valid: until the end of the run, and no longer.
//!
//! Whoever once trusts a test certifier, in a browser or on a server, forgets that. A certifier that soon
//! ends cannot be trusted for years by mistake. Its key stays: near its end it is renewed, as RFC 4210
//! §4.4 lets a certifier go on that keeps its key, so that what it has issued, its revocation lists and
//! its answers of OCSP hold under the new certificate.
//!
//! ```text
//!  years ago            made       renewed      end
//! ────┼──────────────────┼────────────┼──────────┼──────────► time
//! notBefore              │ up to RUN_MAX         notAfter
//!                                     │ up to RUN_MAX             notAfter of the next
//! ```

use thiserror::Error;
use time::{Duration, OffsetDateTime};

use crate::validity::{Validity, ValidityError};

/// The longest time from the moment at which a certifier's certificate is made, or used, to its end.
pub const RUN_MAX: Duration = Duration::days(30);

/// The validity of a certifier's certificate, which ends with the run in which it is made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CertifierTerm(Validity);

impl CertifierTerm {
    /// This validity, for a certificate that is made, or used, at `now`.
    ///
    /// # Errors
    /// It ends more than [`RUN_MAX`] later.
    pub fn new(validity: Validity, now: OffsetDateTime) -> Result<Self, OutlivesRun> {
        match validity.not_after() <= now.saturating_add(RUN_MAX) {
            true => Ok(Self(validity)),
            false => Err(OutlivesRun {
                not_after: validity.not_after(),
            }),
        }
    }

    /// From `not_before` to the end of a run that begins at `now`.
    ///
    /// # Errors
    /// That is earlier.
    pub fn of_run(not_before: OffsetDateTime, now: OffsetDateTime) -> Result<Self, ValidityError> {
        let not_after = now.saturating_add(RUN_MAX - CLOCK_DIFFERENCE);
        Validity::new(not_before, not_after).map(Self)
    }

    /// From the first second to the last.
    pub fn validity(self) -> Validity {
        self.0
    }

    /// Whether it is time for a new certificate: the end of this one is near, or somebody has set the clock
    /// back and it is far. There is nothing to renew before the first second.
    pub(crate) fn is_due(self, now: OffsetDateTime) -> bool {
        let left = self.0.not_after() - now;
        self.0.not_before() <= now && (left < RENEWAL || RUN_MAX < left)
    }
}

/// A validity would not end with the run.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error(
    "it is valid until {}, and a test certifier ends with the run, in {} days at most",
    not_after.date(),
    RUN_MAX.whole_days()
)]
pub struct OutlivesRun {
    /// The last second asked for.
    pub not_after: OffsetDateTime,
}

/// How much the clocks of two machines may differ that share a certifier.
const CLOCK_DIFFERENCE: Duration = Duration::DAY;

/// How long before its end a certificate is renewed: what a run has at least.
const RENEWAL: Duration = Duration::days(10);

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-24 12:00 UTC);
    const LONG_AGO: OffsetDateTime = datetime!(2016-11-24 12:00 UTC);

    #[test]
    fn ends_with_the_run() {
        let of_run = CertifierTerm::of_run(LONG_AGO, NOW).unwrap();
        let again = CertifierTerm::new(of_run.validity(), NOW - CLOCK_DIFFERENCE);
        assert_eq!(again, Ok(of_run));
        let until = |end| CertifierTerm::new(Validity::new(LONG_AGO, end).unwrap(), NOW);
        assert!(until(NOW + RUN_MAX).is_ok());
        let not_after = NOW + RUN_MAX + Duration::SECOND;
        assert_eq!(until(not_after), Err(OutlivesRun { not_after }));
    }

    #[test]
    fn is_due_near_its_end_and_when_the_clock_was_set_back() {
        let term = CertifierTerm::of_run(LONG_AGO, NOW).unwrap();
        for (now, is_due) in [
            (NOW, false),
            (NOW + Duration::days(19), false),
            (NOW + Duration::days(20), true),
            (NOW + Duration::days(2_000), true),
            (NOW - Duration::DAY, false),
            (NOW - Duration::days(2), true),
            (LONG_AGO, true),
            (LONG_AGO - Duration::SECOND, false),
        ] {
            assert_eq!(term.is_due(now), is_due, "{now}");
        }
    }
}
