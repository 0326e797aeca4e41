//! Files as the model sees them: a flat map from paths to what is there.

use crate::model::{Answer, Model, NOT_ALLOWED, refused};

/// Identifiers from below the master file, which is the empty path.
pub type Path = Vec<u16>;

pub const NO_FILE: u16 = 0x6A82;
pub const NO_ROOM: u16 = 0x6A84;
const NOT_SELECTED: u16 = 0x6986;
pub const WRONG_P1_P2: u16 = 0x6A86;
pub const WRONG_STRUCTURE: u16 = 0x6981;

#[derive(Clone, Debug)]
pub struct Folder {
    pub name: Option<Vec<u8>>,
    pub size: u16,
    pub access: [u8; 9],
}

#[derive(Clone, Debug)]
pub struct File {
    pub access: [u8; 9],
    pub content: Content,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    Bytes(Vec<u8>),
    Records {
        order: Order,
        /// How long each must be.
        length: Option<u8>,
        size: u16,
        records: Vec<Vec<u8>>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Order {
    OldestFirst,
    /// And the oldest makes room.
    NewestFirst,
}

/// Places of the access bytes.
pub const READ: usize = 0;
pub const UPDATE: usize = 1;
pub const APPEND: usize = 2;

impl Model {
    pub fn select(&mut self, p1: u8, p2: u8, data: &[u8], expects_data: bool) -> Answer {
        let with_fci = match p2 {
            0x00 => expects_data,
            0x0C => false,
            _ => return refused(WRONG_P1_P2),
        };
        let ids = || -> Result<Path, u16> {
            match data.len() % 2 {
                0 => Ok(data
                    .chunks(2)
                    .map(|id| u16::from_be_bytes([id[0], id[1]]))
                    .collect()),
                _ => Err(0x6A87),
            }
        };
        let here = self.session.folder.clone();
        let wanted: Vec<Path> = match p1 {
            0x00 if data.is_empty() => vec![vec![]],
            0x00 => match *ids()? {
                [0x3F00] => vec![vec![]],
                [id] => self.around(&here, id),
                _ => return refused(0x6A87),
            },
            0x02 => match *ids()? {
                [id] => vec![[&here[..], &[id]].concat()],
                _ => return refused(0x6A87),
            },
            0x03 if !data.is_empty() => return refused(0x6A87),
            0x03 => here
                .split_last()
                .map(|(_, above)| above.to_vec())
                .into_iter()
                .collect(),
            0x04 => self
                .folders
                .iter()
                .filter(|(_, folder)| folder.name.as_deref() == Some(data))
                .map(|(path, _)| path.clone())
                .collect(),
            0x08 | 0x09 if data.is_empty() => return refused(0x6A87),
            0x08 => vec![ids()?],
            0x09 => vec![[here, ids()?].concat()],
            _ => return refused(WRONG_P1_P2),
        };
        let is_there = |path: &&Path| {
            self.files.contains_key(*path) || (p1 != 0x02 && self.folders.contains_key(*path))
        };
        let path = wanted.iter().find(is_there).ok_or(NO_FILE)?.clone();
        let fci = if with_fci { self.fci(&path) } else { vec![] };
        self.session.record = None;
        if self.files.contains_key(&path) {
            self.session.folder = path[..path.len() - 1].to_vec();
            self.session.file = Some(path);
        } else {
            self.session.folder = path;
            self.session.file = None;
        }
        Ok((fci, 0x9000))
    }

    /// Where an identifier that stands alone is looked for, in this order: in the folder, the folder
    /// itself, beside it, above it.
    fn around(&self, here: &[u16], id: u16) -> Vec<Path> {
        let mut places = vec![[here, &[id]].concat()];
        let Some((own, above)) = here.split_last() else {
            return places;
        };
        if *own == id {
            places.push(here.to_vec());
        }
        places.push([above, &[id]].concat());
        if above.last() == Some(&id) {
            places.push(above.to_vec());
        }
        places
    }

    fn fci(&self, path: &Path) -> Vec<u8> {
        let filler = self.dialect.fci.descriptor_filler;
        let (head, access) = match (self.files.get(path), self.folders.get(path)) {
            (Some(file), _) => (file.content.described(filler), file.access),
            (None, Some(folder)) => (folder.described(filler), folder.access),
            (None, None) => unreachable!("the file was found"),
        };
        let id = path.last().copied().unwrap_or(0x3F00).to_be_bytes();
        let mut body = [&head[..], &[0x83, 2], &id, &[0x85, 1, 1, 0x86, 9], &access].concat();
        if self.dialect.fci.life_cycle {
            body.extend([0x8A, 1, 5]);
        }
        if self.dialect.fci.secure_messaging {
            body.extend([0xCB, 24]);
            body.extend([0xFF; 24]);
        }
        [&[0x6F, body.len() as u8][..], &body].concat()
    }

    pub fn read_binary(&self, offset: [u8; 2], wanted: usize) -> Answer {
        let offset = binary_offset(offset)?;
        let Content::Bytes(bytes) = self.current(READ)? else {
            return refused(WRONG_STRUCTURE);
        };
        let part: Vec<u8> = bytes.iter().copied().skip(offset).take(wanted).collect();
        match part.len() == wanted {
            true => Ok((part, 0x9000)),
            false => Ok((part, 0x6282)),
        }
    }

    pub fn update_binary(&mut self, offset: [u8; 2], data: &[u8]) -> Answer {
        let offset = binary_offset(offset)?;
        let Content::Bytes(bytes) = self.current(UPDATE)? else {
            return refused(WRONG_STRUCTURE);
        };
        let mut bytes = bytes.clone();
        if offset > bytes.len() {
            return refused(0x6B00);
        }
        if offset + data.len() > bytes.len() {
            return refused(NO_ROOM);
        }
        bytes.splice(offset..offset + data.len(), data.iter().copied());
        self.replace(Content::Bytes(bytes));
        Ok((vec![], 0x9000))
    }

    /// What the current file holds, for whom the access byte at this place lets in.
    pub fn current(&self, place: usize) -> Result<&Content, u16> {
        let path = self.session.file.as_ref().ok_or(NOT_SELECTED)?;
        let file = &self.files[path];
        match self.is_allowed(file.access[place], &path[..path.len() - 1]) {
            true => Ok(&file.content),
            false => Err(NOT_ALLOWED),
        }
    }

    pub fn replace(&mut self, content: Content) {
        let path = self.session.file.as_ref().unwrap();
        self.files.get_mut(path).unwrap().content = content;
    }
}

impl Content {
    fn described(&self, [first, second]: [u8; 2]) -> Vec<u8> {
        let (size, descriptor) = match self {
            Self::Bytes(bytes) => (bytes.len() as u16, [0x01, first, second]),
            Self::Records {
                order,
                length,
                size,
                ..
            } => {
                let descriptor = match (order, length) {
                    (Order::OldestFirst, Some(length)) => [0x02, first, *length],
                    (Order::OldestFirst, None) => [0x05, first, second],
                    (Order::NewestFirst, length) => [0x06, first, length.unwrap()],
                };
                (*size, descriptor)
            }
        };
        [&[0x80, 2][..], &size.to_be_bytes(), &[0x82, 3], &descriptor].concat()
    }
}

impl Folder {
    fn described(&self, [first, second]: [u8; 2]) -> Vec<u8> {
        let mut head = [&[0x81, 2][..], &self.size.to_be_bytes(), &[0x82, 3, 0x38]].concat();
        head.extend([first, second]);
        if let Some(name) = &self.name {
            head.extend([0x84, name.len() as u8]);
            head.extend(name);
        }
        head
    }
}

fn binary_offset(bytes: [u8; 2]) -> Result<usize, u16> {
    match u16::from_be_bytes(bytes) {
        // A short file identifier, and there are none.
        0x8000.. => Err(NO_FILE),
        offset => Ok(usize::from(offset)),
    }
}
