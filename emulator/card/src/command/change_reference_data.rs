//! CHANGE REFERENCE DATA.
//!
//! ```text
//! 00 24 00 id 10 old new   the old value is charged and compared like a VERIFY, which satisfies a
//!                          change condition that names the object itself
//! 00 24 01 id 08 new       the change condition of the object must be satisfied already
//! ```

use cns_apdu::{Command, Sw};

use super::{Answer, Execution};
use crate::access::{self, Change as ChangeValue, Condition};
use crate::memory::Change;
use crate::reference_data::{ReferenceValue, Secret, Verifier};

pub(super) fn change_reference_data(
    execution: &mut Execution<'_>,
    command: &Command<'_>,
) -> Answer {
    let object = execution.referenced(command.p2)?;
    match command.p1 {
        0x00 => {
            let (old, new) = ReferenceValue::pair_from_wire(command.data)?;
            execution.check_new_value(object, &new)?;
            // The old value proves the object itself. Any other condition must be satisfied already,
            // so that an object that is never changed is not even tried.
            let change = execution.image().reference_data(object)?.rules.change;
            if change != Condition::Proven(object.id) {
                access::grant::<ChangeValue>(execution.image(), &execution.session.rights, object)?;
            }
            let secret = new_secret(execution, &new)?;
            let proven = execution.prove(object, &old)?;
            execution
                .memory
                .commit([Change::new_secret(proven.object(), secret)])?;
            execution.session.rights.add(proven.object());
        }
        0x01 => {
            let new = ReferenceValue::from_wire(command.data)?;
            if let Secret::Key(_) = execution.image().reference_data(object)?.secret() {
                return Err(Sw::REFERENCE_NOT_FOUND);
            }
            execution.check_new_value(object, &new)?;
            access::grant::<ChangeValue>(execution.image(), &execution.session.rights, object)?;
            let secret = new_secret(execution, &new)?;
            execution
                .memory
                .commit([Change::new_secret(object, secret)])?;
        }
        _ => return Err(Sw::WRONG_P1_P2),
    }
    Ok(Sw::OK)
}

/// What the card will keep of a new value.
pub(super) fn new_secret(
    execution: &mut Execution<'_>,
    value: &ReferenceValue,
) -> Result<Secret, Sw> {
    Verifier::salted(value, execution.entropy)
        .map(Secret::Value)
        .map_err(|_| Sw::CONDITIONS_NOT_SATISFIED)
}
