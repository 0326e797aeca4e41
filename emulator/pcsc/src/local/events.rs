//! SCardGetStatusChange: what a client believes of a reader, and what is so.

use vsmartcard::winscard::ReaderState;

use super::reader::{Holding, Reader};

/// SCARD_STATE_*.
const IGNORE: u32 = 0x0001;
const CHANGED: u32 = 0x0002;
const UNKNOWN: u32 = 0x0004;
const EMPTY: u32 = 0x0010;
const PRESENT: u32 = 0x0020;
const EXCLUSIVE: u32 = 0x0080;
const IN_USE: u32 = 0x0100;
const UNPOWERED: u32 = 0x0400;

/// The reader that stands for readers coming and going. Here none do.
const PLUG_AND_PLAY: &str = r"\\?PnP?\Notification";

/// Writes what is so into each state. Whether any of it is news.
pub(super) fn tell(readers: &[Reader], states: &mut [ReaderState]) -> bool {
    let mut is_news = false;
    for state in states {
        is_news |= tell_one(readers, state);
    }
    is_news
}

fn tell_one(readers: &[Reader], state: &mut ReaderState) -> bool {
    state.atr.clear();
    if state.current & IGNORE != 0 {
        state.event = IGNORE;
        return false;
    }
    if state.reader == PLUG_AND_PLAY {
        state.event = state.current & !CHANGED;
        return false;
    }
    let Some(reader) = readers.iter().find(|reader| reader.name == state.reader) else {
        state.event = UNKNOWN;
        return report(state, state.current & UNKNOWN == 0);
    };
    let events = u32::from(reader.events);
    state.event = bits(reader) | events << 16;
    if reader.has_card() {
        state.atr = reader.atr().to_vec();
    }
    // A client that never asked has no count; what it believes of the card decides.
    const BELIEF: u32 = EMPTY | PRESENT | UNKNOWN;
    let believed = state.current >> 16;
    let is_news = state.current & BELIEF != state.event & BELIEF
        || (believed != 0 && believed != events)
        || (state.current ^ state.event) & USE != 0;
    report(state, is_news)
}

/// Whether others use the card is news too.
const USE: u32 = EXCLUSIVE | IN_USE;

fn report(state: &mut ReaderState, is_news: bool) -> bool {
    if is_news {
        state.event |= CHANGED;
    }
    is_news
}

fn bits(reader: &Reader) -> u32 {
    if !reader.has_card() {
        return EMPTY;
    }
    let used = match reader.holding {
        Holding::Exclusive => EXCLUSIVE | IN_USE,
        Holding::Shared(0) => 0,
        Holding::Shared(_) => IN_USE,
    };
    let power = match reader.is_powered() {
        true => 0,
        false => UNPOWERED,
    };
    PRESENT | used | power
}
