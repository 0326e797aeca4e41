//! What can be wrong with a service, and which cases must notice.

use std::sync::atomic::{AtomicU32, Ordering};

use cns_pcsc::message::{Reply, Request, WireState};

use crate::service::{SOUND, Wrong};

/// SCARD_STATE_*.
const CHANGED: u32 = 0x0002;
const EMPTY: u32 = 0x0010;
const PRESENT: u32 = 0x0020;
const USE: u32 = 0x0180;

/// SCARD_SHARE_*.
const EXCLUSIVE: u8 = 1;
const SHARED: u8 = 2;
const DIRECT: u8 = 3;

/// SCARD_LEAVE_CARD and its kin.
const LEAVE: u8 = 0;
const RESET: u8 = 1;

/// SCARD_E_* and SCARD_W_*.
const TIMEOUT: u32 = 0x8010_000A;
const SHARING_VIOLATION: u32 = 0x8010_000B;
const NO_SMARTCARD: u32 = 0x8010_000C;
const INSUFFICIENT_BUFFER: u32 = 0x8010_0008;
const UNPOWERED: u32 = 0x8010_0067;
const RESET_CARD: u32 = 0x8010_0068;
const REMOVED: u32 = 0x8010_0069;

const READER: &str = "CNS 00 00";

pub(crate) const WRONGS: &[Wrong] = &[
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
    Wrong {
        what: "it keeps the transactions of those who were killed",
        keeps_the_dead: true,
        caught_by: &["pcsc.transaction.ends-with-its-program"],
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

static STATUS_COUNT: AtomicU32 = AtomicU32::new(0);

fn states(reply: Reply, change: impl Fn(&mut WireState)) -> Reply {
    match reply {
        Reply::States(mut states) => {
            states.iter_mut().for_each(change);
            Reply::States(states)
        }
        other => other,
    }
}

fn spoil(atr: &mut [u8]) {
    if let Some(last) = atr.last_mut() {
        *last ^= 0xFF;
    }
}

fn connect_as(request: Request, asked: u8, instead: u8) -> Option<Request> {
    Some(match request {
        Request::Connect {
            reader,
            share,
            protocols,
        } if share == asked => Request::Connect {
            reader,
            share: instead,
            // Who connects to a reader alone accepts no protocol.
            protocols: match instead {
                DIRECT => 0,
                _ => protocols.max(3),
            },
        },
        other => other,
    })
}

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
