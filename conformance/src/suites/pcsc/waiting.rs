//! Waiting: it ends when there is news, when its time is over, when it is cancelled; never else.

use std::time::Duration;

use pcsc::Error;

use super::{looks, pcsc_lite, pcscd};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::Source;
use crate::reader_stage::TestReader;
use crate::state::State;

const STATUS_CHANGE: Source = pcsc_lite("SCardGetStatusChange");
const CANCEL: Source = pcsc_lite("SCardCancel");

/// Longer than any poll.
const LONG: Duration = Duration::from_secs(8);

/// Long enough for a call to have begun, and to see that it waits.
const A_WHILE: Duration = Duration::from_millis(150);

pub(super) const CASES: &[Case<TestReader>] = &[
    looks(
        "pcsc.waiting.time-is-over",
        "Waiting for news that do not come ends with SCARD_E_TIMEOUT.",
        &[STATUS_CHANGE],
        |reader| {
            let client = reader.client()?;
            let known = client.look()?;
            let waiting = client.news(Some(&known), A_WHILE);
            waiting.come()?.refused_with(&[Error::Timeout])
        },
    ),
    looks(
        "pcsc.waiting.waits",
        "A client that knows all that is so is not told it again.",
        &[STATUS_CHANGE],
        |reader| {
            let client = reader.client()?;
            let known = client.look()?;
            let waiting = client.news(Some(&known), LONG);
            waiting.still_waits(A_WHILE)?;
            client.cancel(waiting).map(drop)
        },
    ),
    looks(
        "pcsc.waiting.is-cancelled",
        "SCardCancel ends the waiting of its context with SCARD_E_CANCELLED.",
        &[CANCEL],
        |reader| {
            let client = reader.client()?;
            let known = client.look()?;
            let waiting = client.news(Some(&known), LONG);
            waiting.still_waits(A_WHILE)?;
            client.cancel(waiting)?.refused_with(&[Error::Cancelled])
        },
    ),
    looks(
        "pcsc.waiting.cancels-its-own-only",
        "SCardCancel leaves the waiting of other contexts alone.",
        &[CANCEL],
        |reader| {
            let (one, other) = (reader.client()?, reader.client()?);
            let known = one.look()?;
            let ones = one.news(Some(&known), LONG);
            let others = other.news(Some(&known), LONG);
            ones.still_waits(A_WHILE)?;
            one.cancel(ones)?.refused_with(&[Error::Cancelled])?;
            others.still_waits(A_WHILE)?;
            other.cancel(others).map(drop)
        },
    ),
    looks(
        "pcsc.waiting.unknown-reader",
        "Waiting at a reader that there is not ends at once: with \
         SCARD_E_UNKNOWN_READER, or the state UNKNOWN.",
        &[
            pcscd("SCardGetStatusChange of an unknown reader"),
            STATUS_CHANGE,
        ],
        |reader| {
            let client = reader.client()?;
            let name = c"there is no such reader".to_owned();
            let said = client.news_of(name, None, LONG).come()?;
            match said.result() {
                Err(Error::UnknownReader) => Ok(()),
                Ok(seen) if seen.state.contains(pcsc::State::UNKNOWN) => Ok(()),
                other => Err(Stop::fail(
                    "SCARD_E_UNKNOWN_READER, or UNKNOWN",
                    format!("{other:?}"),
                )),
            }
        },
    ),
    Case {
        id: "pcsc.waiting.one-waits-others-work",
        requirement: "A client that waits for news keeps nobody else from the card.",
        sources: &[STATUS_CHANGE],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let (patient, busy) = (reader.client()?, reader.connected()?);
            let known = patient.look()?;
            let waiting = patient.news(Some(&known), LONG);
            reader.select_file(&busy)?;
            reader.has_kept_file(&busy)?;
            waiting.still_waits(A_WHILE)?;
            patient.cancel(waiting).map(drop)
        },
    },
];
