//! The built `cns`, run as a person would.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;
use tempfile::TempDir;

pub fn cns(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cns"));
    environment(&mut command, folder);
    command
}

/// A command that ends by itself, or is ended: one that waits where it should not must fail its test.
fn limited(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new("timeout");
    command.args(["60", env!("CARGO_BIN_EXE_cns")]);
    environment(&mut command, folder);
    command.args(arguments).output().unwrap()
}

fn environment(command: &mut Command, folder: &Path) {
    command
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env_remove("RUST_LOG")
        .env("COLUMNS", "100");
}

/// Status, stdout and stderr of a run, as one text for a snapshot.
pub fn transcript(folder: &Path, arguments: &[&str]) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = limited(folder, arguments);
    let mut text = format!("$ cns {}\n", arguments.join(" "));
    text.push_str(&String::from_utf8(stdout).unwrap());
    text.push_str(&String::from_utf8(stderr).unwrap());
    text.push_str(&format!("[exit {}]\n", status.code().unwrap()));
    text
}

/// A long-running `cns`, ended with SIGTERM as a supervisor does.
pub struct Running {
    pub child: Child,
    pub ready: Value,
}

impl Running {
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = cns(folder)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = loop {
            let Some(line) = lines.next() else {
                let mut complaint = String::new();
                child
                    .stderr
                    .take()
                    .unwrap()
                    .read_to_string(&mut complaint)
                    .unwrap();
                panic!("it never became ready: {complaint}");
            };
            if let Ok(value) = serde_json::from_str::<Value>(&line.unwrap())
                && value["ready"] == true
            {
                break value;
            }
        };
        Self { child, ready }
    }

    pub fn end(mut self) -> i32 {
        self.terminate()
    }

    pub fn terminate(&mut self) -> i32 {
        Command::new("kill")
            .arg(self.child.id().to_string())
            .status()
            .unwrap();
        let limit = Instant::now() + Duration::from_secs(10);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code().unwrap();
            }
            assert!(Instant::now() < limit, "it does not end");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// A test that fails leaves nothing running either.
impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder in main memory, where there is such a place: a killed process does not take the page cache
/// with it, so that a disk would only make what is tested slower.
pub fn folder_in_memory() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// The seed of a test that goes by chance: another each time, unless the environment says which.
pub fn seed() -> u64 {
    match std::env::var("CNS_TEST_SEED") {
        Ok(seed) => seed.parse().expect("CNS_TEST_SEED is a number"),
        Err(_) => SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap()
            .as_nanos() as u64,
    }
}

/// SplitMix64: enough to choose commands and moments, and the same from the same seed.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ mixed >> 31) % end
    }
}
