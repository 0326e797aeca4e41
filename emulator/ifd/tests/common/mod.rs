//! What the tests share: the library that is tested, a card file, a folder.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use cns_card::CardImage;
use cns_fixtures::{citizen, collaudo_authority, personalise, profile};
use cns_reader::{ImageFile, SystemEntropy};
use time::OffsetDateTime;

/// The library, as cargo has built it for this test.
pub fn library() -> PathBuf {
    cns_ifd::library::beside(&std::env::current_exe().unwrap()).unwrap()
}

/// The default card of the citizen whose PIN is 12345678.
pub fn image() -> CardImage {
    let today = OffsetDateTime::now_utc().date();
    let authority = collaudo_authority(today).unwrap();
    let profile = profile(cns_fixtures::DEFAULT_PROFILE).unwrap();
    let citizen = citizen("mario-bianchi").unwrap();
    let mut entropy = SystemEntropy::new();
    personalise(&profile, &citizen, &authority, today, &mut entropy)
        .unwrap()
        .image
}

/// Writes a card and the reader's file; returns the file's path.
pub fn reader(folder: &Path, text: &str) -> PathBuf {
    ImageFile::create(&folder.join("card.cns"), &image(), None).unwrap();
    let path = folder.join("reader.toml");
    std::fs::write(&path, text).unwrap();
    path
}
