//! `policy.*`: whether the certificate says that it is of a CNS.

use cns_authority::CNS_POLICY;

use super::{Check, Finding, Judge, Level, fail, holds, not_applicable, pass};
use crate::alert::ACCESS_DENIED;
use crate::certificate::CertificateFacts;
use crate::evidence::Evidence;
use cns_language::{Phrase, text};

/// Policies that stand for a CNS: the national one, and the two of the regional card of
/// Lombardia, which the regulation declares equivalent.
const CNS_POLICIES: [&str; 3] = [CNS_POLICY, "1.3.159.6.1.3.2.10", "1.3.76.12.1.1.10.2.2.10"];

/// The policy of the electronic identity card.
const CIE_POLICY: &str = "1.3.76.47.4";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "policy.cns_oid",
        level: Level::Required,
        rule: text(
            "Il certificato deve contenere la politica delle CNS, 1.3.76.16.2.1 o equivalente.",
            "The certificate must contain the policy of the CNS, 1.3.76.16.2.1 or an equivalent.",
            "Das Zertifikat muss die Richtlinie der CNS enthalten, 1.3.76.16.2.1 oder gleichwertig.",
        ),
        source: "AgID, profilo del certificato CNS 1.1, certificatePolicies; RFC 5280 §4.2.1.4",
        remedy: text(
            "Usare una CNS: altri certificati non bastano per accedere.",
            "Use a CNS: other certificates are not enough.",
            "Eine CNS verwenden: andere Zertifikate genügen nicht.",
        ),
        alert: &ACCESS_DENIED,
        judge: Judge::Certificate(cns_policy),
    },
    Check {
        id: "policy.first",
        level: Level::Advised,
        rule: text(
            "La politica delle CNS dovrebbe essere la prima: alcuni portali guardano solo quella.",
            "The policy of the CNS should be the first: some portals look at that one alone.",
            "Die Richtlinie der CNS sollte die erste sein: manche Portale prüfen nur diese.",
        ),
        source: "AgID, profilo del certificato CNS 1.1, certificatePolicies (order seen on cards)",
        remedy: text(
            "Nel portale, guardare tutte le politiche del certificato.",
            "In the portal, look at all policies of the certificate.",
            "Im Portal alle Richtlinien des Zertifikats prüfen.",
        ),
        alert: &ACCESS_DENIED,
        judge: Judge::Certificate(first),
    },
];

fn cns_policy(facts: &CertificateFacts, _: &Evidence<'_>) -> Finding {
    if let Some(policy) = facts.policies.iter().find(|policy| is_cns(policy)) {
        let seen = text("politica {0}", "policy {0}", "Richtlinie {0}");
        return pass(Phrase::from(seen).with(policy.as_str()));
    }
    match facts.policies.as_slice() {
        [] => fail(text(
            "il certificato non contiene politiche",
            "the certificate contains no policies",
            "das Zertifikat enthält keine Richtlinien",
        )),
        policies => {
            let seen = match policies.iter().any(|policy| policy == CIE_POLICY) {
                true => text(
                    "politiche del certificato: {0}; è una carta d'identità elettronica (CIE)",
                    "policies of the certificate: {0}; it is an electronic identity card (CIE)",
                    "Richtlinien des Zertifikats: {0}; es ist eine elektronische Identitätskarte (CIE)",
                ),
                false => text(
                    "politiche del certificato: {0}",
                    "policies of the certificate: {0}",
                    "Richtlinien des Zertifikats: {0}",
                ),
            };
            fail(Phrase::from(seen).with(policies.join(", ")))
        }
    }
}

fn first(facts: &CertificateFacts, _: &Evidence<'_>) -> Finding {
    match facts.policies.iter().position(|policy| is_cns(policy)) {
        Some(place) => {
            let seen = text("al posto {0}", "in place {0}", "an Stelle {0}");
            holds(place == 0, Phrase::from(seen).with((place + 1).to_string()))
        }
        None => not_applicable(text(
            "nessuna politica delle CNS",
            "no policy of the CNS",
            "keine Richtlinie der CNS",
        )),
    }
}

fn is_cns(policy: &str) -> bool {
    CNS_POLICIES.contains(&policy)
}
