//! Somebody else's virtual card beside ours: both in the two slots of one stock vpcd, SELECT by
//! SCardTransmit in turns.
//!
//! ```sh
//! peer_card PROGRAM [ARGUMENT ...]
//! ```
//! starts PROGRAM, in whose arguments `{port}` is the port at which it must connect to vpcd, and prints the
//! run as JSON: the steps are our card and the peer's. `benches/peers/compare.sh` makes a table of it.

#![allow(
    clippy::print_stdout,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a tool of this project's own"
)]

use std::env;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use cns_benches::cards::Make;
use cns_benches::layers::Stage;
use cns_benches::{Ladder, Layer, Load, Operation, Pace, Step, Target, Task};
use cns_fixtures::{DEFAULT_PROFILE, citizen, profile};

/// Set for the process that is the client.
const CLIENT: &str = "CNS_PEER_CLIENT";

fn main() -> ExitCode {
    let task = task();
    if env::var_os(CLIENT).is_some() {
        println!("{}", serde_json::to_string(&measure(&task)).unwrap());
        return ExitCode::SUCCESS;
    }
    let arguments: Vec<String> = env::args().skip(1).collect();
    let Some((program, arguments)) = arguments.split_first() else {
        eprintln!(
            "error: no program\nhint: peer_card PROGRAM [ARGUMENT ...], with {{port}} in one"
        );
        return ExitCode::from(2);
    };
    let stage = Stage::of(Layer::Vpcd, &task).unwrap();
    let port = stage.second_port().unwrap().to_string();
    let peer = Command::new(program)
        .args(arguments.iter().map(|word| word.replace("{port}", &port)))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let _peer = match peer {
        Ok(child) => Peer(child),
        Err(error) => {
            eprintln!("error: {program} cannot be started: {error}");
            return ExitCode::from(2);
        }
    };
    let client = Command::new(env::current_exe().unwrap())
        .envs(stage.environment())
        .env(CLIENT, "")
        .status();
    match client {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::from(2),
    }
}

/// A program that is ended with this one.
struct Peer(Child);

impl Drop for Peer {
    fn drop(&mut self) {
        // One that has ended by itself needs no end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn task() -> Task {
    let make = Make::new(
        profile(DEFAULT_PROFILE).unwrap(),
        citizen("maria-rossi").unwrap(),
    );
    Task {
        make: make.unwrap(),
        operation: Operation::Select,
        cards: 1,
        first: 0,
        clients: cns_benches::task::Clients::default(),
        load: Load {
            duration: Duration::from_secs(1),
            warm_up: Duration::from_millis(200),
            pace: Pace::Closed,
        },
        latency: None,
        pin: None,
        portal: None,
    }
}

fn measure(task: &Task) -> Ladder {
    let targets = ["00 00", "00 01"].map(|slot| Target::Pcsc(Some(slot.to_owned())));
    wait_for(&targets, task);
    let steps = Step::each(&targets, Operation::Select);
    Ladder::climb(
        &steps,
        task,
        &|_| Err(std::io::ErrorKind::Unsupported.into()),
        |_, _| (),
    )
    .unwrap()
}

/// Both cards have been seen: a first SELECT of each is answered. vpcd is asked every 400 ms.
fn wait_for(targets: &[Target], task: &Task) {
    const ATTEMPTS: usize = 100;
    let first = Task {
        load: Load {
            duration: Duration::ZERO,
            warm_up: Duration::ZERO,
            pace: Pace::Closed,
        },
        ..task.clone()
    };
    for target in targets {
        for attempt in 1..=ATTEMPTS {
            match target.measure(&first, &|_| Err(std::io::ErrorKind::Unsupported.into())) {
                Ok(_) => break,
                Err(error) if attempt == ATTEMPTS => panic!("{target}: {error}"),
                Err(_) => std::thread::sleep(Duration::from_millis(100)),
            }
        }
    }
}
