//! Which file is selected, as somebody knows who hears both sides of a conversation.
//!
//! A listener sees less than the card: an identifier that stands alone may mean four files, and
//! without FCI a folder looks like a file. Where the conversation does not say, what is known of
//! CNS cards decides.

use core::fmt;

use crate::command::Command;
use crate::names::{self, FileName, Holds};
use crate::response::Response;
use crate::tlv::{self, Tag};

/// Where a file stands.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Place {
    /// The application that the path begins at; none for the master file.
    pub application: Option<Vec<u8>>,
    /// The identifiers from below the master file or application.
    pub ids: Vec<u16>,
}

/// The current folder and file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Context {
    folder: Place,
    file: Option<Place>,
    /// What the last SELECT is about, while its FCI waits for GET RESPONSE.
    selected: Option<Place>,
}

impl Place {
    /// 3F00.
    pub const MASTER_FILE: Self = Self {
        application: None,
        ids: Vec::new(),
    };

    /// What stands in this folder under this identifier.
    #[must_use]
    pub fn child(&self, id: u16) -> Self {
        let mut child = self.clone();
        child.ids.push(id);
        child
    }

    /// The folder that this is in; none for the master file and for an application.
    pub fn parent(&self) -> Option<Self> {
        let (_, above) = self.ids.split_last()?;
        Some(Self {
            application: self.application.clone(),
            ids: above.to_vec(),
        })
    }

    /// What the field calls this file.
    pub fn known(&self) -> Option<&'static FileName> {
        match self.application {
            None => names::file_at(&self.ids),
            Some(_) => None,
        }
    }

    /// Whether what is in the file may be shown to anybody: it is known to hold nothing personal.
    pub fn is_technical(&self) -> bool {
        self.known()
            .is_some_and(|known| known.holds != Holds::PersonalData)
    }

    /// Its name, or its path where it has none.
    pub fn label(&self) -> String {
        match self.known() {
            Some(known) => known.name.to_owned(),
            None => self.to_string(),
        }
    }
}

impl Context {
    /// As after a reset: the master file is the current folder, and no file is selected.
    pub fn new() -> Self {
        Self {
            folder: Place::MASTER_FILE,
            file: None,
            selected: None,
        }
    }

    /// The current folder.
    pub fn folder(&self) -> &Place {
        &self.folder
    }

    /// The current elementary file.
    pub fn file(&self) -> Option<&Place> {
        self.file.as_ref()
    }

    /// What this command is about: for a SELECT the file that it asks for, for a command that reads
    /// or writes the current file.
    pub fn place(&self, command: &Command<'_>) -> Option<Place> {
        match command.instruction {
            0xA4 => self.selection(command),
            // A short file identifier in P1 names a file by a number that no table has.
            0xB0 | 0xD6 if command.p1 & 0x80 != 0 => None,
            0xB0..=0xB2 | 0x0E | 0xD6 | 0xD7 | 0xDC | 0xE2 => self.file.clone(),
            _ => None,
        }
    }

    /// Takes note of an answer: to a SELECT, or to the GET RESPONSE that fetches its FCI.
    pub fn answered(&mut self, command: &Command<'_>, response: Response<'_>) {
        let half_answered = self.selected.take();
        if !response.sw.is_success() {
            return;
        }
        let place = match command.instruction {
            0xA4 => self.selection(command),
            0xC0 => half_answered,
            _ => None,
        };
        let Some(mut place) = place else {
            return;
        };
        let control = control_information(response.data);
        let object = |tag| control.and_then(|control| tlv::find(control, Tag(tag)));
        // An application that calls itself 3F00 is the card's whole tree under another name.
        if place.ids.is_empty() && object(0x83) == Some(&[0x3F, 0x00]) {
            place = Place::MASTER_FILE;
        }
        let is_folder = match object(0x82).and_then(<[u8]>::first) {
            Some(descriptor) => descriptor & 0x38 == 0x38,
            None => self.looks_like_folder(command, &place),
        };
        if response.data.is_empty() && response.sw.0 >> 8 == 0x61 {
            self.selected = Some(place.clone());
        }
        match place.parent() {
            Some(parent) if !is_folder => {
                self.folder = parent;
                self.file = Some(place);
            }
            _ => {
                self.folder = place;
                self.file = None;
            }
        }
    }

    fn looks_like_folder(&self, command: &Command<'_>, place: &Place) -> bool {
        match command.p1 {
            0x01 | 0x03 | 0x04 => true,
            0x02 => false,
            _ => {
                *place == self.folder
                    || place
                        .known()
                        .is_some_and(|known| known.holds == Holds::Files)
            }
        }
    }

    fn selection(&self, command: &Command<'_>) -> Option<Place> {
        // A listener does not see into a secured command.
        if command.class.is_secured() {
            return None;
        }
        let path = |start: Place| {
            let (ids, []) = command.data.as_chunks::<2>() else {
                return None;
            };
            let mut ids = ids.iter().map(|id| u16::from_be_bytes(*id)).peekable();
            // Some hosts begin a path from the master file with the master file.
            let skipped = ids.next_if(|id| *id == 0x3F00 && start == Place::MASTER_FILE);
            let place = ids.fold(start, |place, id| place.child(id));
            (!command.data.is_empty() || skipped.is_some()).then_some(place)
        };
        match (command.p1, command.data) {
            (0x00, []) => Some(Place::MASTER_FILE),
            (0x00, &[high, low]) => Some(self.by_identifier(u16::from_be_bytes([high, low]))),
            (0x00, _) => path(Place::MASTER_FILE),
            (0x01 | 0x02, &[high, low]) => Some(self.folder.child(u16::from_be_bytes([high, low]))),
            (0x03, _) => self.folder.parent(),
            (0x04, identifier @ [_, ..]) => Some(Place {
                application: Some(identifier.to_vec()),
                ids: Vec::new(),
            }),
            (0x08, _) => path(Place::MASTER_FILE),
            (0x09, _) => path(self.folder.clone()),
            _ => None,
        }
    }

    /// Of the files that a lone identifier may mean, in the order of ISO 7816-4, the first that the
    /// field knows; else the one in the current folder.
    fn by_identifier(&self, id: u16) -> Place {
        if id == 0x3F00 {
            return Place::MASTER_FILE;
        }
        let child = self.folder.child(id);
        let itself = (self.folder.ids.last() == Some(&id)).then(|| self.folder.clone());
        let parent = self.folder.parent();
        let sibling = parent.as_ref().map(|parent| parent.child(id));
        let above = parent.filter(|parent| parent.ids.last() == Some(&id));
        [Some(child.clone()), itself, sibling, above]
            .into_iter()
            .flatten()
            .find(|place| place.known().is_some())
            .unwrap_or(child)
    }
}

impl Default for Context {
    fn default() -> Self {
        Self::new()
    }
}

/// The file control information in the answer to a SELECT: the value of its template, 6F or 62.
pub fn control_information(data: &[u8]) -> Option<&[u8]> {
    tlv::find(data, Tag(0x6F)).or_else(|| tlv::find(data, Tag(0x62)))
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.application {
            None => write!(f, "3F00")?,
            Some(identifier) => identifier
                .iter()
                .try_for_each(|byte| write!(f, "{byte:02X}"))?,
        }
        self.ids.iter().try_for_each(|id| write!(f, "/{id:04X}"))
    }
}
