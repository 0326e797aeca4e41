//! What `pkcs11-tool` prints, as data.

use std::collections::BTreeMap;

use super::Object;
use crate::run::Finished;

/// What differs from card to card, or from run to run.
const PASSING: [&str; 3] = ["serial", "serial num", "subject"];

/// The slots with something in them, with what is told of it:
///
/// ```text
/// Slot 0 (0x0): Virtual PCD 00 00
///   token label        : MARIO BIANCHI (PIN CNS0)
/// ```
pub(super) fn slots(text: &str) -> Vec<(u32, BTreeMap<String, String>)> {
    let mut slots: Vec<(u32, BTreeMap<String, String>)> = Vec::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("Slot ") {
            // `0 (0x0)`: position and number. Clients ask by number.
            let number = rest
                .split_once("(0x")
                .and_then(|(_, it)| it.split_once(')'));
            let number = number.and_then(|(it, _)| u32::from_str_radix(it, 16).ok());
            slots.push((number.unwrap_or_default(), BTreeMap::new()));
        } else if let Some((_, info)) = slots.last_mut() {
            note(line, info);
        }
    }
    slots.retain(|(_, info)| info.keys().any(|key| key != "(empty)"));
    slots
}

/// The objects, without the data objects, which are the files that any client can read:
///
/// ```text
/// Private Key Object; RSA
///   label:      CNS0
/// ```
pub(super) fn objects(text: &str) -> Vec<Object> {
    let mut objects: Vec<Object> = Vec::new();
    for line in text.lines() {
        if !line.starts_with(' ') {
            objects.push(Object {
                kind: line.trim().to_owned(),
                attributes: BTreeMap::new(),
            });
        } else if let Some(object) = objects.last_mut() {
            note(line, &mut object.attributes);
        }
    }
    objects.retain(|object| object.kind.contains("Object;"));
    objects
}

/// `  RSA-PKCS, keySize={1024,2048}, hw, decrypt, sign, verify`
pub(super) fn mechanisms(text: &str) -> BTreeMap<String, String> {
    text.lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_once(", "))
        .map(|(name, rest)| (name.to_owned(), rest.to_owned()))
        .collect()
}

/// The reason in a complaint: `CKR_PIN_INCORRECT`; without one, its last words.
pub(super) fn refusal(client: &Finished) -> String {
    let text = client.complaint() + &client.text();
    let reason = text
        .split(|letter: char| !letter.is_ascii_uppercase() && letter != '_')
        .find(|word| word.starts_with("CKR_"));
    let last = text.lines().last().unwrap_or("nothing");
    reason.unwrap_or(last).to_owned()
}

/// `  key: value`, or a remark such as `  (token not recognized)`.
fn note(line: &str, into: &mut BTreeMap<String, String>) {
    let (key, value) = line.split_once(':').unwrap_or((line, ""));
    let key = key.trim();
    if !key.is_empty() && !PASSING.contains(&key) {
        into.insert(key.to_owned(), value.trim().to_owned());
    }
}

#[test]
fn slots_objects_and_mechanisms_are_read() {
    let text = "Available slots:\nSlot 0 (0x0): Virtual PCD 00 00\n  token label        : A B\n  \
                serial num         : 12\nSlot 2 (0x4): Virtual PCD 00 01\n  (empty)\n";
    let label = BTreeMap::from([("token label".to_owned(), "A B".to_owned())]);
    assert_eq!(slots(text), [(0, label)]);

    let text = "Private Key Object; RSA \n  label:      CNS0\n  ID:         01\nData object 12\n  \
                label: 'EF_GDO'\nProfile object 3\n  profile_id: 4\n";
    let objects = objects(text);
    assert_eq!(objects.len(), 1);
    assert!(
        objects
            .iter()
            .all(|it| it.is_private_key() && it.id() == "01")
    );

    let text = "Supported mechanisms:\n  MD5, digest\n  RSA-PKCS, keySize={1024,2048}, hw, sign\n";
    let read = mechanisms(text);
    assert_eq!(read.get("MD5").map(String::as_str), Some("digest"));
    assert_eq!(read.len(), 2);
}
