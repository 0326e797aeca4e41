//! A disk that loses its power or fails, and what may be found on it afterwards.

use std::io;

use cns_reader::store::Step;

/// What befalls the disk.
#[derive(Clone, Copy, Default)]
pub(crate) enum Trouble {
    #[default]
    None,
    /// From this step on there is no power.
    NoPowerFrom(usize),
    /// This step fails, and those after it work.
    FailureAt(usize),
}

/// The steps that were begun, and the trouble that they meet.
#[derive(Default)]
pub(crate) struct Disk {
    pub(crate) trouble: Trouble,
    pub(crate) steps: Vec<Begun>,
}

/// A step that was begun.
#[derive(Clone, Debug)]
pub(crate) enum Begun {
    Create,
    Write(Vec<u8>),
    Flush,
    Rename,
    FlushFolder,
}

/// A folder that may be found.
pub(crate) struct Found {
    pub(crate) image: Vec<u8>,
    /// What stands beside it under the name of a new file.
    pub(crate) stray: Option<Vec<u8>>,
}

impl Disk {
    pub(crate) fn begin(&mut self, step: Step<'_>) -> io::Result<()> {
        let index = self.steps.len();
        self.steps.push(Begun::from(step));
        let works = match self.trouble {
            Trouble::None => true,
            Trouble::NoPowerFrom(first) => index < first,
            Trouble::FailureAt(broken) => index != broken,
        };
        match works {
            true => Ok(()),
            false => Err(io::Error::other("the disk is gone")),
        }
    }
}

/// Every folder that may be found when the power goes after these steps. Bytes that were not flushed
/// may be there or not, in part or as zeros, and so may a name in a folder that was not flushed.
pub(crate) fn after_power_cut(old: &[u8], steps: &[Begun]) -> Vec<Found> {
    let mut in_place = vec![old.to_vec()];
    // What may stand in the new file; in the end, all that was written to it.
    let mut new: Option<Vec<Vec<u8>>> = None;
    let mut renamed: Option<Vec<Vec<u8>>> = None;
    for step in steps {
        match step {
            Begun::Create => new = Some(vec![Vec::new()]),
            Begun::Write(bytes) => new = Some(unflushed(bytes)),
            Begun::Flush => new = new.map(|contents| contents[contents.len() - 1..].to_vec()),
            Begun::Rename => renamed = new.take(),
            Begun::FlushFolder => in_place = renamed.take().unwrap_or(in_place),
        }
    }
    let beside = new.iter().chain(&renamed).flatten().cloned().map(Some);
    let strays: Vec<_> = [None].into_iter().chain(beside).collect();
    let mut found = Vec::new();
    for image in &in_place {
        found.extend(strays.iter().map(|stray| Found {
            image: image.clone(),
            stray: stray.clone(),
        }));
    }
    found.extend(
        renamed
            .into_iter()
            .flatten()
            .map(|image| Found { image, stray: None }),
    );
    found
}

/// What may stand in a file to which these bytes were written; the last is all of them.
fn unflushed(bytes: &[u8]) -> Vec<Vec<u8>> {
    let length = bytes.len();
    let mut contents = vec![vec![0; length]];
    for kept in [0, 1, length / 2, length - 1, length] {
        contents.push(bytes[..kept].to_vec());
    }
    contents
}

impl Begun {
    pub(crate) fn written(&self) -> Option<&Vec<u8>> {
        match self {
            Self::Write(bytes) => Some(bytes),
            _ => None,
        }
    }
}

impl From<Step<'_>> for Begun {
    fn from(step: Step<'_>) -> Self {
        match step {
            Step::Create => Self::Create,
            Step::Write(bytes) => Self::Write(bytes.to_vec()),
            Step::Flush => Self::Flush,
            Step::Rename => Self::Rename,
            Step::FlushFolder => Self::FlushFolder,
        }
    }
}
