//! An application's signatures: C_Sign of a PKCS #11 module.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use cns_conformance::packages;
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::{AuthPin, Ulong};
use rustls::SignatureScheme;

use super::login::{Hand, Visitor};
use super::seat::Owner;
use crate::BenchError;
use crate::load::Worker;
use crate::operation::Operation;
use crate::task::Task;

const MODULE: &str = "opensc-pkcs11.so";

/// How long our own cards may take to be seen. Others are there or not.
const SEEN_MAX: Duration = Duration::from_secs(10);

/// Our own cards, by OpenSC's module.
pub(super) fn of_own_cards(task: &Task) -> Result<Vec<Box<dyn Worker>>, BenchError> {
    let module =
        packages::locate(MODULE).map_err(|missing| BenchError::layer("pkcs11", missing))?;
    let pin = task.make.citizen.pin.as_str();
    workers(&module, task, pin, Owner::Ours)
}

/// Whatever tokens a module has.
pub(crate) fn of_module(module: &Path, task: &Task) -> Result<Vec<Box<dyn Worker>>, BenchError> {
    let pin = task.pin.as_deref().ok_or_else(|| BenchError::NoPin {
        target: module.display().to_string(),
    })?;
    workers(module, task, pin, Owner::Somebody)
}

fn workers(
    path: &Path,
    task: &Task,
    pin: &str,
    owner: Owner,
) -> Result<Vec<Box<dyn Worker>>, BenchError> {
    let module = Pkcs11::new(path).map_err(|error| {
        let reason = format!("{} is no PKCS #11 module: {error}", path.display());
        BenchError::layer("pkcs11", reason)
    })?;
    module
        .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
        .map_err(failed)?;
    let patience = match owner {
        Owner::Ours => SEEN_MAX,
        Owner::Somebody => Duration::ZERO,
    };
    let slots = slots(&module, task.first + task.cards, patience)?;
    let name = path.display().to_string();
    slots
        .into_iter()
        .skip(task.first)
        .take(task.cards)
        .map(|slot| {
            let signer = signer(&module, slot, pin, owner, &name)?;
            match task.operation {
                Operation::Login(_) => {
                    let certificate = signer.certificate()?;
                    Visitor::boxed(task, certificate, Box::new(signer), owner)
                }
                _ => Ok(Box::new(signer) as Box<dyn Worker>),
            }
        })
        .collect()
}

/// So many slots with a token in them.
fn slots(module: &Pkcs11, count: usize, patience: Duration) -> Result<Vec<Slot>, BenchError> {
    let deadline = Instant::now() + patience;
    loop {
        let slots = module.get_slots_with_initialized_token().map_err(failed)?;
        if count <= slots.len() {
            return Ok(slots);
        }
        if deadline <= Instant::now() {
            let seen = slots.len();
            return Err(BenchError::layer(
                "pkcs11",
                format!("the module sees {seen} tokens, and {count} are to be measured"),
            ));
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// Logs in and finds the key.
fn signer(
    module: &Pkcs11,
    slot: Slot,
    pin: &str,
    owner: Owner,
    name: &str,
) -> Result<Signer, BenchError> {
    let target = || name.to_owned();
    let token = module.get_token_info(slot).map_err(failed)?;
    // OpenSC says of every CNS that its PIN is blocked, so that this cannot be asked.
    if owner == Owner::Somebody && token.user_pin_final_try() {
        return Err(BenchError::LastTry { target: target() });
    }
    let session = module.open_ro_session(slot).map_err(failed)?;
    let pin = AuthPin::new(pin.into());
    match session.login(UserType::User, Some(&pin)) {
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
        Err(Error::Pkcs11(answer, _)) => {
            // The rest of what the bindings say is the standard's prose.
            let words = answer.to_string();
            let answer = words.split('.').next().unwrap_or(&words).to_owned();
            return Err(BenchError::PinRefused {
                target: target(),
                answer,
            });
        }
        Err(other) => return Err(failed(other)),
    }
    let wanted = [
        Attribute::Class(ObjectClass::PRIVATE_KEY),
        Attribute::KeyType(KeyType::RSA),
    ];
    let keys = session.find_objects(&wanted).map_err(failed)?;
    let key = keys.first().copied();
    let key = key.ok_or_else(|| BenchError::layer("pkcs11", "the token has no private key"))?;
    Ok(Signer { session, key })
}

fn failed(error: Error) -> BenchError {
    BenchError::layer("pkcs11", error)
}

struct Signer {
    session: Session,
    key: ObjectHandle,
}

impl Signer {
    fn signature(&self, mechanism: &Mechanism<'_>, message: &[u8]) -> Result<Vec<u8>, BenchError> {
        self.session
            .sign(mechanism, self.key, message)
            .map_err(BenchError::operation)
    }

    /// The certificate of the key, DER: the one with the same CKA_ID.
    fn certificate(&self) -> Result<Vec<u8>, BenchError> {
        let id = self.attribute(self.key, AttributeType::Id)?;
        let mut wanted = vec![Attribute::Class(ObjectClass::CERTIFICATE)];
        wanted.extend(id);
        let found = self.session.find_objects(&wanted).map_err(failed)?;
        let certificate = found.first().copied();
        let certificate =
            certificate.ok_or_else(|| BenchError::layer("pkcs11", "the key has no certificate"))?;
        match self.attribute(certificate, AttributeType::Value)? {
            Some(Attribute::Value(der)) => Ok(der),
            _ => Err(BenchError::layer("pkcs11", "the certificate has no value")),
        }
    }

    fn attribute(
        &self,
        object: ObjectHandle,
        kind: AttributeType,
    ) -> Result<Option<Attribute>, BenchError> {
        let attributes = self.session.get_attributes(object, &[kind]);
        Ok(attributes.map_err(failed)?.into_iter().next())
    }
}

impl Worker for Signer {
    fn once(&mut self) -> Result<(), BenchError> {
        self.signature(&Mechanism::Sha256RsaPkcs, b"message")
            .map(drop)
    }
}

impl Hand for Signer {
    fn sign(&mut self, scheme: SignatureScheme, message: &[u8]) -> Result<Vec<u8>, BenchError> {
        const SALT_LENGTH: u64 = 32;
        match scheme {
            SignatureScheme::RSA_PSS_SHA256 => {
                let parameters = PkcsPssParams {
                    hash_alg: MechanismType::SHA256,
                    mgf: PkcsMgfType::MGF1_SHA256,
                    s_len: Ulong::from(SALT_LENGTH),
                };
                self.signature(&Mechanism::Sha256RsaPkcsPss(parameters), message)
            }
            _ => self.signature(&Mechanism::Sha256RsaPkcs, message),
        }
    }
}
