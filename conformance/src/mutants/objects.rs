//! What mutants do to the PINs and keys of a card behind its back.

use cns_card::{CardImage, Key, ReferenceData, ReferenceState, ReferenceValue};

/// The identifiers of the master file's PIN and PUK.
pub(super) const PIN: u8 = 0x10;
pub(super) const PUK: u8 = 0x11;

/// Changes the PIN, PUK or authentication key with this identifier in the master file.
pub(super) fn reference(image: &mut CardImage, id: u8, edit: impl FnOnce(&mut ReferenceData)) {
    let mut data = image.master_file.reference_data.iter_mut();
    if let Some(datum) = data.find(|datum| datum.id == id) {
        edit(datum);
    }
}

/// Changes the key with this identifier in the master file.
pub(super) fn key(image: &mut CardImage, id: u8, edit: impl FnOnce(&mut Key)) {
    let mut keys = image.master_file.keys.iter_mut();
    if let Some(key) = keys.find(|key| key.id == id) {
        edit(key);
    }
}

/// Takes a try off a counter.
pub(super) fn spend(image: &mut CardImage, id: u8) {
    reference(image, id, |datum| {
        let left = datum.tries_left().saturating_sub(1);
        *datum = datum.clone().with_tries_left(left);
    });
}

/// Gives a counter all its tries back.
pub(super) fn fill(image: &mut CardImage, id: u8) {
    reference(image, id, |datum| {
        *datum = datum.clone().with_tries_left(datum.rules.tries_max);
    });
}

/// Gives a PIN or PUK this value, if it is in this state.
pub(super) fn set_if(image: &mut CardImage, id: u8, state: ReferenceState, digits: &str) {
    let Ok(value) = ReferenceValue::from_digits(digits) else {
        return;
    };
    reference(image, id, |datum| {
        if datum.state() == state {
            *datum = ReferenceData::new(id, datum.rules, &value, [0xA5; 16]);
        }
    });
}

/// Changes one byte of a command: 0 CLA, 1 INS, 2 P1, 3 P2, 4 Lc.
pub(super) fn set(command: &mut [u8], place: usize, edit: impl FnOnce(u8) -> u8) {
    if let Some(byte) = command.get_mut(place) {
        *byte = edit(*byte);
    }
}
