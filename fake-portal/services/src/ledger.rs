//! Entries that are added and changed but never taken out, each of one person.

use std::collections::HashMap;

use cns_authority::CodiceFiscale;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::access::Access;

/// An entry that is about somebody.
pub(crate) trait Held {
    /// The person it is about.
    fn holder(&self) -> CodiceFiscale;
}

/// A list of entries, numbered from 0 in the order in which they came.
///
/// As JSON it is the list alone: an entry's number is its place, and whose it is stands in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ledger<T> {
    entries: Vec<T>,
    of_holder: HashMap<CodiceFiscale, Vec<u32>>,
}

impl<T: Held> Ledger<T> {
    /// Adds an entry and gives its number.
    pub(crate) fn add(&mut self, entry: T) -> u32 {
        // Four thousand million entries do not fit into memory, so that the number always fits.
        let number = self.entries.len() as u32;
        self.of_holder
            .entry(entry.holder())
            .or_default()
            .push(number);
        self.entries.push(entry);
        number
    }

    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        self.entries.get(number as usize)
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.entries.get_mut(number as usize)
    }

    /// The entry if it is about the person whose data may be seen: others are as if they were not.
    pub(crate) fn seen(&self, access: &Access, number: u32) -> Option<&T> {
        self.get(number)
            .filter(|entry| entry.holder() == access.person())
    }

    /// What there is about a person, oldest first.
    pub(crate) fn of(&self, holder: CodiceFiscale) -> impl DoubleEndedIterator<Item = (u32, &T)> {
        self.of_holder
            .get(&holder)
            .into_iter()
            .flatten()
            .filter_map(|number| Some((*number, self.get(*number)?)))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        (0..).zip(&self.entries)
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (u32, &mut T)> {
        (0..).zip(&mut self.entries)
    }
}

impl<T> Default for Ledger<T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            of_holder: HashMap::new(),
        }
    }
}

impl<T: Held> FromIterator<T> for Ledger<T> {
    fn from_iter<I: IntoIterator<Item = T>>(entries: I) -> Self {
        let mut ledger = Self::default();
        for entry in entries {
            ledger.add(entry);
        }
        ledger
    }
}

impl<T: Serialize> Serialize for Ledger<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.entries.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de> + Held> Deserialize<'de> for Ledger<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from_iter)
    }
}
