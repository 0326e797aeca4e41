//! The same clients on our own readers, where nothing is the distribution's but the clients.

use cns_conformance::{ReaderKind, actions};

use crate::{every_action_succeeds_at, workbench_with};

#[test]
fn every_client_with_our_own_driver() {
    every_client(ReaderKind::Ifd);
}

#[test]
fn every_client_without_a_daemon() {
    every_client(ReaderKind::Daemonless);
}

fn every_client(reader: ReaderKind) {
    let workbench = workbench_with("mario-bianchi", reader);
    let mut clients: Vec<&str> = actions().iter().map(|action| action.client).collect();
    clients.dedup();
    for client in clients {
        every_action_succeeds_at(&workbench, client);
    }
}
