//! The algorithms that certificates, revocation lists and OCSP responses are signed with.

use std::fmt;

use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256};

use crate::certifier::CertifierError;
use crate::der::write as der;

/// What a signature is made with. The first two are what certifiers use today; the others are here
/// for certificates of long ago, which `forge` makes.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum SignatureAlgorithm {
    /// ecdsa-with-SHA256 (RFC 5758 §3.2), on P-256.
    EcdsaWithSha256,
    /// sha256WithRSAEncryption (RFC 4055 §5), PKCS #1 v1.5.
    RsaWithSha256,
    /// ecdsa-with-SHA1 (RFC 3279 §2.2.3).
    EcdsaWithSha1,
    /// sha1WithRSAEncryption (RFC 3279 §2.2.1), of cards until about 2012.
    RsaWithSha1,
    /// md5WithRSAEncryption (RFC 3279 §2.2.1).
    RsaWithMd5,
}

impl SignatureAlgorithm {
    /// The AlgorithmIdentifier: RSA with NULL for parameters (RFC 3279 §2.2.1), ECDSA with none
    /// (RFC 5758 §3.2).
    pub fn identifier(self) -> Vec<u8> {
        let object_identifier = der::object_identifier(self.arcs());
        match self {
            Self::EcdsaWithSha256 | Self::EcdsaWithSha1 => der::sequence(&[object_identifier]),
            Self::RsaWithSha256 | Self::RsaWithSha1 | Self::RsaWithMd5 => {
                der::sequence(&[object_identifier, der::null()])
            }
        }
    }

    /// What this key signs with.
    pub(crate) fn of(key: &KeyPair) -> Result<Self, CertifierError> {
        if key.algorithm() == &PKCS_ECDSA_P256_SHA256 {
            return Ok(Self::EcdsaWithSha256);
        }
        if key.algorithm() == &PKCS_RSA_SHA256 {
            return Ok(Self::RsaWithSha256);
        }
        Err(CertifierError::KeyAlgorithm)
    }

    /// The same kind of key with SHA-1.
    pub fn with_sha1(self) -> Self {
        match self {
            Self::EcdsaWithSha256 | Self::EcdsaWithSha1 => Self::EcdsaWithSha1,
            Self::RsaWithSha256 | Self::RsaWithSha1 | Self::RsaWithMd5 => Self::RsaWithSha1,
        }
    }

    const fn arcs(self) -> &'static [u64] {
        match self {
            Self::EcdsaWithSha256 => &[1, 2, 840, 10_045, 4, 3, 2],
            Self::EcdsaWithSha1 => &[1, 2, 840, 10_045, 4, 1],
            Self::RsaWithSha256 => &[1, 2, 840, 113_549, 1, 1, 11],
            Self::RsaWithSha1 => &[1, 2, 840, 113_549, 1, 1, 5],
            Self::RsaWithMd5 => &[1, 2, 840, 113_549, 1, 1, 4],
        }
    }
}

/// The name that its RFC gives it.
impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::EcdsaWithSha256 => "ecdsa-with-SHA256",
            Self::RsaWithSha256 => "sha256WithRSAEncryption",
            Self::EcdsaWithSha1 => "ecdsa-with-SHA1",
            Self::RsaWithSha1 => "sha1WithRSAEncryption",
            Self::RsaWithMd5 => "md5WithRSAEncryption",
        })
    }
}
