//! OpenSSL 3.0 as a server that asks for a certificate: `verify -purpose sslclient -auth_level 2`.
//!
//! Only the first error counts, for a server that is not told otherwise stops there. The order is that
//! of `X509_verify_cert`: the chain is built, extensions and purpose are looked at, then the strength
//! of keys and digests, and last, from the certifier down, signatures and times.

use time::OffsetDateTime;

use super::Opinion;
use crate::certificate::CertificateFacts;
use crate::chain::IssuerFinding;
use cns_language::text;

/// An error of `X509_verify_cert`, by its number and its words in OpenSSL 3.0.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct VerifyError {
    pub(crate) number: u8,
    pub(crate) words: &'static str,
}

/// What cannot be read at all comes to no error of the chain: OpenSSL ends the handshake.
pub(crate) const UNREADABLE: VerifyError = error(1, "unspecified certificate verification error");
const SIGNATURE: VerifyError = error(7, "certificate signature failure");
const NOT_YET_VALID: VerifyError = error(9, "certificate is not yet valid");
const EXPIRED: VerifyError = error(10, "certificate has expired");
const NO_ISSUER: VerifyError = error(20, "unable to get local issuer certificate");
const PURPOSE: VerifyError = error(26, "unsuitable certificate purpose");
const CRITICAL: VerifyError = error(34, "unhandled critical extension");
const KEY_TOO_SMALL: VerifyError = error(66, "EE certificate key too weak");
const DIGEST_TOO_WEAK: VerifyError = error(68, "CA signature digest algorithm too weak");

/// Those that security level 0 does not ask about.
pub(super) const OF_SECURITY_LEVEL: [u8; 2] = [KEY_TOO_SMALL.number, DIGEST_TOO_WEAK.number];

const fn error(number: u8, words: &'static str) -> VerifyError {
    VerifyError { number, words }
}

/// All errors, the one that OpenSSL stops at first.
pub(crate) fn verify(
    facts: &CertificateFacts,
    issuer: &IssuerFinding,
    at: OffsetDateTime,
) -> Vec<VerifyError> {
    if !is_found(facts, issuer) {
        return vec![NO_ISSUER];
    }
    [
        (!facts.unknown_critical.is_empty()).then_some(CRITICAL),
        (!is_for_clients(facts)).then_some(PURPOSE),
        (facts.key_algorithm == "RSA" && facts.key_bits < 2_048).then_some(KEY_TOO_SMALL),
        SHA1.contains(&facts.signature_algorithm.as_str())
            .then_some(DIGEST_TOO_WEAK),
        certifier_time(issuer, at),
        matches!(issuer, IssuerFinding::WrongSignature { .. }).then_some(SIGNATURE),
        time_error(facts.not_before, facts.not_after, at),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(super) fn opinion(errors: &[VerifyError]) -> Opinion {
    Opinion {
        who: "openssl",
        about: text(
            "OpenSSL 3.0, verify -purpose sslclient, livello di sicurezza 2 (Apache, nginx)",
            "OpenSSL 3.0, verify -purpose sslclient, security level 2 (Apache, nginx)",
            "OpenSSL 3.0, verify -purpose sslclient, Sicherheitsstufe 2 (Apache, nginx)",
        ),
        accepts: Some(errors.is_empty()),
        says: match errors.first() {
            None => "OK".to_owned(),
            Some(error) => format!("error {}: {}", error.number, error.words),
        },
    }
}

/// A certifier of the right name whose key is not the one that the certificate points at is no issuer.
fn is_found(facts: &CertificateFacts, issuer: &IssuerFinding) -> bool {
    match issuer {
        IssuerFinding::NotListed => false,
        IssuerFinding::Signed(_) | IssuerFinding::Unverifiable => true,
        IssuerFinding::WrongSignature { namesakes } => namesakes.iter().any(|certifier| {
            match (&facts.authority_key_identifier, &certifier.key_identifier) {
                (Some(named), Some(own)) => named == own,
                _ => true,
            }
        }),
    }
}

/// `check_purpose_ssl_client`: what is absent allows everything.
fn is_for_clients(facts: &CertificateFacts) -> bool {
    let extended = !facts.has_extended_key_usage || facts.client_authentication;
    let plain = facts
        .key_usage
        .is_none_or(|usage| usage.digital_signature || usage.key_agreement);
    extended && plain
}

fn certifier_time(issuer: &IssuerFinding, at: OffsetDateTime) -> Option<VerifyError> {
    match issuer {
        IssuerFinding::Signed(certifier) => {
            time_error(certifier.not_before, certifier.not_after, at)
        }
        _ => None,
    }
}

fn time_error(
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
    at: OffsetDateTime,
) -> Option<VerifyError> {
    if at < not_before {
        return Some(NOT_YET_VALID);
    }
    (not_after < at).then_some(EXPIRED)
}

/// sha1WithRSAEncryption and ecdsa-with-SHA1.
const SHA1: [&str; 2] = ["1.2.840.113549.1.1.5", "1.2.840.10045.4.1"];
