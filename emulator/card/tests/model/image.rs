//! Where the model meets the card's own description of itself: how it learns what is on the card,
//! and how what is on the card is compared with it.

use std::collections::BTreeMap;

use cns_card::RecordStructure::{Cyclic, LinearFixed, LinearVariable};
use cns_card::{CardImage, Condition, DedicatedFile, FileId, KeyMaterial, WrongReference};

use crate::files::{Content, File, Folder, Order, Path};
use crate::model::{Model, Session};
use crate::secrets::{Secret, Value};
use crate::small::CIPHER_KEY;

impl Model {
    pub fn of(image: &CardImage, values: &[(Path, u8, Value)]) -> Self {
        let mut model = Self {
            folders: BTreeMap::new(),
            files: BTreeMap::new(),
            secrets: BTreeMap::new(),
            keys: BTreeMap::new(),
            tells_tries: image.dialect.wrong_reference == WrongReference::Modern,
            dialect: image.dialect.clone(),
            session: Session::default(),
            step: 0,
            sent: vec![],
            expected: vec![],
        };
        model.add(&image.master_file, vec![], values);
        model
    }

    fn add(&mut self, folder: &DedicatedFile, path: Path, values: &[(Path, u8, Value)]) {
        for datum in &folder.reference_data {
            let at = (path.clone(), datum.id);
            let value = values
                .iter()
                .find(|(path, id, _)| (path, id) == (&at.0, &at.1));
            let secret = Secret {
                value: value.map_or(Value::Unset, |(_, _, value)| value.clone()),
                change: byte(datum.rules.change),
                unblock: byte(datum.rules.unblock),
                tries_max: datum.rules.tries_max,
                tries_left: datum.tries_left(),
                length_min: datum.rules.length_min,
            };
            self.secrets.insert(at, secret);
        }
        for key in &folder.keys {
            if let KeyMaterial::TripleDes(_) = &key.material {
                let value = CIPHER_KEY;
                self.keys
                    .insert((path.clone(), key.id), (value, byte(key.rules.usage)));
            }
        }
        for file in &folder.files {
            let path = [&path[..], &[file.id().0]].concat();
            match file {
                cns_card::File::Dedicated(folder) => self.add(folder, path, values),
                cns_card::File::Elementary(file) => {
                    let content = content_of(file);
                    self.files.insert(
                        path,
                        File {
                            access: file.access.0,
                            content,
                        },
                    );
                }
            }
        }
        let (name, size, access) = (folder.name.clone(), folder.size, folder.access.0);
        self.folders.insert(path, Folder { name, size, access });
    }

    pub fn paths(&self) -> Vec<Path> {
        self.folders
            .keys()
            .chain(self.files.keys())
            .cloned()
            .collect()
    }

    pub fn record_files(&self) -> Vec<Path> {
        self.files
            .iter()
            .filter(|(_, file)| matches!(file.content, Content::Records { .. }))
            .map(|(path, _)| path.clone())
            .collect()
    }

    /// The identifiers of the triple-DES keys; what RSA keys do is not modelled.
    pub fn cipher_keys(&self) -> impl Iterator<Item = u8> {
        self.keys.keys().map(|(_, id)| *id)
    }

    pub fn names(&self) -> Vec<Vec<u8>> {
        self.folders
            .values()
            .filter_map(|folder| folder.name.clone())
            .collect()
    }

    /// Panics unless files and counters of the card are those of the model.
    pub fn check_contents(&self, image: &CardImage) {
        let card = |path: &Path| {
            path.iter()
                .try_fold(cns_card::Path::MASTER_FILE, |path, id| {
                    path.child(FileId(*id))
                })
                .unwrap()
        };
        for (path, file) in &self.files {
            let found = content_of(image.elementary_file(card(path)).unwrap());
            assert_eq!(
                found, file.content,
                "content of {path:04X?}, on the card (left)"
            );
        }
        for ((folder, id), secret) in &self.secrets {
            let data = &image.folder(card(folder)).unwrap().reference_data;
            let datum = data.iter().find(|datum| datum.id == *id).unwrap();
            assert_eq!(
                datum.tries_left(),
                secret.tries_left,
                "tries of {id:02X} in {folder:04X?}"
            );
        }
    }
}

fn content_of(file: &cns_card::ElementaryFile) -> Content {
    match file.inspect() {
        cns_card::Content::Transparent(bytes) => Content::Bytes(bytes.clone()),
        cns_card::Content::Records {
            structure,
            size,
            records,
        } => {
            let (order, length) = match *structure {
                LinearFixed { record_length } => (Order::OldestFirst, Some(record_length)),
                LinearVariable => (Order::OldestFirst, None),
                Cyclic { record_length } => (Order::NewestFirst, Some(record_length)),
            };
            Content::Records {
                order,
                length,
                size: *size,
                records: records.clone(),
            }
        }
    }
}

fn byte(condition: Condition) -> u8 {
    condition.into()
}
