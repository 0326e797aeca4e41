//! Command chaining (ISO/IEC 7816-4 §5.3.3): one long data field in several commands.
//!
//! ```text
//! 10 2A 80 86 FF first     a link: 9000, more follows
//! 00 2A 80 86 02 rest 00   the last: the command is run with all the data
//! ```
//! 6883: the rest of a chain was expected. 6884: this command is not chained.

use cns_apdu::{Command, Le, Sw};
use cns_fixtures::{KeyPurpose, KeySize, Secret};

use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::{DECIPHER, SIGN, TestCard};

const ISO: Source = read(Document::Iso7816Part4, "command chaining");
const OPENSC: Source = source(
    Document::OpenSc,
    "257 bytes to PSO DECIPHER",
    Grade::Verified,
);
const NEEDS: &[Needs] = &[Needs::Chaining, Needs::KeySize(KeySize::Rsa2048)];
const OWN: &[Needs] = &[
    Needs::Chaining,
    Needs::KeySize(KeySize::Rsa2048),
    Needs::OwnCard,
];

pub(super) const CASES: &[Case<TestCard>] = &[
    Case {
        id: "chaining.commands.deciphers",
        requirement: "PSO DECIPHER takes 257 bytes as a link of 255 and the rest.",
        sources: &[ISO, OPENSC],
        level: Level::Must,
        needs: NEEDS,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB8)?;
            card.decipher(&block)?.is_signature_of(&block, &key)?;
            Ok(())
        },
    },
    Case {
        id: "chaining.commands.signs",
        requirement: "PSO COMPUTE DIGITAL SIGNATURE takes 256 bytes as a link of 255 and the rest.",
        sources: &[ISO, OPENSC],
        level: Level::Must,
        needs: NEEDS,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB6)?;
            card.sign(&block)?.is_signature_of(&block, &key)?;
            Ok(())
        },
    },
    Case {
        id: "chaining.commands.any-pieces",
        requirement: "How long the links are makes no difference.",
        sources: &[ISO],
        level: Level::Should,
        needs: NEEDS,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB8)?;
            let data = [&[0x00][..], &block].concat();
            for link in [16, 128, 254] {
                let answer = card.send_chain(DECIPHER, &data, link, Le::Maximum)?;
                answer.is_signature_of(&block, &key)?;
            }
            Ok(())
        },
    },
    Case {
        id: "chaining.commands.equals-extended",
        requirement: "A chain gives what one extended command gives.",
        sources: &[ISO],
        level: Level::Must,
        needs: &[
            Needs::Chaining,
            Needs::ExtendedLength,
            Needs::KeySize(KeySize::Rsa2048),
        ],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB6)?;
            let chained = card.sign(&block)?.is_ok()?;
            let whole = Command::new(SIGN, &block, Le::exact(256));
            card.send_command(&whole)?
                .is_ok()?
                .has_data(&chained.data)?;
            Ok(())
        },
    },
    Case {
        id: "chaining.commands.right-is-asked-at-the-end",
        requirement: "The PIN is asked for when the chain is whole, and a chain that was refused so \
                      can be sent again.",
        sources: &[
            ISO,
            source(Document::OpenSc, "VERIFY again after 6982", Grade::Read),
        ],
        level: Level::Should,
        needs: NEEDS,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            let place = card.key(KeyPurpose::Authentication)?;
            let set = format!("00 22 F1 B8 (83 ({:02X}))", place.id);
            card.prepare_with("00 22 F3 03")?;
            card.prepare_with(&set)?;
            card.decipher(&block)?
                .is(Sw::SECURITY_STATUS_NOT_SATISFIED)?;
            card.verify_pin()?;
            card.decipher(&block)?.is_signature_of(&block, &key)?;
            Ok(())
        },
    },
    Case {
        id: "chaining.commands.interleaved",
        requirement: "Another command in the middle ends the chain: the rest alone is not run.",
        sources: &[ISO],
        level: Level::Must,
        needs: NEEDS,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB8)?;
            let (first, rest) = halves(&block);
            card.send(&first)?.is_ok()?;
            card.send("00 A4 00 0C (3F00)")?;
            card.key(KeyPurpose::Authentication)?;
            card.send(&rest)?.is_refused()?;
            Ok(())
        },
    },
    Case {
        id: "chaining.commands.interleaved-is-told",
        requirement: "Another command where the rest of a chain was due is answered 6883.",
        sources: &[ISO],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB8)?;
            let (first, _) = halves(&block);
            let due = Sw::LAST_COMMAND_OF_CHAIN_EXPECTED;
            card.send(&first)?.is_ok()?;
            card.send("00 A4 00 0C (3F00)")?.is(due)?;
            card.send(&first)?.is_ok()?;
            card.send("00 2A 9E 9A (00)")?.is(due)?;
            Ok(())
        },
    },
    Case {
        id: "chaining.commands.nothing-mixed",
        requirement: "What a broken chain left does not get into the next one.",
        sources: &[ISO],
        level: Level::Must,
        needs: NEEDS,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB8)?;
            card.send("10 2A 80 86 (00 55 55 55)")?.is_ok()?;
            card.send("00 A4 00 0C (3F00)")?;
            card.key(KeyPurpose::Authentication)?;
            card.decipher(&block)?.is_signature_of(&block, &key)?;
            Ok(())
        },
    },
    Case {
        id: "chaining.commands.unknown-command-breaks",
        requirement: "A command that does not exist ends the chain too.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB8)?;
            let (first, rest) = halves(&block);
            card.send(&first)?.is_ok()?;
            card.send("00 10 00 00")?
                .is(Sw::INSTRUCTION_NOT_SUPPORTED)?;
            card.send(&rest)?.is_refused()?;
            Ok(())
        },
    },
    Case {
        id: "chaining.commands.other-parameters",
        requirement: "The links of a chain have the same P1 and P2: others are not its rest.",
        sources: &[ISO],
        level: Level::Must,
        needs: NEEDS,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB8)?;
            let (first, rest) = halves(&block);
            card.send(&first)?.is_ok()?;
            card.send("00 2A 9E 9A (00 00)")?.is_refused()?;
            card.send(&rest)?.is_refused()?;
            Ok(())
        },
    },
    Case {
        id: "chaining.commands.forgotten-at-reset",
        requirement: "A reset forgets an open chain.",
        sources: &[ISO],
        level: Level::Must,
        needs: NEEDS,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB8)?;
            let (first, rest) = halves(&block);
            card.send(&first)?.is_ok()?;
            card.reset()?;
            card.prepare_key(0xB8)?;
            card.send(&rest)?.is_refused()?;
            card.decipher(&block)?.is_signature_of(&block, &key)?;
            Ok(())
        },
    },
    Case {
        id: "chaining.commands.too-long",
        requirement: "A chain of more data than the card takes is answered 6700, and forgotten.",
        sources: &[
            ISO,
            source(
                Document::CnsFunctional,
                "length of commands",
                Grade::Inferred,
            ),
        ],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.public_key()?;
            let block = card.block(&key);
            card.prepare_key(0xB8)?;
            let max = usize::from(card.subject().profile.dialect.command_data_max);
            let link = format!("10 2A 80 86 ({})", "55".repeat(255));
            for _ in 0..max / 255 {
                card.send(&link)?.is_ok()?;
            }
            card.send(&link)?.is(Sw::WRONG_LENGTH)?;
            card.decipher(&block)?.is_signature_of(&block, &key)?;
            Ok(())
        },
    },
    Case {
        id: "chaining.commands.not-select",
        requirement: "A command that is never long is not chained: SELECT with the chaining bit is \
                      refused.",
        sources: &[ISO],
        level: Level::Should,
        needs: &[Needs::Chaining],
        state: State::Issued,
        effect: Effect::Reads,
        run: |card| {
            let answer = card.send("10 A4 00 0C (3F00)")?;
            answer.is_one_of(&[Sw::CHAINING_NOT_SUPPORTED, Sw::CLASS_NOT_SUPPORTED])?;
            Ok(())
        },
    },
    Case {
        id: "chaining.commands.not-verify",
        requirement: "VERIFY with the chaining bit is refused, and not compared.",
        sources: &[ISO],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let p2 = card.p2_of(Secret::Pin)?;
            let before = card.ask(Secret::Pin)?;
            for value in [card.secret(Secret::Pin)?, card.wrong_secret(Secret::Pin)?] {
                let value = cns_apdu::hex::encode(&value);
                let answer = card.send(&format!("10 20 00 {p2:02X} ({value})"))?;
                answer.is(Sw::CHAINING_NOT_SUPPORTED)?;
            }
            card.ask(Secret::Pin)?.is(before.sw)?;
            Ok(())
        },
    },
];

/// PSO DECIPHER of this block: the link that begins the chain, and the command that ends it.
fn halves(block: &[u8]) -> (String, String) {
    let data = [&[0x00], block].concat();
    let (first, rest) = data.split_at(data.len().min(Command::SHORT_DATA_MAX));
    let hex = cns_apdu::hex::encode;
    (
        format!("10 2A 80 86 ({})", hex(first)),
        format!("00 2A 80 86 ({}) 00", hex(rest)),
    )
}
