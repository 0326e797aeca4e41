//! What the portal tells about a connection, in JSON and on its pages.

use rustls::{ProtocolVersion, ServerConnection, SignatureScheme};
use serde::{Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::certificate::CertificateFacts;
use crate::handshake::Handshake;
use crate::in_italian;
use crate::login::{self, Outcome};

/// The answer to "who am I?". Its JSON field names are stable.
#[derive(Clone, Debug, Serialize)]
pub struct LoginReport {
    /// `logged_in`, `no_certificate` or `refused`.
    pub outcome: &'static str,
    /// Who logged in.
    pub citizen: Option<CitizenReport>,
    /// Why the login was refused.
    pub reasons: Vec<ReasonReport>,
    /// What to try when no certificate came.
    pub advice: &'static [&'static str],
    /// The certificate, whenever one came and could be read.
    pub certificate: Option<CertificateReport>,
    /// What TLS negotiated.
    pub tls: TlsFacts,
    /// When the connection was made; RFC 3339 in JSON.
    pub time: Instant,
}

/// Who logged in.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the fields are those of `login::Citizen`")]
pub struct CitizenReport {
    pub codice_fiscale: String,
    pub card_number: String,
    pub surname: Option<String>,
    pub given_name: Option<String>,
    pub issuing_administration: Option<String>,
}

/// A check that failed.
#[derive(Clone, Debug, Serialize)]
pub struct ReasonReport {
    /// The stable identifier of the check.
    pub id: &'static str,
    /// What the certificate says.
    pub seen: String,
    /// What is required.
    pub rule: &'static str,
    /// What the visitor can do.
    pub remedy: &'static str,
}

/// The facts of the certificate.
#[derive(Clone, Debug, Serialize)]
#[expect(
    missing_docs,
    reason = "the fields are those of `certificate::CertificateFacts`"
)]
pub struct CertificateReport {
    pub subject: String,
    pub issuer: String,
    pub serial_number: String,
    pub not_before: Instant,
    pub not_after: Instant,
    pub key_algorithm: String,
    pub key_bits: usize,
    pub policies: Vec<String>,
    pub sha256: String,
}

/// What TLS negotiated, under the names of the IANA registries.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct TlsFacts {
    /// `TLSv1.2` or `TLSv1.3`.
    pub version: String,
    /// Such as `TLS_AES_256_GCM_SHA384`.
    pub cipher_suite: String,
    /// How the client signed, such as `rsa_pss_rsae_sha256`; nothing if it had no certificate.
    pub signature_scheme: Option<String>,
    /// The host name that the client asked for (SNI).
    pub server_name: Option<String>,
}

/// A point in time, which is RFC 3339 in JSON and Italian on a page.
#[derive(Clone, Copy, Debug)]
pub struct Instant(pub OffsetDateTime);

impl LoginReport {
    /// Judges what a handshake at `now` has established.
    pub fn new(handshake: Handshake, now: OffsetDateTime) -> Self {
        let (outcome, facts) = login::judge(handshake.peer.as_ref(), now);
        let mut report = Self {
            outcome: "no_certificate",
            citizen: None,
            reasons: Vec::new(),
            advice: &[],
            certificate: facts.map(CertificateReport::from),
            tls: handshake.tls,
            time: Instant(now),
        };
        match outcome {
            Outcome::NoCertificate => report.advice = &NO_CERTIFICATE_ADVICE,
            Outcome::LoggedIn(citizen) => {
                report.outcome = "logged_in";
                report.citizen = Some(CitizenReport {
                    codice_fiscale: citizen.codice_fiscale.to_string(),
                    card_number: citizen.card_number.to_string(),
                    surname: citizen.surname,
                    given_name: citizen.given_name,
                    issuing_administration: citizen.issuing_administration,
                });
            }
            Outcome::Refused { reasons } => {
                report.outcome = "refused";
                report.reasons = reasons
                    .into_iter()
                    .map(|reason| ReasonReport {
                        id: reason.check.id(),
                        seen: reason.seen,
                        rule: reason.check.rule(),
                        remedy: reason.check.remedy(),
                    })
                    .collect();
            }
        }
        report
    }
}

impl TlsFacts {
    pub(crate) fn of(connection: &ServerConnection, scheme: Option<SignatureScheme>) -> Self {
        let version = match connection.protocol_version() {
            Some(ProtocolVersion::TLSv1_2) => "TLSv1.2".to_owned(),
            Some(ProtocolVersion::TLSv1_3) => "TLSv1.3".to_owned(),
            other => format!("{other:?}"),
        };
        // rustls marks its TLS 1.3 suites with a 13 that the registry does not have.
        let cipher_suite = connection
            .negotiated_cipher_suite()
            .map(|suite| format!("{:?}", suite.suite()).replacen("TLS13_", "TLS_", 1));
        Self {
            version,
            cipher_suite: cipher_suite.unwrap_or_default(),
            signature_scheme: scheme.map(Self::signature_scheme_name),
            server_name: connection.server_name().map(str::to_owned),
        }
    }

    /// The name in the registry "TLS SignatureScheme" (RFC 8446 §4.2.3).
    pub(crate) fn signature_scheme_name(scheme: SignatureScheme) -> String {
        match scheme {
            SignatureScheme::RSA_PKCS1_SHA256 => "rsa_pkcs1_sha256".to_owned(),
            SignatureScheme::RSA_PKCS1_SHA384 => "rsa_pkcs1_sha384".to_owned(),
            SignatureScheme::RSA_PKCS1_SHA512 => "rsa_pkcs1_sha512".to_owned(),
            SignatureScheme::RSA_PSS_SHA256 => "rsa_pss_rsae_sha256".to_owned(),
            SignatureScheme::RSA_PSS_SHA384 => "rsa_pss_rsae_sha384".to_owned(),
            SignatureScheme::RSA_PSS_SHA512 => "rsa_pss_rsae_sha512".to_owned(),
            SignatureScheme::ECDSA_NISTP256_SHA256 => "ecdsa_secp256r1_sha256".to_owned(),
            SignatureScheme::ECDSA_NISTP384_SHA384 => "ecdsa_secp384r1_sha384".to_owned(),
            SignatureScheme::ED25519 => "ed25519".to_owned(),
            other => format!("0x{:04x}", u16::from(other)),
        }
    }
}

impl Instant {
    /// Day, month and year, then the time in UTC.
    pub fn in_italian(&self) -> String {
        in_italian::instant(self.0)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.format(&Rfc3339).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

impl From<CertificateFacts> for CertificateReport {
    fn from(facts: CertificateFacts) -> Self {
        Self {
            subject: facts.subject,
            issuer: facts.issuer,
            serial_number: facts.serial_number,
            not_before: Instant(facts.not_before),
            not_after: Instant(facts.not_after),
            key_algorithm: facts.key_algorithm,
            key_bits: facts.key_bits,
            policies: facts.policies,
            sha256: facts.sha256,
        }
    }
}

const NO_CERTIFICATE_ADVICE: [&str; 4] = [
    "Controllare che la carta sia nel lettore e che il lettore sia collegato.",
    "Controllare che il browser conosca la carta: il middleware (modulo PKCS#11) deve essere \
     installato e caricato.",
    "Il browser deve chiedere quale certificato usare e poi il PIN: se non lo ha fatto, non ha \
     visto la carta.",
    "Chiudere tutte le finestre del browser e riprovare: un rifiuto viene ricordato per tutta la \
     sessione.",
];
