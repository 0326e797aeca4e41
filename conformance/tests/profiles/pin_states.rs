//! Cards whose PIN is not simply good when they are handed out.

use cns_conformance::clients::pkcs15_tool::{change_pin, unblock_pin, verify_pin};

use crate::{pin, workbench};

const PROFILE: &str = "cns11-st2021";
const NEW_PIN: &str = "654321";

#[test]
fn a_blocked_pin_is_unblocked_by_the_puk() {
    let workbench = workbench(PROFILE, "andrea-fontana");
    let (pin, puk) = (pin(&workbench), workbench.citizen().puk.as_str());
    let blocked = verify_pin(&workbench, pin).unwrap();
    let told = blocked.complaint();
    assert!(told.contains("Authentication method blocked"), "{told}");
    let unblocked = unblock_pin(&workbench, puk, NEW_PIN).unwrap();
    assert!(unblocked.status.success(), "{unblocked:?}");
    assert!(verify_pin(&workbench, NEW_PIN).unwrap().status.success());
}

#[test]
fn a_blocked_puk_unblocks_nothing() {
    let workbench = workbench(PROFILE, "chiara-rinaldi");
    let puk = workbench.citizen().puk.as_str();
    for client in [
        verify_pin(&workbench, pin(&workbench)).unwrap(),
        unblock_pin(&workbench, puk, NEW_PIN).unwrap(),
    ] {
        let told = client.complaint();
        assert!(told.contains("Authentication method blocked"), "{told}");
    }
}

#[test]
fn a_pin_that_is_not_issued_yet_is_set_by_the_puk() {
    let workbench = workbench(PROFILE, "davide-moretti");
    let puk = workbench.citizen().puk.as_str();
    let refused = verify_pin(&workbench, pin(&workbench)).unwrap();
    assert!(
        refused.complaint().contains("Reference data not usable"),
        "{refused:?}"
    );
    let set = unblock_pin(&workbench, puk, NEW_PIN).unwrap();
    assert!(set.status.success(), "{set:?}");
    assert!(verify_pin(&workbench, NEW_PIN).unwrap().status.success());
}

#[test]
fn a_transport_pin_is_changed_before_it_opens_anything() {
    let workbench = workbench(PROFILE, "irene-villa");
    let transport = pin(&workbench);
    let refused = verify_pin(&workbench, transport).unwrap();
    assert!(refused.complaint().contains("Not allowed"), "{refused:?}");
    let changed = change_pin(&workbench, transport, NEW_PIN).unwrap();
    assert!(changed.status.success(), "{changed:?}");
    assert!(verify_pin(&workbench, NEW_PIN).unwrap().status.success());
    assert!(!verify_pin(&workbench, transport).unwrap().status.success());
}
