//! SELECT (ISO 7816-4 §7.1.1), `00 A4 P1 P2 [Lc data] [Le]`.
//!
//! ```text
//! P1  00  file identifier, or the master file without data     04  folder by its whole name
//!     02  elementary file under the current folder             08  path from the master file
//!     03  parent folder                                        09  path from the current folder
//! P2  00  FCI, if Le is there     0C  no data
//! ```
//! Whatever fails leaves the current file as it was: middleware probes dozens of names.

use cns_apdu::{Command, Le, Sw};

use super::{Answer, Execution};
use crate::file::path::Path;
use crate::file::{DedicatedFile, ElementaryFile, File, FileId, fci};
use crate::image::CardImage;

/// A file that was found.
enum Found<'a> {
    Folder(Path, &'a DedicatedFile),
    File(Path, &'a ElementaryFile),
}

pub(super) fn select(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    // The FCI is given to those only who expect data: a client in the field takes nothing but a
    // bare 9000 for an answer when it sent no Le.
    let wants_fci = match command.p2 {
        0x00 => command.le != Le::Absent,
        0x0C => false,
        _ => return Err(Sw::WRONG_P1_P2),
    };
    let image = execution.memory.image();
    let folder = execution.session.folder;
    let found = match command.p1 {
        0x00 => by_identifier(image, folder, command.data)?,
        0x02 => elementary_file_under(image, folder, command.data)?,
        0x03 => parent(image, folder, command.data)?,
        0x04 => by_name(image, command.data)?,
        0x08 => by_path(image, Path::MASTER_FILE, command.data)?,
        0x09 => by_path(image, folder, command.data)?,
        _ => return Err(Sw::WRONG_P1_P2),
    };
    let layout = image.dialect.fci;
    match found {
        Found::Folder(path, folder) => {
            if wants_fci {
                fci::of_dedicated_file(folder, layout, execution.reply);
            }
            execution.session.select_folder(path);
        }
        Found::File(path, file) => {
            if wants_fci {
                fci::of_elementary_file(file, layout, execution.reply);
            }
            execution.session.select_file(path);
        }
    }
    Ok(Sw::OK)
}

/// Looks in the current folder, then at the folder itself, then around it, then above: the order of
/// ISO 7816-4 for an identifier that stands alone.
fn by_identifier<'a>(image: &'a CardImage, folder: Path, data: &[u8]) -> Result<Found<'a>, Sw> {
    if data.is_empty() {
        return at(image, Path::MASTER_FILE).ok_or(Sw::FILE_NOT_FOUND);
    }
    let id = identifier(data)?;
    if id == FileId::MASTER_FILE {
        return at(image, Path::MASTER_FILE).ok_or(Sw::FILE_NOT_FOUND);
    }
    let itself = Some(folder).filter(|path| path.ids().last() == Some(&id));
    let parent = folder.parent();
    let sibling = parent.and_then(|parent| parent.child(id).ok());
    let above = parent.filter(|path| path.ids().last() == Some(&id));
    [folder.child(id).ok(), itself, sibling, above]
        .into_iter()
        .flatten()
        .find_map(|path| at(image, path))
        .ok_or(Sw::FILE_NOT_FOUND)
}

fn elementary_file_under<'a>(
    image: &'a CardImage,
    folder: Path,
    data: &[u8],
) -> Result<Found<'a>, Sw> {
    let path = folder
        .child(identifier(data)?)
        .map_err(|_| Sw::FILE_NOT_FOUND)?;
    let file = image.elementary_file(path).ok_or(Sw::FILE_NOT_FOUND)?;
    Ok(Found::File(path, file))
}

fn parent<'a>(image: &'a CardImage, folder: Path, data: &[u8]) -> Result<Found<'a>, Sw> {
    if !data.is_empty() {
        return Err(Sw::LC_INCONSISTENT);
    }
    folder
        .parent()
        .and_then(|path| at(image, path))
        .ok_or(Sw::FILE_NOT_FOUND)
}

fn by_name<'a>(image: &'a CardImage, name: &[u8]) -> Result<Found<'a>, Sw> {
    find_name(&image.master_file, Path::MASTER_FILE, name)
        .map(|(path, folder)| Found::Folder(path, folder))
        .ok_or(Sw::FILE_NOT_FOUND)
}

fn find_name<'a>(
    folder: &'a DedicatedFile,
    path: Path,
    name: &[u8],
) -> Option<(Path, &'a DedicatedFile)> {
    if folder.name.as_deref() == Some(name) {
        return Some((path, folder));
    }
    folder.files.iter().find_map(|file| match file {
        File::Dedicated(inner) => find_name(inner, path.child(inner.id).ok()?, name),
        File::Elementary(_) => None,
    })
}

fn by_path<'a>(image: &'a CardImage, start: Path, data: &[u8]) -> Result<Found<'a>, Sw> {
    let (ids, []) = data.as_chunks::<2>() else {
        return Err(Sw::LC_INCONSISTENT);
    };
    if ids.is_empty() {
        return Err(Sw::LC_INCONSISTENT);
    }
    let path = ids
        .iter()
        .try_fold(start, |path, id| {
            path.child(FileId(u16::from_be_bytes(*id)))
        })
        .map_err(|_| Sw::FILE_NOT_FOUND)?;
    at(image, path).ok_or(Sw::FILE_NOT_FOUND)
}

fn identifier(data: &[u8]) -> Result<FileId, Sw> {
    let bytes = data.try_into().map_err(|_| Sw::LC_INCONSISTENT)?;
    Ok(FileId(u16::from_be_bytes(bytes)))
}

fn at(image: &CardImage, path: Path) -> Option<Found<'_>> {
    let folder = image.folder(path).map(|folder| Found::Folder(path, folder));
    folder.or_else(|| {
        image
            .elementary_file(path)
            .map(|file| Found::File(path, file))
    })
}
