//! `cert.*`: the certificate as such.

use super::{Check, Finding, Judge, Level, NO_CERTIFICATE, fail, holds, not_applicable, pass};
use crate::alert::{BAD_CERTIFICATE, CERTIFICATE_EXPIRED, UNSUPPORTED_CERTIFICATE};
use crate::certificate::CertificateFacts;
use crate::evidence::Evidence;
use cns_language::{Phrase, text};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "cert.syntax",
        level: Level::Required,
        rule: text(
            "Il certificato deve essere un certificato X.509 leggibile.",
            "The certificate must be a readable X.509 certificate.",
            "Das Zertifikat muss ein lesbares X.509-Zertifikat sein.",
        ),
        source: "RFC 5280 §4.1",
        remedy: text(
            "Leggere il certificato della carta con un altro programma.",
            "Read the card's certificate with another program.",
            "Das Zertifikat der Karte mit einem anderen Programm lesen.",
        ),
        alert: &BAD_CERTIFICATE,
        judge: Judge::Connection(syntax),
    },
    Check {
        id: "cert.version",
        level: Level::Required,
        rule: text(
            "Il certificato deve essere di versione 3: le altre non hanno estensioni.",
            "The certificate must be of version 3: the others have no extensions.",
            "Das Zertifikat muss Version 3 haben: die anderen kennen keine Erweiterungen.",
        ),
        source: "RFC 5280 §4.1.2.1",
        remedy: text(
            "Far emettere di nuovo il certificato.",
            "Have the certificate issued anew.",
            "Das Zertifikat neu ausstellen lassen.",
        ),
        alert: &BAD_CERTIFICATE,
        judge: Judge::Certificate(version),
    },
    Check {
        id: "cert.critical_extensions",
        level: Level::Required,
        rule: text(
            "Un'estensione critica deve essere capita da chi riceve il certificato.",
            "A critical extension must be understood by whoever gets the certificate.",
            "Eine kritische Erweiterung muss verstanden werden.",
        ),
        source: "RFC 5280 §4.2",
        remedy: text(
            "Chiedere all'ente che cosa vuole l'estensione.",
            "Ask the certifier what the extension wants.",
            "Die Zertifizierungsstelle fragen, was die Erweiterung verlangt.",
        ),
        alert: &BAD_CERTIFICATE,
        judge: Judge::Certificate(critical_extensions),
    },
    Check {
        id: "cert.time",
        level: Level::Required,
        rule: text(
            "Il certificato deve essere valido nel momento in cui ci si collega.",
            "The certificate must be valid at the moment of the connection.",
            "Das Zertifikat muss im Augenblick der Verbindung gültig sein.",
        ),
        source: "RFC 5280 §4.1.2.5",
        remedy: text(
            "Controllare la scadenza della carta e l'orologio del portale; una carta scaduta va \
             sostituita.",
            "Check the card's expiry and the portal's clock; an expired card must be replaced.",
            "Ablauf der Karte und Uhr des Portals prüfen; eine abgelaufene Karte ist zu ersetzen.",
        ),
        alert: &CERTIFICATE_EXPIRED,
        judge: Judge::Certificate(time),
    },
    Check {
        id: "cert.not_certifier",
        level: Level::Required,
        rule: text(
            "Il certificato di un cittadino non può essere quello di un ente.",
            "A citizen's certificate may not be that of a certifier.",
            "Das Zertifikat eines Bürgers darf nicht das einer Zertifizierungsstelle sein.",
        ),
        source: "RFC 5280 §4.2.1.9",
        remedy: text(
            "Scegliere il certificato di autenticazione della carta.",
            "Choose the card's authentication certificate.",
            "Das Authentifizierungszertifikat der Karte wählen.",
        ),
        alert: &UNSUPPORTED_CERTIFICATE,
        judge: Judge::Certificate(not_certifier),
    },
    Check {
        id: "cert.encoding",
        level: Level::Advised,
        rule: text(
            "I nomi dovrebbero avere solo caratteri del tipo di stringa in cui sono scritti.",
            "Names should have only characters of the string type in which they are written.",
            "Namen sollten nur Zeichen des Zeichenkettentyps haben, in dem sie stehen.",
        ),
        source: "RFC 5280 §4.1.2.4; ITU-T X.680 §41",
        remedy: text(
            "Segnalarlo all'ente: ogni programma legge il nome a suo modo.",
            "Tell the certifier: each program reads the name in its own way.",
            "Der Zertifizierungsstelle melden: jedes Programm liest den Namen auf seine Weise.",
        ),
        alert: &BAD_CERTIFICATE,
        judge: Judge::Certificate(encoding),
    },
    Check {
        id: "cert.serial",
        level: Level::Advised,
        rule: text(
            "Il numero di serie dovrebbe essere positivo e di 20 byte al massimo.",
            "The serial number should be positive and have 20 bytes at most.",
            "Die Seriennummer sollte positiv sein und höchstens 20 Byte haben.",
        ),
        source: "RFC 5280 §4.1.2.2",
        remedy: text(
            "Segnalarlo all'ente: alcuni programmi rifiutano il certificato.",
            "Tell the certifier: some programs refuse the certificate.",
            "Der Zertifizierungsstelle melden: manche Programme lehnen das Zertifikat ab.",
        ),
        alert: &BAD_CERTIFICATE,
        judge: Judge::Certificate(serial),
    },
];

fn syntax(evidence: &Evidence<'_>) -> Finding {
    match evidence.presented.map(|it| &it.facts) {
        None => not_applicable(NO_CERTIFICATE),
        Some(Err(error)) => {
            fail(Phrase::from(text("{0}", "{0}", "{0}")).with(error.reason.as_str()))
        }
        Some(Ok(facts)) if !facts.damaged_extensions.is_empty() => {
            let damaged = text(
                "estensioni illeggibili: {0}",
                "unreadable extensions: {0}",
                "unlesbare Erweiterungen: {0}",
            );
            fail(Phrase::from(damaged).with(facts.damaged_extensions.join(", ")))
        }
        Some(Ok(facts)) if facts.trailing_bytes != 0 => {
            let seen = text(
                "byte dopo la fine: {0}",
                "bytes after its end: {0}",
                "Byte nach dem Ende: {0}",
            );
            fail(Phrase::from(seen).with(facts.trailing_bytes.to_string()))
        }
        Some(Ok(facts)) if !facts.is_of_one_algorithm => fail(text(
            "l'algoritmo della firma è un altro dentro e fuori",
            "the algorithm of the signature is another inside than outside",
            "der Signaturalgorithmus ist innen ein anderer als außen",
        )),
        Some(Ok(_)) => pass(text(
            "il certificato si legge",
            "the certificate can be read",
            "das Zertifikat ist lesbar",
        )),
    }
}

fn version(facts: &CertificateFacts, _: &Evidence<'_>) -> Finding {
    let seen = text("versione {0}", "version {0}", "Version {0}");
    holds(
        facts.version == 3,
        Phrase::from(seen).with(facts.version.to_string()),
    )
}

fn critical_extensions(facts: &CertificateFacts, _: &Evidence<'_>) -> Finding {
    match facts.unknown_critical.as_slice() {
        [] => pass(text(
            "nessuna estensione critica sconosciuta",
            "no unknown critical extension",
            "keine unbekannte kritische Erweiterung",
        )),
        unknown => {
            let seen = text(
                "estensioni critiche sconosciute: {0}",
                "unknown critical extensions: {0}",
                "unbekannte kritische Erweiterungen: {0}",
            );
            fail(Phrase::from(seen).with(unknown.join(", ")))
        }
    }
}

fn time(facts: &CertificateFacts, evidence: &Evidence<'_>) -> Finding {
    let now = evidence.now;
    let seen = text(
        "il certificato vale dal {0} al {1}; la connessione è del {2}",
        "the certificate is valid from {0} to {1}; the connection is of {2}",
        "das Zertifikat gilt vom {0} bis {1}; die Verbindung ist vom {2}",
    );
    let seen = Phrase::from(seen)
        .with(facts.not_before)
        .with(facts.not_after)
        .with(now);
    holds(facts.not_before <= now && now <= facts.not_after, seen)
}

fn not_certifier(facts: &CertificateFacts, _: &Evidence<'_>) -> Finding {
    match facts.is_certifier {
        true => fail(text(
            "basicConstraints dice CA",
            "basicConstraints says CA",
            "basicConstraints sagt CA",
        )),
        false => pass(text(
            "non è il certificato di un ente",
            "it is not a certifier's certificate",
            "es ist kein Zertifikat einer Zertifizierungsstelle",
        )),
    }
}

fn encoding(facts: &CertificateFacts, _: &Evidence<'_>) -> Finding {
    match facts.misencoded_names.as_slice() {
        [] => pass(text(
            "ogni nome ha i caratteri del suo tipo",
            "every name has characters of its type",
            "jeder Name hat Zeichen seines Typs",
        )),
        wrong => {
            let seen = text(
                "caratteri che il tipo non ha: {0}",
                "characters that the type does not have: {0}",
                "Zeichen, die der Typ nicht hat: {0}",
            );
            fail(Phrase::from(seen).with(wrong.join(", ")))
        }
    }
}

fn serial(facts: &CertificateFacts, _: &Evidence<'_>) -> Finding {
    let octets = &facts.serial_octets;
    let is_negative = octets.first().is_some_and(|first| 0x80 <= *first);
    let is_zero = octets.iter().all(|octet| *octet == 0);
    // A zero in front, which only makes the number positive, counts: it is sent.
    let is_long = 20 < octets.len();
    let seen = text("{0} (byte: {1})", "{0} (bytes: {1})", "{0} (Byte: {1})");
    let seen = Phrase::from(seen)
        .with(facts.serial_number.as_str())
        .with(octets.len().to_string());
    holds(!is_negative && !is_zero && !is_long, seen)
}
