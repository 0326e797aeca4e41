//! What a response says of one certificate.

use cns_authority::der::read::{DerError, Element};
use cns_authority::der::tag;
use time::{Duration, OffsetDateTime};
use x509_parser::asn1_rs::FromDer as _;
use x509_parser::time::ASN1Time;

use super::{CLOCK_TOLERANCE, OcspError};
use crate::revocation::{RevocationReason, RevocationStatus};

/// How old an answer may be that does not say when it grows stale.
const AGE_MAX: Duration = Duration::DAY;

/// ```text
/// SingleResponse ::= SEQUENCE { CertID, CertStatus, thisUpdate, nextUpdate [0] OPTIONAL,
///     extensions [1] OPTIONAL }
/// CertStatus ::= CHOICE { good [0] NULL, unknown [2] NULL,
///     revoked [1] SEQUENCE { revocationTime, revocationReason [0] ENUMERATED OPTIONAL } }
/// ```
pub(super) struct Single {
    pub(super) status: RevocationStatus,
    this_update: OffsetDateTime,
    next_update: Option<OffsetDateTime>,
}

/// What is said of the certificate with this CertID.
pub(super) fn find(responses: Element<'_>, cert_id: &[u8]) -> Result<Single, OcspError> {
    let mut responses = responses.reader();
    while !responses.is_empty() {
        let mut fields = responses.expect(tag::SEQUENCE)?.reader();
        if fields.expect(tag::SEQUENCE)?.der != cert_id {
            continue;
        }
        return Ok(Single {
            status: status(fields.element()?)?,
            this_update: instant(fields.expect(tag::GENERALIZED_TIME)?)?,
            next_update: fields.explicit(0)?.map(instant).transpose()?,
        });
    }
    Err(OcspError::AnotherCertificate)
}

impl Single {
    /// The status, if this is the time for it. That a certificate is revoked does not grow stale.
    pub(super) fn status_at(self, at: OffsetDateTime) -> Result<RevocationStatus, OcspError> {
        if at.saturating_add(CLOCK_TOLERANCE) < self.this_update {
            return Err(OcspError::Future(self.this_update));
        }
        let is_revoked = matches!(self.status, RevocationStatus::Revoked { .. });
        let next_update = self
            .next_update
            .unwrap_or_else(|| self.this_update.saturating_add(AGE_MAX));
        if !is_revoked && next_update < at {
            return Ok(RevocationStatus::Stale { next_update });
        }
        Ok(self.status)
    }
}

fn status(element: Element<'_>) -> Result<RevocationStatus, DerError> {
    const GOOD: u8 = tag::primitive(0);
    const REVOKED: u8 = tag::constructed(1);
    const UNKNOWN: u8 = tag::primitive(2);
    match element.tag {
        GOOD => Ok(RevocationStatus::Good),
        UNKNOWN => Ok(RevocationStatus::NotIssued),
        REVOKED => {
            let mut fields = element.reader();
            let since = instant(fields.expect(tag::GENERALIZED_TIME)?)?;
            let reason = fields.explicit(0)?;
            let number = reason.and_then(|reason| reason.content.first().copied());
            Ok(RevocationStatus::Revoked {
                reason: RevocationReason::from_number(number.unwrap_or(0)),
                since,
            })
        }
        seen => Err(DerError::Tag {
            expected: GOOD,
            seen,
        }),
    }
}

fn instant(element: Element<'_>) -> Result<OffsetDateTime, DerError> {
    let (_, time) = ASN1Time::from_der(element.der).map_err(|_| DerError::Tag {
        expected: tag::GENERALIZED_TIME,
        seen: element.tag,
    })?;
    Ok(time.to_datetime())
}
