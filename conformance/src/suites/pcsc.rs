//! PC/SC: the reader as programs see it, who share it, and what it tells of the card that comes and goes.

mod connect;
mod length;
mod presence;
mod removal;
mod reset;
mod sharing;
mod transaction;
mod waiting;

use crate::case::{Case, Effect, Level, Verdict};
use crate::evidence::{Document, Grade, Source, source};
use crate::reader_stage::{Client, SELECT_MASTER_FILE, TestReader, say};
use crate::state::State;

pub(super) const SECTIONS: &[&[Case<TestReader>]] = &[
    presence::CASES,
    waiting::CASES,
    connect::CASES,
    sharing::CASES,
    transaction::CASES,
    reset::CASES,
    removal::CASES,
    length::CASES,
];

/// A case of what every reader must do with any card, which only looks.
const fn looks(
    id: &'static str,
    requirement: &'static str,
    sources: &'static [Source],
    run: fn(&mut TestReader) -> Verdict,
) -> Case<TestReader> {
    Case {
        id,
        requirement,
        sources,
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run,
    }
}

/// A part of the PC/SC specification, as it is remembered.
const fn pcsc(clause: &'static str) -> Source {
    source(Document::Pcsc, clause, Grade::Remembered)
}

/// A function of pcsc-lite's API, as it is documented.
const fn pcsc_lite(function: &'static str) -> Source {
    source(Document::PcscLite, function, Grade::Remembered)
}

/// What pcscd 1.9.9 does.
const fn pcscd(what: &'static str) -> Source {
    source(Document::PcscLite, what, Grade::Verified)
}

/// The card answers this client.
fn answers(client: &Client) -> Verdict {
    say(client, &SELECT_MASTER_FILE).map(drop)
}
