//! The story that the portal is there to tell, on the desk alone: how a PIN comes to its holder, and
//! how a card ends.

use crate::support::*;
use cns_authority::RevocationReason;
use cns_language::Language;
use cns_services::Role;
use cns_services::audit;
use cns_services::desk::{
    CardEvent, Cause, CertificateChange, Contact, Declaration, Form, FormKind, Papers, Revocation,
    SpidLevel,
};
use cns_services::outbox::{Fault, MessageFilter, OutboxFault, Wait};
use time::Duration;
use time::macros::{date, datetime};

#[test]
fn from_the_request_at_the_desk_to_the_next_card() {
    let mut world = World::new();
    assert_eq!(world.states(0), "delivered, good, none");

    // Maria comes with her card and her identity card, and the operator takes the form.
    let request = world.ask(&maria(), own_card(0)).unwrap();
    assert_eq!(world.states(0), "delivered, good, request-open");

    // The first part is on the slip, the second is on its way, the card has both.
    world.hand_over(request).unwrap();
    assert_eq!(world.states(0), "active, good, second-part-queued");
    let (handed_to, _, slip) = world.slips.last().unwrap().clone();
    assert_eq!(handed_to, maria().codice_fiscale);
    assert!(world.phone(&maria()).is_empty());
    let filter = MessageFilter {
        to: Some(phone_of(&maria())),
        ..MessageFilter::default()
    };
    let due = world.now + Duration::seconds(5);
    assert_eq!(world.outbox.wait_for(&filter, world.now), Wait::Until(due));
    world.pass(Duration::MINUTE);
    assert_eq!(world.states(0), "active, good, second-part-delivered");

    // Together they are what the card was given.
    let message = world.phone(&maria()).pop().unwrap();
    let (pin, puk) = world.chips.get(&card(0)).unwrap().clone();
    let (pin_first, pin_second) = pin.split_at(2);
    let (puk_first, puk_second) = puk.split_at(2);
    assert_eq!(
        slip,
        format!("First part. PIN: {pin_first} _ _ _ PUK: {puk_first} _ _ _ _ _ _")
    );
    let expected = format!("Second part. PIN: _ _ {pin_second} PUK: _ _ {puk_second} CIP: ");
    assert!(message.starts_with(&expected), "{message}");
    let cip = message.rsplit(' ').next().unwrap().to_owned();

    // She logs in. Later three wrong PINs block it, and the PUK helps.
    let hear = |world: &mut World, event: CardEvent| {
        world.desk.card_event(card(0), event, world.now).unwrap();
    };
    hear(&mut world, CardEvent::PinProven);
    assert_eq!(world.states(0), "active, good, in-use");
    hear(&mut world, CardEvent::PinBlocked);
    assert_eq!(world.states(0), "active, good, pin-blocked");
    let at_desk = world.identify(&maria()).unwrap();
    let advice = world
        .desk
        .help_with_blocked_pin(&at_desk, card(0), world.now);
    let advice = advice.unwrap().in_language(Language::English);
    assert!(advice.starts_with("The PIN is blocked: set a new one with the PUK"));
    hear(&mut world, CardEvent::PinUnblocked);
    assert_eq!(world.states(0), "active, good, in-use");

    // The card is stolen in the night. She calls with the CIP, and it is on hold at once.
    world.pass(Duration::hours(14));
    let on_the_phone = world
        .desk
        .identify_by_cip(card(0), &cip, world.now)
        .unwrap();
    let effects = world
        .desk
        .suspend(&on_the_phone, card(0), Cause::Theft, world.now);
    world.execute(effects.unwrap());
    assert_eq!(world.states(0), "suspended, on-hold, in-use");
    world.pass(Duration::MINUTE);
    let notice = world.phone(&maria()).pop().unwrap();
    assert_eq!(
        notice,
        format!(
            "Card {} is suspended. It is reactivated at a desk.",
            card(0)
        )
    );

    // It was in the other coat. On Thursday the desk takes it off hold.
    world.pass(Duration::hours(64));
    let at_desk = world.identify(&maria()).unwrap();
    let effects = world.desk.reactivate(&at_desk, card(0), world.now);
    world.execute(effects.unwrap());
    assert_eq!(world.states(0), "active, good, in-use");

    // A week later it is really gone: the police have a report, and the card is over for ever.
    world.pass(Duration::weeks(1));
    let at_desk = world.identify(&maria()).unwrap();
    let theft = Revocation {
        card: card(0),
        cause: Cause::Theft,
        declaration: Some(Declaration::PoliceReport {
            number: "2026/1".to_owned(),
        }),
    };
    let effects = world.desk.revoke(&at_desk, &theft, None, world.now);
    world.execute(effects.unwrap());
    assert_eq!(world.states(0), "revoked, revoked, dead");
    let again = world.desk.reactivate(&at_desk, card(0), world.now);
    assert_eq!(again.unwrap_err().code, "DESK-128");
    let told = [
        CertificateChange::Hold,
        CertificateChange::Release,
        CertificateChange::Revoke(RevocationReason::KeyCompromise),
    ];
    assert_eq!(world.told, told.map(|change| (card(0), change)));

    // A new card is ordered, made, posted and delivered; its PIN comes as the first one did.
    let ordered = world
        .desk
        .order_new_card(&at_desk, card(0), None, world.now);
    let (order, effects) = ordered.unwrap();
    world.execute(effects);
    assert_eq!(world.orders, [order]);
    let (expires, new) = (date!(2032 - 12 - 31), card(100));
    world
        .desk
        .card_produced(order, new, expires, world.now)
        .unwrap();
    world.desk.card_shipped(new, world.now).unwrap();
    world.pass(Duration::weeks(1));
    world.desk.card_delivered(new, world.now).unwrap();
    assert_eq!(world.states(100), "delivered, good, none");
    let mut form = own_card(0);
    form.card = new;
    form.papers.card = Some(new);
    let request = world.ask(&maria(), form).unwrap();
    world.hand_over(request).unwrap();
    world
        .desk
        .card_event(new, CardEvent::PinProven, world.now)
        .unwrap();
    assert_eq!(world.states(100), "active, good, in-use");
    assert_ne!(world.chips.get(&new), world.chips.get(&card(0)));

    // All of it is in the log, which is whole.
    let log = world.audit();
    let read = audit::verify(log.export().as_bytes(), log.head()).unwrap();
    assert_eq!(read, log.entries());
    assert!(read.iter().any(|entry| entry.why
        == "theft, police report 2026/1; asked by \
         RSSMRA85C55M901I at social-services"));
}

#[test]
fn a_father_comes_for_his_daughter() {
    let mut world = World::new();
    let request = world.ask(&paolo(), for_sofia()).unwrap();
    world.hand_over(request).unwrap();
    world.pass(Duration::MINUTE);
    assert_eq!(world.slips.last().unwrap().0, paolo().codice_fiscale);
    assert_eq!(world.phone(&paolo()).len(), 1);
    assert_eq!(world.states(1), "active, good, second-part-delivered");
}

#[test]
fn a_guardian_comes_for_his_ward() {
    let mut world = World::new();
    let request = world.ask(&luca(), for_rosa()).unwrap();
    world.hand_over(request).unwrap();
    assert_eq!(world.states(4), "active, good, second-part-queued");
}

#[test]
fn a_delegate_gets_one_part_and_never_the_other() {
    let mut world = World::new();
    let request = world.ask(&luca(), by_delegation()).unwrap();
    let reader = Role::Delegate(luca().codice_fiscale);
    let view = world.desk.view(reader, card(0), world.now).unwrap();
    assert_eq!((view.credential, view.contact), ("request-open", None));
    world.hand_over(request).unwrap();
    world.pass(Duration::MINUTE);
    assert_eq!(world.slips.last().unwrap().0, luca().codice_fiscale);
    assert!(world.phone(&luca()).is_empty());
    assert_eq!(world.phone(&maria()).len(), 1);
    // His business with the card is over.
    assert_eq!(
        world
            .desk
            .view(reader, card(0), world.now)
            .unwrap_err()
            .code,
        "DESK-125"
    );
}

#[test]
fn online_by_a_one_time_code_or_by_spid() {
    for by_code in [true, false] {
        let mut world = World::new();
        // At night, when no desk is open.
        world.pass(Duration::hours(14));
        let identified = if by_code {
            world.send_code(&maria(), &phone_of(&maria())).unwrap();
            world.pass(Duration::MINUTE);
            let message = world.phone(&maria()).pop().unwrap();
            let code = message.strip_prefix("One-time code: ").unwrap();
            world
                .desk
                .identify_by_one_time_code(&maria(), code, world.now)
        } else {
            world
                .desk
                .identify_by_spid(&maria(), SpidLevel::Two, world.now)
        };
        let form = Form {
            kind: FormKind::Online,
            papers: Papers::default(),
            ..own_card(0)
        };
        let request = world.desk.take_form(identified.unwrap(), form, world.now);
        world.hand_over(request.unwrap()).unwrap();
        world.pass(Duration::MINUTE);
        assert_eq!(world.states(0), "active, good, second-part-delivered");
    }
}

#[test]
fn a_lost_message_is_sent_again() {
    let mut world = World::new();
    world.outbox.arm(OutboxFault::next(Fault::Lost));
    world.maria_has_a_pin();
    world.pass(Duration::hours(1));
    assert_eq!(world.states(0), "active, good, second-part-queued");
    assert!(world.phone(&maria()).is_empty());
    let at_desk = world.identify(&maria()).unwrap();
    let effects = world.desk.send_again(&at_desk, card(0), None, world.now);
    world.execute(effects.unwrap());
    world.pass(Duration::MINUTE);
    assert_eq!(world.states(0), "active, good, second-part-delivered");
    let (pin, _) = world.chips.get(&card(0)).unwrap();
    let message = world.phone(&maria()).pop().unwrap();
    assert!(
        message.contains(&format!("PIN: _ _ {} PUK", &pin[2..])),
        "{message}"
    );
}

#[test]
fn what_bounced_goes_to_another_address() {
    let mut world = World::new();
    world.outbox.arm(OutboxFault::next(Fault::Bounced));
    world.maria_has_a_pin();
    assert_eq!(world.states(0), "active, good, second-part-bounced");
    let at_desk = world.identify(&maria()).unwrap();
    let mail = Contact::pec("maria.rossi@pec.test").unwrap();
    let effects = world
        .desk
        .send_again(&at_desk, card(0), Some(mail.clone()), world.now);
    world.execute(effects.unwrap());
    world.pass(Duration::minutes(2));
    let arrived = world.outbox.mailbox(Role::Tester, &mail, world.now);
    assert_eq!(arrived.unwrap().len(), 1);
    assert_eq!(world.states(0), "active, good, second-part-delivered");
}

#[test]
fn a_card_expires_with_its_last_day_in_italy() {
    let mut world = World::new();
    world.maria_has_a_pin();
    world.now = datetime!(2031-12-31 22:59 UTC);
    world.pass(Duration::ZERO);
    assert_eq!(world.states(0), "active, good, second-part-delivered");
    world.pass(Duration::MINUTE);
    assert_eq!(world.states(0), "expired, expired, dead");
    assert_eq!(world.told, [], "the date speaks for itself");
}
