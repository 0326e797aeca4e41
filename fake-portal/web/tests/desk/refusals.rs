//! Every rule of the desk that can say no on a page: there in the visitor's language, at its field, with what
//! was typed and never with what is secret; for programs with its code and its field; and nothing is done.

mod asking;
mod keeping;
mod online;
mod typing;

use std::collections::BTreeSet;

use cns_portal::{Language, Town};
use cns_services::desk::Policy;
use cns_services::rule::{Answer, Rule};
use cns_services::{desk, outbox};

use crate::counter::{Counter, Fields, fresh};
use crate::support::visitor::Visitor;

pub(crate) use asking::own_form;

/// Rules that no page breaks, and why.
const OF_NO_PAGE: [(&str, &str); 8] = [
    (
        "DESK-129",
        "the card says no first: a certificate never steps without its card",
    ),
    (
        "DESK-137",
        "the workshop numbers cards, no form names a new one",
    ),
    ("DESK-139", "the machine does have randomness"),
    (
        "OUTBOX-101",
        "the desk sends again what it sent, no form names a message",
    ),
    (
        "FORM-108",
        "no page asks for an instant, and src/site/typed.rs tests who does",
    ),
    ("FORM-109", "see tests/area/refusals: of the area's fields"),
    ("DOCUMENT-101", "see tests/area/documents: no form"),
    ("TOWN-102", "see src/town/tests.rs: it takes a full disk"),
];

/// Something that is refused.
pub(crate) struct Attempt {
    code: &'static str,
    what: &'static str,
    /// What happened before.
    before: fn(&mut Town),
    /// Who comes, with a card.
    who: &'static str,
    /// Who stands at the counter.
    stands: Option<&'static str>,
    /// Who has logged in with SPID: the path is below theirs.
    logged_in: Option<&'static str>,
    path: String,
    fields: Fields,
    /// The field that is to blame.
    field: Option<&'static str>,
    /// Fields that the page does not have.
    unseen: &'static [&'static str],
    /// A field in which only what is offered can be chosen.
    choice: Option<&'static str>,
    /// Fields that no page shows.
    secret: &'static [&'static str],
}

impl Attempt {
    fn new(code: &'static str, what: &'static str, path: impl Into<String>) -> Self {
        Self {
            code,
            what,
            before: |_| {},
            who: "mario-bianchi",
            stands: None,
            logged_in: None,
            path: path.into(),
            fields: Fields::new(),
            field: None,
            unseen: &[],
            choice: None,
            secret: &[],
        }
    }

    fn after(self, before: fn(&mut Town)) -> Self {
        Self { before, ..self }
    }

    fn by(self, who: &'static str) -> Self {
        Self { who, ..self }
    }

    fn with_at_the_counter(self, id: &'static str) -> Self {
        Self {
            stands: Some(id),
            ..self
        }
    }

    fn without_anybody(self) -> Self {
        Self {
            stands: None,
            ..self
        }
    }

    fn logged_in_as(self, id: &'static str) -> Self {
        Self {
            logged_in: Some(id),
            ..self
        }
    }

    /// What is typed, in the place of what was typed there before.
    fn typing<const N: usize>(mut self, fields: [(&'static str, &str); N]) -> Self {
        for (name, value) in fields {
            self.fields.retain(|(known, _)| *known != name);
            self.fields.push((name, value.to_owned()));
        }
        self
    }

    fn typing_all(self, fields: Fields) -> Self {
        Self { fields, ..self }
    }

    fn at_field(self, field: &'static str) -> Self {
        Self {
            field: Some(field),
            ..self
        }
    }

    fn unseen(self, unseen: &'static [&'static str]) -> Self {
        Self { unseen, ..self }
    }

    fn choosing(self, field: &'static str) -> Self {
        let choice = Some(field);
        Self { choice, ..self }.at_field(field)
    }

    fn hiding(self, secret: &'static [&'static str]) -> Self {
        Self { secret, ..self }
    }
}

#[test]
fn every_refusal_is_told_where_it_belongs() {
    let counter = Counter::open();
    let attempts = all();
    let languages = Language::ALL.into_iter().cycle();
    for (attempt, language) in attempts.iter().zip(languages) {
        on_a_page(&counter, attempt, language);
        for_programs(&counter, attempt, language);
    }
    let tried: BTreeSet<&str> = attempts.iter().map(|attempt| attempt.code).collect();
    let of_no_page = OF_NO_PAGE.map(|(code, _)| code);
    for rule in rules() {
        let known = tried.contains(rule.code) != of_no_page.contains(&rule.code);
        assert!(known, "{} is tried, or listed with a reason", rule.code);
    }
}

fn all() -> Vec<Attempt> {
    let mut attempts = asking::all();
    attempts.extend(keeping::all());
    attempts.extend(online::all());
    attempts.extend(typing::all());
    attempts
}

fn rules() -> impl Iterator<Item = &'static Rule> {
    let families = [desk::rules::TABLE, outbox::RULES, cns_portal::rules::TABLE];
    families.into_iter().flatten()
}

/// The visitor who tries, and the path, after all that happened before.
fn prepared<'a>(counter: &'a Counter, attempt: &Attempt) -> (Visitor<'a>, String) {
    let mut town = fresh(Policy::default());
    (attempt.before)(&mut town);
    counter.become_town(town);
    let operator = counter.visitor("mario-bianchi");
    match attempt.stands {
        Some(id) => Counter::identify(&operator, id),
        None => assert_eq!(operator.post_json("/desk/dismiss", &[]).status, 200),
    }
    let visitor = counter.visitor(attempt.who);
    let above = attempt.logged_in.map(|id| Counter::log_in(&visitor, id));
    let path = format!("{}{}", above.unwrap_or_default(), attempt.path);
    (visitor, path)
}

fn on_a_page(counter: &Counter, attempt: &Attempt, language: Language) {
    let (visitor, path) = prepared(counter, attempt);
    let before = counter.seen();
    let address = format!("{path}?lang={}", language.tag());
    let page = visitor.post(&address, &attempt.fields);
    let (what, rule) = (attempt.what, rule(attempt.code));
    assert_eq!(page.status, status(rule), "{what}: {}", page.body);
    assert_eq!(counter.seen(), before, "{what}");
    let body = page.body.replace("&#39;", "'").replace("&#34;", "\"");
    let code = format!("<code>{}</code>", attempt.code);
    assert!(body.contains(&code), "{what}: {body}");
    assert!(says(&body, rule, language), "{what}: {body}");
    if let Some(field) = attempt
        .field
        .filter(|field| !attempt.unseen.contains(field))
    {
        let blamed = format!("{field}-problem\"");
        assert!(body.contains(&blamed), "{what}: {body}");
    }
    let is_lost = |name: &str| attempt.unseen.contains(&name) || attempt.choice == Some(name);
    for (name, value) in &attempt.fields {
        if attempt.secret.contains(name) {
            assert!(!body.contains(value), "{what}: {name} is on the page");
        } else if !value.is_empty() && !is_lost(name) {
            assert!(keeps(&body, name, value), "{what}: {name} {body}");
        }
    }
}

fn for_programs(counter: &Counter, attempt: &Attempt, language: Language) {
    let (visitor, path) = prepared(counter, attempt);
    let before = counter.seen();
    let address = format!("{path}?lang={}", language.tag());
    let reply = visitor.post_json(&address, &attempt.fields);
    let (what, rule) = (attempt.what, rule(attempt.code));
    assert_eq!(reply.status, status(rule), "{what}: {}", reply.body);
    assert_eq!(counter.seen(), before, "{what}");
    assert_eq!(reply.content_type, "application/problem+json", "{what}");
    let problem = reply.json();
    assert_eq!(problem["code"], attempt.code, "{what}");
    assert_eq!(problem["field"].as_str(), attempt.field, "{what}");
    let title = problem["title"].as_str().unwrap();
    assert!(says(title, rule, language), "{what}: {title}");
}

fn rule(code: &str) -> &'static Rule {
    rules().find(|rule| rule.code == code).unwrap()
}

fn status(rule: &Rule) -> u16 {
    match rule.answer {
        Answer::NotFound => 404,
        Answer::Forbidden => 403,
        Answer::Conflict => 409,
        Answer::Invalid => 422,
        Answer::Unavailable => 503,
    }
}

/// Whether the rule's sentence is there, whatever its values are.
fn says(text: &str, rule: &Rule, language: Language) -> bool {
    let sentence = rule.sentence.in_language(language);
    let mut parts = sentence.split("{0}").flat_map(|part| part.split("{1}"));
    parts.all(|part| text.contains(part))
}

/// Whether a page has what was typed, chosen or ticked.
fn keeps(page: &str, name: &str, value: &str) -> bool {
    let element = format!("name=\"{name}\"");
    page.split('<').any(|tag| {
        let is_typed = tag.contains(&element) && tag.contains(&format!("value=\"{value}\""));
        is_typed && (!tag.contains("type=\"checkbox\"") || tag.contains(" checked"))
    }) || page.contains(&format!("<option value=\"{value}\" selected"))
}
