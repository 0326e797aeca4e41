//! The cryptograms of project Wycheproof, at the edges of RSA arithmetic: each with a key of its own,
//! that a card of the suite is given. The card does the raw operation, the suite takes the padding
//! off, and both must come to what the vector says.

use std::sync::LazyLock;

use cns_card::{KeyMaterial, RsaPrivateKey};
use cns_fixtures::{KeyPurpose, KeySize};
use wycheproof::TestResult;
use wycheproof::rsa_pkcs1_decrypt::{Test, TestFlag, TestGroup, TestName, TestSet};

use super::block::{Hash, block_type_1, digest_info, message_of_type_2};
use super::operation::{Template, decipher, is_operation_on, name_key, prove};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Source, read};
use crate::mutants::image::folder;
use crate::state::State;
use crate::test_card::{RsaPublicKey, TestCard};

const PKCS1: Source = read(Document::Pkcs1, "5.1.2, 7.2.2");

pub(super) const CASES: &[Case<TestCard>] = &[
    case(
        "signature.vectors.messages",
        "With keys and cryptograms at the edges of RSA arithmetic, the message comes out.",
        |card| {
            each_key(card, is_special, |card, key, test| {
                let answer = decipher(card, &test.ct)?
                    .is_ok()?
                    .has_length(key.length())?;
                let found = message_of_type_2(&answer.data) == Some(&test.pt[..]);
                answer.must(found, &format!("the message of vector {}", test.tc_id))?;
                Ok(())
            })
        },
    ),
    case(
        "signature.vectors.any-message",
        "Messages of any length come out, the empty one and the longest.",
        |card| {
            each_key(
                card,
                |test| test.flags.contains(&TestFlag::Normal),
                |card, key, test| {
                    let answer = decipher(card, &test.ct)?
                        .is_ok()?
                        .has_length(key.length())?;
                    let found = message_of_type_2(&answer.data) == Some(&test.pt[..]);
                    answer.must(found, &format!("the message of vector {}", test.tc_id))?;
                    Ok(())
                },
            )
        },
    ),
    case(
        "signature.vectors.wrong-padding",
        "A cryptogram with wrong padding is answered like any other: no padding is looked at, so \
         nobody learns whether it was right.",
        |card| {
            each_key(card, is_wrongly_padded, |card, key, test| {
                let answer = decipher(card, &test.ct)?;
                let answer = is_operation_on(answer, key, &test.ct)?;
                let is_none = message_of_type_2(&answer.data).is_none();
                answer.must(is_none, &format!("no message in vector {}", test.tc_id))?;
                Ok(())
            })
        },
    ),
    case(
        "signature.vectors.wrong-length",
        "A cryptogram that is too long, too short or too large is refused.",
        |card| {
            each_key(card, is_wrong_number, |card, _, test| {
                decipher(card, &test.ct)?.is_refused()?.is_bare()?;
                Ok(())
            })
        },
    ),
    case(
        "signature.vectors.signatures",
        "The keys of the vectors sign, too.",
        |card| {
            let mut seen: Vec<Vec<u8>> = Vec::new();
            each_key(card, is_special, |card, key, test| {
                if seen.contains(&key.modulus_and(0)) {
                    return Ok(());
                }
                seen.push(key.modulus_and(0));
                let info = digest_info(Hash::Sha256, &test.pt);
                let block = block_type_1(&info, key.length());
                is_operation_on(decipher(card, &block)?, key, &block)?;
                Ok(())
            })
        },
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
        needs: &[Needs::KeySize(KeySize::Rsa2048), Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Destroys,
        run,
    }
}

/// The vectors, and the private key of each group. A key that the card's engine does not take is not
/// among them; a test counts.
static VECTORS: LazyLock<Vec<(TestGroup, RsaPrivateKey)>> = LazyLock::new(|| {
    let set = TestSet::load(TestName::Rsa2048);
    let groups = set.map(|set| set.test_groups).unwrap_or_default();
    let with_key = groups.into_iter().filter_map(|group| {
        let key = RsaPrivateKey::parse(&group.pkcs8).ok()?;
        Some((group, key))
    });
    with_key.collect()
});

fn is_special(test: &Test) -> bool {
    test.result == TestResult::Valid && !test.flags.contains(&TestFlag::Normal)
}

fn has_length_of_modulus(test: &Test) -> bool {
    test.ct.len() == usize::from(KeySize::Rsa2048.bits()) / 8
        && !test.flags.contains(&TestFlag::CiphertextTooLarge)
}

fn is_wrongly_padded(test: &Test) -> bool {
    test.result == TestResult::Invalid && has_length_of_modulus(test)
}

fn is_wrong_number(test: &Test) -> bool {
    test.result == TestResult::Invalid && !has_length_of_modulus(test)
}

/// Runs the vectors that are wanted, on a card for each key. There must be some.
fn each_key(
    card: &mut TestCard,
    is_wanted: impl Fn(&Test) -> bool,
    mut run: impl FnMut(&mut TestCard, &RsaPublicKey, &Test) -> Verdict,
) -> Verdict {
    let mut count = 0;
    for (group, private_key) in VECTORS.iter() {
        let wanted: Vec<&Test> = group.tests.iter().filter(|test| is_wanted(test)).collect();
        if wanted.is_empty() {
            continue;
        }
        let key = give_key(card, group, private_key)?;
        for test in wanted {
            run(card, &key, test)?;
            count += 1;
        }
    }
    match count {
        0 => Err(Stop::broken("there is no such vector")),
        _ => Ok(()),
    }
}

/// Another card, whose authentication key is that of the vectors; ready to use it.
fn give_key(
    card: &mut TestCard,
    group: &TestGroup,
    private_key: &RsaPrivateKey,
) -> Result<RsaPublicKey, Stop> {
    exchange_key(card, KeyPurpose::Authentication, private_key)?;
    prove(card, KeyPurpose::Authentication)?;
    name_key(card, KeyPurpose::Authentication, Template::Confidentiality)?;
    Ok(RsaPublicKey::new(&group.key.n, &group.key.e))
}

/// Another card, whose key for this purpose is another one.
pub(super) fn exchange_key(
    card: &mut TestCard,
    purpose: KeyPurpose,
    private_key: &RsaPrivateKey,
) -> Verdict {
    let place = card.key(purpose)?;
    card.replace(|image| {
        let folder = folder(image, &place.folder);
        let mut keys = folder.into_iter().flat_map(|folder| &mut folder.keys);
        if let Some(key) = keys.find(|key| key.id == place.id) {
            key.material = KeyMaterial::Rsa(private_key.clone());
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{VECTORS, has_length_of_modulus, is_special, is_wrong_number, is_wrongly_padded};
    use wycheproof::rsa_pkcs1_decrypt::{Test, TestFlag};

    #[test]
    fn no_vector_is_left_out() {
        let tests: Vec<&Test> = VECTORS.iter().flat_map(|(group, _)| &group.tests).collect();
        let is_run = |test: &&&Test| {
            is_special(test)
                || test.flags.contains(&TestFlag::Normal)
                || is_wrongly_padded(test)
                || is_wrong_number(test)
        };
        assert_eq!((VECTORS.len(), tests.len()), (33, 67));
        assert_eq!(tests.iter().filter(is_run).count(), 67);
        assert!(tests.iter().any(|test| !has_length_of_modulus(test)));
    }
}
