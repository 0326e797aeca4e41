//! Services whose connections are wrong.

use cns_pcsc::message::{Reply, Request};

use super::{connect_as, spoil};
use crate::service::{SOUND, Wrong};

/// SCARD_SHARE_*.
const SHARED: u8 = 2;
const DIRECT: u8 = 3;

pub(super) const WRONGS: &[Wrong] = &[
    Wrong {
        what: "its connections tell another answer to reset",
        says: |_, reply| match reply {
            Reply::Status {
                reader,
                state,
                protocol,
                mut atr,
            } => {
                spoil(&mut atr);
                Reply::Status {
                    reader,
                    state,
                    protocol,
                    atr,
                }
            }
            other => other,
        },
        caught_by: &[
            "pcsc.connect.answer-to-reset",
            "pcsc.connect.attribute-answer-to-reset",
        ],
        ..SOUND
    },
    Wrong {
        what: "it has every attribute",
        says: |request, reply| match (request, reply) {
            (Request::Attribute { .. }, Reply::Failed(_)) => Reply::Bytes(vec![0]),
            (_, other) => other,
        },
        caught_by: &["pcsc.connect.attribute-unknown"],
        ..SOUND
    },
    Wrong {
        what: "it says of a connection that its card has no power",
        says: |_, reply| match reply {
            Reply::Status {
                reader,
                protocol,
                atr,
                ..
            } => Reply::Status {
                reader,
                state: 0x04,
                protocol,
                atr,
            },
            other => other,
        },
        caught_by: &["pcsc.connect.status"],
        ..SOUND
    },
    Wrong {
        what: "it says that a card of T=1 speaks T=0",
        says: |_, reply| match reply {
            Reply::Status {
                reader, state, atr, ..
            } => Reply::Status {
                reader,
                state,
                protocol: 1,
                atr,
            },
            other => other,
        },
        caught_by: &["pcsc.connect.protocol"],
        ..SOUND
    },
    Wrong {
        what: "it does not ask which protocols a client accepts",
        hears: |request| match request {
            Request::Connect { reader, share, .. } => Some(Request::Connect {
                reader,
                share,
                protocols: 3,
            }),
            other => Some(other),
        },
        caught_by: &["pcsc.connect.protocol-not-offered"],
        ..SOUND
    },
    Wrong {
        what: "it connects to an empty reader",
        hears: |request| connect_as(request, SHARED, DIRECT),
        caught_by: &["pcsc.connect.no-card"],
        ..SOUND
    },
    Wrong {
        what: "it reaches no reader without a card",
        hears: |request| connect_as(request, DIRECT, SHARED),
        caught_by: &["pcsc.connect.direct-without-card"],
        ..SOUND
    },
];
