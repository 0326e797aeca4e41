//! What became of a certificate since it was issued.

use std::collections::BTreeMap;

use thiserror::Error;
use time::OffsetDateTime;

use crate::serial_number::SerialNumber;

/// Why a certificate was revoked for ever (RFC 5280 §5.3.1). Hold, which can end, is a status of
/// its own and no reason here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RevocationReason {
    /// 0: nobody says.
    Unspecified,
    /// 1: somebody else has the key: a card stolen with its PIN.
    KeyCompromise,
    /// 2: somebody else has the certifier's key.
    CaCompromise,
    /// 3: the subject's data changed.
    AffiliationChanged,
    /// 4: there is a newer card.
    Superseded,
    /// 5: the card is not used any more: lost, or its holder died.
    CessationOfOperation,
    /// 9: a right that the certificate states was taken away.
    PrivilegeWithdrawn,
}

impl RevocationReason {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 7] = [
        Self::Unspecified,
        Self::KeyCompromise,
        Self::CaCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::CessationOfOperation,
        Self::PrivilegeWithdrawn,
    ];

    /// The number in a CRLReason.
    pub const fn number(self) -> u8 {
        match self {
            Self::Unspecified => 0,
            Self::KeyCompromise => 1,
            Self::CaCompromise => 2,
            Self::AffiliationChanged => 3,
            Self::Superseded => 4,
            Self::CessationOfOperation => 5,
            Self::PrivilegeWithdrawn => 9,
        }
    }

    /// What a list or a response says of it: unspecified is left out (RFC 5280 §5.3.1).
    pub(crate) const fn number_if_said(self) -> Option<u8> {
        match self {
            Self::Unspecified => None,
            said => Some(said.number()),
        }
    }
}

/// certificateHold in a CRLReason.
pub(crate) const CERTIFICATE_HOLD: u8 = 6;

/// The status of one certificate:
///
/// ```text
///         hold             revoke
/// Good ◄─────────► OnHold ────────► Revoked
///   │    release                       ▲
///   └──────────────────────────────────┘
///                 revoke
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CertificateStatus {
    /// Issued, and nothing was heard since.
    Good,
    /// Suspended, until somebody decides.
    OnHold {
        /// Since when.
        since: OffsetDateTime,
    },
    /// Revoked for ever.
    Revoked {
        /// Why.
        reason: RevocationReason,
        /// Since when. For one that was on hold before, since then: nothing that was signed in
        /// between becomes good afterwards.
        since: OffsetDateTime,
    },
}

/// What a certifier knows about the certificates that it issued. It has no clock: every change says
/// when it is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct StatusRegister {
    statuses: BTreeMap<SerialNumber, CertificateStatus>,
}

impl StatusRegister {
    /// Of a certifier that has issued nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Enters a certificate that was issued.
    ///
    /// # Errors
    /// [`StatusError::IssuedTwice`]: a serial number is given once (RFC 5280 §4.1.2.2).
    pub fn enter(&mut self, serial: SerialNumber) -> Result<(), StatusError> {
        if self.statuses.contains_key(&serial) {
            return Err(StatusError::IssuedTwice { serial });
        }
        self.statuses.insert(serial, CertificateStatus::Good);
        Ok(())
    }

    /// The status, or nothing if no certificate of this number was issued.
    pub fn status(&self, serial: SerialNumber) -> Option<CertificateStatus> {
        self.statuses.get(&serial).copied()
    }

    /// All certificates and their status, by their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (SerialNumber, CertificateStatus)> + '_ {
        self.statuses
            .iter()
            .map(|(&serial, &status)| (serial, status))
    }

    /// Suspends a good certificate.
    ///
    /// # Errors
    /// It is on hold already, revoked, or was never issued.
    pub fn hold(&mut self, serial: SerialNumber, now: OffsetDateTime) -> Result<(), StatusError> {
        let status = self.issued(serial)?;
        match *status {
            CertificateStatus::Good => *status = CertificateStatus::OnHold { since: now },
            CertificateStatus::OnHold { .. } => return Err(StatusError::OnHold { serial }),
            CertificateStatus::Revoked { .. } => return Err(StatusError::Revoked { serial }),
        }
        Ok(())
    }

    /// Makes a suspended certificate good again: the next list does not have it any more.
    ///
    /// # Errors
    /// It is not on hold, revoked, or was never issued.
    pub fn release(&mut self, serial: SerialNumber) -> Result<(), StatusError> {
        let status = self.issued(serial)?;
        match *status {
            CertificateStatus::OnHold { .. } => *status = CertificateStatus::Good,
            CertificateStatus::Good => return Err(StatusError::NotOnHold { serial }),
            CertificateStatus::Revoked { .. } => return Err(StatusError::Revoked { serial }),
        }
        Ok(())
    }

    /// Revokes a certificate for ever, good or on hold.
    ///
    /// # Errors
    /// It is revoked already, or was never issued.
    pub fn revoke(
        &mut self,
        serial: SerialNumber,
        reason: RevocationReason,
        now: OffsetDateTime,
    ) -> Result<(), StatusError> {
        let status = self.issued(serial)?;
        let since = match *status {
            CertificateStatus::Good => now,
            CertificateStatus::OnHold { since } => since,
            CertificateStatus::Revoked { .. } => return Err(StatusError::Revoked { serial }),
        };
        *status = CertificateStatus::Revoked { reason, since };
        Ok(())
    }

    fn issued(&mut self, serial: SerialNumber) -> Result<&mut CertificateStatus, StatusError> {
        self.statuses
            .get_mut(&serial)
            .ok_or(StatusError::NotIssued { serial })
    }
}

/// Why the status of a certificate did not change.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum StatusError {
    /// Nobody issued it.
    #[error("no certificate with serial number {serial} was issued")]
    NotIssued {
        /// The number asked for.
        serial: SerialNumber,
    },
    /// The number was given before.
    #[error("a certificate with serial number {serial} was issued before")]
    IssuedTwice {
        /// The number.
        serial: SerialNumber,
    },
    /// A second hold.
    #[error("certificate {serial} is on hold already")]
    OnHold {
        /// Its number.
        serial: SerialNumber,
    },
    /// A release of what is good.
    #[error("certificate {serial} is not on hold, so it cannot be released")]
    NotOnHold {
        /// Its number.
        serial: SerialNumber,
    },
    /// A revocation has no way back.
    #[error("certificate {serial} is revoked for ever")]
    Revoked {
        /// Its number.
        serial: SerialNumber,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::Duration;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-24 12:00 UTC);
    const LATER: OffsetDateTime = datetime!(2026-11-25 12:00 UTC);

    fn register() -> (StatusRegister, SerialNumber) {
        let serial = SerialNumber::from(7);
        let mut register = StatusRegister::new();
        register.enter(serial).unwrap();
        (register, serial)
    }

    #[test]
    fn a_certificate_goes_on_hold_and_comes_back() {
        let (mut register, serial) = register();
        assert_eq!(register.status(serial), Some(CertificateStatus::Good));
        register.hold(serial, NOW).unwrap();
        let held = CertificateStatus::OnHold { since: NOW };
        assert_eq!(register.status(serial), Some(held));
        register.release(serial).unwrap();
        assert_eq!(register.status(serial), Some(CertificateStatus::Good));
    }

    #[test]
    fn a_revocation_after_a_hold_counts_from_the_hold() {
        let (mut register, serial) = register();
        register.hold(serial, NOW).unwrap();
        let reason = RevocationReason::KeyCompromise;
        register.revoke(serial, reason, LATER).unwrap();
        let revoked = CertificateStatus::Revoked { reason, since: NOW };
        assert_eq!(register.status(serial), Some(revoked));
    }

    #[test]
    fn what_cannot_be_is_refused_and_changes_nothing() {
        let (mut register, serial) = register();
        let other = SerialNumber::from(8);
        let not_issued = StatusError::NotIssued { serial: other };
        assert_eq!(register.hold(other, NOW), Err(not_issued));
        assert_eq!(
            register.release(serial),
            Err(StatusError::NotOnHold { serial })
        );
        assert_eq!(
            register.enter(serial),
            Err(StatusError::IssuedTwice { serial })
        );
        register.hold(serial, NOW).unwrap();
        assert_eq!(
            register.hold(serial, LATER),
            Err(StatusError::OnHold { serial })
        );
        let held = CertificateStatus::OnHold { since: NOW };
        assert_eq!(register.status(serial), Some(held));
        assert_eq!(
            StatusError::Revoked { serial }.to_string(),
            "certificate 07 is revoked for ever"
        );
    }

    proptest! {
        #[test]
        fn revoked_is_for_ever(steps in proptest::collection::vec(0_u8..3, 0..20)) {
            let (mut register, serial) = register();
            let mut revoked = None;
            for (step, now) in steps.into_iter().zip((1..).map(|hour| NOW + Duration::hours(hour))) {
                let outcome = match step {
                    0 => register.hold(serial, now),
                    1 => register.release(serial),
                    _ => register.revoke(serial, RevocationReason::Superseded, now),
                };
                if let Some(before) = revoked {
                    prop_assert_eq!(outcome, Err(StatusError::Revoked { serial }));
                    prop_assert_eq!(register.status(serial), Some(before));
                }
                revoked = register
                    .status(serial)
                    .filter(|status| matches!(status, CertificateStatus::Revoked { .. }));
            }
        }
    }
}
