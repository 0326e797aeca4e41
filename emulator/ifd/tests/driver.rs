//! The library driven as pcscd drives it, without pcscd. One test, because a process has one handler
//! at a time.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use cns_card::Card;
use cns_reader::{Insertion, Journal, ReaderError, SystemEntropy};
use common::{image, library, reader};
use vsmartcard::driver::{IfdHandler, Slot};
use vsmartcard::handler::control_code;

const LIMIT: Duration = Duration::from_secs(5);

const READER: &str = "
    control = 'control'
    [[slot]]
    card = 'card.cns'
    volatile = true
    pinpad = true
";

/// VERIFY of PIN 10, as a host gives it to a pinpad: eight places of filling.
const VERIFY: [u8; 13] = [
    0x00, 0x20, 0x00, 0x10, 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
];

#[test]
fn a_card_in_the_drivers_own_process_and_one_at_its_socket() {
    let folder = tempfile::tempdir().unwrap();
    let mut slot = open(&reader(folder.path(), READER));
    slot.wait_for_card(LIMIT).unwrap();
    assert_eq!(slot.power_up().unwrap(), image().atr.as_bytes());
    let select = [0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00];
    assert_eq!(slot.transmit(&select).unwrap(), [0x90, 0x00]);

    the_pinpad_types_what_the_control_says(&mut slot, &folder.path().join("control"));
    a_card_that_was_taken_out_comes_back_without_its_rights(
        &mut slot,
        &folder.path().join("control"),
    );
    drop(slot);

    let file = reader(folder.path(), "[[slot]]\nsocket = 'slot'\n");
    cards_enter_at_a_socket(&mut open(&file), &folder.path().join("slot"));
    a_mute_card_is_taken_for_gone(folder.path());
}

fn open(file: &Path) -> Slot {
    let handler = IfdHandler::load(&library()).unwrap();
    handler.open_device(file.to_str().unwrap()).unwrap()
}

fn the_pinpad_types_what_the_control_says(slot: &mut Slot, control: &Path) {
    let features = slot.control(control_code(3400), &[]).unwrap();
    let code_of = |feature: u8| {
        let found = features.chunks(6).find(|entry| entry[0] == feature);
        u32::from_be_bytes(found.unwrap()[2..].try_into().unwrap())
    };
    let properties = slot.control(code_of(0x12), &[]).unwrap();
    assert_eq!(properties[..6], [0x0A, 4, 0x00, 0x00, 0x01, 0x00]);

    let verify = [
        &[0, 0, 0x82, 0x08, 0][..],
        &[8, 5, 2, 0, 0, 0, 0, 0, 0, 0],
        &[13, 0, 0, 0],
        &VERIFY,
    ];
    let verify = verify.concat();
    let press = |slot: &mut Slot, request: &str, expected: [u8; 2]| {
        say(control, request);
        assert_eq!(
            slot.control(code_of(0x06), &verify).unwrap(),
            expected,
            "{request}"
        );
    };
    press(slot, r#"{"do":"leave","slot":0}"#, [0x64, 0x00]);
    press(
        slot,
        r#"{"do":"cancel","slot":0,"delay_ms":0}"#,
        [0x64, 0x01],
    );
    press(
        slot,
        r#"{"do":"type","slot":0,"pin":"00000","delay_ms":1}"#,
        [0x63, 0xC2],
    );
    press(
        slot,
        r#"{"do":"type","slot":0,"pin":"123456789","delay_ms":1}"#,
        [0x64, 0x03],
    );
    press(
        slot,
        r#"{"do":"type","slot":0,"pin":"12345678","delay_ms":1}"#,
        [0x90, 0x00],
    );

    // CHANGE REFERENCE DATA: the old PIN at 0, the new one at 8, both asked for.
    let change = [0x00, 0x24, 0x00, 0x10, 0x10].iter().chain(&[0xFF; 16]);
    let mut modify = vec![
        0, 0, 0x82, 0x08, 0, 0, 8, 8, 5, 3, 2, 3, 0, 0, 0, 1, 2, 0, 0, 0,
    ];
    modify.extend([21, 0, 0, 0]);
    modify.extend(change);
    say(
        control,
        r#"{"do":"type","slot":0,"pin":"12345678","new_pin":"87654","delay_ms":1}"#,
    );
    assert_eq!(slot.control(code_of(0x07), &modify).unwrap(), [0x90, 0x00]);
    press(
        slot,
        r#"{"do":"type","slot":0,"pin":"87654","delay_ms":1}"#,
        [0x90, 0x00],
    );
    assert!(slot.control(control_code(1), &[]).is_err());
}

fn a_card_that_was_taken_out_comes_back_without_its_rights(slot: &mut Slot, control: &Path) {
    let ask = [0x00, 0x20, 0x00, 0x10];
    assert_eq!(slot.transmit(&ask).unwrap(), [0x90, 0x00]);
    assert_eq!(
        say(control, r#"{"do":"remove","slot":0}"#),
        "{\"ok\":true,\"slots\":[{\"card\":false,\"pinpad\":true}]}\n"
    );
    assert_eq!(
        say(control, r#"{"do":"insert"}"#),
        "{\"ok\":true,\"slots\":[{\"card\":true,\"pinpad\":true}]}\n"
    );
    // However short the slot was empty, that is what is told first.
    assert!(!slot.card_present().unwrap());
    assert!(slot.card_present().unwrap());
    assert!(slot.transmit(&ask).is_err(), "it has no power yet");
    slot.power_up().unwrap();
    assert_eq!(slot.transmit(&ask).unwrap(), [0x63, 0xC3]);
    let refused = |order: &str, reason: &str| {
        let expected = format!("{{\"ok\":false,\"error\":\"{reason}");
        let said = say(control, order);
        assert!(said.starts_with(&expected), "{order}: {said}");
    };
    refused("?", "this is no order (column 1)");
    refused(r#"{"do":"remove","slot":9}"#, "there is no slot 9");
    refused(r#"{"do":"blink"}"#, "this is the reader");
}

fn cards_enter_at_a_socket(slot: &mut Slot, socket: &Path) {
    assert!(!slot.card_present().unwrap());
    for _ in 0..3 {
        let (removal, removed) = tokio::sync::oneshot::channel();
        let holder = hold(socket, removed);
        slot.wait_for_card(LIMIT).unwrap();
        slot.power_up().unwrap();
        let select = [0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00];
        assert_eq!(slot.transmit(&select).unwrap(), [0x90, 0x00]);

        let (_stays, never) = tokio::sync::oneshot::channel();
        let refused = hold(socket, never).join().unwrap();
        assert!(matches!(refused, Err(ReaderError::Silent { .. })));

        removal.send(()).unwrap();
        holder.join().unwrap().unwrap();
        while slot.card_present().unwrap() {
            std::thread::yield_now();
        }
        assert!(slot.transmit(&select).is_err());
    }
}

/// Puts a card into the slot at this socket; without patience, for there is a reader.
fn hold(
    socket: &Path,
    removed: tokio::sync::oneshot::Receiver<()>,
) -> std::thread::JoinHandle<Result<(), ReaderError>> {
    let mut insertion = Insertion::at(socket.to_owned());
    insertion.patience = Duration::ZERO;
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let mut card = Card::volatile(image(), SystemEntropy::new());
        let removal = async { drop(removed.await) };
        runtime.block_on(insertion.hold(&mut card, &Journal::silent(), removal))
    })
}

fn a_mute_card_is_taken_for_gone(folder: &Path) {
    let file = reader(folder, "silence_max_ms = 50\n[[slot]]\nsocket = 'mute'\n");
    let mut slot = open(&file);
    let mut card = UnixStream::connect(folder.join("mute")).unwrap();
    // Its ATR, twice: when it enters, and when it is powered. Then nothing more.
    let atr = image().atr.as_bytes().to_vec();
    let mut greeting = vec![0, atr.len() as u8];
    greeting.extend(&atr);
    card.write_all(&greeting.repeat(2)).unwrap();
    slot.wait_for_card(LIMIT).unwrap();
    slot.power_up().unwrap();
    assert!(slot.transmit(&[0x00, 0xB0, 0x00, 0x00, 0x00]).is_err());
    while slot.card_present().unwrap() {
        std::thread::yield_now();
    }
}

fn say(control: &Path, request: &str) -> String {
    let mut stream = UnixStream::connect(control).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    writeln!(stream, "{request}").unwrap();
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).unwrap();
    answer
}
