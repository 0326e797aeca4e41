//! An answer to reset, taken apart without any help of the card's own code.

use crate::case::Stop;

/// The parts of an answer to reset.
pub(super) struct Decoded<'a> {
    /// TA, TB, TC and TD of each group that is announced, the first first.
    pub(super) groups: Vec<Group>,
    /// T1 to TK.
    pub(super) historical: &'a [u8],
    /// TCK, if a protocol other than T=0 asks for it.
    pub(super) checksum: Option<u8>,
    /// What follows although nothing announced it.
    pub(super) trailing: &'a [u8],
}

/// The interface bytes that one T0 or TD announces.
#[derive(Clone, Copy, Default)]
pub(super) struct Group {
    pub(super) ta: Option<u8>,
    pub(super) tb: Option<u8>,
    pub(super) tc: Option<u8>,
    pub(super) td: Option<u8>,
}

/// Takes an answer to reset apart. One that ends too early fails.
pub(super) fn decode(atr: &[u8]) -> Result<Decoded<'_>, Stop> {
    parts(atr).ok_or_else(|| {
        Stop::fail(
            "as many bytes as T0 and the TD bytes announce",
            cns_apdu::hex::encode(atr),
        )
    })
}

fn parts(atr: &[u8]) -> Option<Decoded<'_>> {
    let (&[_, t0], mut rest) = atr.split_first_chunk::<2>()?;
    let mut groups: Vec<Group> = Vec::new();
    let mut announced = Some(t0);
    while let Some(mask) = announced {
        let mut next = |bit: u8| match mask & bit {
            0 => Some(None),
            _ => {
                let (first, others) = rest.split_first()?;
                rest = others;
                Some(Some(*first))
            }
        };
        let group = Group {
            ta: next(0x10)?,
            tb: next(0x20)?,
            tc: next(0x40)?,
            td: next(0x80)?,
        };
        announced = group.td;
        groups.push(group);
    }
    let (historical, rest) = rest.split_at_checked(usize::from(t0 & 0x0F))?;
    let has_checksum = groups.iter().filter_map(Group::protocol).any(|t| t != 0);
    let (checksum, trailing) = match has_checksum {
        true => rest.split_first().map(|(tck, rest)| (Some(*tck), rest))?,
        false => (None, rest),
    };
    Some(Decoded {
        groups,
        historical,
        checksum,
        trailing,
    })
}

impl Decoded<'_> {
    /// The group with this number, counted from 1 as in TA1; an empty one where none is announced.
    pub(super) fn group(&self, number: usize) -> Group {
        let place = number.checked_sub(1);
        let group = place.and_then(|place| self.groups.get(place));
        group.copied().unwrap_or_default()
    }
}

impl Group {
    /// The protocol that TD offers, or global interface bytes (15).
    pub(super) fn protocol(&self) -> Option<u8> {
        self.td.map(|td| td & 0x0F)
    }
}
