//! Many cards in one process, each of somebody else.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use cns_card::Card;
use cns_fixtures::{Citizen, test_keys};
use cns_reader::SystemEntropy;
use serde::{Deserialize, Serialize};
use time::macros::date;
use time::{Date, Duration};

use crate::BenchError;
use crate::cards::Make;
use crate::layers::InProcess;
use crate::load::{Load, Worker, measured};
use crate::measurement::Summary;
use crate::operation::{CardKey, Script, block};

/// The most cards of a fleet: each holder has a birthday of its own.
pub const CARDS_MAX: usize = 10_000;

/// Cards with power, whose PINs are proven.
pub struct Fleet {
    cards: Vec<InProcess<Card>>,
    /// A signature, the same words to each.
    signature: Script,
}

/// What a fleet takes and does.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct FleetReport {
    /// How many cards.
    pub cards: usize,
    /// Of which make.
    pub profile: String,
    /// By how much the process has grown, in bytes for each card, its key and all.
    pub resident_bytes_per_card: u64,
    /// Signatures, by as many threads as there are cores, each with its share of the cards.
    pub signatures: Summary,
    /// OpenSSL without cards, by as many threads.
    pub engine: Summary,
    /// How many times as fast as the engine the cards are, by p50.
    pub to_floor: f64,
}

/// The `number`th holder of a fleet, counted from 0: a synthetic person, born on a day of its own in a
/// place that does not exist, with a card number and a PIN of its own. The committed keys are dealt in
/// turn: 1,000 new ones would take minutes and say nothing more.
///
/// # Errors
/// There are no more than [`CARDS_MAX`].
pub fn holder(number: usize) -> Result<Citizen, BenchError> {
    const SURNAMES: [&str; 8] = [
        "Rossi", "Bianchi", "Ferri", "Moretti", "Conti", "Galli", "Costa", "Villa",
    ];
    const GIVEN_NAMES: [(&str, &str); 8] = [
        ("Maria", "F"),
        ("Paolo", "M"),
        ("Chiara", "F"),
        ("Luca", "M"),
        ("Elena", "F"),
        ("Davide", "M"),
        ("Irene", "F"),
        ("Andrea", "M"),
    ];
    const FIRST_BIRTHDAY: Date = date!(1970 - 01 - 01);
    if CARDS_MAX <= number {
        return Err(BenchError::card(format!(
            "a fleet has {CARDS_MAX} cards at most"
        )));
    }
    let surname = SURNAMES.get(number % SURNAMES.len());
    let given = GIVEN_NAMES.get(number / SURNAMES.len() % GIVEN_NAMES.len());
    let (Some(surname), Some((given_name, sex))) = (surname, given) else {
        return Err(BenchError::card("a holder has no name"));
    };
    let birth_date = FIRST_BIRTHDAY + Duration::days(number as i64);
    let key = 1 + number % test_keys().len();
    let text = format!(
        r#"description = "one of a fleet"
key = {key}

[person]
surname = "{surname}"
given_name = "{given_name}"
sex = "{sex}"
birth_date = {birth_date}
birth_place = "M901"
residence = "M902"

[card]
serial = "{serial:09}"
pin = "{pin}"
puk = "12345678"
administration = "REGIONE DI COLLAUDO"
issued_days_ago = 30
validity_years = 6
"#,
        serial = 100_000 + number,
        pin = 10_000 + number,
    );
    Citizen::from_toml(&format!("fleet-{number}"), &text).map_err(BenchError::card)
}

impl Fleet {
    /// Personalises so many cards, on as many threads as there are cores; tells `observe` how many
    /// there are, time and again.
    pub fn make(
        make: &Make,
        count: usize,
        observe: &(dyn Fn(usize) + Sync),
    ) -> Result<Self, BenchError> {
        let key = CardKey::of(&make.profile, make.profile.dialect.extended_length)?;
        let signature = key.signature(&block(key.length()));
        let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = || {
            let mut cards = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if count <= number {
                    return Ok(cards);
                }
                cards.push(member(make, &key, number)?);
                observe(1 + done.fetch_add(1, Ordering::Relaxed));
            }
        };
        let shares: Vec<Result<Vec<InProcess<Card>>, BenchError>> = thread::scope(|scope| {
            let threads: Vec<_> = (0..cores()).map(|_| scope.spawn(work)).collect();
            threads
                .into_iter()
                .map(|thread| {
                    thread
                        .join()
                        .unwrap_or_else(|_| Err(BenchError::card("its thread panicked")))
                })
                .collect()
        });
        let mut cards = Vec::with_capacity(count);
        for share in shares {
            cards.extend(share?);
        }
        Ok(Self { cards, signature })
    }

    /// How many cards.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cards.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cards.is_empty()
    }

    /// Signatures by all cards in turn, by as many threads as there are cores.
    pub fn sign(self, load: Load) -> Result<Summary, BenchError> {
        let share = self.cards.len().div_ceil(cores()).max(1);
        let mut cards = self.cards;
        let mut squads: Vec<Box<dyn Worker>> = Vec::new();
        while !cards.is_empty() {
            let members = cards.split_off(cards.len().saturating_sub(share));
            squads.push(Box::new(Squad {
                members,
                signature: self.signature.clone(),
                response: Vec::with_capacity(512),
                next: 0,
            }));
        }
        measured(squads, load)
    }
}

/// A card of its own, with power, whose PIN is proven.
fn member(make: &Make, key: &CardKey, number: usize) -> Result<InProcess<Card>, BenchError> {
    let holder = holder(number)?;
    let image = make.issue_to(&holder)?.image;
    let mut card = InProcess::on(Card::volatile(image, SystemEntropy::new()));
    key.unlock(&mut card, holder.pin.as_str())?;
    Ok(card)
}

/// A thread's share of the cards, which sign one after the other.
struct Squad {
    members: Vec<InProcess<Card>>,
    signature: Script,
    response: Vec<u8>,
    next: usize,
}

impl Worker for Squad {
    fn once(&mut self) -> Result<(), BenchError> {
        let count = self.members.len().max(1);
        if let Some(card) = self.members.get_mut(self.next % count) {
            self.signature.run(card, &mut self.response)?;
        }
        self.next += 1;
        Ok(())
    }
}

/// How many threads can work at once.
#[must_use]
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// The memory that this process has in use, in bytes (proc(5), `VmRSS`).
pub fn resident_bytes() -> Result<u64, BenchError> {
    let status = fs::read_to_string("/proc/self/status").map_err(BenchError::operation)?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok())
        .map(|kibibytes| kibibytes * 1024)
        .ok_or_else(|| BenchError::operation("/proc/self/status has no VmRSS"))
}
