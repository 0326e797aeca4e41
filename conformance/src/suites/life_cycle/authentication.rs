//! GET CHALLENGE, EXTERNAL AUTHENTICATE, GIVE RANDOM, and CHANGE KEY DATA of the key that proves a host.
//!
//! ```text
//! 00 84 00 00 Le             random bytes; the last eight are the challenge
//! 00 82 00 id 08 cryptogram  the challenge, enciphered with triple DES
//! 80 86 00 00 08 number      the host's random number
//! 90 24 00 id 10 key         another key
//! ```
//! The formats of EXTERNAL AUTHENTICATE and GIVE RANDOM are remembered, not read.

use cns_apdu::{Command, Le, Sw};
use openssl::symm::{Cipher, Crypter, Mode};

use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::{Answer, TestCard};

const CHALLENGE: Source = read(Document::OpenSc, "GET CHALLENGE");
const REMEMBERED: Source = source(
    Document::CnsFunctional,
    "EXTERNAL AUTHENTICATE",
    Grade::Remembered,
);
const GIVEN: Source = source(Document::CnsFunctional, "GIVE RANDOM", Grade::Remembered);
const CHANGED: Source = read(Document::OpenSc, "incrypto34: CHANGE KEY DATA");
const OWN: &[Needs] = &[Needs::OwnCard];

/// The key of the cases, and another.
const KEY: [u8; 16] = *b"0123456789abcdef";
const OTHER: [u8; 16] = *b"fedcba9876543210";

/// EXTERNAL AUTHENTICATE with a cryptogram that is wrong.
const WRONG: &str = "00 82 00 05 (00 00 00 00 00 00 00 00)";

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "life-cycle.authentication.challenge",
        requirement: "GET CHALLENGE gives as many bytes as are asked for.",
        sources: &[CHALLENGE],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            for le in [8_u16, 16, 32] {
                let ask = Command::new([0x00, 0x84, 0x00, 0x00], &[], Le::exact(le));
                card.send_command(&ask)?.is_ok()?.has_length(le.into())?;
            }
            Ok(())
        },
    },
    Case {
        id: "life-cycle.authentication.challenge-is-new",
        requirement: "Each challenge is another.",
        sources: &[CHALLENGE],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let first = card.send("00 84 00 00 08")?.is_ok()?;
            let second = card.send("00 84 00 00 08")?.is_ok()?;
            let is_new = first.data != second.data;
            second.must(is_new, "other bytes than before")?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.authentication.challenge-parameters",
        requirement: "P1 and P2 of GET CHALLENGE are 00: anything else is answered 6A86.",
        sources: &[CHALLENGE],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("00 84 01 00 08")?.is(Sw::WRONG_P1_P2)?;
            card.send("00 84 00 01 08")?.is(Sw::WRONG_P1_P2)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.authentication.challenge-max",
        requirement: "More random bytes than the make gives at once are answered 6700.",
        sources: &[CHALLENGE],
        level: Level::Should,
        needs: &[Needs::ExtendedLength, Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let max = card.subject().profile.dialect.challenge_max;
            let header = [0x00, 0x84, 0x00, 0x00];
            let more = Command::new(header, &[], Le::exact(max + 1));
            card.send_command(&more)?.is(Sw::WRONG_LENGTH)?;
            let most = Command::new(header, &[], Le::exact(max));
            card.send_command(&most)?.is_ok()?.has_length(max.into())?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.authentication.give-random",
        requirement: "GIVE RANDOM takes eight bytes, and gives none.",
        sources: &[GIVEN],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            card.send("80 86 00 00 (01 02 03 04 05 06 07 08)")?
                .is_ok()?
                .is_bare()?;
            card.send("80 86 00 00 (01 02 03 04)")?
                .is(Sw::WRONG_LENGTH)?;
            card.send("80 86 01 00 (01 02 03 04 05 06 07 08)")?
                .is(Sw::WRONG_P1_P2)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.authentication.opens",
        requirement: "A host that has the key opens what the key guards, until the next reset.",
        sources: &[REMEMBERED],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            put_key(card)?;
            card.send("00 E0 00 00 (6F (80 (0004) 82 (010000) 83 (AA01) 86 (05 05)))")?
                .is_ok()?;
            let closed = Sw::SECURITY_STATUS_NOT_SATISFIED;
            card.send("00 B0 00 00 04")?.is(closed)?;
            authenticate(card, &KEY)?.is_ok()?.is_bare()?;
            card.send("00 B0 00 00 04")?.is_ok()?;
            card.reset()?;
            card.select_quietly(&[0xAA01])?.is_ok()?;
            card.send("00 B0 00 00 04")?.is(closed)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.authentication.once",
        requirement: "A challenge is good for one try, right or wrong.",
        sources: &[REMEMBERED],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            put_key(card)?;
            let none = Sw::CONDITIONS_NOT_SATISFIED;
            card.send(WRONG)?.is(none)?;
            let answer = answer_challenge(card, &KEY)?;
            card.send(&answer)?.is_ok()?;
            card.send(&answer)?.is(none)?;
            let answer = answer_challenge(card, &KEY)?;
            card.send(WRONG)?.is_refused()?;
            card.send(&answer)?.is(none)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.authentication.challenge-forgotten-at-reset",
        requirement: "A reset forgets the challenge.",
        sources: &[REMEMBERED],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            put_key(card)?;
            let answer = answer_challenge(card, &KEY)?;
            card.reset()?;
            card.send(&answer)?.is(Sw::CONDITIONS_NOT_SATISFIED)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.authentication.wrong-is-charged",
        requirement: "Wrong cryptograms are charged, and too many block the key.",
        sources: &[REMEMBERED],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            put_key(card)?;
            for left in (0..3).rev() {
                let expected = card.wrong_answer(left);
                authenticate(card, &OTHER)?.is(expected)?;
            }
            authenticate(card, &KEY)?.is(Sw::AUTHENTICATION_BLOCKED)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.authentication.not-a-pin",
        requirement: "A key is no PIN, and a PIN is no key: 6A88.",
        sources: &[REMEMBERED],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            put_key(card)?;
            card.prepare_with("00 84 00 00 08")?;
            card.send("00 82 00 10 (00 00 00 00 00 00 00 00)")?
                .is(Sw::REFERENCE_NOT_FOUND)?;
            card.send("00 20 00 05 (00 00 00 00 00 00 00 00)")?
                .is(Sw::REFERENCE_NOT_FOUND)?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.authentication.length",
        requirement: "A cryptogram is eight bytes long; another length is answered 6700 and costs \
                      nothing.",
        sources: &[REMEMBERED],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            put_key(card)?;
            for _ in 0..4 {
                card.prepare_with("00 84 00 00 08")?;
                card.send("00 82 00 05 (00 00 00 00)")?
                    .is(Sw::WRONG_LENGTH)?;
            }
            authenticate(card, &KEY)?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.authentication.key-is-changed",
        requirement: "CHANGE KEY DATA, by whom it is allowed, gives the key another value.",
        sources: &[CHANGED],
        level: Level::Must,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            put_key(card)?;
            let change = format!("90 24 00 05 ({})", cns_apdu::hex::encode(&OTHER));
            card.send(&change)?.is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            authenticate(card, &KEY)?.is_ok()?;
            card.send(&change)?.is_ok()?.is_bare()?;
            card.power_cycle()?;
            authenticate(card, &KEY)?.is_refused()?;
            authenticate(card, &OTHER)?.is_ok()?;
            Ok(())
        },
    },
    Case {
        id: "life-cycle.authentication.change-refusals",
        requirement: "CHANGE KEY DATA of no key, of no class or of a wrong length is refused, each in \
                      its way.",
        sources: &[CHANGED, REMEMBERED],
        level: Level::Should,
        needs: OWN,
        state: State::Creation,
        effect: Effect::Destroys,
        run: |card| {
            put_key(card)?;
            authenticate(card, &KEY)?.is_ok()?;
            let key = cns_apdu::hex::encode(&OTHER);
            card.send(&format!("90 24 00 06 ({key})"))?
                .is(Sw::REFERENCE_NOT_FOUND)?;
            card.send(&format!("90 24 00 10 ({key})"))?
                .is(Sw::REFERENCE_NOT_FOUND)?;
            card.send(&format!("90 24 30 05 ({key})"))?
                .is(Sw::WRONG_P1_P2)?;
            card.send("90 24 00 05 (01 02 03)")?.is(Sw::WRONG_LENGTH)?;
            authenticate(card, &KEY)?.is_ok()?;
            Ok(())
        },
    },
];

/// Puts a key 05 in the master file, with three tries, that is changed by whom it was proven.
fn put_key(card: &mut TestCard) -> Result<(), Stop> {
    let algorithm = card.subject().profile.dialect.triple_des_algorithm;
    let key = cns_apdu::hex::encode(&KEY);
    card.prepare_with(&format!(
        "00 DA 01 6E (83 (0005) 85 (02 03 {algorithm:02X} 00 FF 00 00 00) 86 (00 05 FF) 8F ({key}))"
    ))?;
    Ok(())
}

/// GET CHALLENGE, and the EXTERNAL AUTHENTICATE that answers it.
fn answer_challenge(card: &mut TestCard, key: &[u8; 16]) -> Result<String, Stop> {
    let challenge = card.prepare_with("00 84 00 00 08")?.data;
    let cryptogram = encipher(key, &challenge).map_err(Stop::broken)?;
    let cryptogram = cns_apdu::hex::encode(&cryptogram);
    Ok(format!("00 82 00 05 ({cryptogram})"))
}

/// Both at once.
fn authenticate(card: &mut TestCard, key: &[u8; 16]) -> Result<Answer, Stop> {
    let command = answer_challenge(card, key)?;
    card.send(&command)
}

/// One block with triple DES, whose third key is the first.
fn encipher(key: &[u8; 16], block: &[u8]) -> Result<Vec<u8>, openssl::error::ErrorStack> {
    let (first, _) = key.split_at(8);
    let key = [key.as_slice(), first].concat();
    let mut crypter = Crypter::new(Cipher::des_ede3_cbc(), Mode::Encrypt, &key, Some(&[0; 8]))?;
    crypter.pad(false);
    let mut out = vec![0; block.len() + 8];
    let length = crypter.update(block, &mut out)?;
    out.truncate(length);
    Ok(out)
}
