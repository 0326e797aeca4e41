//! `key.*`, `sig.*`: how strong the certificate's key is, and the signature on it.

use super::{Check, Finding, Judge, Level, holds};
use crate::alert::BAD_CERTIFICATE;
use crate::certificate::{CertificateFacts, weak_signature};
use crate::evidence::Evidence;
use cns_language::{Phrase, text};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "key.strength",
        level: Level::Required,
        rule: text(
            "La chiave deve avere abbastanza bit: 2048 se RSA, salvo nel profilo legacy1024.",
            "The key must have enough bits: 2048 if RSA, except in the profile legacy1024.",
            "Der Schlüssel muss genug Bit haben: 2048 bei RSA, außer im Profil legacy1024.",
        ),
        source: "NIST SP 800-131A rev. 2 §3; OpenSSL, SSL_CTX_set_security_level(3), level 2",
        remedy: text(
            "Le carte CNS 1.0 hanno chiavi di 1024 bit: sostituire la carta, o usare legacy1024.",
            "CNS 1.0 cards have keys of 1024 bits: replace the card, or use legacy1024.",
            "CNS-1.0-Karten haben Schlüssel von 1024 Bit: Karte ersetzen oder legacy1024 verwenden.",
        ),
        alert: &BAD_CERTIFICATE,
        judge: Judge::Certificate(strength),
    },
    Check {
        id: "key.algorithm",
        level: Level::Advised,
        rule: text(
            "La chiave di una CNS è RSA.",
            "The key of a CNS is RSA.",
            "Der Schlüssel einer CNS ist RSA.",
        ),
        source: "CNS functional specification 1.1.6, commands: RSA alone",
        remedy: text(
            "Controllare che il certificato venga da una carta.",
            "Check that the certificate comes from a card.",
            "Prüfen, ob das Zertifikat von einer Karte stammt.",
        ),
        alert: &BAD_CERTIFICATE,
        judge: Judge::Certificate(algorithm),
    },
    Check {
        id: "sig.algorithm",
        level: Level::Required,
        rule: text(
            "L'ente non deve firmare con SHA-1 o MD5.",
            "The certifier must not sign with SHA-1 or MD5.",
            "Die Zertifizierungsstelle darf nicht mit SHA-1 oder MD5 signieren.",
        ),
        source: "NIST SP 800-131A rev. 2 §9; OpenSSL 3.0, security level 1",
        remedy: text(
            "Il certificato è di una generazione passata: sostituire la carta.",
            "The certificate is of a past generation: replace the card.",
            "Das Zertifikat ist aus einer früheren Generation: Karte ersetzen.",
        ),
        alert: &BAD_CERTIFICATE,
        judge: Judge::Certificate(signature_algorithm),
    },
];

fn strength(facts: &CertificateFacts, evidence: &Evidence<'_>) -> Finding {
    let seen = text("{0}, {1} bit", "{0}, {1} bits", "{0}, {1} Bit");
    let seen = Phrase::from(seen)
        .with(facts.key_algorithm.as_str())
        .with(facts.key_bits.to_string());
    let is_strong = match facts.key_algorithm.as_str() {
        "RSA" => usize::from(evidence.profile.key_bits_min) <= facts.key_bits,
        "EC" => 256 <= facts.key_bits,
        // Ed25519 and whatever else could sign the handshake: the proof has judged it.
        _ => true,
    };
    holds(is_strong, seen)
}

fn algorithm(facts: &CertificateFacts, _: &Evidence<'_>) -> Finding {
    let seen = Phrase::from(text("{0}", "{0}", "{0}")).with(facts.key_algorithm.as_str());
    holds(facts.key_algorithm == "RSA", seen)
}

fn signature_algorithm(facts: &CertificateFacts, _: &Evidence<'_>) -> Finding {
    match weak_signature(&facts.signature_algorithm) {
        Some(name) => holds(false, Phrase::from(text("{0}", "{0}", "{0}")).with(name)),
        None => holds(
            true,
            Phrase::from(text("{0}", "{0}", "{0}")).with(signature_name(facts)),
        ),
    }
}

fn signature_name(facts: &CertificateFacts) -> String {
    let known = SIGNATURES
        .iter()
        .find(|(identifier, _)| *identifier == facts.signature_algorithm);
    known.map_or_else(
        || facts.signature_algorithm.clone(),
        |(_, name)| (*name).to_owned(),
    )
}

/// RFC 4055 §5, RFC 5758 §3.2, RFC 8410 §3.
const SIGNATURES: [(&str, &str); 7] = [
    ("1.2.840.113549.1.1.10", "rsassaPss"),
    ("1.2.840.113549.1.1.11", "sha256WithRSAEncryption"),
    ("1.2.840.113549.1.1.12", "sha384WithRSAEncryption"),
    ("1.2.840.113549.1.1.13", "sha512WithRSAEncryption"),
    ("1.2.840.10045.4.3.2", "ecdsa-with-SHA256"),
    ("1.2.840.10045.4.3.3", "ecdsa-with-SHA384"),
    ("1.3.101.112", "Ed25519"),
];
