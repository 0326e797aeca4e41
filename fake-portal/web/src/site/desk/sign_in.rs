//! Signing in with a password, and out. Who comes with an operator's card has signed in already.

use cns_language::{Text, text};
use hyper::header::HeaderMap;
use serde_json::json;

use super::super::answer::Answer;
use super::super::form::{Control, Field, Form};
use super::super::page::{Content, Page, Section};
use super::super::reception::{Reception, SignedIn};
use super::super::visit::Visit;
use crate::town::StaffRole;

const SIGN_IN: Text = text(
    "Accesso del personale",
    "Staff sign in",
    "Anmeldung des Personals",
);
const SIGN_IN_ABOUT: Text = text(
    "Con nome utente e parola d'ordine; chi arriva con la propria carta di operatore è già entrato.",
    "With a user name and a password; who comes with an operator's own card has signed in already.",
    "Mit Benutzername und Kennwort; wer mit der eigenen Karte kommt, ist schon angemeldet.",
);
const USER: Text = text("Nome utente", "User name", "Benutzername");
const PASSWORD: Text = text("Parola d'ordine", "Password", "Kennwort");
const ENTER: Text = text("Entra", "Sign in", "Anmelden");
const LEAVE: Text = text("Esci", "Sign out", "Abmelden");
const LEAVE_ABOUT: Text = text(
    "Chi è allo sportello viene congedato.",
    "Who stands at the counter is sent away.",
    "Wer am Schalter steht, wird verabschiedet.",
);

/// Opens a session.
pub(super) fn sign_in(visit: &Visit<'_>, reception: &Reception) -> (Answer, Option<String>) {
    let Some(typed) = &visit.posted else {
        return (Answer::asking(page(visit)), None);
    };
    let hall = &reception.hall;
    let member = match hall
        .staff()
        .sign_in(typed.text("user"), typed.text("password"))
    {
        Ok(member) => member,
        Err(refusal) => {
            let page = page(visit).refused("/desk/sign-in", typed, &refusal, visit.language);
            return (Answer::Refused { page, refusal }, None);
        }
    };
    let next = match member.role {
        StaffRole::Operator => "/desk",
        StaffRole::Auditor => "/audit",
    };
    let done = Answer::Done {
        next: next.to_owned(),
        data: json!({"user": member.user, "role": member.role.name()}),
    };
    (done, reception.sessions.open(member, hall.now()))
}

/// Ends a session, and sends away who stands at the counter.
pub(super) fn sign_out(
    visit: &Visit<'_>,
    signed_in: Option<SignedIn>,
    headers: &HeaderMap,
    reception: &Reception,
) -> (Answer, Option<String>) {
    if visit.posted.is_none() {
        return (Answer::Absent, None);
    }
    if let Some(operator) = signed_in.and_then(|it| it.operator()) {
        let counter = super::Counter {
            visit,
            reception,
            operator,
        };
        reception.identified.forget(&counter.name());
    }
    let done = Answer::Done {
        next: "/desk/sign-in".to_owned(),
        data: json!({"signed_in": false}),
    };
    (
        done,
        Some(reception.sessions.close(headers, reception.hall.now())),
    )
}

/// What somebody sees who has not signed in.
pub(in crate::site) fn needed(visit: &Visit<'_>) -> Answer {
    Answer::SignInNeeded { page: page(visit) }
}

/// The button that ends a session.
pub(in crate::site) fn sign_out_section(visit: &Visit<'_>) -> Section {
    let form = Form::new("/desk/sign-out", visit.say(LEAVE));
    Section::new(visit.say(LEAVE), Content::Form(form)).led_by(visit.say(LEAVE_ABOUT))
}

fn page(visit: &Visit<'_>) -> Page {
    let form = Form::new("/desk/sign-in", visit.say(ENTER))
        .with(Field::new("user", visit.say(USER), Control::Line("text")))
        .with(Field::new("password", visit.say(PASSWORD), Control::Secret));
    let section = Section::new(visit.say(ENTER), Content::Form(form));
    Page::new(visit.say(SIGN_IN)).with(section.led_by(visit.say(SIGN_IN_ABOUT)))
}
