//! `rev.*`: whether the certifier has taken the certificate back.
//!
//! A source that cannot answer does not keep a citizen out: the report says that it could not tell.

use super::{Check, Finding, Judge, Level, fail, not_applicable, pass, unknown};
use crate::alert::CERTIFICATE_REVOKED;
use crate::certificate::CertificateFacts;
use crate::evidence::Evidence;
use crate::revocation::{RevocationAnswers, RevocationReason, RevocationStatus};
use cns_language::{Phrase, Text, text};

const RULE: Text = text(
    "Il certificato non deve essere revocato né sospeso.",
    "The certificate must be neither revoked nor suspended.",
    "Das Zertifikat darf weder widerrufen noch ausgesetzt sein.",
);
const REMEDY: Text = text(
    "Una carta sospesa si riattiva allo sportello; una revocata va sostituita.",
    "A suspended card is reactivated at the desk; a revoked one must be replaced.",
    "Eine ausgesetzte Karte wird am Schalter reaktiviert; eine widerrufene ist zu ersetzen.",
);

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "rev.crl",
        level: Level::Required,
        rule: RULE,
        source: "RFC 5280 §6.3",
        remedy: REMEDY,
        alert: &CERTIFICATE_REVOKED,
        judge: Judge::Certificate(|_: &CertificateFacts, evidence| {
            finding(evidence, |answers| answers.crl.as_ref())
        }),
    },
    Check {
        id: "rev.ocsp",
        level: Level::Required,
        rule: RULE,
        source: "RFC 6960 §2.2",
        remedy: REMEDY,
        alert: &CERTIFICATE_REVOKED,
        judge: Judge::Certificate(|_: &CertificateFacts, evidence| {
            finding(evidence, |answers| answers.ocsp.as_ref())
        }),
    },
];

fn finding(
    evidence: &Evidence<'_>,
    source: fn(&RevocationAnswers) -> Option<&RevocationStatus>,
) -> Finding {
    let answer = evidence
        .presented
        .and_then(|presented| source(&presented.revocation));
    match answer {
        None => not_applicable(text(
            "il portale non ha una fonte da interrogare",
            "the portal has no source to ask",
            "das Portal hat keine Quelle zu befragen",
        )),
        Some(RevocationStatus::Good) => pass(text(
            "non è revocato",
            "it is not revoked",
            "es ist nicht widerrufen",
        )),
        Some(RevocationStatus::Revoked { reason, since }) => {
            let seen = match reason {
                RevocationReason::CertificateHold => text(
                    "sospeso dal {1} ({0})",
                    "suspended since {1} ({0})",
                    "ausgesetzt seit {1} ({0})",
                ),
                _ => text(
                    "revocato dal {1}: {0}",
                    "revoked since {1}: {0}",
                    "widerrufen seit {1}: {0}",
                ),
            };
            fail(Phrase::from(seen).with(reason.name()).with(*since))
        }
        Some(RevocationStatus::NotPublished) => not_applicable(text(
            "il certificato non dice dove chiedere",
            "the certificate does not say where to ask",
            "das Zertifikat sagt nicht, wo zu fragen ist",
        )),
        Some(RevocationStatus::NotIssued) => fail(text(
            "l'ente dice di non averlo mai emesso",
            "the certifier says that it never issued it",
            "die Zertifizierungsstelle sagt, es nie ausgestellt zu haben",
        )),
        Some(RevocationStatus::Unknown) => unknown(text(
            "la fonte non conosce questo certificato",
            "the source does not know this certificate",
            "die Quelle kennt dieses Zertifikat nicht",
        )),
        Some(RevocationStatus::Stale { next_update }) => {
            let seen = text(
                "la fonte è vecchia: doveva essere rinnovata il {0}",
                "the source is old: it should have been renewed on {0}",
                "die Quelle ist alt: sie hätte am {0} erneuert werden müssen",
            );
            unknown(Phrase::from(seen).with(*next_update))
        }
        Some(RevocationStatus::Unreachable { why }) => {
            let seen = text(
                "la fonte non risponde: {0}",
                "the source does not answer: {0}",
                "die Quelle antwortet nicht: {0}",
            );
            unknown(Phrase::from(seen).with(why.as_str()))
        }
    }
}
