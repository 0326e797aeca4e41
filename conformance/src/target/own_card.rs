//! A card of the suite's own, however it is plugged in: it can be replaced by a new one, made wrong,
//! and cut off from its power in the middle of a write.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cns_card::memory::Change;
use cns_card::{Card, CardImage, Memory, MemoryFault};
use cns_reader::Contacts;

use super::seeded;
use crate::mutants::{Reset, Seam};

/// A card of the suite's own. Clones are the same card: a reader holds one, the suite another.
#[derive(Clone)]
pub struct OwnCard(Arc<Mutex<Slot>>);

struct Slot {
    card: Option<Card>,
    /// What is found after power-off, and what happens to writes.
    cell: Arc<Mutex<Cell>>,
    seams: &'static [Seam],
    seed: u64,
    is_on: bool,
    last_reset: Reset,
}

/// The memory's own matter.
struct Cell {
    durable: CardImage,
    /// Writes that are still made before the power goes; without, it stays.
    writes_left: Option<u32>,
    /// Writes up to the one that is lost, on a card that loses one.
    lost_write: Option<u32>,
    /// Whether one was lost: the card's own idea of its memory is wrong.
    has_lost_write: bool,
}

impl OwnCard {
    /// An unpowered card that is what `image` says.
    pub fn new(image: CardImage, seed: u64) -> Self {
        Self(Arc::new(Mutex::new(Slot {
            card: None,
            cell: Arc::new(Mutex::new(Cell {
                durable: image,
                writes_left: None,
                lost_write: None,
                has_lost_write: false,
            })),
            seams: &[],
            seed,
            is_on: false,
            last_reset: Reset::Cold,
        })))
    }

    /// Puts a new card in the place of this one, unpowered. Whoever holds it must power it on.
    pub fn replace(&self, image: CardImage, seed: u64, seams: &'static [Seam]) {
        let mut image = image;
        for seam in seams {
            seam.make(&mut image);
        }
        let mut slot = self.slot();
        slot.seams = seams;
        slot.seed = seed;
        slot.cell = Arc::new(Mutex::new(Cell {
            durable: image,
            writes_left: None,
            lost_write: None,
            has_lost_write: false,
        }));
        slot.card = None;
        slot.is_on = false;
    }

    /// Cuts the power at the write after so many more: it is not made, the command gets no answer,
    /// and the card is dumb until it is powered on again.
    pub fn cut_power_after(&self, writes: u32) {
        lock(&self.slot().cell).writes_left = Some(writes + 1);
    }

    /// What would be found on the card after power-off.
    pub fn image(&self) -> CardImage {
        lock(&self.slot().cell).durable.clone()
    }

    fn slot(&self) -> MutexGuard<'_, Slot> {
        lock(&self.0)
    }
}

impl Slot {
    fn start(&mut self) {
        let image = lock(&self.cell).durable.clone();
        {
            let mut cell = lock(&self.cell);
            cell.writes_left = None;
            cell.has_lost_write = false;
        }
        let memory = Tearable(Arc::clone(&self.cell));
        self.card = Some(Card::new(image, memory, seeded(self.seed)));
        self.is_on = true;
    }

    fn has_lost_power(&self) -> bool {
        lock(&self.cell).writes_left == Some(0)
    }
}

impl Contacts for OwnCard {
    fn atr(&self) -> Vec<u8> {
        let slot = self.slot();
        let mut atr = lock(&slot.cell).durable.atr.as_bytes().to_vec();
        Seam::answer_to_reset(slot.seams, slot.last_reset, &mut atr);
        atr
    }

    fn power_on(&mut self) {
        let mut slot = self.slot();
        if !slot.is_on {
            slot.last_reset = Reset::Cold;
        }
        match (slot.is_on, slot.card.take()) {
            (true, Some(card)) => slot.card = Some(card),
            (false, Some(mut card)) if !slot.has_lost_power() => {
                Seam::reset(slot.seams, &mut card);
                slot.card = Some(card);
                slot.is_on = true;
            }
            _ => slot.start(),
        }
    }

    fn reset(&mut self) {
        let mut slot = self.slot();
        slot.last_reset = Reset::Warm;
        let seams = slot.seams;
        match &mut slot.card {
            Some(card) => Seam::reset(seams, card),
            None => slot.start(),
        }
    }

    fn power_off(&mut self) {
        let mut slot = self.slot();
        slot.is_on = false;
        if slot.has_lost_power() || lock(&slot.cell).has_lost_write {
            slot.card = None;
        }
        // A cut that has not come by now does not come any more.
        lock(&slot.cell).writes_left = None;
    }

    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) {
        response.clear();
        let mut slot = self.slot();
        let seams = slot.seams;
        if !slot.is_on {
            return;
        }
        lock(&slot.cell).lost_write = Seam::lost_write(seams, command);
        let Some(card) = &mut slot.card else { return };
        Seam::transmit(seams, card, command, response);
        if slot.has_lost_power() {
            Seam::tear(seams, &mut lock(&slot.cell).durable);
            slot.is_on = false;
            slot.card = None;
            response.clear();
        }
    }
}

/// The memory of an own card.
struct Tearable(Arc<Mutex<Cell>>);

impl Memory for Tearable {
    fn commit(&mut self, _: &CardImage, changes: &[Change]) -> Result<(), MemoryFault> {
        let mut cell = lock(&self.0);
        match &mut cell.writes_left {
            Some(0) => return Err(MemoryFault("the power is gone".to_owned())),
            // The count reaches 0 at the write that is not made any more.
            Some(left @ 1) => {
                *left = 0;
                return Err(MemoryFault("the power was cut".to_owned()));
            }
            Some(left) => *left -= 1,
            None => {}
        }
        match &mut cell.lost_write {
            Some(0) => {
                cell.lost_write = None;
                cell.has_lost_write = true;
                return Ok(());
            }
            Some(before) => *before -= 1,
            None => {}
        }
        cell.durable.apply(changes);
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
