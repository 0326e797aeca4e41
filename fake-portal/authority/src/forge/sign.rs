//! Signing what should not be signed.

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use rcgen::KeyPair;
use thiserror::Error;

use super::change::Change;
use super::parts::CertificateParts;
use crate::certifier::{CertificationAuthority, CertifierError};
use crate::der::read::DerError;
use crate::der::write as der;
use crate::signature_algorithm::SignatureAlgorithm;

/// Why a certificate or a revocation list could not be forged.
#[derive(Debug, Error)]
pub enum ForgeError {
    /// What was to be changed is no certificate, or no revocation list.
    #[error("what is to be changed cannot be read: {0}")]
    Template(#[source] DerError),
    /// The certifier's key cannot sign with the algorithm of a change.
    #[error("the certifier's key does not sign with {algorithm}")]
    Algorithm {
        /// What was asked for.
        algorithm: SignatureAlgorithm,
    },
    /// The certifier cannot sign.
    #[error(transparent)]
    Certifier(#[from] CertifierError),
    /// OpenSSL cannot sign.
    #[error("OpenSSL did not sign: {0}")]
    OpenSsl(#[from] ErrorStack),
}

impl CertificationAuthority {
    /// Signs a certificate's parts after these changes, as DER.
    ///
    /// The issuer stays the one of the template: signed by another certifier, the certificate claims
    /// to be of one that never saw it.
    ///
    /// # Errors
    /// The key is not of the kind that a change asks to sign with.
    pub fn forge(
        &self,
        template: &CertificateParts,
        changes: &[Change],
    ) -> Result<Vec<u8>, ForgeError> {
        let mut parts = template.clone();
        let mut signing = Signing::by(self)?;
        for change in changes {
            change.apply(&mut parts, &mut signing);
        }
        signing.sign(self, |algorithm| parts.to_der(algorithm))
    }
}

/// Turns one bit of the signature of a certificate, of a revocation list, or of an OCSP response that
/// carries no certificate: the last of all.
///
/// ```text
/// SEQUENCE { to be signed, AlgorithmIdentifier, BIT STRING }
/// ```
pub fn damage_signature(signed_der: &[u8]) -> Vec<u8> {
    let mut damaged = signed_der.to_vec();
    if let Some(last) = damaged.last_mut() {
        *last ^= 1;
    }
    damaged
}

/// How a certificate or a revocation list is signed.
pub(super) struct Signing {
    pub(super) algorithm: SignatureAlgorithm,
    /// What it says inside that it is signed with, if not that.
    pub(super) said_inside: Option<SignatureAlgorithm>,
    pub(super) damaged: bool,
    pub(super) trailing_byte: bool,
}

impl Signing {
    /// As the certifier always signs.
    pub(super) fn by(certifier: &CertificationAuthority) -> Result<Self, ForgeError> {
        Ok(Self {
            algorithm: SignatureAlgorithm::of(certifier.issuer().key())?,
            said_inside: None,
            damaged: false,
            trailing_byte: false,
        })
    }

    /// Signs the content, which is told the AlgorithmIdentifier that stands in it.
    pub(super) fn sign(
        &self,
        certifier: &CertificationAuthority,
        content: impl FnOnce(&[u8]) -> Vec<u8>,
    ) -> Result<Vec<u8>, ForgeError> {
        let inside = self.said_inside.unwrap_or(self.algorithm);
        let content = content(&inside.identifier());
        let signature = signature(certifier.issuer().key(), self.algorithm, &content)?;
        let mut signed = der::sequence(&[
            content,
            self.algorithm.identifier(),
            der::bit_string(&signature),
        ]);
        if self.damaged {
            signed = damage_signature(&signed);
        }
        if self.trailing_byte {
            signed.push(0);
        }
        Ok(signed)
    }
}

/// By OpenSSL, for `ring` signs with nothing that is out of date.
fn signature(
    key: &KeyPair,
    algorithm: SignatureAlgorithm,
    content: &[u8],
) -> Result<Vec<u8>, ForgeError> {
    if SignatureAlgorithm::of(key)?.with_sha1() != algorithm.with_sha1() {
        return Err(ForgeError::Algorithm { algorithm });
    }
    let digest = match algorithm {
        SignatureAlgorithm::EcdsaWithSha256 | SignatureAlgorithm::RsaWithSha256 => {
            MessageDigest::sha256()
        }
        SignatureAlgorithm::EcdsaWithSha1 | SignatureAlgorithm::RsaWithSha1 => {
            MessageDigest::sha1()
        }
        SignatureAlgorithm::RsaWithMd5 => MessageDigest::md5(),
    };
    let key = PKey::private_key_from_pkcs8(&key.serialize_der())?;
    Ok(Signer::new(digest, &key)?.sign_oneshot_to_vec(content)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der::read::only;

    #[test]
    fn a_damaged_signature_is_still_der() {
        let signed = der::sequence(&[der::null(), der::null(), der::bit_string(&[0xAB])]);
        let damaged = damage_signature(&signed);
        assert_ne!(damaged, signed);
        assert_eq!(only(&damaged).unwrap().der, damaged);
        assert_eq!(damage_signature(&[]), []);
    }
}
