//! The serial numbers that the certifier of a folder has given: a portal that runs there answers for them.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use cns_authority::SerialNumber;
use cns_portal::chain::Certifier;
use cns_portal::{Document, DocumentRequest, Documents, PublicOffices};
use tracing::warn;

use super::HOME;

/// A text file with one serial number a line, in hexadecimal. Lines are only ever added.
#[derive(Clone, Debug)]
pub(crate) struct Ledger(PathBuf);

impl Ledger {
    pub(super) fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Enters certificates, DER. A certificate with a number that no certifier of ours gives, as some of
    /// the zoo have, is left out.
    pub(crate) fn enter(&self, certificates: &[&[u8]]) -> anyhow::Result<()> {
        let serials = certificates
            .iter()
            .filter_map(|der| Certifier::serial_of(der))
            .filter_map(|octets| SerialNumber::from_integer(&octets));
        let lines: String = serials.map(|serial| format!("{serial}\n")).collect();
        // One write to the end of the file: two programs that issue at one time do not mix their lines.
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.0)
            .and_then(|mut file| file.write_all(lines.as_bytes()))
            .with_context(|| format!("{} cannot be written", self.0.display()))
    }

    /// All of them.
    fn read(&self) -> anyhow::Result<Vec<SerialNumber>> {
        let text = match fs::read_to_string(&self.0) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => {
                return Err(error).with_context(|| format!("{} cannot be read", self.0.display()));
            }
        };
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines
            .map(|line| {
                line.trim().parse().with_context(|| {
                    format!(
                        "{} has a line that is no serial number\nhint: delete that line",
                        self.0.display()
                    )
                })
            })
            .collect()
    }
}

/// The documents of a portal, where the office of the folder's certifier knows what others issue
/// meanwhile: whoever asks about a certificate is answered from the newest ledger.
#[derive(Debug)]
pub(crate) struct KeptOffice {
    documents: Arc<dyn Documents>,
    offices: PublicOffices,
    ledger: Ledger,
    seen: Mutex<Seen>,
}

/// What the ledger had when it was read.
#[derive(Debug, Default)]
struct Seen {
    /// The length of the file. It only grows.
    length: u64,
    serials: Vec<SerialNumber>,
}

impl KeptOffice {
    /// # Errors
    /// The ledger cannot be read.
    pub(crate) fn open(
        documents: Arc<dyn Documents>,
        offices: PublicOffices,
        ledger: Ledger,
    ) -> anyhow::Result<Self> {
        let office = Self {
            documents,
            offices,
            ledger,
            seen: Mutex::default(),
        };
        office.catch_up()?;
        Ok(office)
    }

    fn catch_up(&self) -> anyhow::Result<()> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let length = length_of(&self.ledger.0);
        if length != seen.length {
            seen.serials = self.ledger.read()?;
            seen.length = length;
        }
        self.offices.with(|offices| {
            let Ok(office) = offices.office_mut(HOME) else {
                return;
            };
            // All of them, each time: an office that was reset to an earlier day has forgotten those that
            // were issued since. What it knows stays as it is.
            for serial in &seen.serials {
                let _ = office.enter(*serial);
            }
        });
        Ok(())
    }
}

impl Documents for KeptOffice {
    fn answer(&self, request: &DocumentRequest<'_>) -> Option<Document> {
        if request.path.starts_with("/ocsp/")
            && let Err(error) = self.catch_up()
        {
            warn!(%error, "the ledger of the certifier");
        }
        self.documents.answer(request)
    }
}

fn length_of(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}
