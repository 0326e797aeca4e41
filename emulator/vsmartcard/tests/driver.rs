//! The distribution's vpcd driver, loaded into this process, against a small card of ours.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "clippy's exception for tests leaves out their helper functions"
)]

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::linux::net::TcpStreamExt;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use vsmartcard::driver::{DriverError, IfdHandler, Slot, find_library};
use vsmartcard::wire::{FrameBuffer, Message, PAYLOAD_LENGTH_MAX, write_frame};

const ATR: [u8; 6] = [0x3B, 0x84, 0x54, 0x45, 0x53, 0x54];
const LIMIT: Duration = Duration::from_secs(10);

#[test]
fn a_card_is_noticed_powered_and_powered_off() {
    let mut reader = Reader::new();
    assert!(!reader.slot.card_present().unwrap());

    let card = reader.insert_card();
    assert_eq!(reader.slot.power_up().unwrap(), ATR);
    assert_eq!(reader.slot.reset().unwrap(), ATR);
    reader.slot.power_down().unwrap();
    assert!(
        reader.slot.card_present().unwrap(),
        "a card without power is still there"
    );

    drop(reader);
    let heard = card.heard_until_the_end();
    // The presence checks ask for the ATR as well, and how many it takes is a matter of timing.
    let controls: Vec<_> = heard.iter().filter(|payload| **payload != [0x04]).collect();
    assert_eq!(controls, [&[0x01], &[0x02], &[0x00]]);
}

#[test]
fn commands_and_responses_of_every_size_pass() {
    let mut reader = Reader::new();
    let _card = reader.insert_card();
    reader.slot.power_up().unwrap();

    for command_length in [4, 5, 260, 261, 300, PAYLOAD_LENGTH_MAX] {
        for response_length in [2_usize, 258, 1_800, PAYLOAD_LENGTH_MAX] {
            let mut command = vec![0xA5; command_length];
            command[2..4].copy_from_slice(&u16::try_from(response_length).unwrap().to_be_bytes());
            let response = reader.slot.transmit(&command).unwrap();
            assert_eq!(
                response,
                respond(&command),
                "{command_length} -> {response_length}"
            );
        }
    }
}

#[test]
fn commands_that_the_wire_would_take_for_controls_never_leave() {
    let mut reader = Reader::new();
    let card = reader.insert_card();
    for length in [0, 1, PAYLOAD_LENGTH_MAX + 1] {
        let refused = reader.slot.transmit(&vec![0x00; length]);
        assert!(matches!(refused, Err(DriverError::CommandLength(l)) if l == length));
    }
    drop(reader);
    assert!(
        card.heard_until_the_end()
            .iter()
            .all(|payload| payload == &[0x04])
    );
}

#[test]
fn a_card_that_leaves_is_an_error_then_an_empty_slot_then_welcome_again() {
    let mut reader = Reader::new();
    let _card = reader.insert_card();
    reader.slot.power_up().unwrap();

    let started = Instant::now();
    let interrupted = reader.slot.transmit(&LEAVE);
    assert!(
        matches!(interrupted, Err(DriverError::NoAnswer(_))),
        "{interrupted:?}"
    );
    assert!(!reader.slot.card_present().unwrap());
    assert!(matches!(reader.slot.power_up(), Err(DriverError::Power(_))));
    assert!(matches!(
        reader.slot.transmit(&[0x00; 4]),
        Err(DriverError::NoAnswer(_))
    ));
    assert!(started.elapsed() < LIMIT);

    let _card = reader.insert_card();
    assert_eq!(reader.slot.power_up().unwrap(), ATR);
    assert_eq!(
        reader.slot.transmit(&[0x00, 0x00, 0x00, 0x02]).unwrap(),
        [0x90, 0x00]
    );
}

/// vpcd 3.3 takes an empty frame for no frame, and goes on waiting until the card leaves.
#[test]
fn an_empty_answer_is_no_response() {
    let mut reader = Reader::new();
    let _card = reader.insert_card();
    reader.slot.power_up().unwrap();
    let empty = reader.slot.transmit(&EMPTY_THEN_LEAVE);
    assert!(matches!(empty, Err(DriverError::NoAnswer(_))), "{empty:?}");
}

#[test]
fn waiting_for_a_card_ends_at_its_limit() {
    let mut reader = Reader::new();
    let waited = reader.slot.wait_for_card(Duration::from_millis(20));
    assert!(
        matches!(waited, Err(DriverError::NoCard { .. })),
        "{waited:?}"
    );
}

/// Without `TCP_QUICKACK` on the card's side this takes 44 ms a command. The limit is a tenth of
/// that, far above what a loaded machine needs.
#[test]
fn a_card_that_acknowledges_at_once_is_not_held_up() {
    const COMMANDS: u32 = 200;
    let mut reader = Reader::new();
    let _card = reader.insert_card();
    reader.slot.power_up().unwrap();

    let started = Instant::now();
    for _ in 0..COMMANDS {
        reader
            .slot
            .transmit(&[0x00, 0xB0, 0x00, 0x10, 0x00])
            .unwrap();
    }
    let each = started.elapsed() / COMMANDS;
    assert!(each < Duration::from_micros(4_400), "{each:?} per command");
}

#[test]
fn a_process_has_one_driver_at_a_time() {
    let reader = Reader::new();
    let path = find_library().unwrap();
    assert!(matches!(IfdHandler::load(&path), Err(DriverError::InUse)));
    drop(reader.slot);
    IfdHandler::load(&path).unwrap();
}

#[test]
fn a_file_that_is_no_handler_is_refused_and_the_turn_given_back() {
    let _turn = take_turn();
    let refused = IfdHandler::load(Path::new("/dev/null/libifdvpcd.so"));
    assert!(
        matches!(refused, Err(DriverError::Load { .. })),
        "{refused:?}"
    );
    IfdHandler::load(&find_library().unwrap()).unwrap();
}

#[test]
fn a_port_that_is_taken_is_named() {
    let _turn = take_turn();
    let taken = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let refused = IfdHandler::load(&find_library().unwrap())
        .unwrap()
        .open(port)
        .unwrap_err();
    assert!(refused.to_string().contains(&port.to_string()), "{refused}");
}

/// An open slot; it hangs up before it lets the next test have its turn.
struct Reader {
    slot: Slot,
    port: u16,
    _turn: MutexGuard<'static, ()>,
}

impl Reader {
    fn new() -> Self {
        let turn = take_turn();
        // Another program may take a free port before vpcd does, so one attempt is not enough.
        let (slot, port) = (0..20)
            .find_map(|_| {
                let free = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
                let port = free.local_addr().unwrap().port();
                drop(free);
                let handler = IfdHandler::load(&find_library().unwrap()).unwrap();
                handler.open(port).ok().map(|slot| (slot, port))
            })
            .expect("vpcd can listen on one of twenty free ports");
        Self {
            slot,
            port,
            _turn: turn,
        }
    }

    fn insert_card(&mut self) -> Card {
        let card = Card::connect(self.port);
        self.slot.wait_for_card(LIMIT).unwrap();
        card
    }
}

fn take_turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    // A failed test poisons the lock, and leaves nothing behind that would harm the next.
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The card hangs up instead of answering this.
const LEAVE: [u8; 4] = [0x00, 0xEE, 0x00, 0x00];

/// The card answers this with an empty frame, and hangs up a little later.
const EMPTY_THEN_LEAVE: [u8; 4] = [0x00, 0xEF, 0x00, 0x00];

/// Answers as many bytes as P1 P2 say, the last two of them `90 00`.
fn respond(command: &[u8]) -> Vec<u8> {
    let length = usize::from(u16::from_be_bytes([command[2], command[3]]));
    let mut response: Vec<u8> = command.iter().copied().cycle().take(length - 2).collect();
    response.extend([0x90, 0x00]);
    response
}

struct Card {
    thread: JoinHandle<io::Result<()>>,
    heard: Receiver<Vec<u8>>,
}

impl Card {
    fn connect(port: u16) -> Self {
        let connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        // If the test goes wrong, the card leaves and the driver stops waiting for it.
        connection.set_read_timeout(Some(LIMIT)).unwrap();
        let (sender, heard) = mpsc::channel();
        Self {
            thread: thread::spawn(move || serve(connection, &sender)),
            heard,
        }
    }

    /// All payloads that the card heard, once the reader has hung up.
    fn heard_until_the_end(self) -> Vec<Vec<u8>> {
        self.thread.join().unwrap().unwrap();
        self.heard.iter().collect()
    }
}

fn serve(mut connection: TcpStream, heard: &Sender<Vec<u8>>) -> io::Result<()> {
    let mut incoming = FrameBuffer::new();
    let mut outgoing = Vec::new();
    let mut chunk = [0; 4_096];
    loop {
        connection.set_quickack(true)?; // The kernel clears it; see the crate's documentation.
        match connection.read(&mut chunk)? {
            0 => return Ok(()),
            length => incoming.push(&chunk[..length]),
        }
        while let Some(message) = incoming.next_message() {
            let _ = heard.send(message.payload().to_vec()); // The test may not want to know.
            outgoing.clear();
            match message {
                Message::Command(command) if command == LEAVE => return Ok(()),
                Message::Command(command) if command == EMPTY_THEN_LEAVE => {
                    connection.write_all(&[0x00, 0x00])?;
                    thread::sleep(Duration::from_millis(50));
                    return Ok(());
                }
                Message::Command(command) => write_frame(&respond(command), &mut outgoing),
                Message::AtrRequest => write_frame(&ATR, &mut outgoing),
                Message::PowerOff | Message::PowerOn | Message::Reset => Ok(()),
            }
            .expect("answers are within the limit");
            connection.write_all(&outgoing)?;
        }
    }
}
