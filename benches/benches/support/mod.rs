//! What several benches need.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "each bench uses a part, and fails by panicking"
)]

use std::env;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::os::unix::net::UnixStream;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

use cns_benches::cards::Make;
use cns_benches::layers::Stage;
use cns_benches::{Layer, Load, Operation, Pace, Task};
use cns_card::{Card, CardImage, Entropy, EntropyFault};
use cns_fixtures::{DEFAULT_PROFILE, citizen, profile};
use cns_reader::{Insertion, Journal, SystemEntropy};
use criterion::{Bencher, Criterion};
use pcsc::{Context, MAX_BUFFER_SIZE_EXTENDED, Protocols, Scope, ShareMode};

pub const SELECT_MASTER_FILE: [u8; 7] = [0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00];

/// Short, so that all benches together take minutes.
pub fn criterion() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
}

/// A card of this make and holder.
pub fn image(profile_id: &str, citizen_id: &str) -> CardImage {
    make(profile_id, citizen_id).card().unwrap()
}

pub fn make(profile_id: &str, citizen_id: &str) -> Make {
    Make::new(profile(profile_id).unwrap(), citizen(citizen_id).unwrap()).unwrap()
}

/// Bytes that cost nothing, so that the card alone is measured.
pub fn zeros() -> impl Entropy + Send + use<> {
    |bytes: &mut [u8]| -> Result<(), EntropyFault> {
        bytes.fill(0);
        Ok(())
    }
}

pub fn card(image: CardImage) -> Card {
    let mut card = Card::volatile(image, zeros());
    card.power_on();
    card
}

/// A CNS card in the reader at this address, for as long as the process lives; returns its ATR.
pub fn hold_card(reader: SocketAddr, make: &Make) -> Vec<u8> {
    let image = make.card().unwrap();
    let atr = image.atr.as_bytes().to_vec();
    thread::spawn(move || {
        let mut card = Card::volatile(image, SystemEntropy::new());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let journal = Journal::silent();
        let insertion = Insertion::at(reader);
        runtime
            .block_on(insertion.hold(&mut card, &journal, std::future::pending()))
            .unwrap();
    });
    atr
}

/// One card of the default profile, for an operation that is repeated by criterion.
pub fn task(operation: Operation) -> Task {
    Task {
        make: make(DEFAULT_PROFILE, "maria-rossi"),
        operation,
        cards: 1,
        first: 0,
        clients: cns_benches::task::Clients::default(),
        load: Load {
            duration: Duration::ZERO,
            warm_up: Duration::ZERO,
            pace: Pace::Closed,
        },
        latency: None,
        pin: None,
        portal: None,
    }
}

/// Set for the process that is a client; its value says of what.
const CLIENT: &str = "CNS_BENCH_CLIENT";

/// Whether this process is a client, and of what. libpcsclite finds a pcscd by an environment variable,
/// which a process cannot safely set for itself: so a bench starts itself again.
pub fn client() -> Option<String> {
    env::var(CLIENT).ok()
}

/// Starts this bench again as a client.
pub fn as_client(of: &str, environment: Vec<(&'static str, OsString)>) -> ExitCode {
    let mut client = this_bench_as_client(of);
    match client.envs(environment).status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// This bench again, as a client that is to be started.
pub fn this_bench_as_client(of: &str) -> Command {
    let mut client = Command::new(env::current_exe().unwrap());
    client.args(env::args().skip(1)).env(CLIENT, of);
    client
}

/// The same for one layer after the other, with the cards that `stage` sets up for it.
pub fn each_as_client(layers: &[Layer], stage: impl Fn(Layer) -> Option<Stage>) -> ExitCode {
    for layer in layers {
        let stage = stage(*layer);
        let environment = stage.as_ref().map_or(Vec::new(), Stage::environment);
        let measured = as_client(layer.name(), environment);
        if measured != ExitCode::SUCCESS {
            return measured;
        }
    }
    ExitCode::SUCCESS
}

/// A connection to the card in the reader whose name contains this.
pub fn connect(context: &Context, name: &str) -> pcsc::Card {
    let limit = Instant::now() + Duration::from_secs(10);
    loop {
        let readers = context.list_readers_owned().unwrap();
        let reader = readers
            .iter()
            .find(|reader| reader.to_string_lossy().contains(name));
        let connected =
            reader.map(|reader| context.connect(reader, ShareMode::Shared, Protocols::ANY));
        if let Some(Ok(card)) = connected {
            return card;
        }
        assert!(Instant::now() < limit, "no card in {name:?}: {readers:?}");
        thread::sleep(Duration::from_millis(10));
    }
}

pub fn context() -> Context {
    Context::establish(Scope::User).unwrap()
}

/// SELECT of the master file by SCardTransmit, again and again.
pub fn select(bencher: &mut Bencher<'_>, card: &pcsc::Card) {
    let mut buffer = [0; MAX_BUFFER_SIZE_EXTENDED];
    bencher.iter(|| {
        let response = card.transmit(&SELECT_MASTER_FILE, &mut buffer);
        assert_eq!(response.unwrap(), [0x90, 0x00]);
    });
}

/// How much longer SELECT takes with one card than with another, its floor. The two take turns, so that
/// whatever else the machine does slows both.
pub fn tell_ratio(what: &str, card: &pcsc::Card, floor: &pcsc::Card) {
    const ROUNDS: usize = 4_001;
    let mut times = [const { Vec::new() }; 2];
    let mut buffer = [0; MAX_BUFFER_SIZE_EXTENDED];
    for _ in 0..ROUNDS {
        for (times, card) in times.iter_mut().zip([card, floor]) {
            let start = Instant::now();
            card.transmit(&SELECT_MASTER_FILE, &mut buffer).unwrap();
            times.push(start.elapsed());
        }
    }
    let [with_card, floor] = times.map(|mut times| {
        times.sort_unstable();
        times[ROUNDS / 2]
    });
    eprintln!(
        "{what}: SELECT takes {:.3} times as long as its floor ({with_card:?} and {floor:?}, medians of {ROUNDS})",
        with_card.as_secs_f64() / floor.as_secs_f64(),
    );
}

/// The floor of a transport between processes: a byte there and back over two ends of a connection, the
/// other of which is on another thread.
pub fn ping_pong<S: Read + Write + Send + 'static>(bencher: &mut Bencher<'_>, here: S, there: S) {
    let (mut here, mut there) = (here, there);
    let echo = thread::spawn(move || {
        let mut byte = [0];
        while let Ok(1) = there.read(&mut byte) {
            there.write_all(&byte).unwrap();
        }
    });
    bencher.iter(|| {
        let mut byte = [0x5A];
        here.write_all(&byte).unwrap();
        here.read_exact(&mut byte).unwrap();
    });
    drop(here);
    echo.join().unwrap();
}

/// The same over a unix socket.
pub fn unix_ping_pong(bencher: &mut Bencher<'_>) {
    let (here, there) = UnixStream::pair().unwrap();
    ping_pong(bencher, here, there);
}
