//! That programs can do all that pages can: whoever reads the pages, follows every link and looks at every
//! form, finds the same under `/api`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use cns_services::desk::{Cause, Policy};
use serde_json::Value;

use crate::counter::{Counter, NOW, at_counter, card, fresh};
use crate::support::visitor::Visitor;

/// Where people begin, and as whom.
const BEGINNINGS: [(&str, &[&str]); 3] = [
    ("mario-bianchi", &["/desk"]),
    ("davide-moretti", &["/audit"]),
    (
        "paolo-conti",
        &[
            "/area",
            "/area/bookings/new?service=eye-visit",
            "/pin",
            "/pin/confirm",
            "/outbox",
            "/desk/sign-in",
        ],
    ),
];

/// Pages that stand for all of their kind. Reading all would take long, and show no more.
const OF_A_KIND_MAX: usize = 2;

#[test]
fn every_page_has_its_data_and_every_form_its_order() {
    let counter = Counter::open();
    eventful(&counter);
    let mut forms = BTreeSet::new();
    for (id, beginnings) in BEGINNINGS {
        let visitor = counter.visitor(id);
        let mut site = Site::default();
        site.enqueue(beginnings.iter().map(|path| (*path).to_owned()));
        if id == "mario-bianchi" {
            Counter::identify(&visitor, "maria-rossi");
            let cards = ["maria-rossi", "rosa-galli"].map(card);
            site.enqueue(cards.map(|card| format!("/desk/cards/{card}")));
        }
        if id == "paolo-conti" {
            site.enqueue([Counter::log_in(&visitor, id)]);
        }
        site.walk(&visitor);
        site.order_everything(&visitor);
        forms.extend(site.forms.keys().map(|path| kind(path)));
    }
    // What each area can do was met, so that the walk has not ended at the first gate.
    for expected in [
        "/area/exemptions",
        "/area/bookings/new",
        "/area/doctor",
        "/area/reports/consent",
        "/desk/find",
        "/desk/dismiss",
        "/desk/sign-in",
        "/desk/sign-out",
        "/desk/cards/0/form/delegate",
        "/desk/cards/0/hand-over",
        "/desk/cards/0/withdraw",
        "/desk/cards/0/suspend",
        "/desk/cards/0/reactivate",
        "/desk/cards/0/revoke",
        "/desk/cards/0/revoke-by-office",
        "/desk/cards/0/order",
        "/desk/cards/0/unblock",
        "/outbox/faults",
        "/outbox/disarm",
        "/outbox/mailbox",
        "/pin/code",
        "/pin/confirm",
        "/pin/spid",
        "/pin/suspend",
        "/pin/request/0/form",
        "/pin/request/0/suspend",
    ] {
        assert!(forms.contains(expected), "{expected}: {forms:#?}");
    }
}

#[test]
fn a_mailbox_that_was_asked_for_is_the_same_in_another_language() {
    let counter = Counter::open();
    let visitor = counter.visitor("maria-rossi");
    let contact = [("contact", "nobody@posta.test".to_owned())];
    let page = visitor.post("/outbox/mailbox", &contact);
    let asked = "contact=nobody%40posta.test";
    assert!(page.shows(&format!(r#"<a href="?{asked}&amp;lang=de""#)));
    let german = visitor.see(&format!("/outbox/mailbox?{asked}&lang=de"));
    assert_eq!(german.status, 200);
    assert!(german.shows("nobody@posta.test"));
}

/// Maria has asked for a PIN, and Rosa's card is suspended.
fn eventful(counter: &Counter) {
    let mut town = fresh(Policy::default());
    let maria = at_counter(&mut town.desk, "maria-rossi", NOW);
    let form = crate::refusals::own_form();
    town.desk.take_form(maria, form, NOW).unwrap();
    let rosa = at_counter(&mut town.desk, "rosa-galli", NOW);
    let of_rosa = card("rosa-galli");
    town.desk.suspend(&rosa, of_rosa, Cause::Loss, NOW).unwrap();
    counter.become_town(town);
}

/// Pages that were seen, and those to be seen.
#[derive(Default)]
struct Site {
    to_see: VecDeque<String>,
    known: BTreeSet<String>,
    of_a_kind: BTreeMap<String, usize>,
    /// Where forms are sent, and their fields.
    forms: BTreeMap<String, Vec<String>>,
}

impl Site {
    fn enqueue(&mut self, paths: impl IntoIterator<Item = String>) {
        for path in paths {
            let seen = self.of_a_kind.entry(kind(&path)).or_default();
            if *seen < OF_A_KIND_MAX && self.known.insert(path.clone()) {
                *seen += 1;
                self.to_see.push_back(path);
            }
        }
    }

    /// Reads all pages, and the data of each.
    fn walk(&mut self, visitor: &Visitor<'_>) {
        while let Some(path) = self.to_see.pop_front() {
            let page = visitor.see(&path);
            assert!(matches!(page.status, 200 | 401), "{path}: {}", page.status);
            let data = visitor.ask(&format!("/api{path}"), &[]);
            assert_eq!(data.status, page.status, "{path}");
            if !page.content_type.starts_with("text/html") {
                assert_eq!(data.content_type, page.content_type, "{path}");
                continue;
            }
            assert_eq!(data.content_type, "application/json", "{path}");
            let said = data.json();
            let is_empty = said.as_object().is_some_and(serde_json::Map::is_empty);
            assert!(!is_empty, "{path} says something");
            self.enqueue(links(&page.body));
            for (action, method, fields) in forms(&page.body) {
                match method.as_str() {
                    "get" => self.enqueue([action]),
                    _ => _ = self.forms.insert(action, fields),
                }
            }
        }
    }

    /// Orders what every form orders, with nothing typed: it is done, or a rule says what is missing.
    /// What ends the visit comes last.
    fn order_everything(&self, visitor: &Visitor<'_>) {
        let ends = |path: &&String| path.ends_with("/sign-out") || path.ends_with("/dismiss");
        let (last, first): (Vec<_>, Vec<_>) = self.forms.keys().partition(ends);
        for path in first.into_iter().chain(last) {
            let reply = visitor.post_json(path, &[]);
            let said = reply.json();
            let is_done = reply.status == 200 && reply.content_type == "application/json";
            let is_refused = reply.content_type == "application/problem+json"
                && matches!(said["code"], Value::String(_));
            assert!(is_done || is_refused, "{path}: {reply:?}");
            if let Some(field) = said["field"].as_str().filter(|_| is_refused) {
                // Who stands at the counter was typed into another form.
                let mut fields = self.forms[path].iter();
                let known = field == "identity" || fields.any(|known| known == field);
                assert!(known, "{path} has no {field}: {:?}", self.forms[path]);
            }
        }
    }
}

/// The path with 0 for whatever numbers a thing or names a person, and what the query is about.
fn kind(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parts = path.split('/');
    // A ticket is 22 letters and digits, of which none need be a digit.
    let is_name = |part: &str| part.len() == 22 || part.contains(|it: char| it.is_ascii_digit());
    let parts = parts.map(|part| match is_name(part) {
        true => match part.split_once('.') {
            Some((_, form)) => format!("0.{form}"),
            None => "0".to_owned(),
        },
        false => part.to_owned(),
    });
    let names = query.split('&').filter_map(|pair| pair.split_once('='));
    let names: Vec<&str> = names.map(|(name, _)| name).collect();
    let path = parts.collect::<Vec<_>>().join("/");
    match names.as_slice() {
        [] => path,
        names => format!("{path}?{}", names.join("&")),
    }
}

/// Where a page's links lead in this site, but for those that only change the language.
fn links(page: &str) -> Vec<String> {
    let links = attributes(page, "href");
    let in_site = links.filter(|link| link.starts_with('/') && link != "/style.css" && link != "/");
    in_site.collect()
}

/// The forms of a page: where they are sent, how, and their fields.
fn forms(page: &str) -> Vec<(String, String, Vec<String>)> {
    let forms = page.split("<form ").skip(1);
    forms
        .map(|form| {
            let form = form.split("</form>").next().unwrap_or_default();
            let first = |name| attributes(form, name).next().unwrap_or_default();
            let fields = attributes(form, "name").collect();
            (first("action"), first("method"), fields)
        })
        .collect()
}

/// The values of an attribute, wherever it stands.
fn attributes(html: &str, name: &str) -> impl Iterator<Item = String> + use<> {
    let start = format!(" {name}=\"");
    // The start of a form is cut off before its first attribute.
    let html = format!(" {html}");
    let values: Vec<String> = html
        .split(&start)
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap_or_default())
        .map(|value| value.replace("&#38;", "&").replace("&amp;", "&"))
        .collect();
    values.into_iter()
}
