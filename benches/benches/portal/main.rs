//! The portal alone: full TLS 1.3 logins with a client certificate, all checks made and told, by a client
//! whose key is in a file. The floor is `openssl s_server -Verify`, which makes the same handshake with the
//! same kinds of keys and then hands out a file as long as the portal's answer.
//!
//! The client's certificate names no responder; or it names the portal's own, which signs an answer for each
//! login that is verified again; or it is of a certifier with an RSA key, whose responder is a delegate with a
//! certificate of its own.
//!
//! Both servers are processes of their own, and one load generator takes turns with them: some connections at
//! once, each a login after the other. What is told is the ratio of the medians of the rounds, of logins in a
//! second and of the time that the server itself was busy, with the least and the most of any round.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench fails by panicking"
)]

mod papers;
mod server;
#[path = "../support/mod.rs"]
mod support;

use std::env;
use std::fmt;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use cns_benches::cards::Make;
use cns_benches::load::measure;
use cns_benches::task::portal_at;
use cns_benches::{Layer, Load, Operation, Pace, Task};
use cns_conformance::TlsVersion;
use criterion::Throughput;
use server::{FOLDER, PORTAL, Server};

/// Connections at once.
const CONNECTIONS: usize = 4;
/// Turns that each contestant has, and how long one is.
const ROUNDS: usize = 15;
const ROUND: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    if support::client().as_deref() == Some(PORTAL) {
        server::serve(Path::new(&env::var_os(FOLDER).unwrap()));
        return ExitCode::SUCCESS;
    }
    let task = support::task(Operation::Login(TlsVersion::Tls13));
    let folder = tempfile::tempdir().unwrap();
    let makes = papers::write(folder.path(), task.make.clone());
    let portal = Server::portal(folder.path());
    let openssl = Server::openssl(folder.path());
    // openssl comes last: the others are told as its multiples.
    let mut contestants = [
        Contestant::new("cns portal", &portal, &task, &makes.silent),
        Contestant::new("cns portal, responder", &portal, &task, &makes.naming),
        Contestant::new("cns portal, delegate", &portal, &task, &makes.delegating),
        Contestant::new("openssl s_server", &openssl, &task, &makes.silent),
    ];

    let mut criterion = support::criterion().configure_from_args();
    let mut group = criterion.benchmark_group("portal");
    group.throughput(Throughput::Elements(1));
    for contestant in &contestants {
        let mut worker = Layer::Engine.workers(&contestant.task).unwrap().remove(0);
        group.bench_function(contestant.name, |bencher| {
            bencher.iter(|| worker.once().unwrap())
        });
    }
    group.finish();
    criterion.final_summary();
    tell_ratios(&mut contestants);
    ExitCode::SUCCESS
}

/// A server, and who logs in to it.
struct Contestant<'a> {
    name: &'static str,
    server: &'a Server,
    task: Task,
    /// Logins in a second, round by round.
    rates: Vec<f64>,
    /// Microseconds of the server's work for a login.
    work: Vec<f64>,
}

impl<'a> Contestant<'a> {
    fn new(name: &'static str, server: &'a Server, task: &Task, make: &Make) -> Self {
        let mut task = task.clone();
        task.make = make.clone();
        task.portal = Some(portal_at(server.port));
        Self {
            name,
            server,
            task,
            rates: Vec::new(),
            work: Vec::new(),
        }
    }

    fn take_turn(&mut self) {
        let load = Load {
            duration: ROUND,
            warm_up: Duration::from_millis(100),
            pace: Pace::Closed,
        };
        let workers = Layer::Engine.workers(&self.task).unwrap();
        // Long enough beside the clock's ticks, of which there are a hundred in a second.
        let before = self.server.busy_ticks();
        let (measured, count) = measure(workers, load).unwrap();
        let ticks = self.server.busy_ticks() - before;
        let summary = measured.summary(count);
        self.rates.push(summary.rate);
        let share = summary.seconds / (summary.seconds + load.warm_up.as_secs_f64());
        self.work
            .push(ticks as f64 * 10_000.0 * share / summary.count as f64);
    }
}

/// All take turns, so that whatever else the machine does slows each.
fn tell_ratios(contestants: &mut [Contestant<'_>]) {
    for contestant in contestants.iter_mut() {
        contestant.task.cards = CONNECTIONS;
    }
    for _ in 0..ROUNDS {
        contestants.iter_mut().for_each(Contestant::take_turn);
    }
    let floor = contestants.last().unwrap();
    let (floor_rate, floor_work) = (Spread::of(&floor.rates), Spread::of(&floor.work));
    for contestant in contestants.iter() {
        let (rate, work) = (Spread::of(&contestant.rates), Spread::of(&contestant.work));
        eprintln!(
            "{}: {rate} logins in a second, {:.3} times those of {}; {work} µs of its work for each, {:.3} \
             times that ({CONNECTIONS} connections, {ROUNDS} rounds)",
            contestant.name,
            rate.median / floor_rate.median,
            floor.name,
            work.median / floor_work.median,
        );
    }
}

/// The middle of some values, and how far apart they are.
struct Spread {
    least: f64,
    median: f64,
    most: f64,
}

impl Spread {
    fn of(values: &[f64]) -> Self {
        let mut values = values.to_vec();
        values.sort_by(f64::total_cmp);
        Self {
            least: values[0],
            median: values[values.len() / 2],
            most: values[values.len() - 1],
        }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            least,
            median,
            most,
        } = self;
        write!(f, "{median:.0} ({least:.0} to {most:.0})")
    }
}
