//! Forms as browsers send them: cookies, tokens, what was typed, and two who must agree.

use cns_conformance::town::Founding;
use cns_fixtures::citizen;
use cns_services::desk::{Approval, Policy};
use serde_json::json;
use time::Duration;

use super::{act, identify, own_form, place::Place};

#[test]
fn a_session_is_one_cookie_that_ends_with_silence_and_with_signing_out() {
    let mut place = Place::found();
    let wrong = json!({"user": "mario", "password": "sportello-2"});
    assert_eq!(place.refused("/desk/sign-in", &wrong), "STAFF-101 password");
    assert_eq!(place.browse("/desk", None).status, 401);

    let token = place.token("/desk");
    let typed = [
        ("token", token.as_str()),
        ("user", "mario"),
        ("password", "sportello-1"),
    ];
    let answer = place.browse("/desk/sign-in", Some(&typed));
    assert_eq!(
        (answer.status, answer.headers["location"].as_str()),
        (303, "/desk")
    );
    let cookie = &answer.headers["set-cookie"];
    assert!(cookie.starts_with("__Host-session="), "{cookie}");
    assert!(
        cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Strict"),
        "{cookie}"
    );

    place.sign_in("mario", "sportello-1");
    assert_eq!(place.browse("/desk", None).status, 200);
    identify(&place, "maria-rossi");
    place.pass(Duration::minutes(31));
    assert_eq!(place.browse("/desk", None).status, 401);

    place.sign_in("mario", "sportello-1");
    let visitor = place.get("/desk")["visitor"].clone();
    assert!(visitor.is_null(), "who was identified is gone: {visitor}");
    place.done("/desk/sign-out", &json!({}));
    assert_eq!(place.browse("/desk", None).status, 401);

    // An auditor does nothing at the desk, and an operator reads no log.
    place.sign_in("davide", "revisione-1");
    assert_eq!(
        place.refused("/desk/find", &json!({"sought": "a"})),
        "DESK-124 -"
    );
    assert_eq!(place.get("/audit/verify")["is_whole"], true);
    place.sign_in("mario", "sportello-1");
    assert_eq!(place.browse("/audit/export", None).status, 403);
    place.forget_cookie();
    assert_eq!(place.browse("/audit/export", None).status, 401);
}

#[test]
fn a_refused_form_comes_back_with_the_reason_and_what_was_typed() {
    let mut place = Place::found();
    place.sign_in("mario", "sportello-1");
    let person = citizen("maria-rossi").unwrap().codice_fiscale.to_string();
    let token = place.token("/desk");
    let typed = [
        ("token", token.as_str()),
        ("office", "regional-desk"),
        ("identity", &person),
        ("document.kind", "passport"),
        ("document.number", "YA<\"0001>"),
        ("document.issuer", "Questura di Collaudo"),
        ("document.holder", &person),
        ("document.expires", "2020-01-01"),
    ];
    let answer = place.browse("/desk/identify", Some(&typed));
    assert_eq!(answer.status, 422);
    for expected in [
        "DESK-101",
        "The document expired on",
        "id=\"identify-document.expires-problem\"",
        "value=\"YA&#60;&#34;0001&#62;\"",
        "value=\"Questura di Collaudo\"",
        "<option value=\"passport\" selected>",
    ] {
        assert!(
            answer.text.contains(expected),
            "{expected}: {}",
            answer.text
        );
    }

    // A form without the token, or with that of another session, is nobody's.
    assert_eq!(
        place.browse("/desk/identify", Some(&typed[1..])).status,
        403
    );
    place.sign_in("mario", "sportello-1");
    assert_eq!(place.browse("/desk/identify", Some(&typed)).status, 403);
}

#[test]
fn two_operators_agree_where_the_policy_asks() {
    let policy = Policy {
        approval: Approval::TwoOperators,
        ..Policy::default()
    };
    let founding = Founding {
        policy,
        ..Founding::default()
    };
    let mut place = Place::founded(founding, None);
    place.sign_in("mario", "sportello-1");
    let card = citizen("maria-rossi").unwrap().card_number;
    identify(&place, "maria-rossi");
    let request = act(&place, card, "form/at-desk", &own_form(card, "maria-rossi"));
    let hand_over = format!("/desk/cards/{card}/hand-over");
    let with = |user: &str, password: &str| json!({"request": request["request"], "second_user": user, "second_password": password});
    let page = place.browse(&format!("/desk/cards/{card}"), None).text;
    assert!(page.contains("Second operator"), "{page}");
    assert_eq!(place.refused(&hand_over, &request), "DESK-116 -");
    let same = with("mario", "sportello-1");
    assert_eq!(place.refused(&hand_over, &same), "DESK-116 -");
    let wrong = with("aminata", "sportello-1");
    assert_eq!(
        place.refused(&hand_over, &wrong),
        "STAFF-101 second_password"
    );
    let auditor = with("davide", "revisione-1");
    assert_eq!(place.refused(&hand_over, &auditor), "DESK-116 -");
    place.done(&hand_over, &with("aminata", "sportello-2"));
    // What was handed over is not handed over again.
    let again = with("aminata", "sportello-2");
    assert_eq!(place.refused(&hand_over, &again), "DESK-135 request");
}
