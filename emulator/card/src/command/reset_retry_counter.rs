//! RESET RETRY COUNTER: a blocked PIN gets its tries back.
//!
//! ```text
//! 00 2C 00 id 10 PUK new   the PUK is charged and compared; the PIN gets a new value
//! 00 2C 01 id 08 PUK       the PUK is charged and compared; the PIN keeps its value
//! 00 2C 03 id              the unblock condition must be satisfied already
//! ```
//! P1 02 is not in the CNS's table. Source: CIE functional specification 2.0 p. 63.

use cns_apdu::{Command, Sw};

use super::change_reference_data::new_secret;
use super::{Answer, Execution};
use crate::access::{self, Condition, Unblock};
use crate::image::ObjectAt;
use crate::memory::Change;
use crate::reference_data::{ReferenceValue, Secret};

pub(super) fn reset_retry_counter(execution: &mut Execution<'_>, command: &Command<'_>) -> Answer {
    let object = execution.referenced(command.p2)?;
    match command.p1 {
        0x00 => {
            let (puk, new) = ReferenceValue::pair_from_wire(command.data)?;
            // A key would become a PIN.
            if let Secret::Key(_) = execution.image().reference_data(object)?.secret() {
                return Err(Sw::REFERENCE_NOT_FOUND);
            }
            execution.check_new_value(object, &new)?;
            let unblocker = unblocker(execution, object)?;
            let secret = new_secret(execution, &new)?;
            let proven = execution.prove(unblocker, &puk)?;
            let restored = proven.restores(execution.image())?;
            execution
                .memory
                .commit([restored, Change::new_secret(object, secret)])?;
        }
        0x01 => {
            let puk = ReferenceValue::from_wire(command.data)?;
            let unblocker = unblocker(execution, object)?;
            let proven = execution.prove(unblocker, &puk)?;
            let restored = proven.restores(execution.image())?;
            let refilled = refilled(execution, object)?;
            execution.memory.commit([restored, refilled])?;
        }
        0x03 => {
            if !command.data.is_empty() {
                return Err(Sw::WRONG_LENGTH);
            }
            access::grant::<Unblock>(execution.image(), &execution.session.rights, object)?;
            let refilled = refilled(execution, object)?;
            execution.memory.commit([refilled])?;
        }
        _ => return Err(Sw::WRONG_P1_P2),
    }
    // The holder has to prove the PIN anew, whatever was proven before.
    execution.session.rights.remove(object);
    Ok(Sw::OK)
}

/// The PUK of this PIN; 6982 when nothing but a PUK's proof could unblock it.
fn unblocker(execution: &Execution<'_>, object: ObjectAt) -> Result<ObjectAt, Sw> {
    match execution.image().reference_data(object)?.rules.unblock {
        Condition::Proven(id) => execution
            .image()
            .find_reference_data(object.folder, id)
            .ok_or(Sw::REFERENCE_NOT_FOUND),
        Condition::Always | Condition::Never => Err(Sw::SECURITY_STATUS_NOT_SATISFIED),
    }
}

fn refilled(execution: &Execution<'_>, object: ObjectAt) -> Result<Change, Sw> {
    let tries_max = execution.image().reference_data(object)?.rules.tries_max;
    Ok(Change::tries_left(object, tries_max))
}
