//! A log that was touched is found, and where.

use crate::support::*;
use cns_services::audit::{AuditFault, AuditHead, verify};
use proptest::prelude::*;

/// The lines of a morning, and the head.
fn log() -> (Vec<u8>, AuditHead) {
    let mut world = World::new();
    world.maria_has_a_pin();
    world.ask(&luca(), own_card(0)).unwrap_err();
    let audit = world.audit();
    (audit.export().as_bytes().to_vec(), audit.head().clone())
}

fn lines(log: &[u8]) -> Vec<Vec<u8>> {
    let lines = log.split_inclusive(|byte| *byte == b'\n');
    lines.map(<[u8]>::to_vec).collect()
}

/// The entry that a fault names.
fn named(fault: &AuditFault) -> Option<u64> {
    match fault {
        AuditFault::Unreadable { number }
        | AuditFault::Changed { number }
        | AuditFault::OutOfPlace { number } => Some(*number),
        AuditFault::OtherHead { .. } => None,
    }
}

#[test]
fn an_entry_says_who_what_why_and_when() {
    let (log, head) = log();
    let text = String::from_utf8(log.clone()).unwrap();
    let entry = text
        .lines()
        .find(|line| line.contains("take-form"))
        .unwrap();
    let (_, body) = entry.split_once(r#","at":"#).unwrap();
    let expected = format!(
        r#""2026-11-23T09:00:00Z","role":"operator","who":"{}","what":"take-form","card":"{}","outcome":"done","why":"at-desk, contact *********0000; asked by {} at social-services"}}}}"#,
        olga().codice_fiscale,
        card(0),
        maria().codice_fiscale,
    );
    assert_eq!(body, expected);
    let entries = verify(&log, &head).unwrap();
    assert_eq!(entries.last().unwrap().outcome, "DESK-103");
}

#[test]
fn an_empty_log_is_good_and_a_missing_one_is_not() {
    let empty = World::new();
    let (_, head) = log();
    let nothing = verify(b"", &head).unwrap_err();
    assert_eq!(
        nothing.to_string(),
        format!(
            "the audit log ends with 0 entries, and its head was taken after {}\n\
             hint: the log was cut short or written anew, or the head is of another log",
            head.entries
        )
    );
    verify(empty.audit().export().as_bytes(), empty.audit().head()).unwrap();
}

/// Whoever writes the whole log anew has another head.
#[test]
fn a_log_of_another_day_is_found_by_its_head() {
    let (_, head) = log();
    let mut world = World::new();
    world.ask(&luca(), own_card(0)).unwrap_err();
    world.maria_has_a_pin();
    let other = world.audit();
    let fault = verify(other.export().as_bytes(), &head).unwrap_err();
    assert!(matches!(fault, AuditFault::OtherHead { .. }), "{fault}");
}

/// A forger who knows how the hashes are made gets as far as the next entry.
#[test]
fn an_entry_that_is_forged_with_its_hash_is_found_by_the_next() {
    let (log, head) = log();
    let mut lines = lines(&log);
    let entry = String::from_utf8(lines[3].clone()).unwrap();
    let (_, body) = entry.trim_end().split_once(r#","entry":"#).unwrap();
    let body = body.strip_suffix('}').unwrap().replace("done", "DESK-101");
    let digest = ring::digest::digest(&ring::digest::SHA256, body.as_bytes());
    let hash: String = digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    lines[3] = format!("{{\"hash\":\"{hash}\",\"entry\":{body}}}\n").into_bytes();
    let fault = verify(&lines.concat(), &head).unwrap_err();
    assert_eq!(fault, AuditFault::OutOfPlace { number: 4 });
    // The last one has only the head behind it.
    lines.truncate(4);
    let head = AuditHead { entries: 4, ..head };
    let fault = verify(&lines.concat(), &head).unwrap_err();
    assert!(matches!(fault, AuditFault::OtherHead { .. }), "{fault}");
}

proptest! {
    #[test]
    fn any_change_of_a_byte_is_found_where_it_is(place in any::<prop::sample::Index>(), change in 1_u8..) {
        let (mut log, head) = log();
        let place = place.index(log.len());
        let number = log[..place].iter().filter(|byte| **byte == b'\n').count() as u64;
        log[place] ^= change;
        let fault = verify(&log, &head).unwrap_err();
        prop_assert_eq!(named(&fault), Some(number), "byte {}: {}", place, fault);
    }

    #[test]
    fn any_removal_is_found(first in any::<prop::sample::Index>(), count in 1_usize..5) {
        let (log, head) = log();
        let mut lines = lines(&log);
        let first = first.index(lines.len());
        let last = (first + count).min(lines.len());
        let cut_short = last == lines.len();
        lines.drain(first..last);
        let fault = verify(&lines.concat(), &head).unwrap_err();
        prop_assert_eq!(named(&fault), (!cut_short).then_some(first as u64), "{}", fault);
    }

    #[test]
    fn any_swap_is_found(one in any::<prop::sample::Index>(), other in any::<prop::sample::Index>()) {
        let (log, head) = log();
        let mut lines = lines(&log);
        let (one, other) = (one.index(lines.len()), other.index(lines.len()));
        prop_assume!(one != other);
        lines.swap(one, other);
        let fault = verify(&lines.concat(), &head).unwrap_err();
        prop_assert_eq!(named(&fault), Some(one.min(other) as u64), "{}", fault);
    }

    #[test]
    fn any_cut_is_found(length in any::<prop::sample::Index>()) {
        let (mut log, head) = log();
        log.truncate(length.index(log.len()));
        verify(&log, &head).unwrap_err();
    }
}
