//! Citizens who want the same at the same time.

use std::sync::Barrier;

use cns_services::bookings::Service;
use time::Duration;

use crate::support::visitor::Reply;
use crate::town::{NOW, Place, written};

/// Citizens of the cards who may act for themselves.
const CITIZENS: [&str; 6] = [
    "maria-rossi",
    "mario-bianchi",
    "paolo-conti",
    "giulia-ferri",
    "rosa-galli",
    "irene-villa",
];

#[test]
fn an_appointment_is_had_by_one_of_many() {
    let place = Place::found();
    let agenda = place.agenda(Service::EyeVisit);
    let starts = place.free(agenda, NOW + Duration::days(20), 1)[0];
    let fields = [
        ("agenda", agenda.0.to_string()),
        ("starts", written(starts)),
    ];
    let visitors = CITIZENS.map(|id| place.visitor(id));
    let start = Barrier::new(visitors.len());
    let replies: Vec<Reply> = std::thread::scope(|scope| {
        let posts = visitors.each_ref().map(|visitor| {
            let (fields, start) = (&fields, &start);
            scope.spawn(move || {
                start.wait();
                visitor.post("/area/bookings/new", fields)
            })
        });
        posts.map(|post| post.join().unwrap()).into()
    });
    let booked = replies.iter().filter(|reply| reply.status == 303);
    assert_eq!(booked.count(), 1);
    let taken = |reply: &&Reply| reply.shows("<code>BOOKING-103</code>");
    assert_eq!(replies.iter().filter(taken).count(), CITIZENS.len() - 1);
}

#[test]
fn of_two_windows_of_one_citizen_one_changes_an_entry() {
    let place = Place::found();
    let maria = place.visitor("maria-rossi");
    let agenda = place.agenda(Service::EyeVisit);
    let starts = place.free(agenda, NOW + Duration::days(20), 1)[0];
    let fields = [
        ("agenda", agenda.0.to_string()),
        ("starts", written(starts)),
    ];
    let booked = maria.post_json("/area/bookings/new", &fields).json();
    let booking = booked["next"].as_str().unwrap().replacen("/api", "", 1);
    let version = [("version", "0".to_owned())];
    let start = Barrier::new(2);
    let replies = std::thread::scope(|scope| {
        let posts = [0, 1].map(|_| {
            let (maria, booking, version, start) = (&maria, &booking, &version, &start);
            scope.spawn(move || {
                start.wait();
                maria.post(&format!("{booking}/cancel"), version)
            })
        });
        posts.map(|post| post.join().unwrap())
    });
    let done = replies.iter().filter(|reply| reply.status == 303);
    assert_eq!(done.count(), 1);
    assert!(
        replies
            .iter()
            .any(|reply| reply.shows("<code>WORLD-101</code>"))
    );
}
