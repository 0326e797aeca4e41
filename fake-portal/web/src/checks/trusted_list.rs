//! `tsl.*`: what the trusted list says of the certifier.

use super::{Check, Finding, Judge, Level, fail, holds, not_applicable, pass, unknown};
use crate::alert::UNKNOWN_CA;
use crate::certificate::CertificateFacts;
use crate::evidence::Evidence;
use crate::revocation::CLOCK_TOLERANCE;
use crate::trusted_list::{ServiceStatus, TrustedListEntry};
use cns_language::{Phrase, text};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "tsl.signature",
        level: Level::Required,
        rule: text(
            "L'elenco degli enti deve essere firmato da chi lo pubblica.",
            "The trusted list must be signed by who publishes it.",
            "Die Vertrauensliste muss vom Herausgeber signiert sein.",
        ),
        source: "ETSI TS 119 612 §5.7.1",
        remedy: text(
            "Scaricare di nuovo l'elenco dalla fonte ufficiale.",
            "Fetch the list anew from the official source.",
            "Die Liste neu von der amtlichen Quelle laden.",
        ),
        alert: &UNKNOWN_CA,
        judge: Judge::Certificate(signature),
    },
    Check {
        id: "tsl.freshness",
        level: Level::Required,
        rule: text(
            "L'elenco degli enti non deve essere scaduto.",
            "The trusted list must not be out of date.",
            "Die Vertrauensliste darf nicht veraltet sein.",
        ),
        source: "ETSI TS 119 612 §5.3.15 (next update)",
        remedy: text(
            "Scaricare l'elenco ogni giorno.",
            "Fetch the list every day.",
            "Die Liste täglich laden.",
        ),
        alert: &UNKNOWN_CA,
        judge: Judge::Certificate(freshness),
    },
    Check {
        id: "tsl.status",
        level: Level::Required,
        rule: text(
            "L'elenco deve dire che l'ente è riconosciuto.",
            "The list must say that the certifier is recognised.",
            "Die Liste muss die Zertifizierungsstelle als anerkannt führen.",
        ),
        source: "ETSI TS 119 612 §5.5.4 (service status)",
        remedy: text(
            "Una carta di un ente che non è più riconosciuto va sostituita.",
            "A card of a certifier that is no longer recognised must be replaced.",
            "Eine Karte einer nicht mehr anerkannten Stelle ist zu ersetzen.",
        ),
        alert: &UNKNOWN_CA,
        judge: Judge::Certificate(status),
    },
];

/// The entry of the certifier, or why there is none to judge.
fn entry<'a>(evidence: &Evidence<'a>) -> Result<&'a TrustedListEntry, Finding> {
    match evidence.presented {
        Some(presented) if presented.has_list => presented.list.as_ref().ok_or_else(|| {
            unknown(text(
                "l'ente non è noto, quindi non si cerca nell'elenco",
                "the certifier is not known, so it is not looked up",
                "die Zertifizierungsstelle ist unbekannt und wird nicht gesucht",
            ))
        }),
        _ => Err(not_applicable(text(
            "il portale non usa alcun elenco",
            "the portal uses no list",
            "das Portal verwendet keine Liste",
        ))),
    }
}

fn signature(_: &CertificateFacts, evidence: &Evidence<'_>) -> Finding {
    match entry(evidence).map(|entry| &entry.signature) {
        Err(finding) => finding,
        Ok(Ok(())) => pass(text(
            "la firma dell'elenco è buona",
            "the list's signature is good",
            "die Signatur der Liste ist gut",
        )),
        Ok(Err(reason)) => fail(Phrase::from(text("{0}", "{0}", "{0}")).with(reason.as_str())),
    }
}

fn freshness(_: &CertificateFacts, evidence: &Evidence<'_>) -> Finding {
    match entry(evidence).map(|entry| entry.period) {
        Err(finding) => finding,
        Ok(None) => unknown(text(
            "l'elenco non si legge",
            "the list cannot be read",
            "die Liste ist nicht lesbar",
        )),
        Ok(Some(period)) if evidence.now.saturating_add(CLOCK_TOLERANCE) < period.issued => {
            let seen = text(
                "l'elenco è del {0}, che deve ancora venire",
                "the list is of {0}, which is yet to come",
                "die Liste ist vom {0}, das noch bevorsteht",
            );
            fail(Phrase::from(seen).with(period.issued))
        }
        Ok(Some(period)) => {
            let seen = text(
                "il prossimo elenco è atteso per il {0}",
                "the next list is due on {0}",
                "die nächste Liste ist fällig am {0}",
            );
            let seen = Phrase::from(seen).with(period.next_update);
            holds(evidence.now <= period.next_update, seen)
        }
    }
}

fn status(_: &CertificateFacts, evidence: &Evidence<'_>) -> Finding {
    match entry(evidence).map(|entry| entry.status) {
        Err(finding) => finding,
        Ok(Some(ServiceStatus::Recognised)) => pass(text(
            "l'ente è riconosciuto",
            "the certifier is recognised",
            "die Zertifizierungsstelle ist anerkannt",
        )),
        Ok(Some(ServiceStatus::Deprecated)) => fail(text(
            "l'ente non è più riconosciuto",
            "the certifier is no longer recognised",
            "die Zertifizierungsstelle ist nicht mehr anerkannt",
        )),
        Ok(Some(ServiceStatus::Withdrawn)) => fail(text(
            "l'ente è stato tolto dall'elenco",
            "the certifier was taken off the list",
            "die Zertifizierungsstelle wurde von der Liste genommen",
        )),
        Ok(None) => fail(text(
            "l'elenco non ha l'ente",
            "the list does not have the certifier",
            "die Liste führt die Zertifizierungsstelle nicht",
        )),
    }
}
