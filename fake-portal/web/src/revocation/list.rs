//! A certificate revocation list (RFC 5280 §5) that lies in memory.

mod scope;

use std::collections::BTreeMap;

use rustls::pki_types::CertificateRevocationListDer;
use rustls::pki_types::pem::PemObject;
use thiserror::Error;
use time::OffsetDateTime;
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::revocation_list::CertificateRevocationList;

use super::{
    CLOCK_TOLERANCE, RevocationQuery, RevocationReason, RevocationSource, RevocationStatus,
};
use crate::certificate::weak_signature;

/// A list whose signature is that of its issuer.
#[derive(Clone, Debug)]
pub struct RevocationList {
    issuer_name_der: Vec<u8>,
    /// The SubjectPublicKeyInfo, DER, of whoever signed it: two certifiers may have one name, and neither
    /// knows what the other has issued.
    issuer_key_der: Vec<u8>,
    /// Where it says that it is published. Nothing, if it does not say so.
    addresses: Vec<String>,
    this_update: OffsetDateTime,
    next_update: Option<OffsetDateTime>,
    /// By the content octets of the serial number.
    revoked: BTreeMap<Vec<u8>, (RevocationReason, OffsetDateTime)>,
}

/// Why a list is not used.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum RevocationListError {
    /// It is none.
    #[error(
        "the revocation list cannot be read: {reason}\n\
         hint: it must be the DER or the PEM of a CertificateList, as `openssl crl` writes it"
    )]
    Syntax {
        /// What the reader says.
        reason: String,
    },
    /// No trusted certifier has signed it.
    #[error(
        "no certifier that the portal trusts has signed the revocation list of {issuer}\n\
         hint: trust its certifier with --trust, or leave the list out"
    )]
    Signature {
        /// Who should have.
        issuer: String,
    },
    /// It is about something else than the certificates of cards, or about more than is read here.
    #[error("the revocation list cannot be used: {what}")]
    Scope {
        /// What it is about.
        what: String,
    },
}

impl RevocationList {
    /// Reads a list, DER or PEM, that one of these certifiers (their certificates, DER) has signed.
    ///
    /// # Errors
    /// It cannot be read, or nobody trusted has signed it.
    pub fn from_bytes(bytes: &[u8], certifiers: &[Vec<u8>]) -> Result<Self, RevocationListError> {
        match CertificateRevocationListDer::from_pem_slice(bytes) {
            Ok(der) => Self::from_der(&der, certifiers),
            Err(_) => Self::from_der(bytes, certifiers),
        }
    }

    /// Reads a list, DER, that one of these certifiers (their certificates, DER) has signed.
    ///
    /// # Errors
    /// It cannot be read, or nobody trusted has signed it.
    pub fn from_der(der: &[u8], certifiers: &[Vec<u8>]) -> Result<Self, RevocationListError> {
        let syntax = |reason: String| RevocationListError::Syntax { reason };
        let (rest, list) =
            CertificateRevocationList::from_der(der).map_err(|error| syntax(error.to_string()))?;
        if !rest.is_empty() {
            return Err(syntax(format!("{} bytes follow it", rest.len())));
        }
        let algorithm = list.signature_algorithm.algorithm.to_id_string();
        if let Some(weak) = weak_signature(&algorithm) {
            let what = format!("it is signed with {weak}");
            return Err(RevocationListError::Scope { what });
        }
        let mut certifiers = certifiers
            .iter()
            .filter_map(|certifier| Some(X509Certificate::from_der(certifier).ok()?.1));
        let signer = certifiers.find(|certifier| {
            certifier.subject().as_raw() == list.issuer().as_raw()
                && list.verify_signature(certifier.public_key()).is_ok()
        });
        let signer = signer.ok_or_else(|| RevocationListError::Signature {
            issuer: list.issuer().to_string(),
        })?;
        let addresses =
            scope::addresses(&list).map_err(|what| RevocationListError::Scope { what })?;
        let revoked = list.iter_revoked_certificates().map(|entry| {
            let reason = entry.reason_code().map_or(0, |(_, reason)| reason.0);
            let since = entry.revocation_date.to_datetime();
            let fact = (RevocationReason::from_number(reason), since);
            (entry.raw_serial().to_vec(), fact)
        });
        Ok(Self {
            issuer_name_der: list.issuer().as_raw().to_vec(),
            issuer_key_der: signer.public_key().raw.to_vec(),
            addresses,
            this_update: list.last_update().to_datetime(),
            next_update: list.next_update().map(|time| time.to_datetime()),
            revoked: revoked.collect(),
        })
    }
}

impl RevocationSource for RevocationList {
    fn status(&self, query: &RevocationQuery<'_>) -> RevocationStatus {
        if !self.is_of_issuer(query) {
            return RevocationStatus::Unknown;
        }
        if query.at.saturating_add(CLOCK_TOLERANCE) < self.this_update {
            let why = format!("the list is of {}, which is yet to come", self.this_update);
            return RevocationStatus::Unreachable { why };
        }
        if !self.is_where(query.list_urls) {
            let why = format!("the list is that of {}", self.addresses.join(", "));
            return RevocationStatus::Unreachable { why };
        }
        // A revocation holds even if the list that says so is old; only its silence has an end.
        match (self.revoked.get(query.serial), self.next_update) {
            (Some((RevocationReason::RemoveFromCrl, _)), _) => RevocationStatus::Good,
            (Some(&(reason, since)), _) => RevocationStatus::Revoked { reason, since },
            (None, Some(next_update)) if next_update < query.at => {
                RevocationStatus::Stale { next_update }
            }
            (None, Some(_)) => RevocationStatus::Good,
            // Who kept it could show it for ever (RFC 5280 §5.1.2.5 wants the field).
            (None, None) => RevocationStatus::Unreachable {
                why: "the list does not say until when it is good".to_owned(),
            },
        }
    }
}

impl RevocationList {
    /// Whether the list is that of the certificate's issuer: of its name and, if it is known who signed the
    /// certificate, of its key. A certifier whose own certificate was renewed has the key that it had.
    fn is_of_issuer(&self, query: &RevocationQuery<'_>) -> bool {
        let has_its_key = |certifier: &[u8]| {
            let certifier = X509Certificate::from_der(certifier);
            certifier.is_ok_and(|(_, certifier)| certifier.public_key().raw == self.issuer_key_der)
        };
        query.issuer_name_der == self.issuer_name_der
            && query.issuer_certificate_der.is_none_or(has_its_key)
    }

    /// Whether the list is one of those that a certificate names: a certifier may have several, each about
    /// some of its certificates (RFC 5280 §6.3.3 b 2).
    fn is_where(&self, urls: &[String]) -> bool {
        let says_nothing = self.addresses.is_empty() || urls.is_empty();
        says_nothing || self.addresses.iter().any(|address| urls.contains(address))
    }
}
