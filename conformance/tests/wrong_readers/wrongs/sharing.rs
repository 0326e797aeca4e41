//! Services that let the wrong clients have the card.

use cns_pcsc::message::{Reply, Request};

use super::connect_as;
use crate::service::{SOUND, Wrong};

/// SCARD_SHARE_*.
const EXCLUSIVE: u8 = 1;
const SHARED: u8 = 2;

/// SCARD_E_* and SCARD_W_*.
const SHARING_VIOLATION: u32 = 0x8010_000B;

pub(super) const WRONGS: &[Wrong] = &[
    Wrong {
        what: "it shares what is meant to be exclusive",
        hears: |request| connect_as(request, EXCLUSIVE, SHARED),
        caught_by: &[
            "pcsc.sharing.exclusive-keeps-others-out",
            "pcsc.sharing.exclusive-is-refused",
        ],
        ..SOUND
    },
    Wrong {
        what: "it gives the card to one client only",
        hears: |request| connect_as(request, SHARED, EXCLUSIVE),
        caught_by: &["pcsc.sharing.shared"],
        ..SOUND
    },
    Wrong {
        what: "it ends no connection before its client has gone",
        hears: |request| match request {
            Request::Disconnect { .. } => None,
            other => Some(other),
        },
        caught_by: &[
            "pcsc.sharing.exclusive-ends",
            "pcsc.transaction.ends-with-its-connection",
        ],
        ..SOUND
    },
    Wrong {
        what: "it makes no connection exclusive later",
        hears: |request| reconnect_as(request, EXCLUSIVE, SHARED),
        caught_by: &[
            "pcsc.sharing.becomes-exclusive",
            "pcsc.removal.ends-exclusive-use",
        ],
        ..SOUND
    },
    Wrong {
        what: "it shares nothing that was exclusive",
        hears: |request| reconnect_as(request, SHARED, EXCLUSIVE),
        caught_by: &["pcsc.sharing.becomes-shared"],
        ..SOUND
    },
    Wrong {
        what: "it refuses a transaction instead of waiting",
        says: |request, reply| match (request, reply) {
            (Request::Begin { .. }, _) => Reply::Failed(SHARING_VIOLATION),
            (_, other) => other,
        },
        caught_by: &["pcsc.sharing.many"],
        ..SOUND
    },
    Wrong {
        what: "its transactions keep nobody out",
        hears: |request| match request {
            Request::Begin { .. } | Request::End { .. } => None,
            other => Some(other),
        },
        caught_by: &[
            "pcsc.transaction.another-waits",
            "pcsc.transaction.keeps-commands-out",
            "pcsc.transaction.keeps-resets-out",
        ],
        ..SOUND
    },
    Wrong {
        what: "it keeps the transactions of those who were killed",
        keeps_the_dead: true,
        caught_by: &["pcsc.transaction.ends-with-its-program"],
        ..SOUND
    },
];

fn reconnect_as(request: Request, asked: u8, instead: u8) -> Option<Request> {
    Some(match request {
        Request::Reconnect {
            card,
            share,
            protocols,
            before,
        } if share == asked => Request::Reconnect {
            card,
            share: instead,
            protocols,
            before,
        },
        other => other,
    })
}
