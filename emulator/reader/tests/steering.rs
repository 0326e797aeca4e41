//! A card in a reader of ours, steered from outside: it enters at a unix socket, and orders come at
//! another.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use cns_card::Card;
use cns_fixtures::{fault_script, fault_scripts, latency_models};
use cns_reader::control::{Answer, ControlError, Order, ask};
use cns_reader::faults::{Latency, Script};
use cns_reader::guest::{self, GuestError};
use cns_reader::slot::Status;
use cns_reader::{
    Control, Entrance, Guest, ImageFile, Insertion, Journal, Slot, SocketError, SystemEntropy,
};
use vsmartcard::handler::Power;

const LIMIT: Duration = Duration::from_secs(10);
const SILENCE_MAX: Duration = Duration::from_millis(200);

const SELECT_MASTER_FILE: [u8; 7] = [0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00];
const ASK_PIN: [u8; 4] = [0x00, 0x20, 0x00, 0x10];
const VERIFY_PIN: &[u8] = b"\x00\x20\x00\x10\x0812345678";

/// A reader's slot that does nothing by itself.
#[derive(Default)]
struct Reader(Mutex<(u64, Option<Arc<Guest>>)>);

impl Entrance for Reader {
    fn enter(&self, guest: Guest) -> Option<u64> {
        let (entered, inside) = &mut *self.0.lock().unwrap();
        *entered += 1;
        *inside = Some(Arc::new(guest));
        Some(*entered)
    }

    fn leave(&self, number: u64) {
        let (entered, inside) = &mut *self.0.lock().unwrap();
        assert_eq!(*entered, number);
        *inside = None;
    }
}

impl Reader {
    fn card(&self) -> Option<Arc<Guest>> {
        self.0.lock().unwrap().1.clone()
    }

    fn transmit(&self, command: &[u8]) -> Result<Vec<u8>, GuestError> {
        let mut response = Vec::new();
        let card = self.card().unwrap();
        card.transmit(command, &mut response).map(|()| response)
    }
}

/// Everything at its place, and a folder for it.
struct Desk {
    reader: Arc<Reader>,
    slot: Slot,
    control: PathBuf,
    folder: tempfile::TempDir,
    _served: Control,
    door: Option<cns_reader::Door>,
    _runtime: tokio::runtime::Runtime,
}

impl Desk {
    fn new() -> Self {
        Self::with_patience(SILENCE_MAX)
    }

    fn with_patience(silence_max: Duration) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let reader = Arc::new(Reader::default());
        let socket = folder.path().join("slot");
        let door = guest::admit(&socket, Arc::clone(&reader), silence_max).unwrap();
        let slot = Slot::empty();
        slot.insert_card(Card::volatile(common::image(), SystemEntropy::new()));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let served = slot.clone();
        runtime.spawn(async move {
            let for_ever = std::future::pending();
            let insertion = Insertion::at(socket);
            insertion.run(&served, &Journal::silent(), for_ever).await
        });
        let control = folder.path().join("control");
        let desk = Self {
            reader,
            _served: Control::serve(&control, Arc::new(slot.clone())).unwrap(),
            slot,
            control,
            folder,
            door: Some(door),
            _runtime: runtime,
        };
        desk.wait_for_card();
        desk
    }

    fn wait_for_card(&self) {
        until(|| self.reader.card().is_some());
        self.reader.card().unwrap().power(Power::Up).unwrap();
    }

    fn say(&self, order: Order) -> Answer<Status> {
        ask(&self.control, &order.into()).unwrap()
    }

    fn done(&self, order: Order) -> Status {
        let answer = self.say(order);
        assert!(answer.ok, "{answer:?}");
        answer.slots.unwrap().remove(0)
    }
}

#[test]
fn a_card_is_removed_and_inserted_and_forgets_what_it_has_proven() {
    let desk = Desk::new();
    assert_eq!(desk.reader.transmit(VERIFY_PIN).unwrap(), [0x90, 0x00]);
    assert!(!desk.done(Order::Remove).inserted);
    until(|| desk.reader.card().is_none());
    let status = desk.done(Order::Insert);
    assert_eq!((status.insertions, status.removals), (2, 1));
    desk.wait_for_card();
    assert_eq!(desk.reader.transmit(&ASK_PIN).unwrap(), [0x63, 0xC3]);

    assert_eq!(desk.reader.transmit(VERIFY_PIN).unwrap(), [0x90, 0x00]);
    desk.done(Order::Blink);
    assert_eq!(desk.reader.transmit(&ASK_PIN).unwrap(), [0x63, 0xC3]);
}

#[test]
fn a_card_is_exchanged_for_one_in_a_file() {
    let desk = Desk::new();
    let file = desk.folder.path().join("other.cns");
    drop(ImageFile::create(&file, &common::image(), None).unwrap());
    let swap = |file: &Path| Order::Swap {
        file: file.to_owned(),
        volatile: false,
        passphrase_file: None,
    };
    let old = Arc::downgrade(&desk.reader.card().unwrap());
    desk.done(swap(&file));
    until(|| old.upgrade().is_none());
    desk.wait_for_card();
    let wrong = b"\x00\x20\x00\x10\x0800000000";
    assert_eq!(desk.reader.transmit(wrong).unwrap(), [0x63, 0xC2]);
    let image = ImageFile::read(&file, None).unwrap();
    let data = image.master_file.reference_data;
    assert!(data.iter().any(|datum| datum.tries_left() == 2));
    let refused = desk.say(swap(Path::new("/nowhere.cns")));
    assert!(refused.error.unwrap().contains("/nowhere.cns"));
}

#[test]
fn faults_and_a_slow_card_come_and_go() {
    let desk = Desk::new();
    let script = "[[rule]]\nname = 'mute'\ncommand = '00 A4 *'\ndo = 'mute'\n";
    let faults = |script: &str| Order::Faults {
        name: "mine.toml".to_owned(),
        script: script.to_owned(),
    };
    let status = desk.done(faults(script));
    assert_eq!(status.rules, [("mute".to_owned(), 0)]);
    let silent = desk.reader.transmit(&SELECT_MASTER_FILE).unwrap_err();
    assert!(matches!(silent, GuestError::Mute(_)), "{silent}");
    until(|| desk.reader.card().is_some_and(|card| card.atr().is_ok()));
    desk.wait_for_card();
    desk.done(Order::ClearFaults);
    assert_eq!(
        desk.reader.transmit(&SELECT_MASTER_FILE).unwrap(),
        [0x90, 0x00]
    );

    desk.done(Order::Latency {
        name: "mine.toml".to_owned(),
        model: Some("[[latency.processing]]\ncommand = '*'\nmin_ms = 50\nmax_ms = 50\n".to_owned()),
    });
    let start = Instant::now();
    desk.reader.transmit(&SELECT_MASTER_FILE).unwrap();
    assert!(Duration::from_millis(50) <= start.elapsed());

    let refused = desk.say(faults("rule = 1\n")).error.unwrap();
    assert!(refused.starts_with("mine.toml:1:"), "{refused}");
    assert!(desk.slot.status().script.is_empty());
}

#[test]
fn a_reader_that_closes_waits_for_no_mute_card() {
    let mut desk = Desk::with_patience(6 * LIMIT);
    desk.done(Order::Faults {
        name: "mute".to_owned(),
        script: "[[rule]]\ndo = 'mute'\n".to_owned(),
    });
    let card = desk.reader.card().unwrap();
    let waits = std::thread::spawn(move || card.transmit(&ASK_PIN, &mut Vec::new()));
    until(|| desk.slot.status().mute);
    drop(desk.door.take());
    let gone = waits.join().unwrap().unwrap_err();
    assert!(matches!(gone, GuestError::Gone(_)), "{gone}");
    until(|| !desk.slot.status().inserted);
}

#[test]
fn what_a_card_cannot_do_and_where_nobody_is() {
    let desk = Desk::new();
    let refused = desk.say(Order::Cancel { delay_ms: None });
    assert!(refused.error.unwrap().starts_with("the card has no pinpad"));
    let second = Control::serve(&desk.control, Arc::new(desk.slot.clone()));
    assert!(matches!(second, Err(SocketError::InUse(_))), "{second:?}");
    let nobody = ask::<Status>(&desk.folder.path().join("nobody"), &Order::Status.into());
    assert!(
        matches!(nobody, Err(ControlError::Nobody { .. })),
        "{nobody:?}"
    );
    let somebody = ask::<Status>(&desk.folder.path().join("slot"), &Order::Status.into());
    assert!(somebody.is_err(), "a reader is no control");
}

#[test]
fn whatever_is_shipped_can_be_read() {
    for script in fault_scripts() {
        Script::from_toml(script.id, script.text).unwrap_or_else(|error| panic!("{error}"));
    }
    for model in latency_models() {
        Latency::from_toml(model.id, model.text).unwrap_or_else(|error| panic!("{error}"));
    }
    let unknown = fault_script("no-such-script").unwrap_err().to_string();
    assert!(unknown.contains("hint: a file, or one of bad-signature,"));
}

fn until(mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + LIMIT;
    while !holds() {
        assert!(Instant::now() < deadline, "it did not come true in time");
        std::thread::sleep(Duration::from_millis(1));
    }
}
