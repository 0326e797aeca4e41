//! The power goes off at every step by which a command changes the card's file, and the disk fails
//! at every one of them. Killed processes are the subject of the test `killed` of `cli`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../common/mod.rs"]
mod common;
mod disk;
mod lines;
mod rsa;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use cns_card::{Card, CardImage, Condition, KeyMaterial, LifeCycle};
use cns_reader::ImageFile;
use common::{counting, fast_folder, names, send};
use disk::{Begun, Disk, Found, Trouble, after_power_cut};
use lines::{LINES, Line};
use tempfile::TempDir;

#[test]
fn a_power_cut_at_any_step_leaves_the_old_card_or_the_new_one() {
    for line in LINES {
        let whole = Run::of(line, Trouble::None);
        assert_eq!(whole.answer, line.answer, "{}", line.name);
        let written: Vec<_> = whole.steps.iter().filter_map(Begun::written).collect();
        if let Some(id) = line.presents {
            let before = tries(&whole.before, id).unwrap();
            let charged = tries(&image_in(written[0]), id).unwrap();
            assert_eq!(charged + 1, before, "{}: charged first of all", line.name);
        }
        for cut in 0..whole.steps.len() {
            let run = Run::of(line, Trouble::NoPowerFrom(cut));
            assert_eq!(run.answer, "6581", "{}", line.name);
            // The step at which the power goes was carried out, or not.
            for done in [cut, cut + 1] {
                for found in after_power_cut(&run.file_before, &run.steps[..done]) {
                    check_found(line, &run, &found, &format!("cut at step {cut}"));
                }
            }
        }
        // When the answer leaves, nothing but the last card can be found any more.
        let found = after_power_cut(&whole.file_before, &whole.steps);
        let [Found { image, stray: None }] = found.as_slice() else {
            panic!("{}: the answer leaves before all is durable", line.name);
        };
        assert_eq!(image, *written.last().unwrap(), "{}", line.name);
        check_found(line, &whole, &found[0], "cut after the answer");
    }
}

#[test]
fn a_disk_that_fails_at_any_step_is_answered_6581_and_nothing_has_happened() {
    for line in LINES {
        let steps = Run::of(line, Trouble::None).steps.len();
        for broken in 0..steps {
            let context = format!("{}, broken at step {broken}", line.name);
            let mut run = Run::of(line, Trouble::FailureAt(broken));
            assert_eq!(run.answer, "6581", "{context}");
            let kept = ImageFile::read(&run.path(), None).unwrap();
            assert_eq!(kept.encode(), run.card.image().encode(), "{context}");
            check_tries(line, &run.before, &kept, &context);
            assert_eq!(names(run.folder.path()), [NAME], "{context}");
            let again = send(&mut run.card, line.command);
            assert_eq!(again, line.answer_again, "{context}");
        }
    }
}

/// The card that is found in a folder is one that was there before or was written, and nobody got a
/// try for nothing.
fn check_found(line: &Line, run: &Run, found: &Found, context: &str) {
    let context = format!("{}, {context}", line.name);
    let folder = fast_folder();
    let path = folder.path().join(NAME);
    fs::write(&path, &found.image).unwrap();
    if let Some(stray) = &found.stray {
        fs::write(folder.path().join(format!(".{NAME}.AbCdEf.new")), stray).unwrap();
    }
    let (image, _held) = ImageFile::open(&path, None)
        .unwrap_or_else(|error| panic!("{context}: the card does not load: {error}"));
    assert_eq!(names(folder.path()), [NAME], "{context}: strays are swept");
    let mut written = run.steps.iter().filter_map(Begun::written);
    let known = found.image == run.file_before || written.any(|bytes| *bytes == found.image);
    assert!(known, "{context}: the card is neither old nor new");
    check_tries(line, &run.before, &image, &context);
}

fn check_tries(line: &Line, before: &CardImage, after: &CardImage, context: &str) {
    for datum in &before.master_file.reference_data {
        let left = tries(after, datum.id).unwrap();
        let fine = left <= datum.tries_left() || line.raises.contains(&datum.id);
        assert!(fine, "{context}: {:02X} has got a try", datum.id);
    }
}

const NAME: &str = "card.cns";

/// A command that was given to a card in a file.
struct Run {
    folder: TempDir,
    card: Card,
    /// The card and its file when the command came.
    before: CardImage,
    file_before: Vec<u8>,
    /// The steps of the disk that the command took.
    steps: Vec<Begun>,
    answer: String,
}

impl Run {
    fn of(line: &Line, trouble: Trouble) -> Self {
        let folder = fast_folder();
        let path = folder.path().join(NAME);
        drop(ImageFile::create(&path, &image(), None).unwrap());
        let (image, file) = ImageFile::open(&path, None).unwrap();
        let disk = Arc::new(Mutex::new(Disk::default()));
        let observed = Arc::clone(&disk);
        let file = file.observed(move |step| observed.lock().unwrap().begin(step));
        let mut card = Card::new(image, file, counting());
        for command in line.before {
            send(&mut card, command);
        }
        let before = card.image().clone();
        let file_before = fs::read(&path).unwrap();

        *disk.lock().unwrap() = Disk {
            trouble,
            steps: Vec::new(),
        };
        let answer = send(&mut card, line.command);
        let Disk { steps, .. } = std::mem::take(&mut *disk.lock().unwrap());
        Self {
            folder,
            card,
            before,
            file_before,
            steps,
            answer,
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(NAME)
    }
}

/// A card on which everything can still be made, with a place for a key that is quick to generate.
fn image() -> CardImage {
    let mut image = common::image();
    image.life_cycle = LifeCycle::Creation;
    for key in &mut image.master_file.keys {
        key.material = KeyMaterial::Absent { bits: 1024 };
        key.rules.generate = Condition::Proven(0x10);
    }
    image
}

fn image_in(file: &[u8]) -> CardImage {
    let folder = fast_folder();
    let path = folder.path().join(NAME);
    fs::write(&path, file).unwrap();
    ImageFile::read(Path::new(&path), None).unwrap()
}

fn tries(image: &CardImage, id: u8) -> Option<u8> {
    let mut data = image.master_file.reference_data.iter();
    Some(data.find(|datum| datum.id == id)?.tries_left())
}
