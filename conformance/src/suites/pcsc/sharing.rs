//! Who may have the card at the same time.
//!
//! | connected already | one more shared | one more exclusive |
//! |---|---|---|
//! | nobody | yes | yes |
//! | shared | yes | SCARD_E_SHARING_VIOLATION |
//! | exclusive | SCARD_E_SHARING_VIOLATION | SCARD_E_SHARING_VIOLATION |

use std::time::Duration;

use pcsc::{Disposition, Error, ShareMode};

use super::{answers, looks, pcsc, pcsc_lite, pcscd};
use crate::case::{Case, Stop, Verdict};
use crate::evidence::Source;
use crate::reader_stage::{Client, TestReader};

const CONNECT: Source = pcsc_lite("SCardConnect");
const RECONNECT: Source = pcsc_lite("SCardReconnect");
const SHARING: Source = pcsc("part 5, 3.2.5 sharing");

/// As many clients as a busy machine has.
const MANY: usize = 8;

/// Long enough for a connection that nobody holds up.
const SHORT: Duration = Duration::from_secs(2);

/// How often all are asked whether it is their turn; each takes a moment.
const ROUNDS_MAX: usize = 200;

pub(super) const CASES: &[Case<TestReader>] = &[
    looks(
        "pcsc.sharing.shared",
        "Two clients that share the card both reach it.",
        &[SHARING, CONNECT],
        |reader| {
            let (one, other) = (reader.connected()?, reader.connected()?);
            answers(&one)?;
            answers(&other)?;
            answers(&one)
        },
    ),
    looks(
        "pcsc.sharing.exclusive-keeps-others-out",
        "While one client has the card exclusively, others are refused with \
         SCARD_E_SHARING_VIOLATION.",
        &[SHARING, CONNECT],
        |reader| {
            let owner = reader.connected_as(ShareMode::Exclusive)?;
            let other = reader.client()?;
            refused(&other, ShareMode::Shared)?;
            refused(&other, ShareMode::Exclusive)?;
            answers(&owner)
        },
    ),
    looks(
        "pcsc.sharing.exclusive-is-refused",
        "While others have the card, nobody gets it exclusively.",
        &[SHARING, CONNECT],
        |reader| {
            let owner = reader.connected()?;
            refused(&reader.client()?, ShareMode::Exclusive)?;
            answers(&owner)
        },
    ),
    looks(
        "pcsc.sharing.exclusive-ends",
        "What one client had exclusively is there for the next when it lets go.",
        &[SHARING, pcsc_lite("SCardDisconnect")],
        |reader| {
            let owner = reader.connected_as(ShareMode::Exclusive)?;
            let other = reader.client()?;
            owner.disconnect(Disposition::LeaveCard)?.ok()?;
            other.connect(ShareMode::Shared)?.ok()?;
            answers(&other)
        },
    ),
    looks(
        "pcsc.sharing.becomes-exclusive",
        "SCardReconnect makes a shared connection exclusive when it is alone; else it is \
         refused with SCARD_E_SHARING_VIOLATION, or waits.",
        &[RECONNECT, pcscd("SCardReconnect waits")],
        |reader| {
            let owner = reader.connected()?;
            let other = reader.connected()?;
            let take = || owner.begin_to_reconnect(ShareMode::Exclusive, Disposition::LeaveCard);
            let mut asked = take();
            if asked.has_come() {
                asked.come()?.refused_with(&[Error::SharingViolation])?;
                other.disconnect(Disposition::LeaveCard)?.ok()?;
                take().come()?.ok()?;
            } else {
                answers(&other)?;
                other.disconnect(Disposition::LeaveCard)?.ok()?;
                asked.come()?.ok()?;
            }
            refused(&other, ShareMode::Shared)
        },
    ),
    looks(
        "pcsc.sharing.becomes-shared",
        "SCardReconnect lets others in again.",
        &[RECONNECT],
        |reader| {
            let owner = reader.connected_as(ShareMode::Exclusive)?;
            let shared = owner.reconnect(ShareMode::Shared, Disposition::LeaveCard)?;
            shared.ok()?;
            let other = reader.client()?;
            other.connect_within(ShareMode::Shared, SHORT)?.ok()?;
            answers(&other)?;
            answers(&owner)
        },
    ),
    looks(
        "pcsc.sharing.contexts-are-independent",
        "A context is valid until it is released, whatever others do with theirs.",
        &[
            pcsc_lite("SCardIsValidContext"),
            pcsc_lite("SCardReleaseContext"),
        ],
        |reader| {
            let client = reader.connected()?;
            drop(reader.client()?);
            client.is_valid()?.ok()?;
            answers(&client)
        },
    ),
    looks(
        "pcsc.sharing.many",
        "Eight clients with one transaction each, all begun at once, have their turns \
         one after the other.",
        &[SHARING, pcsc_lite("SCardBeginTransaction")],
        |reader| {
            let clients: Vec<Client> = (0..MANY)
                .map(|_| reader.connected())
                .collect::<Result<_, _>>()?;
            // All but one wait; who is next is the service's choice.
            let mut waiting: Vec<_> = clients.iter().map(|one| (one, one.begin())).collect();
            for _ in 0..ROUNDS_MAX {
                let Some(turn) = waiting.iter_mut().position(|(_, begun)| begun.has_come()) else {
                    continue;
                };
                let (client, begun) = waiting.swap_remove(turn);
                begun.come()?.ok()?;
                answers(client)?;
                client.end(Disposition::LeaveCard)?.ok()?;
                if waiting.is_empty() {
                    return Ok(());
                }
            }
            Err(Stop::fail(
                "a turn for each client",
                format!("{} still wait", waiting.len()),
            ))
        },
    ),
];

fn refused(client: &Client, share: ShareMode) -> Verdict {
    client
        .connect(share)?
        .refused_with(&[Error::SharingViolation])
}
