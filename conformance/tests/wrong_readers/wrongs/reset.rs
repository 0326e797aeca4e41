//! Services that reset the wrong card, or tell the wrong client.

use std::sync::atomic::{AtomicU32, Ordering};

use cns_pcsc::message::{Reply, Request};

use super::spoil;
use crate::service::{SOUND, Wrong};

/// SCARD_LEAVE_CARD and its kin.
const LEAVE: u8 = 0;
const RESET: u8 = 1;

/// SCARD_E_* and SCARD_W_*.
const RESET_CARD: u32 = 0x8010_0068;

pub(super) const WRONGS: &[Wrong] = &[
    Wrong {
        what: "now and then a card has another answer to reset",
        says: |_, reply| match reply {
            Reply::Status {
                reader,
                state,
                protocol,
                mut atr,
            } => {
                // SCardStatus is called twice: for the lengths, and for what there is.
                if STATUS_COUNT.fetch_add(1, Ordering::Relaxed) / 2 % 2 == 1 {
                    spoil(&mut atr);
                }
                Reply::Status {
                    reader,
                    state,
                    protocol,
                    atr,
                }
            }
            other => other,
        },
        caught_by: &["pcsc.reset.answer-is-the-same"],
        ..SOUND
    },
    Wrong {
        what: "it resets nothing",
        hears: |request| match request {
            Request::Reconnect {
                card,
                share,
                protocols,
                ..
            } => Some(Request::Reconnect {
                card,
                share,
                protocols,
                before: LEAVE,
            }),
            Request::Disconnect { card, .. } => Some(Request::Disconnect { card, after: LEAVE }),
            Request::End { card, .. } => Some(Request::End { card, after: LEAVE }),
            other => Some(other),
        },
        caught_by: &[
            "pcsc.transaction.end-resets",
            "pcsc.reset.is-told",
            "pcsc.reset.reset",
            "pcsc.reset.unpower",
            "pcsc.reset.right-is-lost",
            "pcsc.reset.program-ends",
        ],
        ..SOUND
    },
    Wrong {
        what: "it resets always",
        hears: |request| match request {
            Request::Disconnect { card, after: LEAVE } => {
                Some(Request::Disconnect { card, after: RESET })
            }
            Request::End { card, after: LEAVE } => Some(Request::End { card, after: RESET }),
            other => Some(other),
        },
        caught_by: &[
            "pcsc.transaction.end-leaves",
            "pcsc.reset.leave",
            "pcsc.reset.right-is-left",
        ],
        ..SOUND
    },
    Wrong {
        what: "it knows no way back after a reset",
        hears: |request| match request {
            Request::Reconnect { .. } => None,
            other => Some(other),
        },
        says: |request, reply| match (request, reply) {
            (Request::Reconnect { .. }, _) => Reply::Failed(RESET_CARD),
            (_, other) => other,
        },
        caught_by: &["pcsc.reset.reconnect-heals"],
        ..SOUND
    },
];

static STATUS_COUNT: AtomicU32 = AtomicU32::new(0);
