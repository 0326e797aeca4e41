//! PUT DATA: objects and access conditions, from outside.
//!
//! ```text
//! 00 DA 01 6E   OCI: a PIN, PUK or key of the current folder
//!   83 02 class id
//!   85 08 option tries algorithm errors FF 00 00 shortest
//!   86 n  use change unblock FF FF FF generate ...
//!   8B 10 messaging conditions, if any
//!   8F n  the value: eight digits padded with FF, or a triple-DES key; none yet if it is missing
//! 00 DA 01 6D   SECI: a security environment of the current folder
//!   83 01 id | 8F 06 six key identifiers
//! 00 DA 01 6F   FCI: the access bytes of the current file
//!   86 n
//!
//! class 00   algorithm 87: PIN or PUK; triple DES: key for EXTERNAL AUTHENTICATE
//! class 10   triple DES: key for PSO ENCIPHER and DECIPHER
//! class 20   0C or 88: place for an RSA key pair, to be filled by GENERATE KEY PAIR
//! ```
//! Source: the driver that the vendor of most CNS masks gave to OpenSC, for the years of 1024 bits.
//! Where it writes an RSA key's parts as values, this card answers 6A80: it generates key pairs only.

use cns_apdu::tlv::{self, Tag};
use cns_apdu::{Command, Sw};

use super::create_file::access_conditions;
use super::{Answer, Execution};
use crate::access::{self, Administer, AppendObject, Condition, UpdateObject};
use crate::crypto::TripleDesKey;
use crate::image::ObjectAt;
use crate::key::{Key, KeyAlgorithm, KeyMaterial, KeyRules};
use crate::memory::{Change, Object};
use crate::reference_data::{ReferenceData, ReferenceRules, ReferenceValue, Secret};
use crate::secure_messaging::ObjectMessaging;
use crate::security_environment::SecurityEnvironment;

/// The algorithm byte of a PIN or PUK.
const PIN_TEST: u8 = 0x87;

/// An RSA key object that is put from outside is for a key of this length.
const DEFAULT_BITS: u16 = 2048;

pub(super) fn put_object(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let object = Description::parse(command.data)?;
    let built = object.build(execution)?;
    put(execution, object.class, object.id, built)
}

pub(super) fn put_environment(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let [id] = *field(command.data, 0x83)? else {
        return Err(Sw::WRONG_DATA);
    };
    let components = field(command.data, 0x8F)?
        .try_into()
        .map_err(|_| Sw::WRONG_DATA)?;
    let folder = execution.session.folder;
    let image = execution.memory.image();
    let exists = image
        .folder(folder)
        .is_some_and(|folder| folder.environments.iter().any(|found| found.id == id));
    let environment = Object::Environment(SecurityEnvironment { id, components });
    commit(execution, exists, environment)
}

pub(super) fn put_access(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let conditions = access_conditions(field(command.data, 0x86)?)?;
    let file = execution.current_file()?;
    let image = execution.memory.image();
    let grant = access::grant::<Administer>(image, &execution.session.rights, file)?;
    execution
        .memory
        .commit([Change::access(&grant, conditions)])?;
    Ok(Sw::OK)
}

/// An object as the host describes it.
struct Description<'a> {
    class: u8,
    id: u8,
    tries_max: u8,
    algorithm: u8,
    errors: u8,
    length_min: u8,
    conditions: &'a [u8],
    messaging: ObjectMessaging,
    value: Option<&'a [u8]>,
}

impl<'a> Description<'a> {
    fn parse(data: &'a [u8]) -> Result<Self, Sw> {
        let [class, id] = *field(data, 0x83)? else {
            return Err(Sw::WRONG_DATA);
        };
        let [_, flags, algorithm, errors, _, _, _, length_min] = *field(data, 0x85)? else {
            return Err(Sw::WRONG_DATA);
        };
        Ok(Self {
            class,
            id,
            tries_max: flags & 0x0F,
            algorithm,
            errors: errors & 0x0F,
            length_min,
            conditions: field(data, 0x86)?,
            messaging: match tlv::find(data, Tag(0x8B)) {
                Some(bytes) => ObjectMessaging(bytes.try_into().map_err(|_| Sw::WRONG_DATA)?),
                None => ObjectMessaging::NONE,
            },
            value: tlv::find(data, Tag(0x8F)),
        })
    }

    fn condition(&self, place: usize) -> Condition {
        self.conditions
            .get(place)
            .map_or(Condition::Never, |byte| Condition::from(*byte))
    }

    fn build(&self, execution: &mut Execution<'_>) -> Result<Object, Sw> {
        let triple_des = execution.image().dialect.triple_des_algorithm;
        let algorithm = KeyAlgorithm::from_byte(self.algorithm, triple_des);
        match (self.class, algorithm) {
            (0x00, None) if self.algorithm == PIN_TEST => self.reference(|value| {
                let value = ReferenceValue::from_wire(value).map_err(|_| Sw::WRONG_DATA)?;
                super::change_reference_data::new_secret(execution, &value)
            }),
            (0x00, Some(KeyAlgorithm::TripleDes)) => {
                self.reference(|value| triple_des_key(value).map(Secret::Key))
            }
            (0x10, Some(algorithm @ KeyAlgorithm::TripleDes)) => {
                let key = triple_des_key(self.value.ok_or(Sw::WRONG_DATA)?)?;
                Ok(self.key(algorithm, KeyMaterial::TripleDes(key)))
            }
            // A value would be a key's part, and this card generates its key pairs whole.
            (0x20, Some(KeyAlgorithm::RsaPure | KeyAlgorithm::RsaSignature))
                if self.value.is_some() =>
            {
                Err(Sw::WRONG_DATA)
            }
            (0x20, Some(algorithm @ (KeyAlgorithm::RsaPure | KeyAlgorithm::RsaSignature))) => {
                Ok(self.key(algorithm, KeyMaterial::Absent { bits: DEFAULT_BITS }))
            }
            _ => Err(Sw::WRONG_DATA),
        }
    }

    fn reference(&self, secret: impl FnOnce(&[u8]) -> Result<Secret, Sw>) -> Result<Object, Sw> {
        let rules = ReferenceRules {
            change: self.condition(1),
            unblock: self.condition(2),
            tries_max: self.tries_max,
            length_min: self.length_min,
        };
        let secret = self.value.map_or(Ok(Secret::Unset), secret)?;
        let left = self.tries_max.saturating_sub(self.errors);
        let datum = ReferenceData::stored(self.id, rules, left, secret);
        Ok(Object::Reference(datum.with_messaging(self.messaging)))
    }

    fn key(&self, algorithm: KeyAlgorithm, material: KeyMaterial) -> Object {
        let rules = KeyRules {
            usage: self.condition(0),
            change: self.condition(1),
            generate: self.condition(6),
        };
        Object::Key(Key {
            id: self.id,
            rules,
            algorithm,
            material,
            messaging: self.messaging,
        })
    }
}

fn put(execution: &mut Execution<'_>, class: u8, id: u8, object: Object) -> Answer {
    if !(0x01..=0x1F).contains(&id) {
        return Err(Sw::WRONG_DATA);
    }
    let at = ObjectAt {
        folder: execution.session.folder,
        id,
    };
    let image = execution.image();
    let exists = match class {
        0x00 => image.reference_data(at).is_ok(),
        _ => image.key(at).is_ok(),
    };
    commit(execution, exists, object)
}

/// An object is put in the place of another with one right, and added with a second one.
fn commit(execution: &mut Execution<'_>, exists: bool, object: Object) -> Answer {
    let folder = execution.session.folder;
    let image = execution.memory.image();
    let rights = &execution.session.rights;
    let change = match exists {
        true => Change::replaced_object(
            &access::grant::<UpdateObject>(image, rights, folder)?,
            object,
        ),
        false => Change::added_object(
            &access::grant::<AppendObject>(image, rights, folder)?,
            object,
        ),
    };
    execution.memory.commit([change])?;
    Ok(Sw::OK)
}

fn triple_des_key(value: &[u8]) -> Result<TripleDesKey, Sw> {
    TripleDesKey::new(value).ok_or(Sw::WRONG_DATA)
}

fn field(data: &[u8], tag: u32) -> Result<&[u8], Sw> {
    tlv::find(data, Tag(tag)).ok_or(Sw::WRONG_DATA)
}
