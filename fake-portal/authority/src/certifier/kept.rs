//! Certifiers that were kept, and certificates of other people's: whether they are test certifiers.

use std::sync::Arc;

use rcgen::{Issuer, PublicKeyData as _};
use time::OffsetDateTime;
use x509_parser::pem::parse_x509_pem;
use x509_parser::prelude::{AttributeTypeAndValue, FromDer as _, X509Certificate};

use super::{CertificationAuthority, CertifierError, checked_mark};
use crate::certificate_profile::RevocationUrls;
use crate::certifier_key::CertifierKey;
use crate::certifier_term::CertifierTerm;
use crate::validity::Validity;

/// A certifier to keep in a folder. It has no `Debug`, for it holds the private key.
pub struct PemPair {
    /// The certificate.
    pub certificate: String,
    /// The private key, PKCS#8.
    pub private_key: String,
}

impl CertificationAuthority {
    /// A certifier that was kept: its certificate and its PKCS#8 key, both PEM. Refused are a key
    /// of another certificate, one that is neither ECDSA P-256 nor RSA, a certifier whose name
    /// does not say `COLLAUDO`, and one that does not end with a run that begins at `now`. One that has
    /// ended already can be renewed.
    pub fn from_pem_pair(
        certificate_pem: &str,
        private_key_pem: &str,
        now: OffsetDateTime,
    ) -> Result<Self, CertifierError> {
        let key = CertifierKey::from_pem(private_key_pem)?.into_pair();
        let unreadable = |reason: String| CertifierError::Certificate { reason };
        let (_, pem) = parse_x509_pem(certificate_pem.as_bytes())
            .map_err(|error| unreadable(error.to_string()))?;
        let certificate = pem
            .parse_x509()
            .map_err(|error| unreadable(error.to_string()))?;

        let subject = certificate.subject();
        let organization = first(subject.iter_organization());
        let common_name = first(subject.iter_common_name());
        let term = term_of(&certificate, now)?;
        if certificate.public_key().raw != key.subject_public_key_info() {
            return Err(CertifierError::KeyMismatch { common_name });
        }

        let issuer = Issuer::from_ca_cert_der(&pem.contents.as_slice().into(), key)
            .map_err(CertifierError::Encoding)?;
        let certificate_der = pem.contents;
        let revocation_urls = RevocationUrls::default();
        Ok(Self {
            issuer: Arc::new(issuer),
            certificate_der,
            term,
            organization,
            revocation_urls,
        })
    }

    /// What [`Self::from_pem_pair`] reads. The key is not encrypted.
    pub fn to_pem_pair(&self) -> PemPair {
        PemPair {
            certificate: self.certificate_pem(),
            private_key: self.issuer.key().serialize_pem(),
        }
    }
}

/// The term of this certificate, DER, if it is one of a test certifier, made or used at `now`: its name
/// says `COLLAUDO`, and it ends with the run.
///
/// # Errors
/// [`CertifierError::NotMarked`], [`CertifierError::OutlivesRun`], or it cannot be read.
pub fn test_certifier(
    certificate_der: &[u8],
    now: OffsetDateTime,
) -> Result<CertifierTerm, CertifierError> {
    let (_, certificate) = X509Certificate::from_der(certificate_der).map_err(|error| {
        CertifierError::Certificate {
            reason: error.to_string(),
        }
    })?;
    term_of(&certificate, now)
}

fn term_of(
    certificate: &X509Certificate<'_>,
    now: OffsetDateTime,
) -> Result<CertifierTerm, CertifierError> {
    let common_name = first(certificate.subject().iter_common_name());
    checked_mark(&common_name)?;
    let validity = Validity::new(
        certificate.validity().not_before.to_datetime(),
        certificate.validity().not_after.to_datetime(),
    )?;
    CertifierTerm::new(validity, now).map_err(|reason| CertifierError::OutlivesRun {
        common_name,
        reason,
    })
}

/// The first of a name's attributes that can be read; nothing if there is none.
fn first<'a>(mut attributes: impl Iterator<Item = &'a AttributeTypeAndValue<'a>>) -> String {
    let readable = attributes.find_map(|attribute| attribute.as_str().ok());
    readable.unwrap_or_default().to_owned()
}
