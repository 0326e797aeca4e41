//! A workbench disturbs nobody and leaves nothing behind.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use cns_conformance::clients::{curl, pkcs15_tool};
use cns_conformance::{ReaderKind, RunError, TlsVersion, Workbench, actions};

use crate::{workbench, workbench_with};

const LIMIT: Duration = Duration::from_secs(10);

#[test]
fn two_at_once_do_not_disturb_each_other() {
    let [marios, marias] = ["mario-bianchi", "maria-rossi"]
        .map(|citizen| {
            thread::spawn(|| {
                let workbench = workbench(citizen);
                let pin = workbench.citizen().pin.as_str();
                for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
                    let visit = curl::visit(&workbench, version, pin).unwrap();
                    visit.judge(&workbench, version).unwrap();
                }
                workbench
            })
        })
        .map(|thread| thread.join().unwrap());
    assert_eq!(marios.portal_journal().entries().len(), 2);
    assert_eq!(marias.portal_journal().entries().len(), 2);

    // One card's trouble is not the other's.
    for _ in 0..3 {
        pkcs15_tool::verify_pin(&marios, "99999").unwrap();
    }
    let blocked = pkcs15_tool::verify_pin(&marios, marios.citizen().pin.as_str()).unwrap();
    assert!(!blocked.status.success());
    let taken = pkcs15_tool::verify_pin(&marias, marias.citizen().pin.as_str()).unwrap();
    taken.succeeded().unwrap();
    // And one's end is not the other's.
    drop(marios);
    let taken = pkcs15_tool::verify_pin(&marias, marias.citizen().pin.as_str()).unwrap();
    taken.succeeded().unwrap();
}

#[test]
fn the_machines_own_pcscd_is_left_alone() {
    let own = Path::new("/run/pcscd");
    let before = listing(own);
    let workbench = workbench("sofia-conti");
    workbench.reset_card().unwrap();
    assert_eq!(listing(own), before);
    drop(workbench);
    assert_eq!(listing(own), before);
}

#[test]
fn nothing_is_left_when_it_is_dropped() {
    for reader in ReaderKind::ALL {
        let workbench = workbench_with("sofia-conti", reader);
        let folder = service_folder(&workbench);
        assert!(!processes_naming(&folder).is_empty());
        let portal = workbench.portal_address();
        TcpStream::connect(portal).unwrap();

        let started = Instant::now();
        drop(workbench);
        assert!(started.elapsed() < LIMIT);
        assert_eq!(processes_naming(&folder), Vec::<String>::new());
        assert!(!folder.exists());
        assert!(TcpStream::connect(portal).is_err());
    }
}

/// Plays two parts: started by itself with `PARENT` set, it is the process that is killed.
#[test]
fn nothing_is_left_when_the_process_is_killed() {
    const PARENT: &str = "CNS_CONFORMANCE_TEST_PLAYS_THE_PARENT";
    const READY: &str = "folder: ";
    if let Ok(reader) = env::var(PARENT) {
        let workbench = workbench_with("sofia-conti", reader.parse().unwrap());
        println!("{READY}{}", service_folder(&workbench).display());
        thread::sleep(6 * LIMIT);
        return;
    }
    for reader in ReaderKind::ALL {
        let mut parent = this_test("isolation::nothing_is_left_when_the_process_is_killed")
            .env(PARENT, reader.to_string())
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
            .expect("the parent says where its service lives");
        assert!(!processes_naming(&folder).is_empty());

        parent.kill().unwrap(); // SIGKILL: it cannot clean up
        parent.wait().unwrap();
        wait_for_the_end_of_all_that_name(&folder);
        assert!(!folder.exists());
    }
}

#[test]
fn a_client_that_does_not_end_is_killed_with_all_that_it_started() {
    let workbench = workbench("sofia-conti");
    let error = workbench
        .client("sh")
        .arguments(["-c", "echo waiting; sleep 60 & sleep 60"])
        .time_limit(Duration::from_millis(200))
        .run()
        .unwrap_err();
    assert!(matches!(error, RunError::TimedOut { .. }), "{error}");
    assert!(error.to_string().contains("waiting"), "{error}");
    wait_for_the_end_of_all_that_name(workbench.folder());
}

#[test]
fn a_client_sees_nothing_of_our_environment_but_the_search_path() {
    let workbench = workbench("sofia-conti");
    let environment = workbench.client("env").run().unwrap().text();
    let names: BTreeSet<&str> = environment
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name)
        .collect();
    let expected = ["HOME", "LC_ALL", "PATH", "PCSCLITE_CSOCK_NAME", "TMPDIR"];
    assert_eq!(names, BTreeSet::from(expected));
}

/// Plays two parts, because the search path belongs to a whole process: with `PART` set, it is the
/// process on a machine that has all programs but curl.
#[test]
fn a_client_that_is_not_installed_is_named_with_its_package() {
    const PART: &str = "CNS_CONFORMANCE_TEST_HAS_NO_CURL";
    if env::var_os(PART).is_some() {
        let workbench = workbench("sofia-conti");
        for action in actions() {
            let result = action.perform(&workbench).result;
            match action.client {
                "curl" => assert_eq!(
                    result.unwrap_err().to_string(),
                    "curl is not installed\nhint: apt-get install curl"
                ),
                "gnutls-cli" => drop(result.unwrap()),
                _ => {}
            }
        }
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for program in ["/usr/bin", "/bin"]
        .iter()
        .flat_map(|bin| fs::read_dir(bin).unwrap())
    {
        let program = program.unwrap();
        let link = folder.path().join(program.file_name());
        if program.file_name() != "curl" && !link.exists() {
            symlink(program.path(), link).unwrap();
        }
    }
    let child = this_test("isolation::a_client_that_is_not_installed_is_named_with_its_package")
        .env(PART, "1")
        .env("PATH", folder.path())
        .output()
        .unwrap();
    let output = [child.stdout, child.stderr].concat();
    assert!(
        child.status.success(),
        "{}",
        String::from_utf8_lossy(&output)
    );
}

fn this_test(name: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", name, "--nocapture"]);
    command
}

fn service_folder(workbench: &Workbench) -> PathBuf {
    workbench.folder().parent().unwrap().to_owned()
}

/// The names in a folder; `None` if there is no such folder.
fn listing(folder: &Path) -> Option<BTreeSet<PathBuf>> {
    let entries = fs::read_dir(folder).ok()?;
    Some(entries.map(|entry| entry.unwrap().path()).collect())
}

/// Whoever was killed needs a moment to be gone.
fn wait_for_the_end_of_all_that_name(folder: &Path) {
    let deadline = Instant::now() + LIMIT;
    loop {
        let left = processes_naming(folder);
        if left.is_empty() {
            return;
        }
        assert!(Instant::now() < deadline, "{left:?}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// The command lines of all processes that have this folder in theirs or in their environment.
fn processes_naming(folder: &Path) -> Vec<String> {
    let text = |path: PathBuf| {
        let bytes = fs::read(path).unwrap_or_default();
        String::from_utf8_lossy(&bytes).replace('\0', " ")
    };
    fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .map(|process| process.path())
        .filter(|process| {
            let both = text(process.join("cmdline")) + &text(process.join("environ"));
            both.contains(folder.to_str().unwrap())
        })
        .map(|process| text(process.join("cmdline")))
        .collect()
}
