//! The signatures that clients make: the host hashes and pads, the card does the rest by PSO
//! DECIPHER, which is the way of OpenSC with a CNS certificate.
//!
//! ```text
//! 00 2A 80 86 81 00 | 128 bytes | 00                      1024 bits
//! 10 2A 80 86 FF 00 | 255 bytes, 00 2A 80 86 01 | 1 | 00   2048 bits
//! ```

use cns_fixtures::{KeyPurpose, KeySize};

use super::block::{Hash, block_type_1, digest_info, pss};
use super::operation::{Template, decipher, is_operation_on, ready};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Verdict};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const OPENSC: Source = source(Document::OpenSc, "signing by PSO DECIPHER", Grade::Verified);
const PKCS1: &[Source] = &[OPENSC, read(Document::Pkcs1, "8.2.1")];
const PSS: &[Source] = &[OPENSC, read(Document::Pkcs1, "8.1.1")];
const TLS: &[Source] = &[OPENSC, read(Document::Tls13, "4.4.3")];
const KEY: &[Needs] = &[Needs::Key(KeyPurpose::Authentication)];
const KEY_2048: &[Needs] = &[Needs::KeySize(KeySize::Rsa2048)];

pub(super) const CASES: &[Case<TestCard>] = &[
    scheme(
        "signature.scheme.pkcs1-sha1",
        "An RSASSA-PKCS1-v1_5 block with SHA-1 becomes a signature.",
        PKCS1,
        KEY,
        |card| pkcs1(card, Hash::Sha1),
    ),
    scheme(
        "signature.scheme.pkcs1-sha256",
        "An RSASSA-PKCS1-v1_5 block with SHA-256 becomes a signature.",
        PKCS1,
        KEY,
        |card| pkcs1(card, Hash::Sha256),
    ),
    scheme(
        "signature.scheme.pkcs1-sha384",
        "An RSASSA-PKCS1-v1_5 block with SHA-384 becomes a signature.",
        PKCS1,
        KEY,
        |card| pkcs1(card, Hash::Sha384),
    ),
    scheme(
        "signature.scheme.pkcs1-sha512",
        "An RSASSA-PKCS1-v1_5 block with SHA-512 becomes a signature.",
        PKCS1,
        KEY,
        |card| pkcs1(card, Hash::Sha512),
    ),
    scheme(
        "signature.scheme.pss-sha1",
        "An RSASSA-PSS block with SHA-1 becomes a signature.",
        PSS,
        KEY,
        |card| probabilistic(card, Hash::Sha1),
    ),
    scheme(
        "signature.scheme.pss-sha256",
        "An RSASSA-PSS block with SHA-256 becomes a signature.",
        TLS,
        KEY,
        |card| probabilistic(card, Hash::Sha256),
    ),
    scheme(
        "signature.scheme.pss-sha384",
        "An RSASSA-PSS block with SHA-384 becomes a signature.",
        TLS,
        KEY,
        |card| probabilistic(card, Hash::Sha384),
    ),
    scheme(
        "signature.scheme.pss-sha512",
        "An RSASSA-PSS block with SHA-512 becomes a signature.",
        TLS,
        KEY_2048, // 64 bytes of hash and as many of salt do not fit in 1024 bits
        |card| probabilistic(card, Hash::Sha512),
    ),
];

const fn scheme(
    id: &'static str,
    requirement: &'static str,
    sources: &'static [Source],
    needs: &'static [Needs],
    run: fn(&mut TestCard) -> Verdict,
) -> Case<TestCard> {
    Case {
        id,
        requirement,
        sources,
        level: Level::Must,
        needs,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run,
    }
}

fn pkcs1(card: &mut TestCard, hash: Hash) -> Verdict {
    let key = ready(card, KeyPurpose::Authentication, Template::Confidentiality)?;
    let message = card.random(64);
    let block = block_type_1(&digest_info(hash, &message), key.length());
    let answer = is_operation_on(decipher(card, &block)?, &key, &block)?;
    if let Some(parameters) = hash.pkcs1(key.bits()) {
        let is_taken = key.verifies(parameters, &message, &answer.data);
        answer.must(is_taken, "a signature that a second judge takes too")?;
    }
    Ok(())
}

fn probabilistic(card: &mut TestCard, hash: Hash) -> Verdict {
    let key = ready(card, KeyPurpose::Authentication, Template::Confidentiality)?;
    let message = card.random(64);
    let salt = card.random(hash.length());
    let block = pss(hash, &message, &salt, key.bits());
    let answer = is_operation_on(decipher(card, &block)?, &key, &block)?;
    if let Some(parameters) = hash.pss(key.bits()) {
        let is_taken = key.verifies(parameters, &message, &answer.data);
        answer.must(is_taken, "a signature that a second judge takes too")?;
    }
    Ok(())
}
