//! Commands as JSON, which is how programs ask, and what happened as JSON.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod cast;

use cast::{Cast, NOW, cast};
use cns_services::Requester;
use cns_services::world::Command;
use serde_json::{Value, json};

#[test]
fn every_command_is_read_and_written_as_it_was() {
    let maria = "RSSMRA85C55M901I";
    let target = json!({"person": maria, "nre": "0300A0000000001", "version": 2});
    let report = json!({"person": maria, "report": 3, "version": 0});
    let booking = json!({"person": maria, "booking": 3, "version": 0});
    for command in [
        json!({"report": {"publish": {"person": maria, "kind": "laboratory",
            "content": {"measurements": [{"analyte": "glucose", "hundredths": 9_100}]}}}}),
        json!({"report": {"collect": report}}),
        json!({"report": {"obscure": report}}),
        json!({"report": {"reveal": report}}),
        json!({"report": {"consent": {"person": maria, "given": true}}}),
        json!({"prescription": {"issue": {"person": maria, "exemption": "E02",
            "prescribed": {"service": {"service": "eye-visit", "priority": "deferrable"}}}}}),
        json!({"prescription": {"take-in-charge": target}}),
        json!({"prescription": {"release": target}}),
        json!({"prescription": {"dispense": target}}),
        json!({"prescription": {"cancel": target}}),
        json!({"vaccination": {"record": {"person": maria, "vaccine": "influenza",
            "lot": "AB12", "site": "LA"}}}),
        json!({"vaccination": {"defer": {"person": maria, "vaccine": "hexavalent",
            "until": "2027-01-31"}}}),
        json!({"exemption": {"declare": {"person": maria, "code": "E02"}}}),
        json!({"exemption": {"grant": {"person": maria, "code": "0A31", "until": null}}}),
        json!({"exemption": {"revoke": {"person": maria, "exemption": 0, "version": 0}}}),
        json!({"exemption": {"renew": {"year": 2027}}}),
        json!({"booking": {"book": {"person": maria, "agenda": 4,
            "starts": "2026-12-01T09:30", "nre": "0300A0000000001"}}}),
        json!({"booking": {"cancel": booking}}),
        json!({"booking": {"attend": booking}}),
        json!({"booking": {"miss": booking}}),
        json!({"doctor": {"choose": {"person": maria, "doctor": 2, "version": 1}}}),
        json!({"doctor": {"apply": {"person": maria, "doctor": 2, "reasons": "Vicino a casa."}}}),
        json!({"doctor": {"decide": {"application": 0, "granted": false}}}),
        json!({"doctor": {"register-residence": {"person": maria}}}),
        json!({"doctor": {"register-domicile": {"person": maria, "municipality": "M902",
            "until": "2027-05-31"}}}),
    ] {
        let read: Command = serde_json::from_value(command.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), command);
    }
}

#[test]
fn what_is_no_command_is_told() {
    for (command, expected) in [
        (json!({"booking": {"steal": {}}}), "unknown variant `steal`"),
        (
            json!({"exemption": {"declare": {"person": "RSSMRA85C55M901X", "code": "E02"}}}),
            "check character",
        ),
        (
            json!({"exemption": {"declare": {"person": "RSSMRA85C55M901I", "code": "48"}}}),
            "the code of an exemption is like E02",
        ),
        (
            json!({"exemption": {"renew": {"year": 2027, "month": 3}}}),
            "unknown field `month`",
        ),
    ] {
        let error = serde_json::from_value::<Command>(command).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn what_has_happened_is_told_as_json() {
    let Cast {
        mut world, maria, ..
    } = cast();
    let command = json!({"report": {"consent": {"person": maria.to_string(), "given": true}}});
    let command = serde_json::from_value(command).unwrap();
    let event = world.perform(Requester::Citizen(maria), command, NOW);
    let told: Value = serde_json::to_value(event.unwrap()).unwrap();
    assert_eq!(told, json!({"report": {"consented": {"given": true}}}));
}
