//! Certificate revocation lists (CRL, RFC 5280 §5): everything that is revoked or on hold, signed.
//!
//! ```text
//! TBSCertList ::= SEQUENCE {
//!     version              INTEGER 1 (v2),
//!     signature            AlgorithmIdentifier,
//!     issuer               Name,
//!     thisUpdate, nextUpdate
//!     revokedCertificates  SEQUENCE OF { serial, since when, reasonCode },   -- left out when empty
//!     crlExtensions        authorityKeyIdentifier, cRLNumber, issuingDistributionPoint if asked for }
//! ```
//!
//! A list is always whole: a certificate that was released is simply not on the next one. `removeFromCRL`
//! belongs to lists of differences (delta CRLs), which nobody reads.

use rcgen::{
    CertificateRevocationListParams, CrlDistributionPoint, CrlIssuingDistributionPoint, CrlScope,
    KeyIdMethod, RevokedCertParams,
};
use time::OffsetDateTime;

use crate::certificate_identity::CertificateIdentity;
use crate::certificate_status::{CertificateStatus, RevocationReason, StatusRegister};
use crate::certifier::{CertificationAuthority, CertifierError};
use crate::serial_number::SerialNumber;

/// What a revocation list says about itself.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RevocationListPlan {
    /// Which list it is: each has a higher number than the one before (RFC 5280 §5.2.3).
    pub number: u64,
    /// When it was made.
    pub this_update: OffsetDateTime,
    /// When there will be another: after `this_update`.
    pub next_update: OffsetDateTime,
    /// What the list is about, if it is to say so.
    pub issuing_distribution_point: Option<IssuingDistributionPoint>,
}

/// Where a list is published and what it is about (RFC 5280 §5.2.5). The extension is critical: a
/// reader that asks for other certificates must refuse the list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IssuingDistributionPoint {
    /// The addresses: the same as in the certificates, and at least one.
    pub urls: Vec<String>,
    /// Whose certificates the list is about.
    pub scope: RevocationListScope,
}

/// Whose certificates a list is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RevocationListScope {
    /// All of the certifier.
    All,
    /// onlyContainsUserCerts.
    CardsOnly,
    /// onlyContainsCACerts: no card is ever on such a list.
    CertifiersOnly,
}

impl CertificationAuthority {
    /// Makes the revocation list of what the register holds, as DER.
    ///
    /// # Errors
    /// `next_update` is not after `this_update`, or a distribution point has no address.
    pub fn issue_revocation_list(
        &self,
        register: &StatusRegister,
        plan: &RevocationListPlan,
    ) -> Result<Vec<u8>, CertifierError> {
        let identity = CertificateIdentity::of(self.certificate_der())?;
        let params = CertificateRevocationListParams {
            this_update: plan.this_update,
            next_update: plan.next_update,
            crl_number: plan.number.into(),
            issuing_distribution_point: plan.issuing_distribution_point.as_ref().map(encodable),
            revoked_certs: register
                .iter()
                .filter_map(|(serial, status)| entry(serial, status))
                .collect(),
            key_identifier_method: KeyIdMethod::PreSpecified(identity.key_identifier),
        };
        let list = params
            .signed_by(self.issuer())
            .map_err(CertifierError::RevocationList)?;
        Ok(list.der().to_vec())
    }
}

fn encodable(point: &IssuingDistributionPoint) -> CrlIssuingDistributionPoint {
    CrlIssuingDistributionPoint {
        distribution_point: CrlDistributionPoint {
            uris: point.urls.clone(),
        },
        scope: match point.scope {
            RevocationListScope::All => None,
            RevocationListScope::CardsOnly => Some(CrlScope::UserCertsOnly),
            RevocationListScope::CertifiersOnly => Some(CrlScope::CaCertsOnly),
        },
    }
}

/// The line of a certificate, if it has one.
fn entry(serial: SerialNumber, status: CertificateStatus) -> Option<RevokedCertParams> {
    let (revocation_time, reason_code) = match status {
        CertificateStatus::Good => return None,
        CertificateStatus::OnHold { since } => {
            (since, Some(rcgen::RevocationReason::CertificateHold))
        }
        CertificateStatus::Revoked { reason, since } => (since, reason_code(reason)),
    };
    Some(RevokedCertParams {
        serial_number: serial.to_bytes().to_vec().into(),
        revocation_time,
        reason_code,
        invalidity_date: None,
    })
}

fn reason_code(reason: RevocationReason) -> Option<rcgen::RevocationReason> {
    use rcgen::RevocationReason as Code;
    match reason {
        // RFC 5280 §5.3.1: left out rather than said.
        RevocationReason::Unspecified => None,
        RevocationReason::KeyCompromise => Some(Code::KeyCompromise),
        RevocationReason::CaCompromise => Some(Code::CaCompromise),
        RevocationReason::AffiliationChanged => Some(Code::AffiliationChanged),
        RevocationReason::Superseded => Some(Code::Superseded),
        RevocationReason::CessationOfOperation => Some(Code::CessationOfOperation),
        RevocationReason::PrivilegeWithdrawn => Some(Code::PrivilegeWithdrawn),
    }
}
