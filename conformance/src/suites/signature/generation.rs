//! The signatures of project Wycheproof, byte for byte: each key of its vectors is given to a card of
//! the suite's own, which signs the messages padded as RSASSA-PKCS1-v1_5 says. There is one right
//! answer, and it is written down.

use std::sync::LazyLock;

use cns_card::RsaPrivateKey;
use cns_fixtures::KeyPurpose;
use serde::Deserialize;

use super::block::{Hash, block_type_1, digest_info};
use super::operation::{Template, compute, decipher, name_key, prove};
use super::vectors::exchange_key;
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Source, read};
use crate::state::State;
use crate::test_card::{Answer, TestCard};

const PKCS1: Source = read(Document::Pkcs1, "8.2.1");

pub(super) const CASES: &[Case<TestCard>] = &[
    case(
        "signature.generation.decipher",
        "PSO DECIPHER over a padded message is its signature, byte for byte, with every key of the \
         vectors that is as long as the card's.",
        |card| each_message(card, Template::Confidentiality, decipher),
    ),
    case(
        "signature.generation.compute",
        "PSO COMPUTE DIGITAL SIGNATURE over a padded message is its signature, byte for byte, with \
         every key of the vectors that is as long as the card's.",
        |card| each_message(card, Template::DigitalSignature, compute),
    ),
];

const fn case(
    id: &'static str,
    requirement: &'static str,
    run: fn(&mut TestCard) -> Verdict,
) -> Case<TestCard> {
    Case {
        id,
        requirement,
        sources: &[PKCS1],
        level: Level::Must,
        needs: &[Needs::Key(KeyPurpose::Authentication), Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Destroys,
        run,
    }
}

fn each_message(
    card: &mut TestCard,
    template: Template,
    sign: fn(&mut TestCard, &[u8]) -> Result<Answer, Stop>,
) -> Verdict {
    let bits = card.key(KeyPurpose::Authentication)?.size.bits();
    for vectors in VECTORS.iter().filter(|vectors| vectors.bits == bits) {
        exchange_key(card, KeyPurpose::Authentication, &vectors.key)?;
        prove(card, KeyPurpose::Authentication)?;
        name_key(card, KeyPurpose::Authentication, template)?;
        for test in &vectors.tests {
            let info = digest_info(vectors.hash, &test.message);
            let block = block_type_1(&info, usize::from(bits / 8));
            let answer = sign(card, &block)?.is_ok()?;
            let is_right = answer.data == test.signature;
            answer.must(is_right, &format!("the signature of vector {}", test.id))?;
        }
    }
    Ok(())
}

/// A key of the vectors, and what it signs.
struct Vectors {
    bits: u16,
    hash: Hash,
    key: RsaPrivateKey,
    tests: Vec<Vector>,
}

struct Vector {
    id: u32,
    message: Vec<u8>,
    signature: Vec<u8>,
}

/// The committed vectors; a test counts them.
static VECTORS: LazyLock<Vec<Vectors>> = LazyLock::new(|| {
    let file: File = serde_json::from_str(include_str!("../../../data/vectors/rsassa-pkcs1.json"))
        .unwrap_or_default();
    file.keys.into_iter().filter_map(Key::read).collect()
});

/// The file, as its README describes it.
#[derive(Default, Deserialize)]
struct File {
    keys: Vec<Key>,
}

#[derive(Deserialize)]
struct Key {
    bits: u16,
    hash: String,
    pkcs8: String,
    tests: Vec<Test>,
}

#[derive(Deserialize)]
struct Test {
    id: u32,
    message: String,
    signature: String,
}

impl Key {
    fn read(self) -> Option<Vectors> {
        let tests = self.tests.into_iter().map(|test| {
            Some(Vector {
                id: test.id,
                message: cns_apdu::hex::decode(&test.message)?,
                signature: cns_apdu::hex::decode(&test.signature)?,
            })
        });
        Some(Vectors {
            bits: self.bits,
            hash: Hash::named(&self.hash)?,
            key: RsaPrivateKey::parse(&cns_apdu::hex::decode(&self.pkcs8)?).ok()?,
            tests: tests.collect::<Option<_>>()?,
        })
    }
}

#[test]
fn no_vector_is_left_out() {
    let of = |bits| VECTORS.iter().filter(move |vectors| vectors.bits == bits);
    let tests = |bits| of(bits).map(|vectors| vectors.tests.len()).sum::<usize>();
    assert_eq!((of(1024).count(), tests(1024)), (5, 33));
    assert_eq!((of(2048).count(), tests(2048)), (8, 43));
}
