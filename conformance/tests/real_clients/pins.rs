//! PIN and PUK in the hands of real clients.

use cns_conformance::clients::{curl, gnutls_cli, pkcs11_tool, pkcs15_tool};
use cns_conformance::{ActionError, TlsVersion, Visit, Workbench};

use crate::workbench;

const WRONG_PIN: &str = "99999";
const WRONG_PUK: &str = "99999999";
const NEW_PIN: &str = "654321";

#[test]
fn three_wrong_pins_block_the_pin_and_the_puk_unblocks_it() {
    let workbench = workbench("maria-rossi");
    let (pin, puk) = secrets(&workbench);

    let first = pkcs15_tool::verify_pin(&workbench, WRONG_PIN).unwrap();
    assert!(first.complaint().contains("PIN code or key incorrect"));
    assert_eq!(pin_state(&workbench), "63C2");
    let second = pkcs11_tool::log_in(&workbench, WRONG_PIN).unwrap();
    assert!(second.complaint().contains("CKR_PIN_INCORRECT"));
    assert_eq!(pin_state(&workbench), "63C1");
    let third = pkcs15_tool::verify_pin(&workbench, WRONG_PIN).unwrap();
    assert!(third.complaint().contains("PIN code or key incorrect"));
    assert_eq!(pin_state(&workbench), "6983");

    let refused = pkcs15_tool::verify_pin(&workbench, pin).unwrap();
    assert!(!refused.status.success());
    assert!(
        refused
            .complaint()
            .contains("Authentication method blocked")
    );
    let refused = pkcs11_tool::log_in(&workbench, pin).unwrap();
    assert!(!refused.status.success());
    assert!(refused.complaint().contains("CKR_PIN_LOCKED"));
    let locked_out = curl::visit(&workbench, TlsVersion::Tls13, pin).unwrap_err();
    assert!(
        locked_out.to_string().contains("curl failed"),
        "{locked_out}"
    );

    let unblocked = pkcs15_tool::unblock_pin(&workbench, puk, pin).unwrap();
    unblocked.succeeded().unwrap();
    workbench.reset_card().unwrap();
    assert_eq!(pin_state(&workbench), "63C3");
    pkcs15_tool::verify_pin(&workbench, pin)
        .unwrap()
        .succeeded()
        .unwrap();
    log_in(&workbench, pin);
}

#[test]
fn the_holder_changes_the_pin() {
    let workbench = workbench("maria-rossi");
    let (pin, _) = secrets(&workbench);

    let refused = pkcs15_tool::change_pin(&workbench, WRONG_PIN, NEW_PIN).unwrap();
    assert!(!refused.status.success());
    assert_eq!(pin_state(&workbench), "63C2");

    let changed = pkcs15_tool::change_pin(&workbench, pin, NEW_PIN).unwrap();
    changed.succeeded().unwrap();
    workbench.reset_card().unwrap();
    assert_eq!(pin_state(&workbench), "63C3");
    let old = pkcs11_tool::log_in(&workbench, pin).unwrap();
    assert!(old.complaint().contains("CKR_PIN_INCORRECT"));
    log_in(&workbench, NEW_PIN);
}

#[test]
fn a_blocked_puk_cannot_be_saved() {
    let workbench = workbench("maria-rossi");
    let (pin, puk) = secrets(&workbench);
    for _ in 0..3 {
        let refused = pkcs15_tool::unblock_pin(&workbench, WRONG_PUK, NEW_PIN).unwrap();
        assert!(!refused.status.success());
    }
    let refused = pkcs15_tool::unblock_pin(&workbench, puk, NEW_PIN).unwrap();
    assert!(
        refused
            .complaint()
            .contains("Authentication method blocked")
    );
    // The PIN is as good as before.
    assert_eq!(pin_state(&workbench), "63C3");
    log_in(&workbench, pin);
}

/// A client that tries a wrong PIN again by itself would take two of a person's three tries.
///
/// `tstclnt` is not here: NSS asks for a refused PIN again, and `-w` gives it the same one until the
/// card is blocked.
#[test]
fn a_wrong_pin_at_login_costs_one_try() {
    type Visits = fn(&Workbench, TlsVersion, &str) -> Result<Visit, ActionError>;
    let clients: [(&str, Visits); 2] = [("curl", curl::visit), ("gnutls-cli", gnutls_cli::visit)];
    let workbench = workbench("maria-rossi");
    let (pin, _) = secrets(&workbench);
    for (client, visit) in clients {
        workbench.reset_card().unwrap();
        visit(&workbench, TlsVersion::Tls12, WRONG_PIN).unwrap_err();
        assert_eq!(pin_state(&workbench), "63C2", "{client}");
        // The right PIN gives the three tries back.
        let visit = visit(&workbench, TlsVersion::Tls12, pin).unwrap();
        visit.judge(&workbench, TlsVersion::Tls12).unwrap();
        workbench.reset_card().unwrap();
        assert_eq!(pin_state(&workbench), "63C3", "{client}");
    }
}

/// Why actions start with a reset.
#[test]
fn a_verified_pin_outlives_the_client_but_not_a_reset() {
    let workbench = workbench("maria-rossi");
    let (pin, _) = secrets(&workbench);
    assert_eq!(pin_state(&workbench), "63C3");
    pkcs15_tool::verify_pin(&workbench, pin)
        .unwrap()
        .succeeded()
        .unwrap();
    assert_eq!(pin_state(&workbench), "9000");
    workbench.reset_card().unwrap();
    assert_eq!(pin_state(&workbench), "63C3");
}

fn secrets(workbench: &Workbench) -> (&str, &str) {
    let citizen = workbench.citizen();
    (citizen.pin.as_str(), citizen.puk.as_str())
}

fn log_in(workbench: &Workbench, pin: &str) {
    let visit = curl::visit(workbench, TlsVersion::Tls13, pin).unwrap();
    visit.judge(workbench, TlsVersion::Tls13).unwrap();
}

/// What the card answers to VERIFY without data: 9000 verified, 63Cx with x tries left, 6983 blocked.
fn pin_state(workbench: &Workbench) -> String {
    let client = workbench
        .client("opensc-tool")
        .arguments(["--send-apdu", "00200010"])
        .run()
        .unwrap();
    let text = client.text();
    // Received (SW1=0x63, SW2=0xC2)
    let status = text.split_once("(SW1=0x").unwrap().1;
    status.get(..2).unwrap().to_owned() + status.split_once("SW2=0x").unwrap().1.get(..2).unwrap()
}
