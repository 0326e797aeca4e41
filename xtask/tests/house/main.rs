//! The house rules that no compiler checks, read from the project's files.
//!
//! A rule that does not hold is shown as `file:line`, what stands there, and the rule in words.

mod code;
mod crates;
mod files;

use std::fmt;

use code::{code_only, tokens};
use crates::{Manifest, forbidden_arrows};
use files::{File, project_files};

/// A line that breaks a rule.
#[derive(Debug, Eq, PartialEq)]
struct Finding {
    path: String,
    /// Counted from 1.
    line: usize,
    what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.what)
    }
}

#[test]
fn unsafe_stands_in_vsmartcard_only() {
    let files = rust_files(|path| !path.starts_with("emulator/vsmartcard/"));
    holds(
        "`unsafe` stands in emulator/vsmartcard only, where bindings need it and each use is argued",
        named(&files, &["unsafe"]),
    );
}

#[test]
fn no_test_is_ignored() {
    holds(
        "a test runs or fails: none is switched off by an `ignore` attribute",
        rust_files(|_| true).iter().flat_map(ignored).collect(),
    );
}

#[test]
fn a_source_file_has_one_subject_and_at_most_500_lines() {
    let files = rust_files(|path| path != "emulator/vsmartcard/src/driver/bindings.rs");
    holds(
        "a source file has at most 500 lines (only what bindgen writes may be longer): \
         more lines are more than one subject",
        files
            .iter()
            .filter_map(|file| too_long(file, 500))
            .collect(),
    );
}

#[test]
fn the_card_opens_no_socket_no_file_and_no_clock_and_makes_no_randomness() {
    let files = rust_files(|path| path.starts_with("emulator/card/src/"));
    let outside = [
        "net",
        "fs",
        "time",
        "SystemTime",
        "Instant",
        "tokio",
        "rand",
        "SystemRandom",
    ];
    holds(
        "the same image, seed and commands give the same bytes: emulator/card/src opens no socket, \
         no file and no clock, and takes its randomness from outside",
        named(&files, &outside),
    );
}

#[test]
fn one_module_of_the_card_names_the_cryptographic_library() {
    let files = rust_files(|path| {
        path.starts_with("emulator/card/src/") && !path.starts_with("emulator/card/src/crypto")
    });
    holds(
        "emulator/card/src/crypto is the only module of the card that names a crypto library",
        named(&files, &["openssl", "des", "cbc", "retail_mac"]),
    );
}

#[test]
fn certifiers_open_no_socket_no_file_and_no_clock() {
    let files = rust_files(|path| path.starts_with("fake-portal/authority/src/"));
    let outside = ["net", "fs", "SystemTime", "Instant", "now_utc", "tokio"];
    holds(
        "fake-portal/authority/src opens no socket, no file and no clock: time comes in as an \
         argument",
        named(&files, &outside),
    );
}

#[test]
fn services_open_no_socket_no_file_and_no_clock_and_make_no_randomness() {
    let files = rust_files(|path| path.starts_with("fake-portal/services/src/"));
    let outside = [
        "net",
        "fs",
        "SystemTime",
        "Instant",
        "now_utc",
        "tokio",
        "SystemRandom",
    ];
    holds(
        "the same world, clock and randomness give the same answers: fake-portal/services/src opens \
         no socket, no file and no clock, and makes no randomness",
        named(&files, &outside),
    );
}

#[test]
fn the_post_the_log_and_the_desks_memory_name_no_part_of_a_pin_that_is_not_theirs() {
    let hands_over = [
        "fake-portal/services/src/desk.rs", // exports the types
        "fake-portal/services/src/desk/effect.rs",
        "fake-portal/services/src/desk/handover.rs",
        "fake-portal/services/src/desk/secrets.rs",
    ];
    let files = rust_files(|path| {
        path.starts_with("fake-portal/services/src/") && !hands_over.contains(&path)
    });
    holds(
        "whole codes and first parts go from where they are drawn into an effect: nothing else in \
         fake-portal/services/src names them",
        named(&files, &["CardSecrets", "FirstPart"]),
    );
}

#[test]
fn the_portal_knows_tls_and_certificates_but_no_card() {
    let files = rust_files(|path| path.starts_with("fake-portal/web/src/"));
    holds(
        "fake-portal/web knows TLS and X.509, never a card, an APDU or a reader",
        named(&files, &["cns_card", "cns_apdu", "cns_reader"]),
    );
}

#[test]
fn crates_depend_on_lower_floors_only() {
    let manifests: Vec<Manifest> = project_files(|path| path.ends_with("/Cargo.toml"))
        .iter()
        .map(|file| Manifest::parse(&file.path, &file.text))
        .collect();
    assert!(
        10 < manifests.len(),
        "found only {} Cargo.toml",
        manifests.len()
    );
    holds(
        "crates depend on lower floors only, as the table in xtask/tests/house/crates.rs says",
        manifests.iter().flat_map(forbidden_arrows).collect(),
    );
}

fn holds(rule: &str, findings: Vec<Finding>) {
    let list: String = findings
        .iter()
        .map(|finding| format!("  {finding}\n"))
        .collect();
    assert!(
        findings.is_empty(),
        "this rule does not hold: {rule}\n{list}"
    );
}

/// The project's Rust files whose path passes. A filter that none passes is a rule about nothing,
/// and fails.
fn rust_files(wanted: impl Fn(&str) -> bool) -> Vec<File> {
    let files = project_files(|path| path.ends_with(".rs") && wanted(path));
    assert!(
        !files.is_empty(),
        "the rule is about files that do not exist"
    );
    files
}

/// Where the code, not a comment or a text in it, names one of these.
fn named(files: &[File], names: &[&str]) -> Vec<Finding> {
    files
        .iter()
        .flat_map(|file| {
            let code = code_only(&file.text);
            tokens(&code)
                .filter(|(_, token)| names.contains(token))
                .map(|(line, token)| file.finding(line, format!("names `{token}`")))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Attributes that switch a test off: `#[ignore]`, with or without a reason or a condition.
fn ignored(file: &File) -> Vec<Finding> {
    let code = code_only(&file.text);
    let attribute = |line: &str| line.trim_start().starts_with("#[");
    code.lines()
        .enumerate()
        .filter(|(_, line)| attribute(line) && tokens(line).any(|(_, token)| token == "ignore"))
        .map(|(index, line)| file.finding(index + 1, line.trim().to_owned()))
        .collect()
}

fn too_long(file: &File, lines_max: usize) -> Option<Finding> {
    let lines = file.text.lines().count();
    (lines_max < lines).then(|| file.finding(lines, format!("{lines} lines")))
}

/// The rules can fail: each finds what it is there to find.
mod rules {
    use super::{File, ignored, named, too_long};

    fn file(text: &str) -> File {
        File {
            path: "a.rs".to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_name_is_found_in_code_with_its_line() {
        let text = "// unsafe in a comment\nlet a = \"unsafe\";\nunsafe { b() }\nunsafe_code();\n";
        let findings = named(&[file(text)], &["unsafe"]);
        let shown: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["a.rs:3: names `unsafe`"]);
    }

    #[test]
    fn a_name_is_found_inside_a_grouped_import() {
        let findings = named(
            &[file("use std::{\n    fs::File,\n    net,\n};\n")],
            &["fs", "net"],
        );
        let lines: Vec<usize> = findings.iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [2, 3]);
    }

    #[test]
    fn an_ignored_test_is_found_in_every_form() {
        let text = "#[ignore]\n#[test]\nfn a() {}\n  #[ignore = \"slow\"]\n\
                    #[cfg_attr(miri, ignore)]\n// #[ignore]\nlet ignore = 1;\n";
        let lines: Vec<usize> = ignored(&file(text))
            .iter()
            .map(|finding| finding.line)
            .collect();
        assert_eq!(lines, [1, 4, 5]);
    }

    #[test]
    fn a_file_may_have_as_many_lines_as_allowed_and_no_more() {
        assert_eq!(too_long(&file("a\nb\n"), 2), None);
        assert!(too_long(&file("a\nb\nc\n"), 2).is_some());
    }
}
