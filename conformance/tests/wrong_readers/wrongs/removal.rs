//! Services that do not know that a card has gone, or lose one with what is too long.

use cns_pcsc::message::{Reply, Request};

use crate::service::{SOUND, Wrong};

/// SCARD_E_* and SCARD_W_*.
const NO_SMARTCARD: u32 = 0x8010_000C;
const INSUFFICIENT_BUFFER: u32 = 0x8010_0008;
const UNPOWERED: u32 = 0x8010_0067;
const RESET_CARD: u32 = 0x8010_0068;
const REMOVED: u32 = 0x8010_0069;

pub(super) const WRONGS: &[Wrong] = &[
    Wrong {
        what: "each reset is told to the one who asked for it",
        says: |request, reply| match (request, reply) {
            (Request::Transmit { .. }, Reply::Bytes(_)) => Reply::Failed(RESET_CARD),
            (_, other) => other,
        },
        caught_by: &[
            "pcsc.sharing.contexts-are-independent",
            "pcsc.reset.its-own",
            "pcsc.reset.idle",
            "pcsc.length.short",
            "pcsc.length.no-room-for-the-response",
            "pcsc.length.longer-than-any",
        ],
        ..SOUND
    },
    Wrong {
        what: "it answers for a card that has gone",
        says: |request, reply| match (request, reply) {
            (Request::Transmit { .. }, Reply::Failed(REMOVED | NO_SMARTCARD)) => {
                Reply::Bytes(vec![0x90, 0x00])
            }
            (_, other) => other,
        },
        caught_by: &[
            "pcsc.removal.is-told",
            "pcsc.removal.another-card-is-another",
        ],
        ..SOUND
    },
    Wrong {
        what: "it reconnects to an empty reader",
        says: |request, reply| match (request, reply) {
            (Request::Reconnect { .. }, Reply::Failed(_)) => Reply::Protocol(2),
            (_, other) => other,
        },
        caught_by: &["pcsc.removal.reconnect-finds-nothing"],
        ..SOUND
    },
    Wrong {
        what: "a new card has no power",
        says: |request, reply| match (request, reply) {
            (Request::Transmit { .. }, Reply::Bytes(_)) => Reply::Failed(UNPOWERED),
            (_, other) => other,
        },
        caught_by: &[
            "pcsc.removal.right-is-lost",
            "pcsc.removal.ends-transactions",
        ],
        ..SOUND
    },
    Wrong {
        what: "it carries short commands only",
        says: |request, reply| match request {
            Request::Transmit { command, .. } if 261 < command.len() => {
                Reply::Failed(INSUFFICIENT_BUFFER)
            }
            _ => reply,
        },
        caught_by: &["pcsc.length.extended"],
        ..SOUND
    },
    Wrong {
        what: "it cuts long responses off",
        says: |_, reply| match reply {
            Reply::Bytes(mut bytes) => {
                bytes.truncate(258);
                Reply::Bytes(bytes)
            }
            other => other,
        },
        caught_by: &["pcsc.length.extended-response"],
        ..SOUND
    },
    Wrong {
        what: "it loses the card with a command that is too long",
        says: |request, reply| match request {
            Request::Transmit { command, .. } if 65_000 < command.len() => Reply::Failed(UNPOWERED),
            _ => reply,
        },
        caught_by: &["pcsc.length.nearly-64-kib", "pcsc.length.64-kib"],
        ..SOUND
    },
];
