//! Cards of somebody else in a reader of PC/SC: our own card, played as somebody else's, in a private
//! pcscd. Whatever it is and whatever happens to it: each run has an outcome with its reason, comes to an
//! end, and leaves the card as it was.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::ffi::CString;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use cns_conformance::campaign::{Campaign, Options, open};
use cns_conformance::case::Effect;
use cns_conformance::own_reader::Slot;
use cns_conformance::private_reader::{Place, Way};
use cns_conformance::runner::{CaseResult, Outcome, Permission};
use cns_conformance::subject::Subject;
use cns_conformance::target::{OwnCard, TargetName};
use cns_fixtures::profile;
use cns_reader::Contacts;
use pcsc::{Context, Protocols, ReaderState, Scope, ShareMode, State};
use support::{SEED, at_a_place, contents, options};

/// How long a run of all cases may take, whatever is wrong with the card.
const RUN_MAX: Duration = Duration::from_secs(120);

/// How long pcscd may take to see a card come or go.
const SEEN_MAX: Duration = Duration::from_secs(10);

/// The one case that fails here rightly: the cards of this test are of the suite's own certifier, which
/// publishes no list.
const OF_REAL_CERTIFIERS: &str = "data.extensions.revocation-list";

#[test]
fn a_card_is_only_looked_at_and_stays_as_it_was_to_the_last_byte() {
    let name = "a_card_is_only_looked_at_and_stays_as_it_was_to_the_last_byte";
    let Some(place) = at_a_place(Way::Vpcd, name) else {
        return;
    };
    let (subject, card) = somebodys_card();
    let before = card.image().encode().unwrap();
    let _slot = inserted(&place, card.clone());
    let results = run(&options(Vec::new()));
    let ran = did_run(&results);
    assert!(200 < ran.len(), "{} cases ran", ran.len());
    assert!(ran.iter().all(|it| it.facts.effect == Effect::Reads));
    assert_all_passed(&ran);
    assert_eq!(card.image().encode().unwrap(), before);
    drop(subject);
}

#[test]
fn what_may_be_changed_is_changed_back_and_no_right_is_left() {
    let name = "what_may_be_changed_is_changed_back_and_no_right_is_left";
    let Some(place) = at_a_place(Way::Vpcd, name) else {
        return;
    };
    let (subject, card) = somebodys_card();
    let before = contents(&card);
    let _slot = inserted(&place, card.clone());
    let options = Options {
        pin: subject.pin.clone(),
        puk: subject.puk.clone(),
        permission: Permission::Destructive,
        ..options(Vec::new())
    };
    let mut campaigns = open(&TargetName::Pcsc(None), &options).unwrap();
    assert_eq!(campaigns.first_mut().unwrap().tries_left(), Ok(Some(3)));
    let results = run_all(&mut campaigns);
    let ran = did_run(&results);
    assert!(ran.iter().any(|it| it.facts.effect == Effect::BlocksPin));
    let of_reader = |it: &&CaseResult| it.facts.id == "pcsc.reset.right-is-lost";
    assert!(ran.iter().copied().any(|it| of_reader(&it)));
    assert_all_passed(&ran);
    assert_eq!(contents(&card), before);
    drop(campaigns);
    // The next program finds a card that asks for its PIN.
    assert_eq!(ask_pin(), [0x63, 0xC3]);
}

#[test]
fn a_card_that_is_no_cns_is_told_so_by_every_case() {
    let name = "a_card_that_is_no_cns_is_told_so_by_every_case";
    let Some(place) = at_a_place(Way::Vpcd, name) else {
        return;
    };
    let _slot = inserted(&place, NoCns);
    let mut campaigns = open(&TargetName::Pcsc(None), &options(Vec::new())).unwrap();
    let remark = campaigns.first().unwrap().remark().unwrap();
    assert!(
        remark.contains("no profile has the answer to reset"),
        "{remark}"
    );
    let results = run_all(&mut campaigns);
    let failed = results
        .iter()
        .filter(|it| matches!(it.outcome, Outcome::Fail(_)));
    assert!(50 < failed.count(), "a card that knows nothing fails");
    // The reader is not to blame.
    let blamed: Vec<_> = results
        .iter()
        .filter(|it| matches!(it.outcome, Outcome::Broken(_)))
        .map(|it| it.facts.id)
        .collect();
    assert!(blamed.is_empty(), "{blamed:?}");
}

#[test]
fn a_card_that_falls_silent_in_the_middle_ends_the_run_with_the_reason() {
    let name = "a_card_that_falls_silent_in_the_middle_ends_the_run_with_the_reason";
    let Some(place) = at_a_place(Way::Vpcd, name) else {
        return;
    };
    let (_, card) = somebodys_card();
    let before = card.image().encode().unwrap();
    // The silence ends with the test.
    let (_silence, silent) = mpsc::channel::<()>();
    let troubled = Troubled::new(card.clone(), move || {
        let _ = silent.recv();
    });
    let _slot = inserted(&place, troubled);
    let results = run(&options(Vec::new()));
    let reason = first_broken(&results);
    assert!(reason.contains("said nothing for"), "{reason}");
    assert_eq!(card.image().encode().unwrap(), before);
}

#[test]
fn a_card_that_is_pulled_in_the_middle_ends_the_run_with_the_reason() {
    let name = "a_card_that_is_pulled_in_the_middle_ends_the_run_with_the_reason";
    let Some(place) = at_a_place(Way::Vpcd, name) else {
        return;
    };
    let (_, card) = somebodys_card();
    let before = card.image().encode().unwrap();
    let (pull, pulled) = mpsc::channel::<()>();
    let troubled = Troubled::new(card.clone(), move || {
        let _ = pull.send(());
    });
    let slot = inserted(&place, troubled);
    let puller = thread::spawn(move || pull_when_told(slot, &pulled));
    let results = run(&options(Vec::new()));
    let reason = first_broken(&results);
    assert!(reason.contains("the card does not answer"), "{reason}");
    assert_eq!(card.image().encode().unwrap(), before);
    drop(results);
    drop(puller.join().unwrap());
}

#[test]
fn no_reader_of_that_name_and_no_card_in_it_are_told() {
    let name = "no_reader_of_that_name_and_no_card_in_it_are_told";
    let Some(_) = at_a_place(Way::Vpcd, name) else {
        return;
    };
    let told = |reader: Option<&str>| {
        let target = TargetName::Pcsc(reader.map(str::to_owned));
        open(&target, &options(Vec::new()))
            .err()
            .unwrap()
            .to_string()
    };
    let unknown = told(Some("Elsewhere"));
    assert!(
        unknown.starts_with("there is no reader \"Elsewhere\"\nhint:"),
        "{unknown}"
    );
    assert!(unknown.contains("Virtual PCD 00 00"), "{unknown}");
    for empty in [told(None), told(Some("00 01"))] {
        assert!(empty.contains("cannot be opened"), "{empty}");
        assert!(empty.contains("\nhint: is a card in it"), "{empty}");
    }
}

fn somebodys_card() -> (Subject, OwnCard) {
    let made = profile("cns11-st2021").unwrap();
    let options = options(vec![made.clone()]);
    let subject = Subject::issued(made, options.citizen.clone(), options.today, SEED).unwrap();
    let image = subject.issue.as_ref().unwrap().image.clone();
    (subject, OwnCard::new(image, SEED))
}

/// A card in the reader, when PC/SC has seen it.
fn inserted(place: &Place, card: impl Contacts + Send + 'static) -> Slot {
    let mut slot = Slot::open(&place.door).unwrap();
    slot.insert(card).unwrap();
    let context = Context::establish(Scope::User).unwrap();
    let deadline = Instant::now() + SEEN_MAX;
    loop {
        let name = CString::from(c"Virtual PCD 00 00");
        let mut states = [ReaderState::new(name, State::UNAWARE)];
        context
            .get_status_change(Duration::ZERO, &mut states)
            .unwrap();
        let [state] = &states;
        if state.event_state().contains(State::PRESENT) {
            return slot;
        }
        assert!(Instant::now() < deadline, "pcscd sees no card");
        thread::sleep(Duration::from_millis(20));
    }
}

/// All cases on the card that is in the reader.
fn run(options: &Options) -> Vec<CaseResult> {
    run_all(&mut open(&TargetName::Pcsc(None), options).unwrap())
}

fn run_all(campaigns: &mut [Box<dyn Campaign>]) -> Vec<CaseResult> {
    let start = Instant::now();
    let results = campaigns
        .iter_mut()
        .flat_map(|campaign| campaign.run(&|_| true, SEED, &mut |_| {}))
        .collect();
    let took = start.elapsed();
    assert!(took < RUN_MAX, "the run took {took:?}");
    results
}

fn did_run(results: &[CaseResult]) -> Vec<&CaseResult> {
    let skipped = |it: &&CaseResult| matches!(it.outcome, Outcome::Skipped(_));
    results.iter().filter(|it| !skipped(it)).collect()
}

fn assert_all_passed(results: &[&CaseResult]) {
    // What vpcd does otherwise is told by the tests of the reader itself.
    let known = include_str!("../data/expectations/vpcd-3.3.txt");
    let known = cns_conformance::expectations::Expectations::parse(known, &[]).unwrap();
    let bad: Vec<String> = results
        .iter()
        .filter(|it| it.outcome != Outcome::Pass && it.facts.id != OF_REAL_CERTIFIERS)
        .filter(|it| known.find(it.facts.id, None).is_none())
        .map(|it| format!("{}: {:?}", it.facts.id, it.outcome))
        .collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

/// Why the suite could not go on; every case after the first of these could not either.
fn first_broken(results: &[CaseResult]) -> String {
    let broken = results.iter().find_map(|it| match &it.outcome {
        Outcome::Broken(reason) => Some(reason.clone()),
        _ => None,
    });
    broken.expect("the suite cannot find out everything")
}

/// What the next program is answered that asks how many wrong PINs the card would take.
fn ask_pin() -> Vec<u8> {
    let context = Context::establish(Scope::User).unwrap();
    let card = context
        .connect(c"Virtual PCD 00 00", ShareMode::Shared, Protocols::ANY)
        .unwrap();
    let mut response = [0; 258];
    card.transmit(&[0x00, 0x20, 0x00, 0x10], &mut response)
        .unwrap()
        .to_vec()
}

fn pull_when_told(mut slot: Slot, told: &Receiver<()>) -> Slot {
    if told.recv().is_ok() {
        slot.remove();
    }
    slot
}

/// Some other card: an answer to reset that no profile has, and 6D00 to everything.
struct NoCns;

impl Contacts for NoCns {
    fn atr(&self) -> Vec<u8> {
        vec![0x3B, 0x02, 0x14, 0x50]
    }

    fn power_on(&mut self) {}

    fn reset(&mut self) {}

    fn power_off(&mut self) {}

    fn transmit(&mut self, _: &[u8], response: &mut Vec<u8>) {
        response.clear();
        response.extend([0x6D, 0x00]);
    }
}

/// A card to which something happens at a command, once.
struct Troubled {
    card: OwnCard,
    commands: usize,
    trouble: Arc<Mutex<dyn FnMut() + Send>>,
}

/// In the midst of the cases on the card.
const TROUBLE_AT: usize = 300;

impl Troubled {
    fn new(card: OwnCard, trouble: impl FnMut() + Send + 'static) -> Self {
        Self {
            card,
            commands: 0,
            trouble: Arc::new(Mutex::new(trouble)),
        }
    }
}

impl Contacts for Troubled {
    fn atr(&self) -> Vec<u8> {
        self.card.atr()
    }

    fn power_on(&mut self) {
        self.card.power_on();
    }

    fn reset(&mut self) {
        self.card.reset();
    }

    fn power_off(&mut self) {
        self.card.power_off();
    }

    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) {
        self.commands += 1;
        if self.commands == TROUBLE_AT {
            (self.trouble.lock().unwrap())();
        }
        self.card.transmit(command, response);
    }
}
