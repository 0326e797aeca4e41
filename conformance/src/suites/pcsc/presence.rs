//! What a reader tells of the card in it: that it is there, comes and goes.
//!
//! ```text
//! SCardGetStatusChange   known: nothing     returns at once with what is so
//!                        known: PRESENT, 7  returns when the card has gone, or the count is 8
//! ```
//! The count, in the upper half of the state, is what shows a card that was out between two looks.

use std::time::Duration;

use pcsc::State;

use super::{pcsc, pcsc_lite, pcscd};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::Source;
use crate::reader_stage::{Client, Seen, TestReader};
use crate::state::State as CardState;

const STATUS_CHANGE: Source = pcsc_lite("SCardGetStatusChange");
const TRACKING: Source = pcsc("part 5, 3.2.4 card tracking");

/// How long a client waits for an event that must come.
const EVENT_LIMIT: Duration = Duration::from_secs(8);

/// An absence that a person could cause, and that a poll of 400 ms may miss.
const SHORT: Duration = Duration::from_millis(100);

pub(super) const CASES: &[Case<TestReader>] = &[
    Case {
        id: "pcsc.presence.reader-is-listed",
        requirement: "The reader's name is among those that SCardListReaders gives.",
        sources: &[pcsc_lite("SCardListReaders")],
        level: Level::Must,
        needs: &[],
        state: CardState::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let readers = reader.client()?.readers()?.ok()?;
            match readers.iter().any(|name| name.as_c_str() == reader.name()) {
                true => Ok(()),
                false => Err(Stop::fail(
                    format!("{:?}", reader.name()),
                    format!("{readers:?}"),
                )),
            }
        },
    },
    Case {
        id: "pcsc.presence.card-is-told",
        requirement: "A client that knows nothing is told at once that there is a card.",
        sources: &[STATUS_CHANGE],
        level: Level::Must,
        needs: &[],
        state: CardState::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let seen = reader.client()?.look()?;
            contains(&seen, State::PRESENT | State::CHANGED)
        },
    },
    Case {
        id: "pcsc.presence.answer-to-reset-is-told",
        requirement: "The event of a card brings its answer to reset.",
        sources: &[STATUS_CHANGE],
        level: Level::Must,
        needs: &[],
        state: CardState::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let told = reader.client()?.look()?.atr;
            let client = reader.connected()?;
            super::connect::is_atr(&client.status()?.ok()?.atr, &told)
        },
    },
    Case {
        id: "pcsc.presence.removal-is-told",
        requirement: "Whoever waits is told that the card has gone.",
        sources: &[STATUS_CHANGE, TRACKING],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: CardState::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let client = reader.client()?;
            let known = client.look()?;
            let waiting = client.news(Some(&known), EVENT_LIMIT);
            reader.pull_card()?;
            let seen = waiting.come()?.ok()?;
            contains(&seen, State::EMPTY | State::CHANGED)?;
            super::connect::is_atr(&[], &seen.atr)
        },
    },
    Case {
        id: "pcsc.presence.insertion-is-told",
        requirement: "Whoever waits at an empty reader is told of the card that comes.",
        sources: &[STATUS_CHANGE, TRACKING],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: CardState::Issued,
        effect: Effect::Reads,
        run: |reader| {
            reader.take_card_out()?;
            let client = reader.client()?;
            let known = client.look()?;
            contains(&known, State::EMPTY)?;
            let waiting = client.news(Some(&known), EVENT_LIMIT);
            reader.push_card()?;
            let seen = waiting.come()?.ok()?;
            contains(&seen, State::PRESENT | State::CHANGED)
        },
    },
    Case {
        id: "pcsc.presence.events-are-counted",
        requirement: "Each removal and each insertion adds one to the count of events.",
        sources: &[pcscd("the upper half of dwEventState"), STATUS_CHANGE],
        level: Level::Should,
        needs: &[Needs::OwnCard],
        state: CardState::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let client = reader.client()?;
            let before = client.look()?.count;
            reader.take_card_out()?;
            counts(before + 1, &client)?;
            reader.put_card_in()?;
            counts(before + 2, &client)
        },
    },
    Case {
        id: "pcsc.presence.short-absence-is-told",
        requirement: "A card that was out for a tenth of a second was out: the count shows it.",
        sources: &[TRACKING],
        level: Level::Should,
        needs: &[Needs::OwnCard],
        state: CardState::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let client = reader.client()?;
            let known = client.look()?;
            reader.pull_card()?;
            std::thread::sleep(SHORT);
            reader.put_card_in()?;
            // The state may say PRESENT before and after: only the count differs.
            match client.look()?.count == known.count {
                false => Ok(()),
                true => Err(Stop::fail(
                    "a higher count of events",
                    format!("{}, as before", known.count),
                )),
            }
        },
    },
    Case {
        id: "pcsc.presence.every-client-is-told",
        requirement: "A removal is told to every client that waits.",
        sources: &[STATUS_CHANGE],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: CardState::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let clients = [reader.client()?, reader.client()?, reader.client()?];
            let mut waiting = Vec::new();
            for client in &clients {
                let known = client.look()?;
                waiting.push(client.news(Some(&known), EVENT_LIMIT));
            }
            reader.pull_card()?;
            for told in waiting {
                contains(&told.come()?.ok()?, State::EMPTY)?;
            }
            Ok(())
        },
    },
    Case {
        id: "pcsc.presence.use-is-told",
        requirement: "The state says whether the card is in use, and whether exclusively.",
        sources: &[STATUS_CHANGE],
        level: Level::Should,
        needs: &[],
        state: CardState::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let client = reader.client()?;
            let shared = reader.connected()?;
            contains(&client.look()?, State::INUSE)?;
            drop(shared);
            let exclusive = reader.connected_as(pcsc::ShareMode::Exclusive)?;
            contains(&client.look()?, State::EXCLUSIVE)?;
            drop(exclusive);
            let seen = client.look()?;
            match seen.state.intersects(State::INUSE | State::EXCLUSIVE) {
                false => Ok(()),
                true => Err(Stop::fail("neither INUSE nor EXCLUSIVE", words(&seen))),
            }
        },
    },
];

/// The state has all of these.
pub(super) fn contains(seen: &Seen, expected: State) -> Verdict {
    match seen.state.contains(expected) {
        true => Ok(()),
        false => Err(Stop::fail(format!("{expected:?}"), words(seen))),
    }
}

fn counts(expected: u32, client: &Client) -> Verdict {
    match client.look()?.count {
        count if count == expected => Ok(()),
        count => Err(Stop::fail(
            format!("a count of {expected}"),
            count.to_string(),
        )),
    }
}

fn words(seen: &Seen) -> String {
    format!("{:?}, count {}", seen.state, seen.count)
}
