//! `ku.*`, `eku.*`: what the certificate's key is for.

use super::{Check, Finding, Judge, Level, fail, holds, not_applicable, pass};
use crate::alert::UNSUPPORTED_CERTIFICATE;
use crate::certificate::CertificateFacts;
use crate::evidence::Evidence;
use cns_language::{Text, text};

const CHOOSE_THE_OTHER: Text = text(
    "Scegliere il certificato di autenticazione, non quello di firma.",
    "Choose the authentication certificate, not that for signatures.",
    "Das Authentifizierungszertifikat wählen, nicht das für Unterschriften.",
);

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "ku.digital_signature",
        level: Level::Required,
        rule: text(
            "L'uso della chiave deve comprendere la firma digitale (digitalSignature).",
            "The key usage must include digitalSignature.",
            "Die Schlüsselverwendung muss digitalSignature enthalten.",
        ),
        source: "AgID, profilo del certificato CNS 1.1, keyUsage; RFC 5280 §4.2.1.3",
        remedy: CHOOSE_THE_OTHER,
        alert: &UNSUPPORTED_CERTIFICATE,
        judge: Judge::Certificate(digital_signature),
    },
    Check {
        id: "ku.no_nonrepudiation",
        level: Level::Required,
        rule: text(
            "La chiave di autenticazione non deve servire a firmare documenti (nonRepudiation).",
            "The authentication key must not be for signing documents (nonRepudiation).",
            "Der Schlüssel darf nicht zum Unterschreiben von Dokumenten dienen (nonRepudiation).",
        ),
        source: "AgID, profilo del certificato CNS 1.1, keyUsage",
        remedy: CHOOSE_THE_OTHER,
        alert: &UNSUPPORTED_CERTIFICATE,
        judge: Judge::Certificate(no_non_repudiation),
    },
    Check {
        id: "ku.critical",
        level: Level::Advised,
        rule: text(
            "L'uso della chiave dovrebbe essere un'estensione critica.",
            "The key usage should be a critical extension.",
            "Die Schlüsselverwendung sollte eine kritische Erweiterung sein.",
        ),
        source: "AgID, profilo del certificato CNS 1.1, keyUsage; RFC 5280 §4.2.1.3",
        remedy: text(
            "Segnalarlo all'ente che ha emesso la carta.",
            "Tell the certifier that issued the card.",
            "Der Zertifizierungsstelle der Karte melden.",
        ),
        alert: &UNSUPPORTED_CERTIFICATE,
        judge: Judge::Certificate(critical),
    },
    Check {
        id: "eku.client_auth",
        level: Level::Required,
        rule: text(
            "L'uso esteso della chiave deve comprendere l'autenticazione del client (clientAuth).",
            "The extended key usage must include client authentication (clientAuth).",
            "Die erweiterte Schlüsselverwendung muss clientAuth enthalten.",
        ),
        source: "AgID, profilo del certificato CNS 1.1, extKeyUsage; RFC 5280 §4.2.1.12",
        remedy: CHOOSE_THE_OTHER,
        alert: &UNSUPPORTED_CERTIFICATE,
        judge: Judge::Certificate(client_auth),
    },
];

fn digital_signature(facts: &CertificateFacts, _: &Evidence<'_>) -> Finding {
    match facts.key_usage {
        Some(usage) if usage.digital_signature => pass(text(
            "l'uso della chiave comprende digitalSignature",
            "the key usage includes digitalSignature",
            "die Schlüsselverwendung enthält digitalSignature",
        )),
        Some(_) => fail(text(
            "l'uso della chiave non comprende digitalSignature",
            "the key usage does not include digitalSignature",
            "die Schlüsselverwendung enthält digitalSignature nicht",
        )),
        None => fail(NO_KEY_USAGE),
    }
}

fn no_non_repudiation(facts: &CertificateFacts, _: &Evidence<'_>) -> Finding {
    match facts.key_usage {
        Some(usage) if usage.non_repudiation => fail(text(
            "l'uso della chiave comprende nonRepudiation",
            "the key usage includes nonRepudiation",
            "die Schlüsselverwendung enthält nonRepudiation",
        )),
        Some(_) => pass(text(
            "l'uso della chiave non comprende nonRepudiation",
            "the key usage does not include nonRepudiation",
            "die Schlüsselverwendung enthält nonRepudiation nicht",
        )),
        None => not_applicable(NO_KEY_USAGE),
    }
}

fn critical(facts: &CertificateFacts, _: &Evidence<'_>) -> Finding {
    match facts.key_usage {
        Some(usage) => holds(
            usage.is_critical,
            match usage.is_critical {
                true => text("critica", "critical", "kritisch"),
                false => text("non critica", "not critical", "nicht kritisch"),
            },
        ),
        None => not_applicable(NO_KEY_USAGE),
    }
}

fn client_auth(facts: &CertificateFacts, _: &Evidence<'_>) -> Finding {
    match facts.client_authentication {
        true => pass(text(
            "l'uso esteso della chiave comprende clientAuth",
            "the extended key usage includes clientAuth",
            "die erweiterte Schlüsselverwendung enthält clientAuth",
        )),
        false => fail(text(
            "l'uso esteso della chiave non comprende clientAuth",
            "the extended key usage does not include clientAuth",
            "die erweiterte Schlüsselverwendung enthält clientAuth nicht",
        )),
    }
}

const NO_KEY_USAGE: Text = text(
    "il certificato non indica l'uso della chiave",
    "the certificate does not state a key usage",
    "das Zertifikat nennt keine Schlüsselverwendung",
);
