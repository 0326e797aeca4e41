//! A client of PC/SC in a process of its own: this program again, told by an environment variable what
//! to do. It says what comes of it, a line each.

use std::env;
use std::ffi::CString;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::Child;
use std::thread;
use std::time::Duration;

use pcsc::{Card, Context, Disposition, Error, Protocols, Scope, ShareMode};

use crate::desk::{Desk, LIMIT};

/// What the process is to do.
const PART: &str = "CNS_TEST_PLAYS_THE_CLIENT";

const SELECT_MASTER_FILE: &[u8] = &[0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00];
const ASK_PIN: &[u8] = &[0x00, 0x20, 0x00, 0x10];
const VERIFY_PIN: &[u8] = b"\x00\x20\x00\x10\x0812345\xFF\xFF\xFF";
const WRONG_PIN: &[u8] = b"\x00\x20\x00\x10\x0899999\xFF\xFF\xFF";

/// The file that lets a client go on.
pub(crate) const GO: &str = "go";

/// How often each of many clients takes its turn.
pub(crate) const TURNS: usize = 20;

/// A client at work.
pub(crate) struct Client {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Client {
    pub(crate) fn start(desk: &Desk, part: &str) -> Self {
        let mut child = desk
            .program(env::current_exe().unwrap())
            .args(["--exact", "client::plays_its_part", "--nocapture"])
            .env(PART, part)
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// What it says next, after `> `; nothing when it has ended.
    pub(crate) fn hear(&mut self) -> Option<String> {
        loop {
            let line = self.lines.next()?.ok()?;
            // What the test harness says goes before it.
            if let Some((_, said)) = line.split_once("> ") {
                return Some(said.to_owned());
            }
        }
    }

    /// Everything that it says from now on to its end, which it reaches by itself.
    pub(crate) fn rest(mut self) -> Vec<String> {
        let said = std::iter::from_fn(|| self.hear()).collect();
        let succeeds = self.child.wait().unwrap().success();
        assert!(succeeds, "{said:?}\n{}", self.complaint());
        said
    }

    /// What it has said on its standard error, up to its end.
    fn complaint(&mut self) -> String {
        let mut text = String::new();
        let stderr = self.child.stderr.take();
        stderr.map(|mut stderr| stderr.read_to_string(&mut text));
        text
    }

    /// What it says next must be this.
    pub(crate) fn says(&mut self, expected: &str) {
        let said = self.hear();
        if said.as_deref() != Some(expected) {
            let _ = self.child.kill();
            panic!("{said:?}, not {expected:?}\n{}", self.complaint());
        }
    }

    /// Ends it as the kernel does: it cannot clean up.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The client. As a test among others it has nothing to do.
#[test]
fn plays_its_part() {
    let Ok(part) = env::var(PART) else {
        return;
    };
    thread::spawn(|| {
        thread::sleep(LIMIT);
        std::process::abort();
    });
    match part.as_str() {
        "verify" => say_each(&[VERIFY_PIN]),
        "wrong pin" => say_each(&[WRONG_PIN]),
        "select" => say_each(&[SELECT_MASTER_FILE]),
        "hold" => hold(),
        "wait" => wait(),
        "take turns" => take_turns(),
        "establish" => establish(),
        part => panic!("there is no part {part:?}"),
    }
}

fn tell(what: &str) {
    println!("\n> {what}");
}

fn card() -> Result<Card, Error> {
    let context = Context::establish(Scope::User)?;
    let readers = context.list_readers_owned()?;
    let reader: &CString = readers.first().ok_or(Error::NoReadersAvailable)?;
    context.connect(reader, ShareMode::Shared, Protocols::ANY)
}

/// The status word, or the error's name.
fn outcome(card: &Card, command: &[u8]) -> String {
    let mut buffer = [0; 300];
    match card.transmit(command, &mut buffer) {
        Ok(response) => format!("{response:02X?}"),
        Err(error) => format!("{error:?}"),
    }
}

fn say_each(commands: &[&[u8]]) {
    let card = card().unwrap();
    tell("connected");
    for command in commands {
        tell(&outcome(&card, command));
    }
    // What was proven stays proven, for the next one.
    let _ = card.disconnect(Disposition::LeaveCard);
}

fn establish() {
    let context = Context::establish(Scope::User);
    tell(&format!("{:?}", context.map(|_| "a context")));
}

/// Proves the PIN in a transaction that it does not end.
fn hold() {
    let mut card = card().unwrap();
    let transaction = card.transaction().unwrap();
    tell(&outcome(&transaction, VERIFY_PIN));
    thread::sleep(2 * LIMIT);
}

/// Waits for its turn, once somebody has made the file. What was left open is reset under its hands.
fn wait() {
    // Not later: pcscd lets nobody connect in the midst of a transaction.
    let mut card = card().unwrap();
    tell("connected");
    while !Path::new(GO).exists() {
        thread::sleep(Duration::from_millis(1));
    }
    tell("waits");
    tell(&in_a_turn(&mut card));
    let shared = ShareMode::Shared;
    let again = card.reconnect(shared, Protocols::ANY, Disposition::LeaveCard);
    tell(&format!("{:?}", again.map(|_| "reconnected")));
    tell(&in_a_turn(&mut card));
}

/// Whether the PIN is proven, asked in a transaction; or why there is none.
fn in_a_turn(card: &mut Card) -> String {
    match card.transaction() {
        Ok(turn) => outcome(&turn, ASK_PIN),
        Err(error) => format!("{error:?}"),
    }
}

/// Selects in one of its turns what it asks about in the same one: nobody may come between.
fn take_turns() {
    let mut card = card().unwrap();
    for _ in 0..TURNS {
        let turn = card.transaction().unwrap();
        let said = [outcome(&turn, SELECT_MASTER_FILE), outcome(&turn, ASK_PIN)];
        assert_eq!(said, ["[90, 00]", "[63, C3]"]);
    }
    // A reset would end the others' connections.
    let left = card.disconnect(Disposition::LeaveCard);
    left.map_err(|(_, error)| error).unwrap();
    tell("done");
}
