//! What mutants do to the file control information that SELECT answers.

use cns_apdu::tlv::{self, Tag};

/// The objects of a template: tags and values.
pub(super) type Objects = Vec<(u32, Vec<u8>)>;

/// Edits what is told of a transparent file.
pub(super) fn of_file(answer: &mut Vec<u8>, edit: impl FnOnce(&mut Objects)) {
    of_kind(answer, 0x01, edit);
}

/// Edits what is told of a folder.
pub(super) fn of_folder(answer: &mut Vec<u8>, edit: impl FnOnce(&mut Objects)) {
    of_kind(answer, 0x38, edit);
}

fn of_kind(answer: &mut Vec<u8>, kind: u8, edit: impl FnOnce(&mut Objects)) {
    of_any(answer, |objects| {
        let is_kind = |(tag, value): &(u32, Vec<u8>)| *tag == 0x82 && value.first() == Some(&kind);
        if objects.iter().any(is_kind) {
            edit(objects);
        }
    });
}

/// Edits what is told of anything.
pub(super) fn of_any(answer: &mut Vec<u8>, edit: impl FnOnce(&mut Objects)) {
    let Some(template) = tlv::find(answer, Tag(0x6F)) else {
        return;
    };
    let mut objects: Objects = tlv::objects(template)
        .map_while(Result::ok)
        .map(|object| (object.tag.0, object.value.to_vec()))
        .collect();
    edit(&mut objects);
    let sw = answer.split_off(answer.len().saturating_sub(2));
    answer.clear();
    tlv::write_nested(answer, Tag(0x6F), |out| {
        for (tag, value) in &objects {
            tlv::write(out, Tag(*tag), value);
        }
    });
    answer.extend(sw);
}

/// Puts another tag on the template.
pub(super) fn retag(answer: &mut [u8], tag: u8) {
    if let Some(first) = answer.first_mut() {
        *first = tag;
    }
}

/// Gives the object with this tag another value.
pub(super) fn set(objects: &mut Objects, tag: u32, value: &[u8]) {
    for (_, old) in objects.iter_mut().filter(|(found, _)| *found == tag) {
        *old = value.to_vec();
    }
}
