//! The card in its reader: the distribution's own driver, and readers that misbehave.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

use cns_apdu::hex;
use cns_card::Card;
use cns_reader::ports::PortPair;
use cns_reader::{Insertion, Journal, ReaderError, SystemEntropy};
use common::image;
use tokio::runtime;
use tokio::sync::oneshot;
use vsmartcard::driver::{IfdHandler, find_library};

/// A card held in a reader by a thread of its own, until it is taken out.
struct Held {
    removal: oneshot::Sender<()>,
    thread: JoinHandle<Result<(), ReaderError>>,
    journal: Journal,
}

fn hold(address: SocketAddr) -> Held {
    let (removal, removed) = oneshot::channel();
    let journal = Journal::silent();
    let kept = journal.clone();
    let thread = std::thread::spawn(move || {
        let mut card = Card::volatile(image(), SystemEntropy::new());
        let insertion = Insertion {
            address: address.into(),
            patience: Duration::from_millis(500),
        };
        let removed = async { drop(removed.await) };
        block_on(insertion.hold(&mut card, &kept, removed))
    });
    Held {
        removal,
        thread,
        journal,
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

#[test]
fn the_real_driver_runs_the_card_without_pcscd() {
    let ports = PortPair::reserve().unwrap();
    let driver = IfdHandler::load(&find_library().unwrap()).unwrap();
    let mut slot = driver.open(ports.first()).unwrap();
    let held = hold(local(ports.first()));
    slot.wait_for_card(Duration::from_secs(10)).unwrap();
    assert_eq!(slot.power_up().unwrap(), image().atr.as_bytes());

    let mut send = |command: &str| {
        let response = slot.transmit(&hex::decode(command).unwrap()).unwrap();
        hex::encode(&response).replace(' ', "")
    };
    assert_eq!(send("00A4080C0410001003"), "9000");
    assert_eq!(send("00B0000004"), "363033309000");
    assert_eq!(send("00200010083132333435363738"), "9000");
    assert_eq!(send("00200010"), "9000");
    send("00A4080C0411001101");
    assert_eq!(
        send("00B00000000800").len(),
        (2048 + 2) * 2,
        "an extended answer"
    );

    slot.reset().unwrap();
    let response = slot.transmit(&[0x00, 0x20, 0x00, 0x10]).unwrap();
    assert_eq!(response, [0x63, 0xC3], "the reset took the right away");
    assert_eq!(held.journal.commands(), 7);

    held.removal.send(()).unwrap();
    held.thread.join().unwrap().unwrap();
    assert!(!slot.card_present().unwrap());
}

#[test]
fn a_port_that_refuses_is_told_clearly() {
    let unused = TcpListener::bind(local(0)).unwrap().local_addr().unwrap();
    let held = hold(unused);
    let error = held.thread.join().unwrap().unwrap_err().to_string();
    let start = format!("no reader at {unused}: Connection refused");
    assert!(error.starts_with(&start), "{error}");
    assert!(error.contains("\nhint: is pcscd running"), "{error}");
}

#[test]
fn a_listener_that_says_nothing_is_told_clearly() {
    let mute = TcpListener::bind(local(0)).unwrap();
    let held = hold(mute.local_addr().unwrap());
    let error = held.thread.join().unwrap().unwrap_err();
    assert!(matches!(error, ReaderError::Silent { .. }), "{error}");
}

/// One message as vpcd 3.3 sends it, in two writes, and the answer if there is one.
fn say(stream: &mut TcpStream, payload: &[u8], awaits_answer: bool) -> Vec<u8> {
    stream
        .write_all(&(payload.len() as u16).to_be_bytes())
        .unwrap();
    stream.write_all(payload).unwrap();
    if !awaits_answer {
        return Vec::new();
    }
    let mut length = [0; 2];
    stream.read_exact(&mut length).unwrap();
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut answer).unwrap();
    answer
}

#[test]
fn a_reader_that_restarts_gets_the_card_again_without_its_rights() {
    let reader = TcpListener::bind(local(0)).unwrap();
    let held = hold(reader.local_addr().unwrap());
    let verify = hex::decode("00200010083132333435363738").unwrap();
    let query = [0x00, 0x20, 0x00, 0x10];

    let (mut stream, _) = reader.accept().unwrap();
    assert_eq!(say(&mut stream, &[0x04], true), image().atr.as_bytes());
    say(&mut stream, &[0x01], false);
    assert_eq!(say(&mut stream, &verify, true), [0x90, 0x00]);
    assert_eq!(say(&mut stream, &query, true), [0x90, 0x00]);
    drop(stream);

    let (mut stream, _) = reader.accept().unwrap();
    assert_eq!(say(&mut stream, &query, true), [0x63, 0xC3]);

    held.removal.send(()).unwrap();
    held.thread.join().unwrap().unwrap();
    assert_eq!(stream.read(&mut [0]).unwrap(), 0, "the card hung up");
}

#[test]
fn whatever_arrives_is_answered() {
    let reader = TcpListener::bind(local(0)).unwrap();
    let held = hold(reader.local_addr().unwrap());
    let (mut stream, _) = reader.accept().unwrap();
    // Bytes that are no command are answered as well, so that the driver does not wait for ever.
    assert_eq!(say(&mut stream, &[], true), [0x67, 0x00]);
    assert_eq!(say(&mut stream, &[0x77], true), [0x67, 0x00]);
    assert_eq!(say(&mut stream, &[0xFF; 65_535], true), [0x67, 0x00]);
    drop(stream);
    held.removal.send(()).unwrap();
    held.thread.join().unwrap().unwrap();
}
