//! Signing what should not be signed.

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use rcgen::KeyPair;
use thiserror::Error;

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

/// What can be taken apart and changed: the parts of a certificate or of a revocation list.
pub trait Forgeable: Clone {
    /// What can be done to it.
    type Change;

    /// Does it, to the parts or to how they will be signed.
    fn apply(&mut self, change: &Self::Change, signing: &mut Signing);

    /// The whole to be signed, saying that it is signed with this AlgorithmIdentifier.
    fn to_der(&self, algorithm_identifier: &[u8]) -> Vec<u8>;
}

impl CertificationAuthority {
    /// Signs the parts of a certificate or a revocation list after these changes, as DER.
    ///
    /// The issuer stays the one of the template: signed by another certifier, it claims to be of one
    /// that never saw it.
    ///
    /// # Errors
    /// The key is not of the kind that a change asks to sign with.
    pub fn forge<P: Forgeable>(
        &self,
        template: &P,
        changes: &[P::Change],
    ) -> Result<Vec<u8>, ForgeError> {
        let mut parts = template.clone();
        let mut signing = Signing {
            algorithm: SignatureAlgorithm::of(self.issuer().key())?,
            said_inside: None,
            damaged: false,
            trailing_byte: false,
        };
        for change in changes {
            parts.apply(change, &mut signing);
        }
        signing.sign(&parts, self.issuer().key())
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
pub struct Signing {
    pub(super) algorithm: SignatureAlgorithm,
    /// What it says inside that it is signed with, if not that.
    pub(super) said_inside: Option<SignatureAlgorithm>,
    pub(super) damaged: bool,
    pub(super) trailing_byte: bool,
}

impl Signing {
    fn sign(&self, parts: &impl Forgeable, key: &KeyPair) -> Result<Vec<u8>, ForgeError> {
        let inside = self.said_inside.unwrap_or(self.algorithm);
        let content = parts.to_der(&inside.identifier());
        let signature = signature(key, self.algorithm, &content)?;
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
