//! A reader's slot as somebody steers it who is not the reader: cards in and out, faults, state.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::contacts::Contacts;
use crate::faults::{Faults, Latency, Removal, Return, Script};

/// How long a slot in a reader of vpcd's stays empty at least. vpcd looks for the card every 400 ms: a
/// shorter absence is not seen by anybody, although the card has lost its power.
pub const EMPTY_MIN: Duration = Duration::from_millis(900);

/// A card that somebody else owns.
pub type BoxedCard = Box<dyn Contacts + Send>;

/// The handle of a slot, which [`Insertion::run`](crate::Insertion::run) serves. Clones are handles of
/// the same slot. No method waits for the reader but [`Slot::wait_until`], so that all may be
/// called from any thread and from asynchronous code; what they ask for happens within some
/// milliseconds, in the midst of an exchange if there is one.
pub struct Slot<C = BoxedCard>(Arc<Shared<C>>);

struct Shared<C> {
    state: Mutex<State<C>>,
    /// Wakes [`Slot::wait_until`].
    changed: Condvar,
    /// Wakes the transport.
    orders: watch::Sender<u64>,
}

pub(crate) struct State<C> {
    pub(crate) card: Option<C>,
    pub(crate) faults: Faults,
    pub(crate) status: Status,
    /// The card that comes at the next insertion in the place of the one that was there.
    next: Option<C>,
    /// The card that a fault may put in.
    spare: Option<C>,
    /// The reader is to see an empty slot, even if a card is wanted.
    eject: bool,
    /// Before this no card goes in.
    empty_until: Option<Instant>,
    /// Counts what ends a mute: other faults.
    pub(crate) generation: u64,
}

/// What a slot is like at a moment.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Status {
    /// A card is meant to be in the slot. It may be on its way in, or pulled out by a fault that
    /// puts it back.
    pub wanted: bool,
    /// The reader has asked the card something since it went in.
    pub inserted: bool,
    /// The card has power.
    pub powered: bool,
    /// The card says nothing, by a fault.
    pub mute: bool,
    /// How often a reader has taken a card.
    pub insertions: u64,
    /// How often a card was pulled out, by whomever.
    pub removals: u64,
    /// Resets, cold and warm.
    pub resets: u64,
    /// Command APDUs that have arrived.
    pub commands: u64,
    /// Bytes of commands that have arrived.
    pub bytes_in: u64,
    /// Bytes of responses that have left.
    pub bytes_out: u64,
    /// What the script of faults says that it is for; empty without a script.
    pub script: String,
    /// The rules of the script, and how often each has acted.
    pub rules: Vec<(String, u64)>,
}

impl<C: Contacts> Slot<C> {
    /// A slot with a card in it.
    pub fn with(card: C) -> Self {
        let slot = Self::empty();
        slot.insert(card);
        slot
    }

    /// A slot without a card.
    pub fn empty() -> Self {
        Self(Arc::new(Shared {
            state: Mutex::new(State {
                card: None,
                faults: Faults::default(),
                status: Status::default(),
                next: None,
                spare: None,
                eject: false,
                empty_until: None,
                generation: 0,
            }),
            changed: Condvar::new(),
            orders: watch::Sender::new(0),
        }))
    }

    /// Puts a card in. If there is one already, it is pulled out and dropped first, and the reader
    /// sees the slot empty: vpcd's for [`EMPTY_MIN`], any other at once.
    pub fn insert(&self, card: C) {
        self.order(|state| {
            state.eject |= state.card.is_some();
            state.next = Some(card);
            state.status.wanted = true;
        });
    }

    /// Pulls the card out, at once, whatever it is doing. It stays beside the reader.
    pub fn remove(&self) {
        self.order(|state| {
            state.eject = true;
            state.status.wanted = false;
        });
    }

    /// Puts the card in again that was pulled out, by [`Slot::remove`] or by a fault. The reader
    /// sees the slot empty in any case, as with [`Slot::insert`]. False if there is no card.
    pub fn reinsert(&self) -> bool {
        self.order(|state| {
            state.status.wanted = state.card.is_some() || state.next.is_some();
            state.status.wanted
        })
    }

    /// Takes the card's power away for a moment: it forgets what it was doing, and the reader is
    /// not told.
    pub fn blink(&self) {
        let mut state = self.state();
        if state.status.powered
            && let Some(card) = &mut state.card
        {
            card.power_off();
            card.power_on();
        }
        state.faults.power_off();
    }

    /// The card that a fault may put in the place of the first one. After that the first one is the
    /// spare.
    pub fn set_spare(&self, card: C) {
        self.state().spare = Some(card);
    }

    /// Follows this script from its beginning. A mute of the script before it ends.
    pub fn set_faults(&self, script: Script) {
        self.order(|state| {
            let latency = state.faults.script().latency.clone();
            state.faults = Faults::new(script);
            if state.faults.script().latency.is_none() {
                state.faults.set_latency(latency);
            }
            state.generation += 1;
        });
    }

    /// Nothing goes wrong any more. The model of the card's speed stays.
    pub fn clear_faults(&self) {
        self.set_faults(Script::default());
    }

    /// The card takes this long from now on; none: as long as it needs.
    pub fn set_latency(&self, latency: Option<Latency>) {
        self.state().faults.set_latency(latency);
    }

    /// What the slot is like now.
    pub fn status(&self) -> Status {
        self.state().snapshot()
    }

    /// Waits until the slot is as wanted, and tells what it was like then; none when `limit` has
    /// passed. Not for asynchronous code: it blocks its thread.
    ///
    /// What is seen is the card's side. A client sees a removal when its reader has looked for the
    /// card, up to 400 ms later.
    pub fn wait_until(&self, limit: Duration, wanted: impl Fn(&Status) -> bool) -> Option<Status> {
        let deadline = Instant::now() + limit;
        let mut state = self.state();
        loop {
            let status = state.snapshot();
            if wanted(&status) {
                return Some(status);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            let waited = self.0.changed.wait_timeout(state, left);
            (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State<C>> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something has changed that somebody may wait for.
    pub(crate) fn tell(&self) {
        self.0.changed.notify_all();
    }

    /// Something that the transport has to hear of at once.
    fn order<T>(&self, change: impl FnOnce(&mut State<C>) -> T) -> T {
        let result = change(&mut self.state());
        self.0.orders.send_modify(|orders| *orders += 1);
        self.tell();
        result
    }

    pub(crate) fn orders(&self) -> watch::Receiver<u64> {
        self.0.orders.subscribe()
    }
}

impl<C: Contacts> State<C> {
    fn snapshot(&self) -> Status {
        let rules = self.faults.fired();
        Status {
            script: self.faults.script().description.clone(),
            rules: rules
                .map(|(name, count)| (name.to_owned(), count))
                .collect(),
            ..self.status.clone()
        }
    }

    /// Whether the card has to leave the reader now.
    pub(crate) fn must_leave(&self) -> bool {
        self.eject || !self.status.wanted
    }

    /// Whether a card may go in; if later, when.
    pub(crate) fn may_enter(&mut self, now: Instant) -> Entry {
        if self.eject {
            // Nothing was in: nobody has to see it leave.
            self.eject = false;
        }
        match self.empty_until {
            _ if !self.status.wanted => Entry::NotWanted,
            Some(until) if now < until => Entry::At(until),
            _ => {
                if let Some(next) = self.next.take() {
                    self.card = Some(next);
                }
                match self.card {
                    Some(_) => Entry::Now,
                    None => Entry::NotWanted,
                }
            }
        }
    }

    /// The card has left the reader; `removal` says by which fault, if by one.
    pub(crate) fn left(&mut self, now: Instant, empty_min: Duration, removal: Option<Removal>) {
        let mut empty = empty_min;
        if let Some(removal) = removal {
            match removal.then {
                Return::WhenInserted => self.status.wanted = false,
                Return::After(time) => empty = empty.max(time),
            }
            if removal.swap && self.spare.is_some() {
                std::mem::swap(&mut self.card, &mut self.spare);
            }
        }
        self.eject = false;
        self.empty_until = now.checked_add(empty);
        self.status.removals += 1;
    }

    /// The card has no power and no reader any more.
    pub(crate) fn disconnected(&mut self) {
        if let Some(card) = &mut self.card {
            card.power_off();
        }
        self.faults.power_off();
        (self.status.inserted, self.status.powered, self.status.mute) = (false, false, false);
    }
}

/// Whether a card may go into the reader.
pub(crate) enum Entry {
    Now,
    At(Instant),
    NotWanted,
}

impl Slot {
    /// Puts in any card, as [`Slot::insert`] does.
    pub fn insert_card(&self, card: impl Contacts + Send + 'static) {
        self.insert(Box::new(card));
    }
}

impl<C> Clone for Slot<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C: Contacts> fmt::Debug for Slot<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Slot").field(&self.status()).finish()
    }
}
