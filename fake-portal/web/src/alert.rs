//! How a refusal looks to the client: the TLS alert, and what programs make of it.
//!
//! Each of these words was seen: the suite drives the real programs to a strict portal with every alert
//! (`conformance/tests/symptoms.rs`), and the report says in which versions.

use rustls::CertificateError;
use schemars::JsonSchema;
use serde::Serialize;

/// An alert with which a strict portal refuses a certificate (RFC 8446 §6.2), and what clients say
/// when they get it.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Alert {
    /// Its name in the RFC.
    pub name: &'static str,
    /// Its number.
    pub number: u8,
    /// What Chrome shows.
    pub chrome: &'static str,
    /// What Firefox shows.
    pub firefox: &'static str,
    /// What OpenSSL 3.0 writes; curl repeats it.
    pub openssl: &'static str,
    /// How that is known.
    pub evidence: &'static Evidence,
    #[serde(skip)]
    error: Option<CertificateError>,
}

/// In which versions what clients say was seen.
#[derive(Debug, JsonSchema, Serialize)]
#[expect(missing_docs, reason = "the fields are those of `Alert`")]
pub struct Evidence {
    pub chrome: &'static str,
    pub firefox: &'static str,
    pub openssl: &'static str,
}

static SEEN: Evidence = Evidence {
    chrome: "seen in Chromium 148",
    firefox: "seen in Firefox 140",
    openssl: "seen in OpenSSL 3.0 and curl 7.88",
};

impl Alert {
    /// What makes rustls send it, of a certificate.
    pub(crate) fn certificate_error(&self) -> CertificateError {
        let other = CertificateError::ApplicationVerificationFailure;
        self.error.clone().unwrap_or(other)
    }
}

const BAD_CLIENT_CERTIFICATE: &str = "ERR_BAD_SSL_CLIENT_AUTH_CERT";

/// The certificate cannot be read, or has something in it that nobody understands.
pub(crate) static BAD_CERTIFICATE: Alert = Alert {
    name: "bad_certificate",
    number: 42,
    chrome: BAD_CLIENT_CERTIFICATE,
    firefox: "SSL_ERROR_BAD_CERT_ALERT",
    openssl: "sslv3 alert bad certificate",
    evidence: &SEEN,
    error: Some(CertificateError::BadEncoding),
};

/// The certificate is for something else.
pub(crate) static UNSUPPORTED_CERTIFICATE: Alert = Alert {
    name: "unsupported_certificate",
    number: 43,
    chrome: BAD_CLIENT_CERTIFICATE,
    firefox: "SSL_ERROR_UNSUPPORTED_CERT_ALERT",
    openssl: "sslv3 alert unsupported certificate",
    evidence: &SEEN,
    error: Some(CertificateError::InvalidPurpose),
};

/// The certificate is revoked, or suspended.
pub(crate) static CERTIFICATE_REVOKED: Alert = Alert {
    name: "certificate_revoked",
    number: 44,
    chrome: BAD_CLIENT_CERTIFICATE,
    firefox: "SSL_ERROR_REVOKED_CERT_ALERT",
    openssl: "sslv3 alert certificate revoked",
    evidence: &SEEN,
    error: Some(CertificateError::Revoked),
};

/// The certificate is not valid now: no longer, or not yet.
pub(crate) static CERTIFICATE_EXPIRED: Alert = Alert {
    name: "certificate_expired",
    number: 45,
    chrome: BAD_CLIENT_CERTIFICATE,
    firefox: "SSL_ERROR_EXPIRED_CERT_ALERT",
    openssl: "sslv3 alert certificate expired",
    evidence: &SEEN,
    error: Some(CertificateError::Expired),
};

/// Nobody that the portal trusts has issued the certificate.
pub(crate) static UNKNOWN_CA: Alert = Alert {
    name: "unknown_ca",
    number: 48,
    chrome: BAD_CLIENT_CERTIFICATE,
    firefox: "SSL_ERROR_UNKNOWN_CA_ALERT",
    openssl: "tlsv1 alert unknown ca",
    evidence: &SEEN,
    error: Some(CertificateError::UnknownIssuer),
};

/// The certificate is in order, and the portal has no use for it.
pub(crate) static ACCESS_DENIED: Alert = Alert {
    name: "access_denied",
    number: 49,
    chrome: BAD_CLIENT_CERTIFICATE,
    firefox: "SSL_ERROR_ACCESS_DENIED_ALERT",
    openssl: "tlsv1 alert access denied",
    evidence: &SEEN,
    error: Some(CertificateError::ApplicationVerificationFailure),
};

/// A signature does not hold: the client's own, or its certifier's.
pub(crate) static DECRYPT_ERROR: Alert = Alert {
    name: "decrypt_error",
    number: 51,
    chrome: "ERR_SSL_DECRYPT_ERROR_ALERT",
    firefox: "SSL_ERROR_DECRYPT_ERROR_ALERT",
    openssl: "tlsv1 alert decrypt error",
    evidence: &SEEN,
    error: Some(CertificateError::BadSignature),
};

/// No certificate came. TLS 1.3 has this alert; rustls sends it in TLS 1.2 too, where OpenSSL as a server
/// sends handshake_failure.
pub(crate) static CERTIFICATE_REQUIRED: Alert = Alert {
    name: "certificate_required",
    number: 116,
    chrome: BAD_CLIENT_CERTIFICATE,
    firefox: "SSL_ERROR_RX_CERTIFICATE_REQUIRED_ALERT",
    openssl: "alert certificate required",
    evidence: &SEEN,
    error: None,
};

/// All of them, by their number.
pub static ALERTS: [&Alert; 8] = [
    &BAD_CERTIFICATE,
    &UNSUPPORTED_CERTIFICATE,
    &CERTIFICATE_REVOKED,
    &CERTIFICATE_EXPIRED,
    &UNKNOWN_CA,
    &ACCESS_DENIED,
    &DECRYPT_ERROR,
    &CERTIFICATE_REQUIRED,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls_names::alert_name;

    #[test]
    fn rustls_sends_what_the_table_says() {
        for alert in ALERTS.iter().filter(|alert| alert.error.is_some()) {
            let sent = rustls::AlertDescription::from(alert.certificate_error());
            assert_eq!(u8::from(sent), alert.number);
            assert_eq!(alert_name(sent), alert.name);
        }
    }
}
