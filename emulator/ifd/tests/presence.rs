//! A thousand insertions and removals through a real pcscd: each is seen, none is late.
//!
//! libpcsclite finds a pcscd by an environment variable, which a process cannot safely set for
//! itself: this program starts the daemon, and then itself again as its client.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking and tells what it measured"
)]

mod common;

use std::env;
use std::ffi::CString;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use cns_reader::{Driver, PrivatePcscd};
use pcsc::{Context, Protocols, ReaderState, Scope, ShareMode, State};

/// Set for the process that is the client: where the control socket is.
const CONTROL: &str = "CNS_TEST_CONTROL";

const CYCLES: usize = 1_000;

/// How long a change may take to be seen. It takes a fraction of a millisecond; on a busy machine a
/// thread may wait long for its turn, but not for the 400 ms of a poll that has missed an event.
const SEEN_MAX: Duration = Duration::from_secs(5);

const SELECT_MASTER_FILE: [u8; 7] = [0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00];

fn main() -> ExitCode {
    if let Some(control) = env::var_os(CONTROL) {
        watch(&PathBuf::from(control));
        return ExitCode::SUCCESS;
    }
    let folder = tempfile::tempdir().unwrap();
    let device = common::reader(
        folder.path(),
        "control = 'control'\n[[slot]]\ncard = 'card.cns'\nvolatile = true\n",
    );
    let started = Instant::now();
    let pcscd = PrivatePcscd::start_with(&Driver {
        name: "CNS".to_owned(),
        library: common::library(),
        device,
    })
    .unwrap();
    println!("pcscd answers after {:?}", started.elapsed());
    let (variable, socket) = pcscd.environment();
    let client = Command::new(env::current_exe().unwrap())
        .env(variable, socket)
        .env(CONTROL, folder.path().join("control"))
        .status();
    match client {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => {
            println!("{}", pcscd.log());
            ExitCode::FAILURE
        }
    }
}

fn watch(control: &PathBuf) {
    let context = Context::establish(Scope::User).unwrap();
    let started = Instant::now();
    let reader = the_reader(&context);
    let mut seen = State::UNAWARE;
    wait_for(&context, &reader, &mut seen, State::PRESENT);
    println!(
        "the card is seen {:?} after the client has started",
        started.elapsed()
    );

    let mut control = Control::at(control);
    let mut slowest = Duration::ZERO;
    let mut slow = 0;
    for cycle in 0..CYCLES {
        for (request, expected) in [("remove", State::EMPTY), ("insert", State::PRESENT)] {
            let start = Instant::now();
            control.say(request);
            wait_for(&context, &reader, &mut seen, expected);
            let took = start.elapsed();
            slowest = slowest.max(took);
            slow += usize::from(Duration::from_millis(10) < took);
            assert!(
                took < SEEN_MAX,
                "cycle {cycle}: {request} was seen after {took:?}"
            );
        }
        if cycle % 100 == 0 {
            let card = context
                .connect(&reader, ShareMode::Shared, Protocols::ANY)
                .unwrap();
            let mut response = [0; 258];
            let response = card.transmit(&SELECT_MASTER_FILE, &mut response).unwrap();
            assert_eq!(response, [0x90, 0x00]);
        }
    }
    println!("{CYCLES} removals and insertions seen; slowest {slowest:?}, {slow} over 10 ms");
}

fn the_reader(context: &Context) -> CString {
    let readers = context.list_readers_owned().unwrap();
    readers.into_iter().next().expect("the driver has a reader")
}

fn wait_for(context: &Context, reader: &CString, seen: &mut State, expected: State) {
    let deadline = Instant::now() + SEEN_MAX;
    loop {
        let mut states = [ReaderState::new(reader.clone(), *seen)];
        let left = deadline.saturating_duration_since(Instant::now());
        context.get_status_change(left, &mut states).unwrap();
        *seen = states[0].event_state() - State::CHANGED;
        if seen.contains(expected) {
            return;
        }
    }
}

struct Control(BufReader<UnixStream>);

impl Control {
    fn at(path: &PathBuf) -> Self {
        let stream = UnixStream::connect(path).unwrap();
        stream.set_read_timeout(Some(SEEN_MAX)).unwrap();
        Self(BufReader::new(stream))
    }

    fn say(&mut self, what: &str) {
        let request = format!("{{\"do\":\"{what}\",\"slot\":0}}\n");
        self.0.get_mut().write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        self.0.read_line(&mut answer).unwrap();
        assert!(answer.starts_with("{\"ok\":true,"), "{what}: {answer}");
    }
}
