//! A session with a token, and what cases do in it.

use cryptoki::error::Result as Answered;
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, SessionState, UserType};
use cryptoki::types::AuthPin;

use super::answer::Said;
use crate::case::Stop;
use crate::desk::Desk;
use crate::mutants::TokenSeam;

/// What a session may do to the token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Access {
    /// Look.
    ReadOnly,
    /// Look and change.
    ReadWrite,
}

/// A session; dropping it closes it.
pub struct TokenSession {
    /// None while a call that does not come back has it.
    session: Option<Session>,
    desk: Desk,
    seams: &'static [TokenSeam],
}

/// How a signature is asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ask {
    /// CKM_RSA_PKCS: the token is given a DigestInfo and pads.
    RsaPkcs,
    /// CKM_SHA256_RSA_PKCS: the token is given the message.
    Sha256RsaPkcs,
    /// CKM_RSA_PKCS_PSS with SHA-256: the token is given the hash.
    RsaPss,
    /// CKM_RSA_X_509: the token is given a block of the modulus' length.
    RsaRaw,
}

impl TokenSession {
    pub(super) fn new(session: Session, desk: Desk, seams: &'static [TokenSeam]) -> Self {
        Self {
            session: Some(session),
            desk,
            seams,
        }
    }

    /// C_Login as the holder.
    pub fn log_in(&mut self, pin: &str) -> Result<Said<()>, Stop> {
        let pin = self.taken(pin);
        self.call("C_Login", move |session| {
            session.login(UserType::User, Some(&pin))
        })
    }

    /// C_Logout.
    pub fn log_out(&mut self) -> Result<Said<()>, Stop> {
        self.call("C_Logout", Session::logout)
    }

    /// C_SetPIN.
    pub fn set_pin(&mut self, old: &str, new: &str) -> Result<Said<()>, Stop> {
        let (old, new) = (self.taken(old), self.taken(new));
        self.call("C_SetPIN", move |session| session.set_pin(&old, &new))
    }

    /// The state that C_GetSessionInfo tells.
    pub fn state(&mut self) -> Result<SessionState, Stop> {
        let state = self.call("C_GetSessionInfo", |session| {
            let info = session.get_session_info()?;
            Ok(info.session_state())
        })?;
        state.ok()
    }

    /// C_FindObjects.
    pub fn find(&mut self, template: Vec<Attribute>) -> Result<Vec<ObjectHandle>, Stop> {
        let found = self.call("C_FindObjects", move |session| {
            session.find_objects(&template)
        })?;
        found.ok()
    }

    /// The first object of this class, which must be there.
    pub fn first(&mut self, class: ObjectClass) -> Result<ObjectHandle, Stop> {
        let first = self.look_for(class)?;
        first.ok_or_else(|| Stop::fail(format!("an object of class {class}"), "none is found"))
    }

    /// The same for a case that is about something else, and says nothing of a token without one.
    pub fn some(&mut self, class: ObjectClass) -> Result<ObjectHandle, Stop> {
        let first = self.look_for(class)?;
        first.ok_or_else(|| Stop::skip(format!("the token has no object of class {class}")))
    }

    fn look_for(&mut self, class: ObjectClass) -> Result<Option<ObjectHandle>, Stop> {
        let found = self.find(vec![Attribute::Class(class)])?;
        Ok(found.first().copied())
    }

    /// C_Sign after C_SignInit.
    pub fn sign(
        &mut self,
        ask: Ask,
        key: ObjectHandle,
        data: &[u8],
    ) -> Result<Said<Vec<u8>>, Stop> {
        let data = data.to_vec();
        self.call("C_Sign", move |session| {
            session.sign(&ask.mechanism(), key, &data)
        })
    }

    /// C_SignUpdate for each part, and C_SignFinal, after C_SignInit.
    pub fn sign_in_parts(
        &mut self,
        ask: Ask,
        key: ObjectHandle,
        parts: &'static [&'static [u8]],
    ) -> Result<Said<Vec<u8>>, Stop> {
        self.call("C_SignFinal", move |session| {
            session.sign_init(&ask.mechanism(), key)?;
            for part in parts {
                session.sign_update(part)?;
            }
            session.sign_final()
        })
    }

    /// C_Decrypt with CKM_RSA_PKCS.
    pub fn decrypt(&mut self, key: ObjectHandle, data: &[u8]) -> Result<Said<Vec<u8>>, Stop> {
        let data = data.to_vec();
        self.call("C_Decrypt", move |session| {
            session.decrypt(&Mechanism::RsaPkcs, key, &data)
        })
    }

    /// C_GenerateRandom.
    pub fn random(&mut self, length: u32) -> Result<Said<Vec<u8>>, Stop> {
        self.call("C_GenerateRandom", move |session| {
            session.generate_random_vec(length)
        })
    }

    /// C_CloseSession.
    pub fn close(mut self) -> Result<Said<()>, Stop> {
        let session = self.take()?;
        let result = self.desk.call(move || session.close())?;
        Ok(Said::new("C_CloseSession", result))
    }

    pub(super) fn call<T: Send + 'static>(
        &mut self,
        function: &'static str,
        work: impl FnOnce(&Session) -> Answered<T> + Send + 'static,
    ) -> Result<Said<T>, Stop> {
        let mut answer = match TokenSeam::invented(self.seams, function) {
            Some(answer) => answer,
            None => {
                let session = self.take()?;
                let (session, answer) = self.desk.call(move || {
                    let answer = work(&session);
                    (session, answer)
                })?;
                self.session = Some(session);
                answer
            }
        };
        TokenSeam::returned(self.seams, function, &mut answer);
        Ok(Said::new(function, answer))
    }

    /// The PIN that a module with these seams takes this one for.
    fn taken(&self, pin: &str) -> AuthPin {
        TokenSeam::pin(self.seams, pin).into()
    }

    fn take(&mut self) -> Result<Session, Stop> {
        let session = self.session.take();
        session.ok_or_else(|| Stop::broken("the session is in a call that did not come back"))
    }
}

impl Drop for TokenSession {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            self.desk.leave(move || drop(session));
        }
    }
}

impl Ask {
    fn mechanism(self) -> Mechanism<'static> {
        match self {
            Self::RsaPkcs => Mechanism::RsaPkcs,
            Self::Sha256RsaPkcs => Mechanism::Sha256RsaPkcs,
            Self::RsaPss => Mechanism::RsaPkcsPss(PkcsPssParams {
                hash_alg: MechanismType::SHA256,
                mgf: PkcsMgfType::MGF1_SHA256,
                s_len: 32.into(),
            }),
            Self::RsaRaw => Mechanism::RsaX509,
        }
    }

    /// The mechanism's type.
    pub fn kind(self) -> MechanismType {
        self.mechanism().mechanism_type()
    }
}
