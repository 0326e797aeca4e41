//! Resets: what a client asks for at the end of a connection, and what others hear of it.
//!
//! | disposition | the card | other clients |
//! |---|---|---|
//! | SCARD_LEAVE_CARD | as it is | hear nothing |
//! | SCARD_RESET_CARD | warm reset | SCARD_W_RESET_CARD until they reconnect |
//! | SCARD_UNPOWER_CARD | without power; the next connection is a cold reset | the same |

use std::time::Duration;

use pcsc::{Disposition, Error, ShareMode, State as ReaderState};

use super::{answers, looks, pcsc_lite, pcscd};
use crate::case::{Case, Effect, Level, Verdict};
use crate::evidence::{Document, Source, read};
use crate::reader_stage::{Client, SELECT_MASTER_FILE, TestReader};
use crate::state::State;

const DISCONNECT: Source = pcsc_lite("SCardDisconnect");
const RECONNECT: Source = pcsc_lite("SCardReconnect");
const RIGHTS: Source = read(Document::Iso7816Part4, "security status after a reset");

/// Longer than pcscd leaves an unused card its power: five seconds.
const IDLE: Duration = Duration::from_millis(6_500);

pub(super) const CASES: &[Case<TestReader>] = &[
    looks(
        "pcsc.reset.is-told",
        "When one client resets the card, the next call of another is refused with \
         SCARD_W_RESET_CARD.",
        &[RECONNECT, pcsc_lite("SCardTransmit")],
        |reader| {
            let (one, other) = (reader.connected()?, reader.connected()?);
            reset(&one)?;
            other
                .transmit(&SELECT_MASTER_FILE)?
                .refused_with(&[Error::ResetCard])?;
            other.begin().come()?.refused_with(&[Error::ResetCard])
        },
    ),
    looks(
        "pcsc.reset.reconnect-heals",
        "After SCARD_W_RESET_CARD, SCardReconnect makes the connection usable again.",
        &[RECONNECT],
        |reader| {
            let (one, other) = (reader.connected()?, reader.connected()?);
            reset(&one)?;
            let again = other.reconnect(ShareMode::Shared, Disposition::LeaveCard)?;
            again.ok()?;
            answers(&other)
        },
    ),
    looks(
        "pcsc.reset.its-own",
        "Who has reset the card itself goes on without being told.",
        &[RECONNECT],
        |reader| {
            let client = reader.connected()?;
            reset(&client)?;
            answers(&client)
        },
    ),
    looks(
        "pcsc.reset.leave",
        "SCARD_LEAVE_CARD leaves the card as it is for the next client.",
        &[DISCONNECT],
        |reader| reader.has_kept_file(&after(reader, Disposition::LeaveCard)?),
    ),
    looks(
        "pcsc.reset.reset",
        "SCARD_RESET_CARD at the end of a connection resets the card.",
        &[DISCONNECT],
        |reader| reader.has_forgotten_file(&after(reader, Disposition::ResetCard)?),
    ),
    looks(
        "pcsc.reset.unpower",
        "SCARD_UNPOWER_CARD at the end of a connection takes the card's power; the next \
         connection brings it back.",
        &[DISCONNECT],
        |reader| reader.has_forgotten_file(&after(reader, Disposition::UnpowerCard)?),
    ),
    Case {
        id: "pcsc.reset.answer-is-the-same",
        requirement: "After a reset, warm or cold, SCardStatus gives the same answer to reset.",
        sources: &[pcsc_lite("SCardStatus")],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let client = reader.connected()?;
            let first = client.status()?.ok()?.atr;
            for disposition in [Disposition::ResetCard, Disposition::UnpowerCard] {
                client.reconnect(ShareMode::Shared, disposition)?.ok()?;
                super::connect::is_atr(&first, &client.status()?.ok()?.atr)?;
            }
            Ok(())
        },
    },
    Case {
        id: "pcsc.reset.right-is-lost",
        requirement: "A reset by any client takes the right that the PIN gave to another.",
        sources: &[RIGHTS, RECONNECT],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |reader| {
            let (one, other) = (reader.connected()?, reader.connected()?);
            reader.present_pin(&one)?;
            reset(&other)?;
            let again = one.reconnect(ShareMode::Shared, Disposition::LeaveCard)?;
            again.ok()?;
            reader.has_lost_right(&one)
        },
    },
    Case {
        id: "pcsc.reset.right-is-left",
        requirement: "A right stays with the card, not with the client: SCARD_LEAVE_CARD leaves it to \
                      the next one.",
        sources: &[DISCONNECT, pcscd("a right after the end of its client")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |reader| {
            let one = reader.connected()?;
            reader.present_pin(&one)?;
            one.disconnect(Disposition::LeaveCard)?.ok()?;
            reader.has_kept_right(&reader.connected()?)
        },
    },
    Case {
        id: "pcsc.reset.program-ends",
        requirement: "A program that ends without a word leaves no right behind.",
        sources: &[pcscd("clients that go")],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |reader| {
            let other = reader.connected()?;
            let one = reader.connected()?;
            reader.present_pin(&one)?;
            drop(one);
            let again = other.reconnect(ShareMode::Shared, Disposition::LeaveCard)?;
            again.ok()?;
            reader.has_lost_right(&other)
        },
    },
    looks(
        "pcsc.reset.idle",
        "A card that nobody has used for seconds may lose its power, and is there for \
         the next client all the same.",
        &[pcscd("power after five seconds without a client")],
        |reader| {
            after(reader, Disposition::LeaveCard).map(drop)?;
            std::thread::sleep(IDLE);
            super::presence::contains(&reader.client()?.look()?, ReaderState::PRESENT)?;
            answers(&reader.connected()?)
        },
    ),
];

/// Resets the card from within a connection.
fn reset(client: &Client) -> Verdict {
    client
        .reconnect(ShareMode::Shared, Disposition::ResetCard)?
        .ok()
}

/// One client selects a file and leaves so; the next is returned.
fn after(reader: &TestReader, disposition: Disposition) -> Result<Client, crate::case::Stop> {
    let one = reader.connected()?;
    reader.select_file(&one)?;
    one.disconnect(disposition)?.ok()?;
    reader.connected()
}
