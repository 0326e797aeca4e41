//! Certificates that are not of this time, not of this certifier, or not well formed.

use super::{changed, of_certifier};
use crate::forge::{CertificateVersion, Change, Extension, ExtensionType as E};
use crate::signature_algorithm::SignatureAlgorithm;
use crate::validity::Validity;
use crate::zoo::Verdict::Refuse;
use crate::zoo::{Animal, Habitat, Making, Signer, animal_row as row};
use time::{Duration, OffsetDateTime};

const TIME: &str = "RFC 5280 §4.1.2.5";
const PATH: &str = "RFC 5280 §6.1";
const LIST: &str = "ETSI TS 119 612 §5.5.4";

#[rustfmt::skip]
pub(in crate::zoo) const ANIMALS: &[Animal] = &[
    // Time.
    row("cert.expired", Refuse("cert.time"), "It was valid until yesterday.",
        "A certificate says nothing after its last second.", TIME, changed(|h| valid(h.years(-6), days(h, -1)))),
    row("cert.long-expired", Refuse("cert.time"), "It was valid from 2004 to 2010, as the first cards were.",
        "A certificate says nothing after its last second, and its certifier has forgotten whether it was revoked.", TIME, changed(|_| first_cards())),
    row("cert.not-yet-valid", Refuse("cert.time"), "It is valid from tomorrow on.",
        "A certificate says nothing before its first second.", TIME, changed(|h| valid(days(h, 1), h.years(6)))),
    row("cert.valid-after-2050", Refuse("cert.time"), "It is valid from 2051 on, in GeneralizedTime: who reads it as UTCTime sees 1951.",
        "A certificate says nothing before its first second, and dates from 2050 on have another form.", TIME, changed(|_| after_2050())),

    // Certifiers.
    row("cert.unlisted-certifier", Refuse("chain.issuer_listed"), "Its certifier stands on no list.",
        "Anybody can be a certifier: the list says whom to believe.", PATH, of_certifier("molise")),
    row("cert.namesake-certifier", Refuse("chain.signature"), "Somebody else has signed in the name of its certifier.",
        "A name is no signature.", PATH, Making::Certificate(Signer::Impostor, |_| Vec::new())),
    row("cert.false-certifier", Refuse("chain.trusted"), "Its certifier has the name of one that is listed, and a key that nobody has listed.",
        "The list names keys, not only names.", PATH, of_certifier("false-lombardia")),
    row("cert.expired-certifier", Refuse("chain.trusted"), "Its certifier is listed, and the certifier's own certificate has run out.",
        "The list does not make a certificate valid that has expired.", PATH, of_certifier("veneto")),
    row("cert.deprecated-certifier", Refuse("chain.trusted"), "Its certifier was listed, and is deprecated.",
        "Only what is recognised today is to be trusted today.", LIST, of_certifier("basilicata")),
    row("cert.withdrawn-certifier", Refuse("chain.trusted"), "Its certifier was taken off the list.",
        "Nothing of it is to be believed any more, whatever is still installed.", LIST, of_certifier("umbria")),
    row("cert.calls-itself-certifier", Refuse("cert.not_certifier"), "It says that it is a certifier's: basicConstraints, CA TRUE.",
        "A card that may certify could make citizens; no certifier issues it.", "RFC 5280 §4.2.1.9", changed(|_| vec![Change::Extension(Extension::basic_constraints(true))])),

    // Signatures.
    row("cert.damaged-signature", Refuse("chain.signature"), "One bit of its signature is wrong.",
        "What the certifier did not sign is not the certifier's.", PATH, changed(|_| vec![Change::DamagedSignature])),
    row("cert.sha1", Refuse("sig.algorithm"), "It is signed with SHA-1.",
        "Two certificates with one SHA-1 signature can be made.", "RFC 9155 §2", changed(with_sha1)),
    row("cert.rsa-sha1", Refuse("sig.algorithm"), "It is signed with RSA and SHA-1, as cards until about 2012.",
        "Two certificates with one SHA-1 signature can be made.", "RFC 9155 §2", Making::Certificate(Signer::Registered("toscana"), |_| vec![Change::SignedWith(SignatureAlgorithm::RsaWithSha1)])),
    row("cert.md5", Refuse("sig.algorithm"), "It is signed with RSA and MD5.",
        "Two certificates with one MD5 signature have been made.", "RFC 6151 §2.1", Making::Certificate(Signer::Registered("toscana"), |_| vec![Change::SignedWith(SignatureAlgorithm::RsaWithMd5)])),
    row("cert.another-algorithm-inside", Refuse("cert.syntax"), "It says inside that it is signed with another algorithm than outside.",
        "Both must be the same, or an algorithm could be exchanged.", "RFC 5280 §4.1.1.2", changed(says_another)),

    // Form.
    row("cert.trailing-byte", Refuse("cert.syntax"), "A byte follows its end.",
        "Whoever hashes it sees another certificate than whoever reads it.", "RFC 5280 §4.1", changed(|_| vec![Change::TrailingByte])),
    row("cert.version-1", Refuse("cert.version"), "It is of version 1, which has no extensions.",
        "Without extensions nothing says that it is a CNS.", "RFC 5280 §4.1.2.1", changed(|_| vec![Change::Version(CertificateVersion::V1), Change::RemoveExtensions])),
    row("cert.version-1-with-extensions", Refuse("cert.version"), "It says that it is of version 1, and has extensions.",
        "Who goes by the version reads no extension, and sees another certificate.", "RFC 5280 §4.1.2.1", changed(|_| vec![Change::Version(CertificateVersion::V1)])),
    row("cert.repeated-extension", Refuse("cert.syntax"), "It has keyUsage twice.",
        "Who takes the first sees another certificate than who takes the last.", "RFC 5280 §4.2", changed(|_| vec![Change::RepeatExtension(E::KeyUsage)])),
    row("cert.critical-unknown-extension", Refuse("cert.critical_extensions"), "It has a critical extension that nobody knows.",
        "Critical means: who does not know this must not use the certificate.", "RFC 5280 §4.2", changed(|_| vec![Change::Extension(Extension::new(E::Unknown, true, vec![5, 0]))])),

    // Keys.
    row("cert.short-key", Refuse("key.strength"), "Its RSA key has 1024 bits, as on cards of CNS 1.0.",
        "Such a key can be broken by who has the means, and 2048 bits are the least since 2014.", "NIST SP 800-131A", changed(|h| vec![Change::PublicKey(h.short_key_der.to_vec())])),
    row("cert.key-of-another", Refuse("tls.possession"), "It is about a key that the client does not have.",
        "A certificate is public: only who signs the handshake with its key owns it.", "RFC 8446 §4.4.3", changed(|h| vec![Change::PublicKey(h.stranger_key_der.to_vec())])),
];

fn days(habitat: &Habitat<'_>, count: i64) -> OffsetDateTime {
    habitat.now.saturating_add(Duration::days(count))
}

fn valid(from: OffsetDateTime, to: OffsetDateTime) -> Vec<Change> {
    Validity::new(from, to)
        .into_iter()
        .map(Change::Validity)
        .collect()
}

fn first_cards() -> Vec<Change> {
    use time::macros::datetime;
    valid(
        datetime!(2004-01-01 0:00 UTC),
        datetime!(2010-01-01 0:00 UTC),
    )
}

fn after_2050() -> Vec<Change> {
    use time::macros::datetime;
    valid(
        datetime!(2051-01-01 0:00 UTC),
        datetime!(2057-01-01 0:00 UTC),
    )
}

fn of_home(habitat: &Habitat<'_>) -> SignatureAlgorithm {
    // A certifier whose key signs with nothing does not come this far: it has issued the template.
    SignatureAlgorithm::of(habitat.home.issuer().key())
        .unwrap_or(SignatureAlgorithm::EcdsaWithSha256)
}

fn with_sha1(habitat: &Habitat<'_>) -> Vec<Change> {
    vec![Change::SignedWith(of_home(habitat).with_sha1())]
}

fn says_another(habitat: &Habitat<'_>) -> Vec<Change> {
    let another = match of_home(habitat) {
        SignatureAlgorithm::RsaWithSha256 => SignatureAlgorithm::EcdsaWithSha256,
        _ => SignatureAlgorithm::RsaWithSha256,
    };
    vec![Change::SaysSignedWith(another)]
}
