//! What the portal is at one moment, as a value; and back to it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cns_authority::Offices;
use hyper::{Method, StatusCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::expectations::ExpectationBook;
use super::problem::Problem;
use super::route::{Nothing, Route};
use super::{BASE, Control};
use crate::clock::ClockSetting;
use crate::fault::FaultBook;
use crate::journal::JournalMemory;
use crate::town::{Town, TownHall};

/// All that a tester can change, and all that the portal remembers. Metrics are no part of it: they only
/// ever grow. Nor are the cards that people have: a PIN that was handed over since is on them.
#[derive(Clone)]
pub(crate) struct Snapshot {
    clock: ClockSetting,
    faults: FaultBook,
    expectations: ExpectationBook,
    journal: JournalMemory,
    offices: Option<Offices>,
    town: Option<Town>,
}

/// Snapshots that were taken, and the one of the portal's start.
#[derive(Default)]
pub(super) struct Snapshots(Mutex<Taken>);

#[derive(Default)]
struct Taken {
    beginning: Option<Snapshot>,
    count: u64,
    kept: BTreeMap<u64, Snapshot>,
}

/// Snapshots that are kept; older ones are forgotten.
const KEPT_MAX: usize = 32;

/// A snapshot that was taken.
#[derive(Clone, Copy, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SnapshotId {
    /// Its number.
    #[schemars(range(min = 0, max = 4_294_967_295_u64))]
    id: u64,
}

/// An order was obeyed.
#[derive(JsonSchema, Serialize)]
pub(super) struct Done {
    /// True.
    pub(super) done: bool,
}

pub(super) fn routes() -> Vec<Route> {
    let order = || (Method::POST, StatusCode::OK);
    vec![
        Route::ordering(
            order(),
            &format!("{BASE}/reset"),
            [
                "reset",
                "Makes everything as it was when the portal started",
            ],
            |control, _: Nothing| {
                if let Some(beginning) = control.snapshots.lock().beginning.clone() {
                    control.restore(beginning)?;
                }
                Ok(Done { done: true })
            },
        ),
        Route::ordering(
            (Method::POST, StatusCode::CREATED),
            &format!("{BASE}/snapshot"),
            [
                "takeSnapshot",
                "Remembers everything as it is now; the last 32 are kept",
            ],
            |control, _: Nothing| {
                let snapshot = control.snapshot();
                Ok(control.snapshots.lock().keep(snapshot))
            },
        ),
        Route::ordering(
            order(),
            &format!("{BASE}/restore"),
            ["restore", "Makes everything as it was at a snapshot"],
            |control, SnapshotId { id }| {
                let kept = control.snapshots.lock().kept.get(&id).cloned();
                let snapshot =
                    kept.ok_or_else(|| Problem::not_found(format!("there is no snapshot {id}")))?;
                control.restore(snapshot)?;
                Ok(Done { done: true })
            },
        ),
    ]
}

impl Control {
    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot {
            clock: self.portal.clock.setting(),
            faults: self.portal.faults.snapshot(),
            expectations: self.expectations.snapshot(),
            journal: self.portal.journal.snapshot(),
            offices: self
                .portal
                .offices
                .as_ref()
                .map(|offices| offices.with(|offices| offices.clone())),
            town: self.portal.town.as_ref().map(TownHall::snapshot),
        }
    }

    fn restore(&self, snapshot: Snapshot) -> Result<(), Problem> {
        self.portal.clock.set(snapshot.clock);
        self.portal.faults.restore(snapshot.faults);
        self.expectations.restore(snapshot.expectations);
        self.portal.journal.restore(snapshot.journal);
        if let (Some(open), Some(kept)) = (&self.portal.offices, snapshot.offices) {
            open.with(|offices| *offices = kept);
        }
        match (&self.portal.town, snapshot.town) {
            (Some(hall), Some(town)) => hall.replace(town).map_err(Problem::own_fault),
            _ => Ok(()),
        }
    }
}

impl Snapshots {
    /// What a reset goes back to.
    pub(super) fn begin(&self, beginning: Snapshot) {
        self.lock().beginning = Some(beginning);
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn keep(&mut self, snapshot: Snapshot) -> SnapshotId {
        self.count += 1;
        self.kept.insert(self.count, snapshot);
        while KEPT_MAX < self.kept.len() {
            self.kept.pop_first();
        }
        SnapshotId { id: self.count }
    }
}
