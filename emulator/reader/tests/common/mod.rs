//! A card for the reader's tests.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::LazyLock;

use cns_apdu::hex;
use cns_authority::{CertificationAuthority, CertifierName, CertifierTerm};
use cns_card::{Card, CardImage, EntropyFault};
use cns_fixtures::{citizen, personalise, profile};
use cns_reader::{Passphrase, SystemEntropy};
use tempfile::{NamedTempFile, TempDir};
use time::macros::{date, datetime};

/// The citizen whose PIN is 12345678 and whose PUK is 87654321, on the default card.
pub fn image() -> CardImage {
    static IMAGE: LazyLock<CardImage> = LazyLock::new(|| {
        let start = datetime!(2026-01-01 0:00 UTC);
        let term = CertifierTerm::of_run(start, start).unwrap();
        let name = CertifierName::regional("Collaudo");
        let authority = CertificationAuthority::new(&name, term).unwrap();
        let profile = profile("cns11-st2021").unwrap();
        let citizen = citizen("mario-bianchi").unwrap();
        let today = date!(2026 - 11 - 01);
        personalise(
            &profile,
            &citizen,
            &authority,
            today,
            &mut SystemEntropy::new(),
        )
        .unwrap()
        .image
    });
    IMAGE.clone()
}

/// A folder in main memory, where there is one: what a test says about steps and processes does not
/// depend on how long a disk takes.
pub fn fast_folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// Random bytes that are the same in every run.
pub fn counting() -> impl FnMut(&mut [u8]) -> Result<(), EntropyFault> + Send {
    let mut next = 0_u8;
    move |bytes| {
        for byte in bytes {
            *byte = next;
            next = next.wrapping_add(1);
        }
        Ok(())
    }
}

/// Sends a command and returns the response, both in hexadecimal.
pub fn send(card: &mut Card, command: &str) -> String {
    let mut response = Vec::new();
    card.transmit(&hex::decode(command).unwrap(), &mut response);
    hex::encode(&response).replace(' ', "")
}

/// The files in a folder.
pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A passphrase, by the way that the command takes it.
pub fn passphrase(text: &str) -> Passphrase {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    Passphrase::from_file(file.path()).unwrap()
}
