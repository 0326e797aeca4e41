//! The stage of PKCS #11 cases: a module, a token in it, and what is known of the card behind it.
//!
//! ```text
//! case ── Token ── Desk ──► module ──► PC/SC ──► card
//!           │       └ the one thread that calls it, with a time limit for every call
//!           └ OwnReader: for the suite's own card, a new one before each case
//! ```

mod answer;
mod attributes;
mod facts;
mod session;

use std::path::{Path, PathBuf};
use std::time::Duration;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::mechanism::MechanismType;
use cryptoki::slot::Slot;

pub use answer::Said;
pub use facts::{InterfaceVersion, MechanismFacts, SlotFacts, TokenFacts};
pub use session::{Access, Ask, TokenSession};

use crate::case::{Effect, Stop};
use crate::desk::Desk;
use crate::mutants::{Seam, TokenSeam};
use crate::own_reader::{OwnReader, OwnReaderError};
use crate::private_reader::Door;
use crate::runner::{CaseFacts, Exchange, Permission, Stage};
use crate::subject::{Issue, Subject};
use crate::target::OwnCard;

/// How long a call may take. Signatures of slow cards take a second.
const CALL_LIMIT: Duration = Duration::from_secs(20);

/// A token in a module.
pub struct Token {
    module: Pkcs11,
    desk: Desk,
    own: Option<OwnReader>,
    path: PathBuf,
    subject: Subject,
    permission: Permission,
    seams: &'static [TokenSeam],
}

/// Why there is no token to test.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The file is no module.
    #[error(
        "{} cannot be loaded as a PKCS #11 module: {reason}\nhint: a module is a shared library with C_GetFunctionList, such as opensc-pkcs11.so",
        .path.display()
    )]
    NoModule {
        /// The file.
        path: PathBuf,
        /// What the loader says.
        reason: String,
    },
    /// No thread.
    #[error("the thread that calls the module could not be started: {0}")]
    Thread(#[from] std::io::Error),
    /// The suite's own card is in no reader.
    #[error(transparent)]
    OwnReader(#[from] OwnReaderError),
}

impl Token {
    /// Somebody else's token: whatever card is in the readers that the module sees.
    pub fn foreign(
        path: &Path,
        subject: Subject,
        permission: Permission,
    ) -> Result<Self, TokenError> {
        Self::load(path, subject, permission, None)
    }

    /// The suite's own card, in the reader of this process's own pcscd.
    pub fn own(path: &Path, subject: Subject, door: &Door) -> Result<Self, TokenError> {
        let own = match &subject.issue {
            Some(issue) => {
                let card = OwnCard::new(issue.image.clone(), 0);
                Some(OwnReader::insert(card, door)?)
            }
            None => None,
        };
        Self::load(path, subject, Permission::Destructive, own)
    }

    fn load(
        path: &Path,
        subject: Subject,
        permission: Permission,
        own: Option<OwnReader>,
    ) -> Result<Self, TokenError> {
        let no_module = |reason: String| TokenError::NoModule {
            path: path.to_owned(),
            reason,
        };
        let desk = Desk::open("the module", CALL_LIMIT)?;
        let file = path.to_owned();
        let module = desk
            .call(move || Pkcs11::new(file).map_err(|error| error.to_string()))
            .map_err(|no_answer| no_module(no_answer.to_string()))?
            .map_err(no_module)?;
        Ok(Self {
            module,
            desk,
            own,
            path: path.to_owned(),
            subject,
            permission,
            seams: &[],
        })
    }

    /// The same token with something wrong in it, from the next case on.
    pub fn make_wrong(&mut self, seams: &'static [TokenSeam]) {
        self.seams = seams;
    }

    /// The module's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is known of the card.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Everything about a card that the suite made.
    pub fn issue(&self) -> Result<&Issue, Stop> {
        let issue = self.subject.issue.as_ref();
        issue.ok_or_else(|| Stop::skip("it needs a card of the suite's own"))
    }

    /// C_Initialize, with the system's locks.
    pub fn initialise(&self) -> Result<Said<()>, Stop> {
        self.call("C_Initialize", |module| {
            module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
        })
    }

    /// C_Finalize.
    pub fn finalise(&self) -> Result<Said<()>, Stop> {
        self.call("C_Finalize", Pkcs11::finalize)
    }

    /// C_GetInfo: the version of the interface.
    pub fn info(&self) -> Result<Said<InterfaceVersion>, Stop> {
        self.call("C_GetInfo", |module| {
            module.get_library_info().map(Into::into)
        })
    }

    /// C_GetSlotList, of slots with a token in them.
    pub fn slots(&self) -> Result<Vec<Slot>, Stop> {
        let slots = self.call("C_GetSlotList", |module| module.get_slots_with_token())?;
        slots.ok()
    }

    /// The slot of the token under test: the first that has a token.
    pub fn slot(&self) -> Result<Slot, Stop> {
        let first = self.slots()?.first().copied();
        first.ok_or_else(|| Stop::skip("the module shows no token"))
    }

    /// C_GetSlotInfo.
    pub fn slot_info(&self) -> Result<SlotFacts, Stop> {
        let slot = self.slot()?;
        self.call("C_GetSlotInfo", move |module| {
            module.get_slot_info(slot).map(Into::into)
        })?
        .ok()
    }

    /// C_GetTokenInfo.
    pub fn token_info(&self) -> Result<TokenFacts, Stop> {
        let slot = self.slot()?;
        self.call("C_GetTokenInfo", move |module| {
            module.get_token_info(slot).map(Into::into)
        })?
        .ok()
    }

    /// C_GetMechanismInfo, or nothing if C_GetMechanismList does not name the mechanism.
    pub fn mechanism(&self, kind: MechanismType) -> Result<Option<MechanismFacts>, Stop> {
        let slot = self.slot()?;
        let all = self
            .call("C_GetMechanismList", move |module| {
                module.get_mechanism_list(slot)
            })?
            .ok()?;
        if !all.contains(&kind) {
            return Ok(None);
        }
        let info = self.call("C_GetMechanismInfo", move |module| {
            module.get_mechanism_info(slot, kind).map(Into::into)
        })?;
        info.ok().map(Some)
    }

    /// C_OpenSession.
    pub fn open(&self, access: Access) -> Result<TokenSession, Stop> {
        let slot = self.slot()?;
        let opened = self.call("C_OpenSession", move |module| match access {
            Access::ReadOnly => module.open_ro_session(slot),
            Access::ReadWrite => module.open_rw_session(slot),
        })?;
        let mut session = TokenSession::new(opened.ok()?, self.desk.clone(), self.seams);
        if TokenSeam::opens_logged_in(self.seams) {
            drop(session.log_in(&self.pin()?)?);
        }
        Ok(session)
    }

    /// A session in which the holder has logged in with the right PIN.
    pub fn logged_in(&self) -> Result<TokenSession, Stop> {
        let mut session = self.open(Access::ReadOnly)?;
        session.log_in(&self.pin()?)?.ok()?;
        Ok(session)
    }

    /// The right PIN.
    pub fn pin(&self) -> Result<String, Stop> {
        self.usable_pin()
    }

    /// A PIN of the same length that is not the card's.
    pub fn wrong_pin(&self) -> Result<String, Stop> {
        let next = |digit: char| match digit {
            '0'..='8' => char::from(digit as u8 + 1),
            _ => '0',
        };
        Ok(self.usable_pin()?.chars().map(next).collect())
    }

    /// The digits of the right PIN, of a token that says that it has one.
    pub fn usable_pin(&self) -> Result<String, Stop> {
        match self.token_info()?.has_pin {
            true => self.pin_digits(),
            false => Err(Stop::skip("the token says that it has no PIN")),
        }
    }

    /// The digits of the right PIN.
    pub fn pin_digits(&self) -> Result<String, Stop> {
        let pin = self.subject.pin.as_ref();
        let pin = pin.ok_or_else(|| Stop::skip("the PIN of this card is not known"))?;
        Ok(pin.as_str().to_owned())
    }

    /// How often the module has sent a command with this instruction byte in this case.
    pub fn commands_sent(&self, instruction: u8) -> Result<usize, Stop> {
        let own = self.own.as_ref();
        let own = own.ok_or_else(|| Stop::skip("it needs a card of the suite's own"))?;
        Ok(own.count(instruction))
    }

    /// What is stored on the suite's own card now.
    pub fn image(&self) -> Result<cns_card::CardImage, Stop> {
        let own = self.own.as_ref();
        let own = own.ok_or_else(|| Stop::skip("it needs a card of the suite's own"))?;
        Ok(own.image())
    }

    fn call<T: Send + 'static>(
        &self,
        function: &'static str,
        work: impl FnOnce(Pkcs11) -> cryptoki::error::Result<T> + Send + 'static,
    ) -> Result<Said<T>, Stop> {
        let module = self.module.clone();
        let mut answer = match TokenSeam::invented(self.seams, function) {
            Some(answer) => answer,
            None => self.desk.call(move || work(module))?,
        };
        TokenSeam::returned(self.seams, function, &mut answer);
        Ok(Said::new(function, answer))
    }
}

impl Token {
    fn begin_soundly(
        &self,
        case: &CaseFacts,
        seed: u64,
        of_card: &'static [Seam],
    ) -> Result<(), Stop> {
        if let Some(need) = case.needs.iter().find(|n| !n.is_met_by(&self.subject)) {
            return Err(Stop::skip(format!("it is about {}", need.words())));
        }
        // An earlier case may have left it either way; this one begins with a new application.
        drop(self.finalise()?);
        match (&self.own, &self.subject.issue) {
            (Some(own), Some(issue)) => {
                let mut image = issue.image.clone();
                case.state.prepare(&self.subject, &mut image);
                own.replace(image, seed, of_card);
            }
            _ => self.permission.check(case, &self.subject)?,
        }
        match self.initialise()?.error() {
            Some(error) => Err(Stop::broken(format!("C_Initialize: {error}"))),
            None => Ok(()),
        }
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        // The module lets go of the card before the card leaves its reader.
        let _ = self.finalise();
    }
}

impl Stage for Token {
    fn begin(&mut self, case: &CaseFacts, seed: u64) -> Result<(), Stop> {
        // What is wrong is wrong for the case alone, not for what prepares it.
        let seams = std::mem::take(&mut self.seams);
        let begun = self.begin_soundly(case, seed, TokenSeam::of_card(seams));
        self.seams = seams;
        begun
    }

    fn end(&mut self) -> Vec<Exchange> {
        match &self.own {
            Some(own) => own.take_said(),
            None => Vec::new(),
        }
    }

    fn is_own(&self) -> bool {
        self.own.is_some()
    }

    fn prove_pin(&mut self) -> Result<(), Stop> {
        drop(self.finalise()?);
        self.initialise()?.ok()?;
        self.logged_in().map(drop)
    }

    fn leave_as_found(&mut self, case: &CaseFacts) -> Result<(), Stop> {
        if self.own.is_some() || case.effect <= Effect::PresentsPin {
            return Ok(());
        }
        // A case that failed in the middle may have left a try spent: the right PIN wins it back.
        drop(self.finalise()?);
        self.initialise()?.ok()?;
        self.logged_in().map(drop)
    }
}
