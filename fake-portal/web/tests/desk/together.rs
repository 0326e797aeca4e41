//! Two who decide at once, or one after the other about what they no longer see: nobody undoes another's work
//! unawares.

use std::sync::Barrier;

use crate::counter::{Counter, Fields, at, form, phone};
use crate::support::visitor::{Reply, Visitor};

const MARIA: &str = "maria-rossi";

#[test]
fn who_saw_a_card_as_it_no_longer_is_looks_again() {
    let counter = Counter::open();
    let (mario, niccolo) = operators(&counter);
    let suspend = at(MARIA, "suspend");
    let reactivate = at(MARIA, "reactivate");
    let loss = [("cause", "loss".to_owned())];
    assert_eq!(mario.post(&suspend, &loss).status, 303);
    // Mario looks at the card that was lost. Meanwhile it is found, and stolen.
    let seen_by_mario = version(&counter);
    assert_eq!(niccolo.post(&reactivate, &[]).status, 303);
    let theft = [("cause", "theft".to_owned())];
    assert_eq!(niccolo.post(&suspend, &theft).status, 303);

    let stale = [("version", seen_by_mario)];
    let refused = mario.post(&reactivate, &stale);
    assert_eq!(refused.status, 409);
    assert!(refused.shows("<code>DESK-141</code>"), "{}", refused.body);
    assert_eq!(counter.view(MARIA).state, "suspended");
    let fresh = format!(r#"name="version" value="{}""#, version(&counter));
    assert!(refused.shows(&fresh), "the page shows the card as it is");
    let seen = [("version", version(&counter))];
    assert_eq!(mario.post(&reactivate, &seen).status, 303);
}

#[test]
fn a_holder_online_and_an_operator_do_not_pass_each_other_by() {
    let counter = Counter::open();
    let (mario, _) = operators(&counter);
    let maria = counter.visitor(MARIA);
    let seen_by_mario = version(&counter);
    let online = Counter::log_in(&maria, MARIA);
    let lost = [
        ("card", counter.view(MARIA).card),
        ("cause", "loss".to_owned()),
    ];
    let suspended = maria.post(&format!("{online}/suspend"), &lost);
    assert_eq!(suspended.status, 303, "{}", suspended.body);

    let order = [
        ("version", seen_by_mario),
        ("card", counter.view(MARIA).card),
    ];
    for path in [at(MARIA, "order"), at(MARIA, "revoke-by-office")] {
        let cause = [
            ("cause", "wrong-data".to_owned()),
            ("office", "regional-desk".to_owned()),
        ];
        let refused = mario.post_json(&path, &[&order[..], &cause[..]].concat());
        assert_eq!(refused.json()["code"], "DESK-141", "{path}");
    }
    let asked: Fields = [form(MARIA, MARIA), order[..1].to_vec()].concat();
    let refused = mario.post(&at(MARIA, "form/at-desk"), &asked);
    assert!(refused.shows("<code>DESK-141</code>"));
    assert!(refused.shows(&phone(MARIA)), "what was typed is kept");
    // Who was refused a form still stands at the counter.
    let (_, desk) = mario.json("/desk");
    assert_eq!(desk["visitor"]["name"], "Maria Rossi");
}

#[test]
fn of_two_operators_who_decide_at_once_one_does() {
    let counter = Counter::open();
    let (mario, niccolo) = operators(&counter);
    // Both hold the card that is to be replaced, and both press the button.
    let order = vec![
        ("version", version(&counter)),
        ("card", counter.view(MARIA).card),
    ];
    let both = [order.clone(), order];
    let replies = at_once([&mario, &niccolo], &at(MARIA, "order"), &both);
    one_is_done(&replies, 303, "DESK-141");
    let sought = [("sought", "Maria Rossi".to_owned())];
    let found = mario.post_json("/desk/find", &sought);
    let cards = found.json()["cards"].as_array().unwrap().len();
    assert_eq!(cards, 2, "the old one, and one new one");
}

#[test]
fn a_second_part_goes_to_one_of_two_addresses() {
    let counter = Counter::open();
    let (mario, niccolo) = operators(&counter);
    let request = mario.post_json(&at(MARIA, "form/at-desk"), &form(MARIA, MARIA));
    let request = request.json()["request"].to_string();
    let request = vec![("request", request)];
    let both = [request.clone(), request];
    let slips = at_once([&mario, &niccolo], &at(MARIA, "hand-over"), &both);
    one_is_done(&slips, 200, "DESK-135");

    Counter::identify(&mario, MARIA);
    Counter::identify(&niccolo, MARIA);
    let to = |address: &str| {
        vec![
            ("version", version(&counter)),
            ("channel", "email".to_owned()),
            ("contact", address.to_owned()),
        ]
    };
    let both = [to("one@posta.test"), to("other@posta.test")];
    let sent = at_once([&mario, &niccolo], &at(MARIA, "send-again"), &both);
    one_is_done(&sent, 303, "DESK-141");
}

#[test]
fn of_two_windows_of_one_holder_one_gets_the_first_part() {
    let counter = Counter::open();
    // Not with her own card: each visit would tell the desk that its PIN is in use.
    let visitor = counter.visitor("irene-villa");
    let windows = [0, 1].map(|_| Counter::log_in(&visitor, MARIA));
    let start = Barrier::new(2);
    let replies: Vec<Reply> = std::thread::scope(|scope| {
        let posts = windows.map(|window| {
            let (visitor, start) = (&visitor, &start);
            scope.spawn(move || {
                start.wait();
                visitor.post(&format!("{window}/form"), &form(MARIA, MARIA))
            })
        });
        posts.map(|post| post.join().unwrap()).into()
    });
    one_is_done(&replies, 200, "DESK-111");
}

/// Two operators, each of whom has identified Maria.
fn operators(counter: &Counter) -> (Visitor<'_>, Visitor<'_>) {
    let both = ["mario-bianchi", "niccolo-d-amico"].map(|id| counter.visitor(id));
    for operator in &both {
        Counter::identify(operator, MARIA);
    }
    let [mario, niccolo] = both;
    (mario, niccolo)
}

fn version(counter: &Counter) -> String {
    counter.view(MARIA).version.number().to_string()
}

/// What two are answered who post at the same time.
fn at_once(who: [&Visitor<'_>; 2], path: &str, fields: &[Fields; 2]) -> Vec<Reply> {
    let start = Barrier::new(2);
    std::thread::scope(|scope| {
        let posts = [0, 1].map(|number: usize| {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                who[number].post(path, &fields[number])
            })
        });
        posts.map(|post| post.join().unwrap()).into()
    })
}

fn one_is_done(replies: &[Reply], done: u16, code: &str) {
    let bodies = || replies.iter().map(|reply| &reply.body).collect::<Vec<_>>();
    let is_done = |reply: &&Reply| reply.status == done;
    assert_eq!(replies.iter().filter(is_done).count(), 1, "{:?}", bodies());
    let refused = |reply: &&Reply| reply.shows(&format!("<code>{code}</code>"));
    assert_eq!(replies.iter().filter(refused).count(), 1, "{:?}", bodies());
}
