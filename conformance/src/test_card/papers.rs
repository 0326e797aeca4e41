//! The certificates on the card.

use cns_fixtures::{KeyPurpose, Source};

use super::{RsaPublicKey, TestCard};
use crate::case::Stop;

/// Bytes before a wrapped certificate: the second and third are its length.
const WRAPPING: usize = 5;

impl TestCard {
    /// The file that the certificate for this purpose is in, from where its DER begins: the
    /// certificate and what follows it.
    pub fn certificate_file(&mut self, purpose: KeyPurpose) -> Result<Vec<u8>, Stop> {
        let profile = &self.subject().profile;
        let source = match purpose {
            KeyPurpose::Signature => Source::SignatureCertificate,
            KeyPurpose::Authentication if profile.path_of(Source::Certificate).is_none() => {
                Source::WrappedCertificate
            }
            KeyPurpose::Authentication => Source::Certificate,
        };
        let file = self.read_file(source)?;
        Ok(match source {
            Source::WrappedCertificate => file.get(WRAPPING..).unwrap_or_default().to_vec(),
            _ => file,
        })
    }

    /// The RSA key in the certificate for this purpose.
    pub fn certified_key(&mut self, purpose: KeyPurpose) -> Result<RsaPublicKey, Stop> {
        let file = self.certificate_file(purpose)?;
        let key = RsaPublicKey::of_certificate(&file);
        key.ok_or_else(|| {
            Stop::broken("the certificate on the card has no RSA key, or is no certificate")
        })
    }
}
