//! Somebody whom a certifier lets answer for it.

use std::sync::Arc;

use rcgen::{DnType, ExtendedKeyUsagePurpose, KeyUsagePurpose};

use crate::certificate_policies;
use crate::certificate_profile::{base, push_country};
use crate::certifier::{CertificationAuthority, CertifierError, checked_name};
use crate::certifier_key::{self, CertifierKey};
use crate::serial_number::SerialNumber;
use crate::validity::Validity;

/// A delegated responder: a key, and a certificate of the certifier that says id-kp-OCSPSigning
/// (RFC 6960 §4.2.2.2). With it the certifier's own key need not be where the network is.
/// Clones share the key.
#[derive(Clone)]
pub struct OcspSigner {
    certificate_der: Vec<u8>,
    key: Arc<CertifierKey>,
}

impl OcspSigner {
    /// Its certificate, which every response carries.
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate_der
    }

    /// The same key under another certificate, which need not be one that allows it to answer.
    pub fn with_certificate(self, certificate_der: Vec<u8>) -> Self {
        Self {
            certificate_der,
            ..self
        }
    }

    pub(super) fn signature(&self, content: &[u8]) -> Result<[Vec<u8>; 2], CertifierError> {
        certifier_key::signature(self.key.pair(), content)
    }
}

impl CertificationAuthority {
    /// Makes a delegated responder with a new ECDSA P-256 key.
    ///
    /// Its certificate has id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1), or clients would ask who
    /// answers for the one that answers. It does not outlive the certifier's own.
    pub fn issue_ocsp_signer(
        &self,
        validity: Validity,
        serial: SerialNumber,
    ) -> Result<OcspSigner, CertifierError> {
        let key = CertifierKey::generate()?;
        let validity = self.no_longer_than_itself(validity)?;
        let mut params = base(key.pair(), validity, serial);
        push_country(&mut params.distinguished_name)?;
        params
            .distinguished_name
            .push(DnType::OrganizationName, self.organization());
        params.distinguished_name.push(
            DnType::CommonName,
            checked_name("common name", "Risponditore OCSP COLLAUDO")?,
        );
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::OcspSigning];
        params
            .custom_extensions
            .push(certificate_policies::ocsp_no_check());
        let certificate = params
            .signed_by(key.pair(), self.issuer())
            .map_err(CertifierError::Encoding)?;
        Ok(OcspSigner {
            certificate_der: certificate.der().to_vec(),
            key: Arc::new(key),
        })
    }
}
