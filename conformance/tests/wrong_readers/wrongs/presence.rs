//! Services that tell wrong things of a reader, or tell them at the wrong time.

use cns_pcsc::message::{Reply, Request, WireState};

use super::spoil;
use crate::service::{SOUND, Wrong};

/// SCARD_STATE_*.
const CHANGED: u32 = 0x0002;
const EMPTY: u32 = 0x0010;
const PRESENT: u32 = 0x0020;
const USE: u32 = 0x0180;

/// SCARD_E_TIMEOUT.
const TIMEOUT: u32 = 0x8010_000A;

/// The only reader that there is.
const READER: &str = "CNS 00 00";

pub(super) const WRONGS: &[Wrong] = &[
    Wrong {
        what: "it lists another reader",
        says: |_, reply| match reply {
            Reply::Readers(_) => Reply::Readers(vec!["another".to_owned()]),
            other => other,
        },
        caught_by: &["pcsc.presence.reader-is-listed"],
        ..SOUND
    },
    Wrong {
        what: "it never says CHANGED",
        says: |_, reply| states(reply, |state| state.event &= !CHANGED),
        caught_by: &[
            "pcsc.presence.card-is-told",
            "pcsc.presence.insertion-is-told",
        ],
        ..SOUND
    },
    Wrong {
        what: "it tells another answer to reset with an event",
        says: |_, reply| states(reply, |state| spoil(&mut state.atr)),
        caught_by: &["pcsc.presence.answer-to-reset-is-told"],
        ..SOUND
    },
    Wrong {
        what: "it says PRESENT when the card has gone",
        says: |_, reply| {
            states(reply, |state| {
                if state.event & EMPTY != 0 {
                    state.event = state.event & !EMPTY | PRESENT;
                }
            })
        },
        caught_by: &[
            "pcsc.presence.removal-is-told",
            "pcsc.presence.every-client-is-told",
        ],
        ..SOUND
    },
    Wrong {
        what: "it counts no events",
        says: |_, reply| states(reply, |state| state.event &= 0xFFFF),
        caught_by: &[
            "pcsc.presence.events-are-counted",
            "pcsc.presence.short-absence-is-told",
        ],
        ..SOUND
    },
    Wrong {
        what: "it does not tell that a card is in use",
        says: |_, reply| states(reply, |state| state.event &= !USE),
        caught_by: &["pcsc.presence.use-is-told"],
        ..SOUND
    },
    Wrong {
        what: "it calls the end of the time news",
        says: |_, reply| match reply {
            Reply::Waited(TIMEOUT, states) => Reply::States(states),
            other => other,
        },
        caught_by: &["pcsc.waiting.time-is-over"],
        ..SOUND
    },
    Wrong {
        what: "it takes whoever waits for one who knows nothing",
        hears: |request| match request {
            Request::WaitForChange { limit, mut states } => {
                states.iter_mut().for_each(|state| state.current = 0);
                Some(Request::WaitForChange { limit, states })
            }
            other => Some(other),
        },
        caught_by: &[
            "pcsc.waiting.waits",
            "pcsc.waiting.cancels-its-own-only",
            "pcsc.waiting.one-waits-others-work",
        ],
        ..SOUND
    },
    Wrong {
        what: "it cancels nothing",
        hears: |request| match request {
            Request::Cancel { .. } => None,
            other => Some(other),
        },
        caught_by: &["pcsc.waiting.is-cancelled"],
        ..SOUND
    },
    Wrong {
        what: "it takes every reader's name for the one that it has",
        hears: |request| match request {
            Request::WaitForChange { limit, mut states } => {
                let rename = |state: &mut WireState| state.reader = READER.to_owned();
                states.iter_mut().for_each(rename);
                Some(Request::WaitForChange { limit, states })
            }
            Request::Connect {
                share, protocols, ..
            } => Some(Request::Connect {
                reader: READER.to_owned(),
                share,
                protocols,
            }),
            other => Some(other),
        },
        caught_by: &["pcsc.waiting.unknown-reader", "pcsc.connect.unknown-reader"],
        ..SOUND
    },
];

fn states(reply: Reply, change: impl Fn(&mut WireState)) -> Reply {
    match reply {
        Reply::States(mut states) => {
            states.iter_mut().for_each(change);
            Reply::States(states)
        }
        other => other,
    }
}
