//! What others call a certificate's owner by: lists, responses and requests name a certifier with it.

use ring::digest::{Algorithm, digest};
use x509_parser::prelude::{FromDer, ParsedExtension, X509Certificate};

use crate::certifier::CertifierError;

/// Name and key of a certificate's subject.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct CertificateIdentity {
    /// The subject, a whole Name.
    pub(crate) name_der: Vec<u8>,
    /// The bits of subjectPublicKey, without the count of unused ones.
    pub(crate) key_bits: Vec<u8>,
    /// The subjectKeyIdentifier. Empty if there is none.
    pub(crate) key_identifier: Vec<u8>,
}

impl CertificateIdentity {
    pub(crate) fn of(certificate_der: &[u8]) -> Result<Self, CertifierError> {
        let (_, certificate) = X509Certificate::from_der(certificate_der).map_err(|error| {
            CertifierError::Certificate {
                reason: error.to_string(),
            }
        })?;
        let key_identifier = certificate
            .extensions()
            .iter()
            .find_map(|extension| match extension.parsed_extension() {
                ParsedExtension::SubjectKeyIdentifier(identifier) => Some(identifier.0.to_vec()),
                _ => None,
            });
        Ok(Self {
            name_der: certificate.subject().as_raw().to_vec(),
            key_bits: certificate.public_key().subject_public_key.data.to_vec(),
            key_identifier: key_identifier.unwrap_or_default(),
        })
    }

    /// The hash of the whole Name, issuerNameHash of OCSP.
    pub(crate) fn name_hash(&self, algorithm: &'static Algorithm) -> Vec<u8> {
        digest(algorithm, &self.name_der).as_ref().to_vec()
    }

    /// The hash of the key's bits, issuerKeyHash of OCSP.
    pub(crate) fn key_hash(&self, algorithm: &'static Algorithm) -> Vec<u8> {
        digest(algorithm, &self.key_bits).as_ref().to_vec()
    }
}
