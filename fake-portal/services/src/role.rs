//! Who does or reads something at the desk, and in what role.

use cns_authority::CodiceFiscale;

/// Somebody in a role. What a role may see is decided where it is shown.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Role {
    /// The holder of a card.
    Citizen(CodiceFiscale),
    /// Who acts for somebody by law: a parent, a guardian.
    Guardian(CodiceFiscale),
    /// Who acts for somebody by a signed form.
    Delegate(CodiceFiscale),
    /// Who works at a desk.
    Operator(CodiceFiscale),
    /// Who reads what was done, and does nothing.
    Auditor(CodiceFiscale),
    /// Who plays phones, mailboxes and the clock: a test.
    Tester,
    /// Nobody: the clock, the post, a card.
    System,
}

impl Role {
    /// What programs call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Citizen(_) => "citizen",
            Self::Guardian(_) => "guardian",
            Self::Delegate(_) => "delegate",
            Self::Operator(_) => "operator",
            Self::Auditor(_) => "auditor",
            Self::Tester => "tester",
            Self::System => "system",
        }
    }

    /// Who it is, if it is a person.
    pub fn codice_fiscale(self) -> Option<CodiceFiscale> {
        match self {
            Self::Citizen(person)
            | Self::Guardian(person)
            | Self::Delegate(person)
            | Self::Operator(person)
            | Self::Auditor(person) => Some(person),
            Self::Tester | Self::System => None,
        }
    }
}
