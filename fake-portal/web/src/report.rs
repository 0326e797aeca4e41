//! What the portal tells about a connection, in JSON and on its pages.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::{Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::alert::Alert;
use crate::certificate::CertificateFacts;
use crate::handshake_facts::HandshakeFacts;
use crate::login::Outcome;
use crate::verdict::{CheckResult, Judgement};
use crate::words::Words;
use cns_language::Language;

/// The answer to "who am I?". Its JSON field names are stable.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct LoginReport {
    /// `logged_in`, `no_certificate` or `refused`.
    pub outcome: &'static str,
    /// Who logged in.
    pub citizen: Option<CitizenReport>,
    /// Why the login was refused.
    pub reasons: Vec<ReasonReport>,
    /// What is not as it should be, and keeps nobody out.
    pub warnings: Vec<ReasonReport>,
    /// What to try when no certificate came.
    pub advice: &'static [&'static str],
    /// The certificate, whenever one came and could be read.
    pub certificate: Option<CertificateReport>,
    /// What TLS negotiated.
    pub tls: TlsFacts,
    /// When the connection was made; RFC 3339 in JSON.
    pub time: Instant,
}

/// The whole verdict: the login, every check, what others would say, and the handshake. Its JSON field
/// names are stable.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct VerdictReport {
    /// The login.
    #[serde(flatten)]
    pub login: LoginReport,
    /// Every check, in the order of the table.
    pub checks: Vec<CheckReport>,
    /// What others would say.
    pub opinions: Vec<OpinionReport>,
    /// What the handshake showed.
    pub handshake: HandshakeFacts,
    /// The language of all this: `it`, `en` or `de`.
    pub language: &'static str,
}

/// Who logged in.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[expect(missing_docs, reason = "the fields are those of `login::Citizen`")]
pub struct CitizenReport {
    pub codice_fiscale: String,
    pub card_number: String,
    pub surname: Option<String>,
    pub given_name: Option<String>,
    pub issuing_administration: Option<String>,
}

/// A check that failed.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct ReasonReport {
    /// The stable identifier of the check.
    pub id: &'static str,
    /// What the certificate says.
    pub seen: String,
    /// What is required.
    pub rule: &'static str,
    /// Where that is written.
    pub source: &'static str,
    /// What the visitor can do.
    pub remedy: &'static str,
    /// How a strict portal says it, and what the visitor's program makes of that. Nothing for a
    /// warning, which no portal sends.
    pub alert: Option<&'static Alert>,
}

/// What a check found.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct CheckReport {
    /// The stable identifier.
    pub id: &'static str,
    /// `required` or `advised`.
    pub level: &'static str,
    /// `pass`, `fail`, `not_applicable` or `could_not_tell`.
    pub status: &'static str,
    /// What was seen.
    pub seen: String,
    /// What is required.
    pub rule: &'static str,
    /// Where that is written.
    pub source: &'static str,
}

/// What somebody else would say.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[expect(missing_docs, reason = "the fields are those of `opinions::Opinion`")]
pub struct OpinionReport {
    pub who: &'static str,
    pub about: &'static str,
    pub accepts: Option<bool>,
    pub says: String,
}

/// The facts of the certificate.
#[derive(Clone, Debug, JsonSchema, Serialize)]
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
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
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

/// A point in time, which is RFC 3339 in JSON.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Instant(pub OffsetDateTime);

impl LoginReport {
    /// The login, in a language.
    pub fn new(judgement: &Judgement, language: Language) -> Self {
        let reports = |chosen: fn(&CheckResult) -> bool| {
            let results = judgement.results.iter().filter(|result| chosen(result));
            results
                .map(|result| ReasonReport::new(result, language))
                .collect()
        };
        let mut report = Self {
            outcome: judgement.outcome.word(),
            citizen: None,
            reasons: Vec::new(),
            warnings: Vec::new(),
            advice: &[],
            certificate: judgement.facts.clone().map(CertificateReport::from),
            tls: judgement.tls.clone(),
            time: Instant(judgement.now),
        };
        match &judgement.outcome {
            // That no certificate came is said once, by the outcome.
            Outcome::NoCertificate => report.advice = &Words::in_language(language).advice,
            Outcome::LoggedIn(citizen) => {
                report.warnings = reports(CheckResult::warns);
                report.citizen = Some(CitizenReport {
                    codice_fiscale: citizen.codice_fiscale.to_string(),
                    card_number: citizen.card_number.to_string(),
                    surname: citizen.surname.clone(),
                    given_name: citizen.given_name.clone(),
                    issuing_administration: citizen.issuing_administration.clone(),
                });
            }
            Outcome::Refused => {
                report.reasons = reports(CheckResult::refuses);
                report.warnings = reports(CheckResult::warns);
            }
        }
        report
    }
}

impl VerdictReport {
    /// The whole verdict, in a language.
    pub fn new(judgement: &Judgement, language: Language) -> Self {
        let check = |result: &CheckResult| CheckReport {
            id: result.check.id,
            level: result.check.level.word(),
            status: result.finding.status.word(),
            seen: result.finding.seen.in_language(language),
            rule: result.check.rule.in_language(language),
            source: result.check.source,
        };
        let opinions = judgement.opinions.iter().map(|opinion| OpinionReport {
            who: opinion.who,
            about: opinion.about.in_language(language),
            accepts: opinion.accepts,
            says: opinion.says.clone(),
        });
        Self {
            login: LoginReport::new(judgement, language),
            checks: judgement.results.iter().map(check).collect(),
            opinions: opinions.collect(),
            handshake: judgement.handshake.clone(),
            language: language.tag(),
        }
    }
}

impl ReasonReport {
    fn new(result: &CheckResult, language: Language) -> Self {
        Self {
            id: result.check.id,
            seen: result.finding.seen.in_language(language),
            rule: result.check.rule.in_language(language),
            source: result.check.source,
            remedy: result.check.remedy.in_language(language),
            alert: result.refuses().then_some(result.check.alert),
        }
    }
}

impl TlsFacts {
    pub(crate) fn of(handshake: &HandshakeFacts) -> Self {
        Self {
            version: handshake.version.clone().unwrap_or_default(),
            cipher_suite: handshake.cipher_suite.clone().unwrap_or_default(),
            signature_scheme: handshake.signature_scheme.clone(),
            server_name: handshake.server_name.clone(),
        }
    }
}

/// As in JSON; an instant that RFC 3339 cannot say, in words of its own.
impl fmt::Display for Instant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.format(&Rfc3339) {
            Ok(text) => formatter.write_str(&text),
            Err(_) => self.0.fmt(formatter),
        }
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.format(&Rfc3339).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'_, str>::deserialize(deserializer)?;
        let instant = OffsetDateTime::parse(&text, &Rfc3339).map_err(|_| {
            D::Error::custom(format!(
                "{text:?} is no instant such as 2026-11-24T12:00:00Z"
            ))
        })?;
        Ok(Self(instant))
    }
}

impl JsonSchema for Instant {
    fn schema_name() -> Cow<'static, str> {
        "Instant".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
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
