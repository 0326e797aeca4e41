//! Every document in every language, as qpdf and poppler read it.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use cns_documents::DocumentError;
use cns_language::Language;
use support::Papers;
use support::judges::Pdf;

#[test]
fn qpdf_finds_no_fault_and_poppler_finds_title_tags_and_language() {
    let papers = Papers::new();
    for language in Language::ALL {
        for (name, pdf) in papers.all(language) {
            let pdf = Pdf::new(&pdf.unwrap());
            pdf.has_no_fault();
            let information = pdf.information();
            for expected in ["Tagged: yes", "Title: ", "CreationDate: Tue Nov 24"] {
                let squeezed = information.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(squeezed.contains(expected.trim()), "{name}: {information}");
            }
            let structure = pdf.structure();
            for expected in ["H1", "H2", "Table", "TH", "TD"] {
                assert!(structure.contains(expected), "{name}: {structure}");
            }
        }
    }
}

#[test]
fn every_document_says_that_it_is_a_test() {
    let papers = Papers::new();
    for (language, words) in [
        (Language::Italian, "dati inventati"),
        (Language::English, "invented data"),
        (Language::German, "erfundene Daten"),
    ] {
        for (name, pdf) in papers.all(language) {
            let text = Pdf::new(&pdf.unwrap()).text();
            assert!(text.contains("AMBIENTE DI COLLAUDO"), "{name}: {text}");
            assert!(text.contains(words), "{name}: {text}");
        }
    }
}

#[test]
fn a_report_says_what_was_measured() {
    says(
        &Papers::new().report().pdf(Language::German).unwrap(),
        &[
            "Laborbefund",
            "Niccolò Maria Francesco D'Amico Größl",
            "Glukose 112,50 mg/dL 70,00 – 100,00 hoch",
            "Kreatinin 0,55 mg/dL 0,60 – 1,20 niedrig",
            "Dott.ssa Lucia Bianchi",
            "LAB (LOINC 11502-2)",
            "24.11.2026",
        ],
    );
}

#[test]
fn a_report_says_what_the_doctor_wrote() {
    let papers =
        Papers::new().with_narrative("Paziente in buone condizioni.\n\nRitorno: «6 mesi».");
    says(
        &papers.report().pdf(Language::English).unwrap(),
        &[
            "Specialist's report",
            "Paziente in buone condizioni. Ritorno: «6 mesi».",
        ],
    );
}

#[test]
fn a_reminder_says_what_is_prescribed() {
    says(
        &Papers::new().reminder().pdf(Language::Italian).unwrap(),
        &[
            "Promemoria della ricetta dematerializzata",
            "0300A 4000000248",
            "Visita cardiologica",
            "B – breve",
            "E02",
            "Anna Verdi",
            "24/05/2027",
            &Papers::new().reminder().authentication_code(),
        ],
    );
    says(
        &Papers::new()
            .with_drug()
            .reminder()
            .pdf(Language::English)
            .unwrap(),
        &["Amoxicillin", "J01CA04", "Packages 2", "24 December 2026"],
    );
}

#[test]
fn a_certificate_says_what_was_given() {
    let papers = Papers::new();
    let given = papers.given();
    says(
        &papers.certificate(&given).pdf(Language::English).unwrap(),
        &[
            "Certificate of vaccination",
            "COLL-1B77",
            "(J07BB02)",
            "Influenza",
        ],
    );
    says(
        &papers.certificate(&[]).pdf(Language::English).unwrap(),
        &["No vaccination is recorded."],
    );
}

#[test]
fn a_slip_says_the_first_part() {
    says(
        &Papers::new().slip().pdf(Language::Italian).unwrap(),
        &[
            "Prima parte. PIN: 12 _ _ _ PUK: 34 _ _ _ _ _ _",
            "6030000000001009",
            "Ufficio Scelta e Revoca, via delle Prove 1",
        ],
    );
}

#[test]
fn the_same_values_give_the_same_bytes() {
    for language in Language::ALL {
        let once = Papers::new().all(language);
        assert!(once == Papers::new().all(language));
    }
}

#[test]
fn a_long_report_has_its_banner_on_every_page() {
    let words = "Una frase che si ripete. ".repeat(400);
    let pdf = Papers::new().with_narrative(&words);
    let pdf = Pdf::new(&pdf.report().pdf(Language::Italian).unwrap());
    pdf.has_no_fault();
    let text = pdf.text();
    let pages = text.matches("Pagina ").count();
    assert!(1 < pages, "{pages}");
    assert_eq!(text.matches("AMBIENTE DI COLLAUDO").count(), pages);
    assert_eq!(text.matches("frase").count(), 400);
}

#[test]
fn what_fills_too_many_pages_is_refused() {
    let papers = Papers::new().with_narrative(&"riga\n".repeat(10_000));
    let refused = papers.report().pdf(Language::Italian).unwrap_err();
    assert_eq!(refused, DocumentError::TooLong { most: 100 });
    let sentence = "the document would have more than 100 pages";
    assert_eq!(refused.to_string(), sentence);
}

#[track_caller]
fn says(pdf: &[u8], expected: &[&str]) {
    let pdf = Pdf::new(pdf);
    let text = pdf.text();
    for words in expected {
        assert!(text.contains(words), "{words:?} is not in {text}");
    }
}
