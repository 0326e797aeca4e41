//! Access conditions in words: `read free, update PIN 10, else never`.

use super::object;

/// What the nine condition bytes of an elementary file are about.
pub const FILE_OPERATIONS: [&str; 9] = [
    "read",
    "update",
    "append",
    "deactivate",
    "activate",
    "delete",
    "administer",
    "increase",
    "decrease",
];

/// The same of a folder, without its ninth byte, which is reserved.
pub const FOLDER_OPERATIONS: [&str; 8] = [
    "set life cycle",
    "update",
    "append",
    "deactivate",
    "activate",
    "delete",
    "administer",
    "create",
];

/// A condition byte as one who sees no more of the card: `free`, `never`, or the PIN or key.
pub fn condition(byte: u8) -> String {
    match byte {
        0x00 => "free".to_owned(),
        id @ 0x01..=0x7F if id != 0x66 => object(id),
        _ => "never".to_owned(),
    }
}

/// Operations with the same condition stand together; what is never allowed comes last, unnamed.
pub fn summary(operations: &[&str], conditions: impl IntoIterator<Item = String>) -> String {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for (operation, found) in operations.iter().zip(conditions) {
        match groups.iter_mut().find(|(known, _)| *known == found) {
            Some((_, members)) => members.push(operation),
            None => groups.push((found, vec![operation])),
        }
    }
    if let [(only, _)] = groups.as_slice() {
        return only.clone();
    }
    let (never, allowed): (Vec<_>, Vec<_>) =
        groups.into_iter().partition(|(found, _)| found == "never");
    allowed
        .into_iter()
        .map(|(found, members)| format!("{} {found}", members.join(" and ")))
        .chain(never.iter().map(|_| "else never".to_owned()))
        .collect::<Vec<_>>()
        .join(", ")
}
