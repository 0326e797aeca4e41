//! Transactions: the card for one client alone, until it says so or has gone.

use std::time::Duration;

use pcsc::{Disposition, Error, ShareMode};

use super::{answers, pcsc, pcsc_lite, pcscd};
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::Source;
use crate::reader_stage::{SELECT_MASTER_FILE, TestReader};
use crate::state::State;

const BEGIN: Source = pcsc_lite("SCardBeginTransaction");
const END: Source = pcsc_lite("SCardEndTransaction");
const TRANSACTIONS: Source = pcsc("part 5, 3.2.5 transactions");

/// Long enough to see that a client waits.
const A_WHILE: Duration = Duration::from_millis(150);

pub(super) const CASES: &[Case<TestReader>] = &[
    Case {
        id: "pcsc.transaction.another-waits",
        requirement: "SCardBeginTransaction waits for the end of another client's transaction.",
        sources: &[TRANSACTIONS, BEGIN],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let (one, other) = (reader.connected()?, reader.connected()?);
            one.begin().come()?.ok()?;
            let waiting = other.begin();
            waiting.still_waits(A_WHILE)?;
            answers(&one)?;
            one.end(Disposition::LeaveCard)?.ok()?;
            waiting.come()?.ok()?;
            answers(&other)?;
            other.end(Disposition::LeaveCard)?.ok()
        },
    },
    Case {
        id: "pcsc.transaction.keeps-commands-out",
        requirement: "A command of another client does not reach the card: it is refused with \
                      SCARD_E_SHARING_VIOLATION, or waits.",
        sources: &[TRANSACTIONS, pcsc_lite("SCardTransmit")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let (one, other) = (reader.connected()?, reader.connected()?);
            one.begin().come()?.ok()?;
            reader.select_file(&one)?;
            let sent = other.begin_to_transmit(&SELECT_MASTER_FILE, pcsc::MAX_BUFFER_SIZE);
            std::thread::sleep(A_WHILE);
            // What came between would have deselected the file.
            reader.has_kept_file(&one)?;
            one.end(Disposition::LeaveCard)?.ok()?;
            match sent.come()?.result() {
                Ok(_) => Ok(()),
                Err(Error::SharingViolation) => answers(&other),
                Err(error) => Err(Stop::fail(
                    "SCARD_E_SHARING_VIOLATION, or a response afterwards",
                    error.to_string(),
                )),
            }
        },
    },
    Case {
        id: "pcsc.transaction.keeps-resets-out",
        requirement: "Another client cannot reset the card in a transaction: it is refused with \
                      SCARD_E_SHARING_VIOLATION, or waits.",
        sources: &[TRANSACTIONS, pcsc_lite("SCardReconnect")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let (one, other) = (reader.connected()?, reader.connected()?);
            one.begin().come()?.ok()?;
            reader.select_file(&one)?;
            let reset = other.begin_to_reconnect(ShareMode::Shared, Disposition::ResetCard);
            std::thread::sleep(A_WHILE);
            reader.has_kept_file(&one)?;
            one.end(Disposition::LeaveCard)?.ok()?;
            match reset.come()?.result() {
                Ok(()) => reader.has_forgotten_file(&other),
                Err(Error::SharingViolation) => reader.has_kept_file(&one),
                Err(error) => Err(Stop::fail(
                    "SCARD_E_SHARING_VIOLATION, or a reset afterwards",
                    error.to_string(),
                )),
            }
        },
    },
    Case {
        id: "pcsc.transaction.end-resets",
        requirement: "SCardEndTransaction with SCARD_RESET_CARD resets the card, and other clients \
                      are told.",
        sources: &[END],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let (one, other) = (reader.connected()?, reader.connected()?);
            one.begin().come()?.ok()?;
            reader.select_file(&one)?;
            one.end(Disposition::ResetCard)?.ok()?;
            let sent = other.transmit(&SELECT_MASTER_FILE)?;
            sent.refused_with(&[Error::ResetCard])?;
            let again = other.reconnect(ShareMode::Shared, Disposition::LeaveCard)?;
            again.ok()?;
            reader.has_forgotten_file(&other)
        },
    },
    Case {
        id: "pcsc.transaction.end-leaves",
        requirement: "SCardEndTransaction with SCARD_LEAVE_CARD leaves the card as it is.",
        sources: &[END],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let client = reader.connected()?;
            client.begin().come()?.ok()?;
            reader.select_file(&client)?;
            client.end(Disposition::LeaveCard)?.ok()?;
            reader.has_kept_file(&client)
        },
    },
    Case {
        id: "pcsc.transaction.ends-with-its-connection",
        requirement: "A client that disconnects in its transaction keeps nobody waiting.",
        sources: &[BEGIN, pcsc_lite("SCardDisconnect")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let (one, other) = (reader.connected()?, reader.connected()?);
            one.begin().come()?.ok()?;
            let waiting = other.begin();
            waiting.still_waits(A_WHILE)?;
            one.disconnect(Disposition::LeaveCard)?.ok()?;
            waiting.come()?.ok()?;
            answers(&other)
        },
    },
    Case {
        id: "pcsc.transaction.ends-with-its-program",
        requirement: "A program that is killed in its transaction keeps nobody waiting.",
        sources: &[pcscd("clients that go"), TRANSACTIONS],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let client = reader.connected()?;
            let program = reader.other_program()?;
            let waiting = client.begin();
            waiting.still_waits(A_WHILE)?;
            program.kill();
            match waiting.come()?.result() {
                Ok(()) => answers(&client),
                // It did not leave the card in order: that may be told first.
                Err(Error::ResetCard) => {
                    let again = client.reconnect(ShareMode::Shared, Disposition::LeaveCard)?;
                    again.ok()?;
                    answers(&client)
                }
                Err(error) => Err(Stop::fail(
                    "SCARD_S_SUCCESS or SCARD_W_RESET_CARD",
                    error.to_string(),
                )),
            }
        },
    },
];
