//! The vpcd protocol: what each payload means, and that fragmentation changes nothing.

use proptest::prelude::*;
use vsmartcard::wire::{FrameBuffer, FrameTooLong, Message, PAYLOAD_LENGTH_MAX, write_frame};

#[track_caller]
fn check(frame: &[u8], expected: Message<'_>, awaits_answer: bool) {
    let mut incoming = FrameBuffer::new();
    incoming.push(frame);
    let message = incoming.next_message().expect("the frame is whole");
    assert_eq!(message, expected);
    assert_eq!(message.awaits_answer(), awaits_answer);

    let mut written = Vec::new();
    message.write(&mut written).expect("it came in a frame");
    assert_eq!(written, frame);

    assert_eq!(incoming.next_message(), None);
    assert!(incoming.is_empty());
}

#[test]
fn the_four_controls_are_single_bytes() {
    check(&[0, 1, 0x00], Message::PowerOff, false);
    check(&[0, 1, 0x01], Message::PowerOn, false);
    check(&[0, 1, 0x02], Message::Reset, false);
    check(&[0, 1, 0x04], Message::AtrRequest, true);
}

#[test]
fn everything_else_is_a_command_that_awaits_an_answer() {
    check(
        &[0, 4, 0x00, 0xA4, 0x00, 0x00],
        Message::Command(&[0x00, 0xA4, 0x00, 0x00]),
        true,
    );
    check(&[0, 2, 0x00, 0x00], Message::Command(&[0x00, 0x00]), true);
    check(&[0, 1, 0x03], Message::Command(&[0x03]), true);
    check(&[0, 1, 0xFF], Message::Command(&[0xFF]), true);
    check(&[0, 0], Message::Command(&[]), true);
}

#[test]
fn the_longest_frame_fits_and_the_next_one_leaves_the_buffer_alone() {
    let mut out = vec![0xEE];
    let payload = vec![0x5A; PAYLOAD_LENGTH_MAX + 1];
    assert_eq!(write_frame(&payload, &mut out), Err(FrameTooLong(65_536)));
    assert_eq!(out, [0xEE]);

    out.clear();
    write_frame(&payload[1..], &mut out).expect("65 535 bytes are the limit");
    assert_eq!(out[..3], [0xFF, 0xFF, 0x5A]);
    check(&out, Message::Command(&payload[1..]), true);
}

#[test]
fn an_unfinished_frame_is_left_over() {
    let mut incoming = FrameBuffer::new();
    incoming.push(&[0, 3, 0x90]);
    assert_eq!(incoming.next_payload(), None);
    assert!(!incoming.is_empty());
    incoming.push(&[0x00, 0x11]);
    assert_eq!(incoming.next_payload(), Some(&[0x90, 0x00, 0x11][..]));
    assert!(incoming.is_empty());
}

/// Payloads of every interesting size, controls included.
fn payloads() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let payload = prop_oneof![
        4 => prop::collection::vec(any::<u8>(), 0..=2),
        4 => prop::collection::vec(any::<u8>(), 0..300),
        1 => prop::collection::vec(any::<u8>(), 65_500..=PAYLOAD_LENGTH_MAX),
    ];
    prop::collection::vec(payload, 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn frames_survive_any_fragmentation(
        payloads in payloads(),
        fragments in prop::collection::vec(1_usize..4_096, 1..64),
    ) {
        let mut stream = Vec::new();
        for payload in &payloads {
            Message::from_payload(payload).write(&mut stream).expect("within the limit");
        }

        let mut incoming = FrameBuffer::new();
        let mut received = Vec::new();
        let mut rest = &stream[..];
        for &fragment in fragments.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (now, later) = rest.split_at(fragment.min(rest.len()));
            incoming.push(now);
            rest = later;
            while let Some(message) = incoming.next_message() {
                received.push(message.payload().to_vec());
            }
        }

        prop_assert_eq!(received, payloads);
        prop_assert!(incoming.is_empty());
    }

    #[test]
    fn no_bytes_make_it_panic(
        pushes in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..64), 0..32),
    ) {
        let mut incoming = FrameBuffer::new();
        for push in &pushes {
            incoming.push(push);
            while let Some(message) = incoming.next_message() {
                let _ = message.awaits_answer();
            }
        }
    }
}
