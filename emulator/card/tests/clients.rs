//! What real clients sent, sent again: each command answered so that the recorded action succeeds.
//!
//! The recorded responses are a prototype card's. Ours must have the same status word, and data
//! where there were data; the known differences are listed with their reasons.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use cns_apdu::{Response, Sw, words};
use cns_fixtures::{Exchange, traces};
use common::card;

#[test]
fn every_recorded_action_succeeds() {
    let mut failures = Vec::new();
    let mut count = 0;
    for trace in traces() {
        let mut card = card();
        let mut response = Vec::new();
        for command in &trace.before {
            card.transmit(command, &mut response);
        }
        let mut previous: &[u8] = &[];
        for exchange in &trace.exchanges {
            count += 1;
            card.transmit(&exchange.command, &mut response);
            let answer = Response::parse(&response).unwrap();
            if !satisfies(previous, exchange, answer) {
                failures.push(format!(
                    "{}: {}\n  recorded {} bytes and {:04X}, ours {} bytes and {}",
                    trace.name,
                    words::command_line(&exchange.command, words::Secrets::Masked),
                    exchange.expected_length,
                    exchange.expected_sw,
                    answer.data.len(),
                    answer.sw,
                ));
            }
            previous = &exchange.command;
        }
    }
    assert!(
        failures.is_empty(),
        "{}\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(
        count > 4_000,
        "the traces hold thousands of commands, not {count}"
    );
}

fn satisfies(previous: &[u8], exchange: &Exchange, answer: Response<'_>) -> bool {
    let same_data = (exchange.expected_length == 0) == answer.data.is_empty();
    let same_answer = Sw(exchange.expected_sw) == answer.sw && same_data;
    same_answer || known_difference(previous, exchange, answer).is_some()
}

/// Why an answer that differs from the recorded one serves the client as well.
fn known_difference(
    previous: &[u8],
    exchange: &Exchange,
    answer: Response<'_>,
) -> Option<&'static str> {
    let command = exchange.command.as_slice();
    let selected_key_pub = previous == [0x00, 0xA4, 0x08, 0x00, 0x02, 0x3F, 0x01, 0x00];
    match answer.sw {
        Sw::OK | Sw::END_OF_FILE if command.starts_with(&[0x00, 0xB0]) => Some(
            "the prototype's file has another size, and the client reads by the size in the FCI",
        ),
        Sw::WRONG_FILE_STRUCTURE if command.starts_with(&[0x00, 0xB0]) && selected_key_pub => {
            Some("EF.KeyPub has records, which our FCI says and the client then reads")
        }
        Sw(0x63C2) if exchange.expected_sw == 0x63C9 => {
            Some("the prototype's PUK had ten tries, ours has three")
        }
        _ => None,
    }
}
