//! `chain.*`: who issued the certificate.

use rustls::CertificateError;

use super::{Check, Finding, Judge, Level, fail, holds, not_applicable, pass, unknown};
use crate::alert::{CERTIFICATE_EXPIRED, DECRYPT_ERROR, UNKNOWN_CA};
use crate::certificate::CertificateFacts;
use crate::chain::{ChainFindings, IssuerFinding};
use crate::evidence::Evidence;
use cns_language::{Phrase, Text, text};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "chain.issuer_listed",
        level: Level::Required,
        rule: text(
            "L'ente che il certificato nomina deve essere fra quelli riconosciuti.",
            "The certifier that the certificate names must be among those that are recognised.",
            "Die im Zertifikat genannte Zertifizierungsstelle muss anerkannt sein.",
        ),
        source: "RFC 5280 §6.1.3 (a)(4); AgID, elenco dei certificatori CNS",
        remedy: text(
            "Avviare il portale con l'ente che ha emesso la carta (--trust).",
            "Start the portal with the certifier that issued the card (--trust).",
            "Das Portal mit der Zertifizierungsstelle der Karte starten (--trust).",
        ),
        alert: &UNKNOWN_CA,
        judge: Judge::Certificate(issuer_listed),
    },
    Check {
        id: "chain.signature",
        level: Level::Required,
        rule: text(
            "La firma sul certificato deve essere dell'ente che esso nomina.",
            "The signature on the certificate must be that of the certifier that it names.",
            "Die Signatur des Zertifikats muss von der genannten Zertifizierungsstelle sein.",
        ),
        source: "RFC 5280 §6.1.3 (a)(1)",
        remedy: text(
            "Due enti possono avere lo stesso nome e chiavi diverse: riconoscere quello giusto.",
            "Two certifiers may have one name and two keys: trust the right one.",
            "Zwei Zertifizierungsstellen können gleich heißen: der richtigen vertrauen.",
        ),
        alert: &DECRYPT_ERROR,
        judge: Judge::Certificate(signature),
    },
    Check {
        id: "chain.issuer_time",
        level: Level::Required,
        rule: text(
            "Il certificato dell'ente deve essere valido.",
            "The certifier's own certificate must be valid.",
            "Das Zertifikat der Zertifizierungsstelle muss gültig sein.",
        ),
        source: "RFC 5280 §4.1.2.5; AgID, elenco dei certificatori CNS",
        remedy: text(
            "Aggiornare l'elenco degli enti riconosciuti.",
            "Update the list of trusted certifiers.",
            "Die Liste der anerkannten Zertifizierungsstellen erneuern.",
        ),
        alert: &CERTIFICATE_EXPIRED,
        judge: Judge::Certificate(issuer_time),
    },
    Check {
        id: "chain.trusted",
        level: Level::Required,
        rule: text(
            "Il certificato deve essere emesso da un ente che il portale riconosce.",
            "The certificate must be issued by a certifier that the portal trusts.",
            "Das Zertifikat muss von einer anerkannten Zertifizierungsstelle sein.",
        ),
        source: "RFC 5280 §6.1",
        remedy: text(
            "Scegliere il certificato di autenticazione della carta, oppure avviare il portale \
             con l'ente che ha emesso la carta.",
            "Choose the card's authentication certificate, or start the portal with the certifier \
             that issued the card.",
            "Das Authentifizierungszertifikat der Karte wählen oder das Portal mit der \
             Zertifizierungsstelle der Karte starten.",
        ),
        alert: &UNKNOWN_CA,
        judge: Judge::Certificate(trusted),
    },
];

const BY_ANOTHER: Text = text(
    "emesso tramite un ente intermedio",
    "issued through an intermediate certifier",
    "über eine Zwischenstelle ausgestellt",
);

fn issuer_listed(facts: &CertificateFacts, evidence: &Evidence<'_>) -> Finding {
    let seen = || {
        let issuer = text("emittente: {0}", "issuer: {0}", "Aussteller: {0}");
        Phrase::from(issuer).with(facts.issuer.as_str())
    };
    match chain(evidence) {
        Some(chain) if chain.issuer == IssuerFinding::NotListed => match chain.webpki {
            Ok(()) => pass(BY_ANOTHER),
            Err(_) => fail(seen()),
        },
        _ => pass(seen()),
    }
}

fn signature(_: &CertificateFacts, evidence: &Evidence<'_>) -> Finding {
    match chain(evidence).map(|chain| &chain.issuer) {
        Some(IssuerFinding::Signed(_)) => pass(text(
            "la firma dell'ente è buona",
            "the certifier's signature is good",
            "die Signatur der Zertifizierungsstelle ist gut",
        )),
        Some(IssuerFinding::WrongSignature { namesakes }) => {
            let seen = text(
                "nessuno degli enti con questo nome ({0}) ha fatto la firma",
                "none of the certifiers of this name ({0}) has made the signature",
                "keine Zertifizierungsstelle dieses Namens ({0}) hat signiert",
            );
            fail(Phrase::from(seen).with(namesakes.len().to_string()))
        }
        Some(IssuerFinding::Unverifiable) => unknown(text(
            "firmato con un algoritmo che non si verifica più",
            "signed with an algorithm that is not verified any more",
            "mit einem Algorithmus signiert, der nicht mehr geprüft wird",
        )),
        _ => not_applicable(text(
            "l'ente non è fra quelli riconosciuti",
            "the certifier is not among the recognised",
            "die Zertifizierungsstelle ist nicht anerkannt",
        )),
    }
}

fn issuer_time(_: &CertificateFacts, evidence: &Evidence<'_>) -> Finding {
    let Some(IssuerFinding::Signed(certifier)) = chain(evidence).map(|chain| &chain.issuer) else {
        return not_applicable(text(
            "nessun ente riconosciuto ha firmato",
            "no recognised certifier has signed",
            "keine anerkannte Zertifizierungsstelle hat signiert",
        ));
    };
    let seen = text(
        "l'ente vale dal {0} al {1}",
        "the certifier is valid from {0} to {1}",
        "die Zertifizierungsstelle gilt vom {0} bis {1}",
    );
    let seen = Phrase::from(seen)
        .with(certifier.not_before)
        .with(certifier.not_after);
    let now = evidence.now;
    holds(
        certifier.not_before <= now && now <= certifier.not_after,
        seen,
    )
}

/// What webpki says, unless it stumbled over something that is no matter of the chain and a trusted
/// certifier has signed.
fn trusted(facts: &CertificateFacts, evidence: &Evidence<'_>) -> Finding {
    let Some(chain) = chain(evidence) else {
        return not_applicable(super::NO_CERTIFICATE);
    };
    match (&chain.issuer, &chain.webpki) {
        (IssuerFinding::Signed(_), _) | (_, Ok(())) => pass(text(
            "un ente riconosciuto ha emesso il certificato",
            "a recognised certifier has issued the certificate",
            "eine anerkannte Zertifizierungsstelle hat das Zertifikat ausgestellt",
        )),
        (_, Err(error)) => {
            let seen = text(
                "{0} (emittente: {1})",
                "{0} (issuer: {1})",
                "{0} (Aussteller: {1})",
            );
            fail(
                Phrase::from(seen)
                    .with(in_words(error))
                    .with(facts.issuer.as_str()),
            )
        }
    }
}

fn chain<'a>(evidence: &Evidence<'a>) -> Option<&'a ChainFindings> {
    evidence.presented.map(|presented| &presented.chain)
}

/// Why a chain is not trusted. What has no words here keeps its technical ones.
fn in_words(error: &rustls::Error) -> Phrase {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => text(
            "nessun ente riconosciuto ha emesso questo certificato",
            "no recognised certifier has issued this certificate",
            "keine anerkannte Zertifizierungsstelle hat dieses Zertifikat ausgestellt",
        )
        .into(),
        rustls::Error::InvalidCertificate(CertificateError::BadSignature) => text(
            "la firma dell'ente sul certificato non è valida",
            "the certifier's signature on the certificate does not hold",
            "die Signatur der Zertifizierungsstelle ist ungültig",
        )
        .into(),
        rustls::Error::InvalidCertificate(
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. },
        ) => text(
            "catena non esaminata: lo scopo del certificato è un altro",
            "chain not examined: the certificate has another purpose",
            "Kette nicht geprüft: das Zertifikat hat einen anderen Zweck",
        )
        .into(),
        rustls::Error::InvalidCertificate(
            CertificateError::UnsupportedSignatureAlgorithmContext { .. },
        ) => text(
            "l'ente ha firmato con un algoritmo che non si accetta",
            "the certifier has signed with an algorithm that is not accepted",
            "die Zertifizierungsstelle hat mit einem nicht zugelassenen Algorithmus signiert",
        )
        .into(),
        other => Phrase::from(text(
            "la catena non è valida: {0}",
            "the chain does not hold: {0}",
            "die Kette ist ungültig: {0}",
        ))
        .with(other.to_string()),
    }
}
