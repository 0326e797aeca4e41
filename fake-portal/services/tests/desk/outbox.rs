//! What arrives when, and what goes wrong on the way.

use crate::support::{MONDAY, card, luca, maria, phone_of};
use cns_language::{Language, Phrase, text};
use cns_services::Role;
use cns_services::desk::{Channel, Contact};
use cns_services::outbox::{
    Content, Fault, Message, MessageFilter, MessageId, MessageState, Outbox, OutboxFault, Wait,
};
use time::{Duration, OffsetDateTime};

const SECOND: Duration = Duration::SECOND;

#[test]
fn each_channel_takes_its_time() {
    let check = |to: &Contact, takes: Duration| {
        let mut outbox = Outbox::default();
        outbox.send(notice(to, "1"), MONDAY);
        assert_eq!(read(&outbox, to, MONDAY + takes - SECOND), [""; 0]);
        assert_eq!(read(&outbox, to, MONDAY + takes), ["note 1"]);
    };
    check(&phone_of(&maria()), 5 * SECOND);
    check(&Contact::email("maria@posta.test").unwrap(), 30 * SECOND);
    check(&Contact::pec("maria@pec.test").unwrap(), Duration::MINUTE);
    check(
        &Contact::letter("Via Collaudo 1, Lodi").unwrap(),
        Duration::days(3),
    );
}

#[test]
fn faults_happen_as_often_as_they_were_armed_and_to_whom() {
    let maria = phone_of(&maria());
    let luca = phone_of(&luca());
    let mut outbox = Outbox::default();
    outbox.arm(OutboxFault {
        to: Some(maria.clone()),
        channel: Some(Channel::Sms),
        times: 2,
        ..OutboxFault::next(Fault::Lost)
    });
    for words in ["1", "2", "3"] {
        outbox.send(notice(&maria, words), MONDAY);
        outbox.send(notice(&luca, words), MONDAY);
    }
    let later = MONDAY + Duration::HOUR;
    assert_eq!(read(&outbox, &maria, later), ["note 3"]);
    assert_eq!(read(&outbox, &luca, later), ["note 1", "note 2", "note 3"]);
}

#[test]
fn late_twice_and_garbled() {
    let to = phone_of(&maria());
    let mut outbox = Outbox::default();
    for fault in [
        Fault::Late(Duration::HOUR),
        Fault::Twice,
        Fault::Garbled { digit: 1 },
    ] {
        outbox.arm(OutboxFault::next(fault));
    }
    for words in ["late", "twice", "12 and 9"] {
        outbox.send(notice(&to, words), MONDAY);
    }
    let at = |after: Duration| read(&outbox, &to, MONDAY + after);
    assert_eq!(at(5 * SECOND), ["note twice", "note 13 and 9"]);
    assert_eq!(
        at(65 * SECOND),
        ["note twice", "note 13 and 9", "note twice"]
    );
    assert_eq!(at(Duration::HOUR + 5 * SECOND).last().unwrap(), "note late");
}

#[test]
fn two_messages_change_addressees() {
    let (maria, luca) = (phone_of(&maria()), phone_of(&luca()));
    let mut outbox = Outbox::default();
    outbox.arm(OutboxFault::next(Fault::Swapped));
    outbox.send(notice(&maria, "for Maria"), MONDAY);
    outbox.send(notice(&Contact::email("a@b.test").unwrap(), "mail"), MONDAY);
    outbox.send(notice(&luca, "for Luca"), MONDAY + SECOND);
    outbox.send(notice(&luca, "more"), MONDAY + SECOND);
    let later = MONDAY + Duration::MINUTE;
    assert_eq!(read(&outbox, &maria, later), ["note for Luca"]);
    assert_eq!(read(&outbox, &luca, later), ["note for Maria", "note more"]);
    // Alone, a message arrives where it should.
    outbox.arm(OutboxFault::next(Fault::Swapped));
    outbox.send(notice(&maria, "alone"), later);
    let much_later = later + Duration::MINUTE;
    outbox.send(notice(&luca, "too late"), much_later);
    let end = much_later + Duration::MINUTE;
    assert_eq!(read(&outbox, &maria, end), ["note for Luca", "note alone"]);
    assert_eq!(read(&outbox, &luca, end).last().unwrap(), "note too late");
}

#[test]
fn the_sender_hears_once_of_each_change() {
    let to = phone_of(&maria());
    let mut outbox = Outbox::default();
    outbox.arm(OutboxFault::next(Fault::Bounced));
    let report = outbox.send(notice(&to, "1"), MONDAY);
    assert_eq!(
        (report.message, report.state, report.card),
        (MessageId(0), MessageState::Queued, Some(card(0)))
    );
    outbox.send(notice(&to, "2"), MONDAY);
    let heard = |outbox: &mut Outbox, now: OffsetDateTime| -> Vec<(u32, MessageState)> {
        let reports = outbox.reports(now).into_iter();
        reports
            .map(|report| (report.message.0, report.state))
            .collect()
    };
    assert_eq!(heard(&mut outbox, MONDAY), []);
    let later = MONDAY + Duration::MINUTE;
    let both = [(0, MessageState::Bounced), (1, MessageState::Delivered)];
    assert_eq!(heard(&mut outbox, later), both);
    assert_eq!(heard(&mut outbox, later), []);
    // Sent again, it begins anew.
    outbox.resend(MessageId(0), None, later).unwrap();
    let view = outbox.list(&MessageFilter::default(), later);
    assert_eq!(
        (view[0].state, view[0].times, view[0].sent),
        ("queued", 2, later)
    );
    let end = later + Duration::MINUTE;
    assert_eq!(heard(&mut outbox, end), [(0, MessageState::Delivered)]);
    let unknown = outbox.resend(MessageId(7), None, end).unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "OUTBOX-101: No message has this number."
    );
}

#[test]
fn one_can_wait_for_a_message() {
    let to = phone_of(&maria());
    let mut outbox = Outbox::default();
    let filter = MessageFilter {
        to: Some(to.clone()),
        channel: Some(Channel::Sms),
        card: Some(card(0)),
        since: Some(MONDAY),
    };
    assert_eq!(outbox.wait_for(&filter, MONDAY), Wait::NothingSent);
    outbox.send(notice(&phone_of(&luca()), "other"), MONDAY);
    assert_eq!(outbox.wait_for(&filter, MONDAY), Wait::NothingSent);
    outbox.send(notice(&to, "1"), MONDAY);
    let due = MONDAY + 5 * SECOND;
    assert_eq!(outbox.wait_for(&filter, MONDAY), Wait::Until(due));
    assert_eq!(outbox.wait_for(&filter, due), Wait::Arrived(MessageId(1)));
    let later = MessageFilter {
        since: Some(MONDAY + SECOND),
        ..filter
    };
    assert_eq!(outbox.wait_for(&later, due), Wait::NothingSent);
}

#[test]
fn nothing_goes_wrong_any_more() {
    let to = phone_of(&maria());
    let mut outbox = Outbox::default();
    outbox.arm(OutboxFault::next(Fault::Lost));
    outbox.disarm();
    outbox.send(notice(&to, "1"), MONDAY);
    assert_eq!(read(&outbox, &to, MONDAY + Duration::MINUTE), ["note 1"]);
}

fn notice(to: &Contact, words: &str) -> Message {
    Message {
        to: to.clone(),
        card: Some(card(0)),
        language: Language::English,
        content: Content::Notice(
            Phrase::from(text("nota {0}", "note {0}", "Notiz {0}")).with(words),
        ),
    }
}

fn read(outbox: &Outbox, at: &Contact, now: OffsetDateTime) -> Vec<String> {
    let letters = outbox.mailbox(Role::Tester, at, now).unwrap();
    letters
        .into_iter()
        .map(|letter| letter.words.to_string())
        .collect()
}
