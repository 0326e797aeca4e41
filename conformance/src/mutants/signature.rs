//! Cards that sign wrongly, or for the wrong person.

use std::sync::LazyLock;

use cns_card::{CardImage, Condition, Key, KeyAlgorithm, KeyMaterial, RsaPrivateKey};
use cns_fixtures::{DEFAULT_PROFILE, KeyPurpose, KeySize, test_key};

use super::image::folder;
use super::{Mutant, Seam, When};

/// The last part of a chain, or the whole of a short command; and what is answered to it.
const DECIPHERED: When = When::answered("002A8086*", "9000");
const COMPUTED: When = When::answered("002A9E9A*", "9000");

/// The bytes of a 2048-bit result.
const LENGTH: usize = 256;

#[rustfmt::skip]
pub(super) const MUTANTS: &[Mutant] = &[
    mutant("signature.unpads", "DECIPHER takes PKCS #1 padding off.", &[
        Seam::Says(DECIPHERED, |_, answer| if answer.starts_with(&[0x00, 0x02]) {
            let end = answer.iter().skip(2).position(|byte| *byte == 0x00).unwrap_or(0);
            answer.drain(..end + 3);
        }),
    ]),
    mutant("signature.strips-zeros", "Leading zeros of a result are left out.", &[
        Seam::Says(DECIPHERED, |_, answer| {
            let zeros = answer.iter().take_while(|byte| **byte == 0x00).count();
            answer.drain(..zeros);
        }),
    ]),
    mutant("signature.little-endian", "The result comes least significant byte first.", &[
        Seam::Says(DECIPHERED, |_, answer| {
            let end = answer.len().saturating_sub(2);
            if let Some(result) = answer.get_mut(..end) { result.reverse(); }
        }),
    ]),
    mutant("signature.takes-any-number", "A number above the modulus is answered with zeros.", &[
        Seam::Says(When::answered("002A8086*", "6A80"), zeros),
        Seam::Says(When::answered("002A9E9A*", "6A80"), zeros),
    ]),
    mutant("signature.modulus-6f00", "A number above the modulus is answered 6F00.", &[
        Seam::Says(When::answered("002A8086*", "6A80"), |_, answer| *answer = vec![0x6F, 0x00]),
    ]),
    mutant("signature.takes-any-length", "A block of any length is taken.", &[
        Seam::Says(When::answered("002A8086*", "6700"), zeros),
    ]),
    mutant("signature.padded-padding-oracle", "A result without PKCS #1 padding is answered 6A80.", &[
        Seam::Says(DECIPHERED, |_, answer| {
            if !answer.starts_with(&[0x00, 0x02]) { *answer = vec![0x6A, 0x80]; }
        }),
    ]),
    mutant("signature.no-pss", "What does not end as a DigestInfo with block type 1 would is refused.", &[
        Seam::Says(When::answered("002A8086 02 ??BC*", "9000"), |_, answer| *answer = vec![0x6A, 0x80]),
    ]),
    mutant("signature.indicator-ignored", "Any padding indicator is taken.", &[
        Seam::Hears(When::said("102A8086FF*"), |command| set(command, 5, 0x00)),
    ]),
    mutant("signature.indicator-00-alone", "No padding indicator but 00 is taken.", &[
        Seam::Hears(When::said("102A8086FF02*"), |command| set(command, 5, 0x7F)),
    ]),
    mutant("signature.no-extended", "An extended command is answered 6700.", &[
        Seam::Says(When::said("002A808600*"), |_, answer| *answer = vec![0x67, 0x00]),
    ]),
    mutant("signature.free-key", "The key works without the PIN.", &[
        Seam::Made(|image| key(image, |key| key.rules.usage = Condition::Always)),
    ]),
    mutant("signature.one-per-pin", "The PIN is good for one signature.", &[
        Seam::LosesSession(DECIPHERED),
    ]),
    mutant("signature.select-ends-right", "SELECT of a folder ends what the PIN has opened.", &[
        Seam::LosesSession(When::answered("00A4080C021100", "9000")),
    ]),
    mutant("signature.wrong-pin-keeps-right", "A wrong PIN leaves the key open.", &[
        Seam::KeepsSession(When::answered("00200010 08*", "63C?")),
    ]),
    mutant("signature.another-key", "The key on the card is another than in the certificate.", &[
        Seam::Made(|image| key(image, |key| {
            if let Some(other) = other_key() { key.material = other; }
        })),
    ]),
    mutant("signature.any-key-is-the-key", "An unknown key identifier stands for the only key.", &[
        Seam::Hears(When::said("0022F1B803 83011E"), |command| set(command, 7, 0x01)),
    ]),
    mutant("signature.restore-names-key", "RESTORE of an environment names its key.", &[
        Seam::Hears(When::said("0022F303*"), |command| {
            *command = vec![0x00, 0x22, 0xF1, 0xB8, 0x03, 0x83, 0x01, 0x01];
        }),
    ]),
    mutant("signature.restore-does-nothing", "RESTORE leaves the named key as it is.", &[
        Seam::KeepsSession(When::answered("0022F303*", "9000")),
    ]),
    mutant("signature.environment-survives-reset", "After a reset the key is still named.", &[
        Seam::SurvivesReset,
    ]),
    mutant("signature.one-template", "A key that is named for signatures is named for DECIPHER too.", &[
        Seam::Hears(When::said("0022F1B6*"), |command| set(command, 3, 0xB8)),
    ]),
    mutant("signature.compute-pads-whole-blocks", "COMPUTE DIGITAL SIGNATURE takes no whole block.", &[
        Seam::Says(When::answered("002A9E9A 01*", "9000"), |_, answer| *answer = vec![0x67, 0x00]),
    ]),
    mutant("signature.compute-pads-nothing", "A DigestInfo is not padded.", &[
        Seam::Made(|image| key(image, |key| key.algorithm = KeyAlgorithm::RsaPure)),
    ]),
    mutant("signature.compute-takes-hash", "Of a DigestInfo only the hash is padded.", &[
        Seam::Hears(When::said("002A9E9A33 3031*"), |command| {
            command.drain(5..5 + 19);
            set(command, 4, 0x20);
        }),
    ]),
    mutant("signature.compute-nine-ff", "Nine FF are the fewest, so that the longest input is refused.", &[
        Seam::Says(When::answered("002A9E9AF5*", "9000"), |_, answer| *answer = vec![0x67, 0x00]),
    ]),
    mutant("signature.compute-seven-ff", "Seven FF are enough.", &[
        Seam::Says(When::answered("002A9E9AF6*", "6700"), zeros),
    ]),
    mutant_of("cns10-lombardia-crs", "signature.pure-key-pads", "A key of algorithm 0C pads a DigestInfo.", &[
        Seam::Made(|image| key(image, |key| key.algorithm = KeyAlgorithm::RsaSignature)),
    ]),
    mutant_of("signing", "signature.first-pin-opens-second-key", "The first PIN opens the signature key.", &[
        Seam::Made(|image| second_key(image, |key| key.rules.usage = Condition::Proven(0x10))),
    ]),
    mutant_of("signing", "signature.second-pin-opens-first-key", "The first key asks for no PIN of its own.", &[
        Seam::Made(|image| key(image, |key| key.rules.usage = Condition::Always)),
    ]),
    mutant_of("signing", "signature.second-key-is-the-first", "Both certificates were made for the first key.", &[
        Seam::Made(|image| {
            let first = super::image::content(image, &[0x1100, 0x1101]);
            super::image::refill(image, &[0x1400, 0x9010], |content| {
                if let Some(first) = first { *content = first; }
            });
        }),
    ]),
    mutant("signature.encipher-bare", "ENCIPHER leaves the padding indicator out.", &[
        Seam::Says(When::answered("002A8680*", "9000"), |_, answer| {
            answer.remove(0);
        }),
    ]),
    mutant("signature.triple-des-iv", "The first block is chained to something else than zeros.", &[
        Seam::Says(When::answered("002A8086 11*", "9000"), |_, answer| {
            if let Some(first) = answer.first_mut() { *first ^= 0x01; }
        }),
    ]),
    mutant("signature.encipher-pads", "ENCIPHER takes half a block.", &[
        Seam::Says(When::answered("002A8680 0D*", "6700"), |_, answer| {
            *answer = [vec![0x00; 17], vec![0x90, 0x00]].concat();
        }),
    ]),
    mutant("signature.encipher-free", "ENCIPHER is free.", &[
        Seam::Says(When::answered("002A8680*", "6982"), |_, answer| {
            *answer = [vec![0x00; 17], vec![0x90, 0x00]].concat();
        }),
    ]),
    mutant("signature.compute-free", "COMPUTE DIGITAL SIGNATURE answers without the PIN.", &[
        Seam::Says(When::answered("002A9E9A*", "6982"), zeros),
    ]),
    mutant("signature.compute-short", "COMPUTE DIGITAL SIGNATURE leaves the last byte out.", &[
        Seam::Says(COMPUTED, |_, answer| {
            let last = answer.len().saturating_sub(3);
            answer.remove(last);
        }),
    ]),
];

const fn mutant(id: &'static str, wrong: &'static str, seams: &'static [Seam]) -> Mutant {
    mutant_of(DEFAULT_PROFILE, id, wrong, seams)
}

const fn mutant_of(
    profile: &'static str,
    id: &'static str,
    wrong: &'static str,
    seams: &'static [Seam],
) -> Mutant {
    Mutant {
        id,
        wrong,
        profile,
        seams,
    }
}

fn zeros(_: &[u8], answer: &mut Vec<u8>) {
    *answer = [vec![0x00; LENGTH], vec![0x90, 0x00]].concat();
}

fn set(command: &mut [u8], place: usize, value: u8) {
    if let Some(byte) = command.get_mut(place) {
        *byte = value;
    }
}

/// Changes the authentication key.
fn key(image: &mut CardImage, edit: impl FnOnce(&mut Key)) {
    super::objects::key(image, 0x01, edit);
}

/// Changes the key in DF_DS.
fn second_key(image: &mut CardImage, edit: impl FnOnce(&mut Key)) {
    let keys = folder(image, &[0x1400, 0x8110]).into_iter();
    if let Some(key) = keys.flat_map(|folder| &mut folder.keys).next() {
        edit(key);
    }
}

/// A key of the same length that is nobody's on this card. It is read once: that takes long.
fn other_key() -> Option<KeyMaterial> {
    static KEY: LazyLock<Option<KeyMaterial>> = LazyLock::new(|| {
        let key = test_key(16)?.variant(KeySize::Rsa2048, KeyPurpose::Authentication);
        RsaPrivateKey::parse(&key.der()).ok().map(KeyMaterial::Rsa)
    });
    KEY.clone()
}
