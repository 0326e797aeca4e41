//! A command through the stock stack: SCardTransmit, libpcsclite, pcscd, vpcd, TCP, card and back.
//!
//! The floor stands beside it, measured in the same run: a card that does nothing but answer 9000,
//! with the same socket handling, in the second slot of the same vpcd. Both readers belong to a
//! pcscd of this run's own.
//!
//! libpcsclite finds a pcscd by an environment variable, which a process cannot safely set for
//! itself. So this program starts the daemon and the cards, and then itself again as their client.

use std::env;
use std::ffi::CString;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::linux::net::TcpStreamExt as _;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

use cns_card::Card;
use cns_fixtures::{citizen, collaudo_authority, personalise, profile};
use cns_reader::{Insertion, Journal, PrivatePcscd, SystemEntropy};
use criterion::{Criterion, Throughput};
use pcsc::{Context, MAX_BUFFER_SIZE, Protocols, ReaderState, Scope, ShareMode, State};
use time::OffsetDateTime;
use vsmartcard::wire::{FrameBuffer, Message, write_frame};

/// Set for the process that is the client.
const CLIENT: &str = "CNS_BENCH_CLIENT";

/// How long pcscd may take to see both cards; it looks every 400 ms.
const INSERTION_MAX: Duration = Duration::from_secs(10);

const SELECT_MASTER_FILE: [u8; 7] = [0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00];

fn main() -> ExitCode {
    if env::var_os(CLIENT).is_some() {
        measure();
        return ExitCode::SUCCESS;
    }
    let pcscd = PrivatePcscd::start().expect("a pcscd of one's own starts");
    let first = pcscd.reader_address();
    let second = SocketAddr::new(first.ip(), first.port() + 1);
    let atr = hold_card(first);
    thread::spawn(move || do_nothing_card(second, &atr));
    let (variable, socket) = pcscd.environment();
    let client = env::current_exe().and_then(|program| {
        Command::new(program)
            .args(env::args().skip(1))
            .env(variable, socket)
            .env(CLIENT, "")
            .status()
    });
    match client {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// The client: one handle on each card, one command over and over.
fn measure() {
    let context = Context::establish(Scope::User).expect("pcscd answers");
    let readers = wait_for_two_cards(&context);
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let mut group = criterion.benchmark_group("SELECT MF by SCardTransmit");
    group.throughput(Throughput::Elements(1));
    for (name, reader) in ["a CNS card", "a card that does nothing"]
        .iter()
        .zip(readers)
    {
        let card = context
            .connect(&reader, ShareMode::Shared, Protocols::ANY)
            .expect("the card can be connected to");
        let mut buffer = [0; MAX_BUFFER_SIZE];
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                let response = card.transmit(&SELECT_MASTER_FILE, &mut buffer);
                assert_eq!(response.expect("the card answers"), [0x90, 0x00]);
            });
        });
    }
    group.finish();
    criterion.final_summary();
}

fn wait_for_two_cards(context: &Context) -> Vec<CString> {
    let limit = Instant::now() + INSERTION_MAX;
    loop {
        let readers = context
            .list_readers_owned()
            .expect("pcscd lists its readers");
        let mut states: Vec<_> = readers
            .iter()
            .map(|reader| ReaderState::new(reader.clone(), State::UNAWARE))
            .collect();
        context
            .get_status_change(None, &mut states)
            .expect("pcscd tells the state of its readers");
        if states
            .iter()
            .filter(|state| state.event_state().contains(State::PRESENT))
            .count()
            == 2
        {
            return readers;
        }
        assert!(Instant::now() < limit, "pcscd does not see both cards");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A CNS card in the reader at this address, for as long as the process lives; returns its ATR.
fn hold_card(reader: SocketAddr) -> Vec<u8> {
    let today = OffsetDateTime::now_utc().date();
    let authority = collaudo_authority(today).expect("a certifier can be made");
    let profile = profile(cns_fixtures::DEFAULT_PROFILE).expect("the default profile exists");
    let citizen = citizen("maria-rossi").expect("the citizen exists");
    let image = personalise(
        &profile,
        &citizen,
        &authority,
        today,
        &mut SystemEntropy::new(),
    )
    .expect("the card can be made")
    .image;
    let atr = image.atr.as_bytes().to_vec();
    thread::spawn(move || {
        let mut card = Card::volatile(image, SystemEntropy::new());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime starts");
        let journal = Journal::silent();
        let insertion = Insertion::at(reader);
        runtime
            .block_on(insertion.hold(&mut card, &journal, std::future::pending()))
            .expect("the reader is there");
    });
    atr
}

/// The floor: the same socket handling, and no card behind it.
fn do_nothing_card(reader: SocketAddr, atr: &[u8]) {
    let mut stream = TcpStream::connect(reader).expect("the second slot listens");
    let mut frames = FrameBuffer::new();
    let mut chunk = [0; 4096];
    loop {
        let mut answer = Vec::new();
        while let Some(message) = frames.next_message() {
            let payload = match message {
                Message::AtrRequest => atr,
                Message::Command(_) => &[0x90, 0x00],
                Message::PowerOff | Message::PowerOn | Message::Reset => continue,
            };
            write_frame(payload, &mut answer).expect("it fits a frame");
        }
        if !answer.is_empty() && stream.write_all(&answer).is_err() {
            return;
        }
        let Ok(length @ 1..) = stream
            .set_quickack(true)
            .and_then(|()| stream.read(&mut chunk))
        else {
            return;
        };
        frames.push(chunk.get(..length).unwrap_or_default());
    }
}
