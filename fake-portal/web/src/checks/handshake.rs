//! `tls.*`, `session.*`, `header.*`: what the handshake itself shows.

use rustls::{ProtocolVersion, SignatureScheme};

use super::{
    Check, Finding, Judge, Level, NO_CERTIFICATE, fail, holds, not_applicable, pass, unknown,
};
use crate::alert::{ACCESS_DENIED, CERTIFICATE_REQUIRED, DECRYPT_ERROR};
use crate::evidence::{Evidence, Proof};
use crate::proxy::Verification;
use crate::tls_names::{scheme_name, version_name};
use cns_language::{Phrase, Text, text};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "tls.certificate",
        level: Level::Required,
        rule: text(
            "Il client deve presentare un certificato.",
            "The client must present a certificate.",
            "Der Client muss ein Zertifikat vorlegen.",
        ),
        source: "RFC 8446 §4.4.2; RFC 5246 §7.4.6",
        remedy: text(
            "Controllare lettore, carta e middleware; chiudere il browser e riprovare.",
            "Check reader, card and middleware; close the browser and try again.",
            "Leser, Karte und Middleware prüfen; den Browser schließen und neu beginnen.",
        ),
        alert: &CERTIFICATE_REQUIRED,
        judge: Judge::Connection(certificate),
    },
    Check {
        id: "tls.possession",
        level: Level::Required,
        rule: text(
            "Il client deve firmare l'handshake con la chiave del certificato (CertificateVerify).",
            "The client must sign the handshake with the certificate's key (CertificateVerify).",
            "Der Client muss den Handshake mit dem Schlüssel des Zertifikats signieren \
             (CertificateVerify).",
        ),
        source: "RFC 8446 §4.4.3; RFC 5246 §7.4.8",
        remedy: text(
            "Un middleware senza RSA-PSS ha bisogno del profilo pkcs1-only, una chiave di 1024 bit di \
             legacy1024; altrimenti la carta ha firmato altro.",
            "Middleware without RSA-PSS needs the profile pkcs1-only, a key of 1024 bits legacy1024; \
             otherwise the card has signed something else.",
            "Middleware ohne RSA-PSS braucht das Profil pkcs1-only, ein Schlüssel von 1024 Bit \
             legacy1024; sonst hat die Karte etwas anderes signiert.",
        ),
        alert: &DECRYPT_ERROR,
        judge: Judge::Connection(possession),
    },
    Check {
        id: "tls.version",
        level: Level::Required,
        rule: text(
            "La versione di TLS deve essere 1.2 o 1.3.",
            "The version of TLS must be 1.2 or 1.3.",
            "Die TLS-Version muss 1.2 oder 1.3 sein.",
        ),
        source: "RFC 8996 §4 and §5: TLS 1.0 and 1.1 must not be used",
        remedy: text(
            "Aggiornare il client.",
            "Update the client.",
            "Den Client aktualisieren.",
        ),
        alert: &ACCESS_DENIED,
        judge: Judge::Connection(version),
    },
    Check {
        id: "tls.signature_scheme",
        level: Level::Advised,
        rule: text(
            "Il client non dovrebbe firmare con SHA-1.",
            "The client should not sign with SHA-1.",
            "Der Client sollte nicht mit SHA-1 signieren.",
        ),
        source: "RFC 9155 §2",
        remedy: text(
            "Aggiornare il middleware della carta.",
            "Update the card's middleware.",
            "Die Middleware der Karte aktualisieren.",
        ),
        alert: &DECRYPT_ERROR,
        judge: Judge::Connection(signature_scheme),
    },
    Check {
        id: "tls.server_name",
        level: Level::Advised,
        rule: text(
            "Il client dovrebbe dire quale nome cerca (SNI).",
            "The client should say which name it looks for (SNI).",
            "Der Client sollte sagen, welchen Namen er sucht (SNI).",
        ),
        source: "RFC 6066 §3",
        remedy: text(
            "Collegarsi per nome e non per indirizzo: il nome sceglie il profilo.",
            "Connect by name and not by address: the name chooses the profile.",
            "Sich über den Namen verbinden, nicht über die Adresse: der Name wählt das Profil.",
        ),
        alert: &ACCESS_DENIED,
        judge: Judge::Connection(server_name),
    },
    Check {
        id: "session.resumption",
        level: Level::Required,
        rule: text(
            "Nessuna sessione deve essere ripresa: sarebbe un accesso senza carta né PIN.",
            "No session may be resumed: it would be a login without card or PIN.",
            "Keine Sitzung darf fortgesetzt werden: das wäre eine Anmeldung ohne Karte und PIN.",
        ),
        source: "RFC 8446 §2.2; RFC 5246 §7.3",
        remedy: text(
            "Spegnere ticket e cache delle sessioni nel portale.",
            "Turn off tickets and session cache in the portal.",
            "Im Portal Tickets und Sitzungsspeicher abschalten.",
        ),
        alert: &ACCESS_DENIED,
        judge: Judge::Connection(resumption),
    },
    Check {
        id: "header.trust",
        level: Level::Required,
        rule: text(
            "Un'intestazione HTTP vale come certificato solo se l'ha messa il proxy del portale.",
            "An HTTP header stands for a certificate only if the portal's own proxy has set it.",
            "Eine HTTP-Kopfzeile steht nur dann für ein Zertifikat, wenn der Proxy des Portals sie \
             gesetzt hat.",
        ),
        source: "RFC 9440 §4",
        remedy: text(
            "Dietro un proxy, togliere le intestazioni che manda il client.",
            "Behind a proxy, strip the headers that the client sends.",
            "Hinter einem Proxy die Kopfzeilen des Clients entfernen.",
        ),
        alert: &ACCESS_DENIED,
        judge: Judge::Connection(headers),
    },
];

const PROXY_SAW_IT: Text = text(
    "l'ha visto soltanto il proxy",
    "only the proxy has seen it",
    "nur der Proxy hat es gesehen",
);

fn certificate(evidence: &Evidence<'_>) -> Finding {
    match evidence.presented {
        Some(_) => pass(text(
            "è arrivato un certificato",
            "a certificate came",
            "es kam ein Zertifikat",
        )),
        None => fail(NO_CERTIFICATE),
    }
}

fn possession(evidence: &Evidence<'_>) -> Finding {
    match &evidence.proof {
        Proof::Given(possession) => {
            let signed = text("firmato con {0}", "signed with {0}", "mit {0} signiert");
            pass(Phrase::from(signed).with(scheme_name(possession.scheme())))
        }
        Proof::Refuted(reason) => {
            let refuted = text("nessuna prova: {0}", "no proof: {0}", "kein Nachweis: {0}");
            fail(Phrase::from(refuted).with(reason.to_string()))
        }
        Proof::Vouched(word) if evidence.presented.is_some() => {
            let vouched = text(
                "sulla parola del proxy ({0}): la firma l'ha verificata lui, e questo portale non l'ha \
                 vista",
                "by the word of the proxy ({0}): it has verified the signature, which this portal has \
                 not seen",
                "auf das Wort des Proxys ({0}): er hat die Signatur geprüft, die dieses Portal nicht \
                 gesehen hat",
            );
            unknown(Phrase::from(vouched).with(word.dialect().name()))
        }
        Proof::Vouched(_) | Proof::NotAsked => not_applicable(NO_CERTIFICATE),
    }
}

fn version(evidence: &Evidence<'_>) -> Finding {
    if is_behind_proxy(evidence) {
        return unknown(PROXY_SAW_IT);
    }
    let Some(version) = evidence.version else {
        return not_applicable(NO_CERTIFICATE);
    };
    let seen = Phrase::from(text("{0}", "{0}", "{0}")).with(version_name(version));
    let modern = matches!(version, ProtocolVersion::TLSv1_2 | ProtocolVersion::TLSv1_3);
    holds(modern, seen)
}

fn signature_scheme(evidence: &Evidence<'_>) -> Finding {
    match &evidence.proof {
        Proof::Given(possession) => {
            let scheme = possession.scheme();
            let seen = Phrase::from(text("{0}", "{0}", "{0}")).with(scheme_name(scheme));
            holds(scheme != SignatureScheme::RSA_PKCS1_SHA1, seen)
        }
        Proof::Vouched(_) => unknown(PROXY_SAW_IT),
        _ => not_applicable(text(
            "nessuna firma da guardare",
            "no signature to look at",
            "keine Signatur zu prüfen",
        )),
    }
}

fn server_name(evidence: &Evidence<'_>) -> Finding {
    if is_behind_proxy(evidence) {
        return unknown(PROXY_SAW_IT);
    }
    match evidence.server_name {
        Some(name) => {
            let asked = text("chiesto «{0}»", "asked for \"{0}\"", "nach „{0}“ gefragt");
            pass(Phrase::from(asked).with(name))
        }
        None => fail(text("nessun nome", "no name", "kein Name")),
    }
}

fn resumption(evidence: &Evidence<'_>) -> Finding {
    if is_behind_proxy(evidence) {
        return unknown(PROXY_SAW_IT);
    }
    match evidence.is_resumed {
        true => fail(text(
            "sessione ripresa",
            "a session was resumed",
            "Sitzung fortgesetzt",
        )),
        false => pass(text(
            "handshake completo",
            "full handshake",
            "vollständiger Handshake",
        )),
    }
}

fn headers(evidence: &Evidence<'_>) -> Finding {
    let Proof::Vouched(word) = &evidence.proof else {
        return pass(text(
            "il certificato viene dall'handshake; le intestazioni non si guardano",
            "the certificate comes from the handshake; headers are not looked at",
            "das Zertifikat kommt aus dem Handshake; Kopfzeilen werden nicht beachtet",
        ));
    };
    let dialect = word.dialect().name();
    match word.verification() {
        _ if evidence.presented.is_none() => pass(text(
            "il proxy non ha avuto alcun certificato",
            "the proxy got no certificate",
            "der Proxy bekam kein Zertifikat",
        )),
        Verification::Good => {
            let good = text(
                "dal proxy ({0}), che lo trova buono",
                "from the proxy ({0}), which finds it good",
                "vom Proxy ({0}), der es gut findet",
            );
            pass(Phrase::from(good).with(dialect))
        }
        Verification::NotTold => {
            let silent = text(
                "dal proxy ({0}), che non dice che cosa ne pensa: giudica il portale",
                "from the proxy ({0}), which does not say what it thinks of it: the portal judges",
                "vom Proxy ({0}), der nicht sagt, was er davon hält: das Portal urteilt",
            );
            pass(Phrase::from(silent).with(dialect))
        }
        Verification::Bad(reason) => {
            let bad = text(
                "il proxy ({0}) lo rifiuta: {1}",
                "the proxy ({0}) refuses it: {1}",
                "der Proxy ({0}) lehnt es ab: {1}",
            );
            fail(Phrase::from(bad).with(dialect).with(reason.as_str()))
        }
    }
}

fn is_behind_proxy(evidence: &Evidence<'_>) -> bool {
    matches!(evidence.proof, Proof::Vouched(_))
}
