//! The real portal process under thousands of logins: its memory stays flat, and no descriptor is left open.
//!
//! By default a part that continuous integration can carry; `cargo xtask soak` runs the whole.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../support/mod.rs"]
mod support;
mod visitor;

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use support::Running;
use visitor::Visitor;

/// How many logins, if not as few as by default.
const LOGINS: &str = "CNS_SOAK_LOGINS";
/// Requests on the connection of each login.
const REQUESTS: usize = 10;
/// Visitors at once.
const VISITORS: usize = 4;
/// Logins after which the journal is full (it remembers a thousand, and ten thousand requests) and every buffer
/// has its size.
const WARM_UP: usize = 1_200;
/// How much more memory it may have at the end than when it was warm. The allocator takes some more for every
/// thread that the portal's runtime starts, at no certain moment; a connection or a verdict that were kept
/// would come to a hundred MiB and more in ten thousand logins.
const GROWTH_MAX_KIB: u64 = 16 * 1_024;

#[test]
fn memory_stays_flat_and_no_descriptor_is_left_open() {
    let logins = std::env::var(LOGINS).map_or(600, |logins| logins.parse().unwrap());
    let steps = 10;
    let folder = tempfile::tempdir().unwrap();
    let portal = Running::start(folder.path(), &["portal", "run"]);
    let process = Process(portal.child.id());
    let visitor = Visitor::of(&portal.ready, &folder.path().join("cns-authority"));

    let idle = process.descriptors();
    log_in(&visitor, WARM_UP, REQUESTS);
    let warm = process.memory_kib();
    eprintln!("warm: {warm} KiB, {idle} descriptors");
    for step in 1..=steps {
        log_in(&visitor, logins / steps, REQUESTS);
        eprintln!(
            "{} logins, {} requests: {} KiB, {} descriptors",
            step * logins / steps,
            step * logins / steps * REQUESTS,
            process.memory_kib(),
            process.descriptors(),
        );
    }
    process.wait_for_descriptors(idle);
    let grown = process.memory_kib().saturating_sub(warm);
    assert!(
        grown <= GROWTH_MAX_KIB,
        "{logins} logins took {grown} KiB that were not given back"
    );
    assert_eq!(portal.end(), 0);
}

/// So many logins, with so many requests each, by all visitors together.
fn log_in(visitor: &Visitor, logins: usize, requests: usize) {
    thread::scope(|scope| {
        for _ in 0..VISITORS {
            scope.spawn(|| {
                for _ in 0..logins / VISITORS {
                    visitor.log_in(requests);
                }
            });
        }
    });
}

/// A running process, as proc(5) shows it.
struct Process(u32);

impl Process {
    /// VmRSS: what it has in memory.
    fn memory_kib(&self) -> u64 {
        let status = fs::read_to_string(self.path("status")).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let words: Vec<&str> = line.unwrap().split_whitespace().collect();
        words[1].parse().unwrap()
    }

    fn descriptors(&self) -> usize {
        fs::read_dir(self.path("fd")).unwrap().count()
    }

    /// The portal closes a connection a moment after its client does.
    fn wait_for_descriptors(&self, count: usize) {
        let limit = Instant::now() + Duration::from_secs(10);
        while self.descriptors() != count {
            let open = self.descriptors();
            assert!(Instant::now() < limit, "{open} are open, and {count} were");
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn path(&self, name: &str) -> impl AsRef<Path> + use<> {
        format!("/proc/{}/{name}", self.0)
    }
}
