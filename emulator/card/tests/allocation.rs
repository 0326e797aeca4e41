//! What commands take from the heap: nothing for those that clients repeat hundreds of times, and
//! never much.
//!
//! Counted is what Rust code allocates. What the crypto library takes for itself, in C, is not: it
//! has its own allocator, and frees it before the command ends.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use allocation_counter::{AllocationInfo, measure};
use cns_apdu::{Command, Le, hex};
use cns_card::{Card, LifeCycle};
use cns_fixtures::{test_key, traces};
use common::{PIN, bytes, card, card_in};
use openssl::rsa::Rsa;
use proptest::prelude::*;
use proptest::sample::select;

/// The most that one command may hold at a time, in bytes.
const HEAP_MAX: u64 = 64 * 1024;

#[test]
fn repeated_commands_take_nothing_once_they_are_warm() {
    let wrong = "002000100830303030303030FF";
    let right = format!("0020001008{PIN}");
    for (name, commands, sw) in [
        ("SELECT", vec!["00A4000C023F00"], "9000"),
        ("SELECT by path", vec!["00A4080C0411001101"], "9000"),
        (
            "SELECT of no application",
            vec!["00A4040C07A0000000790100"],
            "6A82",
        ),
        (
            "SELECT of a file with FCI",
            vec!["00A40800041100110200"],
            "9000",
        ),
        (
            "SELECT of a folder with FCI",
            vec!["00A40000023F0000"],
            "9000",
        ),
        (
            "READ BINARY",
            vec!["00A4080C0411001101", "00B0000000"],
            "9000",
        ),
        (
            "READ BINARY at the end",
            vec!["00A4080C0411001101", "00B007FF00"],
            "6282",
        ),
        (
            "READ BINARY, extended",
            vec!["00A4080C0411001101", "00B00000000800"],
            "9000",
        ),
        ("READ RECORD", vec!["00A4080C023F01", "00B2020400"], "9000"),
        ("GET CHALLENGE", vec!["0084000008"], "9000"),
        ("VERIFY, query", vec!["00200010"], "63C3"),
        ("VERIFY, right value", vec![&right], "9000"),
        ("VERIFY, right after wrong", vec![wrong, &right], "9000"),
        ("VERIFY, wrong after right", vec![&right, wrong], "63C2"),
    ] {
        let commands: Vec<Vec<u8>> = commands
            .iter()
            .map(|text| hex::decode(text).unwrap())
            .collect();
        let mut card = card();
        let mut response = Vec::new();
        let mut run = || {
            for command in &commands {
                card.transmit(command, &mut response);
            }
        };
        run();
        let heap = measure(run);
        assert_eq!(heap, AllocationInfo::default(), "{name}");
        let seen = hex::encode(response.last_chunk::<2>().unwrap()).replace(' ', "");
        assert_eq!(seen, sw, "{name}");
    }
}

#[test]
fn no_command_of_the_recorded_clients_takes_much() {
    for trace in traces() {
        let mut card = card();
        let recorded = trace.exchanges.iter().map(|exchange| &exchange.command);
        for command in trace.before.iter().chain(recorded) {
            check(&mut card, command);
        }
    }
}

#[test]
fn the_greediest_commands_do_not_take_much() {
    let mut card = card_in(LifeCycle::Creation);
    let free = "86(000000000000000000)";
    let data_max = "00 0400".to_owned() + &"01".repeat(1_024);
    // The largest files there can be, and the most that one command can write and read.
    for command in [
        &format!("00E00000(6F(80(7FFF) 82(010000) 83(4000) {free}))"),
        &format!("00D60000 {data_max}"),
        "00B00000 000000",
        "0084000000",
        &format!("00E00000(6F(80(7FFF) 82(050000) 83(4001) {free}))"),
        &format!("00E20000 {data_max}"),
        &format!("00E20000 {data_max}"),
        &format!("00DC0104 {data_max}"),
        "00B20104 000000",
    ] {
        let sw = check(&mut card, &bytes(command));
        assert!(
            matches!(sw, [0x90, 0x00] | [0x62, 0x82]),
            "{sw:02X?}: {command:.40}"
        );
    }
    // Files full of records as small as they can be, until no more is taken.
    for structure in ["050000", "060001"] {
        let create = format!("00E00000(6F(80(7FFF) 82({structure}) 83(41{structure:.2}) {free}))");
        assert_eq!(check(&mut card, &bytes(&create)), [0x90, 0x00]);
        for _ in 0..300 {
            let sw = check(&mut card, &bytes("00E2000001 01"));
            assert!(matches!(sw, [0x90, 0x00] | [0x6A, 0x84]), "{sw:02X?}");
        }
    }
}

#[test]
fn a_key_in_two_numbers_does_not_take_much() {
    let key = Rsa::private_key_from_pem(test_key(1).unwrap().pem().as_bytes()).unwrap();
    let mut card = card_in(LifeCycle::Creation);
    for (class, number) in [("20", key.n()), ("21", key.d())] {
        let description = format!("83({class}07) 85(02 00 0C 0F FF FF 00 00) 86(10 FF)");
        let number = number.to_vec_padded(256).unwrap();
        let head = [0x8F, 0x82, 0x01, 0x03, 0x01, 0x01, 0x00];
        let data = [bytes(&description), head.to_vec(), number].concat();
        let put = Command::new([0x00, 0xDA, 0x01, 0x6E], &data, Le::Absent);
        assert_eq!(check(&mut card, &put.to_bytes()), [0x90, 0x00]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_other_command_takes_much(
        header in any::<[u8; 4]>(),
        instruction in select(vec![
            0x20_u8, 0x22, 0x24, 0x2A, 0x2C, 0x82, 0x84, 0x86, 0xA4, 0xB0, 0xB2, 0xC0, 0xCA, 0xD6,
            0xDA, 0xDC, 0xE0, 0xE2,
        ]),
        is_known in proptest::bool::weighted(0.8),
        data in proptest::collection::vec(any::<u8>(), 0..40_000),
        le in any::<u16>(),
    ) {
        let header = match is_known {
            true => [0x00, instruction, header[2] & 0x87, header[3] & 0x87],
            false => header,
        };
        for mut card in [card(), card_in(LifeCycle::Creation)] {
            check(&mut card, &bytes(&format!("0020001008{PIN}")));
            check(&mut card, &bytes("00A4080C0412001201"));
            for data in [&[][..], &data[..data.len().min(200)], &data] {
                check(&mut card, &Command::new(header, data, Le::exact(le)).to_bytes());
            }
        }
    }
}

/// Sends a command and returns the status word.
fn check(card: &mut Card, command: &[u8]) -> [u8; 2] {
    // The reader's buffer, which it keeps: as large as a response can be.
    let mut response = Vec::with_capacity(65_536 + 2);
    let heap = measure(|| card.transmit(command, &mut response));
    let start = hex::encode(command.get(..20).unwrap_or(command));
    assert!(heap.bytes_max <= HEAP_MAX, "{heap:?} for {start}");
    *response.last_chunk().unwrap()
}
