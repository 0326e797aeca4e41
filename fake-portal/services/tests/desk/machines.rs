//! The three machines, arrow by arrow.

use cns_authority::RevocationReason;
use cns_services::desk::{
    CardState, CardStep, CertificateState, CertificateStep, Credential, CredentialState,
    CredentialStep, RequestId,
};

#[test]
fn a_card_takes_the_steps_of_the_drawing_and_no_others() {
    let drawing = "\
        requested: produce->in-production\n\
        in-production: ship->shipped\n\
        shipped: deliver->delivered revoke->revoked\n\
        delivered: activate->active revoke->revoked expire->expired supersede->superseded\n\
        active: activate->active suspend->suspended revoke->revoked expire->expired \
        supersede->superseded\n\
        suspended: reactivate->active revoke->revoked expire->expired supersede->superseded\n\
        revoked:\nexpired:\nsuperseded:\n";
    let arrows = |state: CardState| -> String {
        let after = |step: CardStep| Some((step.name(), state.after(step).ok()?.name()));
        let arrows = CardStep::ALL.into_iter().filter_map(after);
        arrows
            .map(|(step, after)| format!(" {step}->{after}"))
            .collect()
    };
    let drawn: String = CardState::ALL
        .into_iter()
        .map(|state| format!("{}:{}\n", state.name(), arrows(state)))
        .collect();
    assert_eq!(drawn, drawing);
    for state in CardState::ALL {
        assert_eq!(
            state.is_over(),
            arrows(state).is_empty(),
            "{}",
            state.name()
        );
    }
}

#[test]
fn a_certificate_takes_the_steps_of_the_drawing_and_no_others() {
    let reason = RevocationReason::KeyCompromise;
    let drawing = "\
        not-issued: issue->good\n\
        good: hold->on-hold revoke->revoked expire->expired\n\
        on-hold: release->good revoke->revoked expire->expired\n\
        revoked:\nexpired:\n";
    let steps = [
        CertificateStep::Issue,
        CertificateStep::Hold,
        CertificateStep::Release,
        CertificateStep::Revoke(reason),
        CertificateStep::Expire,
    ];
    let arrows = |state: CertificateState| -> String {
        let after = |step: CertificateStep| Some((step.name(), state.after(step).ok()?.name()));
        let arrows = steps.into_iter().filter_map(after);
        arrows
            .map(|(step, after)| format!(" {step}->{after}"))
            .collect()
    };
    let states = [
        CertificateState::NotIssued,
        CertificateState::Good,
        CertificateState::OnHold,
        CertificateState::Revoked(reason),
        CertificateState::Expired,
    ];
    let drawn: String = states
        .into_iter()
        .map(|state| format!("{}:{}\n", state.name(), arrows(state)))
        .collect();
    assert_eq!(drawn, drawing);
}

#[test]
fn a_credential_takes_the_steps_of_the_drawing_and_no_others() {
    let drawing = "\
        none: kill->dead\n\
        first-part-handed: queue-second-part->second-part-queued use->in-use \
        block-pin->pin-blocked block-puk->puk-blocked kill->dead\n\
        second-part-queued: queue-second-part->second-part-queued deliver->second-part-delivered \
        bounce->second-part-bounced use->in-use block-pin->pin-blocked block-puk->puk-blocked \
        kill->dead\n\
        second-part-delivered: queue-second-part->second-part-queued \
        deliver->second-part-delivered bounce->second-part-delivered use->in-use \
        block-pin->pin-blocked block-puk->puk-blocked kill->dead\n\
        second-part-bounced: queue-second-part->second-part-queued deliver->second-part-delivered \
        bounce->second-part-bounced use->in-use block-pin->pin-blocked block-puk->puk-blocked \
        kill->dead\n\
        in-use: queue-second-part->in-use deliver->in-use bounce->in-use use->in-use \
        block-pin->pin-blocked unblock->in-use block-puk->puk-blocked kill->dead\n\
        pin-blocked: queue-second-part->pin-blocked deliver->pin-blocked bounce->pin-blocked \
        unblock->in-use block-puk->puk-blocked kill->dead\n\
        puk-blocked: queue-second-part->puk-blocked deliver->puk-blocked bounce->puk-blocked \
        kill->dead\n\
        dead: kill->dead\n";
    let steps = [
        CredentialStep::QueueSecondPart,
        CredentialStep::Deliver,
        CredentialStep::Bounce,
        CredentialStep::Use,
        CredentialStep::BlockPin,
        CredentialStep::Unblock,
        CredentialStep::BlockPuk,
        CredentialStep::Kill,
    ];
    let drawn: String = states()
        .map(|state| {
            let known = Credential::known(state);
            let after = |step: CredentialStep| Some((step.name(), known.after(step).ok()?.name()));
            let arrows = steps.into_iter().filter_map(after);
            let arrows: String = arrows
                .map(|(step, after)| format!(" {step}->{after}"))
                .collect();
            format!("{}:{arrows}\n", state.name())
        })
        .collect();
    assert_eq!(drawn, drawing);
}

/// Old codes are good until new ones are handed over, and are what is left when a request is given up.
#[test]
fn a_request_changes_nothing_until_something_is_handed_over() {
    let open = CredentialStep::OpenRequest(RequestId(1));
    let refusals: Vec<&str> = states()
        .map(|state| {
            let known = Credential::known(state);
            let opened = match known.after(open) {
                Ok(opened) => opened,
                Err(refusal) => return refusal.code,
            };
            assert_eq!(opened.name(), "request-open");
            assert_eq!(opened.after(CredentialStep::Withdraw).unwrap(), known);
            assert_eq!(opened.after(open).unwrap_err().code, "DESK-111");
            let handed = opened.after(CredentialStep::HandFirstPart).unwrap();
            assert_eq!(handed, Credential::known(CredentialState::FirstPartHanded));
            "opened"
        })
        .collect();
    let expected = [
        "opened", "DESK-111", "DESK-111", "opened", "opened", "opened", "opened", "DESK-133",
        "DESK-109",
    ];
    assert_eq!(refusals, expected);
}

/// A PUK that is blocked while a request is open ends the request's hopes.
#[test]
fn a_card_that_is_blocked_for_ever_gets_no_codes() {
    let open = Credential::known(CredentialState::InUse)
        .after(CredentialStep::OpenRequest(RequestId(1)))
        .unwrap();
    let blocked = open.after(CredentialStep::BlockPuk).unwrap();
    let refusal = blocked.after(CredentialStep::HandFirstPart).unwrap_err();
    assert_eq!(refusal.code, "DESK-133");
    assert_eq!(
        blocked.after(CredentialStep::Kill).unwrap(),
        Credential::known(CredentialState::Dead)
    );
}

fn states() -> impl Iterator<Item = CredentialState> {
    [
        CredentialState::None,
        CredentialState::FirstPartHanded,
        CredentialState::SecondPartQueued,
        CredentialState::SecondPartDelivered,
        CredentialState::SecondPartBounced,
        CredentialState::InUse,
        CredentialState::PinBlocked,
        CredentialState::PukBlocked,
        CredentialState::Dead,
    ]
    .into_iter()
}
