//! The portal alone: full TLS 1.3 logins with a client certificate, all checks made and told, by a client
//! whose key is in a file. The floor is `openssl s_server -Verify`, which makes the same handshake with the
//! same kinds of keys and then hands out a file as long as the portal's answer.
//!
//! Both are processes of their own, and one load generator takes turns with them: some connections at once,
//! each a login after the other. What is told is the ratio of the medians of the rounds, of logins in a second
//! and of the time that the server itself was busy.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench fails by panicking"
)]

mod support;

use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use cns_authority::{CertificationAuthority, PemPair, Validity};
use cns_benches::load::measure;
use cns_benches::task::portal_at;
use cns_benches::{Layer, Load, Operation, Pace, Task};
use cns_conformance::TlsVersion;
use cns_conformance::portal::WHO_AM_I;
use cns_conformance::workbench::PORTAL_NAME;
use cns_portal::{Portal, PortalConfig, SystemClock};
use cns_reader::ports::PortPair;
use criterion::Throughput;
use time::OffsetDateTime;

/// Where the certifier is, for the process that is the portal.
const FOLDER: &str = "CNS_BENCH_FOLDER";
const PORTAL: &str = "portal";

/// Connections at once.
const CONNECTIONS: usize = 4;
/// Turns that each server has, and how long one is.
const ROUNDS: usize = 15;
const ROUND: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    if support::client().as_deref() == Some(PORTAL) {
        serve(Path::new(&env::var_os(FOLDER).unwrap()));
        return ExitCode::SUCCESS;
    }
    let mut task = support::task(Operation::Login(TlsVersion::Tls13));
    let folder = tempfile::tempdir().unwrap();
    write_papers(folder.path(), task.make.authority());
    let servers = [
        Server::portal(folder.path()),
        Server::openssl(folder.path()),
    ];

    let mut criterion = support::criterion().configure_from_args();
    let mut group = criterion.benchmark_group("portal");
    group.throughput(Throughput::Elements(1));
    for server in &servers {
        task.portal = Some(portal_at(server.port));
        let mut worker = Layer::Engine.workers(&task).unwrap().remove(0);
        group.bench_function(server.name, |bencher| {
            bencher.iter(|| worker.once().unwrap())
        });
    }
    group.finish();
    criterion.final_summary();
    tell_ratios(&servers, task);
    ExitCode::SUCCESS
}

/// The two take turns, so that whatever else the machine does slows both.
fn tell_ratios(servers: &[Server; 2], mut task: Task) {
    task.cards = CONNECTIONS;
    let load = Load {
        duration: ROUND,
        warm_up: Duration::from_millis(100),
        pace: Pace::Closed,
    };
    let mut rates = [const { Vec::new() }; 2];
    let mut busy = [const { Vec::new() }; 2];
    for _ in 0..ROUNDS {
        for (place, server) in servers.iter().enumerate() {
            task.portal = Some(portal_at(server.port));
            let workers = Layer::Engine.workers(&task).unwrap();
            // Long enough beside the clock's ticks, of which there are a hundred in a second.
            let before = server.busy_ticks();
            let (measured, count) = measure(workers, load).unwrap();
            let ticks = server.busy_ticks() - before;
            let summary = measured.summary(count);
            rates[place].push(summary.rate);
            let share = summary.seconds / (summary.seconds + load.warm_up.as_secs_f64());
            busy[place].push(ticks as f64 * 10_000.0 * share / summary.count as f64);
        }
    }
    let [portal, openssl] = rates.map(median);
    let [portal_busy, openssl_busy] = busy.map(median);
    eprintln!(
        "portal: {:.3} times the logins of openssl s_server ({portal:.0} and {openssl:.0} in a second on \
         {CONNECTIONS} connections, medians of {ROUNDS}), each with {:.3} times its work ({portal_busy:.0} µs \
         and {openssl_busy:.0} µs)",
        portal / openssl,
        portal_busy / openssl_busy,
    );
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A server process, until it is dropped.
struct Server {
    name: &'static str,
    port: u16,
    process: Child,
    _reserved: Option<PortPair>,
}

impl Server {
    fn portal(folder: &Path) -> Self {
        let mut process = Command::new(env::current_exe().unwrap())
            .env("CNS_BENCH_CLIENT", PORTAL)
            .env(FOLDER, folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        Self {
            name: "cns portal",
            port: line.trim().parse().unwrap(),
            process,
            _reserved: None,
        }
    }

    /// Without tickets, as the portal: a session that is resumed is no login. -WWW hands out files.
    fn openssl(folder: &Path) -> Self {
        let reserved = PortPair::reserve().unwrap();
        let port = reserved.first();
        let process = Command::new("openssl")
            .args(["s_server", "-accept", &format!("127.0.0.1:{port}")])
            .args(["-cert", "server.pem", "-key", "server.pem"])
            .args(["-CAfile", "ca.pem", "-Verify", "1", "-verify_return_error"])
            .args(["-tls1_3", "-num_tickets", "0", "-quiet", "-WWW"])
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program `openssl` runs: it is in the Debian package openssl");
        let limit = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < limit, "openssl s_server does not listen");
            thread::sleep(Duration::from_millis(10));
        }
        Self {
            name: "openssl s_server",
            port,
            process,
            _reserved: Some(reserved),
        }
    }

    /// How long it has worked, in hundredths of a second: `utime` and `stime` of proc(5).
    fn busy_ticks(&self) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap();
        let (_, fields) = stat.rsplit_once(") ").unwrap();
        let fields: Vec<&str> = fields.split(' ').collect();
        // The third field of proc(5) is the first after the name.
        [14, 15]
            .map(|field| fields[field - 3].parse::<u64>().unwrap())
            .iter()
            .sum()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The certifier, a certificate for `openssl s_server`, and the file that it hands out.
fn write_papers(folder: &Path, authority: &CertificationAuthority) {
    let PemPair {
        certificate,
        private_key,
    } = authority.to_pem_pair();
    let server = authority.issue_server(&[PORTAL_NAME], month()).unwrap();
    let page = folder.join(WHO_AM_I.trim_start_matches('/'));
    fs::create_dir_all(page.parent().unwrap()).unwrap();
    for (path, text) in [
        (folder.join("ca.pem"), certificate),
        (folder.join("ca-key.pem"), private_key),
        (folder.join("server.pem"), server.to_pem()),
        // The portal answers a good login with so many bytes.
        (page, "x".repeat(1_400)),
    ] {
        fs::write(path, text).unwrap();
    }
}

/// The portal as `cns portal run` sets it up.
fn serve(folder: &Path) {
    let read = |name| fs::read_to_string(folder.join(name)).unwrap();
    let authority =
        CertificationAuthority::from_pem_pair(&read("ca.pem"), &read("ca-key.pem")).unwrap();
    let server = authority.issue_server(&[PORTAL_NAME], month()).unwrap();
    let trusted = vec![authority.certificate_der().to_vec()];
    let config = PortalConfig::on_loopback(server, trusted, Arc::new(SystemClock));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let portal = runtime.block_on(Portal::bind(config)).unwrap();
    #[expect(
        clippy::print_stdout,
        reason = "the one who started this process reads it"
    )]
    {
        println!("{}", portal.local_address().port());
    }
    runtime.block_on(portal.run(std::future::pending()));
}

fn month() -> Validity {
    let from = OffsetDateTime::now_utc() - time::Duration::HOUR;
    Validity::days(from, 30).unwrap()
}
