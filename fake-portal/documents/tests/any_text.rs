//! Whatever text stands wherever a text can stand: there is a document that the judges take, or a refusal.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use cns_documents::DocumentError;
use cns_language::Language;
use proptest::prelude::*;
use support::Papers;
use support::judges::{Pdf, have_no_fault};

/// Makes all documents with the text in all places, and shows each to the judges.
fn is_written_or_refused(text: &str) {
    let papers = Papers::with_text(text);
    for (name, pdf) in papers.all(Language::German) {
        match pdf {
            Ok(pdf) => Pdf::new(&pdf).has_no_fault(),
            Err(DocumentError::TooLong { .. }) => {}
            Err(other) => panic!("{name} with {text:?}: {other}"),
        }
    }
}

#[test]
fn ten_thousand_characters() {
    for text in [
        "a".repeat(10_000),
        "parola ".repeat(1_429),
        "שלום عليكم ".repeat(909),
        "a\u{301}".repeat(5_000),
        "\u{202e}".repeat(10_000),
        "😷".repeat(10_000),
        "\n".repeat(10_000),
    ] {
        is_written_or_refused(&text);
    }
}

#[test]
fn what_texts_are_made_of() {
    let texts = [
        "",
        " ",
        "\u{0}",
        "\u{feff}\u{fffe}\u{ffff}",
        "\u{301}",
        "\u{200d}\u{200c}\u{200f}",
        "\u{25cc}\u{5b0}\u{64b}",
        "لا إله",
        "ﬁ ﬂ ff ffi",
        "👨‍👩‍👧‍👦 🇮🇹 ❤️",
        "\u{2028}\u{2029}\u{85}",
        "Z̸̢͓̈́a̵̛͈l̶̗̀g̷̱̀o̵̞͑",
        "( ) \\ < > /Type % stream endstream endobj",
    ];
    for text in texts {
        is_written_or_refused(text);
    }
    let papers = texts.map(Papers::with_text);
    let fhir = papers
        .each_ref()
        .map(|it| it.report().fhir(Language::German));
    have_no_fault("fhir", &fhir);
    let cda = papers
        .each_ref()
        .map(|it| it.report().cda(Language::German));
    have_no_fault("cda", &cda.map(Result::unwrap));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_text(text in any::<String>()) {
        is_written_or_refused(&text);
    }

    #[test]
    fn any_mixture_of_directions(
        text in "[a-zà-ü\u{5d0}-\u{5ea}\u{621}-\u{64a}0-9 ()\u{300}-\u{36f}\u{202a}-\u{202e}\n]{0,400}"
    ) {
        is_written_or_refused(&text);
    }
}

proptest! {
    // Without judges, so that there can be many.
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_text_of_a_plane(text in "[\u{0}-\u{3000}\u{fb00}-\u{ffff}\u{1f300}-\u{1faff}]{0,60}") {
        let papers = Papers::with_text(&text);
        for (name, pdf) in papers.all(Language::Italian) {
            prop_assert!(pdf.is_ok(), "{name}: {pdf:?}");
        }
    }
}
