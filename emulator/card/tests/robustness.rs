//! No bytes whatever make the card panic, and the same bytes give the same answers.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use cns_card::{Atr, CardImage};
use common::{PIN, card, image, send};
use proptest::prelude::*;

/// Bytes that look enough like a command to get past the codec.
fn command() -> impl Strategy<Value = Vec<u8>> {
    let class = prop_oneof![4 => Just(0x00u8), 2 => Just(0x10), 1 => any::<u8>()];
    let instruction = prop_oneof![
        8 => proptest::sample::select(vec![
            0x20u8, 0x22, 0x24, 0x2A, 0x2C, 0x84, 0xA4, 0xB0, 0xB2, 0xC0, 0xD6,
        ]),
        1 => any::<u8>(),
    ];
    let p1 = prop_oneof![
        proptest::sample::select(vec![0x00u8, 0x02, 0x04, 0x08, 0x80, 0x9E, 0xF1, 0xF3]),
        any::<u8>(),
    ];
    let p2 = prop_oneof![
        proptest::sample::select(vec![
            0x00u8, 0x03, 0x04, 0x0C, 0x10, 0x86, 0x90, 0x9A, 0xB6, 0xB8
        ]),
        any::<u8>(),
    ];
    let known = proptest::sample::select(vec![
        vec![0x02, 0x3F, 0x00],
        vec![0x04, 0x11, 0x00, 0x11, 0x01],
        vec![0x04, 0x12, 0x00, 0x12, 0x01, 0x00],
        vec![0x03, 0x83, 0x01, 0x01],
        vec![0x08, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38],
    ]);
    let body = prop_oneof![known, proptest::collection::vec(any::<u8>(), 0..300)];
    (class, instruction, p1, p2, body)
        .prop_map(|(class, ins, p1, p2, body)| [&[class, ins, p1, p2][..], &body].concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_command_is_answered(commands in proptest::collection::vec(command(), 1..30)) {
        let mut card = card();
        send(&mut card, &format!("0020001008{PIN}"));
        let mut response = Vec::new();
        for command in commands {
            card.transmit(&command, &mut response);
            prop_assert!(response.len() >= 2, "a response ends with SW1 SW2");
            prop_assert!((0x61..=0x6F).contains(&response[response.len() - 2])
                || response[response.len() - 2] == 0x90);
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..70_000)) {
        let mut response = Vec::new();
        card().transmit(&bytes, &mut response);
        prop_assert!(response.len() >= 2);
    }

    #[test]
    fn the_same_commands_get_the_same_answers(commands in proptest::collection::vec(command(), 1..20)) {
        let image = image();
        let run = || {
            let mut card = cns_card::Card::volatile(image.clone(), common::counting());
            let mut all = Vec::new();
            let mut response = Vec::new();
            for command in &commands {
                card.transmit(command, &mut response);
                all.extend_from_slice(&response);
            }
            all
        };
        prop_assert_eq!(run(), run());
    }

    #[test]
    fn any_bytes_are_an_image_or_a_reason(
        position in any::<proptest::sample::Index>(),
        byte in any::<u8>(),
        length in any::<proptest::sample::Index>(),
    ) {
        let mut bytes = image().encode().unwrap();
        let position = position.index(bytes.len());
        bytes[position] = byte;
        bytes.truncate(length.index(bytes.len() * 2));
        let _ = CardImage::decode(&bytes);
    }

    #[test]
    fn any_bytes_are_an_atr_or_a_reason(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        let _ = Atr::parse(&bytes);
        let _ = Atr::parse(&[&[0x3B][..], &bytes].concat());
    }
}

#[test]
fn an_image_reads_back_as_it_was() {
    let bytes = image().encode().unwrap();
    let again = CardImage::decode(&bytes).unwrap().encode().unwrap();
    assert_eq!(bytes, again);
}
