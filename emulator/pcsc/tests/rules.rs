//! PC/SC's rules, seen by clients of a host: what they share is what a single process uses alone.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use cns_card::Card;
use cns_fixtures::{citizen, collaudo_authority, personalise, profile};
use cns_pcsc::host::Host;
use cns_pcsc::local::ReaderNumber;
use cns_pcsc::{Local, Manager, Place};
use cns_reader::SystemEntropy;
use tempfile::TempDir;
use vsmartcard::winscard::{
    Code, Disposition, Handle, Protocols, ReaderState, ResourceManager, Share,
};

const READER: &str = "CNS 00";
const ANY: Protocols = Protocols(3);
const LIMIT: Duration = Duration::from_secs(10);
const ASK_PIN: [u8; 4] = [0x00, 0x20, 0x00, 0x10];
const VERIFY_PIN: &[u8] = b"\x00\x20\x00\x10\x0812345678";

const EMPTY: u32 = 0x10;
const PRESENT: u32 = 0x20;

/// A host with a reader and a card in it; clients that are other processes as far as it can tell.
struct Shared {
    local: Arc<Local>,
    reader: ReaderNumber,
    host: Option<Host>,
    folder: TempDir,
}

impl Shared {
    fn new() -> Self {
        let local = Arc::new(Local::new());
        let reader = local.add_reader(READER);
        local.insert(reader, Box::new(card()));
        let folder = tempfile::tempdir().unwrap();
        let host = Host::at(&folder.path().join("host"), Arc::clone(&local)).unwrap();
        Self {
            local,
            reader,
            host: Some(host),
            folder,
        }
    }

    fn client(&self) -> Client {
        let place = Place::at(&self.folder.path().join("host")).unwrap();
        let manager = Manager::of(&place).unwrap();
        let context = manager.establish().unwrap();
        Client { manager, context }
    }
}

struct Client {
    manager: Manager,
    context: Handle,
}

impl Client {
    fn connect(&self, share: Share) -> Result<Handle, Code> {
        let connected = self.manager.connect(self.context, READER, share, ANY);
        connected.map(|(card, _)| card)
    }

    fn say(&self, card: Handle, command: &[u8]) -> Result<Vec<u8>, Code> {
        let mut response = Vec::new();
        self.manager
            .transmit(card, command, &mut response)
            .map(|()| response)
    }

    fn wait(&self, current: u32, limit: Duration) -> Result<u32, Code> {
        let mut states = [ReaderState {
            reader: READER.to_owned(),
            current,
            event: 0,
            atr: Vec::new(),
        }];
        self.manager
            .wait_for_change(self.context, Some(limit), &mut states)?;
        Ok(states[0].event)
    }
}

fn card() -> Card {
    let today = time::OffsetDateTime::now_utc().date();
    let authority = collaudo_authority(today).unwrap();
    let profile = profile(cns_fixtures::DEFAULT_PROFILE).unwrap();
    let citizen = citizen("mario-bianchi").unwrap();
    let mut entropy = SystemEntropy::new();
    let made = personalise(&profile, &citizen, &authority, today, &mut entropy).unwrap();
    Card::volatile(made.image, SystemEntropy::new())
}

#[test]
fn an_exclusive_connection_is_alone() {
    let shared = Shared::new();
    let (one, two) = (shared.client(), shared.client());
    let card = one.connect(Share::Shared).unwrap();
    assert_eq!(two.connect(Share::Exclusive), Err(Code::SharingViolation));
    two.connect(Share::Shared).unwrap();
    two.manager.release(two.context).unwrap();
    // The host notices that a client has gone a moment later.
    until(|| {
        one.manager
            .reconnect(card, Share::Exclusive, ANY, Disposition::Leave)
            .is_ok()
    });
    let three = shared.client();
    assert_eq!(three.connect(Share::Shared), Err(Code::SharingViolation));
    one.manager.disconnect(card, Disposition::Leave).unwrap();
    three.connect(Share::Exclusive).unwrap();
}

#[test]
fn a_proven_pin_is_there_for_the_next_client_until_somebody_resets() {
    let shared = Shared::new();
    let (one, two) = (shared.client(), shared.client());
    let mine = one.connect(Share::Shared).unwrap();
    let theirs = two.connect(Share::Shared).unwrap();
    assert_eq!(one.say(mine, VERIFY_PIN).unwrap(), [0x90, 0x00]);
    assert_eq!(two.say(theirs, &ASK_PIN).unwrap(), [0x90, 0x00]);
    one.manager.disconnect(mine, Disposition::Reset).unwrap();
    assert_eq!(two.say(theirs, &ASK_PIN), Err(Code::ResetCard));
    assert_eq!(two.manager.status(theirs).unwrap_err(), Code::ResetCard);
    let reconnect = |before| two.manager.reconnect(theirs, Share::Shared, ANY, before);
    assert_eq!(reconnect(Disposition::Leave), Ok(Protocols(2)));
    assert_eq!(two.say(theirs, &ASK_PIN).unwrap(), [0x63, 0xC3]);
}

#[test]
fn a_transaction_keeps_others_out_and_nests() {
    let shared = Shared::new();
    let (one, two) = (shared.client(), shared.client());
    let mine = one.connect(Share::Shared).unwrap();
    let theirs = two.connect(Share::Shared).unwrap();
    one.manager.begin(mine).unwrap();
    one.manager.begin(mine).unwrap();
    assert_eq!(two.say(theirs, &ASK_PIN), Err(Code::SharingViolation));
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            two.manager.begin(theirs).unwrap();
            assert!(done.load(Ordering::SeqCst), "it began inside another's");
        });
        one.manager.end(mine, Disposition::Leave).unwrap();
        thread::sleep(Duration::from_millis(50));
        done.store(true, Ordering::SeqCst);
        one.manager.end(mine, Disposition::Leave).unwrap();
        waiting.join().unwrap();
    });
    assert_eq!(
        one.manager.end(mine, Disposition::Leave),
        Err(Code::SharingViolation)
    );
    two.manager.end(theirs, Disposition::Leave).unwrap();
    assert_eq!(
        two.manager.end(theirs, Disposition::Leave),
        Err(Code::NotTransacted)
    );
}

#[test]
fn a_client_that_dies_in_its_transaction_leaves_no_lock_and_no_right() {
    let shared = Shared::new();
    let (one, two) = (shared.client(), shared.client());
    let mine = one.connect(Share::Shared).unwrap();
    let theirs = two.connect(Share::Shared).unwrap();
    one.manager.begin(mine).unwrap();
    one.say(mine, VERIFY_PIN).unwrap();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| two.manager.begin(theirs));
        thread::sleep(Duration::from_millis(20));
        drop(one); // as the kernel closes what a killed process had
        // What it did not end is reset under the other's hands.
        assert_eq!(waiting.join().unwrap(), Err(Code::ResetCard));
    });
    let reconnect = two
        .manager
        .reconnect(theirs, Share::Shared, ANY, Disposition::Leave);
    reconnect.unwrap();
    two.manager.begin(theirs).unwrap();
    assert_eq!(two.say(theirs, &ASK_PIN).unwrap(), [0x63, 0xC3]);
}

#[test]
fn insertions_and_removals_are_events() {
    let shared = Shared::new();
    let client = shared.client();
    let present = client.wait(0, LIMIT).unwrap();
    assert_eq!(present & PRESENT, PRESENT);
    let short = Duration::from_millis(20);
    assert_eq!(client.wait(present & !2, short), Err(Code::Timeout));
    let card = client.connect(Share::Shared).unwrap();

    thread::scope(|scope| {
        let waiting = scope.spawn(|| client.wait(present & !2 | 0x100, LIMIT));
        assert!(shared.local.remove(shared.reader));
        assert_eq!(waiting.join().unwrap().unwrap() & EMPTY, EMPTY);
    });
    assert_eq!(client.say(card, &ASK_PIN), Err(Code::RemovedCard));
    assert_eq!(client.connect(Share::Shared), Err(Code::NoSmartcard));
    client.connect(Share::Direct).unwrap();

    shared.local.insert(shared.reader, Box::new(self::card()));
    let again = client.wait(present & !2, LIMIT).unwrap();
    assert_eq!(again & PRESENT, PRESENT, "the count tells that it was out");
    assert_eq!(client.say(card, &ASK_PIN), Err(Code::RemovedCard));
    let reconnect = client
        .manager
        .reconnect(card, Share::Shared, ANY, Disposition::Leave);
    reconnect.unwrap();
    assert_eq!(client.say(card, &ASK_PIN).unwrap(), [0x63, 0xC3]);
}

#[test]
fn waiting_can_be_cancelled() {
    let shared = Shared::new();
    let client = shared.client();
    let present = client.wait(0, LIMIT).unwrap();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| client.wait(present & !2, LIMIT));
        // A wait that has not begun yet is not cancelled: try until it is.
        until(|| {
            client.manager.cancel(client.context).unwrap();
            waiting.is_finished()
        });
        assert_eq!(waiting.join().unwrap(), Err(Code::Cancelled));
    });
}

#[test]
fn sixteen_clients_take_turns() {
    let shared = Shared::new();
    let counter = std::sync::Mutex::new(0);
    thread::scope(|scope| {
        for _ in 0..16 {
            let client = shared.client();
            let counter = &counter;
            scope.spawn(move || {
                let card = client.connect(Share::Shared).unwrap();
                for _ in 0..20 {
                    client.manager.begin(card).unwrap();
                    let turn = counter.try_lock().expect("nobody else is in a transaction");
                    assert_eq!(client.say(card, &ASK_PIN).unwrap(), [0x63, 0xC3]);
                    drop(turn);
                    client.manager.end(card, Disposition::Leave).unwrap();
                }
                client.manager.disconnect(card, Disposition::Leave).unwrap();
            });
        }
    });
}

#[test]
fn wrong_handles_readers_and_protocols_are_told() {
    let shared = Shared::new();
    let client = shared.client();
    let manager = &client.manager;
    assert_eq!(manager.readers(client.context).unwrap(), [READER]);
    assert_eq!(manager.readers(4711), Err(Code::InvalidHandle));
    assert_eq!(client.say(4711, &ASK_PIN), Err(Code::InvalidHandle));
    let connect = |reader, protocols| {
        manager.connect(client.context, reader, Share::Shared, Protocols(protocols))
    };
    assert_eq!(connect("another", 3), Err(Code::UnknownReader));
    assert_eq!(connect(READER, 1), Err(Code::ProtocolMismatch));
    manager.release(client.context).unwrap();
    assert!(!manager.is_valid(client.context));
    assert_eq!(manager.release(client.context), Err(Code::InvalidHandle));
}

#[test]
fn a_host_that_goes_and_a_place_where_none_is() {
    let mut shared = Shared::new();
    let socket = shared.folder.path().join("host");
    let client = shared.client();
    let card = client.connect(Share::Shared).unwrap();
    let second = Host::at(&socket, Arc::clone(&shared.local));
    assert!(second.is_err(), "two hosts at one socket");
    shared.host = None;
    assert_eq!(client.say(card, &ASK_PIN), Err(Code::NoService));
    assert!(Place::at(&socket).is_err());

    // What a killed host leaves: a socket at which nobody listens.
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
    let stale = Manager::of(&Place::at(&socket).unwrap()).unwrap();
    assert_eq!(stale.establish(), Err(Code::NoService));
    Host::at(&socket, Arc::clone(&shared.local)).unwrap();

    // What is no socket is not touched.
    let file = shared.folder.path().join("file");
    std::fs::write(&file, "mine").unwrap();
    assert!(Host::at(&file, Arc::clone(&shared.local)).is_err());
    assert_eq!(std::fs::read(&file).unwrap(), b"mine");
}

fn until(mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + LIMIT;
    while !holds() {
        assert!(
            Instant::now() < deadline,
            "it did not come true in {LIMIT:?}"
        );
        thread::sleep(Duration::from_millis(1));
    }
}
