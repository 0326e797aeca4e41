//! PSO COMPUTE DIGITAL SIGNATURE: the way of OpenSC with a certificate that is not for logins.
//!
//! ```text
//! 00 2A 9E 9A Lc block [Le]           a whole block: the raw operation
//! 00 2A 9E 9A Lc DigestInfo [Le]      shorter: the card pads, if its key's algorithm says so
//! ```

use cns_card::KeyAlgorithm;
use cns_fixtures::KeyPurpose;

use super::block::{Hash, block_type_1, digest_info};
use super::operation::{Template, compute, is_operation_on, ready};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Grade, Source, source};
use crate::state::State;
use crate::test_card::TestCard;

const OPENSC: Source = source(Document::OpenSc, "signing by PSO CDS", Grade::Verified);
const CIE: Source = source(Document::CieFunctional, "PSO_CDS", Grade::Read);
const GUESS: Source = source(Document::CnsFunctional, "PSO_CDS", Grade::Inferred);
const KEY: &[Needs] = &[Needs::Key(KeyPurpose::Authentication)];
const OWN: &[Needs] = &[Needs::Key(KeyPurpose::Authentication), Needs::OwnCard];

/// What PKCS #1 block type 1 takes at least.
const OVERHEAD: usize = 11;

pub(super) const CASES: &[Case<TestCard>] = &[
    case(
        "signature.compute.whole-block",
        "A block as long as the modulus is signed as it is.",
        &[OPENSC],
        KEY,
        |card| {
            let key = ready(card, KeyPurpose::Authentication, Template::DigitalSignature)?;
            let message = card.random(64);
            let block = block_type_1(&digest_info(Hash::Sha256, &message), key.length());
            let answer = is_operation_on(compute(card, &block)?, &key, &block)?;
            if let Some(parameters) = Hash::Sha256.pkcs1(key.bits()) {
                let is_taken = key.verifies(parameters, &message, &answer.data);
                answer.must(is_taken, "a signature that a second judge takes too")?;
            }
            Ok(())
        },
    ),
    case(
        "signature.compute.digest-info",
        "A DigestInfo is padded as PKCS #1 block type 1, if the key's algorithm is 88.",
        &[CIE, GUESS],
        OWN,
        |card| {
            need(card, KeyAlgorithm::RsaSignature)?;
            let key = ready(card, KeyPurpose::Authentication, Template::DigitalSignature)?;
            for hash in [Hash::Sha1, Hash::Sha256, Hash::Sha512] {
                let info = digest_info(hash, b"message");
                let block = block_type_1(&info, key.length());
                is_operation_on(compute(card, &info)?, &key, &block)?;
            }
            Ok(())
        },
    ),
    case(
        "signature.compute.longest-digest-info",
        "Eleven bytes less than the modulus are padded: eight FF are the fewest.",
        &[CIE, GUESS],
        OWN,
        |card| {
            need(card, KeyAlgorithm::RsaSignature)?;
            let key = ready(card, KeyPurpose::Authentication, Template::DigitalSignature)?;
            let content = card.random(key.length() - OVERHEAD);
            let block = block_type_1(&content, key.length());
            is_operation_on(compute(card, &content)?, &key, &block)?;
            Ok(())
        },
    ),
    case(
        "signature.compute.no-room-for-padding",
        "Ten bytes less than the modulus are refused: there is no room for eight FF.",
        &[CIE, GUESS],
        OWN,
        |card| {
            let key = ready(card, KeyPurpose::Authentication, Template::DigitalSignature)?;
            let content = card.random(key.length() - OVERHEAD + 1);
            compute(card, &content)?.is_refused()?.is_bare()?;
            Ok(())
        },
    ),
    case(
        "signature.compute.pure-key-pads-nothing",
        "With a key of algorithm 0C, a DigestInfo is refused.",
        &[GUESS],
        OWN,
        |card| {
            need(card, KeyAlgorithm::RsaPure)?;
            ready(card, KeyPurpose::Authentication, Template::DigitalSignature)?;
            let info = digest_info(Hash::Sha256, b"message");
            compute(card, &info)?.is_refused()?.is_bare()?;
            Ok(())
        },
    ),
    case(
        "signature.compute.modulus",
        "A whole block that is no number below the modulus is refused.",
        &[source(Document::Pkcs1, "5.2.1", Grade::Read), GUESS],
        KEY,
        |card| {
            let key = ready(card, KeyPurpose::Authentication, Template::DigitalSignature)?;
            compute(card, &key.modulus_and(0))?
                .is_refused()?
                .is_bare()?;
            Ok(())
        },
    ),
];

const fn case(
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

/// The authentication key has this algorithm on the card as it was issued.
fn need(card: &mut TestCard, algorithm: KeyAlgorithm) -> Verdict {
    let place = card.key(KeyPurpose::Authentication)?;
    let path = place
        .folder
        .iter()
        .try_fold(cns_card::Path::MASTER_FILE, |path, id| {
            path.child(cns_card::FileId(*id))
        });
    let folder = path
        .ok()
        .and_then(|path| card.issue().ok()?.image.folder(path));
    let key = folder.and_then(|folder| folder.keys.iter().find(|key| key.id == place.id));
    match key.is_some_and(|key| key.algorithm == algorithm) {
        true => Ok(()),
        false => Err(Stop::skip("it is about a key of the other RSA algorithm")),
    }
}
