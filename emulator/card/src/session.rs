//! What the card forgets at reset and at power-off. It is dropped as a whole, so that nothing of it
//! can be left behind.

use cns_apdu::Chain;

use crate::access::Rights;
use crate::file::path::Path;
use crate::security_environment::CurrentEnvironment;

#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// The current folder. The master file is selected after reset.
    pub(crate) folder: Path,
    /// The current elementary file.
    pub(crate) file: Option<Path>,
    /// The current record of that file, counted from 1.
    pub(crate) record: Option<usize>,
    /// What was proven.
    pub(crate) rights: Rights,
    /// Which keys are set.
    pub(crate) environment: CurrentEnvironment,
    /// The links of a command chain that have arrived.
    pub(crate) chain: Chain,
    /// Response bytes that wait for GET RESPONSE.
    pub(crate) pending: Vec<u8>,
    /// The card's last challenge, until it is answered.
    pub(crate) challenge: Option<[u8; 8]>,
    /// The host's random number (GIVE RANDOM), for the response of a secured command.
    pub(crate) host_random: Option<[u8; 8]>,
}

impl Session {
    pub(crate) fn new() -> Self {
        Self {
            folder: Path::MASTER_FILE,
            file: None,
            record: None,
            rights: Rights::default(),
            environment: CurrentEnvironment::default(),
            chain: Chain::default(),
            pending: Vec::new(),
            challenge: None,
            host_random: None,
        }
    }

    pub(crate) fn select_folder(&mut self, folder: Path) {
        self.folder = folder;
        self.file = None;
        self.record = None;
    }

    pub(crate) fn select_file(&mut self, file: Path) {
        self.folder = file.parent().unwrap_or(Path::MASTER_FILE);
        self.file = Some(file);
        self.record = None;
    }
}
