//! Paths at which somebody else is, or nobody, or no socket: each is told, and nothing hangs.

use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use rustix::process::geteuid;

use crate::client::Client;
use crate::desk::{Desk, Kind};
use crate::support::{Running, transcript};

#[test]
fn a_host_takes_no_path_that_is_taken() {
    let desk = Desk::new(Kind::Daemonless);
    let path = desk.folder.path();
    fs::write(path.join("file"), "mine").unwrap();
    let second = transcript(
        path,
        &["reader", "host", "--socket", "pcsc", "maria-rossi.cns"],
    );
    assert_eq!(
        second,
        "$ cns reader host --socket pcsc maria-rossi.cns\n\
         error: somebody listens at pcsc already\n\
         hint: end that process, or give this one another path\n\
         [exit 2]\n"
    );
    let no_socket = transcript(
        path,
        &["reader", "host", "--socket", "file", "maria-rossi.cns"],
    );
    assert!(no_socket.contains("error: file is there and no socket\nhint: "));
    let insert = [
        "card",
        "insert",
        "--reader",
        "unix:slot-0",
        "--control",
        "file",
    ];
    let no_control = transcript(path, &[&insert[..], &["maria-rossi.cns"]].concat());
    assert!(no_control.contains("error: file is there and no socket\nhint: "));
    assert_eq!(fs::read(path.join("file")).unwrap(), b"mine");
}

#[test]
fn a_driver_whose_path_is_taken_says_so_in_the_log() {
    let desk = Desk::new(Kind::OwnDriver);
    let path = desk.folder.path();
    // Of the first reader, which has a pcscd.
    let in_use = transcript(path, &["reader", "run", "reader"]);
    assert!(in_use.contains("somebody listens at"), "{in_use}");
    assert!(in_use.contains("[exit 2]"), "{in_use}");

    let options = ["install", "--private", "other"];
    transcript(path, &[&["reader"], &options[..]].concat());
    fs::write(path.join("other/slot-0"), "mine").unwrap();
    let no_socket = transcript(path, &["reader", "run", "other"]);
    assert!(
        no_socket.contains("slot-0 is there and no socket"),
        "{no_socket}"
    );
    assert!(no_socket.contains("[exit 2]"), "{no_socket}");
    assert_eq!(fs::read(path.join("other/slot-0")).unwrap(), b"mine");
    fs::remove_file(path.join("other/slot-0")).unwrap();
    // What a killed pcscd has left is taken for what it is.
    drop(UnixListener::bind(path.join("other/slot-0")).unwrap());
    let run = Running::start(path, &["reader", "run", "--json", "other"]);
    assert_eq!(run.end(), 0);
}

/// One that somebody listens at, and one that nobody does any more: from outside they look the same.
#[test]
fn a_socket_of_another_user_is_neither_used_nor_removed() {
    let desk = Desk::new(Kind::Daemonless);
    let path = desk.folder.path();
    let alive = UnixListener::bind(path.join("alive")).unwrap();
    drop(UnixListener::bind(path.join("dead")).unwrap());
    for socket in ["alive", "dead"] {
        give_away(&path.join(socket));
        let insert = ["card", "insert", "--reader", "unix:slot-0", "--control"];
        for listen in [
            &["reader", "host", "--socket", socket][..],
            &[&insert[..], &[socket]].concat(),
        ] {
            let refused = as_nobody_special(path, &[listen, &["maria-rossi.cns"]].concat());
            let expected = format!("error: the socket {socket} belongs to the user ");
            assert!(refused.contains(&expected), "{refused}");
            assert!(refused.contains("\nhint: give another path\n"), "{refused}");
            assert!(refused.ends_with("[exit 2]\n"), "{refused}");
        }
        let reader = format!("unix:{socket}");
        for (speak, expected) in [
            (
                &["card", "control", socket, "status"][..],
                format!("error: nobody answers at {socket}: Permission denied"),
            ),
            (
                &["card", "insert", "--reader", &reader, "maria-rossi.cns"],
                format!("error: no reader at unix:{socket}: Permission denied"),
            ),
        ] {
            let refused = as_nobody_special(path, speak);
            assert!(refused.contains(&expected), "{refused}");
            assert!(refused.ends_with("[exit 2]\n"), "{refused}");
        }
        assert!(path.join(socket).exists(), "{socket} is still there");
    }
    // Whoever it is was not disturbed.
    alive.set_nonblocking(true).unwrap();
    assert_eq!(alive.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
}

/// Makes a socket another user's. Who is not root cannot; but a socket that nobody may use looks the same to
/// a program.
fn give_away(socket: &Path) {
    let mode = match chown(socket, Some(1), Some(1)) {
        Ok(()) => 0o755,
        Err(_) => 0o000,
    };
    fs::set_permissions(socket, Permissions::from_mode(mode)).unwrap();
}

/// A run of `cns` by this user, without the powers over other users' files that root has.
fn as_nobody_special(folder: &Path, arguments: &[&str]) -> String {
    let powers: &[&str] = match geteuid().is_root() {
        true => &["--inh-caps=-all", "--bounding-set=-all"],
        false => &[],
    };
    let output = Command::new("setpriv")
        .args(powers)
        .args(["timeout", "60", env!("CARGO_BIN_EXE_cns")])
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env_remove("RUST_LOG")
        .output()
        .expect("setpriv is installed (package util-linux)");
    format!(
        "{}{}[exit {}]\n",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
        output.status.code().unwrap()
    )
}

#[test]
fn a_client_is_told_that_nobody_is_there_or_somebody_else() {
    let mut desk = Desk::new(Kind::Daemonless);
    let path = desk.folder.path().to_owned();
    let silent = UnixListener::bind(path.join("silent")).unwrap();
    drop(UnixListener::bind(path.join("stale")).unwrap());
    fs::write(path.join("file.toml"), "no list").unwrap();
    for place in ["silent", "stale", "slot-0", "file.toml", "nothing"] {
        desk.reader.ready["environment"][0][1] = path.join(place).to_str().unwrap().into();
        let said = Client::start(&desk, "establish").rest();
        assert_eq!(said, ["Err(NoService)"], "{place}");
        let listed = desk.say("opensc-tool", &["--list-readers"]);
        assert!(listed.contains(place), "{listed}");
    }
    drop(silent);
}
