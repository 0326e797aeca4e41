//! The zoo at the portal's door: certificates of `cns portal zoo`, each let in or refused as it must be.
//!
//! On a portal of somebody else's they run if it trusts the suite's certifier: `--authority FOLDER` says
//! which that is, and the portal is told `FOLDER/ca.pem`.

use cns_authority::zoo::{Animal, Verdict as Required, animals};
use serde_json::Value;

use super::certificate;
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Source, read};
use crate::login::TlsVersion;
use crate::portal::{Coming, End, Papers, Portal, Visited};
use crate::state::State;
use cns_fixtures::KeySize;

const PATH: &[Source] = &[read(Document::X509, "6.1")];
const FORM: &[Source] = &[read(Document::X509, "4.1"), read(Document::X509, "4.2")];
const NAME: &[Source] = &[certificate("subject, common name")];
const USAGE: &[Source] = &[certificate("key usage"), certificate("extended key usage")];

/// A herd: the animals that are treated the same way, for the same reason.
const fn herd(
    id: &'static str,
    requirement: &'static str,
    sources: &'static [Source],
    run: fn(&mut Portal) -> Verdict,
) -> Case<Portal> {
    Case {
        id,
        requirement,
        sources,
        level: Level::Must,
        needs: &[Needs::KeySize(KeySize::Rsa2048)],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run,
    }
}

pub(super) const CASES: &[Case<Portal>] = &[
    herd(
        "tls.zoo.as-good",
        "Certificates that are rare or look odd and are in order are let in: omocodia, accents in old \
         encodings, policies of Lombardy, slashes in the hash, needless certificates after it.",
        &[certificate("as a whole"), read(Document::X509, "4.1.2.4")],
        |portal| all(portal, |it| it.verdict == Required::Accept),
    ),
    herd(
        "tls.zoo.undecided",
        "Certificates that may be let in or refused are answered, one way or the other; our own portal says \
         that it has seen what is odd.",
        &[certificate("as a whole")],
        |portal| all(portal, |it| matches!(it.verdict, Required::SoftFail(_))),
    ),
    herd(
        "tls.zoo.time",
        "Certificates of another time are refused, whatever form their dates have.",
        &[read(Document::X509, "4.1.2.5")],
        |portal| all(portal, |it| fails(it, &["cert.time"])),
    ),
    herd(
        "tls.zoo.certifier",
        "Certificates that no trusted certifier has signed, or that say of themselves that they are a \
         certifier's, are refused.",
        PATH,
        |portal| {
            let checks = ["cert.not_certifier", "chain.", "sig.algorithm"];
            all(portal, |it| fails(it, &checks))
        },
    ),
    herd(
        "tls.zoo.form",
        "Certificates that two readers would read in two ways are refused.",
        FORM,
        |portal| {
            let checks = ["cert.syntax", "cert.version", "cert.critical_extensions"];
            all(portal, |it| fails(it, &checks))
        },
    ),
    herd(
        "tls.zoo.policy",
        "Certificates without the policy of the CNS are refused, also those whose policy looks like it.",
        &[certificate("certificate policies")],
        |portal| all(portal, |it| fails(it, &["policy.cns_oid"])),
    ),
    herd(
        "tls.zoo.usage",
        "Certificates for something else than logins are refused.",
        USAGE,
        |portal| {
            let checks = [
                "ku.digital_signature",
                "ku.no_nonrepudiation",
                "eku.client_auth",
            ];
            all(portal, |it| fails(it, &checks))
        },
    ),
    herd(
        "tls.zoo.name",
        "Certificates whose common name is not of the grammar are refused, however near it comes.",
        NAME,
        |portal| {
            all(portal, |it| {
                fails(it, &["cn.grammar", "cf.checkdigit", "idcarta"])
            })
        },
    ),
    herd(
        "tls.zoo.possession",
        "A client whose first certificate is of a key that it does not have is refused.",
        &[read(Document::Tls13, "4.4.3")],
        |portal| all(portal, |it| fails(it, &["tls.possession"])),
    ),
];

/// Where our own portal tells what every check has found.
const VERDICT: &str = "/api/verdict";

/// Whether it fails one of these checks; a name that ends with a dot is of a family of them.
fn fails(animal: &Animal, checks: &[&str]) -> bool {
    let Required::Refuse(failed) = animal.verdict else {
        return false;
    };
    checks.iter().any(|check| match check.ends_with('.') {
        true => failed.starts_with(check),
        false => failed == *check,
    })
}

/// Every animal of the herd that the suite's card can show is treated as it must be.
fn all(portal: &Portal, is_of_herd: impl Fn(&Animal) -> bool) -> Verdict {
    let judge = match portal.is_like_own() {
        true => as_our_own,
        false => {
            knows_suite(portal)?;
            as_any_other
        }
    };
    let mut wrong = Vec::new();
    for animal in animals().filter(|it| it.can_be_shown_at_home() && is_of_herd(it)) {
        let coming = Coming {
            papers: Some(Papers::Zoo(animal.id)),
            ..Coming::with_card(TlsVersion::Tls13)
        };
        let path = if portal.is_like_own() { VERDICT } else { "/" };
        let visited = portal.ask(coming, &portal.request("GET", path, ""))?;
        let is_known = portal.is_like_own() && falls_short(animal.id);
        match judge(animal, &visited) {
            Some(_) if is_known => {}
            Some(seen) => wrong.push(format!("{}: {seen}", animal.id)),
            None if is_known => wrong.push(format!(
                "{}: it is right now, and data/zoo/own-portal.txt says that it is not",
                animal.id
            )),
            None => {}
        }
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(Stop::fail(
            "what `cns portal zoo` says of each",
            wrong.join("; "),
        )),
    }
}

/// What is wrong with our own portal's answer, which names the check that fails.
fn as_our_own(animal: &Animal, visited: &Visited) -> Option<String> {
    let may_alert = animal.verdict == Required::Refuse("tls.possession");
    let response = match &visited.end {
        End::Refused(Some(_)) if may_alert => return None,
        End::Refused(alert) => return Some(format!("no answer, but the alert {alert:?}")),
        End::Answered(response) => response,
    };
    let Ok(report) = response.json() else {
        return Some(format!("status {}, and no JSON", response.status));
    };
    let reasons = report.pointer("/reasons").and_then(Value::as_array);
    let reasons: Vec<&str> = reasons
        .into_iter()
        .flatten()
        .filter_map(|reason| reason.get("id").and_then(Value::as_str))
        .collect();
    let is_as_it_must_be = match animal.verdict {
        Required::Accept => response.status == 200,
        Required::Refuse(check) => response.status == 403 && reasons.contains(&check),
        Required::SoftFail(check) => {
            matches!(response.status, 200 | 403) && is_remarked(&report, check)
        }
    };
    (!is_as_it_must_be).then(|| format!("status {}, {}", response.status, reasons.join(", ")))
}

/// Whether a check did not pass, and says so.
fn is_remarked(report: &Value, check: &str) -> bool {
    let checks = report.pointer("/checks").and_then(Value::as_array);
    let mut checks = checks.into_iter().flatten();
    let status = checks
        .find(|it| it.get("id").and_then(Value::as_str) == Some(check))
        .and_then(|it| it.get("status")?.as_str());
    matches!(status, Some("fail" | "could_not_tell"))
}

/// Whether it is known that our own portal is wrong about the animal.
fn falls_short(id: &str) -> bool {
    let lines = include_str!("../../../data/zoo/own-portal.txt").lines();
    let mut known = lines.filter_map(|line| line.split_whitespace().next());
    known.any(|known| known == id)
}

/// What is wrong with another portal's answer, whose words nobody knows: it lets in, or it does not.
fn as_any_other(animal: &Animal, visited: &Visited) -> Option<String> {
    let is_in = lets_in(visited);
    match animal.verdict {
        Required::Accept if !is_in => Some("it is refused".to_owned()),
        Required::Refuse(check) if is_in => Some(format!("it is let in, and {check} fails")),
        _ => None,
    }
}

fn lets_in(visited: &Visited) -> bool {
    matches!(&visited.end, End::Answered(response) if (200..300).contains(&response.status))
}

/// A portal that lets the suite's good card in, and nobody without a card, can be judged by whom it lets
/// in.
fn knows_suite(portal: &Portal) -> Verdict {
    let request = portal.request("GET", "/", "");
    if !lets_in(&portal.ask(Coming::with_card(TlsVersion::Tls13), &request)?) {
        return Err(Stop::skip(
            "the portal does not let the suite's card in: with `--authority FOLDER` it is of a certifier \
             that the portal can be told, `FOLDER/ca.pem`",
        ));
    }
    if lets_in(&portal.ask(Coming::without_card(TlsVersion::Tls13), &request)?) {
        return Err(Stop::skip(
            "the portal lets everybody see its first page, with a card or without",
        ));
    }
    Ok(())
}
