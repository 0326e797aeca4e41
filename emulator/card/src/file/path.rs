//! Where a file stands: the identifiers from below the master file down to it.

use core::fmt;

use super::FileId;

/// How deep files may be nested below the master file. Deeper than any CNS: its keys stand three
/// levels down.
const DEPTH_MAX: usize = 6;

/// A path from the master file; the empty path is the master file itself.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct Path {
    ids: [FileId; DEPTH_MAX],
    depth: usize,
}

/// More levels than a card has.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("files are nested more than {DEPTH_MAX} levels deep")]
pub struct PathTooDeep;

impl Path {
    /// The master file, 3F00.
    pub const MASTER_FILE: Self = Self {
        ids: [FileId(0); DEPTH_MAX],
        depth: 0,
    };

    /// The file with this identifier in the folder at this path.
    pub fn child(mut self, id: FileId) -> Result<Self, PathTooDeep> {
        let slot = self.ids.get_mut(self.depth).ok_or(PathTooDeep)?;
        *slot = id;
        self.depth += 1;
        Ok(self)
    }

    /// The folder that the file is in; none for the master file.
    pub fn parent(mut self) -> Option<Self> {
        self.depth = self.depth.checked_sub(1)?;
        // Unused slots stay zero, so that equal paths are equal values.
        *self.ids.get_mut(self.depth)? = FileId(0);
        Some(self)
    }

    /// The identifiers, outermost first.
    pub fn ids(&self) -> &[FileId] {
        self.ids.get(..self.depth).unwrap_or_default()
    }

    /// The path itself, then its parent, and so on up to the master file: the order in which the
    /// card looks for an object with backtracking.
    pub fn upwards(self) -> impl Iterator<Item = Self> {
        core::iter::successors(Some(self), |path| path.parent())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "3F00")?;
        self.ids().iter().try_for_each(|id| write!(f, "/{id}"))
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Path({self})")
    }
}
