//! `cns card insert` is killed with SIGKILL at random moments, hundreds of times, while a reader gives
//! the card one command after the other. What is found in its file must be a state that the commands
//! lead through, and none before the last answer.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod script;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use cns_card::CardImage;
use cns_reader::ImageFile;
use script::{Script, State};
use support::{Random, cns, folder_in_memory, seed, transcript};

const KILLS: usize = 600;

/// It is killed within this time after the first command, which is about what all of them take.
const LIFE_MAX_US: u64 = 6_000;

#[test]
fn a_killed_process_leaves_a_whole_card_that_has_got_no_try_for_nothing() {
    let seed = seed();
    println!("the same commands again, killed at other moments: CNS_TEST_SEED={seed}");
    let mut random = Random(seed);
    let folder = folder_in_memory();
    let path = folder.path().join("card.cns");
    let reader = TcpListener::bind("127.0.0.1:0").unwrap();
    reader.set_nonblocking(true).unwrap();

    let fresh = fresh_card();
    let mut state = State::PERSONALISED;
    ImageFile::create(&path, &fresh, None).unwrap();
    let (mut while_busy, mut strays) = (0, 0);
    for round in 0..KILLS {
        let script = Script::write(&state, &mut random);
        let mut child = insert(folder.path(), &reader);
        let life = Duration::from_micros(random.below(LIFE_MAX_US));
        let answered = match random.below(10) {
            // Also while it starts.
            0 => {
                thread::sleep(life);
                kill_now(&mut child);
                0
            }
            _ => talk(&mut child, &reader, &script, life),
        };
        while reader.accept().is_ok() {} // what it may have left in the queue
        strays += usize::from(names(folder.path()).len() > 1);
        while_busy += usize::from(answered < script.frames.len());

        let found = State::of(&ImageFile::read(&path, None).unwrap());
        let possible = script.states_after(answered);
        assert!(
            possible.contains(&found),
            "kill {round}: after {answered} answers there is {found:?}, possible is {possible:#?}"
        );
        state = found;
        // A blocked PUK is for ever: this card does nothing that is worth a test any more.
        if state.puk_tries == 0 {
            state = State::PERSONALISED;
            ImageFile::create(&path, &fresh, None).unwrap();
        }
    }
    drop(ImageFile::open(&path, None).unwrap());
    assert_eq!(names(folder.path()), ["card.cns"], "strays are swept");
    println!("{KILLS} kills, {while_busy} with commands waiting, {strays} left a stray file");
}

/// A card as it is issued, but without its key, which takes 50 ms to check at each start.
fn fresh_card() -> CardImage {
    let folder = tempfile::tempdir().unwrap();
    let issue = ["card", "issue", "--citizen", "mario-bianchi", "card.cns"];
    let said = transcript(folder.path(), &issue);
    let mut image = ImageFile::read(&folder.path().join("card.cns"), None).expect(&said);
    image.master_file.keys.clear();
    image
}

fn insert(folder: &Path, reader: &TcpListener) -> Child {
    let address = reader.local_addr().unwrap().to_string();
    cns(folder)
        .args(["card", "insert", "--reader", &address, "card.cns"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Gives the card all commands at once, kills it after this time, and says how many it has answered.
fn talk(child: &mut Child, reader: &TcpListener, script: &Script, life: Duration) -> usize {
    let mut stream = accept(child, reader);
    stream.write_all(&script.frames.concat()).unwrap();
    let end = Instant::now() + life;
    while Instant::now() < end {
        std::hint::spin_loop(); // a sleep is too coarse
    }
    kill_now(child);
    let mut answers = Vec::new();
    // A connection that was reset says so after what arrived before.
    let _ = stream.read_to_end(&mut answers);
    answers.len() / STATUS_FRAME_LEN
}

/// Every answer to these commands is a status word, in a frame with two bytes of length.
const STATUS_FRAME_LEN: usize = 4;

fn kill_now(child: &mut Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

fn accept(child: &mut Child, reader: &TcpListener) -> TcpStream {
    let limit = Instant::now() + Duration::from_secs(10);
    loop {
        if let Ok((stream, _)) = reader.accept() {
            return stream;
        }
        if child.try_wait().unwrap().is_some() || limit < Instant::now() {
            let _ = child.kill();
            let mut complaint = String::new();
            let mut stderr = child.stderr.take().unwrap();
            stderr.read_to_string(&mut complaint).unwrap();
            panic!("the card does not come to its reader: {complaint}");
        }
        thread::sleep(Duration::from_micros(100));
    }
}

fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}
