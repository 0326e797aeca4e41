//! PUT DATA: objects and access conditions, from outside.
//!
//! ```text
//! 00 DA 01 6E   OCI: a PIN, PUK or key of the current folder
//!   83 02 class id
//!   85 08 option tries algorithm errors FF 00 00 shortest
//!   86 n  use change unblock FF FF FF generate ...
//!   8B 10 messaging conditions, if any
//!   8F n  the value: eight digits padded with FF, a triple-DES key, or a number of an RSA key; none
//!         yet if it is missing
//! 00 DA 01 6D   SECI: a security environment of the current folder
//!   83 01 id | 8F 06 six key identifiers
//! 00 DA 01 6F   FCI: the access bytes of the current file
//!   86 n
//!
//! class 00   algorithm 87: PIN or PUK; triple DES: key for EXTERNAL AUTHENTICATE
//! class 10   triple DES: key for PSO ENCIPHER and DECIPHER
//! class 20   0C or 88: modulus of an RSA key; with no value, or with one that is all FF, the place
//!            for a key pair that GENERATE KEY PAIR makes
//! class 21   0C or 88: private exponent of an RSA key
//! ```
//! Source: the driver that the vendor of most CNS masks gave to OpenSC, for the years of 1024 bits.
//! How it writes an RSA key's numbers is told with `Value::number`.
//!
//! Modulus and exponent come in any order. The first one is kept, and cannot be used; the second
//! makes the key, if the two agree and the public exponent is a usual one (6A80 if not, and the first
//! one stays). The key has the conditions of its exponent, which is the secret of the two. A number
//! that is put where a whole key is, or the same number of half a key, begins a new one: what was
//! there is gone, because its other number cannot belong to the new one.
//!
//! A description that is too long for one short command may come in a chain.

mod value;

use cns_apdu::tlv::{self, Tag};
use cns_apdu::{Command, Sw};

use super::create_file::access_conditions;
use super::{Answer, Execution};
use crate::access::{self, Administer, AppendObject, Condition, UpdateObject};
use crate::crypto::{RsaPart, RsaPartKind, TripleDesKey};
use crate::image::{CardImage, ObjectAt};
use crate::key::{Key, KeyAlgorithm, KeyMaterial, KeyRules, Number};
use crate::memory::{Change, Object};
use crate::reference_data::{ReferenceData, ReferenceRules, ReferenceValue, Secret};
use crate::secure_messaging::ObjectMessaging;
use crate::security_environment::SecurityEnvironment;
use value::Value;

/// The algorithm byte of a PIN or PUK.
const PIN_TEST: u8 = 0x87;

/// An RSA key object that is put from outside is for a key of this length.
const DEFAULT_BITS: u16 = 2048;

pub(super) fn put_object(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let object = Description::parse(command.data)?;
    if !(0x01..=0x1F).contains(&object.id) {
        return Err(Sw::WRONG_DATA);
    }
    let at = ObjectAt {
        folder: execution.session.folder,
        id: object.id,
    };
    if let (Some(kind), Some(value)) = (RsaPartKind::of_class(object.class), object.value) {
        let number = Number::parse(kind, value.number()?).map_err(|_| Sw::WRONG_DATA)?;
        return put_number(execution, at, &object, &number);
    }
    let built = object.build(execution)?;
    let image = execution.image();
    let exists = match object.class {
        0x00 => image.reference_data(at).is_ok(),
        _ => image.key(at).is_ok(),
    };
    commit(execution, exists, |_| Ok(built))
}

/// Puts one number of an RSA key. The counterpart of one that is there is a new object; any other
/// number takes the place of what is there.
fn put_number(
    execution: &mut Execution<'_>,
    at: ObjectAt,
    object: &Description<'_>,
    number: &Number,
) -> Answer {
    let algorithm = object.rsa_algorithm(execution)?;
    let found = execution.image().key(at).ok();
    let part = found.and_then(|key| key.material.counterpart(number));
    let exists = found.is_some() && part.is_none();
    commit(execution, exists, |image| {
        let found = image.key(at).ok();
        let empty = KeyMaterial::Absent { bits: DEFAULT_BITS };
        let material = found.map_or(&empty, |key| &key.material);
        let part = material.counterpart(number).map(RsaPart::kind);
        let material = material.with(number).map_err(|_| Sw::WRONG_DATA)?;
        Ok(match (found, part) {
            (Some(key), Some(RsaPartKind::PrivateExponent)) => Object::Key(Key {
                material,
                ..key.clone()
            }),
            _ => object.key(algorithm, material),
        })
    })
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
    commit(execution, exists, |_| Ok(environment))
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
    value: Option<Value<'a>>,
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
            value: Value::find(data)?,
        })
    }

    fn condition(&self, place: usize) -> Condition {
        self.conditions
            .get(place)
            .map_or(Condition::Never, |byte| Condition::from(*byte))
    }

    fn build(&self, execution: &mut Execution<'_>) -> Result<Object, Sw> {
        match (self.class, self.algorithm(execution)) {
            (0x00, None) if self.algorithm == PIN_TEST => self.reference(|value| {
                let value = ReferenceValue::from_wire(value).map_err(|_| Sw::WRONG_DATA)?;
                super::change_reference_data::new_secret(execution, &value)
            }),
            (0x00, Some(KeyAlgorithm::TripleDes)) => {
                self.reference(|value| triple_des_key(value).map(Secret::Key))
            }
            (0x10, Some(algorithm @ KeyAlgorithm::TripleDes)) => {
                let key = triple_des_key(self.value.ok_or(Sw::WRONG_DATA)?.plain()?)?;
                Ok(self.key(algorithm, KeyMaterial::TripleDes(key)))
            }
            (0x20, _) => {
                let place = KeyMaterial::Absent { bits: DEFAULT_BITS };
                Ok(self.key(self.rsa_algorithm(execution)?, place))
            }
            _ => Err(Sw::WRONG_DATA),
        }
    }

    fn algorithm(&self, execution: &Execution<'_>) -> Option<KeyAlgorithm> {
        let triple_des = execution.image().dialect.triple_des_algorithm;
        KeyAlgorithm::from_byte(self.algorithm, triple_des)
    }

    fn rsa_algorithm(&self, execution: &Execution<'_>) -> Result<KeyAlgorithm, Sw> {
        self.algorithm(execution)
            .filter(|algorithm| *algorithm != KeyAlgorithm::TripleDes)
            .ok_or(Sw::WRONG_DATA)
    }

    fn reference(&self, secret: impl FnOnce(&[u8]) -> Result<Secret, Sw>) -> Result<Object, Sw> {
        let rules = ReferenceRules {
            change: self.condition(1),
            unblock: self.condition(2),
            tries_max: self.tries_max,
            length_min: self.length_min,
        };
        let secret = match self.value {
            Some(value) => secret(value.plain()?)?,
            None => Secret::Unset,
        };
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

/// An object is put in the place of another with one right, and added with a second one. Only who
/// has the right makes the card work for the object.
fn commit(
    execution: &mut Execution<'_>,
    exists: bool,
    object: impl FnOnce(&CardImage) -> Result<Object, Sw>,
) -> Answer {
    let folder = execution.session.folder;
    let image = execution.memory.image();
    let rights = &execution.session.rights;
    let change = match exists {
        true => {
            let grant = access::grant::<UpdateObject>(image, rights, folder)?;
            Change::replaced_object(&grant, object(image)?)
        }
        false => {
            let grant = access::grant::<AppendObject>(image, rights, folder)?;
            Change::added_object(&grant, object(image)?)
        }
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
