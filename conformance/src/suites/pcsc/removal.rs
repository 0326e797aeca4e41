//! What becomes of connections when their card goes.

use pcsc::{Disposition, Error, ShareMode};

use super::{answers, pcsc, pcsc_lite};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, Source, read};
use crate::reader_stage::{SELECT_MASTER_FILE, TestReader};
use crate::state::State;

const TRANSMIT: Source = pcsc_lite("SCardTransmit");
const RECONNECT: Source = pcsc_lite("SCardReconnect");
const TRACKING: Source = pcsc("part 5, 3.2.4 card tracking");

/// What a connection is told when its card has gone.
const GONE: &[Error] = &[Error::RemovedCard, Error::NoSmartcard];

pub(super) const CASES: &[Case<TestReader>] = &[
    Case {
        id: "pcsc.removal.is-told",
        requirement: "A command to a card that has gone is refused with SCARD_W_REMOVED_CARD or \
                      SCARD_E_NO_SMARTCARD.",
        sources: &[TRANSMIT, TRACKING],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let client = reader.connected()?;
            answers(&client)?;
            reader.take_card_out()?;
            client.transmit(&SELECT_MASTER_FILE)?.refused_with(GONE)?;
            client.status()?.refused_with(GONE)?;
            client.begin().come()?.refused_with(GONE)
        },
    },
    Case {
        id: "pcsc.removal.reconnect-finds-nothing",
        requirement: "SCardReconnect at an empty reader is refused.",
        sources: &[RECONNECT],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let client = reader.connected()?;
            reader.take_card_out()?;
            let again = client.reconnect(ShareMode::Shared, Disposition::LeaveCard)?;
            again.refused_with(GONE)
        },
    },
    Case {
        id: "pcsc.removal.another-card-is-another",
        requirement: "When a card has come in the place of the one that went, the old connection \
                      does not reach it before it reconnects.",
        sources: &[TRACKING, RECONNECT],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let client = reader.connected()?;
            reader.take_card_out()?;
            reader.put_card_in()?;
            let sent = client.transmit(&SELECT_MASTER_FILE)?;
            sent.refused_with(&[Error::RemovedCard, Error::ResetCard])?;
            let again = client.reconnect(ShareMode::Shared, Disposition::LeaveCard)?;
            again.ok()?;
            answers(&client)
        },
    },
    Case {
        id: "pcsc.removal.right-is-lost",
        requirement: "A card that was out has forgotten the PIN.",
        sources: &[read(
            Document::Iso7816Part4,
            "security status after a reset",
        )],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |reader| {
            let client = reader.connected()?;
            reader.present_pin(&client)?;
            drop(client);
            reader.take_card_out()?;
            reader.put_card_in()?;
            reader.has_lost_right(&reader.connected()?)
        },
    },
    Case {
        id: "pcsc.removal.ends-transactions",
        requirement: "A removal ends the transaction: the next card is for all again.",
        sources: &[pcsc_lite("SCardBeginTransaction"), TRACKING],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let one = reader.connected()?;
            one.begin().come()?.ok()?;
            reader.take_card_out()?;
            reader.put_card_in()?;
            let other = reader.connected()?;
            other.begin().come()?.ok()?;
            answers(&other)
        },
    },
    Case {
        id: "pcsc.removal.ends-exclusive-use",
        requirement: "Who had the card exclusively that went, and reconnects, has the next one.",
        sources: &[RECONNECT],
        level: Level::Should,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let owner = reader.connected_as(ShareMode::Exclusive)?;
            reader.take_card_out()?;
            reader.put_card_in()?;
            let again = owner.reconnect(ShareMode::Exclusive, Disposition::LeaveCard)?;
            again.ok()?;
            let other = reader.client()?.connect(ShareMode::Shared)?;
            other.refused_with(&[Error::SharingViolation])
        },
    },
];
