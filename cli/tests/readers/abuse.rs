//! Clients that are killed, clients by the dozen, cards that are mute, cards that die: each gets an
//! error of PC/SC, nobody hangs, and no card forgets what has happened to it.

use std::io::Read as _;
use std::thread;
use std::time::{Duration, Instant};

use crate::client::{Client, GO};
use crate::desk::{Desk, KINDS, Kind, LIMIT};
use crate::support::Running;

#[test]
fn a_client_killed_in_its_transaction_leaves_no_lock_and_no_right() {
    for kind in KINDS {
        let desk = Desk::new(kind);
        let _card = desk.insert(&[]);
        let mut waits = Client::start(&desk, "wait");
        waits.says("connected");
        let mut holds = Client::start(&desk, "hold");
        holds.says("[90, 00]");
        std::fs::write(desk.folder.path().join(GO), "").unwrap();
        waits.says("waits");
        holds.kill();
        let said = waits.rest();
        // pcscd and we reset a card whose owner has gone. Whoever waits may get its turn before.
        assert!(
            ["ResetCard", "[63, C3]"].contains(&said[0].as_str()),
            "{kind:?}: {said:?}"
        );
        assert_eq!(said[1..], ["Ok(\"reconnected\")", "[63, C3]"], "{kind:?}");
    }
}

#[test]
fn sixteen_clients_take_turns() {
    for kind in KINDS {
        let desk = Desk::new(kind);
        let _card = desk.insert(&[]);
        let before = desk.order(&["status"])["commands"].as_u64().unwrap();
        let clients: Vec<Client> = (0..16)
            .map(|_| Client::start(&desk, "take turns"))
            .collect();
        for client in clients {
            assert_eq!(client.rest(), ["done"], "{kind:?}");
        }
        let commands = desk.order(&["status"])["commands"].as_u64().unwrap() - before;
        assert_eq!(commands, 16 * 2 * crate::client::TURNS as u64, "{kind:?}");
    }
}

#[test]
fn a_mute_card_hangs_nobody() {
    for kind in KINDS {
        let mut desk = Desk::new(kind);
        let _card = desk.insert(&[]);
        let script = "[[rule]]\nname = 'mute'\ncommand = '00 A4 *'\ndo = 'mute'\n";
        std::fs::write(desk.folder.path().join("mute.toml"), script).unwrap();
        desk.order(&["faults", "mute.toml"]);
        let mut client = Client::start(&desk, "select");
        client.says("connected");
        // Others are not held up: they see the reader at once, with or without its card.
        let listed = desk.say("opensc-tool", &["--list-readers"]);
        assert!(listed.contains("CNS Virtual Reader"), "{kind:?}: {listed}");
        let said = client.rest().remove(0);
        let errors = ["NotTransacted", "CommError", "RemovedCard", "NoSmartcard"];
        assert!(errors.contains(&said.as_str()), "{kind:?}: {said}");

        desk.order(&["clear-faults"]);
        desk.wait_for(true);
        let again = Client::start(&desk, "select").rest();
        assert_eq!(again, ["connected", "[90, 00]"], "{kind:?}");
        let log = log_of(&mut desk.reader);
        assert!(log.contains("the card said nothing for"), "{kind:?}: {log}");
    }
}

#[test]
fn a_card_that_dies_in_mid_command_loses_no_state() {
    for kind in KINDS {
        let mut desk = Desk::new(kind);
        let mut card = desk.insert(&[]);
        let said = Client::start(&desk, "wrong pin").rest();
        assert_eq!(said, ["connected", "[63, C2]"], "{kind:?}");
        let slow = "[[latency.processing]]\ncommand = '*'\nmin_ms = 500\nmax_ms = 500\n";
        std::fs::write(desk.folder.path().join("slow.toml"), slow).unwrap();
        desk.order(&["latency", "slow.toml"]);
        let commands = desk.order(&["status"])["commands"].as_u64().unwrap();
        let mut client = Client::start(&desk, "select");
        client.says("connected");
        let deadline = Instant::now() + LIMIT;
        while desk.order(&["status"])["commands"].as_u64().unwrap() == commands {
            assert!(Instant::now() < deadline, "{kind:?}: no command arrives");
        }
        card.child.kill().unwrap();
        card.child.wait().unwrap();
        let said = client.rest().remove(0);
        let errors = ["NotTransacted", "CommError", "RemovedCard", "NoSmartcard"];
        assert!(errors.contains(&said.as_str()), "{kind:?}: {said}");
        desk.wait_for(false);

        assert!(desk.tries_left().contains("2 of 3"), "{kind:?}");
        let _card = desk.insert(&[]);
        let said = Client::start(&desk, "verify").rest();
        assert_eq!(said, ["connected", "[90, 00]"], "{kind:?}");
        assert!(desk.tries_left().contains("3 of 3"), "{kind:?}");
        let log = log_of(&mut desk.reader);
        assert!(log.contains("gone in the middle"), "{kind:?}: {log}");
    }
}

#[test]
fn a_reader_that_is_killed_is_told_and_can_be_started_again() {
    let mut desk = Desk::new(Kind::Daemonless);
    let _card = desk.insert(&[]);
    let mut holds = Client::start(&desk, "hold");
    holds.says("[90, 00]");
    desk.reader.child.kill().unwrap();
    desk.reader.child.wait().unwrap();
    let refused = Client::start(&desk, "establish").rest();
    assert_eq!(refused, ["Err(NoService)"]);
    // What it has left at its sockets is taken for what it is.
    let options = ["--json", "--socket", "pcsc", "--slot", "slot-0"];
    let host = [&["reader", "host"], &options[..]].concat();
    desk.reader = Running::start(desk.folder.path(), &host);
    desk.wait_for(true);
    let said = Client::start(&desk, "verify").rest();
    assert_eq!(said, ["connected", "[90, 00]"]);
}

/// Ends the reader and tells what it has said of its cards.
fn log_of(reader: &mut Running) -> String {
    // What a driver says is shown a moment later.
    thread::sleep(Duration::from_millis(500));
    reader.terminate();
    let mut log = String::new();
    let mut stderr = reader.child.stderr.take().unwrap();
    stderr.read_to_string(&mut log).unwrap();
    log
}
