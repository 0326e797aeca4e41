//! Who works in the town, and signs in with a password or with a card.

use std::fmt;

use cns_authority::CodiceFiscale;
use cns_services::desk::{Operator, SignIn};
use cns_services::{Refusal, Role};
use ring::hmac;
use ring::rand::SystemRandom;

use crate::rules;

/// Somebody who works here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct StaffMember {
    /// The user name.
    pub user: &'static str,
    /// Who it is: the card of this person signs in too.
    pub codice_fiscale: CodiceFiscale,
    /// What they may do.
    pub role: StaffRole,
}

/// What somebody who works here may do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StaffRole {
    /// Works at a desk.
    Operator,
    /// Reads what was done.
    Auditor,
}

impl StaffRole {
    /// What programs call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Auditor => "auditor",
        }
    }
}

/// All who work here. Passwords are kept as verifiers only.
pub struct Staff {
    key: hmac::Key,
    members: Vec<(StaffMember, hmac::Tag)>,
}

impl Staff {
    /// Those members, with their passwords.
    ///
    /// # Errors
    /// The machine has no randomness.
    pub fn new<'a>(
        members: impl IntoIterator<Item = (StaffMember, &'a str)>,
    ) -> Result<Self, ring::error::Unspecified> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new())?;
        let members = members.into_iter();
        let members = members
            .map(|(member, password)| (member, hmac::sign(&key, password.as_bytes())))
            .collect();
        Ok(Self { key, members })
    }

    /// Who signs in with this name and password.
    ///
    /// # Errors
    /// `STAFF-101`: nobody does. Which of the two is wrong is not told.
    pub fn sign_in(&self, user: &str, password: &str) -> Result<StaffMember, Refusal> {
        let known = self.members.iter().find(|(member, _)| member.user == user);
        known
            .filter(|(_, tag)| hmac::verify(&self.key, password.as_bytes(), tag.as_ref()).is_ok())
            .map(|(member, _)| *member)
            .ok_or_else(|| rules::NOT_SIGNED_IN.refuse())
    }

    /// Who works here and has this person's card.
    pub fn with_card(&self, codice_fiscale: CodiceFiscale) -> Option<StaffMember> {
        let members = self.members.iter().map(|(member, _)| *member);
        members
            .into_iter()
            .find(|member| member.codice_fiscale == codice_fiscale)
    }
}

impl StaffMember {
    /// The role in which the member looks at things.
    pub fn as_role(&self) -> Role {
        match self.role {
            StaffRole::Operator => Role::Operator(self.codice_fiscale),
            StaffRole::Auditor => Role::Auditor(self.codice_fiscale),
        }
    }

    /// The member at a counter, if that is their work.
    pub fn operator(&self, sign_in: SignIn) -> Option<Operator> {
        (self.role == StaffRole::Operator).then_some(Operator {
            codice_fiscale: self.codice_fiscale,
            sign_in,
        })
    }
}

impl fmt::Debug for Staff {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let users = self.members.iter().map(|(member, _)| member.user);
        formatter.debug_list().entries(users).finish()
    }
}
