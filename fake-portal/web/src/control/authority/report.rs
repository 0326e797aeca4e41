//! What is told of offices and of their certificates.

use cns_authority::{CertificateStatus, Office, RevocationReason, SerialNumber, Standing};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::Instant;

/// A certifier, and what it knows of its certificates.
#[derive(JsonSchema, Serialize)]
pub(super) struct OfficeReport {
    /// What programs call it.
    id: String,
    /// What the trusted list says of it: `recognised`, `deprecated`, `withdrawn` or `unlisted`.
    standing: &'static str,
    /// Its certificates.
    certificates: Vec<CertificateRow>,
}

/// A certificate, and what became of it.
#[derive(JsonSchema, Serialize)]
pub(super) struct CertificateRow {
    /// Its serial number in hexadecimal, two digits a byte.
    serial: String,
    /// `good`, `on_hold` or `revoked`.
    status: &'static str,
    /// Why it is revoked.
    reason: Option<ReasonName>,
    /// Since when it is not good.
    since: Option<Instant>,
}

/// Why a certificate is revoked (RFC 5280 §5.3.1).
#[derive(Clone, Copy, Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ReasonName {
    #[default]
    Unspecified,
    KeyCompromise,
    CaCompromise,
    AffiliationChanged,
    Superseded,
    CessationOfOperation,
    PrivilegeWithdrawn,
}

impl OfficeReport {
    pub(super) fn of(office: &Office) -> Self {
        let rows = office.statuses();
        Self {
            id: office.id().to_owned(),
            standing: match office.standing() {
                Standing::Recognised => "recognised",
                Standing::Deprecated => "deprecated",
                Standing::Withdrawn => "withdrawn",
                Standing::Unlisted => "unlisted",
            },
            certificates: rows
                .map(|(serial, status)| CertificateRow::new(serial, status))
                .collect(),
        }
    }
}

impl CertificateRow {
    pub(super) fn new(serial: SerialNumber, status: CertificateStatus) -> Self {
        let (status, reason, since) = match status {
            CertificateStatus::Good => ("good", None, None),
            CertificateStatus::OnHold { since } => ("on_hold", None, Some(since)),
            CertificateStatus::Revoked { reason, since } => {
                ("revoked", Some(ReasonName::of(reason)), Some(since))
            }
        };
        Self {
            serial: serial.to_string(),
            status,
            reason,
            since: since.map(Instant),
        }
    }
}

impl ReasonName {
    fn of(reason: RevocationReason) -> Self {
        match reason {
            RevocationReason::Unspecified => Self::Unspecified,
            RevocationReason::KeyCompromise => Self::KeyCompromise,
            RevocationReason::CaCompromise => Self::CaCompromise,
            RevocationReason::AffiliationChanged => Self::AffiliationChanged,
            RevocationReason::Superseded => Self::Superseded,
            RevocationReason::CessationOfOperation => Self::CessationOfOperation,
            RevocationReason::PrivilegeWithdrawn => Self::PrivilegeWithdrawn,
        }
    }

    pub(super) fn reason(self) -> RevocationReason {
        match self {
            Self::Unspecified => RevocationReason::Unspecified,
            Self::KeyCompromise => RevocationReason::KeyCompromise,
            Self::CaCompromise => RevocationReason::CaCompromise,
            Self::AffiliationChanged => RevocationReason::AffiliationChanged,
            Self::Superseded => RevocationReason::Superseded,
            Self::CessationOfOperation => RevocationReason::CessationOfOperation,
            Self::PrivilegeWithdrawn => RevocationReason::PrivilegeWithdrawn,
        }
    }
}
