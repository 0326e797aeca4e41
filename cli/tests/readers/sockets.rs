//! Paths at which somebody else is, or nobody, or no socket: each is told, and nothing hangs.

use std::fs;
use std::os::unix::net::UnixListener;

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
