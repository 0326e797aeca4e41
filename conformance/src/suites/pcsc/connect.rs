//! Connecting: to what, by which protocol, and what a connection tells of its card.

use cns_apdu::hex;
use pcsc::{Attribute, Error, Protocol, Protocols, ShareMode, Status};

use super::{looks, pcsc, pcsc_lite, pcscd};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Source, read};
use crate::reader_stage::TestReader;
use crate::state::State;

const CONNECT: Source = pcsc_lite("SCardConnect");
const STATUS: Source = pcsc_lite("SCardStatus");
const PROTOCOLS: Source = read(Document::Iso7816Part3, "8.2.3 interface bytes: TD");

pub(super) const CASES: &[Case<TestReader>] = &[
    looks(
        "pcsc.connect.answer-to-reset",
        "SCardStatus gives the answer to reset of the card, byte for byte.",
        &[STATUS, pcsc("part 5, 3.2.5 SCARDCOMM")],
        |reader| {
            let client = reader.connected()?;
            let said = client.status()?.ok()?.atr;
            match &reader.subject().issue {
                Some(issue) => is_atr(issue.image.atr.as_bytes(), &said),
                None => is_atr(&reader.client()?.look()?.atr, &said),
            }
        },
    ),
    Case {
        id: "pcsc.connect.attribute-answer-to-reset",
        requirement: "SCardGetAttrib of SCARD_ATTR_ATR_STRING gives the same answer to reset.",
        sources: &[pcsc_lite("SCardGetAttrib"), pcscd("the driver answers")],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let client = reader.connected()?;
            let attribute = client.attribute(Attribute::AtrString)?.ok()?;
            is_atr(&client.status()?.ok()?.atr, &attribute)
        },
    },
    Case {
        id: "pcsc.connect.attribute-unknown",
        requirement: "SCardGetAttrib of what a reader does not have is refused, and harms nothing.",
        sources: &[pcsc_lite("SCardGetAttrib")],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let client = reader.connected()?;
            let asked = client.attribute(Attribute::SupressT1IfsRequest)?;
            asked.refused_with(&[
                Error::UnsupportedFeature,
                Error::NotTransacted,
                Error::InvalidParameter,
            ])?;
            super::answers(&client)
        },
    },
    looks(
        "pcsc.connect.status",
        "SCardStatus of a connection names its reader, and a card that is present and \
         has power.",
        &[STATUS],
        |reader| {
            let client = reader.connected()?;
            let status = client.status()?.ok()?;
            let names = status
                .readers
                .iter()
                .any(|name| name.as_c_str() == reader.name());
            let is_usable = status.status.contains(Status::PRESENT | Status::POWERED);
            match names && is_usable {
                true => Ok(()),
                false => Err(Stop::fail(
                    format!("{:?}, PRESENT and POWERED", reader.name()),
                    format!("{:?}, {:?}", status.readers, status.status),
                )),
            }
        },
    ),
    looks(
        "pcsc.connect.protocol",
        "The protocol in use is one that the answer to reset offers.",
        &[CONNECT, PROTOCOLS],
        |reader| {
            let client = reader.connected()?;
            let status = client.status()?.ok()?;
            let offered = offered_by(&status.atr);
            let used = match status.protocol {
                Some(Protocol::T0) => Protocols::T0,
                Some(Protocol::T1) => Protocols::T1,
                _ => Protocols::UNDEFINED,
            };
            match offered.contains(used) && used != Protocols::UNDEFINED {
                true => Ok(()),
                false => Err(Stop::fail(format!("{offered:?}"), format!("{used:?}"))),
            }
        },
    ),
    Case {
        id: "pcsc.connect.protocol-not-offered",
        requirement: "Who accepts only a protocol that the card does not offer is refused with \
                      SCARD_E_PROTO_MISMATCH.",
        sources: &[CONNECT, PROTOCOLS],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let atr = reader.client()?.look()?.atr;
            let other = match offered_by(&atr) {
                offered if offered == Protocols::T1 => Protocols::T0,
                offered if offered == Protocols::T0 => Protocols::T1,
                _ => return Err(Stop::skip("the card offers T=0 and T=1")),
            };
            let client = reader.client()?;
            let name = reader.name().to_owned();
            let connected = client.connect_to(name, ShareMode::Shared, other)?;
            connected.refused_with(&[Error::ProtoMismatch])
        },
    },
    looks(
        "pcsc.connect.unknown-reader",
        "A connection to a reader that there is not is refused with \
         SCARD_E_UNKNOWN_READER.",
        &[CONNECT],
        |reader| {
            let client = reader.client()?;
            let name = c"there is no such reader".to_owned();
            let connected = client.connect_to(name, ShareMode::Shared, Protocols::ANY)?;
            connected.refused_with(&[Error::UnknownReader])
        },
    ),
    Case {
        id: "pcsc.connect.no-card",
        requirement: "A connection to an empty reader is refused with SCARD_E_NO_SMARTCARD.",
        sources: &[CONNECT],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            reader.take_card_out()?;
            let connected = reader.client()?.connect(ShareMode::Shared)?;
            connected.refused_with(&[Error::NoSmartcard])
        },
    },
    Case {
        id: "pcsc.connect.direct-without-card",
        requirement: "SCARD_SHARE_DIRECT reaches an empty reader.",
        sources: &[CONNECT],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            reader.take_card_out()?;
            let client = reader.client()?;
            let name = reader.name().to_owned();
            client
                .connect_to(name, ShareMode::Direct, Protocols::UNDEFINED)?
                .ok()
        },
    },
];

/// Both are the same answer to reset.
pub(super) fn is_atr(expected: &[u8], seen: &[u8]) -> Verdict {
    match expected == seen {
        true => Ok(()),
        false => Err(Stop::fail(words(expected), words(seen))),
    }
}

fn words(atr: &[u8]) -> String {
    match atr {
        [] => "no answer to reset".to_owned(),
        atr => hex::encode(atr),
    }
}

/// The protocols that an answer to reset offers: those that its TD bytes name, T=0 without any.
fn offered_by(atr: &[u8]) -> Protocols {
    const TD_FOLLOWS: u8 = 0x80;
    let mut offered = Protocols::UNDEFINED;
    let Some(mut bits) = atr.get(1).copied() else {
        return offered;
    };
    let mut place = 1;
    while bits & TD_FOLLOWS != 0 {
        place += (bits >> 4).count_ones() as usize;
        let Some(td) = atr.get(place).copied() else {
            break;
        };
        match td & 0x0F {
            0 => offered |= Protocols::T0,
            1 => offered |= Protocols::T1,
            _ => {}
        }
        bits = td;
    }
    match offered == Protocols::UNDEFINED {
        true => Protocols::T0,
        false => offered,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_to_reset_offers_what_its_td_bytes_say() {
        let check = |atr: &str, expected| {
            assert_eq!(offered_by(&hex::decode(atr).unwrap()), expected, "{atr}");
        };
        check(
            "3BFF1800008131FE55006B05052000012101434E5311318068",
            Protocols::T1,
        );
        check("3B8F8001804F0CA000000306030001000000006A", Protocols::ANY);
        check("3B00", Protocols::T0);
    }
}
