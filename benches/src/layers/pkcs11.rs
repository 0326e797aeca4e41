//! An application's signatures: C_Sign of OpenSC's module, SHA256-RSA-PKCS.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;

use super::{Task, Worker};
use crate::BenchError;

/// Where distributions keep it: Debian's folders for an architecture, then Fedora's.
const FOLDERS: [&str; 3] = ["/usr/lib", "/usr/lib64", "/usr/local/lib"];
const MODULE: &str = "opensc-pkcs11.so";

/// How long cards may take to be seen.
const SEEN_MAX: Duration = Duration::from_secs(10);

pub(super) fn sessions(task: &Task) -> Result<Vec<Box<dyn Worker>>, BenchError> {
    let failed = |error: cryptoki::error::Error| BenchError::layer("pkcs11", error);
    let module = Pkcs11::new(module()?).map_err(failed)?;
    module
        .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
        .map_err(failed)?;
    let deadline = Instant::now() + SEEN_MAX;
    let slots = loop {
        let slots = module.get_slots_with_initialized_token().map_err(failed)?;
        if task.cards <= slots.len() {
            break slots;
        }
        if deadline < Instant::now() {
            let seen = slots.len();
            return Err(BenchError::layer(
                "pkcs11",
                format!("{seen} tokens are seen"),
            ));
        }
        thread::sleep(Duration::from_millis(50));
    };
    let pin = AuthPin::new(task.make.citizen.pin.as_str().into());
    slots
        .into_iter()
        .take(task.cards)
        .map(|slot| {
            let session = module.open_ro_session(slot).map_err(failed)?;
            session.login(UserType::User, Some(&pin)).map_err(failed)?;
            let private = [Attribute::Class(ObjectClass::PRIVATE_KEY)];
            let key = session.find_objects(&private).map_err(failed)?;
            let key = key.first().copied();
            let key = key.ok_or_else(|| BenchError::layer("pkcs11", "no private key"))?;
            Ok(Box::new(Signer { session, key }) as Box<dyn Worker>)
        })
        .collect()
}

struct Signer {
    session: Session,
    key: ObjectHandle,
}

impl Worker for Signer {
    fn once(&mut self) -> Result<(), BenchError> {
        self.session
            .sign(&Mechanism::Sha256RsaPkcs, self.key, b"message")
            .map(drop)
            .map_err(BenchError::operation)
    }
}

fn module() -> Result<PathBuf, BenchError> {
    FOLDERS
        .iter()
        .flat_map(|folder| candidates(Path::new(folder)))
        .find(|candidate| candidate.is_file())
        .ok_or_else(|| {
            BenchError::layer(
                "pkcs11",
                format!("there is no {MODULE}\nhint: install the package opensc-pkcs11"),
            )
        })
}

/// The module in a folder, and in the folders that it has for an architecture.
fn candidates(folder: &Path) -> Vec<PathBuf> {
    let inside = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found = vec![folder.join(MODULE)];
    found.extend(inside.map(|entry| entry.path().join(MODULE)));
    found
}
