//! How soon a reader is of use: from the start of a pcscd to the first card that a client is connected to.
//!
//! A client waits all the time, in a process of its own that libpcsclite has told its pcscd by the environment.
//! It is told to connect at the moment that pcscd is started, and tries until it has a card. What is timed has
//! in it what starts a private pcscd besides: a namespace, an empty `/run`, two shells.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench fails by panicking, and its client answers on stdout"
)]

mod support;

use std::env;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use cns_fixtures::DEFAULT_PROFILE;
use cns_reader::{Driver, ImageFile, PrivatePcscd, Readers};
use criterion::BenchmarkGroup;
use criterion::measurement::WallTime;
use pcsc::{Context, Protocols, Scope, ShareMode};

fn main() -> ExitCode {
    if support::client().is_some() {
        connect_when_told();
        return ExitCode::SUCCESS;
    }
    let mut criterion = support::criterion().sample_size(20).configure_from_args();
    let mut group = criterion.benchmark_group("start: from pcscd to a connected card");
    let folder = tempfile::tempdir().unwrap();
    let image = support::image(DEFAULT_PROFILE, "maria-rossi");
    ImageFile::create(&folder.path().join("card.cns"), &image, None).unwrap();
    let device = folder.path().join("reader.toml");
    fs::write(&device, "[[slot]]\ncard = 'card.cns'\nvolatile = true\n").unwrap();
    let own = PrivatePcscd::start_with(&Driver {
        name: "CNS".to_owned(),
        library: cns_ifd::library::beside(&env::current_exe().unwrap()).unwrap(),
        device,
    });
    let mut own = own.unwrap();
    measure(&mut group, "our driver", &mut own);
    measure_floor(&mut group, &mut own);

    let mut vpcd = PrivatePcscd::start().unwrap();
    let make = support::make(DEFAULT_PROFILE, "maria-rossi");
    support::hold_card(vpcd.reader_address(), &make);
    measure(&mut group, "vpcd, as distributions ship it", &mut vpcd);
    group.finish();
    criterion.final_summary();
    ExitCode::SUCCESS
}

/// Times from the start of pcscd until it has answered this process and the client has its card. That pcscd
/// ends is not timed.
fn measure(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, pcscd: &mut PrivatePcscd) {
    let mut client = Client::of(pcscd);
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|count| {
            let mut all = Duration::ZERO;
            for _ in 0..count {
                pcscd.stop().unwrap();
                let start = Instant::now();
                client.tell_to_connect();
                pcscd.start_again(Readers::AsBefore).unwrap();
                client.wait_until_connected();
                all += start.elapsed();
            }
            all
        });
    });
}

/// The floor: the same pcscd without its reader, until it answers.
fn measure_floor(group: &mut BenchmarkGroup<'_, WallTime>, pcscd: &mut PrivatePcscd) {
    group.bench_function("floor: a pcscd without a reader", |bencher| {
        bencher.iter_custom(|count| {
            let mut all = Duration::ZERO;
            for _ in 0..count {
                pcscd.stop().unwrap();
                let start = Instant::now();
                pcscd.start_again(Readers::None).unwrap();
                all += start.elapsed();
            }
            all
        });
    });
}

/// The process that connects.
struct Client {
    process: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Client {
    fn of(pcscd: &PrivatePcscd) -> Self {
        let (variable, socket) = pcscd.environment();
        let mut process = support::this_bench_as_client("start")
            .env(variable, socket)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = process.stdin.take().unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap());
        Self {
            process,
            orders,
            answers,
        }
    }

    fn tell_to_connect(&mut self) {
        writeln!(self.orders, "connect").unwrap();
    }

    fn wait_until_connected(&mut self) {
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        assert_eq!(answer, "connected\n");
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What the client does: at each line it connects, as soon as that can be, and says so.
fn connect_when_told() {
    const LIMIT: Duration = Duration::from_secs(10);
    const POLL: Duration = Duration::from_micros(500);
    for _ in io::stdin().lines() {
        let deadline = Instant::now() + LIMIT;
        loop {
            match connect() {
                Ok(()) => break println!("connected"),
                Err(error) if deadline < Instant::now() => break println!("{error}"),
                Err(_) => thread::sleep(POLL),
            }
        }
    }
}

fn connect() -> Result<(), pcsc::Error> {
    let context = Context::establish(Scope::User)?;
    let readers = context.list_readers_owned()?;
    let reader = readers.first().ok_or(pcsc::Error::NoReadersAvailable)?;
    context
        .connect(reader, ShareMode::Shared, Protocols::ANY)
        .map(drop)
}
