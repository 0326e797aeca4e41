//! What was done at the desk, for auditors.
//!
//! ```text
//! /audit           the newest entries
//! /audit/verify    whether the chain is the one that was written
//! /audit/export    all entries as JSON lines, which `verify` reads
//! ```

use cns_language::{Text, text};
use cns_services::audit::{AuditEntry, AuditLog, verify};
use serde_json::json;

use super::answer::Answer;
use super::desk;
use super::page::{Cell, Content, Link, Page, Section, Table};
use super::reception::SignedIn;
use super::visit::Visit;
use crate::town::TownHall;

const AUDIT: Text = text("Registro delle operazioni", "Audit log", "Protokoll");
const AUDIT_ABOUT: Text = text(
    "Ogni voce porta l'impronta di quella prima: nessuno cambia il registro senza che si veda.",
    "Each entry has the hash of the one before: nobody changes the log unseen.",
    "Jeder Eintrag trägt den Hash des vorigen: niemand ändert das Protokoll unbemerkt.",
);
const NEWEST: Text = text(
    "Le voci più recenti",
    "The newest entries",
    "Die neuesten Einträge",
);
const NO_ENTRY: Text = text("Nessuna voce.", "No entry.", "Kein Eintrag.");
const NUMBER: Text = text("Numero", "Number", "Nummer");
const AT: Text = text("Quando", "When", "Wann");
const WHO: Text = text("Chi", "Who", "Wer");
const WHAT: Text = text("Che cosa", "What", "Was");
const CARD: Text = text("Carta", "Card", "Karte");
const OUTCOME: Text = text("Esito", "Outcome", "Ergebnis");
const DONE: Text = text("fatto", "done", "erledigt");
const WHY: Text = text("Perché", "Why", "Warum");
const VERIFY: Text = text("Verifica la catena", "Verify the chain", "Kette prüfen");
const EXPORT: Text = text(
    "Esporta (JSON lines)",
    "Export (JSON lines)",
    "Exportieren (JSON lines)",
);
const WHOLE: Text = text(
    "La catena è integra.",
    "The chain is whole.",
    "Die Kette ist unversehrt.",
);
const ENTRIES: Text = text("Voci", "Entries", "Einträge");
const HEAD: Text = text("Ultima impronta", "Last hash", "Letzter Hash");

/// Most entries on a page.
const NEWEST_MAX: usize = 200;

/// These pages.
pub(super) fn answer(visit: &Visit<'_>, signed_in: Option<SignedIn>, hall: &TownHall) -> Answer {
    let Some(signed_in) = signed_in else {
        return desk::sign_in_needed(visit);
    };
    let reader = signed_in.member.as_role();
    hall.with(|town, _| {
        let Ok(log) = town.desk.audit(reader) else {
            return desk::not_for_this_role(visit);
        };
        match visit.segments().as_slice() {
            ["audit"] => newest(visit, log),
            ["audit", "verify"] => verified(visit, log),
            ["audit", "export"] => Answer::Document {
                content_type: "application/x-ndjson",
                name: "audit.jsonl".to_owned(),
                content: log.export().as_bytes().to_vec(),
            },
            _ => Answer::Absent,
        }
    })
}

fn newest(visit: &Visit<'_>, log: &AuditLog) -> Answer {
    let say = |text: Text| visit.say(text);
    let entries: Vec<&AuditEntry> = log.entries().iter().rev().take(NEWEST_MAX).collect();
    let table = Table {
        columns: [NUMBER, AT, WHO, WHAT, CARD, OUTCOME, WHY]
            .map(say)
            .to_vec(),
        rows: entries.iter().map(|entry| row(visit, entry)).collect(),
        none: say(NO_ENTRY),
    };
    let links = vec![
        Link::new(say(VERIFY), "/audit/verify"),
        Link::new(say(EXPORT), "/audit/export"),
    ];
    let mut page = Page::new(say(AUDIT));
    page.lead = say(AUDIT_ABOUT);
    let page = page
        .with(Section::new(say(VERIFY), Content::Links(links)))
        .with(Section::new(say(NEWEST), Content::Table(table)))
        .with(desk::sign_out_section(visit));
    Answer::Shown {
        page,
        data: json!({"head": log.head(), "entries": entries}),
    }
}

fn row(visit: &Visit<'_>, entry: &AuditEntry) -> Vec<Cell> {
    let who = entry.who.as_deref().unwrap_or(&entry.role);
    let outcome = match entry.outcome.as_str() {
        "done" => Cell::Words(visit.say(DONE)),
        refused => Cell::code(refused),
    };
    vec![
        Cell::Words(entry.number.to_string()),
        Cell::Words(cns_language::on_a_page(entry.at, visit.language)),
        Cell::code(who),
        Cell::code(&entry.what),
        Cell::code(entry.card.as_deref().unwrap_or_default()),
        outcome,
        Cell::Words(entry.why.clone()),
    ]
}

/// What the verification of an exported log says, done on the export itself.
fn verified(visit: &Visit<'_>, log: &AuditLog) -> Answer {
    let head = log.head();
    let fault = verify(log.export().as_bytes(), head).err();
    let verdict = match &fault {
        None => visit.say(WHOLE),
        Some(fault) => fault.to_string(),
    };
    let facts = vec![
        (visit.say(VERIFY), Cell::Words(verdict)),
        (visit.say(ENTRIES), Cell::Words(head.entries.to_string())),
        (visit.say(HEAD), Cell::Code(head.hash.clone())),
    ];
    let mut page = Page::new(visit.say(VERIFY));
    page.trail = vec![Link::new(visit.say(AUDIT), "/audit")];
    Answer::Shown {
        page: page.with(Section::new(visit.say(VERIFY), Content::Facts(facts))),
        data: json!({
            "is_whole": fault.is_none(),
            "fault": fault.map(|fault| fault.to_string()),
            "head": head,
        }),
    }
}
