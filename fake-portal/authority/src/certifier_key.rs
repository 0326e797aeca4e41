//! The key that a certifier, or its OCSP responder, signs with.

use rcgen::{KeyPair, SigningKey};

use crate::certifier::CertifierError;
use crate::der::write as der;
use crate::signature_algorithm::SignatureAlgorithm;

/// A signing key and what it signs with. It has no `Debug`, for it is private.
pub struct CertifierKey {
    pair: KeyPair,
    algorithm: SignatureAlgorithm,
}

impl CertifierKey {
    /// A new ECDSA P-256 key. `ring` makes no RSA keys: those are read.
    pub fn generate() -> Result<Self, CertifierError> {
        Self::from_pair(KeyPair::generate().map_err(CertifierError::Encoding)?)
    }

    /// A kept key, PKCS#8 in PEM: ECDSA P-256, or RSA of 2048 to 4096 bits.
    pub fn from_pem(private_key_pem: &str) -> Result<Self, CertifierError> {
        Self::from_pair(KeyPair::from_pem(private_key_pem).map_err(CertifierError::PrivateKey)?)
    }

    fn from_pair(pair: KeyPair) -> Result<Self, CertifierError> {
        let algorithm = SignatureAlgorithm::of(&pair)?;
        Ok(Self { pair, algorithm })
    }

    /// What it signs with.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    pub(crate) fn into_pair(self) -> KeyPair {
        self.pair
    }

    pub(crate) fn pair(&self) -> &KeyPair {
        &self.pair
    }
}

/// The signature that follows signed content everywhere in X.509 and OCSP, as two elements:
///
/// ```text
/// signatureAlgorithm   AlgorithmIdentifier,
/// signature            BIT STRING
/// ```
pub(crate) fn signature(pair: &KeyPair, content: &[u8]) -> Result<[Vec<u8>; 2], CertifierError> {
    let algorithm = SignatureAlgorithm::of(pair)?;
    let signature = pair.sign(content).map_err(CertifierError::Encoding)?;
    Ok([algorithm.identifier(), der::bit_string(&signature)])
}
