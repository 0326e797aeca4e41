//! How trouble is made in the midst of a signature: the reader's slot follows a script that waits for
//! the command, and where the service is in trouble, the card keeps silent until that has happened.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use cns_fixtures::citizen;
use cns_reader::Readers;
use cns_reader::faults::{Action, Moment, Occasion, Removal, Return, Rule, Script};
use cns_reader::slot::{EMPTY_MIN, Status};

use super::scenario::Scenario;
use super::seen::Attempt;
use crate::action::ActionError;
use crate::workbench::{Service, Workbench};

/// Whose card comes in the place of the other.
const OTHER_HOLDER: &str = "maria-rossi";

/// The last command of a signature, whether it is chained or extended.
const SIGNATURE: &str = "00 2A *";

/// How long the card may take to be back. It takes a second.
const BACK_LIMIT: Duration = Duration::from_secs(20);

/// Something that happens in mid-signature.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Trouble {
    Pulled,
    Swapped,
    Service(Readers),
}

impl Trouble {
    /// What happens in this scenario, if anything does.
    pub(super) fn of(scenario: Scenario) -> Option<Self> {
        match scenario {
            Scenario::Pulled => Some(Self::Pulled),
            Scenario::Swapped => Some(Self::Swapped),
            Scenario::ReaderGone => Some(Self::Service(Readers::None)),
            Scenario::ServiceRestarted => Some(Self::Service(Readers::AsBefore)),
            _ => None,
        }
    }

    /// Lets it happen while the client uses the card.
    pub(super) fn during(
        self,
        workbench: &Workbench,
        use_card: impl FnOnce() -> Result<Attempt, ActionError>,
    ) -> Result<Attempt, ActionError> {
        if self == Self::Swapped {
            let other = citizen(OTHER_HOLDER).map_err(broken)?;
            workbench.lay_ready(&other).map_err(broken)?;
        }
        let slot = workbench.slot();
        slot.set_faults(Script {
            rules: vec![self.rule()?],
            ..Script::default()
        });
        let Self::Service(readers) = self else {
            return use_card();
        };
        let has_ended = AtomicBool::new(false);
        let service = workbench.service();
        thread::scope(|scope| {
            let (slot, has_ended) = (slot.clone(), &has_ended);
            let trouble = scope.spawn(move || {
                const POLL: Duration = Duration::from_millis(50);
                while !has_ended.load(Ordering::Relaxed) {
                    if slot.wait_until(POLL, |status| status.mute).is_some() {
                        return restart(service, readers);
                    }
                }
                Ok(())
            });
            let attempt = use_card();
            has_ended.store(true, Ordering::Relaxed);
            trouble.join().unwrap_or_else(|_| {
                Err(broken("the thread that restarts the service has panicked"))
            })?;
            attempt
        })
    }

    /// Ends it, if that is part of the scenario: then the card can be used again.
    pub(super) fn ends(self, workbench: &Workbench) -> Result<bool, ActionError> {
        match self {
            Self::Pulled => drop(workbench.slot().reinsert()),
            Self::Service(Readers::AsBefore) => {}
            Self::Swapped | Self::Service(Readers::None) => return Ok(false),
        }
        // The slot is empty for a while: until then the service may believe that the old card is there.
        let is_back = |status: &Status| status.inserted && 2 <= status.insertions;
        if workbench.slot().wait_until(BACK_LIMIT, is_back).is_none() {
            return Err(broken("the card did not come back into its reader"));
        }
        workbench.wait_for_card().map_err(broken)?;
        Ok(true)
    }

    fn rule(self) -> Result<Rule, ActionError> {
        let (name, action) = match self {
            Self::Pulled => (
                "pulled when it has signed",
                Action::Remove {
                    at: Moment::Answer,
                    removal: Removal::default(),
                },
            ),
            Self::Swapped => (
                "exchanged before it signs",
                Action::Remove {
                    at: Moment::Command,
                    removal: Removal {
                        then: Return::After(EMPTY_MIN),
                        swap: true,
                    },
                },
            ),
            Self::Service(_) => (
                "silent until the service has gone",
                Action::Mute {
                    at: Moment::Command,
                    lasts: None,
                },
            ),
        };
        let pattern = SIGNATURE.parse().map_err(broken)?;
        Ok(Rule::on_command(name, pattern, Occasion::Nth(1), action))
    }
}

fn restart(service: &Mutex<Service>, readers: Readers) -> Result<(), ActionError> {
    let mut service = service.lock().unwrap_or_else(PoisonError::into_inner);
    service.stop().map_err(broken)?;
    service.start_again(readers).map_err(broken)
}

/// It is the suite that could not do it.
fn broken(error: impl std::fmt::Display) -> ActionError {
    ActionError::Io(std::io::Error::other(error.to_string()))
}
