//! A client's key that is in no card.

use std::fmt;

use openssl::pkey::Private;
use openssl::rsa::{Padding, Rsa};
use rustls::sign::{Signer, SigningKey};
use rustls::{SignatureAlgorithm, SignatureScheme};

use crate::portal::signing_block;

/// A key that is no card's, and signs with RSA-PSS whatever its size.
pub(super) struct FileKey(pub(super) Rsa<Private>);

const SCHEME: SignatureScheme = SignatureScheme::RSA_PSS_SHA256;

impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileKey")
    }
}

impl SigningKey for FileKey {
    fn choose_scheme(&self, _: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        Some(Box::new(Self(self.0.clone())))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::RSA
    }
}

impl Signer for FileKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        let failed = |why: String| rustls::Error::General(why);
        let length = self.0.size() as usize;
        let mut salt = [0; 64];
        fastrand::fill(&mut salt);
        let block = signing_block(SCHEME, message, &salt, length);
        let block = block.ok_or_else(|| failed("the modulus is too short".to_owned()))?;
        let mut signature = vec![0; length];
        self.0
            .private_encrypt(&block, &mut signature, Padding::NONE)
            .map_err(|error| failed(error.to_string()))?;
        Ok(signature)
    }

    fn scheme(&self) -> SignatureScheme {
        SCHEME
    }
}
