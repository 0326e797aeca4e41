//! What mutants do to the files of a card behind its back.

use cns_card::{CardImage, Content, DedicatedFile, ElementaryFile, File, FileId};

/// The file or folder at this path, the identifiers below the master file. A mutant that is made of
/// a card without it stays right, and survives: the suite's test shows that.
pub(super) fn at<'a>(image: &'a mut CardImage, path: &[u16]) -> Option<&'a mut File> {
    let (first, rest) = path.split_first()?;
    let mut file = in_folder(&mut image.master_file, *first)?;
    for id in rest {
        file = match file {
            File::Dedicated(folder) => in_folder(folder, *id)?,
            File::Elementary(_) => return None,
        };
    }
    Some(file)
}

/// The folder at this path; the master file at the empty one.
pub(crate) fn folder<'a>(image: &'a mut CardImage, path: &[u16]) -> Option<&'a mut DedicatedFile> {
    if path.is_empty() {
        return Some(&mut image.master_file);
    }
    match at(image, path)? {
        File::Dedicated(folder) => Some(folder),
        File::Elementary(_) => None,
    }
}

/// Takes a file or folder away.
pub(super) fn remove(image: &mut CardImage, path: &[u16]) {
    let Some((id, parent)) = path.split_last() else {
        return;
    };
    if let Some(folder) = folder(image, parent) {
        folder.files.retain(|file| id_of(file) != FileId(*id));
    }
}

/// What a file has.
pub(super) fn content(image: &mut CardImage, path: &[u16]) -> Option<Content> {
    match at(image, path)? {
        File::Elementary(file) => Some(file.inspect().clone()),
        File::Dedicated(_) => None,
    }
}

/// Puts other content in the place of what a file has.
pub(super) fn refill(image: &mut CardImage, path: &[u16], edit: impl FnOnce(&mut Content)) {
    if let Some(File::Elementary(file)) = at(image, path) {
        let mut content = file.inspect().clone();
        edit(&mut content);
        *file = ElementaryFile::new(file.id, file.access, content);
    }
}

/// Sets one access byte of an elementary file: 0 READ, 1 UPDATE, 2 APPEND.
pub(super) fn allow(image: &mut CardImage, path: &[u16], place: usize, condition: u8) {
    let access = match at(image, path) {
        Some(File::Elementary(file)) => &mut file.access,
        Some(File::Dedicated(folder)) => &mut folder.access,
        None => return,
    };
    if let Some(byte) = access.0.get_mut(place) {
        *byte = condition;
    }
}

/// The bytes of a transparent file.
pub(super) fn bytes(content: &mut Content) -> &mut Vec<u8> {
    match content {
        Content::Transparent(bytes) => bytes,
        // A mutant of a record file's bytes: its records are no bytes, and it becomes transparent.
        Content::Records { .. } => {
            *content = Content::Transparent(Vec::new());
            bytes(content)
        }
    }
}

fn in_folder(folder: &mut DedicatedFile, id: u16) -> Option<&mut File> {
    let mut files = folder.files.iter_mut();
    files.find(|file| id_of(file) == FileId(id))
}

fn id_of(file: &File) -> FileId {
    match file {
        File::Dedicated(folder) => folder.id,
        File::Elementary(file) => file.id,
    }
}
