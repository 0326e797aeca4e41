//! A private pcscd: it serves real clients, keeps off the machine, and leaves nothing behind.

#![allow(
    clippy::unwrap_used,
    reason = "clippy's exception for tests leaves out their helpers"
)]

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use cns_reader::pcscd::{PcscdError, PrivatePcscd, Readers};

const LIMIT: Duration = Duration::from_secs(10);

#[test]
fn real_clients_see_its_reader() {
    let pcscd = PrivatePcscd::start().unwrap();
    let (variable, socket) = pcscd.environment();
    let tool = Command::new("opensc-tool")
        .arg("-l")
        .env(variable, socket)
        .output();
    let listing = tool
        .expect("opensc-tool can be run; it is in the package opensc")
        .stdout;
    let listing = String::from_utf8_lossy(&listing).into_owned();
    assert!(
        listing.contains("Virtual PCD 00 00"),
        "{listing}\n{}",
        pcscd.log()
    );
}

#[test]
fn two_side_by_side_share_nothing_and_the_machine_keeps_its_own() {
    let before = listing(Path::new("/run/pcscd"));

    let one = PrivatePcscd::start().unwrap();
    let other = PrivatePcscd::start().unwrap();
    assert_ne!(one.environment().1, other.environment().1);
    assert!(
        2 <= one
            .reader_address()
            .port()
            .abs_diff(other.reader_address().port())
    );
    assert_eq!(listing(Path::new("/run/pcscd")), before);

    drop((one, other));
    assert_eq!(listing(Path::new("/run/pcscd")), before);
}

#[test]
fn dropping_it_leaves_no_process_no_folder_and_no_listener() {
    let pcscd = PrivatePcscd::start().unwrap();
    let folder = folder_of(&pcscd);
    let address = pcscd.reader_address();
    assert!(
        has_program(&folder, "pcscd"),
        "{:?}",
        processes_naming(&folder)
    );

    drop(pcscd);
    assert_eq!(processes_naming(&folder), Vec::<String>::new());
    assert!(!folder.exists());
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn a_mute_card_does_not_keep_it_alive() {
    let pcscd = PrivatePcscd::start().unwrap();
    let folder = folder_of(&pcscd);
    let mute_card = TcpStream::connect(pcscd.reader_address()).unwrap();
    // The driver's question for the ATR: from now on it waits for an answer without a limit.
    mute_card.set_read_timeout(Some(LIMIT)).unwrap();
    assert_eq!(mute_card.peek(&mut [0; 2]).unwrap(), 2);

    let started = Instant::now();
    drop(pcscd);
    assert!(started.elapsed() < LIMIT);
    assert_eq!(processes_naming(&folder), Vec::<String>::new());
    assert!(!folder.exists());
}

/// This test plays two parts: started by itself with `PARENT` set, it is the process that is killed.
#[test]
fn killing_the_process_that_started_it_ends_it() {
    const PARENT: &str = "CNS_READER_TEST_PLAYS_THE_PARENT";
    const READY: &str = "folder: ";
    if env::var_os(PARENT).is_some() {
        let pcscd = PrivatePcscd::start().unwrap();
        println!("{READY}{}", folder_of(&pcscd).display());
        thread::sleep(6 * LIMIT);
        return;
    }

    let mut parent = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "killing_the_process_that_started_it_ends_it",
            "--nocapture",
        ])
        .env(PARENT, "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let folder = BufReader::new(parent.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .find_map(|line| {
            line.split_once(READY)
                .map(|(_, folder)| PathBuf::from(folder))
        })
        .expect("the parent says where its pcscd lives");
    assert!(
        has_program(&folder, "pcscd"),
        "{:?}",
        processes_naming(&folder)
    );

    parent.kill().unwrap(); // SIGKILL: it cannot clean up
    parent.wait().unwrap();
    let deadline = Instant::now() + LIMIT;
    while !processes_naming(&folder).is_empty() || folder.exists() {
        assert!(
            Instant::now() < deadline,
            "{:?} still run",
            processes_naming(&folder)
        );
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn the_thread_that_starts_it_may_end() {
    let pcscd = thread::spawn(PrivatePcscd::start).join().unwrap().unwrap();
    let folder = folder_of(&pcscd);
    thread::sleep(Duration::from_millis(200));
    assert!(has_program(&folder, "pcscd"), "{}", pcscd.log());
}

/// Plays two parts, because the search path belongs to a whole process: with `FAKE` set, it is the
/// process that finds a pcscd which ends at once.
#[test]
fn a_pcscd_that_ends_at_once_is_an_error_with_its_last_words() {
    const FAKE: &str = "CNS_READER_TEST_HAS_A_FAKE_PCSCD";
    if env::var_os(FAKE).is_some() {
        let error = PrivatePcscd::start().unwrap_err();
        assert!(matches!(error, PcscdError::Ended { .. }), "{error:?}");
        let message = error.to_string();
        assert!(message.contains("exit status: 3"), "{message}");
        assert!(message.contains("no readers today"), "{message}");
        return;
    }

    let folder = tempfile::tempdir().unwrap();
    let fake = folder.path().join("pcscd");
    fs::write(&fake, "#!/bin/sh\necho no readers today\nexit 3\n").unwrap();
    fs::set_permissions(&fake, fs::Permissions::from_mode(0o755)).unwrap();
    let folders = env::split_paths(&env::var_os("PATH").unwrap()).collect::<Vec<_>>();
    let path = env::join_paths([folder.path().to_owned()].into_iter().chain(folders)).unwrap();
    let child = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "a_pcscd_that_ends_at_once_is_an_error_with_its_last_words",
        ])
        .env(FAKE, "1")
        .env("PATH", path)
        .output()
        .unwrap();
    assert!(
        child.status.success(),
        "{}",
        String::from_utf8_lossy(&child.stdout)
    );
}

fn folder_of(pcscd: &PrivatePcscd) -> PathBuf {
    pcscd.environment().1.parent().unwrap().to_owned()
}

/// The names in a folder; `None` if there is no such folder.
fn listing(folder: &Path) -> Option<BTreeSet<PathBuf>> {
    Some(
        fs::read_dir(folder)
            .ok()?
            .map(|entry| entry.unwrap().path())
            .collect(),
    )
}

fn has_program(folder: &Path, program: &str) -> bool {
    processes_naming(folder).iter().any(|command| {
        let name = command.split(' ').next().unwrap_or_default();
        Path::new(name)
            .file_name()
            .is_some_and(|name| name == program)
    })
}

/// The command lines of all processes that have this folder in theirs.
fn processes_naming(folder: &Path) -> Vec<String> {
    fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| fs::read(entry.path().join("cmdline")).ok())
        .map(|command| String::from_utf8_lossy(&command).replace('\0', " "))
        .filter(|command| command.contains(folder.to_str().unwrap()))
        .collect()
}

#[test]
fn it_is_stopped_and_started_again_with_and_without_its_reader() {
    let mut pcscd = PrivatePcscd::start().unwrap();
    let (variable, socket) = pcscd.environment();
    let (variable, socket) = (variable, socket.to_owned());
    let listing = || {
        let tool = Command::new("opensc-tool")
            .arg("-l")
            .env(variable, &socket)
            .output();
        let output = tool.expect("opensc-tool can be run; it is in the package opensc");
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    };
    pcscd.stop().unwrap();
    assert!(!listing().contains("Virtual PCD"), "{}", listing());
    assert!(socket.parent().unwrap().exists());
    pcscd.start_again(Readers::None).unwrap();
    assert!(!listing().contains("Virtual PCD"), "{}", listing());
    pcscd.stop().unwrap();
    pcscd.start_again(Readers::AsBefore).unwrap();
    assert!(listing().contains("Virtual PCD 00 00"), "{}", listing());

    let folder = socket.parent().unwrap();
    drop(pcscd);
    assert!(!folder.exists());
}
