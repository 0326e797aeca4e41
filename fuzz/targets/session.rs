//! A whole session: a stream of vpcd's frames, as a reader sends it, to a card whose PIN is known.
//!
//! The first byte says how the session begins: bit 1 with the PIN proven, bit 2 on a card that is
//! still being made, where files and objects are created freely. That one has no RSA key yet, which
//! would take most of the time when the card is loaded again at the end.

#![no_main]

use std::sync::LazyLock;

use allocation_counter::measure;
use cns_card::{Card, CardImage, LifeCycle};
use cns_fuzz::{PIN, counting, image};
use libfuzzer_sys::fuzz_target;
use vsmartcard::wire::{FrameBuffer, Message};

/// No command takes more from the heap, in bytes.
const HEAP_MAX: u64 = 64 * 1024;

/// Makes a key for a second or two and leaves no time for anything else.
const GENERATE_KEY_PAIR: u8 = 0x46;

static IMAGE: LazyLock<CardImage> = LazyLock::new(image);

fuzz_target!(|bytes: &[u8]| {
    let Some((&beginning, stream)) = bytes.split_first() else {
        return;
    };
    let mut image = IMAGE.clone();
    if beginning & 2 != 0 {
        image.life_cycle = LifeCycle::Creation;
        image.master_file.keys.clear();
    }
    let mut card = Card::volatile(image, counting());
    card.power_on();
    let mut response = Vec::with_capacity(64 * 1024);
    if beginning & 1 != 0 {
        let verify = [&[0x00, 0x20, 0x00, 0x10, 0x08][..], PIN].concat();
        card.transmit(&verify, &mut response);
        assert_eq!(response, [0x90, 0x00]);
    }
    let mut frames = FrameBuffer::new();
    frames.push(stream);
    while let Some(message) = frames.next_message() {
        match message {
            Message::PowerOff => card.power_off(),
            Message::PowerOn => drop(card.power_on().clone()),
            Message::Reset => drop(card.reset().clone()),
            Message::AtrRequest => {}
            Message::Command([_, GENERATE_KEY_PAIR, ..]) => {}
            Message::Command(command) => exchange(&mut card, command, &mut response),
        }
    }
    if card.image().life_cycle == LifeCycle::Creation {
        let stored = card.image().encode().expect("a card in use can be stored");
        CardImage::decode(&stored).expect("a card that was stored can be loaded");
    }
});

fn exchange(card: &mut Card, command: &[u8], response: &mut Vec<u8>) {
    let heap = measure(|| card.transmit(command, response));
    assert!(heap.bytes_max <= HEAP_MAX, "{heap:?} for {command:02X?}");
    assert!(
        matches!(response[..], [.., 0x61..=0x6F | 0x90, _]),
        "{response:02X?} has no status word; sent was {command:02X?}"
    );
}
