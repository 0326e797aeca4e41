//! How long bytes take on the contacts with T=1 (ISO 7816-3).
//!
//! ```text
//! etu    = Fi / (Di * f)                       §7.1; TA1 has Fi and Di, f is the reader's clock
//! char   = 11 etu if TC1 is FF, else 12 + TC1  §11.2: a start bit, 8 bits, parity, guard time
//! block  = 3 + INF + 1 (or 2) bytes            §11.3: NAD PCB LEN, LRC (or CRC when TC3 says so)
//! turn   = 22 etu                              §11.4.3: BGT, between blocks of opposite directions
//!
//! message of n bytes, in blocks of at most IFS bytes of INF:
//!   blocks = max(1, ceil(n / IFS))
//!   time   = (n + blocks * (3 + edc)) * char             the I-blocks
//!          + (blocks - 1) * ((3 + edc) * char + 2 turn)  an R-block acknowledges each but the last
//! exchange = message(command, IFSC) + turn + message(response, IFSD) + turn
//! ```
//! A card with the ATR of most CNS (TA1 18, TC1 FF, TA3 FE) at 3.5712 MHz: 115,200 baud, 95 us a
//! byte, 254 bytes a block. Processing that outlasts the block waiting time would need S(WTX) blocks;
//! with BWI 5 that is 3.2 s, and they are left out.

use std::time::Duration;

/// The clock at which the first 372 cycles for a bit are 9,600 baud: that of most readers, within
/// some per cent.
pub const CLOCK: u32 = 3_571_200;

/// The contacts between a reader and a card, after the answer to reset.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Line {
    /// Clock rate conversion integer: cycles of the clock for a bit when Di is 1.
    pub fi: u32,
    /// Baud rate adjustment integer.
    pub di: u32,
    /// The reader's clock, in Hz.
    pub clock: u32,
    /// What a byte takes, in etu.
    pub character: u32,
    /// Information bytes that the card takes in one block.
    pub ifsc: u8,
    /// Information bytes that the reader takes in one block.
    pub ifsd: u8,
    /// Bytes of the checksum of a block: 1 (LRC) or 2 (CRC).
    pub checksum: u32,
}

/// Block guard time, in etu (§11.4.3).
const TURN: u64 = 22;
/// NAD, PCB and LEN.
const PROLOGUE: u64 = 3;

impl Line {
    /// The line of a card with this answer to reset. What the bytes do not say, or say with a value
    /// that is reserved, is as ISO 7816-3 has it without them: Fi 372, Di 1, IFSC 32, LRC.
    pub fn of(atr: &[u8], clock: u32, ifsd: u8) -> Self {
        let interface = InterfaceBytes::of(atr);
        let ta1 = interface.ta1.unwrap_or(0x11);
        let (fi, di) = match (fi(ta1 >> 4), di(ta1 & 0x0F)) {
            (Some(fi), Some(di)) => (fi, di),
            _ => (372, 1),
        };
        Self {
            fi,
            di,
            clock: clock.max(1),
            character: match interface.tc1 {
                Some(0xFF) => 11,
                extra => 12 + u32::from(extra.unwrap_or(0)),
            },
            ifsc: interface
                .ta_t1
                .filter(|size| (1..=254).contains(size))
                .unwrap_or(32),
            ifsd: ifsd.max(1),
            checksum: 1 + u32::from(interface.tc_t1.unwrap_or(0) & 1),
        }
    }

    /// Bits in a second.
    pub fn baud(&self) -> u32 {
        let bits = u64::from(self.clock) * u64::from(self.di) / u64::from(self.fi.max(1));
        u32::try_from(bits).unwrap_or(u32::MAX)
    }

    /// What a command and its response take on the line, the card's own time not counted.
    pub fn exchange(&self, command: usize, response: usize) -> Duration {
        let etus = self.message(command, self.ifsc) + self.message(response, self.ifsd) + 2 * TURN;
        // 2^16 bytes at the slowest are under 2^40 cycles of the clock.
        let cycles = u128::from(etus) * u128::from(self.fi);
        let rate = u128::from(self.clock) * u128::from(self.di.max(1));
        let nanoseconds = cycles * 1_000_000_000 / rate.max(1);
        Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
    }

    /// A message of this many bytes, in etu.
    fn message(&self, length: usize, size: u8) -> u64 {
        let length = length as u64;
        let character = u64::from(self.character);
        let frame = PROLOGUE + u64::from(self.checksum);
        let blocks = length.div_ceil(u64::from(size.max(1))).max(1);
        (length + blocks * frame) * character + (blocks - 1) * (frame * character + 2 * TURN)
    }
}

/// Table 7 of ISO 7816-3.
fn fi(index: u8) -> Option<u32> {
    Some(match index {
        0 | 1 => 372,
        2 => 558,
        3 => 744,
        4 => 1116,
        5 => 1488,
        6 => 1860,
        9 => 512,
        10 => 768,
        11 => 1024,
        12 => 1536,
        13 => 2048,
        _ => return None,
    })
}

/// Table 8.
fn di(index: u8) -> Option<u32> {
    Some(match index {
        index @ 1..=7 => 1 << (index - 1),
        8 => 12,
        9 => 20,
        _ => return None,
    })
}

/// The interface bytes that matter here (§8.2.3).
#[derive(Default)]
struct InterfaceBytes {
    ta1: Option<u8>,
    tc1: Option<u8>,
    /// The first TA and TC after a TD that names T=1, from the third group on.
    ta_t1: Option<u8>,
    tc_t1: Option<u8>,
}

impl InterfaceBytes {
    fn of(atr: &[u8]) -> Self {
        let mut found = Self::default();
        let mut rest = atr.iter().copied().skip(1);
        let Some(mut announced) = rest.next() else {
            return found;
        };
        let mut protocol = 0;
        for group in 1.. {
            let mut next = |bit: u8| (announced & bit != 0).then(|| rest.next()).flatten();
            let (ta, _tb, tc, td) = (next(0x10), next(0x20), next(0x40), next(0x80));
            match (group, protocol) {
                (1, _) => (found.ta1, found.tc1) = (ta, tc),
                (3.., 1) if found.ta_t1.is_none() && found.tc_t1.is_none() => {
                    (found.ta_t1, found.tc_t1) = (ta, tc);
                }
                _ => {}
            }
            let Some(td) = td else { break };
            (announced, protocol) = (td, td & 0x0F);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cns_apdu::hex;

    fn line(atr: &str) -> Line {
        Line::of(&hex::decode(atr).unwrap_or_default(), CLOCK, 254)
    }

    #[test]
    fn a_cns_at_twelve_times_9600_baud() {
        let line = line("3BFF1800FF8131FE55006B02091617011101434E531131808D");
        assert_eq!((line.fi, line.di, line.baud()), (372, 12, 115_200));
        assert_eq!((line.character, line.ifsc, line.checksum), (11, 254, 1));
        // 7 + 4 bytes there, 2 + 4 back: 17 characters of 11 etu and two turns of 22.
        let etus = 17 * 11 + 2 * 22;
        let expected = Duration::from_nanos(etus * 1_000_000_000 / 115_200);
        assert_eq!(line.exchange(7, 2), expected);
        assert_eq!(expected.as_micros(), 2005);
    }

    #[test]
    fn long_messages_are_chained() {
        let line = line("3BFF1800FF8131FE55006B02091617011101434E531131808D");
        // 255 bytes are two blocks, with an R-block of 4 bytes and two turns between them.
        assert_eq!(line.message(254, 254), 258 * 11);
        assert_eq!(line.message(255, 254), (255 + 8) * 11 + 4 * 11 + 44);
        // An empty message is a block all the same.
        assert_eq!(line.message(0, 254), 4 * 11);
    }

    #[test]
    fn what_an_atr_does_not_say_is_as_in_the_standard() {
        for atr in ["", "3B", "3B00", "3BFF18", "3B10FF"] {
            let line = line(atr);
            assert_eq!((line.ifsc, line.checksum), (32, 1), "{atr}");
        }
        let line = line("3B00");
        assert_eq!(
            (line.fi, line.di, line.baud(), line.character),
            (372, 1, 9_600, 12)
        );
    }
}
