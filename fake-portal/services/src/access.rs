//! Who may see and do what, for whom: the one place where that is decided.
//!
//! ```text
//!                     themselves   parent      court guardian   delegate   doctor, structure, desk
//! a minor             their card   yes         yes              no         for their work
//! an adult            yes          no longer   yes              yes        for their work
//! somebody dead       no           no          no               no         no
//! ```
//!
//! A minor's card opens the minor's data: its PIN is handed to who represents the minor, with whom the
//! use of it stands. That a delegation for a minor has no effect is inferred: only adults delegate.

use cns_authority::CodiceFiscale;
use time::Date;

use crate::actor::Actor;
use crate::person::{Mandate, People};
use crate::refusal::Refusal;
use crate::rules;

/// That somebody may see a person's data: [`People::access`] makes all of them, and nothing is read
/// without one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Access {
    person: CodiceFiscale,
    standing: Standing,
}

/// As what somebody has access.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standing {
    /// The person themselves.
    Holder,
    /// Who represents the person by law.
    Guardian,
    /// Whom the person has asked to act.
    Delegate,
    /// Who works for the health service.
    Professional,
}

impl Access {
    /// Whose data.
    pub fn person(&self) -> CodiceFiscale {
        self.person
    }

    /// As what.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// Whether it is the person or who represents them by law, who see all there is and decide.
    pub fn decides(&self) -> bool {
        matches!(self.standing, Standing::Holder | Standing::Guardian)
    }
}

impl People {
    /// Whether somebody may act for a person today.
    ///
    /// # Errors
    /// PERSON-101 for strangers, whether or not the person exists; PERSON-102 for the dead.
    pub fn access(
        &self,
        who: Actor,
        person: CodiceFiscale,
        today: Date,
    ) -> Result<Access, Refusal> {
        let standing = self
            .standing(who, person, today)
            .ok_or_else(|| rules::MAY_NOT_ACT.refuse())?;
        for involved in [Some(person), acting_citizen(who)].into_iter().flatten() {
            if let Some(died) = self.get(involved).and_then(|someone| someone.died) {
                return Err(rules::DECEASED.about(died));
            }
        }
        Ok(Access { person, standing })
    }

    /// The same for those who look after their own affairs or their family's, not for those who work.
    pub(crate) fn private_access(
        &self,
        who: Actor,
        person: CodiceFiscale,
        today: Date,
    ) -> Result<Access, Refusal> {
        match who {
            Actor::Citizen(_) | Actor::Operator => self.access(who, person, today),
            Actor::Doctor(_) | Actor::Structure(_) | Actor::Ministry => {
                Err(rules::MAY_NOT_ACT.refuse())
            }
        }
    }

    /// A living person whom something is entered about.
    pub(crate) fn living(&self, person: CodiceFiscale) -> Result<&crate::person::Person, Refusal> {
        let person = self
            .get(person)
            .ok_or_else(|| rules::NOBODY.about(person.to_string()))?;
        match person.died {
            None => Ok(person),
            Some(died) => Err(rules::DECEASED.about(died)),
        }
    }

    fn standing(&self, who: Actor, person: CodiceFiscale, today: Date) -> Option<Standing> {
        let known = self.get(person)?;
        match who {
            Actor::Citizen(citizen) if citizen == person => Some(Standing::Holder),
            Actor::Citizen(citizen) => {
                let minor = known.is_minor(today);
                self.representatives(person)
                    .filter(|representation| representation.by == citizen)
                    .filter(|representation| {
                        representation.until.is_none_or(|until| today <= until)
                    })
                    .find_map(|representation| match representation.mandate {
                        Mandate::Parent => minor.then_some(Standing::Guardian),
                        Mandate::CourtGuardian => Some(Standing::Guardian),
                        Mandate::Delegate => (!minor).then_some(Standing::Delegate),
                    })
            }
            Actor::Doctor(_) | Actor::Structure(_) | Actor::Operator => {
                Some(Standing::Professional)
            }
            Actor::Ministry => None,
        }
    }
}

fn acting_citizen(who: Actor) -> Option<CodiceFiscale> {
    match who {
        Actor::Citizen(citizen) => Some(citizen),
        Actor::Doctor(_) | Actor::Structure(_) | Actor::Operator | Actor::Ministry => None,
    }
}
