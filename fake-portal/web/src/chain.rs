//! Who issued a certificate: what webpki thinks of the chain, and what a look at the certifier alone
//! shows.
//!
//! CNS certificates are issued by a region's root itself, so the look is short: is there a trusted
//! certifier of that name, and is the signature on the certificate its own? webpki's judgement comes
//! with one reason at most, and comes to none for a certificate that is odd elsewhere.

mod current;

use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{CertificateError, crypto::CryptoProvider};
use std::sync::Arc;
use time::OffsetDateTime;
use x509_parser::prelude::{FromDer, ParsedExtension, X509Certificate, X509Error};

use crate::certificate::CertificateFacts;
use crate::handshake::unix_time;
use crate::pki::PublicOffices;
use current::CurrentCertifiers;

/// The certifiers whose cards may log in.
#[derive(Debug)]
pub(crate) struct Certifiers {
    certifiers: CurrentCertifiers,
    /// It looks at names and keys of certifiers, which renewals leave as they are.
    webpki: Arc<dyn ClientCertVerifier>,
}

/// A certifier that the portal trusts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Certifier {
    /// Its own certificate, DER.
    pub certificate_der: Vec<u8>,
    /// Its name, DER.
    pub subject_der: Vec<u8>,
    /// The identifier of its key, if its certificate has one.
    pub key_identifier: Option<Vec<u8>>,
    /// First second of its validity.
    pub not_before: OffsetDateTime,
    /// Last second of its validity.
    pub not_after: OffsetDateTime,
}

/// What is known of who issued a certificate.
#[derive(Clone, Debug)]
pub struct ChainFindings {
    /// What webpki (RFC 5280 §6) says. The validity in time is judged apart.
    pub webpki: Result<(), rustls::Error>,
    /// What the portal itself sees.
    pub issuer: IssuerFinding,
}

/// Whether a trusted certifier issued a certificate.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum IssuerFinding {
    /// No trusted certifier has the issuer's name.
    NotListed,
    /// Some have, but the signature is of a kind that nobody should make any more, and that is not
    /// verified here.
    Unverifiable,
    /// Some have, and none has made the signature.
    WrongSignature {
        /// Those of that name.
        namesakes: Vec<Certifier>,
    },
    /// This one made the signature.
    Signed(Certifier),
}

impl Certifiers {
    pub(crate) fn new(
        provider: &Arc<CryptoProvider>,
        roots: RootCertStore,
        certificates: &[Vec<u8>],
        offices: Option<PublicOffices>,
    ) -> Result<Self, rustls::server::VerifierBuilderError> {
        let webpki =
            WebPkiClientVerifier::builder_with_provider(roots.into(), Arc::clone(provider))
                .allow_unauthenticated()
                .build()?;
        Ok(Self {
            certifiers: CurrentCertifiers::new(certificates, offices),
            webpki,
        })
    }

    pub(crate) fn names(&self) -> &[rustls::DistinguishedName] {
        self.webpki.root_hint_subjects()
    }

    pub(crate) fn findings(
        &self,
        certificate: &[u8],
        intermediates: &[Vec<u8>],
        now: OffsetDateTime,
    ) -> ChainFindings {
        ChainFindings {
            webpki: self.webpki(certificate, intermediates, now),
            issuer: self.issuer_of(certificate),
        }
    }

    /// webpki gives one reason at most, and time comes before the chain. So that an expired
    /// certificate of an unknown certifier shows both faults, the chain is judged at the moment
    /// of the certificate's validity that is nearest to now.
    fn webpki(
        &self,
        certificate: &[u8],
        intermediates: &[Vec<u8>],
        now: OffsetDateTime,
    ) -> Result<(), rustls::Error> {
        let end_entity = CertificateDer::from(certificate);
        let intermediates: Vec<_> = intermediates
            .iter()
            .map(|der| CertificateDer::from(der.as_slice()))
            .collect();
        let judge = |at: UnixTime| {
            self.webpki
                .verify_client_cert(&end_entity, &intermediates, at)
                .map(drop)
        };
        match judge(unix_time(now)) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. },
            )) => judge(unix_time(nearest_valid_moment(certificate, now))),
            judged => judged,
        }
    }

    fn issuer_of(&self, certificate: &[u8]) -> IssuerFinding {
        let Ok((_, certificate)) = X509Certificate::from_der(certificate) else {
            return IssuerFinding::NotListed;
        };
        let name = certificate.issuer().as_raw();
        let certifiers = self.certifiers.now();
        let namesakes: Vec<&Certifier> = certifiers
            .iter()
            .filter(|certifier| certifier.subject_der == name)
            .collect();
        if namesakes.is_empty() {
            return IssuerFinding::NotListed;
        }
        let mut is_verifiable = true;
        for certifier in &namesakes {
            match certifier.verify(&certificate) {
                Ok(()) => return IssuerFinding::Signed((*certifier).clone()),
                Err(X509Error::SignatureUnsupportedAlgorithm) => is_verifiable = false,
                Err(_) => {}
            }
        }
        match is_verifiable {
            true => IssuerFinding::WrongSignature {
                namesakes: namesakes.into_iter().cloned().collect(),
            },
            false => IssuerFinding::Unverifiable,
        }
    }
}

impl Certifier {
    /// Reads a certifier's certificate. None if it cannot be read.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let key_identifier = certificate
            .extensions()
            .iter()
            .find_map(|extension| match extension.parsed_extension() {
                ParsedExtension::SubjectKeyIdentifier(identifier) => Some(identifier.0.to_vec()),
                _ => None,
            });
        Some(Self {
            certificate_der: der.to_vec(),
            subject_der: certificate.subject().as_raw().to_vec(),
            key_identifier,
            not_before: certificate.validity().not_before.to_datetime(),
            not_after: certificate.validity().not_after.to_datetime(),
        })
    }

    /// The content octets of a certificate's serial number. None if the certificate cannot be read.
    pub fn serial_of(der: &[u8]) -> Option<Vec<u8>> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        Some(certificate.raw_serial().to_vec())
    }

    fn verify(&self, certificate: &X509Certificate<'_>) -> Result<(), X509Error> {
        let (_, own) = X509Certificate::from_der(&self.certificate_der)
            .map_err(|_| X509Error::InvalidCertificate)?;
        certificate.verify_signature(Some(own.public_key()))
    }
}

fn nearest_valid_moment(certificate: &[u8], now: OffsetDateTime) -> OffsetDateTime {
    CertificateFacts::from_der(certificate).map_or(now, |facts| {
        let (first, last) = (facts.not_before, facts.not_after);
        if now < first { first } else { now.min(last) }
    })
}
