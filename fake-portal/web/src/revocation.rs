//! Whether a certifier has taken a certificate back.
//!
//! What asks is a trait, so that a list that lies in memory, one that is published, and a responder for
//! OCSP (RFC 6960) plug in alike.

mod list;
mod ocsp;
mod published;

use std::fmt::Debug;
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

pub use list::{RevocationList, RevocationListError};
pub(crate) use ocsp::statuses;
pub use ocsp::{OcspError, OcspQuestion};
pub use published::{Publications, PublishedLists, PublishedResponders};

/// How far in the future something may have been made: the handshake waits for a person, and what is
/// asked meanwhile is newer than its beginning.
pub(crate) const CLOCK_TOLERANCE: Duration = Duration::minutes(5);

/// Says whether certificates are revoked.
pub trait RevocationSource: Debug + Send + Sync {
    /// What is known of a certificate. This may take as long as a query over the network does; whoever
    /// implements it sees to a limit, and then answers [`RevocationStatus::Unreachable`].
    fn status(&self, query: &RevocationQuery<'_>) -> RevocationStatus;
}

/// Which certificate, and when.
#[derive(Clone, Copy, Debug)]
pub struct RevocationQuery<'a> {
    /// The content octets of its serial number.
    pub serial: &'a [u8],
    /// The name of its issuer, DER.
    pub issuer_name_der: &'a [u8],
    /// The certificate of its issuer, DER, if the portal trusts one that signed it.
    pub issuer_certificate_der: Option<&'a [u8]>,
    /// Where the certificate says that its issuer's lists are (RFC 5280 §4.2.1.13).
    pub list_urls: &'a [String],
    /// Where it says that its issuer's responder for OCSP is (RFC 5280 §4.2.2.1).
    pub responder_urls: &'a [String],
    /// The instant that the answer is for.
    pub at: OffsetDateTime,
}

/// What a source knows of a certificate.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RevocationStatus {
    /// It is not revoked.
    Good,
    /// It is revoked, for good or until it is released.
    Revoked {
        /// Why.
        reason: RevocationReason,
        /// Since when.
        since: OffsetDateTime,
    },
    /// Its issuer says that it never issued it.
    NotIssued,
    /// The source does not know the certificate, or is not its issuer's.
    Unknown,
    /// The certificate does not say where to ask, and there is no other source.
    NotPublished,
    /// What the source has is older than its issuer allows.
    Stale {
        /// When there should have been something newer.
        next_update: OffsetDateTime,
    },
    /// The source gave no answer.
    Unreachable {
        /// What happened instead.
        why: String,
    },
}

/// Why a certificate is revoked (RFC 5280 §5.3.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the standard")]
pub enum RevocationReason {
    Unspecified,
    KeyCompromise,
    CaCompromise,
    AffiliationChanged,
    Superseded,
    CessationOfOperation,
    CertificateHold,
    RemoveFromCrl,
    PrivilegeWithdrawn,
    AaCompromise,
}

impl RevocationReason {
    /// From its number in the standard. What has none there is unspecified.
    pub fn from_number(number: u8) -> Self {
        match number {
            1 => Self::KeyCompromise,
            2 => Self::CaCompromise,
            3 => Self::AffiliationChanged,
            4 => Self::Superseded,
            5 => Self::CessationOfOperation,
            6 => Self::CertificateHold,
            8 => Self::RemoveFromCrl,
            9 => Self::PrivilegeWithdrawn,
            10 => Self::AaCompromise,
            _ => Self::Unspecified,
        }
    }

    /// Its name in the standard.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::RemoveFromCrl => "removeFromCRL",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
        }
    }
}

/// Where the portal asks, if anywhere.
#[derive(Clone, Debug, Default)]
pub struct RevocationSources {
    /// Lists (RFC 5280 §5).
    pub crl: Option<Arc<dyn RevocationSource>>,
    /// Responders (RFC 6960).
    pub ocsp: Option<Arc<dyn RevocationSource>>,
}

/// What the sources said of one certificate. Nothing, where there is no source.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct RevocationAnswers {
    /// From the lists.
    pub crl: Option<RevocationStatus>,
    /// From the responders.
    pub ocsp: Option<RevocationStatus>,
}

impl RevocationSources {
    /// What is published, where there is no other source.
    pub(crate) fn or_published(self, publications: Publications) -> Self {
        let lists = PublishedLists::new(publications.clone());
        let responders = PublishedResponders::new(publications);
        Self {
            crl: self.crl.or_else(|| Some(Arc::new(lists))),
            ocsp: self.ocsp.or_else(|| Some(Arc::new(responders))),
        }
    }

    pub(crate) fn ask(&self, query: &RevocationQuery<'_>) -> RevocationAnswers {
        let ask = |source: &Option<Arc<dyn RevocationSource>>| {
            source.as_ref().map(|source| source.status(query))
        };
        RevocationAnswers {
            crl: ask(&self.crl),
            ocsp: ask(&self.ocsp),
        }
    }
}

/// Several sources, one for each certifier: the first that knows the certificate answers.
impl RevocationSource for Vec<RevocationList> {
    fn status(&self, query: &RevocationQuery<'_>) -> RevocationStatus {
        self.iter()
            .map(|list| list.status(query))
            .find(|status| *status != RevocationStatus::Unknown)
            .unwrap_or(RevocationStatus::Unknown)
    }
}
