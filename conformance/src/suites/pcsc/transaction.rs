//! Transactions: the card for one client alone, until it says so or has gone.

use std::time::Duration;

use pcsc::{Disposition, Error, ShareMode};

use super::{answers, looks, pcsc, pcsc_lite, pcscd};
use crate::case::{Case, Stop};
use crate::evidence::Source;
use crate::reader_stage::{SELECT_MASTER_FILE, TestReader};

const BEGIN: Source = pcsc_lite("SCardBeginTransaction");
const END: Source = pcsc_lite("SCardEndTransaction");
const TRANSACTIONS: Source = pcsc("part 5, 3.2.5 transactions");

/// Long enough to see that a client waits.
const A_WHILE: Duration = Duration::from_millis(150);

pub(super) const CASES: &[Case<TestReader>] = &[
    looks(
        "pcsc.transaction.another-waits",
        "SCardBeginTransaction waits for the end of another client's transaction.",
        &[TRANSACTIONS, BEGIN],
        |reader| {
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
    ),
    looks(
        "pcsc.transaction.keeps-commands-out",
        "A command of another client does not reach the card: it is refused with \
         SCARD_E_SHARING_VIOLATION, or waits.",
        &[TRANSACTIONS, pcsc_lite("SCardTransmit")],
        |reader| {
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
    ),
    looks(
        "pcsc.transaction.keeps-resets-out",
        "Another client cannot reset the card in a transaction: it is refused with \
         SCARD_E_SHARING_VIOLATION, or waits.",
        &[TRANSACTIONS, pcsc_lite("SCardReconnect")],
        |reader| {
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
    ),
    looks(
        "pcsc.transaction.end-resets",
        "SCardEndTransaction with SCARD_RESET_CARD resets the card, and other clients \
         are told.",
        &[END],
        |reader| {
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
    ),
    looks(
        "pcsc.transaction.end-leaves",
        "SCardEndTransaction with SCARD_LEAVE_CARD leaves the card as it is.",
        &[END],
        |reader| {
            let client = reader.connected()?;
            client.begin().come()?.ok()?;
            reader.select_file(&client)?;
            client.end(Disposition::LeaveCard)?.ok()?;
            reader.has_kept_file(&client)
        },
    ),
    looks(
        "pcsc.transaction.ends-with-its-connection",
        "A client that disconnects in its transaction keeps nobody waiting.",
        &[BEGIN, pcsc_lite("SCardDisconnect")],
        |reader| {
            let (one, other) = (reader.connected()?, reader.connected()?);
            one.begin().come()?.ok()?;
            let waiting = other.begin();
            waiting.still_waits(A_WHILE)?;
            one.disconnect(Disposition::LeaveCard)?.ok()?;
            waiting.come()?.ok()?;
            answers(&other)
        },
    ),
    looks(
        "pcsc.transaction.ends-with-its-program",
        "A program that is killed in its transaction keeps nobody waiting.",
        &[pcscd("clients that go"), TRANSACTIONS],
        |reader| {
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
    ),
];
